"""A Word document → the words of its policy, with headings, numbered paragraphs, list items and cells as blocks.

Word keeps the numbers of its lists out of the text; they are worked out here and written before their paragraphs,
as a reader sees them. Opening the package is python-docx's work, all else is done on its XML.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from normalizer.errors import InputError
from normalizer.reading.docx.package import opened
from normalizer.reading.docx.walk import walk

if TYPE_CHECKING:
    from normalizer.model import Block


def read(data: bytes, name: str) -> tuple[str, tuple[Block, ...]]:
    """The text and its blocks. `name` is what messages call the file.

    Raises InputError for a damaged or encrypted file, one that unpacks too large, and one without text.
    """
    writer = walk(opened(data, name))
    text = writer.text()
    if not any(char.isalnum() for char in text):
        raise InputError(f"{name}: no text in it; a document of pictures must go through text recognition first")
    return text, tuple(writer.blocks)
