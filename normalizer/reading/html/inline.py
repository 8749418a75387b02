"""Elements within a line → which are bold, which mark a footnote, which stand apart from the words beside them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalizer.reading.html.tags import BOLD
from normalizer.reading.writer import wide

if TYPE_CHECKING:
    from collections.abc import Sequence

    from selectolax.lexbor import LexborNode

BOLD_STYLE = re.compile(r"font-weight\s{0,5}:\s{0,5}(?:bold|[6-9]00)", re.IGNORECASE)
NOTE = re.compile(r"[0-9]{1,3}")
SHORTEST = 4  # parts of a line that may be its number: tags and white space are parts too
NUMBER = re.compile(r"(?:第[0-9０-９一二三四五六七八九十]{1,3}[章節条]|(?:Article|Section) [0-9]{1,3}|[0-9０-９]{1,2})")

LONE_NUMBER = re.compile(NUMBER.pattern + r"[.．]?|[（(][0-9０-９]{1,2}[)）]|[①-⑳]")


def is_bold(node: LexborNode) -> bool:
    return node.tag in BOLD or (node.tag == "span" and bool(BOLD_STYLE.search(node.attributes.get("style") or "")))


def is_note(node: LexborNode) -> bool:
    """Is the element the raised number that leads to a footnote? Without brackets it would be read into the words."""
    if node.tag != "sup" or not NOTE.fullmatch((node.text() or "").strip()):
        return False
    link = node.css_first("a") or (node.parent if node.parent is not None and node.parent.tag == "a" else None)
    return link is not None and "#" in (link.attributes.get("href") or "")


def is_lone_number(node: LexborNode) -> bool:
    """Is the element, the first of some, but the number of what stands beside it: <td>1</td>, <div>第1条</div>?"""
    before, after = node.prev, node.next
    while before is not None and before.is_text_node:
        before = before.prev
    while after is not None and after.is_text_node:
        after = after.next
    inner: LexborNode | None = node
    while inner is not None and not inner.is_text_node:
        inner = inner.first_child if inner.first_child is not None and inner.first_child.next is None else None
    words = (inner.text_content or "").strip() if inner is not None else ""
    return before is None and after is not None and len(words) < 9 and bool(LONE_NUMBER.fullmatch(words))


def parts_from_last(node: LexborNode, last: str, heading: bool) -> bool:
    """Does a span stand apart from the span right before it, as the page's style sheet shows and its text does not?

    In a heading, two languages do; elsewhere two spans that fill their element, of which the classes differ or the
    second begins with a capital behind a small letter: a name and its value.
    """
    before, after = last.strip(), (node.text() or "").strip()
    if node.tag != "span" or node.prev is None or node.prev.tag != "span" or not before or not after:
        return False
    if heading and wide(before[-1]) != wide(after[0]):
        return True
    named, other = node.prev.attributes.get("class"), node.attributes.get("class")
    differ = bool(named and other and named != other) or (before[-1].islower() and after[0].isupper())
    return differ and node.prev.prev is None and node.next is None


def stands_apart(node: LexborNode, words: Sequence[str]) -> bool:
    """Is a span the number alone that begins a heading or an item, with the words right behind it?"""
    if node.tag not in ("span", "b", "strong", "em", "i", "small") or node.next is None or len(words) > SHORTEST:
        return False
    behind = (node.next.text_content if node.next.is_text_node else node.next.text()) or ""
    letter = behind[:1].isalpha()
    return letter and bool(NUMBER.fullmatch("".join(words).strip()))
