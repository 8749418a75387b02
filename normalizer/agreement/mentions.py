"""The clauses of a link → their mentions, weighed by what the other side names.

A translation is the best witness of what a text means. Where one side names a concept that the other does not, either
the mention is wrong, or the other side names the concept in words that the matcher does not take for a term, or one
side says more. Two logistic models (odds.py) tell how probable the first two are: that the mention is right, and that
some word opposite names its concept. Where both are probable the word becomes a mention; where neither is, the mention
goes. What is left stands on one side, as the texts have it.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from normalizer.agreement.odds import probability
from normalizer.glossary import folded
from normalizer.model import Mention, Token

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from normalizer.agreement.odds import Odds
    from normalizer.agreement.words import Words
    from normalizer.model import Clause
    from normalizer.ontology import Ontology
    from normalizer.tokens import Tokenizer

EVIDENCE = "link"
LINKED = "linked:"  # before the words of a mention that are no entry of the glossary
KEPT = 0.82  # probability from which a mention stays whose concept the other side does not name
NAMED = 0.2  # … from which a word may name a concept of the other side,
SHARED = 0.14  # … times that of the other side's mention: from here on both name it
OWN = 0.5  # probability of the word's own reading from which it stays, if the other's is less probable
_BESIDE = 0.2  # probability of a neighbour of that word, from which it belongs to the mention too
_WORDED = (0.4, 0.5, 0.6, 0.7, 0.8, 0.87, 0.92, 0.95, 0.98)
_SCORES, _BEST = (0.5, 0.7, 0.9, 0.97, 0.995), (0.02, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6)


@dataclass(frozen=True, slots=True)
class Side:
    """The clauses of one side of a link."""

    language: str
    text: str  # of the document
    clauses: tuple[Clause, ...]
    mentions: tuple[Mention, ...]
    named: frozenset[str]  # the concepts of the mentions
    fixed: frozenset[str] = frozenset()  # those that are known to stand on this side alone

    @classmethod
    def of(cls, language: str, text: str, clauses: Sequence[Clause], differing: Iterable[tuple[int, int]] = ()) -> Side:
        """The side with what its clauses name. differing: places that are known to have no counterpart; one as long as
        a clause says where something differs, not what."""
        mentions = tuple(mention for clause in clauses for mention in clause.mentions)
        places = [
            (start, end) for start, end in differing if not any(start <= c.body and c.end <= end for c in clauses)
        ]
        fixed = [m.concept for m in mentions if any(m.start < end and start < m.end for start, end in places)]
        named = frozenset(mention.concept for mention in mentions)
        return cls(language, text, tuple(clauses), mentions, named, frozenset(fixed))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word that may name a concept of the other side."""

    concept: str
    clause: str  # id of the clause in which the word stands
    token: Token
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weigher:
    """What weighs mentions: the tables and tools, of one thread as the tokenizer is."""

    words: Words
    odds: Mapping[str, Odds]
    ontology: Ontology
    tokenizer: Tokenizer
    senses: Callable[[str], Collection[str]]
    status: Mapping[tuple[str, str], str]  # concept, entry → preferred, admitted …
    own: frozenset[tuple[str, str]]  # (language, folded form) of a user's own terms, which are taken as they are

    def weighed(self, sides: tuple[Side, Side]) -> tuple[tuple[Clause, ...], tuple[Clause, ...]]:
        """The clauses of both sides, their mentions as the other side tells them."""
        if sides[0].named == sides[1].named:
            return sides[0].clauses, sides[1].clauses
        found = self.found(sides[0], sides[1]), self.found(sides[1], sides[0])
        chances = self._chances(sides[0], sides[1], found[1]), self._chances(sides[1], sides[0], found[0])
        told = _Told(sides, chances)
        for option in sorted([*_options(0, found[0], chances[1]), *_options(1, found[1], chances[0])]):
            told.take(option)
        ja, en = (_mended(side, chances[number], told, number) for number, side in enumerate(sides))
        return ja, en

    def candidates(self, side: Side, other: Side) -> Iterator[Candidate]:
        """The words of a side that may name what only the other side names."""
        alone = sorted(other.named - other.fixed - side.named)
        if not alone:
            return
        for clause in side.clauses:
            for token in self.tokenizer.tokens(side.text, clause.body, clause.end, side.language):
                if self.words.says(token, side.language) and _may_name(token, side.text, clause):
                    over = [m for m in side.mentions if m.start < token.end and token.start < m.end]
                    for concept in alone:
                        if known := self.words.features(side.language, token.lemma, concept):
                            yield Candidate(concept, clause.id, token, (*known, *self._standing(concept, over, other)))

    def _standing(self, concept: str, over: Sequence[Mention], other: Side) -> Iterator[str]:
        """What the mentions over a word say of whether it may name another concept."""
        yield f"concept {concept}"
        if not over:
            yield "free"
            return
        held = any(mention.concept in other.named for mention in over)
        kin = " kin" if self._kin(concept, (over[0].concept,)) else ""
        yield ("held" if held else "open") + kin
        if any(concept in self.senses(mention.term) for mention in over):
            yield "sense"

    def features(
        self, mention: Mention, itself: tuple[str, ...], side: Side, other: Side, best: float
    ) -> tuple[str, ...]:
        """What speaks for and against a mention whose concept the other side does not name.

        itself: what its own side says of it. best: the probability of the best word opposite.
        """
        kin = "kin" if self._kin(mention.concept, other.named) else "alone"
        meanings = "several senses" if self.senses(mention.term) else "one sense"
        return (
            f"{kin} {side.language}",
            f"concept {mention.concept}",
            f"entry {mention.term}",
            f"score {bisect_right(_SCORES, mention.score)}",
            *itself,
            f"{self.status.get((mention.concept, mention.term), 'pattern')} {side.language} {meanings}",
            f"opposite {bisect_right(_BEST, best)}",
        )

    def _kin(self, concept: str, others: Iterable[str]) -> bool:
        """Whether one of the others is the concept, or above or below it; the broadest concepts are kin of nothing."""
        return any(concept in self._line(other) or other in self._line(concept) for other in others)

    def _line(self, concept: str) -> tuple[str, ...]:
        above = self.ontology.ancestors(concept)
        return (concept, *(one for one in above if self.ontology[one].broader))

    def found(self, side: Side, other: Side) -> Found:
        """The words that may name each concept of the other side, with their probabilities, in order of place."""
        found: Found = {}
        for candidate in self.candidates(side, other):
            chance = probability(self.odds["word"], candidate.features)
            found.setdefault(candidate.concept, []).append(Chance(chance, candidate.clause, candidate.token))
        return found

    def _chances(self, side: Side, other: Side, opposite: Found) -> dict[str, float]:
        """How probable it is that a side names each concept that the other does not: that of its surest mention."""
        chances: dict[str, float] = {}
        for clause in side.clauses:
            for mention, itself in by_itself(clause):
                if mention.concept not in other.named:
                    features = self.features(mention, itself, side, other, best_of(opposite, mention.concept))
                    sure = mention.concept in side.fixed or self._is_own(mention)
                    chance = 1.0 if sure else probability(self.odds["mention"], features)
                    chances[mention.concept] = max(chance, chances.get(mention.concept, 0.0))
        return chances

    def _is_own(self, mention: Mention) -> bool:
        language, _, form = mention.term.partition(":")
        return (language, folded(form)) in self.own


