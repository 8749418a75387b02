"""How often both sides of a translation name the same concepts: `python -m benchmarks.concept_sets SOURCE…`.

SOURCE is a folder of NAME.ja.txt, NAME.en.txt and NAME.gold.json (line links; a manifest.csv tells the halves, and
gold/NAME.ja.json what annotators marked), or a file of sentence pairs with the concepts that they name
(tests/cases/concepts/*.tsv). The links are the gold's, so that the aligner is not measured. Of the pairs are told:

- equal: the share with the very same concept set on both sides, and the mean of the Jaccard index;
- said: without the concepts that one language says and the other leaves out: Japanese has no word for "we" and "you" in
  most sentences, and English needs a "may" or a "use" for what is a word's ending there;
- kin: the same, where a concept may also stand for one above or below it (個人情報 for "personal data" does not count:
  they are sisters; 開示 for "disclosure request" does). The broadest concepts are kin of nothing;
- recall, precision: of the concepts of a file of sentence pairs.

`--causes` counts why concepts stand on one side only; `--list N` shows N pairs that differ, never of a half `test`.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from normalizer import Normalizer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from normalizer.model import Analysis
    from normalizer.ontology import Ontology

Concepts = frozenset[str]

TITLE = {"ja": "プライバシーポリシー", "en": "Privacy Policy"}  # of the page on which a sentence pair stands
UNSAID = frozenset(
    ("ControllerSelf", "Customer", "User", "DataSubject", "AnyPerson", "NaturalPerson", "May", "Must", "Use")
)
HEAD = f"{'source':24} {'half':6} {'pairs':>6} {'equal':>7} {'jaccard':>8} {'said':>7} {'jaccard':>8} {'kin':>7}"


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair that says the same, with the concepts found on both sides and, where it is told, those expected."""

    half: str
    texts: tuple[str, str]
    found: tuple[Concepts, Concepts]
    expected: tuple[Concepts, Concepts] | None = None


@dataclass(slots=True)
class Tally:
    """Counts over the pairs of a half."""

    ontology: Ontology
    pairs: int = 0
    equal: int = 0
    jaccard: float = 0.0
    said: int = 0
    said_jaccard: float = 0.0
    kin: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    one_sided: Counter[tuple[str, str]] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)

    def add(self, pair: Pair) -> None:
        """Count a pair."""
        ja, en = pair.found
        self.causes.update(_causes(pair, self.ontology))
        self.pairs += 1
        self.equal += ja == en
        self.jaccard += _jaccard(ja, en)
        ja, en = ja - UNSAID, en - UNSAID
        self.said += ja == en
        self.said_jaccard += _jaccard(ja, en)
        self.kin += _kin(ja, en, self.ontology) and _kin(en, ja, self.ontology)
        self.one_sided.update(("ja", concept) for concept in ja - en)
        self.one_sided.update(("en", concept) for concept in en - ja)
        for side, found, expected in zip(("ja", "en"), pair.found, pair.expected or (), strict=False):
            self.hits.update({f"{side} hit": len(found & expected), f"{side} found": len(found)})
            self.hits[f"{side} expected"] += len(expected)

    def row(self, name: str, half: str) -> str:
        """The figures of a half as a line of text."""
        counts = (self.equal, self.jaccard, self.said, self.said_jaccard, self.kin)
        line = f"{name:24} {half:6} {self.pairs:6} " + " ".join(f"{count / self.pairs:7.3f}" for count in counts)
        for side in ("ja", "en") if self.hits else ():
            hit, found, expected = (self.hits[f"{side} {what}"] for what in ("hit", "found", "expected"))
            line += f"  {side} recall {hit / expected:.3f} precision {hit / found:.3f}"
        return line


def _causes(pair: Pair, ontology: Ontology) -> Iterator[str]:
    """Why a concept stands on one side only, for each that does."""
    for side, other in ((0, 1), (1, 0)):
        for concept in sorted(pair.found[side] - pair.found[other]):
            if concept in UNSAID:
                yield "a person or modal word that one language leaves unsaid"
            elif _kin(frozenset((concept,)), pair.found[other], ontology):
                yield "a broader or narrower concept on the other side"
            elif pair.expected is None:
                yield "not explained: no gold"
            elif concept not in pair.expected[side]:
                yield "found, and not marked by the annotators"
            elif concept in pair.expected[other]:
                yield "overlooked on the other side"
            else:
                yield "said by one of the texts only"


def _jaccard(ja: Concepts, en: Concepts) -> float:
    return len(ja & en) / len(ja | en) if ja | en else 1.0


def _kin(ones: Concepts, others: Concepts, ontology: Ontology) -> bool:
    """Whether each of the concepts is among the others, or one above it or below it is."""
    lines = [_line(other, ontology) for other in others]
    return all(
        one in others
        or any(one in line or other in _line(one, ontology) for other, line in zip(others, lines, strict=True))
        for one in ones
    )


def _line(concept: str, ontology: Ontology) -> list[str]:
    """The concepts above one, but for the broadest (operation, information), which say too little."""
    return [above for above in ontology.ancestors(concept) if ontology[above].broader]


