"""Pairs with gold links to the weights of alignment: Settings.adopt, .versions, .linked and .alone.

    python -m benchmarks.calibrate_alignment [DATA] [--seeds 1,2,3] [--tune 01,04] [--only versions,linked,alone]

DATA holds NAME.ja.txt, NAME.en.txt and NAME.gold.json: {"links": [[[ja lines], [en lines]], ...]}, non-empty lines
numbered from 0; only its half `tune` is read (manifest.csv, else the names that --tune begins). Every pair is read as
published, in every perturbation of the benchmark, with each change of an adapted version by itself, and with the
English side of every other policy, of which every link is wrong. From all of these is learned which offers are right,
and whether two texts are versions of each other; from the settings of the benchmark all that follows if they are. An
offer is right if a line of the clause and one of the bead's other side are in one gold link. A link is right if its
clauses, taken to lines and joined with the links that share a line, are a gold link; a one-sided link is right if its
lines have no counterpart in the gold.

The four are fitted in turn, each with the weights found before it. The weights are printed, fitted on all pairs; the
reliability table and the expected calibration error are those of weights fitted on every second policy and tried on the
others, so that no policy judges itself.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from benchmarks.aligning.adapted import CHANGES, SETTINGS
from benchmarks.aligning.aligners import Remembering, Scored
from benchmarks.aligning.pairs import Pair, load
from benchmarks.aligning.quality import calibration_error, judged, perturbed, reliability
from benchmarks.logistic import newton, predicted
from normalizer import Normalizer
from normalizer.align import Settings
from normalizer.align.evidence import total
from normalizer.align.orphans import offers, with_orphan
from normalizer.align.score import bead_features, clause_features, pair_features, parts_of, probability
from normalizer.align.sides import side_of
from normalizer.align.solve import drafted, solve
from normalizer.score import LineLink, _lines, _touched

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from normalizer.align.chains import Bead
    from normalizer.align.orphans import Offer
    from normalizer.align.score import Features
    from normalizer.align.stretches import Question
    from normalizer.embed import Embedder
    from normalizer.model import Analysis

Array = NDArray[np.float64]
ROOT = Path(__file__).parents[1]
UNRELATED = "unrelated"
RIDGE = 0.1  # keeps the weights small where features say the same
ROUNDS = 6  # of adoption, in which a long list is gathered clause by clause


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of one offer or link, and whether it is right."""

    name: str
    features: tuple[float, ...]
    right: bool


@dataclass(frozen=True, slots=True)
class Example:
    """A pair of texts, both sides analysed."""

    name: str
    setting: str
    pair: Pair
    ja: Analysis
    en: Analysis

    def lines(self, index: Sequence[Sequence[int]]) -> tuple[list[set[int]], list[set[int]]]:
        """The lines of each clause that takes part, for both sides; `index` are the positions in the analyses."""
        out = []
        for analysis, own in zip((self.ja, self.en), index, strict=True):
            spans = _lines(analysis.document.text)
            clauses = [analysis.clauses[i] for i in own]
            out.append([set(_touched(spans, [(clause.start, clause.end)])) for clause in clauses])
        return out[0], out[1]


def examples(pairs: Sequence[Pair], seeds: Sequence[int], normalizer: Normalizer) -> Iterator[Example]:
    """Every pair in every setting and with every change of an adapted version, and with others' English sides."""
    for setting in CHANGES:
        for pair in perturbed(pairs, setting, seeds if setting != "published" else seeds[:1]):
            yield Example(pair.name, setting, pair, *(normalizer.analyze(text) for text in pair.texts()))
    sides = [tuple(normalizer.analyze(text) for text in pair.texts()) for pair in pairs]
    for pair, (ja, _) in zip(pairs, sides, strict=True):
        for other, (_, en) in zip(pairs, sides, strict=True):
            if other is not pair:
                yield Example(pair.name, UNRELATED, Pair(pair.name, pair.half, pair.ja, other.en, ()), ja, en)


def offered(example: Example, embedder: Embedder, settings: Settings) -> Iterator[tuple[str, Case]]:
    """The offers of left-over clauses, for `ask` whether meanings speak for them; after each round the right ones are
    accepted, one a bead."""
    left, right = side_of(example.ja, ""), side_of(example.en, " ")
    beads, readers, context, parts = drafted(left, right, embedder, replace(settings, hope=0.0))
    pairs = total(parts)
    lines = example.lines((left.index, right.index))
    gold = [{(k, i) for k in (0, 1) for i in link[k]} for link in example.pair.gold()]
    known: dict[Question, Features] = {}
    for _ in range(ROUNDS):
        wider: dict[Bead, Offer] = {}
        for offer in offers(beads, readers, context, pairs, known):
            own, side = lines[offer.side][offer.orphan], offer.side
            mine, others = (set().union(*(lines[k][i] for i in offer.bead[k])) for k in (side, 1 - side))
            if own & mine:
                continue  # in one line with the bead's own clauses: the gold cannot tell
            here, there = {(side, i) for i in own}, {(1 - side, j) for j in others}
            right_one = any(here & link and there & link for link in gold)
            yield "adopt", Case(example.name, offer.features, right_one)
            yield "ask", Case(example.name, offer.places, offer.chance >= settings.adoption)
            placed = {(done.side, done.orphan) for done in wider.values()}
            if right_one and offer.bead not in wider and (side, offer.orphan) not in placed:
                wider[offer.bead] = offer
        if not wider:
            return
        beads = [with_orphan(wider[bead]) if bead in wider else bead for bead in beads]


