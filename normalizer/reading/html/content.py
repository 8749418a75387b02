"""The tree of a page → what of it no reader of the policy sees or wants: hidden parts, and the page's own furniture.

Recall comes first: extractors that guess the main text lose list items of policies, the commonest complaint about
them. So a region is dropped only for what it is (nav, footer, a cookie banner), or where it is a menu: links and
little else, in a place where no prose stands beside it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from normalizer.reading.html.regions import (
    BUTTON_NAMES,
    CONSENT_DIALOGS,
    FRAME_NAMES,
    OUTSIDE_NAMES,
    REGION_NAMES,
    REGION_ROLES,
    names,
)
from normalizer.reading.html.tags import HEADINGS, REGIONS, TEXTS
from normalizer.reading.html.unseen import is_unseen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from selectolax.lexbor import LexborNode

MOST = 0.3  # a region with more of the page's words than this is no furniture, whatever its name
MENU_LINKS, MENU_SHARE = 3, 0.6  # a menu has so many links or more, and they are so much of its words
CONTENTS_SHARE = 0.9  # links to places of the page itself, and hardly another word: its table of contents
LONGEST_BUTTON = 40
PROSE = 25  # an element with so many characters outside links is prose
Event = Literal["open", "close", "text"]


@dataclass(slots=True)
class Weight:
    """What stands below an element."""

    characters: int = 0
    linked: int = 0  # characters inside links
    links: int = 0
    inner: int = 0  # links to places of the page itself
    headings: int = 0
    forms: int = 0  # to fill in
    asked: int = 0  # characters in forms to fill in, and in headings

    def add(self, other: Weight) -> None:
        self.characters += other.characters
        self.linked += other.linked
        self.links += other.links
        self.inner += other.inner
        self.forms += other.forms
        self.asked += other.asked
        self.headings += other.headings


def events(root: LexborNode, skip: Callable[[LexborNode], bool]) -> Iterator[tuple[Event, LexborNode]]:
    """The tree in reading order, without recursion; what `skip` holds true for is left out with all below it."""
    node: LexborNode | None = root
    depth, entering = 0, True
    while node is not None:
        if entering and node.is_text_node:
            yield "text", node
        elif entering and not skip(node):
            yield "open", node
            if (child := node.first_child) is not None:
                node, depth = child, depth + 1
                continue
            yield "close", node
        elif not entering:
            yield "close", node
        if depth == 0:
            return
        after = node.next
        node, entering = (after, True) if after is not None else (node.parent, False)
        depth -= 0 if entering else 1


@dataclass(slots=True)
class Page:
    """All that a region is judged by."""

    weights: dict[int, Weight]
    whole: Weight
    one_title: bool  # there is one h1
    above: frozenset[int]  # what stands before the main element
    prose: dict[int, tuple[bool, Counter[str]]]  # by parent: prose among its children; tags with heading and prose


def furniture(body: LexborNode) -> frozenset[int]:
    """The `mem_id`s of the elements that belong to the page and not to the policy."""
    weights = _weights(body)
    whole = weights.get(body.mem_id, Weight())
    page = Page(weights, whole, len(body.css("h1")) == 1, _before_main(body, weights, whole), {})
    dropped = {dialog.mem_id for dialog in body.css(CONSENT_DIALOGS)}
    for event, node in events(body, lambda node: is_unseen(node) or node.mem_id in dropped):
        if event == "open" and node.mem_id != body.mem_id and _is_furniture(node, page):
            dropped.add(node.mem_id)
    return frozenset(dropped)


def _before_main(body: LexborNode, weights: dict[int, Weight], whole: Weight) -> frozenset[int]:
    """What stands above the main element, where that has the page's title and most of its words: bars, carts, links."""
    found = body.css("main,[role=main]")
    if not found or len(found[0].css("main,[role=main]")) < len(found) or found[0].css_first("h1") is None:
        return frozenset()
    if weights.get(found[0].mem_id, Weight()).characters < whole.characters * (1 - MOST):
        return frozenset()
    above: set[int] = set()
    node: LexborNode | None = found[0]
    while node is not None and node.mem_id != body.mem_id:
        before = node.prev
        while before is not None:
            above.add(before.mem_id)
            before = before.prev
        node = node.parent
    return frozenset(above)


def _weights(body: LexborNode) -> dict[int, Weight]:
    """The weight of each element that can be seen."""
    out: dict[int, Weight] = {}
    open_elements: list[Weight] = []
    for event, node in events(body, is_unseen):
        if event == "open":
            open_elements.append(Weight())
        elif event == "text":
            open_elements[-1].characters += len((node.text_content or "").strip())
        else:
            weight = open_elements.pop()
            if node.tag == "a":
                weight.linked, weight.links = weight.characters, 1
                weight.inner = (node.attributes.get("href") or "").startswith("#")
            weight.headings += node.tag in HEADINGS and weight.characters > 0
            form = node.tag == "form" and _is_filled_in(node)
            weight.forms += form
            if form or node.tag in HEADINGS:
                weight.asked = weight.characters
            out[node.mem_id] = weight
            if open_elements:
                open_elements[-1].add(weight)
    return out


