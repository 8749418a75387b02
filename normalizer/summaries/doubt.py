"""A clause with its statement → what of the statement its words leave no doubt about; None where that is too little.

A summary must not say more than its clause. So the operation must be the predicate itself, with nothing between it
and the end (or, in English, its subject) but words that add nothing; and where it is denied, nothing may be left in
the whole sentence that the summary would not say, for every word more narrows what is denied.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from normalizer.model import LANGUAGES
from normalizer.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from normalizer.model import Clause, Mention, Statement
    from normalizer.ontology import Ontology
    from normalizer.summaries.table import Table

    Cues = Mapping[str, Mapping[str, re.Pattern[str]]]
    Span = tuple[int, int]

PRONOUN = re.compile(r"\b(?:we|you)\b", re.IGNORECASE)
SURE = 0.6  # score of the operation's mention
WORD = re.compile(r"[\w'’-]+")
EXCEPTING = ("exception", "lead_exception", "proviso", "without")  # where no exception was found, one was overlooked
LEADING = ("lead_exception", "without", "listing")  # words around an exception that are no part of it
# Between Japanese data and the operation: the particle of an object or topic, and no other object or clause behind it.
OBJECT = re.compile(r"\s*(?:等|など)?(?:を|は、?)(?:(?!を|[しりみきえべ]、|て、).)*", re.DOTALL)
OF_HANDLING = re.compile(r"\s*(?:等|など)?の\w{1,6}(?=を)")  # 個人データの取扱いを … 委託
LISTED = re.compile(
    r"[\s、，,・/]+(?:and|or)?\s*|\s*(?:、?(?:および|及び|または|又は|ならびに|並びに)|[やと]|,?\s(?:and|or)\s)\s*"
)
NEAR = 40  # characters before an English purpose in which the word for it stands


@dataclass(frozen=True, slots=True)
class Tables:
    """What tells whether words leave a doubt."""

    folder: Path
    ontology: Ontology
    words: Table
    cues: Cues

    def line(self, mention: Mention) -> tuple[str, ...]:
        """The concept of a mention and those above it; nothing for one that is not in the ontology."""
        concept = mention.concept
        return (concept, *self.ontology.ancestors(concept)) if concept in self.ontology else ()


@dataclass(frozen=True, slots=True)
class Told:
    """The one sentence of a clause in which its statement's operation stands."""

    text: str  # of the document
    clause: Clause
    statement: Statement
    span: Span  # of the sentence
    place: Mention  # the operation
    inside: tuple[Mention, ...]  # all mentions of the sentence
    tables: Tables

    @property
    def language(self) -> str:
        return self.clause.language

    def forms(self, kind: str) -> tuple[str, ...]:
        """The forms of a kind of words in summaries.csv, in the clause's language."""
        return self.tables.words.words[kind, self.language]

    def exceptions(self) -> list[Span]:
        return [(exception.start, exception.end) for exception in self.statement.exceptions]


def undoubted(text: str, clause: Clause, tables: Tables) -> Statement | None:
    """The clause's statement, without the parts that its words do not bear out; None where it is doubtful itself."""
    told = _told(text, clause, tables)
    if told is None or _reserved(told) or not _is_predicate(told):
        return None
    kept = _kept(told)
    if told.statement.polarity == "denied" and (kept != told.statement or _left(told)):
        return None
    return kept


def _told(text: str, clause: Clause, tables: Tables) -> Told | None:
    """The sentence with the statement's operation; None where there is none, or more than one."""
    statement = clause.statement
    if statement is None or clause.notes or clause.language not in LANGUAGES:
        return None
    found = [
        (span, place)
        for span in sentences(text, clause.body, clause.end, clause.language, tables.folder)
        for place in _operations(clause, span, statement, tables)
    ]
    if not found or len({span for span, _ in found}) > 1:
        return None
    if statement.polarity == "denied" and any(place.concept != statement.action for _, place in found):
        return None  # what is denied is something narrower: use beyond the purpose, not use
    span, place = found[0] if clause.language == "en" else found[-1]
    inside = tuple(mention for mention in clause.mentions if span[0] <= mention.start and mention.end <= span[1])
    return Told(text, clause, statement, span, place, inside, tables)


def _operations(clause: Clause, span: Span, statement: Statement, tables: Tables) -> Iterator[Mention]:
    """The mentions of the statement's action in a sentence, outside its exceptions."""
    for mention in clause.mentions:
        inside = span[0] <= mention.start and mention.end <= span[1]
        excepted = any(one.start <= mention.start < one.end for one in statement.exceptions)
        if inside and not excepted and mention.score >= SURE and statement.action in tables.line(mention):
            yield mention


def _reserved(told: Told) -> bool:
    """Whether a sentence hedges, or has exceptions that the statement does not have."""
    cues, language, clause, statement = told.tables.cues, told.language, told.clause, told.statement
    words = told.text[slice(*told.span)].casefold()
    if any(form in words for form in told.forms("hedge")):
        return True
    body = told.text[clause.body : clause.end].casefold()
    if not statement.exceptions:
        return any(cues[kind][language].search(body) for kind in EXCEPTING)
    if statement.polarity != "denied":  # "may provide without consent": what would be excepted is what is allowed
        return bool(cues["without"][language].search(words))
    below = any(exception.start >= clause.end for exception in statement.exceptions)
    return not below and bool(cues["listing"][language].search(words))  # a list of them was announced, and not found


