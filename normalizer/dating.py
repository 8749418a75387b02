"""Clauses with facts → the day as of which a policy speaks, at which its citations of laws are read."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from normalizer.model import Clause, Document, Fact

LATEST = datetime.date.max  # a policy without a date is read by the law as it is now known
_YEAR = r"(?<!\d)((?:19|20)\d\d)"
_BEFORE = re.compile(rf"{_YEAR}年(?:度)?[にの]?$")
_AFTER = re.compile(rf"(?:\s(?:in|of))?\s{_YEAR}(?![\d/.-])")
LINE = 120  # characters; a longer clause tells of something else when it names a date,
NOTE = 40  # unless it begins or ends with a sentence as short as this: "Effective April 1, 2019."
SIGNATURE = 80  # characters of a line of who signs,
SIGNATURE_LINES = 4  # who has so many
_BESIDE = re.compile(r"[\s/／|｜・()（）.‐-―-]*")  # what may stand beside a date that is alone
# A full stop behind a word in small letters, for a name may end in Inc. or K.K.
_SENTENCE = re.compile(r"[。:：?？!！]$|(?:ます|です|ません)$|(?:^|\s)[a-z]\S*\.$")
_BOUND = re.compile(r"(?<=。)|(?<=[.)）])\s+(?=\S)")


def policy_date(
    document: Document,
    clauses: Sequence[Clause],
    facts: Sequence[Sequence[Fact]],
    cue: Mapping[str, re.Pattern[str]],
) -> datetime.date:
    """The latest date in a short clause or note with a word such as 改定 or "effective"; LATEST where there is none.

    `facts` are those of each clause; `cue` the kind "policy_date" of cues.csv. A partial date counts as its first
    day: 2021-04 is 2021-04-01. A year alone counts where nothing else is told: 2018年制定, revised 2018; and where no
    year is, a date that stands last by itself.
    """
    text, days, years = document.text, [], []
    for clause, found in zip(clauses, facts, strict=True):
        for start, end in _notes(text, clause.start, clause.end):
            line = text[start:end].casefold()
            words = list(cue[clause.language].finditer(line))
            if words:
                days += [_day(fact.value) for fact in found if fact.kind == "date" and start <= fact.start < end]
                years += [_day(year) for word in words for year in _beside(line, word)]
    return max(days or years or _standing_last(document, clauses, facts, cue), default=LATEST)


def _standing_last(
    document: Document, clauses: Sequence[Clause], facts: Sequence[Sequence[Fact]], cue: Mapping[str, re.Pattern[str]]
) -> list[datetime.date]:
    """The date that is a line of its own at the end, or above the name and the address of who signs there.

    In both languages it may stand twice. None within a list, where another date stands beside it, or where a heading
    above it is of something else.
    """
    text = document.text
    listed = {block.start for block in document.blocks if block.kind == "paragraph" and block.level}
    ends = [(clause, found) for clause, found in zip(clauses, facts, strict=True) if clause.kind != "furniture"]
    signed = 0
    while signed < len(ends) and _signs(text, *ends[-1 - signed]):
        signed += 1
    ends = ends[: len(ends) - signed] if signed <= SIGNATURE_LINES else []
    days: set[datetime.date] = set()
    while ends and ends[-1][0].start not in listed and (own := _bare(text, *ends[-1])):
        days |= own
        ends.pop()
    above = ends[-1][0] if ends else None
    if above and above.kind == "heading" and not cue[above.language].search(text[above.start : above.end].casefold()):
        return []
    return [*days] if len(days) == 1 else []


def _bare(text: str, clause: Clause, facts: Sequence[Fact]) -> set[datetime.date]:
    """The dates of a line that has nothing else: 2022年4月1日 / April 1, 2022."""
    dates = [fact for fact in facts if fact.kind == "date"]
    rest, done = "", clause.start
    for date in dates:
        rest, done = rest + text[done : date.start], date.end
    alone = clause.kind == "paragraph" and not clause.number and _BESIDE.fullmatch(rest + text[done : clause.end])
    return {_day(date.value) for date in dates} if alone else set()


def _signs(text: str, clause: Clause, facts: Sequence[Fact]) -> bool:
    """Whether a line may be of who signs below a date: a name, an office, an address; no sentence and no date."""
    words = text[clause.start : clause.end]
    if clause.kind != "paragraph" or clause.number or len(words) > SIGNATURE:
        return False
    return not any(fact.kind == "date" for fact in facts) and not _SENTENCE.search(words)


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
