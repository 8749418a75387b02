"""Beads to links: each with the probability that it is right, and the evidence that spoke for and against it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from normalizer.align.evidence import Context, evidence
from normalizer.model import Link

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from normalizer.align.chains import Bead
    from normalizer.align.groups import Matrix
    from normalizer.align.solve import Solved

Features = tuple[float, ...]
MANY = 4  # clauses beyond which more make no difference
TINY = 1e-5
FEW, USUAL = 3, 6.0  # pairs of clauses too few to tell two policies from two versions of one; the gain of such pairs
FAR = 10.0  # a gain beyond which more makes no difference


def links_of(solved: Solved) -> list[Link]:
    """A link for each bead that is probable enough, and one for each clause that is in none, in no order.

    The probability of a link is that of the two texts being versions of each other, times that of the link if they are.
    """
    context, s = solved.context, solved.context.settings
    wide = [(k, i) for bead in solved.beads if sum(map(len, bead)) > 2 for k in (0, 1) for i in bead[k]]
    solved.readers[0].embedder.encode([solved.readers[k].side.texts[i] for k, i in wide])  # in one batch
    parts = [parts_of(bead, solved) for bead in solved.beads]
    features = bead_features(solved, parts)
    versions = probability(pair_features(features, solved), s.versions)
    kept: dict[Bead, Link] = {}
    lost: dict[Bead, Link] = {}
    for bead, own, found in zip(solved.beads, parts, features, strict=True):
        score = versions * probability(found, s.linked)
        (kept if score >= s.least else lost)[bead] = link(bead, score, own | {"position": found[2]}, context)
    out = list(kept.values())
    for bead, found in clause_features(list(kept), {bead: lost[bead].score for bead in lost}, features, solved):
        score = 1 - versions * (1 - probability(found, s.alone))
        nearest = best(solved.pairs[list(bead[0]), :] if bead[0] else solved.pairs[:, list(bead[1])])
        out.append(link(bead, score, {"nearest": nearest}, context))
    return out


def link(bead: Bead, score: float, parts: dict[str, float], context: Context) -> Link:
    """The link of a bead; positions on the sides become positions in the analyses."""
    ja, en = tuple(context.ja.index[i] for i in bead[0]), tuple(context.en.index[j] for j in bead[1])
    evidence = tuple((name, round(value, 3)) for name, value in parts.items() if round(value, 3))
    return Link(ja, en, round(score, 4), evidence)


def parts_of(bead: Bead, solved: Solved) -> dict[str, float]:
    """The gain of each kind of evidence for a bead, whatever its shape."""
    if len(bead[0]) == len(bead[1]) == 1:
        i, j = bead[0][0], bead[1][0]
        return {name: float(value[i, j]) for name, value in solved.evidence.items()}
    sides = zip(solved.readers, bead, solved.context.singles, strict=True)
    ja, en = (reader.group(members, singles) for reader, members, singles in sides)
    return {name: float(value[0, 0]) for name, value in evidence(ja, en, solved.context).items()}


def probability(features: Sequence[float], weights: Sequence[float]) -> float:
    """The logistic function of the weighted features; the first weight stands alone."""
    return 1 / (1 + math.exp(-weights[0] - sum(w * x for w, x in zip(weights[1:], features, strict=True))))


def bead_features(solved: Solved, parts: list[dict[str, float]]) -> list[Features]:
    """What tells right beads from wrong ones; benchmarks/calibrate_alignment.py finds how much.

    The gain; its lead over the best rival; how many neighbours (0 to 2) are linked with its neighbours; clauses beyond
    two; the chance of the best offer of a clause that was left out of it, and its log-odds, which are lowest where
    nothing was offered.
    """
    beads, pairs, extra = solved.beads, solved.pairs, solved.context.settings.extra
    where = {("ja", i): k for k, bead in enumerate(beads) for i in bead[0]}
    where |= {("en", j): k for k, bead in enumerate(beads) for j in bead[1]}
    wanted: dict[Bead, float] = {}
    for offer in solved.refused:
        wanted[offer.bead] = max(offer.chance, wanted.get(offer.bead, 0.0))
    out: list[Features] = []
    for (ja, en), part in zip(beads, parts, strict=True):
        more = min(len(ja) + len(en) - 2, MANY)
        own = within(sum(part.values()) - extra * more)
        before = where.get(("ja", ja[0] - 1), -1), where.get(("en", en[0] - 1), -1)
        after = where.get(("ja", ja[-1] + 1), -1), where.get(("en", en[-1] + 1), -1)
        support = float(sum(x == y and x >= 0 for x, y in (before, after)))
        lead = within(own - rival(ja, en, pairs))
        chance = wanted.get((ja, en), 0.0)
        out.append((own, lead, support, float(more), chance, log_odds(chance)))
    return out


def pair_features(beads: list[Features], solved: Solved) -> Features:
    """What tells two versions of one policy from two policies: `beads` are the features of each bead.

    The share of both texts that is linked, in characters; and the mean gain of the beads of two clauses, each distinct
    pair of texts once, with a few of the gain that is usual between versions: of a few clauses nothing is said. Beads
    of more clauses gain little where one side condenses the other. Versions may order and number their clauses
    otherwise, and each may have many that the other lacks: so neither order nor the count of clauses is asked.
    """
    sides = solved.context.ja, solved.context.en
    shares = [
        float(side.lengths[[i for bead in solved.beads for i in bead[k]]].sum() / max(1.0, side.lengths.sum()))
        for k, side in enumerate(sides)
    ]
    gains = {
        (sides[0].texts[ja[0]], sides[1].texts[en[0]]): own
        for (ja, en), (own, *_) in zip(solved.beads, beads, strict=True)
        if len(ja) == len(en) == 1
    }
    return sum(shares) / 2, (sum(gains.values()) + FEW * USUAL) / (len(gains) + FEW)


def within(gain: float) -> float:
    """The gain, held between -FAR and FAR."""
    return max(-FAR, min(FAR, gain))


def rival(ja: tuple[int, ...], en: tuple[int, ...], pairs: Matrix) -> float:
    """The best gain of a clause of the bead with a clause outside it; -FAR if there is none."""
    rows, cols = pairs[list(ja)].copy(), pairs[:, list(en)].copy()
    rows[:, list(en)] = -FAR
    cols[list(ja)] = -FAR
    return float(max(rows.max(initial=-FAR), cols.max(initial=-FAR)))


def clause_features(
    beads: list[Bead], lost: dict[Bead, float], features: list[Features], solved: Solved
) -> list[tuple[Bead, Features]]:
    """For each clause in no bead what tells whether it truly has no counterpart.

    Its best gain with any clause that is also in none; the chance, in log-odds, that it belongs to a bead (`lost` are
    the beads that were too improbable, with their scores); whether it is a heading; the log of its length; whether the
    clauses before and after it are linked with two that stand next to each other; whether it shares a line with one
    that is linked; whether its parent too is in none; whether no bead was near or like enough to be offered it; its
    best gain with any clause, linked or not; whether none is left over opposite, between its linked neighbours. Then of
    the pair of texts: the share of its side's clauses that are in none; the mean gain of its beads, of which `features`
    are those of all; the share of beads of more than two clauses, which is high where one side condenses and a clause
    without a link has been folded into another.
    """
    pairs, context = solved.pairs, solved.context
    shape = pairs.shape
    chance = {(k, i): score for bead, score in lost.items() for k in (0, 1) for i in bead[k]}
    for offer in solved.refused:
        key = offer.side, offer.orphan
        chance[key] = max(offer.chance, chance.get(key, 0.0))
    holder = [{i: bead for bead in beads for i in bead[k]} for k in (0, 1)]
    free = [np.array([i not in holder[k] for i in range(shape[k])], dtype=bool) for k in (0, 1)]
    usual = sum(own for own, *_ in features) / max(1, len(features))
    wide = sum(len(ja) + len(en) > 2 for ja, en in beads) / max(1, len(beads))
    out: list[tuple[Bead, Features]] = []
    for k, gains in ((0, pairs), (1, pairs.T)):
        whole = filled(k, holder, free)
        for i in map(int, np.flatnonzero(free[k])):
            odds = within(log_odds(chance.get((k, i), 0.0)))
            size = math.log(1 + float(context.singles[k].lengths[i]))
            head = float(context.singles[k].heading[i] == 1)
            own = context.ja if k == 0 else context.en
            inside = float(any(j in holder[k] and own.line[j] == own.line[i] for j in (i - 1, i + 1)))
            apart = float(own.parent[i] >= 0 and free[k][own.parent[i]])
            found = (best(gains[i][free[1 - k]]), odds, head, size, tight(i, k, holder), inside, apart)
            alike = float((k, i) not in chance), best(gains[i]), whole[i]
            many = float(free[k].mean())
            out.append((((i,), ()) if k == 0 else ((), (i,)), (*found, *alike, many, usual, wide)))
    return out


def tight(clause: int, side: int, holder: list[dict[int, Bead]]) -> float:
    """1 if the clauses before and after are linked with clauses between which there is none; else 0."""
    before, after = holder[side].get(clause - 1), holder[side].get(clause + 1)
    return float(bool(before and after and before[1 - side][-1] + 1 == after[1 - side][0]))


def filled(side: int, holder: list[dict[int, Bead]], free: list[NDArray[np.bool_]]) -> list[float]:
    """For each clause of a side: 1 if what its nearest linked clauses before and after are linked with stands in the
    same order, and nothing between is left over."""
    size, other = len(free[side]), len(free[1 - side])
    starts, stops, start, stop = [], [], 0, other
    for i in range(size):
        starts.append(start)
        start = holder[side][i][1 - side][-1] + 1 if i in holder[side] else start
    for i in reversed(range(size)):
        stops.append(stop)
        stop = holder[side][i][1 - side][0] if i in holder[side] else stop
    left = [0, *map(int, np.cumsum(free[1 - side]))]
    return [float(a <= b and left[a] == left[b]) for a, b in zip(starts, reversed(stops), strict=True)]


def log_odds(chance: float) -> float:
    """The log of the odds; finite for 0 and 1."""
    held = min(max(chance, TINY), 1 - TINY)
    return math.log(held / (1 - held))


def best(gains: Matrix) -> float:
    """The best of some gains."""
    return within(float(gains.max(initial=-FAR)))
