"""Tie the names of laws to the articles that stand with them: names + references → citations."""

from __future__ import annotations

import datetime  # noqa: TC003 (a field of Citation: readers of its type hints need the name)
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from normalizer.statutes.names import Name
from normalizer.statutes.references import Group
from normalizer.statutes.wording import narrow, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from normalizer.statutes.names import NameReader
    from normalizer.statutes.references import EnglishReader, JapaneseReader, Reference
    from normalizer.statutes.resolving import Resolver
    from normalizer.statutes.wording import Lexicon

_LOOK_BACK = 400  # characters before a clause in which 同法 may find its law
_BRACKET = re.compile(r"\(([^()]{1,60}(?:\([0-9a-z]{1,5}\)[^()]{0,40}){0,6})\)")  # in plain form: （ is (
_GAP = 60  # characters between an article and its law: ", of the amended "


@dataclass(frozen=True, slots=True)
class Citation:
    """A law, or a provision of one, cited at a place, with what it meant at a date."""

    start: int
    end: int
    law: str  # id, as in statutes.csv: APPI, MyNumberAct, GDPR
    article: str | None  # "27"; "16-2" for 第16条の2; None where the law is named as a whole
    paragraph: int | None
    item: str | None  # lower case Roman ("ii") for the numbered items of Japanese law, a letter elsewhere
    version: str | None  # of the law at the date, as in statute_versions.csv
    concept: str | None  # of the provision at the date, else of its paragraph, else of its article
    date: datetime.date
    status: str  # of the line that tells the concept: "verified", "memory", or "" without one

    @property
    def value(self) -> str:
        """The normal form: "APPI:27(1)(ii)", "APPI:16-2", "GDPR"."""
        paragraph = f"({self.paragraph})" if self.paragraph is not None else ""
        item = f"({self.item})" if self.item else ""
        return f"{self.law}:{self.article}{paragraph}{item}" if self.article else self.law


@dataclass(frozen=True, slots=True)
class _Tie:
    """References with the law that they belong to."""

    name: Name
    references: tuple[Reference, ...]
    start: int  # from here
    end: int  # to here, the name included

    def spans(self) -> Iterator[tuple[int, int, Reference]]:
        """Each reference with its own stretch; the name belongs to the one that stands next to it."""
        last = len(self.references) - 1
        for index, one in enumerate(self.references):
            start = min(one.start, self.start) if index == 0 else one.start
            yield start, max(one.end, self.end) if index == last else one.end, one


