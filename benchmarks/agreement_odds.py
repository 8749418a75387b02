"""Annotated pairs → the tables of normalizer/agreement/: `python -m benchmarks.agreement_odds [--write]`.

agreement_words.csv counts where annotators marked a word as (part of) a concept, of all places where it stands;
agreement_odds.csv has the weights by which a word is taken for a concept that the other side names, and a mention for
right that the other side does not. Read are the half `tune` of corpus/ and the part `train` of the marked sheets, each
fifth of the documents by weights of mentions (benchmarks/mention_odds.py) that were learned from the other four, which
takes some eight minutes; what that fifth tells of words is taken away too. --cross prints what the thresholds of
normalizer/agreement/mentions.py bring on documents left out; by it these and the ridge were chosen. --held prints what
the tables bring on the part `held-out`. The same texts and tables give the same bytes, which --check looks for.
"""

from __future__ import annotations

import argparse
import itertools
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import mention_odds
from benchmarks.logistic import sparse
from benchmarks.sense_odds import policies
from benchmarks.tables import csv_text
from corpus.annotated import USUAL
from corpus.annotated import sides as annotated
from normalizer import Normalizer
from normalizer.agreement import mentions, odds, words
from normalizer.agreement.mentions import Side, Weigher

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from normalizer.agreement.words import Named, Word
    from normalizer.interpret.weighing import Weigher as MentionWeigher
    from normalizer.model import Analysis, Token

ROOT = Path(__file__).resolve().parent.parent
RIDGE = 10.0
LEAST = 0.05  # smaller weights are left out
FEWEST = 2  # places where a word is marked, for a row
KEPT, NAMED, SHARED = (0.0, 0.5, 0.6, 0.7, 0.8, 0.85), (0.15, 0.2, 0.25), (0.12, 0.14, 0.2)  # tried by --cross
UNWEIGHED = (0.0, 1.1, 1.1)  # thresholds at which nothing goes and nothing comes
Marked = tuple[int, int, str]  # start, end, concept


@dataclass(slots=True)
class Pair:
    """The sides of a link, with what the annotators marked."""

    document: str
    sides: tuple[Side, Side]
    gold: tuple[tuple[Marked, ...], tuple[Marked, ...]]

    def is_marked(self, side: int, start: int, end: int, concept: str) -> bool:
        """Whether the annotators marked the concept at a place of a side."""
        return any(it == concept and start < last and first < end for first, last, it in self.gold[side])


@dataclass(slots=True)
class Counts:
    """Where words stand and are marked, in all and by fifth of the documents."""

    seen: Counter[Word] = field(default_factory=Counter)
    marked: Counter[Named] = field(default_factory=Counter)
    of: dict[int, Counts] = field(default_factory=dict)

    def add(self, language: str, word: str, concepts: Iterable[str]) -> None:
        """Count a place."""
        self.seen[language, word] += 1
        self.marked.update((language, word, concept) for concept in concepts)

    def table(self, without: int = -1) -> dict[Named, tuple[int, int]]:
        """What agreement_words.csv says, if the fifth `without` were not among the texts."""
        own = self.of.get(without, Counts())
        rest = ((key, count - own.marked[key]) for key, count in sorted(self.marked.items()))
        return {key: (count, self.seen[key[:2]] - own.seen[key[:2]]) for key, count in rest if count >= FEWEST}


@dataclass(slots=True)
class Example:
    """A word or a mention, with what speaks for and against it."""

    document: str
    features: tuple[str, ...]
    right: bool


def pairs(
    normalizer: Normalizer, weighers: Sequence[MentionWeigher] = (), fold: Mapping[str, int] | None = None
) -> Iterator[Pair]:
    """The linked clauses of all documents that may be learned from, by the weigher of their fold; without weighers, of
    those held out instead."""
    for name in policies() if weighers else ():
        _use(normalizer, weighers, fold, name)
        analyses = [normalizer.analyze(ROOT / "corpus" / f"{name}.{language}.txt") for language in ("ja", "en")]
        marked = [mention_odds.terms(name, language) for language in ("ja", "en")]
        yield from _linked(name, normalizer, analyses, marked)
    for ja, en in (*annotated(), *annotated(USUAL)):
        if (ja.part == "train") == bool(weighers):
            _use(normalizer, weighers, fold, ja.name)
            analyses = list(normalizer.sides(ja.text, en.text))
            yield from _linked(ja.name, normalizer, analyses, [ja.terms, en.terms])


