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

Marks = NDArray[np.bool_]  # one a clause
Run = tuple[int, ...]  # neighbouring clauses of a side


def gain(ja: Groups, en: Groups, context: Context) -> Matrix:
    """All evidence added up, for each Japanese with each English group."""
    return total(evidence(ja, en, context))


def bead_gains(
    pairs: dict[Bead, float], doubtful: tuple[Marks, Marks], readers: tuple[Reader, Reader], context: Context
) -> dict[Shape, Matrix]:
    """For every shape (a, b) the gain of every bead, by the first clauses of its runs.

    A bead of more than two clauses has in each of its longer runs a doubtful clause: two clauses that have found their
    partners are not run together. At first a run has the mean of its clauses' vectors; those in beads that come near to
    earning more than the `pairs` that they would displace are then encoded, in one batch.
    """
    s = context.settings
    fits = shapes(s, len(context.ja), len(context.en))
    longest = max((a for a, _ in fits), default=0), max((b for _, b in fits), default=0)
    groups = [
        [singles, *(runs(singles, size, side.joint) for size in range(2, most + 1))]
        for singles, side, most in zip(context.singles, (context.ja, context.en), longest, strict=True)
    ]
    gains = judged(groups, fits, doubtful, context)
    wanted = contenders(gains, pairs, s.slack)
    if not any(wanted):
        return gains
    groups = [
        [reader.read(some, size, found) for size, some in enumerate(own, 1)]
        for reader, own, found in zip(readers, groups, wanted, strict=True)
    ]
    return judged(groups, fits, doubtful, context)


def judged(
    groups: Sequence[Sequence[Groups]], fits: Sequence[Shape], doubtful: tuple[Marks, Marks], context: Context
) -> dict[Shape, Matrix]:
    """The gain of every bead of these shapes; `groups` are the runs of each side by size."""
    s = context.settings
    cosine = {(a, b): groups[0][a - 1].vectors @ groups[1][b - 1].vectors.T for a, b in fits}
    gains = {}
    for a, b in fits:
        whole = (
            gain(groups[0][a - 1], groups[1][b - 1], context) - s.extra * (a + b - 2) + s.join * added(cosine, (a, b))
        )
        whole[~open_runs(doubtful[0], a), :] = -np.inf
        whole[:, ~open_runs(doubtful[1], b)] = -np.inf
        if a + b > 2:  # what is certain without vectors is widened by offers only
            whole[holds(marked(context.settled, 1), a), :] = -np.inf
            whole[:, holds(marked(context.settled, 0), b)] = -np.inf
        gains[a, b] = whole
    return gains


def contenders(gains: dict[Shape, Matrix], pairs: dict[Bead, float], slack: float) -> tuple[set[Run], set[Run]]:
    """The runs of each side in beads that lack at most `slack` to earn more than the pairs that they would displace."""
    if (1, 1) not in gains:
        return set(), set()
    laid = {(ja, en): float(gains[1, 1][ja[0], en[0]]) for ja, en in pairs}
    found: tuple[set[Run], set[Run]] = set(), set()
    for (a, b), net in charged(gains, laid, *gains[1, 1].shape).items():
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


def added(cosine: dict[Shape, Matrix], shape: Shape) -> Matrix:
    """By how much a bead is closer in meaning than without the least useful clause at its edges."""
    a, b = shape
    without = []
    if a > 1:
        without += [cosine[a - 1, b][1:], cosine[a - 1, b][:-1]]
    if b > 1:
        without += [cosine[a, b - 1][:, 1:], cosine[a, b - 1][:, :-1]]
    whole = cosine[shape]
    return np.asarray(whole - np.max(without, axis=0) if without else np.zeros_like(whole), dtype=np.float32)


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
