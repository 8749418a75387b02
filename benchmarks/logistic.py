"""Examples with features → weights of a logistic regression."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_array

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


def sparse(rows: Sequence[Sequence[int]], right: Sequence[bool], width: int, ridge: float) -> Array:
    """Weights by L-BFGS (Liu and Nocedal 1989) with a ridge, which spares column 0: the bias.

    rows: for each example the columns, of `width`, that are 1; the others are 0. The optimum is unique, and approached
    until weights rounded to hundredths are those of the optimum.
    """
    lengths = np.array([len(row) for row in rows])
    indices = np.fromiter((column for row in rows for column in row), dtype=np.int32, count=int(lengths.sum()))
    starts = np.concatenate(([0], np.cumsum(lengths)))
    x = csr_array((np.ones(len(indices)), indices, starts), shape=(len(rows), width))
    signs = np.where(np.array(right), 1.0, -1.0)
    spared = np.full(width, ridge)
    spared[0] = 0

    def loss(weights: Array) -> tuple[float, Array]:
        margins = signs * (x @ weights)
        slopes = -signs / (1 + np.exp(np.minimum(margins, 500)))
        value = np.logaddexp(0, -margins).sum() + (spared * weights * weights).sum() / 2
        return float(value), np.asarray(x.T @ slopes + spared * weights)

    options = {"maxiter": 2000, "maxfun": 4000, "gtol": 1e-6, "ftol": 0.0, "maxcor": 20}
    return np.asarray(minimize(loss, np.zeros(width), jac=True, method="L-BFGS-B", options=options).x)
