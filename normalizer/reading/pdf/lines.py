"""The runs of pages → lines in reading order, column after column, without headers, footers and page numbers.

What the page repeats is left out of the text altogether: it would stand in the middle of sentences that go over the
page.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING

from normalizer.reading.pdf.layout import Line, Page, Run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MARGIN = 0.15  # headers and footers stand in this share of the page, above and below
EDGE_LINES = 3  # and are among so many lines
REPEATED = 0.4  # on so many of the pages; left and right pages may differ
SAME_PLACE = 6.0  # points
SIDE_BY_SIDE = 4  # two columns share so many base lines or more
COLUMN_FILL = 0.6  # the lines of a column fill it so far; the cells of a table do not
DIGITS = re.compile(r"\d+")
PAGE_NUMBER = re.compile(
    r"[-–—―－ー~〜\s]{0,6}(?:page|p\.?|ページ|頁)?\s{0,2}(\d{1,4})\s{0,2}(?:(?:/|of|／)\s{0,2}\d{1,4})?\s{0,2}(?:ページ|頁)?"
    r"[-–—―－ー~〜\s]{0,6}",
    re.IGNORECASE,
)


def lines(pages: Sequence[Page]) -> list[Line]:
    """The lines of all pages that belong to the document and not to the page."""
    by_page = [list(_page_lines(page, rows, gutter)) for page, rows, gutter in _with_gutters(pages)]
    repeated = _repeated(by_page)
    return [line for page in by_page for line in page if line not in repeated]


# --- one page ----------------------------------------------------------------------------------------------------


def _with_gutters(pages: Sequence[Page]) -> Iterator[tuple[Page, list[list[Run]], float | None]]:
    """Each page with its rows and the gap between its columns; a last page may show its columns but on one side."""
    rows = [_rows(page.runs) for page in pages]
    gutters = [_gutter(page) for page in rows]
    usual = next((gutter for gutter in gutters if gutter is not None), None)
    for page, page_rows, gutter in zip(pages, rows, gutters, strict=True):
        fits = usual is not None and 2 * sum(_crosses(row, usual) for row in page_rows) <= len(page_rows)
        yield page, page_rows, gutter if gutter is not None or not fits else usual


def _page_lines(page: Page, rows: list[list[Run]], gutter: float | None) -> Iterator[Line]:
    waiting: list[Line] = []  # of the right column, until the left one ends
    for row in rows:
        if gutter is None or _crosses(row, gutter):
            yield from waiting
            waiting = []
            yield _line(row, page, 0)
            continue
        left = [run for run in row if (run.left + run.right) / 2 < gutter]
        right = [run for run in row if run not in left]
        if left:
            yield _line(left, page, 1)
        if right:
            waiting.append(_line(right, page, 2))
    yield from waiting


def _rows(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs on one base line, from the top; within a row from the left."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: (-run.y, run.left)):
        if rows and abs(rows[-1][0].y - run.y) < 0.4 * max(rows[-1][0].size, run.size):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [sorted(row, key=lambda run: run.left) for row in rows]


def _line(row: list[Run], page: Page, column: int) -> Line:
    size = max(run.size for run in row)
    text = " ".join(run.text for run in row)
    bold, hyphen = all(run.bold for run in row), row[-1].hyphen
    cells = 1 + sum(two.left - one.right >= 1.5 * size for one, two in itertools.pairwise(row))
    left, right, y = row[0].left, row[-1].right, row[0].y
    return Line(text, left, right, y, size, bold, hyphen, page.number, column, cells, page.width, page.height)


def _gutter(rows: list[list[Run]]) -> float | None:
    """The middle of the gap between two columns, if the page has two.

    Tried at the commonest starts of lines; of several that fit (the right column has indents) the one that the
    fewest lines cross.
    """
    runs = [run for row in rows for run in row]
    starts = Counter(round(run.left / 3) * 3.0 for run in runs)
    found: list[tuple[int, float]] = []
    for start, count in starts.most_common(6):
        left = [run for run in runs if run.right <= start - 0.3 * run.size]
        right = [run for run in runs if run.left >= start - 3]
        if count >= SIDE_BY_SIDE and _are_columns(left, right):
            gutter = (max(run.right for run in left) + start) / 2
            found.append((sum(_crosses(row, gutter) for row in rows), gutter))
    crossing, gutter = min(found, default=(len(rows), 0.0))
    return gutter if 2 * crossing <= len(rows) else None


def _are_columns(left: list[Run], right: list[Run]) -> bool:
    """Do the two stand beside each other, and do the lines of the left one fill it?"""
    if len(left) < SIDE_BY_SIDE or len(right) < SIDE_BY_SIDE:
        return False
    low, high = min(run.y for run in right), max(run.y for run in right)
    beside = [run for run in left if low - run.size < run.y < high + run.size]
    margin, edge = min(run.left for run in left), max(run.right for run in left)
    filled = sum(run.right - margin for run in beside) / max(1.0, (edge - margin) * len(beside))
    return len(beside) >= SIDE_BY_SIDE and filled >= COLUMN_FILL and edge - margin >= 8 * left[0].size


def _crosses(row: list[Run], gutter: float) -> bool:
    return any(run.left < gutter - run.size and run.right > gutter + run.size for run in row)


# --- headers and footers -----------------------------------------------------------------------------------------


def _repeated(pages: list[list[Line]]) -> set[Line]:
    edges = [_edge_lines(page) for page in pages]
    places = Counter(key for page in edges for key in {near for line in page for near in _keys(line)})
    least = max(2.0, REPEATED * len(pages))
    return {line for page in edges for line in page if _is_page_number(line, edges) or _count(line, places) >= least}


def _edge_lines(page: list[Line]) -> list[Line]:
    """The first and last lines of a page that stand in its margins."""
    by_place = sorted(page, key=lambda line: -line.y)
    top = [line for line in by_place[:EDGE_LINES] if line.y > line.page_height * (1 - MARGIN)]
    bottom = [line for line in by_place[-EDGE_LINES:] if line.y < line.page_height * MARGIN]
    return top + bottom


def _keys(line: Line) -> Iterator[tuple[str, int]]:
    """The words without their numbers, and the place: the two steps of a grid that are near it."""
    words = "".join(DIGITS.sub("#", line.text).split())
    step = int(line.y // SAME_PLACE)
    yield from ((words, step), (words, step + (1 if line.y % SAME_PLACE > SAME_PLACE / 2 else -1)))


def _count(line: Line, places: Counter[tuple[str, int]]) -> int:
    return max(places[key] for key in _keys(line))


def _is_page_number(line: Line, edges: list[list[Line]]) -> bool:
    """A lone number that counts the pages: on the only page 1, else one that rises with the pages."""
    shift = _shift(line)
    if shift is None:
        return False
    if len(edges) == 1:
        return shift == 0
    return any(_shift(other) == shift for page in edges for other in page if other.page != line.page)


def _shift(line: Line) -> int | None:
    """How far a lone number is from the count of pages."""
    found = PAGE_NUMBER.fullmatch(line.text)
    return int(found.group(1)) - line.page if found else None
