"""The mentions of a run's records and the gold → whether linked lines name the same concepts, and rightly.

`concepts_equal`: the share of the gold links of both sides whose lines have the very same concepts. `linked_mentions`,
`linked_precision` and `linked_senses`: as `mentions`, `mention_precision` and `senses`, of the mentions that the
records have, where each side was read with the other.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from normalizer.model import LANGUAGES
from normalizer.score.lines import lines, overlap

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from normalizer.batch.results import Results
    from normalizer.score.counts import Report

Rows = list[dict[str, Any]]


def recorded(run: Results) -> dict[tuple[str, str], Rows]:
    """Policy and side → the mentions of its records."""
    out: dict[tuple[str, str], Rows] = defaultdict(list)
    for row in run.records():
        for side in LANGUAGES:
            if row[side] and row[side]["origin"] == "source":
                out[row["policy"], side] += row[side]["mentions"]
    return out


def score_concepts(
    report: Report,
    groups: Sequence[str],
    path: Path,
    documents: dict[tuple[str, str], dict[str, Any]],
    mentions: dict[tuple[str, str], Rows],
) -> None:
    """Count the pairs of lines with the same concepts, and the terms found; `path` is the policy's NAME.gold.json."""
    policy = path.name.removesuffix(".gold.json")
    if any((policy, side) not in documents for side in LANGUAGES):
        return
    links = [link for link in json.loads(path.read_text(encoding="utf-8"))["links"] if all(link)]
    found = [_by_line(documents[policy, side]["text"], mentions.get((policy, side), [])) for side in LANGUAGES]
    equal = sum(_united(found[0], ja) == _united(found[1], en) for ja, en in links)
    report.add(groups, "concepts_equal", equal, len(links))
    for side in LANGUAGES:
        gold = path.parent / "gold" / f"{policy}.{side}.json"
        if gold.is_file():
            terms = json.loads(gold.read_text(encoding="utf-8"))["terms"]
            its = mentions.get((policy, side), [])
            report.add(groups, "linked_mentions", _met(terms, its), len(terms))
            report.add(groups, "linked_precision", _met(its, terms), len(its))
            seen = [t for t in terms if t["confusable"] and any(overlap(t, one) for one in its)]
            report.add(groups, "linked_senses", _met(seen, its), len(seen))


def _by_line(text: str, mentions: Rows) -> list[set[str]]:
    """The concepts named in each line."""
    return [{m["concept"] for m in mentions if start <= m["start"] < end} for start, end in lines(text)]


def _united(by_line: list[set[str]], numbers: Sequence[int]) -> set[str]:
    return set().union(*(by_line[number] for number in numbers))


def _met(ones: Rows, others: Rows) -> int:
    """How many of the ones one of the others overlaps that has the same concept."""
    places: dict[str, Rows] = defaultdict(list)
    for other in others:
        places[other["concept"]].append(other)
    return sum(any(overlap(one, other) for other in places[one["concept"]]) for one in ones)
