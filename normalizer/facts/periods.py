"""Periods and ages of a text to normal forms: 5年間 to P5Y, two weeks to P2W, 13歳未満 to <13."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalizer.facts.numbers import count, spelled
from normalizer.facts.words import FLAGS, KANJI
from normalizer.model import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from normalizer.facts.words import Finder, Words

_START = rf"(?<![\d{KANJI}第])(?<!\d[.,:/])"
_AGE = re.compile(r"[歳才]|years?[\s-]old|years?\sof|\baged?\b|older|younger", FLAGS)  # no age without one of these
# … and behind a word such as "under" none without one of these, or a person.
_AGED = re.compile(r"[歳才]|years?[\s-](?:old|of)|(?<![A-Za-z])age[ds]?\s|older|younger", FLAGS)
_TEN = r"(?<!\d)\d{1,2}"


def periods(words: Words) -> Finder:
    """A finder of periods in NFKC text: ISO 8601 durations, business days as "P3D business".

    The span is the quantity, without 以内 or `within`. What only looks like a period is yielded without a value.
    """
    fixed = re.compile(rf"(?<![\d{KANJI}]){words.either('period')}", FLAGS)
    none = re.compile(words.either("not_period"), FLAGS)
    kinds = (("unit", ("digit", "number")), ("unit_kanji", ("kanji",)))  # of units, and of what counts them
    shapes = tuple((*kind, re.compile(shape, FLAGS)) for kind, shape in zip(kinds, _quantities(words), strict=True))

    def find(text: str, seen: Set[str]) -> Iterator[Fact]:
        for match in none.finditer(text) if "not_period" in seen else ():
            yield Fact("period", *match.span(), "")
        for match in fixed.finditer(text) if "period" in seen else ():
            yield Fact("period", *match.span(), words.value("period", match[0]))
        found = [
            Fact("period", *match.span(), _duration(match, words.value(kind, match["unit"]), words))
            for kind, numbers, shape in shapes
            if kind in seen and not seen.isdisjoint(numbers)
            for match in shape.finditer(text)
        ]
        yield from _joined(sorted(found, key=lambda fact: fact.start), text)

    return find


def ages(words: Words) -> Finder:
    """A finder of ages in NFKC text: "<13", ">=18", or "20" where the text compares it with nothing."""
    shapes = tuple(re.compile(shape, FLAGS) for shape in (_japanese_age(words), *_english_ages(words)))
    of_persons = tuple(shape for shape in shapes if words.either("person") in shape.pattern)
    spelled_out = re.compile(rf"(?<![A-Za-z-]){words.either('number')}", FLAGS)

    def find(text: str, seen: Set[str]) -> Iterator[Fact]:
        before = "age_before" in seen
        if "of age" not in seen and not (before and "person" in seen):
            return
        aged = (_AGED if before else _AGE).search(text)
        if not (aged or (before and "person" in seen)):
            return
        if seen.isdisjoint(("digit", "age")) and not spelled_out.search(text):  # "ten" is in "content"
            return
        for match in (match for shape in (shapes if aged else of_persons) for match in shape.finditer(text)):
            part = match.groupdict()
            signs = [words.value(kind, part.get(kind) or "") for kind in ("age_ja", "age_before", "age_after")]
            start = match.start("age_before") if part.get("age_before") else match.start()  # without `children`
            yield Fact("age", start, match.end(), "".join(signs) + count(match["n"], words))

    return find


def _quantities(words: Words) -> tuple[str, str]:
    """A number and its unit; `five (5) years` says the number twice. Kanji numerals have stricter units."""
    number = rf"(?:\d{{1,4}}(?:\.\d)?|(?<![A-Za-z-]){spelled(words)})"
    again = rf"(?:\s?\(\s?(?P<again>\d{{1,4}}|{words.either('number')})\s?\))?"
    digits = rf"{_START}(?P<n>{number}){again}[\s-]{{0,2}}(?P<unit>{words.either('unit')})"
    kanji = rf"{_START}(?<![同統唯単均画])(?P<n>[{KANJI}]{{1,5}})(?P<again>)\s?(?P<unit>{words.either('unit_kanji')})"
    return digits, kanji


def _duration(match: re.Match[str], unit: str, words: Words) -> str:
    """The unit's form with the number in it; "" where the number said twice is two numbers, or is a year's."""
    number = count(match["n"], words)
    again = count(match["again"], words) if match["again"] else number
    years = unit.startswith("P#Y") and float(number) > 200
    return "" if again != number or years else unit.replace("#", number)


def _joined(found: list[Fact], text: str) -> Iterator[Fact]:
    """1年6か月 is one period, P1Y6M."""
    held: Fact | None = None
    for fact in found:
        if held and held.value.endswith("Y") and re.fullmatch(r"P\d+M", fact.value):
            between = text[held.end : fact.start] if fact.start - held.end < 6 else "far"
            if between.strip() in {"", "と", "and"}:
                fact = Fact("period", held.start, fact.end, held.value + fact.value[1:])
                held = None
        if held:
            yield held
        held = fact
    if held:
        yield held


def _japanese_age(words: Words) -> str:
    number = rf"(?<![\d{KANJI}])(?P<n>\d{{1,3}}|[{KANJI}]{{1,4}})"
    return rf"(?:満\s?)?{number}\s?[歳才](?P<age_ja>{words.either('age_ja')})?"


def _english_ages(words: Words) -> Iterator[str]:
    """Under (the age of) 13; 16 years of age or older; children under 13; aged 18; a 13-year-old."""
    number = rf"(?P<n>{_TEN}(?!\d)|(?<![A-Za-z-]){words.either('number')})"
    years = r"(?:\s|-)years?(?:\s|-)(?:of\sage|old)(?![A-Za-z])"
    before = rf"(?P<age_before>{words.either('age_before')})\s{{1,2}}"
    after = rf"\s(?P<age_after>{words.either('age_after')})"
    age = r"(?:the\s)?age[ds]?(?:\sof)?\s"
    no_unit = rf"(?![\d%:]|[.,/-]\d|\s?{words.either('unit')}|\s?{words.either('percent')})"
    yield rf"(?<![A-Za-z])(?:{age})?{number}{years}{after}"
    yield rf"(?<![A-Za-z])(?:{age}){number}{after}"
    yield rf"{_TEN}(?<=(?P<n>\d\d))(?:\syears)?\s(?P<age_after>(?:or|and)\s(?:older|younger))(?![A-Za-z])"
    yield rf"{before}{number}{years}"
    yield rf"{before}{age}{number}{no_unit}"
    yield rf"{words.either('person')}(?:\s(?:who|that))?(?:\s(?:is|are))?\s{before}{number}(?:\syears?)?{no_unit}"
    yield rf"(?<![A-Za-z]){number}{years}"
    yield rf"(?<![A-Za-z]){age}{number}{no_unit}"
