"""Pairs to what lazy semantics saves: texts encoded and time, as shipped and with every clause encoded."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING

from benchmarks.aligning.aligners import over_lines
from benchmarks.aligning.document import table
from benchmarks.aligning.quality import perturbed
from normalizer.align import Settings, align
from normalizer.align.settings import Bar
from normalizer.align.sides import side_of
from normalizer.embed import Embedder
from normalizer.score import Count, _joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.aligning.pairs import Pair
    from normalizer import Normalizer
    from normalizer.embed import Known
    from normalizer.encoder import Passage
    from normalizer.model import Analysis

MEASURED = ("published", "moved")
NEVER = Bar(gain=inf, lead=inf, unlike=0.0)
MODES = {"as shipped": Settings(), "every clause": replace(Settings(), certain=NEVER)}
ALONE = "every clause, nothing aligned"


class Counting(Embedder):
    """An embedder that knows what it read; some texts twice, for their own vector and for stretches of them."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def anew(self) -> Embedder:
        """A new one with the same model and the same list of texts."""
        fresh = Counting()
        fresh._model, fresh.asked = self._model, self.asked
        return fresh

    def _encoded(self, texts: list[str]) -> list[Known]:
        self.asked += texts
        return super()._encoded(texts)

    def passages(self, texts: Sequence[Sequence[str]]) -> list[Passage]:
        """As Embedder.passages."""
        self.asked += map("".join, texts)
        return super().passages(texts)


@dataclass(slots=True)
class Cost:
    """What one mode cost in one setting, summed over the pairs."""

    clauses: int = 0
    single: int = 0  # clauses whose own text was encoded
    texts: int = 0  # texts read, pair by pair: clauses, and what offers ask for stretches of
    characters: int = 0  # of them
    seconds: float = 0.0


def lazy_table(pairs: Sequence[Pair], seed: int, normalizer: Normalizer) -> str:
    """A row for each setting and mode."""
    rows = []
    for setting in MEASURED:
        shaken = list(perturbed(pairs, setting, [seed]))
        analyses = [(normalizer.analyze(pair.texts()[0]), normalizer.analyze(pair.texts()[1])) for pair in shaken]
        rows += compared(setting, shaken, analyses, normalizer.embedder)
    head = [
        "setting",
        "encoded",
        "clauses",
        "needed a vector",
        "texts encoded",
        "characters",
        "seconds",
        "strict / pair F1",
    ]
    return table(head, rows)


def compared(
    setting: str, pairs: Sequence[Pair], analyses: Sequence[tuple[Analysis, Analysis]], embedder: Embedder
) -> list[list[str]]:
    """The modes take turns on each pair."""
    costs = {mode: (Cost(), Count(), Count()) for mode in MODES}
    embedder.encode(["warm"])
    for pair, sides in zip(pairs, analyses, strict=True):
        for mode, settings in MODES.items():
            add(*costs[mode], pair, sides, settings, embedder)
    alone = sum(encoding(sides, embedder) for sides in analyses)
    rows = [
        [
            setting,
            mode,
            f"{cost.clauses:,}",
            f"{cost.single:,}",
            f"{cost.texts:,}",
            f"{cost.characters:,}",
            f"{cost.seconds:.1f} ({cost.seconds / alone:.2f})",
            f"{strict.f1:.3f} / {single.f1:.3f}",
        ]
        for mode, (cost, strict, single) in costs.items()
    ]
    return [*rows, [setting, ALONE, *rows[-1][2:4], "", "", f"{alone:.1f} (1.00)", ""]]


def encoding(sides: tuple[Analysis, Analysis], embedder: Embedder) -> float:
    """Seconds of the processor that it takes to encode each clause of both sides."""
    fresh, texts = embedder.anew(), [text for side in sides for text in side_of(side, "").texts]
    start = time.process_time()
    fresh.encode(texts)
    return time.process_time() - start


def add(
    cost: Cost,
    strict: Count,
    single: Count,
    pair: Pair,
    sides: tuple[Analysis, Analysis],
    settings: Settings,
    embedder: Embedder,
) -> None:
    """One pair aligned in one mode."""
    counting = Counting()
    counting._model = embedder._model
    start = time.process_time()
    links = align(*sides, counting, settings)
    cost.seconds += time.process_time() - start
    cost.texts += len(counting.asked)
    cost.characters += sum(map(len, counting.asked))
    for side, joint in zip(sides, ("", " "), strict=True):
        arrays = side_of(side, joint)
        cost.clauses += len(arrays)
        cost.single += sum(text in counting.asked for text in arrays.texts)
    gold, found = pair.gold(), set(_joined(entry.link for entry in over_lines(links, *sides)))
    strict.add(len(gold & found), len(gold), len(found))
    cells = [{(i, j) for ja, en in some for i in ja for j in en} for some in (gold, found)]
    single.add(len(cells[0] & cells[1]), len(cells[0]), len(cells[1]))
