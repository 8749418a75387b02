"""Beads to links: each with the probability that it is right, and the evidence that spoke for and against it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from normalizer.align.beads import gain
from normalizer.align.evidence import Context, evidence
from normalizer.model import Link

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normalizer.align.beads import Marks
    from normalizer.align.chains import Bead
    from normalizer.align.groups import Matrix, Reader
    from normalizer.align.settings import Settings

Features = tuple[float, ...]
FAR = 10.0  # a gain beyond which more makes no difference


def links_of(beads: list[Bead], readers: tuple[Reader, Reader], context: Context) -> list[Link]:
    """A link for each bead that is probable enough, and one for each clause that is in none, in no order."""
    s = context.settings
    pairs = gain(*context.singles, context)
    parts = [parts_of(bead, readers, context) for bead in beads]
    found: dict[Bead, Link] = {}
    for bead, own, features in zip(beads, parts, bead_features(beads, parts, pairs, s), strict=True):
        score = probability(features, s.linked)
        if score >= s.least:
            found[bead] = link(bead, score, own | {"position": features[2]}, context)
    for bead, features in clause_features(list(found), pairs):
        found[bead] = link(bead, probability(features, s.alone), {"nearest": features[0]}, context)
    return list(found.values())


def link(bead: Bead, score: float, parts: dict[str, float], context: Context) -> Link:
    """The link of a bead; positions on the sides become positions in the analyses."""
    ja, en = tuple(context.ja.index[i] for i in bead[0]), tuple(context.en.index[j] for j in bead[1])
    evidence = tuple((name, round(value, 3)) for name, value in parts.items() if round(value, 3))
    return Link(ja, en, round(score, 4), evidence)


def parts_of(bead: Bead, readers: tuple[Reader, Reader], context: Context) -> dict[str, float]:
    """The gain of each kind of evidence for a bead, whatever its shape."""
    ja, en = (reader.groups([group]) for reader, group in zip(readers, bead, strict=True))
    return {name: float(value[0, 0]) for name, value in evidence(ja, en, context).items()}


def probability(features: Sequence[float], weights: Sequence[float]) -> float:
    """The logistic function of the weighted features; the first weight stands alone."""
    return 1 / (1 + math.exp(-weights[0] - sum(w * x for w, x in zip(weights[1:], features, strict=True))))


def bead_features(
    beads: list[Bead], parts: list[dict[str, float]], pairs: Matrix, settings: Settings
) -> list[Features]:
    """What tells right beads from wrong ones; benchmarks/calibrate_alignment.py finds how much.

    The gain; its lead over the best rival; how many neighbours (0 to 2) are linked with its neighbours; clauses beyond
    two; the share of all clauses that are linked. `pairs` are the gains of all pairs of clauses.
    """
    where = {("ja", i): k for k, bead in enumerate(beads) for i in bead[0]}
    where |= {("en", j): k for k, bead in enumerate(beads) for j in bead[1]}
    coverage = len(where) / sum(pairs.shape)
    out: list[Features] = []
    for (ja, en), part in zip(beads, parts, strict=True):
        more = len(ja) + len(en) - 2
        own = within(sum(part.values()) - settings.extra * more)
        before = where.get(("ja", ja[0] - 1), -1), where.get(("en", en[0] - 1), -1)
        after = where.get(("ja", ja[-1] + 1), -1), where.get(("en", en[-1] + 1), -1)
        support = sum(x == y and x >= 0 for x, y in (before, after))
        out.append((own, within(own - rival(ja, en, pairs)), float(support), float(more), coverage))
    return out


def within(gain: float) -> float:
    """The gain, held between -FAR and FAR."""
    return max(-FAR, min(FAR, gain))


def rival(ja: tuple[int, ...], en: tuple[int, ...], pairs: Matrix) -> float:
    """The best gain of a clause of the bead with a clause outside it; -FAR if there is none."""
    rows, cols = pairs[list(ja)].copy(), pairs[:, list(en)].copy()
    rows[:, list(en)] = -FAR
    cols[list(ja)] = -FAR
    return float(max(rows.max(initial=-FAR), cols.max(initial=-FAR)))


def clause_features(beads: list[Bead], pairs: Matrix) -> list[tuple[Bead, Features]]:
    """For each clause in no bead: its best gain with any clause, with any that is also in none, the share linked."""
    free_ja, free_en = np.ones(pairs.shape[0], dtype=bool), np.ones(pairs.shape[1], dtype=bool)
    for ja, en in beads:
        free_ja[list(ja)] = False
        free_en[list(en)] = False
    coverage = 1 - (free_ja.sum() + free_en.sum()) / sum(pairs.shape)
    out: list[tuple[Bead, Features]] = []
    for i in np.flatnonzero(free_ja):
        out.append((((int(i),), ()), (*best(pairs[i], free_en), float(coverage))))
    for j in np.flatnonzero(free_en):
        out.append((((), (int(j),)), (*best(pairs[:, j], free_ja), float(coverage))))
    return out


def best(gains: Matrix, free: Marks) -> tuple[float, float]:
    """The best gain, and the best among the free."""
    return within(float(gains.max(initial=-FAR))), within(float(gains[free].max(initial=-FAR)))