def _is_predicate(told: Told) -> bool:
    """Whether the operation is what the sentence says is done, and not what is requested, stopped or described."""
    text, (start, end), place, statement = told.text, told.span, told.place, told.statement
    if told.language == "ja":
        return not _japanese_rest(_without(text, place.end, end, told.exceptions()), told.forms("around"))
    by = statement.actor or statement.data
    before = [mention.end for mention in told.inside if mention.end <= place.start and mention.concept == by]
    if statement.actor and not before:  # pronouns are no mentions
        before = [match.end() for match in PRONOUN.finditer(text, start, place.start)]
    if statement.actor and not before:
        return False
    rest = _without(text, max(before, default=start), place.start, told.exceptions())
    return not _english_rest(rest, told.forms("around"))


def _kept(told: Told) -> Statement:
    """The statement without data and purpose that do not stand where those of the operation would."""
    data, purpose = told.statement.data, told.statement.purpose
    own = [m for m in told.inside if m.concept == data and _of_operation(told, m)]
    data = _together(told, own[0]) if own else None
    if purpose and not any(_is_purpose(told, m) for m in told.inside if m.concept == purpose):
        purpose = None
    return replace(told.statement, data=data, purpose=purpose)


def _together(told: Told, data: Mention) -> str | None:
    """What data and those that they are listed with have in common: of names and addresses, personal information."""
    text, ontology = told.text, told.tables.ontology
    known = [m for m in told.inside if m.concept in ontology and ontology[m.concept].kind == "information"]
    line = sorted(known, key=lambda mention: mention.start)
    listed = [data]
    for mentions, before in ((reversed(line), True), (line, False)):
        for other in mentions:
            gap = text[other.end : listed[0].start] if before else text[listed[-1].end : other.start]
            ahead = other.end <= listed[0].start if before else listed[-1].end <= other.start
            if ahead and LISTED.fullmatch(gap):
                listed = [other, *listed] if before else [*listed, other]
    lines = list(filter(None, map(told.tables.line, listed)))
    return next((concept for concept in lines[0] if all(concept in line for line in lines)), None) if lines else None


def _of_operation(told: Told, data: Mention) -> bool:
    """Whether data are what the operation is done to: 個人データを … 提供, "provide your personal data"."""
    text, place = told.text, told.place
    if place.start <= data.start and data.end <= place.end:
        return True
    if told.language == "ja":
        entrusted = told.statement.action == "Entrustment"
        handled = OF_HANDLING.match(text, data.end, place.start) if entrusted else None
        gap = text[handled.end() if handled else data.end : place.start]
        return data.end <= place.start and (gap == "の" or bool(OBJECT.fullmatch(gap)))
    gap = text[place.end : data.start] if place.end <= data.start else text[data.end : place.start]
    return not _english_rest(gap, told.forms("around"))


def _is_purpose(told: Told, purpose: Mention) -> bool:
    """Whether words for a purpose stand behind it in Japanese, before it in English."""
    cues = told.forms("purpose_cue")
    if told.language == "ja":
        return any(told.text.startswith(cue, purpose.end) for cue in cues)
    before = told.text[max(0, purpose.start - NEAR) : purpose.start].casefold().split()
    return bool(before) and before[-1] in cues


def _left(told: Told) -> bool:
    """Whether a sentence has words that a summary of its statement would not say."""
    statement, around = told.statement, told.forms("around")
    parts = (statement.actor, statement.data, statement.recipient, statement.purpose)
    named = [m for m in told.inside if m.concept in parts or statement.action in told.tables.line(m)]
    said = [(mention.start, mention.end) for mention in named]
    if statement.exceptions:
        cues = [told.tables.cues[kind][told.language] for kind in LEADING]
        said += [found.span() for cue in cues for found in cue.finditer(told.text, *told.span)]
        around += told.forms("announcing")
    rest = _without(told.text, *told.span, [*said, *told.exceptions()])
    return _japanese_rest(rest, around) if told.language == "ja" else _english_rest(rest, around)


def _without(text: str, start: int, end: int, spans: Sequence[Span]) -> str:
    """The text of a span, with a bar in place of each of the spans within it."""
    out, at = [], start
    for a, b in sorted(spans):
        if a < end and at < b:
            out += [text[at : max(at, a)], "|"]
            at = max(at, min(b, end))
    return "".join(out) + text[at:end]


def _japanese_rest(words: str, around: Sequence[str]) -> bool:
    """Whether anything but words that add nothing is left; the longest of them first."""
    longest = sorted(around, key=len, reverse=True)
    for part in re.split(r"[\W_]+", words):
        at = 0
        while at < len(part):
            form = next((form for form in longest if part.startswith(form, at)), None)
            if form is None:
                return True
            at += len(form)
    return False


def _english_rest(words: str, around: Sequence[str]) -> bool:
    return any(word.casefold() not in around for word in WORD.findall(words))
