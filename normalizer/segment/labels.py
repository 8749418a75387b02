"""Pieces → each with its label: what a marker means that may mean two things, and whether it is one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from normalizer.model import Label
    from normalizer.segment.pieces import Piece

PARAGRAPHS = ("bare-digit", "bare-kanji")  # styles of the numbered paragraphs of an article


def read_labels(found: list[Piece]) -> list[Piece]:
    """Each marker's label: the reading that counts on from an earlier marker of its style, else the one from which
    the next marker of its style counts on ((i) before (ii), イ before ロ), else the first.

    A marker that needs a series (a bare `2`, an initial) loses its label where nothing counts on from or to it, but for
    the 2 of an article, whose first paragraph has no number.
    """
    last: dict[str, int] = {}
    article = False
    offered = {(label.style, label.number) for piece in found if piece.marker for label in piece.marker.labels}
    out = []
    for piece, following in zip(found, _following(found), strict=True):
        label = _fitting(piece, last, following)
        needs = label is not None and piece.marker is not None and piece.marker.needs_series
        second = article and label is not None and label.style in PARAGRAPHS and label.number == (2,)
        if label and needs and not second and not _has_neighbour(label, offered):
            piece, label = replace(piece, marker=None), None
        if label and label.number:
            last[label.style] = label.number[-1]
            article = label.kind == "article" or (article and label.kind not in ("chapter", "section", "supplement"))
        out.append(piece if label is piece.label else replace(piece, label=label))
    return out


def _following(found: list[Piece]) -> list[frozenset[Label]]:
    """For each piece, the readings of its marker from which the next marker of the same style counts on."""
    nearest: dict[str, set[int]] = {}
    out = []
    for piece in reversed(found):
        labels = piece.marker.labels if piece.marker else ()
        out.append(frozenset(lab for lab in labels if lab.number and lab.number[-1] + 1 in nearest.get(lab.style, ())))
        nearest |= {
            lab.style: {other.number[-1] for other in labels if other.style == lab.style and other.number}
            for lab in labels
        }
    return out[::-1]


def _fitting(piece: Piece, last: dict[str, int], following: frozenset[Label]) -> Label | None:
    labels = piece.marker.labels if piece.marker else ()
    counting = [label for label in labels if label.number and last.get(label.style) == label.number[-1] - 1]
    leading = [label for label in labels if label in following]
    return next(iter(counting or leading or labels), None)


def _has_neighbour(label: Label, offered: set[tuple[str, tuple[int, ...]]]) -> bool:
    *head, number = label.number
    near = [(*head, number - 1), (*head, number + 1)]
    if head and number == 1:  # 1-1, the only one below 1, and 2-1
        near += [(*head[:-1], head[-1] - 1, 1), (*head[:-1], head[-1] + 1, 1)]
    return any((label.style, other) in offered for other in near)
