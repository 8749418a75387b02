"""Clauses with mentions and facts → their categories and statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer.interpret.categories import Categorizer
from normalizer.interpret.statements import Stater

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from normalizer.model import Clause
    from normalizer.ontology import Ontology


@dataclass(frozen=True, slots=True)
class Interpreter:
    """The compiled tables categories.csv, category_cues.csv and cues.csv."""

    categorizer: Categorizer
    stater: Stater

    @classmethod
    def load(cls, folder: Path, ontology: Ontology) -> Interpreter:
        """Compile the tables in `folder`. Raises GlossaryError."""
        categorizer = Categorizer.load(folder, ontology)
        concepts = categorizer.reader.concepts
        return cls(categorizer, Stater.load(folder, ontology, concepts, categorizer.actions))

    def interpret(self, text: str, clauses: Sequence[Clause]) -> tuple[Clause, ...]:
        """The clauses with category, its evidence and statement filled in, in the same order.

        clauses: of the whole document, in reading order, each after its parent. Linear in the length of the text.
        """
        return self.stater.state(text, self.categorizer.categorize(text, clauses))
