"""Linked clauses → terms: known wrong renderings, defined names that stand for different things, mixed terminology."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from normalizer.compare.findings import Finding
from normalizer.cues import either
from normalizer.marks import spaced
from normalizer.model import LANGUAGES
from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from normalizer.compare.findings import Comparison, Pair, Place
    from normalizer.glossary import Glossary
    from normalizer.model import Clause, Definition, Mention

SURE = 0.8  # score of a mention from which its sense is taken for granted
KEPT_EVEN = ("information", "actor", "right")  # kinds of concept for which a translation keeps to one term
FREE = ("ControllerSelf", "Customer", "DataSubject", "AnyPerson", "NaturalPerson")  # we, you, the customer
SETTLED = 2  # places from which a rendering is the document's own
STEM = 3  # letters that two words of one stem share


def term_differences(comparison: Comparison) -> Iterator[Finding]:
    """The findings on words."""
    wrong = _wrong_forms(comparison.glossary)
    for pair in comparison.both:
        yield from _wrong_renderings(comparison, pair, wrong)
        yield from _definitions(comparison, pair)
    yield from _mixed(comparison)


def _mixed(comparison: Comparison) -> Iterator[Finding]:
    """One Japanese term that is rendered by two English ones: the rarer at its first place."""
    used: dict[tuple[str, str], dict[str, list[tuple[Pair, Mention, Mention]]]] = defaultdict(lambda: defaultdict(list))
    legal = {term.entry for term in comparison.glossary.terms if term.language == "ja" and term.register == "statute"}
    for pair in comparison.both:
        for ja, en in _alone_together(comparison, pair):
            if ja.term in legal:  # everyday words may be varied, terms of the law may not
                used[ja.concept, ja.term][en.term].append((pair, ja, en))
    for (concept, _), places in used.items():
        ranked = sorted(places, key=lambda term: -len(places[term]))
        for term in ranked[1:] if len(places[ranked[0]]) >= SETTLED else ():
            if not _stems(term) & _stems(ranked[0]):
                pair, ja, en = places[term][0]
                evidence = {"concept": concept, "terms": {term.split(":")[-1]: len(places[term]) for term in ranked}}
                spans = _term(comparison, ja), (en.start, en.end)
                yield Finding(
                    "inconsistent_term", pair.link, *spans, names=comparison.label(concept), evidence=evidence
                )


def _alone_together(comparison: Comparison, pair: Pair) -> Iterator[tuple[Mention, Mention]]:
    """The mentions of a concept that each side of a pair names once."""
    by_concept: dict[str, tuple[list[Mention], list[Mention]]] = defaultdict(lambda: ([], []))
    for number, side in enumerate(LANGUAGES):
        for mention in pair.mentions(side):
            by_concept[mention.concept][number].append(mention)
    for concept, (ja, en) in by_concept.items():
        kept = comparison.glossary.ontology[concept].kind in KEPT_EVEN and concept not in FREE
        if kept and len(ja) == len(en) == 1 and ja[0].term[:3] == "ja:" and en[0].term[:3] == "en:":
            yield ja[0], en[0]


def _stems(term: str) -> set[str]:
    return {word[:STEM] for word in re.findall("[a-z]{3,}", term.split(":")[-1].lower())}


def _wrong_forms(glossary: Glossary) -> Mapping[str, re.Pattern[str]]:
    """Concept → its English forms that the glossary calls wrong, inflected."""
    forms: dict[str, list[str]] = {}
    for term in glossary.terms:
        if term.status == "wrong" and term.language == "en":
            forms.setdefault(term.concept, []).append(spaced(re.escape(term.form)))
    return {
        concept: re.compile(rf"\b(?:{'|'.join(sorted(found, key=len, reverse=True))})(?:s|es|d|ed|ing)?\b", re.I)
        for concept, found in forms.items()
    }


def _wrong_renderings(comparison: Comparison, pair: Pair, wrong: Mapping[str, re.Pattern[str]]) -> Iterator[Finding]:
    """A concept of the Japanese side for which the English has a wrong word, and fewer right ones than it should.

    A wrong phrase ("handling commission") is told beside a right word too; a single word ("deposit") may be right for
    something else (預金). wrong: the forms of such words by concept.
    """
    said: dict[str, list[Mention]] = defaultdict(list)
    for mention in pair.mentions("ja"):
        said[mention.concept].append(mention)
    for concept, named in said.items():
        if concept not in wrong:
            continue
        found = [*_places(comparison, pair, wrong[concept])]
        right = [m for m in pair.mentions("en") if m.concept == concept and not _within(m, found)]
        places = [*_not_right(comparison, pair, found)]
        phrases = [place for place in places if len(comparison.text("en", *place).split()) > 1]
        if places and (phrases or len(right) < len(named)):
            place = (phrases or places)[0]
            before = sum(m.start < place[0] for m in right)  # the terms before it that are rendered rightly
            yield Finding(
                "wrong_rendering",
                pair.link,
                _term(comparison, named[min(before, len(named) - 1)]),
                place,
                names=comparison.label(concept),
                evidence={"concept": concept},
            )


def _not_right(comparison: Comparison, pair: Pair, places: Iterable[Place]) -> Iterator[Place]:
    """The places of wrong words without as many as render something else of the Japanese side, the first ones."""
    table, japanese = renderings(comparison.folder), comparison.words_of(pair, "ja")
    due: dict[str, int] = {}
    for place in places:
        said = comparison.text("en", *place).lower()
        form = next((one for one in table if said.startswith(one)), "")
        if form:
            due.setdefault(form, len(table[form].findall(japanese)))
        if due.get(form, 0) > 0:
            due[form] -= 1
        else:
            yield place


@cache
def renderings(folder: Path) -> Mapping[str, re.Pattern[str]]:
    """right_renderings.csv: an English word that is wrong for a term → the Japanese words that it is right for, the
    longest word first. Raises GlossaryError."""
    problems, forms = Problems(), defaultdict[str, list[str]](list)
    for _, row in read_table(folder / "right_renderings.csv", ("wrong", "ja", "note"), problems):
        forms[row["wrong"].lower()].append(row["ja"])
    problems.refuse()
    return {wrong: re.compile(either(forms[wrong])) for wrong in sorted(forms, key=len, reverse=True)}


def _term(comparison: Comparison, mention: Mention) -> Place:
    """Where a Japanese term stands, without the words before it by which it was known: 委託 of 会社に委託."""
    words = comparison.text("ja", mention.start, mention.end)
    forms = {one.form for one in comparison.glossary.terms if one.concept == mention.concept and one.language == "ja"}
    ends = (at for at in range(1, len(words)) if words[at:] in forms)
    cut = 0 if words in forms or " " not in mention.term else next(ends, 0)
    return mention.start + cut, mention.end


def _within(mention: Mention, places: Sequence[Place]) -> bool:
    return any(start < mention.end and mention.start < end for start, end in places)


def _places(comparison: Comparison, pair: Pair, pattern: re.Pattern[str]) -> Iterator[Place]:
    text = comparison.document("en")
    for clause in pair.en:
        yield from (match.span() for match in pattern.finditer(text, clause.body, clause.end))


def _definitions(comparison: Comparison, pair: Pair) -> Iterator[Finding]:
    """Names that both sides define at the same place, in the same order, for concepts that have nothing in common.

    A translation may define in another order, so that each must stand for what no name of the other side stands for.
    """
    ja, en = (
        [_defined(clause, definition) for clause in pair.side(side) for definition in clause.definitions]
        for side in LANGUAGES
    )
    if len(ja) != len(en):
        return
    for left, right in zip(ja, en, strict=True):
        if left and right and _strange(comparison, left, en) and _strange(comparison, right, ja):
            yield Finding(
                "definition_differs",
                pair.link,
                (left.start, left.end),
                (right.start, right.end),
                evidence={"ja": left.concept, "en": right.concept},
            )


def _defined(clause: Clause, definition: Definition) -> Mention | None:
    """The mention that a definition's name is, where its sense is sure."""
    place = (definition.start, definition.end)
    return next((m for m in clause.mentions if (m.start, m.end) == place and m.score >= SURE), None)


def _strange(comparison: Comparison, one: Mention, others: Sequence[Mention | None]) -> bool:
    """Whether a name stands for none of what the names of the other side do, though some are of its kind."""
    kind = comparison.glossary.ontology[one.concept].kind
    known = [other.concept for other in others if other]
    alike = [other for other in known if comparison.glossary.ontology[other].kind == kind]
    return len(known) == len(others) and bool(alike) and not any(comparison.related(one.concept, o) for o in alike)
