"""Records → JSON lines as `run` writes them: one file of what may be many parts, fields in the schema's order."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from normalizer.export.characters import whole

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

    from normalizer.records import Record


def write(records: Iterable[Record], out: BinaryIO) -> None:
    """Write records as JSON lines in UTF-8, in their order, as they come. Halves of surrogate pairs are U+FFFD."""
    for record in records:
        out.write(_line(record) + b"\n")


def _line(record: Record) -> bytes:
    try:
        return record.model_dump_json(by_alias=True).encode()
    except ValueError:  # pydantic's: a half of a surrogate pair has no UTF-8
        values = record.model_dump(by_alias=True)
        return whole(json.dumps(values, ensure_ascii=False, separators=(",", ":"))).encode()
