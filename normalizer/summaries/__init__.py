"""A clause → what it mainly says, as a sentence in controlled language in Japanese and in English; never a translation.

So a reader of the other language learns what a clause says that has no counterpart, without any model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer import cues as cue_table
from normalizer.summaries.doubt import Tables, undoubted
from normalizer.summaries.table import load
from normalizer.summaries.wording import sentences

if TYPE_CHECKING:
    from pathlib import Path

    from normalizer.model import Clause
    from normalizer.ontology import Ontology

__all__ = ["Summarizer", "sentences"]


@dataclass(frozen=True, slots=True)
class Summarizer:
    """The compiled tables."""

    tables: Tables

    @classmethod
    def load(cls, folder: Path, ontology: Ontology) -> Summarizer:
        """Compile summaries.csv and cues.csv. Raises GlossaryError."""
        return cls(Tables(folder, ontology, load(folder, ontology), cue_table.load(folder)))

    def summary(self, text: str, clause: Clause) -> tuple[str, str] | None:
        """The Japanese and the English sentence for a clause of `text`; None where what it says is not beyond doubt."""
        statement = undoubted(text, clause, self.tables)
        return sentences(statement, self.tables.ontology, self.tables.words) if statement else None
