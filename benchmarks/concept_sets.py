"""How often both sides of a gold-aligned clause pair name the same concepts: `python -m benchmarks.concept_sets GOLD…`.

GOLD is a folder of NAME.ja.txt, NAME.en.txt and NAME.gold.json (line links); a manifest.csv there tells the halves.
The links are the gold's, so that the aligner is not measured. A pair agrees strictly where both sets are equal, and
the mean of the Jaccard index says how far the others are. Both are given for all concepts, and without those that one
language says and the other leaves out: Japanese has no word for "we" and "you" in most sentences, and English needs a
"may" or a "use" for what is a word's ending there. `--list N` shows N pairs that differ, of the half `tune`.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from normalizer import Normalizer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from normalizer.model import Analysis


UNSAID = frozenset(
    ("ControllerSelf", "Customer", "User", "DataSubject", "AnyPerson", "NaturalPerson", "May", "Must", "Use")
)


@dataclass(slots=True)
class Tally:
    """Counts over the pairs of a half."""

    pairs: int = 0
    equal: int = 0
    jaccard: float = 0.0
    said_equal: int = 0
    said_jaccard: float = 0.0
    one_sided: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, ja: frozenset[str], en: frozenset[str]) -> None:
        self.pairs += 1
        self.equal += ja == en
        self.jaccard += _jaccard(ja, en)
        ja, en = ja - UNSAID, en - UNSAID
        self.said_equal += ja == en
        self.said_jaccard += _jaccard(ja, en)
        self.one_sided.update(("ja", concept) for concept in ja - en)
        self.one_sided.update(("en", concept) for concept in en - ja)


def _jaccard(ja: frozenset[str], en: frozenset[str]) -> float:
    return len(ja & en) / len(ja | en) if ja | en else 1.0


def main() -> None:
    """Print a row for each half of each folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--list", type=int, default=0, dest="shown", help="pairs to show that differ")
    arguments = parser.parse_args()
    normalizer = Normalizer()
    print(f"{'gold':24} {'half':6} {'pairs':>6} {'equal':>7} {'jaccard':>8} {'said':>7} {'jaccard':>8}")
    for folder in arguments.gold:
        tallies: dict[str, Tally] = defaultdict(Tally)
        shown = 0
        for half, ja, en, texts in _pairs(folder, normalizer):
            tallies[half].add(ja, en)
            if half == "tune" and ja != en and shown < arguments.shown:
                shown += 1
                print(f"- {texts[0]}\n  {texts[1]}\n  ja only {sorted(ja - en)}, en only {sorted(en - ja)}")
        for half, tally in sorted(tallies.items()):
            counts = (tally.equal, tally.jaccard, tally.said_equal, tally.said_jaccard)
            figures = " ".join(f"{count / tally.pairs:7.3f}" for count in counts)
            print(f"{folder.name:24} {half:6} {tally.pairs:6} {figures}")
            if half == "tune" and arguments.shown:
                print("  one side only:", ", ".join(f"{c} {s} {n}" for (s, c), n in tally.one_sided.most_common(60)))


def _pairs(folder: Path, normalizer: Normalizer) -> Iterator[tuple[str, frozenset[str], frozenset[str], list[str]]]:
    manifest = folder / "manifest.csv"
    rows = csv.DictReader(manifest.open(encoding="utf-8")) if manifest.is_file() else ()
    halves = {row["policy"]: row["half"] for row in rows}
    for path in sorted(folder.glob("*.gold.json")):
        name = path.name.removesuffix(".gold.json")
        sides = [_lines(normalizer.analyze(folder / f"{name}.{side}.txt")) for side in ("ja", "en")]
        for link in json.loads(path.read_text(encoding="utf-8"))["links"]:
            if link[0] and link[1]:
                chosen = [[lines[number] for number in numbers] for lines, numbers in zip(sides, link, strict=True)]
                ja, en = (frozenset[str]().union(*(concepts for _, concepts in side)) for side in chosen)
                yield halves.get(name, "all"), ja, en, [" / ".join(text for text, _ in side) for side in chosen]


def _lines(analysis: Analysis) -> list[tuple[str, frozenset[str]]]:
    """The lines of a document that are not blank, with the concepts named in each."""
    out, start = [], 0
    mentions = [mention for clause in analysis.clauses for mention in clause.mentions]
    for line in analysis.document.text.split("\n"):
        end = start + len(line)
        if line.strip():
            out.append((line, frozenset(m.concept for m in mentions if start <= m.start < end)))
        start = end + 1
    return out


if __name__ == "__main__":
    main()
