"""Pieces with kinds → the frame of the document: its title, its closing lines, what stands beside the sections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from normalizer.segment.opening import in_brackets, is_dated, opening
from normalizer.segment.pieces import sign
from normalizer.segment.unmarked import sets_in
from normalizer.segment.words import close_set

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normalizer.model import ClauseKind
    from normalizer.segment.pieces import Piece
    from normalizer.segment.words import Words

CLOSING_LINES = 8  # a document closes with at most so many lines
SECTIONS = 2  # headings above one of another style that show that it is of none of their sections
BRACKETS = "(（【[〔〈《＜≪"


def title_of(text: str, pieces: Sequence[Piece], kinds: Sequence[ClauseKind], words: Words) -> int | None:
    """The heading that is the document's title, if it has one.

    It is named as policies are, among the first lines; or it is the first line and names the subject, and either the
    first section follows at once, or no heading of a section speaks of that subject too (個人情報の取得, 個人情報の委託
    are sections without a title).
    """
    aside = frozenset(at for at, kind in enumerate(kinds) if kind == "furniture")
    own = opening(text, pieces, aside, words)
    heads = [at for at, kind in enumerate(kinds) if kind == "heading" and pieces[at].label is None]
    for at in own:
        if at in heads and words.title.search(close_set(text[pieces[at].start : pieces[at].end])):
            return at
    if not own or own[0] not in heads or text[pieces[own[0]].start] in BRACKETS:
        return None
    below = (at for at in range(own[0] + 1, len(kinds)) if not is_dated(text[pieces[at].start : pieces[at].end], words))
    if next(below, None) in heads:
        return own[0]  # right above the first section
    subjects = [at for at in heads if words.subject.search(text, pieces[at].start, pieces[at].end)]
    return own[0] if subjects == [own[0]] else None


def second_title(
    text: str, pieces: Sequence[Piece], kinds: Sequence[ClauseKind], title: int | None, words: Words
) -> int | None:
    """The heading right below the title that says it again in the other script: PRIVACY POLICY, プライバシー方針."""
    after = range(title + 1, len(kinds)) if title is not None else ()
    below = next((at for at in after if kinds[at] != "furniture"), None)
    if title is None or below is None or kinds[below] != "heading" or pieces[below].label:
        return None
    own, other = (text[pieces[at].start : pieces[at].end] for at in (title, below))
    return below if own.isascii() != other.isascii() and words.title.search(close_set(other)) else None


def beside(
    text: str, pieces: Sequence[Piece], kinds: Sequence[ClauseKind], title: int | None, words: Words
) -> dict[int, str]:
    """Headings without a number that stand beside the numbered sections, "Introduction" above 1. and "Contact us" below
    the last: index → the style of the sections.

    The sections are one series, and no heading without a number stands within it: such would be one below a section.
    A heading right above or below another is over or under it, and one named as policies are is a second title.
    """
    heads = [at for at, kind in enumerate(kinds) if kind == "heading" and at != title]
    numbered = [at for at in heads if pieces[at].label]
    style = sign(pieces[numbered[0]]) if numbered else ""
    series = [at for at in numbered if sign(pieces[at]) == style]
    plain = [at for at in heads if _is_plain(text, pieces[at])]
    if heads and _is_contact(text, pieces[heads[-1]], words):
        plain.append(heads[-1])
    within = bool(series) and any(series[0] < at < series[-1] for at in plain)
    if not _is_one([pieces[at] for at in series]) or not 2 <= len(series) >= len(plain) or within:
        return {}
    all_heads = frozenset(heads)
    apart = [at for at in plain if all_heads.isdisjoint((at - 1, at + 1))]
    outside = [at for at in apart if at > series[-1] or not words.title.search(text, pieces[at].start, pieces[at].end)]
    first = pieces[series[0]].block
    return dict.fromkeys(outside, f"level {first.level}" if first.kind == "heading" and first.level else style)


def set_in(pieces: Sequence[Piece], kinds: Sequence[ClauseKind]) -> dict[int, str]:
    """Headings whose only sign is that the lines below are set in: those of one indent are one series."""
    heads = (at for at, kind in enumerate(kinds) if kind == "heading" and pieces[at].block.kind == "line")
    return {at: f"set in {pieces[at].block.level}" for at in heads if pieces[at].label is None and sets_in(pieces, at)}


def style_of(piece: Piece) -> str:
    return piece.label.style if piece.label else ""


def _is_one(series: Sequence[Piece]) -> bool:
    """Is the first of the sections the only one that is numbered 1, or has none of them a number (■)?"""
    firsts = [piece.label is not None and piece.label.number[-1:] in ((), (1,)) for piece in series]
    return firsts[:1] == [True] and (firsts.count(True) == 1 or not (series[0].label and series[0].label.number))


def _is_contact(text: str, piece: Piece, words: Words) -> bool:
    """【お問い合わせ】: a heading in brackets that is one whatever follows."""
    line = text[piece.start : piece.end]
    return piece.label is None and in_brackets(line) and line[1:-1].strip().casefold() in words.heading


def _is_plain(text: str, piece: Piece) -> bool:
    """Nothing but its words says that it is a heading."""
    return not (piece.label or piece.block.kind == "heading" or in_brackets(text[piece.start : piece.end]))


def closing_of(text: str, pieces: Sequence[Piece], kinds: Sequence[ClauseKind], words: Words) -> int:
    """Where the document's closing lines begin (制定：2022年4月1日), which stand under no section: an index.

    They are the last paragraphs from the first short dated line on, with the heading 改定履歴 above them if there is
    one; below 附則 or a numbered heading of that name they are that section's own.
    """
    first = index = len(pieces)
    while index > 0 and kinds[index - 1] in ("paragraph", "furniture") and len(pieces) - index < CLOSING_LINES:
        index -= 1
        line = text[pieces[index].start : pieces[index].end]
        if is_dated(line, words):
            first = index
    at = next((at for at in range(index - 1, -1, -1) if kinds[at] == "heading"), None)
    if at is None:
        return first
    if first == len(pieces):
        first = _dated_above(text, pieces, kinds, at, words) or first
    heading = pieces[at]
    is_history = text[heading.body : heading.end].strip(" \t　()（）【】[]").casefold() in words.history
    if is_history and heading.label is None:
        return at
    return len(pieces) if is_history or (heading.label and heading.label.kind == "supplement") else first


def _dated_above(
    text: str, pieces: Sequence[Piece], kinds: Sequence[ClauseKind], last: int, words: Words
) -> int | None:
    """Where a block of dates and names begins, set off and without a sentence, right above the last heading if that is
    of another style than all others: 制定：2022年4月1日 and a name above ■お問い合わせ, which is of no section then."""
    heads = [at for at in range(last) if kinds[at] == "heading"]
    style = sign(pieces[last])
    if len(heads) < SECTIONS or (style and any(sign(pieces[at]) == style for at in heads)):
        return None
    start = last
    while kinds[start - 1] == "paragraph" and text[pieces[start - 1].end - 1] not in "。.":
        start -= 1
    lines = ((at, text[pieces[at].start : pieces[at].end]) for at in range(start, last))
    return next((at for at, line in lines if pieces[at].block.gap and is_dated(line, words)), None)
