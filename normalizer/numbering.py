"""The start of a line → the marker that numbers it: 第十二条の二, (1), ①, ア), `Article 4`, •.

The grammar is a table, glossaries/numbering.csv. A row's `pattern` is the marker as it is written, with a
placeholder for the number; `after` says what must follow:
  any     anything
  space   white space, the end, or (behind a full stop or the like) Japanese
  title   the end, a bracket, or words that read as a title: `Article 27 of the Act` is no marker
  gap     white space, then words
  glued   Japanese words that count nothing
  free    anything, but no word for what is counted
and a second word `series` where only a neighbour that counts on makes it a marker: a bare `2`, an initial `J.`
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from normalizer.model import Label
from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from pathlib import Path

# Full-width forms to ASCII, one character for one, so that offsets stay true.
FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
# These keep their width: they number nothing, and a wide dash needs no space behind it to be a bullet.
for _keep in "！？～，－":
    FOLD.pop(ord(_keep), None)

# ｱ) ｲ): the half-width kana stand in the order of the syllabary, without small and voiced ones.
FOLD |= {code: ord(kana) for code, kana in enumerate("アイウエオカキクケコサシスセソタチツテト", start=0xFF71)}

_WIDE = re.compile(f"[{re.escape(''.join(map(chr, FOLD)))}]")

GOJUON = "アイウエオカキクケコサシスセソタチツテト"
IROHA = "イロハニホヘトチリヌルヲワカヨタレソツネ"
KANJI = "〇一二三四五六七八九"
ORDINALS = (
    *("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth", "Eleventh"),
    *("Twelfth", "Thirteenth", "Fourteenth", "Fifteenth"),
)
CIRCLED = "①-⑳㉑-㉟㊱-㊿⑴-⒇⒈-⒛❶-❿➀-➉➊-➓"

PLACEHOLDERS = {
    "digits": r"(?P<digits>0[1-9]|(?!0\d)\d{1,3})(?![\d])",
    "kanji": r"(?P<kanji>[一二三四五六七八九十百]{1,5})",
    "latin": r"(?:[ \t]?(?P<latin>bis|ter|quater|quinquies)(?![a-z])|(?P<suffix>[a-zA-Z])(?![a-zA-Z]))?",
    "branch": r"(?:の(?P<branch>\d{1,2}|[一二三四五六七八九十]{1,3}))?",
    "decimal": r"(?P<decimal>[1-9]\d?(?:\.[1-9]\d?){1,4})(?![\d])",
    "dashed": r"(?P<dashed>[1-9]\d?[-−‐－][1-9]\d?)(?![-−‐－\d])",
    "coded": r"(?P<coded>[A-Z][-−‐－][1-9]\d?)(?![-−‐－\d])",
    "circled": rf"(?P<circled>[{CIRCLED}])",
    "kana": rf"(?P<kana>[{GOJUON}{IROHA}])",
    "letter": r"(?P<letter>[A-Za-z])",
    "roman": r"(?P<roman>[ivx]{1,5}|[IVX]{1,5}|[ⅰ-ⅻⅠ-Ⅻ])",
    "ordinal": rf"(?P<ordinal>{'|'.join(ORDINALS)})",
    "square": r"[■□◆◇▼▽▶►●○◎★☆](?![■□◆◇▼▽▶►●○◎★☆])",  # ○○市 is a name left blank
    "bullet": r"[・•‣◦▪▫∙⁃➢✓✔·●→⇒➔➤➡]",
    "star": r"\*(?![*\s\d])",
    "dashmark": r"[-–—−‐*+]",
    "widedash": r"[－―—](?![－―—\d])",
}
LATIN = ("bis", "ter", "quater", "quinquies")  # from 2 on
# 3年, 2人, 10名: figures that count. 1名称, 2個人情報, 3回答 are items.
COUNTED = (
    r"[年月日時秒円件人つか次者割歳才倍枚点台冊階番丁号条項章節級ヶヵカ箇週万億千百十]|社(?![名内外会])|名(?![称前])|"
    r"[個本](?![人一-鿿ァ-ヶ])|分(?![析類])|回(?!答)|通(?![信知])|部(?!門)|期(?!間)|種|営業日|対\d"
)
AFTER = {
    "any": r"[ \t]*",
    "space": r"(?:[ \t]+|$|(?<=[.、])(?=[^\x00-\xff]))",
    # Not an inflected reference (第5条に, 第1項第2号, `Article 27 of`, `Article 27(1) of`).
    "title": r"(?!(?:\([0-9a-z]{1,4}\))+ of )"
    r"(?:[ \t]*[:.]?[ \t]+(?![a-z])|[:.](?!\d)|(?=[(「【\[]|$)|(?=[^\x00-\xffぁ-ん第及又並若、。]))[ \t]*",
    # Not a count (2 社と, 10 年間, 5 人が); 1 年齢 and 1 人の生命 are items.
    "gap": r"[ \t]+(?=[A-Z]|[^\x00-\x7f])(?!(?:[年月日時分円件社名]|人(?!の))(?:[^一-鿿]|[間以未目半]|$))",
    "free": rf"(?!{COUNTED})[ \t]*",
    "glued": rf"(?=[一-鿿ァ-ヶぁ-ん])(?!{COUNTED})",
}
WORD = re.compile(r"[A-Za-z]")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
LETTERED = re.compile(r"[A-Za-z]|\{(?:letter|roman|coded|ordinal)\}")  # patterns of markers that begin so; ⅱ does not
SPACED = re.compile("[第(]")  # 第 １ 条, （ １ ）: patterns with white space around the number


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker at the start of a line, and all that it may mean ((i) is the first roman or the ninth letter)."""

    end: int  # offset in the line where the words start
    text: str  # the marker as written, trimmed
    labels: tuple[Label, ...]  # the likeliest first
    needs_series: bool = False  # counts only with a neighbour that counts on


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table, compiled."""

    kind: str
    style: str
    needs_series: bool
    regex: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules in the order of the table."""

    rules: tuple[Rule, ...]
    any: re.Pattern[str]  # matches where one of the rules does; its last group is the number of the first that does

    def first(self, folded: str, at: int) -> tuple[Rule, re.Match[str], tuple[Label, ...]] | None:
        """The first rule that matches at an offset of a folded line, its match, and what the marker may mean."""
        matches = self.any.match(folded, at)
        for rule in self.rules[(matches.lastindex or 1) - 1 :] if matches else ():
            if (found := rule.regex.match(folded, at)) and (labels := tuple(_labels(rule, found))):
                return rule, found, labels
        return None


