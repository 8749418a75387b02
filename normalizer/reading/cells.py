"""The rows of a table → each cell with the header that it stands under: 目的：商品の発送.

Why one clause a cell, with its header in front: a cell alone (`5 years`) says nothing and a row in one line is three
statements at once; `Retention: 5 years` is what a lawyer would cite, and reads as the key-value lines do in which
other policies state the same. A header that no cell takes up is written as a line of its own: nothing is lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from normalizer.reading.writer import reads_as_title, wide

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_HEADER = 60
NAME = 40  # columns of a name in the first column of two, where nothing but the words tells what it is
LONG = 120  # columns of a cell that is a text and no value
MOST_COLUMNS = 200
VALUE = re.compile(r"[0-9０-９@＠]")
# A column that is headed so holds the policy in that language, and its cells are no values of it.
LANGUAGES = frozenset(
    (
        "日本語",
        "和文",
        "日本語版",
        "英語",
        "英文",
        "英訳",
        "英語版",
        "japanese",
        "english",
        "日本語 / japanese",
        "英語 / english",
    )
)


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell looks like before it is read."""

    words: str
    marked: bool  # a header by the format, or bold or shaded
    blocks: bool = False  # holds a list or paragraphs


@dataclass(frozen=True, slots=True)
class Layout:
    """What the cells of a table are to one another."""

    captions: bool = False  # the first row names the columns
    names: bool = False  # the first column of two names what stands beside it,
    sections: bool = False  # which is text: the name heads it


def layout(rows: Sequence[Sequence[Cell]]) -> Layout:
    """What the rows of a table, of which nothing may be marked as header, are by the look of their cells.

    Captions: a first row of short words over three columns or more, of which one has figures, or words of another
    script, in all rows below. Names: the first of two columns, short words each, with marks of their own, or with
    figures, addresses or longer words beside them. Sections: names with sentences beside them.
    """
    if len(rows) > 1 and all(len(row) == 2 for row in rows):
        return _two_columns(rows)
    first, below = rows[0] if rows else (), rows[1:]
    wide = len(first) > 2 and len(below) > 1 and all(len(row) == len(first) for row in below)
    if not wide or not all(_is_name(cell.words) and not cell.marked for cell in first):
        return Layout()
    columns = zip(first, *below, strict=True)
    return Layout(captions=any(_differs(head.words, [cell.words for cell in cells]) for head, *cells in columns))


def _two_columns(rows: Sequence[Sequence[Cell]]) -> Layout:
    names, values = [row[0] for row in rows], [row[1] for row in rows]
    marked = all(name.marked and not value.marked for name, value in zip(names, values, strict=True))
    if len({name.words for name in names}) < len(names) or not all(_is_name(name.words, marked) for name in names):
        return Layout()
    texts = sum(value.blocks or _is_text(value.words) for value in values)
    if not marked and 1 < texts == len(rows) - 1 and _is_name(values[0].words) and not values[0].blocks:
        return Layout(captions=True)  # Purpose | Grounds, over rows of which each gives a ground
    if texts * 2 >= len(rows):
        return Layout(names=True, sections=True)
    told = sum(bool(VALUE.search(value.words)) or _is_text(value.words) for value in values)
    longer = sum(_columns(value.words) > _columns(name.words) for name, value in zip(names, values, strict=True))
    foreign = sum(_is_foreign(name.words, value.words) for name, value in zip(names, values, strict=True))
    shaped = (
        (len(rows) > 2 or told == 2)
        and 3 * told >= len(rows)
        and 3 * longer >= 2 * len(rows)
        and 2 * foreign < len(rows)
    )
    return Layout(names=marked or (shaped and not any(VALUE.search(name.words) for name in names)))


def _is_name(words: str, marked: bool = False) -> bool:
    longest = LONGEST_HEADER if marked else NAME
    return 0 < _columns(words) <= longest and reads_as_title(words) and words.strip().casefold() not in LANGUAGES


def _is_text(words: str) -> bool:
    return words.endswith(("。", ".")) or "。" in words or _columns(words) > LONG


def _differs(head: str, cells: Sequence[str]) -> bool:
    """Have all cells of a column what its caption has not: a figure, or Latin letters only?"""
    if not all(cells):
        return False
    figures = not VALUE.search(head) and all(VALUE.search(cell) for cell in cells)
    return figures or all(_is_foreign(head, cell) for cell in cells)


def _is_foreign(name: str, value: str) -> bool:
    """Latin letters alone, beside Japanese."""
    return any(map(wide, name)) and not any(map(wide, value)) and not VALUE.search(value)


def _columns(words: str) -> int:
    return sum(2 if wide(char) else 1 for char in words)


@dataclass(slots=True)
class Header:
    """The words of a header cell, and whether a cell has carried them."""

    words: str
    used: bool = False


@dataclass(slots=True)
class Table:
    """An open table: the headers of its columns, and where in the row we are."""

    columns: dict[int, Header] = field(default_factory=dict)
    row: Header | None = None  # the header at the start of the row
    covered: dict[int, int] = field(default_factory=dict)  # column → rows that a cell above still covers
    column: int = 0
    heading_row: bool = False
    layout: Layout = field(default_factory=lambda: Layout())
    level: int = 0  # of the headings, where the table is one of sections

    def start_row(self, heading: bool) -> None:
        """A new row; `heading` if all of its cells are headers."""
        self.column, self.row, self.heading_row = 0, None, heading

    def place(self, colspan: int, rowspan: int) -> int:
        """The column of the next cell."""
        while self.covered.get(self.column, 0) > 0:
            self.covered[self.column] -= 1
            self.column += 1
        at = self.column
        for column in range(at, min(at + colspan, MOST_COLUMNS)):
            self.covered[column] = rowspan - 1
        self.column = at + colspan
        return at

    def set_columns(self, at: int, colspan: int, words: str) -> list[str]:
        """A header over one column or some; one above it that no cell has taken up gives way, and is returned."""
        header, above = Header(words), []
        for column in range(at, min(at + colspan, MOST_COLUMNS)):
            last = self.columns.get(column)
            if last and not last.used:
                above.append(last.words)
                last.used = True
            self.columns[column] = header
        return above

    def header(self, at: int) -> Header | None:
        """What the cell in column `at` stands under: its column's header, else its row's."""
        return self.columns.get(at) or self.row

    def unused(self) -> list[str]:
        """The column headers that no cell took up, in order; they count as taken up then."""
        out: list[str] = []
        for header in self.columns.values():
            if not header.used:
                out.append(header.words)
                header.used = True
        return out
