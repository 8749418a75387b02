"""Pieces with kinds → the lists whose items have no marks: short lines below a sentence that introduces them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalizer.segment.opening import ADDRESS, COLUMNS, CONTACT, TAIL, introduces, is_row, looks_short, words_of_letter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from normalizer.model import ClauseKind
    from normalizer.segment.opening import Page
    from normalizer.segment.pieces import Piece
    from normalizer.segment.words import Words

SET_IN = 2  # so many lines that are set in show that the line above heads them,
NARROWEST, WIDEST = 2, 8  # by so many columns
KEYED = re.compile(r"[^：:。]{1,20}[：:]\s*\S")  # Items: names and addresses
STOPS = (".", ";", ",", "。", "；", "、")  # at the end of an item that is part of a sentence or one itself


def unmarked_lists(page: Page, out: list[ClauseKind]) -> Iterator[range]:
    """Short lines without a mark, two or more, right below a sentence that introduces a list: the indexes of each list.

    `out`: the kinds of the pieces so far; those of a list may be changed before the next is asked for.
    """
    index = 0
    while index < len(page.pieces):
        run = _run_below(page, index, out)
        lines = [page.line(member) for member in run]
        particulars = ADDRESS if all(map(KEYED.match, lines)) else CONTACT  # of who is to be asked, and how
        if len(run) > 1 and not any(map(particulars.search, lines)) and not all(map(COLUMNS.search, lines)):
            yield range(run[0], run[-1] + 1)
        index += 1 + len(run)


def listed(text: str, pieces: Sequence[Piece], words: Words) -> frozenset[int]:
    """The lines without a mark, two or more and none of them a sentence, that stand together right below a sentence
    that introduces a list, with a gap around them or set in."""
    out: set[int] = set()
    start = 1
    while start + 1 < len(pieces):
        end = start + 1
        alone = pieces[end].label or pieces[end].block.gap  # as most lines are
        if not alone and _is_listed(text, pieces, start, words) and introduces(_line(text, pieces[start - 1]), words):
            while end < len(pieces) and not pieces[end].block.gap and _is_listed(text, pieces, end, words):
                end += 1
            set_in = all(piece.block.level > pieces[start - 1].block.level for piece in pieces[start:end])
            apart = pieces[start].block.gap and (end == len(pieces) or pieces[end].block.gap)
            if end - start > 1 and (set_in or apart):
                out.update(range(start, end))
        start = end
    return frozenset(out)


def introduced(text: str, pieces: Sequence[Piece], words: Words) -> frozenset[int]:
    """The numbered lines of which the (1) of their series stands right below a sentence that introduces a list."""
    out: set[int] = set()
    last: dict[str, bool] = {}
    for index, piece in enumerate(pieces):
        if piece.label is None or not piece.label.number:
            continue
        if piece.label.number[-1] == 1:
            above = pieces[index - 1] if index else None
            last[piece.label.style] = above is not None and introduces(_line(text, above), words)
        if last.get(piece.label.style):
            out.add(index)
    return frozenset(out)


def _is_listed(text: str, pieces: Sequence[Piece], index: int, words: Words) -> bool:
    piece = pieces[index]
    plain = piece.block.kind == "line" and piece.label is None
    return plain and looks_short(_line(text, piece).rstrip(";；,、"), words)


def _line(text: str, piece: Piece) -> str:
    return text[piece.start : piece.end]


def sets_in(pieces: Sequence[Piece], index: int) -> bool:
    """Do two lines or more, without marks and gaps, stand right below a line and further to the right?"""
    if index + SET_IN >= len(pieces):
        return False
    own = pieces[index].block
    return all(
        piece.label is None
        and piece.block.kind == "line"
        and not piece.block.gap
        and own.level + NARROWEST <= piece.block.level <= own.level + WIDEST
        for piece in pieces[index + 1 : index + 1 + SET_IN]
    )


def _run_below(page: Page, index: int, out: list[ClauseKind]) -> list[int]:
    run: list[int] = []
    if out[index] == "heading" or not _may_be_item(page, index + 1, out):
        return run
    if not introduces(page.line(index), page.words):
        return run
    for below in range(index + 1, len(page.pieces)):
        last = page.line(run[-1]) if run else ""
        if not _may_be_item(page, below, out) or not _reads_as_item(page.line(below), last, page.words):
            break
        if run and page.line(below).endswith((".", "。")) and not _leads_on(last, page.words):
            break  # a sentence below names
        if run and _begins_anew(page, run, below):
            break
        run.append(below)
    return run


def _may_be_item(page: Page, index: int, out: list[ClauseKind]) -> bool:
    plain = index < len(out) and out[index] == "paragraph" and not page.pieces[index].label
    return plain and not words_of_letter(page.line(index), page.words) and not is_row(page, index)


def _begins_anew(page: Page, run: list[int], below: int) -> bool:
    """Does a line introduce the next list: with a colon at its end, set off from lines that stand together?"""
    together = len(run) == 1 or not page.pieces[run[-1]].block.gap
    return page.line(below).endswith((":", "：")) and page.pieces[below].block.gap and together


def _reads_as_item(line: str, last: str, words: Words) -> bool:
    """`last`: the line above, "" for the first of a list."""
    if "。" in line[:-1] or ". " in TAIL.sub("", line):
        return False
    if line.endswith((";", "；")) or words.ends_item(last):
        return True
    cased = words.item_ending.search(line) or words.item_start.match(line) or words.ends_item(line)
    return bool(cased) or looks_short(TAIL.sub("", line), words)


def _leads_on(line: str, words: Words) -> bool:
    return line.endswith(STOPS) or words.ends_item(line)
