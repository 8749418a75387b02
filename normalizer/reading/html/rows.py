"""The rows and cells of a table, the pairs of a definition list → which are captions of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from normalizer.reading.markers import OWN_MARKER
from normalizer.reading.writer import reads_as_title, wide

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

LONGEST_VALUE = 120  # columns of what a name in a list of pairs has: 電話 / 03-…, in Japanese half as many characters
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


def is_heading_row(row: LexborNode) -> bool:
    tags = [child.tag for child in row.iter(include_text=False)]
    in_head = row.parent is not None and row.parent.tag == "thead"
    return len(tags) > 0 and (in_head or (len(tags) > 1 and (all(tag == "th" for tag in tags) or _is_bold_row(row))))


def _is_bold_row(row: LexborNode) -> bool:
    """The first row of a table, all in bold type, over one that is not: captions that somebody made by hand."""
    before, after = _beside(row, forward=False), _beside(row, forward=True)
    return before is None and after is not None and _all_bold(row) and not _all_bold(after)


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
