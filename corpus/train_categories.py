"""The half `tune`, categories/, part `train` of annotated/ → glossaries/category_model.csv, the same on every machine.

    python corpus/train_categories.py [--check] [--folds N] [--held-out] [--by-policy [--list]]

Without options the table is written; --check compares it with the one that is there (exit code 1 if it differs).
--folds leaves documents out by turns and prints how often the primary category is found, with and without the learned
weights; --held-out does so for a part of categories/ that is left out then (not for the table); --by-policy for each
policy of the half `tune`, both languages, by weights trained without it (--list: and the clauses that were read
wrongly). Needs nothing but the library; category_fit.py fits the weights.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, cast

import annotated
import numpy as np
from category_fit import fitted

from normalizer import Normalizer
from normalizer.errors import LanguageError
from normalizer.glossary import Glossary
from normalizer.interpret.features import (
    HEADED_BY,
    UNIT,
    Amounts,
    Features,
    Ruled,
    concepts,
    folded,
    hanging,
    pieces,
    share,
    standing,
)
from normalizer.interpret.learned import SCALE, Learned
from normalizer.model import LANGUAGES
from normalizer.tables import Problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from normalizer.model import Clause

TOP = Path(__file__).parent.parent
TABLES = TOP / "glossaries"
TABLE = TABLES / "category_model.csv"
ALONE = 4  # of so many whole sentences one is read by itself too,
SENTENCE = {"ja": 18, "en": 50}  # if it has so many characters
FEWEST = 5  # clauses that a piece of text must stand in
LEAST = 8  # hundredths: smaller weights are left out


@dataclass(frozen=True, slots=True)
class Text:
    """A text with the categories of its lines or clauses: span → primary category first."""

    name: str
    language: str
    source: str  # tune, train or held-out; "tune, alone" for a sentence of one
    text: str
    gold: dict[tuple[int, int], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Sample:
    """A text as the rules read it."""

    source: Text
    ruled: Ruled
    gold: tuple[tuple[str, ...], ...]  # of each clause; empty: not annotated
    features: tuple[Features, ...]
    words: tuple[tuple[str, ...], ...]


def fragments(language: str) -> Iterator[Text]:
    """The policy fragments of categories/LANGUAGE.tsv, and this language's side of those of categories/both/."""
    path = TOP / "corpus" / "categories" / f"{language}.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    for name, lines in groupby(rows, key=itemgetter("document")):
        mine, text, gold = list(lines), "", {}
        for row in mine:
            if words := row["text"]:
                gold[len(text), len(text) + len(words)] = (row["category"], *filter(None, row["also"].split("|")))
            text += words + "\n"
        yield Text(name, language, mine[0]["part"], text, gold)
    for side in annotated.read(annotated.USUAL):
        if side.language == language:
            yield Text(side.name, language, side.part, side.text, side.lines)


def marked() -> Iterator[Text]:
    """The policies of annotated/, part `train`; the other part measures what was learned (benchmarks/annotated.py)."""
    for side in annotated.read():
        if side.part == "train":
            yield Text(side.name, side.language, "annotated", side.text, side.lines)


def policies(half: str) -> Iterator[Text]:
    """The policies of one half of the corpus."""
    with (TOP / "corpus" / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["half"] == half]
    for row in rows:
        for language in LANGUAGES:
            text = (TOP / "corpus" / row[language]).read_text(encoding="utf-8")
            gold = json.loads((TOP / "corpus" / "gold" / f"{row['policy']}.{language}.json").read_text("utf-8"))
            spans = {_trimmed(text, c["start"], c["end"]): (c["category"], *c["also"]) for c in gold["clauses"]}
            yield Text(row["policy"], language, half, text, spans)


def alone(texts: Iterable[Text]) -> Iterator[Text]:
    """Some sentences as texts of their own: who asks about a sentence gives neither title nor headings."""
    for text in texts:
        spans = [
            (start, end)
            for start, end in text.gold
            if end - start >= SENTENCE[text.language] and text.text[start:end].endswith(("。", "."))
        ]
        for start, end in spans[ALONE - 1 :: ALONE]:
            gold = {(0, end - start): text.gold[start, end]}
            yield replace(text, source=f"{text.source}, alone", text=text.text[start:end] + "\n", gold=gold)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    inner = text[start:end]
    return start + len(inner) - len(inner.lstrip()), start + len(inner.rstrip())