def _may_name(token: Token, text: str, clause: Clause) -> bool:
    """Not a letter (6 p.m.), what stands before a number (第13条), or a part of a date or an address."""
    numbered = token.pos == "接頭辞" and text[token.end : token.end + 1].isnumeric()
    if numbered or (len(token.surface) == 1 and token.surface.isascii()):
        return False
    facts = [fact for fact in clause.facts if fact.kind != "statute"]
    return not any(fact.start < token.end and token.start < fact.end for fact in facts)


class Chance(NamedTuple):
    """A word that may name a concept."""

    chance: float  # how probable that is
    clause: str
    token: Token


Found = dict[str, list[Chance]]  # concept → the words that may name it
Option = tuple[float, int, str, int, int]  # probability, negated; side, concept, place of the word


def _options(side: int, found: Found, chances: Mapping[str, float]) -> list[Option]:
    """The concepts of the other side that a side probably names too, each by its most probable word."""
    options = []
    for concept, words in found.items():
        chance = best_of(found, concept)
        both = chance * chances.get(concept, 0.0)
        if chance >= NAMED and both >= SHARED:
            options.append((-both, side, concept, *_span(words)))
    return options


class _Told:
    """What the two sides tell of each other, the surest first: one word has one reading."""

    def __init__(self, sides: tuple[Side, Side], chances: tuple[Mapping[str, float], Mapping[str, float]]) -> None:
        self.sides, self.chances = sides, chances
        self.added: tuple[list[Mention], list[Mention]] = ([], [])
        self.replaced: tuple[set[Mention], set[Mention]] = (set(), set())
        self.confirmed: tuple[set[str], set[str]] = (set(), set())  # concepts for which a word was found opposite

    def take(self, option: Option) -> None:
        """Make the word a mention, unless it or what the other side says is read otherwise already."""
        chance, number, concept, start, end = option
        side, other = self.sides[number], self.sides[1 - number]
        over = [m for m in side.mentions if m.start < end and start < m.end and m.concept not in other.named]
        sources = {m for m in other.mentions if m.concept == concept} - self.replaced[1 - number]
        if sources and not self._is_read(number, over, (start, end), -chance):
            self.replaced[number].update(over)
            self.confirmed[1 - number].add(concept)
            self.added[number].append(_mention(side, concept, (start, end), round((-chance) ** 0.5, 2), over))

    def _is_read(self, number: int, over: Iterable[Mention], place: tuple[int, int], chance: float) -> bool:
        """Whether the word has a reading that is more probable, or that the other side bears out."""
        confirmed, chances = self.confirmed[number], self.chances[number]
        return any(m.concept in confirmed or chances[m.concept] > max(chance, OWN) for m in over) or any(
            m.start < place[1] and place[0] < m.end for m in self.added[number]
        )


