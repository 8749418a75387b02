"""The elements of a page as they open and close → the number that its style sheet sets before each: 第1条, (2), 1-3."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from normalizer.reading.html.lists import ALIASES
from normalizer.reading.html.sheet import ABSENT, counts
from normalizer.reading.markers import numeral

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from normalizer.reading.html.sheet import Counts, Part, Rule, Step

MOST_CHECKS = 300_000  # of rules against elements; a page that needs more is built to exhaust
HIGHEST = 40  # elements above one in which an outer part of a selector is looked for
LARGEST = 1_000_000
DEEPEST = 9  # numbers that counters() joins
LIST_ITEM = "list-item"  # the counter that each list has


class Counters:
    """The open elements with their names, and each counter's values with the depths at which they began."""

    def __init__(self, rules: dict[str, list[Rule]]) -> None:
        self._rules = rules
        self._open: list[frozenset[str]] = []
        self._values: dict[str, list[tuple[int, int]]] = defaultdict(list)  # depth and value, the innermost last
        self._begun: list[list[str]] = [[]]  # the counters that began at each depth
        self._checks = 0

    def open(self, node: LexborNode) -> str:
        """What the style sheet shows before the element's words; "" if nothing, which is the most."""
        if not self._rules or self._checks > MOST_CHECKS:
            return ""
        self._open.append(_names(node))
        self._begun.append([])
        resets, increments, content = self._said(node)
        for name, value in resets:
            self._reset(name, 0 if value == ABSENT else value)
        for name, value in increments:
            self._add(name, 1 if value == ABSENT else value)
        return "".join(map(self._shown, content))

    def close(self) -> None:
        """The element that was opened last is at its end, and the counters that began within it."""
        if self._open:
            for name in self._begun.pop():
                self._values[name].pop()
            self._open.pop()

    def _said(self, node: LexborNode) -> tuple[Counts, Counts, tuple[Part, ...]]:
        """What all rules for the element say, the last of each kind."""
        resets: Counts = _list_start(node)
        increments: Counts = ((LIST_ITEM, 1),) if node.tag == "li" else ()
        own: list[Counts] = []
        content: tuple[Part, ...] = ()
        for name in ("*", *sorted(self._open[-1])):
            for rule in self._rules.get(name, ()):
                self._checks += 1
                if self._leads_here(rule.steps):
                    resets = (*_list_start(node), *rule.resets) if rule.resets is not None else resets
                    if rule.increments:
                        own.append(rule.increments)
                    content = rule.content if rule.content is not None else content
        style = node.attributes.get("style") or ""
        if "counter-" in style:
            resets = (*resets, *_inline(style, "counter-reset"), *_inline(style, "counter-set"))
            own.append(_inline(style, "counter-increment"))
        counted = {name: value for said in own for name, value in said}
        return resets, (*increments, *counted.items()), content

    def _leads_here(self, steps: tuple[Step, ...]) -> bool:
        """Do the steps of a selector lead to the innermost open element? The nearest above that fits is taken."""
        if not steps[0].names <= self._open[-1]:
            return False
        at = len(self._open) - 2
        lowest = max(-1, at - HIGHEST)
        for step in steps[1:]:
            while at > lowest and not step.names <= self._open[at]:
                if step.parent:
                    return False
                at -= 1
            if at <= lowest:
                return False
            at -= 1
        return True

    def _reset(self, name: str, value: int) -> None:
        """A counter begins at the element, for what stands beside and below it."""
        depth, values = len(self._open), self._values[name]
        if values and values[-1][0] == depth:
            values.pop()
        else:
            self._begun[depth - 1].append(name)
        values.append((depth, value))

    def _add(self, name: str, value: int) -> None:
        if not self._values[name]:
            self._reset(name, 0)
        depth, number = self._values[name][-1]
        self._values[name][-1] = depth, max(-LARGEST, min(LARGEST, number + value))

    def _shown(self, part: Part) -> str:
        if not part.counter:
            return part.text
        style = ALIASES.get(part.style, part.style)
        values = [value for _, value in self._values[part.counter][-DEEPEST:]] or [0]
        numbers = [numeral(style, value) for value in values]
        return numbers[-1] if part.joint is None else part.joint.join(numbers)


def _names(node: LexborNode) -> frozenset[str]:
    attributes = node.attributes
    classes = (attributes.get("class") or "").split()
    id = attributes.get("id")
    return frozenset((node.tag or "", *(f".{name}" for name in classes), *((f"#{id}",) if id else ())))


def _list_start(node: LexborNode) -> Counts:
    if node.tag not in ("ol", "ul"):
        return ()
    start = node.attributes.get("start") or "1"
    return ((LIST_ITEM, int(start) - 1 if start.isascii() and start.isdigit() and len(start) < 7 else 0),)


def _inline(style: str, name: str) -> Counts:
    _, found, value = style.partition(f"{name}:")
    return counts(value.partition(";")[0]) if found else ()


def parted(number: str) -> str:
    """A number as it stands before words: a letter or a digit at its end needs a space behind it."""
    return f"{number} " if number[-1].isalnum() else number
