"""Sentences of known sense → glossaries/sense_odds.csv: `python -m benchmarks.sense_odds [--cross] [--write FILE]`.

What a lawyer wrote into senses.csv stands; this table adds what the sentences of tests/cases/senses/ that may be tuned
on and the gold of the half `tune` of corpus/ say of the company that each sense keeps: classes of words
(sense_classes.csv), words, and the letters beside the form. sense_fit.py fits the weights; they are rounded to two
decimals, and the same sentences give the same bytes. --cross leaves out a quarter in turn and prints the share read
rightly for several settings; by it the settings were chosen. The files held out and test.tsv are never read here.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import shutil
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.sense_fit import Feature, Group, Seen, Weights, fit
from benchmarks.senses import Case, cases, counting, document
from benchmarks.tables import csv_text
from normalizer import Normalizer
from normalizer.glossary import SENSE_COLUMNS, sense_key
from normalizer.model import LANGUAGES
from normalizer.sense_tables import cue_words, read_longer
from normalizer.senses import SenseResolver, Senses, scored

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from normalizer.match import Match
    from normalizer.model import Clause, Mention

ROOT = Path(__file__).resolve().parent.parent
SENTENCES = ("tune", "fresh", "late", "wide")
FOLDS = 4
OF_CORPUS = 2.0  # what a term of the corpus counts, beside a sentence
SHARES = (0.0, 0.8, 1.2, 1.6, 2.0)
SHARE = 1.6  # of the learned weights that is added to those of senses.csv
LEAST = 0.25  # smaller weights are left out
SCOPES, ALONE = ("clause", "left", "right"), ("clause",)  # where a class of words is looked for, and a word
SEEN = 2  # examples of a form in which a word must stand
STOP = frozenset(
    "the and for that this with are was were you your our not any may will shall has have been its".split()  # noqa: SIM905
)


@dataclass(slots=True)
class Example:
    """A match whose sense is known, with what stands around it."""

    source: str  # "tune", "fresh", "corpus"
    fold: int
    language: str
    form: str  # the cell of senses.csv
    wanted: frozenset[str]
    gold: str
    scores: dict[str, float]  # by concept, from senses.csv alone
    text: str
    clause: Clause
    headings: tuple[str, ...]
    match: Match
    features: dict[Feature, float] = field(default_factory=dict)


class Spy(SenseResolver):
    """A resolver that remembers what it was asked."""

    asked: list[tuple[str, Clause, tuple[str, ...], tuple[Match, ...]]]

    def resolve(
        self, text: str, clause: Clause, headings: tuple[str, ...], matches: Sequence[Match]
    ) -> tuple[Mention, ...]:
        """As the resolver does."""
        self.asked.append((text, clause, headings, tuple(matches)))
        return super().resolve(text, clause, headings, matches)


def examples(folder: Path) -> tuple[list[Example], dict[str, list[str]]]:
    """The matches of known sense in the sentences and the corpus; and the concepts of each form of senses.csv."""
    normalizer = Normalizer(folder)
    spy = Spy.load(folder)
    normalizer._reader._senses = spy
    senses, cells = forms(folder)
    same, out = counting(), []
    for half in SENTENCES:
        for case in cases(half):
            spy.asked = []
            text, start, end = sentence(normalizer, case)
            wanted = same[case.concept] | {case.concept}
            step = 1 if half in ("late", "wide") else 2  # of the others every second number stands in another file
            fold = int(case.id[-2:]) // step % FOLDS
            out += known(spy, cells, half, fold, text, start, end, case.concept, wanted)
    for policy in policies():
        for language in LANGUAGES:
            spy.asked = []
            analysis = normalizer.analyze(ROOT / "corpus" / f"{policy}.{language}.txt")
            gold = json.loads((ROOT / "corpus" / "gold" / f"{policy}.{language}.json").read_text(encoding="utf-8"))
            for term in gold["terms"]:
                place = analysis.document.text, term["start"], term["end"], term["concept"]
                out += known(spy, cells, "corpus", int(policy[:2]) // 2 % FOLDS, *place, frozenset((term["concept"],)))
    kept = [example for example in out if example.form in senses and example.wanted & example.scores.keys()]
    for example in kept:  # a plain reading that only terms.csv knows: consent that is neither prior nor deemed
        if example.gold in example.scores and example.gold not in senses[example.form]:
            senses[example.form] = sorted((*senses[example.form], example.gold))
    return kept, senses


def sentence(normalizer: Normalizer, case: Case) -> tuple[str, int, int]:
    """Analyse a case → the text, and the place of the quoted words."""
    found, start, end = document(case)
    normalizer.analyze(found)
    return found.text, start, end


def policies() -> list[str]:
    """The policies of the half `tune`."""
    with (ROOT / "corpus" / "manifest.csv").open(encoding="utf-8", newline="") as table:
        return [row["policy"] for row in csv.DictReader(table) if row["half"] == "tune"]


def forms(folder: Path) -> tuple[dict[str, list[str]], dict[tuple[str, str], str]]:
    """The concepts of each cell of forms with several senses; language and key of a form → its cell."""
    senses: dict[str, dict[str, None]] = defaultdict(dict)
    cells: dict[tuple[str, str], str] = {}
    with (folder / "senses.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            senses[row["form"]][row["concept"]] = None
            for form in row["form"].split("|"):
                cells.setdefault((row["language"], sense_key(form)), row["form"])
    for language, term, key in read_longer(folder):
        cells.setdefault((language, term), cells[language, key])
    return {form: sorted(found) for form, found in senses.items() if len(found) > 1}, cells


def known(
    spy: Spy,
    cells: dict[tuple[str, str], str],
    source: str,
    fold: int,
    text: str,
    start: int,
    end: int,
    gold: str,
    wanted: frozenset[str],
) -> list[Example]:
    """The match over these characters, where it is a form with several senses."""
    out = []
    for asked, clause, headings, matches in spy.asked:
        if asked != text or not clause.start <= start < clause.end:
            continue
        for match in matches:
            rules = [] if match.settled or not (match.start < end and start < match.end) else spy.senses_for(match)
            keys = [(term.language, sense_key(term.form)) for term in match.parts or match.terms]
            cell = next((cells[key] for key in keys if key in cells), None)
            if rules and cell and (source != "corpus" or (match.start, match.end) == (start, end)):
                scores, _ = scored(match, rules, spy.context(text, clause, headings))
                for concept in {concept for senses in rules for concept in senses.concepts} - scores.keys():
                    scores[concept] = 0.0
                place = text, clause, headings, match
                out.append(Example(source, fold, clause.language, cell, wanted, gold, scores, *place))
    return out[:1]


def candidates(found: Sequence[Example], classes: Iterable[str]) -> dict[str, str]:
    """The cues that are tried for a form, with their kind."""
    counts: Counter[str] = Counter()
    kinds: dict[str, str] = {}
    for example in found:
        above = " ".join(example.headings)
        body = example.text[example.clause.start : example.clause.end]
        words = set(re.findall(r"[a-z][a-z'-]{2,}|[一-鿿ァ-ヶー]{2,6}", f"{body} {above}".lower())) - STOP
        around = beside(example)
        counts.update(words | around)
        kinds |= dict.fromkeys(words, "word") | dict.fromkeys(around, "beside")
    return dict.fromkeys(sorted(classes), "class") | {
        cue: kinds[cue]
        for cue in sorted(counts)
        if counts[cue] >= SEEN and not any(cue in form for form in found[0].form.split("|"))
    }


def beside(example: Example) -> set[str]:
    """The form with the letters or the word before it, and after it."""
    text, start, end = example.text.lower(), example.match.start, example.match.end
    begin, stop = example.clause.start, example.clause.end
    if example.language == "ja":
        sides = {text[max(begin, start - n) : end] for n in (1, 2)} | {
            text[start : min(stop, end + n)] for n in (1, 2, 3)
        }
    else:
        before, after = re.search(r"[a-z]+ $", text[begin:start]), re.match(r" [a-z]+", text[end:stop])
        sides = {before.group() + text[start:end] if before else "", text[start:end] + after.group() if after else ""}
    return {side for side in sides - {text[start:end], ""} if not re.search(r"\s$|^\s|[\n。、]", side)}


def measure_features(found: Sequence[Example], kinds: dict[str, str], folder: Path) -> None:
    """How strongly each cue stands around each example, as the resolver sees it."""
    language = found[0].language
    rules = dict.fromkeys(kinds, (("clause", (("", 1.0),)),))
    classes = [(*key, name) for key, names in word_classes(folder).items() for name in names]
    words = {language: cue_words(language, rules, classes)}
    resolver = SenseResolver({(language, ""): Senses(frozenset(("",)), (), rules)}, words)
    for example in found:
        context = resolver.context(example.text, example.clause, example.headings)
        place = context.place(example.match.start, example.match.end)
        for cue, hits in context.hits.items():
            for scope in SCOPES if kinds[cue] == "class" else ALONE:
                if strength := context.strength(cue, hits, scope, place):
                    example.features[cue, scope] = strength


def word_classes(folder: Path) -> dict[tuple[str, str], list[str]]:
    """Language and word → the names of its classes."""
    classes: dict[tuple[str, str], list[str]] = defaultdict(list)
    with (folder / "sense_classes.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            classes[row["language"], row["word"]].append(f"<{row['class']}>")
    return classes


def seen(group: Group, example: Example) -> Seen:
    """An example as it is fitted: with the sense that is marked if the form has it, else with all that count for it."""
    right = frozenset((example.gold,)) if example.gold in group.senses else example.wanted
    return Seen(group, right, example.features, OF_CORPUS if example.source == "corpus" else 1.0)


def right(group: Group, example: Example, weights: Weights, share: float) -> bool:
    """Whether the sense is told with so large a share of the learned weights."""
    scores = dict(example.scores)
    for concept in group.senses:
        learned = sum(amount * group.weight(weights, concept, cue) for cue, amount in example.features.items())
        scores[concept] = scores.get(concept, 0.0) + share * learned
    return max(scores, key=scores.__getitem__) in example.wanted


def prepared(folder: Path) -> list[tuple[Group, list[Example]]]:
    """Each form, with its senses and the cues that are tried, and its examples."""
    found, senses = examples(folder)
    groups: dict[tuple[str, str], list[Example]] = defaultdict(list)
    for example in found:
        groups[example.language, example.form].append(example)
    names: dict[str, set[str]] = defaultdict(set)
    for (language, _), classes in word_classes(folder).items():
        names[language].update(classes)
    out = []
    for (language, form), members in sorted(groups.items()):
        kinds = candidates(members, names[language])
        measure_features(members, kinds, folder)
        out.append((Group(language, form, tuple(senses[form]), kinds), members))
    return out


def cross_validated(groups: Sequence[tuple[Group, list[Example]]]) -> str:
    """The share of the examples read rightly, by source, when a quarter is left out in turn."""
    told: Counter[tuple[str, float]] = Counter()
    pairs = [(group, example) for group, members in groups for example in members]
    for fold in range(FOLDS):
        weights = fit([seen(group, example) for group, example in pairs if example.fold != fold])
        for group, example in pairs:
            for share in SHARES if example.fold == fold else ():
                told[example.source, share] += right(group, example, weights, share)
    counts = Counter(example.source for _, example in pairs)
    rows = [f"share {'  '.join(f'{share:6}' for share in SHARES)}"]
    for source, count in sorted(counts.items()):
        rows.append(f"{source:7}" + "  ".join(f"{told[source, share] / count:.4f}" for share in SHARES))
    return "\n".join(rows)


def table(groups: Sequence[tuple[Group, list[Example]]]) -> list[tuple[str, ...]]:
    """The rows of sense_odds.csv."""
    weights = fit([seen(group, example) for group, members in groups for example in members])
    out = []
    for group, _ in groups:
        tried = [(cue, scope) for cue, kind in group.kinds.items() for scope in (SCOPES if kind == "class" else ALONE)]
        for concept, (cue, scope) in sorted((concept, cue) for concept in group.senses for cue in tried):
            weight = SHARE * group.weight(weights, concept, (cue, scope))
            if abs(weight) >= LEAST:
                out.append((group.language, group.form, concept, cue, f"{weight:.2f}", scope))
    return out


def main() -> None:
    """Print the figures of the cross-validation, or write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cross", action="store_true", help="print the share read rightly when a quarter is left out")
    parser.add_argument("--write", type=Path, help="the table to write")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "glossaries"
        shutil.copytree(ROOT / "glossaries", folder, ignore=shutil.ignore_patterns("sense_odds.csv"))
        groups = prepared(folder)
    if arguments.cross:
        print(cross_validated(groups))
    if arguments.write:
        arguments.write.write_text(csv_text(SENSE_COLUMNS, table(groups)), encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
