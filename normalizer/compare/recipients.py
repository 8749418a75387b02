"""Linked clauses → recipients that differ: one on either side, of kinds that the other side does not name.

The kinds are those of glossaries/recipients.csv, and the actors of the ontology that have the name of such a kind or
stand below one. A word may be of several kinds (大学: school, research institution); two words that have one in common
are no difference.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from normalizer.compare.findings import Finding
from normalizer.cues import either
from normalizer.marks import found_in, spaced
from normalizer.model import LANGUAGES, OTHER
from normalizer.nfkc import unwrapped
from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from normalizer.compare.findings import Comparison, Pair, Place
    from normalizer.model import Clause, Language, Mention

COLUMNS = ("kind", "broader", "language", "form", "strength", "note")
STRENGTHS = ("sure", "maybe")
# Those for whom and to whom a policy speaks: 当行, "the Bank".
OWN = ("ControllerSelf", "Customer", "DataSubject", "User", "Member")
OURS = "当本弊自御貴"  # before a Japanese word: our own
BEFORE = 60  # characters before an English word in which "to" stands


class Form(NamedTuple):
    """What a word of the table stands for."""

    kinds: frozenset[str]
    sure: bool  # whether a difference is told of it; a word that may mean something else only takes one away


class Named(NamedTuple):
    """One who may be given something, in a text."""

    place: Place
    kinds: frozenset[str]
    sure: bool
    given: bool  # whether the words around say that it is


@dataclass(frozen=True, slots=True)
class Kinds:
    """The compiled table."""

    patterns: Mapping[str, re.Pattern[str]]  # language → all its forms
    forms: Mapping[tuple[str, str], Form]  # by language and words
    broader: Mapping[str, str]  # kind → the one that it is a part of, or ""

    def alike(self, one: frozenset[str], other: frozenset[str]) -> bool:
        """Whether one kind is the other or a part of it."""
        return bool(one & other or one & self._above(other) or self._above(one) & other)

    def _above(self, kinds: frozenset[str]) -> frozenset[str]:
        return frozenset(self.broader[kind] for kind in kinds) - {""}


@cache
def load(folder: Path) -> Kinds:
    """Compile recipients.csv. Raises GlossaryError."""
    problems, path = Problems(), folder / "recipients.csv"
    forms: dict[tuple[str, str], Form] = {}
    broader: dict[str, str] = {}
    for line, row in read_table(path, COLUMNS, problems):
        for column, valid in (("language", LANGUAGES), ("strength", STRENGTHS)):
            if row[column] not in valid:
                problems.unknown(path, line, column, row[column], valid)
        broader[row["kind"]] = row["broader"] or broader.get(row["kind"], "")
        for words in _inflected(row["form"].lower()) if row["language"] == "en" else (row["form"],):
            known = forms.get((row["language"], words), Form(frozenset(), sure=True))
            sure = known.sure and row["strength"] == "sure"
            forms[row["language"], words] = Form(known.kinds | {row["kind"]}, sure)
    problems.refuse()
    return Kinds(
        {side: _any_of([words for language, words in forms if language == side], side) for side in LANGUAGES},
        forms,
        broader,
    )


def _inflected(form: str) -> Iterator[str]:
    """An English form and its plural."""
    yield form
    if form.endswith("y") and form[-2] not in "aeiou":
        yield f"{form[:-1]}ies"
    else:
        yield f"{form}es" if form.endswith(("s", "ch", "x", "sh")) else f"{form}s"


def _any_of(forms: Sequence[str], side: Language) -> re.Pattern[str]:
    found = spaced(either(forms))
    return re.compile(
        f"(?<![{OURS}])(?:{found})" if side == "ja" else rf"(?<![\w-])(?:{found})(?![\w-])", re.IGNORECASE
    )


def other_recipients(comparison: Comparison, pair: Pair) -> Finding | None:
    """The first recipients of the two sides of which the other side names none of the kind; or one of which it names
    none, and one that it names less often."""
    alike = load(comparison.folder).alike
    named = {side: _named(comparison, pair, side) for side in LANGUAGES}
    only = {
        side: [one for one in named[side] if one.sure and not _like(one, named[other], alike)]
        for side, other in OTHER.items()
    }
    more = {
        side: [
            one
            for one in named[side]
            if one.sure and one.given and len(_like(one, named[side], alike)) > len(_like(one, named[other], alike)) > 0
        ]
        for side, other in OTHER.items()
    }
    swapped = [
        *itertools.product(only["ja"], only["en"]),
        *itertools.product([one for one in only["ja"] if one.given], more["en"]),
        *itertools.product(more["ja"], [one for one in only["en"] if one.given]),
    ]
    for ja, en in swapped:
        if ja.given or en.given:
            evidence = {"ja": sorted(ja.kinds), "en": sorted(en.kinds)}
            return Finding("recipient_differs", pair.link, ja.place, en.place, evidence=evidence)
    return None


def kind_named(comparison: Comparison, pair: Pair, mention: Mention, side: Language) -> bool:
    """Whether the other side names one of the kind of whom a mention of this side names, in words that the ontology
    does not know or that mean something else besides."""
    alike = load(comparison.folder).alike
    other = OTHER[side]
    own = [one for one in _named(comparison, pair, side) if one.place[0] < mention.end and mention.start < one.place[1]]
    return any(_like(one, _named(comparison, pair, other), alike) for one in own)


def _like(one: Named, others: Sequence[Named], alike: Callable[[frozenset[str], frozenset[str]], bool]) -> list[Named]:
    return [two for two in others if alike(one.kinds, two.kinds)]


def _named(comparison: Comparison, pair: Pair, side: Language) -> list[Named]:
    """Those of one side who may be given something, in order."""
    words = comparison.words.given[side]
    text = comparison.document(side)
    out: list[Named] = []
    for clause in pair.side(side):
        last = None
        found = sorted(
            _forms(comparison, clause, text, side).items(), reverse=side == "ja"
        )  # the particle stands behind
        for place, form in found:
            if side == "ja":
                given = words.match(unwrapped(text[place[1] - 1 : clause.end]).text, 1)
                between = text[place[1] : last.place[0]] if last else ""
            else:
                given = words.search(text, max(clause.body, place[0] - BEFORE), place[0])
                between = text[last.place[1] : place[0]] if last else ""
            joined = last is not None and last.given and comparison.words.between[side].fullmatch(between)
            last = Named(place, *form, given=bool(given or joined))
            out.append(last)
    return out


def _forms(comparison: Comparison, clause: Clause, text: str, side: Language) -> dict[Place, Form]:
    """Where a clause names someone of the table, and what the glossary knows to be one: a "third party" may be one who
    is entrusted. A name that the policy defines for itself is not sure to mean what it says."""
    table, ontology = load(comparison.folder), comparison.glossary.ontology
    defined = comparison.defined[side]
    found = {
        (start, end): table.forms[side, words]
        for (start, end), words in found_in(text, (clause.body, clause.end), table.patterns[side], side)
        if not any(m.concept in OWN and m.start < end and start < m.end for m in clause.mentions)
    }
    for mention in clause.mentions:
        line = (mention.concept, *ontology.ancestors(mention.concept))
        kinds = frozenset([concept for concept in line if concept in table.broader][:1])
        own = kinds & {mention.concept}
        over = [place for place in found if place[0] < mention.end and mention.start < place[1]]
        if kinds and not over:
            found[mention.start, mention.end] = Form(kinds, sure=False)
        for place in over:
            within = mention.start <= place[0] and place[1] <= mention.end
            found[place] = Form(found[place].kinds | own, found[place].sure) if within else found[place]
    return {place: Form(form.kinds, form.sure and text[slice(*place)] not in defined) for place, form in found.items()}
