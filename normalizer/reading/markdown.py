"""Markdown → the text a reader sees, with its headings and list items as blocks.

Marks of emphasis and links are dropped, the numbers of lists are kept: 5. stays 5.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalizer.model import Block, BlockKind
from normalizer.reading import plain
from normalizer.reading.cells import Table
from normalizer.reading.writer import with_header

if TYPE_CHECKING:
    from markdown_it.token import Token

DEEPEST = 100  # lists count twice; no policy goes so deep
# A soft break (held as NUL) with the characters on its two sides.
SOFT_BREAK = re.compile(r"(?<=(.))\0(?=(.))|\0", re.DOTALL)


def read(text: str) -> tuple[str, tuple[Block, ...]]:
    """The text without Markdown's marks, and its blocks. Raw HTML is kept as text, never interpreted."""
    from markdown_it import MarkdownIt  # 30 ms that plain text need not pay

    parser = MarkdownIt("commonmark", {"maxNesting": DEEPEST}).enable(["table", "strikethrough"])
    tokens = parser.parse(_without_front_matter(text))
    if any(token.level >= DEEPEST - 2 for token in tokens):
        return plain.read(text)  # the parser drops what lies deeper
    out = _Writer()
    for token in tokens:
        out.take(token)
    return out.text(), tuple(out.blocks)


def _without_front_matter(text: str) -> str:
    """Without the YAML between two `---` lines that site generators put at the top."""
    if not text.startswith(("---\n", "---\r\n")):
        return text
    end = text.find("\n---", 3)
    after = text.find("\n", end + 1)
    return text[after + 1 :] if end > 0 and after > 0 else text


class _Writer:
    """Collects the blocks of a token stream as lines of one text."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._length = 0
        self._markers: list[str] = []  # of the open lists, outermost first
        self._pending = ""  # the marker of an item whose words are still to come
        self._heading = 0
        self._gap = False
        self._table: Table | None = None  # the open table; its captions stand in front of its cells
        self._in_cell = False

    def take(self, token: Token) -> None:
        if token.type[:2] in ("ta", "tr", "td", "th"):
            self._take_table(token.type)
        match token.type:
            case "heading_open":
                self._heading = int(token.tag[1])
            case "heading_close":
                self._heading = 0
            case "bullet_list_open" | "ordered_list_open":
                self._markers.append("")
            case "bullet_list_close" | "ordered_list_close":
                self._markers.pop()
            case "list_item_open":
                self._pending = f"{token.info}{token.markup} "
            case "inline" if self._table and self._in_cell:
                self._cell(self._table, _words(token))
            case "inline":
                self._lines(_words(token))
            case "code_block" | "fence" | "html_block":
                self._lines(token.content)
        self._gap = self._gap or token.type in ("paragraph_open", "heading_open", "tr_open")

    def _take_table(self, type: str) -> None:
        self._in_cell = type in ("td_open", "th_open")
        if type == "table_open":
            self._table = Table()
        elif self._table and type == "tr_open":
            self._table.start_row(heading=not self._table.columns)
        elif self._table and type == "table_close":
            captions, self._table = self._table.unused(), None
            self._lines("\n".join(captions))

    def _cell(self, table: Table, words: str) -> None:
        """A cell with its caption in front, as in HTML; captions alone are written where no cell takes them up."""
        at = table.place(1, 1)
        if table.heading_row:
            table.set_columns(at, 1, words.strip())
            return
        header = table.header(at)
        if header and header.words and words.strip():
            header.used, words = True, with_header(header.words, words)
        self._lines(words)

    def _lines(self, words: str) -> None:
        for line in words.split("\n"):
            if line.strip():
                self._block(self._pending + line.strip())
                self._pending = ""

    def _block(self, line: str) -> None:
        kind: BlockKind = "heading" if self._heading else "item" if self._is_item(line) else "paragraph"
        level = self._heading or len(self._markers)
        self.blocks.append(Block(self._length, self._length + len(line), kind, level, self._gap and bool(self.blocks)))
        self._parts.append(line)
        self._length += len(line) + 1
        self._gap = False

    def _is_item(self, line: str) -> bool:
        return bool(self._pending) and line.startswith(self._pending)

    def text(self) -> str:
        return "\n".join(self._parts)


def _words(token: Token) -> str:
    """The words of an inline token: text, code and line breaks; an image gives its description."""
    out = ""
    for child in token.children or ():
        if child.type == "softbreak":
            out += "\0"
        else:
            out += "\n" if child.type == "hardbreak" else child.content.replace("\0", "")
    return SOFT_BREAK.sub(_joint, out)


def _joint(found: re.Match[str]) -> str:
    return "" if _wide(found.group(1)) and _wide(found.group(2)) else " "


def _wide(char: str | None) -> bool:
    """Japanese joins its lines without a space."""
    return char is not None and char > "\u2e7f"
