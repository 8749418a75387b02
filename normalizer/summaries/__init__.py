"""A clause → what it mainly says, as a sentence in controlled language in Japanese and in English; never a translation.

So a reader of the other language learns what a clause says that has no counterpart, without any model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer import cues as cue_table
from normalizer.summaries.doubt import undoubted
from normalizer.summaries.table import load
from normalizer.summaries.wording import sentences

if TYPE_CHECKING:
    from pathlib import Path

    from normalizer.model import Clause
    from normalizer.ontology import Ontology
    from normalizer.summaries.doubt import Cues
    from normalizer.summaries.table import Table

__all__ = ["Summarizer", "sentences"]


@dataclass(frozen=True, slots=True)
class Summarizer:
    """The compiled tables."""

    table: Table
    ontology: Ontology
    cues: Cues
    folder: Path

    @classmethod
    def load(cls, folder: Path, ontology: Ontology) -> Summarizer:
        """Compile summaries.csv. Raises GlossaryError."""
        return cls(load(folder, ontology), ontology, cue_table.load(folder), folder)

    def summary(self, text: str, clause: Clause) -> tuple[str, str] | None:
        """The Japanese and the English sentence for a clause of `text`; None where what it says is not beyond doubt."""
        statement = undoubted(text, clause, self.folder, self.ontology, self.table, self.cues)
        return sentences(statement, self.ontology, self.table) if statement else None
