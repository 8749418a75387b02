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
LONGER = 0.25  # of the same logarithm, from which a clause may say more than the one it is linked with
SHORT = 20  # characters of Japanese below which a length says little
LATIN = 0.25  # share of Latin letters above which a Japanese text is names and addresses
LATIN_LETTER = re.compile(r"[\x21-\x7e]")


def length_differences(comparison: Comparison) -> Iterator[Finding]:
    """A finding for each pair whose lengths have a ratio far from the median of the document."""
    ratios = _ratios(comparison)
    usual = statistics.median(ratios.values()) if ratios else 0.0
    for link, ratio in ratios.items():
        if abs(ratio - usual) >= FAR:
            yield _finding(comparison.pairs[link], ratio - usual)


def swallowed(comparison: Comparison, alone: Pair, reach: int) -> bool:
    """Whether a clause without counterpart is said in a clause that is linked with its neighbour.

    So it is where the other side is too long for the neighbour, about right for both, and names a concept of the
    clause that the neighbour does not.
    """
    ratios, side = _ratios(comparison), "ja" if alone.ja else "en"
    other = "en" if side == "ja" else "ja"
    usual = statistics.median(ratios.values()) if ratios else 0.0
    own = len(comparison.words_of(alone, side))
    said = {mention.concept for mention in alone.mentions(side)}
    for pair in comparison.near(alone, reach):
        if pair.link in ratios:
            here, there = (len(comparison.words_of(pair, language)) for language in (side, other))
            excess = math.log(there / here) - (usual if side == "ja" else -usual)
            joint = excess - math.log((here + own) / here)
            more = {m.concept for m in pair.mentions(other)} - {m.concept for m in pair.mentions(side)}
            if excess > LONGER and abs(joint) < excess and said & more:
                return True
    return False


def _ratios(comparison: Comparison) -> dict[int, float]:
    """Link → logarithm of English characters to Japanese, where the texts are long enough to tell."""
    return {
        pair.link: math.log(len(en) / len(ja))
        for pair in comparison.both
        for ja, en in ((comparison.words_of(pair, "ja"), comparison.words_of(pair, "en")),)
        if len(ja) >= SHORT and en and not _heads(pair) and len(LATIN_LETTER.findall(ja)) <= LATIN * len(ja)
    }


def _heads(pair: Pair) -> bool:
    return any(clause.kind == "heading" for clause in (*pair.ja, *pair.en))


def _finding(pair: Pair, excess: float) -> Finding:
    case = "only_ja" if excess < 0 else "only_en"
    evidence = {"times": round(math.exp(abs(excess)), 2)}
    return Finding("detail_missing", pair.link, pair.place("ja"), pair.place("en"), case, evidence=evidence)
