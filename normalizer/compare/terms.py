"""Linked clauses → terms: known wrong renderings, defined names that stand for different things, mixed terminology."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from normalizer.compare.findings import Finding
from normalizer.compare.words import spaced

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from normalizer.compare.findings import Comparison, Pair, Place
    from normalizer.glossary import Glossary
    from normalizer.model import Mention

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
    for number, side in enumerate(("ja", "en")):
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
    something else. wrong: the forms of such words by concept.
    """
    said = Counter(mention.concept for mention in pair.mentions("ja"))
    for concept, times in said.items():
        if concept not in wrong:
            continue
        places = list(_places(comparison, pair, wrong[concept]))
        right = [m for m in pair.mentions("en") if m.concept == concept and not _within(m, places)]
        phrases = [place for place in places if len(comparison.text("en", *place).split()) > 1]
        if places and (phrases or len(right) < times):
            mention = next(mention for mention in pair.mentions("ja") if mention.concept == concept)
            yield Finding(
                "wrong_rendering",
                pair.link,
                _term(comparison, mention),
                (phrases or places)[0],
                names=comparison.label(concept),
                evidence={"concept": concept},
            )


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
    text = comparison.en.document.text
    for clause in pair.en:
        yield from (match.span() for match in pattern.finditer(text, clause.body, clause.end))


def _definitions(comparison: Comparison, pair: Pair) -> Iterator[Finding]:
    """Names that both sides define at the same place, in the same order, for concepts that have nothing in common."""
    ja, en = (
        [
            (definition, mention.concept)
            for clause in pair.side(side)
            for definition in clause.definitions
            for mention in clause.mentions
            if (mention.start, mention.end) == (definition.start, definition.end) and mention.score >= SURE
        ]
        for side in ("ja", "en")
    )
    if len(ja) != len(en):
        return
    for (left, concept), (right, other) in zip(ja, en, strict=True):
        ontology = comparison.glossary.ontology
        if ontology[concept].kind == ontology[other].kind and not comparison.related(concept, other):
            yield Finding(
                "definition_differs",
                pair.link,
                (left.start, left.end),
                (right.start, right.end),
                evidence={"ja": concept, "en": other},
            )
