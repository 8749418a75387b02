"""Pieces → their kinds: which are headings, which items, which the furniture of the page.

A heading reads as a title (short, no sentence) and has something to head: what follows it decides, so the pieces
are read from the end. Numbered pieces of one series are then made alike.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from normalizer.segment.furniture import furniture
from normalizer.segment.headed import ENUMERATED, headed, is_content
from normalizer.segment.opening import (
    CONTACT,
    TITLE_CHARACTERS,
    Page,
    greets,
    in_brackets,
    introduces,
    is_case,
    is_dated,
    is_row,
    looks_short,
    opening,
    signs,
    words_of_letter,
)
from normalizer.segment.pieces import sign
from normalizer.segment.series import between_items, captioned, level_series, resumed
from normalizer.segment.titles import is_title, may_head, opens_text
from normalizer.segment.unmarked import introduced, listed, sets_in, unmarked_lists
from normalizer.segment.words import close_set

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normalizer.model import ClauseKind
    from normalizer.segment.pieces import Piece
    from normalizer.segment.words import Words

KEY_VALUE = re.compile(r"[：:]\s*\S")
KEY = re.compile(r"^[^：:]{1,20}[：:]")
LISTED = 3  # lines of a list without marks before the one that may be a heading,
ALIKE = 2  # and headings above it that look as it does
OWN_KINDS = ("chapter", "article", "section", "supplement")


def kinds(text: str, pieces: Sequence[Piece], words: Words) -> list[ClauseKind]:
    """The kind of each piece. `text` is the document's."""
    marked = any(piece.block.kind == "heading" and piece.block.level for piece in pieces)
    aside = furniture(text, pieces, words)
    first = opening(text, pieces, aside, words)
    lists = listed(text, pieces, words), introduced(text, pieces, words)
    page = Page(text, pieces, words, marked, aside, first, resumed(pieces, aside), *lists)
    page = replace(page, captioned=captioned(pieces, text), headed=headed(page))
    out: list[ClauseKind] = ["paragraph"] * len(pieces)
    below: int | None = None
    for index in range(len(pieces) - 1, -1, -1):
        out[index] = _kind(page, index, below, out)
        below = below if out[index] == "furniture" else index
    level_series(page, out)
    between_items(page, out)
    for run in unmarked_lists(page, out):
        _mark_list(page, run, out)
    return out


def _kind(page: Page, index: int, below: int | None, out: list[ClauseKind]) -> ClauseKind:
    piece = page.pieces[index]
    if index in page.furniture:
        return "furniture"
    titled = piece.block.kind == "heading" and not _dates_policy(page, index, below, out)
    if titled or _is_heading(page, index, below, out):
        return "heading"
    marked = piece.label is not None and piece.label.kind != "note"
    return "item" if marked or piece.block.kind == "item" else "paragraph"


def _dates_policy(page: Page, index: int, below: int | None, out: list[ClauseKind]) -> bool:
    """Is a line in bold type, or in a heading element, but the policy's date: near its title, or at its end?"""
    if not is_dated(page.line(index), page.words):
        return False
    last = below is None or (out[below] == "paragraph" and is_dated(page.line(below), page.words))
    return last or index in page.titles[1:]


# --- a single piece ----------------------------------------------------------------------------------------------


def _is_heading(page: Page, index: int, below: int | None, out: list[ClauseKind]) -> bool:
    piece = page.pieces[index]
    if piece.label and piece.label.kind in OWN_KINDS:
        return is_title(page, index)
    if piece.block.kind == "item" or below is None or not (index in page.headed or is_title(page, index)):
        return False
    if piece.label:
        keyed = KEY_VALUE.search(page.text, piece.body, piece.end)
        return may_head(piece) and not keyed and _heads_below(page, index, below, out)
    line = page.line(index)
    if _is_of_letter(page, index):
        return False
    if is_row(page, index):
        return _heads_table(page, index)
    if index not in page.headed and _is_one_of_cases(page, index, below):
        return False
    if index in page.headed or (page.words.heading_end.search(line) and not CONTACT.search(line)):
        return True
    if close_set(line.strip(" \t　()（）【】[]")).casefold() in page.words.heading:
        return True
    if piece.block.kind == "paragraph" and page.marks_headings:
        return False
    return _is_document_title(page, index) or _stands_out(page, index, below, out)


