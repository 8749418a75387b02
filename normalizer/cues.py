"""glossaries/cues.csv → expressions: words that say how a clause is meant (negation, exception, permission, …)."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from normalizer.model import LANGUAGES
from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

BOTH = (
    *("negation", "pseudo_negation", "obligation", "permission", "condition"),
    *("exception", "exception_item", "lead_exception", "without", "proviso", "case", "listing"),
    *("predicate", "policy_date"),
)
ONE = (
    *(("case_noun", "ja"), ("topic", "ja"), ("consent", "en"), ("determiner", "en")),
    *(("no_statement", "en"), ("question", "en"), ("self", "en"), ("individual", "en")),
)
CONCEPTS = ("action", "weak_action", "no_action")  # kinds whose forms are concept ids, of language "any"
KINDS = ((kind, language) for kind in BOTH for language in LANGUAGES)
PLACES = (*KINDS, *ONE, *((kind, "any") for kind in CONCEPTS))
AT_END = ("exception_item", "predicate")  # Japanese cues of these kinds stand at the end,
AT_START = ("exception_item", "no_statement", "question")  # English ones at the start
# English cues of these kinds may be the start of a longer word.
PREFIX = ("exception", "exception_item", "policy_date", "consent")


@cache
def _read(folder: Path) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """The forms of each kind and language. Raises GlossaryError."""
    problems, path = Problems(), folder / "cues.csv"
    forms: dict[tuple[str, str], list[str]] = defaultdict(list)
    for line, row in read_table(path, ("kind", "language", "form", "note"), problems):
        place = (row["kind"], row["language"])
        if place in PLACES:
            forms[place].append(row["form"])
        else:
            problems.unknown(path, line, "kind", " ".join(place), [" ".join(known) for known in PLACES])
    for kind, language in PLACES:
        if not forms[kind, language]:
            problems.add(path, 1, f"no {language} form of kind {kind!r}")
    problems.refuse()
    return {place: tuple(found) for place, found in forms.items()}


@cache
def load(folder: Path) -> Mapping[str, Mapping[str, re.Pattern[str]]]:
    """The expression for each kind of cue and language; they are for case-folded text. Raises GlossaryError."""
    out: dict[str, dict[str, re.Pattern[str]]] = defaultdict(dict)
    for (kind, language), forms in _read(folder).items():
        if kind not in CONCEPTS:
            out[kind][language] = _compile(kind, language, [form.casefold() for form in forms])
    return out


def concepts(folder: Path, kind: str) -> tuple[str, ...]:
    """The concept ids of a kind: action, weak_action, no_action. Raises GlossaryError."""
    return _read(folder)[kind, "any"]


def either(forms: Iterable[str]) -> str:
    """An alternation of the forms, the longest first."""
    return "|".join(re.escape(form) for form in sorted(forms, key=lambda form: (-len(form), form)))


def _compile(kind: str, language: str, forms: Iterable[str]) -> re.Pattern[str]:
    words = f"(?:{either(forms)})"
    if language == "ja":
        return re.compile(words + (r"\W*$" if kind in AT_END else ""))
    end = "" if kind in PREFIX else r"(?!\w)"
    return re.compile((r"^\W*" if kind in AT_START else r"(?<!\w)") + words + end)