@dataclass(frozen=True, slots=True)
class Numbering:
    """The whole grammar, parted by how a marker begins: most lines need only one half."""

    lettered: Rules  # with a Latin letter
    other: Rules

    def marker(self, line: str) -> Marker | None:
        """The marker at the start of `line` (no leading white space), or None."""
        folded = fold(line[:60])
        first = self._first(folded, 0)
        if first is None:
            return None
        rule, found, labels = first
        if rule.kind == "bullet" and rule.style != "square":
            inner = self._first(folded, found.end())
            if inner and inner[0].kind in ("item", "paragraph") and not inner[0].needs_series:
                labels = tuple(Label(lab.kind, lab.number, f"{rule.style}+{lab.style}") for lab in inner[2])
                found = inner[1]
        return Marker(found.end(), line[: found.end()].strip(" \t　"), labels, rule.needs_series)

    def _first(self, folded: str, at: int) -> tuple[Rule, re.Match[str], tuple[Label, ...]] | None:
        letter = folded[at : at + 1]
        return (self.lettered if letter.isascii() and letter.isalpha() else self.other).first(folded, at)


def fold(text: str) -> str:
    """The text with full-width forms in ASCII, of the same length."""
    return text if text.isascii() else _WIDE.sub(lambda found: chr(FOLD[ord(found[0])]), text)  # few are wide


@cache
def load(folder: Path) -> Numbering:
    """The grammar of glossaries/numbering.csv in `folder`. Raises GlossaryError with file and line."""
    path, problems = folder / "numbering.csv", Problems()
    lettered, other = list[Rule](), list[Rule]()
    for line, row in read_table(path, ("kind", "style", "pattern", "after", "example"), problems):
        after, _, series = row["after"].partition(" ")
        unknown = [name for name in PLACEHOLDER.findall(row["pattern"]) if name not in PLACEHOLDERS]
        if after not in AFTER:
            problems.unknown(path, line, "after", after, AFTER)
        elif series not in ("", "series"):
            problems.unknown(path, line, "second word of after", series, ["series"])
        elif unknown:
            problems.unknown(path, line, "placeholder", unknown[0], PLACEHOLDERS)
        else:
            rule = Rule(row["kind"], row["style"], bool(series), _compile(row["pattern"], after))
            lettered += [rule] if LETTERED.match(row["pattern"]) else []
            other += [rule] if not LETTERED.match(row["pattern"]) or row["pattern"].startswith("{roman}") else []
    problems.refuse()
    return Numbering(_together(lettered), _together(other))


