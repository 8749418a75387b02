"""A piece → whether its words read as a title: short, no sentence, no case of a list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalizer.segment.opening import TAIL, TITLE_CHARACTERS, TITLE_WORDS, in_brackets, introduces

if TYPE_CHECKING:
    from normalizer.segment.opening import Page
    from normalizer.segment.pieces import Piece
    from normalizer.segment.words import Words

NUMBERED_WORDS = 22  # with a number before it, so many
APART_WORDS = 8  # a case ("If you do not provide information") that stands apart over a text, so many
BRACKETS = re.compile(r"[（(][^（）()]{0,80}[）)]")
STATEMENT_START = re.compile(r"(?:We|You|I|It|They|Please|If|When|In the event|In case|To|For|By|Or|And|However)\b")
CAPTION_CHARACTERS = 20  # of a heading that ends in a colon
BROKEN = re.compile(r"[はがを]、")  # a sentence that a line's end broke; a title has 取得、利用 at most


def may_head(piece: Piece) -> bool:
    """Bullets and notes head nothing, but squares (■) and numbers do."""
    label = piece.label
    return label is not None and ((label.kind == "item" and "+" not in label.style) or label.style == "square")


def is_title(page: Page, index: int, among: bool = False) -> bool:
    """Do the words read as a title: short, no sentence, no case of a list?

    among: the numbers beside it are headings; then a name with a colon is one whatever stands below.
    """
    piece, words = page.pieces[index], page.words
    title = page.text[piece.body : piece.end].strip()
    if "\n" in title:
        if index not in page.titles or not title.isupper():
            return False
        title = " ".join(title.split())  # a title in capitals, on two lines
    apart = piece.label is None and piece.block.gap and opens_text(page, index)
    if in_brackets(title):
        said = TAIL.sub("", title[1:-1])
        plain = not re.search(r"[,、。]|\.\s", said) and not words.sentence_ending.search(said)
        return len(title) <= 3 * TITLE_CHARACTERS and (plain or piece.label is not None)
    core = TAIL.sub("", BRACKETS.sub("", title)).strip()
    if core.endswith((":", "：")) and (among or opens_text(page, index, gap=True)):
        core = _captioned(core, words)
    if (
        BROKEN.search(core)
        or words.sentence_ending.search(core)
        or core.endswith(tuple("。．.;；:：、,"))
        or "。" in core
    ):
        return False
    if words.ends_item(core):
        return False
    if any(char > "\u2e7f" for char in core):
        return len(core) <= TITLE_CHARACTERS and (apart or not words.item_ending.search(core))
    statement = STATEMENT_START.match(core) and len(core.split()) > (APART_WORDS if apart else 4)
    return not statement and len(core.split()) <= (NUMBERED_WORDS if piece.label else TITLE_WORDS)


def _captioned(core: str, words: Words) -> str:
    """`Contact us:` without its colon, if it is a name; a sentence that the lines below complete keeps it."""
    name = core[:-1].rstrip()
    short = (
        len(name) <= CAPTION_CHARACTERS if any(char > "\u2e7f" for char in name) else len(name.split()) <= APART_WORDS
    )
    stem = STATEMENT_START.match(name) or introduces(name, words) or words.unfinished.search(name)
    return name if short and not stem else core


def opens_text(page: Page, index: int, gap: bool = False) -> bool:
    """Directly below, without a gap (or with one), stands a sentence that is no list item."""
    if index + 1 == len(page.pieces):
        return False
    below, line = page.pieces[index + 1], page.line(index + 1)
    return not ((below.block.gap and not gap) or below.label) and bool(
        page.words.sentence_ending.search(line.rstrip("。．. ")) or line.endswith(("。", "．", "."))
    )
