"""Records to TMX 1.4b, level 1: a unit a record, either language may be the source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from normalizer.memory import tmx
from normalizer.memory.learn import concepts, grave
from normalizer.memory.model import Entry, Variant

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

    from normalizer.records import Record, Side


def write(records: Iterable[Record], out: BinaryIO) -> None:
    """Write records as TMX in UTF-8, in their order, as they come.

    A record with one side is a unit with one variant. Properties of a unit: x-policy, x-category, x-concepts, x-score,
    x-link, x-severity ("high" where the sides contradict each other); of a variant: x-origin (source, memory, argos),
    x-document, x-concepts. A character that XML does not have becomes U+FFFD, and a note tells of it.
    """
    tmx.write(map(_entry, records), out)


def _entry(record: Record) -> Entry:
    properties = (
        ("x-policy", record.policy),
        ("x-category", record.category),
        ("x-concepts", " ".join(record.concepts)),
        ("x-score", f"{record.link.score:g}"),
        ("x-link", f"{record.link.kind} {record.link.origin}"),
        ("x-severity", "high" if grave(record) else ""),
    )
    sides = (("ja", record.ja), ("en", record.en))
    variants = tuple(_variant(language, side) for language, side in sides if side)
    return Entry(record.id, variants, tuple(named for named in properties if named[1]))


def _variant(language: str, side: Side) -> Variant:
    properties = (
        ("x-origin", side.origin),
        ("x-document", side.document),
        ("x-concepts", " ".join(concepts(side))),
    )
    return Variant(language, side.text, tuple(named for named in properties if named[1]))
