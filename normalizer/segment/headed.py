"""Lines → those that head what stands below them by the style of the whole document, whatever the words below are.

A line that only its look makes a heading is one where the document has more of that look. Two looks are known: an
empty line above and none below, at the top of a block; and, without empty lines, a short name between a line that is
none and a text. Where every line has an empty one above, these part nothing, and no line is at the top of a block.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalizer.segment.opening import (
    COLUMNS,
    CONTACT,
    TITLE_CHARACTERS,
    TITLE_WORDS,
    introduces,
    is_case,
    is_dated,
    looks_short,
)
from normalizer.segment.titles import STATEMENT_START, is_title, may_head

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normalizer.segment.opening import Page

BLOCKS = 2  # so many blocks with a heading on top, and half of all, show that the document heads its blocks
CLOSE = 3  # so many headings between texts, that it has headings without empty lines
LONGEST = 120  # characters of a heading
STATED_CHARACTERS = 20  # of a heading that is a sentence (法律を守ります)
STATED_WORDS = 8
NAME_CHARACTERS = 22  # of a heading that has no empty line above
NAME_WORDS = 9
LIST = 20  # lines of a list without marks, at most
ADDRESS = 60  # characters at the start of a line by which it is one
STOPS = tuple("。．.;；:：、,")
ENUMERATED = re.compile(r"[、，;；]|, ")
SEVERAL = re.compile(rf"{ENUMERATED.pattern}|／| / ")
KEY = re.compile(r"^[^：:]{1,30}[：:]\s*(?=\S)")


def headed(page: Page) -> frozenset[int]:
    """The indexes of the lines that are headings by their place and by the look of the document's others."""
    text = page.text
    unmarked = ((at, piece.block) for at, piece in enumerate(page.pieces) if piece.label is None)
    brief = [at for at, block in unmarked if block.kind == "line" and text[block.end - 1] not in STOPS]
    brief = [at for at in brief if page.pieces[at].end - page.pieces[at].start <= LONGEST and at not in page.furniture]
    if len(brief) < BLOCKS:
        return frozenset()
    return _of_blocks(page, frozenset(brief)) | _between_texts(page, brief)


def is_content(page: Page, index: int) -> bool:
    """Does the line name several things beside a heading by its look, or right below a title that has a number or
    stands at the top of a block? Then it is what that title heads."""
    if not ENUMERATED.search(page.line(index)):
        return False
    if not page.headed.isdisjoint((index - 1, index + 1)):
        return True
    if index == 0 or page.pieces[index].block.gap:
        return False
    above = page.pieces[index - 1]
    if may_head(above):
        return looks_short(page.line(index - 1), page.words)
    return above.label is None and above.block.gap and is_title(page, index - 1)


def _is_caption(page: Page, index: int) -> bool:
    """Is a brief line short, with no sentence in it, no number to call and no date?"""
    line = page.line(index)
    if "。" in line or "\n" in line or page.words.leaves_open.search(line[-12:]):
        return False
    wide = any(char > "\u2e7f" for char in line)
    if wide and page.words.unfinished.search(line[-12:]):
        return False
    short = len(line) <= TITLE_CHARACTERS if wide else len(line.split()) <= TITLE_WORDS and not line[0].islower()
    return short and not (CONTACT.search(line) or COLUMNS.search(line) or is_dated(line, page.words))


# --- at the top of a block ----------------------------------------------------------------------------------------


def _of_blocks(page: Page, brief: frozenset[int]) -> frozenset[int]:
    """The captions at the top of blocks of two lines or more, where half of the blocks have one over a text."""
    gaps = [piece.block.gap for piece in page.pieces]
    tops = [at for at in range(len(gaps) - 1) if gaps[at] and not gaps[at + 1] and page.pieces[at].label is None]
    if sum(at in brief for at in tops) < max(BLOCKS, len(tops) / 2):  # as in most texts
        return frozenset()
    ends = {at: next((end for end in range(at + 1, len(gaps)) if gaps[end]), len(gaps)) for at in tops}
    blocks = [range(at, end) for at, end in ends.items() if at not in page.furniture]
    heads = [block for block in blocks if block[0] in brief and _is_caption(page, block[0])]
    heads = [block for block in heads if _heads_block(page, block)]
    sure = sum(any(_is_text(page, at) for at in block[1:]) for block in heads)
    if sure < max(BLOCKS, len(blocks) / 2):
        return frozenset()
    return frozenset(block[0] for block in heads)


