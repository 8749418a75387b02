"""glossaries/comparison_words.csv → how often a text denies, excepts, limits, permits and obliges.

A form counts as `sure` where it always means its mark, and as `maybe` where the other language may put it without
one: "decline to" for 応じない. Doubtful forms that are `like` each other (防ぐ, "prevent") say the same where both
sides have them. The longest form takes the characters, so that 差し支えない denies nothing. An English form may end in
an asterisk.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from normalizer.cues import either
from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

MARKS = ("negation", "exception", "limit", "without", "may", "must")
ANY = "*"
NO_MARK = "none"  # a longer form that only looks like a mark
SIDES = ("ja", "en")
STRENGTHS = ("sure", "maybe")
CONSENT = "consent"  # like: consent that was obtained, which stands for "without consent" where one side denies
ONLY = "only"  # like: what may stand for a denial of all else
BESIDE = "beside"  # like: an exception within a noun, which makes no denial: 以外の者
EXCEPTED = frozenset({"except", "beyond", BESIDE})  # likes: what a denial of all else leaves out
CONDITIONS = frozenset({"after", "before", "need"})  # likes: may stand for a denial that makes an exception, no other
CIRCUMSTANCES = frozenset({"any", "beyond", BESIDE})  # likes: what turns no operation round by itself
COLUMNS = ("mark", "language", "form", "strength", "like", "note")
QUOTED = re.compile('"[^"\n]{1,60}"|“[^”\n]{1,60}”|「[^」\n]{1,60}」|『[^』\n]{1,60}』')
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Marks:
    """The places of one mark in a text."""

    sure: tuple[Place, ...] = ()
    maybe: tuple[Place, ...] = ()
    likes: tuple[str, ...] = ()  # what each doubtful one is like; "" for what is like nothing
    named: tuple[str, ...] = ()  # the same of those that belong to a name

    def without(self, names: Sequence[Place]) -> Marks:
        """The marks with the doubtful words inside `names` set apart."""
        inside = [any(a <= start and end <= b for a, b in names) for start, end in self.maybe]
        kept = [number for number, within in enumerate(inside) if not within]
        named = tuple(like for like, within in zip(self.likes, inside, strict=True) if within)
        return Marks(self.sure, tuple(self.maybe[i] for i in kept), tuple(self.likes[i] for i in kept), named)


class Form(NamedTuple):
    """How a form is meant."""

    strength: str  # sure or maybe
    like: str


@dataclass(frozen=True, slots=True)
class Words:
    """The compiled table."""

    patterns: Mapping[tuple[str, str], re.Pattern[str]]  # mark and language → its forms, and those of no mark
    forms: Mapping[tuple[str, str, str], Form]

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
        found: dict[str, list[tuple[Place, str]]] = {strength: [] for strength in STRENGTHS}
        for start, end in places:
            for match in self.patterns[mark, language].finditer(text, start, end):
                form = self._form(mark, language, match.group().lower())
                # A title or a name: "Kurashi no Yomimono" denies nothing.
                if form and not any(a <= match.start() < b for a, b in quoted):
                    found[form.strength].append((match.span(), form.like))
        sure, maybe = ([place for place, _ in found[strength]] for strength in STRENGTHS)
        return Marks(tuple(sure), tuple(maybe), tuple(like for _, like in found["maybe"]))

    def _form(self, mark: str, language: str, words: str) -> Form | None:
        """The line of the table that the words are of; None for those of no mark."""
        known = self.forms.get((mark, language, words))
        if known or (NO_MARK, language, words) in self.forms:
            return known
        return next(
            (form for key, form in self.forms.items() if key[:2] == (mark, language) and _starts(key[2], words)), None
        )


def _starts(form: str, words: str) -> bool:
    return form.endswith(ANY) and words.startswith(form.removesuffix(ANY))


@cache
def load(folder: Path) -> Words:
    """Compile comparison_words.csv. Raises GlossaryError."""
    problems, path = Problems(), folder / "comparison_words.csv"
    forms: dict[tuple[str, str, str], Form] = {}
    for line, row in read_table(path, COLUMNS, problems):
        for column, valid in (("mark", (*MARKS, NO_MARK)), ("language", SIDES), ("strength", STRENGTHS)):
            if row[column] not in valid:
                problems.unknown(path, line, column, row[column], valid)
        forms[row["mark"], row["language"], row["form"].lower()] = Form(row["strength"], row["like"])
    problems.refuse()
    patterns = {(mark, side): _pattern(forms, mark, side) for mark in MARKS for side in SIDES}
    return Words(patterns, forms)


def _pattern(known: Iterable[tuple[str, str, str]], mark: str, side: str) -> re.Pattern[str]:
    forms = either(form for other, language, form in known if other in (mark, NO_MARK) and language == side)
    if side == "ja":
        return re.compile(forms)
    return re.compile(rf"(?<![\w-])(?:{forms.replace(re.escape(ANY), r'[a-z]+')})(?!(?<=\w)\w)", re.IGNORECASE)
