"""glossaries/comparison_words.csv → how often a text denies, excepts, limits, permits and obliges.

A form counts as `sure` where it always means its mark, and as `maybe` where the other language may put it without
one: "decline to" for 応じない. The longest form takes the characters, so that 差し支えない denies nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from normalizer.cues import either
from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

MARKS = ("negation", "exception", "limit", "without", "may", "must")
NO_MARK = "none"  # a longer form that only looks like a mark
SIDES = ("ja", "en")
STRENGTHS = ("sure", "maybe")
COLUMNS = ("mark", "language", "form", "strength", "note")
QUOTED = re.compile('"[^"\n]{1,60}"|“[^”\n]{1,60}”|「[^」\n]{1,60}」|『[^』\n]{1,60}』')
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Marks:
    """The places of one mark in a text."""

    sure: tuple[Place, ...] = ()
    maybe: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """The compiled table."""

    patterns: Mapping[tuple[str, str], re.Pattern[str]]  # mark and language → its forms, and those of no mark
    strengths: Mapping[tuple[str, str, str], str]  # mark, language and form → sure or maybe

    def marks(self, text: str, places: Iterable[Place], language: str) -> dict[str, Marks]:
        """The marks within some places of a text, by name; offsets into `text`.

        >>> from normalizer.glossary import glossary_folder
        >>> load(glossary_folder()).marks("We do not sell data.", [(0, 20)], "en")["negation"].sure
        ((6, 9),)
        """
        spans = [*places]
        quoted = [quote.span() for start, end in spans for quote in QUOTED.finditer(text, start, end)]
        return {mark: self._marks(mark, text, spans, quoted, language) for mark in MARKS}

    def _marks(self, mark: str, text: str, places: Sequence[Place], quoted: Sequence[Place], language: str) -> Marks:
        found: dict[str, list[Place]] = {strength: [] for strength in STRENGTHS}
        for start, end in places:
            for match in self.patterns[mark, language].finditer(text, start, end):
                strength = self.strengths.get((mark, language, match.group().lower()))
                # A title or a name: "Kurashi no Yomimono" denies nothing.
                if strength and not any(a <= match.start() < b for a, b in quoted):
                    found[strength].append(match.span())
        return Marks(tuple(found["sure"]), tuple(found["maybe"]))


@cache
def load(folder: Path) -> Words:
    """Compile comparison_words.csv. Raises GlossaryError."""
    problems, path = Problems(), folder / "comparison_words.csv"
    strengths: dict[tuple[str, str, str], str] = {}
    for line, row in read_table(path, COLUMNS, problems):
        for column, valid in (("mark", (*MARKS, NO_MARK)), ("language", SIDES), ("strength", STRENGTHS)):
            if row[column] not in valid:
                problems.unknown(path, line, column, row[column], valid)
        strengths[row["mark"], row["language"], row["form"].lower()] = row["strength"]
    problems.refuse()
    patterns = {(mark, side): _pattern(strengths, mark, side) for mark in MARKS for side in SIDES}
    return Words(patterns, strengths)


def _pattern(strengths: Mapping[tuple[str, str, str], str], mark: str, side: str) -> re.Pattern[str]:
    forms = either(form for known, language, form in strengths if known in (mark, NO_MARK) and language == side)
    return re.compile(forms) if side == "ja" else re.compile(rf"(?<![\w-])(?:{forms})(?!(?<=\w)\w)", re.IGNORECASE)
