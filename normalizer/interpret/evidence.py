"""A clause, by itself → what its words, concepts and facts say of its category."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import ahocorasick

from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from normalizer.model import Clause
    from normalizer.ontology import Ontology

CUE_COLUMNS = ("category", "where", "language", "form", "weight")
REGISTERS = ("polite", "plain", "note")
PLACES = (
    ("heading", "ja"),
    ("heading", "en"),
    ("text", "ja"),
    ("text", "en"),
    ("list", "ja"),
    ("list", "en"),
    ("concept", "any"),
)
CAP = 3.5  # however many of its words stand in a text, a category gets no more from them
SECOND = 0.5  # words and concepts speak of the same thing: the weaker of the two counts so much
IN_HEADING = 1.6  # a concept in a heading, of few words, tells more than one in a text
STEPS, NEAR = (4.0, 3.0), 0.8  # what a word in a heading weighs, and what is taken for as much
FIRST = {"ja": 120, "en": 260}  # characters: what is said first is what a clause is about,
LATER = 0.7  # what follows counts so much
SHORT = 80  # characters of a line that can be all date or all address
DATE_REST = 28  # characters that stand beside the dates in a line of dates
ALL_DATE = 5.0  # what such a line says for effective_date
UNDATED = 0.5  # words such as 施行 say little without a date
DATED = 2.5  # which a heading such as 附則 does not need
FEE = 1.0  # what a fee says for request_procedure
ADDRESS, LONG_ADDRESS = 3.5, 0.8  # what an address or number says for inquiries_contact: a short line, a longer one
DATA, TOLD = "data_categories", 0.4  # data that a sentence names are less what it is about than what it does with them
CONTACTS = ("email", "phone", "postal", "address")


class Own(NamedTuple):
    """What speaks for a category within one clause."""

    weight: float
    place: tuple[int, int]  # where its first word stands, the longer first
    words: tuple[str, ...]


NOTHING = Own(0.0, (0, 0), ())
Evidence = dict[str, Own]
Weights = dict[str, float]


@dataclass(frozen=True, slots=True)
class Finder:
    """The cues for one place and language, found in one pass."""

    automaton: ahocorasick.Automaton  # case-folded form → form
    cues: Mapping[str, tuple[tuple[str, float], ...]]  # form → (category, weight)
    words: bool  # whether a form must stand at the start of a word

    def find(self, text: str) -> Iterator[tuple[int, str, tuple[tuple[str, float], ...]]]:
        """The forms in a case-folded text: place, form, what it speaks for; the first occurrence of each counts."""
        for last, form in self.automaton.iter(text):
            at = last - len(form) + 1
            if not self.words or not at or not text[at - 1].isalnum():
                yield at, form, self.cues[form]


@dataclass(frozen=True, slots=True)
class Reader:
    """The compiled category_cues.csv."""

    finders: Mapping[tuple[str, str], Finder]
    concepts: Mapping[str, tuple[tuple[str, float], ...]]  # concept → (category, weight)

    @classmethod
    def load(cls, path: Path, categories: Sequence[str], ontology: Ontology, problems: Problems) -> Reader:
        """Compile the table at `path`; what is wrong in it is added to `problems`.

        A row for a concept holds for all that is narrower and has no row of its own for that category.
        """
        forms = _rows(path, categories, problems)
        named = forms.pop(("concept", "any"))
        for id in named:
            if id not in ontology:
                problems.unknown(path, 1, "concept", id, [concept.id for concept in ontology])
        concepts = {concept.id: _nearest(ontology, concept.id, named) for concept in ontology}
        finders = {place: _finder(found, place[1]) for place, found in forms.items()}
        return cls(finders, {id: weights for id, weights in concepts.items() if weights})

    def read(self, text: str, clause: Clause) -> Evidence:
        """What the clause's own words say, category by category."""
        if clause.kind == "furniture" or clause.language not in FIRST:
            return {}
        heading = clause.kind == "heading"
        words = self._words(_folded(text, clause), heading, clause)
        concepts = self._concepts(clause, heading)
        names = sorted({*words, *concepts})
        found = {name: _both(words.get(name), concepts.get(name), heading) for name in names}
        return found | _facts(clause, found)

    def lists(self, text: str, clause: Clause) -> tuple[str, ...]:
        """The categories of what a sentence announces: 次の目的で, "the following purposes"."""
        if clause.kind == "furniture" or clause.language not in FIRST:
            return ()
        found = self.finders["list", clause.language].find(text[clause.body : clause.end].casefold())
        return tuple(dict.fromkeys(category for _, _, cues in found for category, _ in cues))

    def _words(self, text: str, heading: bool, clause: Clause) -> Evidence:
        early = FIRST[clause.language]
        hits: dict[str, dict[str, tuple[float, int]]] = defaultdict(dict)
        for where in ("heading", "text", "list") if heading else ("text",):
            for at, form, cues in self.finders[where, clause.language].find(text):
                for category, weight in cues:
                    hits[category].setdefault(form, (weight if at < early else weight * LATER, at))
        return {
            name: Own(
                _joined([weight for weight, _ in found.values()], heading),
                min((at, -len(form)) for form, (_, at) in found.items()),
                tuple(found),
            )
            for name, found in hits.items()
        }

    def _concepts(self, clause: Clause, heading: bool) -> Evidence:
        hits: dict[str, dict[str, tuple[float, tuple[int, int]]]] = defaultdict(dict)
        for mention in clause.mentions:
            place = (mention.start - clause.body, mention.start - mention.end)
            fade = LATER if not heading and place[0] >= FIRST[clause.language] else 1.0
            for category, weight in self.concepts.get(mention.concept, ()):
                hits[category].setdefault(mention.concept, (weight * mention.score * fade, place))
        factor = IN_HEADING if heading else 1.0
        return {
            name: Own(
                factor * _joined([weight for weight, _ in found.values()], heading),
                min(place for _, place in found.values()),
                tuple(found),
            )
            for name, found in hits.items()
        }


