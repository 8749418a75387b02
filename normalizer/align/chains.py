"""Gains of beads to the best chains of beads: a dynamic programme that may start and stop anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from normalizer.align.groups import Matrix

Shape = tuple[int, int]  # clauses of a bead on the Japanese and on the English side
Bead = tuple[tuple[int, ...], tuple[int, ...]]

TIE = 1e-4  # float32 noise of the running maximum along a row
ENDS = 2_000  # the most cells tried as the end of a chain, in one pass
START, UP, LEFT, BEAD = 0, 1, 2, 3  # how a cell was reached; BEAD + k by the k-th shape


def best_chains(gains: dict[Shape, Matrix], n: int, m: int, gap: float, least: float) -> list[list[Bead]]:
    """Chains that share no clause and earn at least `least` each, best first.

    A chain earns the gains of its beads less `gap` for each clause passed over between its ends. This is the local
    alignment of Smith & Waterman (1981) with the bead shapes of Gale & Church (1993). `gains[a, b][i, j]` is the gain
    of the bead of clauses i … i+a-1 and j … j+b-1. O(n m) steps for each shape, one row at a time in numpy.
    """
    total, back = table(gains, n, m, gap)
    rows, cols = np.nonzero((back >= BEAD) & (total >= least) & (total > 0))
    chains: list[list[Bead]] = []
    used: tuple[set[int], set[int]] = set(), set()
    for k in np.argsort(-total[rows, cols], kind="stable")[:ENDS]:
        i, j = int(rows[k]), int(cols[k])
        if i - 1 in used[0] or j - 1 in used[1]:
            continue
        chain = traced(back, (i, j), list(gains))
        clauses = {x for ja, _ in chain for x in ja}, {y for _, en in chain for y in en}
        if not (clauses[0] & used[0] or clauses[1] & used[1]):
            chains.append(chain)
            used = used[0] | clauses[0], used[1] | clauses[1]
    return chains


def table(gains: dict[Shape, Matrix], n: int, m: int, gap: float) -> tuple[Matrix, NDArray[np.int8]]:
    """For every cell the best sum of a chain that ends there, and how it was reached; both of shape (n + 1, m + 1)."""
    ahead = np.array(list(gains), dtype=np.int64).reshape(-1, 2)
    widest = int(ahead.max(initial=0))
    ends = ending(gains, n, m)
    total = np.full((n + widest + 1, m + widest + 1), -np.inf, dtype=np.float32)
    back = np.zeros((n + 1, m + 1), dtype=np.int8)
    total[widest, widest:] = 0
    columns = np.arange(m + 1)
    slope = (gap * columns).astype(np.float32)
    for i in range(1, n + 1):
        row = i + widest
        reached = total[row - ahead[:, 0, None], columns[None, :] + widest - ahead[:, 1, None]] + ends[:, i]
        shape = reached.argmax(axis=0)
        bead, above = reached[shape, columns], total[row - 1, widest:] - gap
        cell, code = np.maximum(bead, above), np.where(bead >= above, shape + BEAD, UP)
        along = np.maximum.accumulate(cell + slope) - slope
        code = np.where(along > cell + TIE, LEFT, code)
        back[i] = np.where(along > 0, code, START)
        total[row, widest:] = np.maximum(along, 0)
    return total[widest : widest + n + 1, widest:], back


def ending(gains: dict[Shape, Matrix], n: int, m: int) -> Matrix:
    """The gains by the cell at which a bead ends, one layer a shape; -inf where it does not fit."""
    out = np.full((len(gains), n + 1, m + 1), -np.inf, dtype=np.float32)
    for k, ((a, b), gain) in enumerate(gains.items()):
        out[k, a:, b:] = gain
    return out


def traced(back: NDArray[np.int8], end: tuple[int, int], shapes: list[Shape]) -> list[Bead]:
    """The beads of the chain that ends at a cell, first to last."""
    chain: list[Bead] = []
    i, j = end
    while i > 0 and back[i, j] != START:
        code = back[i, j]
        if code == UP:
            i -= 1
        elif code == LEFT:
            j -= 1
        else:
            a, b = shapes[code - BEAD]
            chain.append((tuple(range(i - a, i)), tuple(range(j - b, j))))
            i, j = i - a, j - b
    return chain[::-1]
