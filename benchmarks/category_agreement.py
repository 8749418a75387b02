"""How often both sides of a gold-aligned pair have the same category: `python -m benchmarks.category_agreement GOLD…`.

GOLD is a folder of NAME.ja.txt, NAME.en.txt and NAME.gold.json (line links). Nobody has to annotate categories for
that, so it can be measured on any real pair: two texts that say the same are about the same. Links of one line with one
line count where a clause starts at both. Given with the rules alone and with what was learned.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from normalizer import Normalizer

if TYPE_CHECKING:
    from normalizer.model import Analysis


def by_line(analysis: Analysis) -> dict[int, str]:
    """Category of the clause that starts in each line, by the number of the line among those that are not empty."""
    text, out, line, start = analysis.document.text, {}, 0, 0
    found = {clause.start: clause.category for clause in reversed(analysis.clauses)}
    for words in text.splitlines(keepends=True):
        if words.strip():
            if (place := start + len(words) - len(words.lstrip())) in found:
                out[line] = found[place]
            line += 1
        start += len(words)
    return out


def agreement(folder: Path, normalizer: Normalizer) -> Counter[str]:
    """Pairs, and pairs with the same category."""
    counts: Counter[str] = Counter()
    for path in sorted(folder.glob("*.gold.json")):
        name = path.name.removesuffix(".gold.json")
        ja, en = (by_line(normalizer.analyze(path.with_name(f"{name}.{side}.txt"))) for side in ("ja", "en"))
        for left, right in json.loads(path.read_text(encoding="utf-8"))["links"]:
            if len(left) == len(right) == 1 and left[0] in ja and right[0] in en:
                counts["pairs"] += 1
                counts["same"] += ja[left[0]] == en[right[0]]
                counts["sorted"] += ja[left[0]] == en[right[0]] != "other"
    return counts


def main() -> None:
    """Print a row for each folder, without and with the learned weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="+", type=Path)
    folders = parser.parse_args().gold
    learned, ruled = Normalizer(), Normalizer()
    interpreter = ruled._reader._interpreter
    ruled._reader._interpreter = replace(interpreter, categorizer=replace(interpreter.categorizer, learned=None))
    print("| pairs of | links | decided by | same category | … that is not `other` |\n|---|---|---|---|---|")
    for folder in folders:
        for name, normalizer in (("rules alone", ruled), ("with what was learned", learned)):
            counts = agreement(folder, normalizer)
            shares = [f"{counts[kind] / counts['pairs']:.3f}" for kind in ("same", "sorted")]
            print(f"| {folder.name} | {counts['pairs']} | {name} | {' | '.join(shares)} |")


if __name__ == "__main__":
    main()
