"""The body of a Word document → its words as blocks: headings, numbered paragraphs, cells, text boxes, footnotes.

Deleted and moved-away text, hidden text, field codes and tables of contents are left out; page headers and footers
are parts of their own and never read. lxml refuses trees deeper than 256, so that recursion is safe here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from normalizer.reading.cells import LONGEST_HEADER, Cell, Header, Layout, Table, layout
from normalizer.reading.docx.numbering import Numbering
from normalizer.reading.docx.package import W
from normalizer.reading.docx.styles import Style, direct, is_on, styles
from normalizer.reading.markers import OWN_MARKER
from normalizer.reading.writer import Writer, introduction, reads_as_title, with_header

if TYPE_CHECKING:
    from normalizer.model import BlockKind
    from normalizer.reading.docx.package import Package

LEFT_OUT = frozenset(f"{W}{tag}" for tag in ("del", "moveFrom", "pPr", "rPr", "rt", "instrText", "delText", "sdtPr"))
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
SIGNS = {f"{W}tab": " ", f"{W}ptab": " ", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}softHyphen": ""}
STEP = 150  # twentieths of a point from which on a list is set in further than another
MANY = 3  # children of a cell that has more than its properties and two paragraphs
NO_SHADE = ("auto", "ffffff")
WRAPPERS = frozenset(f"{W}{tag}" for tag in ("sdt", "sdtContent", "ins", "customXml"))


@dataclass(slots=True)
class Inline:
    """The words of a paragraph, and what is anchored in it."""

    parts: list[tuple[str, bool]] = field(default_factory=list)  # words, and whether they are bold
    boxes: list[Any] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # ids of footnotes

    def lines(self) -> list[str]:
        lines = "".join(text for text, _ in self.parts).split("\n")
        return [line for line in (" ".join(line.split(" ")).strip() for line in lines) if line]

    def is_bold(self) -> bool:
        return any(text.strip() for text, _ in self.parts) and all(bold for text, bold in self.parts if text.strip())


def walk(package: Package) -> Writer:
    """The blocks of the document, in order."""
    out = _Walk(package)
    out.blocks(package.body)
    return out.writer


class _Walk:
    """What is open while the paragraphs go by."""

    def __init__(self, package: Package) -> None:
        self.writer = Writer()
        self._styles, self._default = styles(package.styles)
        self._numbering = Numbering(package.numbering)
        self._footnotes = {} if package.footnotes is None else {n.get(f"{W}id"): n for n in package.footnotes}
        self._depths = _depths(
            {self._indent(style) for p in package.body.iter(f"{W}p") if _is_listed(style := self._style(p))}
        )
        self._marks_headings = any(self._style(p).outline for p in package.body.iter(f"{W}p"))
        self._titles = 0  # 1 below a paragraph of style Title: the headings then begin one level further down
        self._section = 0
        self._tables = 0
        self._notes = 0
        self._header: Header | None = None
        self._gap = False

    def blocks(self, parent: Any) -> None:
        """All paragraphs and tables below `parent`, also those in content controls."""
        for child in parent:
            if child.tag == f"{W}p":
                self._paragraph(child)
            elif child.tag == f"{W}tbl":
                self._table(child)
            elif isinstance(child.tag, str) and child.tag not in LEFT_OUT and child.tag != FALLBACK:
                self.blocks(child)

    # --- paragraphs ----------------------------------------------------------------------------------------------

    def _paragraph(self, element: Any) -> None:
        style = self._style(element)
        inline = Inline()
        if not (style.name.lower().startswith("toc ") or style.name.startswith("目次")):
            self._read(element, bool(style.bold), style.hidden, inline)
        lines = inline.lines()
        if lines:
            self._lines(lines, inline.is_bold(), style)
        else:
            self._gap = True
        for box in inline.boxes:
            self.blocks(box)
        for id in inline.notes:
            self._footnote(id)

    def _style(self, element: Any) -> Style:
        chosen = element.find(f"{W}pPr/{W}pStyle")
        id = self._default if chosen is None else chosen.get(f"{W}val")
        style = direct(element, self._styles.get(id, Style()))
        if style.num and style.level is None:
            return replace(style, level=self._numbering.level_of_style(style.num, id or ""))
        return style

    def _read(self, element: Any, bold: bool, hidden: bool, out: Inline) -> None:
        """Collect the words below `element`."""
        for child in element:
            tag = child.tag
            if tag in LEFT_OUT or tag == FALLBACK or not isinstance(tag, str):
                continue
            if tag == f"{W}t":
                out.parts.append(("" if hidden else (child.text or "").replace("\n", " "), bold))
            elif tag in SIGNS:
                out.parts.append((SIGNS[tag], bold))
            elif tag == f"{W}br":
                out.parts.append(("\n" if child.get(f"{W}type") in (None, "textWrapping") else "", bold))
            elif tag == f"{W}txbxContent":
                out.boxes.append(child)
            elif tag == f"{W}footnoteReference":
                out.notes.append(child.get(f"{W}id"))
            elif tag == f"{W}r":
                self._read(child, *_run(child, bold, hidden), out)
            else:
                self._read(child, bold, hidden, out)

    def _lines(self, lines: list[str], bold: bool, style: Style) -> None:
        marker, bullet = self._marker(style)
        first = lines[0] if OWN_MARKER.match(lines[0]) and bullet else marker + lines[0]
        if style.outline is not None:
            self._titles = 1 if style.outline == 0 else self._titles
            self._section = style.outline + self._titles
            return self._add(" ".join([first, *lines[1:]]), "heading", max(1, self._section), True)
        if bold and len(lines) == 1 and not self._tables and not bullet and reads_as_title(first):
            return self._add(first, "heading", self._section + 1, True)
        plain: BlockKind = "line" if len(lines) > 1 or not self._marks_headings else "paragraph"
        # A number alone makes no item: Word's numbers stand before articles and headings as well.
        listed = bullet or (marker and not OWN_MARKER.match(marker + "　"))
        level = max((style.level or 0) + 1, self._depths.get(self._indent(style), 0)) if marker else 0
        self._add(first, "item" if listed else plain, level, False)
        for line in lines[1:]:
            self._add(line, "line", level + 1 if marker else 0, False)
        return None

    def _indent(self, style: Style) -> int | None:
        """How far a numbered paragraph is set in: by itself or its style, else by its list."""
        return self._numbering.indent(style.num or "", style.level or 0) if style.indent is None else style.indent

    def _marker(self, style: Style) -> tuple[str, bool]:
        """The paragraph's number or bullet, with the space behind it, and whether it is a bullet."""
        if not _is_listed(style):
            return "", False
        return self._numbering.marker(style.num or "", style.level or 0) or ("", False)

    def _footnote(self, id: str) -> None:
        note = self._footnotes.get(id)
        inline = Inline()
        for paragraph in () if note is None else note.iter(f"{W}p"):
            self._read(paragraph, False, False, inline)
            inline.parts.append((" ", False))
        if lines := inline.lines():
            self._notes += 1
            self._add(f"※{self._notes} {' '.join(lines)}", "paragraph", 0, False)

    def _add(self, words: str, kind: BlockKind, level: int, gap: bool) -> None:
        header, self._header = self._header, None
        if header:
            header.used = True
            if kind in ("item", "heading"):
                self.writer.add(introduction(header.words), "paragraph", 0, self._gap)
            else:
                words = with_header(header.words, words)
        self.writer.add(words, kind, level, gap or self._gap)
        self._gap = kind == "heading"

    # --- tables --------------------------------------------------------------------------------------------------

    def _table(self, element: Any) -> None:
        rows = [_own(row, "tc") for row in _own(element, "tr")]
        table = Table(layout=self._layout(rows))
        table.level = max(1, self._section + 1) if table.layout.sections else 0
        self._tables += 1
        for index, (row, cells) in enumerate(zip(_own(element, "tr"), rows, strict=True)):
            self._gap = True
            heads = [self._cell_words(cell) for cell in cells]
            captions = index == 0 and table.layout.captions
            heading = len(cells) > 1 and (_is_heading_row(row, index, heads) or captions)
            if heading:
                self._unused(table)
            table.start_row(heading)
            for number, (cell, head) in enumerate(zip(cells, heads, strict=True)):
                self._cell(table, cell, head, number == 0 and len(cells) > 1)
            if table.row and not table.row.used:
                self._add(table.row.words, "paragraph", 0, False)
        self._unused(table)
        self._tables -= 1
        self._gap = True

    def _layout(self, rows: list[list[Any]]) -> Layout:
        """What the cells of a table are to one another, where none goes over others or holds a table."""
        if any(
            _span(cell) > 1 or next(cell.iter(f"{W}vMerge", f"{W}tbl"), None) is not None
            for row in rows
            for cell in row
        ):
            return Layout()
        return layout([[Cell(*self._cell_words(cell), len(list(cell)) > MANY) for cell in row] for row in rows])

    def _cell(self, table: Table, cell: Any, head: tuple[str, bool], first: bool) -> None:
        words, bold = head
        span = _span(cell)
        at = table.place(span, 1)
        short = 0 < len(words) <= LONGEST_HEADER
        if table.heading_row and short:
            for above in table.set_columns(at, span, words):
                self._add(above, "paragraph", 0, False)
        elif first and table.level and not table.columns:
            self._add(words, "heading", table.level, True)
        elif first and (bold or table.layout.names) and short and not table.columns:
            table.row = Header(words)
        else:
            self._header = table.header(at) if words else None
            self.blocks(cell)
            self._header = None

    def _cell_words(self, cell: Any) -> tuple[str, bool]:
        inline = Inline()
        for paragraph in cell.iter(f"{W}p"):
            style = self._style(paragraph)
            self._read(paragraph, bool(style.bold), style.hidden, inline)
            inline.parts.append((" ", False))
        return " ".join(inline.lines()), inline.is_bold() or _is_shaded(cell)

    def _unused(self, table: Table) -> None:
        for words in table.unused():
            self._add(words, "paragraph", 0, False)


