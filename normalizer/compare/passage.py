"""Sentences of both sides that go together → these sentences with the marks of meaning in them: a passage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer.model import LANGUAGES, OTHER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from normalizer.compare.beads import Bead, Stretch
    from normalizer.compare.findings import Comparison, Pair, Place
    from normalizer.marks import Marks, Words
    from normalizer.model import Language

THINGS = ("information", "actor", "right")  # kinds of concept whose names deny nothing


@dataclass(frozen=True, slots=True)
class Passage:
    """The sentences of a bead, and where they deny, except, limit, permit and oblige."""

    comparison: Comparison
    pair: Pair
    sentences: Mapping[Language, Stretch]
    marks: Mapping[Language, Mapping[str, Marks]]  # side → name of a mark → where it stands, in the document's text

    @classmethod
    def of(cls, comparison: Comparison, pair: Pair, bead: Bead) -> Passage:
        """The passage of a bead of the pair."""
        sentences = {side: bead.side(side) for side in LANGUAGES}
        marks = {side: _marks(comparison, pair, side, sentences[side]) for side in LANGUAGES}
        return cls(comparison, pair, sentences, marks)

    @property
    def words(self) -> Words:
        """The compiled comparison_words.csv."""
        return self.comparison.words

    def text(self, side: Language) -> str:
        """The whole text of a side's document, which all places index."""
        return self.comparison.document(side)

    def sentence(self, side: Language, hit: Place) -> Place:
        """The sentence of a side in which a place begins; the place itself if it is in none."""
        return next((place for place in self.sentences[side] if place[0] <= hit[0] < place[1]), hit)


def _marks(comparison: Comparison, pair: Pair, side: Language, stretch: Stretch) -> dict[str, Marks]:
    """The marks of a stretch, with offsets into the document.

    A doubtful word within the name of a thing that both sides name is said on both (利用停止), and one within a fact
    denies nothing: "under 13". So is any word within a fee that both state: 無料, "no charge".
    """
    said = {mention.concept for mention in pair.mentions(OTHER[side])}
    things = [m for m in pair.mentions(side) if comparison.glossary.ontology[m.concept].kind in THINGS]
    names = [(m.start, m.end) for m in things if any(comparison.related(m.concept, one) for one in said)]
    facts = {one: [fact for clause in pair.side(one) for fact in clause.facts] for one in LANGUAGES}
    names += [(fact.start, fact.end) for fact in facts[side]]
    fees = {fact.value for fact in facts[OTHER[side]] if fact.kind == "fee"}
    same = [(fact.start, fact.end) for fact in facts[side] if fact.kind == "fee" and fact.value in fees]
    found = comparison.words.marks(comparison.document(side), stretch, side)
    return {mark: its.without(names, same) for mark, its in found.items()}
