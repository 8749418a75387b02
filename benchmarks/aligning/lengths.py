"""The lengths of two lists of lines to their alignment: Gale and Church's programme.

W. A. Gale and K. W. Church, "A Program for Aligning Sentences in Bilingual Corpora", Computational Linguistics 19(1),
1993, with its priors and its variance; lengths in characters. The one thing fitted is the ratio of the two languages,
which the paper sets to 1 for European pairs: here it is that of the whole lengths of the two texts.
"""

from __future__ import annotations

from math import erfc, inf, log, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normalizer.score import LineLink

PRIORS = {(1, 1): 0.89, (1, 0): 0.0099, (0, 1): 0.0099, (2, 1): 0.089, (1, 2): 0.089, (2, 2): 0.011}  # table 5
VARIANCE = 6.8  # of the number of characters for each character of the other language
FARTHEST = 25.0  # the most that a misfit costs, in nats: the paper's BIG_DISTANCE of 2,500 hundredths


def by_length(ja: Sequence[str], en: Sequence[str]) -> list[LineLink]:
    """The links of least cost, in order, one-sided ones included. O(n m) steps."""
    left, right = [len(text.strip()) for text in ja], [len(text.strip()) for text in en]
    ratio = (sum(right) or 1) / (sum(left) or 1)
    best = {(0, 0): 0.0}
    step: dict[tuple[int, int], tuple[int, int]] = {}
    for i in range(len(left) + 1):
        for j in range(len(right) + 1):
            for a, b in PRIORS:
                before = best.get((i - a, j - b), inf)
                if before < inf:
                    total = before + cost(sum(left[i - a : i]), sum(right[j - b : j]), ratio) - log(PRIORS[a, b])
                    if total < best.get((i, j), inf):
                        best[i, j], step[i, j] = total, (a, b)
    return traced(step, len(left), len(right))


def cost(ja: int, en: int, ratio: float) -> float:
    """Minus the log probability that a translation differs in length by so much or more, in nats."""
    mean = (ja + en / ratio) / 2
    if not mean:
        return 0.0
    chance = erfc(abs((ja * ratio - en) / sqrt(VARIANCE * mean)) / sqrt(2))
    return min(FARTHEST, -log(chance)) if chance else FARTHEST


def traced(step: dict[tuple[int, int], tuple[int, int]], i: int, j: int) -> list[LineLink]:
    """The links on the way to cell (i, j)."""
    links = []
    while (i, j) in step:
        a, b = step[i, j]
        links.append((tuple(range(i - a, i)), tuple(range(j - b, j))))
        i, j = i - a, j - b
    return links[::-1]
