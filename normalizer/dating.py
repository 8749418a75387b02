"""Clauses with facts → the day as of which a policy speaks, at which its citations of laws are read."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from normalizer.model import Clause, Fact

LATEST = datetime.date.max  # a policy without a date is read by the law as it is now known
LINE = 120  # characters; a longer clause tells of something else when it names a date


def policy_date(
    text: str,
    clauses: Sequence[Clause],
    facts: Sequence[Sequence[Fact]],
    cue: Mapping[str, re.Pattern[str]],
) -> datetime.date:
    """The latest date in a short clause with a word such as 改定 or "effective"; LATEST where there is none.

    `facts` are those of each clause; `cue` the kind "policy_date" of cues.csv. A partial date counts as its first
    day: 2021-04 is 2021-04-01.
    """
    dates = [
        _day(fact.value)
        for clause, found in zip(clauses, facts, strict=True)
        if clause.end - clause.start <= LINE and cue[clause.language].search(text[clause.start : clause.end].casefold())
        for fact in found
        if fact.kind == "date"
    ]
    return max(dates, default=LATEST)


def _day(value: str) -> datetime.date:
    parts = [int(part) for part in re.findall(r"\d+", value)][:3]
    return datetime.date(*[*parts, 1, 1][:3])
