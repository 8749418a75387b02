"""Rows ↔ Parquet: the one import of pyarrow. The columns are those of the public shapes, nested as they are.

What has no fixed fields (provenance, evidence of a difference) is a string of JSON; names with figures are a
list of both, because not all readers (Hugging Face datasets) know maps.
"""

from __future__ import annotations

import contextlib
import types
import typing
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json, to_json

from normalizer.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from normalizer.shapes import Shape

ROWS = 1_000  # in a row group
Packer = typing.Callable[[Any], Any]
SCALARS = {str: "string", int: "int64", float: "float64", bool: "bool_"}


def pyarrow_parquet() -> Any:
    """The module. Raises InputError without the extra."""
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise InputError("Parquet needs the extra: pip install 'policy-normalizer[parquet]'") from error
    return pyarrow.parquet


@contextlib.contextmanager
def packed(file: Any) -> Iterator[Any]:
    """A stream that packs what is written to it with Zstandard and puts it into the file at its end, which it leaves
    open."""
    pyarrow_parquet()
    import pyarrow

    with pyarrow.BufferOutputStream() as held:
        with pyarrow.CompressedOutputStream(held, "zstd") as out:
            yield out
            out.flush()
        file.write(held.getvalue())


def unpacked(file: Any) -> Any:
    """A stream of what is in a file packed with Zstandard."""
    pyarrow_parquet()
    import pyarrow

    return pyarrow.CompressedInputStream(file, "zstd")


def write_parquet(file: Any, shape: type[Shape]) -> tuple[Callable[[Sequence[bytes]], None], Callable[[], None]]:
    """(add rows, each a line of JSON; end the file)."""
    import pyarrow

    parquet = pyarrow_parquet()
    column = _column(shape)
    schema = pyarrow.schema(list(column.kind))
    writer = parquet.ParquetWriter(file, schema, compression="zstd")
    held: list[Any] = []

    def flush() -> None:
        if held:
            writer.write_table(pyarrow.Table.from_pylist(held, schema=schema))
            held.clear()

    def add(lines: Sequence[bytes]) -> None:
        held.extend(column.pack(from_json(line)) for line in lines)
        if len(held) >= ROWS:
            flush()

    def close() -> None:
        flush()
        writer.close()

    return add, close


def read_parquet(file: Any, shape: type[Shape]) -> Iterator[bytes]:
    """The rows of a part file as the lines of JSON that they were made of."""
    unpack = _column(shape).unpack
    with pyarrow_parquet().ParquetFile(file) as table:
        for batch in table.iter_batches(batch_size=ROWS):
            for row in batch.to_pylist():
                yield to_json(unpack(row))


class Column(typing.NamedTuple):
    """How the values of a field stand in a table."""

    kind: Any  # the Arrow type
    pack: Packer  # a value of JSON → a cell
    unpack: Packer  # and back


def _column(annotation: Any) -> Column:
    """The column of a field with this annotation; what has no fixed fields is a string of JSON."""
    import pyarrow

    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if hasattr(annotation, "model_fields"):
        return _struct({field.alias or name: field.annotation for name, field in annotation.model_fields.items()})
    if origin in (typing.Union, types.UnionType):
        (inner,) = (argument for argument in arguments if argument is not type(None))
        return _optional(_column(inner))
    if origin in (tuple, list):
        return _list(_column(arguments[0]))
    if origin is dict and typing.get_origin(arguments[0]) is typing.Literal:
        return _struct(dict.fromkeys(typing.get_args(arguments[0]), arguments[1]))
    if origin is dict and arguments[1] is float:
        return _figures()
    if origin is typing.Literal:
        return Column(pyarrow.string(), _same, _same)
    if annotation in SCALARS:
        return Column(getattr(pyarrow, SCALARS[annotation])(), _same, _same)
    return Column(pyarrow.string(), lambda value: to_json(value).decode(), from_json)


def _optional(of: Column) -> Column:
    return Column(
        of.kind,
        lambda value: None if value is None else of.pack(value),
        lambda value: None if value is None else of.unpack(value),
    )


def _list(of: Column) -> Column:
    import pyarrow

    return Column(pyarrow.list_(of.kind), lambda row: [*map(of.pack, row)], lambda row: [*map(of.unpack, row)])


def _figures() -> Column:
    """Names with figures."""
    import pyarrow

    return Column(
        pyarrow.list_(pyarrow.struct([("name", pyarrow.string()), ("value", pyarrow.float64())])),
        lambda value: [{"name": name, "value": figure} for name, figure in value.items()],
        lambda value: {item["name"]: item["value"] for item in value},
    )


def _struct(fields: dict[str, Any]) -> Column:
    import pyarrow

    columns = {name: _column(annotation) for name, annotation in fields.items()}
    return Column(
        pyarrow.struct([(name, column.kind) for name, column in columns.items()]),
        _each({name: column.pack for name, column in columns.items()}),
        _each({name: column.unpack for name, column in columns.items()}),
    )


def _each(columns: dict[str, Packer]) -> Packer:
    return lambda row: {name: change(row[name]) for name, change in columns.items() if name in row}


def _same(value: Any) -> Any:
    return value


def parquet_rows(place: str, shown: str, wanted: Sequence[str]) -> Iterator[tuple[int, int, int, dict[str, Any]]]:
    """(row group, row in it, row in the file from 1, its cells) of those of the columns `wanted` that there are.

    Raises InputError for a damaged file.
    """
    parquet = pyarrow_parquet()
    import pyarrow

    number = 0
    try:
        with parquet.ParquetFile(place) as file:
            columns = [name for name in file.schema_arrow.names if name in wanted]
            for group in range(file.num_row_groups):
                for index, row in enumerate(file.read_row_group(group, columns=columns).to_pylist()):
                    number += 1
                    yield group, index, number, row
    except (pyarrow.ArrowInvalid, pyarrow.ArrowNotImplementedError) as error:
        raise InputError(f"{shown}: not a Parquet file, or damaged ({error}); make it again") from error
