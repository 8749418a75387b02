"""A clause → the names that it defines: 以下「当社」といいます, (hereinafter referred to as "the Company")."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from normalizer.model import Definition
from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

JAPANESE_NAME = r"(?P<name>[^「」『』\n]{1,40})"
ENGLISH_NAME = r"(?P<name>[^\"“”„‟\n]{1,60}?)"
BARE_NAME = r"(?P<name>(?!の)[^「」『』（）()、。\s同を]{2,20}?)(?:とします|といいます|と言います|という)?"
QUOTE = r"[\"“”„‟]"
MORE = {  # a second name right behind the first: 「当方」又は「運営者」, "User" or "Users"
    "ja": re.compile(rf"\s*(?:、|又は|または|及び|および|もしくは)\s*[「『]{JAPANESE_NAME}[」』]"),
    "en": re.compile(rf"\s*,?\s*(?:or|and)?\s*(?:the\s+)?{QUOTE}{ENGLISH_NAME}[,.]?{QUOTE}"),
}


def find_definitions(text: str, start: int, end: int, language: str, folder: Path) -> tuple[Definition, ...]:
    """The names defined in `text[start:end]`, in order; the span of each is that of the name without its quotes.

    folder: where definition_patterns.csv is. Raises GlossaryError where that is damaged.
    """
    found: dict[int, Definition] = {}
    lower = text[start:end].casefold()
    for word, pattern in _patterns(folder)[language]:
        for match in pattern.finditer(text, start, end) if word in lower else ():
            for name in _names(text, match, end, language):
                found.setdefault(name.start, name)
    return tuple(found[place] for place in sorted(found))


def _names(text: str, match: re.Match[str], end: int, language: str) -> Iterator[Definition]:
    """The name that was matched, and those that follow it at once."""
    further: re.Match[str] | None = match
    while further:
        yield _definition(further)
        further = MORE[language].match(text, further.end(), end)


def _definition(match: re.Match[str]) -> Definition:
    start = match.start("name")
    name = match["name"]
    start += len(name) - len(name.lstrip())
    name = name.strip().rstrip(",、。")
    if name.endswith(".") and not name.endswith("tc."):
        name = name[:-1]
    return Definition(start, start + len(name), name)


@cache
def _patterns(folder: Path) -> dict[str, tuple[tuple[str, re.Pattern[str]], ...]]:
    """The patterns of each language, each with a case-folded word of its own: a text without it is not searched."""
    problems, path = Problems(), folder / "definition_patterns.csv"
    found: dict[str, list[tuple[str, re.Pattern[str]]]] = {"ja": [], "en": []}
    for line, row in read_table(path, ("language", "pattern", "note"), problems):
        if row["language"] not in found:
            problems.unknown(path, line, "language", row["language"], found)
        elif not re.search(r"\{(?:name|bare)\}", row["pattern"]):
            problems.add(path, line, "a pattern needs {name}, or {bare} for one without quotes, where the name stands")
        else:
            word = max(re.split(r"\{\w+\}|[\"「『」』（）()、 ]", row["pattern"].casefold()), key=len)
            found[row["language"]].append((word, _compile(row["pattern"], row["language"])))
    problems.refuse()
    return {language: tuple(patterns) for language, patterns in found.items()}


def _compile(pattern: str, language: str) -> re.Pattern[str]:
    """Quotes stand for all of their kind, a space for any white space, brackets for both widths."""
    out = []
    for part in re.split(r"(\{name\}|\{bare\}|\"|[「『」』（）()、]| )", pattern):
        match part:
            case "{name}":
                out.append(JAPANESE_NAME if language == "ja" else ENGLISH_NAME)
            case "{bare}":
                out.append(r"\s*" + BARE_NAME)
            case '"':
                out.append(rf"[,.]?{QUOTE}" if ENGLISH_NAME in out else rf"(?:the\s+|this\s+)?{QUOTE}")
            case "(" | "（":
                out.append(r"[(（]\s*")
            case ")" | "）":
                out.append(r"\s*[)）]")
            case "、":
                out.append(r"[、,]\s*")
            case " ":
                out.append(r"\s+")
            case _:
                out.append(re.escape(part))
    return re.compile("".join(out), re.IGNORECASE if language == "en" else 0)
