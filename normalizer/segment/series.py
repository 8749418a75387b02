"""Pieces → their series of numbers: which of them go on with one that stands over others, and which are headings."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from normalizer.segment.opening import CONTACT, in_brackets
from normalizer.segment.pieces import sign
from normalizer.segment.titles import is_title, may_head

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from normalizer.model import ClauseKind
    from normalizer.segment.opening import Page
    from normalizer.segment.pieces import Piece

CAPTIONS = 2  # so many show that the numbers of a style have captions
DEPTH = 12  # series of one style that are open at once


def resumed(pieces: Sequence[Piece], aside: frozenset[int]) -> frozenset[int]:
    """The indexes of the markers right below a number of another series, of a style that stood above the (1) of that
    series and not within it: the ■ behind ■ 1. 2. 3., under which no number can stand; and of the ◎ behind ◎ ○ ○.
    """
    last: dict[str, int] = {}
    first: dict[str, int] = {}
    out: set[int] = set()
    squares: dict[str, int] = {}  # kind of square → where the first stands
    before: Piece | None = None
    for index, piece in enumerate(pieces):
        if index in aside:
            continue
        if piece.label:
            style = piece.label.style
            number = before.label if before else None
            counted = number is not None and number.style != style and number.number[-1:] not in ((), (1,))
            if number and counted and last.get(style, index) < first.get(number.style, -1):
                out.add(index)
            if style == "square":
                own = squares.setdefault(sign(piece), index)
                if before and number and number.style == style and own < squares[sign(before)]:
                    out.add(index)
            last[style] = index
            if piece.label.number[-1:] == (1,):
                first[style] = index
        before = piece
    return frozenset(out)


def level_series(page: Page, out: list[ClauseKind]) -> None:
    """Numbered pieces of one series are headings together: where most of them are, all that read as titles are."""
    for members in _series(page):
        headings = [index for index in members if out[index] == "heading"]
        if len(headings) * 2 == len(members) and not _heads_one(page, members, headings, out):
            headings = []
        for index in members:
            titled = headings and len(headings) * 2 >= len(members) and is_title(page, index, among=True)
            out[index] = "heading" if titled or page.pieces[index].block.kind == "heading" else "item"


def _heads_one(page: Page, members: Sequence[int], headings: Sequence[int], out: list[ClauseKind]) -> bool:
    """Is a heading among as many items one: no item of two that has a list of its own, nor the (2) of (1) (2) that a
    sentence introduces, since what stands below is their section's?"""
    last = len(members) == 2 and headings == members[1:] and members[0] in page.introduced
    return not last and any(_is_over_text(page, index, out) for index in headings)


def _is_over_text(page: Page, index: int, out: list[ClauseKind]) -> bool:
    """Does a paragraph or a heading stand right below?"""
    below = next((at for at in range(index + 1, len(out)) if at not in page.furniture), None)
    return below is not None and out[below] != "item"


def _series(page: Page) -> Iterator[list[int]]:
    """The pieces whose marks count on from one another: a 3. behind the 1. 2. 3. of a list within 2. goes on from 2."""
    opened: dict[str, list[list[int]]] = {}
    for index, piece in enumerate(page.pieces):
        if index in page.furniture or not piece.label or not may_head(piece):
            continue
        key = f"{sign(piece)} {piece.block.kind == 'item'}"  # the format's own lists are no headings' series
        same = opened.setdefault(key, [])
        if same and piece.label.number[-1:] != (1,):
            best = min(range(len(same)), key=lambda at: (*_misfit(piece, page.pieces[same[at][-1]]), -at))
            yield from same[best + 1 :]
            del same[best + 1 :]
            same[best].append(index)
        else:
            same.append([index])
        if len(same) > DEPTH:
            yield same.pop(0)
    for same in opened.values():
        yield from same


def _misfit(piece: Piece, last: Piece) -> tuple[bool, bool]:
    """How badly a piece goes on from the last of a series: is its number another than the next, its column another?"""
    own, other = (part.label.number[-1:] if part.label else () for part in (piece, last))
    follows = not own or not other or own[0] == other[0] + 1
    return not follows, piece.block.level != last.block.level


def between_items(page: Page, out: list[ClauseKind]) -> None:
    """A title between (4) and (5) of one series heads the rest of it, where another title heads the (1)."""
    headed: dict[str, bool] = {}  # style → whether a title without a number stands right above its (1)
    for index in range(1, len(page.pieces)):
        label, above = page.pieces[index].label, page.pieces[index - 1]
        if out[index] != "item" or label is None or label.kind != "item":
            continue
        if label.number[-1:] == (1,):
            headed[label.style] = out[index - 1] == "heading" and above.label is None
        elif headed.get(label.style) and index > 1 and above.label is None and out[index - 1] == "paragraph":
            before = page.pieces[index - 2].label
            follows = before is not None and before.style == label.style and not above.block.gap
            if follows and not CONTACT.search(page.line(index - 1)) and is_title(page, index - 1):
                out[index - 1] = "heading"


def captioned(pieces: Sequence[Piece], text: str) -> frozenset[int]:
    """The numbered pieces that have a caption in brackets above them, as others of their style have: （定義） 第２ …"""
    above: dict[str, set[int]] = {}
    for index, (piece, below) in enumerate(pairwise(pieces), 1):
        label = below.label
        if label and label.number and piece.label is None and in_brackets(text[piece.start : piece.end].strip()):
            above.setdefault(label.style, set()).add(index)
    return frozenset(at for found in above.values() if len(found) >= CAPTIONS for at in found)
