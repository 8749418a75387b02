"""Checks of terms, patterns, enumerations and sense rules: each yields what is wrong under the code it is given."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from normalizer.glossary.checks.findings import at, ids, unknown, with_concept
from normalizer.glossary.entries import ROLES, SCOPES, STATUSES, folded, sense_key
from normalizer.model import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from normalizer.errors import Finding
    from normalizer.glossary.rows import Row, Tables

    # Language, form → what the matcher finds it by, then by what else it would be found.
    Keys = Callable[[str, str], tuple[object, ...]]

CONCEPT_STATUSES = ("", "memory", "verified", "deprecated")
_WEIGHT = re.compile(r"-?\d{1,3}(\.\d{1,6})?", re.ASCII)
# Controls, invisible and directional characters, and more than one space in a row.
_UNWANTED = re.compile(r"[\x00-\x1f\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]|\s\s")


def by_place(tables: Tables) -> dict[tuple[str, str], list[Row]]:
    """The terms of each concept that exists, by (concept, language)."""
    known = ids(tables)
    places: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in tables.terms:
        if row["concept"] in known:
            places[row["concept"], row["language"]].append(row)
    return places


def unknown_concepts(code: str, tables: Tables) -> Iterator[Finding]:
    known = ids(tables)
    for row in with_concept(tables):
        if row["concept"] and row["concept"] not in known:
            yield unknown(code, row, "concept", row["concept"], known)
    for row in tables.concepts:
        if row["broader"] and row["broader"] not in known:
            yield unknown(code, row, "broader concept", row["broader"], known)


def unknown_statuses(code: str, tables: Tables) -> Iterator[Finding]:
    for rows, valid in ((tables.terms, STATUSES), (tables.concepts, CONCEPT_STATUSES)):
        for row in rows:
            if row["status"] not in valid:
                yield unknown(code, row, "status", row["status"], valid)


def unknown_languages(code: str, tables: Tables) -> Iterator[Finding]:
    for row in (*with_concept(tables), *tables.idioms):
        if row["language"] not in LANGUAGES:
            yield unknown(code, row, "language", row["language"], LANGUAGES)


def duplicate_terms(code: str, tables: Tables) -> Iterator[Finding]:
    first: dict[tuple[str, str, str], Row] = {}
    for row in tables.terms:
        known = first.setdefault((row["concept"], row["language"], row["form"]), row)
        if known is not row:
            yield at(code, row, f"{row['form']!r} stands twice for {row['concept']}; first on line {known.line}")


def ambiguous_forms(code: str, tables: Tables) -> Iterator[Finding]:
    ruled: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in tables.senses:
        for form in row["form"].split("|"):
            ruled[row["language"], sense_key(form)].add(row["concept"])
    owners: dict[tuple[str, str], dict[str, Row]] = defaultdict(dict)
    for row in tables.terms:
        owners[row["language"], folded(row["form"])].setdefault(row["concept"], row)
    for (language, form), rows in owners.items():
        if len(rows) > 1 and len(rows.keys() - ruled.get((language, sense_key(form)), set())) > 1:
            *_, last = rows.values()
            hint = f"{last['form']!r} names {' and '.join(rows)}, and senses.csv has no rule that tells them apart"
            yield at(code, last, hint, last["form"])


def no_preferred(code: str, tables: Tables) -> Iterator[Finding]:
    for (concept, language), rows in by_place(tables).items():
        if all(row["status"] != "preferred" for row in rows):
            yield at(code, rows[0], f"{concept} has no preferred form in {language!r}", concept)


def two_preferred(code: str, tables: Tables) -> Iterator[Finding]:
    for (concept, language), rows in by_place(tables).items():
        preferred = [row for row in rows if row["status"] == "preferred"]
        for row in preferred[1:]:
            hint = f"{row['form']!r} is a second preferred form of {concept} in {language!r}; the first"
            yield at(code, row, f"{hint} is {preferred[0]['form']!r}, line {preferred[0].line}", row["form"])


def unclean_forms(code: str, tables: Tables) -> Iterator[Finding]:
    for row in tables.terms:
        if row.stray:
            yield at(code, row, f"white space around {row.stray!r}", row.stray)
        elif _UNWANTED.search(row["form"]):
            yield at(code, row, f"a control character or stray white space in {row['form']!a}", row["form"])


def wrong_is_preferred(code: str, tables: Tables) -> Iterator[Finding]:
    for (concept, _), rows in by_place(tables).items():
        preferred = {folded(row["form"]) for row in rows if row["status"] == "preferred"}
        for row in rows:
            if row["status"] == "wrong" and folded(row["form"]) in preferred:
                yield at(code, row, f"{row['form']!r} is preferred and wrong for {concept}", row["form"])


def no_words(code: str, tables: Tables) -> Iterator[Finding]:
    for rows in (tables.terms, tables.coordination, tables.patterns, tables.idioms):
        for row in rows:
            if not row["pattern" if rows is tables.patterns else "form"]:
                yield at(code, row, "no words")
            elif rows is tables.terms and not row["concept"]:
                yield at(code, row, "a term without concept", row["form"])


def broken_patterns(code: str, tables: Tables) -> Iterator[Finding]:
    for row in tables.patterns:
        if row["pattern"] and not _is_complete(row["pattern"]):
            hint = "has an empty place; write it as `a|b c … d` or `a …20 b_b|c`"
            yield at(code, row, f"the pattern {row['pattern']!r} {hint}", row["pattern"])


def _is_complete(pattern: str) -> bool:
    """Whether there are words on both sides of each "…" (with its number) and of each "|"."""
    first, *others = pattern.split("…")
    segments = [first, *(other.lstrip("0123456789") for other in others)]
    return all(segment.split() and all(all(slot.split("|")) for slot in segment.split()) for segment in segments)


def wrong_roles(code: str, tables: Tables) -> Iterator[Finding]:
    for row in tables.coordination:
        if row["role"] not in ROLES:
            yield unknown(code, row, "role", row["role"], ROLES)
        elif (row["role"] == "head") != bool(row["concept"]):
            yield at(code, row, f"a {row['role']} takes {'no' if row['concept'] else 'a'} concept", row["form"])


def wrong_rules(code: str, tables: Tables) -> Iterator[Finding]:
    for row in tables.senses:
        if row["scope"] not in SCOPES:
            yield unknown(code, row, "scope", row["scope"], SCOPES)
        elif not _WEIGHT.fullmatch(row["weight"]):
            yield at(code, row, f"the weight {row['weight']!r} is no number such as 1.5", row["weight"])
        elif (row["scope"] == "prior") == bool(row["cue"]):
            yield at(code, row, "a prior takes no cue, every other scope takes one", row["cue"])
        elif not all(row["form"].split("|")):
            yield at(code, row, "no words", row["form"])


def without_english(code: str, tables: Tables) -> Iterator[Finding]:
    places = by_place(tables)
    for (concept, language), rows in places.items():
        if language == "ja" and (concept, "en") not in places:
            yield at(code, rows[0], f"{concept} has Japanese forms and no English one", concept)


def another_label(code: str, tables: Tables) -> Iterator[Finding]:
    """A concept that is called one thing and whose preferred form is another; a user's own choice needs no label."""
    known = ids(tables)
    for (concept, language), rows in by_place(tables).items():
        label = known[concept][f"label_{language}"] if language in LANGUAGES else ""
        forms = {folded(row["form"]): row for row in rows}
        preferred = next((row for row in rows if row["status"] == "preferred"), None)
        if preferred is None or folded(label) not in forms or (language, folded(preferred["form"])) in tables.own:
            continue
        if folded(preferred["form"]) != folded(label):
            hint = f"{preferred['form']!r} is preferred for {concept}, which concepts.csv calls {label!r}"
            yield at(code, preferred, f"{hint}; let them agree", preferred["form"])


def covered(code: str, tables: Tables, keys: Keys) -> Iterator[Finding]:
    """Forms that add nothing: another form of the same concept is found by the same words."""
    first: dict[tuple[str, object], Row] = {}
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in tables.terms:
        owners[row["language"], folded(row["form"])].add(row["concept"])
    for row in sorted(tables.terms, key=lambda row: STATUSES.index(row["status"]) if row["status"] in STATUSES else 9):
        places = [(row["concept"], key) for key in keys(row["language"], row["form"])]
        known = next((first[place] for place in places if place in first), row)
        first.setdefault(places[0], row)
        if len(owners[row["language"], folded(row["form"])]) > 1:
            continue  # which of its concepts is meant may hang on how it is written
        if known is not row and row["status"] in ("admitted", "rendering") and known["language"] == row["language"]:
            hint = f"{known['form']!r} on line {known.line} already finds {row['form']!r} for {row['concept']}"
            yield at(code, row, hint, row["form"])
