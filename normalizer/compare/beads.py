"""Linked clauses → their sentences side by side: one and one, or one and some, where the two sides part them otherwise.

Found by dynamic programming over the sentences of both sides in order (after Gale and Church 1993), by how many
concepts and facts two stretches share and how well their lengths agree.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, NamedTuple

from normalizer.model import LANGUAGES

if TYPE_CHECKING:
    from normalizer.compare.findings import Comparison, Pair, Place
    from normalizer.model import Language

SHAPES = ((1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (3, 1), (1, 0), (0, 1))
SHARED = 2.0  # what a stretch is worth all of whose concepts the other names
MANY = 0.3  # what it costs to take two sentences for one
ALONE = 1.0  # what it costs to leave a sentence without fellow
MOSTLY = 0.5  # share of what two sentences name that both name, from which they surely go together
MOST = 40  # sentences of a side beyond which they are compared all in all
Stretch = tuple["Place", ...]
Names = dict[str, dict["Place", frozenset[str]]]


class Bead(NamedTuple):
    """Sentences of both sides that say the same."""

    ja: Stretch
    en: Stretch

    def side(self, language: Language) -> Stretch:
        return self.ja if language == "ja" else self.en


def beads(comparison: Comparison, pair: Pair, lone: Place | None) -> tuple[Bead, ...]:
    """The sentences of a pair side by side; a sentence that one side alone has is left out.

    All of them are one bead where a side has but one, or where sentences of unlike number name nothing in common.
    lone: a sentence of which it is known that one side alone has it.
    """
    ja, en = (tuple(place for place in comparison.sentences(pair, side) if place != lone) for side in LANGUAGES)
    if min(len(ja), len(en)) < 2 or max(len(ja), len(en)) > MOST:
        return (Bead(ja, en),)
    names = {"ja": _names(comparison, pair, "ja", ja), "en": _names(comparison, pair, "en", en)}
    found = _best(ja, en, names)
    strangers = len(ja) != len(en) and not all(_shared(bead, names) for bead in found)
    return (Bead(ja, en),) if strangers else found


def certain(comparison: Comparison, pair: Pair, bead: Bead) -> bool:
    """Whether a bead is one sentence of each side, and either names most of what the other does."""
    if len(bead.ja) != 1 or len(bead.en) != 1:
        return False
    ja, en = (_names(comparison, pair, side, bead.side(side))[bead.side(side)[0]] for side in LANGUAGES)
    return len(ja & en) >= MOSTLY * max(len(ja), len(en), 1)


def _best(ja: Stretch, en: Stretch, names: Names) -> tuple[Bead, ...]:
    usual = _length(en) / max(1, _length(ja))  # characters of English for one of Japanese
    worth: dict[Place, float] = {(0, 0): 0.0}
    last: dict[Place, Bead] = {}
    for i, j in itertools.product(range(len(ja) + 1), range(len(en) + 1)):
        steps = [Bead(ja[i - a : i], en[j - b : j]) for a, b in SHAPES if a <= i and b <= j]
        if steps:
            values = [worth[i - len(one.ja), j - len(one.en)] + _worth(one, names, usual) for one in steps]
            worth[i, j] = max(values)
            last[i, j] = steps[values.index(worth[i, j])]
    found: list[Bead] = []
    i, j = len(ja), len(en)
    while (i, j) in last:
        found.append(last[i, j])
        i, j = i - len(found[-1].ja), j - len(found[-1].en)
    return tuple(bead for bead in reversed(found) if bead.ja and bead.en)


def _names(comparison: Comparison, pair: Pair, side: Language, some: Stretch) -> dict[Place, frozenset[str]]:
    """The concepts and the values of facts within each sentence."""
    facts = [(fact.start, fact.value) for clause in pair.side(side) for fact in clause.facts]
    said = [*facts, *((mention.start, mention.concept) for mention in pair.mentions(side))]
    return {place: frozenset(name for at, name in said if place[0] <= at < place[1]) for place in some}


def _length(some: Stretch) -> int:
    return sum(end - start for start, end in some)


def _shared(bead: Bead, names: Names) -> float:
    """The share of the names of the side with fewer that the other has, too."""
    left, right = (frozenset[str]().union(*(names[side][place] for place in bead.side(side))) for side in LANGUAGES)
    return len(left & right) / max(1, min(len(left), len(right)))


def _worth(bead: Bead, names: Names, usual: float) -> float:
    """What it is worth to take two stretches for one another."""
    if not bead.ja or not bead.en:
        return -ALONE
    far = abs(math.log(max(1, _length(bead.en)) / (usual * max(1, _length(bead.ja)))))
    return SHARED * _shared(bead, names) - far - MANY * (len(bead.ja) + len(bead.en) - 2)
