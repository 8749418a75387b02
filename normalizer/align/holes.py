"""Beads to more beads: what is left over between two neighbouring beads has little else to be linked with."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from normalizer.align.chains import best_chains
from normalizer.align.evidence import misfits, nearest
from normalizer.align.groups import units

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from normalizer.align.chains import Bead
    from normalizer.align.evidence import Context
    from normalizer.align.groups import Matrix, Reader
    from normalizer.align.settings import Settings
    from normalizer.embed import Vectors

HOLE = 3  # the most clauses left over on a side between two beads that may still be linked with little evidence
LONGEST = 60  # the most clauses left over on a side of which every run is compared with a clause of the other


def holes(beads: Sequence[Bead], n: int, m: int) -> Iterator[tuple[range, range]]:
    """What is left over of both sides between two beads that are neighbours on both."""
    ends = [((-1,), (-1,)), *sorted(beads), ((n,), (m,))]
    taken = {i for ja, _ in beads for i in ja}, {j for _, en in beads for j in en}
    for (ja, en), (next_ja, next_en) in pairwise(ends):
        rows, cols = range(ja[-1] + 1, next_ja[0]), range(en[-1] + 1, next_en[0])
        if rows and cols and taken[0].isdisjoint(rows) and taken[1].isdisjoint(cols):
            yield rows, cols


def filled(beads: list[Bead], gain: Matrix, settings: Settings) -> list[Bead]:
    """The beads, and pairs of clauses left over in the same small hole, of which less evidence is asked.

    `gain` is that of every pair.
    """
    more: list[Bead] = []
    for rows, cols in holes(beads, *gain.shape):
        if len(rows) <= HOLE and len(cols) <= HOLE:
            own = gain[rows.start : rows.stop, cols.start : cols.stop] + settings.fill
            for chain in best_chains({(1, 1): own}, len(rows), len(cols), settings.gap, 0.0):
                more += [((rows[i],), (cols[j],)) for (i,), (j,) in chain]
    return sorted(beads + more)


def gathered(beads: list[Bead], readers: tuple[Reader, Reader], context: Context) -> list[Bead]:
    """The beads, and those of a clause with a run of clauses left over in the same hole: a list of many items against
    the one paragraph that says the same, of which no single item is near enough to be linked with it."""
    more: list[Bead] = []
    for hole in holes(beads, len(context.ja), len(context.en)):
        side = 0 if len(hole[0]) <= len(hole[1]) else 1
        few, run = hole[side], hole[1 - side]
        if 2 * len(few) <= len(run) <= LONGEST:
            gain, other, own = max((*best_run(clause, side, run, readers, context), clause) for clause in few)
            if gain >= context.settings.gather:
                more.append(((own,), other) if side == 0 else (other, (own,)))
    return gathered(sorted(beads + more), readers, context) if more else beads


def best_run(
    clause: int, side: int, run: range, readers: tuple[Reader, Reader], context: Context
) -> tuple[float, tuple[int, ...]]:
    """The neighbouring clauses of a run of the other side, two or more, that gain most with a clause; and the gain, of
    meaning and length. What is best by the means of vectors, and the run whole, are read as they are."""
    part, sizes = context.singles[1 - side].vectors[run.start : run.stop], readers[1 - side].side.lengths
    sums = np.vstack([np.zeros_like(part[:1]), (part * sizes[run.start : run.stop, None]).cumsum(axis=0)])
    first, last = np.triu_indices(len(run) + 1, 2)
    ends = np.concatenate([[0], sizes[run.start : run.stop].cumsum()])
    means = units(sums[last] - sums[first])
    k = int(gains(clause, side, run, means, ends[last] - ends[first], context).argmax())
    runs = [tuple(run), tuple(run[int(first[k]) : int(last[k])])]
    texts = [readers[1 - side].text(members) for members in runs]
    lengths = np.array([len(text) for text in texts], dtype=np.float32)
    found = gains(clause, side, run, readers[0].embedder.encode(texts), lengths, context)
    return max((float(gain), members) for gain, members in zip(found, runs, strict=True))


def gains(clause: int, side: int, run: range, vectors: Vectors, lengths: Matrix, context: Context) -> Matrix:
    """What meaning and length say of a clause and each of some parts of a run of the other side."""
    s, own, other = context.settings, context.singles[side], context.singles[1 - side]
    ratio = context.ratio if side == 0 else 1 / context.ratio
    cosine = vectors @ own.vectors[clause]
    near = np.broadcast_to(other.near[run].max(axis=0), (len(vectors), other.near.shape[1]))
    crowd = nearest(own.vectors[[clause]], own.near[[clause]], other, s)[0], nearest(vectors, near, own, s)
    lost = s.length * misfits(own.lengths[clause] * ratio, lengths, s)
    found = s.bias + s.cosine * cosine + s.margin * (cosine - (crowd[0] + crowd[1]) / 2) - lost
    return np.asarray(found, dtype=np.float32)
