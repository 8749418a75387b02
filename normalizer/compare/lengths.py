"""Linked clauses → those in which one side says far more than the other, by what is usual between the two."""

from __future__ import annotations

import math
import re
import statistics
from typing import TYPE_CHECKING

from normalizer.compare.findings import Finding
from normalizer.model import OTHER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from normalizer.compare.findings import Comparison, Pair, Place
    from normalizer.model import Language

FAR = 0.8  # of the natural logarithm of the ratio of lengths: more than twice, or less than half, what is usual
LONE = 0.5  # of the same logarithm, from which a sentence that the other side has not may be why
EASED = 0.7  # share of the excess that may be left without it
LONGER = 0.25  # of the same logarithm, from which a clause may say more than the one it is linked with
CERTAIN = 0.9  # score of a clause without counterpart from which half of what it names must be said in the other
SHORT = 20  # characters of Japanese below which a length says little
LATIN = 0.25  # share of Latin letters above which a Japanese text is names and addresses
LATIN_LETTER = re.compile(r"[\x21-\x7e]")


def length_differences(comparison: Comparison) -> Iterator[Finding]:
    """A finding for each pair whose lengths have a ratio far from the median of the document, or that has a sentence
    on one side only."""
    for link, excess in excesses(comparison).items():
        pair = comparison.pairs[link]
        lone = lone_sentence(comparison, pair, excess)
        if lone or abs(excess) >= FAR:
            yield _finding(comparison, pair, excess, lone)


def lone_sentence(comparison: Comparison, pair: Pair, excess: float) -> Place | None:
    """The sentence of the longer side without which the lengths are as usual, and which names only what the other
    side does not name. There is none where that side has no more sentences than the other."""
    side: Language = "ja" if excess < 0 else "en"
    if abs(excess) < LONE:
        return None
    places = comparison.sentences(pair, side)
    if len(places) <= len(comparison.sentences(pair, OTHER[side])):
        return None
    whole = sum(end - start for start, end in places)
    without = {place: abs(abs(excess) + math.log1p((place[0] - place[1]) / whole)) for place in places}
    fitting = [
        place
        for place in without
        if without[place] <= EASED * abs(excess)
        and _new(comparison, pair, side, place)
        and not _answered(comparison, pair, side, place)
    ]
    return min(fitting, key=without.__getitem__, default=None)


def _new(comparison: Comparison, pair: Pair, side: Language, place: Place) -> bool:
    """Whether a sentence of one side names concepts, and the other side names none of them."""
    inside: set[str] = set()
    rest: set[str] = set()
    for mention in pair.mentions(side):
        (inside if place[0] <= mention.start < place[1] else rest).add(mention.concept)
    said = {mention.concept for mention in pair.mentions(OTHER[side])}
    own = inside - rest
    return bool(own) and not any(comparison.related(one, two) for one in own for two in said)


def _answered(comparison: Comparison, pair: Pair, side: Language, place: Place) -> bool:
    """Whether a sentence of one side denies, and the other side denies more often than what is left without it."""
    other = OTHER[side]
    rest = [one for one in comparison.sentences(pair, side) if one != place]
    here, left, there = (
        _denials(comparison, one, some)
        for one, some in ((side, [place]), (side, rest), (other, comparison.sentences(pair, other)))
    )
    return here > 0 and there > left


def _denials(comparison: Comparison, side: Language, places: Sequence[Place]) -> int:
    text = comparison.document(side)
    return len(comparison.words.marks(text, places, side)["negation"].sure)


def swallowed(comparison: Comparison, known: Mapping[int, float], alone: Pair, reach: int) -> bool:
    """Whether a clause without counterpart is said in a clause that is linked with its neighbour.

    So it is where the other side is too long for the neighbour, about right for both, and names most of what
    the clause names and the neighbour does not. known: what `excesses` gives.
    """
    side: Language = "ja" if alone.ja else "en"
    other = OTHER[side]
    own = len(comparison.words_of(alone, side))
    said = {mention.concept for mention in alone.mentions(side)}
    for pair in comparison.near(alone, reach):
        excess = known.get(pair.link, 0.0) * (1 if side == "ja" else -1)
        if excess > LONGER:
            here = len(comparison.words_of(pair, side))
            joint = excess - math.log((here + own) / here)
            known_here = {m.concept for m in pair.mentions(side)}
            new, more = said - known_here, {m.concept for m in pair.mentions(other)} - known_here
            share = len(new) / 2 if comparison.links[alone.link].score >= CERTAIN else 0
            if abs(joint) < excess and new & more and len(new & more) >= share:
                return True
    return False


def covered(comparison: Comparison, alone: Pair, reach: int) -> bool:
    """Whether all that a clause without counterpart names, facts and concepts, the other side names around it."""
    side: Language = "ja" if alone.ja else "en"
    other = OTHER[side]
    facts = {(fact.kind, fact.value) for clause in alone.side(side) for fact in clause.facts}
    said = {mention.concept for pair in comparison.near(alone, reach) for mention in pair.mentions(other)}
    named = {mention.concept for mention in alone.mentions(side)}
    return facts <= comparison.values[other] and all(any(comparison.related(one, two) for two in said) for one in named)


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


def _finding(comparison: Comparison, pair: Pair, excess: float, lone: Place | None) -> Finding:
    case = "only_ja" if excess < 0 else "only_en"
    evidence = {"times": round(math.exp(abs(excess)), 2)}
    ja = lone if lone and excess < 0 else pair.place("ja")
    en = lone if lone and excess > 0 else pair.place("en")
    code, case = ("detail_missing", f"sentence_{case}") if lone else ("detail_missing", case)
    if lone and _proviso(comparison, "ja" if excess < 0 else "en", lone):
        code, case = "exception_missing", case.replace("sentence", "exception")
    return Finding(code, pair.link, ja, en, case, evidence=evidence)


def _proviso(comparison: Comparison, side: Language, place: Place) -> bool:
    """Whether a sentence makes an exception to what stands before it: ただし、…"""
    text = comparison.document(side)
    return bool(comparison.words.marks(text, [place], side)["exception"].sure)
