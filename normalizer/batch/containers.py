"""Archives, tables and crawls → the sources in them, each with its size and hash; one that is unsound → its error."""

from __future__ import annotations

import hashlib
import json
import re
import tarfile
import zipfile
import zlib
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from normalizer.batch.sources import Source, fetch, text_of, within_limit
from normalizer.errors import InputError, NormalizerError
from normalizer.reading import KNOWN, MAX_BYTES, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from normalizer.batch.spool import Spool

ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".warc", ".warc.gz")
TABLES = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz", ".parquet")
METHODS = {zipfile.ZIP_STORED: "stored", zipfile.ZIP_DEFLATED: "deflated"}
ENCRYPTED, UTF8 = 0x1, 0x800  # flags of a zip member


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a table say what; the first that a row has counts."""

    id: tuple[str, ...] = ("policy", "id", "name", "url")
    text: tuple[str, ...] = ("text", "content", "body")
    ja: tuple[str, ...] = ("ja", "text_ja")
    en: tuple[str, ...] = ("en", "text_en")
    language: tuple[str, ...] = ("language", "lang", "side")
    format: tuple[str, ...] = ("format",)

    @classmethod
    def named(cls, names: Mapping[str, str]) -> Columns:
        """With the columns that a user names, {"text": "body"}, in place of the usual ones. Raises InputError."""
        for name in names.keys() - set(cls.__slots__):
            raise InputError(f"{name!r} is no kind of column; known kinds: {', '.join(cls.__slots__)}")
        return cls(**{kind: (column,) for kind, column in names.items()})


@dataclass(frozen=True, slots=True)
class Member:
    """Something in a container: a source, or why it is none."""

    source: Source
    path: str = ""  # inside the container, as its files would lie in a folder
    policy: str = ""  # where the container names it
    language: str = ""  # where the container tells it
    error: NormalizerError | None = None


def ending(place: str) -> str:
    """The ending that tells a container: ".tar.gz"; "" for anything else."""
    lower = place.lower()
    return next((found for found in sorted((*ARCHIVES, *TABLES), key=len, reverse=True) if lower.endswith(found)), "")


def members(place: str, shown: str, spool: Spool, columns: Columns) -> Iterator[Member]:
    """What the container at `place` holds, in its order. Raises InputError where it cannot be read at all."""
    kind = ending(place)
    try:
        plain = spool.plain(place)
        if kind == ".zip":
            yield from _zip(plain, shown)
        elif ".tar" in kind or kind == ".tgz":
            yield from _tar(plain, shown)
        elif ".warc" in kind:
            yield from _warc(plain, shown)
        elif kind == ".parquet":
            yield from _parquet(plain, shown, columns)
        else:
            yield from _lines(plain, shown, columns)
    except (zipfile.BadZipFile, tarfile.TarError) as error:
        raise InputError(f"{shown}: damaged, or not what its ending says ({error}); make it again") from error
    except OSError as error:
        raise InputError(f"{shown}: cannot be read ({error.strerror or error}); check its permissions") from error


def _member(source: Source, path: str, crc: int | None = None) -> Member:
    """A member with its hash; one that cannot be read with its error."""
    try:
        data = fetch(source)
        if crc is not None and zlib.crc32(data) != crc:
            raise InputError(f"{source.shown}: the archive is damaged here (checksum); make it again")
    except NormalizerError as error:
        return Member(source, path, error=error)
    return Member(hashed(source, data), path)


def hashed(source: Source, data: bytes) -> Source:
    """The source with the size and the hash of its bytes."""
    return replace(source, size=len(data), sha256=hashlib.sha256(data).hexdigest())


def _zip(place: str, shown: str) -> Iterator[Member]:
    """No member is ever extracted to a path; encrypted ones and other methods than deflate are errors."""
    with zipfile.ZipFile(place) as archive:
        found = archive.infolist()
    if sum(info.compress_size for info in found) > Path(place).stat().st_size:
        raise InputError(f"{shown}: its members overlap, as those of a bomb do; make the archive again")
    for info in found:
        name = _clean(_zip_name(info))
        method = METHODS.get(info.compress_type, "")
        source = _source(place, shown, name, "zip", info.header_offset, info.compress_size, method)
        if info.is_dir():
            continue
        if info.flag_bits & ENCRYPTED or not method:
            why = "is encrypted" if info.flag_bits & ENCRYPTED else "is packed in a way that cannot be read"
            yield Member(source, name, error=InputError(f"{source.shown}: {why}; make the archive again without"))
        else:
            yield _member(source, name, info.CRC)


def _zip_name(info: zipfile.ZipInfo) -> str:
    """A member's name; those of old Japanese archives are in Shift_JIS, which zipfile takes for code page 437."""
    if info.flag_bits & UTF8 or info.filename.isascii():
        return info.filename
    try:
        return info.filename.encode("cp437").decode("cp932")
    except UnicodeError:
        return info.filename


