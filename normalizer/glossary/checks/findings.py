"""A row to a finding about it; what the checks of concepts and those of terms share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from normalizer.errors import Finding
from normalizer.tables import unknown_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from normalizer.glossary.rows import Row, Tables


def at(code: str, row: Row, message: str, value: str = "") -> Finding:
    """What is wrong with a row; `value` is the cell it is about."""
    return Finding(code, row.path, row.line, message, value)


def unknown(code: str, row: Row, what: str, value: str, valid: Iterable[str]) -> Finding:
    """A cell that is none of the valid values, with the nearest of them."""
    return unknown_value(code, row.path, row.line, what, value, valid)


def ids(tables: Tables) -> dict[str, Row]:
    """The concepts' rows by id."""
    return {row["id"]: row for row in tables.concepts}


def with_concept(tables: Tables) -> Iterator[Row]:
    """The rows that name a concept and have words of a language."""
    for rows in (tables.terms, tables.patterns, tables.coordination, tables.senses):
        yield from rows
