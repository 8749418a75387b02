"""Markdown → the text a reader sees, with its headings and list items as blocks.

Marks of emphasis and links are dropped, the numbers of lists are kept: 5. stays 5.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalizer.model import Block, BlockKind
from normalizer.reading import plain
from normalizer.reading.cells import Table
from normalizer.reading.markers import OWN_MARKER, REFERENCE
from normalizer.reading.plain import WIDTHLESS
from normalizer.reading.writer import reads_as_title, with_header

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

NOTHING = dict.fromkeys(map(ord, WIDTHLESS))
DEEPEST = 100  # lists count twice; no policy goes so deep
NOTE = re.compile(r"^ {0,3}\[\^([\w-]{1,20})\]:[ \t]*", re.MULTILINE)
NOTED = re.compile(r"\[\^([\w-]{1,20})\]")
BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)  # the only tag that is read, as tables need it
TAGS = re.compile(r"\s*(?:</?[A-Za-z][^<>]*>\s*)+")  # a line of nothing but tags
KEY = re.compile(r"[^：:。．.、,]{1,24}[：:]\s*\S")
DATE = (
    r"(?:[元〇一二三四五六七八九十\d]{1,4}\s?年\s?[一二三四五六七八九十\d]{1,3}\s?月\s?[一二三四五六七八九十\d]{1,3}\s?日"
    r"|\d{4}[./]\d{1,2}[./]\d{1,2})"
)
ENGLISH_DATE = r"(?:[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4}|\d{1,2} [A-Z][a-z]{2,8} \d{4})"
COMPANY = "(?:(?:株式|有限|合同|合資|合名|相互)会社|[一-龥]{0,8}法人|[(（][株有][)）]|[㈱㈲])"
# 2005年4月1日制定, Revised May 1, 2024, 株式会社架空: a date or an issuer that is whole by itself.
IMPRINT = re.compile(
    rf"[^ぁ-ん]{{0,8}}{DATE}[^ぁ-ん]{{0,8}}|(?:[A-Z][A-Za-z ]{{2,20}}:? )?{ENGLISH_DATE}"
    rf"|{COMPANY}\s?[^\sのはがをに]{{1,20}}|[^\sのはがをに]{{1,20}}\s?{COMPANY}"
)
STOP = re.compile("[、。，．､｡]")
# The first word of a line that goes on with the sentence above.
WITHIN = re.compile(r"[にのをはがとへでやも]|から|まで|より|及び|又は|[a-z]+(?:\s|$)")


def read(text: str) -> tuple[str, tuple[Block, ...]]:
    """The text without Markdown's marks, and its blocks. Raw HTML is kept as text, never interpreted."""
    from markdown_it import MarkdownIt  # 30 ms that plain text need not pay

    parser = MarkdownIt("commonmark", {"maxNesting": DEEPEST}).enable(["table", "strikethrough"])
    tokens = parser.parse(_with_notes(_without_front_matter(text.translate(NOTHING))))
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


def _with_notes(text: str) -> str:
    """With footnotes as text: `[^1]: …`, which CommonMark takes for the target of a link, as ※1 …, and [^1] as [1]."""
    if "[^" not in text:
        return text
    return NOTED.sub(r"[\1]", NOTE.sub(r"\n※\1 ", text))


