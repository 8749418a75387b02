"""Occurrences of phrases to those that may name something: written as such, in no idiom, cut from no compound."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from normalizer.glossary import Term
    from normalizer.lexicon import Occurrence
    from normalizer.model import Token
    from normalizer.ontology import Ontology

_NOUNS = ("名詞", "接尾辞", "接頭辞")
PREPOSITIONS = frozenset(
    ("to", "of", "with", "by", "for", "from", "in", "on", "without", "before", "about", "regarding", "concerning")
)
_ACRONYM = 4  # capitals that a short word must not be mistaken for: us, US
_PARTING = re.compile(r"[,;:()]|[.!?](?=\s)")


def as_written(
    found: Iterable[Occurrence], phrases: Sequence[str], tokens: Sequence[Token], text: str, capitals: bool
) -> list[Occurrence]:
    """Acronyms are capitals (PIN is no pin), `the Act` has a capital, `us` is not the US, commas part phrases."""
    return [
        hit
        for hit in found
        if _is_one(phrases[hit[2]], text, tokens[hit[0] : hit[1]])
        and (capitals or _is_written_so(phrases[hit[2]], [token.surface for token in tokens[hit[0] : hit[1]]]))
    ]


def _is_one(phrase: str, text: str, tokens: Sequence[Token]) -> bool:
    """Are the words the phrase's and no others with the same lemmas?

    No mark stands between them that the phrase does not have ("users, the name" is no user name), and a participle at
    the head is one in the text ("retains personal information" speaks of no retained personal information).
    """
    if len(tokens) > 1:
        marks = _PARTING.findall(text, tokens[0].end, tokens[-1].start)
        if not all(mark in phrase for mark in marks):
            return False
    head = phrase.partition(" ")[0].casefold()
    return head == tokens[0].lemma or not head.endswith(("ed", "tten")) or tokens[0].surface.casefold() == head


def standing_alone(found: Iterable[Occurrence], tokens: Sequence[Token]) -> list[Occurrence]:
    """A Japanese term of one character is no end of a compound: 法人税法 is not the Act that a policy calls 法."""
    return [hit for hit in found if hit[1] - hit[0] > 1 or not _ends_compound(tokens, hit[0])]


def _ends_compound(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    if token.end - token.start > 1 or not at or token.pos not in _NOUNS:
        return False
    before = tokens[at - 1]
    return before.pos in _NOUNS and before.end == token.start


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


def _is_written_so(phrase: str, words: list[str]) -> bool:
    last = words[-1]
    if phrase.isupper():
        return "".join(words).removesuffix("s").isupper()
    if phrase.partition(" ")[0] in ("the", "The") and phrase.count(" ") == 1 and phrase[4].isupper():
        return last[0].isupper()
    return not (len(words) == 1 and 1 < len(last) <= _ACRONYM and last.isupper() and phrase.islower())


class Compounds:
    """The candidates that are compounds: a phrase does not begin or end within one.

    個人情報の第三者提供 holds no 情報の第三者提供, サービスの利用状況 no サービスの利用.
    """

    def __init__(
        self, spans: Mapping[tuple[int, int], tuple[Term, ...]], tokens: Sequence[Token], ontology: Ontology
    ) -> None:
        self._ends: dict[int, int] = {}  # token within a compound → where that ends
        self._begins: dict[int, int] = {}  # … and begins
        long = [(first, last) for first, last in spans if last - first > 1]
        if tokens[0].pos:
            nouns = bytes([token.pos in _NOUNS for token in tokens])
            self._spans = {(first, last) for first, last in long if nouns.find(0, first, last) < 0}
        else:
            kinds = {span: ontology[spans[span][0].concept].kind for span in long}
            self._spans = {(first, last) for first, last in long if is_compound(tokens[first:last], kinds[first, last])}
        for first, last in sorted(self._spans):
            for token in range(first + 1, last):
                self._ends[token] = max(last, self._ends.get(token, 0))
                self._begins[token] = first

    def cut(self, first: int, last: int) -> bool:
        """Does a phrase begin or end within a compound that goes on at the other side of it?"""
        if (first, last) in self._spans:
            return False
        return first < self._ends.get(first, 0) < last or self.cut_short(first, last)

    def cut_short(self, first: int, last: int) -> bool:
        """Does it end there?"""
        return first < self._begins.get(last, 0)


def is_compound(tokens: Sequence[Token], kind: str) -> bool:
    """Is a term nouns only? English tokens do not say what they are, but "personal information" names a thing."""
    if tokens[0].pos:
        return all(token.pos in _NOUNS for token in tokens)
    return kind == "information" and not any(token.lemma in PREPOSITIONS for token in tokens)
