"""An element → is it hidden from readers: scripts, furigana, what style or attributes hide, but not closed panels?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalizer.reading.html.tags import HEADINGS, NEVER_SHOWN, REGIONS, TEXTS

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

HIDDEN_STYLE = re.compile(r"display\s{0,5}:\s{0,5}none|visibility\s{0,5}:\s{0,5}hidden", re.IGNORECASE)
PANEL_HEADS = HEADINGS | frozenset(("dt", "button", "summary"))  # what shows a panel that is closed at first
REGION_LIST = ",".join(sorted(REGIONS))
LONGEST_HEAD = 80  # characters of what opens a panel
PROSE = 25  # characters of what is a panel's text
ARROWS = frozenset("↩↑▲△^×✕⤴⏎\ufe0e\ufe0f")  # what a link that leads back, up or away may show instead of words
UP = ("↑", "▲", "△", "^", "⤴")  # what a link that leads up the page may show before its words
LONGEST_UP = 20  # characters of such a link


def is_unseen(node: LexborNode) -> bool:
    """Is the element hidden from readers (script, hidden, aria-hidden, display:none, furigana …), or a button?"""
    if node.tag in NEVER_SHOWN:
        return True
    if node.tag == "button" and not _heads_panel(node):
        return True
    attributes = node.attributes
    if node.tag == "a" and _leads_back(node):
        return True
    if node.tag == "object" and attributes.get("data"):  # without, a link within a link is wrapped in it
        return True
    if not attributes:
        return False
    hidden = (
        ("hidden" in attributes and attributes["hidden"] != "until-found")
        or attributes.get("aria-hidden") == "true"
        or bool(HIDDEN_STYLE.search(attributes.get("style") or ""))
    )
    return (hidden and not _is_panel(node)) or (node.tag == "dialog" and "open" not in attributes)


def _leads_back(link: LexborNode) -> bool:
    """Does the link show an arrow only: from a footnote to its place, to the top, away with a banner? Or does it lead
    up the page, and say so: ▲ページTOPへ?"""
    shown = (link.text() or "").strip() if link.first_child is not None else ""
    if not shown or len(shown) > LONGEST_UP:
        return False
    up = shown.startswith(UP) and (link.attributes.get("href") or "").startswith("#")
    return up or (len(shown) <= 3 and ARROWS.issuperset(shown))


def _is_panel(node: LexborNode) -> bool:
    """Is the hidden element the text of an accordion or of a tab: right below the heading or button that opens it?"""
    if (node.attributes.get("role") or "").lower() in ("tabpanel", "region"):
        return True
    before = node.prev
    while before is not None and not before.is_element_node:
        before = before.prev
    if node.tag in TEXTS - {"dd"} or before is None or before.tag in REGIONS:
        return False
    if before.tag in PANEL_HEADS:
        return True
    if before.css_first(REGION_LIST) is not None:
        return False
    return before.css_first(",".join(sorted(PANEL_HEADS))) is not None and len(before.text().strip()) <= LONGEST_HEAD


def _heads_panel(button: LexborNode) -> bool:
    """Does a button bear the caption of a panel (an accordion's), and no act such as 同意する?"""
    if any(name in button.attributes for name in ("aria-expanded", "aria-controls")):
        return True
    parent, after = button.parent, button.next
    while after is not None and not after.is_element_node:
        after = after.next
    titled = parent is not None and parent.tag in (*HEADINGS, "dt", "summary")
    return titled or (after is not None and len((after.text() or "").strip()) >= PROSE and after.tag != "button")
