"""What a page counts → the geometry of its charts, in the units of their SVG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from normalizer.export.html.view import View

BAR = 190  # the length of the longest bar
PAIRED = 112  # … of the chart of categories, whose names are long
BINS = 10  # of the scores of links


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart: where it starts and how long it is, and what it counts."""

    key: str
    at: int  # across the direction of the bars
    length: float
    count: int


@dataclass(frozen=True, slots=True)
class Pair:
    """The two sides' bars of one category."""

    key: str
    at: int
    ja: Bar
    en: Bar


def category_bars(view: View, step: int = 19) -> tuple[Pair, ...]:
    """A pair of bars for each category, `step` units apart."""
    most = max((max(pair) for pair in view.categories.values()), default=0)
    return tuple(
        Pair(id, at, Bar("ja", at, _length(ja, most, PAIRED), ja), Bar("en", at + 7, _length(en, most, PAIRED), en))
        for at, (id, (ja, en)) in zip(range(0, 10**9, step), view.categories.items(), strict=False)
    )


def severity_bars(view: View, step: int = 26) -> tuple[Bar, ...]:
    """A bar for each severity."""
    return _bars(view.severities.items(), step)


def state_bars(view: View, step: int = 26) -> tuple[Bar, ...]:
    """A bar for each state of rows that occurs, in the order of the states."""
    order = ("aligned", "doubtful", "ja-only", "en-only", "furniture")
    return _bars([(state, view.states[state]) for state in order if view.states[state]], step)


def score_bars(view: View, height: int = 90) -> tuple[Bar, ...]:
    """A column for each tenth of the scores of links; a square root scale, so that a single one is still seen."""
    counts = [0] * BINS
    for row in view.rows:
        if row.state in ("aligned", "doubtful"):
            counts[min(int(row.score * BINS), BINS - 1)] += 1
    most = max(counts) or 1
    return tuple(
        Bar(f"{number / BINS:.1f}", number, round(height * (count / most) ** 0.5, 1), count)
        for number, count in enumerate(counts)
    )


def _bars(counts: Iterable[tuple[str, int]], step: int) -> tuple[Bar, ...]:
    rows: Sequence[tuple[str, int]] = list(counts)
    most = max((count for _, count in rows), default=0)
    return tuple(Bar(key, number * step, _length(count, most), count) for number, (key, count) in enumerate(rows))


def _length(count: int, most: int, longest: int = BAR) -> float:
    return round(longest * count / most, 1) if most else 0.0
