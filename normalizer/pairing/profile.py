"""An analysis → what pairing needs of it: values that both languages write alike, concepts, the outline."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer.organisations import legal_forms
from normalizer.pairing.names import LEAST, english_names, japanese_names
from normalizer.pairing.settings import CHANCE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from normalizer.model import Analysis, Clause, Fact
    from normalizer.tokens import Tokenizer

WORD = re.compile(r"[a-z][a-z0-9&'.-]{2,40}|[0-9]{2,12}", re.ASCII)
HOST = re.compile(r"(?:https?://)?(?:www\.)?([^/?#]*).*", re.DOTALL)
SCANNED = 200_000  # characters of a document whose words are taken; the rest is more of the same


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and how many clauses stand under it."""

    heading: str
    clauses: int


@dataclass(frozen=True, slots=True)
class Profile:
    """What tells one policy from others, in whichever of the two languages it is; small enough to keep thousands."""

    language: str
    keys: frozenset[str]  # "email:info@example.com", "date:2023-05-01", "word:qoodish", "name:hnd"
    concepts: tuple[tuple[str, int], ...]  # concept and category names with their counts, sorted
    sections: tuple[Section, ...]  # in reading order
    clauses: int  # without the furniture


def profile(analysis: Analysis, glossaries: Path, tokenizer: Tokenizer) -> Profile:
    """The profile of a document. glossaries: the folder with organisations.csv; raises GlossaryError for that only."""
    clauses = [clause for clause in analysis.clauses if clause.kind != "furniture"]
    counts = Counter(mention.concept for clause in clauses for mention in clause.mentions)
    counts.update(f"{clause.kind}:{clause.category}" for clause in clauses)
    keys = {key for clause in clauses for fact in clause.facts for key in _fact_keys(fact)}
    keys |= _words(analysis, clauses) | _names(analysis, clauses, glossaries, tokenizer)
    concepts = tuple(sorted(counts.items()))
    return Profile(analysis.language, frozenset(keys), concepts, _sections(analysis, clauses), len(clauses))


def _fact_keys(fact: Fact) -> Iterator[str]:
    if fact.kind in CHANCE:
        yield f"{fact.kind}:{fact.value}"
    if fact.kind == "email":
        yield f"domain:{fact.value.rpartition('@')[2]}"
    if fact.kind == "url":
        yield "domain:" + HOST.sub(r"\1", fact.value)


def _words(analysis: Analysis, clauses: list[Clause]) -> set[str]:
    """Latin words and numbers outside the facts; the marker of a clause is no number."""
    found: set[str] = set()
    for clause in clauses:
        if clause.start > SCANNED:
            break
        start = clause.body
        for fact in (*sorted(clause.facts, key=lambda fact: fact.start), None):
            found.update(_words_of(analysis.document.text[start : fact.start if fact else clause.end]))
            start = max(start, fact.end) if fact else start
    return found


def _words_of(text: str) -> Iterator[str]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    for match in WORD.finditer(re.sub(r"(?<=[0-9]),(?=[0-9]{3})", "", plain)):
        word = match[0].rstrip("'.-").removesuffix("'s").rstrip("s")  # Japanese takes over no plural
        yield f"{'number' if word.isdigit() else 'word'}:{word}"


def _names(analysis: Analysis, clauses: list[Clause], glossaries: Path, tokenizer: Tokenizer) -> set[str]:
    forms = legal_forms(glossaries, "ja")
    found: set[str] = set()
    for clause in clauses:
        text = analysis.text(clause)
        names = english_names(text) if analysis.language == "en" else japanese_names(text, forms, tokenizer)
        found.update(names)
    return {f"name:{skeleton}" for skeleton in found if len(skeleton) >= LEAST}


def _sections(analysis: Analysis, clauses: list[Clause]) -> tuple[Section, ...]:
    out: list[Section] = []
    for clause in clauses:
        if clause.kind == "heading":
            out.append(Section(analysis.document.text[clause.body : clause.end].strip(), 0))
        elif out:
            out[-1] = Section(out[-1].heading, out[-1].clauses + 1)
        else:
            out.append(Section("", 1))
    return tuple(out)
