"""Pairs with gold links to the weights of link scores: Settings.linked and Settings.alone.

    python benchmarks/calibrate_alignment.py DATA [--seeds 1,2,3] [--only 01,04]

DATA holds NAME.ja.txt, NAME.en.txt and NAME.gold.json: {"links": [[[ja lines], [en lines]], ...]}, non-empty lines
numbered from 0. Every pair is read as it is, with lines merged, dropped and moved, and with the English side of another
policy, of which every link is wrong. A link is right if its clauses, taken to lines and joined with the links that
share a line, are a gold link; a one-sided link is right if its lines have no counterpart in the gold.

The weights are printed, fitted on all pairs; the reliability table and the expected calibration error are those of
weights fitted on every second pair and tried on the others, so that no pair judges itself.
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from normalizer import Normalizer
from normalizer.align import Settings
from normalizer.align.beads import gain
from normalizer.align.score import bead_features, clause_features, parts_of
from normalizer.align.sides import side_of
from normalizer.align.solve import solve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from normalizer.model import Analysis

Array = NDArray[np.float64]
Line = tuple[tuple[int, ...], str]  # the lines of the file that it was made of, and its text
Lines = frozenset[tuple[str, int]]  # ("ja", 3) is the fourth line of the Japanese file
KINDS = {  # shares of lines merged, dropped, moved
    "published": (0.0, 0.0, 0.0),
    "merged": (0.15, 0.0, 0.0),
    "dropped": (0.15, 0.1, 0.0),
    "moved": (0.15, 0.1, 0.2),
}
RIDGE = 1.0  # keeps the weights small where features say the same
BINS = 10


@dataclass(frozen=True, slots=True)
class Pair:
    """A policy with its gold links, by line."""

    name: str
    ja: list[Line]
    en: list[Line]
    gold: list[Lines]


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of one link, and whether it is right."""

    name: str
    features: tuple[float, ...]
    right: bool


def load(folder: Path, only: tuple[str, ...]) -> list[Pair]:
    """The pairs of a folder, by name."""
    pairs = []
    for gold in sorted(folder.glob("*.gold.json")):
        name = gold.name.removesuffix(".gold.json")
        if name.startswith(only):
            links = json.loads(gold.read_text(encoding="utf-8"))["links"]
            groups = [frozenset([*(("ja", i) for i in ja), *(("en", j) for j in en)]) for ja, en in links]
            pairs.append(Pair(name, lines(folder / f"{name}.ja.txt"), lines(folder / f"{name}.en.txt"), groups))
    return pairs


