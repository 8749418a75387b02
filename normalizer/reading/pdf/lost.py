"""Characters that pdfium leaves out → the same from pypdf, and spaces.

pdfium skips a piece of text that it measures as without width: a single character (①, a last 告 alone on its line)
in a font that is neither embedded nor installed, and a space that is a piece of its own, as browsers and word
processors draw it. It tells where such a piece stands, pypdf what it says.
"""

from __future__ import annotations

import io
import logging
from typing import Any, NamedTuple

from normalizer.reading.pdf.layout import Character

UNKNOWN = "\ufffd"  # a character that neither can read
NEAR = 1.0  # points
MOST_OBJECTS = 50_000
MOST_LOST = 200  # on one page
SPACE = " "
SPACE_WIDTH = 0.25  # of the size, as most fonts have it


class Piece(NamedTuple):
    """A piece of text without width."""

    left: float
    y: float  # of the base line
    size: float
    embedded: bool  # its font brings the shapes of its letters, so that what has no width in it is a space


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
        spaces = [_space(piece) for piece in lost if piece.embedded]
        unread = [piece for piece in lost if not piece.embedded]
        if not unread:
            return sorted(spaces, key=_in_lines)
        said = self._said(index)
        read = [char for y in {piece.y for piece in unread} for char in _matched([p for p in unread if p.y == y], said)]
        return sorted([*spaces, *read], key=_in_lines)

    def _said(self, index: int) -> list[tuple[float, float, str]]:
        """Left, base line and sign of each single character of pypdf's page, and of each space that begins a piece."""
        pypdf = opened_pypdf()
        out: list[tuple[float, float, str]] = []

        def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
            if sign := _sign(text):
                left = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
                out.append((left, tm[4] * cm[1] + tm[5] * cm[3] + cm[5], sign))

        try:
            self._reader = self._reader or pypdf.PdfReader(io.BytesIO(self._data))
            self._reader.pages[index].extract_text(visitor_text=visit)
        except Exception:  # pypdf raises what its parser meets; then the characters stay unknown
            return []
        return out


def _sign(text: str) -> str:
    """What can be lost of a piece of pypdf's: a single character, or a space; the fonts of every reader have ASCII."""
    words = text.strip()
    if words.isascii():
        return SPACE if text[:1].isspace() and text[0] not in "\r\n" else ""
    return words if len(words) == 1 else ""


def _in_lines(char: Character) -> tuple[float, float]:
    return char.y, char.left


def _lost(page: Any) -> list[Piece]:
    from pypdfium2 import raw

    out: list[Piece] = []
    matrix = raw.FS_MATRIX()
    for count, item in enumerate(page.get_objects(filter=(raw.FPDF_PAGEOBJ_TEXT,))):
        if count > MOST_OBJECTS or len(out) > MOST_LOST:
            break
        left, _, right, _ = item.get_bounds()
        if right - left < 0.01:
            raw.FPDFPageObj_GetMatrix(item, matrix)
            embedded = raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(item)) == 1
            out.append(Piece(matrix.e, matrix.f, _font_size(item) * abs(matrix.d), embedded))
    return out


def _font_size(item: Any) -> float:
    import ctypes

    from pypdfium2 import raw

    size = ctypes.c_float()
    raw.FPDFTextObj_GetFontSize(item, size)
    return float(size.value)


def _matched(lost: list[Piece], said: list[tuple[float, float, str]]) -> list[Character]:
    """The characters of one line: at the very place, else, where both count as many, in order."""
    beside = sorted(one for one in said if abs(one[1] - lost[0].y) < NEAR)
    found = [(piece, _at(piece, beside)) for piece in sorted(lost)]
    signs = [sign for _, _, sign in beside if sign != SPACE]
    unread = [piece for piece, sign in found if sign != SPACE]
    in_order = dict(zip(unread, signs, strict=True)) if len(signs) == len(unread) else {}
    return [_space(piece) if s == SPACE else _letter(piece, s or in_order.get(piece, UNKNOWN)) for piece, s in found]


def _at(piece: Piece, beside: list[tuple[float, float, str]]) -> str:
    """What pypdf has at the place of a piece, "" if nothing; a letter, where it has a space there too."""
    here = [sign for left, _, sign in beside if abs(left - piece.left) < NEAR]
    return next((sign for sign in here if sign != SPACE), here[0] if here else "")


def _letter(piece: Piece, sign: str) -> Character:
    right = piece.left + (piece.size if sign > "\u2000" else piece.size / 2)
    return Character(sign, piece.left, right, piece.y, piece.size, bold=False, hyphen=False, unmapped=sign == UNKNOWN)


def _space(piece: Piece) -> Character:
    right = piece.left + SPACE_WIDTH * piece.size
    return Character(SPACE, piece.left, right, piece.y, piece.size, bold=False, hyphen=False, unmapped=False)