def _run(run: Any, bold: bool, hidden: bool) -> tuple[bool, bool]:
    """Whether a run is bold, and whether it is hidden."""
    properties = run.find(f"{W}rPr")
    own_bold, own_hidden = is_on(properties, "b"), is_on(properties, "vanish")
    return bold if own_bold is None else own_bold, hidden if own_hidden is None else own_hidden


def _is_listed(style: Style) -> bool:
    return style.num not in (None, "0")


def _depths(indents: set[int | None]) -> dict[int | None, int]:
    """The depth of lists, from 1, by how far they are set in: List Bullet 2 is a list of its own below List Bullet."""
    out: dict[int | None, int] = {}
    depth, last = 0, -STEP
    for indent in sorted(indent for indent in indents if indent is not None):
        if indent - last >= STEP:
            depth, last = depth + 1, indent
        out[indent] = depth
    return out


def _own(parent: Any, tag: str) -> list[Any]:
    """The rows of a table or the cells of a row, also those in content controls, and not those of inner tables."""
    out, waiting = [], list(parent)[::-1]
    while waiting:
        element = waiting.pop()
        if element.tag == f"{W}{tag}":
            out.append(element)
        elif element.tag in WRAPPERS:
            waiting.extend(list(element)[::-1])
    return out


def _is_heading_row(row: Any, index: int, heads: list[tuple[str, bool]]) -> bool:
    """Marked to be repeated on each page, or the first row and bold or shaded throughout."""
    marked = is_on(row.find(f"{W}trPr"), "tblHeader")
    return bool(marked) or (index == 0 and all(bold for words, bold in heads if words) and any(w for w, _ in heads))


def _is_shaded(cell: Any) -> bool:
    """Has the cell a ground of its own, as Word's users give to the captions of a table?"""
    shading = cell.find(f"{W}tcPr/{W}shd")
    return shading is not None and (shading.get(f"{W}fill") or "auto").lower() not in NO_SHADE


def _span(cell: Any) -> int:
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    value = "1" if span is None else span.get(f"{W}val") or "1"
    return max(1, min(100, int(value))) if value.isascii() and value.isdigit() and len(value) < 5 else 1
