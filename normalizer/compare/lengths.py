"""Linked clauses → those in which one side says far more than the other, by what is usual between the two."""

from __future__ import annotations

import math
import re
import statistics
from typing import TYPE_CHECKING

from normalizer.compare.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from normalizer.compare.findings import Comparison, Pair

FAR = 0.8  # of the natural logarithm of the ratio of lengths: more than twice, or less than half, what is usual
SHORT = 20  # characters of Japanese below which a length says little
LATIN = 0.25  # share of Latin letters above which a Japanese text is names and addresses
LATIN_LETTER = re.compile(r"[\x21-\x7e]")


def length_differences(comparison: Comparison) -> Iterator[Finding]:
    """A finding for each pair whose lengths have a ratio far from the median of the document."""
    ratios = {
        pair.link: math.log(len(en) / len(ja))
        for pair in comparison.both
        for ja, en in ((comparison.words_of(pair, "ja"), comparison.words_of(pair, "en")),)
        if len(ja) >= SHORT and en and len(LATIN_LETTER.findall(ja)) <= LATIN * len(ja)
    }
    usual = statistics.median(ratios.values()) if ratios else 0.0
    for link, ratio in ratios.items():
        if abs(ratio - usual) >= FAR:
            yield _finding(comparison.pairs[link], ratio - usual)


def _finding(pair: Pair, excess: float) -> Finding:
    case = "only_ja" if excess < 0 else "only_en"
    evidence = {"times": round(math.exp(abs(excess)), 2)}
    return Finding("detail_missing", pair.link, pair.place("ja"), pair.place("en"), case, evidence=evidence)