def _together(rules: list[Rule]) -> Rules:
    unnamed = [re.sub(r"\(\?P<\w+>", "(?:", rule.regex.pattern) for rule in rules]
    return Rules(tuple(rules), re.compile("|".join(f"({pattern})" for pattern in unnamed)))


def _compile(pattern: str, after: str) -> re.Pattern[str]:
    out = []
    for part in re.split(r"(\{\w+\}| )", pattern):
        name = part.strip("{}")
        if part == " ":
            out.append(r"[ \t]*")
        elif not part.startswith("{"):
            out.append(re.escape(part))
        else:
            out.append(rf"[ \t]*{PLACEHOLDERS[name]}[ \t]*" if SPACED.search(pattern) else PLACEHOLDERS[name])
    # `1.5 million`, `e.g.` and `10:30` are no markers: directly before a digit or a small letter nothing ends.
    glue = r"(?![\da-z])(?![ ]*\d\d\b)" if pattern.endswith((".", ":")) else ""
    words = "".join(out)
    if WORD.search(PLACEHOLDER.sub("", pattern)):
        words = f"(?i:{words})"  # ARTICLE 4; what follows keeps its case
    return re.compile(words + glue + AFTER[after])


def _labels(rule: Rule, found: re.Match[str]) -> list[Label]:
    groups = found.groupdict()
    numbers: list[tuple[int, ...]] = []
    if groups.get("kana"):
        numbers = [(order.index(groups["kana"]) + 1,) for order in (GOJUON, IROHA) if groups["kana"] in order]
    elif groups.get("letter"):
        letter = groups["letter"]
        style = _cased(rule.style, letter)
        readings = [Label(rule.kind, (ord(letter.lower()) - 96,), style)]
        if letter in "iIvVxX" and (value := roman(letter)):
            readings.insert(0, Label(rule.kind, (value,), style.replace("letter", "roman")))
        return readings
    elif number := _number(groups):
        numbers = [number]
    elif any(groups.get(name) for name in ("digits", "kanji", "roman")):
        return []
    style = _cased(rule.style, groups.get("roman") or "")
    return [Label(rule.kind, number, style) for number in numbers or [()]]


def _cased(style: str, written: str) -> str:
    """A. and a. are two series, as I. and i. are."""
    return style.replace("letter", "capital-letter").replace("roman", "capital-roman") if written.isupper() else style


def _number(groups: dict[str, str | None]) -> tuple[int, ...]:
    if digits := groups.get("digits"):
        head = int(digits)
    elif kanji := groups.get("kanji"):
        head = kanji_number(kanji) or 0
    elif circled := groups.get("circled"):
        head = int(unicodedata.numeric(circled))
    elif numeral := groups.get("roman"):
        head = roman(numeral) or 0
    elif coded := groups.get("coded"):
        return ord(coded[0]) - 64, int(coded[2:])
    elif ordinal := groups.get("ordinal"):
        head = ORDINALS.index(ordinal.capitalize()) + 1
    else:
        dotted = groups.get("decimal") or groups.get("dashed") or ""
        return tuple(int(part) for part in re.findall(r"\d+", dotted))
    branch = groups.get("branch")
    tail = (int(branch) if branch.isdigit() else kanji_number(branch) or 0,) if branch else ()
    if latin := groups.get("latin"):
        tail = (LATIN.index(latin.lower()) + 2,)
    elif suffix := groups.get("suffix"):  # Article 3a stands behind Article 3 as 第3条の2 does
        tail = (ord(suffix.lower()) - 95,)
    return (head, *tail) if head else ()


def kanji_number(text: str) -> int | None:
    """`十二` → 12; None for what is no number. Positional (二〇) and additive (二十) up to 999."""
    if "十" not in text and "百" not in text:
        digits = [KANJI.find(char) for char in text]
        return None if -1 in digits else int("".join(map(str, digits)))
    total, last = 0, 0
    for char in text:
        if char in "十百":
            total += (last or 1) * (10 if char == "十" else 100)
            last = 0
        else:
            last = KANJI.find(char)
    return total + last


def roman(text: str) -> int | None:
    """`iv` → 4; None where it is not in canonical form, as `iix`."""
    plain = unicodedata.normalize("NFKC", text).lower()
    value, rest = 0, plain
    for sign, worth in (("x", 10), ("ix", 9), ("v", 5), ("iv", 4), ("i", 1)):
        while rest.startswith(sign):
            value, rest = value + worth, rest[len(sign) :]
    return value if not rest and value and _to_roman(value) == plain else None


def _to_roman(value: int) -> str:
    out = ""
    for sign, worth in (("x", 10), ("ix", 9), ("v", 5), ("iv", 4), ("i", 1)):
        out, value = out + sign * (value // worth), value % worth
    return out
