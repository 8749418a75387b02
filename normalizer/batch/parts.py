"""Rows as lines of JSON ↔ part files: JSON lines, plain or compressed, or Parquet."""

from __future__ import annotations

import contextlib
import gzip
import itertools
import zlib
from typing import TYPE_CHECKING, Any

from normalizer.batch.rows import DocumentRow
from normalizer.errors import InputError
from normalizer.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from normalizer.batch.store import Store
    from normalizer.shapes import Shape

FORMATS = ("jsonl", "jsonl.gz", "jsonl.zst", "parquet")
SHAPES: dict[str, type[Shape]] = {"records": Record, "documents": DocumentRow}
LEVEL = 6  # of gzip


@contextlib.contextmanager
def part_writer(store: Store, name: str, format: str) -> Iterator[Callable[[Sequence[bytes]], None]]:
    """A function that adds rows to a new part file, which is there once the block ends well. Raises StoreError."""
    with store.create(name) as file:
        if format == "parquet":
            from normalizer.batch.arrow import write_parquet

            add, close = write_parquet(file, SHAPES[name.partition("/")[0]])
            yield add
            close()
        else:
            with _packed(file, format) as out:
                yield lambda lines: out.write(b"".join(line + b"\n" for line in lines))


@contextlib.contextmanager
def _packed(file: Any, format: str) -> Iterator[Any]:
    if format == "jsonl.gz":
        with gzip.GzipFile("", "wb", LEVEL, file, mtime=0) as out:  # no name and no time, so that bytes stay the same
            yield out
    elif format == "jsonl.zst":
        from normalizer.batch.arrow import packed

        with packed(file) as out:
            yield out
    else:
        yield file


def part_lines(store: Store, name: str, folder: str, format: str) -> Iterator[bytes]:
    """The rows of a part file: the same lines for the same rows whatever the format. `folder`: records or documents."""
    with store.open(name) as file:
        if format == "parquet":
            from normalizer.batch.arrow import read_parquet

            yield from read_parquet(file, SHAPES[folder])
        elif format == "jsonl.gz":
            yield from _stripped(gzip.GzipFile(fileobj=file))
        elif format == "jsonl.zst":
            from normalizer.batch.arrow import unpacked

            yield from _split(unpacked(file))
        else:
            yield from _stripped(file)


def placed_lines(store: Store, name: str, folder: str) -> Iterator[tuple[str, bytes]]:
    """The rows of a part file that are not empty, each with its place: ("out/records/part-00000.jsonl:17", row).

    Raises InputError where the file is missing, damaged or in no format of a run.
    """
    place, format = f"{store.root}/{name}", name.rpartition("/")[2].partition(".")[2]
    if format not in FORMATS:
        raise InputError(f"{place}: cannot be read here; the part files of a run are {', '.join(FORMATS)}")
    try:
        for number, line in enumerate(part_lines(store, name, folder, format), 1):
            if line.strip():
                yield f"{place}:{number}", line
    except FileNotFoundError as error:
        raise InputError(f"{place}: is missing, but manifest.json lists it; run `normalizer run` again") from error
    except (OSError, EOFError, ValueError, zlib.error) as error:  # pyarrow's errors are ValueErrors
        raise InputError(f"{place}: cannot be read ({error}); run `normalizer run` again") from error


def _stripped(lines: Iterable[bytes]) -> Iterator[bytes]:
    return (line.rstrip(b"\n") for line in lines)


def _split(stream: Any) -> Iterator[bytes]:
    """The lines of a stream that gives blocks only."""
    rest = b""
    while data := stream.read(2**20):
        *whole, rest = (rest + data).split(b"\n")
        yield from whole


def stretch(lines: Iterator[bytes], start: int, stop: int) -> list[bytes]:
    """The rows of one policy in a part file."""
    return list(itertools.islice(lines, start, stop))
