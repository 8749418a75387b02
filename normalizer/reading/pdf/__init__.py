"""A PDF → the words of its policy: lines joined to paragraphs, headings told by their type.

Headers, footers and page numbers are left out of the text, since they would stand in the middle of sentences. What
a page says nothing about (lists, headings in the body's type) is left to segmentation, which reads lines with their
indents and gaps as it reads those of plain text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from normalizer.errors import InputError
from normalizer.reading.pdf import legible, lines, pages, paragraphs

if TYPE_CHECKING:
    from normalizer.model import Block


def read(data: bytes, name: str) -> tuple[str, tuple[Block, ...]]:
    """The text and its blocks. `name` is what messages call the file.

    Raises InputError: damaged, encrypted, scanned (no text behind the pictures), garbled (fonts without a true
    character map), too many pages, or too slow to read.
    """
    found = pages.pages(data, name)
    if legible.garbled(found):
        found = pages.fallback_pages(data, name)  # reads some fonts that pdfium does not
    legible.check(found, name)
    writer = paragraphs.blocks(lines.lines(found))
    text = writer.text()
    if not any(char.isalnum() for char in text):
        raise InputError(f"{name}: no text in it but page numbers and the like")
    return text, tuple(writer.blocks)
