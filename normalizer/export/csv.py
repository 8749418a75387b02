"""The glossary's terms to CSV with the columns of terms.csv: what comes out can go in again as a user's own table."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from normalizer.glossary.rows import TERM_COLUMNS

if TYPE_CHECKING:
    from normalizer.glossary import Glossary


def to_csv(glossary: Glossary) -> str:
    """The terms of the tables, a user's own included, a line each; lines end in LF."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(TERM_COLUMNS)
    writer.writerows([getattr(term, column) for column in TERM_COLUMNS] for term in glossary.listed)
    return out.getvalue()
