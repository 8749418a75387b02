"""The half `tune` and the part `train` of the marked sheets → marked_words.csv and mention_odds.csv of glossaries/.

    python -m benchmarks.mention_odds [--write] [--check] [--held-out [FOLDER]] [--cross]

--write writes the tables; --check compares them with those that are there (exit code 1 if they differ).
--held-out prints recall and precision of mentions on the part `held-out` by the tables that are there, and by the
glossary alone; with a folder, on the sheets there, marked as those of corpus/annotated are. --cross prints those of
documents left out, for several thresholds of normalizer/interpret/weighing.py, by which these were chosen. What is
counted of words is counted without the fifth of the documents that is read. The same texts and tables give the same
bytes; on another kind of processor a weight may differ by a hundredth. Afterwards benchmarks/agreement_odds.py is to be
run, which learns from mentions so weighed.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from benchmarks.logistic import sparse
from benchmarks.sense_odds import policies
from benchmarks.senses import SHOWN, cases, counting, meanings
from benchmarks.senses import document as sentence
from benchmarks.tables import csv_text
from corpus import annotated
from normalizer import Normalizer
from normalizer.agreement.words import is_content
from normalizer.interpret import marked, readings, weighing
from normalizer.interpret.marked import Count, Key, MarkedWords
from normalizer.interpret.weighing import Weigher
from normalizer.model import LANGUAGES
from normalizer.reading import read, read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from normalizer.interpret.readings import Feature, Reading
    from normalizer.model import Clause, Document, Mention, Token

TOP = Path(__file__).parent.parent
TABLES = TOP / "glossaries"
FOLDS = 5
LONGEST = 4  # words of a term that one of them may stand for: "necessary" is no name of a statutory ground
FEWEST = 2  # places where words are marked, for a row
RIDGE = 2.0
REPEATED = 3  # times that a sentence counts: they are few, and not from policies
EXAMPLES = 3  # readings that have a feature, for a weight
LEAST = 20  # hundredths: smaller weights are left out
KEPT, DOUBTFUL, TAKEN = (0.25, 0.3, 0.35), (0.1, 0.15, 0.2), (0.3, 0.35, 0.4)  # tried by --cross
Term = tuple[int, int, str]  # start, end, concept


@dataclass(frozen=True, slots=True)
class Text:
    """A text with the terms that were marked in it."""

    name: str
    part: str  # tune, train or held-out
    language: str
    document: Document
    terms: Sequence[Term]
    asked: tuple[int, int] | None = None  # of a sentence of tests/cases/senses: the only words that were judged


@dataclass(frozen=True, slots=True)
class Sample:
    """A text as it is read up to the stage that is learned here."""

    source: Text
    clauses: Sequence[Clause]
    tokens: Sequence[Sequence[Token]]

    def terms(self, clause: Clause) -> list[Term]:
        """The terms that were marked in a clause."""
        return [term for term in self.source.terms if clause.start <= term[0] < clause.end]


@dataclass(slots=True)
class Counts:
    """Where words stand and are marked."""

    marked: Counter[Key] = field(default_factory=Counter)
    within: Counter[Key] = field(default_factory=Counter)
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)

    def less(self, other: Counts | None = None) -> dict[Key, Count]:
        """The counts without those of some of the documents."""
        rest = other or Counts()
        found = {}
        for key in sorted(self.marked.keys() | self.within.keys()):
            one = self.marked[key] - rest.marked[key]
            part = self.within[key] - rest.within[key]
            seen = self.seen[key[:2]] - rest.seen[key[:2]]
            if any(
                count >= FEWEST and marked.is_said(kind, count, seen)
                for kind, count in ((marked.WORDS, one), (marked.PART, part))
            ):
                found[key] = (one, part, seen, seen)
        return found


class Recorder:
    """Stands in for the weigher: keeps what it would have read, and leaves it so."""

    def __init__(self) -> None:
        self.clauses: Sequence[Clause] = ()
        self.tokens: Sequence[Sequence[Token]] = ()

    def weighed(self, text: str, clauses: Sequence[Clause], tokens: Sequence[Sequence[Token]]) -> tuple[Clause, ...]:
        """The clauses as they are."""
        self.clauses, self.tokens = clauses, tokens
        return tuple(clauses)


def texts() -> Iterator[Text]:
    """All texts with marks, but for the half `test`."""
    for name in policies():
        for language in LANGUAGES:
            document = read(TOP / "corpus" / f"{name}.{language}.txt")
            yield Text(name, "tune", language, document, terms(name, language))
    yield from of_sheets(annotated.marked())


def of_sheets(sides: Iterable[annotated.Annotated]) -> Iterator[Text]:
    """The sides of sheets that have any text."""
    for side in sides:
        if side.lines:
            yield Text(side.name, side.part, side.language, read_text(side.text, side.name), side.terms)


def terms(policy: str, language: str) -> list[Term]:
    """The terms of the gold of a policy of the corpus."""
    gold = json.loads((TOP / "corpus" / "gold" / f"{policy}.{language}.json").read_text(encoding="utf-8"))
    return [(term["start"], term["end"], term["concept"]) for term in gold["terms"]]


def sentences() -> Iterator[Text]:
    """The sentences of tests/cases/senses that may be looked at, each below its heading.

    Concepts that count for its sense are right too, unless they are another sense of the form.
    """
    asked = [case for half in SHOWN for case in cases(half)]
    others, senses = counting(), meanings(asked)
    for case in asked:
        document, *place = sentence(case)
        right = {case.concept, *(others[case.concept] - senses[case.form, case.language])}
        terms = [(*place, concept) for concept in sorted(right)]
        yield Text(case.id, "sentence", case.language, document, terms, (place[0], place[1]))


def samples(chosen: Iterable[Text]) -> list[Sample]:
    """The texts as they are read before mentions are weighed."""
    normalizer, recorder = Normalizer(TABLES), Recorder()
    interpreter = normalizer._reader._interpreter
    normalizer._reader._interpreter = replace(interpreter, weigher=cast("Weigher", recorder))
    out = []
    for text in chosen:
        normalizer._reader.understand(text.document, text.language)
        out.append(Sample(text, recorder.clauses, recorder.tokens))
    return out


def counted(chosen: Sequence[Sample], words: frozenset[tuple[str, str]]) -> list[Counts]:
    """The counts of each fifth of the documents, by the order of their names. words: those without a meaning."""
    fold = folds(chosen)
    found = [Counts() for _ in range(FOLDS)]
    for sample in _whole(chosen):
        for key, whole in _marks(sample, words):
            counts = found[fold[sample.source.name]]
            (counts.marked if whole else counts.within)[key] += 1
    keys = sorted({key[:2] for counts in found for key in counts.marked.keys() | counts.within.keys()})
    phrases = {language: [words for its, words in keys if its == language] for language in LANGUAGES}
    finders = {language: marked.finder(phrases[language]) for language in LANGUAGES}
    for sample in _whole(chosen):
        counts = found[fold[sample.source.name]]
        for clause, tokens in zip(sample.clauses, sample.tokens, strict=True):
            if clause.language in LANGUAGES:
                places = finders[clause.language].occurrences([token.lemma for token in tokens])
                counts.seen.update((clause.language, phrases[clause.language][number]) for _, _, number in places)
    return found


def _whole(chosen: Iterable[Sample]) -> Iterator[Sample]:
    """The texts of which all terms were marked."""
    return (sample for sample in chosen if not sample.source.asked)


def folds(chosen: Iterable[Sample]) -> dict[str, int]:
    """The fifth to which each document belongs."""
    return {name: number % FOLDS for number, name in enumerate(sorted({sample.source.name for sample in chosen}))}


def _marks(sample: Sample, words: frozenset[tuple[str, str]]) -> Iterator[tuple[Key, bool]]:
    """The words of each term with its concept, and whether they are all of it; without function words at the ends."""
    for clause, tokens in zip(sample.clauses, sample.tokens, strict=True):
        for start, end, concept in sample.terms(clause):
            inside = [token for token in tokens if token.start < end and start < token.end]
            while inside and not is_content(inside[0], clause.language, words):
                inside = inside[1:]
            while inside and not (is_content(inside[-1], clause.language, words) or _makes_a_word(inside[-1])):
                inside = inside[:-1]
            if inside:
                yield (clause.language, " ".join(token.lemma for token in inside), concept), True
            for token in inside if 1 < len(inside) <= LONGEST else ():
                if is_content(token, clause.language, words) and (clause.language == "en" or len(token.lemma) > 1):
                    yield (clause.language, token.lemma, concept), False


def _makes_a_word(token: Token) -> bool:
    """Is a token an ending with which a word means something else: 利用 and 利用者, but not お客様 and お客様等?"""
    return token.pos == "接尾辞" and token.lemma != "等"


def total(counts: Iterable[Counts]) -> Counts:
    """The sum of counts."""
    out = Counts()
    for one in counts:
        out.marked += one.marked
        out.within += one.within
        out.seen += one.seen
    return out


def examples(chosen: Iterable[Sample], weigher: Weigher) -> Iterator[tuple[Reading, bool]]:
    """Every reading of the samples, and whether annotators marked it."""
    for sample in chosen:
        of_headings = readings.headings(sample.clauses)
        for clause, tokens, heading in zip(sample.clauses, sample.tokens, of_headings, strict=True):
            if tokens and clause.language in LANGUAGES:
                terms, asked = sample.terms(clause), sample.source.asked
                for reading in weigher.readings(clause, tokens, heading):
                    if asked and not _lies_in(reading, tokens, asked):
                        continue
                    right = any(_is_marked(reading, tokens, term) for term in terms)
                    yield from itertools.repeat((reading, right), REPEATED if asked else 1)


def _is_marked(reading: Reading, tokens: Sequence[Token], term: Term) -> bool:
    return term[2] == reading.concept and _lies_in(reading, tokens, term[:2])


def _lies_in(reading: Reading, tokens: Sequence[Token], place: tuple[int, int]) -> bool:
    start, end = tokens[reading.first].start, tokens[reading.last - 1].end
    if reading.mention:
        start, end = reading.mention.start, reading.mention.end
    return place[0] < end and start < place[1]


def learned(chosen: Sequence[Sample], normalizer: Normalizer) -> Weigher:
    """A weigher with the counts of these samples, and the weights that they give."""
    agreement = normalizer._agreement.weigher
    assert agreement
    by_fold, fold = counted(chosen, agreement.words.function_words), folds(chosen)
    every = total(by_fold)
    about: list[tuple[Reading, bool]] = []
    for number in range(FOLDS):
        others = Weigher(MarkedWords.of(every.less(by_fold[number])), weighing.grouped({}))
        about += examples([one for one in chosen if fold[one.source.name] == number], others)
    weigher = Weigher(MarkedWords.of(every.less()), weighing.grouped(weights(about)))
    further = (reading for reading, _ in about if not reading.mention)
    often = Counter(_key(reading) for reading in further if weigher.chance(reading) >= weighing.TAKEN)
    counts = {key: (*count[:3], often[key]) for key, count in every.less().items()}
    return replace(weigher, words=MarkedWords.of(counts))


def _key(reading: Reading) -> Key:
    """What the table of words has of a reading."""
    (language, _), _, (words, _), *_ = reading.groups
    return language, words, reading.concept


def weights(about: Sequence[tuple[Reading, bool]]) -> dict[Feature, int]:
    """The weights of features, in hundredths; fitted once more without those that weigh little."""
    features = [reading.features() for reading, _ in about]
    right = [right for _, right in about]
    counts = Counter(name for its in features for name in its)
    found = _fitted(features, right, [name for name, count in counts.items() if count >= EXAMPLES])
    return _fitted(features, right, [name for name, weight in found.items() if abs(weight) >= LEAST])


def _fitted(
    features: Sequence[Sequence[Feature]], right: Sequence[bool], known: Iterable[Feature]
) -> dict[Feature, int]:
    names = [weighing.BIAS, *sorted({*known} - {weighing.BIAS})]
    index = {name: number for number, name in enumerate(names)}
    rows = [sorted({0, *(index[name] for name in its if name in index)}) for its in features]
    found = np.rint(sparse(rows, right, len(names), RIDGE) * weighing.SCALE).astype(int).tolist()
    return {name: weight for name, weight in zip(names, found, strict=True) if weight}


def figures(chosen: Iterable[Sample], weigher: Weigher | None) -> Counter[str]:
    """How many marked terms a mention of the same concept overlaps, and how many mentions such a term."""
    counts = Counter[str]()
    for sample in _whole(chosen):
        clauses: Sequence[Clause] = sample.clauses
        if weigher:
            clauses = weigher.weighed(sample.source.document.text, clauses, sample.tokens)
        for clause in clauses:
            terms = sample.terms(clause)
            counts.update(terms=len(terms), mentions=len(clause.mentions))
            counts["recalled"] += sum(any(_agree(term, one) for one in clause.mentions) for term in terms)
            counts["precise"] += sum(any(_agree(term, one) for term in terms) for one in clause.mentions)
    return counts


def _agree(term: Term, mention: Mention) -> bool:
    return term[2] == mention.concept and term[0] < mention.end and mention.start < term[1]


def shown(name: str, counts: Counter[str]) -> str:
    """A row of what was counted."""
    recall, precision = counts["recalled"] / counts["terms"], counts["precise"] / counts["mentions"]
    f1 = 2 * recall * precision / (recall + precision)
    return f"{name:28} terms {counts['terms']} recall {recall:.3f} precision {precision:.3f} F1 {f1:.4f}"


def apart(chosen: Sequence[Sample], normalizer: Normalizer) -> list[Weigher]:
    """Weighers that know nothing of the documents of a fold, in the order of the folds."""
    fold = folds(chosen)
    return [learned([one for one in chosen if fold[one.source.name] != number], normalizer) for number in range(FOLDS)]


def learning(found: Iterable[Text]) -> list[Sample]:
    """The samples that are learned from."""
    return samples([*(text for text in found if text.part != "held-out"), *sentences()])


def cross(chosen: Sequence[Sample], normalizer: Normalizer) -> None:
    """Print what thresholds bring on documents left out."""
    fold, weighers = folds(chosen), apart(chosen, normalizer)
    print(shown("the glossary alone", figures(chosen, None)))
    for settings in itertools.product(KEPT, DOUBTFUL, TAKEN):
        weighing.KEPT, weighing.DOUBTFUL, weighing.TAKEN = settings
        counts = Counter[str]()
        for number, weigher in enumerate(weighers):
            counts += figures([one for one in chosen if fold[one.source.name] == number], weigher)
        print(shown("kept {} doubtful {} taken {}".format(*settings), counts))


def held_out(chosen: Sequence[Sample], weigher: Weigher) -> None:
    """Print figures by language."""
    rows = defaultdict[str, list[Sample]](list)
    for sample in chosen:
        rows[sample.source.language].append(sample)
    for language, its in rows.items():
        print(shown(f"{language}, the glossary alone", figures(its, None)))
        print(shown(f"{language}, weighed", figures(its, weigher)))


def tables(weigher: Weigher) -> dict[str, str]:
    """The texts of both tables, by file name."""
    words = weigher.words.counts
    rows = sorted((*key, concept, *count) for key, its in words.items() for concept, count in its.items())
    weights = weigher.odds.items()
    odds = sorted(
        (kind, of, name, weight) for kind, its in weights for of, named in its.items() for name, weight in named.items()
    )
    return {
        marked.TABLE: csv_text(marked.COLUMNS, rows),
        weighing.TABLE: csv_text(weighing.COLUMNS, odds),
    }


def main() -> None:
    """Print figures, write the tables, or say whether they are those that would be written."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("write", "check", "cross"):
        parser.add_argument(f"--{name}", action="store_true")
    parser.add_argument("--held-out", nargs="?", const="", metavar="FOLDER")
    options = parser.parse_args()
    normalizer = Normalizer(TABLES)
    if options.held_out is not None:
        weigher = Weigher.load(TABLES, normalizer.glossary.ontology)
        if weigher is None:
            parser.error("glossaries/ has no mention_odds.csv: run --write")
        sheets = of_sheets(annotated.read(Path(options.held_out))) if options.held_out else None
        held_out(samples(sheets or (text for text in texts() if text.part == "held-out")), weigher)
    if not (options.write or options.check or options.cross):
        return
    chosen = learning(texts())
    if options.cross:
        cross(chosen, normalizer)
    for name, text in tables(learned(chosen, normalizer)).items() if options.write or options.check else ():
        path = TABLES / name
        if options.write:
            path.write_text(text, encoding="utf-8", newline="\n")
        elif path.read_text(encoding="utf-8") != text:
            parser.exit(1, f"{name} is not what these texts and tables make; run --write\n")


if __name__ == "__main__":
    main()
