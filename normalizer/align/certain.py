"""Two sides to the pairs of clauses that need no vector: what labels, facts, concepts, words and lengths settle."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from normalizer.align.windows import longest

if TYPE_CHECKING:
    from normalizer.align.evidence import Context
    from normalizer.align.groups import Matrix
    from normalizer.align.settings import Bar, Settings
    from normalizer.align.sides import Side
    from normalizer.align.windows import Point

UNLIKE = -10.0


def certain(cheap: Matrix, lengths: Matrix, context: Context) -> list[Point]:
    """The pairs whose gain without vectors is high and far above that of every rival on both sides, in one order.

    `cheap` is the gain of every pair without its meaning, of which `lengths` is that of the lengths: a pair of unlike
    lengths may be part of a larger bead, the more so where the words of a neighbour too are translated. An equal number
    of one kind adds to it. A pair that would cross others does not count: what was moved is left to the vectors.
    Between two certain pairs there are fewer rivals, and less is asked; least where both sides have as many clauses
    there, and each speaks for its opposite.
    """
    s = context.settings
    if not s.certain.lead < np.inf:
        return []
    gains = cheap + s.number * same_labels(context.ja, context.en)
    found = context.translated
    lengths = np.where(found.likeness >= found.runs, lengths, s.apart * lengths)
    pairs = unrivalled(gains, lengths, s.certain)
    while True:
        ends = [(-1, -1), *pairs, gains.shape]
        more = [pair for start, stop in pairwise(ends) for pair in between(start, stop, gains, lengths, s)]
        if not more:
            return pairs
        pairs = sorted(pairs + more)


def between(start: Point, stop: Point, gains: Matrix, lengths: Matrix, settings: Settings) -> list[Point]:
    """The pairs without rivals between two pairs."""
    rows, cols = range(start[0] + 1, stop[0]), range(start[1] + 1, stop[1])
    if not (rows and cols):
        return []
    hole = (
        gains[rows.start : rows.stop, cols.start : cols.stop],
        lengths[rows.start : rows.stop, cols.start : cols.stop],
    )
    if len(rows) == len(cols) == len(unrivalled(*hole, settings.opposite)):
        return list(zip(rows, cols, strict=True))
    return [(rows[i], cols[j]) for i, j in unrivalled(*hole, settings.between)]


def unrivalled(gains: Matrix, lengths: Matrix, bar: Bar) -> list[Point]:
    """The pairs that pass the bar, the longest chain of them in one order."""
    rows = np.arange(len(gains))
    cols, others = gains.argmax(axis=1), gains.copy()
    top = gains[rows, cols]
    others[rows, cols] = UNLIKE
    above = np.partition(gains, -2, axis=0)[-2:] if len(gains) > 1 else np.vstack([np.full_like(gains, UNLIKE), gains])
    rivals = np.maximum(others.max(axis=1), np.where(above[1, cols] > top, above[1, cols], above[0, cols]))
    passed = (lengths[rows, cols] >= -bar.unlike) & (top >= bar.gain) & (top - rivals >= bar.lead)
    return longest([(int(i), int(cols[i])) for i in np.flatnonzero(passed)])


def same_labels(ja: Side, en: Side) -> Matrix:
    """1 where two clauses have one number of one kind; never bare digits of unlike kinds."""
    left, right = ([(x.kind, x.number) if x and x.number else None for x in side.labels] for side in (ja, en))
    same = np.zeros((len(left), len(right)), dtype=np.float32)
    for i, a in enumerate(left):
        if a is not None:
            same[i] = [a == b for b in right]
    return same