def lines(path: Path) -> list[Line]:
    """The lines of a file that are not blank."""
    texts = [line for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    return [((k,), text) for k, text in enumerate(texts)]


def disturbed(pair: Pair, seed: int, merge: float, drop: float, move: float) -> Pair:
    """The pair with that share of lines merged, dropped and moved in blocks; its gold links stay those of the file."""
    rng = random.Random(f"{pair.name} {seed}")
    ja, en = list(pair.ja), list(pair.en)
    for _ in range(int(len(en) * move / 6)):
        start, size = rng.randrange(len(en)), rng.randint(3, 8)
        block = en[start : start + size]
        del en[start : start + size]
        place = rng.randint(0, len(en))
        en[place:place] = block
    sides = [[line for line in side if rng.random() >= drop / 2] for side in (ja, en)]
    merged = [list(run_together(side, glue, merge / 2, rng)) for side, glue in zip(sides, ("", " "), strict=True)]
    return Pair(pair.name, merged[0], merged[1], pair.gold)


def run_together(side: Iterable[Line], glue: str, share: float, rng: random.Random) -> Iterator[Line]:
    """The lines, some of them joined with the next."""
    held: Line | None = None
    for line in side:
        if held is not None:
            yield (*held[0], *line[0]), held[1] + glue + line[1].lstrip()
            held = None
        elif rng.random() < share:
            held = line
        else:
            yield line
    if held is not None:
        yield held


def cases(pair: Pair, normalizer: Normalizer, settings: Settings) -> tuple[list[Case], list[Case]]:
    """The links that the aligner finds, and the clauses that it leaves alone, each with its truth."""
    texts = ["\n".join(text for _, text in side) for side in (pair.ja, pair.en)]
    ja, en = (normalizer.analyze(text) for text in texts)
    left, right = side_of(ja, ""), side_of(en, " ")
    beads, readers, context = solve(left, right, normalizer.embedder, settings)
    pairs = gain(*context.singles, context)
    parts = [parts_of(bead, readers, context) for bead in beads]
    owners = owned(ja, left.index, pair.ja, "ja"), owned(en, right.index, pair.en, "en")

    def of(bead: tuple[tuple[int, ...], tuple[int, ...]]) -> Lines:
        return frozenset().union(*(owners[0][i] for i in bead[0]), *(owners[1][j] for j in bead[1]))

    present = frozenset().union(*owners[0], *owners[1])
    gold = joined([*(group & present for group in pair.gold), *owners[0], *owners[1]])
    found = joined([of(bead) for bead in beads])
    linked = [
        Case(pair.name, features, any(of(bead) <= group and group in gold for group in found))
        for bead, features in zip(beads, bead_features(beads, parts, pairs, settings), strict=True)
    ]
    one_sided = {line for group in gold if len({side for side, _ in group}) == 1 for line in group}
    alone = [Case(pair.name, features, of(bead) <= one_sided) for bead, features in clause_features(beads, pairs)]
    return linked, alone


def owned(analysis: Analysis, index: Sequence[int], side: Sequence[Line], name: str) -> list[Lines]:
    """For each clause the lines of the file that it covers by half of the line or of the clause."""
    spans, start = [], 0
    for ids, text in side:
        spans.append((start, start + len(text), ids))
        start += len(text) + 1
    out = []
    for k in index:
        clause = analysis.clauses[k]
        size = clause.end - clause.start
        own: list[int] = []
        for a, b, numbers in spans:
            overlap = min(b, clause.end) - max(a, clause.start)
            if overlap > 0 and (2 * overlap >= b - a or 2 * overlap >= size):
                own += numbers
        out.append(frozenset((name, i) for i in own))
    return out


def joined(groups: Iterable[Lines]) -> list[Lines]:
    """The groups, those that share a line made one."""
    out: list[Lines] = []
    for group in groups:
        touching = [other for other in out if other & group]
        out = [other for other in out if not other & group]
        if group:
            out.append(group.union(*touching))
    return out


def fitted(found: Sequence[Case]) -> Array:
    """Weights of a logistic regression, the bias first: Newton's method with a ridge."""
    x = np.array([(1.0, *case.features) for case in found])
    y = np.array([case.right for case in found], dtype=float)
    ridge = RIDGE * np.eye(x.shape[1])
    ridge[0, 0] = 0
    weights = np.zeros(x.shape[1])
    for _ in range(50):
        p = predicted(weights, x)
        step = np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + ridge, x.T @ (y - p) - ridge @ weights)
        weights += np.clip(step, -5, 5)
    return weights


def predicted(weights: Array, x: Array) -> Array:
    """Probabilities of the rows of x, whose first column is 1."""
    return np.asarray(1 / (1 + np.exp(-np.clip(x @ weights, -500, 500))))


def judged(found: Sequence[Case]) -> list[tuple[float, bool]]:
    """Each case with the probability given by weights that were fitted on the other half of the pairs."""
    names = sorted({case.name for case in found})
    even = set(names[::2])
    out = []
    for half in (True, False):
        own = [case for case in found if (case.name in even) == half]
        others = [case for case in found if (case.name in even) != half]
        weights = fitted(others)
        out += [(float(predicted(weights, np.array([(1.0, *c.features)]))[0]), c.right) for c in own]
    return out


def report(name: str, found: Sequence[Case]) -> None:
    """Print the weights and the reliability table."""
    print(f"{name}: {len(found)} links, {sum(c.right for c in found)} right")
    print("  weights", tuple(round(float(w), 2) for w in fitted(found)))
    pairs = judged(found)
    error = 0.0
    for k in range(BINS):
        inside = [(p, y) for p, y in pairs if k <= p * BINS < k + 1 or (k == BINS - 1 and p == 1)]
        if inside:
            said, true = float(np.mean([p for p, _ in inside])), float(np.mean([y for _, y in inside]))
            error += abs(said - true) * len(inside) / len(pairs)
            print(f"  {k / BINS:.1f}-{(k + 1) / BINS:.1f}  said {said:.3f}  right {true:.3f}  of {len(inside)}")
    print(f"  expected calibration error {error:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--only", default="", help="comma-separated beginnings of names")
    args = parser.parse_args()
    normalizer, settings = Normalizer(), Settings()
    pairs = load(args.data, tuple(args.only.split(",")))
    linked: list[Case] = []
    alone: list[Case] = []
    for k, pair in enumerate(pairs):
        variants = [disturbed(pair, int(seed), *kind) for kind in KINDS.values() for seed in args.seeds.split(",")]
        variants.append(Pair(pair.name, pair.ja, pairs[(k + 1) % len(pairs)].en, []))
        for variant in variants:
            found = cases(variant, normalizer, settings)
            linked += found[0]
            alone += found[1]
    report("linked", linked)
    report("alone", alone)


if __name__ == "__main__":
    main()
