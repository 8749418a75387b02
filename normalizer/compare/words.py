"""glossaries/comparison_words.csv → how often a text denies, excepts, limits, permits and obliges.

A form counts as `sure` where it always means its mark, and as `maybe` where the other language may put it without
one: "decline to" for 応じない. The longest form takes the characters, so that 差し支えない denies nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from normalizer.cues import either
from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

MARKS = ("negation", "exception", "limit", "without", "may", "must")
NO_MARK = "none"  # a longer form that only looks like a mark
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

    patterns: Mapping[str, re.Pattern[str]]  # language → any form
    meanings: Mapping[tuple[str, str], tuple[tuple[str, str], ...]]  # language and form → marks with strengths

    def marks(self, text: str, places: Iterable[Place], language: str) -> dict[str, Marks]:
        """The marks within some places of a text, by name; offsets into `text`.

        >>> from normalizer.glossary import glossary_folder
        >>> load(glossary_folder()).marks("We do not sell data.", [(0, 20)], "en")["negation"].sure
        ((6, 9),)
        """
        found: dict[tuple[str, str], list[Place]] = defaultdict(list)
        for start, end in places:
            quoted = [quote.span() for quote in QUOTED.finditer(text, start, end)]
            for match in self.patterns[language].finditer(text, start, end):
                if any(a <= match.start() < b for a, b in quoted):
                    continue  # a title or a name: "Kurashi no Yomimono" denies nothing
                for mark, strength in self.meanings[language, match.group().lower()]:
                    found[mark, strength].append(match.span())
        return {mark: Marks(tuple(found[mark, "sure"]), tuple(found[mark, "maybe"])) for mark in MARKS}


@cache
def load(folder: Path) -> Words:
    """Compile comparison_words.csv. Raises GlossaryError."""
    problems, path = Problems(), folder / "comparison_words.csv"
    meanings: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for line, row in read_table(path, COLUMNS, problems):
        for column, valid in (("mark", (*MARKS, NO_MARK)), ("language", ("ja", "en")), ("strength", STRENGTHS)):
            if row[column] not in valid:
                problems.unknown(path, line, column, row[column], valid)
        marks = meanings.setdefault((row["language"], row["form"].lower()), [])
        if row["mark"] != NO_MARK:
            marks.append((row["mark"], row["strength"]))
    problems.refuse()
    forms = {side: either(form for language, form in meanings if language == side) for side in ("ja", "en")}
    patterns = {"ja": re.compile(forms["ja"]), "en": re.compile(rf"(?<![\w-])(?:{forms['en']})(?!(?<=\w)\w)", re.IGNORECASE)}
    return Words(patterns, {key: tuple(marks) for key, marks in meanings.items()})
