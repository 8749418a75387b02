"""The tree of a page → its tabs, which stand in a row where the page has them, and the panel that each of them opens.

Roles and attributes: WAI-ARIA 1.2, https://www.w3.org/TR/wai-aria-1.2/#tab
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MOST = 100  # tabs of a page
LONGEST = 80  # characters of a tab's caption


@dataclass(frozen=True, slots=True)
class Panels:
    """By `mem_id`: the captions of panels, and the tabs, which are read with their panels and not where they stand."""

    captions: dict[int, str]
    tabs: frozenset[int]


def panels(body: LexborNode) -> Panels:
    """The tabs of a page with one panel each."""
    tabs = body.css("[role=tab]")[:MOST]
    if not tabs:
        return Panels({}, frozenset())
    by_id = {panel.attributes.get("id") or "": panel for panel in body.css("[role=tabpanel]")}
    labelled = {panel.attributes.get("aria-labelledby") or "": panel for panel in by_id.values()}
    captions: dict[int, str] = {}
    read: set[int] = set()
    for tab in tabs:
        attributes = tab.attributes
        target = attributes.get("aria-controls") or (attributes.get("href") or "").removeprefix("#")
        panel = by_id.get(target) if target else labelled.get(attributes.get("id") or "-")
        words = " ".join((tab.text() or "").split())
        if panel is None or not words or len(words) > LONGEST or panel.mem_id in captions:
            continue
        captions[panel.mem_id] = "" if _is_titled(panel, words) else words
        read.add(tab.mem_id)
    return Panels(captions, frozenset(read))


def _is_titled(panel: LexborNode, words: str) -> bool:
    """Does the panel say its caption again, as its own heading?"""
    heading = panel.css_first("h1,h2,h3,h4,h5,h6")
    return heading is not None and " ".join((heading.text() or "").split()) == words
