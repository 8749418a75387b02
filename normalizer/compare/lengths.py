"""Linked clauses → those in which one side says far more than the other, by what is usual between the two."""

from __future__ import annotations

import math
import re
import statistics
from typing import TYPE_CHECKING

from normalizer.compare.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from normalizer.compare.findings import Comparison, Pair

FAR = 0.8  # of the natural logarithm of the ratio of lengths: more than twice, or less than half, what is usual
LONGER = 0.25  # of the same logarithm, from which a clause may say more than the one it is linked with
SHORT = 20  # characters of Japanese below which a length says little
LATIN = 0.25  # share of Latin letters above which a Japanese text is names and addresses
LATIN_LETTER = re.compile(r"[\x21-\x7e]")


def length_differences(comparison: Comparison) -> Iterator[Finding]:
    """A finding for each pair whose lengths have a ratio far from the median of the document."""
    for link, excess in excesses(comparison).items():
        if abs(excess) >= FAR:
            yield _finding(comparison.pairs[link], excess)


def swallowed(comparison: Comparison, known: Mapping[int, float], alone: Pair, reach: int) -> bool:
    """Whether a clause without counterpart is said in a clause that is linked with its neighbour.

    So it is where the other side is too long for the neighbour, about right for both, and names a concept of the
    clause that the neighbour does not. known: what `excesses` gives.
    """
    side, other = ("ja", "en") if alone.ja else ("en", "ja")
    own = len(comparison.words_of(alone, side))
    said = {mention.concept for mention in alone.mentions(side)}
    for pair in comparison.near(alone, reach):
        excess = known.get(pair.link, 0.0) * (1 if side == "ja" else -1)
        if excess > LONGER:
            here = len(comparison.words_of(pair, side))
            joint = excess - math.log((here + own) / here)
            more = {m.concept for m in pair.mentions(other)} - {m.concept for m in pair.mentions(side)}
            if abs(joint) < excess and said & more:
                return True
    return False


def excesses(comparison: Comparison) -> dict[int, float]:
    """Link → by how much the logarithm of the ratio of English to Japanese characters is above the document's median.

    Links whose texts are too short to tell, headings, and names and addresses have none.
    """
    ratios = {
        pair.link: math.log(len(en) / len(ja))
        for pair in comparison.both
        for ja, en in ((comparison.words_of(pair, "ja"), comparison.words_of(pair, "en")),)
        if len(ja) >= SHORT and en and not _heads(pair) and len(LATIN_LETTER.findall(ja)) <= LATIN * len(ja)
    }
    usual = statistics.median(ratios.values()) if ratios else 0.0
    return {link: ratio - usual for link, ratio in ratios.items()}


def _heads(pair: Pair) -> bool:
    return any(clause.kind == "heading" for clause in (*pair.ja, *pair.en))


def _finding(pair: Pair, excess: float) -> Finding:
    case = "only_ja" if excess < 0 else "only_en"
    evidence = {"times": round(math.exp(abs(excess)), 2)}
    return Finding("detail_missing", pair.link, pair.place("ja"), pair.place("en"), case, evidence=evidence)
