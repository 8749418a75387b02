"""Policies by the thousand, each with other words, made of the lines of corpus/: the same number, the same texts."""

from __future__ import annotations

import random
from pathlib import Path

CORPUS = Path(__file__).parents[1] / "corpus"
SHORT, LONG = 8, 70  # lines


def write_policies(folder: Path, count: int, short: bool) -> None:
    """Japanese policies of some 300 (short) or 3,000 characters, p000000.ja.txt and so on; no two are alike."""
    lines = [line for path in sorted(CORPUS.glob("*.ja.txt")) for line in path.read_text("utf-8").splitlines() if line]
    chance = random.Random(7)
    folder.mkdir(parents=True)
    for number in range(count):
        chosen = chance.sample(lines, SHORT if short else LONG)
        text = "\n".join(f"{line}（整理番号{number}）" if place % 4 == 0 else line for place, line in enumerate(chosen))
        (folder / f"p{number:06d}.ja.txt").write_text(text + "\n", encoding="utf-8")
