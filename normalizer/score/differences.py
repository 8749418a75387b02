"""Differences told and those planted in the corpus → how many were found, and how many false alarms.

The planted ones are in NAME.differences.csv: code and lines. One is found where a difference with its code is told at
one of its lines (`differences`), or any difference is (`differences_lines`). False alarms are counted where nothing is
planted, per 50 links; what the gold links bear out (a line without counterpart, another order, a list that is
condensed) is none.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from normalizer.model import LANGUAGES
from normalizer.score.lines import LineLink, lines, touched

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from normalizer.batch.results import Results
    from normalizer.score.counts import Report

PER = 50  # links without a planted difference, to which false alarms are related
# What a code of the corpus is told as, where the comparison tells it more exactly.
NARROWER = {
    "clause_missing": ("purpose_missing", "exception_missing"),
    "detail_missing": ("data_missing", "right_missing", "recipient_differs"),
}
ONE_SIDED = ("clause_missing", "purpose_missing", "exception_missing", "list_length_differs", "detail_missing")

Lines = tuple[frozenset[int], frozenset[int]]  # of the Japanese and of the English text


def told_differences(run: Results) -> dict[str, list[dict[str, Any]]]:
    """Policy → the differences in the records of a run."""
    out: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in run.records():
        out[row["policy"]] += row["differences"]
    return out


def score_differences(
    report: Report,
    groups: Sequence[str],
    path: Path,
    documents: dict[tuple[str, str], dict[str, Any]],
    told: Sequence[dict[str, Any]],
) -> None:
    """Count what was found of a policy's planted differences; `path` is its NAME.gold.json."""
    policy = path.name.removesuffix(".gold.json")
    table = path.with_name(f"{policy}.differences.csv")
    if not table.is_file() or any((policy, side) not in documents for side in LANGUAGES):
        return
    texts = [lines(documents[policy, side]["text"]) for side in LANGUAGES]
    places = [_lines_of(one, texts) for one in told]
    planted = _planted(table)
    for code, where, note in planted:
        at = [one["code"] for one, place in zip(told, places, strict=True) if _meet(place, where)]
        named = any(one in (code, *NARROWER.get(code, ())) for one in at)
        report.add(groups, "differences", int(named), 1)
        report.add(groups, "differences_lines", int(bool(at)), 1)
        if not named:
            report.misses.append(f"differences: {policy}: {code} {note!r} got {', '.join(at) or 'nothing'}")
    gold = json.loads(path.read_text(encoding="utf-8"))
    dirty = [where for _, where, _ in planted]
    false = [
        one
        for one, place in zip(told, places, strict=True)
        if not any(_meet(place, where) for where in dirty) and not _borne_out(one["code"], place, gold)
    ]
    clean = sum(not any(_meet(_of(link), where) for where in dirty) for link in gold["links"])
    report.add(groups, "false_alarms", PER * len(false), clean)
    report.misses += [f"false_alarms: {policy}: {one['code']}: {one['message']['en']}" for one in false]


def _planted(table: Path) -> list[tuple[str, Lines, str]]:
    with table.open(encoding="utf-8", newline="") as file:
        return [(row["code"], (_line(row["ja"]), _line(row["en"])), row["note"]) for row in csv.DictReader(file)]


def _line(cell: str) -> frozenset[int]:
    return frozenset([int(cell)] if cell else [])


def _lines_of(difference: dict[str, Any], texts: Sequence[Sequence[tuple[int, int]]]) -> Lines:
    spans = [[(span["start"], span["end"])] if (span := difference[side]) else [] for side in LANGUAGES]
    ja, en = (frozenset(touched(text, some)) for text, some in zip(texts, spans, strict=True))
    return ja, en


def _of(link: Iterable[Sequence[int]]) -> Lines:
    ja, en = (frozenset(side) for side in link)
    return ja, en


def _meet(one: Lines, other: Lines) -> bool:
    return bool(one[0] & other[0] or one[1] & other[1])


def _borne_out(code: str, place: Lines, gold: dict[str, Any]) -> bool:
    """Whether the gold links say so too."""
    if code == "order_changed":
        return bool(gold["non_monotonic"])
    links: list[LineLink] = gold["links"]
    return code in ONE_SIDED and any(
        _meet(place, _of(link)) for link in links if len(link[0]) != len(link[1]) or not link[0]
    )
