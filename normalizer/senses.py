"""Matches in their context to mentions: one concept for each, with how sure that is and what decided.

Terms of this field are treacherous: "disclosure" is 開示 to the person or to third parties, 提供 of a service is not
提供 of data. The table senses.csv lists for such forms their senses and the cues that speak for each.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import ahocorasick

from normalizer.glossary import STATUSES, sense_key
from normalizer.model import Mention
from normalizer.nfkc import unwrapped
from normalizer.sense_tables import folded_cue, load_rules

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from normalizer.match import Match
    from normalizer.model import Clause
    from normalizer.sense_tables import Word

_PRIORS = dict(zip(STATUSES, (1.0, 0.8, 0.5, 0.4), strict=True))  # what a term's status says for its concept
_PATTERN = 2.5  # words that stand together as a pattern says are a cue themselves
_LONGER = 2.0  # and so are the further words of a longer term: 情報の開示
_ELSEWHERE = 0.5  # of a cue's weight when it stands in another sentence of the clause
_ABOVE = 0.4  # … or in a heading
_NEAR = {"ja": 16, "en": 40}  # characters that "left" and "right" reach
_TRIES = 4  # hits of a cue looked at in a sentence, to pass over those inside the match
_HEADINGS = 10_000  # headings whose cues are remembered
_SENTENCE_END = re.compile(r"[。！？!?]|\.(?=\s|$)")
_INFLECTION = re.compile(r"(?:e?s|e?d|ing)?(?![a-z])")


Span = tuple[int, int]
Place = tuple[int, int, int, float]  # start and end of a match; the ends of the sentence before it and of its own
Votes = Sequence[tuple[str, float]]  # concepts, each with the weight that it gets; less than 0 speaks against it


@dataclass(frozen=True, slots=True)
class Senses:
    """What may be meant by a form."""

    concepts: frozenset[str]
    priors: Votes  # "" is no concept of the ontology
    cues: Mapping[str, Sequence[tuple[str, Votes]]]  # by cue: its scopes, of normalizer.glossary.SCOPES
    longer: float = 0.0  # what more speaks for the concept of the term itself


@dataclass(frozen=True, slots=True)
class Context:
    """Where cues stand around the matches of one clause."""

    hits: dict[str, list[Span]]  # cue → its spans, ascending; none for a cue that is only in a heading
    ends: list[int]  # of sentences
    headings: frozenset[str]  # cues in the headings
    reach: int  # characters that "left" and "right" reach

    def strength(self, cue: str, hits: Sequence[Span], scope: str, place: Place) -> float:
        """How much of its weight a cue with these hits and of this scope gives to a match at a place, 0 to 1."""
        start, end, begin, close = place
        if scope == "clause":
            for first, last in _around(hits, begin):
                if begin < first < close and not (start <= first and last <= end):
                    return 1.0
            for first, last in hits[:_TRIES]:
                if not (start <= first and last <= end):
                    return _ELSEWHERE
            return _ABOVE if cue in self.headings else 0.0
        if scope == "left":
            begin = start - self.reach
            near = [begin <= hit[0] < start for hit in _around(hits, begin)]
            return float(any(near))
        if scope == "right":
            stop = end + self.reach
            near = [start <= hit[0] and end <= hit[1] <= stop for hit in _around(hits, start)]
            return float(any(near))
        return float(cue in self.headings)

    def place(self, start: int, end: int) -> Place:
        """A match, and the ends of the sentence before it and of its own."""
        ends, sentence = self.ends, bisect_left(self.ends, start)
        begin = ends[sentence - 1] if sentence else -1
        return start, end, begin, ends[sentence] if sentence < len(ends) else math.inf


def _around(hits: Sequence[Span], begin: int) -> Sequence[Span]:
    """The first hits from a place on; all where there are few, so that who asks looks at their places."""
    if len(hits) <= _TRIES:
        return hits
    first = bisect_left(hits, (begin, 0))
    return hits[first : first + _TRIES]


class SenseResolver:
    """Chooses the concept of each match. Holds compiled cues and a cache of headings: one per thread."""

    def __init__(self, senses: dict[tuple[str, str], Senses], words: Mapping[str, Sequence[Word]]) -> None:
        """`senses` by language and `sense_key` of the form; `words` that are cues by language."""
        self._senses = senses
        self._cues = {language: _automaton(words.get(language, ())) for language in _NEAR}
        self._headings: dict[tuple[str, str], frozenset[str]] = {}
        self._known: dict[tuple[str, str], list[Senses]] = {}  # by language and form of a term

    @classmethod
    def load(cls, folder: Path, own: Collection[tuple[str, str]] = ()) -> SenseResolver:
        """The rules of `folder/senses.csv` and what `sense_odds.csv` adds; raises GlossaryError for wrong cells.

        A cue such as <court> is any word of that class of `sense_classes.csv`; a longer term of `sense_forms.csv` may
        mean what the form in it does.
        own: (language, folded form) of the terms that a user gave a meaning of his own, as `Glossary.own` has them:
        what the shipped rules say of these forms does not count. That the concepts exist is checked by
        `Glossary.load`, which knows the ontology.
        """
        forms, words, longer = load_rules(folder, own)
        senses = {
            (language, form): Senses(frozenset(concepts), priors, cues)
            for language, form, concepts, priors, cues in forms
        }
        for language, term, form in longer:
            senses.setdefault((language, term), replace(senses[language, form], longer=_LONGER))
        return cls(senses, words)

    def resolve(
        self, text: str, clause: Clause, headings: tuple[str, ...], matches: Sequence[Match]
    ) -> tuple[Mention, ...]:
        """A mention for each match that names a concept here.

        `clause` counts characters of `text` and has its language set; `headings` are the words above it: headings, and
        the sentence that introduces its list. A match whose sense is no concept gives no mention.
        """
        context: Context | None = None
        mentions: list[Mention] = []
        for match in matches:
            senses = [] if match.settled else self.senses_for(match)
            if not senses and len(match.terms) == 1:  # most words have one meaning
                (term,) = match.terms
                mentions.append(Mention(match.start, match.end, term.concept, term.entry, 1.0))
                continue
            if senses and context is None:
                context = self.context(text, clause, headings)
            mention = _chosen(match, senses, context)
            if mention.concept:
                mentions.append(mention)
        return tuple(mentions)

    def senses_for(self, match: Match) -> list[Senses]:
        """The senses of the match's forms; of a pattern's words those that know the pattern's concept as one."""
        if not match.parts and len(match.terms) == 1:
            (term,) = match.terms
            asked = term.language, term.form
            if asked not in self._known:
                one = self._senses.get((term.language, sense_key(term.form)))
                self._known[asked] = [one] if one else []
            return self._known[asked]
        keys = dict.fromkeys([(term.language, sense_key(term.form)) for term in match.parts or match.terms])
        known = [self._senses[key] for key in keys if key in self._senses]
        return [senses for senses in known if not match.parts or match.terms[0].concept in senses.concepts]

    def of_entry(self, entry: str) -> frozenset[str]:
        """The concepts that the words of a glossary entry may name by the rules; none where they have one sense."""
        language, _, form = entry.partition(":")
        senses = self._senses.get((language, sense_key(form)))
        return senses.concepts if senses else frozenset()

    def context(self, text: str, clause: Clause, headings: tuple[str, ...]) -> Context:
        """Where the cues stand in and above a clause."""
        language = clause.language
        hits: dict[str, list[Span]] = {}
        for start, end, cue in self._find(text[clause.body : clause.end], language):  # "Article 3" is no cue
            hits.setdefault(cue, []).append((clause.body + start, clause.body + end))
        ends = [found.start() for found in _SENTENCE_END.finditer(text, clause.start, clause.end)]
        above = frozenset[str]().union(*[self._in_heading(heading, language) for heading in headings])
        for cue in sorted(above):
            hits.setdefault(cue, [])
        return Context(hits, ends, above, _NEAR.get(language, 0))

    def _in_heading(self, heading: str, language: str) -> frozenset[str]:
        key = (language, heading)
        if key not in self._headings:
            if len(self._headings) >= _HEADINGS:
                self._headings.clear()
            self._headings[key] = frozenset(cue for _, _, cue in self._find(heading, language))
        return self._headings[key]

    def _find(self, text: str, language: str) -> list[tuple[int, int, str]]:
        """The cues in a text, with their spans, ascending."""
        automaton = self._cues.get(language)
        if not automaton:
            return []
        form = unwrapped(text)
        folded = folded_cue(form.text)
        if len(folded) != len(form.text):  # İ grows in lower case
            folded = form.text
        same = form.text == text
        found: list[tuple[int, int, str]] = []
        for last, (length, cues, apart) in automaton.iter(folded):
            begin, end = last + 1 - length, last + 1
            if not apart or _is_word(folded, begin, end, language):
                first, stop = (begin, end) if same else form.source_span(begin, end)
                for cue in cues:
                    found.append((first, stop, cue))
        return sorted(found)


