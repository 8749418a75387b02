"""Lines → how they look (short, in brackets, a word of a letter), and which open the document: letterhead and title."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalizer.segment.words import CLOSERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normalizer.segment.pieces import Piece
    from normalizer.segment.words import Words

TITLE_CHARACTERS = 42  # a Japanese title has at most so many characters,
TITLE_WORDS = 14  # an English one so many words
LETTERHEAD = 6  # so many lines may stand above a title: date, addressee, sender
TAIL = re.compile(r"(?:(?:,?\s{0,3}(?:etc|Co|Ltd|Inc|Corp|K\.K)\.)+|等)$")


def opening(text: str, pieces: Sequence[Piece], furniture: frozenset[int], words: Words) -> tuple[int, ...]:
    """The pieces of which one may be the document's title: the first two that are no furniture, and those below a
    head of a letter (date, addressee, sender)."""
    out: list[int] = []
    for index, piece in enumerate(pieces):
        if index in furniture:
            continue
        out.append(index)
        line = text[piece.start : piece.end].strip()
        plain = piece.block.kind != "heading" and not piece.label and looks_short(line, words)
        if len(out) == LETTERHEAD or (len(out) > 1 and not plain):
            break
    return tuple(out)


def words_of_letter(line: str, words: Words) -> bool:
    """記, 以上, 敬具: a line of its own that opens or closes a letter."""
    return "".join(line.split()).strip("[]【】（）()。.").casefold() in words.letter


def in_brackets(title: str) -> bool:
    return bool(title) and CLOSERS.get(title[0]) == title[-1] and title.count(title[0]) == 1


def looks_short(line: str, words: Words) -> bool:
    line = TAIL.sub("", line)
    if words.sentence_ending.search(line) or line.endswith(tuple("。．.;；:：")):
        return False
    wide = any(char > "\u2e7f" for char in line)
    return len(line) <= TITLE_CHARACTERS if wide else len(line.split()) <= TITLE_WORDS
