"""Clauses → what they refer to in their own document: 第5条に定める, 前項, "Section 5", "2 (2) above".

A reference is resolved to the clause whose label it names, in the article that it names or stands in. One that the
document has no clause for keeps `target` None: it dangles. Citations of laws are not references.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from normalizer.model import Reference
from normalizer.numbering import FOLD, kanji_number
from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from normalizer.model import Clause

LAW_NUMBER = r"(?<![律令則示])"  # 法律第57号 numbers a law
JOINER = re.compile(r"\s*(?:、|,|及び|および|並びに|又は|または|から|乃至|・|and|or|to)?\s*", re.IGNORECASE)
NUMBER = r"(?:(?!0)[0-9]{1,3}(?![0-9.])|[一二三四五六七八九十百]{1,5})"
ENGLISH_NUMBER = r"(?:(?!0)[0-9]{1,3}(?![0-9])|[ivx]{1,5}|[a-z])"
STEPS = ("article", "section", "paragraph", "item", "point")
RELATIVE = {"previous": -1, "this": 0, "next": 1}
# What a step may be in the tree: a 項 is often a plain numbered item of its article.
KINDS = {
    "article": ("article", "section"),
    "section": ("section", "article", "item"),
    "paragraph": ("paragraph", "item"),
    "item": ("item",),
    "point": ("item", "section", "article"),
}
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of reference_words.csv: an expression, and the steps through the tree that it names."""

    regex: re.Pattern[str]
    steps: tuple[tuple[str, str], ...]  # ("article", "n"), ("previous", "paragraph")
    word: str  # case-folded, of the expression: a text without it is not searched


def with_references(text: str, clauses: Sequence[Clause], folder: Path) -> tuple[Clause, ...]:
    """The clauses with `references` filled in. Raises GlossaryError where reference_words.csv is damaged."""
    tree = _Tree(clauses)
    rules = _rules(folder)
    return tuple(
        clause.revised(references=tuple(_references(text, clause, rules.get(clause.language, ()), tree)))
        for clause in clauses
    )


def _references(text: str, clause: Clause, rules: Iterable[Rule], tree: _Tree) -> Iterator[Reference]:
    """References in order; 第3条第1号、第2号: what follows at once with fewer steps means the same article."""
    end, within = -1, None
    for rule, match in _matches(text, clause, rules):
        start = clause.body + match.start()
        single = len(rule.steps) == 1 and rule.steps[0][0] in ("paragraph", "item")
        goes_on = single and end >= 0 and JOINER.fullmatch(text, end, start) is not None
        place, home = tree.resolve(clause, rule.steps, match.groupdict(), within if goes_on else clause)
        end, within = clause.body + match.end(), home
        yield Reference(start, end, place.id if place else None)


def _matches(text: str, clause: Clause, rules: Iterable[Rule]) -> list[tuple[Rule, re.Match[str]]]:
    """Which rule matches where, in order of place; those of more steps first."""
    folded = text[clause.body : clause.end].translate(FOLD)
    lower = folded.casefold()
    taken = bytearray(len(folded))  # 1 for a character that a citation or an earlier rule has claimed
    for fact in clause.facts:
        if fact.kind == "statute":
            _claim(taken, fact.start - clause.body, fact.end - clause.body)
    found = []
    for rule in rules:
        for match in rule.regex.finditer(folded) if rule.word in lower else ():
            if not any(taken[match.start() : match.end()]):
                _claim(taken, *match.span())
                found.append((rule, match))
    return sorted(found, key=lambda pair: pair[1].start())


def _claim(taken: bytearray, start: int, end: int) -> None:
    taken[max(0, start) : end] = b"\1" * (end - max(0, start))


