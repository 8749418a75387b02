"""Two texts of one language that are like each other → whether one turns what the other says.

It does where it denies and the other does not, at the same place, or where a word of glossaries/opposed_words.csv
stands in the place of its opposite (有効, 無効). What denies is told as in comparing versions: normalizer/marks.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz.distance import Levenshtein, Postfix, Prefix

from normalizer import marks
from normalizer.glossary import glossary_folder
from normalizer.marks import by_letters, found_in, spaced
from normalizer.model import LANGUAGES
from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from rapidfuzz.distance import Opcodes

    from normalizer.marks import Place, Words
    from normalizer.model import Language

COLUMNS = ("name", "language", "one", "other", "note")
POLES = ("one", "other")
REACH = {"ja": 8, "en": 16}  # characters beside a place in which a denial stands at that place
AROUND = {"ja": 20, "en": 60}  # characters beside what differs that a word of denial may have in common
STOPS = "、。,.;:"  # over which it does not reach
SHORT = re.compile(r"n['’]t\b")  # can't, wouldn't

Pole = tuple[str, str]  # a name, and one of POLES


class Said(NamedTuple):
    """The words of a text that may turn what it says."""

    text: str
    denials: tuple[Place, ...]
    poles: tuple[tuple[Place, Pole], ...]


@dataclass(frozen=True, slots=True)
class Opposed:
    """The compiled table."""

    patterns: Mapping[str, re.Pattern[str]]  # by language
    poles: Mapping[tuple[str, str], Pole]  # by language and form


def turned(one: str, other: str, language: Language) -> bool:
    """Whether one of two folded texts turns what the other says.

    >>> turned("同意を得て提供します", "同意を得ずに提供します", "ja"), turned("必ず提供します", "提供します", "ja")
    (True, False)
    """
    here, there = (_said(part, language) for part in _changed(one, other, language))
    if len(here.denials) != len(there.denials):
        return True
    if not here.denials and not _opposable(here, there):
        return False
    changes = Levenshtein.opcodes(here.text, there.text)
    pairs = zip(here.denials, there.denials, strict=True)
    if any(not _at(_mapped(changes, mine), theirs, there.text, language) for mine, theirs in pairs):
        return True
    return any(_in_place_of_opposite(_mapped(changes, place), pole, there) for place, pole in here.poles)


def _changed(one: str, other: str, language: Language) -> tuple[str, str]:
    """The texts from shortly before what differs first to shortly behind what differs last: all else says the same."""
    start = max(0, Prefix.similarity(one, other) - AROUND[language])
    one, other = one[start:], other[start:]
    behind = max(0, Postfix.similarity(one, other) - AROUND[language])
    return one[: len(one) - behind], other[: len(other) - behind]


@lru_cache(maxsize=1024)
def _said(folded: str, language: Language) -> Said:
    text = SHORT.sub(" not", folded) if language == "en" else folded
    words, table = _tables()
    found = found_in(text, (0, len(text)), table.patterns[language], language)
    poles = tuple((place, table.poles[language, words]) for place, words in found)
    denials = tuple((start, len(text[:end].rstrip(STOPS))) for start, end in words.denials(text, language))
    return Said(text, denials, poles)


def _opposable(here: Said, there: Said) -> bool:
    """Whether both texts have a word of one name, and not of the same pole."""
    mine, theirs = ({pole for _, pole in its.poles} for its in (here, there))
    return any((name, _opposite(pole)) in theirs for name, pole in mine)


def _mapped(changes: Opcodes, place: Place) -> Place:
    """What stands in the other text in the place of some characters."""
    found = [
        (
            min(change.dest_end, change.dest_start + max(0, place[0] - change.src_start)),
            max(change.dest_start, change.dest_end - max(0, change.src_end - place[1])),
        )
        for change in changes
        if change.src_start < place[1] and place[0] < change.src_end
    ]
    return found[0][0], found[-1][1]


def _at(place: Place, denial: Place, text: str, language: Language) -> bool:
    """Whether a denial stands at a place of its text, or so near that no stop is between them."""
    reach, (start, end) = REACH[language], place
    between = text[end : denial[0]] if end <= denial[0] else text[denial[1] : start]
    return len(between) <= reach and not any(stop in between for stop in STOPS)


def _in_place_of_opposite(place: Place, pole: Pole, there: Said) -> bool:
    """Whether the other text has an opposite at the place, and not the word itself or one that says the same."""
    found = {own for (start, end), own in there.poles if start < place[1] and place[0] < end}
    return (pole[0], _opposite(pole[1])) in found and pole not in found


def _opposite(pole: str) -> str:
    return POLES[1 - POLES.index(pole)]


@cache
def _tables() -> tuple[Words, Opposed]:
    folder = glossary_folder()
    return marks.load(folder), load(folder)


@cache
def load(folder: Path) -> Opposed:
    """Compile opposed_words.csv. Raises GlossaryError."""
    problems, path = Problems(), folder / "opposed_words.csv"
    poles: dict[tuple[str, str], Pole] = {}
    for line, row in read_table(path, COLUMNS, problems):
        if row["language"] not in LANGUAGES:
            problems.unknown(path, line, "language", row["language"], LANGUAGES)
        for pole in POLES:
            form = (row["language"], row[pole].casefold())
            if form in poles:
                problems.add(path, line, f"{row[pole]!r} stands twice")
            if row[pole]:
                poles[form] = (row["name"], pole)
    problems.refuse()
    return Opposed({language: _any_of(language, poles) for language in LANGUAGES}, poles)


def _any_of(language: Language, poles: Iterable[tuple[str, str]]) -> re.Pattern[str]:
    forms = spaced(by_letters(form for its, form in poles if its == language))
    return re.compile(forms if language == "ja" else rf"(?<![\w-])(?:{forms})(?![\w-])")
