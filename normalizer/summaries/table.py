"""glossaries/summaries.csv → how a statement is said in both languages, and which words leave no doubt about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from normalizer.ontology import Ontology

COLUMNS = ("kind", "key", "ja", "en", "number", "note")
# Kinds of rows whose keys are concepts; the concepts' labels stand in for empty cells.
NAMED = ("actor", "recipient", "data", "purpose", "case", "action")
FIXED = ("frame", "active", "passive", "ending")
WORDS = ("around", "announcing", "hedge", "purpose_cue")
CLASSES = ("organisation", "individual")
OWN_KEYS = {("case", ""), ("case", "more")}
FIELDS = {"data", "recipient"}
FIELD = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True, slots=True)
class Phrase:
    """How something is called in both languages."""

    ja: str
    en: str
    plural: bool  # in English
    note: str = ""  # of an actor: organisation or individual


@dataclass(frozen=True, slots=True)
class Verb:
    """An action in English: its three forms, its object, what follows that."""

    base: str
    third: str
    participle: str
    object: str
    tail: str


@dataclass(frozen=True, slots=True)
class Table:
    """The compiled table."""

    phrases: Mapping[tuple[str, str], Phrase]  # kind, key
    words: Mapping[tuple[str, str], tuple[str, ...]]  # kind, language → forms, the longest first

    def phrase(self, kind: str, key: str) -> Phrase:
        """A fixed phrase, which `load` has seen to."""
        return self.phrases[kind, key]

    def action(self, concept: str, kind: str) -> Phrase | None:
        """How an action is said of who acts: "organisation", "individual" or, where that is not known, ""."""
        return self.phrases.get(("action", f"{concept}/{kind}")) or self.phrases.get(("action", concept))


def verb(phrase: Phrase) -> Verb:
    """The English side of an action, "provide/provides/provided | {data} | to {recipient}", in its parts."""
    cells = [cell.strip() for cell in f"{phrase.en} | | ".split("|")]
    base, third, participle = cells[0].split("/")
    return Verb(base, third, participle, cells[1], cells[2])


@cache
def _rows(folder: Path) -> tuple[tuple[int, Mapping[str, str]], ...]:
    problems = Problems()
    rows = read_table(folder / "summaries.csv", COLUMNS, problems)
    problems.refuse()
    return tuple(rows)


def load(folder: Path, ontology: Ontology) -> Table:
    """Compile summaries.csv; labels of `ontology` fill empty cells. Raises GlossaryError naming file and line."""
    problems, path = Problems(), folder / "summaries.csv"
    phrases: dict[tuple[str, str], Phrase] = {}
    words: dict[tuple[str, str], list[str]] = {(kind, code): [] for kind in WORDS for code in ("ja", "en")}
    for line, row in _rows(folder):
        kind, key = row["kind"], row["key"]
        if kind in WORDS:
            for language in ("ja", "en"):
                words[kind, language] += [row[language]] if row[language] else []
        elif kind not in (*NAMED, *FIXED):
            problems.unknown(path, line, "kind", kind, (*NAMED, *FIXED, *WORDS))
        elif wrong := _wrong(kind, key, row, ontology):
            problems.add(path, line, wrong)
        else:
            concept = ontology[key] if kind in NAMED and key in ontology else None
            ja = row["ja"] or (concept.label("ja") if concept else "")
            en = row["en"] or (concept.label("en") if concept else "")
            phrases[kind, key] = Phrase(ja, en, row["number"] == "p", row["note"])
    for line, row in _rows(folder):
        if row["kind"] == "action" and not _ending(row["ja"], phrases):
            problems.add(path, line, f"{row['ja']!r} ends in none of the endings of the table")
    problems.refuse()
    ordered = {place: tuple(sorted(forms, key=lambda form: (-len(form), form))) for place, forms in words.items()}
    return Table(phrases, ordered)


def _ending(words: str, phrases: Mapping[tuple[str, str], Phrase]) -> str | None:
    return next((key for kind, key in phrases if kind == "ending" and words.endswith(key)), None)


def _wrong(kind: str, key: str, row: Mapping[str, str], ontology: Ontology) -> str | None:
    """What is wrong with a row of phrases, or None."""
    if kind in NAMED and (kind, key) not in OWN_KEYS:
        concept, _, acting = key.partition("/")
        if concept not in ontology or acting not in ("", *CLASSES):
            return (
                f"unknown concept {key!r}; known are those of concepts.csv, of an action with /{' or /'.join(CLASSES)}"
            )
    if kind == "actor" and row["note"] not in CLASSES:
        return f"an actor is of one of {', '.join(CLASSES)}, said in the column note"
    if kind == "action":
        if row["en"].partition("|")[0].count("/") != 2:
            return "the English side of an action opens with three forms: provide/provides/provided"
        if unknown := {*FIELD.findall(row["ja"]), *FIELD.findall(row["en"])} - FIELDS:
            return f"unknown field {unknown.pop()!r}; known are {', '.join(sorted(FIELDS))}"
    return None
