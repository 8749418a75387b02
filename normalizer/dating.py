"""Clauses with facts → the day as of which a policy speaks, at which its citations of laws are read."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from normalizer.model import Clause, Fact

LATEST = datetime.date.max  # a policy without a date is read by the law as it is now known
_YEAR = r"(?<!\d)((?:19|20)\d\d)"
_BEFORE = re.compile(rf"{_YEAR}年(?:度)?[にの]?$")
_AFTER = re.compile(rf"(?:\s(?:in|of))?\s{_YEAR}(?![\d/.-])")
LINE = 120  # characters; a longer clause tells of something else when it names a date,
NOTE = 40  # unless it begins or ends with a sentence as short as this: "Effective April 1, 2019."
_BOUND = re.compile(r"(?<=。)|(?<=[.)）])\s+(?=\S)")


def policy_date(
    text: str,
    clauses: Sequence[Clause],
    facts: Sequence[Sequence[Fact]],
    cue: Mapping[str, re.Pattern[str]],
) -> datetime.date:
    """The latest date in a short clause or note with a word such as 改定 or "effective"; LATEST where there is none.

    `facts` are those of each clause; `cue` the kind "policy_date" of cues.csv. A partial date counts as its first
    day: 2021-04 is 2021-04-01. A year alone counts where nothing else is told: 2018年制定, revised 2018.
    """
    days, years = [], []
    for clause, found in zip(clauses, facts, strict=True):
        for start, end in _notes(text, clause.start, clause.end):
            line = text[start:end].casefold()
            words = list(cue[clause.language].finditer(line))
            if words:
                days += [_day(fact.value) for fact in found if fact.kind == "date" and start <= fact.start < end]
                years += [_day(year) for word in words for year in _beside(line, word)]
    return max(days or years, default=LATEST)


def _notes(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where a clause may tell its date: all of a short one, of a longer one a short first and last sentence."""
    if end - start <= LINE:
        return [(start, end)]
    bounds = [found.start() for found in _BOUND.finditer(text, start + 1, end - 1)]
    ends = [(start, bounds[0]), (bounds[-1], end)] if bounds else []
    return [(first, last) for first, last in ends if last - first <= NOTE]


def _beside(line: str, word: re.Match[str]) -> list[str]:
    """The year directly before or after a word: 2018年制定, revised 2018."""
    before, after = _BEFORE.search(line, 0, word.start()), _AFTER.match(line, word.end())
    return [match[1] for match in (before, after) if match]


def _day(value: str) -> datetime.date:
    parts = [int(part) for part in re.findall(r"\d+", value)][:3]
    return datetime.date(*[*parts, 1, 1][:3])
