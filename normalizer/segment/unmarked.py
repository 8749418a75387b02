"""Pieces with kinds → the lists whose items have no marks: short lines below a sentence that introduces them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from normalizer.segment.opening import COLUMNS, CONTACT, TAIL, introduces, looks_short, words_of_letter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from normalizer.model import ClauseKind
    from normalizer.segment.opening import Page
    from normalizer.segment.words import Words

STOPS = (".", ";", ",", "。", "；", "、")  # at the end of an item that is part of a sentence or one itself


def unmarked_lists(page: Page, out: list[ClauseKind]) -> Iterator[range]:
    """Short lines without a mark, two or more, right below a sentence that introduces a list: the indexes of each list.

    `out`: the kinds of the pieces so far; those of a list may be changed before the next is asked for.
    """
    index = 0
    while index < len(page.pieces):
        run = _run_below(page, index, out)
        particular = any(CONTACT.search(page.line(member)) for member in run)
        if len(run) > 1 and not particular and not all(COLUMNS.search(page.line(member)) for member in run):
            yield range(run[0], run[-1] + 1)
        index += 1 + len(run)


def _run_below(page: Page, index: int, out: list[ClauseKind]) -> list[int]:
    run: list[int] = []
    if out[index] == "heading" or not _may_be_item(page, index + 1, out):
        return run
    if not introduces(page.line(index), page.words):
        return run
    for below in range(index + 1, len(page.pieces)):
        if not _may_be_item(page, below, out) or not _reads_as_item(page.line(below), page.words):
            break
        if run and page.line(below).endswith((".", "。")) and not _leads_on(page.line(run[-1]), page.words):
            break  # a sentence below names
        run.append(below)
    return run


def _may_be_item(page: Page, index: int, out: list[ClauseKind]) -> bool:
    plain = index < len(out) and out[index] == "paragraph" and not page.pieces[index].label
    return plain and not words_of_letter(page.line(index), page.words)


def _reads_as_item(line: str, words: Words) -> bool:
    if "。" in line[:-1] or ". " in TAIL.sub("", line):
        return False
    cased = words.item_ending.search(line) or words.item_start.match(line) or words.ends_item(line)
    return bool(cased) or looks_short(TAIL.sub("", line), words)


def _leads_on(line: str, words: Words) -> bool:
    return line.endswith(STOPS) or words.ends_item(line)
