"""A clause's text, its mentions and its differences → stretches of text to be marked."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the document's text that bears a mark."""

    start: int
    end: int
    mark: str | int  # a concept's id, or a difference's number


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that name the same concepts, the narrowest mention first; most name none."""

    text: str
    concepts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Pieces that the same differences lie over; most have none."""

    pieces: tuple[Piece, ...]
    differences: tuple[int, ...]
    ending: tuple[int, ...]  # those of the differences that end here in this clause


def stretches(text: str, start: int, mentions: Iterable[Span], differences: Iterable[Span]) -> tuple[Stretch, ...]:
    """The text, cut where a mark starts or ends; the stretches' texts joined are the text.

    start: the offset of the text in its document; spans may reach beyond the text, of which a part is marked. A
    difference of no width (words missing at a place) gives a stretch without text.
    """
    end = start + len(text)
    named = tuple(_clipped(mentions, start, end))
    spans = tuple(_clipped(differences, start, end))
    last: dict[int, int] = {}
    for span in spans:
        last[int(span.mark)] = max(span.end, last.get(int(span.mark), 0))
    out = []
    for numbers, group in groupby(_cuts(start, end, named, spans), key=lambda cut: cut[3]):
        cuts = list(group)
        pieces = tuple(Piece(text[a - start : b - start], concepts) for a, b, concepts, _ in cuts)
        out.append(Stretch(pieces, numbers, tuple(number for number in numbers if last[number] == cuts[-1][1])))
    return tuple(out)


def _clipped(spans: Iterable[Span], start: int, end: int) -> Iterator[Span]:
    for span in spans:
        a, b = max(span.start, start), min(span.end, end)
        if a < b or (span.start == span.end and a == b):
            yield Span(a, b, span.mark)


def _cuts(
    start: int, end: int, named: Sequence[Span], spans: Sequence[Span]
) -> Iterator[tuple[int, int, tuple[str, ...], tuple[int, ...]]]:
    """From border to border: start, end, concepts and differences there. A sweep: linear time but for nesting."""
    opening: dict[int, list[Span]] = {start: [], end: []}
    for span in (*named, *spans):
        opening.setdefault(span.start, []).append(span)
        opening.setdefault(span.end, [])
    points = sorted(opening)
    active: list[Span] = []
    for here, there in zip(points, [*points[1:], None], strict=True):
        active = [span for span in active if span.end > here]
        if empty := [span.mark for span in opening[here] if span.end == here and isinstance(span.mark, int)]:
            yield here, here, (), tuple(sorted(empty))
        active += [span for span in opening[here] if span.end > here]
        if there is not None:
            narrow = sorted((span.end - span.start, span.mark) for span in active if isinstance(span.mark, str))
            numbers = {span.mark for span in active if isinstance(span.mark, int)}
            yield here, there, tuple(dict.fromkeys(str(mark) for _, mark in narrow)), tuple(sorted(numbers))
