"""A source (a file, a URL, a member of an archive, a row of a table) → its Document."""

from __future__ import annotations

import functools
import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from normalizer import reading
from normalizer.errors import InputError
from normalizer.reading import MAX_BYTES

if TYPE_CHECKING:
    from normalizer.model import Document

Kind = Literal["file", "url", "zip", "tar", "line", "parquet", "warc"]
LOCAL_HEADER = 30  # bytes of a zip member's own header before its name and extra field


@dataclass(frozen=True, slots=True)
class Source:
    """Where the bytes of one input are, so that any process can fetch just these."""

    place: str  # path or URL of the file, or of what contains it
    shown: str  # what records, failures and messages call it: "crawl.zip/shop.ja.html"
    name: str  # the document's id, its file name
    format: str = ""  # text, markdown, html, pdf, docx; from the name's ending if empty
    kind: Kind = "file"
    start: int = 0  # byte of the container; for parquet the row group
    length: int = 0  # bytes there; for parquet the row in its group
    column: str = ""  # of a row
    size: int = 0  # bytes of the input itself
    sha256: str = ""  # of these; empty where they could not be read

    def __str__(self) -> str:
        return self.shown


def document(source: Source) -> Document:
    """Read a source. Raises what `normalizer.reading.read` raises."""
    if source.kind == "file":
        return reading.read(Path(source.place), source.name)
    return reading.read(fetch(source), source.name, source.format or reading.format_of(source.name, source.shown))


def fetch(source: Source) -> bytes:
    """The bytes of a source. Raises InputError where they cannot be had, or are more than a policy has."""
    try:
        data = _FETCH[source.kind](source)
    except OSError as error:
        raise InputError(f"{source.shown}: cannot be read ({error.strerror or error}); check it") from error
    return within_limit(data, source.shown)


def within_limit(data: bytes, shown: str) -> bytes:
    """The data; raises InputError where they are more than a policy has."""
    if len(data) > MAX_BYTES:
        raise InputError(f"{shown}: more than {MAX_BYTES:,} bytes; a policy has fewer: split it")
    return data


def _file(source: Source) -> bytes:
    with open(source.place, "rb") as file:
        return file.read(MAX_BYTES + 1)


def _url(source: Source) -> bytes:
    from normalizer.batch.remote import filesystem

    system, path = filesystem(source.place)
    with system.open(path, "rb") as file:
        return bytes(file.read(MAX_BYTES + 1))


def _stretch(source: Source) -> bytes:
    if source.length > MAX_BYTES:
        raise InputError(f"{source.shown}: {source.length:,} bytes; a policy has at most {MAX_BYTES:,}")
    with open(source.place, "rb") as file:
        file.seek(source.start)
        return file.read(source.length)


def _zip(source: Source) -> bytes:
    """The member whose own header stands at `start`: so no process needs the archive's directory but the planning one.
    `column` is the method of compression."""
    with open(source.place, "rb") as file:
        file.seek(source.start)
        header = file.read(LOCAL_HEADER)
        if len(header) < LOCAL_HEADER or not header.startswith(b"PK\3\4"):
            raise InputError(f"{source.shown}: the archive is damaged here; make it again")
        file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
        packed = file.read(min(source.length, MAX_BYTES))
    if source.column == "stored":
        return packed
    try:
        return zlib.decompressobj(-15).decompress(packed, MAX_BYTES + 1)
    except zlib.error as error:
        raise InputError(f"{source.shown}: the archive is damaged here ({error}); make it again") from error


def _line(source: Source) -> bytes:
    return text_of(json.loads(_stretch(source))[source.column])


def text_of(text: str) -> bytes:
    """A cell as the bytes of a file; lone surrogates, which JSON can write and UTF-8 cannot, are replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode("utf-8")


def _parquet(source: Source) -> bytes:
    return text_of(str(_row_group(source.place, source.start, source.column)[source.length].as_py()))


@functools.lru_cache(maxsize=2)
def _row_group(place: str, group: int, column: str) -> Any:
    from normalizer.batch.arrow import pyarrow_parquet

    with pyarrow_parquet().ParquetFile(place) as file:
        return file.read_row_group(group, columns=[column])[column]


def _warc(source: Source) -> bytes:
    from normalizer.batch.warc import payload

    return payload(source.place, source.start)


_FETCH = {
    **{"file": _file, "url": _url, "zip": _zip, "tar": _stretch, "line": _line, "parquet": _parquet, "warc": _warc}
}
