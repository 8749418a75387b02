"""The tree of a page → its words as blocks: headings, list items with their markers, paragraphs, lines, cells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalizer.reading.cells import LANGUAGES, LONGEST_HEADER, Header, Table
from normalizer.reading.html.counters import Counters, parted
from normalizer.reading.html.inline import Words, is_block, is_lone_number
from normalizer.reading.html.lists import List, opened
from normalizer.reading.html.rows import is_alone, is_first, is_heading_row, is_pairs, layout_of, spanned
from normalizer.reading.html.tags import HEADINGS, LINES, LISTS, SPACED
from normalizer.reading.markers import DASHED, OWN_MARKER
from normalizer.reading.writer import Writer, introduction, reads_as_title, with_header

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from normalizer.model import BlockKind

# Soft hyphens and zero widths; what joins two signs to one, where it stands beside white space.
UNSHOWN = re.compile("[\u00ad\u200b\u200c\u200e\u200f\u2060\ufeff]|\u200d+(?=\\s|$)|(?:^|(?<=\\s))\u200d+")


class Walk:
    """What is open while the tree goes by."""

    def __init__(self, counters: Counters, captions: dict[int, str]) -> None:
        self.writer = Writer()
        self._counters = counters
        self._captions = captions  # of the panels of tabs
        self._words = Words()  # of the line being read
        self._containers: list[tuple[str, bool]] = []  # the open blocks, and which of them are headings
        self._headings: list[int] = []  # levels of the open headings
        self._section = 0  # level of the last h1 to h6
        self._title = ""  # the words of the last heading
        self._terms: list[tuple[int, bool]] = []  # for each open dl: the level that it stands below; is it of pairs?
        self._term: Header | None = None  # the name of a pair whose value is still to come
        self._lists: list[List] = []
        self._marker: str | None = None  # of the item whose words are still to come
        self._number: str | None = None  # that stands in an element of its own before the words that it numbers
        self._numbers = 0  # such elements that are open
        self._bold_items: list[int] = []  # for each open item: its block, if that is a bold line; else -1
        self._tables: list[Table] = []
        self._captured: list[str] | None = None  # the words of a header cell
        self._header: Header | None = None  # of the cell whose words are still to come
        self._gap = False

    def words(self, text: str) -> None:
        self._words.add(UNSHOWN.sub("", text))

    def finish(self) -> None:
        """Write what is still held back."""
        self.flush()
        number, self._number = self._number, None
        self._lines_of([number] if number else [])

    # --- elements ------------------------------------------------------------------------------------------------

    def open(self, node: LexborNode) -> None:
        shown = self._counters.open(node)
        self._open(node)
        if shown and node.tag == "li":
            self._marker = parted(shown)
        elif shown:
            self._words.show(parted(shown))

    def _open(self, node: LexborNode) -> None:
        tag = node.tag or ""
        self._words.open(node, bool(self._headings))
        if not is_block(node):
            return
        self.flush()
        if caption := self._captions.get(node.mem_id):
            self._add(caption, "heading", self._below())
        self._gap = self._gap or (tag in SPACED and not (tag in LISTS and self._lists))
        self._numbers += is_lone_number(node)
        level = self._heading_level(node)
        self._containers.append((tag, level > 0))
        if level:
            self._headings.append(level)
        if tag in LISTS:
            self._lists.append(opened(node, len(self._lists)))
        elif tag == "li":
            self._open_item(node)
        elif tag in ("dl", "dt", "dd"):
            self._open_terms(tag, node)
        elif tag in ("table", "tr", "td", "th"):
            self._open_table(tag, node)

    def close(self, node: LexborNode) -> None:
        self._counters.close()
        tag = node.tag or ""
        self._words.close(node, bool(self._headings or self._marker))
        if not is_block(node):
            return
        self.flush()
        self._gap = self._gap or (tag in SPACED and not (tag in LISTS and len(self._lists) > 1))
        self._numbers -= is_lone_number(node)
        if self._containers.pop()[1]:
            self._headings.pop()
        if tag in LISTS:
            self._lists.pop()
        elif tag == "li":
            self._marker = None
            self._bold_items.pop()
        elif tag in ("dl", "dt", "dd"):
            self._close_terms(tag)
        elif tag in ("table", "tr", "td", "th"):
            self._close_table(tag, node)

    def _heading_level(self, node: LexborNode) -> int:
        """The level of a heading element; one that has none of its own stands below the last that has; 0 if none."""
        tag = node.tag or ""
        if tag in HEADINGS:
            self._section = max(int(tag[1]), self._below() if self._terms else 1)
            return self._section
        if tag == "dt" and self._terms:
            return 0 if self._terms[-1][1] else self._terms[-1][0] + 1
        if tag in ("dt", "summary", "caption"):
            return self._below()
        if tag == "button":
            return 0 if self._headings or self._tables else self._below()
        if tag in ("td", "th"):
            return self._tables[-1].level if self._tables and is_first(node) else 0
        if "role" in node.attributes and (node.attributes["role"] or "").lower() == "heading":
            level = node.attributes.get("aria-level") or ""
            return int(level) if level in tuple("123456789") else 2
        return 0

    def _below(self) -> int:
        """The level of a heading that has none of its own."""
        return self._terms[-1][0] + 2 if self._terms else self._section + 1

    def _open_item(self, node: LexborNode) -> None:
        marker = self._lists[-1].marker(node) if self._lists else "• "
        self._marker = f"{self._marker or ''}{marker}"
        self._bold_items.append(-1)

    # --- definition lists ----------------------------------------------------------------------------------------

    def _open_terms(self, tag: str, node: LexborNode) -> None:
        if tag == "dl":
            level = self._terms[-1][0] + 1 if self._terms else self._section
            self._terms.append((level, is_pairs(node)))
        elif self._terms and self._terms[-1][1]:
            if tag == "dt":
                self._lines_of([self._term.words] if self._term and not self._term.used else [])
                self._captured = []
            elif self._term and not self._term.used:
                self._header = self._term

    def _close_terms(self, tag: str) -> None:
        if tag == "dl" and self._terms:
            self._section, pairs = self._terms.pop()
            self._lines_of([self._term.words] if pairs and self._term and not self._term.used else [])
            self._term = None
        elif tag == "dt" and self._captured is not None and self._terms and self._terms[-1][1]:
            words, self._captured = " ".join(self._captured), None
            self._term = Header(words) if words else None
        elif tag == "dd":
            self._header = None

    # --- tables --------------------------------------------------------------------------------------------------

    def _open_table(self, tag: str, node: LexborNode) -> None:
        if tag == "table":
            self._tables.append(table := Table(layout=layout_of(node)))
            table.level = self._below() if table.layout.sections else 0
        elif self._tables and tag == "tr":
            heading = is_heading_row(node) or (self._tables[-1].layout.captions and not self._tables[-1].columns)
            if heading and not self._tables[-1].heading_row:
                self._lines_of(self._tables[-1].unused())
            self._tables[-1].start_row(heading)
        elif self._tables:
            table = self._tables[-1]
            at = table.place(spanned(node, "colspan"), spanned(node, "rowspan"))
            named = tag == "th" or (table.layout.names and at == 0)
            if table.heading_row or (named and not table.columns and not (table.level and at == 0)):
                self._captured = []
            else:
                self._header = table.header(at)

    def _close_table(self, tag: str, node: LexborNode) -> None:
        if not self._tables:
            return
        table = self._tables[-1]
        if tag == "table":
            self._lines_of(self._tables.pop().unused())
        elif tag == "tr":
            if table.row and not table.row.used:
                self._lines_of([table.row.words])
        elif self._captured is None:
            self._header = None
        else:
            words, self._captured = " ".join(self._captured), None
            self._take_header(table, words, node)

    def _take_header(self, table: Table, words: str, node: LexborNode) -> None:
        if len(words) > LONGEST_HEADER or (words and is_alone(node)):  # no header, or one over the whole table
            kind: BlockKind = "heading" if reads_as_title(words) and is_alone(node) else "paragraph"
            self._add(words, kind, self._below() if kind == "heading" else 0)
        elif words.strip().casefold() in LANGUAGES and table.heading_row:
            self._lines_of([words])
        elif words and table.heading_row:
            colspan = spanned(node, "colspan")
            self._lines_of(table.set_columns(table.column - colspan, colspan, words))
        elif words:
            self._lines_of([table.row.words] if table.row and not table.row.used else [])
            table.row = Header(words)

    def _lines_of(self, headers: list[str]) -> None:
        for words in headers:
            self._add(words, "paragraph", 0)

    # --- lines ---------------------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Write what has been read since the last edge of a block."""
        lines = self._words.take(bool(self._headings))
        many = sum(bool(line) for line, _, _ in lines) > 1
        for line, bold, indent in lines:
            if line:
                self._line(line, bold, many, indent)
            elif many:
                self._gap = True  # two br's

    def _line(self, line: str, bold: bool, many: bool, indent: int) -> None:
        if self._captured is not None:
            self._captured.append(line)
        elif self._numbers and not self._header:
            last, self._number = self._number, None
            self._lines_of([last] if last else [])
            self._number = line
        elif self._headings:
            if self._containers[-1][0] != "caption" or line != self._title:  # said again to who hears the table
                self._add(self._marked(line), "heading", self._headings[-1])
        elif self._marker is not None:
            self._item(line, bold and (not many or self._marker[:1].isalnum()))
        elif bold and reads_as_title(line) and not self._tables and not self._lists:
            self._add(line, "heading", self._below())
        else:
            kind: BlockKind = (
                "line" if many or not self._containers or self._containers[-1][0] in LINES else "paragraph"
            )
            self._add(line, kind, (len(self._lists) + 1 if self._lists else 0) + indent)

    def _item(self, line: str, bold: bool) -> None:
        self._add(self._marked(line), "item", len(self._lists))
        if self._bold_items and bold and reads_as_title(line):
            self._bold_items[-1] = len(self.writer.blocks) - 1

    def _marked(self, line: str) -> str:
        """The line behind its item's marker, if it has not brought one itself."""
        marker, self._marker = self._marker or "", None
        return line if OWN_MARKER.match(line) else marker + line

    def _add(self, words: str, kind: BlockKind, level: int) -> None:
        number, self._number = self._number, None
        if number and OWN_MARKER.match(words):
            self._add(number, "paragraph", level)
        elif number:
            words = f"{number} {words}"
        header, self._header = self._header, None
        if header:
            header.used = True
            if kind in ("item", "heading") or (OWN_MARKER.match(words) and not DASHED.match(words)):
                self._add(introduction(header.words), "paragraph", 0)
            else:
                words = with_header(header.words, words)
        if self._bold_items and self._bold_items[-1] >= 0 and kind != "item":  # a bold item heads what follows in it
            self.writer.make_heading(self._bold_items[-1], self._below())
            self._bold_items[-1] = -1
        self._title = words if kind == "heading" else self._title
        self.writer.add(words, kind, level, self._gap)
        self._gap = False