def _use(
    normalizer: Normalizer, weighers: Sequence[MentionWeigher], fold: Mapping[str, int] | None, document: str
) -> None:
    if weighers and fold:
        interpreter = normalizer._reader._interpreter
        normalizer._reader._interpreter = replace(interpreter, weigher=weighers[fold[document]])


def chosen_pairs() -> tuple[list[Pair], dict[str, int]]:
    """The pairs that are learned from, and the fifth of each document."""
    normalizer = Normalizer()
    read = mention_odds.learning(mention_odds.texts())
    fold = mention_odds.folds(read)
    found = list(pairs(normalizer, mention_odds.apart(read, normalizer), fold))
    return found, fold


def _linked(
    name: str, normalizer: Normalizer, analyses: Sequence[Analysis], marked: Sequence[Sequence[Marked]]
) -> Iterator[Pair]:
    for link in normalizer.links(*analyses):
        if link.ja and link.en:
            ja, en = (
                Side.of(language, analysis.document.text, [analysis.clauses[at] for at in places])
                for language, analysis, places in zip(("ja", "en"), analyses, (link.ja, link.en), strict=True)
            )
            yield Pair(name, (ja, en), (_within(ja, marked[0]), _within(en, marked[1])))


def _within(side: Side, marked: Sequence[Marked]) -> tuple[Marked, ...]:
    return tuple(m for m in marked if any(clause.start <= m[0] < clause.end for clause in side.clauses))


def counted(chosen: Iterable[Pair], weigher: Weigher, fold: Mapping[str, int]) -> Counts:
    """Where the words of the pairs stand and are marked."""
    counts = Counts()
    for pair in chosen:
        own = counts.of.setdefault(fold[pair.document], Counts())
        for number, side in enumerate(pair.sides):
            for token in _tokens(side, weigher):
                over = {concept for a, b, concept in pair.gold[number] if a <= token.start and token.end <= b}
                counts.add(side.language, token.lemma, over)
                own.add(side.language, token.lemma, over)
    return counts


def _tokens(side: Side, weigher: Weigher) -> Iterator[Token]:
    for clause in side.clauses:
        tokens = weigher.tokenizer.tokens(side.text, clause.body, clause.end, side.language)
        yield from (token for token in tokens if weigher.words.says(token, side.language))


def with_counts(weigher: Weigher, table: Mapping[Named, tuple[int, int]]) -> Weigher:
    """A weigher whose table of words is this one."""
    marked = {key: marked for key, (marked, _) in table.items()}
    seen = {key: seen for key, (_, seen) in table.items()}
    return replace(weigher, words=replace(weigher.words, marked=marked, seen=seen))


def of_words(pair: Pair, weigher: Weigher) -> Iterator[Example]:
    """The words that may name what only the other side names."""
    for number, (side, other) in enumerate((pair.sides, pair.sides[::-1])):
        for found in weigher.candidates(side, other):
            right = pair.is_marked(number, found.token.start, found.token.end, found.concept)
            yield Example(pair.document, found.features, right)


def of_mentions(pair: Pair, weigher: Weigher) -> Iterator[Example]:
    """The mentions whose concept the other side does not name."""
    for number, (side, other) in enumerate((pair.sides, pair.sides[::-1])):
        opposite = weigher.found(other, side)
        for clause in side.clauses:
            for mention, itself in mentions.by_itself(clause):
                if mention.concept not in other.named:
                    best = mentions.best_of(opposite, mention.concept)
                    features = weigher.features(mention, itself, side, other, best)
                    right = pair.is_marked(number, mention.start, mention.end, mention.concept)
                    yield Example(pair.document, features, right)


def fitted(examples: Sequence[Example]) -> odds.Odds:
    """The weights of a model, those near nothing left out."""
    names = [odds.BIAS, *sorted({name for example in examples for name in example.features})]
    index = {name: number for number, name in enumerate(names)}
    rows = [sorted({0, *(index[name] for name in example.features)}) for example in examples]
    weights = sparse(rows, [example.right for example in examples], len(names), RIDGE)
    found = dict(zip(names, weights.tolist(), strict=True))
    return {name: round(weight, 2) for name, weight in found.items() if abs(weight) >= LEAST or name == odds.BIAS}


def learned(chosen: Sequence[Pair], weigher: Weigher, fold: Mapping[str, int]) -> Weigher:
    """A weigher with the counts and both models of these pairs.

    The examples of mentions know the words opposite by weights that were fitted on other documents.
    """
    counts = counted(chosen, weigher, fold)
    apart = {number: with_counts(weigher, counts.table(without=number)) for number in counts.of}
    about = [example for pair in chosen for example in of_words(pair, apart[fold[pair.document]])]
    by_fold = {number: fitted([one for one in about if fold[one.document] != number]) for number in counts.of}
    told = [
        example
        for pair in chosen
        for number in (fold[pair.document],)
        for example in of_mentions(pair, replace(apart[number], odds={"word": by_fold[number], "mention": {}}))
    ]
    return replace(with_counts(weigher, counts.table()), odds={"word": fitted(about), "mention": fitted(told)})


