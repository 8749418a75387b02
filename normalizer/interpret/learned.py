"""Clauses with the categories that the rules gave → the same, weighed again by weights learned from annotated policies.

A linear model: every feature of a clause (features.py: its words, concepts, place, what the rules found, what it stands
under) adds its weights, and the category with the greatest sum is taken. `category_model.csv` holds the weights, in
hundredths; `corpus/train_categories.py` makes it. All numbers are whole, so that the sums are the same everywhere.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from heapq import nsmallest
from operator import itemgetter, mul
from typing import TYPE_CHECKING

import ahocorasick

from normalizer.cache import remembered
from normalizer.interpret.features import (
    HEADED_BY,
    OF_OWN,
    UNIT,
    Features,
    Ruled,
    concepts,
    folded,
    hanging,
    share,
    standing,
)
from normalizer.model import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from normalizer.model import Clause
    from normalizer.ontology import Ontology
    from normalizer.tables import Problems

SHOWN = 3  # features that are kept as evidence
BORROWED = ("under", "after", "headed", "two under", "above ", "below ", "weight: ")  # not the clause's own words
SCALE = 100  # a weight of 1 in the table
RIVAL, CLOSE = 300, 100  # hundredths by which a rival of the best falls short at most; one that is named with it
TIE = 25  # … and the one that the rules chose, which is kept then
SPOKEN = 6  # quarters of weight from which what a clause's own words say is named, whatever the sums
NO_MATTER = ("other", "boilerplate")  # of which no clause speaks besides, nor knows a sentence what it is about
LANE = 32  # bits in which the weights of a category add up
HALF = 1 << LANE - 1
CELL = struct.Struct("<I").unpack_from  # one lane


class Rows(dict[str, int]):
    """Feature → its weights as one number, a lane of bits for each category, so that one addition adds them all.

    Those of the table are packed when they are first needed; a feature that it does not have weighs nothing.
    """

    def __init__(self, lines: Mapping[str, str]) -> None:
        super().__init__()
        self.lines = lines  # feature → its weights as they stand in the table

    def __missing__(self, name: str) -> int:
        cells = self.lines.get(name, "").split(",")
        self[name] = sum(int(cell) << LANE * lane for lane, cell in enumerate(cells) if cell)
        return self[name]


@dataclass(frozen=True, slots=True)
class Learned:
    """The compiled category_model.csv."""

    order: tuple[str, ...]  # the categories of the columns
    words: Mapping[str, ahocorasick.Automaton]  # language → pieces of folded text
    rows: Rows
    bias: int  # half a lane in each: makes all lanes positive
    broader: Mapping[str, tuple[str, ...]]  # concept → its feature and those of all that is above it

    @classmethod
    def load(cls, path: Path, categories: Sequence[str], ontology: Ontology, problems: Problems) -> Learned | None:
        """Compile the table at `path`; None where there is none, as in a folder of tables of one's own: the rules
        decide alone. What is wrong in the table is added to `problems`."""
        if not path.exists():
            return None
        content = path.read_bytes()
        header, *lines = content.decode("utf-8").splitlines() or [""]
        order = tuple(header.split(",")[1:])
        for name in set(categories) - set(order):
            problems.add(path, 1, f"no column for the category {name!r}; train again")
        for name in set(order) - set(categories):
            problems.unknown(path, 1, "category", name, categories)
        for number in remembered("category-model", [content], lambda: _malformed(lines, len(order))):
            problems.add(path, number, f"a feature and {len(order)} whole numbers are expected; train again")
        rows = {name: weights for name, _, weights in (line.partition(",") for line in lines)}
        words: dict[str, ahocorasick.Automaton] = {its: _automaton(its, rows) for its in LANGUAGES}
        words = {language: found for language, found in words.items() if len(found)}
        bias = sum(HALF << LANE * lane for lane in range(len(order)))
        return cls(order, words, Rows(rows), bias, concepts(ontology))

    def decide(self, ruled: Ruled) -> tuple[Clause, ...]:
        """The clauses, in the same order, with their categories weighed again; furniture stays furniture.

        A sentence that is all of its document is left to the rules where they know what it is about: the weights were
        learned where others stand around.
        """
        if len(ruled.clauses) == 1 and ruled.clauses[0].category not in NO_MATTER:
            return tuple(ruled.clauses)
        features, said = standing(ruled, self.broader), [self._said(ruled.text, clause) for clause in ruled.clauses]
        spoken = [sum(map(self.rows.__getitem__, words)) for words in said]
        out: list[Clause] = []
        decided: list[str] = []
        last: dict[tuple[int | None, str], int] = {}
        for number, (clause, parent) in enumerate(zip(ruled.clauses, ruled.above, strict=True)):
            around = hanging(ruled, number, decided, last.get((parent, clause.kind)))
            last[parent, clause.kind] = number
            if clause.kind != "furniture" and clause.language in LANGUAGES:
                features[number].there.extend(around)
                total = share(len(said[number])) * spoken[number]
                children = ruled.children(number)
                for child in children:
                    total += share(len(said[child])) // len(children) * spoken[child]
                if heading := ruled.heading(number):
                    total += share(len(said[heading])) // HEADED_BY * spoken[heading]
                clause = self._revised(clause, total, features[number], said[number])
            out.append(clause)
            decided.append(clause.category)
        return tuple(out)

    def _revised(self, clause: Clause, total: int, found: Features, said: Collection[str]) -> Clause:
        """The clause by its features and what its words add up to."""
        row, amounts = self.rows.__getitem__, found.amounts
        total += self.bias + UNIT * sum(map(row, found.there)) + sum(map(mul, amounts.values(), map(row, amounts)))
        sums = struct.unpack(f"<{len(self.order)}I", total.to_bytes(len(self.order) * LANE // 8, "little"))
        most = max(sums)
        tied = sums[self.order.index(clause.category)] >= most - TIE * UNIT
        best, least = clause.category if tied else self.order[sums.index(most)], most - RIVAL * UNIT
        rivals = [(self.order[at], (most - sum_) // UNIT) for at, sum_ in enumerate(sums) if sum_ >= least]
        near = tuple(sorted((rival for rival in rivals if rival[0] != best), key=itemgetter(1))) if rivals[1:] else ()
        also = _others(best, clause, near, amounts) if near or clause.also or best != clause.category else ()
        if best == clause.category:
            return clause.revised(also=also, rivals=near)
        evidence = self._evidence(best, clause.category, found, said)
        return clause.revised(category=best, also=also, category_evidence=evidence, rivals=near)

    def _said(self, text: str, clause: Clause) -> Collection[str]:
        """The pieces of the clause's text that have weights."""
        if clause.language not in self.words:
            return ()
        return set(map(itemgetter(1), self.words[clause.language].iter(folded(text, clause))))

    def _evidence(self, best: str, other: str, found: Features, said: Collection[str]) -> tuple[str, ...]:
        """The features that spoke most for the category rather than the rules'; "handed down" first where none of
        them is the clause's own."""
        amounts = found.amounts | dict.fromkeys(found.there, UNIT) | dict.fromkeys(said, share(len(said)))
        one, two = (4 * self.order.index(category) for category in (best, other))
        spoke = []
        for name, amount in amounts.items():
            row = (self.rows[name] + self.bias).to_bytes(4 * len(self.order), "little")
            weight = amount * (CELL(row, one)[0] - CELL(row, two)[0])
            if weight > 0:
                spoke.append((-weight, name))
        strongest = [name for _, name in nsmallest(SHOWN, spoke)]
        shown = tuple(f"{best}: {_shown(name)}" for name in strongest)
        return shown if any(not name.startswith(BORROWED) for name in strongest) else ("handed down", *shown)


def _others(best: str, clause: Clause, near: Sequence[tuple[str, int]], amounts: Mapping[str, int]) -> tuple[str, ...]:
    """What a clause speaks of besides: of what the rules named, what it says clearly or nearly won; and what all but
    won."""
    rivals = {name for name, _ in near}
    named = [n for n in (clause.category, *clause.also) if n in rivals or amounts.get(OF_OWN[n], 0) >= SPOKEN]
    close = [name for name, short in near if short <= CLOSE]
    return tuple(name for name in dict.fromkeys((*named, *close)) if name != best and name not in NO_MATTER)


def _malformed(lines: Sequence[str], columns: int) -> list[int]:
    """The numbers of the lines, from 2 on, that do not hold a feature and a number or nothing for each column."""
    well_formed = re.compile(rf"[^,]+(?:,-?\d{{1,5}}|,){{{columns}}}").fullmatch
    return [number for number, line in enumerate(lines, 2) if not well_formed(line)]


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
