"""The lists of a page → the marker of each item, as a browser shows it.

start, value, reversed, type and list-style-type as in the HTML standard (The ol element, The li element); where the
number has a suffix it is that of CSS Counter Styles Level 3: a full stop, in Japanese styles 、.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer.reading.markers import numeral

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

TYPES = {"1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
ALIASES = {"lower-latin": "lower-alpha", "upper-latin": "upper-alpha", "trad-chinese-informal": "cjk-ideographic"}
BULLETS = {"disc": "•", "circle": "◦", "square": "▪"}
BULLET_OF_DEPTH = ("disc", "circle", "square")
COMMA_STYLES = ("katakana", "hiragana", "katakana-iroha", "hiragana-iroha", "cjk-", "japanese-")
STYLE = re.compile(r"list-style(?:-type)?\s{0,5}:\s{0,5}([^;]{1,100})", re.IGNORECASE)
STRING = re.compile(r"""["']([^"']{0,20})["']""")
WORD = re.compile(r"[a-z][a-z0-9-]{1,40}")
NO_STYLE = ("inside", "outside", "inherit", "initial", "url")
LARGEST = 1_000_000


@dataclass(slots=True)
class List:
    """An open list, and the number of its next item."""

    style: str  # "decimal", "disc", "none", or '"…"' for a fixed string
    next: int = 1
    step: int = 1

    def marker(self, item: LexborNode) -> str:
        """The marker of the next item, with the space behind it; "" where the list shows none."""
        value = _integer(item, "value")
        number = self.next if value is None else value
        self.next = number + self.step
        style = _style(item) or TYPES.get(item.attributes.get("type") or "") or self.style
        if style.startswith('"'):
            return style[1:]
        if style in BULLETS:
            return f"{BULLETS[style]} "
        suffix = "、" if style.startswith(COMMA_STYLES) else ". "
        return "" if style == "none" else numeral(style, number) + suffix


def opened(node: LexborNode, depth: int) -> List:
    """The list that a ul, ol, menu or dir element opens, inside `depth` others."""
    style = _style(node)
    if node.tag != "ol":
        type_ = (node.attributes.get("type") or "").lower()
        return List(style or (type_ if type_ in BULLETS else BULLET_OF_DEPTH[min(depth, 2)]))
    style = style or TYPES.get(node.attributes.get("type") or "", "decimal")
    start = _integer(node, "start")
    if "reversed" in node.attributes:
        return List(style, _count(node) if start is None else start, -1)
    return List(style, 1 if start is None else start)


def _style(node: LexborNode) -> str:
    """The list style that the element's own style attribute gives; "" if none."""
    found = STYLE.search(node.attributes.get("style") or "")
    if not found:
        return ""
    if string := STRING.search(found.group(1)):
        return f'"{string.group(1)}'
    words = [word for word in WORD.findall(found.group(1).lower()) if word not in NO_STYLE]
    return ALIASES.get(words[0], words[0]) if words else ""


def _integer(node: LexborNode, attribute: str) -> int | None:
    value = (node.attributes.get(attribute) or "").strip()
    digits = value.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 9):
        return None
    return max(-LARGEST, min(LARGEST, int(value)))


def _count(node: LexborNode) -> int:
    count, child = 0, node.first_child
    while child is not None:
        count, child = count + (child.tag == "li"), child.next
    return count
