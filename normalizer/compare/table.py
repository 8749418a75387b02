"""glossaries/differences.csv → severity and sentence of each kind of difference; findings → the public shape."""

from __future__ import annotations

import string
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from normalizer.model import LANGUAGES
from normalizer.records import SEVERITIES, Difference, Severity, Span
from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from normalizer.compare.findings import Comparison, Finding, Place
    from normalizer.model import Language

COLUMNS = ("code", "case", "severity", "message_ja", "message_en", "note")
# What a message may quote: the words of either side, the name of what it is about, in brackets.
FIELDS = ("ja", "en", "name")
QUOTED = 60  # characters of a side that a message quotes at most


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of differences.csv."""

    severity: Severity
    message_ja: str
    message_en: str


@cache
def load(folder: Path) -> Mapping[tuple[str, str], Rule]:
    """The lines of differences.csv by code and case. Raises GlossaryError."""
    problems, path = Problems(), folder / "differences.csv"
    rules: dict[tuple[str, str], Rule] = {}
    for line, row in read_table(path, COLUMNS, problems):
        severity = next((known for known in SEVERITIES if known == row["severity"]), None)
        if severity is None:
            problems.unknown(path, line, "severity", row["severity"], SEVERITIES)
            continue
        for column in ("message_ja", "message_en"):
            for name in _fields(row[column]):
                if name not in FIELDS:
                    problems.unknown(path, line, f"field in {column}", name, FIELDS)
        key = (row["code"], row["case"])
        if key in rules:
            problems.add(path, line, f"code {row['code']!r} with case {row['case']!r} stands twice")
        rules[key] = Rule(severity, row["message_ja"], row["message_en"])
    problems.refuse()
    return rules


def _fields(template: str) -> list[str]:
    try:
        return [name for _, name, _, _ in string.Formatter().parse(template) if name is not None]
    except ValueError:
        return [template]  # a brace without its fellow


def worded(finding: Finding, comparison: Comparison, rules: Mapping[tuple[str, str], Rule]) -> Difference:
    """A finding with its severity and its sentences. Raises KeyError for a code that no line of the table has."""
    rule = rules[finding.code, finding.case]
    spans = {side: _span(comparison, side, finding.place(side)) for side in LANGUAGES}
    quotes = {side: _quoted(span.text) if span else "" for side, span in spans.items()}
    evidence = finding.evidence | ({"case": finding.case} if finding.case else {})
    return Difference(
        code=finding.code,
        severity=rule.severity,
        message={
            "ja": rule.message_ja.format(**quotes, name=_named(finding.names[0], quotes, "（{}）")),
            "en": rule.message_en.format(**quotes, name=_named(finding.names[1], quotes, " ({})")),
        },
        ja=spans["ja"],
        en=spans["en"],
        evidence=evidence,
    )


def _named(name: str, quotes: Mapping[Language, str], brackets: str) -> str:
    """What the words are the name of, in brackets; nothing where the words quoted are that name."""
    said = {quote.strip("s").casefold() for quote in quotes.values()}
    return "" if not name or name.strip("s").casefold() in said else brackets.format(name)


def _span(comparison: Comparison, side: Language, place: Place | None) -> Span | None:
    return Span(start=place[0], end=place[1], text=comparison.text(side, *place)) if place else None


def _quoted(text: str) -> str:
    """Words on one line, the middle left out where there are many."""
    line = " ".join(text.split())
    return line if len(line) <= QUOTED else f"{line[: QUOTED - 20]} … {line[-17:]}"
