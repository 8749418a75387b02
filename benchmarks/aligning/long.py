"""A number of clauses to the time and memory of aligning so many with so many, in a process of its own.

python -m benchmarks.aligning.long FOLDER CLAUSES
"""

from __future__ import annotations

import csv
import json
import os
import re
import resource
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: threads that wait for each other spoil the times

from benchmarks.aligning.aligners import over_lines
from benchmarks.aligning.document import table
from benchmarks.aligning.lazy import Counting
from benchmarks.aligning.pairs import Line, Pair, load
from normalizer import Normalizer
from normalizer.align import align
from normalizer.glossary import glossary_folder
from normalizer.score import Count, _joined

if TYPE_CHECKING:
    from collections.abc import Sequence

SIZES = (100, 1_000, 10_000)
NUMBER = re.compile(r"[0-9０-９]{1,4}")
FAR = 100_000  # lines of a policy, by which the ids of the next are set off
STEP = 7  # by which the numbers of each copy are raised; era years and western years by the same
SELF = (  # how policies speak of their own organisation
    re.compile("当社|弊社|当店|当院|当行|本学|本市|当法人|当ホテル"),
    re.compile(
        r"\b(?:(?:the|our) (?:company|store|shop|clinic|bank|university|city|corporation|hotel)|we)\b", re.IGNORECASE
    ),
)


def long_table(folder: Path) -> str:
    """A row a size; peak memory is that of the whole process, next to what it was before the aligner began."""
    rows = []
    for size in SIZES:
        command = [sys.executable, "-m", "benchmarks.aligning.long", str(folder), str(size)]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        memory = f"{found['peak']:,.0f} MB ({found['before']:,.0f} MB)"
        times = [f"{found[key]:.1f}" for key in ("reading", "encoding", "seconds")]
        rows.append([f"{found['clauses']}", *times, memory, f"{found['texts']:,}", f"{found['f1']}"])
    head = [
        "clauses ja, en",
        "reading s",
        "one vector a clause s",
        "aligning s",
        "peak memory (before)",
        "texts encoded",
    ]
    return table([*head, "strict / pair F1"], rows)


def measured(pair: Pair, normalizer: Normalizer) -> dict[str, Any]:
    """Seconds of the processor for reading, for encoding each clause once, and for aligning (encoding included);
    megabytes; F1."""
    began = time.process_time()
    sides = [normalizer.analyze(text) for text in pair.texts()]
    read = time.process_time()
    embedder = Counting()
    embedder.encode(["warm"])
    warm = time.process_time()
    embedder.anew().encode([side.text(clause) for side in sides for clause in side.clauses])
    embedder.asked.clear()
    before, start = peak(), time.process_time()
    links = align(sides[0], sides[1], embedder)
    done = time.process_time()
    gold, found = pair.gold(), set(_joined(entry.link for entry in over_lines(links, sides[0], sides[1])))
    cells = [{(i, j) for ja, en in some for i in ja for j in en} for some in (gold, found)]
    strict = Count(len(gold & found), len(gold), len(found))
    single = Count(len(cells[0] & cells[1]), len(cells[0]), len(cells[1]))
    return {
        "clauses": ", ".join(f"{len(side.clauses):,}" for side in sides),
        "reading": read - began,
        "encoding": start - warm,
        "seconds": done - start,
        "before": before,
        "peak": peak(),
        "texts": len(embedder.asked),
        "f1": f"{strict.f1:.3f} / {single.f1:.3f}",
    }


def peak() -> float:
    """The most memory that this process has held so far, in megabytes."""
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def grown(pairs: Sequence[Pair], size: int) -> Pair:
    """The policies one after the other, again and again, each copy of another organisation and with other numbers."""
    with (glossary_folder() / "prefectures.csv").open(encoding="utf-8", newline="") as file:
        places = [(row["ja"], row["en"]) for row in csv.DictReader(file)]
    ja: list[Line] = []
    en: list[Line] = []
    links = []
    for k in range(size):
        pair, offset = pairs[k % len(pairs)], FAR * k
        name = places[k % len(places)], places[k // len(places) * 5 % len(places)]
        ja += changed(pair.ja, SELF[0], "".join(ja for ja, _ in name) + "社", k // len(pairs), offset)
        en += changed(pair.en, SELF[1], " ".join(en for _, en in name) + " Co.", k // len(pairs), offset)
        links += [(tuple(i + offset for i in left), tuple(j + offset for j in right)) for left, right in pair.links]
        if min(len(ja), len(en)) >= size:
            break
    return Pair(f"{size} clauses", "test", tuple(ja[:size]), tuple(en[:size]), tuple(links))


def changed(lines: Sequence[Line], own: re.Pattern[str], name: str, copy: int, offset: int) -> list[Line]:
    """The lines of a copy: a name where it speaks of itself, its numbers raised; the first copy is as published."""
    out = []
    for line in lines:
        text = line.text
        if copy:
            text = own.sub(name, NUMBER.sub(lambda number: str(int(number[0]) + STEP * copy), text))
        out.append(replace(line, ids=tuple(i + offset for i in line.ids), text=text))
    return out


if __name__ == "__main__":
    normalizer = Normalizer()
    print(json.dumps(measured(grown(load(Path(sys.argv[1]), (), normalizer), int(sys.argv[2])), normalizer)))
