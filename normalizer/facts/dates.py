"""Dates of a text, western and era, Japanese and English, to ISO 8601: 令和5年5月1日 and May 1, 2023 to 2023-05-01."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from normalizer.facts.numbers import integer
from normalizer.facts.words import DASH, FLAGS, KANJI, literal
from normalizer.model import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from normalizer.facts.words import Era, Finder, Words

_YEAR = r"(?:1[89]|20)\d\d"
_NUMBER = rf"(?:\d{{1,2}}|[{KANJI}]{{1,3}})"
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th)?"
_START = rf"(?<![\d{KANJI}])"
_YEAR_OF = re.compile(rf"[\d元{KANJI})]\s{{0,4}}年", FLAGS)  # 少年 is none
_NUMBERS = re.compile(rf"\d\s?(?:[/.]|{DASH})\s?\d", FLAGS)  # no date in numbers without two of them
_YEAR_LIKE = re.compile(_YEAR, FLAGS)
_NEAR = 25  # characters to either side in which a word such as 改定 makes a date of R5.5.1


def dates(words: Words) -> Finder:
    """A finder of dates in NFKC text. A span that looks like a date and is none is yielded without a value."""
    japanese, numeric, english = (_japanese(words),), tuple(_numeric(words)), tuple(_english(words))
    no_date = _no_date(words)
    near = re.compile(words.either("date_word"), FLAGS)
    version = re.compile(rf"{words.either('version')}\s?$", FLAGS)
    law = re.compile(rf"[一-龥]{{0,12}}{words.either('law_number')}\s?第", FLAGS)
    eras = {name.lower(): era for era in words.eras for name in (era.ja, era.en, era.letter)}
    months = {form: int(row.value) for form, row in words.forms["month"].items()}

    def find(text: str, seen: Set[str]) -> Iterator[Fact]:
        year = "year" in seen and _YEAR_OF.search(text) is not None
        digit = "digit" in seen
        numbers = digit and _NUMBERS.search(text)
        named = digit and "month" in seen and ("era" in seen or _YEAR_LIKE.search(text))
        shapes = (*(japanese if year else ()), *(numeric if numbers else ()), *(english if named else ()))
        for shape, doubtful in shapes:
            for match in shape.finditer(text):
                start, end = match.span()
                if doubtful and not near.search(text, max(0, start - _NEAR), end + _NEAR):
                    continue
                other = version.search(text, max(0, start - 10), start) or law.match(text, end)
                other = other or _ACT_NUMBER.search(text, max(0, start - 20), start)
                yield Fact("date", start, end, "" if other else _value(match, eras, months))
        for match in no_date.finditer(text) if year or "month of" in seen else ():
            yield Fact("date", *match.span(), "")

    return find


# Act No. 57 of May 30, 2003; Regulation (EU) 2016/679 of 27 April 2016.
_ACT_NUMBER = re.compile(r"(?:\bNo\.?\s?\d{1,4}|\d{2,4}/\d{1,4}(?:/[A-Z]{2,3})?)\s(?:of|dated)\s$", FLAGS)


def _japanese(words: Words) -> tuple[re.Pattern[str], bool]:
    """2023年5月1日, 令和元年五月, 令和5年(2023年)5月1日, 2023(令和5)年5月1日."""
    also = r"(?:\s?\([^()\n]{2,12}\)\s{0,2})?"
    era = "|".join(era.ja for era in words.eras)
    year = rf"(?:(?P<era>{era})\s{{0,2}}(?P<n>元|{_NUMBER})|(?P<year>{_YEAR}|[{KANJI}]{{4,8}}))"
    month = rf"(?P<month>{_NUMBER})\s{{0,2}}月(?!期)"
    day = rf"(?:\s{{0,2}}(?P<day>{_NUMBER})\s{{0,2}}日)?"
    return re.compile(rf"{_START}{year}\s{{0,2}}{also}年\s{{0,2}}{also}{month}{day}", FLAGS), False


def _numeric(words: Words) -> Iterator[tuple[re.Pattern[str], bool]]:
    """2023/05/01, 2023-5-1, 2023.5.1, 12/31/2023; near a word such as 改定 also 2023.5 and R5.5.1."""
    start, end = rf"(?<![\w/.])(?<!\w{DASH})", rf"(?!\d)(?!(?:[/.]|{DASH})\d)"
    mark = rf"(?P<mark>\s?/\s?|\.|{DASH})"
    pair = r"(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})"
    letters = "".join(era.letter for era in words.eras)
    yield re.compile(rf"{start}(?P<year>{_YEAR}){mark}{pair}{end}", FLAGS), False
    yield re.compile(rf"{start}(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})/(?P<year>{_YEAR}){end}", FLAGS), False
    yield re.compile(rf"{start}(?P<era>[{letters}])(?P<n>\d{{1,2}}){mark}{pair}{end}", re.ASCII), True
    yield re.compile(rf"{start}(?P<year>{_YEAR})[/.-](?P<month>\d{{1,2}}){end}", FLAGS), True


def _english(words: Words) -> Iterator[tuple[re.Pattern[str], bool]]:
    """May 1, 2023; 1st of May, 2023; April 2021; May 1, Reiwa 5. A capital tells May from may."""
    names = sorted({form.form for form in words.forms["month"].values()}, key=len, reverse=True)
    written = "|".join(form for name in names for form in (name, name.upper()))
    month = rf"(?<![A-Za-z])(?P<month>{written})\.?(?![A-Za-z])"
    eras = "|".join(era.en for era in words.eras)
    year = rf"(?:(?P<year>{_YEAR})|(?P<era>{eras})\s(?P<n>\d{{1,2}}))(?!\d)"
    gap, comma = rf"(?:\s{{1,3}}|{DASH})", r"(?:\s{0,3},\s{0,3}|\s{1,3}|-)"
    of = r"(?:day\s{1,3})?(?:of\s{1,3})?"
    yield re.compile(rf"{month}{gap}(?P<day>{_ORDINAL}){comma}{year}", re.ASCII), False
    yield re.compile(rf"(?<![\d.,/-])(?P<day>{_ORDINAL}){gap}{of}{month}{comma}{year}", re.ASCII), False
    yield re.compile(rf"{month}{comma}{year}", re.ASCII), False


def _no_date(words: Words) -> re.Pattern[str]:
    """令和5年, 2023年, 5月1日: no whole date, and no period of five years or of one day either."""
    era = "|".join(literal(era.ja) for era in words.eras)
    year = rf"(?:(?:{era})\s{{0,2}}(?:元|{_NUMBER})|{_START}(?:{_YEAR}|[{KANJI}]{{4,8}}))\s{{0,2}}年"
    return re.compile(rf"{year}|{_START}{_NUMBER}\s?月\s?{_NUMBER}\s?日", FLAGS)


def _value(match: re.Match[str], eras: dict[str, Era], months: dict[str, int]) -> str:
    """The date in ISO 8601, "" where the calendar has no such day or the era had not begun."""
    part = match.groupdict()
    month, day = _month_and_day(part, months)
    era = eras.get((part.get("era") or "").lower())
    year = era.start.year + integer(part["n"]) - 1 if era else integer(part.get("year") or "")
    try:
        found = date(year, month, 1 if day is None else day)
    except ValueError:
        return ""
    # A later end is no fault: documents of 2017 speak of 平成33年.
    if era and found < (era.start.replace(day=1) if day is None else era.start):
        return ""
    return found.isoformat() if day is not None else found.isoformat()[:7]


def _month_and_day(part: dict[str, str | None], months: dict[str, int]) -> tuple[int, int | None]:
    """Month and day; of 12/31/2023 the one that cannot be a month is the day, and 5/1/2023 is left alone."""
    if part.get("first"):
        first, second = sorted((int(part["first"] or 0), int(part["second"] or 0)))
        return (first, second) if second > 12 or first == second else (0, 0)
    month, day = part["month"] or "", part.get("day")
    number = months.get(month.lower()) or integer(month)
    return number, integer(re.sub("[a-z]", "", day)) if day else None
