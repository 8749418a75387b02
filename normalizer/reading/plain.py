"""Plain text → its lines as blocks; the text itself stays as it is."""

from __future__ import annotations

import re

from normalizer.model import Block

LINE = re.compile(r"[^\r\n\x0b\x0c\x85\u2028\u2029]+")
BREAK = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")


def read(text: str) -> tuple[str, tuple[Block, ...]]:
    """The text unchanged, and a block for each line that is not white space, trimmed.

    `level` is the line's indent in columns (an ideographic space has two, a tab goes to the next multiple of
    four); `gap` says that an empty line stands above.
    """
    blocks: list[Block] = []
    last = 0
    for line in LINE.finditer(text):
        words = line.group().strip()
        if not words:
            continue
        start = line.start() + line.group().index(words[0])
        gap = len(BREAK.findall(text, last, start)) > 1 and bool(blocks)
        blocks.append(Block(start, start + len(words), "line", _columns(text[line.start() : start]), gap))
        last = start + len(words)
    return text, tuple(blocks)


def _columns(white: str) -> int:
    columns = 0
    for char in white:
        columns = columns + 4 - columns % 4 if char == "\t" else columns + (2 if char == "\u3000" else 1)
    return columns
