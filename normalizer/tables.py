"""A CSV table under glossaries/ to its rows, with every problem found along the way."""

from __future__ import annotations

import csv
import difflib
import io
from typing import TYPE_CHECKING

from normalizer.errors import Finding, GlossaryError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_UNREADABLE, _MISSHAPEN = "E101", "E102"
_SHOWN = 20  # problems named in one message


class Problems:
    """What is wrong in the tables read so far; nothing is raised before everything was looked at."""

    def __init__(self) -> None:
        self._found: list[Finding] = []

    @property
    def found(self) -> tuple[Finding, ...]:
        """All of it, in the order in which it was noted."""
        return tuple(self._found)

    def add(self, path: Path, line: int, message: str, code: str = "") -> None:
        """Note a problem at a line (from 1) of a table."""
        self._found.append(Finding(code, path, line, message))

    def unknown(self, path: Path, line: int, what: str, value: str, valid: Iterable[str], code: str = "") -> None:
        """Note a value that is none of the valid ones, with the nearest of them."""
        self._found.append(unknown_value(code, path, line, what, value, valid))

    def refuse(self) -> None:
        """Raise GlossaryError if anything was noted, naming up to 20 problems."""
        refuse(self._found)


def unknown_value(code: str, path: Path, line: int, what: str, value: str, valid: Iterable[str]) -> Finding:
    """A value that is none of the valid ones, with the nearest of them."""
    names = list(valid)
    near = difflib.get_close_matches(value, names, 3, 0.5) or (names if len(names) < 13 else [])
    hint = f"; nearest: {', '.join(near)}" if near else f"; {len(names)} are known"
    return Finding(code, path, line, f"unknown {what} {value!r}{hint}", value, tuple(near))


def refuse(findings: Sequence[Finding]) -> None:
    """Raise GlossaryError if there is any finding, naming up to 20."""
    if findings:
        more = [f"… and {len(findings) - _SHOWN} more"] if len(findings) > _SHOWN else []
        raise GlossaryError("\n".join([*map(str, findings[:_SHOWN]), *more]), findings)


def read_table(
    path: Path, columns: Sequence[str], problems: Problems, strip: bool = True
) -> list[tuple[int, dict[str, str]]]:
    """The rows of a UTF-8 CSV file as (line, cells by column); an unreadable table has no rows.

    strip: whether cells lose the white space around them.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        problems.add(path, 1, f"cannot be read: {error.strerror or error}", _UNREADABLE)
        return []
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        byte = error.object[error.start]
        problems.add(path, line, f"byte 0x{byte:02x} is not UTF-8; save the table as CSV UTF-8", _UNREADABLE)
        return []
    reader = csv.reader(io.StringIO(text, newline=""))
    header = [cell.strip() for cell in _first(reader)]
    if not _same_columns(path, header, columns, problems):
        return []
    rows, line = [], reader.line_num + 1
    try:
        for cells in reader:
            if len(cells) == len(header):
                rows.append((line, dict(zip(header, map(str.strip, cells) if strip else cells, strict=True))))
            elif any(cells):
                wanted = f"{len(cells)} cells where the header names {len(header)} columns"
                problems.add(path, line, wanted, _MISSHAPEN)
            line = reader.line_num + 1
    except csv.Error as error:
        problems.add(path, line, f"{error}; is a quotation mark left open?", _MISSHAPEN)
    return rows


def _first(reader: Iterator[list[str]]) -> list[str]:
    try:
        return next(reader, [])
    except csv.Error:  # a header without end: no column of it is known
        return []


def _same_columns(path: Path, header: list[str], columns: Sequence[str], problems: Problems) -> bool:
    for name in header:
        if name not in columns:
            missing = [column for column in columns if column not in header]
            problems.unknown(path, 1, "column", name, missing, _MISSHAPEN)
    for name in columns:
        if name not in header:
            problems.add(path, 1, f"column {name!r} is missing; the columns are {','.join(columns)}", _MISSHAPEN)
    if len(set(header)) < len(header):
        problems.add(path, 1, "a column stands twice in the header", _MISSHAPEN)
    return sorted(header) == sorted(columns)
