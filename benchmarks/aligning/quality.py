"""Pairs to strict and pair F1 of each aligner in each setting, and to the reliability of this library's scores."""

from __future__ import annotations

import statistics
from collections import defaultdict
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from benchmarks.aligning.adapted import CHANGES, SETTINGS
from benchmarks.aligning.aligners import Remembering, aligners
from benchmarks.aligning.document import table
from normalizer.score import Count, LineLink, _joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from benchmarks.aligning.aligners import Found, Scored
    from benchmarks.aligning.pairs import Pair
    from normalizer import Normalizer

BANDS = 10
TIMED = ("published", "moved")


@dataclass(slots=True)
class Quality:
    """What was counted: F1 by (half, setting, aligner) and judged scores by (half, one or two sides)."""

    strict: dict[tuple[str, str, str], Count] = field(default_factory=lambda: defaultdict(Count))
    pair: dict[tuple[str, str, str], Count] = field(default_factory=lambda: defaultdict(Count))
    scores: dict[tuple[str, str], list[tuple[float, bool]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, pair: Pair, setting: str, aligner: str, found: Found) -> None:
        """One run of one aligner on one pair."""
        gold, key = pair.gold(), (pair.half, setting, aligner)
        cells = [{(i, j) for ja, en in links for i in ja for j in en} for links in (gold, found.links)]
        self.strict[key].add(len(gold & found.links), len(gold), len(found.links))
        self.pair[key].add(len(cells[0] & cells[1]), len(cells[0]), len(cells[1]))
        for entry, case in zip(found.scored, judged(found.scored, gold), strict=True):
            self.scores[pair.half, "two" if all(entry.link) else "one"].append(case)


def measure(pairs: Sequence[Pair], seeds: Sequence[int], normalizer: Normalizer, alone: bool = False) -> Quality:
    """Every aligner (this library's alone, if so asked) on every pair in every setting, with each seed.

    The published texts are measured once.
    """
    quality, embedder = Quality(), Remembering()
    chosen = list(aligners(normalizer).items())[: 1 if alone else None]
    for setting in SETTINGS:
        for pair in perturbed(pairs, setting, seeds if setting != "published" else seeds[:1]):
            for name, aligner in chosen:
                quality.add(pair, setting, name, aligner(pair, embedder))
    return quality


def perturbed(pairs: Sequence[Pair], setting: str, seeds: Sequence[int]) -> Iterator[Pair]:
    """The pairs in a setting; the k-th is drawn with seed + k. A pair is interleaved with the next of its half."""
    for seed in seeds:
        for k, pair in enumerate(pairs):
            half = [other for other in pairs if other.half == pair.half]
            other = half[(half.index(pair) + 1) % len(half)]
            yield CHANGES[setting](pair, other, Random(seed + k))


def judged(scored: Sequence[Scored], gold: set[LineLink]) -> list[tuple[float, bool]]:
    """The score of each link, and whether it is right.

    A link with two sides is right if it, joined with the links that share a line with it, is a gold link; a link with
    one side is right if none of its lines is in a gold link.
    """
    group = {("ja", i): whole for whole in _joined(entry.link for entry in scored) for i in whole[0]}
    linked = {(side, i) for link in gold for side, places in zip(("ja", "en"), link, strict=True) for i in places}
    out = []
    for entry in scored:
        ja, en = entry.link
        if ja and en:
            out.append((entry.score, group["ja", ja[0]] in gold))
        else:
            out.append((entry.score, linked.isdisjoint([*(("ja", i) for i in ja), *(("en", j) for j in en)])))
    return out


def halves(pairs: Sequence[Pair]) -> list[str]:
    """The halves there are: tune first."""
    return sorted({pair.half for pair in pairs}, reverse=True)


def f1_tables(quality: Quality, pairs: Sequence[Pair], names: Sequence[str]) -> str:
    """One table a half: a row a setting, a column an aligner, "strict / pair" in each cell."""
    out = []
    for half in halves(pairs):
        policies = ", ".join(pair.name for pair in pairs if pair.half == half)
        out.append(f"Half `{half}`: {policies}.\n")
        rows = [[setting, *(cell(quality, (half, setting, name)) for name in names)] for setting in SETTINGS]
        out.append(table(["setting", *names], rows))
    return "\n".join(out)


def cell(quality: Quality, key: tuple[str, str, str]) -> str:
    """Strict and pair F1."""
    return f"{quality.strict[key].f1:.3f} / {quality.pair[key].f1:.3f}"


def reliability_tables(quality: Quality, pairs: Sequence[Pair]) -> str:
    """One table a half: the links by tenths of the score; above it the expected calibration errors."""
    out = []
    for half in halves(pairs):
        two, one = quality.scores[half, "two"], quality.scores[half, "one"]
        errors = [f"{calibration_error(cases):.3f}" for cases in (two + one, two, one)]
        out.append(
            f"Half `{half}`: {len(two + one):,} links, expected calibration error {errors[0]}; "
            f"{len(two):,} with two sides, {errors[1]}; {len(one):,} with one side, {errors[2]}.\n"
        )
        rows = [
            [f"{k / BANDS:.1f} to {(k + 1) / BANDS:.1f}", *row(left), *row(right)]
            for k, (left, right) in enumerate(zip(bands(two), bands(one), strict=True))
            if left or right
        ]
        head = ["score", "two sides: mean score", "share right", "links"]
        out.append(table([*head, "one side: mean score", "share right", "links"], rows))
    return "\n".join(out)


def reliability(cases: Sequence[tuple[float, bool]]) -> str:
    """The cases by tenths of the score, as plain lines."""
    named = [(f"  {k / BANDS:.1f} to {(k + 1) / BANDS:.1f}", row(band)) for k, band in enumerate(bands(cases)) if band]
    return "\n".join(f"{name}  said {said}  right {right}  of {count}" for name, (said, right, count) in named)


def row(band: Sequence[tuple[float, bool]]) -> list[str]:
    """Mean score, share right and count."""
    if not band:
        return ["", "", "0"]
    return [f"{mean(score for score, _ in band):.3f}", f"{mean(right for _, right in band):.3f}", f"{len(band):,}"]


def bands(cases: Iterable[tuple[float, bool]]) -> list[list[tuple[float, bool]]]:
    """The cases by tenths of the score, lowest first."""
    out: list[list[tuple[float, bool]]] = [[] for _ in range(BANDS)]
    for score, right in cases:
        out[min(BANDS - 1, int(score * BANDS))].append((score, right))
    return out


def calibration_error(cases: Sequence[tuple[float, bool]]) -> float:
    """Mean distance between score and share right over the tenths, weighted by their links (Naeini et al. 2015)."""
    far = [abs(mean(s for s, _ in band) - mean(r for _, r in band)) * len(band) for band in bands(cases) if band]
    return sum(far) / len(cases) if cases else 0.0


def mean(values: Iterable[float]) -> float:
    """The arithmetic mean."""
    return statistics.fmean(values)


def time_table(pairs: Sequence[Pair], seed: int, normalizer: Normalizer) -> str:
    """Median seconds of the processor a pair, every vector encoded anew; and the ratio to this library."""
    seconds: dict[tuple[str, str], list[float]] = defaultdict(list)
    embedder = normalizer.embedder
    embedder.encode(["warm"])
    for setting in TIMED:
        for pair in perturbed(pairs, setting, [seed]):
            for name, aligner in aligners(normalizer).items():
                seconds[setting, name].append(aligner(pair, embedder).seconds)
    names = list(aligners(normalizer))
    rows = []
    for setting in TIMED:
        medians = [statistics.median(seconds[setting, name]) for name in names]
        rows.append([setting, *(f"{value:.3f} ({value / medians[0]:.2f})" for value in medians)])
    return table(["setting", *names], rows)
