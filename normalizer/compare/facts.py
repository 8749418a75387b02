"""Linked clauses → facts that differ: amounts, dates, periods, contacts, citations.

A fact is looked for on the other side of its own link first, then in the clauses around, so that a date that stands
one clause further on is no difference. What is left on both sides of a link differs; what is left on one side alone is
told only where it matters by itself and the other side does not name its number in any way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer.compare import periods
from normalizer.compare.findings import CONTACTS, Finding
from normalizer.compare.values import digits_of, numbers_in_digits, numbers_of, same, same_period
from normalizer.model import LANGUAGES, OTHER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from normalizer.compare.findings import Comparison, Pair
    from normalizer.model import Fact, Language

REACH = 4  # clauses to either side in which a fact may stand instead
CODES = {
    **dict.fromkeys(("fee", "period", "percentage", "age"), "number_differs"),
    **dict.fromkeys(("email", "phone", "url", "postal"), "contact_differs"),  # addresses: numbers.py
    "date": "date_differs",
    "statute": "citation_differs",
}
ALONE = ("fee", "period", "percentage", "date", "email", "phone")  # kinds that are told where one side has them alone
ANYWHERE = ("email", "phone", "url", "postal", "date")  # kinds that may stand anywhere on the other side


@dataclass(slots=True)
class _Loose:
    """The facts of a pair that the other side of the pair has not."""

    ja: list[Fact]
    en: list[Fact]


def fact_differences(comparison: Comparison) -> Iterator[Finding]:
    """The findings on facts, link by link."""
    loose = [_unmatched(comparison, pair) for pair in comparison.pairs]
    for pair in comparison.pairs:
        for other in comparison.near(pair, REACH):
            _drop_common(loose[pair.link].ja, loose[other.link].en)
    for pair in comparison.both:
        yield from _of_pair(comparison, pair, loose[pair.link])


def _unmatched(comparison: Comparison, pair: Pair) -> _Loose:
    facts = {
        side: [fact for clause in pair.side(side) for fact in clause.facts if _compared(fact)] for side in LANGUAGES
    }
    loose = {
        side: [fact for fact in facts[side] if not any(same(fact, one) for one in facts[other])]
        for side, other in OTHER.items()
    }
    said = {side: _periods(comparison, pair, other) if loose[side] else frozenset() for side, other in OTHER.items()}
    ja, en = (
        [one for one in loose[side] if one.kind != "period" or not any(same_period(one.value, w) for w in said[side])]
        for side in LANGUAGES
    )
    return _Loose(ja, en)


def _periods(comparison: Comparison, pair: Pair, side: Language) -> frozenset[str]:
    """The durations that one side names in words of which none may be read as a fact: "twice a year"."""
    return periods.load(comparison.folder).named(comparison.words_of(pair, side), side)


def _compared(fact: Fact) -> bool:
    """A law named without an article says too little to differ."""
    return fact.kind in CODES and (fact.kind != "statute" or ":" in fact.value)


def _drop_common(ja: list[Fact], en: list[Fact]) -> None:
    """Take what stands in both lists out of both, one for one."""
    for fact in list(ja):
        twin = next((other for other in en if same(fact, other)), None)
        if twin:
            ja.remove(fact)
            en.remove(twin)


def _of_pair(comparison: Comparison, pair: Pair, loose: _Loose) -> Iterator[Finding]:
    en = list(loose.en)
    for fact in loose.ja:
        twin = _counterpart(fact, en)
        if twin is None:
            yield from _alone(comparison, pair, fact, "ja")
            continue
        en.remove(twin)
        yield _differing(comparison, pair, fact, twin)
    for fact in en:
        yield from _alone(comparison, pair, fact, "en")


def _counterpart(fact: Fact, others: Sequence[Fact]) -> Fact | None:
    """The fact that stands in its place: of its kind; of citations, of its law."""
    law = fact.value.split(":")[0]
    return next(
        (
            other
            for other in others
            if other.kind == fact.kind and (fact.kind != "statute" or other.value.split(":")[0] == law)
        ),
        None,
    )


def _differing(comparison: Comparison, pair: Pair, ja: Fact, en: Fact) -> Finding:
    case = ""
    if ja.kind == "fee" and ja.value.split()[:2] == en.value.split()[:2]:
        case = "tax"
    elif ja.kind == "statute" and comparison.ja.as_of != comparison.en.as_of:
        case = "version"
    return Finding(
        CODES[ja.kind],
        pair.link,
        (ja.start, ja.end),
        (en.start, en.end),
        case,
        evidence={"kind": ja.kind, "ja": ja.value, "en": en.value},
    )


def _alone(comparison: Comparison, pair: Pair, fact: Fact, language: Language) -> Iterator[Finding]:
    other = OTHER[language]
    if fact.kind not in ALONE or _told(comparison, pair, fact, other) or _for_both(comparison, pair, fact, language):
        return
    places = pair.shown(language, (fact.start, fact.end))
    evidence = {"kind": fact.kind, language: fact.value}
    yield Finding(CODES[fact.kind], pair.link, *places, f"only_{language}", evidence=evidence)


def _for_both(comparison: Comparison, pair: Pair, fact: Fact, language: Language) -> bool:
    """Whether a contact stands in a clause that the readers of both languages read."""
    clauses = [clause for clause in pair.side(language) if clause.start <= fact.start < clause.end]
    return fact.kind in CONTACTS and any(comparison.for_both(clause, language) for clause in clauses)


def _told(comparison: Comparison, pair: Pair, fact: Fact, other: Language) -> bool:
    """Whether the other side says it elsewhere, or names its number in words that no fact was read from."""
    if fact.kind in ANYWHERE and (fact.kind, fact.value) in comparison.values[other]:
        return True
    if any(same(fact, one) for clause in pair.side(other) for one in clause.facts):
        return True
    if fact.kind == "phone":
        return fact.value[-8:] in digits_of(comparison.words_of(pair, other))
    said = numbers_of(comparison.words_of(pair, other), other, comparison.folder)
    return numbers_in_digits(fact.value) - {"1"} <= said
