"""Pieces with kinds → clauses with parents.

Headings nest by what the format says (Markdown's #), by kind of label (chapter over article over the rest), and
else by order: a style that is open already closes all below it, a new one opens a level. Items hang from the
sentence that introduces their list, or from the heading; an item in a new style, or further to the right, from the
item above it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer.model import Clause, ClauseKind
from normalizer.segment.frame import BRACKETS, beside, closing_of, second_title, set_in, style_of, title_of
from normalizer.segment.labels import PARAGRAPHS
from normalizer.segment.opening import ADDRESS, COLUMNS, introduces, words_of_letter
from normalizer.segment.pieces import sign

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from normalizer.segment.pieces import Piece
    from normalizer.segment.words import Words

DEPTH = 12  # lists in lists; a text that seems to go deeper is damaged
PARTICULAR = 120  # characters of a line that gives an address or a number
APART = 2  # so many headings with an empty line above stand over those without
USUAL = 2  # paragraphs below headings that begin with one indent
CELLS = re.compile("[\t|｜]")  # parted so
ANGLES = "〈《＜≪"
SQUARE = "[［〔"
RANK = {"title": 0, "supplement": 1, "chapter": 1, "section-ja": 2, "article": 3, "section": 3} | {
    "article-decimal": 4,
    "section-decimal": 4,
}


@dataclass(frozen=True, slots=True)
class Open:
    """A heading or list level that is open: what closes it is a piece of the same key, or of a higher rank."""

    key: str
    id: str
    parent: str | None
    column: int = 0
    number: int = 0
    introduces: bool = False  # the item itself introduces a list
    states: bool = False  # the item is a sentence
    style: str = ""  # of the heading's label
    asks: bool = False  # the heading is a question


def clauses(text: str, pieces: Sequence[Piece], kinds: Sequence[ClauseKind], words: Words) -> tuple[Clause, ...]:
    """The clauses in reading order, ids "c1", "c2", …."""
    title, closing = title_of(text, pieces, kinds, words), closing_of(text, pieces, kinds, words)
    titles = (title, second_title(text, pieces, kinds, title, words))
    heads = [at for at, kind in enumerate(kinds) if kind == "heading" and at not in titles and not pieces[at].label]
    apart = sum(pieces[at].block.gap for at in heads) >= APART
    builder = _Builder(text, words, set_in(pieces, kinds) | beside(text, pieces, kinds, title, words), apart)
    return tuple(
        builder.add(piece, kind, index, index in titles, index == closing)
        for index, (piece, kind) in enumerate(zip(pieces, kinds, strict=True))
    )


class _Builder:
    """Holds the headings and lists that are open while the pieces go by."""

    def __init__(self, text: str, words: Words, beside: Mapping[int, str], apart: bool) -> None:
        self._text, self._words, self._beside, self._apart = text, words, beside, apart
        self._headings: list[Open] = []
        self._lists: list[Open] = []
        self._counted: dict[str, tuple[int, str | None, str | None]] = {}  # style → its last number, section, parent
        self._introduction: str | None = None  # the sentence that the next list hangs from
        self._leading: set[str] = set()  # all such sentences
        self._inside = False  # is that sentence itself inside an item?
        self._indents: Counter[int] = Counter()  # of paragraphs below headings
        self._count = 0
        self._question = ""  # the key of the last heading that asks something
        self._key: str | None = None  # of the piece at hand, where its place in the document decides

    def add(self, piece: Piece, kind: ClauseKind, index: int, title: bool, closing: bool) -> Clause:
        self._count += 1
        self._key = "title" if title else self._beside.get(index)
        id = f"c{self._count}"
        if closing:
            self._headings, self._lists = [heading for heading in self._headings if heading.key == "title"], []
        parent = {"heading": self._heading, "item": self._item}.get(kind, self._paragraph)(id, piece, kind)
        number = piece.marker.text if piece.marker else None
        return Clause(id, parent, kind, number, piece.label, piece.start, piece.end, piece.body)

    def _section(self) -> str | None:
        return self._headings[-1].id if self._headings else None

    def _heading(self, id: str, piece: Piece, kind: ClauseKind) -> str | None:
        key = self._heading_key(piece)
        self._close_headings(key)
        parent = self._section()
        number = piece.label.number[-1] if piece.label and piece.label.number else 0
        asks = self._text[piece.end - 1] in "?？"
        self._headings.append(Open(key, id, parent, number=number, style=style_of(piece), asks=asks))
        self._lists, self._introduction = [], None
        return parent

    def _heading_key(self, piece: Piece) -> str:
        if self._key:
            return self._key
        if piece.block.kind == "heading" and piece.block.level:
            return self._level_above(piece) or f"level {piece.block.level}"
        if piece.label:
            return self._level_above(piece) or sign(piece)
        if self._text[piece.start] in BRACKETS:
            return _bracket(self._text[piece.start])
        if CELLS.search(self._text, piece.start, piece.end):
            return "row"
        key = "plain, close" if self._apart and not piece.block.gap else "plain"
        if self._text[piece.end - 1] not in "?？":
            return self._below_question() or key
        open_now = [heading.key for heading in self._headings]  # questions are one series, with gaps or without
        self._question = self._question if self._question in open_now else key
        return self._question

    def _below_question(self) -> str | None:
        """The key of a heading right below one that asks something, and of those that follow on it."""
        below = f"{self._question}, below"
        last = self._headings[-1] if self._headings else None
        asked = last is not None and self._question == last.key and last.id == f"c{self._count - 1}" and last.asks
        return below if self._question and (asked or any(open.key == below for open in self._headings)) else None

    def _level_above(self, piece: Piece) -> str | None:
        """The key of an open heading on which this one counts on though its element is of a deeper level, or though
        one of the two has none."""
        if not piece.label or not piece.label.number:
            return None
        *head, number = piece.label.number
        alike = [other for other in self._headings if other.style == piece.label.style]
        if head or not alike or alike[-1].number != number - 1:
            return None
        above, levelled = alike[-1].key, piece.block.kind == "heading" and piece.block.level > 0
        return None if above.startswith("level ") and levelled and above >= f"level {piece.block.level}" else above

    def _close_headings(self, key: str) -> None:
        keys = [heading.key for heading in self._headings]
        if key == "plain" and key not in keys and "plain, close" in keys:
            key = "plain, close"  # a subtitle close below the title is over no section
        if key in keys:
            del self._headings[keys.index(key) :]
        elif key.startswith("level "):
            while self._headings and self._headings[-1].key.startswith("level ") and self._headings[-1].key > key:
                self._headings.pop()
        elif key in RANK:
            unknown = -1 if RANK[key] > 1 else 4  # a chapter or supplement closes numbered sections of any style
            ranks = [RANK.get(other, unknown) for other in keys]
            above = next((i for i, rank in enumerate(ranks) if rank >= RANK[key]), len(ranks))
            del self._headings[above:]

    def _paragraph(self, id: str, piece: Piece, kind: ClauseKind) -> str | None:
        if kind == "furniture":
            return None
        if words_of_letter(self._text[piece.start : piece.end], self._words):  # it stands under no section
            self._headings, self._lists = [heading for heading in self._headings if heading.key == "title"], []
            self._introduction = None
        usual = self._is_usual(piece)
        set_in = bool(self._lists) and piece.block.level > self._lists[-1].column and not usual
        inside = set_in and (piece.block.kind == "paragraph" or not piece.block.gap)
        inside = inside or self._is_particular(piece)
        announced = self._introduction or (self._lists[-1].id if self._lists and self._lists[-1].introduces else None)
        if announced and COLUMNS.search(self._text, piece.start, piece.end):
            return announced  # a row of the table that the sentence announces
        article = next((level.id for level in self._lists if level.key in RANK), None)  # one without a heading line
        parent = self._lists[-1].id if inside else article or self._section()
        self._inside = inside
        self._introduction = id if introduces(self._text[piece.start : piece.end], self._words) else None
        self._leading |= {id} if self._introduction else set()
        return parent

    def _is_usual(self, piece: Piece) -> bool:
        """Do the paragraphs below headings begin with the same indent? Then it sets this one in no item."""
        if not self._lists:
            self._indents[piece.block.level] += 1
        return self._indents[piece.block.level] >= USUAL

    def _is_particular(self, piece: Piece) -> bool:
        """An address or number right below the item whose particulars it gives: (1) Complaints: …"""
        if not self._lists or piece.block.gap or self._lists[-1].states or self._introduction:
            return False
        line = self._text[piece.start : piece.end]
        return len(line) <= PARTICULAR and bool(ADDRESS.search(line))

    def _item(self, id: str, piece: Piece, kind: ClauseKind) -> str | None:
        key = sign(piece) or "plain"
        if key == "supplement":  # 附則　この方針は… closes the document, whatever stands open
            self._close_headings(key)
            self._lists, self._introduction = [], None
        number = piece.label.number[-1] if piece.label and piece.label.number else 0
        column = piece.block.level
        self._close_beside(key, number)
        level = self._open_list(key, number, column)
        if level is None and number > 1 and key in PARAGRAPHS and not self._nested(column):
            # ２ belongs to its article, whose first paragraph has no number
            self._lists, self._introduction = [level for level in self._lists if level.key in RANK], None
        if self._introduction and number <= 1 and level is None and not self._nested(column):
            self._lists = []
        counted = None if self._lists else self._counts_on(key, number)
        parent: str | None
        if level is None and counted:
            parent = counted
        elif level is None:
            parent = self._lists[-1].id if self._lists else self._introduction or self._section()
        else:
            parent = self._led_anew(self._lists[level], number) or self._lists[level].parent
            del self._lists[level:]
        leads = introduces(self._text[piece.start : piece.end], self._words)
        states = bool(self._words.sentence_ending.search(self._text[piece.start : piece.end].rstrip("。．. ")))
        self._lists.append(Open(key, id, parent, column, number, leads, states))
        self._counted[key] = number, self._section(), parent
        self._introduction = None
        return parent

    def _close_beside(self, key: str, number: int) -> None:
        """(3), which says its matter in one line, stands beside the heading (2) on which it counts on, not below it."""
        if number < 2 or any(level.key == key for level in self._lists):
            return
        at = next((at for at, open in enumerate(self._headings) if (open.key, open.number) == (key, number - 1)), None)
        if at is not None:
            del self._headings[at:]
            self._lists, self._introduction = [], None

    def _led_anew(self, last: Open, number: int) -> str | None:
        """The sentence right above 3., which leads the rest of a list on whose 1. 2. another sentence led."""
        led = last.parent in self._leading and number == last.number + 1 and not self._inside
        return self._introduction if led else None

    def _open_list(self, key: str, number: int, column: int) -> int | None:
        """The open list that this item carries on: of its style, the innermost from which its number counts on, in its
        own column if there is one; else the innermost of its style.

        A list whose items are all numbered 1 goes on as long as none of them introduces a list of its own.
        """
        own = [level for level in range(len(self._lists) - 1, -1, -1) if self._lists[level].key == key]
        if number > 1:
            ranked = sorted(own, key=lambda level: self._fit(self._lists[level], number, column))
            return next(iter(ranked), self._deepest())
        for level in own:
            other = self._lists[level]
            again = number == other.number == 1 and level == len(self._lists) - 1 and not other.introduces
            same_place = other.column == column and (number != 1 or again)
            if same_place and not (number == 0 and self._introduction):
                return level
        return self._deepest()

    @staticmethod
    def _fit(other: Open, number: int, column: int) -> tuple[bool, bool]:
        """How badly an item fits an open list of its style."""
        return other.number != number - 1, other.column != column

    def _deepest(self) -> int | None:
        return len(self._lists) - 1 if len(self._lists) >= DEPTH else None

    def _counts_on(self, key: str, number: int) -> str | None:
        """The parent of (1), for a (2) with sub-headings between them: these are closed."""
        last, section, parent = self._counted.get(key, (0, None, None))
        open_now = [heading.id for heading in self._headings]
        if number < 2 or last != number - 1 or section not in open_now[:-1]:
            return None
        del self._headings[open_now.index(section) + 1 :]
        self._introduction = None
        return parent

    def _nested(self, column: int) -> bool:
        """A list below a paragraph that is itself inside an item stays inside it."""
        outside = self._introduction is not None and not self._inside
        return bool(self._lists) and column > self._lists[-1].column and not outside


def _bracket(opener: str) -> str:
    """【 】 and （ ） stand over 〔 〕, and these over ＜ ＞."""
    return "bracket, angle" if opener in ANGLES else "bracket, square" if opener in SQUARE else "bracket"
