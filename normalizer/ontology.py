"""Rows of concepts.csv to the hierarchy of concepts."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer.errors import GlossaryError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Concept:
    """Something that policies speak of, whatever the words and the language."""

    id: str  # CamelCase
    broader: str | None  # the concept above it
    kind: str  # actor, information, operation, right, obligation …
    label_ja: str
    label_en: str
    definition_ja: str
    definition_en: str
    appi: tuple[str, ...]  # "APPI-2023-04-01:27(1)": version of a law, article(paragraph)(item)
    gdpr: tuple[str, ...]  # "Art. 15"
    dpv: tuple[str, ...]  # "dpv:Share=close": W3C Data Privacy Vocabulary, match strength
    opp115: tuple[str, ...]  # categories of the OPP-115 annotation scheme
    status: str
    note: str

    @classmethod
    def of(cls, cells: Sequence[str]) -> Concept:
        """The concept of a row of concepts.csv, its cells in the order of the fields."""
        id, broader, kind, label_ja, label_en, definition_ja, definition_en, appi, gdpr, dpv, opp115, status, note = (
            cells
        )
        references = (_values(appi), _values(gdpr), _values(dpv), _values(opp115))
        labels = (label_ja, label_en, definition_ja, definition_en)
        return cls(id, broader or None, kind, *labels, *references, status, note)

    def label(self, language: str) -> str:
        """The concept's name in "ja" or "en"; its id where the table has none."""
        return (self.label_ja if language == "ja" else self.label_en) or self.id


class Ontology:
    """Concepts by id, and what is above and below them."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self._concepts = {concept.id: concept for concept in concepts}
        children: dict[str, list[str]] = {}
        for concept in self._concepts.values():
            if concept.broader:
                children.setdefault(concept.broader, []).append(concept.id)
        self._children = {parent: tuple(below) for parent, below in children.items()}
        self._above: dict[str, tuple[str, ...]] = {}

    def __getitem__(self, id: str) -> Concept:
        """The concept with this id; raises GlossaryError naming the nearest ids."""
        try:
            return self._concepts[id]
        except KeyError:
            near = ", ".join(difflib.get_close_matches(id, self._concepts, 3, 0.5))
            raise GlossaryError(f"unknown concept {id!r}" + (f"; nearest: {near}" if near else "")) from None

    def __contains__(self, id: object) -> bool:
        return id in self._concepts

    def __iter__(self) -> Iterator[Concept]:
        return iter(self._concepts.values())

    def __len__(self) -> int:
        return len(self._concepts)

    def ancestors(self, id: str) -> tuple[str, ...]:
        """The ids above a concept, nearest first."""
        if id not in self._above:
            broader = self[id].broader
            self._above[id] = (broader, *self.ancestors(broader)) if broader else ()
        return self._above[id]

    def children(self, id: str) -> tuple[str, ...]:
        """The ids directly below a concept, in the table's order."""
        return self._children.get(self[id].id, ())

    def top(self, id: str) -> str:
        """The highest concept above this one; itself where nothing is."""
        return (id, *self.ancestors(id))[-1]


def _values(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, cell.split("|")))
