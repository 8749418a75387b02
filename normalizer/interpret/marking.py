"""Mentions that categories and statements have been read from → those that are told.

Pronouns and modal words say who acts and whether it may or must; the statement has this. As terms they would say of
each sentence that it is one, and one language leaves them out where the other cannot. Words inside a name that is one
term (the third party of "cessation of provision to third parties") are no terms of their own, and one language has
them where the other has a compound. The table unmarked.csv lists both.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from normalizer.model import Clause, Mention
    from normalizer.ontology import Ontology

COLUMNS = ("concept", "form", "within", "note")


@dataclass(frozen=True, slots=True)
class Marker:
    """The compiled unmarked.csv."""

    concepts: frozenset[str]  # never told, whatever the word
    terms: frozenset[tuple[str, str]]  # concept, entry: "en:we"
    inside: Mapping[str, frozenset[str]]  # concept or entry of a mention → concepts not told inside it; "": none

    @classmethod
    def load(cls, folder: Path, ontology: Ontology) -> Marker:
        """Compile `folder/unmarked.csv`. Raises GlossaryError for unknown concepts."""
        problems, path = Problems(), folder / "unmarked.csv"
        known = [concept.id for concept in ontology]
        concepts, terms, inside = set[str](), set[tuple[str, str]](), defaultdict[str, set[str]](set)
        for line, row in read_table(path, COLUMNS, problems):
            names, around = row["concept"].split("|"), list(filter(None, row["within"].split("|")))
            for name in sorted({*names, *(name for name in around if ":" not in name)} - {"", *known}):
                problems.unknown(path, line, "concept", name, known)
            if around:
                for outer in around:
                    below = [id for id in known if outer in ontology.ancestors(id)]
                    for one in (outer, *below):
                        inside[one].update(names)
            elif row["form"]:
                terms.update((name, row["form"]) for name in names)
            else:
                concepts.update(names)
        problems.refuse()
        return cls(frozenset(concepts), frozenset(terms), {outer: frozenset(names) for outer, names in inside.items()})

    def mark(self, clauses: Sequence[Clause]) -> tuple[Clause, ...]:
        """The clauses, in the same order, without the mentions that are not told."""
        return tuple(clause.revised(mentions=self._told(clause.mentions)) for clause in clauses)

    def _told(self, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
        """In order of place, the longer first: what surrounds a mention stands before it."""
        out: list[Mention] = []
        around: list[Mention] = []
        for mention in mentions:
            if around:
                around = [outer for outer in around if outer.end > mention.start]
            if self._is_told(mention, around):
                out.append(mention)
                around.append(mention)
        return tuple(out)

    def _is_told(self, mention: Mention, around: Sequence[Mention]) -> bool:
        if mention.concept in self.concepts or (mention.concept, mention.term) in self.terms:
            return False
        if not around:
            return True
        names = {mention.concept, ""}
        return not any(
            mention.end <= outer.end
            and any(not names.isdisjoint(self.inside.get(key, ())) for key in (outer.concept, outer.term))
            for outer in around
        )
