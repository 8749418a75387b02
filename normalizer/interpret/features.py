"""A document that the rules have read → the features of each clause that the learned weights are for.

A feature is a name that a reader understands, "concept: Storage", "under: purpose_of_use", with how much of it there is
in sixteenths, so that all arithmetic is of whole numbers and gives the same on every machine.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer.interpret.evidence import SHORT
from normalizer.nfkc import normalize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from normalizer.model import Clause
    from normalizer.ontology import Ontology

UNIT = 16  # of a feature that is simply there
TEXT = 3 * UNIT  # of the words together: each of n words counts TEXT / √n
HEADED_BY = 3  # what is divided by this counts of the words of the heading above; not of the title, which is over all
WEIGHED, OWN = 6, 4  # a unit of the weight that the rules gave; of what a clause's own words say
MOST = 4.0  # weights of the rules count no more than this
LONGEST = 6  # the lengths told apart, in powers of two
LAST = 3  # clauses from the end that are told apart
CHILDREN, WITHIN = 5, 11  # clauses right below a heading that show what it is about, and how far off they may stand
WORDS = re.compile(r"[^0-9a-z]+")
# What parts Japanese phrases.
PIECES = re.compile(r"""[\s、。，．・「」『』（）()【】〈〉:：;；,.!?！？\-—…/|"“”‘’'＇＂]+""")
KANJI = re.compile("[\u4e00-\u9fff]")
STOPS = ("。", ".", "す", "ん")
COLONS = (":", "：")
Amounts = dict[str, int]


class Named(dict[str, str]):
    """What a feature is called, by that of which it speaks; a name is made once and then only looked up."""

    def __init__(self, before: str, after: str = "") -> None:
        super().__init__()
        self.before, self.after = before, after

    def __missing__(self, name: str) -> str:
        self[name] = found = f"{self.before}{name}{self.after}"
        return found


WEIGHT, OF_OWN, OVER_OWN = Named("weight: "), Named("own: "), Named("above own: ")
BELOW, BELOW_RULES, BELOW_OWN = Named("below "), Named("below rules: "), Named("below own: ")
KIND, LABEL, UNDER, HEADED = Named("kind: "), Named("label: "), Named("under: "), Named("headed: ")
AFTER = {kind: Named("after: ", f" ({kind})") for kind in ("heading", "paragraph", "item", "furniture")}
LENGTH = {size: f"length: {size}" for size in range(-1, LONGEST + 1)}


@dataclass(frozen=True, slots=True)
class Ruled:
    """A document as the rules leave it."""

    text: str
    clauses: Sequence[Clause]  # with the category that the rules gave
    above: Sequence[int | None]  # the parent of each, by number
    own: Sequence[Mapping[str, float]]  # category → weight of the clause's own words
    totals: Sequence[Mapping[str, float]]  # … and of all that was added up

    def heading(self, number: int) -> int | None:
        """The heading that a clause stands under, with or without others between."""
        above = self.above[number]
        while above is not None and self.clauses[above].kind != "heading":
            above = self.above[above]
        return above

    def children(self, number: int) -> list[int]:
        """The clauses right below a heading that show what it is about."""
        if self.clauses[number].kind != "heading" or number == 0:
            return []
        near = range(number + 1, min(len(self.clauses), number + 1 + WITHIN))
        below = (child for child in near if self.above[child] == number and self.clauses[child].kind != "heading")
        return [child for child, _ in zip(below, range(CHILDREN), strict=False)]


@dataclass(frozen=True, slots=True)
class Features:
    """Of one clause."""

    there: list[str]  # those that are simply there, each once
    amounts: Amounts  # and those of which there is more or less


def folded(text: str, clause: Clause) -> str:
    """The words of a clause as they are looked up: "_we_keep_it_" or "|保存の期間|", signs left out."""
    words = normalize(text[clause.body : clause.end] or text[clause.start : clause.end]).text.casefold()
    if clause.language == "en":
        return f"_{WORDS.sub('_', words).strip('_')}_"
    return f"|{PIECES.sub('|', words).strip('|')}|"


def pieces(words: str, language: str) -> Iterator[str]:
    """What may be learned of folded words: English words, their first five letters, pairs; of Japanese single kanji and
    every two characters."""
    if language != "en":
        yield from KANJI.findall(words)
        for run in words.strip("|").split("|"):
            yield from (run[at : at + 2] for at in range(len(run) - 1))
        return
    said = words.strip("_").split("_")
    for word, after in zip(said, (*said[1:], ""), strict=True):
        yield f"_{word}_"
        if len(word) > 5:
            yield f"_{word[:5]}"
        if after:
            yield f"_{word}_{after}_"


def share(count: int) -> int:
    """How much each of so many words counts."""
    return round(TEXT / count**0.5) if count else 0


