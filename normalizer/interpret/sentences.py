"""A clause's text → its sentences; in each, what names an exception or an aside, and whether it states anything."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set
    from pathlib import Path

    from normalizer.model import Clause, Mention

    Cues = Mapping[str, Mapping[str, re.Pattern[str]]]

Span = tuple[int, int]

COMMA, COMMA_SPACE = re.compile(","), re.compile(r",\s+")
WORD = re.compile(r"\w")
BRACKETS = re.compile(r"[（(][^（()）]{0,400}[）)]")
SUBJECT = 30  # characters behind a comma in which a new subject stands
PREDICATE = 22  # characters at the end of a Japanese sentence that hold its predicate
VERB = re.compile(r"\s+(?:[a-z]+ly\s+)?[a-z]+s\b")  # behind its subject: "The Company handles"
THIRD = re.compile(r"[a-z]+[^s\W]s\b")  # an operation in the third person: "uses"
LEAST_SUBJECT = 4  # characters that its subject takes at least
CONSENTING = 120  # characters in which whose consent it is, and when, is said
END_OF_CONSENT = re.compile(r"[,.;:]| except | unless ")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with the places in it that are no part of what it mainly says."""

    start: int
    end: int
    words: str  # lower-cased, of the same length
    exceptions: tuple[Span, ...]
    proviso: Span | None  # the case that "provided, however" or ただし names
    opens_with_proviso: bool
    aside: tuple[Span, ...]  # all that is no part of what it mainly says: those and brackets, ascending, apart
    announces: bool  # whether its exceptions are in the list below

    def free(self, start: int) -> bool:
        """Whether a place belongs to what the sentence mainly says."""
        number = bisect_right(self.aside, (start, self.end)) - 1
        return number < 0 or start >= self.aside[number][1]

    def main(self) -> str:
        """The words, with spaces in place of exceptions and brackets."""
        out, at = [], self.start
        for a, b in self.aside:
            out += [self.words[at - self.start : a - self.start], " " * (b - a)]
            at = b
        return "".join(out) + self.words[at - self.start :]


def parsed(text: str, clause: Clause, folder: Path, cues: Cues, subjects: Sequence[Mention]) -> tuple[Sentence, ...]:
    """The sentences of a clause, in order. `subjects` are the mentions of actors, where a main clause may begin."""
    out = []
    for start, end in sentences(text, clause.body, clause.end, clause.language, folder):
        first = bisect_left(subjects, start, key=lambda mention: mention.start)
        last = bisect_left(subjects, end, first, key=lambda mention: mention.start)
        out.append(_sentence(text, start, end, clause, cues, subjects[first:last]))
    return tuple(out)


def _sentence(text: str, start: int, end: int, clause: Clause, cues: Cues, subjects: Sequence[Mention]) -> Sentence:
    words = text[start:end].lower()
    if len(words) != end - start:  # İ grows in lower case
        words = text[start:end]
    language = clause.language
    found = cues["proviso"][language].search(words)
    proviso = _case(words, found, cues, language) if found else None
    upto = words[: proviso[0]] if proviso else words
    leads = _before(upto, cues) if language == "ja" else _behind(upto, cues, {m.start - start for m in subjects})
    spans = sorted({*leads, *_without(upto, cues, language)})
    cases = [*spans, *([proviso] if proviso else [])]
    brackets = [match.span() for match in BRACKETS.finditer(words)]
    return Sentence(
        start,
        end,
        words,
        tuple((start + a, start + b) for a, b in spans),
        (start + proviso[0], start + proviso[1]) if proviso else None,
        bool(found and not WORD.search(words, 0, found.start())),
        tuple((start + a, start + b) for a, b in _apart([*cases, *brackets])),
        any(cues["listing"][language].search(words, a, b) for a, b in cases),
    )


def _apart(spans: Sequence[Span]) -> list[Span]:
    """Spans that overlap become one; ascending."""
    out: list[Span] = []
    for a, b in sorted(spans):
        if out and a <= out[-1][1]:
            out[-1] = (out[-1][0], max(b, out[-1][1]))
        else:
            out.append((a, b))
    return out


def _case(words: str, found: re.Match[str], cues: Cues, language: str) -> Span | None:
    """The case that a proviso names: 法令に基づく場合 in ただし、法令に基づく場合はこの限りではありません。"""
    cue, end = cues["case"][language], len(words.rstrip(" 。.;\n"))
    if language == "en":
        case = cue.search(words, found.end())
        start = case.start() if case else found.end()
        comma = words.find(",", start) if case and start - found.end() < 9 else -1
        return (start, comma if comma > 0 else end) if case else None
    at_front = found.start() < end / 2
    cases = list(cue.finditer(words, found.end() if at_front else 0, end if at_front else found.start()))
    if not cases:
        return None
    start = found.end() if at_front else 0
    while start < cases[-1].start() and not words[start].isalnum():
        start += 1
    stop = _end_of_case(words, cases[-1].start(), cues)
    return (start, stop) if start < stop else None


