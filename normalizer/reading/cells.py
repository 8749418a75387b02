"""The rows of a table → each cell with the header that it stands under: 目的：商品の発送.

Why one clause a cell, with its header in front: a cell alone (`5 years`) says nothing and a row in one line is three
statements at once; `Retention: 5 years` is what a lawyer would cite, and reads as the key-value lines do in which
other policies state the same. A header that no cell takes up is written as a line of its own: nothing is lost.
"""

from __future__ import annotations

from dataclasses import dataclass, field

LONGEST_HEADER = 60
MOST_COLUMNS = 200
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
