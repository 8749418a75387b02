"""Pieces → the same with those joined that an editor, an e-mail program or a page's edge broke in the middle."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from normalizer.segment.opening import in_brackets, words_of_letter
from normalizer.segment.words import CLOSERS

if TYPE_CHECKING:
    from normalizer.segment.pieces import Piece
    from normalizer.segment.words import Words

SENTENCE_END = "。．.!?！？」』;；:："
WIDE = re.compile("[\u2e80-\U0010ffff]")  # two columns
BACK = 400  # characters before a line's end that tell whether its sentence is open
CELLS = re.compile(r"\S(?:　　|   ?| [/／|｜–—] |／)\S")
ADDRESS = re.compile(r"(?:\S{1,80}@\S+|https?://\S+|www\.\S+)$")  # a line of its own
SMALL_WORD = re.compile(r"[a-z]+(?:[-'’][a-z]+)*(?=[\s,;:.)]|$)")  # not a name of a cookie, an address, "iOSの"
CAPTION = re.compile(r"[a-z-]+(?: [a-z-]+){0,3}: ?\S")  # e-mail: …
WRAP = 45  # a line of at least so many columns that goes on in small letters is wrapped
NARROWEST, WIDEST = 50, 100  # columns to which texts are wrapped,
SLACK = 15  # and how far short of it a line may stay;
EXACT = 5  # of Japanese, which fills its lines, so far
FULL_LINES = 4  # so many full lines of Japanese tell a wrapped text, however many short ones stand between
WIDE_FROM = "\u2e80"
CLOSED = "。．.!?！？：:;；"
CLAUSE = re.compile("[ぁ-ん]、")  # parts of a sentence, where nouns in a row (取得、利用) may be a title
CAPITALS = 8  # characters of a line of capitals that is a heading
LOOSE = 5  # columns that a line of a PDF's type stays short of another with as much on it
DOUBLED, EVEN = 12, 0.9  # so many lines, of which such a share has an empty one above: these part nothing
PARTED = 3  # paragraphs that show how they are set off
DEEPEST_INDENT = 12  # columns


@dataclass(frozen=True, slots=True)
class Wrap:
    """How a text is wrapped: nothing but noughts where it is not."""

    longest: int = 0  # columns of its longest line
    full: int = 0  # and from which on a line is full
    parted: bool = False  # a paragraph is set off from the one above by an empty line or an indent


def join_wrapped(text: str, found: list[Piece], words: Words) -> list[Piece]:
    """The pieces, each of the lines of a wrapped clause with those before it.

    A clause that goes on behind the foot of a page takes the page's number and running head up, so that no character
    is lost or stands twice.
    """
    found, wrap = _close_set(text, found) or (found, _wrap(text, found))
    out: list[Piece] = []
    aside: list[Piece] = []
    small = frozenset() if wrap.full else _small_lists(text, found)
    for piece in found:
        if piece.aside:
            aside.append(piece)
            continue
        if out and piece.start not in small and _goes_on(text, out[-1], piece, wrap, words, over_page=bool(aside)):
            out[-1] = replace(out[-1], block=replace(out[-1].block, end=piece.end))
        else:
            out += [*aside, piece]
        aside = []
    return out + aside


def _close_set(text: str, found: list[Piece]) -> tuple[list[Piece], Wrap] | None:
    """A wrapped text with an empty line behind each line, as some programs copy a PDF: the same without these."""
    if len(found) < DOUBLED or sum(piece.block.gap for piece in found) < EVEN * len(found):
        return None
    close = [replace(piece, block=replace(piece.block, gap=False)) for piece in found]
    wrap = _wrap(text, close)
    return (close, wrap) if wrap.full else None


def _goes_on(text: str, last: Piece, piece: Piece, wrap: Wrap, words: Words, over_page: bool) -> bool:
    """Does `piece` carry on the sentence of `last`? Only lines of plain text without a marker can."""
    if piece.marker or piece.block.kind != "line" or last.block.kind != "line" or (piece.block.gap and not over_page):
        return False
    left, new = text[max(last.start, last.end - BACK) : last.end], text[piece.start : piece.end]
    line = left[left.rfind("\n") + 1 :]
    if words_of_letter(new, words) or words_of_letter(line, words):
        return False
    if ADDRESS.match(new) or "\t" in line or "\t" in new:  # the rows of a table
        return False
    if _begins_anew(text, last, piece, line) or (in_brackets(new) and not _open_bracket(left)):
        return False
    width = _columns(line) + (_set_in(last) if line is left else 0)
    if _is_closed(line, width, wrap):
        return False
    if wrap.full and width >= wrap.full:
        return not _had_room(line, new, width, wrap)
    return _is_broken(left, line, new, bool(last.marker), words) and not (CELLS.search(line) and CELLS.search(new))


def _begins_anew(text: str, last: Piece, piece: Piece, line: str) -> bool:
    """Is a Japanese line set in as the first of a paragraph is, below lines that are not, or below one without mark?"""
    if text[piece.start] < WIDE_FROM or not 0 < piece.block.level <= DEEPEST_INDENT:
        return False
    if last.end - last.start == len(line):
        return last.marker is None and last.block.level < piece.block.level
    return _columns(line) - _columns(line.lstrip()) < piece.block.level


def _small_lists(text: str, found: list[Piece]) -> frozenset[int]:
    """Where the lines of lists begin whose items have small letters (`to …`, `where …`), two or more in a row: they are
    of uneven length, where the lines of one sentence are as long as each other but for the last."""
    small = {at for at, piece in enumerate(found) if at and "a" <= text[piece.start] <= "z" and _is_plain(piece)}
    out: set[int] = set()
    for first in small:
        if first - 1 in small or first + 1 not in small:
            continue
        last = next(at for at in itertools.count(first) if at + 1 not in small)
        widths = [_columns(text[piece.start : piece.end]) for piece in found[first - 1 : last]]
        if max(widths) - min(widths) > SLACK:
            out.update(piece.start for piece in found[first : last + 1])
    return frozenset(out)


def _is_plain(piece: Piece) -> bool:
    return piece.marker is None and piece.block.kind == "line" and not piece.block.gap


def _is_closed(line: str, width: int, wrap: Wrap) -> bool:
    """Does the line end with its sentence? In a wrapped text a full stop may stand at the end of a line by chance."""
    if line[-1] not in CLOSED:
        return False
    filled = width >= (wrap.full if line.isascii() else max(wrap.full, wrap.longest - EXACT))
    return not (line[-1] in ".。" and wrap.full and (line[-1] == "." or (wrap.parted and filled)))


def _is_broken(left: str, line: str, new: str, marked: bool, words: Words) -> bool:
    """Do the words say that the sentence of `left`, whose last line is `line`, goes on, whatever the width?"""
    if line.isupper() and new.isupper() and line.isascii():
        return bool(words.leaves_open.search(left[-12:].lower()))  # a title in capitals, on two lines
    if new[0].isupper() and line[-1].isascii() and (_columns(line) < WRAP or not words.leaves_open.search(left[-12:])):
        return False  # a new line that begins with a capital: a heading or an item may end in a preposition
    if words.ends_item(left):
        return False
    if words.unfinished.search(left[-12:]) or _open_bracket(left):
        return len(left) > 15 or marked
    if left[-1] > WIDE_FROM:
        return bool(CLAUSE.search(line)) and bool(words.goes_on.match(new)) and not words.item_ending.search(left)
    small = SMALL_WORD.match(new) and not CAPTION.match(new)
    return left[-1].isascii() and _columns(line) >= WRAP and bool(small)


def _had_room(line: str, new: str, width: int, wrap: Wrap) -> bool:
    """Would the first word of `new` have had room on the line above? Then the line was not broken by its length."""
    if not new[0].isascii():
        return False
    capitals = new.isupper() and len(new) >= CAPITALS
    if capitals and not line.isupper():  # a heading below a full line
        return True
    room = wrap.longest - width - 1 - len(new.split(None, 1)[0])
    if line[-1] == ".":
        return (room >= 0 and not wrap.parted) or new.endswith("?")
    return room >= LOOSE and new[0].isupper() and line.isascii()


def _open_bracket(text: str) -> bool:
    return any(text.count(opener) > text.count(closer) for opener, closer in CLOSERS.items() if opener in "（「")


def _wrap(text: str, found: list[Piece]) -> Wrap:
    """From how many columns on a line is full, in a text that an e-mail program, editor or PDF wrapped.

    A text is wrapped where none of its lines is longer than 100 columns, and either most of those that are followed
    by another, unmarked, without a gap, are about as long as the longest and end in the middle of a sentence, or some
    do that are surely broken: in Japanese, which breaks a line at any character, just as long as the longest; in
    English with a small letter below.
    """
    if any(piece.end - piece.start > WIDEST for piece in found):  # as in most texts
        return Wrap()
    found = [piece for piece in found if not piece.aside]
    longest = max((_columns(text[piece.start : piece.end]) + _set_in(piece) for piece in found), default=0)
    if not NARROWEST <= longest <= WIDEST:
        return Wrap()
    open_lines = [
        (_columns(line) + _set_in(piece), line[-1], text[after.start])
        for piece, after in itertools.pairwise(found)
        if not after.marker and not after.block.gap and after.block.kind == "line"
        for line in (text[piece.start : piece.end],)
    ]
    long = [(columns, last, first) for columns, last, first in open_lines if last not in SENTENCE_END]
    full = sum(columns >= longest - SLACK for columns, _, _ in long)
    small = sum(columns >= longest - SLACK and first.islower() for columns, _, first in long)
    if (len(open_lines) >= 5 and full * 10 >= len(open_lines) * 6) or small >= FULL_LINES:
        return Wrap(longest, longest - SLACK, _is_parted(text, found, longest - SLACK))
    filled = sum(columns >= longest - EXACT and last > WIDE_FROM for columns, last, _ in long)
    return Wrap(longest, longest - EXACT, _is_parted(text, found, longest - EXACT)) if filled >= FULL_LINES else Wrap()


def _is_parted(text: str, found: list[Piece], full: int) -> bool:
    """Is what stands below a sentence that ends in a short line, and so surely ends a paragraph, mostly set off?"""
    ends = [
        after.block.gap or after.block.level > piece.block.level
        for piece, after in itertools.pairwise(found)
        if (after.marker is None or after.block.gap)
        and text[piece.end - 1] in "。."
        and _columns(text[piece.start : piece.end]) < full
    ]
    return len(ends) >= PARTED and sum(ends) * 4 >= len(ends) * 3


def _set_in(piece: Piece) -> int:
    """The indent of a line in columns; none of one that stands at the right or in the middle."""
    return piece.block.level if piece.block.level <= DEEPEST_INDENT else 0


def _columns(line: str) -> int:
    return len(line) if line.isascii() else len(line) + len(WIDE.findall(line))
