"""Two long sides to pairs of stretches that can be aligned each by itself: coarse to fine.

Pairs of clauses that are each other's nearest, and stand in the same order on both sides, are the hinges; the sides
are cut at hinges, into stretches no longer than a window. Memory grows with (n + m), time with n m: 10,000 against
10,000 clauses are two passes of matrix products.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from normalizer.align.evidence import crowd

if TYPE_CHECKING:
    from collections.abc import Iterator

    from normalizer.align.groups import Matrix
    from normalizer.align.settings import Settings
    from normalizer.align.sides import Side
    from normalizer.embed import Embedder, Vectors

Point = tuple[int, int]  # Japanese and English clauses that lie before a cut
BLOCK = 1_000  # rows of the similarity matrix held at once


def windows(ja: Side, en: Side, embedder: Embedder, settings: Settings) -> Iterator[tuple[Side, Side]]:
    """The sides themselves, or stretches of both; every clause is in exactly one."""
    n, m, most = len(ja), len(en), settings.window
    if max(n, m) <= most:
        yield ja, en
        return
    points = refined([(0, 0), *hinges(embedder.encode(ja.texts), embedder.encode(en.texts), settings), (n, m)], most)
    start = points[0]
    for here, ahead in zip(points[1:], [*points[2:], None], strict=True):
        if ahead is None or ahead[0] - start[0] > most or ahead[1] - start[1] > most:
            yield ja.part(range(start[0], here[0])), en.part(range(start[1], here[1]))
            start = here


def refined(points: list[Point], most: int) -> list[Point]:
    """The points, and more of them evenly between two that are further apart than `most`."""
    out = points[:1]
    for (i, j), (next_i, next_j) in pairwise(points):
        parts = max(1, -(-max(next_i - i, next_j - j) // most))
        out += [(i + (next_i - i) * k // parts, j + (next_j - j) * k // parts) for k in range(1, parts + 1)]
    return out


def hinges(ja: Vectors, en: Vectors, settings: Settings) -> list[Point]:
    """Pairs of mutually nearest clauses, by cosine less the crowd around each; the longest chain in order."""
    crowd_ja, crowd_en = crowds(ja, en, settings), crowds(en, ja, settings)
    to_en, to_ja = partners(ja, en, crowd_en), partners(en, ja, crowd_ja)
    mutual = [(i, int(j)) for i, j in enumerate(to_en) if to_ja[j] == i and ja[i] @ en[j] > crowd_ja[i]]
    return longest(mutual)


def crowds(own: Vectors, other: Vectors, settings: Settings) -> Matrix:
    """Mean cosine of each clause with its nearest neighbours on the other side."""
    rows = range(0, len(own), BLOCK)
    return np.concatenate(
        [crowd(own[k : k + BLOCK] @ other.T, settings.neighbours, settings.background) for k in rows]
        or [np.zeros(0, dtype=np.float32)]
    )


def partners(own: Vectors, other: Vectors, crowd: Matrix) -> list[int]:
    """The nearest clause of the other side, crowded ones held further off."""
    rows = range(0, len(own), BLOCK) if len(other) else range(0)
    return [int(j) for k in rows for j in (own[k : k + BLOCK] @ other.T - crowd / 2).argmax(axis=1)]


def longest(pairs: list[Point]) -> list[Point]:
    """The longest chain of pairs that rises on both sides; `pairs` rise on the first."""
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for k, (_, j) in enumerate(pairs):
        place = bisect_left(tails, j)
        previous.append(ends[place - 1] if place else -1)
        tails[place : place + 1] = [j]
        ends[place : place + 1] = [k]
    chain, k = [], ends[-1] if ends else -1
    while k >= 0:
        chain.append(pairs[k])
        k = previous[k]
    return chain[::-1]
