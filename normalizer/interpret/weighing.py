"""Mentions of clauses whose category is known → those that are probably terms there, and words that are terms too.

The glossary says what words may mean, the rules of senses which meaning fits; whether they are terms of the clause at
all, annotators decide by more than any rule says: what stands before and after, what the clause is about, what the
heading above it names. Two sorts of readings are weighed by one logistic model (Cox 1958) that was learned from
annotated policies: mentions that the glossary gave, and words that annotators marked elsewhere (marked.py). Where words
may mean several things, what else the clause names counts too. A mention that is probably wrong goes; words that are
probably a term become one, in the place of a mention that is less probable.

`python -m benchmarks.mention_odds --write` makes the weights, mention_odds.csv, in hundredths of natural logarithms of
odds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING

from normalizer.cache import remembered
from normalizer.glossary import folded
from normalizer.interpret.marked import PART, WORDS, MarkedWords
from normalizer.interpret.readings import TERM, Context, Feature, Reading, headings
from normalizer.model import LANGUAGES, Mention
from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from normalizer.model import Clause, Token
    from normalizer.ontology import Ontology

TABLE = "mention_odds.csv"
COLUMNS = ("kind", "of", "feature", "weight")
KINDS = (TERM, WORDS, PART)
BIAS = (TERM, "", "bias")
EVIDENCE = "wording"
LEARNED = "learned:"  # before the words of a mention that are no entry of the glossary
KEPT = 0.3  # probability from which a mention of the glossary stays,
DOUBTFUL = 0.15  # … if its words have one sense only; where they have several, of which one was chosen
TAKEN = 0.35  # … and from which other words become one
SCALE = 100  # a weight of 1 in the table
_PLACE = attrgetter("start")

Odds = dict[str, dict[str, dict[str, int]]]  # kind → whose → feature → weight in hundredths


@dataclass(frozen=True, slots=True)
class Weigher:
    """The compiled tables marked_words.csv and mention_odds.csv."""

    words: MarkedWords
    odds: Odds
    given: Collection[tuple[str, str]] = ()  # (language, folded form) of terms that stay

    @property
    def bias(self) -> int:
        """The weight of every reading."""
        kind, of, name = BIAS
        return self.odds[kind].get(of, {}).get(name, 0)

    @classmethod
    def load(cls, folder: Path, ontology: Ontology, given: Collection[tuple[str, str]] = ()) -> Weigher | None:
        """Compile the tables in `folder`; None where they are not, as in a folder of tables of one's own.

        Raises GlossaryError.
        """
        path = folder / TABLE
        if not path.exists():
            return None
        odds = remembered("mention-odds", [path.read_bytes()], lambda: _compiled(path))
        problems = Problems()
        words = MarkedWords.load(folder, ontology, problems)
        problems.refuse()
        return cls(words, odds, given)

    def weighed(self, text: str, clauses: Sequence[Clause], tokens: Sequence[Sequence[Token]]) -> tuple[Clause, ...]:
        """The clauses, in the same order, with the mentions that are probably right. tokens: of each clause."""
        return tuple(
            self._weighed(text, clause, its, named) if its and clause.language in LANGUAGES else clause
            for clause, its, named in zip(clauses, tokens, headings(clauses), strict=True)
        )

    def _weighed(self, text: str, clause: Clause, tokens: Sequence[Token], heading: Iterable[str]) -> Clause:
        kept: dict[Mention, float] = {}
        further: list[tuple[float, int, int, Reading]] = []
        bias = self.bias
        for number, reading in enumerate(self.readings(clause, tokens, heading)):
            chance = self._chance(reading, bias)
            if not reading.mention:
                if chance >= TAKEN:
                    further.append((-chance, reading.first - reading.last, number, reading))
            elif chance >= (KEPT if reading.mention.score == 1 else DOUBTFUL) or self._is_given(reading.mention):
                kept[reading.mention] = chance
        taken = _taken(sorted(further), kept, tokens, self._is_given) if further else ()
        told = sorted([*kept, *_joined(text, taken)], key=lambda one: (one.start, -one.end)) if taken else list(kept)
        return clause.revised(mentions=tuple(told), chances=tuple([kept.get(one, one.score) for one in told]))

    def _is_given(self, mention: Mention) -> bool:
        if not self.given:
            return False
        language, _, form = mention.term.partition(":")
        return (language, folded(form)) in self.given

    def chance(self, reading: Reading) -> float:
        """How probable a reading is, 0 to 1."""
        return self._chance(reading, self.bias)

    def _chance(self, reading: Reading, total: int) -> float:
        odds = self.odds[reading.kind]
        for of, names in reading.groups:
            if weights := odds.get(of):
                for name in names:
                    if name in weights:
                        total += weights[name]
        return 1 / (1 + math.exp(-total / SCALE))

    def readings(self, clause: Clause, tokens: Sequence[Token], heading: Iterable[str]) -> Iterator[Reading]:
        """The mentions of a clause, and what other words may name there.

        heading: the concepts that the nearest heading above names, as `headings` tells them.
        """
        context = Context(clause, tokens, heading)
        for mention in clause.mentions:
            first, last = context.tokens_of(mention)
            often = self.words.told(clause.language, context.words(first, last), mention.concept)
            yield context.of_mention(mention, (first, last), often)
        known, told = self.words.said[clause.language], set[tuple[str, int]]()  # concepts and tokens that name them
        found = self.words.occurrences(context.lemmas, clause.language)
        for kind in (WORDS, PART):
            for first, last, number in found:
                for said in known[number]:
                    if said.kind == kind and not context.is_named(said.concept, first, last):
                        if kind == WORDS:
                            told.update((said.concept, number) for number in range(first, last))
                        elif (said.concept, first) in told:
                            continue
                        yield context.of_words(said, (first, last))


def _compiled(path: Path) -> Odds:
    problems = Problems()
    odds: dict[Feature, int] = {}
    for line, row in read_table(path, COLUMNS, problems):
        if row["kind"] not in KINDS:
            problems.unknown(path, line, "kind", row["kind"], KINDS)
        elif row["weight"].removeprefix("-").isdecimal():
            odds[row["kind"], row["of"], row["feature"]] = int(row["weight"])
        else:
            problems.add(path, line, f"the weight {row['weight']!r} is no whole number of hundredths")
    problems.refuse()
    return grouped(odds)


def grouped(odds: Mapping[Feature, int]) -> Odds:
    """The weights of each kind, by whose they are."""
    out: Odds = {kind: {} for kind in KINDS}
    for (kind, of, name), weight in odds.items():
        out[kind].setdefault(of, {})[name] = weight
    return out


def _taken(
    further: Iterable[tuple[float, int, int, Reading]],
    kept: dict[Mention, float],
    tokens: Sequence[Token],
    is_given: Callable[[Mention], bool],
) -> list[Mention]:
    """The words that become mentions, the most probable first; what they replace is taken out of `kept`."""
    taken: list[Mention] = []
    spent, whole, torn = set[int](), set[Mention](), set[Mention]()  # tokens; mentions replaced, and those in part
    for chance, _, _, reading in further:
        over = [one for one in reading.over if one in kept]
        if any(kept[one] >= -chance or is_given(one) for one in over):
            continue
        if not whole.isdisjoint(reading.over) or not spent.isdisjoint(range(reading.first, reading.last)):
            continue
        for mention in over:
            del kept[mention]
        place = tokens[reading.first].start, tokens[reading.last - 1].end
        old = _standing(reading, place, torn)
        (whole if old else torn).update(reading.over)
        spent.update(range(reading.first, reading.last))
        taken.append(_mention(reading.concept, place, round(-chance, 2), old))
    return taken


def _standing(reading: Reading, place: tuple[int, int], torn: Collection[Mention]) -> Mention | None:
    """The mention in whose place a reading stands: one of the same words, or longer ones of which it is a part."""
    for one in reading.over:
        same = (one.start, one.end) == place
        if same or (reading.kind == PART and one.start <= place[0] and place[1] <= one.end and one not in torn):
            return one
    return None


def _mention(concept: str, place: tuple[int, int], score: float, old: Mention | None) -> Mention:
    """Words that were taken for a concept: those of the mention in whose place they stand."""
    if old:
        return Mention(old.start, old.end, concept, old.term, score, (*old.evidence, EVIDENCE))
    return Mention(*place, concept, LEARNED, score, (EVIDENCE,))


def _joined(text: str, taken: Sequence[Mention]) -> Iterator[Mention]:
    """The mentions in order of place, neighbours of one concept as one, with the words of those that are no entry."""
    last: Mention | None = None
    for mention in sorted(taken, key=_PLACE):
        same = last and (last.concept, last.term) == (mention.concept, mention.term)
        if last and same and text[last.end : mention.start] in ("", " "):
            last = replace(last, end=mention.end, score=max(last.score, mention.score))
            continue
        if last:
            yield _entered(text, last)
        last = mention
    if last:
        yield _entered(text, last)


def _entered(text: str, mention: Mention) -> Mention:
    if mention.term == LEARNED:
        return replace(mention, term=f"{LEARNED}{text[mention.start : mention.end]}")
    return mention
