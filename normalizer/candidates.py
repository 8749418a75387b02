"""Occurrences of phrases to those that may name something: written as such, in no idiom, cut from no compound."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from normalizer.glossary import Term
    from normalizer.lexicon import Occurrence
    from normalizer.model import Token

_NOUNS = ("名詞", "接尾辞", "接頭辞")
PREPOSITIONS = frozenset(
    ("to", "of", "with", "by", "for", "from", "in", "on", "without", "before", "about", "regarding", "concerning")
)
_ACRONYM = 4  # capitals that a short word must not be mistaken for: us, US
_PARTING = re.compile(r"[,;:()]|[.!?](?=\s)")


def as_written(
    found: Iterable[Occurrence], phrases: Sequence[str], tokens: Sequence[Token], text: str, capitals: bool
) -> list[Occurrence]:
    """Acronyms are capitals (PIN is no pin), `the Act` has a capital, `us` is not the US, "the Company acts" is not the
    Companies Act, commas part phrases."""
    marks = [mark.start() for mark in _PARTING.finditer(text, tokens[0].start, tokens[-1].end)]
    return [
        hit
        for hit in found
        if _is_one(*hit, phrases, text, marks, tokens)
        and (capitals or _is_written_so(phrases[hit[2]], tokens[hit[0] : hit[1]]))
    ]


def _is_one(
    first: int, last: int, number: int, phrases: Sequence[str], text: str, marks: Sequence[int], tokens: Sequence[Token]
) -> bool:
    """Are the words the phrase's and no others with the same lemmas? `marks` are the places of the clause's marks.

    No mark stands between them that the phrase does not have ("users, the name" is no user name), and a participle at
    the head is one in the text ("retains personal information" speaks of no retained personal information).
    """
    phrase = phrases[number]
    if marks and last - first > 1:
        between = marks[bisect_left(marks, tokens[first].end) : bisect_left(marks, tokens[last - 1].start)]
        if between and not all(text[mark] in phrase for mark in between):
            return False
    head = _participle(phrase)
    return not head or head == tokens[first].lemma or tokens[first].surface.casefold() == head


def finders(lemmas: Sequence[str], phrase: str) -> tuple[tuple[object, ...], ...]:
    """Keys of a phrase: that which another phrase must have to be found by the same words, and the looser one."""
    marks = frozenset(_PARTING.findall(phrase.rstrip(".")))
    return ((*lemmas, marks, _participle(phrase)), (*lemmas, marks, ""))


@lru_cache(maxsize=100_000)
def _participle(phrase: str) -> str:
    """The first word of a phrase, case-folded, if it looks like a participle; else ""."""
    head = phrase.partition(" ")[0].casefold()
    return head if head.endswith(("ed", "tten")) else ""


def standing_alone(found: Iterable[Occurrence], tokens: Sequence[Token]) -> list[Occurrence]:
    """A Japanese term of one character is no end of a compound: 法人税法 is not the Act that a policy calls 法."""
    return [
        hit
        for hit in found
        if hit[1] - hit[0] > 1 or len(tokens[hit[0]].surface) > 1 or not _ends_compound(tokens, hit[0])
    ]


def _ends_compound(tokens: Sequence[Token], at: int) -> bool:
    token, before = tokens[at], tokens[at - 1] if at else None
    return before is not None and token.pos in _NOUNS and before.pos in _NOUNS and before.end == token.start


def outside_idioms(found: Sequence[Occurrence], idioms: Collection[int]) -> list[Occurrence]:
    """The occurrences, in order of place, that are no part of an idiom nor one themselves."""
    closed = [(first, last) for first, last, phrase in found if phrase in idioms]
    if not closed:
        return list(found)
    until = dict(sorted(closed))  # of those that begin together the longest
    kept, reach = [], 0
    for hit in found:
        reach = max(reach, until.get(hit[0], 0))
        if hit[1] > reach:
            kept.append(hit)
    return kept


def _is_written_so(phrase: str, tokens: Sequence[Token]) -> bool:
    last = tokens[-1].surface
    if phrase.islower():  # most are
        return not (len(tokens) == 1 and 1 < len(last) <= _ACRONYM and last.isupper())
    if phrase.isupper():
        return "".join([token.surface for token in tokens]).removesuffix("s").isupper()
    if phrase.partition(" ")[0] in ("the", "The") and phrase.count(" ") == 1 and phrase[4].isupper():
        return last[0].isupper()
    return not phrase.endswith(" Act") or last in ("Act", "act", "ACT")  # a company acts


class Compounds:
    """The candidates that are compounds: a phrase does not begin or end within one.

    個人情報の第三者提供 holds no 情報の第三者提供, サービスの利用状況 no サービスの利用.
    """

    def __init__(
        self, spans: Mapping[tuple[int, int], tuple[Term, ...]], tokens: Sequence[Token], kinds: Mapping[str, str]
    ) -> None:
        self._ends: dict[int, int] = {}  # token within a compound → where that ends
        self._begins: dict[int, int] = {}  # … and begins
        self._spans = {
            (first, last)
            for (first, last), terms in spans.items()
            if last - first > 1 and is_compound(tokens[first:last], kinds[terms[0].concept])
        }
        for first, last in sorted(self._spans):
            for token in range(first + 1, last):
                self._ends[token] = max(last, self._ends.get(token, 0))
                self._begins[token] = first

    def cut(self, first: int, last: int) -> bool:
        """Does a phrase begin or end within a compound that goes on at the other side of it?"""
        if not self._ends or (first, last) in self._spans:
            return False
        return first < self._ends.get(first, 0) < last or self.cut_short(first, last)

    def beginning(self, first: int) -> int:
        """The token with which the compound begins that a token stands within; else the token itself."""
        return self._begins.get(first, first)

    def cut_short(self, first: int, last: int) -> bool:
        """Does it end there?"""
        return first < self._begins.get(last, 0)


def is_compound(tokens: Sequence[Token], kind: str) -> bool:
    """Is a term nouns only? English tokens do not say what they are, but "personal information" names a thing."""
    if tokens[0].pos:
        return all([token.pos in _NOUNS for token in tokens])  # noqa: C419 (twice as fast)
    return kind == "information" and not any(token.lemma in PREPOSITIONS for token in tokens)
