"""Sentences of known sense → glossaries/sense_odds.csv: `python -m benchmarks.sense_odds [--cross] [--write FILE]`.

What a lawyer wrote into senses.csv stands; this table adds what the sentences of tests/cases/senses/tune.tsv and
fresh.tsv and the gold of the half `tune` of corpus/ say of the company that each sense keeps: classes of words
(sense_classes.csv), words, and the letters beside the form. The weights are those of a multinomial logistic regression
for each form (Berger, Della Pietra and Della Pietra 1996) with a ridge, rounded to two decimals; the same sentences
give the same bytes. --cross leaves out a quarter of fresh.tsv in turn and prints the share read rightly for several
settings; by it the settings were chosen. The files fresh_held.tsv and test.tsv are never read here.
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

import numpy as np
from numpy.typing import NDArray

from benchmarks.senses import LEAD, Case, cases, counting
from normalizer import Normalizer
from normalizer.glossary import SENSE_COLUMNS, sense_key
from normalizer.sense_tables import cue_words
from normalizer.senses import SenseResolver, Senses, scored

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from normalizer.match import Match
    from normalizer.model import Clause, Mention

ROOT = Path(__file__).resolve().parent.parent
SENTENCES = ("tune", "fresh")
FOLDS = 4
RIDGES = {"class": 1.0, "word": 4.0, "beside": 1.0}  # how dear a weight is
OF_CORPUS = 2.0  # what a term of the corpus counts, beside a sentence
SHARES = (0.0, 0.8, 1.2, 1.4, 2.0)
SHARE = 1.3  # of the learned weights that is added to those of senses.csv
LEAST = 0.15  # smaller weights are left out
STEPS = 500
SEEN = 2  # examples of a form in which a word must stand
STOP = frozenset(
    [
        "the",
        "and",
        "for",
        "that",
        "this",
        "with",
        "are",
        "was",
        "were",
        "you",
        "your",
        "our",
        "not",
        "any",
        "may",
        "will",
        "shall",
        "has",
        "have",
        "been",
        "its",
    ]
)

Feature = tuple[str, str]  # a cue and the scope in which it stands
Matrix = NDArray[np.float64]
Weights = dict[tuple[str, Feature], float]  # by concept


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
            fold = int(case.id[-2:]) // 2 % FOLDS
            out += known(spy, cells, half, fold, text, start, end, case.concept, wanted)
    for policy in policies():
        for language in LEAD:
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
    """Analyse a case as the benchmark does → the text, and the place of the quoted words."""
    lines = [LEAD[case.language], *([f"# {case.heading}"] if case.heading else []), case.text]
    text = normalizer.analyze("\n\n".join(lines), format="markdown").document.text
    start = text.index(case.quote, text.rindex(case.text))
    return text, start, start + len(case.quote)


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
        for cue in context.hits:
            for scope in ("clause", "left", "right") if kinds[cue] == "class" else ("clause",):
                strength = context.strength(cue, scope, example.match.start, example.match.end)
                if strength:
                    example.features[cue, scope] = strength


def word_classes(folder: Path) -> dict[tuple[str, str], list[str]]:
    """Language and word → the names of its classes."""
    classes: dict[tuple[str, str], list[str]] = defaultdict(list)
    with (folder / "sense_classes.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            classes[row["language"], row["word"]].append(f"<{row['class']}>")
    return classes


def fit(found: Sequence[Example], senses: Sequence[str], kinds: dict[str, str]) -> Weights:
    """Weights by concept and cue: a multinomial logistic regression with a ridge, by plain descent."""
    features = sorted({feature for example in found for feature in example.features})
    if not features or len({example.wanted & set(senses) for example in found}) < 2:
        return {}
    seen, truth, counts = _matrices(found, senses, features)
    ridge = np.array([RIDGES[kinds[cue]] for cue, _ in features])[:, None]
    weights = np.zeros((len(features), len(senses)))
    rate = 1 / (np.linalg.norm(seen, 2) ** 2 / 2 + ridge.max())  # by the steepest slope: no step overshoots
    for _ in range(STEPS):
        logits = seen @ weights
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        weights -= rate * (seen.T @ ((shares - truth) * counts) + ridge * weights)
    return {(c, feature): float(weights[n, k]) for n, feature in enumerate(features) for k, c in enumerate(senses)}


def _matrices(found: Sequence[Example], senses: Sequence[str], features: Sequence[Feature]) -> tuple[Matrix, ...]:
    """Examples × features, examples × senses, and what each example counts."""
    column = {feature: n for n, feature in enumerate(features)}
    seen, truth = np.zeros((len(found), len(features))), np.zeros((len(found), len(senses)))
    for row, example in enumerate(found):
        for feature, strength in example.features.items():
            seen[row, column[feature]] = strength
        named = [n for n, concept in enumerate(senses) if concept in example.wanted]
        named = [n for n in named if senses[n] == example.gold] or named
        truth[row, named] = 1 / len(named)
    counts = np.array([OF_CORPUS if example.source == "corpus" else 1.0 for example in found])
    return seen, truth, counts[:, None]


def right(example: Example, weights: Weights, share: float) -> bool:
    """Whether the sense is told with so large a share of the learned weights."""
    scores = dict(example.scores)
    for (concept, feature), weight in weights.items():
        if feature in example.features:
            scores[concept] = scores.get(concept, 0.0) + share * weight * example.features[feature]
    return max(scores, key=scores.__getitem__) in example.wanted


def prepared(folder: Path) -> list[tuple[list[Example], list[str], dict[str, str]]]:
    """For each language and form its examples, its senses and the cues that are tried."""
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
        out.append((members, senses[form], kinds))
    return out


def cross_validated(groups: Sequence[tuple[list[Example], list[str], dict[str, str]]]) -> str:
    """The share of the examples read rightly, by source, when a quarter is left out in turn."""
    told: Counter[tuple[str, float]] = Counter()
    for members, senses, kinds in groups:
        for fold in range(FOLDS):
            weights = fit([example for example in members if example.fold != fold], senses, kinds)
            for example in (example for example in members if example.fold == fold):
                for share in SHARES:
                    told[example.source, share] += right(example, weights, share)
    counts = Counter(example.source for members, _, _ in groups for example in members)
    rows = [f"share {'  '.join(f'{share:6}' for share in SHARES)}"]
    for source, count in sorted(counts.items()):
        rows.append(f"{source:6}" + "  ".join(f"{told[source, share] / count:.4f}" for share in SHARES))
    return "\n".join(rows)


def table(groups: Sequence[tuple[list[Example], list[str], dict[str, str]]]) -> list[tuple[str, ...]]:
    """The rows of sense_odds.csv."""
    out = []
    for members, senses, kinds in groups:
        for (concept, (cue, scope)), weight in sorted(fit(members, senses, kinds).items()):
            if abs(SHARE * weight) >= LEAST:
                language, form = members[0].language, members[0].form
                out.append((language, form, concept, cue, f"{SHARE * weight:.2f}", scope))
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
        with arguments.write.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([SENSE_COLUMNS, *table(groups)])


if __name__ == "__main__":
    main()
