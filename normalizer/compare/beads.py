"""Linked clauses → their sentences side by side: one and one, or one and some, where the two sides part them otherwise.

Found by dynamic programming over the sentences of both sides in order (after Gale and Church 1993), by how many
concepts and facts two stretches share and how well their lengths agree.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from normalizer.compare.findings import Comparison, Pair, Place

SHAPES = ((1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (3, 1), (1, 0), (0, 1))
SHARED = 2.0  # what a stretch is worth all of whose concepts the other names
MANY = 0.3  # what it costs to take two sentences for one
ALONE = 1.0  # what it costs to leave a sentence without fellow
MOST = 40  # sentences of a side beyond which they are compared all in all
Stretch = tuple["Place", ...]


class Bead(NamedTuple):
    """Sentences of both sides that say the same."""

    ja: Stretch
    en: Stretch


def beads(comparison: Comparison, pair: Pair, lone: Place | None) -> tuple[Bead, ...]:
    """The sentences of a pair side by side; a sentence that one side alone has is left out.

    lone: a sentence of which that is known.
    """
    ja, en = (tuple(place for place in comparison.sentences(pair, side) if place != lone) for side in ("ja", "en"))
    if min(len(ja), len(en)) < 2 or max(len(ja), len(en)) > MOST:
        return (Bead(ja, en),)
    names = {side: [_named(comparison, pair, side, place) for place in some] for side, some in (("ja", ja), ("en", en))}
    usual = _length(en) / max(1, _length(ja))
    worth: dict[tuple[int, int], tuple[float, tuple[Bead, ...]]] = {(0, 0): (0.0, ())}
    for i in range(len(ja) + 1):
        for j in range(len(en) + 1):
            found = [
                (worth[i - a, j - b][0] + _worth(ja[i - a : i], en[j - b : j], usual, names, (i, j)), a, b)
                for a, b in SHAPES
                if (i - a, j - b) in worth
            ]
            if found:
                value, a, b = max(found, key=lambda one: one[0])
                before = worth[i - a, j - b][1]
                worth[i, j] = value, (*before, Bead(ja[i - a : i], en[j - b : j])) if a and b else before
    return worth[len(ja), len(en)][1]


def _named(comparison: Comparison, pair: Pair, side: str, place: Place) -> frozenset[str]:
    """The concepts and the values of facts within a sentence."""
    inside = {one.concept for one in pair.mentions(side) if place[0] <= one.start < place[1]}
    return frozenset(
        inside | {one.value for clause in pair.side(side) for one in clause.facts if place[0] <= one.start < place[1]}
    )


def _length(some: Stretch) -> int:
    return sum(end - start for start, end in some)


def _worth(
    ja: Stretch,
    en: Stretch,
    usual: float,
    names: Mapping[str, Sequence[frozenset[str]]],
    behind: tuple[int, int],
) -> float:
    """What it is worth to take two stretches for one another; `behind` is where they end.

    usual: characters of English for one of Japanese.
    """
    if not ja or not en:
        return -ALONE
    left = frozenset[str]().union(*names["ja"][behind[0] - len(ja) : behind[0]])
    right = frozenset[str]().union(*names["en"][behind[1] - len(en) : behind[1]])
    shared = len(left & right) / max(1, min(len(left), len(right)))
    far = abs(math.log(max(1, _length(en)) / (usual * max(1, _length(ja)))))
    return SHARED * shared - far - MANY * (len(ja) + len(en) - 2)
