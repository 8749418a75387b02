"""Pieces → the same, with footnotes told from items: [1] or ＊ … where the text above says [1] or ＊."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from normalizer.segment.pieces import Piece

STYLE = "bracket-digit"
STARS = ("*", "＊")
# Behind a word, where a marker stands at the start.
REFERENCE = re.compile(r"(?<=\S)(?:\[[0-9]{1,3}\]|[*＊](?![*＊0-9]))")


def mark_notes(text: str, found: list[Piece]) -> list[Piece]:
    """The pieces; a number in square brackets, or a star, to which the text above refers is the mark of a note."""
    if not any(_is_numbered(piece) for piece in found):
        return found
    referred: dict[str, int] = {}
    for reference in REFERENCE.finditer(text):
        referred.setdefault(reference.group(), reference.start())
    return [_as_note(piece) if _is_referred(piece, referred) else piece for piece in found]


def _is_referred(piece: Piece, referred: dict[str, int]) -> bool:
    marker = piece.marker.text if piece.marker and _is_numbered(piece) else ""
    return referred.get(marker, piece.start) < piece.start


def _as_note(piece: Piece) -> Piece:
    return replace(piece, label=replace(piece.label, kind="note") if piece.label else None)


def _is_numbered(piece: Piece) -> bool:
    starred = piece.marker is not None and piece.marker.text in STARS and piece.block.kind == "line"
    return starred or (piece.label is not None and piece.label.style == STYLE)
