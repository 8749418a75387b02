"""Records to the units that a memory learns from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from normalizer.memory.keys import context
from normalizer.memory.model import Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from normalizer.records import Record, Side

SCORE = 0.9  # of links with this score nine in ten are right


def learned(records: Iterable[Record], minimum: float = SCORE) -> Iterator[Unit]:
    """A unit for each record whose two sides are the organisation's own words and whose link has at least `minimum`.

    A record with a difference of high severity is no example to follow: a lost negation is not learned.

    Records come in reading order: what stands before and after a clause is its context, by which a later look-up
    tells the same clause in the same place (101 %).
    """
    before: Record | None = None
    current: Record | None = None
    for after in _closed(records):
        if current and _own(current.ja) and _own(current.en) and current.link.score >= minimum and not grave(current):
            yield _unit(before, current, after)
        before, current = current, after


def _closed(records: Iterable[Record]) -> Iterator[Record | None]:
    yield from records
    yield None


def grave(record: Record) -> bool:
    """Whether the two sides of a record have a difference of high severity."""
    return any(difference.severity == "high" for difference in record.differences)


def _own(side: Side | None) -> bool:
    return side is not None and side.origin == "source" and bool(side.text.strip())


def _unit(before: Record | None, record: Record, after: Record | None) -> Unit:
    assert record.ja
    assert record.en
    around = [other if other and other.policy == record.policy else None for other in (before, after)]
    ja = [other.ja.text if other and other.ja else "" for other in around]
    en = [other.en.text if other and other.en else "" for other in around]
    return Unit(
        record.ja.text,
        record.en.text,
        document=record.policy,
        record=record.id,
        tool="policy-normalizer",
        score=record.link.score,
        origin="source",
        category=record.category,
        concepts_ja=concepts(record.ja),
        concepts_en=concepts(record.en),
        context_ja=context(ja[0], ja[1], "ja"),
        context_en=context(en[0], en[1], "en"),
    )


def concepts(side: Side) -> tuple[str, ...]:
    """The concepts that a side names, in their order, each once."""
    return tuple(dict.fromkeys(mention.concept for mention in side.mentions))
