"""The clauses of both sides to the gain of every bead: a run of Japanese with a run of English clauses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from normalizer.align.evidence import Context, evidence, total
from normalizer.align.groups import runs
from normalizer.align.search import charged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normalizer.align.chains import Bead, Shape
    from normalizer.align.groups import Groups, Matrix, Reader
    from normalizer.align.settings import Settings

Places = NDArray[np.int64]
Marks = NDArray[np.bool_]  # one a clause
Run = tuple[int, ...]  # neighbouring clauses of a side


def gain(ja: Groups, en: Groups, context: Context) -> Matrix:
    """All evidence added up, for each Japanese with each English group."""
    return total(evidence(ja, en, context))


def bead_gains(
    laid: dict[Bead, float],
    doubtful: tuple[Marks, Marks],
    readers: tuple[Reader, Reader],
    context: Context,
    pairs: Matrix,
) -> dict[Shape, Matrix]:
    """For every shape (a, b) the gain of every bead, by the first clauses of its runs.

    A bead of more than two clauses has in each of its longer runs a doubtful clause: two clauses that have found their
    partners are not run together. At first a run has the mean of its clauses' vectors; those in beads that come near to
    earning more than the pairs `laid` that they would displace get their own, in one batch. `pairs` is the gain of
    every clause with every clause.
    """
    s = context.settings
    fits = shapes(s, len(context.ja), len(context.en))
    longest = max((a for a, _ in fits), default=0), max((b for _, b in fits), default=0)
    groups = [
        [singles, *(runs(singles, size, side.joint) for size in range(2, most + 1))]
        for singles, side, most in zip(context.singles, (context.ja, context.en), longest, strict=True)
    ]
    gains = judged(groups, fits, doubtful, context, pairs)
    wanted = contenders(gains, laid, s.slack)
    if not any(wanted):
        return gains
    groups = [
        [reader.read(some, size, found) for size, some in enumerate(own, 1)]
        for reader, own, found in zip(readers, groups, wanted, strict=True)
    ]
    return judged(groups, fits, doubtful, context, pairs)


def judged(
    groups: Sequence[Sequence[Groups]],
    fits: Sequence[Shape],
    doubtful: tuple[Marks, Marks],
    context: Context,
    pairs: Matrix,
) -> dict[Shape, Matrix]:
    """The gain of every bead of these shapes; `groups` are the runs of each side by size, `pairs` the gain of every
    clause with every clause."""
    s, gains = context.settings, {}
    settled = marked(context.settled, 1), marked(context.settled, 0)
    for a, b in fits:
        if a + b == 2:
            gains[a, b] = pairs.copy()
            continue
        # what is certain without vectors is widened by offers only
        rows, cols = (
            np.flatnonzero(open_runs(own, size) & ~holds(certain, size))
            for own, certain, size in zip(doubtful, settled, (a, b), strict=True)
        )
        gains[a, b] = np.full((len(groups[0][a - 1].first), len(groups[1][b - 1].first)), -np.inf, dtype=np.float32)
        if len(rows) and len(cols):
            found = gain(groups[0][a - 1].rows(rows), groups[1][b - 1].rows(cols), context)
            gains[a, b][np.ix_(rows, cols)] = found - s.extra * (a + b - 2) + s.join * added(groups, (a, b), rows, cols)
    return gains


def contenders(gains: dict[Shape, Matrix], laid: dict[Bead, float], slack: float) -> tuple[set[Run], set[Run]]:
    """The runs of each side in beads that lack at most `slack` to earn more than the pairs that they would displace."""
    if (1, 1) not in gains:
        return set(), set()
    worths = {(ja, en): float(gains[1, 1][ja[0], en[0]]) for ja, en in laid}
    found: tuple[set[Run], set[Run]] = set(), set()
    for (a, b), net in charged(gains, worths, *gains[1, 1].shape).items():
        if a + b > 2:
            for i, j in np.argwhere(net > -slack).tolist():
                found[0].add(tuple(range(i, i + a)))
                found[1].add(tuple(range(j, j + b)))
    return {run for run in found[0] if len(run) > 1}, {run for run in found[1] if len(run) > 1}


def shapes(settings: Settings, n: int, m: int) -> list[Shape]:
    """The bead shapes that fit, smallest first."""
    sizes = range(1, settings.widest + 1)
    fits = [(a, b) for a in sizes for b in sizes if a + b <= settings.largest and a <= n and b <= m]
    return sorted(fits, key=lambda shape: (sum(shape), shape))


def open_runs(doubtful: Marks, size: int) -> Marks:
    """Which runs of `size` clauses may be part of a bead: single clauses, and those that hold a doubtful one."""
    return np.ones(len(doubtful), dtype=bool) if size == 1 else holds(doubtful, size)


def marked(settled: Matrix, axis: int) -> Marks:
    """Which clauses of a side are in a pair that was settled; `axis` is that of the other side."""
    return np.asarray(settled.any(axis=axis), dtype=bool)


def holds(marks: Marks, size: int) -> Marks:
    """Which runs of `size` clauses hold a marked one."""
    count = len(marks) - size + 1
    return np.asarray(np.any([marks[k : k + count] for k in range(size)], axis=0), dtype=bool)


def added(groups: Sequence[Sequence[Groups]], shape: Shape, rows: Places, cols: Places) -> Matrix:
    """By how much beads of more than two clauses, of these first clauses, are closer in meaning than without the least
    useful clause at their edges."""
    a, b = shape
    ja, en = groups[0][a - 1].vectors[rows], groups[1][b - 1].vectors[cols].T
    without = []
    if a > 1:
        shorter = groups[0][a - 2].vectors
        without += [shorter[rows + 1] @ en, shorter[rows] @ en]
    if b > 1:
        shorter = groups[1][b - 2].vectors
        without += [ja @ shorter[cols + 1].T, ja @ shorter[cols].T]
    return np.asarray(ja @ en - np.max(without, axis=0), dtype=np.float32)


def thinned(beads: list[Bead], readers: tuple[Reader, Reader]) -> list[Bead]:
    """The beads without the clauses between their ends that add nothing to them."""
    out = []
    for bead in beads:
        for side in (0, 1):
            for clause in bead[side][1:-1]:
                without = list(bead)
                without[side] = tuple(i for i in bead[side] if i != clause)
                rest = (without[0], without[1])
                if likeness(rest, readers) > likeness(bead, readers):
                    bead = rest
        out.append(bead)
    return out


def likeness(bead: Bead, readers: tuple[Reader, Reader]) -> float:
    """The cosine between the two sides of a bead."""
    ja, en = (reader.meaning(group) for reader, group in zip(readers, bead, strict=True))
    return float(ja @ en)