class Linker:
    """Finds citations."""

    def __init__(
        self, names: NameReader, japanese: JapaneseReader, english: EnglishReader, words: Lexicon, resolver: Resolver
    ) -> None:
        self._names, self._japanese, self._english, self._resolver = names, japanese, english, resolver
        modifiers = rf"(?:{words.any('modifier', 'en')}\s{{1,2}}){{0,4}}"
        same_line = r"[ \t]"
        # how an English group may stand to a law, the surest way first: (group before the law?, what is between)
        self._ways = (
            (True, re.compile(rf"\s{{0,2}},?\s{{0,2}}{words.any('of', 'en')}\s{{1,2}}{modifiers}")),
            (False, re.compile(rf"(?:'s)?{same_line}{{0,2}}[(\[]?")),
            (True, re.compile(rf"{same_line}{{1,2}}[(\[]?(?:the\s)?")),
            (False, re.compile(rf",{same_line}{{1,2}}")),
            (True, re.compile(rf",\s{{1,2}}{modifiers}")),
        )
        self._follows = re.compile(r"[」』]? {0,2}(?:の ?|\( ?)?")

    def find(
        self, text: str, start: int, end: int, language: str, date: datetime.date, aliases: Mapping[str, str]
    ) -> tuple[Citation, ...]:
        """See Statutes.find."""
        start, end = max(0, start), min(end, len(text))
        part = text[start:end]
        before = self._named_before(text, start, language, aliases) if self._names.repeats(part) else ()
        names = self._names.names(part, language, aliases, before)
        if not names:
            return ()
        found: list[Citation] = []
        for first, last, law, reference in sorted(self._cited(part, names), key=lambda one: one[:2]):
            article, paragraph, item = reference[2:] if reference else (None, None, None)
            version, concept, status = self._resolver.resolve(law, article, paragraph, item, date)
            place = (start + first, start + last)
            found.append(Citation(*place, law, article, paragraph, item, version, concept, date, status))
        return tuple(found)

    def find_bracketed(
        self, text: str, start: int, end: int, language: str, date: datetime.date, law: str, after: int
    ) -> tuple[Citation, ...]:
        """See Statutes.find_bracketed."""
        part = text[start:end]
        folded = plain(part)
        found: list[Citation] = []
        for bracket in _BRACKET.finditer(folded) if "(" in folded else ():
            for one in self._alone(folded, narrow(part), *bracket.span(1), language):
                if int(one.article.partition("-")[0]) > after:
                    meaning = self._resolver.resolve(law, *one[2:], date)
                    found.append(
                        Citation(start + one.start, start + one.end, law, *one[2:], *meaning[:2], date, meaning[2])
                    )
        return tuple(found)

    def _alone(self, folded: str, cased: str, start: int, end: int, language: str) -> tuple[Reference, ...]:
        """The references that a bracket holds, if it holds nothing else."""
        if language == "ja":
            stop, references = self._japanese.read(folded[:end], start)
            return references if stop == end else ()
        groups = self._english.groups(folded[start:end], cased[start:end])
        if len(groups) != 1 or groups[0].start or groups[0].end != end - start:
            return ()
        return tuple(one._replace(start=one.start + start, end=one.end + start) for one in groups[0].references)

    def _named_before(self, text: str, start: int, language: str, aliases: Mapping[str, str]) -> tuple[str, ...]:
        before = text[max(0, start - _LOOK_BACK) : start]
        return tuple(name.law for name in self._names.names(before, language, aliases))

    def _cited(self, text: str, names: tuple[Name, ...]) -> Iterator[tuple[int, int, str, Reference | None]]:
        folded = plain(text)
        ties = {tie.name: tie for tie in self._japanese_ties(folded, names)}
        free = tuple(name for name in names if name not in ties)
        for tie in self._english_ties(folded, self._english.groups(folded, narrow(text)), free):
            ties[tie.name] = tie
        for name in names:
            if name in ties:
                yield from ((start, end, name.law, one) for start, end, one in ties[name].spans())
            elif not name.cited_only:
                yield name.start, name.end, name.law, None

    def _japanese_ties(self, folded: str, names: tuple[Name, ...]) -> Iterator[_Tie]:
        """個人情報保護法第27条: the articles stand directly after the law."""
        for name in names:
            gap = self._follows.match(folded, name.reach)
            begin = gap.end() if gap else name.reach
            end, references = self._japanese.read(folded, begin)
            if references:
                opened = "(" in folded[name.reach : begin] and folded[end : end + 1] == ")"
                yield _Tie(name, references, name.start, end + opened)

    def _english_ties(self, folded: str, groups: list[Group], names: tuple[Name, ...]) -> list[_Tie]:
        """Article 27 of the APPI; APPI Art. 27: before or after the law. The surest ties are made first."""
        ties: list[_Tie] = []
        tied: set[Group | Name] = set()
        for before, way in self._ways:
            for group, name in _neighbours(groups, names, before):
                gap = folded[group.end : name.start] if before else folded[name.reach : group.start]
                if group in tied or name in tied or not way.fullmatch(gap):
                    continue
                tied |= {group, name}
                closing = 1 if gap.endswith(("(", "[")) else 0
                end = max(group.end, name.end)
                end += closing if folded[end : end + 1] in (")", "]") else 0
                ties.append(_Tie(name, group.references, min(group.start, name.start), end))
        return ties


def _neighbours(groups: list[Group], names: tuple[Name, ...], before: bool) -> Iterator[tuple[Group, Name]]:
    """The groups that stand directly before (or after) a name, within reach."""
    marks: list[tuple[int, int, Group | Name]] = []
    marks += [(group.start, group.end, group) for group in groups]
    marks += [(name.start, name.reach, name) for name in names]
    marks.sort(key=lambda mark: mark[:2])
    for (_, end, left), (start, _, right) in pairwise(marks):
        group, name = (left, right) if before else (right, left)
        if isinstance(group, Group) and isinstance(name, Name) and 0 <= start - end <= _GAP:
            yield group, name