def _automaton(words: Iterable[Word]) -> ahocorasick.Automaton:
    """Words to their length, what they are cues for, and whether they are no part of a longer one."""
    automaton = ahocorasick.Automaton()
    for word, cues, apart in words:
        automaton.add_word(word, (len(word), cues, apart))
    automaton.make_automaton()
    return automaton


def _is_word(text: str, begin: int, end: int, language: str) -> bool:
    """An English cue is whole words, inflected or not; a Latin cue in Japanese (IR) is no part of a longer one."""
    first, last = text[begin], text[end - 1]
    if begin and first.isascii() and text[begin - 1].isascii() and text[begin - 1].isalnum():
        return False
    if language == "ja":
        after = text[end : end + 1] if last.isascii() else ""
        return not (after.isascii() and after.isalnum() and last.isalnum())
    if not last.isalnum() or not text[end : end + 1].isalpha():
        return True
    return _INFLECTION.match(text, end) is not None


def _chosen(match: Match, known: Sequence[Senses], context: Context | None) -> Mention:
    scores, evidence = scored(match, known, context)
    best = max(scores, key=scores.__getitem__)  # of equals the first: the better term, then the order of the cues
    for senses in known:
        for concept in senses.concepts - scores.keys():
            scores[concept] = 0.0
    share = 1 / sum(math.exp(score - scores[best]) for score in scores.values())
    entry = next((term.entry for term in match.terms if term.concept == best), match.terms[0].entry)
    return Mention(match.start, match.end, best, entry, round(share, 4), tuple(evidence.get(best, ())))


def scored(
    match: Match, known: Sequence[Senses], context: Context | None
) -> tuple[dict[str, float], dict[str, list[str]]]:
    """What speaks for each concept, as a sum of weights, and the cues that do."""
    scores: dict[str, float] = {}
    further = max([senses.longer for senses in known], default=0.0)
    for term in match.terms:
        prior = _PATTERN if match.parts else _PRIORS[term.status] + further
        scores[term.concept] = max(scores.get(term.concept, 0.0), prior)
    evidence: dict[str, list[str]] = {}
    for senses in known:
        for concept, weight in senses.priors:
            scores[concept] = scores.get(concept, 0.0) + weight
        if context is not None:
            place, hits, cues = context.place(match.start, match.end), context.hits, senses.cues
            for cue in [cue for cue in hits if cue in cues]:
                for scope, votes in cues[cue]:
                    if strength := context.strength(cue, hits[cue], scope, place):
                        for concept, weight in votes:
                            scores[concept] = scores.get(concept, 0.0) + weight * strength
                            if weight > 0:
                                evidence.setdefault(concept, []).append(cue)
    return scores, evidence
