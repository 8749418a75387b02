"""glossaries/translation.csv → how labels, dates and amounts are written in each language, and words of negation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from normalizer.cues import either
from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

COLUMNS = ("kind", "key", "ja", "en", "note")
FIELDS = {"label": {"number"}, "date": {"year", "month", "day", "name"}, "month": set(), "fee": {"amount"}}
LISTS = ("negation", "before_noun")
FIELD = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True, slots=True)
class Words:
    """The compiled table."""

    forms: Mapping[tuple[str, str, str], str]  # kind, key, language → a form with {fields}
    negation: Mapping[str, re.Pattern[str]]  # language → words of which a negated sentence has at least one
    before_noun: re.Pattern[str]  # English words right before a noun, at the end of a text

    def form(self, kind: str, key: str, language: str) -> str | None:
        """A form with {fields}, or None where the table has none."""
        return self.forms.get((kind, key, language))


@cache
def load(folder: Path) -> Words:
    """Compile translation.csv. Raises GlossaryError naming file and line."""
    problems, path = Problems(), folder / "translation.csv"
    forms: dict[tuple[str, str, str], str] = {}
    lists: dict[tuple[str, str], list[str]] = {(kind, code): [] for kind in LISTS for code in ("ja", "en")}
    for line, row in read_table(path, COLUMNS, problems):
        kind = row["kind"]
        if kind not in FIELDS and kind not in LISTS:
            problems.unknown(path, line, "kind", kind, (*FIELDS, *LISTS))
            continue
        for language in ("ja", "en"):
            if kind in LISTS:
                lists[kind, language] += [row[language]] if row[language] else []
            elif unknown := set(FIELD.findall(row[language])) - FIELDS[kind]:
                problems.unknown(path, line, "field", unknown.pop(), sorted(FIELDS[kind]))
            else:
                forms[kind, row["key"], language] = row[language]
    for kind, language in (("negation", "ja"), ("negation", "en"), ("before_noun", "en")):
        if not lists[kind, language]:
            problems.add(path, 1, f"no {language} form of kind {kind!r}")
    problems.refuse()
    negation = {"ja": either(lists["negation", "ja"]), "en": rf"(?<!\w)(?:{either(lists['negation', 'en'])})(?!\w)"}
    negation["en"] = negation["en"].replace(r"(?<!\w)(?:", r"(?:(?<!\w)|(?=n't))(?:", 1)
    return Words(
        forms,
        {language: re.compile(pattern) for language, pattern in negation.items()},
        re.compile(rf"(?<!\w)(?:{either(lists['before_noun', 'en'])})\s+$", re.IGNORECASE),
    )
