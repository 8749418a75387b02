"""Text to its NFKC form, with an exact map of spans back to the text.

NFKC changes lengths (㈱ → (株), ｶﾞ → ガ), so a span of the normal form says nothing of the text until it is mapped
back. The text is cut into cells, each a character with the marks that may combine with it; normalising cell by cell
gives what normalising the whole gives (Unicode Standard Annex 15, section 9: a cell starts at a boundary).
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from array import array
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Second halves of compositions that no general category gives away: Hangul vowels and finals, Kirat Rai vowel signs.
_LATE_JOINERS = (range(0x1161, 0x1176), range(0x11A8, 0x11C3), range(0x16D63, 0x16D6B))

# Ordering a run of marks costs its length squared, so a cell takes this many (the stream-safe format of the annex
# allows 30; no writing system needs more).
_MARKS = 64

# Where a line of Japanese was wrapped: the break parts no words there (CSS Text 3, 4.1.3).
_WRAP = re.compile(
    "(?<=[\u2e80-\u2fff\u3001-\U0010ffff])[ \t\u3000]*(?:\r\n|[\r\n])[ \t\u3000]*(?=[\u2e80-\U0010ffff])"
)

# What most Japanese is written in: each of these characters stays or becomes one other, whatever stands around it.
_ONE_FOR_ONE = re.compile("[\x00-\x7f\u3000-\u3029\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fff\uff01-\uff5e]*")


@dataclass(frozen=True, slots=True)
class Normalized:
    """The NFKC form of a text, and where each of its characters stands in the text."""

    text: str
    begins: Sequence[int] = ()  # where what gave a character starts in the source; empty: each stands where it stood
    ends: Sequence[int] = ()  # where what gave the character before ends: to be looked up by the end of a span

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The smallest span of the source that gave `text[start:end]`, in characters; empty for an empty span."""
        if not self.begins:
            return start, end
        first = self.begins[start]
        return first, self.ends[end] if start < end else first


@lru_cache(maxsize=256)  # the stages ask for the form of a clause one after the other
def normalize(text: str) -> Normalized:
    """The NFKC form of `text` with its map; any string, lone surrogates too.

    >>> form = normalize("㈱コスモのｻｰﾋﾞｽ")
    >>> form.text, form.source_span(7, 11)
    ('(株)コスモのサービス', (5, 10))
    """
    if text.isascii() or unicodedata.is_normalized("NFKC", text):
        return Normalized(text)
    if _ONE_FOR_ONE.fullmatch(text):
        return Normalized(unicodedata.normalize("NFKC", text))
    out: list[str] = []
    pieces = [(0, 0, False)]
    done = position = 0  # how far we are in the source, and in the normal form
    for cell in _cells("".join(sorted(filter(_matters, set(text))))).finditer(text):
        start, end = cell.span()
        form = unicodedata.normalize("NFKC", cell.group())
        out += (text[done:start], form)
        position += start - done
        if end - start != 1 or len(form) != 1:
            pieces += ((position, start, True), (position + len(form), end, False))
        position += len(form)
        done = end
    out.append(text[done:])
    return _assembled("".join(out), pieces)


def unwrapped(text: str) -> Normalized:
    """As `normalize`, without the line breaks between two Japanese characters: 個人情⏎報 is one word.

    >>> form = unwrapped("個人情\n  報の㈱")
    >>> form.text, form.source_span(0, 4)
    ('個人情報の(株)', (0, 7))
    """
    form = normalize(text)
    if ("\n" not in text and "\r" not in text) or not (breaks := list(_WRAP.finditer(form.text))):
        return form
    kept, done = list[int](), 0
    for wrap in breaks:
        kept += range(done, wrap.start())
        done = wrap.end()
    kept += range(done, len(form.text))
    begins = array("q", (form.begins[at] if form.begins else at for at in kept))
    ends = array("q", (0, *(form.ends[at + 1] if form.begins else at + 1 for at in kept)))
    begins.append(ends[-1])
    return Normalized("".join([form.text[at] for at in kept]), begins, ends)


def _assembled(text: str, pieces: list[tuple[int, int, bool]]) -> Normalized:
    """Of several pieces that start at one place the last counts: the others are empty."""
    begins, ends = array("q"), array("q", (0,))
    for (start, source, whole), (stop, following, _) in itertools.pairwise((*pieces, (len(text), 0, False))):
        size = stop - start
        begins.extend([source] * size if whole else range(source, source + size))
        ends.extend([following] * size if whole else range(source + 1, source + size + 1))
    begins.append(ends[-1])
    return Normalized(text, begins, ends)


@lru_cache(maxsize=512)
def _cells(alphabet: str) -> re.Pattern[str]:
    """What finds the cells that NFKC may change, in a text of which these are the characters that matter."""
    marks = "".join(re.escape(char) for char in alphabet if _joins(char))
    changed = "".join(re.escape(char) for char in alphabet if not _joins(char))
    if not marks:
        return re.compile(f"[{changed}]")
    with_marks = f"[^{marks}]?[{marks}]{{1,{_MARKS}}}"
    return re.compile(f"{with_marks}|[{changed}]" if changed else with_marks, re.DOTALL)


@lru_cache(maxsize=65_536)
def _matters(char: str) -> bool:
    """Whether NFKC may change the character, or it may combine with the one before it."""
    return unicodedata.normalize("NFKC", char) != char or _joins(char)


@lru_cache(maxsize=65_536)
def _joins(char: str) -> bool:
    """Whether the character may combine with the one before it."""
    first = unicodedata.normalize("NFKD", char)[0]
    return unicodedata.category(first)[0] == "M" or any(ord(first) in late for late in _LATE_JOINERS)
