"""The rows and cells of a table, the pairs of a definition list → which are captions of others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalizer.reading.cells import Cell, Layout, layout
from normalizer.reading.markers import OWN_MARKER
from normalizer.reading.writer import reads_as_title, wide

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

LONGEST_VALUE = 120  # columns of what a name in a list of pairs has: 電話 / 03-…, in Japanese half as many characters
GROUND = re.compile(r"background(?:-color)?\s{0,5}:\s{0,5}([^;]{1,60})", re.IGNORECASE)
NO_GROUND = frozenset(("#fff", "#ffffff", "white", "transparent", "none", "inherit", "initial", "unset"))
HEAD_NAME = re.compile(r"(?:^|[\s_-])(?:th|head(?:er)?|ttl|tit|title|midashi|label|caption)(?:$|[\s_-])", re.IGNORECASE)
INNER_BLOCKS = "p + p,ul,ol,dl,table,h1,h2,h3,h4,h5,h6"  # what a value does not hold


def is_pairs(node: LexborNode) -> bool:
    """Does a dl pair names with values (電話, 受付時間), rather than head paragraphs?"""
    names, values = node.css("dt"), node.css("dd")
    if not names or not values or any(value.css_first(INNER_BLOCKS) is not None for value in values):
        return False
    if any(OWN_MARKER.match(words) or not reads_as_title(words) for name in names if (words := _words(name))):
        return False
    return all(_is_value(_words(value)) for value in values)


def _is_value(words: str) -> bool:
    columns = sum(2 if wide(char) else 1 for char in words)
    return columns <= LONGEST_VALUE and "。" not in words and reads_as_title(words, LONGEST_VALUE)


def _words(node: LexborNode) -> str:
    return " ".join((node.text() or "").split())


def layout_of(table: LexborNode) -> Layout:
    """What the cells of a table without another in it are to one another."""
    rows = _rows(table)
    if any(cell.css_first("table") is not None for row in rows for cell in row):
        return Layout()
    return layout([[_cell(cell) for cell in row] for row in rows if len(row) > 1 or len(rows) == 1])


def _rows(table: LexborNode) -> list[list[LexborNode]]:
    """The cells of each row, in order; none where cells go over rows or columns, or the first row is marked."""
    out: list[list[LexborNode]] = []
    for part in table.iter(include_text=False):
        if part.tag not in ("thead", "tbody", "tfoot"):
            continue
        for row in part.iter(include_text=False):
            cells = [cell for cell in row.iter(include_text=False) if cell.tag in ("td", "th")]
            if any(spanned(cell, "rowspan") > 1 for cell in cells) or (not out and is_heading_row(row)):
                return []
            out.append(cells)
    return out


def _cell(cell: LexborNode) -> Cell:
    marked = cell.tag == "th" or _is_bold(cell) or is_shaded(cell)
    return Cell(_words(cell), marked, cell.css_first(INNER_BLOCKS) is not None)


def is_first(cell: LexborNode) -> bool:
    before = cell.prev
    while before is not None and before.tag not in ("td", "th"):
        before = before.prev
    return before is None


def is_shaded(cell: LexborNode) -> bool:
    """Has the cell a ground of its own, or a name that says that it is a header?"""
    attributes = cell.attributes
    ground = attributes.get("bgcolor") or ""
    if found := GROUND.search(attributes.get("style") or ""):
        ground = found.group(1)
    if ground:
        return ground.strip().lower() not in NO_GROUND
    return bool(HEAD_NAME.search(attributes.get("class") or ""))


def is_heading_row(row: LexborNode) -> bool:
    tags = [child.tag for child in row.iter(include_text=False)]
    in_head = row.parent is not None and row.parent.tag == "thead"
    return len(tags) > 0 and (in_head or (len(tags) > 1 and (all(tag == "th" for tag in tags) or _is_bold_row(row))))


def _is_bold_row(row: LexborNode) -> bool:
    """The first row of a table, all bold or shaded, over one that is not: captions that somebody made by hand."""
    before, after = _beside(row, forward=False), _beside(row, forward=True)
    if before is not None or after is None:
        return False
    return (_all_bold(row) and not _all_bold(after)) or (_is_shaded_row(row) and not _is_shaded_row(after))


def _is_shaded_row(row: LexborNode) -> bool:
    cells = [child for child in row.iter(include_text=False) if child.tag in ("td", "th")]
    return bool(cells) and (is_shaded(row) or all(map(is_shaded, cells)))


def _beside(row: LexborNode, forward: bool) -> LexborNode | None:
    node = row.next if forward else row.prev
    while node is not None and node.tag != "tr":
        node = node.next if forward else node.prev
    return node


def _all_bold(row: LexborNode) -> bool:
    cells = [child for child in row.iter(include_text=False) if child.tag in ("td", "th")]
    return bool(cells) and all(cell.tag == "th" or _is_bold(cell) for cell in cells)


def _is_bold(cell: LexborNode) -> bool:
    words = cell.text().strip()
    return bool(words) and words == "".join(part.text() for part in cell.css("b,strong")).strip()


def is_alone(cell: LexborNode) -> bool:
    row = cell.parent
    return row is not None and sum(child.tag in ("td", "th") for child in row.iter(include_text=False)) == 1


def spanned(cell: LexborNode, attribute: str) -> int:
    value = cell.attributes.get(attribute) or "1"
    return max(1, min(100, int(value))) if value.isascii() and value.isdigit() and len(value) < 5 else 1
