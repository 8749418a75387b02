"""Clauses with mentions and facts → their categories and statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer.interpret.categories import Categorizer
from normalizer.interpret.marking import Marker
from normalizer.interpret.narrowing import Narrower
from normalizer.interpret.statements import Stater

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from normalizer.model import Clause
    from normalizer.ontology import Ontology


@dataclass(frozen=True, slots=True)
class Interpreter:
    """The compiled tables categories.csv, category_cues.csv, narrowing.csv, cues.csv and unmarked.csv."""

    categorizer: Categorizer
    narrower: Narrower
    stater: Stater
    marker: Marker

    @classmethod
    def load(cls, folder: Path, ontology: Ontology) -> Interpreter:
        """Compile the tables in `folder`. Raises GlossaryError."""
        categorizer = Categorizer.load(folder, ontology)
        concepts = categorizer.reader.concepts
        narrower = Narrower.load(folder, ontology, categorizer.order)
        stater = Stater.load(folder, ontology, concepts, categorizer.actions)
        return cls(categorizer, narrower, stater, Marker.load(folder, ontology))

    def interpret(self, text: str, clauses: Sequence[Clause]) -> tuple[Clause, ...]:
        """The clauses, in the same order, with category and statement filled in and the mentions that are told.

        clauses: of the whole document, in reading order, each after its parent. Linear in the length of the text.
        """
        narrowed = self.narrower.narrow(self.categorizer.categorize(text, clauses))
        return self.marker.mark(self.stater.state(text, narrowed))
