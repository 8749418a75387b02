"""A clause → its sentences, which brackets, quotations, abbreviations and numbers do not break.

A full stop inside 「…」 or （…） ends nothing outside: 「同意します。」と表示された画面で is one stretch.
"""

from __future__ import annotations

import itertools
import re
from functools import cache
from typing import TYPE_CHECKING

from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Span = tuple[int, int]

PAIRS = {"「": "」", "『": "』", "（": "）", "(": ")", "【": "】", "〔": "〕", "［": "］", "[": "]", "“": "”"}
CLOSERS = frozenset(PAIRS.values())
REACH = 400  # a bracket that is not closed within so many characters was never meant as one
MARK = re.compile(r"[「『（(【〔［\[“」』）)】〕］\]”。｡．！？!?.\n]")
SHOWN = re.compile(r"\S")
LAST_WORD = re.compile(r"([A-Za-z][A-Za-z.]*)\.$")


def sentences(text: str, start: int, end: int, language: str, folder: Path) -> tuple[Span, ...]:
    """The spans of the sentences of `text[start:end]`, trimmed; together they cover all that is not white space.

    language: "ja" or "en". folder: where abbreviations_en.csv is. Raises GlossaryError where that is damaged.
    """
    short = _abbreviations(folder)
    cuts = [start, *_ends(text, start, end, language, short), end]
    trimmed = (_trim(text, a, b) for a, b in itertools.pairwise(cuts))
    return tuple((a, b) for a, b in trimmed if a < b)


def _ends(text: str, start: int, end: int, language: str, short: frozenset[str]) -> Iterator[int]:
    closes = -1  # offset at which the outermost open bracket closes
    behind = -1  # offset behind the last break: what closes with a full stop, white space of a line's end
    for mark in MARK.finditer(text, start, end):
        at, sign = mark.start(), mark.group()
        if at < closes or at < behind:
            continue
        if sign in PAIRS:
            closes = _closing(text, at, end)
        elif sign == "\n":
            shown = SHOWN.search(text, at, end)
            behind = shown.start() if shown else end
            if _breaks_line(text, start, at, behind, end, language):
                yield mark.end()
        elif sign not in CLOSERS and _ends_sentence(text, at, sign, end, short):
            behind = _behind(text, mark.end(), end)
            yield behind


def _closing(text: str, at: int, end: int) -> int:
    """Where the bracket at `at` closes, brackets of its kind inside it counted; `at` if it never does."""
    opener, closer = text[at], PAIRS[text[at]]
    depth, reach = 0, min(end, at + REACH)
    if text.find(closer, at, reach) < 0:
        return at
    for place in range(at, reach):
        depth += (text[place] == opener) - (text[place] == closer)
        if depth == 0:
            return place
    return at


def _ends_sentence(text: str, at: int, sign: str, end: int, short: frozenset[str]) -> bool:
    if sign in "。｡．！？":
        return True
    after = text[at + 1 : min(end, at + 4)]
    if after and not after[0].isspace() and after[0] not in "\"'”’）)」』":
        return False
    if sign in "!?":
        return True
    word = LAST_WORD.search(text, max(0, at - 20), at + 1)
    if word and (word[1].lower() in short or (len(word[1]) == 1 and word[1].isupper())):
        return False
    following = text[at + 1 : min(end, at + 40)].lstrip("\"'”’）)」』 \t\n　")
    return not following or not following[0].islower()


def _behind(text: str, at: int, end: int) -> int:
    """Behind the quotation marks and brackets that close with the sentence, and further full stops."""
    while at < end and text[at] in "。｡！？!?\"'”’」』）)":
        at += 1
    return at


def _breaks_line(text: str, start: int, at: int, behind: int, end: int, language: str) -> bool:
    """A line break parts sentences unless the line goes on: wrapped Japanese, or English in small letters."""
    while at > start and text[at - 1].isspace():
        at -= 1
    before, after = text[max(start, at - 1) : at], text[behind : min(end, behind + 1)]
    if language == "ja":
        return before in "：:" or not before
    return not after.islower() and before in ":;"


def _trim(text: str, start: int, end: int) -> Span:
    stripped = text[start:end].strip()
    if not stripped:
        return start, start
    begin = start + text[start:end].index(stripped[0])
    return begin, begin + len(stripped)


@cache
def _abbreviations(folder: Path) -> frozenset[str]:
    problems = Problems()
    rows = read_table(folder / "abbreviations_en.csv", ("form", "note"), problems)
    problems.refuse()
    return frozenset(row["form"].rstrip(".").lower() for _, row in rows)
