"""numbering.xml → the marker of each numbered paragraph: 第1条, (2), ウ, 1.1.

ECMA-376 part 1, 17.9: a paragraph's numId names a list (w:num), which names the definition (w:abstractNum) of nine
levels. Lists of one definition count on together, but for one that overrides the start, which starts anew at its
first paragraph.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from normalizer.reading.docx.package import W
from normalizer.reading.docx.styles import indent_of
from normalizer.reading.markers import numeral

# ST_NumberFormat → the CSS style that counts alike.
STYLES = {
    "lowerRoman": "lower-roman",
    "upperRoman": "upper-roman",
    "aiueo": "katakana",
    "aiueoFullWidth": "katakana",
    "iroha": "katakana-iroha",
    "irohaFullWidth": "katakana-iroha",
    "japaneseCounting": "japanese-informal",
    "japaneseLegal": "japanese-formal",
    "japaneseDigitalTenThousand": "cjk-decimal",
    "chineseCounting": "japanese-informal",
    "chineseCountingThousand": "japanese-informal",
    "taiwaneseCounting": "japanese-informal",
    "ideographDigital": "cjk-decimal",
    "ideographTraditional": "cjk-heavenly-stem",
    "ideographZodiac": "cjk-earthly-branch",
    "decimalFullWidth": "fullwidth-decimal",
    "decimalFullWidth2": "fullwidth-decimal",
    "decimalEnclosedCircle": "circled-decimal",
    "decimalEnclosedCircleChinese": "circled-decimal",
    "decimalEnclosedParen": "parenthesized-decimal",
    "decimalEnclosedFullstop": "dotted-decimal",
    "decimalZero": "decimal-leading-zero",
}
# Bullets of the fonts Symbol and Wingdings, which lie in the private use area.
SYMBOLS = {
    "\uf0b7": "•",
    "\uf0a7": "▪",
    "\uf06c": "●",
    "\uf06e": "■",
    "\uf0d8": "➢",
    "\uf0fc": "✓",
    "\uf075": "◆",
    "o": "◦",
}
PLACE = re.compile(r"%([1-9])")
LEVELS = 9
LONGEST = 100_000


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered."""

    format: str = "decimal"
    text: str = ""  # lvlText: 第%1条
    start: int = 1
    restart: int | None = None  # lvlRestart: the level whose paragraphs start this one anew; 0 for none
    suffix: str = "tab"
    style: str | None = None  # the paragraph style that is numbered so
    legal: bool = False  # all numbers in digits
    indent: int | None = None  # of its paragraphs, in twentieths of a point


@dataclass(frozen=True, slots=True)
class Num:
    """A list: its definition, its own levels, and the levels that it starts anew."""

    abstract: str
    levels: dict[int, Level]
    starts: dict[int, int]


@dataclass(slots=True)
class Counters:
    """The numbers that a definition has reached, one a level; None where it has not begun."""

    numbers: list[int | None] = field(default_factory=lambda: [None] * LEVELS)


class Numbering:
    """Gives the markers of a document's paragraphs, which are to be asked for in order."""

    def __init__(self, root: Any) -> None:
        self._nums: dict[str, Num] = {}
        self._counters: dict[str, Counters] = {}
        self._seen: set[str] = set()
        if root is not None:
            self._load(root)

    def _load(self, root: Any) -> None:
        abstracts = {element.get(f"{W}abstractNumId"): element for element in root.iterfind(f"{W}abstractNum")}
        by_style = {
            _value(element, "styleLink"): id for id, element in abstracts.items() if _value(element, "styleLink")
        }
        for num in root.iterfind(f"{W}num"):
            id = _value(num, "abstractNumId") or ""
            id = by_style.get(_value(abstracts[id], "numStyleLink"), id) if id in abstracts else id
            levels = _levels(abstracts[id]) if id in abstracts else {}
            starts: dict[int, int] = {}
            for override in num.iterfind(f"{W}lvlOverride"):
                level = _integer(override.get(f"{W}ilvl"), 0)
                levels |= _levels(override)
                if (start := _value(override, "startOverride")) is not None:
                    starts[level] = _integer(start, 1)
            self._nums[num.get(f"{W}numId")] = Num(id, levels, starts)

    def level_of_style(self, num: str, style: str) -> int:
        """The level at which a list numbers the paragraphs of a style."""
        levels = self._nums[num].levels if num in self._nums else {}
        return next((index for index, level in levels.items() if level.style == style), 0)

    def indent(self, num: str, index: int) -> int | None:
        """How far the paragraphs of a level are set in, in twentieths of a point; None where the list does not say."""
        level = self._nums[num].levels.get(index) if num in self._nums else None
        return level.indent if level else None

    def marker(self, num: str, index: int) -> tuple[str, bool] | None:
        """Count one paragraph at level `index` (from 0): its marker, and whether that is a bullet; None: no number."""
        found = self._nums.get(num)
        level = found.levels.get(index) if found else None
        if found is None or level is None:
            return None
        numbers = self._counters.setdefault(found.abstract, Counters()).numbers
        if num not in self._seen:
            self._seen.add(num)
            for start_level, start in found.starts.items():
                if start_level < LEVELS:
                    numbers[start_level] = start - 1
        self._count(found, numbers, index)
        if level.format == "bullet":
            return f"{SYMBOLS.get(level.text, level.text if level.text.isprintable() else '•') or '•'} ", True
        words = PLACE.sub(lambda place: self._number(found, numbers, int(place.group(1)) - 1, level.legal), level.text)
        return (words.rstrip() + ("" if level.suffix == "nothing" else " "), False) if words.strip() else None

    def _count(self, num: Num, numbers: list[int | None], index: int) -> None:
        for above in range(index):
            if numbers[above] is None and above in num.levels:
                numbers[above] = num.levels[above].start
        number = numbers[index]
        numbers[index] = num.levels[index].start if number is None else min(number + 1, LONGEST)
        for below in range(index + 1, LEVELS):
            restart = num.levels[below].restart if below in num.levels else None
            if restart is None or 0 < index + 1 <= restart:
                numbers[below] = None

    def _number(self, num: Num, numbers: list[int | None], index: int, legal: bool) -> str:
        level = num.levels.get(index, Level())
        number = numbers[index]
        number = level.start if number is None else number
        if level.format == "none":
            return ""
        if level.format in ("lowerLetter", "upperLetter") and not legal and number > 0:
            letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)  # a … z, aa, bb
            return letter[:9] if level.format == "lowerLetter" else letter[:9].upper()
        return numeral("decimal" if legal else STYLES.get(level.format, "decimal"), number)


def _levels(parent: Any) -> dict[int, Level]:
    out = {}
    for element in parent.iterfind(f"{W}lvl"):
        index = _integer(element.get(f"{W}ilvl"), 0)
        restart = _value(element, "lvlRestart")
        out[min(index, LEVELS - 1)] = Level(
            _value(element, "numFmt") or "decimal",
            (_value(element, "lvlText") or "")[:80],
            _integer(_value(element, "start"), 1),
            None if restart is None else _integer(restart, 0),
            _value(element, "suff") or "tab",
            _value(element, "pStyle"),
            element.find(f"{W}isLgl") is not None,
            indent_of(element),
        )
    return out


def _value(parent: Any, tag: str) -> str | None:
    """The w:val of a child."""
    child = parent.find(f"{W}{tag}")
    return None if child is None else child.get(f"{W}val")


def _integer(value: str | None, default: int) -> int:
    """A number between 0 and LONGEST."""
    return min(int(value), LONGEST) if value and value.isascii() and value.isdigit() and len(value) < 9 else default
