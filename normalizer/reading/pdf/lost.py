"""Characters that pdfium leaves out → the same from pypdf.

pdfium skips a piece of text that it measures as without width: a single character (①, a last 告 alone on its line)
in a font that is neither embedded nor installed. It tells where such a piece stands, pypdf what it says.
"""

from __future__ import annotations

import io
import logging
from typing import Any

from normalizer.reading.pdf.layout import Character

UNKNOWN = "\ufffd"  # a character that neither can read
NEAR = 1.0  # points
MOST_OBJECTS = 50_000
MOST_LOST = 200  # on one page


def opened_pypdf() -> Any:
    """The library. What it warns of goes to the log named pypdf, where a program keeps one: never to standard error,
    where Python puts the warnings of a log that nobody keeps."""
    import pypdf

    log = logging.getLogger("pypdf")
    if not log.handlers:
        log.addHandler(logging.NullHandler())
    return pypdf


class Recovery:
    """Looks up lost characters in one file, which pypdf opens when the first is asked for."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._reader: Any = None

    def characters(self, page: Any, index: int) -> list[Character]:
        """The pieces of text on a pdfium page (number `index` from 0) that have no width, from the left."""
        lost = _lost(page)
        if not lost:
            return []
        said = self._said(index)
        return [
            char for y in sorted({y for _, y, _ in lost}) for char in _matched([p for p in lost if p[1] == y], said)
        ]

    def _said(self, index: int) -> list[tuple[float, float, str]]:
        """Left, base line and words of each single character of pypdf's page."""
        pypdf = opened_pypdf()
        out: list[tuple[float, float, str]] = []

        def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
            if len(text.strip()) == 1 and not text.strip().isascii():  # the fonts of every reader have ASCII
                left = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
                out.append((left, tm[4] * cm[1] + tm[5] * cm[3] + cm[5], text.strip()))

        try:
            self._reader = self._reader or pypdf.PdfReader(io.BytesIO(self._data))
            self._reader.pages[index].extract_text(visitor_text=visit)
        except Exception:  # pypdf raises what its parser meets; then the characters stay unknown
            return []
        return out


def _lost(page: Any) -> list[tuple[float, float, float]]:
    """Left, base line and size of the pieces without width."""
    from pypdfium2 import raw

    out: list[tuple[float, float, float]] = []
    matrix = raw.FS_MATRIX()
    for count, item in enumerate(page.get_objects(filter=(raw.FPDF_PAGEOBJ_TEXT,))):
        if count > MOST_OBJECTS or len(out) > MOST_LOST:
            break
        left, _, right, _ = item.get_bounds()
        if right - left < 0.01:
            raw.FPDFPageObj_GetMatrix(item, matrix)
            out.append((matrix.e, matrix.f, _font_size(item) * abs(matrix.d)))
    return out


def _font_size(item: Any) -> float:
    import ctypes

    from pypdfium2 import raw

    size = ctypes.c_float()
    raw.FPDFTextObj_GetFontSize(item, size)
    return float(size.value)


def _matched(lost: list[tuple[float, float, float]], said: list[tuple[float, float, str]]) -> list[Character]:
    """The characters of one line: at the very place, else, where both count as many, in order."""
    beside = sorted(one for one in said if abs(one[1] - lost[0][1]) < NEAR)
    out = []
    for number, (left, y, size) in enumerate(sorted(lost)):
        here = [sign for at, _, sign in beside if abs(at - left) < NEAR]
        in_order = beside[number][2] if len(beside) == len(lost) else UNKNOWN
        sign = here[0] if here else in_order
        right = left + (size if sign > "\u2000" else size / 2)
        out.append(Character(sign, left, right, y, size, bold=False, hyphen=False, unmapped=sign == UNKNOWN))
    return out