def figures(chosen: Iterable[Pair], weigher: Weigher, counts: Counter[str]) -> None:
    """Count the concepts of the sides as the weigher reads them."""
    for pair in chosen:
        read = [{m.concept for clause in side for m in clause.mentions} for side in weigher.weighed(pair.sides)]
        gold = [{concept for _, _, concept in marked} for marked in pair.gold]
        counts.update(pairs=1, equal=read[0] == read[1], marked=gold[0] == gold[1])
        for found, truth in zip(read, gold, strict=True):
            counts.update(hits=len(found & truth), found=len(found), gold=len(truth))


def shown(name: str, counts: Counter[str]) -> str:
    """A row of what was counted."""
    recall, precision = counts["hits"] / counts["gold"], counts["hits"] / counts["found"]
    f1 = 2 * recall * precision / (recall + precision)
    equal, marked = counts["equal"] / counts["pairs"], counts["marked"] / counts["pairs"]
    same = f"equal {equal:.3f} (as marked {marked:.3f})"
    return f"{name:34} {same} recall {recall:.3f} precision {precision:.3f} F1 {f1:.3f}"


def alone(chosen: Iterable[Pair]) -> str:
    """Of the concepts that one side alone is found to name, how many are marked there, and of these on both sides."""
    counts = Counter[str]()
    for pair in chosen:
        gold = [{concept for _, _, concept in marked} for marked in pair.gold]
        for number, (side, other) in enumerate((pair.sides, pair.sides[::-1])):
            for concept in side.named - other.named:
                right = concept in gold[number]
                counts.update(alone=1, right=right, both=right and concept in gold[1 - number])
    right, both = counts["right"] / counts["alone"], counts["both"] / counts["right"]
    return f"{counts['alone']} concepts stand alone; {right:.2f} are marked there, {both:.2f} of these on both sides"


def cross(chosen: Sequence[Pair], weigher: Weigher, fold: Mapping[str, int]) -> None:
    """Print what several thresholds bring on documents left out."""
    folds = sorted(set(fold.values()))
    readers = [learned([pair for pair in chosen if fold[pair.document] != one], weigher, fold) for one in folds]
    print(alone(chosen))
    for settings in (UNWEIGHED, *itertools.product(KEPT, NAMED, SHARED)):
        mentions.KEPT, mentions.NAMED, mentions.SHARED = settings
        counts = Counter[str]()
        for one, reader in zip(folds, readers, strict=True):
            figures([pair for pair in chosen if fold[pair.document] == one], reader, counts)
        print(shown("kept {} named {} shared {}".format(*settings), counts))


def tables(weigher: Weigher) -> dict[str, str]:
    """The texts of both tables, by file name."""
    rows = [(*key, count, weigher.words.seen[key]) for key, count in sorted(weigher.words.marked.items())]
    weights = [(model, name, weight) for model in odds.MODELS for name, weight in sorted(weigher.odds[model].items())]
    return {
        words.TABLE: csv_text(words.COLUMNS, rows),
        odds.TABLE: csv_text(odds.COLUMNS, weights),
    }


def main() -> None:
    """Print figures, write the tables, or say whether they are those that would be written."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("cross", "held", "write", "check"):
        parser.add_argument(f"--{name}", action="store_true")
    arguments = parser.parse_args()
    normalizer = Normalizer()
    weigher = normalizer._agreement.weigher
    if weigher is None:
        parser.error("glossaries/ has no agreement_odds.csv: start from one with its header alone")
    if arguments.held:
        counts = Counter[str]()
        figures(pairs(normalizer), weigher, counts)
        print(shown("held-out", counts))
    if not (arguments.cross or arguments.write or arguments.check):
        return
    chosen, fold = chosen_pairs()
    if arguments.cross:
        cross(chosen, weigher, fold)
    if arguments.write or arguments.check:
        for name, text in tables(learned(chosen, weigher, fold)).items():
            path = ROOT / "glossaries" / name
            if arguments.write:
                path.write_text(text, encoding="utf-8")
            elif path.read_text(encoding="utf-8") != text:
                parser.exit(1, f"{name} is not what these texts and tables make; run --write\n")


if __name__ == "__main__":
    main()
