"""Links found and gold links → whole links and single pairs of lines that are right."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from normalizer.score.lines import Span, joined, lines, touched

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from normalizer.batch.results import Results
    from normalizer.score.counts import Report


def score_links(
    report: Report,
    groups: Sequence[str],
    path: Path,
    policy: str,
    documents: dict[tuple[str, str], dict[str, Any]],
    links: Sequence[tuple[list[Span], list[Span]]],
) -> None:
    truth = {(tuple(ja), tuple(en)) for ja, en in json.loads(path.read_text(encoding="utf-8"))["links"]}
    truth = {link for link in truth if link[0] and link[1]}
    sides = [lines(documents[policy, side]["text"]) if (policy, side) in documents else [] for side in ("ja", "en")]
    test = set(joined((touched(sides[0], ja), touched(sides[1], en)) for ja, en in links))
    pairs = [{(i, j) for ja, en in some for i in ja for j in en} for some in (truth, test)]
    report.add(groups, "strict", len(truth & test), len(truth), len(test))
    report.add(groups, "pair", len(pairs[0] & pairs[1]), len(pairs[0]), len(pairs[1]))
    report.misses += [f"strict: {policy}: lines {ja} = {en} not found" for ja, en in sorted(truth - test)]


def found_links(run: Results, documents: dict[tuple[str, str], Any]) -> dict[str, list[tuple[list[Span], list[Span]]]]:
    out: dict[str, list[tuple[list[Span], list[Span]]]] = defaultdict(list)
    for row in run.records():
        if row["ja"] and row["en"]:
            ja, en = ([(c["start"], c["end"]) for c in row[side]["clauses"]] for side in ("ja", "en"))
            out[row["policy"]].append((ja, en))
    return out