def standing(ruled: Ruled, broader: Mapping[str, tuple[str, ...]]) -> list[Features]:
    """The features of each clause that do not hang on what was decided of others.

    broader: concept → its feature and those of all that is above it.
    """
    firsts: dict[int, str] = {}
    below: dict[int, Amounts] = defaultdict(lambda: defaultdict(int))
    for clause, parent in zip(ruled.clauses, ruled.above, strict=True):
        if parent is not None:
            firsts.setdefault(parent, clause.kind)
            below[parent][clause.category] += 1
    named = [set[str]().union(*[broader.get(m.concept, ()) for m in clause.mentions]) for clause in ruled.clauses]
    out, headings = [], 0
    headed = any(clause.kind == "heading" for clause in ruled.clauses)
    for number, clause in enumerate(ruled.clauses):
        headings += clause.kind == "heading"
        there = [*named[number], *_looks(clause), *_placed(ruled, number, min(headings, 2) if headed else None)]
        there.append(f"below: {firsts.get(number, 'nothing')}")
        amounts = _weighed(ruled, number)
        if clause.kind == "heading" and number in below:
            count = sum(below[number].values())
            for name, times in below[number].items():
                amounts[BELOW_RULES[name]] = UNIT * times // count
            _pool(ruled, ruled.children(number), named, amounts)
        out.append(Features(there, amounts))
    return out


def concepts(ontology: Ontology) -> dict[str, tuple[str, ...]]:
    """Concept → its feature and those of all that is above it."""
    return {c.id: tuple(f"concept: {id}" for id in (c.id, *ontology.ancestors(c.id))) for c in ontology}


def hanging(ruled: Ruled, number: int, decided: Sequence[str], before: int | None) -> list[str]:
    """The features of a clause that follow from what was decided of those before it; each is simply there.

    decided: the categories so far. before: the last clause of its kind below the same parent.
    """
    kind, parent = ruled.clauses[number].kind, ruled.above[number]
    found = ["first of its kind" if before is None else AFTER[kind][decided[before]]]
    if parent is None:
        return found
    over = ruled.clauses[parent].kind
    under = UNDER[decided[parent]]
    found += [under, f"{under} ({kind} of {over})", f"under a {over}"]
    if (heading := ruled.heading(number)) is not None:
        found.append(HEADED[decided[heading]])
    above = ruled.above[parent]
    return [*found, f"two under: {decided[above]}"] if above is not None else found


def _looks(clause: Clause) -> list[str]:
    found = ["any", KIND[clause.kind], LABEL[clause.label.kind if clause.label else "none"]]
    if clause.facts:
        kinds = {fact.kind for fact in clause.facts}
        found += [f"fact: {kind}" for kind in kinds]
        if clause.end - clause.body < SHORT:
            found += [f"short fact: {kind}" for kind in kinds]
    return found


def _placed(ruled: Ruled, number: int, headings: int | None) -> list[str]:
    """Length, ending and place; where nothing is a heading (None), as in a sentence or two, the place says nothing."""
    clause, parent = ruled.clauses[number], ruled.above[number]
    words = ruled.text[clause.body : clause.end].rstrip()
    size = (clause.end - clause.body).bit_length() - (clause.language == "en")
    ends = "sentence" if words.endswith(STOPS) else "colon" if words.endswith(COLONS) else "open"
    found = [LENGTH[min(LONGEST, size)], f"ends: {ends}"]
    if headings is None:
        return found
    found.append(f"headings so far: {headings}")
    if number == 0:
        found.append("first")
    if (left := len(ruled.clauses) - number) <= LAST:
        found.append(f"from the end: {left}")
    if parent is None:
        found.append("at the top")
    elif ruled.above[parent] is None and ruled.clauses[parent].kind == "heading":
        found.append("under the title")
    return found


def _weighed(ruled: Ruled, number: int) -> Amounts:
    """What the rules found. Not what they decided: they know the policies that they were made on better than others."""
    parent = ruled.above[number]
    found = {
        WEIGHT[name]: int(WEIGHED * (weight if weight < MOST else MOST))
        for name, weight in ruled.totals[number].items()
    }
    for name, weight in ruled.own[number].items():
        found[OF_OWN[name]] = int(OWN * (weight if weight < MOST else MOST))
    if parent is not None:
        for name, weight in ruled.own[parent].items():
            found[OVER_OWN[name]] = int(OWN * (weight if weight < MOST else MOST))
    return found


def _pool(ruled: Ruled, children: Sequence[int], named: Sequence[Iterable[str]], amounts: Amounts) -> None:
    """Add what the clauses below a heading name and speak of, on the average."""
    for child in children:
        for name in named[child]:
            below = BELOW[name]
            amounts[below] = amounts.get(below, 0) + UNIT // len(children)
        for name, weight in ruled.own[child].items():
            below = BELOW_OWN[name]
            amounts[below] = amounts.get(below, 0) + int(OWN * min(weight, MOST)) // len(children)
