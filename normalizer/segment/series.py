"""Pieces → which of them, by their markers, go on with a series that stands over the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normalizer.segment.pieces import Piece


def resumed(pieces: Sequence[Piece], aside: frozenset[int]) -> frozenset[int]:
    """The indexes of the markers right below a number of another series, of a style that stood above the (1) of that
    series and not within it: the ■ behind ■ 1. 2. 3., under which no number can stand.
    """
    last: dict[str, int] = {}
    first: dict[str, int] = {}
    out: set[int] = set()
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
            last[style] = index
            if piece.label.number[-1:] == (1,):
                first[style] = index
        before = piece
    return frozenset(out)
