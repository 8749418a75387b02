"""Blocks of a document → pieces: one a clause, damage mended.

A block may hold two items (`… 場合 - 3.秘密保持…`) or a heading and its paragraph (第4条（提供）当社は…): it is
split. A clause may go over two lines: they are joined.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from normalizer.segment.asked import mark_questions
from normalizer.segment.labels import read_labels
from normalizer.segment.noted import mark_notes
from normalizer.segment.opening import LETTER_LINE, words_of_letter
from normalizer.segment.paged import set_aside
from normalizer.segment.parted import join_markers
from normalizer.segment.words import CLOSERS
from normalizer.segment.wrapped import join_wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from normalizer.model import Block, Label
    from normalizer.numbering import Marker, Numbering
    from normalizer.segment.words import Words

READ = 60  # characters at the start of a line in which its marker stands
NUMBER = re.compile(r"[0-9]+|[０-９]+|[①-⑳㉑-㉟㊱-㊿⑴-⒇]")
ENCLOSED = ("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿", "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇")
AFTER_ENCLOSED = {one: two for series in ENCLOSED for one, two in itertools.pairwise(series)}
GLUED_ENGLISH = re.compile(
    r"[a-z)](?=(?:We|Our|You|Your|The|This|In|If|When|Where|Personal|It|Please|Any|Anyone|All|Each|Such|There|These|"
    r"Under|Unless|Upon|With|To|For|At|On|As|By|No|Users|Customers|Members)\s)"
)
LIST_START = re.compile(r"。\s*(①|⑴|[（(][1１][)）]|・(?=\S))")
DOT = "・"  # stands between words too
LETTER_MARKS = " 　-－―—*＊。．.)）】]"  # behind the word that closes a letter
BEHIND_NUMBER = "第条項号"
REFERRING = re.compile(
    r"(?:及び|および|又は|または|から|～|、|・|上記|前記|前|第|and|or|to|section|article|item|paragraph)\s*$", re.I
)
HEADING_WORDS = 12  # a heading run into its paragraph has at most so many words,
HEADING_CHARACTERS = 40  # or in Japanese so many characters


@dataclass(frozen=True, slots=True)
class Piece:
    """The span of a clause to be, its marker, and what the format said of it."""

    block: Block  # span, kind, level and gap; `block.kind` is "line" for plain text
    marker: Marker | None
    label: Label | None  # the reading of the marker that fits its neighbours
    aside: bool = False  # a page's number, or the title that stands at the top of each page

    @property
    def start(self) -> int:
        return self.block.start

    @property
    def end(self) -> int:
        return self.block.end

    @property
    def body(self) -> int:
        return min(self.end, self.start + self.marker.end) if self.marker else self.start


def sign(piece: Piece) -> str:
    """The style of the piece's marker, by which its series is told; each kind of square (■, ●, ◆) is one."""
    if piece.label is None:
        return ""
    own = piece.marker.text if piece.marker and piece.label.style == "square" else ""
    return piece.label.style + own


def pieces(text: str, blocks: Sequence[Block], numbering: Numbering, words: Words) -> list[Piece]:
    """The pieces of `text`, in order, covering all that the blocks cover, once."""
    out: list[Piece] = []
    for block in blocks:
        before = out[-1] if out else None
        for part in _split_items(text, block, before, numbering, words):
            for piece in _split_heading(text, part, numbering, words):
                out.extend(_split_letter(text, piece, words))
    joined = join_wrapped(text, join_markers(text, set_aside(text, out), words), words)
    return mark_questions(text, mark_notes(text, read_labels(joined)), words)


def _piece(text: str, block: Block, numbering: Numbering, words: Words) -> Piece:
    """The block with its marker; (2)の情報は… begins with a reference and has none, nor has － 以上 －."""
    marker = numbering.marker(text[block.start : min(block.end, block.start + READ)])
    if marker and marker.labels[0].kind == "item" and words.particle.match(text, block.start + marker.end):
        marker = marker if text[block.start + marker.end - 1].isspace() else None
    if marker and words_of_letter(text[block.start : block.end], words):
        marker = None
    return Piece(block, marker, marker.labels[0] if marker else None)


def _cut(text: str, block: Block, at: int) -> tuple[Block, Block]:
    """The block in two, trimmed; `at` is an offset in the text."""
    left, right = at, at  # no slices: a line may be long and hold many items
    while text[left - 1].isspace():
        left -= 1
    while text[right].isspace():
        right += 1
    return replace(block, end=left), replace(block, start=right, gap=False)


# --- items run together ------------------------------------------------------------------------------------------


def _split_items(text: str, block: Block, before: Piece | None, numbering: Numbering, words: Words) -> Iterator[Piece]:
    """The items that stand in one block, by looking for the marker that counts on from the one before."""
    piece = _piece(text, block, numbering, words)
    while True:
        counting = piece if piece.label else before
        cut = (counting and _next_marker(text, piece, counting, words)) or _list_start(text, piece)
        if not cut:
            yield piece
            return
        head, tail = _cut(text, piece.block, cut)
        yield replace(piece, block=head)
        before, piece = None, _piece(text, tail, numbering, words)


def _next_marker(text: str, piece: Piece, counting: Piece, words: Words) -> int | None:
    """Offset in `piece` of the marker that follows on `counting`'s, or None."""
    marker = counting.marker
    sign = _count_on(marker.text) if marker and not marker.needs_series else None
    if sign is None:
        return None
    at = text.find(sign, piece.body + 1, piece.end)
    while at != -1:
        if _starts_item(text, at, sign, piece, words):
            return at
        at = text.find(sign, at + 1, piece.end)
    return None