class Recorder:
    """Stands in for the learned weights: keeps what the rules left, and leaves it so."""

    def __init__(self) -> None:
        self.ruled = Ruled("", (), (), (), ())

    def decide(self, ruled: Ruled) -> tuple[Clause, ...]:
        self.ruled = ruled
        return tuple(ruled.clauses)


def samples(texts: Iterable[Text]) -> list[Sample]:
    """Every text read by the rules alone."""
    normalizer, recorder = Normalizer(TABLES), Recorder()
    broader = concepts(normalizer.glossary.ontology)
    interpreter = normalizer._reader._interpreter
    categorizer = replace(interpreter.categorizer, learned=cast("Learned", recorder))
    normalizer._reader._interpreter = replace(interpreter, categorizer=categorizer)
    out = []
    for text in texts:
        try:
            normalizer.analyze(text.text, text.name)
        except LanguageError:  # a sentence of few words and many names
            continue
        ruled = recorder.ruled
        gold = tuple(text.gold.get(_trimmed(text.text, c.start, c.end), ()) for c in ruled.clauses)
        words = tuple(
            tuple(dict.fromkeys(f"{c.language} {piece}" for piece in pieces(folded(text.text, c), c.language)))
            if c.language in LANGUAGES
            else ()
            for c in ruled.clauses
        )
        out.append(Sample(text, ruled, gold, tuple(standing(ruled, broader)), words))
    return out


