"""Lines in reading order → blocks: a paragraph's lines joined, headings told by their type."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer.reading.markers import OWN_MARKER, REFERENCE
from normalizer.reading.writer import Writer, reads_as_title, wide

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normalizer.reading.pdf.layout import Line

LONG_TITLE = 160  # characters, for type that is larger; what is bold only must be shorter to be a title
LARGER = 1.12  # a heading's type is larger than the body's by so much
LEAST_MEASURE = 0.5  # where all lines are shorter than this share of the page, none of them is full
APART = 1.15  # lines further apart than this times the usual belong to two paragraphs,
GAP = 1.3  # and than this, have an empty space between them that sets parts off from one another
# JIS X 4051: characters that never stand first in a line, and that never stand last.
NO_LINE_START = "、。，．,.）)」』】〕］!！?？：；:;・ーっッゃゅょャュョぁぃぅぇぉァィゥェォ々…"
NO_LINE_END = "（(「『【〔［"
SENTENCE_END = tuple("。．.!！?？：:；;")
UNBREAKABLE = re.compile(r"[!-~]{1,60}")
WORD = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")
KEYED = re.compile(r"[^\s。、,.：:]{1,10}[：:]|[A-Z][A-Za-z-]{1,15}: ")  # 電話：, `Email:` begin a line of their own


@dataclass(frozen=True, slots=True)
class Measure:
    """The document's own proportions."""

    size: float  # of the body's type
    leading: float  # usual distance of base lines, in sizes
    left: dict[int, float]  # by column: where its lines begin
    right: dict[int, float]  # and where a full line ends
    sizes: tuple[float, ...]  # of headings, the largest first
    bold: bool  # the body itself is bold
    words: frozenset[str]  # of the document, to decide on hyphens


def blocks(lines: Sequence[Line]) -> Writer:
    """The paragraphs, list items and headings, one block each, in order."""
    writer = Writer()
    if not lines:
        return writer
    measure = _measure(lines)
    for paragraph, gap in _paragraphs(lines, measure):
        first = paragraph[0]
        words = _joined(paragraph, measure)
        if level := _heading_level(paragraph, words, measure):
            writer.add(words, "heading", level, gap)
        else:
            indent = round((first.left - measure.left[first.column]) / (measure.size / 2))
            writer.add(words, "line", max(0, indent), gap)
    return writer


def _paragraphs(lines: Sequence[Line], measure: Measure) -> list[tuple[list[Line], bool]]:
    """Lines that belong together, and whether a gap stands above them."""
    out: list[tuple[list[Line], bool]] = [([lines[0]], False)]
    for last, line in itertools.pairwise(lines):
        if _goes_on(out[-1][0], line, measure):
            out[-1][0].append(line)
        else:
            out.append(([line], _is_apart(last, line, GAP * measure.leading)))
    return out


# --- proportions -------------------------------------------------------------------------------------------------


