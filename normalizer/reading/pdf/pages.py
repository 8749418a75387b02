"""The bytes of a PDF → the runs of characters on each page, with their places.

pdfium knows the place of each character; pypdf, slower and without places, is asked only where pdfium fails. pdfium
is C++ and not safe to enter from two threads, hence the lock.
"""

from __future__ import annotations

import ctypes
import io
import itertools
import math
import re
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from normalizer.errors import InputError
from normalizer.reading.pdf.layout import Character, Page, Run
from normalizer.reading.pdf.lost import SPACE, Recovery, opened_pypdf
from normalizer.reading.writer import wide

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_PAGES = 500
MAX_SECONDS = 60.0
MAX_CHARACTERS = 200_000  # on one page
FILLED = 0.5  # an image over so much of a page is a scan
OUTLINES = 300  # so many paths on a page without text are letters turned into drawings
BOLD_WEIGHT = 600
BOLD_FONT = re.compile(rb"Bold|Black|Heavy|Demi|[-_](?:DB|EB|UB|W[6-9])", re.IGNORECASE)
PASSWORD = 4  # FPDF_ERR_PASSWORD
LOCK = threading.Lock()
LINE_HEIGHT, CHARACTER_WIDTH = 12.0, 6.0  # what a line of pypdf's, which has no places, is given


def pages(data: bytes, name: str) -> list[Page]:
    """The pages of the file. Raises InputError: damaged, encrypted, too many pages, too slow."""
    with LOCK:
        try:
            return list(_pdfium_pages(data, name, time.monotonic() + MAX_SECONDS))
        except InputError:
            raise
        except Exception:  # PdfiumError, and what ctypes raises on a damaged file
            return fallback_pages(data, name)


def fallback_pages(data: bytes, name: str) -> list[Page]:
    """The same by pypdf: each line of its text is a run, its place made up from its length. Raises InputError."""
    pypdf = opened_pypdf()
    end = time.monotonic() + MAX_SECONDS
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise _encrypted(name)
        count = len(reader.pages)
        _check_count(count, name)
        out = []
        for number, page in enumerate(reader.pages, 1):
            _check_time(end, number, name)
            lines = page.extract_text()[:MAX_CHARACTERS].splitlines()
            out.append(_page_of_lines(number, lines, bool(page.images)))
        return out
    except InputError:
        raise
    except Exception as error:  # pypdf raises what its parser meets
        reason = " ".join(str(error).split())[:120]
        raise InputError(f"{name}: damaged PDF ({reason}); open it in a reader and print it to a new file") from error


def _page_of_lines(number: int, lines: list[str], pictured: bool) -> Page:
    runs = []
    for index, line in enumerate(lines):
        left = (len(line) - len(line.lstrip())) * CHARACTER_WIDTH
        width = sum(2 if char > "\u2e7f" else 1 for char in line.strip()) * CHARACTER_WIDTH
        if line.strip():
            y = (len(lines) - index) * LINE_HEIGHT
            runs.append(Run(line.strip(), left, left + width, y, 2 * CHARACTER_WIDTH, False))
    return Page(number, 0.0, (len(lines) + 1) * LINE_HEIGHT, tuple(runs), pictured)


def _pdfium_pages(data: bytes, name: str, end: float) -> Iterator[Page]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == PASSWORD or "password" in str(error).lower():
            raise _encrypted(name) from error
        raise
    try:
        _check_count(len(document), name)
        recovery = Recovery(data)
        for index in range(len(document)):
            _check_time(end, index + 1, name)
            page = document[index]
            text = page.get_textpage()
            try:
                yield _page(index + 1, page, text, recovery, end, name)
            finally:
                text.close()
                page.close()
    finally:
        document.close()


def _page(number: int, page: Any, text: Any, recovery: Recovery, end: float, name: str) -> Page:
    width, height = page.get_size()
    count = text.count_chars()
    if count > MAX_CHARACTERS:
        raise InputError(f"{name}: page {number} holds {count:,} characters; at most {MAX_CHARACTERS:,}")
    found = list(_characters(text, count))
    _check_time(end, number, name)
    for char in recovery.characters(page, number - 1):
        at = _place(found, char)
        found.insert(at, _as_wide_as_drawn(char, found[at : at + 1]))
    runs, unmapped = tuple(_runs(found)), sum(char.unmapped for char in found)
    return Page(number, width, height, runs, not runs and _is_pictured(page, width * height), unmapped)


