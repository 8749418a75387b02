"""Features of clauses and their categories → weights, the same on every machine.

Multinomial logistic regression, fitted by stochastic gradients with a step size of its own for each weight (Duchi,
Hazan and Singer 2011, AdaGrad), averaged over the second half of the passes. Every operation is one that IEEE 754
rounds exactly, in a fixed order: the exponential is built from products, sums run over rows, and no library routine
that differs between processors is called.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

PASSES, STEP, SHRINK = 4, 0.25, 0.003
SEEDS = (1, 2, 3)  # orders of the clauses whose weights are averaged: one order alone is a matter of luck


def fitted(
    data: Sequence[tuple[int, NDArray[np.int64], NDArray[np.float64]]], features: int, categories: int
) -> NDArray[np.float64]:
    """The weights, features × categories; `data` holds the category of each clause, its features and their amounts."""
    added = np.zeros((features, categories))
    for seed in SEEDS:
        added += _once(data, features, categories, random.Random(seed))
    return added / len(SEEDS)


def _once(
    data: Sequence[tuple[int, NDArray[np.int64], NDArray[np.float64]]],
    features: int,
    categories: int,
    chance: random.Random,
) -> NDArray[np.float64]:
    weights, added = np.zeros((features, categories)), np.zeros((features, categories))
    squares = np.full((features, categories), 0.01)
    order = list(range(len(data)))
    for turn in range(PASSES):
        chance.shuffle(order)
        for number in order:
            category, rows, amounts = data[number]
            mine = weights[rows]
            error = _softmax((amounts[:, None] * mine).sum(axis=0))
            error[category] -= 1
            slope = amounts[:, None] * error + SHRINK * mine
            squares[rows] += slope * slope
            weights[rows] = mine - STEP * slope / np.sqrt(squares[rows])
        if turn >= PASSES // 2:
            added += weights
    return added / (PASSES - PASSES // 2)


def _softmax(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shares that add up to 1; the exponential as the 1024th power of 1 + x/1024."""
    powers = 1 + np.maximum(sums - sums.max(), -512.0) / 1024
    for _ in range(10):
        powers = powers * powers
    total = 0.0
    for power in powers.tolist():
        total += power
    shares: NDArray[np.float64] = powers / total
    return shares