def _mention(side: Side, concept: str, place: tuple[int, int], score: float, over: Sequence[Mention]) -> Mention:
    """A mention that the other side tells, with its entry: that of the words where they were one, else as written."""
    if over:
        old = over[0]
        return Mention(old.start, old.end, concept, old.term, score, (*old.evidence, EVIDENCE))
    return Mention(*place, concept, f"{LINKED}{side.text[slice(*place)]}", score, (EVIDENCE,))


def _mended(side: Side, chances: Mapping[str, float], told: _Told, number: int) -> tuple[Clause, ...]:
    """The clauses without mentions that are probably wrong, and with what the other side tells."""
    confirmed, replaced = told.confirmed[number], told.replaced[number]
    clauses = []
    for clause in side.clauses:
        its = [
            mention
            for mention in clause.mentions
            if mention not in replaced and (mention.concept in confirmed or chances.get(mention.concept, 1.0) >= KEPT)
        ]
        its += [mention for mention in told.added[number] if clause.start <= mention.start < clause.end]
        mentions = tuple(sorted(its, key=lambda mention: (mention.start, -mention.end)))
        clauses.append(clause if mentions == clause.mentions else clause.revised(mentions=mentions, chances=()))
    return tuple(clauses)


def by_itself(clause: Clause) -> Iterator[tuple[Mention, tuple[str, str]]]:
    """The mentions of a clause, each with what its own side says of it: how probable the wording makes it, in steps."""
    for mention, chance in itertools.zip_longest(clause.mentions, clause.chances):
        step = "unasked" if chance is None else bisect_right(_WORDED, chance)
        yield mention, (f"kind {clause.kind}", f"wording {step}")


def best_of(found: Found, concept: str) -> float:
    """The probability of the most probable word for a concept; 0 where there is none."""
    return max((word.chance for word in found.get(concept, ())), default=0.0)


def _span(words: Sequence[Chance]) -> tuple[int, int]:
    """The place of the most probable word, with neighbours in its clause that are probable too."""
    first = last = max(range(len(words)), key=lambda at: (words[at].chance, -at))
    while first and _beside(words[first - 1], words[first]):
        first -= 1
    while last + 1 < len(words) and _beside(words[last], words[last + 1]):
        last += 1
    return words[first].token.start, words[last].token.end


def _beside(left: Chance, right: Chance) -> bool:
    near = left.clause == right.clause and right.token.start - left.token.end <= 1
    return near and min(left.chance, right.chance) >= _BESIDE
