"""Clauses with mentions and facts → their categories and statements, and the mentions that are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer.interpret.categories import Categorizer
from normalizer.interpret.marking import Marker
from normalizer.interpret.narrowing import Narrower
from normalizer.interpret.statements import Stater
from normalizer.interpret.weighing import Weigher

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from normalizer.model import Clause, Token
    from normalizer.ontology import Ontology


@dataclass(frozen=True, slots=True)
class Interpreter:
    """The compiled tables categories.csv, category_cues.csv, narrowing.csv, cues.csv and unmarked.csv, and those of
    weighing.py."""

    categorizer: Categorizer
    narrower: Narrower
    stater: Stater
    marker: Marker
    weigher: Weigher | None  # None where the folder of tables has no mention_odds.csv: mentions then stay as they are

    @classmethod
    def load(cls, folder: Path, ontology: Ontology, given: Collection[tuple[str, str]] = ()) -> Interpreter:
        """Compile the tables in `folder`. Raises GlossaryError.

        given: (language, folded form) of terms whose mentions are not weighed.
        """
        categorizer = Categorizer.load(folder, ontology)
        concepts = categorizer.reader.concepts
        narrower = Narrower.load(folder, ontology, categorizer.order)
        stater = Stater.load(folder, ontology, concepts, categorizer.actions)
        return cls(categorizer, narrower, stater, Marker.load(folder, ontology), Weigher.load(folder, ontology, given))

    def interpret(self, text: str, clauses: Sequence[Clause], tokens: Sequence[Sequence[Token]]) -> tuple[Clause, ...]:
        """The clauses, in the same order, with category and statement filled in and the mentions that are told.

        clauses: of the whole document, in reading order, each after its parent. tokens: of each clause, in order.
        Linear in the length of the text.
        """
        narrowed = self.narrower.narrow(self.categorizer.categorize(text, clauses))
        told = self.marker.mark(self.stater.state(text, narrowed))
        return self.weigher.weighed(text, told, tokens) if self.weigher else told