class _Tree:
    """The clauses by parent and by label."""

    def __init__(self, clauses: Sequence[Clause]) -> None:
        self._by_id = {clause.id: clause for clause in clauses}
        self._below: dict[str | None, list[Clause]] = {}
        for clause in clauses:
            self._below.setdefault(clause.parent, []).append(clause)
        self._labelled = [clause for clause in clauses if clause.label and clause.label.number]

    def resolve(
        self, clause: Clause, steps: Sequence[tuple[str, str]], numbers: dict[str, str], within: Clause | None
    ) -> tuple[Clause | None, Clause | None]:
        """The clause that the steps lead to, and the one in which the last step was taken.

        `within` is the clause itself, or the place of the reference that this one goes on from.
        """
        place, home = (None, within) if within is clause else (within, within)
        for index, (step, name) in enumerate(steps):
            home = place or home
            if step in RELATIVE:
                place = self._relative(clause, name, RELATIVE[step])
            elif index == 0 and place is None and within is not clause:
                return None, None  # it goes on from a reference that dangles
            else:
                place = self._numbered(clause, step, _value(numbers[name]), place)
            if place is None:
                return None, home if len(steps) == 1 else None
        return place, home

    def _relative(self, clause: Clause, kind: str, offset: int) -> Clause | None:
        own = self._enclosing(clause, kind)
        if own is None or own.label is None or offset == 0:
            return own
        wanted = (*own.label.number[:-1], own.label.number[-1] + offset)
        return self._find(self._below.get(own.parent, ()), (own.label.kind,), wanted, own.label.style)

    def _enclosing(self, clause: Clause, kind: str) -> Clause | None:
        """The article, paragraph or item that a clause is or stands in; for a paragraph the outermost item."""
        found = None
        at: Clause | None = clause
        while at is not None:
            if at.label and at.label.number and at.label.kind in KINDS[kind]:
                if kind == "item":
                    return at
                found = at
            at = self._by_id.get(at.parent) if at.parent else None
            if kind == "paragraph" and at is not None and at.kind == "heading":
                break
        return found

    def _numbered(self, clause: Clause, step: str, number: tuple[int, ...], within: Clause | None) -> Clause | None:
        if within is not None:
            return self._inside(within, KINDS[step], number)
        if step in ("article", "section", "point"):
            headings = [c for c in self._labelled if c.kind == "heading"]
            return self._find(headings, KINDS[step], number) or self._find(self._labelled, KINDS[step], number)
        home = self._enclosing(clause, "article") or self._heading(clause)
        return self._inside(home, KINDS[step], number) if home else self._find(self._labelled, KINDS[step], number)

    def _heading(self, clause: Clause) -> Clause | None:
        at: Clause | None = clause
        while at is not None and at.kind != "heading":
            at = self._by_id.get(at.parent) if at.parent else None
        return at

    def _inside(self, place: Clause, kinds: Sequence[str], number: tuple[int, ...]) -> Clause | None:
        """The labelled clause nearest below `place`, level by level."""
        level = self._below.get(place.id, [])
        while level:
            if found := self._find(level, kinds, number):
                return found
            level = [below for clause in level for below in self._below.get(clause.id, [])]
        return None

    @staticmethod
    def _find(
        clauses: Iterable[Clause], kinds: Sequence[str], number: tuple[int, ...], style: str = ""
    ) -> Clause | None:
        for kind in kinds:
            for clause in clauses:
                label = clause.label
                if label and label.kind == kind and label.number == number and style in ("", label.style):
                    return clause
        return None


def _value(number: str) -> tuple[int, ...]:
    if number.isdigit():
        return (int(number),)
    if number.lower() in ROMAN:
        return (ROMAN[number.lower()],)
    return (ord(number.lower()) - 96,) if number.isascii() and len(number) == 1 else (kanji_number(number) or 0,)


@cache
def _rules(folder: Path) -> dict[str, tuple[Rule, ...]]:
    problems, path = Problems(), folder / "reference_words.csv"
    found: dict[str, list[Rule]] = {"ja": [], "en": []}
    for line, row in read_table(path, ("language", "pattern", "means", "note"), problems):
        words = row["means"].split()
        steps = tuple(zip(words[::2], words[1::2], strict=False))
        unknown = [step for step, name in steps if step not in (*STEPS, *RELATIVE)]
        if row["language"] not in found:
            problems.unknown(path, line, "language", row["language"], found)
        elif unknown or len(words) % 2:
            problems.unknown(path, line, "step", (unknown or words)[0], (*STEPS, *RELATIVE))
        else:
            word = max(re.split(r"\{\w\}|[() ]", row["pattern"].casefold()), key=len)
            found[row["language"]].append(Rule(_compile(row["pattern"], row["language"]), steps, word))
    problems.refuse()
    return {language: tuple(sorted(rules, key=lambda rule: -len(rule.steps))) for language, rules in found.items()}


def _compile(pattern: str, language: str) -> re.Pattern[str]:
    """Numbers in brackets or bare; white space free; English words as whole words, case aside."""
    japanese = language == "ja"
    number = NUMBER if japanese else ENGLISH_NUMBER
    out = []
    for part in re.split(r"(\{\w\}|[()]| )", pattern):
        if part in ("(", ")"):
            out.append(rf"\{part}")
        elif part == " ":
            out.append(r"\s{1,3}")
        elif part == "{p}" and not japanese:  # "2 above" is a point, "a above" is none
            out.append(r"(?P<p>[1-9][0-9]?)(?:\s{0,2}\([0-9a-z]{1,3}\))?")
        elif part.startswith("{"):
            out.append(rf"\s{{0,2}}\(?(?P<{part[1]}>{number})\)?\s{{0,2}}")
        else:
            out.append(re.escape(part))
    words = "".join(out)
    return re.compile(LAW_NUMBER + words) if japanese else re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