def linked(example: Example, embedder: Embedder, settings: Settings) -> tuple[list[Case], list[Case], list[Case]]:
    """The pair as a whole, the links that the aligner finds in it, and the clauses that it leaves alone."""
    left, right = side_of(example.ja, ""), side_of(example.en, " ")
    solved = solve(left, right, embedder, settings)
    lines = example.lines((left.index, right.index))
    features = bead_features(solved, [parts_of(bead, solved) for bead in solved.beads])
    whole = pair_features(features, solved)
    versions = probability(whole, settings.versions)
    scores = {b: versions * probability(x, settings.linked) for b, x in zip(solved.beads, features, strict=True)}
    kept = [bead for bead, score in scores.items() if score >= settings.least]
    alone = clause_features(kept, {bead: scores[bead] for bead in scores if bead not in kept}, features, solved)

    def of(bead: Bead) -> LineLink:
        ja, en = (sorted(set().union(*(lines[k][i] for i in bead[k]))) for k in (0, 1))
        return tuple(ja), tuple(en)

    gold = example.pair.gold()
    two = judged([Scored(of(bead), 0.0) for bead in solved.beads], gold)
    one = judged([Scored(of(bead), 0.0) for bead in [*kept, *(bead for bead, _ in alone)]], gold)[len(kept) :]
    return (
        [Case(example.name, whole, bool(gold))],
        [Case(example.name, x, ok) for x, (_, ok) in zip(features, two, strict=True)],
        [Case(example.name, x, ok) for (_, x), (_, ok) in zip(alone, one, strict=True)],
    )


def fitted(found: Sequence[Case]) -> Array:
    """Weights of a logistic regression, the bias first."""
    x = np.array([(1.0, *case.features) for case in found])
    return newton(x, np.array([case.right for case in found], dtype=float), RIDGE)


def crossed(found: Sequence[Case]) -> list[tuple[float, bool]]:
    """Each case with the probability given by weights that were fitted on the other half of the policies."""
    names = sorted({case.name for case in found})
    even = set(names[::2])
    out = []
    for half in (True, False):
        own = [case for case in found if (case.name in even) == half]
        others = [case for case in found if (case.name in even) != half]
        if own and others:
            chances = predicted(fitted(others), np.array([(1.0, *case.features) for case in own]))
            out += [(float(p), case.right) for p, case in zip(chances, own, strict=True)]
    return out


def report(name: str, found: Sequence[Case]) -> tuple[float, ...]:
    """Print the weights and the reliability table; give the weights."""
    weights = tuple(round(float(w), 2) for w in fitted(found))
    pairs = crossed(found)
    print(f"{name}: {len(found)} cases, {sum(case.right for case in found)} right")
    print(f"  {name}: tuple[float, ...] = {weights}")
    print(f"  expected calibration error {calibration_error(pairs):.3f}\n{reliability(pairs)}", flush=True)
    return weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?", default=ROOT / "corpus")
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--tune", default="", help="starts of the names that make the half `tune`, without a manifest")
    parser.add_argument("--only", default="adopt,ask,linked,alone")
    args = parser.parse_args()
    normalizer, settings, embedder = Normalizer(), Settings(), Remembering()
    tune = tuple(args.tune.split(",")) if args.tune else ()
    pairs = [pair for pair in load(args.data, tune, normalizer) if pair.half == "tune"]
    found = list(examples(pairs, [int(seed) for seed in args.seeds.split(",")], normalizer))
    if "adopt" in args.only:
        offers = [case for x in found for case in offered(x, embedder, settings)]
        settings = replace(settings, adopt=report("adopt", [case for kind, case in offers if kind == "adopt"]))
    if "ask" in args.only:
        offers = [case for x in found for case in offered(x, embedder, settings)]
        settings = replace(settings, ask=report("ask", [case for kind, case in offers if kind == "ask"]))
    for step, name in enumerate(("versions", "linked", "alone")):
        if name in args.only:
            own = [example for example in found if name == "versions" or example.setting in SETTINGS]
            cases = [case for x in own for case in linked(x, embedder, settings)[step]]
            settings = replace(settings, **{name: report(name, cases)})


if __name__ == "__main__":
    main()
