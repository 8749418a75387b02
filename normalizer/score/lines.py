"""Spans of a text → the lines that they touch, so that a finer or coarser segmentation is no mistake by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Span = tuple[int, int]
LineLink = tuple[tuple[int, ...], tuple[int, ...]]


def lines(text: str) -> list[Span]:
    """The spans of the lines that are not white space."""
    out, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            out.append((start, start + len(line)))
        start += len(line) + 1
    return out


def touched(lines: Sequence[Span], spans: Sequence[Span]) -> tuple[int, ...]:
    """The lines of which the spans cover half, or that hold half of a span."""
    return tuple(
        number
        for number, (start, end) in enumerate(lines)
        if any(2 * (min(end, b) - max(start, a)) >= min(end - start, b - a) > 0 for a, b in spans)
    )


def joined(links: Iterable[LineLink]) -> Iterator[LineLink]:
    """Links that share a line become one."""
    out: list[tuple[set[int], set[int]]] = []
    for ja, en in links:
        if not ja or not en:
            continue
        left, right = set(ja), set(en)
        for other in [link for link in out if link[0] & left or link[1] & right]:
            out.remove(other)
            left, right = left | other[0], right | other[1]
        out.append((left, right))
    return ((tuple(sorted(left)), tuple(sorted(right))) for left, right in out)


def overlap(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    """Whether two rows with `start` and `end` share a character."""
    return bool(min(a["end"], b["end"]) > max(a["start"], b["start"]))
