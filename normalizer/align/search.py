"""Gains of beads to a set of links: chains are laid one by one, each where it earns most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from normalizer.align.chains import Bead, Shape, best_chains

if TYPE_CHECKING:
    from normalizer.align.groups import Matrix
    from normalizer.align.settings import Settings


def search(gains: dict[Shape, Matrix], n: int, m: int, settings: Settings) -> dict[Bead, float]:
    """Beads that share no clause, with their gains.

    The first chain is the alignment of what stands in the same order on both sides. Each further chain (a block that
    was moved) is charged the gains of the beads it would displace, and is laid while it earns `settings.jump` more.
    Every step raises the sum of gains by at least half a jump, so the search ends.
    """
    laid: dict[Bead, float] = {}
    while True:
        net = charged(gains, laid, n, m)
        if hopeless(net, settings.jump):
            return laid
        better = laid
        for chain in best_chains(net, n, m, settings.gap, settings.jump):
            tried = with_chain(better, chain, gains)
            if sum(tried.values()) >= sum(better.values()) + settings.jump / 2:
                better = tried
        if better is laid:
            return laid
        laid = better


def hopeless(net: dict[Shape, Matrix], least: float) -> bool:
    """Whether no chain can earn so much: not even one that took from every row the best there is."""
    best = [gain.max(axis=1, initial=0) for gain in net.values()]
    return float(sum(row.sum() for row in best)) < least


def with_chain(laid: dict[Bead, float], chain: list[Bead], gains: dict[Shape, Matrix]) -> dict[Bead, float]:
    """The laid beads and the chain, less the beads that share a clause with it."""
    rows, cols = {i for ja, _ in chain for i in ja}, {j for _, en in chain for j in en}
    kept = {bead: gain for bead, gain in laid.items() if rows.isdisjoint(bead[0]) and cols.isdisjoint(bead[1])}
    return kept | {bead: gain_of(gains, bead) for bead in chain}


def gain_of(gains: dict[Shape, Matrix], bead: Bead) -> float:
    """The gain of one bead."""
    ja, en = bead
    return float(gains[len(ja), len(en)][ja[0], en[0]])


def charged(gains: dict[Shape, Matrix], laid: dict[Bead, float], n: int, m: int) -> dict[Shape, Matrix]:
    """The gains less the gains of the laid beads that each bead would displace; -inf for the laid beads themselves."""
    if not laid:
        return gains
    ja, en = worths(laid, 0, n), worths(laid, 1, m)
    net = {(a, b): gain - touched(*ja, a)[:, None] - touched(*en, b)[None, :] for (a, b), gain in gains.items()}
    pairs = [(rows[0], cols[0], worth) for (rows, cols), worth in laid.items() if len(rows) == len(cols) == 1]
    for shape, gain in net.items():  # a bead that takes from both sides of a laid bead displaces it once
        if sum(shape) > 2:
            restore(gain, pairs, shape)
    for (rows, cols), worth in laid.items():
        for (a, b), gain in net.items() if len(rows) + len(cols) > 2 else ():
            gain[reach(rows, a), reach(cols, b)] += worth
        net[len(rows), len(cols)][rows[0], cols[0]] = -np.inf
    return net


def restore(gain: Matrix, pairs: list[tuple[int, int, float]], shape: Shape) -> None:
    """Add to the gain of each bead of a shape the worth of the pairs of clauses of which it takes both."""
    i, j, worth = (np.array(column) for column in zip(*pairs, strict=True)) if pairs else 3 * (np.zeros(0, dtype=int),)
    for up in range(shape[0]):
        for left in range(shape[1]):
            fits = (i >= up) & (j >= left) & (i - up < len(gain)) & (j - left < gain.shape[1])
            gain[i[fits] - up, j[fits] - left] += worth[fits]


def worths(laid: dict[Bead, float], side: int, count: int) -> tuple[Matrix, Matrix]:
    """For each clause the gain of the laid bead that holds it, and of the one that it is the first of; else 0."""
    holds, opens = np.zeros(count, dtype=np.float32), np.zeros(count, dtype=np.float32)
    for bead, worth in laid.items():
        holds[list(bead[side])] = worth
        opens[bead[side][0]] = worth
    return holds, opens


def touched(holds: Matrix, opens: Matrix, size: int) -> Matrix:
    """The gains of the laid beads that each run of `size` clauses touches."""
    count = len(holds) - size + 1
    return np.asarray(sum((opens[k : k + count] for k in range(1, size)), holds[:count]), dtype=np.float32)


def reach(clauses: tuple[int, ...], size: int) -> slice:
    """The starts of the runs of `size` clauses that touch these neighbouring clauses."""
    return slice(max(0, clauses[0] - size + 1), clauses[-1] + 1)


def parted(beads: list[Bead], gain: Matrix) -> list[Bead]:
    """The beads; those of as many clauses on both sides cut into pairs, where each clause is nearest to its opposite.

    It is enough that those of one side are, if every pair gains by itself. Read as one, two clauses and their two
    translations are closer than either pair, so that a search alone would keep them together. `gain` is that of every
    pair.
    """
    out: list[Bead] = []
    for ja, en in beads:
        if len(ja) == len(en) == 1:
            out.append((ja, en))
            continue
        own, opposite = gain[np.ix_(ja, en)], np.arange(len(ja))
        alike = [len(ja) == len(en) and bool((own.argmax(axis=axis) == opposite).all()) for axis in (0, 1)]
        apart = all(alike) or (any(alike) and bool((own.diagonal() > 0).all()))
        out += [((i,), (j,)) for i, j in zip(ja, en, strict=True)] if apart else [(ja, en)]
    return sorted(out)
