"""Read articles, paragraphs and items, in both languages: plain text → references, not yet tied to a law.

A reference is read as elements (第27条 | 第1項; Article 6 | (1) | (a)) that are then put together: 第27条第1項及び第2項
has the elements 27, 1, and 2, and speaks of 27(1) and 27(2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from normalizer.statutes.wording import Lexicon

ARTICLE, PARAGRAPH, ITEM = 0, 1, 2
_LEVELS = ("article", "paragraph", "item")
Join = Literal["", "comma", "of", "and", "to"]

_KANJI_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}
_KANJI_UNITS = {"十": 10, "百": 100, "千": 1000}
_ROMAN_SIGNS = ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i")
_ROMAN_WORTHS = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
_NUMBER = r"(?:[0-9]{1,4}(?![0-9])|[〇一二三四五六七八九十百千]{1,8})"
_LETTER = r"(?:[ivxl]{1,6}|[a-z])"


class Reference(NamedTuple):
    """An article, or a part of one, and where the text says so."""

    start: int
    end: int
    article: str
    paragraph: int | None
    item: str | None


class Element(NamedTuple):
    """A number of one level."""

    level: int
    number: str
    start: int
    end: int
    join: Join  # how it hangs on the element before it


def number(text: str) -> int:
    """The value of digits or of kanji numerals: 12, 十二, 一二."""
    if text.isascii():
        return int(text)
    if not any(unit in text for unit in _KANJI_UNITS):
        return int("".join(str(_KANJI_DIGITS[digit]) for digit in text))
    total, digit = 0, 0
    for character in text:
        if character in _KANJI_UNITS:
            total, digit = total + (digit or 1) * _KANJI_UNITS[character], 0
        else:
            digit = _KANJI_DIGITS[character]
    return total + digit


def roman(value: int) -> str:
    """2 → "ii": the items of Japanese laws are counted so in the tables."""
    out = ""
    for sign, worth in zip(_ROMAN_SIGNS, _ROMAN_WORTHS, strict=True):
        out += sign * (value // worth)
        value %= worth
    return out


@dataclass(slots=True)
class _Draft:
    """A reference that grows while its elements are read."""

    start: int
    end: int
    numbers: list[str | None]
    said: set[int] = field(default_factory=set)  # the levels that the text says itself; others are inherited

    def finished(self) -> Reference | None:
        article, paragraph, item = self.numbers
        if article is None:
            return None
        return Reference(self.start, self.end, article, int(paragraph) if paragraph else None, item)


def assemble(elements: list[Element]) -> tuple[Reference, ...]:
    """Put elements together, downwards (Article 2, Paragraph 7) or upwards (Paragraph 1 of Article 23)."""
    drafts: list[_Draft] = []
    waiting: tuple[list[_Draft], ...] = ([], [])  # drafts without an article, without a paragraph
    for element in elements:
        current = drafts[-1] if drafts else None
        if current is None or not _completes(element, current):
            above = current.numbers[: element.level] if current else [None] * element.level
            drafts.append(_Draft(element.start, element.end, [*above, element.number, None, None][:3], {element.level}))
            for level in (ARTICLE, PARAGRAPH)[: element.level]:
                if drafts[-1].numbers[level] is None:
                    waiting[level].append(drafts[-1])
            continue
        current.end = element.end
        if element.level in current.said:
            continue  # (1)(a)(i): the tables go no deeper than the item
        current.numbers[element.level] = element.number
        if element.level < min(current.said):  # "Paragraphs 1 and 2 of Article 23" completes both
            for draft in waiting[element.level]:
                draft.numbers[element.level] = element.number
            waiting[element.level].clear()
        current.said.add(element.level)
    return tuple(reference for draft in drafts if (reference := draft.finished()))


def _completes(element: Element, current: _Draft) -> bool:
    """Whether an element says more of the current reference, rather than starting another one."""
    if element.join not in ("", "comma", "of"):
        return False
    if element.level in current.said:
        return element.join == "" and element.level == ITEM
    upwards = element.level < min(current.said)
    return element.level > max(current.said) or (
        upwards and (element.join == "of" or not current.numbers[element.level])
    )


class JapaneseReader:
    """Reads 第27条第1項第2号及び第3号, in digits or kanji, with blanks or without."""

    def __init__(self, words: Lexicon) -> None:
        units = "|".join(f"(?P<u{level}>{words.any(kind, 'ja')})" for level, kind in enumerate(_LEVELS))
        branch = rf"(?: ?の ?{_NUMBER}(?!{words.any('not_branch', 'ja')})){{0,3}}"
        joins = rf"(?:(?P<to>{words.any('range', 'ja')})|(?P<and>{words.any('join', 'ja')}))"
        self._element = re.compile(
            rf" ?(?:{joins} ?)?(?P<sign>第? ?(?P<number>{_NUMBER}) ?(?!{words.any('not_unit', 'ja')})(?:{units})"
            rf"(?P<branch>{branch})|(?P<bracket>\( ?(?P<inner>[0-9]{{1,2}}|{_LETTER}) ?\) ?{words.any('item', 'ja')}?)"
            rf"|第?(?P<letter>[a-z]){words.any('item', 'ja')})"
        )
        self._until = re.compile(r"まで")

    def read(self, text: str, start: int) -> tuple[int, tuple[Reference, ...]]:
        """The references that stand at `start` of a plain text, and where they end."""
        elements: list[Element] = []
        position = start
        while found := self._element.match(text, position):
            element = self._of(found, elements[-1] if elements else None)
            if element is None:
                break
            elements.append(element)
            until = self._until.match(text, found.end())
            position = until.end() if until else found.end()
        return (elements[-1].end if elements else start), assemble(elements)

    def _of(self, found: re.Match[str], before: Element | None) -> Element | None:
        join: Join = "to" if found["to"] else "and" if found["and"] else ""
        place = (found.start("sign"), found.end(), join)
        if found["number"]:
            level = next(level for level in range(3) if found[f"u{level}"])
            if before is None and (level != ARTICLE or join):
                return None
            first = number(found["number"])
            branches = [str(number(part.strip())) for part in found["branch"].split("の")[1:]]
            head = roman(first) if level == ITEM else str(first)
            kept = [] if level == PARAGRAPH else branches
            return Element(level, "-".join([head, *kept]), *place) if first else None
        if before is None:
            return None
        inner = found["inner"] or found["letter"]
        if inner.isdigit():
            level = PARAGRAPH if before.level == ARTICLE else ITEM
            return Element(level, str(int(inner)) if level == PARAGRAPH else roman(int(inner)), *place)
        return Element(ITEM, inner, *place)


class Group(NamedTuple):
    """References in English that stand together, still without a law."""

    start: int
    end: int
    references: tuple[Reference, ...]


class EnglishReader:
    """Reads Article 27, paragraph (1), item (ii); Articles 6(1)(a) and (f); Paragraph 1 of Article 23."""

    def __init__(self, words: Lexicon) -> None:
        kinds = "|".join(f"(?P<w{level}>{words.any(kind, 'en')})" for level, kind in enumerate(_LEVELS))
        word = rf"(?<![a-z0-9])(?P<word>{kinds})(?![a-z])"
        joins = (
            rf"(?P<and>\s{{0,2}},?\s{{0,2}}(?<![a-z0-9]){words.any('join', 'en')}(?![a-z0-9])\s{{0,2}})"
            rf"|(?P<to>\s{{0,2}}(?:{words.any('range', 'en')})(?![a-z])\s{{0,2}})|(?P<comma>\s{{0,2}},\s{{0,2}})"
        )
        of = r"(?P<of>\s{1,2}of\s{1,2}(?:the\s{1,2})?)"
        figure = rf"(?P<figure>[0-9]{{1,4}}(?:-[0-9]{{1,3}}){{0,3}}(?![0-9])|{_LETTER}(?![a-z0-9]))"
        inner = rf"\(\s?(?P<inner>[0-9]{{1,2}}|{_LETTER})\s?\)"
        self._head = re.compile(rf"{word}(?=\s{{0,2}}\(?\s?(?:[0-9]|{_LETTER}(?![a-z])))")
        self._worded = re.compile(rf"(?:{joins}|{of}|\s{{0,2}})(?P<sign>{word}\s{{0,2}}(?:{inner}|{figure}))")
        self._bracket = re.compile(rf"(?:{joins}|\s{{0,2}})(?P<sign>{inner}|\.(?P<dotted>[0-9]{{1,2}})(?![0-9]))")
        self._bare = re.compile(rf"(?:{joins})(?P<sign>{figure})")
        after = (words.any(kind, "en") for kind in ("of", "join", "range", "modifier"))
        self._follows = re.compile(rf"(?:{'|'.join(after)})(?![a-z])")
        self._plural = {word.lower() for word in words.words_of("plural", "en")}

    def groups(self, text: str, cased: str) -> list[Group]:
        """All groups of a plain text, in order; `cased` is the text with its capitals."""
        groups: list[Group] = []
        position = 0
        while found := self._head.search(text, position):
            elements = self._elements(text, cased, found.start())
            references = assemble(elements)
            position = elements[-1].end if elements else found.end()
            if references:
                groups.append(Group(references[0].start, references[-1].end, references))
        return groups

    def _elements(self, text: str, cased: str, start: int) -> list[Element]:
        elements: list[Element] = []
        position, level, plural = start, ARTICLE, False
        while True:
            before = elements[-1] if elements else None
            if found := self._worded.match(text, position):
                level = next(level for level in range(3) if found[f"w{level}"])
                plural = found["word"] in self._plural
                new = self._said(found, level, plural)
            elif before and (found := self._bracket.match(text, position)):
                new = self._bracketed(found, before)
            elif before and (found := self._bare.match(text, position)) and self._goes_on(found, cased, plural):
                new = self._said(found, level, plural)
            else:
                return elements
            if not new or (before is None and new[0].join):
                return elements
            elements += new
            position = found.end()

    def _goes_on(self, found: re.Match[str], cased: str, plural: bool) -> bool:
        """A bare number after "and" is no article where words follow that it counts: "Article 6 and 30 days"."""
        if found["comma"] and not plural:
            return False
        rest = cased[found.end() : found.end() + 24].lstrip()
        return not rest[:1].islower() or bool(self._follows.match(rest))

    @staticmethod
    def _said(found: re.Match[str], level: int, plural: bool) -> list[Element]:
        groups = found.groupdict()
        raw: str = groups.get("inner") or found["figure"]
        start, end, join = found.start("sign"), found.end(), _join(groups)
        if not raw[0].isdigit():
            return [Element(ITEM, raw, start, end, join)] if level == ITEM else []
        parts = raw.split("-")
        if int(parts[0]) == 0:
            return []
        if level != ARTICLE:
            return [Element(level, roman(int(parts[0])) if level == ITEM else str(int(parts[0])), start, end, join)]
        if plural and len(parts) == 2 and int(parts[1]) > int(parts[0]):  # Articles 44-49 are two ends, not 44の49
            cut = end - len(parts[1])
            return [Element(level, parts[0], start, cut - 1, join), Element(level, parts[1], cut, end, "to")]
        return [Element(level, "-".join(str(int(part)) for part in parts), start, end, join)]

    @staticmethod
    def _bracketed(found: re.Match[str], before: Element) -> list[Element]:
        groups = found.groupdict()
        raw: str = groups["inner"] or groups["dotted"]
        place = (found.start("sign"), found.end(), _join(groups))
        if not raw.isdigit():
            return [Element(ITEM, raw, *place)]
        deeper = before.level >= PARAGRAPH and not place[2]
        return [Element(ITEM, roman(int(raw)), *place)] if deeper else [Element(PARAGRAPH, str(int(raw)), *place)]


def _join(groups: dict[str, str | None]) -> Join:
    joins: tuple[Join, ...] = ("and", "to", "comma", "of")
    return next((name for name in joins if groups.get(name)), "")