def _is_furniture(node: LexborNode, page: Page) -> bool:
    weight = page.weights[node.mem_id]
    if node.tag in HEADINGS or node.tag in ("main", "a") or not weight.characters:
        return False
    little = weight.characters <= page.whole.characters * MOST
    if node.mem_id in page.above:
        return True
    if _is_region(node, weight) and not (page.one_title and _holds_title(node, page)):
        return little or _is_menu(weight)
    if _is_button(node, weight):
        return True
    if _is_contents(weight) or (weight.forms and weight.characters == weight.asked and little):
        return True
    return _is_menu(weight) and node.tag not in TEXTS and not _beside_prose(node, page)


def _is_button(node: LexborNode, weight: Weight) -> bool:
    """Is the element, or the one link that is all its words, a button by its name: お問い合わせフォームへ?"""
    if (
        weight.links != 1
        or weight.linked != weight.characters
        or weight.characters > LONGEST_BUTTON
        or node.tag == "td"
    ):
        return False
    link = node.css_first("a")
    return any(part is not None and bool(BUTTON_NAMES.search(names(part.attributes))) for part in (node, link))


def _is_region(node: LexborNode, weight: Weight) -> bool:
    attributes = node.attributes
    role = (attributes.get("role") or "").lower()
    name = names(attributes)
    if node.tag in ("header", "footer", "aside") and not role and _is_inside_content(node):
        return False
    if node.tag in REGIONS or role in REGION_ROLES:
        return True
    if OUTSIDE_NAMES.search(name):
        return True
    if not name.strip() or (weight.headings and _is_inside_content(node)):
        return False  # <section id="cookie-consent"> with a heading, among the sections of the policy
    frame = FRAME_NAMES.search(name)
    return bool(REGION_NAMES.search(name) or (frame and not _is_inside_content(node) and _may_frame(frame[1], weight)))


def _may_frame(name: str, weight: Weight) -> bool:
    """A footer may have headings; a header with one is a section's caption, unless it is full of links."""
    return name.lower() not in ("header", "sns", "share") or not weight.headings or _is_menu(weight)


def _is_inside_content(node: LexborNode) -> bool:
    """The header of an article is the policy's, that of the body the page's."""
    parent = node.parent
    for _ in range(20):
        if parent is None or parent.tag == "body":
            return False
        if parent.tag in ("main", "article", "section") or parent.attributes.get("role") == "main":
            return True
        parent = parent.parent
    return False


def _holds_title(node: LexborNode, page: Page) -> bool:
    title = node.css_first("h1")
    return title is not None and title.mem_id in page.weights and page.weights[title.mem_id].characters > 0


def _is_filled_in(form: LexborNode) -> bool:
    """Some sites wrap the whole page in a form; one that a reader fills in has more than hidden fields."""
    return any(field.attributes.get("type") != "hidden" for field in form.css("input,select,textarea,button"))


def _is_contents(weight: Weight) -> bool:
    """A table of contents: links to places of this page, which say again what its headings say."""
    return weight.inner == weight.links >= MENU_LINKS and weight.linked >= weight.characters * CONTENTS_SHARE


def _is_menu(weight: Weight) -> bool:
    return weight.links >= MENU_LINKS and weight.linked >= weight.characters * MENU_SHARE


def _beside_prose(node: LexborNode, page: Page) -> bool:
    """A list of links below a heading or between paragraphs is the policy's, as is a section among sections."""
    parent = node.parent
    if parent is None:
        return False
    if parent.mem_id not in page.prose:
        page.prose[parent.mem_id] = _prose_below(parent, page.weights)
    prose, sections = page.prose[parent.mem_id]
    own = _is_section(page.weights[node.mem_id])
    return prose or (page.weights[node.mem_id].headings > 0 and sections[node.tag or ""] > own)


def _prose_below(parent: LexborNode, weights: dict[int, Weight]) -> tuple[bool, Counter[str]]:
    prose, sections = False, Counter[str]()
    child = parent.first_child
    while child is not None:
        weight = weights.get(child.mem_id)
        if weight is not None:
            text = child.tag in TEXTS and weight.characters - weight.linked >= PROSE
            prose = prose or text or (child.tag in HEADINGS and weight.characters > 0)
            sections[child.tag or ""] += _is_section(weight)
        child = child.next
    return prose, sections


def _is_section(weight: Weight) -> bool:
    return weight.headings > 0 and weight.characters - weight.linked >= PROSE