def _characters(text: Any, count: int) -> Iterator[Character]:
    """The characters in the order of the file; spaces and line breaks that pdfium makes up are left to `_runs`."""
    from pypdfium2 import raw

    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    high = 0  # the first half of a surrogate pair
    for index in range(count):
        code = raw.FPDFText_GetUnicode(text, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
        high = 0
        if code in (0, 10, 13) or raw.FPDFText_IsGenerated(text, index) == 1:
            continue
        hyphen = raw.FPDFText_IsHyphen(text, index) == 1 or code in (2, 0xFFFE)
        raw.FPDFText_GetLooseCharBox(text, index, box)
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        unmapped = code in (0xFFFD, 0xFFFF) or raw.FPDFText_HasUnicodeMapError(text, index) == 1
        sign, size, bold = "-" if hyphen else chr(code), _size(text, index), _is_bold(text, index)
        yield Character(sign, box.left, box.right, y.value, size, bold, hyphen, unmapped or 0xE000 <= code < 0xF900)


def _place(characters: list[Character], lost: Character) -> int:
    """Where in its line a lost character belongs; at the end of all if nothing else stands in the line."""
    line = (
        index
        for index, char in enumerate(characters)
        if char.left >= lost.left - 0.1 and abs(char.y - lost.y) < 0.35 * lost.size
    )
    return next(line, len(characters))


def _as_wide_as_drawn(lost: Character, after: list[Character]) -> Character:
    """Of a lost space only the place is known: where Japanese follows a letter's width on, it is a full-width one."""
    if lost.sign != SPACE or not after or not wide(after[0].sign) or abs(after[0].y - lost.y) >= 0.35 * lost.size:
        return lost
    is_wide = 0.8 < (after[0].left - lost.left) / lost.size < 1.2
    return replace(lost, sign="\u3000", right=after[0].left) if is_wide else lost


def _size(text: Any, index: int) -> float:
    """The size of the letters on the page: that of the font, scaled by the matrix of the text."""
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text, index, matrix)
    size = float(raw.FPDFText_GetFontSize(text, index))
    return size * math.hypot(matrix.c, matrix.d) or 1.0


def _is_bold(text: Any, index: int) -> bool:
    from pypdfium2 import raw

    if raw.FPDFText_GetFontWeight(text, index) >= BOLD_WEIGHT:
        return True
    buffer, flags = ctypes.create_string_buffer(100), ctypes.c_int()
    raw.FPDFText_GetFontInfo(text, index, buffer, 100, flags)
    return bool(BOLD_FONT.search(buffer.value))


def _runs(characters: Iterable[Character]) -> Iterator[Run]:
    """Neighbours on one base line make a run; a wide gap ends it, as between columns."""
    run: list[Character] = []
    for char in characters:
        if run and not _follows(run[-1], char):
            yield from _run(run)
            run = []
        run.append(char)
    yield from _run(run)


def _follows(last: Character, char: Character) -> bool:
    size = max(last.size, char.size)
    return abs(char.y - last.y) < 0.35 * size and -size < char.left - last.right < 1.5 * size


def _run(run: list[Character]) -> Iterator[Run]:
    if not any(not char.sign.isspace() for char in run):
        return
    out = ""
    for last, char in itertools.pairwise([run[0], *run]):
        out += _space(last, char, out) + char.sign
    seen = [char for char in run if not char.sign.isspace()]
    size = max(char.size for char in seen)
    bold = all(char.bold for char in seen)
    yield Run(out.strip(), seen[0].left, seen[-1].right, seen[0].y, size, bold, seen[-1].hyphen)


def _space(last: Character, char: Character, before: str) -> str:
    """A space that was drawn as a gap only: a quarter of the size; in Japanese, set loosely at times, four fifths."""
    if before[-1:].isspace() or char.sign.isspace():
        return ""
    both_wide = wide(last.sign) and wide(char.sign)
    return " " if char.left - last.right > (0.8 if both_wide else 0.2) * char.size else ""


def _is_pictured(page: Any, area: float) -> bool:
    """Does a page without text show one all the same: as a large image, or as letters turned into outlines?"""
    images = paths = 0.0
    for item in itertools.islice(page.get_objects(max_depth=4), 20 * OUTLINES):
        if item.type == 3:  # FPDF_PAGEOBJ_IMAGE
            left, bottom, right, top = item.get_bounds()
            images += (right - left) * (top - bottom)
        paths += item.type == 2  # FPDF_PAGEOBJ_PATH
    return images >= FILLED * area or paths >= OUTLINES


def _check_count(count: int, name: str) -> None:
    if count > MAX_PAGES:
        raise InputError(f"{name}: {count:,} pages; a policy has at most {MAX_PAGES}: split the file")


def _check_time(end: float, page: int, name: str) -> None:
    if time.monotonic() > end:
        raise InputError(f"{name}: page {page} not reached within {MAX_SECONDS:.0f} seconds; print it to a new PDF")


def _encrypted(name: str) -> InputError:
    return InputError(f"{name}: encrypted; save it without a password")
