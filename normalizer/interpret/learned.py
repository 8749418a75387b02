"""Clauses with the categories that the rules gave → the same, weighed again by weights learned from annotated policies.

A linear model: every feature of a clause (features.py: its words, concepts, place, what the rules found, what it stands
under) adds its weights, and the category with the greatest sum is taken. `category_model.csv` holds the weights, in
hundredths; `corpus/train_categories.py` makes it. All numbers are whole, so that the sums are the same everywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ahocorasick

from normalizer.interpret.features import UNIT, Ruled, folded, hanging, share, standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from normalizer.model import Clause
    from normalizer.ontology import Ontology
    from normalizer.tables import Problems

LANGUAGES = ("ja", "en")
SHOWN = 3  # features that are kept as evidence
BORROWED = ("under", "after", "headed", "two under", "below ", "weight: ", "rules: ")  # not the clause's own words
SCALE = 100  # a weight of 1 in the table


@dataclass(frozen=True, slots=True)
class Learned:
    """The compiled category_model.csv."""

    order: tuple[str, ...]  # the categories of the columns
    words: Mapping[str, ahocorasick.Automaton]  # language → pieces of folded text
    rows: Mapping[str, str]  # feature → its weights as they stand in the table
    parsed: dict[str, tuple[tuple[int, int], ...]]  # those that were needed so far: (column, weight), without zeros
    broader: Mapping[str, tuple[str, ...]]  # concept → all that is above it

    @classmethod
    def load(cls, path: Path, categories: Sequence[str], ontology: Ontology, problems: Problems) -> Learned | None:
        """Compile the table at `path`; None where there is none, as in a folder of tables of one's own: the rules
        decide alone. What is wrong in the table is added to `problems`."""
        if not path.exists():
            return None
        header, *lines = path.read_text(encoding="utf-8").splitlines() or [""]
        order = tuple(header.split(",")[1:])
        for name in set(order) - set(categories):
            problems.unknown(path, 1, "category", name, categories)
        row = re.compile(rf"[^,]+(,-?\d{{0,5}}){{{len(order)}}}")
        for number, line in enumerate(lines, 2):
            if not row.fullmatch(line):
                problems.add(path, number, f"a feature and {len(order)} whole numbers are expected; train again")
        rows = dict((name, weights) for name, _, weights in (line.partition(",") for line in lines))
        broader = {concept.id: tuple(ontology.ancestors(concept.id)) for concept in ontology}
        words = {language: _automaton(language, rows) for language in LANGUAGES}
        return cls(order, {name: found for name, found in words.items() if len(found)}, rows, {}, broader)

    def decide(self, ruled: Ruled) -> tuple[Clause, ...]:
        """The clauses, in the same order, with their categories weighed again; furniture stays furniture."""
        features, said = standing(ruled, self.broader), [self._said(ruled.text, clause) for clause in ruled.clauses]
        out: list[Clause] = []
        decided: list[str] = []
        last: dict[tuple[int | None, str], int] = {}
        for number, (clause, parent) in enumerate(zip(ruled.clauses, ruled.above, strict=True)):
            around = hanging(ruled, number, decided, last.get((parent, clause.kind)))
            last[parent, clause.kind] = number
            if clause.kind != "furniture" and clause.language in LANGUAGES:
                found = features[number] | dict.fromkeys(around, UNIT)
                children = [said[child] for child in ruled.children(number)]
                clause = self._revised(clause, found, said[number], children)
            out.append(clause)
            decided.append(clause.category)
        return tuple(out)

    def _revised(
        self, clause: Clause, found: Mapping[str, int], said: Sequence[str], children: Sequence[Sequence[str]]
    ) -> Clause:
        sums = self._sum(found.items())
        for words in (said, *children):
            one = share(len(words)) // (1 if words is said else len(children))
            for column, weight in enumerate(self._sum((word, one) for word in words)):
                sums[column] += weight
        best = self.order[max(range(len(sums)), key=sums.__getitem__)]
        if best == clause.category:
            return clause
        kept = (clause.category, *clause.also)
        also = tuple(name for name in kept if name != best and f"own: {name}" in found)
        evidence = self._evidence(best, clause.category, found, said)
        return clause.revised(category=best, also=also, category_evidence=evidence)

    def _said(self, text: str, clause: Clause) -> tuple[str, ...]:
        """The pieces of the clause's text that have weights, each once."""
        if clause.language not in self.words:
            return ()
        return tuple(dict.fromkeys(name for _, name in self.words[clause.language].iter(folded(text, clause))))

    def _sum(self, found: Iterator[tuple[str, int]] | Sequence[tuple[str, int]]) -> list[int]:
        sums = [0] * len(self.order)
        for name, amount in found:
            for column, weight in self._row(name):
                sums[column] += amount * weight
        return sums

    def _row(self, name: str) -> tuple[tuple[int, int], ...]:
        known = self.parsed.get(name)
        if known is None:
            cells = self.rows.get(name, "").split(",")
            known = self.parsed[name] = tuple((column, int(cell)) for column, cell in enumerate(cells) if cell)
        return known

    def _evidence(self, best: str, other: str, found: Mapping[str, int], said: Sequence[str]) -> tuple[str, ...]:
        """The features that spoke most for the category rather than the rules'; "handed down" first where none of
        them is the clause's own."""
        amounts = [*found.items(), *((name, share(len(said))) for name in said)]
        spoke = {}
        for name, amount in amounts:
            row = dict(self._row(name))
            spoke[name] = amount * (row.get(self.order.index(best), 0) - self._of(row, other))
        strongest = sorted((name for name in spoke if spoke[name] > 0), key=lambda name: (-spoke[name], name))[:SHOWN]
        own = any(not name.startswith(BORROWED) for name in strongest)
        shown = tuple(f"{best}: {_shown(name)}" for name in strongest)
        return shown if own else ("handed down", *shown)

    def _of(self, row: Mapping[int, int], category: str) -> int:
        return row.get(self.order.index(category), 0) if category in self.order else 0


def _automaton(language: str, rows: Mapping[str, str]) -> ahocorasick.Automaton:
    found, prefix = ahocorasick.Automaton(), f"{language} "
    for name in rows:
        if name.startswith(prefix):
            found.add_word(name.removeprefix(prefix), name)
    found.make_automaton()
    return found


def _shown(name: str) -> str:
    """A piece of text as a reader writes it."""
    return name.removeprefix("ja ").removeprefix("en ").strip("_").replace("_", " ")
