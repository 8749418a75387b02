"""Pieces → the same, with questions (Q1. …) as headings that bear their mark, and answers (A. …) without one."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from normalizer.model import Label
from normalizer.numbering import Marker, fold

if TYPE_CHECKING:
    from normalizer.segment.pieces import Piece
    from normalizer.segment.words import Words

STYLE = "question"
NUMBER = re.compile(r"\d{1,3}")
ASKS = ("?", "？")
LONGEST = 120  # characters of a question


def mark_questions(text: str, found: list[Piece], words: Words) -> list[Piece]:
    """The pieces; a line with the mark of a question is one if it ends in a question mark or an answer stands below.

    What answers it is a paragraph: its `A.` is neither a letter that counts nor a number.
    """
    out = list(found)
    for index, piece in enumerate(found):
        asked = _mark(text, piece, words.question)
        if asked is None:
            continue
        answered = index + 1 < len(found) and _mark(text, found[index + 1], words.answer) is not None
        short = piece.end - piece.start <= LONGEST
        if short and (answered or text[piece.end - 1] in ASKS):
            out[index] = replace(_with_mark(text, piece, asked), block=replace(piece.block, kind="heading"))
            if answered:
                out[index + 1] = _answer(found[index + 1])
    return out


def _mark(text: str, piece: Piece, known: re.Pattern[str]) -> int | None:
    """Where the words behind a mark of `known` begin; None where there is no mark, or nothing behind it."""
    bulleted = piece.label is not None and piece.label.kind == "bullet"
    found = None if piece.aside else known.match(text, piece.body if bulleted else piece.start, piece.end)
    return found.end() if found and found.end() < piece.end else None


def _with_mark(text: str, piece: Piece, end: int) -> Piece:
    written = text[piece.start : end]
    number = NUMBER.search(fold(written))
    label = Label("item", (int(number.group()),), STYLE) if number else Label("bullet", (), STYLE)
    return replace(piece, marker=Marker(end - piece.start, written.strip(" \t　"), (label,)), label=label)


def _answer(piece: Piece) -> Piece:
    kind = "paragraph" if piece.block.kind == "item" else piece.block.kind
    return replace(piece, marker=None, label=None, block=replace(piece.block, kind=kind))
