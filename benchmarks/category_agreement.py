"""How often both sides of a gold-aligned pair have the same category: `python -m benchmarks.category_agreement GOLD…`.

GOLD is a folder of NAME.ja.txt, NAME.en.txt and NAME.gold.json (line links). Nobody has to annotate categories for
that, so it can be measured on any real pair: two texts that say the same are about the same. Links of one line with one
line count where a clause starts at both. Given with the rules alone, with what was learned, and as `align` gives them,
where linked clauses settle what one of them leaves in doubt (normalizer/agreement/). Where GOLD has annotated clauses
(gold/NAME.ja.json, …), a second table says how many have the right category, by the halves of manifest.csv: of one side
alone, and with the clauses that `align` links to it.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from normalizer import Normalizer
from normalizer.model import LANGUAGES, Link

if TYPE_CHECKING:
    from normalizer.model import Analysis


def by_line(analysis: Analysis) -> dict[int, int]:
    """Index of the clause that starts in each line, by the number of the line among those that are not empty."""
    text, out, line, start = analysis.document.text, {}, 0, 0
    found = {clause.start: index for index, clause in reversed(list(enumerate(analysis.clauses)))}
    for words in text.splitlines(keepends=True):
        if words.strip():
            if (place := start + len(words) - len(words.lstrip())) in found:
                out[line] = found[place]
            line += 1
        start += len(words)
    return out


def agreement(folder: Path, normalizer: Normalizer, settled: bool) -> Counter[str]:
    """Pairs, and pairs with the same category."""
    counts: Counter[str] = Counter()
    for path in sorted(folder.glob("*.gold.json")):
        name = path.name.removesuffix(".gold.json")
        ja, en = (normalizer.analyze(path.with_name(f"{name}.{side}.txt")) for side in ("ja", "en"))
        lines = by_line(ja), by_line(en)
        gold = [
            (left[0], right[0]) for left, right in json.loads(path.read_text("utf-8"))["links"] if _one(left, right)
        ]
        links = [Link((lines[0][i],), (lines[1][j],), 1.0) for i, j in gold if i in lines[0] and j in lines[1]]
        if settled:
            ja, en = normalizer.agreed(ja, en, links)
        for link in links:
            left, right = ja.clauses[link.ja[0]].category, en.clauses[link.en[0]].category
            counts["pairs"] += 1
            counts["same"] += left == right
            counts["sorted"] += left == right != "other"
    return counts


def _one(left: list[int], right: list[int]) -> bool:
    return len(left) == len(right) == 1


def rightly(folder: Path, normalizer: Normalizer) -> Counter[tuple[str, str, str]]:
    """Half, how it was decided, and what → clauses: all that are annotated, but for furniture; those with the gold's
    primary category; those with that or one of its others."""
    counts: Counter[tuple[str, str, str]] = Counter()
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        halves = {row["policy"]: row["half"] for row in csv.DictReader(file)}
    for name, half in halves.items():
        ja, en = normalizer.sides(*(folder / f"{name}.{side}.txt" for side in LANGUAGES))
        ways = {"one side": (ja, en), "linked": normalizer.agreed(ja, en, normalizer.links(ja, en))}
        for (way, sides), side in itertools.product(ways.items(), (0, 1)):
            gold = json.loads((folder / "gold" / f"{name}.{LANGUAGES[side]}.json").read_text("utf-8"))["clauses"]
            known = {(c["start"], c["end"]): (c["category"], *c["also"]) for c in gold if c["kind"] != "furniture"}
            for clause in sides[side].clauses:
                if found := known.get((clause.start, clause.end)):
                    counts[half, way, "clauses"] += 1
                    counts[half, way, "primary"] += clause.category == found[0]
                    counts[half, way, "lenient"] += clause.category in found
    return counts


def main() -> None:
    """Print the rows of each folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="+", type=Path)
    folders = parser.parse_args().gold
    learned, ruled = Normalizer(), Normalizer()
    interpreter = ruled._reader._interpreter
    ruled._reader._interpreter = replace(interpreter, categorizer=replace(interpreter.categorizer, learned=None))
    print("| pairs of | links | decided by | same category | … that is not `other` |\n|---|---|---|---|---|")
    for folder in folders:
        for name, normalizer, settled in (
            ("rules alone", ruled, False),
            ("with what was learned", learned, False),
            ("… and the linked clause", learned, True),
        ):
            counts = agreement(folder, normalizer, settled)
            shares = [f"{counts[kind] / counts['pairs']:.3f}" for kind in ("same", "sorted")]
            print(f"| {folder.name} | {counts['pairs']} | {name} | {' | '.join(shares)} |")
    for folder in (folder for folder in folders if (folder / "gold").is_dir()):
        print("\n| clauses of | half | number | decided by | right | … or one of the others |")
        print("|---|---|---|---|---|---|")
        annotated = rightly(folder, learned)
        for half, way in sorted({(half, way) for half, way, _ in annotated}):
            number, primary, lenient = (annotated[half, way, what] for what in ("clauses", "primary", "lenient"))
            print(f"| {folder.name} | {half} | {number} | {way} | {primary / number:.3f} | {lenient / number:.3f} |")


if __name__ == "__main__":
    main()