def _heads_block(page: Page, block: range) -> bool:
    """A caption that is a sentence is short and stands over one with a stop; and what a sentence above introduces is
    the first of a list."""
    line, below = page.line(block[0]), page.line(block[1])
    if is_dated(below, page.words) or page.pieces[block[1]].aside:
        return False
    if _states(page, line) and not (_is_curt(line) and (below.endswith(STOPS) or page.pieces[block[1]].label)):
        return False
    if is_case(page, block[0]) and is_case(page, block[1]) and not below.endswith(STOPS):
        return False
    led = block[0] > 0 and introduces(page.line(block[0] - 1), page.words)
    return not led or _is_text(page, block[1])


def _states(page: Page, line: str) -> bool:
    return bool(page.words.sentence_ending.search(line) or STATEMENT_START.match(line))


def _is_curt(line: str) -> bool:
    return len(line) <= STATED_CHARACTERS if not line.isascii() else len(line.split()) <= STATED_WORDS


def _is_text(page: Page, index: int) -> bool:
    """Is it more than a name: a sentence, an item, several things in a row, or one with its caption?"""
    line = page.line(index)
    return bool(page.pieces[index].label or line.endswith(STOPS) or SEVERAL.search(line) or KEY.search(line))


# --- between texts -------------------------------------------------------------------------------------------------


def _between_texts(page: Page, brief: Sequence[int]) -> frozenset[int]:
    """The names between a text and another, where some of them stand above sentences."""
    inner = [at for at in brief if 0 < at < len(page.pieces) - 1]
    between = {at for at in inner if _is_sentence(page, at + 1) and _is_ended(page, at - 1)}
    if len(between) < CLOSE:  # as in most texts
        return frozenset()
    names = [at for at in inner if _is_name(page, at) and _ends_text(page, at - 1) and _is_caption(page, at)]
    sure = [at for at in names if at in between]
    if len(sure) < CLOSE:
        return frozenset()
    usual = sum(len(page.line(at)) for at in sure) // len(sure)
    return frozenset(at for at in names if at in between or _heads_text(page, at, usual))


def _is_name(page: Page, index: int) -> bool:
    line = page.line(index)
    short = len(line.split()) <= NAME_WORDS if line.isascii() else len(line) <= NAME_CHARACTERS and "\u3000" not in line
    return short and not SEVERAL.search(line) and not page.words.sentence_ending.search(line)


def _ends_text(page: Page, index: int) -> bool:
    """Is it a text that introduces nothing?"""
    return _is_text(page, index) and not introduces(page.line(index), page.words)


def _is_ended(page: Page, index: int) -> bool:
    piece = page.pieces[index]
    return piece.label is not None or page.text[piece.end - 1] in "。．."


def _is_sentence(page: Page, index: int) -> bool:
    below = page.pieces[index]
    return below.label is None and not below.block.gap and page.text[below.end - 1] in "。．."


def _heads_text(page: Page, index: int, usual: int) -> bool:
    """Does a name stand over a list, or over a line that is none?

    Between the lines of a list without marks, or below those that a sentence introduces, a name is one of them, unless
    it is as short as `usual`, the length of the headings that stand between sentences.
    """
    label, below = page.pieces[index + 1].label, page.line(index + 1)
    if page.pieces[index + 1].block.gap or is_dated(below, page.words):
        return False
    if label:
        return label.number[-1:] in ((), (1,))
    if STATEMENT_START.match(page.line(index)):
        return False
    ends_item = page.words.item_ending.search
    if ends_item(page.line(index)) and (ends_item(below) or not _is_ended(page, index - 1)):
        return False
    if _is_ended(page, index - 1) and CONTACT.search(KEY.sub("", below)):
        return True
    case = ends_item(below) or page.words.item_start.match(below)
    if not case and (not _is_text(page, index + 1) or CONTACT.search(KEY.sub("", below)[:ADDRESS])):
        return False
    within = _is_listed(page, index - 1) and (_is_listed(page, index + 1) or _is_led(page, index))
    return not within or len(page.line(index)) <= usual


def _is_listed(page: Page, index: int) -> bool:
    """Several things in a row, as in a list without marks."""
    line = page.line(index)
    return not (page.pieces[index].label or line.endswith(STOPS) or KEY.search(line))


def _is_led(page: Page, index: int) -> bool:
    """Does a sentence introduce the lines right above?"""
    top = index - 1
    while top > max(0, index - LIST) and _is_listed(page, top):
        top -= 1
    return introduces(page.line(top), page.words)
