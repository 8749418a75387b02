"""Hits and misses → figures, for each metric and group of documents."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(slots=True)
class Count:
    """Hits against what the gold has and what was found; `found` is the gold's number where only recall is asked."""

    hit: int = 0
    gold: int = 0
    found: int = 0

    def add(self, hit: int, gold: int, found: int | None = None) -> None:
        self.hit += hit
        self.gold += gold
        self.found += gold if found is None else found

    @property
    def f1(self) -> float:
        """F1, which is plain recall where `found` equals `gold`; 1 where there is nothing to find."""
        return 2 * self.hit / (self.gold + self.found) if self.gold + self.found else 1.0


@dataclass(slots=True)
class Report:
    """The counts of each metric for each group: "all", "half tune", "language ja", "document 01-…"."""

    counts: dict[str, dict[str, Count]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(Count)))
    misses: list[str] = field(default_factory=list)

    def add(self, groups: Iterable[str], metric: str, hit: int, gold: int, found: int | None = None) -> None:
        for group in groups:
            self.counts[group][metric].add(hit, gold, found)

    def figures(self, group: str = "all") -> dict[str, float]:
        """Metric → figure, 0 to 1, to four places."""
        return {metric: round(count.f1, 4) for metric, count in self.counts[group].items()}
