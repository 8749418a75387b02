"""glossaries/organisations.csv → the words that stand beside an organisation's name: 株式会社, Inc., 協会."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from normalizer.model import LANGUAGES
from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from pathlib import Path


@cache
def legal_forms(folder: Path, language: str) -> re.Pattern[str]:
    """The expression for words that stand beside an organisation's name in "ja" or "en". Raises GlossaryError."""
    problems, path = Problems(), folder / "organisations.csv"
    rows = read_table(path, ("language", "form", "note"), problems)
    for line, row in rows:
        if row["language"] not in LANGUAGES:
            problems.unknown(path, line, "language", row["language"], LANGUAGES)
    forms = sorted((row["form"] for _, row in rows if row["language"] == language), key=lambda form: (-len(form), form))
    if not forms:
        problems.add(path, 1, f"no form in {language!r}")
    problems.refuse()
    words = "|".join(map(re.escape, forms))
    return re.compile(words if language == "ja" else rf"(?<!\w)(?:{words})(?!\w)")
