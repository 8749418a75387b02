"""Records → CSV or TSV: a row a record, flat columns."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from normalizer.export.characters import is_formula, writable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

    from normalizer.records import Record, Side

BOM = b"\xef\xbb\xbf"
SIDE_COLUMNS = ("document", "clauses", "start", "end", "number", "heading", "text", "origin", "facts")
COLUMNS = (
    *("id", "policy", "position", "category", "concepts", "link_kind", "link_score", "link_origin", "differences"),
    *(f"{language}_{column}" for language in ("ja", "en") for column in SIDE_COLUMNS),
)


def write(
    records: Iterable[Record], out: BinaryIO, *, delimiter: str = ",", bom: bool = False, guard: bool = True
) -> None:
    """Write records as CSV in UTF-8 with a header, in their order, as they come; lines end in LF.

    delimiter: "," or a tab. bom: begin with a byte order mark, by which Excel in Japan knows UTF-8. guard: put an
    apostrophe before a text that a spreadsheet would compute (one that begins with = + - @ or their full-width forms, a
    tab or a line break). Lists are joined by |, line breaks within a text stay, in quotes. Characters that XML forbids,
    the NUL among them, are U+FFFD.
    """
    if bom:
        out.write(BOM)
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    writer.writerow(COLUMNS)
    for record in records:
        writer.writerow([_cell(value, guard) for value in _row(record)])
        out.write(buffer.getvalue().encode())
        buffer.seek(0)
        buffer.truncate()
    out.write(buffer.getvalue().encode())


def _cell(value: str | float | None, guard: bool) -> str | float | None:
    if not isinstance(value, str):
        return value
    text = writable(value)
    return f"'{text}" if guard and is_formula(text) else text


def _row(record: Record) -> tuple[str | float | None, ...]:
    return (
        record.id,
        record.policy,
        record.position,
        record.category,
        "|".join(record.concepts),
        record.link.kind,
        record.link.score,
        record.link.origin,
        "|".join(f"{difference.severity}:{difference.code}" for difference in record.differences),
        *_side(record.ja),
        *_side(record.en),
    )


def _side(side: Side | None) -> tuple[str | int | None, ...]:
    if side is None:
        return (None,) * len(SIDE_COLUMNS)
    return (
        side.document,
        "|".join(clause.id for clause in side.clauses),
        min((clause.start for clause in side.clauses), default=None),
        max((clause.end for clause in side.clauses), default=None),
        "|".join(clause.number for clause in side.clauses if clause.number),
        next((clause.heading for clause in side.clauses if clause.heading), None),
        side.text,
        side.origin,
        "|".join(f"{fact.kind}={fact.value}" for fact in side.facts),
    )
