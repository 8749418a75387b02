"""Words with a kind → one text and its blocks; shared by the readers that write their text anew."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from normalizer.model import Block

if TYPE_CHECKING:
    from normalizer.model import BlockKind

DEEPEST = 9  # levels are compared as words by segmentation, so they stay within one digit
TITLE_CHARACTERS = 80  # a bold line is a heading only up to so many
SENTENCE_END = tuple("。．.!！:：;；、,")
# With a title's exceptions: a heading may end in `etc.` or `Co., Ltd.`
ABBREVIATION = re.compile(r"\b(?:etc|Co|Ltd|Inc)\.$")


class Writer:
    """Collects blocks; each stands on a line of its own in the text."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._length = 0

    def add(self, words: str, kind: BlockKind, level: int = 0, gap: bool = False) -> None:
        """One block. `words` are trimmed and not empty."""
        end = self._length + len(words)
        depth = min(level, DEEPEST) if kind == "heading" else level
        self.blocks.append(Block(self._length, end, kind, depth, gap and bool(self.blocks)))
        self._parts.append(words)
        self._length = end + 1

    def make_heading(self, index: int, level: int) -> None:
        """Block number `index` turns out to be a heading."""
        self.blocks[index] = replace(self.blocks[index], kind="heading", level=min(level, DEEPEST))

    def text(self) -> str:
        return "\n".join(self._parts)


def wide(char: str) -> bool:
    """Japanese joins its lines without a space."""
    return char > "\u2e7f"


def reads_as_title(line: str, longest: int = TITLE_CHARACTERS) -> bool:
    """May a line that is bold as a whole be a heading: short, and no sentence?"""
    return len(line) <= longest and (not line.endswith(SENTENCE_END) or bool(ABBREVIATION.search(line)))


def with_header(header: str, words: str) -> str:
    """A table's cell that carries its header: 目的：発送, `Purpose: delivery`."""
    return f"{introduction(header)}{'' if wide(header[-1]) else ' '}{words}"


def introduction(header: str) -> str:
    """A header as the line above a list in its cell: 目的："""
    if header.endswith((":", "：")):
        return header
    return header + ("：" if wide(header[-1]) else ":")