def _is_of_letter(page: Page, index: int) -> bool:
    """Is this a line that a letter has around its text: date, addressee, sender, 記, a signature?"""
    line = page.line(index)
    apart = words_of_letter(line, page.words) or signs(line, page.words)
    return apart or greets(page, index) or _above_title(page, index)


def _is_one_of_cases(page: Page, index: int, below: int) -> bool:
    return is_case(page, index) and (is_case(page, below) or (index > 0 and is_case(page, index - 1)))


def _heads_table(page: Page, index: int) -> bool:
    """A row of captions over other rows is a heading if it stands right below one; else a sentence announces it."""
    if index == 0 or index + 1 == len(page.pieces) or not is_row(page, index + 1):
        return False
    return is_title(page, index - 1) and not is_row(page, index - 1)


def _is_document_title(page: Page, index: int) -> bool:
    """Named as policies are, among the first two lines; or the very first line, if it names the subject."""
    if index not in page.titles or len(page.pieces) < 3:
        return False
    line, first = close_set(page.line(index)), index == page.titles[0]
    return bool(page.words.title.search(line)) or (first and bool(page.words.subject.search(line)))


def _above_title(page: Page, index: int) -> bool:
    """Is this a line of the letterhead, above a title that is named as policies are?"""
    if index not in page.titles or page.words.title.search(close_set(page.line(index))):
        return False
    below = page.titles[page.titles.index(index) + 1 :]
    return any(page.words.title.search(close_set(page.line(at))) and is_title(page, at) for at in below)


def _heads_below(page: Page, index: int, below: int, out: list[ClauseKind]) -> bool:
    """A numbered title heads what follows if that is a paragraph, or a list or headings that start anew."""
    piece, other = page.pieces[index], page.pieces[below]
    if other.label is None:  # a sentence in brackets limits what stands above it
        return out[below] == "paragraph" and not (in_brackets(page.line(below)) and "。" in page.line(below))
    if below in page.resumed or other.label.kind == "supplement":
        return False
    if sign(other) == sign(piece) or other.label.number[-1:] not in ((), (1,)):
        return False
    return other.block.level <= piece.block.level or out[below] == "heading" or _is_section(page, index, below)


def _is_section(page: Page, index: int, below: int) -> bool:
    """Is a numbered line of plain text over a list that is set in a section, and no item of an outer list?"""
    piece, other = page.pieces[index], page.pieces[below]
    apart = piece.block.gap and not other.block.gap
    return piece.block.kind == "line" and (apart or index not in page.introduced)


def _stands_out(page: Page, index: int, below: int, out: list[ClauseKind]) -> bool:
    """An unnumbered title must stand out more: no contact line, not in a run of short lines, before a body."""
    if is_content(page, index) or _between_squares(page, index, below):
        return False
    bracketed, gap = in_brackets(page.line(index)), page.pieces[index].block.gap
    label, over = page.pieces[below].label, _over_mark(page, index, below)
    if over is not None:
        return over
    if (CONTACT.search(page.line(index)) and not bracketed) or index in page.listed:
        return False
    if (
        page.pieces[index].block.kind == "line"
        and sets_in(page.pieces, index)
        and looks_short(page.line(below), page.words)
    ):
        return True
    if _in_run(page, index):
        return False
    if _between_alike(page, index, below):
        return False
    if out[below] == "heading" and not gap and _looks_alike(page, index, below):
        return False
    if out[below] == "heading" or label:
        caption = bracketed and label is not None and (label.kind == "article" or below in page.captioned)
        return not label or caption or label.number[-1:] in ((), (1,))
    if page.line(index).endswith(("?", "？")):  # a question heads its answer
        return True
    dated = CONTACT.search(page.line(below)) and len(page.line(below)) <= 2 * TITLE_CHARACTERS
    return bracketed or not (dated or looks_short(page.line(below), page.words))


