"""The style sheets in a page → the rules by which a browser numbers its elements; nothing else of them.

CSS Lists and Counters Level 3 (https://www.w3.org/TR/css-lists-3/): counter-reset, counter-increment, and `content`
with counter() and counters(). Of selectors those are known that name elements, classes and ids, within one another
(`a b`) or right below one another (`a > b`); a rule with another selector counts for nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 2**20  # characters of all sheets; a page's own numbering is in the first
MOST_RULES = 400
MOST_STEPS = 6  # of a selector
LONGEST_SELECTOR, LONGEST_BODY, LONGEST_VALUE = 2000, 4000, 400
MOST_PARTS = 8  # of `content`; counters of one property
TOLD = re.compile(r"counter|content", re.IGNORECASE)
PSEUDO = re.compile(r"::?(before|marker)$", re.IGNORECASE)
STEP = re.compile(r"\s*(>?)\s*((?:[A-Za-z][A-Za-z0-9]*|\*)?(?:[.#][\w-]+)*)")
NAME = re.compile(r"[.#]?[\w-]+")
PROPERTY = re.compile(
    r"(counter-reset|counter-increment|content)\s*:\s*((?:\"[^\"]*\"|'[^']*'|[^;\"'])*)", re.IGNORECASE
)
COUNTER = re.compile(r"([A-Za-z_][\w-]*)(?:\s+(-?[0-9]{1,6})(?![\w]))?")
STRING = r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'"
PART = re.compile(
    rf"{STRING}|counters?\(\s*([A-Za-z_][\w-]*)\s*(?:,\s*(\"[^\"]*\"|'[^']*')\s*)?(?:,\s*([\w-]+)\s*)?\)", re.DOTALL
)
ESCAPE = re.compile(r"\\(?:([0-9A-Fa-f]{1,6})\s?|(.))", re.DOTALL)
ABSENT = 10**9
MARKS = ("Q", "A", "Ｑ", "Ａ", "※")  # strings that say something, where most are ornaments
Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A string of `content`, or a counter that it shows."""

    text: str = ""
    counter: str = ""
    style: str = "decimal"
    joint: str | None = None  # between the numbers of counters(); None for counter()


@dataclass(frozen=True, slots=True)
class Step:
    """An element of a selector: its names (`ol`, `.law`, `#top`), and whether the next stands right below it."""

    names: frozenset[str]
    parent: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule says of the elements that its steps lead to, the innermost first."""

    steps: tuple[Step, ...]
    resets: Counts | None = None
    increments: Counts | None = None
    content: tuple[Part, ...] | None = None  # of ::before


def rules(sheets: list[str]) -> dict[str, list[Rule]]:
    """The rules that number elements, by one name of the element that each is for; in the order of the sheets."""
    out: dict[str, list[Rule]] = defaultdict(list)
    count = 0
    for selector, body in _told("\n".join(sheets)[:LONGEST]):
        for rule in _rules(selector, body) if TOLD.search(body) else ():
            count += 1
            if count > MOST_RULES:
                return dict(out)
            names = rule.steps[0].names
            out[max(names, key=lambda name: (name[0] in ".#", name), default="*")].append(rule)
    return dict(out)


def _told(sheet: str) -> Iterator[tuple[str, str]]:
    """The selectors and bodies of a sheet, those within @media too; regular expressions would take a square of time."""
    for rule in _without_comments(sheet).split("}"):
        head, _, body = rule.rpartition("{")
        selector = head.rpartition("{")[2].rpartition(";")[2]
        if 0 < len(selector) <= LONGEST_SELECTOR and len(body) <= LONGEST_BODY:
            yield selector, body


def _without_comments(sheet: str) -> str:
    first, *others = sheet.split("/*")
    return first + "".join(other.partition("*/")[2] for other in others)


def _rules(selector: str, body: str) -> Iterator[Rule]:
    said = {name.lower(): value.strip()[:LONGEST_VALUE] for name, value in PROPERTY.findall(body)}
    resets, increments = (
        counts(said[name]) if name in said else None for name in ("counter-reset", "counter-increment")
    )
    content = _content(said.get("content", ""))
    for one in selector.split(","):
        pseudo = PSEUDO.search(one.strip())
        steps = _steps(PSEUDO.sub("", one.strip()))
        if steps and pseudo and (content or increments):
            yield Rule(steps, None, increments, content)
        elif steps and not pseudo and (resets or increments):
            yield Rule(steps, resets, increments)


def counts(value: str) -> Counts:
    """`a 2 b` → (("a", 2), ("b", ABSENT)), for which each property has a number of its own."""
    return tuple(
        (name, int(number) if number else ABSENT)
        for name, number in COUNTER.findall(value)[:MOST_PARTS]
        if name != "none"
    )


def _steps(selector: str) -> tuple[Step, ...]:
    """The elements of a selector, the innermost first; none if it says what is not known here."""
    out: list[Step] = []
    at, selector = 0, selector.strip()
    while at < len(selector):
        found = STEP.match(selector, at)
        if not found or not found[2] or len(out) == MOST_STEPS:
            return ()
        if found[1] and out:
            out[-1] = Step(out[-1].names, parent=True)
        out.append(Step(frozenset(name if name[0] in ".#" else name.lower() for name in NAME.findall(found[2]))))
        at = found.end()
    return tuple(out[::-1])


def _content(value: str) -> tuple[Part, ...] | None:
    """The parts of `content`, if they show a number, or a letter that marks a question or a note."""
    parts = []
    for double, single, counter, joint, style in PART.findall(value)[:MOST_PARTS]:
        if counter:
            plural = _unquoted(joint) if joint else None
            parts.append(Part("", counter, style or "decimal", plural))
        else:
            parts.append(Part(ESCAPE.sub(_unescaped, double or single)))
    shown = "".join(part.text for part in parts)
    if any(part.counter for part in parts) or shown.strip(" .．:：、") in MARKS:
        return tuple(parts)
    return None


def _unquoted(string: str) -> str:
    return ESCAPE.sub(_unescaped, string[1:-1])


def _unescaped(found: re.Match[str]) -> str:
    code = int(found[1], 16) if found[1] else 0
    if not found[1]:
        return found[2]
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
