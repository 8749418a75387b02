"""Text to its NFKC form, with an exact map of spans back to the text.

NFKC changes lengths (㈱ → (株), ｶﾞ → ガ), so a span of the normal form says nothing of the text until it is mapped
back. The text is cut into cells, each a character with the marks that may combine with it; normalising cell by cell
gives what normalising the whole gives (Unicode Standard Annex 15, section 9: a cell starts at a boundary).
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

# Second halves of compositions that no general category gives away: Hangul vowels and finals, Kirat Rai vowel signs.
_LATE_JOINERS = (range(0x1161, 0x1176), range(0x11A8, 0x11C3), range(0x16D63, 0x16D6B))

# Ordering a run of marks costs its length squared, so a cell takes this many (the stream-safe format of the annex
# allows 30; no writing system needs more).
_MARKS = 64


@dataclass(frozen=True, slots=True)
class Normalized:
    """The NFKC form of a text, and where each of its pieces stands in the text."""

    text: str
    starts: tuple[int, ...] = ()  # where pieces start in the normal form; empty: the text was normal already
    sources: tuple[int, ...] = ()  # where they start in the source
    whole: tuple[bool, ...] = ()  # True: the piece maps as a whole; False: character by character

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The smallest span of the source that gave `text[start:end]`, in characters; empty for an empty span."""
        if not self.starts:
            return start, end
        first = self._source(start)
        if start >= end:
            return first, first
        piece = bisect_right(self.starts, end - 1) - 1
        if self.whole[piece]:
            return first, self.sources[piece + 1]
        return first, self.sources[piece] + end - self.starts[piece]

    def _source(self, position: int) -> int:
        piece = bisect_right(self.starts, position) - 1
        return self.sources[piece] + (0 if self.whole[piece] else position - self.starts[piece])


@lru_cache(maxsize=256)  # the stages ask for the form of a clause one after the other
def normalize(text: str) -> Normalized:
    """The NFKC form of `text` with its map; any string, lone surrogates too.

    >>> form = normalize("㈱コスモのｻｰﾋﾞｽ")
    >>> form.text, form.source_span(7, 11)
    ('(株)コスモのサービス', (5, 10))
    """
    if text.isascii() or unicodedata.is_normalized("NFKC", text):
        return Normalized(text)
    out: list[str] = []
    pieces = [(0, 0, False)]
    done = position = 0  # how far we are in the source, and in the normal form
    for cell in _cells("".join(sorted(set(text)))).finditer(text):
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


def _assembled(text: str, pieces: list[tuple[int, int, bool]]) -> Normalized:
    """Of several pieces that start at one place the last counts: the others are empty."""
    kept = [piece for piece, following in itertools.pairwise(pieces) if piece[0] < following[0]]
    starts, sources, whole = zip(*kept, pieces[-1], strict=True)
    return Normalized(text, starts, sources, whole)


@lru_cache(maxsize=512)
def _cells(alphabet: str) -> re.Pattern[str]:
    """What finds the cells that NFKC may change, in a text of these characters."""
    marks = "".join(re.escape(char) for char in alphabet if _joins(char))
    changed = "".join(
        re.escape(char) for char in alphabet if not _joins(char) and unicodedata.normalize("NFKC", char) != char
    )
    if not marks:
        return re.compile(f"[{changed}]")
    with_marks = f"[^{marks}]?[{marks}]{{1,{_MARKS}}}"
    return re.compile(f"{with_marks}|[{changed}]" if changed else with_marks, re.DOTALL)


@lru_cache(maxsize=65_536)
def _joins(char: str) -> bool:
    """Whether the character may combine with the one before it."""
    first = unicodedata.normalize("NFKD", char)[0]
    return unicodedata.category(first)[0] == "M" or any(ord(first) in late for late in _LATE_JOINERS)
