"""Pieces → the same, with those set aside that each page of a printed text repeats: its number, its running head."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from normalizer.segment.furniture import is_page_number

if TYPE_CHECKING:
    from normalizer.segment.pieces import Piece

HEAD = 80  # characters of a running head
FIRST = 3  # the running head of later pages is one of the first lines of the first
FORM_FEED = "\f"


def set_aside(text: str, found: list[Piece]) -> list[Piece]:
    """The pieces; of those from plain text, page numbers and running heads are marked as standing aside.

    A running head stands beside a page number or a form feed, and says again what another such line says, or one of
    the first lines of the document.
    """
    numbers = {at for at, piece in enumerate(found) if _is_number(text, piece)}
    if not numbers and FORM_FEED not in text:
        return found
    edges = {at for at in range(FIRST, len(found)) if at not in numbers and _at_edge(text, found, numbers, at)}
    said = Counter(_key(text, found[at]) for at in edges)
    opening = {_key(text, piece) for piece in found[:FIRST]}
    heads = {at for at in edges if (key := _key(text, found[at])) and (said[key] > 1 or key in opening)}
    return [replace(piece, aside=True) if at in numbers or at in heads else piece for at, piece in enumerate(found)]


def _is_number(text: str, piece: Piece) -> bool:
    return piece.block.kind == "line" and is_page_number(text[piece.start : piece.end])


def _at_edge(text: str, found: list[Piece], numbers: set[int], at: int) -> bool:
    if at - 1 in numbers or at + 1 in numbers or FORM_FEED in text[found[at - 1].end : found[at].start]:
        return True
    return at + 1 < len(found) and FORM_FEED in text[found[at].end : found[at + 1].start]


def _key(text: str, piece: Piece) -> str:
    """A line by which it is known again, "" where it is no running head."""
    long = piece.end - piece.start > HEAD
    return "" if long or piece.label or piece.block.kind != "line" else "".join(text[piece.start : piece.end].split())
