"""The files of this folder → the tables of counts in README.md.

    python corpus/counts.py

A test compares the tables of README.md with what this prints, so that they cannot go stale.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

CORPUS = Path(__file__).parent
SIDES = ("ja", "en")


def _csv(name: str) -> list[dict[str, str]]:
    with (CORPUS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _json(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((CORPUS / name).read_text(encoding="utf-8"))
    return loaded


def _table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def texts() -> str:
    """A policy a row: lines, links by how many lines they join, whether the order is the same, differences."""
    rows: list[tuple[object, ...]] = []
    for entry in _csv("manifest.csv"):
        policy = entry["policy"]
        gold = _json(f"{policy}.gold.json")
        lines = [sum(bool(line.strip()) for line in _text(policy, side).split("\n")) for side in SIDES]
        kinds = Counter(f"{len(ja)}-{len(en)}" for ja, en in gold["links"])
        links = ", ".join(f"{kind}: {kinds[kind]}" for kind in sorted(kinds))
        order = "reordered" if gold["non_monotonic"] else "same"
        rows.append((policy, entry["half"], *lines, links, order, len(_csv(f"{policy}.differences.csv"))))
    sums = [sum(int(str(row[n])) for row in rows) for n in (2, 3, 6)]
    rows.append(("all", "", sums[0], sums[1], "", "", sums[2]))
    return _table(("policy", "half", "ja lines", "en lines", "links (ja-en)", "order", "differences"), rows)


def _text(policy: str, side: str) -> str:
    return (CORPUS / f"{policy}.{side}.txt").read_text(encoding="utf-8")


def annotation() -> str:
    """A policy a row, Japanese / English: clauses, terms, of these confusable ones, facts."""
    rows: list[tuple[object, ...]] = []
    sums = {side: Counter[str]() for side in SIDES}
    for entry in _csv("manifest.csv"):
        each = {side: _sizes(entry["policy"], side) for side in SIDES}
        for side in SIDES:
            sums[side].update(each[side])
        rows.append((entry["policy"], *_pairs(each)))
    rows.append(("all", *_pairs(sums)))
    return _table(("policy (ja / en)", "clauses", "terms", "confusable", "facts"), rows)


def _sizes(policy: str, side: str) -> Counter[str]:
    gold = _json(f"gold/{policy}.{side}.json")
    sizes = Counter({name: len(gold[name]) for name in ("clauses", "terms", "facts")})
    sizes["confusable"] = sum(term["confusable"] for term in gold["terms"])
    return sizes


def _pairs(each: dict[str, Counter[str]]) -> list[str]:
    return [f"{each['ja'][name]} / {each['en'][name]}" for name in ("clauses", "terms", "confusable", "facts")]


def codes() -> str:
    """A code of difference a row: how often it is planted, by severity."""
    found: Counter[tuple[str, str]] = Counter()
    for entry in _csv("manifest.csv"):
        found.update((row["code"], row["severity"]) for row in _csv(f"{entry['policy']}.differences.csv"))
    grades = ("high", "medium", "low")
    rows: list[tuple[object, ...]] = [
        (code, *(found[code, grade] for grade in grades)) for code in sorted({code for code, _ in found})
    ]
    return _table(("code", *grades), rows)


def tables() -> dict[str, str]:
    """Title → table."""
    return {"Texts": texts(), "Annotation": annotation(), "Differences": codes()}


if __name__ == "__main__":
    for title, table in tables().items():
        print(f"{title}\n\n{table}\n")
