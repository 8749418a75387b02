"""This aligner beside others, long documents, lazy semantics and link scores: the tables of docs/alignment.md.

    python -m benchmarks.alignment [FOLDER ...] [--tune 01,04] [--seeds 7,1] [--parts quality,…]

FOLDER holds NAME.ja.txt, NAME.en.txt and NAME.gold.json; without one, corpus/. Each table is printed, and written into
the document between `<!-- begin PART FOLDER -->` and `<!-- end PART FOLDER -->`; a table that is not made again stays.
Run from the root of the checkout; the Vecalign column needs the package sentalign.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: threads that wait for each other spoil the times

from benchmarks.aligning.aligners import aligners
from benchmarks.aligning.document import publish
from benchmarks.aligning.lazy import lazy_table
from benchmarks.aligning.long import long_table
from benchmarks.aligning.pairs import load
from benchmarks.aligning.quality import f1_tables, measure, reliability_tables, time_table
from normalizer import Normalizer

ROOT = Path(__file__).parents[1]
PARTS = ("quality", "reliability", "times", "lazy", "long")


def main(arguments: list[str] | None = None) -> None:
    """Make the tables that are asked for."""
    asked = parsed(arguments)
    normalizer, seeds = Normalizer(), [int(seed) for seed in asked.seeds.split(",")]
    for folder in asked.folders:
        tune = tuple(asked.tune.split(",")) if asked.tune else ()
        tables(folder, tune, seeds, asked.parts.split(","), asked.document, normalizer)
    if "long" in asked.parts.split(","):
        publish(asked.document, "long", long_table(ROOT / "corpus"))


def parsed(arguments: list[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[ROOT / "corpus"])
    parser.add_argument("--tune", default="", help="starts of the names that make the half `tune`, without a manifest")
    parser.add_argument("--seeds", default="7,1", help="the times and the lazy table take the first")
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--document", type=Path, default=ROOT / "docs" / "alignment.md")
    return parser.parse_args(arguments)


def tables(
    folder: Path, tune: tuple[str, ...], seeds: list[int], parts: list[str], document: Path, normalizer: Normalizer
) -> None:
    """The tables of one folder."""
    pairs, name = load(folder, tune, normalizer), folder.resolve().name
    if not pairs:
        sys.exit(f"{folder}: no POLICY.gold.json in it")
    if "times" in parts:
        publish(document, f"times {name}", time_table(pairs, seeds[0], normalizer))
    if "lazy" in parts:
        publish(document, f"lazy {name}", lazy_table(pairs, seeds[0], normalizer))
    if "quality" in parts or "reliability" in parts:
        quality = measure(pairs, seeds, normalizer, alone="quality" not in parts)
        publish(document, f"reliability {name}", reliability_tables(quality, pairs))
        if "quality" in parts:
            publish(document, f"quality {name}", f1_tables(quality, pairs, list(aligners(normalizer))))


if __name__ == "__main__":
    main()