def _over_mark(page: Page, index: int, below: int) -> bool | None:
    """Does the line head the bullet right below, or only say what the ※ right below is about? None where neither is."""
    line, other = page.line(index), page.pieces[below]
    if other.label is None or other.block.gap or other.label.kind not in ("bullet", "note"):
        return None
    if page.pieces[index].block.gap:  # "Module: …" over what is said of it
        return not CONTACT.search(KEY.sub("", line)) if other.label.kind == "bullet" else None
    if in_brackets(line) or CONTACT.search(line) or index in page.listed:
        return None
    if other.label.kind == "note":
        return False
    titled = other.label.style == "square" and is_title(page, below)  # ◇ Use, which heads for itself
    return None if titled or introduces(line, page.words) else True


def _looks_alike(page: Page, index: int, below: int) -> bool:
    """Would the line stand beside the heading right below, and so head nothing: both are plain lines, close set?"""
    own, other = page.pieces[index], page.pieces[below]
    plain = not (own.label or other.label or other.block.gap or is_row(page, below))
    lines = page.line(index), page.line(below)
    plain = plain and not any(map(in_brackets, lines)) and lines[0].isascii() == lines[1].isascii()
    return plain and own.block.kind == other.block.kind == "line" and own.block.level == other.block.level


def _between_squares(page: Page, index: int, below: int) -> bool:
    """`■ Use`, `To sell`, `■ Storage`: all that stands below a square that is a title."""
    above, other = page.pieces[index - 1].label if index else None, page.pieces[below].label
    if (
        page.pieces[index].block.gap
        or in_brackets(page.line(index))
        or not (above and other and above.style == other.style == "square")
    ):
        return False
    line = page.line(index - 1)
    return looks_short(line, page.words) and not (ENUMERATED.search(line) or KEY_VALUE.search(line))


def _between_alike(page: Page, index: int, below: int) -> bool:
    """Right between two captions of one look: all that stands below the first (【取得】 氏名、住所 【利用目的】)"""
    if index == 0 or in_brackets(page.line(index)):
        return False
    captions = [line for line in (page.line(index - 1), page.line(below)) if in_brackets(line)]
    if page.pieces[index].block.gap:
        return len(captions) == 2 and captions[0][0] == captions[1][0]
    above, other = page.pieces[index - 1].label, page.pieces[below].label
    if above and other:
        return above.style == other.style and above.number != other.number and other.number[-1:] != (1,)
    return len(captions) == 2


def _in_run(page: Page, index: int) -> bool:
    """Directly below a short line, or set in below a numbered one: a line of an address, of a list, of an item."""
    if index == 0:
        return False
    piece, above = page.pieces[index], page.pieces[index - 1]
    set_in = above.label is not None and above.label.number and piece.block.level > above.block.level
    valued = KEY_VALUE.search(page.line(index - 1)) and index not in page.titles and opens_text(page, index)
    alone = piece.block.gap or in_brackets(page.line(index)) or valued  # below `Items: name`, above a sentence
    return bool(set_in) or (not alone and _is_short_line(page, index - 1))


def _is_short_line(page: Page, index: int) -> bool:
    """A line of an address or of a list without marks: a title's look, no number, and no gap above it."""
    piece, line = page.pieces[index], page.line(index)
    if piece.label or piece.block.kind != "line" or piece.block.gap or page.words.title.search(line):
        return False
    apart = in_brackets(line) or is_row(page, index) or is_dated(line, page.words)
    return not apart and looks_short(line, page.words)


# --- runs ---------------------------------------------------------------------------------------------


def _mark_list(page: Page, run: range, out: list[ClauseKind]) -> None:
    """The lines of a list without marks are items; but the last may be the heading of the text below it, where the
    document has such headings elsewhere."""
    items = run
    if len(run) >= LISTED and run[-1] + 1 < len(page.pieces) and _heads_text(page, run[-1], out):
        alike = [at for at in range(run[0]) if out[at] == "heading" and at not in page.titles]
        if sum(_heads_text(page, at, out) for at in alike) >= ALIKE:
            out[run[-1]], items = "heading", run[:-1]
    for member in items:
        out[member] = "item"


def _heads_text(page: Page, index: int, out: list[ClauseKind]) -> bool:
    """Does a line that nothing but its words makes a heading stand right above a paragraph that is a sentence?"""
    plain = page.pieces[index].label is None and page.pieces[index].block.kind == "line"
    if not plain or out[index + 1] != "paragraph" or in_brackets(page.line(index)):
        return False
    return is_title(page, index) and opens_text(page, index)