def examples(sample: Sample, known: set[str]) -> Iterator[tuple[str, Amounts]]:
    """Category and features of each annotated clause, once with those above it decided rightly, and once as the rules
    decide them: so that the clauses below one that is read wrongly need not all be wrong."""
    rightly = [gold[0] if gold else c.category for c, gold in zip(sample.ruled.clauses, sample.gold, strict=True)]
    words = [[word for word in found if word in known] for found in sample.words]
    for decided in (rightly, [clause.category for clause in sample.ruled.clauses]):
        last: dict[tuple[int | None, str], int] = {}
        for number, (clause, parent) in enumerate(zip(sample.ruled.clauses, sample.ruled.above, strict=True)):
            around = hanging(sample.ruled, number, decided, last.get((parent, clause.kind)))
            last[parent, clause.kind] = number
            if clause.kind == "furniture" or not sample.gold[number]:
                continue
            features = sample.features[number]
            found = Counter(features.amounts | dict.fromkeys((*features.there, *around), UNIT))
            found.update(dict.fromkeys(words[number], share(len(words[number]))))
            children = sample.ruled.children(number)
            for child in children:
                found.update(dict.fromkeys(words[child], share(len(words[child])) // len(children)))
            if heading := sample.ruled.heading(number):
                found.update(dict.fromkeys(words[heading], share(len(words[heading])) // HEADED_BY))
            yield rightly[number], dict(sorted(found.items()))  # in this order they are added up


def train(chosen: Sequence[Sample], order: Sequence[str]) -> dict[str, list[int]]:
    """Feature → its weight for each category, in hundredths; features without any are left out."""
    counts = Counter(word for sample in chosen for found in sample.words for word in found)
    known = {word for word, count in counts.items() if count >= FEWEST}
    labelled = [example for sample in chosen for example in examples(sample, known)]
    names = sorted({name for _, found in labelled for name in found})
    index = {name: number for number, name in enumerate(names)}
    data = [
        (order.index(category), np.array([index[n] for n in found]), np.array(list(found.values())) / UNIT)
        for category, found in labelled
    ]
    weights = np.rint(fitted(data, len(names), len(order)) * SCALE).astype(int)
    weights[np.abs(weights) < LEAST] = 0
    return {name: row.tolist() for name, row in zip(names, weights, strict=True) if row.any()}


def table(weights: dict[str, list[int]], order: Sequence[str]) -> str:
    """The text of category_model.csv; a weight of 0 is an empty cell."""
    lines = [",".join((name, *(str(weight or "") for weight in row))) for name, row in sorted(weights.items())]
    return "\n".join((",".join(("feature", *order)), *lines, ""))


def by_policy(chosen: Sequence[Sample], order: Sequence[str], folder: Path, listed: bool) -> None:
    """Print the figures of each policy of the half `tune` by weights that were trained without it."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for name in sorted({sample.source.name for sample in chosen if sample.source.source == "tune"}):
        policy = [s for s in chosen if (s.source.source, s.source.name) == ("tune", name)]
        apart = [replace(s, source=replace(s.source, source=name)) for s in policy]
        learned = compiled(train([s for s in chosen if s.source.name != name], order), order, folder)
        figures(apart, learned, counts)
        for sample in apart if listed else ():
            print("\n".join(wrong(sample, learned)))
    for language in LANGUAGES:
        for kind in ("clauses", "rules", "learned", "lenient"):
            counts["all", language, kind] = sum(n for (_, its, k), n in counts.items() if (its, k) == (language, kind))
    show(counts)


def wrong(sample: Sample, learned: Learned) -> Iterator[str]:
    """The clauses whose primary category is another than the gold's."""
    rows = zip(sample.ruled.clauses, learned.decide(sample.ruled), sample.gold, strict=True)
    for number, (ruled, clause, gold) in enumerate(rows):
        if gold and clause.category != gold[0]:
            yield f"{sample.source.name} {number} {clause.kind}: {'|'.join(gold)}, rules {ruled.category}, learned"
            yield f"    {clause.category} ({'; '.join(clause.category_evidence)})"
            yield f"    {sample.source.text[clause.start : clause.end]}"


def figures(chosen: Sequence[Sample], learned: Learned, counts: Counter[tuple[str, str, str]]) -> None:
    """Add to `counts` how many categories are found, by source and language."""
    for sample in chosen:
        place = (sample.source.source, sample.source.language)
        for clause, after, gold in zip(sample.ruled.clauses, learned.decide(sample.ruled), sample.gold, strict=True):
            if gold:
                counts[*place, "clauses"] += 1
                counts[*place, "rules"] += clause.category == gold[0]
                counts[*place, "learned"] += after.category == gold[0]
                counts[*place, "lenient"] += after.category in gold


def compiled(weights: dict[str, list[int]], order: Sequence[str], folder: Path) -> Learned:
    """The weights as the library reads them."""
    path, problems = folder / "category_model.csv", Problems()
    path.write_text(table(weights, order), encoding="utf-8", newline="\n")
    learned = Learned.load(path, order, Glossary.load(TABLES).ontology, problems)
    problems.refuse()
    assert learned
    return learned


def show(counts: Counter[tuple[str, str, str]]) -> None:
    print("| texts | language | clauses | rules alone | with what was learned | … or one of the others |")
    print("|---|---|---|---|---|---|")
    for source, language in sorted({(source, language) for source, language, _ in counts}):
        total = counts[source, language, "clauses"]
        shares = [f"{counts[source, language, kind] / total:.3f}" for kind in ("rules", "learned", "lenient")]
        print(f"| {source} | {language} | {total} | {' | '.join(shares)} |")


def folds(chosen: Sequence[Sample], order: Sequence[str], number: int, folder: Path) -> Counter[tuple[str, str, str]]:
    """Figures of every document by weights that were trained without it (both languages of a policy together)."""
    counts: Counter[tuple[str, str, str]] = Counter()

    def document(sample: Sample) -> tuple[str, str]:
        return sample.source.source.partition(",")[0], sample.source.name

    names = sorted({document(sample) for sample in chosen})
    for turn in range(number):
        out = set(names[turn::number])
        apart = [sample for sample in chosen if document(sample) in out]
        rest = [sample for sample in chosen if document(sample) not in out]
        figures(apart, compiled(train(rest, order), order, folder), counts)
    return counts


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--by-policy", action="store_true")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args(arguments)
    with (TABLES / "categories.csv").open(encoding="utf-8-sig", newline="") as file:
        order = [row["id"] for row in csv.DictReader(file)]
    texts = [*policies("tune"), *(text for language in LANGUAGES for text in fragments(language))]
    read_texts = samples([*texts, *alone(texts), *marked()])
    chosen = [sample for sample in read_texts if not sample.source.source.startswith("held-out")]
    with tempfile.TemporaryDirectory() as folder:
        if options.folds:
            show(folds(chosen, order, options.folds, Path(folder)))
            return 0
        if options.by_policy:
            by_policy(chosen, order, Path(folder), options.list)
            return 0
        if options.held_out:
            counts: Counter[tuple[str, str, str]] = Counter()
            apart = [sample for sample in read_texts if sample.source.source.startswith("held-out")]
            figures(apart, compiled(train(chosen, order), order, Path(folder)), counts)
            show(counts)
            return 0
    made = table(train(read_texts, order), order)
    if options.check:
        return int(not TABLE.exists() or TABLE.read_bytes() != made.encode())
    TABLE.write_text(made, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