def _measure(lines: Sequence[Line]) -> Measure:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[_rounded(line.size)] += len(line.text)
    size = sizes.most_common(1)[0][0]
    distances = sorted(
        (last.y - line.y) / size
        for last, line in itertools.pairwise(lines)
        if (last.page, last.column) == (line.page, line.column) and 0 < last.y - line.y < 4 * size
    )
    leading = distances[len(distances) // 10] if distances else 1.5
    columns = {line.column for line in lines}
    left = {column: min(line.left for line in lines if line.column == column) for column in columns}
    right = {column: _right_edge([line for line in lines if line.column == column]) for column in columns}
    larger = tuple(sorted((other for other in sizes if other >= LARGER * size), reverse=True)[:6])
    bold = sum(len(line.text) for line in lines if line.bold) * 2 > sum(len(line.text) for line in lines)
    return Measure(size, leading, left, right, larger, bold, frozenset(_words(lines)))


def _right_edge(lines: list[Line]) -> float:
    """Where full lines end: as far as lines reach, but for a stray one, and for signs that hang out."""
    rights = sorted(line.right for line in lines if line.text[-1] not in NO_LINE_START) or [lines[0].right]
    left, width = min(line.left for line in lines), lines[0].page_width
    least = left + LEAST_MEASURE * (width - 2 * left) if lines[0].column == 0 else 0.0
    return max(rights[-1 - len(rights) // 40], least)


def _words(lines: Sequence[Line]) -> set[str]:
    """The words of the document, less those that a line's end cuts."""
    return {
        word.lower()
        for line in lines
        for word in WORD.findall(line.text.rsplit(None, 1)[0] if line.hyphen else line.text)
    }


def _rounded(size: float) -> float:
    return round(size * 2) / 2


# --- what belongs together ---------------------------------------------------------------------------------------


def _goes_on(paragraph: list[Line], line: Line, measure: Measure) -> bool:
    """Does `line` carry on the paragraph? If it looks alike, and its first word had no room on the line above."""
    last, first = paragraph[-1], paragraph[0]
    if last.hyphen:
        return True
    if (
        _rounded(last.size) != _rounded(line.size)
        or last.bold != line.bold
        or _is_apart(last, line, APART * measure.leading)
    ):
        return False
    if last.cells > 1 or line.cells > 1:
        return False
    if OWN_MARKER.match(line.text) and not REFERENCE.match(line.text):
        return False
    if KEYED.match(line.text) and not last.text.endswith(("、", ",")):
        return False
    if last.text.endswith(SENTENCE_END) and (last.page, last.column) != (line.page, line.column):
        return False
    if not _is_set_alike(first, last, line, measure):
        return False
    return measure.right[last.column] - last.right < _needed(line, last)


def _is_apart(last: Line, line: Line, distance: float) -> bool:
    if (last.page, last.column) != (line.page, line.column):
        return False
    return last.y - line.y > distance * max(last.size, line.size)


def _is_set_alike(first: Line, last: Line, line: Line, measure: Measure) -> bool:
    """Below the first line a second may hang in (an item) or out (a paragraph's indent); later ones stand alike."""
    indent = (line.left - measure.left[line.column]) - (last.left - measure.left[last.column])
    if last is first:
        hangs = OWN_MARKER.match(first.text) is not None
        return indent < 0.6 * line.size or hangs
    return abs(indent) < 0.6 * line.size


def _needed(line: Line, last: Line) -> float:
    """The width of what may not be parted from the start of the line; a little less behind the end of a sentence."""
    text, count = line.text, 1
    if found := UNBREAKABLE.match(text):
        count = found.end()
    elif text[0] in NO_LINE_END:
        count = 2
    while count < len(text) and text[count] in NO_LINE_START:
        count += 1
    width = _units(text[:count]) * (line.right - line.left) / _units(text)
    slack = 0.0 if last.text.endswith(SENTENCE_END) else 0.6 * line.size
    return width + slack + (0.0 if wide(text[0]) else 0.2 * line.size)


def _units(text: str) -> int:
    """Width in halves of a Japanese character."""
    return sum(2 if wide(char) else 1 for char in text)


def _joined(paragraph: list[Line], measure: Measure) -> str:
    out = paragraph[0].text
    for last, line in itertools.pairwise(paragraph):
        if last.hyphen:
            out = _without_hyphen(out, line.text, measure.words)
        else:
            out += ("" if wide(out[-1]) and wide(line.text[0]) else " ") + line.text
    return out


def _without_hyphen(before: str, after: str, words: frozenset[str]) -> str:
    """`per-` + `sonal` is personal, `third-` + `party` third-party: as the document writes it elsewhere.

    Where it does not, the hyphen stays if both parts are words of the document themselves, or the first is a letter.
    """
    head = re.search(r"([A-Za-z]*)-$", before)
    tail = re.match(r"[A-Za-z]*", after)
    if head is None or tail is None or not head.group(1) or not tail.group():
        return before + after
    one, two = head.group(1).lower(), tail.group().lower()
    whole = one + two in words
    parts = f"{one}-{two}" in words or (one in words and two in words) or len(one) == 1
    return before[:-1] + after if whole or not parts else before + after


def _heading_level(paragraph: list[Line], words: str, measure: Measure) -> int:
    """1 and on for type larger than the body's, the next for bold lines that read as titles; 0 for the rest."""
    size = _rounded(paragraph[0].size)
    if size in measure.sizes and reads_as_title(words, LONG_TITLE):
        return measure.sizes.index(size) + 1
    bold = paragraph[0].bold and not measure.bold and len(paragraph) <= 2 and reads_as_title(words)
    return len(measure.sizes) + 1 if bold else 0