def _tar(place: str, shown: str) -> Iterator[Member]:
    """Ordinary files only: links and devices are passed over."""
    with tarfile.open(place, "r:") as archive:
        for info in archive:
            if info.isreg():
                name = _clean(printable(info.name))
                yield _member(_source(place, shown, name, "tar", info.offset_data, info.size), name)
            archive.members.clear()  # type: ignore[attr-defined]  # it would keep all of a million


def _clean(name: str) -> str:
    """A member's name as a path inside the archive, whatever it says."""
    plain = re.sub(r"[\x00-\x1f]", "", name.replace("\\", "/"))
    return "/".join(part for part in plain.split("/") if part not in ("", ".", ".."))


def _source(place: str, shown: str, name: str, kind: Any, start: int, length: int, column: str = "") -> Source:
    pure = PurePosixPath(name)
    return Source(place, f"{shown}/{pure}", pure.name, "", kind, start, length, column)


def _warc(place: str, shown: str) -> Iterator[Member]:
    from normalizer.batch.warc import pages

    seen: dict[str, int] = {}
    for start, address, format, data in pages(place):
        path = printable(address.partition("://")[2].rstrip("/") or address)
        seen[path] = again = seen.get(path, 0) + 1
        path = path if again == 1 else f"{path}#{again}"  # a page that was fetched more than once
        source = Source(place, f"{shown}/{path}", path, format, "warc", start)
        try:
            yield Member(hashed(source, within_limit(data, source.shown)), path)
        except NormalizerError as error:
            yield Member(source, path, error=error)


def _lines(place: str, shown: str, columns: Columns) -> Iterator[Member]:
    start, number = 0, 0
    with open(place, "rb") as file:
        while line := file.readline(MAX_BYTES):
            number += 1
            if line.strip():
                yield from _line(line, Source(place, f"{shown}:{number}", "", "", "line", start, len(line)), columns)
            start += len(line)


def _line(line: bytes, base: Source, columns: Columns) -> Iterator[Member]:
    try:
        row = json.loads(line)
        if not isinstance(row, dict):
            raise ValueError("no object")
    except (ValueError, RecursionError) as error:
        why = "too long" if len(line) >= MAX_BYTES else f"not JSON ({error})"
        yield Member(base, error=InputError(f"{base.shown}: {why}; each line is one JSON object"))
        return
    yield from _row(row, base, columns)


def _parquet(place: str, shown: str, columns: Columns) -> Iterator[Member]:
    from normalizer.batch.arrow import parquet_rows

    wanted = [name for kind in columns.__slots__ for name in getattr(columns, kind)]
    for group, index, number, row in parquet_rows(place, shown, wanted):
        yield from _row(row, Source(place, f"{shown}:{number}", "", "", "parquet", group, index), columns)


def _row(row: dict[str, Any], base: Source, columns: Columns) -> Iterator[Member]:
    """A row's texts: those of both languages, or the one it has."""
    named = _cell(row, columns.id)
    stem, _, number = PurePosixPath(base.shown).name.rpartition(":")
    policy = printable(str(row[named])) if named else f"{stem.partition('.')[0]}-{int(number):07d}"
    language = _cell(row, columns.language)
    cells = [(side, _cell(row, getattr(columns, side))) for side in ("ja", "en")]
    found = [(side, column) for side, column in cells if column]
    if not found and (column := _cell(row, columns.text)):
        found = [(str(row[language]).strip().lower() if language else "", column)]
    if not found:
        known = ", ".join((*columns.text, *columns.ja, *columns.en))
        yield Member(base, policy=policy, error=InputError(f"{base.shown}: no text; known columns: {known}"))
    stated = _cell(row, columns.format)
    format = row[stated] if stated and row[stated] in KNOWN else "text"
    for side, column in found:
        source = replace(base, shown=f"{base.shown}:{column}", name=f"{stem}:{number}", format=format, column=column)
        yield Member(hashed(source, text_of(row[column])), policy=policy, language=side)


def _cell(row: dict[str, Any], names: tuple[str, ...]) -> str:
    """The first of the columns that has words in this row."""
    return next((name for name in names if isinstance(row.get(name), str) and row[name].strip()), "") or next(
        (name for name in names if isinstance(row.get(name), int)), ""
    )
