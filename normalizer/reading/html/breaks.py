"""The words of a paragraph → its lines, as a browser breaks them and collapses their white space."""

from __future__ import annotations

import re

from normalizer.reading.writer import wide

SPACE = re.compile(r"[ \t\n\r\f]+")
BREAK = "\0"  # of a br, or of a line in pre; the text itself has no NUL left


def lines_of(inline: list[tuple[str, bool]]) -> list[tuple[str, bool, int]]:
    """The lines between breaks: words with white space collapsed, whether all is bold, indent in columns."""
    out = []
    line: list[tuple[str, bool]] = []
    for text, bold in [*inline, (BREAK, False)]:
        first, *rest = text.split(BREAK)
        line.append((first, bold))
        for part in rest:
            out.append(_line(line))
            line = [(part, bold)]
    return out


def _line(parts: list[tuple[str, bool]]) -> tuple[str, bool, int]:
    raw = "".join(text for text, _ in parts)
    words = SPACE.sub(lambda found: _space(raw, found), raw).strip()
    bold = bool(words) and all(bold for text, bold in parts if not text.isspace() and text)
    white = raw.lstrip(" \t\n\r\f")
    indent = sum(2 if char == "　" else 1 for char in white[: len(white) - len(white.lstrip("　\xa0"))])
    return words, bold, indent


def _space(raw: str, found: re.Match[str]) -> str:
    """White space is one space; a line break between two Japanese characters is none (CSS Text 3, 4.1.3)."""
    before, after = raw[found.start() - 1 : found.start()], raw[found.end() : found.end() + 1]
    return "" if "\n" in found.group() and before and after and wide(before) and wide(after) else " "