def main() -> None:
    """Print a row for each half of each source."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", nargs="+", type=Path)
    parser.add_argument("--causes", action="store_true", help="why concepts stand on one side only")
    parser.add_argument("--linked", action="store_true", help="with the senses that the aligned other side tells")
    parser.add_argument("--list", type=int, default=0, dest="shown", help="pairs to show that differ")
    arguments = parser.parse_args()
    normalizer = Normalizer()
    print(HEAD)
    for source in arguments.source:
        if source.suffix == ".tsv":
            _report(
                source.stem, list(sentence_pairs(source, normalizer)), normalizer, arguments.shown, arguments.causes
            )
            continue
        pairs = list(_folder_pairs(source, normalizer, arguments.linked))
        _report(source.name, pairs, normalizer, arguments.shown, arguments.causes)
        gold = [Pair(pair.half, pair.texts, pair.expected) for pair in pairs if pair.expected]
        _report(f"{source.name}, annotators", gold, normalizer, 0, False)


def _report(name: str, pairs: Iterable[Pair], normalizer: Normalizer, shown: int, explained: bool) -> None:
    tallies: dict[str, Tally] = defaultdict(lambda: Tally(normalizer.glossary.ontology))
    for pair in pairs:
        tallies[pair.half].add(pair)
        ja, en = pair.found
        if pair.half != "test" and ja != en and shown:
            shown -= 1
            print(f"- {pair.texts[0]}\n  {pair.texts[1]}\n  ja only {sorted(ja - en)}, en only {sorted(en - ja)}")
    for half, tally in sorted(tallies.items()):
        print(tally.row(name, half))
        if explained:
            print("".join(f"    {count:5} {cause}\n" for cause, count in tally.causes.most_common()), end="")
        if half != "test" and shown:
            print("  one side only:", ", ".join(f"{c} {s} {n}" for (s, c), n in tally.one_sided.most_common(60)))


def sentence_pairs(path: Path, normalizer: Normalizer) -> Iterator[Pair]:
    """The rows of a file of sentence pairs; rows under one heading are read as one page, a paragraph each.

    `ja:X` is expected in Japanese only.
    """
    with path.open(encoding="utf-8") as file:
        table = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    for _, section in groupby(table, key=lambda row: (row["heading_ja"], row["heading_en"])):
        rows = list(section)
        found = [_paragraphs(rows, side, normalizer) for side in ("ja", "en")]
        for row, ja_found, en_found in zip(rows, *found, strict=True):
            names = row["concepts"].split()
            both = frozenset(name for name in names if ":" not in name)
            ja, en = (both.union(n[3:] for n in names if n.startswith(f"{side}:")) for side in ("ja", "en"))
            yield Pair(path.stem, (row["ja"], row["en"]), (ja_found, en_found), (ja, en))


def _paragraphs(rows: list[dict[str, str]], side: str, normalizer: Normalizer) -> list[Concepts]:
    """The concepts found in each sentence of a section."""
    text = "\n\n".join([TITLE[side], rows[0][f"heading_{side}"], *(row[side] for row in rows)]) + "\n"
    analysis = normalizer.analyze(text)
    lines = _lines(analysis, [(m.start, m.concept) for c in analysis.clauses for m in c.mentions])
    return [concepts for _, concepts in lines[2:]]


def _folder_pairs(folder: Path, normalizer: Normalizer, linked: bool = False) -> Iterator[Pair]:
    manifest = folder / "manifest.csv"
    rows = csv.DictReader(manifest.open(encoding="utf-8")) if manifest.is_file() else ()
    halves = {row["policy"]: row["half"] for row in rows}
    for path in sorted(folder.glob("*.gold.json")):
        name = path.name.removesuffix(".gold.json")
        ja, en = (normalizer.analyze(folder / f"{name}.{side}.txt") for side in ("ja", "en"))
        analyses = _as_recorded(ja, en, normalizer) if linked else (ja, en)
        sides = [_lines(a, [(m.start, m.concept) for c in a.clauses for m in c.mentions]) for a in analyses]
        gold = [
            _gold_lines(folder / "gold" / f"{name}.{side}.json", a)
            for side, a in zip(("ja", "en"), analyses, strict=True)
        ]
        for link in json.loads(path.read_text(encoding="utf-8"))["links"]:
            if link[0] and link[1]:
                texts = tuple(" / ".join(side[n][0] for n in ns) for side, ns in zip(sides, link, strict=True))
                expected = _united(gold, link) if all(gold) else None
                yield Pair(halves.get(name, "all"), (texts[0], texts[1]), _united(sides, link), expected)


def _as_recorded(ja: Analysis, en: Analysis, normalizer: Normalizer) -> tuple[Analysis, Analysis]:
    """The analyses as the records of the pair have them."""
    links = normalizer.links(ja, en)
    return normalizer.agreed(ja, en, links, normalizer._differences(ja, en, links))


Lines = list[tuple[str, Concepts]]


def _united(sides: list[Lines], link: list[list[int]]) -> tuple[Concepts, Concepts]:
    ja, en = (
        frozenset[str]().union(*(lines[n][1] for n in numbers)) for lines, numbers in zip(sides, link, strict=True)
    )
    return ja, en


def _gold_lines(path: Path, analysis: Analysis) -> Lines:
    if not path.is_file():
        return []
    terms = json.loads(path.read_text(encoding="utf-8"))["terms"]
    return _lines(analysis, [(term["start"], term["concept"]) for term in terms])


def _lines(analysis: Analysis, named: list[tuple[int, str]]) -> Lines:
    """The lines of a document that are not blank, with the concepts named in each."""
    out, start = [], 0
    for line in analysis.document.text.split("\n"):
        end = start + len(line)
        if line.strip():
            out.append((line, frozenset(concept for place, concept in named if start <= place < end)))
        start = end + 1
    return out


if __name__ == "__main__":
    main()
