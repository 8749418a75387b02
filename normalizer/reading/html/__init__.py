"""A web page → the words of its policy, with headings, list items, cells and paragraphs as blocks.

The tree comes from selectolax, the walk is ours: every converter that was tried renumbers lists, and a clause 5(c)
that becomes "1." can no longer be cited. The markers of lists are written as the browser shows them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from normalizer.errors import InputError
from normalizer.reading.html import guard
from normalizer.reading.html.charset import decode_page
from normalizer.reading.html.content import events, furniture
from normalizer.reading.html.counters import Counters
from normalizer.reading.html.panels import panels
from normalizer.reading.html.sheet import rules
from normalizer.reading.html.unseen import is_unseen
from normalizer.reading.html.walk import Walk

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from normalizer.model import Block
    from normalizer.reading.html.sheet import Rule
    from normalizer.reading.writer import Writer


def read(data: bytes, name: str) -> tuple[str, tuple[Block, ...], str]:
    """The text, its blocks, and the encoding. `name` is what messages call the page.

    Raises EncodingError; InputError for a page without text, or one built to exhaust whoever reads it.
    """
    source, encoding = decode_page(data, name)
    return *read_text(source, name), encoding


def read_text(source: str, name: str) -> tuple[str, tuple[Block, ...]]:
    """As `read`, from a page that is decoded already."""
    from selectolax.lexbor import LexborHTMLParser  # 10 ms that plain text need not pay

    source = source.replace("\0", "")
    guard.check(source, name)
    page = LexborHTMLParser(source)
    body = page.body
    if body is not None:
        numbered = rules([sheet.text() for sheet in page.css("style")])
        # Scripts show pages that begin hidden: what is left when all else is empty is better than nothing.
        for dropped, hidden in ((furniture(body), False), (frozenset[int](), False), (frozenset[int](), True)):
            writer = _walk(body, dropped, hidden, numbered)
            text = writer.text()
            if any(char.isalnum() for char in text):
                return text, tuple(writer.blocks)
    raise InputError(f"{name}: no text in it; where a script builds the page, save it from the browser and give that")


def _walk(body: LexborNode, dropped: frozenset[int], hidden: bool, numbered: dict[str, list[Rule]]) -> Writer:
    """The blocks of the page, without the elements `dropped`; with what is hidden if `hidden`.

    numbered: the rules of the page's style sheet that number elements.
    """
    tabs = panels(body)
    out = Walk(Counters(numbered), tabs.captions)

    def skip(node: LexborNode) -> bool:
        if node.mem_id in dropped or node.mem_id in tabs.tabs:
            return True
        return node.tag in ("script", "style", "template") if hidden else is_unseen(node)

    for event, node in events(body, skip):
        if event == "text":
            out.words(node.text_content or "")
        elif event == "open":
            out.open(node)
        else:
            out.close(node)
    out.finish()
    return out.writer
