"""Examples of known sense, with what stands around them → weights of cues: a form's own and those that forms share.

A multinomial logistic regression with a ridge (Berger, Della Pietra and Della Pietra 1996). What speaks for a concept
is taken to be much the same whatever the word: a police officer makes 開示 and "disclose" a provision alike. So each
cue has a weight for the concept in all forms of a language, a class of words one in both languages, and the form adds
what is its own (Evgeniou and Pontil 2004). Fitted by descent with momentum (Nesterov 1983).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    Step = Callable[[NDArray[np.float64]], NDArray[np.float64]]

OF_FORM = {"class": 2.0, "word": 8.0, "beside": 2.0}  # how dear a weight is that only one form has,
SHARED = {"class": 1.0, "word": 4.0}  # and one that forms share
STEPS = 300
POWERS = 15  # rounds that find the steepest slope

Feature = tuple[str, str]  # a cue and the scope in which it stands
Key = tuple[str, str, str, str, str]  # language, form, concept, cue, scope; no form: shared; no language: by both
Weights = dict[Key, float]


@dataclass(frozen=True, slots=True)
class Group:
    """A form with several senses."""

    language: str
    form: str  # the cell of senses.csv
    senses: tuple[str, ...]
    kinds: Mapping[str, str]  # cue → "class", "word" or "beside"

    def keys(self, concept: str, feature: Feature) -> Iterator[tuple[Key, float]]:
        """The weights that a cue has here, with their ridges."""
        kind = self.kinds[feature[0]]
        yield (self.language, self.form, concept, *feature), OF_FORM[kind]
        if kind in SHARED:
            both = kind == "class" and feature[1] == "clause"  # left and right differ between the languages
            yield ("" if both else self.language, "", concept, *feature), SHARED[kind]

    def weight(self, weights: Weights, concept: str, feature: Feature) -> float:
        """What a cue says for a concept in all."""
        return sum(weights.get(key, 0.0) for key, _ in self.keys(concept, feature))


@dataclass(frozen=True, slots=True)
class Seen:
    """One example: its form, the senses that it may be said to have, what stands around it, and what it counts."""

    group: Group
    right: frozenset[str]
    features: Mapping[Feature, float]
    count: float


@dataclass(slots=True)
class _Problem:
    """All examples as sparse rows, one for each sense that an example might have."""

    numbers: dict[Key, int] = field(default_factory=dict)
    ridges: list[float] = field(default_factory=list)
    cells: tuple[list[int], list[int], list[float]] = field(default_factory=lambda: ([], [], []))  # row, weight, value
    firsts: list[int] = field(default_factory=list)  # row → the example that it is of
    truth: list[float] = field(default_factory=list)
    counts: list[float] = field(default_factory=list)  # by row

    def add(self, number: int, seen: Seen) -> None:
        right = [sense for sense in seen.group.senses if sense in seen.right]
        for sense in seen.group.senses:
            row = len(self.firsts)
            for feature, value in seen.features.items():
                for key, ridge in seen.group.keys(sense, feature):
                    place = self.numbers.setdefault(key, len(self.numbers))
                    if place == len(self.ridges):
                        self.ridges.append(ridge)
                    for column, cell in zip(self.cells, (row, place, value), strict=True):
                        column.append(cell)  # type: ignore[arg-type]
            self.firsts.append(number)
            self.truth.append(1 / len(right) if sense in right else 0.0)
            self.counts.append(seen.count)


def fit(examples: Sequence[Seen]) -> Weights:
    """The weights of all forms together; examples none of whose senses is right say nothing."""
    problem = _Problem()
    for number, seen in enumerate(one for one in examples if one.right & set(one.group.senses)):
        problem.add(number, seen)
    if not problem.numbers:
        return {}
    found = _descend(problem)
    return {key: float(found[place]) for key, place in problem.numbers.items()}


def _descend(problem: _Problem) -> NDArray[np.float64]:
    row, place, value = (np.array(column) for column in problem.cells)
    of, truth = np.array(problem.firsts), np.array(problem.truth)
    counts, ridge = np.array(problem.counts), np.array(problem.ridges)

    def up(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(row, weights=value * weights[place], minlength=len(of))

    def down(rows: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(place, weights=value * rows[row], minlength=len(ridge))

    rate = 1 / (_steepest(up, down, len(ridge)) * counts.max() / 2 + ridge.max())  # no step overshoots
    weights = ahead = np.zeros(len(ridge))
    pace = 1.0
    for _ in range(STEPS):
        sums = up(ahead)
        most = np.full(of[-1] + 1, -np.inf)
        np.maximum.at(most, of, sums)
        shares = np.exp(sums - most[of])
        shares /= np.bincount(of, weights=shares)[of]
        last, weights = weights, ahead - rate * (down((shares - truth) * counts) + ridge * ahead)
        last_pace, pace = pace, (1 + math.sqrt(1 + 4 * pace * pace)) / 2
        ahead = weights + (last_pace - 1) / pace * (weights - last)
    return weights


def _steepest(up: Step, down: Step, size: int) -> float:
    """The greatest eigenvalue, by powers."""
    vector, length = np.ones(size), 1.0
    for _ in range(POWERS):
        vector = down(up(vector))
        length = float(np.linalg.norm(vector))
        vector /= length
    return length
