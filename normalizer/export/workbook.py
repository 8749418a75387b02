"""Rows of plain cells → an Excel workbook, as they come: the only import of openpyxl.

Every string is text: what looks like a formula is written as a string with the quote prefix. Same rows, same bytes.
"""

from __future__ import annotations

import datetime
import re
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.writer.excel import ExcelWriter

from normalizer.export.characters import is_formula, writable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.styles.cell_style import StyleArray

# Limits of Excel ("Excel specifications and limits", Microsoft).
ROWS, CHARACTERS, LINKS = 1_048_576, 32_767, 65_530
LINE, HIGHEST = 16.5, 409.0  # points: a line of the default font with Japanese in it; the highest row
FILLS = {"head": "1F3864", "high": "F8CBAD", "medium": "FFE699", "low": "DDEBF7", "empty": "EDEDED"}
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # Excel reads _x0041_ as A (ECMA-376 Part 1, 22.9.2.19)
_EPOCH = datetime.datetime(1980, 1, 1)  # what an archive can say at least; the clock never gets into the bytes


class Place(NamedTuple):
    """A row of a sheet."""

    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, and how."""

    value: str | int | float | None
    fill: str = ""  # a name of FILLS
    link: Place | None = None


class Book:
    """A workbook whose rows go to disk as they come; a context manager, so that what is broken off leaves nothing."""

    def __init__(self, title: str) -> None:
        self._book = Workbook(write_only=True)
        self._book.properties.title = title
        self._book.properties.creator = "policy-normalizer"
        self._book.properties.created = self._book.properties.modified = _EPOCH
        self._styles: dict[tuple[str, bool, bool, bool], StyleArray] = {}

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *_: object) -> None:
        """End the sheets that `save` has not: left to itself, lxml complains of elements that nobody closes."""
        sheets: Any = self._book.worksheets
        for sheet in sheets:
            if not sheet.closed:
                sheet.close()
                sheet._writer.cleanup()

    def sheet(self, title: str, heads: Sequence[str], widths: Sequence[float], rows: int = ROWS) -> Sheet:
        """A sheet with a frozen header and a filter. rows: those of a sheet, from 2; more go on in the next one."""
        return Sheet(self, title, tuple(heads), tuple(widths), rows)

    def save(self, out: BinaryIO) -> None:
        """Write the file. Nothing can be added afterwards."""
        with tempfile.TemporaryFile() as file:  # an archive written to a pipe has other bytes than one in a file
            with _Archive(file, "w", zipfile.ZIP_DEFLATED) as archive:
                ExcelWriter(self._book, archive).write_data()
            file.seek(0)
            shutil.copyfileobj(file, out)

    def _open(self, title: str) -> Any:
        return self._book.create_sheet(title)

    def _style(self, sheet: Any, fill: str, bold: bool, link: bool, quote: bool) -> StyleArray:
        """Styles are made once: a cell that sets its own costs five times as much to write."""
        key = (fill, bold, link, quote)
        if key not in self._styles:
            cell: Any = WriteOnlyCell(sheet)
            colour = "FFFFFF" if bold else "0563C1" if link else "000000"
            cell.font = Font(bold=bold, color=colour, underline="single" if link else None)
            cell.alignment = Alignment(wrap_text=True, vertical="center" if bold else "top")
            if fill:
                cell.fill = PatternFill("solid", fgColor=FILLS[fill])
            cell.quotePrefix = quote
            self._styles[key] = cell._style
        return self._styles[key]


class Sheet:
    """Rows under a header, on as many sheets of Excel as they need."""

    def __init__(self, book: Book, title: str, heads: tuple[str, ...], widths: tuple[float, ...], rows: int) -> None:
        self._book, self._title, self._heads, self._widths, self._limit = book, title, heads, widths, rows
        self._count = self._links = 0
        self._open()

    @property
    def next(self) -> Place:
        """Where the next row will stand."""
        self._make_room()
        return Place(self._sheet.title, self._row + 1)

    def append(self, cells: Sequence[Cell]) -> None:
        """Add a row; a text too long for a cell goes on below, where the cells of one piece are repeated."""
        columns = [_pieces(cell.value) for cell in cells]
        for index in range(max(map(len, columns), default=1)):
            values = [
                pieces[index] if index < len(pieces) else pieces[0] if len(pieces) == 1 else None for pieces in columns
            ]
            self._write(values, cells)

    def _write(self, values: Sequence[str | int | float | None], cells: Sequence[Cell]) -> None:
        self._make_room()
        self._row += 1
        heights = self._sheet.row_dimensions
        heights[self._row].height = _height(values, self._widths)
        self._sheet.append([self._cell(value, cell) for value, cell in zip(values, cells, strict=True)])
        del heights[self._row]  # it is written; to keep it would take memory for every row
        last = f"{get_column_letter(len(self._heads))}{self._row}"
        self._sheet.auto_filter.ref = f"A1:{last}"

    def _make_room(self) -> None:
        if self._row == self._limit:
            self._open()

    def _open(self) -> None:
        self._count += 1
        self._row, self._links = 1, 0
        sheet = self._sheet = self._book._open(self._title if self._count == 1 else f"{self._title} {self._count}")
        sheet.freeze_panes = "A2"
        sheet.print_title_rows = "1:1"
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 8  # A3
        sheet.page_setup.fitToHeight = 0  # as many pages as it takes
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        for index, width in enumerate(self._widths, 1):
            sheet.column_dimensions[get_column_letter(index)].width = width
        sheet.print_options.gridLines = True
        sheet.row_dimensions[1].height = _height(self._heads, self._widths)
        sheet.append([self._cell(head, Cell(head, "head"), bold=True) for head in self._heads])
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(self._heads))}1"

    def _cell(self, value: str | int | float | None, cell: Cell, bold: bool = False) -> Any:
        if value is None and not cell.fill:
            return None
        linked = cell.link is not None and bool(value) and self._links < LINKS
        quote = isinstance(value, str) and is_formula(value)
        made: Any = WriteOnlyCell(self._sheet)
        made._style = self._book._style(self._sheet, cell.fill, bold, linked, quote)
        made.value = value
        if isinstance(value, str):
            made.data_type = "s"  # openpyxl would take = for a formula, #N/A for an error
        if linked and cell.link:
            self._links += 1
            sheet = cell.link.sheet.replace("'", "''")
            made.hyperlink = Hyperlink(ref="", location=f"'{sheet}'!A{cell.link.row}")
        return made


def _height(values: Sequence[str | float | None], widths: Sequence[float]) -> float:
    """Points that the longest cell needs, estimated: not every program finds the height of wrapped text by itself."""
    lines = (_lines(str(value), width) for value, width in zip(values, widths, strict=True) if value is not None)
    return min(max(lines, default=1) * LINE + 3, HIGHEST)


def _lines(text: str, width: float) -> int:
    """Lines of a text in a column: a character of Japanese is as wide as two digits."""
    return sum(-(-_columns(line) // max(int(width) - 1, 1)) or 1 for line in text.split("\n"))


def _columns(text: str) -> int:
    return len(text) if text.isascii() else sum(2 if east_asian_width(c) in "WFA" else 1 for c in text)


def _pieces(value: str | float | None) -> list[str | int | float | None]:
    """A value as the cells that it needs. Excel counts UTF-16 units."""
    if not isinstance(value, str):
        return [value]
    text = writable(value)
    if len(text) * 2 < CHARACTERS // 2 or len(_escaped(text).encode("utf-16-le")) <= 2 * CHARACTERS:
        return [_escaped(text)]
    step = CHARACTERS // 2  # a character has two units at most; escapes do not double the length
    return [_escaped(text[start : start + step]) for start in range(0, len(text), step)]


def _escaped(text: str) -> str:
    return _ESCAPE.sub("_x005F_", text)


class _Archive(zipfile.ZipFile):
    """An archive whose members bear no time of this day."""

    def write(self, filename: Any, arcname: Any = None, *_: Any) -> None:
        with open(filename, "rb") as file, self.open(_member(arcname or filename), "w", force_zip64=True) as member:
            shutil.copyfileobj(file, member)

    def writestr(self, name: Any, data: Any, *_: Any) -> None:
        super().writestr(_member(name), data)


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH.timetuple()[:6])
    info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
    return info
