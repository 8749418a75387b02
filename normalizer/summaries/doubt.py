"""A clause with its statement → what of the statement its words leave no doubt about; None where that is too little.

A summary must not say more than its clause. So the operation must be the predicate itself, with nothing between it
and the end (or, in English, its subject) but words that add nothing; and where it is denied, nothing may be left in
the whole sentence that the summary would not say, for every word more narrows what is denied.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from normalizer.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
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


def undoubted(
    text: str, clause: Clause, folder: Path, ontology: Ontology, table: Table, cues: Cues
) -> Statement | None:
    """The clause's statement, without the parts that its words do not bear out; None where it is doubtful itself."""
    statement = clause.statement
    if statement is None or clause.notes or clause.language not in ("ja", "en"):
        return None
    found = [
        (span, place)
        for span in sentences(text, clause.body, clause.end, clause.language, folder)
        for place in _operations(clause, span, statement, ontology)
    ]
    if not found or len({span for span, _ in found}) > 1:
        return None
    if statement.polarity == "denied" and any(place.concept != statement.action for _, place in found):
        return None  # what is denied is something narrower: use beyond the purpose, not use
    span, place = found[0] if clause.language == "en" else found[-1]
    if _reserved(text, clause, span, statement, table, cues):
        return None
    inside = [mention for mention in clause.mentions if span[0] <= mention.start and mention.end <= span[1]]
    if not _is_predicate(text, clause, span, place, inside, statement, table):
        return None
    kept = _kept(text, clause.language, place, inside, statement, ontology, table)
    if statement.polarity == "denied" and (
        kept != statement or _left(text, clause, span, inside, statement, ontology, table, cues)
    ):
        return None
    return kept


def _reserved(text: str, clause: Clause, span: Span, statement: Statement, table: Table, cues: Cues) -> bool:
    """Whether a sentence hedges, or has exceptions that the statement does not have."""
    language, words = clause.language, text[span[0] : span[1]].casefold()
    if any(form in words for form in table.words["hedge", language]):
        return True
    body = text[clause.body : clause.end].casefold()
    if not statement.exceptions:
        return any(cues[kind][language].search(body) for kind in EXCEPTING)
    if statement.polarity != "denied":  # "may provide without consent": what would be excepted is what is allowed
        return bool(cues["without"][language].search(words))
    below = any(exception.start >= clause.end for exception in statement.exceptions)
    return not below and bool(cues["listing"][language].search(words))  # a list of them was announced, and not found


def _operations(clause: Clause, span: Span, statement: Statement, ontology: Ontology) -> Iterable[Mention]:
    """The mentions of the statement's action in a sentence, outside its exceptions."""
    for mention in clause.mentions:
        inside = span[0] <= mention.start and mention.end <= span[1]
        excepted = any(a <= mention.start < b for a, b in _exceptions(statement))
        if inside and not excepted and mention.score >= SURE and _narrower(mention, statement, ontology):
            yield mention


def _is_predicate(
    text: str,
    clause: Clause,
    span: Span,
    place: Mention,
    inside: Sequence[Mention],
    statement: Statement,
    table: Table,
) -> bool:
    """Whether the operation is what the sentence says is done, and not what is requested, stopped or described."""
    if clause.language == "ja":
        rest = _without(text, place.end, span[1], _exceptions(statement))
        return not _japanese_rest(rest, table.words["around", "ja"])
    by = statement.actor or statement.data
    before = [mention.end for mention in inside if mention.end <= place.start and mention.concept == by]
    if statement.actor and not before:  # pronouns are no mentions
        before = [match.end() for match in PRONOUN.finditer(text, span[0], place.start)]
    if statement.actor and not before:
        return False
    return not _english_rest(
        _without(text, max(before, default=span[0]), place.start, _exceptions(statement)), table.words["around", "en"]
    )


def _kept(
    text: str,
    language: str,
    place: Mention,
    inside: Sequence[Mention],
    statement: Statement,
    ontology: Ontology,
    table: Table,
) -> Statement:
    """The statement without data and purpose that do not stand where those of the operation would."""
    data = statement.data
    own = [m for m in inside if m.concept == data and _of_operation(text, language, m, place, statement, table)]
    data = _together(text, own[0], inside, ontology) if own else None
    purpose = statement.purpose
    if purpose and not any(_is_purpose(text, language, m, table) for m in inside if m.concept == purpose):
        purpose = None
    return replace(statement, data=data, purpose=purpose)


def _together(text: str, data: Mention, inside: Sequence[Mention], ontology: Ontology) -> str | None:
    """What data and those that they are listed with have in common: of names and addresses, personal information."""
    line = sorted((m for m in inside if m.concept in ontology and ontology[m.concept].kind == "information"), key=_at)
    listed = [data]
    for mentions, before in ((reversed(line), True), (line, False)):
        for other in mentions:
            gap = text[other.end : listed[0].start] if before else text[listed[-1].end : other.start]
            ahead = other.end <= listed[0].start if before else listed[-1].end <= other.start
            if ahead and LISTED.fullmatch(gap):
                listed = [other, *listed] if before else [*listed, other]
    lines = [(m.concept, *ontology.ancestors(m.concept)) for m in listed if m.concept in ontology]
    return next((concept for concept in lines[0] if all(concept in line for line in lines)), None) if lines else None


def _at(mention: Mention) -> int:
    return mention.start


def _of_operation(text: str, language: str, data: Mention, place: Mention, statement: Statement, table: Table) -> bool:
    """Whether data are what the operation is done to: 個人データを … 提供, "provide your personal data"."""
    if place.start <= data.start and data.end <= place.end:
        return True
    if language == "ja":
        handled = OF_HANDLING.match(text, data.end, place.start) if statement.action == "Entrustment" else None
        gap = text[handled.end() if handled else data.end : place.start]
        return data.end <= place.start and (gap == "の" or bool(OBJECT.fullmatch(gap)))
    gap = text[place.end : data.start] if place.end <= data.start else text[data.end : place.start]
    return not _english_rest(gap, table.words["around", "en"])


def _is_purpose(text: str, language: str, purpose: Mention, table: Table) -> bool:
    cues = table.words["purpose_cue", language]
    if language == "ja":
        return any(text.startswith(cue, purpose.end) for cue in cues)
    before = text[max(0, purpose.start - NEAR) : purpose.start].casefold().split()
    return bool(before) and before[-1] in cues


def _left(
    text: str,
    clause: Clause,
    span: Span,
    inside: Sequence[Mention],
    statement: Statement,
    ontology: Ontology,
    table: Table,
    cues: Cues,
) -> bool:
    """Whether a sentence has words that a summary of its statement would not say."""
    language = clause.language
    said = [(m.start, m.end) for m in inside if _named(m, statement) or _narrower(m, statement, ontology)]
    around = table.words["around", language]
    if statement.exceptions:
        leading = [found.span() for kind in LEADING for found in cues[kind][language].finditer(text, *span)]
        said, around = said + leading, around + table.words["announcing", language]
    rest = _without(text, span[0], span[1], [*said, *_exceptions(statement)])
    return _japanese_rest(rest, around) if language == "ja" else _english_rest(rest, around)


def _named(mention: Mention, statement: Statement) -> bool:
    return mention.concept in (statement.actor, statement.data, statement.recipient, statement.purpose)


def _narrower(mention: Mention, statement: Statement, ontology: Ontology) -> bool:
    line = (mention.concept, *ontology.ancestors(mention.concept)) if mention.concept in ontology else ()
    return statement.action in line


def _exceptions(statement: Statement) -> list[Span]:
    return [(exception.start, exception.end) for exception in statement.exceptions]


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
