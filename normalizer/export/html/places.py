"""Where differences and the page's furniture stand among the records."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from normalizer.export.html.marks import Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from normalizer.records import ClauseLine, ClauseReference, Difference, Record, Side


class Places:
    """The differences by the offsets that they span, and by the records that hold them."""

    def __init__(
        self, records: Sequence[Record], clauses: Mapping[str, Sequence[ClauseLine]], differences: Sequence[Difference]
    ) -> None:
        self._spans = {side: _sorted(differences, side) for side in ("ja", "en")}
        self._widest = {
            side: max((span.end - span.start for span in spans), default=0) for side, spans in self._spans.items()
        }
        numbers: dict[str, list[int]] = {}
        for number, difference in enumerate(differences, 1):
            if difference.ja is None and difference.en is None:
                numbers.setdefault(difference.model_dump_json(), []).append(number)
        self._spanless = numbers
        self._headings = {
            side: {clause.heading for record in records for clause in _references(record, side)}
            for side in ("ja", "en")
        }

    def spans(self, side: str, start: int, end: int) -> list[Span]:
        """The differences over a stretch of a side's text; one of no width belongs to the text that it touches."""
        spans = self._spans[side]
        low = bisect_right(spans, start - self._widest[side] - 1, key=lambda span: span.start)
        high = bisect_right(spans, end, key=lambda span: span.start)
        return [span for span in spans[low:high] if _touches(span, start, end)]

    def within(self, side: str, start: int, end: int) -> tuple[int, ...]:
        """The numbers of the differences over a stretch of a side's text."""
        return tuple(sorted({int(span.mark) for span in self.spans(side, start, end)}))

    def of_record(self, record: Record) -> tuple[int, ...]:
        """The numbers of the differences of a record: those over its clauses, and its own that have no span."""
        found: set[int] = set()
        for name in ("ja", "en"):
            for clause in _references(record, name):
                found.update(self.within(name, clause.start, clause.end))
        if self._spanless:
            for difference in record.differences:
                found.update(self._spanless.get(difference.model_dump_json(), ()))
        return tuple(sorted(found))

    def heads(self, side: str, text: str) -> bool:
        """Whether a clause with this text is what others of its side stand under."""
        return text in self._headings[side]


def _references(record: Record, side: str) -> tuple[ClauseReference, ...]:
    shown: Side | None = getattr(record, side)
    return shown.clauses if shown and shown.origin == "source" else ()


def _sorted(differences: Sequence[Difference], side: str) -> list[Span]:
    found = [
        Span(span.start, span.end, number)
        for number, difference in enumerate(differences, 1)
        if (span := difference.ja if side == "ja" else difference.en)
    ]
    return sorted(found, key=lambda span: (span.start, span.end))


def _touches(span: Span, start: int, end: int) -> bool:
    return span.start < end and start < span.end if span.start < span.end else start <= span.start <= end


def furniture_after(
    records: Sequence[Record], clauses: Mapping[str, Sequence[ClauseLine]]
) -> dict[int, list[tuple[str, ClauseLine]]]:
    """The clauses that belong to the page, by the index of the record that they stand behind; -1 is before all."""
    out: dict[int, list[tuple[str, ClauseLine]]] = {}
    for side in ("ja", "en"):
        holder = {clause.id: index for index, record in enumerate(records) for clause in _references(record, side)}
        behind = -1
        for clause in clauses.get(side, ()):
            behind = holder.get(clause.id, behind)
            if clause.kind == "furniture" and clause.id not in holder:
                out.setdefault(behind, []).append((side, clause))
    return out
