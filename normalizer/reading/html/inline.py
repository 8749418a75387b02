"""The words and elements within a line → its words: what is bold, what marks a footnote, what stands apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalizer.reading.html.breaks import BREAK, lines_of
from normalizer.reading.html.tags import BLOCKS, BOLD, HEADINGS
from normalizer.reading.writer import wide

if TYPE_CHECKING:
    from collections.abc import Sequence

    from selectolax.lexbor import LexborNode

BLOCK_STYLE = re.compile(r"display\s{0,5}:\s{0,5}(?:block|flex|grid|list-item)", re.IGNORECASE)
BOLD_STYLE = re.compile(r"font-weight\s{0,5}:\s{0,5}(?:bold|[6-9]00)", re.IGNORECASE)
NOTE = re.compile(r"[0-9]{1,3}")
WORD_END = re.compile(r"(?:[A-Za-z]{3}|[⺀-\U0010ffff]|[.)\]”’])$")
SHORTEST = 4  # parts of a line that may be its number: tags and white space are parts too
NUMBER = re.compile(r"(?:第[0-9０-９一二三四五六七八九十]{1,3}[章節条]|(?:Article|Section) [0-9]{1,3}|[0-9０-９]{1,2})")

LONE_NUMBER = re.compile(NUMBER.pattern + r"[.．]?|[（(][0-9０-９]{1,2}[)）]|[①-⑳]")
ASKS, ANSWERS = (re.compile(rf"[{letters}][0-9０-９]{{0,2}}[.．:：]?") for letters in ("QＱ", "AＡ"))
MOST_NODES = 60  # of a question
QUESTION = re.compile(r"(?:[?？]|か。?)$")


class Words:
    """The words of the line being read, and whether they are bold."""

    def __init__(self) -> None:
        self._parts: list[tuple[str, bool]] = []
        self._bold = self._pre = 0
        self._note = ""  # what stands behind the open number of a note

    def add(self, text: str) -> None:
        if self._pre:
            text = text.replace("\r\n", "\n").replace("\n", BREAK)
        if text:
            self.show(text)

    def show(self, text: str) -> None:
        self._parts.append((text, self._bold > 0))

    def open(self, node: LexborNode, heading: bool) -> None:
        """An element begins; `heading`: within a heading."""
        before = self._parts[-1][0] if self._parts else ""
        if node.tag == "br":
            self._parts.append((BREAK, False))
        elif node.tag == "img" and heading and (said := said_of_image(node)):
            self._parts.append((f"{said} ", False))
        elif leads_to_note(node, before):
            self._note = "]"
            self._parts.append(("[", False))
        elif numbers_note(node) and not any(text.strip() for text, _ in self._parts):
            self._note = " "
            self._parts.append(("※", False))
        elif parts_from_last(node, before, heading):
            self.show(" ")
        self._bold += is_bold(node)
        self._pre += node.tag == "pre"

    def close(self, node: LexborNode, numbered: bool) -> None:
        """An element ends; `numbered`: within a heading or an item, that may begin with its number."""
        self._bold -= is_bold(node)
        self._pre -= node.tag == "pre"
        if node.tag == "sup" and self._note:
            self._parts.append((self._note, False))
            self._note = ""
        elif numbered and stands_apart(node, [words for words, _ in self._parts[: SHORTEST + 1]]):
            self.show(" ")

    def take(self, joined: bool) -> list[tuple[str, bool, int]]:
        """The lines read since the last edge of a block, as `lines_of` has them; one line if `joined`."""
        parts, self._parts = self._parts, []
        if not parts:
            return []
        return lines_of([(text.replace(BREAK, "\n"), bold) for text, bold in parts] if joined else parts)


def is_block(node: LexborNode) -> bool:
    if node.tag in BLOCKS:
        return True
    return node.tag == "span" and bool(BLOCK_STYLE.search(node.attributes.get("style") or ""))


def is_bold(node: LexborNode) -> bool:
    return node.tag in BOLD or (node.tag == "span" and bool(BOLD_STYLE.search(node.attributes.get("style") or "")))


def leads_to_note(node: LexborNode, before: str) -> bool:
    """Is the element the raised number of a footnote? Without brackets it would be read into the words.

    before: the words right before it. A number without a link is one behind a word, not behind a unit (10 m2).
    """
    if not numbers_note(node):
        return False
    link = node.css_first("a") or (node.parent if node.parent is not None and node.parent.tag == "a" else None)
    return (link is not None and "#" in (link.attributes.get("href") or "")) or bool(WORD_END.search(before))


def numbers_note(node: LexborNode) -> bool:
    return node.tag == "sup" and bool(NOTE.fullmatch((node.text() or "").strip()))


def said_of_image(image: LexborNode) -> str:
    """What an image of the words or of the number of a heading says; no logo (a link), nor what decorates words."""
    heading = image.parent
    while heading is not None and heading.tag not in HEADINGS:
        if heading.tag in ("a", "body"):
            return ""
        heading = heading.parent
    said = " ".join((image.attributes.get("alt") or "").split())
    alone = heading is not None and not (heading.text() or "").strip()
    return said if alone or LONE_NUMBER.fullmatch(said) or NUMBER.fullmatch(said) else ""


def is_lone_number(node: LexborNode) -> bool:
    """Is the element, the first of some or a dt, but the number of what stands beside it: <td>1</td>, <dt>①</dt>?"""
    after = _element(node, forward=True)
    if after is None or (node.tag != "dt" and _element(node, forward=False) is not None):
        return False
    inner: LexborNode | None = node
    while inner is not None and not inner.is_text_node:
        inner = inner.first_child if inner.first_child is not None and inner.first_child.next is None else None
    words = (inner.text_content or "").strip() if inner is not None else ""
    return len(words) < 9 and (bool(LONE_NUMBER.fullmatch(words)) or _asks(words, node, after))


def _asks(words: str, node: LexborNode, after: LexborNode) -> bool:
    """<p>Q</p> beside a question, or <p>A</p> where the element before the one around it begins with a Q."""
    if ASKS.fullmatch(words):
        return bool(QUESTION.search(_short_text(after)))
    if not ANSWERS.fullmatch(words) or node.parent is None:
        return False
    question = _element(node.parent, forward=False)
    return question is not None and bool(ASKS.match(_short_text(question)))


def _short_text(node: LexborNode) -> str:
    """The words of an element of few nodes; "" of a larger one, so that elements within one another take no square."""
    parts: list[str] = []
    waiting, seen = [node], 0
    while waiting and seen < MOST_NODES:
        part = waiting.pop()
        seen += 1
        if part.is_text_node:
            parts.append(part.text_content or "")
        child = part.last_child
        while child is not None and seen < MOST_NODES:
            waiting.append(child)
            child, seen = child.prev, seen + 1
    return "" if waiting else "".join(parts).strip()


def _element(node: LexborNode, forward: bool) -> LexborNode | None:
    """The next element beside the node, or the one before."""
    other = node.next if forward else node.prev
    while other is not None and other.is_text_node:
        other = other.next if forward else other.prev
    return other


def parts_from_last(node: LexborNode, last: str, heading: bool) -> bool:
    """Does a span stand apart from the span right before it, as the page's style sheet shows and its text does not?

    In a heading, two languages do; elsewhere two spans that fill their element, of which the classes differ or the
    second begins with a capital behind a small letter: a name and its value.
    """
    before, after = last.strip(), (node.text() or "").strip()
    if node.tag not in ("span", "small") or node.prev is None or not before or not after:
        return False
    if heading and node.prev.is_text_node and " " in before + after:  # Cookie<span>ポリシー</span> is one title
        return wide(before[-1]) != wide(after[0])
    if node.tag != "span" or node.prev.tag != "span":
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