def _folded(text: str, clause: Clause) -> str:
    """The clause's words for look-up; a Japanese heading may be spaced out: 附　則."""
    words = (text[clause.body : clause.end].strip() or text[clause.start : clause.end]).casefold()
    return "".join(words.split()) if clause.kind == "heading" and clause.language == "ja" else words


def _both(words: Own | None, concepts: Own | None, heading: bool) -> Own:
    """Words and concepts together; a heading's count in steps, so that of two subjects the first named leads."""
    if words is None or concepts is None:
        weight, place, forms = words or concepts or NOTHING
    else:
        less, weight = sorted((words.weight, concepts.weight))
        weight += 0.0 if heading else SECOND * less
        place, forms = min(words.place, concepts.place), (*words.words, *concepts.words)
    if heading:
        weight = next((step for step in STEPS if weight >= step - NEAR), weight)
    return Own(weight, place, forms)


def _facts(clause: Clause, found: Evidence) -> Evidence:
    """What dates, addresses and fees add: a short line of nothing else is what it looks like.

    found: what the clause's words and concepts say. A contact or a date that they do not name has its place at the
    beginning.
    """
    out: Evidence = {}
    if dated := _dated(clause, found.get("effective_date")):
        out["effective_date"] = dated
    contacts = tuple(dict.fromkeys(fact.kind for fact in clause.facts if fact.kind in CONTACTS))
    if contacts and clause.kind != "heading":
        known = found.get("inquiries_contact", NOTHING)
        weight = ADDRESS if clause.end - clause.body <= SHORT else LONG_ADDRESS
        out["inquiries_contact"] = Own(weight + known.weight, known.place, (*contacts, *known.words))
    fee = next((fact for fact in clause.facts if fact.kind == "fee"), None)
    if fee:
        known = found.get("request_procedure", Own(0.0, (fee.start - clause.body, 0), ()))
        out["request_procedure"] = Own(known.weight + FEE, known.place, ("fee", *known.words))
    return out


def _dated(clause: Clause, known: Own | None) -> Own | None:
    """What the dates of a clause say for effective_date, or that it has none; None where they change nothing."""
    length = clause.end - clause.body
    dates = [fact for fact in clause.facts if fact.kind == "date"]
    rest = length - sum(fact.end - fact.start for fact in dates)
    if dates and length <= SHORT and (known or rest <= DATE_REST * len(dates)):
        return Own(ALL_DATE, (0, 0), ("a line with a date", *(known.words if known else ())))
    if known and known.weight < DATED:
        return Own(min(UNDATED, known.weight), known.place, known.words)
    return None


def _nearest(
    ontology: Ontology, id: str, named: Mapping[str, Sequence[tuple[str, float]]]
) -> tuple[tuple[str, float], ...]:
    """For each category the weight of the concept itself or of the nearest above it."""
    weights: Weights = {}
    for known in (id, *ontology.ancestors(id)):
        for category, weight in named.get(known, ()):
            weights.setdefault(category, weight)
    return tuple((category, weight) for category, weight in weights.items() if weight)


def _rows(
    path: Path, categories: Sequence[str], problems: Problems
) -> dict[tuple[str, str], dict[str, list[tuple[str, float]]]]:
    found: dict[tuple[str, str], dict[str, list[tuple[str, float]]]] = {place: defaultdict(list) for place in PLACES}
    plain = [
        (row["polite"], row["plain"]) for _, row in read_table(path.with_name("registers.csv"), REGISTERS, problems)
    ]
    for line, row in read_table(path, CUE_COLUMNS, problems):
        place = (row["where"], row["language"])
        if row["category"] not in categories:
            problems.unknown(path, line, "category", row["category"], categories)
        elif place not in found:
            problems.unknown(path, line, "place", " ".join(place), [" ".join(known) for known in found])
        elif not re.fullmatch(r"\d+(\.\d+)?", row["weight"]):
            problems.add(path, line, f"weight {row['weight']!r} is no number")
        else:
            for form in [row["form"]] if place[0] == "concept" else _registers(row["form"].casefold(), plain):
                found[place][form].append((row["category"], float(row["weight"])))
    return found


def _registers(form: str, plain: Sequence[tuple[str, str]]) -> list[str]:
    """A cue as it is written, and where it ends politely as the plain style has it: 取得します, 取得する."""
    return [form, *(form.removesuffix(polite) + ending for polite, ending in plain if form.endswith(polite))][:2]


def _joined(weights: Sequence[float], heading: bool) -> float:
    """Words of a text add up, to a limit; a heading says in one word what it heads."""
    return max(weights) if heading else min(CAP, sum(weights))


def _finder(forms: Mapping[str, list[tuple[str, float]]], language: str) -> Finder:
    automaton = ahocorasick.Automaton()
    for form in forms:
        automaton.add_word(form, form)
    automaton.make_automaton()
    return Finder(automaton, {form: tuple(cues) for form, cues in forms.items()}, language == "en")
