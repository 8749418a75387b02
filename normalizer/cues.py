"""glossaries/cues.csv → expressions: words that say how a clause is meant (negation, exception, permission, …)."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

KINDS = (
    *("negation", "pseudo_negation", "exception", "obligation", "permission", "condition"),
    *("exception_item", "policy_date"),
)
LANGUAGES = ("ja", "en")
AT_END = ("exception_item",)  # Japanese cues of these kinds stand at the end, English ones at the start


@cache
def load(folder: Path) -> Mapping[str, Mapping[str, re.Pattern[str]]]:
    """The expression for each kind of cue and language; they are for case-folded text. Raises GlossaryError."""
    problems, path = Problems(), folder / "cues.csv"
    forms: dict[tuple[str, str], list[str]] = defaultdict(list)
    for line, row in read_table(path, ("kind", "language", "form", "note"), problems):
        if row["kind"] not in KINDS:
            problems.unknown(path, line, "kind", row["kind"], KINDS)
        elif row["language"] not in LANGUAGES:
            problems.unknown(path, line, "language", row["language"], LANGUAGES)
        else:
            forms[row["kind"], row["language"]].append(row["form"].casefold())
    for kind in KINDS:
        for language in LANGUAGES:
            if not forms[kind, language]:
                problems.add(path, 1, f"no {language} form of kind {kind!r}")
    problems.refuse()
    return {kind: {language: _compile(kind, language, forms) for language in LANGUAGES} for kind in KINDS}


def either(forms: Iterable[str]) -> str:
    """An alternation of the forms, the longest first."""
    return "|".join(re.escape(form) for form in sorted(forms, key=lambda form: (-len(form), form)))


def _compile(kind: str, language: str, forms: Mapping[tuple[str, str], list[str]]) -> re.Pattern[str]:
    words = f"(?:{either(forms[kind, language])})"
    if language == "ja":
        return re.compile(words + ("$" if kind in AT_END else ""))
    return re.compile((r"^\W*" if kind in AT_END else r"\b") + words)
