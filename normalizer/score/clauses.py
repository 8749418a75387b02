"""Clauses, mentions and facts found, and the gold's → what is right of them."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from normalizer.score.lines import overlap

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from normalizer.score.counts import Report
    from normalizer.score.lines import Span

Rows = list[dict[str, Any]]


def score_clauses(report: Report, groups: Sequence[str], path: Path, document: dict[str, Any]) -> None:
    gold, name = json.loads(path.read_text(encoding="utf-8")), path.name.removesuffix(".json")
    truth = {(c["start"], c["end"]): c for c in gold["clauses"]}
    found = {(c["start"], c["end"]): c for c in document["clauses"]}
    same = sorted(truth.keys() & found.keys())
    report.add(groups, "boundary", len(same), len(truth), len(found))
    missed = sorted(truth.keys() - found.keys())
    report.misses += [f"boundary: {name}: {document['text'][start:end][:60]!r}" for start, end in missed]
    places = [{c["id"]: span for span, c in side.items()} for side in (truth, found)]
    for span in same:
        checks = _checks(truth[span], found[span], places)
        for metric, right in checks.items():
            report.add(groups, metric, int(right), 1)
        wrong = [metric for metric in ("tree", "kind", "language", "category_lenient") if not checks[metric]]
        words = document["text"][span[0] : span[1]][:50]
        report.misses += [f"{metric}: {name}: {_said(metric, truth[span], found[span])}: {words!r}" for metric in wrong]
    spans = [c for c in gold["clauses"] if c["kind"] != "furniture"]
    mentions = [
        mention
        for clause in document["clauses"]
        for mention in clause["mentions"]
        if any(overlap(mention, span) for span in spans)
    ]
    facts = [fact for clause in document["clauses"] for fact in clause["facts"]]
    _score_terms(report, groups, gold["terms"], mentions, name)
    lost, extra = _unmatched(gold["facts"], facts)
    report.add(groups, "facts", len(gold["facts"]) - len(lost), len(gold["facts"]), len(facts))
    report.misses += [f"facts: {name}: {fact['kind']} {fact['quote']!r} not found" for fact in lost]
    report.misses += [f"facts: {name}: {fact['kind']} {fact['text']!r} is none" for fact in extra]


def _checks(truth: dict[str, Any], found: dict[str, Any], places: Sequence[dict[str, Span]]) -> dict[str, bool]:
    return {
        "tree": places[0].get(truth["parent"]) == places[1].get(found["parent"]),
        "kind": truth["kind"] == found["kind"],
        "language": truth["language"] == found["language"],
        "category": truth["category"] == found["category"],
        "category_lenient": found["category"] in (truth["category"], *truth["also"]),
    }


def _said(metric: str, truth: dict[str, Any], found: dict[str, Any]) -> str:
    key = {"tree": "parent", "category_lenient": "category"}.get(metric, metric)
    return f"{truth[key]} got {found[key]}"


def _score_terms(report: Report, groups: Sequence[str], terms: Rows, mentions: Rows, name: str) -> None:
    """Recall of terms by an overlapping mention of the same concept; precision the other way round."""
    counts: Counter[str] = Counter()
    for term in terms:
        over = [mention for mention in mentions if overlap(term, mention)]
        hit = any(mention["concept"] == term["concept"] for mention in over)
        exact = any((mention["start"], mention["end"]) == (term["start"], term["end"]) for mention in over)
        counts["hit"] += hit
        counts["seen"] += term["confusable"] and bool(over)
        counts["wrong"] += exact and not hit
        counts["confusable"] += term["confusable"]
        counts["confusable hit"] += term["confusable"] and hit
        if not hit:
            got = ", ".join(mention["concept"] for mention in over)
            report.misses.append(f"mentions: {name}: {term['concept']} {term['quote']!r} got {got or 'nothing'}")
    report.add(groups, "mentions", counts["hit"], len(terms))
    report.add(groups, "confusable", counts["confusable hit"], counts["confusable"])
    report.add(groups, "wrong_sense", counts["wrong"], len(terms))
    report.add(groups, "senses", counts["confusable hit"], counts["seen"])
    right = sum(any(one["concept"] == t["concept"] and overlap(t, one) for t in terms) for one in mentions)
    report.add(groups, "mention_precision", right, len(mentions))


def _unmatched(gold: Rows, found: Rows) -> tuple[Rows, Rows]:
    """The gold facts without a found one of their kind and place, and the other way round; each serves once."""
    free, missed = list(found), []
    for fact in gold:
        match = next((other for other in free if other["kind"] == fact["kind"] and overlap(fact, other)), None)
        if match:
            free.remove(match)
        else:
            missed.append(fact)
    return missed, free
