"""A clause's mentions and the words that annotators marked elsewhere → readings, with what speaks for and against.

A feature is of one kind of reading; of all, of a concept, of words, or of words as a concept; and says what is so.
weighing.py adds up their weights.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from normalizer.model import heading_above

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from normalizer.interpret.marked import Said
    from normalizer.model import Clause, Mention, Token

TERM = "term"  # the kind of a mention; the others are those of marked.py
_SCORES, _LENGTH = (0.5, 0.7, 0.9, 0.97, 0.995), 4
_LONG = tuple(f"long {length}" for length in range(_LENGTH + 1))
_START, _END = "^", "$"  # stand before and after the words of a clause

Feature = tuple[str, str, str]  # kind of reading; whose: "" of all, a concept, words, or words = concept; what is so
Group = tuple[str, tuple[str, ...]]  # the second of these, and all of the third


class Reading(NamedTuple):
    """A concept that words of a clause may name."""

    first: int  # index of the first token
    last: int  # index after the last
    kind: str
    concept: str
    groups: tuple[Group, ...]  # what speaks for and against it
    mention: Mention | None  # None for words that are none
    over: Sequence[Mention] = ()  # of words that are none: the mentions over them

    def features(self) -> list[Feature]:
        """What speaks for and against it, one by one."""
        return [(self.kind, of, name) for of, names in self.groups for name in names]


def headings(clauses: Sequence[Clause]) -> Iterator[Collection[str]]:
    """For each clause of a document the concepts that the nearest heading above it names."""
    for clause in clauses:
        heading = heading_above(clauses, clause)
        yield {mention.concept for mention in heading.mentions} if heading else ()


class Context:
    """What surrounds the readings of a clause."""

    def __init__(self, clause: Clause, tokens: Sequence[Token], heading: Iterable[str]) -> None:
        self._clause, self._tokens = clause, tokens
        self.lemmas = [token.lemma for token in tokens]
        self._category = f"in {clause.category}"
        self._told = ("", self._category, f"in a {clause.kind}", *[f"under {concept}" for concept in heading])
        self._concepts = {mention.concept for mention in clause.mentions}
        self._beside = [f"beside {concept}" for concept in self._concepts]
        self._first = {token.start: number for number, token in enumerate(tokens)}
        self._last = {token.end: number for number, token in enumerate(tokens, 1)}
        self._over: dict[int, list[Mention]] = {}  # number of a token → the mentions over it

    def words(self, first: int, last: int) -> str:
        """The lemmas of a stretch."""
        return " ".join(self.lemmas[first:last])

    def tokens_of(self, mention: Mention) -> tuple[int, int]:
        """The tokens of a mention; the mention is known from now on."""
        first, last = self._first.get(mention.start), self._last.get(mention.end)
        if first is None or last is None:
            first = bisect_right(self._tokens, mention.start, key=lambda token: token.end)
            last = bisect_left(self._tokens, mention.end, key=lambda token: token.start)
            first, last = (first, last) if first < last else (0, 0)
        for number in range(first, last):
            self._over.setdefault(number, []).append(mention)
        return first, last

    def of_mention(self, mention: Mention, span: tuple[int, int], told: Iterable[str]) -> Reading:
        """A mention of the glossary."""
        name = "defined:" if mention.term.startswith("defined:") else mention.term
        over = len(self._mentions(*span))
        general = (f"score {bisect_right(_SCORES, mention.score)}", f"over {over}", *told)
        groups = self._groups(name, mention.concept, span, general)
        if mention.score < 1:
            groups += (self._neighbours(mention.concept),)
        return Reading(*span, TERM, mention.concept, groups, mention)

    def _neighbours(self, concept: str) -> Group:
        """What else the clause names: it tells meanings of one word apart."""
        own = f"beside {concept}"
        return concept, tuple([one for one in self._beside if one != own])

    def is_named(self, concept: str, first: int, last: int) -> bool:
        """Whether a mention over these tokens has the concept."""
        return concept in self._concepts and any(one.concept == concept for one in self._mentions(first, last))

    def _mentions(self, first: int, last: int) -> list[Mention]:
        """The mentions over these tokens."""
        if last - first == 1:
            return self._over.get(first, [])
        return list(dict.fromkeys(one for number in range(first, last) for one in self._over.get(number, ())))

    def of_words(self, said: Said, span: tuple[int, int]) -> Reading:
        """The reading of words that are no mention of this concept."""
        over, general = self._mentions(*span), said.free
        if over:
            state, sure = self._state(over, span), bisect_right(_SCORES, max([one.score for one in over]))
            general = (state, f"{state} share {said.share}", f"{state} score {sure}", *said.told)
        groups = self._groups(said.words, said.concept, span, general)
        if over:
            groups += ((said.concept, tuple([f"over {one.concept}" for one in over])), self._neighbours(said.concept))
        return Reading(*span, said.kind, said.concept, groups, None, over)

    def _state(self, over: Sequence[Mention], span: tuple[int, int]) -> str:
        """How words lie to the mentions over them."""
        start, end = self._tokens[span[0]].start, self._tokens[span[1] - 1].end
        if any((one.start, one.end) == (start, end) for one in over):
            return "same"
        return "inside" if any(one.start <= start and end <= one.end for one in over) else "across"

    def _groups(self, name: str, concept: str, span: tuple[int, int], general: tuple[str, ...]) -> tuple[Group, ...]:
        first, last = span
        lemmas, count = self.lemmas, len(self.lemmas)
        after = f"after {lemmas[first - 1] if first else _START}"
        before = f"before {lemmas[last] if last < count else _END}"
        further = lemmas[last + 1] if last + 1 < count else _END
        return (
            (self._clause.language, (_LONG[min(last - first, _LENGTH)], after, before, *general)),
            (concept, (*self._told, after, before)),
            (name, (after, before, f"{before} {further}")),
            (f"{name} = {concept}", ("", self._category)),
        )
