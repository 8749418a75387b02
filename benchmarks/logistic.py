"""Examples with named features → weights of a logistic regression, and how well they foretell texts left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

ROUNDS = 50


def newton(x: Array, y: Array, ridge: float) -> Array:
    """Weights by Newton's method with a ridge, which spares the first column: the bias. Rows of x are examples."""
    penalty = ridge * np.eye(x.shape[1])
    penalty[0, 0] = 0
    weights = np.zeros(x.shape[1])
    for _ in range(ROUNDS):
        p = predicted(weights, x)
        step = np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + penalty, x.T @ (y - p) - penalty @ weights)
        weights += np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-9:
            break
    return weights


def predicted(weights: Array, x: Array) -> Array:
    """Probabilities of the rows of x, whose first column is 1."""
    return np.asarray(1 / (1 + np.exp(-np.clip(x @ weights, -500, 500))))


def columns(examples: Sequence[Sequence[str]]) -> tuple[list[str], Array]:
    """The names of all features, and a row of ones and zeros for each example, the bias first."""
    names = sorted({name for features in examples for name in features})
    index = {name: number for number, name in enumerate(names, 1)}
    x = np.zeros((len(examples), len(names) + 1))
    x[:, 0] = 1
    for row, features in enumerate(examples):
        for name in features:
            x[row, index[name]] = 1
    return names, x
