"""Pieces → the same, with a marker on a line of its own joined to its words: a browser copies lists so."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from normalizer.segment.opening import in_brackets, looks_short

if TYPE_CHECKING:
    from normalizer.segment.pieces import Piece
    from normalizer.segment.words import Words

SERIES = 2  # a lone bullet or letter is a marker where so many lines are (a single one may be an empty cell, a name)
TITLED = ("chapter", "article", "section", "section-ja")


def join_markers(text: str, found: list[Piece], words: Words) -> list[Piece]:
    """The pieces; one that is nothing but a marker takes up the line below it, if that has no marker of its own."""
    alone = Counter(piece.label.style for piece in found if piece.label and _is_alone(text, piece))
    out: list[Piece] = []
    for piece in found:
        if out and _heads_line(text, out[-1], piece, alone, words):
            out[-1] = replace(out[-1], block=replace(out[-1].block, end=piece.end))
        else:
            out.append(piece)
    return out


def _is_alone(text: str, piece: Piece) -> bool:
    return piece.block.kind == "line" and not text[piece.body : piece.end].strip()


def _heads_line(text: str, last: Piece, piece: Piece, alone: Counter[str], words: Words) -> bool:
    label = last.label
    if label is None or piece.marker or piece.aside or piece.block.kind != "line" or not _is_alone(text, last):
        return False
    annexed = label.kind == "supplement" and label.number  # Schedule 1 over its title
    if label.kind in TITLED or annexed:  # 第1条 over （目的）; over a sentence it is a heading
        line = text[piece.start : piece.end]
        return not piece.block.gap and (in_brackets(line) or looks_short(line, words))
    counted = label.kind == "item" and label.number and not (last.marker and last.marker.needs_series)
    return bool(counted) or (label.kind in ("item", "bullet") and alone[label.style] >= SERIES)
