"""styles.xml → what a paragraph's style says: heading level, numbering, bold. A style has what it is based on."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from normalizer.reading.docx.package import W

HEADING = re.compile(r"(?:heading|見出し) ?([1-9])$", re.IGNORECASE)
WIDEST = 31_680  # twentieths of a point: Word's widest indent
DEPTH = 20  # styles based on styles; Word allows 11


@dataclass(frozen=True, slots=True)
class Style:
    """The settings of a paragraph that matter here; None where neither it nor its style says."""

    name: str = ""
    outline: int | None = None  # heading level from 1; 0 for Title
    num: str | None = None  # numId; "0" switches numbering off
    level: int | None = None  # ilvl
    bold: bool | None = None
    hidden: bool = False
    indent: int | None = None  # at the left, in twentieths of a point


def styles(root: Any) -> tuple[dict[str, Style], str]:
    """Each style by its id, with what it inherits, and the id of the default one for paragraphs."""
    if root is None:
        return {}, ""
    elements = {element.get(f"{W}styleId"): element for element in root.iterfind(f"{W}style")}
    default = next((id for id, element in elements.items() if _is_default(element)), "")
    return {id: _resolved(id, elements) for id in elements}, default


def direct(element: Any, inherited: Style) -> Style:
    """A w:p or w:style element's own settings over those it inherits."""
    outline = _setting(element, "pPr/outlineLvl")
    num, level = _setting(element, "pPr/numPr/numId"), _setting(element, "pPr/numPr/ilvl")
    if outline is not None and outline.isdigit() and len(outline) == 1:
        inherited = replace(inherited, outline=int(outline) + 1 if int(outline) < 9 else None)
    if num is not None:
        inherited = replace(inherited, num=num)
    if (indent := indent_of(element)) is not None:
        inherited = replace(inherited, indent=indent)
    if level is not None and level.isascii() and level.isdigit():
        inherited = replace(inherited, level=min(int(level[:3]), 8))
    return inherited


def indent_of(element: Any) -> int | None:
    """The left indent that an element's w:pPr gives, in twentieths of a point; None if it gives none."""
    found = element.find(f"{W}pPr/{W}ind")
    value = None if found is None else found.get(f"{W}left") or found.get(f"{W}start")
    return min(int(value), WIDEST) if value and value.isascii() and value.isdigit() and len(value) < 7 else None


def is_on(properties: Any, tag: str) -> bool | None:
    """A switch such as w:b in run properties: on, off, or None where it is not set."""
    found = None if properties is None else properties.find(f"{W}{tag}")
    return None if found is None else found.get(f"{W}val") not in ("0", "false", "off")


def _resolved(id: str, elements: dict[str, Any]) -> Style:
    chain: list[Any] = []
    current: str | None = id
    while current in elements and len(chain) < DEPTH:
        chain.append(elements[current])
        current = _setting(elements[current], "basedOn")
    out = Style()
    for element in reversed(chain):
        out = _named(element, direct(element, out))
    return out


def _named(element: Any, style: Style) -> Style:
    name = _setting(element, "name") or ""
    properties = element.find(f"{W}rPr")
    bold, hidden = is_on(properties, "b"), is_on(properties, "vanish")
    heading = HEADING.match(name)
    outline = int(heading.group(1)) if heading else 0 if name.lower() in ("title", "表題") else style.outline
    return replace(
        style,
        name=name,
        outline=outline,
        bold=style.bold if bold is None else bold,
        hidden=style.hidden if hidden is None else hidden,
    )


def _is_default(element: Any) -> bool:
    return element.get(f"{W}type") == "paragraph" and element.get(f"{W}default") in ("1", "true", "on")


def _setting(element: Any, path: str) -> str | None:
    found = element.find("/".join(f"{W}{tag}" for tag in path.split("/")))
    return None if found is None else found.get(f"{W}val")