def _list_start(text: str, piece: Piece) -> int | None:
    """…提供します。①氏名 ②住所: where a list starts behind a sentence, in a piece without a marker."""
    found = None if piece.marker else LIST_START.search(text, piece.start, piece.end)
    sign = found and _count_on(found.group(1))
    many = found and sign and (sign == DOT or text.find(sign, found.end(), piece.end) != -1)
    return found.start(1) if found and many else None


def _count_on(marker: str) -> str | None:
    """`(1)` → `(2)`, `①` → `②`, `- 2.` → `- 3.`; a bullet follows on itself; None for articles and letters."""
    if marker in ("•", "‣", "➢", "■", "◆", "●", DOT):
        return marker
    number = NUMBER.search(marker)
    if not number or any(char in marker for char in BEHIND_NUMBER) or marker[0].isalpha():
        return None
    old = number.group()
    if not old.isdecimal():
        if old not in AFTER_ENCLOSED:
            return None
        new = AFTER_ENCLOSED[old]
    else:
        value = int(old) + 1
        new = str(value) if old.isascii() else str(value).translate({ord("0") + i: ord("０") + i for i in range(10)})
    return marker[: number.start()] + new + marker[number.end() :]


def _starts_item(text: str, at: int, sign: str, piece: Piece, words: Words) -> bool:
    before, after = text[max(piece.start, at - 12) : at], text[at + len(sign) : min(piece.end, at + len(sign) + 12)]
    if not after.strip() or words.reference.match(after) or REFERRING.search(before):
        return False
    if before.rstrip()[-1:].isdigit() or (sign[0].isdigit() and after[:1].isdigit()):
        return False
    if after.lstrip()[0].islower() and text[piece.body].isupper():
        return False
    if sign == DOT:
        return (before[-1:].isspace() or before[-1:] == "。") and not after[0].isspace()
    return before[-1:].isspace() or before[-1:] in "。．;；)）" or ord(before[-1]) > 0x2E80


# --- a heading run into its paragraph ----------------------------------------------------------------------------


def _split_heading(text: str, piece: Piece, numbering: Numbering, words: Words) -> Iterator[Piece]:
    at = _bracket_title(text, piece, words) or _glued_japanese(text, piece, words) or _glued_english(text, piece)
    if at is None or not any(char.isalnum() for char in text[at : piece.end]):
        yield piece
        return
    head, tail = _cut(text, piece.block, at)
    yield replace(piece, block=replace(head, kind="heading" if head.kind == "line" else head.kind))
    yield _piece(text, tail, numbering, words)


def _bracket_title(text: str, piece: Piece, words: Words) -> int | None:
    """第4条（第三者提供）当社は… and 【お問い合わせ】ご質問は…。: where the bracket ends, if a sentence follows."""
    body = piece.body
    closer = CLOSERS.get(text[body : body + 1])
    end = text.find(closer, body, min(piece.end, body + 80)) if closer else -1
    titled = piece.label and piece.label.kind in ("chapter", "article", "section")
    if end == -1 or not (titled or text[body] in "【[〔"):
        return None
    rest = text[end + 1 : piece.end].strip()
    if rest[:1] in CLOSERS or words.particle.match(
        rest
    ):  # 「見せて」「直して」 is one title, 「利用者」とは a definition
        return None
    return end + 1 if titled or rest.endswith(("。", ".")) else None


def _glued_japanese(text: str, piece: Piece, words: Words) -> int | None:
    """個人情報の取得について当社は…。: the words before 当社は are a heading if they end as a noun or in について."""
    found = words.self.search(text, piece.body, min(piece.end, piece.body + HEADING_CHARACTERS + 6))
    if not found or not found[1]:  # 見本市で is no heading before 本市
        return None
    if text[found.end() : found.end() + 1] not in "はで" or "。" not in text[found.end() : piece.end]:
        return None
    title = text[piece.body : found.start()]
    noun = title[-1:] and ("一" <= title[-1] <= "鿿" or title.endswith("について")) and len(title) > 3
    return found.start() if noun and not re.search("[。はがを：:「]", title) else None


def _glued_english(text: str, piece: Piece) -> int | None:
    """`Third: Sharing of informationWe will …`: where a small letter meets the start of a sentence."""
    if not piece.label or piece.label.kind in ("bullet", "note"):
        return None
    found = GLUED_ENGLISH.search(text, piece.body, min(piece.end, piece.body + 120))
    short = found and len(text[piece.body : found.end()].split()) <= HEADING_WORDS
    return found.end() if found and short else None


def _split_letter(text: str, piece: Piece, words: Words) -> Iterator[Piece]:
    """…取り扱います。　以上: the word that closes the document, right behind the last sentence of its line."""
    end = text[max(piece.start, piece.end - LETTER_LINE) : piece.end]
    last = end.rstrip(LETTER_MARKS)[-1:].casefold()
    at = max(end.rfind(stop, 0, -1) for stop in ("。", "．", ". ")) + 1 if last in words.letter_end else 0
    if not at or not words_of_letter(end[at:], words):
        yield piece
        return
    head, tail = _cut(text, piece.block, piece.end - len(end) + at)
    yield replace(piece, block=head)
    yield Piece(replace(tail, kind="line", level=0), None, None)
