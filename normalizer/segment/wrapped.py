"""Pieces → the same with those joined that an editor, an e-mail program or a page's edge broke in the middle."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from normalizer.segment.furniture import is_page_number
from normalizer.segment.words import CLOSERS

if TYPE_CHECKING:
    from normalizer.segment.pieces import Piece
    from normalizer.segment.words import Words

SENTENCE_END = "。．.!?！？」』;；:："
WIDE = re.compile("[\u2e80-\U0010ffff]")  # two columns
BACK = 400  # characters before a line's end that tell whether its sentence is open
ADDRESS = re.compile(r"(?:\S{1,80}@\S+|https?://\S+|www\.\S+)$")  # a line of its own
SMALL_WORD = re.compile(r"[a-z]+(?:[-'’][a-z]+)*(?=[\s,;:.)]|$)")  # not a name of a cookie, an address, "iOSの"
CAPTION = re.compile(r"[a-z-]+(?: [a-z-]+){0,3}: ?\S")  # e-mail: …
WRAP = 45  # a line of at least so many columns that goes on in small letters is wrapped
NARROWEST, WIDEST = 50, 100  # columns to which texts are wrapped,
SLACK = 15  # and how far short of it a line may stay;
EXACT = 5  # of Japanese, which fills its lines, so far
FULL_LINES = 4  # so many full lines of Japanese tell a wrapped text, however many short ones stand between
WIDE_FROM = "\u2e80"
DEEPEST_INDENT = 12  # columns


def join_wrapped(text: str, found: list[Piece], words: Words) -> list[Piece]:
    """The pieces, each of the lines of a wrapped clause with those before it."""
    full = _full_line(text, found)
    out: list[Piece] = []
    for piece in found:
        if out and _goes_on(text, out[-1], piece, full, words):
            out[-1] = replace(out[-1], block=replace(out[-1].block, end=piece.end))
        else:
            out.append(piece)
    return out


def _goes_on(text: str, last: Piece, piece: Piece, full: int, words: Words) -> bool:
    """Does `piece` carry on the sentence of `last`? Only lines of plain text without a marker can.

    full: columns from which on a line of a wrapped text is full, or 0.
    """
    if piece.marker or piece.block.gap or piece.block.kind != "line" or last.block.kind != "line":
        return False
    if ADDRESS.match(text, piece.start, piece.end) or is_page_number(text[piece.start : piece.end]):
        return False
    left = text[max(last.start, last.end - BACK) : last.end]
    line = left[left.rfind("\n") + 1 :]
    width = _columns(line) + (_set_in(last) if line is left else 0)
    if left[-1] in "。．!?！？：:;；" or (left[-1] == "." and not full):
        return False
    if full and width >= full:
        return True
    if text[piece.start].isupper() and line.isascii() and _columns(line) < WRAP:
        return False  # a new line that begins with a capital, below a short one: a heading ends so too
    if words.ends_item(left):
        return False
    if words.unfinished.search(left[-12:]) or _open_bracket(left):
        return len(left) > 15 or bool(last.marker)
    return left[-1].isascii() and _columns(line) >= WRAP and _in_small_letters(text, piece)


def _in_small_letters(text: str, piece: Piece) -> bool:
    return bool(SMALL_WORD.match(text, piece.start, piece.end)) and not CAPTION.match(text, piece.start, piece.end)


def _open_bracket(text: str) -> bool:
    return any(text.count(opener) > text.count(closer) for opener, closer in CLOSERS.items() if opener in "（「")


def _full_line(text: str, found: list[Piece]) -> int:
    """From how many columns on a line is full, in a text that an e-mail program, editor or PDF wrapped; else 0.

    A text is wrapped where none of its lines is longer than 100 columns, and either most of those that are followed
    by another, unmarked, without a gap, are about as long as the longest and end in the middle of a sentence, or some
    in Japanese, which breaks a line at any character, are just as long as the longest and do.
    """
    if any(piece.end - piece.start > WIDEST for piece in found):  # as in most texts
        return 0
    longest = max((_columns(text[piece.start : piece.end]) + _set_in(piece) for piece in found), default=0)
    if not NARROWEST <= longest <= WIDEST:
        return 0
    open_lines = [
        (_columns(line) + _set_in(piece), line[-1])
        for piece, after in itertools.pairwise(found)
        if not after.marker and not after.block.gap and after.block.kind == "line"
        for line in (text[piece.start : piece.end],)
    ]
    full = sum(columns >= longest - SLACK and last not in SENTENCE_END for columns, last in open_lines)
    if len(open_lines) >= 5 and full * 10 >= len(open_lines) * 6:
        return longest - SLACK
    filled = sum(
        columns >= longest - EXACT and last > WIDE_FROM and last not in SENTENCE_END for columns, last in open_lines
    )
    return longest - EXACT if filled >= FULL_LINES else 0


def _set_in(piece: Piece) -> int:
    """The indent of a line in columns; none of one that stands at the right or in the middle."""
    return piece.block.level if piece.block.level <= DEEPEST_INDENT else 0


def _columns(line: str) -> int:
    return len(line) if line.isascii() else len(line) + len(WIDE.findall(line))