def _end_of_case(words: str, at: int, cues: Cues) -> int:
    noun = cues["case_noun"]["ja"].match(words, at)
    return noun.end() if noun else at


def _before(words: str, cues: Cues) -> Iterator[Span]:
    """Japanese exceptions: the words before を除き, from behind the topic."""
    floor = 0
    topics = [0, *(match.end() for match in cues["topic"]["ja"].finditer(words))]
    for match in cues["lead_exception"]["ja"].finditer(words):
        start = max(floor, topics[bisect_right(topics, match.start()) - 1])
        while start < match.start() and not words[start].isalnum():
            start += 1
        stop = _end_of_case(words, match.start(), cues)
        if start < stop:
            yield start, stop
        floor = match.end()


def _behind(words: str, cues: Cues, subjects: Set[int]) -> Iterator[Span]:
    """English exceptions: the words behind "except", up to the comma before the main clause or to the end."""
    end, floor = len(words.rstrip(" .;:\n")), 0
    said = cues["predicate"]["en"].search(words)  # an exception behind the main clause goes on to the end
    leads = list(cues["lead_exception"]["en"].finditer(words))
    commas = COMMA.finditer(words) if leads else ()
    opening = [comma.start() for comma in commas if _subject(words, comma.end(), subjects, cues)]
    for match in leads:
        if match.start() < floor:
            continue
        behind = said and said.start() < match.start()
        stop = end if behind else _comma(words, match.end(), opening) or end
        yield match.start(), stop
        floor = stop


def _comma(words: str, start: int, opening: Sequence[int]) -> int:
    """The first comma from a place on with a subject right behind it, which are `opening`, else the first; or 0."""
    number = bisect_left(opening, start)
    return opening[number] if number < len(opening) else max(0, words.find(",", start))


def _without(words: str, cues: Cues, language: str) -> Iterator[Span]:
    """Consent, which lifts what is denied: 同意を得ることなく, "without the prior consent of the person"."""
    floor = 0
    for match in cues["without"][language].finditer(words):
        if language == "ja":
            breaks = [words.rfind(sign, floor, match.start()) + 1 for sign in "、は"]
            yield max(floor, *breaks), match.end()
            floor = match.end()
            continue
        consent = cues["consent"]["en"].search(words, match.end(), match.end() + 80)
        if consent:
            stop = END_OF_CONSENT.search(words, consent.end(), consent.end() + CONSENTING)
            yield match.start(), stop.start() if stop else min(len(words), consent.end() + CONSENTING)


def states(
    sentence: Sentence,
    clause: Clause,
    actors: Sequence[Mention],
    operations: Sequence[Mention],
    cues: Cues,
) -> bool:
    """Whether a sentence states something, and is no noun, purpose or case; the mentions are those within it."""
    words = sentence.words.strip()
    if clause.language == "ja":
        return bool(cues["predicate"]["ja"].search(words[-PREDICATE:]))
    if cues["question"]["en"].search(words):
        return False
    rest, at = sentence.main(), 0
    if cues["no_statement"]["en"].search(words):
        subjects = {actor.start - sentence.start for actor in actors}
        at = next((match.start() for match in COMMA.finditer(rest) if _subject(rest, match.end(), subjects, cues)), -1)
        if at < 0:
            return _case_and_clause(rest, clause, cues)
    if cues["predicate"]["en"].search(rest, at):
        return True
    verbs = [VERB.match(rest, actor.end - sentence.start) for actor in actors if actor.start >= sentence.start + at]
    return any(verbs) or _third_person(rest, [operation.start - sentence.start for operation in operations])


def _third_person(rest: str, starts: Sequence[int]) -> bool:
    """Whether an operation is in the third person behind its subject: "This site uses cookies." """
    return rest.rstrip().endswith(".") and any(start > LEAST_SUBJECT and THIRD.match(rest, start) for start in starts)


def _case_and_clause(rest: str, clause: Clause, cues: Cues) -> bool:
    """Whether a main clause follows a case: "If an agent makes the request, a power of attorney is required"."""
    if clause.category == "third_party_exception" or not cues["exception_item"]["en"].search(rest):
        return False
    behind = (comma.end() for comma in COMMA_SPACE.finditer(rest))
    found = next((at for at in behind if cues["determiner"]["en"].match(rest, at)), None)
    return bool(found and cues["predicate"]["en"].search(rest, found))


def _subject(words: str, comma: int, subjects: Set[int], cues: Cues) -> bool:
    """Whether a subject stands right behind a comma, which ends at `comma`: a pronoun or the mention of an actor."""
    near = words[comma : comma + SUBJECT].lstrip()
    pronoun = cues["self"]["en"].match(near) or cues["individual"]["en"].match(near)
    return bool(pronoun or subjects & {comma, comma + 1, comma + 2})
