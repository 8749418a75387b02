"""The tables under glossaries/ that facts are read with: CSV files to words and the patterns they make."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

import ahocorasick

from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from normalizer.model import Fact

# ASCII: after NFKC the digits and spaces that matter are ASCII, and case folding outside it
# (İ matches i) would find words that no table holds.
FLAGS = re.IGNORECASE | re.ASCII
DASH = "[-‐‑‒–—―−ー]"
KANJI = "〇零一二三四五六七八九十百千"
DIGIT = "0123456789"
_NO_LETTER_BEFORE = "(?<![A-Za-z])"
# What stands in no table, and facts do not do without.
SIGNS = {
    "digit": DIGIT,
    "numeral": DIGIT + KANJI,
    "kanji": KANJI,
    "year": "年",
    "month of": "月",
    "age": "歳才",
    "place": "都道府県市区郡",
    "of age": ("歳", "才", "year", "age", "older", "younger"),
}

Finder = Callable[[str, Set[str]], Iterator["Fact"]]  # a text in NFKC, the kinds that it may hold → its facts of a kind


@dataclass(frozen=True, slots=True)
class Era:
    """A Japanese era: 令和, Reiwa, R, and the day it began."""

    ja: str
    en: str
    letter: str
    start: date


@dataclass(frozen=True, slots=True)
class Form:
    """A row of fact_words.csv: a written form, what it stands for, what must or must not stand after it."""

    form: str
    value: str
    follow: tuple[str, ...]
    not_follow: tuple[str, ...]

    @property
    def pattern(self) -> str:
        """The form as a regular expression: whole words where it is Latin, white space of any kind."""
        body = literal(self.form)
        must = f"(?={_any(self.follow)})" if self.follow else ""
        not_ = f"(?!{_any(self.not_follow)})" if self.not_follow else ""
        return body + must + not_


@dataclass(frozen=True, slots=True)
class Words:
    """The words of facts, by kind and lower-case form, with eras and prefectures."""

    forms: Mapping[str, Mapping[str, Form]]
    eras: tuple[Era, ...]
    prefectures: tuple[tuple[str, str], ...]  # (ja, en)

    def either(self, kind: str) -> str:
        """A pattern, without groups that capture, that matches any form of the kind, the longest first."""
        forms = sorted(self.forms[kind].values(), key=lambda form: -len(form.form))
        patterns = [form.pattern for form in forms]
        if all(pattern.startswith(_NO_LETTER_BEFORE) for pattern in patterns):  # looked for once, not once a form
            return f"{_NO_LETTER_BEFORE}(?:{'|'.join(pattern.removeprefix(_NO_LETTER_BEFORE) for pattern in patterns)})"
        return f"(?:{'|'.join(patterns)})"

    def sights(self) -> Callable[[str], frozenset[str]]:
        """What tells in one look which kinds of forms and signs a text may hold: it spares most the slow patterns."""
        signs = SIGNS | {"roman place": ["-ku", *(en.lower() for _, en in self.prefectures)]}
        signs |= {"era": [era.en.lower() for era in self.eras]}
        signs |= {kind: [max(form.split(), key=len) for form in forms] for kind, forms in self.forms.items()}
        kinds: dict[str, set[str]] = {}
        for kind, written in signs.items():
            for sign in written:
                kinds.setdefault(sign, set()).add(kind)
        automaton = ahocorasick.Automaton()
        for sign, known in kinds.items():
            automaton.add_word(sign, frozenset(known))
        automaton.make_automaton()
        second = itemgetter(1)
        return lambda text: _union(frozenset(map(second, automaton.iter(text.lower()))))

    def value(self, kind: str, written: str) -> str:
        """What a form stands for, as `either(kind)` matched it; "" for words that are not in the table."""
        form = self.forms[kind].get(" ".join(written.lower().split()))
        return form.value if form else ""


@lru_cache(maxsize=4096)  # the same few stand in most clauses
def _union(kinds: frozenset[frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*kinds)


@cache
def load(folder: Path) -> Words:
    """Read eras.csv, prefectures.csv and fact_words.csv of a glossary folder. GlossaryError where a row is wrong."""
    problems = Problems()
    forms: dict[str, dict[str, Form]] = {}
    columns = ("kind", "form", "value", "follow", "not_follow", "note")
    for line, row in read_table(folder / "fact_words.csv", columns, problems):
        if not row["kind"] or not row["form"]:
            problems.add(folder / "fact_words.csv", line, "kind and form must not be empty")
            continue
        form = Form(row["form"], row["value"], _split(row["follow"]), _split(row["not_follow"]))
        forms.setdefault(row["kind"], {})[" ".join(form.form.lower().split())] = form
    eras = _eras(folder / "eras.csv", problems)
    prefectures = read_table(folder / "prefectures.csv", ("ja", "en"), problems)
    problems.refuse()
    return Words(forms, eras, tuple((row["ja"], row["en"]) for _, row in prefectures))


def literal(form: str) -> str:
    """A written form as a pattern: ASCII letters at its edges end a word, a space is one to three of any kind."""
    body = r"\s{1,3}".join(map(re.escape, form.split()))
    before = _NO_LETTER_BEFORE if _latin(form[0]) else ""
    after = "(?![A-Za-z])" if _latin(form[-1]) else ""
    return before + body + after


def _eras(path: Path, problems: Problems) -> tuple[Era, ...]:
    eras = []
    for line, row in read_table(path, ("ja", "en", "letter", "start"), problems):
        try:
            eras.append(Era(row["ja"], row["en"], row["letter"], date.fromisoformat(row["start"])))
        except ValueError:
            problems.add(path, line, f"{row['start']!r} is no date; write it as 2019-05-01")
    return tuple(eras)


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


def _any(forms: tuple[str, ...]) -> str:
    return "(?:" + "|".join(map(re.escape, forms)) + ")"


def _latin(character: str) -> bool:
    return character.isascii() and character.isalpha()
