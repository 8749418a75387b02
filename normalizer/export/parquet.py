"""Records → Parquet: nested columns as in the schema of a record. The only import of pyarrow here.

What has no fixed fields (provenance, evidence of a difference) is a string of JSON; evidence of a link, names with
figures, is a list of both, which every data frame can read.
"""

from __future__ import annotations

import itertools
import json
import types
import typing
from typing import TYPE_CHECKING, Any

import pyarrow
from pyarrow import parquet

from normalizer.export.characters import whole
from normalizer.records import Record
from normalizer.shapes import Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import BinaryIO

ROWS = 2_000  # in a row group
_SCALARS = {str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64(), bool: pyarrow.bool_()}
_FIGURES = pyarrow.list_(pyarrow.struct([("name", pyarrow.string()), ("value", pyarrow.float64())]))
_ABSENT = type(None)


def write(records: Iterable[Record], out: BinaryIO) -> None:
    """Write records as Parquet (Zstandard), in their order, a row group for every 2,000; no record gives no row group.

    The file keeps nothing of the clock or the machine. Halves of surrogate pairs are U+FFFD.
    """
    kind, pack = _struct(Record)
    schema = pyarrow.schema(list(kind))
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        rows = map(pack, records)
        while group := list(itertools.islice(rows, ROWS)):
            writer.write_table(pyarrow.Table.from_pylist(group, schema=schema))


def _column(annotation: Any) -> tuple[Any, Callable[[Any], Any]]:
    """The Arrow type of a field's annotation, and how a value of it is packed."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Shape):
        return _struct(annotation)
    if origin in (typing.Union, types.UnionType):
        (inner,) = (argument for argument in arguments if argument is not _ABSENT)
        kind, pack = _column(inner)
        return kind, lambda value: None if value is None else pack(value)
    if origin is tuple:
        kind, pack = _column(arguments[0])
        return pyarrow.list_(kind), lambda values: [pack(value) for value in values]
    if origin is dict and typing.get_origin(arguments[0]) is typing.Literal:
        names = typing.get_args(arguments[0])
        fields = pyarrow.struct([(name, pyarrow.string()) for name in names])
        return fields, lambda value: {name: whole(value[name]) for name in names if name in value}
    if origin is dict and arguments[1] is float:
        return _FIGURES, lambda value: [{"name": whole(name), "value": figure} for name, figure in value.items()]
    if origin is dict:
        return pyarrow.string(), _json
    if annotation is str or origin is typing.Literal:
        return pyarrow.string(), whole
    return _SCALARS[annotation], lambda value: value


def _struct(shape: type[Shape]) -> tuple[Any, Callable[[Any], dict[str, Any]]]:
    columns = {name: (field.alias or name, *_column(field.annotation)) for name, field in shape.model_fields.items()}
    kind = pyarrow.struct([(alias, kind) for alias, kind, _ in columns.values()])
    return kind, lambda value: {alias: pack(getattr(value, name)) for name, (alias, _, pack) in columns.items()}


def _json(value: dict[str, Any]) -> str:
    return whole(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