class _Writer:
    """Collects the blocks of a token stream as lines of one text."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._length = 0
        self._markers: list[str] = []  # of the open lists, outermost first
        self._pending = ""  # the marker of an item whose words are still to come
        self._heading = 0
        self._section = 0  # level of the last heading
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
            case "inline":
                self._inline(_lines(token, titled=self._heading > 0))
            case "code_block" | "fence":
                self._lines(token.content)
            case "html_block":
                self._lines("\n".join(line for line in token.content.split("\n") if not TAGS.fullmatch(line)))
        self._gap = self._gap or token.type in ("paragraph_open", "heading_open", "tr_open")

    def _inline(self, lines: list[tuple[str, bool]]) -> None:
        if self._table and self._in_cell:
            self._cell(self._table, "\n".join(line for line, _ in lines))
            return
        for line, bold in lines:
            self._lines(line, bold)

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

    def _lines(self, words: str, bold: bool = False) -> None:
        for line in words.split("\n"):
            if line.strip():
                titled = bold and not self._markers and reads_as_title(line.strip())
                self._block(self._pending + line.strip(), titled)
                self._pending = ""

    def _block(self, line: str, titled: bool) -> None:
        if titled and not self._heading:
            return self._add(line, "heading", self._section + 1)
        self._section = self._heading or self._section
        kind: BlockKind = "heading" if self._heading else "item" if self._is_item(line) else "paragraph"
        return self._add(line, kind, self._level(kind))

    def _level(self, kind: BlockKind) -> int:
        return self._heading or len(self._markers) + (kind != "item" and bool(self._markers))

    def _add(self, line: str, kind: BlockKind, level: int) -> None:
        self.blocks.append(Block(self._length, self._length + len(line), kind, level, self._gap and bool(self.blocks)))
        self._parts.append(line)
        self._length += len(line) + 1
        self._gap = False

    def _is_item(self, line: str) -> bool:
        return bool(self._pending) and line.startswith(self._pending)

    def text(self) -> str:
        return "\n".join(self._parts)


def _lines(token: Token, titled: bool) -> list[tuple[str, bool]]:
    """The lines of an inline token, and whether each is in bold type throughout; an image gives its description.

    titled: it is a heading, whose lines are one title.
    """
    out: list[tuple[str, bool]] = []
    above, shown = ("", True), False
    lines = list(_source_lines(token))
    apart = not titled and _is_imprint([words.strip() for words, _, _ in lines])
    for words, bold, broken in lines:
        joint = "\n" if shown or apart or not out else _joint(above[0], words, above[1])
        if joint == "\n":
            out.append((words, bold))
        else:
            out[-1] = f"{out[-1][0]}{joint}{words}", out[-1][1] and bold
        above, shown = (words, bold), broken
    return out


def _source_lines(token: Token) -> Iterator[tuple[str, bool, bool]]:
    """The lines as they are written: words, whether all is bold, and whether a break that is shown ends the line."""
    words, strong, bold = "", 0, True
    for child in token.children or ():
        strong += child.nesting if child.type.startswith("strong") else 0
        shown = child.type == "hardbreak" or (
            child.type == "html_inline" and BREAK.fullmatch(child.content) is not None
        )
        if shown or child.type == "softbreak":
            yield words, bold, shown
            words, bold = "", True
        elif child.content:
            words += child.content
            bold = bold and (strong > 0 or child.content.isspace())
    yield words, bold, False


def _is_imprint(lines: list[str]) -> bool:
    """Dates, companies and offices as they close a policy, each on its line: the first is whole by itself, and among
    all is no sentence, which would have a stop or go on within."""
    return (
        IMPRINT.fullmatch(lines[0]) is not None
        and all(reads_as_title(line) and not STOP.search(line) for line in lines)
        and not any(map(WITHIN.match, lines[1:]))
    )


def _joint(above: str, line: str, heads: bool) -> str:
    """What stands for the end of a line in the source, which is none in the text but for a line in bold type, names
    with values, and what begins with a marker of its own."""
    if (heads and above.strip()) or _is_marked(line) or (KEY.match(above) and KEY.match(line)):
        return "\n"
    return "" if _wide(above[-1:]) and _wide(line[:1]) else " "


def _is_marked(line: str) -> bool:
    """Has the line a marker, behind full-width spaces too, which set nothing in for CommonMark? There, where a
    sentence may hang below its first line, a reference is none."""
    first = line.lstrip()
    return OWN_MARKER.match(line) is not None or (
        OWN_MARKER.match(first) is not None and REFERENCE.match(first) is None
    )


def _wide(char: str) -> bool:
    """Japanese joins its lines without a space."""
    return char > "\u2e7f"
