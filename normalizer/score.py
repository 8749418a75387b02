"""Gold and what was found → figures: precision, recall and F1 of every stage, by language, by document, by half.

The gold of a policy NAME is NAME.gold.json (line links) beside its texts, and gold/NAME.ja.json and .en.json
(clauses, terms, facts). What was found is the folder of a run. Links are compared over the lines of the texts, so
that a finer or coarser segmentation is no mistake by itself: `strict` counts whole links, `pair` single pairs of
lines (after Véronis and Langlais 2000).
"""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from normalizer.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

Span = tuple[int, int]
Rows = list[dict[str, Any]]
LineLink = tuple[tuple[int, ...], tuple[int, ...]]
METRICS = (
    *("strict", "pair", "boundary", "tree", "kind", "language", "category", "category_lenient"),
    *("mentions", "confusable", "wrong_sense", "facts"),
)


@dataclass(slots=True)
class Count:
    """Hits against what the gold has and what was found; `found` is the gold's number where only recall is asked."""

    hit: int = 0
    gold: int = 0
    found: int = 0

    def add(self, hit: int, gold: int, found: int | None = None) -> None:
        self.hit += hit
        self.gold += gold
        self.found += gold if found is None else found

    @property
    def f1(self) -> float:
        """F1, which is plain recall where `found` equals `gold`; 1 where there is nothing to find."""
        return 2 * self.hit / (self.gold + self.found) if self.gold + self.found else 1.0


@dataclass(slots=True)
class Report:
    """The counts of each metric for each group: "all", "half tune", "language ja", "document 01-…"."""

    counts: dict[str, dict[str, Count]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(Count)))
    misses: list[str] = field(default_factory=list)

    def add(self, groups: Iterable[str], metric: str, hit: int, gold: int, found: int | None = None) -> None:
        for group in groups:
            self.counts[group][metric].add(hit, gold, found)

    def figures(self, group: str = "all") -> dict[str, float]:
        """Metric → figure, 0 to 1, to four places."""
        return {metric: round(count.f1, 4) for metric, count in self.counts[group].items()}


def score(gold: Path, found: Path) -> Report:
    """Compare the run in the folder `found` with the gold in `gold`. Raises InputError where either is incomplete."""
    report = Report()
    documents = {(row["policy"], row["side"]): row for row in _rows(found / "documents")}
    links = _links(found, documents)
    halves = _halves(gold)
    for path in sorted(gold.glob("*.gold.json")):
        policy = path.name.removesuffix(".gold.json")
        groups = ["all", f"document {policy}", *([f"half {halves[policy]}"] if policy in halves else [])]
        _score_links(report, groups, path, policy, documents, links.get(policy, []))
        for side in ("ja", "en"):
            clauses = gold / "gold" / f"{policy}.{side}.json"
            if clauses.is_file() and (policy, side) in documents:
                _score_clauses(report, [*groups, f"language {side}"], clauses, documents[policy, side])
    if not report.counts:
        raise InputError(f"{gold}: no gold in it; gold is in files named POLICY.gold.json")
    return report


# --- links -------------------------------------------------------------------------------------------------------


def _score_links(
    report: Report,
    groups: Sequence[str],
    path: Path,
    policy: str,
    documents: dict[tuple[str, str], dict[str, Any]],
    links: Sequence[tuple[list[Span], list[Span]]],
) -> None:
    truth = {(tuple(ja), tuple(en)) for ja, en in json.loads(path.read_text(encoding="utf-8"))["links"]}
    truth = {link for link in truth if link[0] and link[1]}
    sides = [_lines(documents[policy, side]["text"]) if (policy, side) in documents else [] for side in ("ja", "en")]
    test = set(_joined((_touched(sides[0], ja), _touched(sides[1], en)) for ja, en in links))
    pairs = [{(i, j) for ja, en in some for i in ja for j in en} for some in (truth, test)]
    report.add(groups, "strict", len(truth & test), len(truth), len(test))
    report.add(groups, "pair", len(pairs[0] & pairs[1]), len(pairs[0]), len(pairs[1]))
    report.misses += [f"strict: {policy}: lines {ja} = {en} not found" for ja, en in sorted(truth - test)]


def _links(found: Path, documents: dict[tuple[str, str], Any]) -> dict[str, list[tuple[list[Span], list[Span]]]]:
    out: dict[str, list[tuple[list[Span], list[Span]]]] = defaultdict(list)
    for row in _rows(found / "records"):
        if row["ja"] and row["en"]:
            ja, en = ([(c["start"], c["end"]) for c in row[side]["clauses"]] for side in ("ja", "en"))
            out[row["policy"]].append((ja, en))
    return out


def _lines(text: str) -> list[Span]:
    """The spans of the lines that are not white space."""
    out, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            out.append((start, start + len(line)))
        start += len(line) + 1
    return out


def _touched(lines: Sequence[Span], spans: Sequence[Span]) -> tuple[int, ...]:
    """The lines of which the spans cover half, or that hold half of a span."""
    return tuple(
        number
        for number, (start, end) in enumerate(lines)
        if any(2 * (min(end, b) - max(start, a)) >= min(end - start, b - a) > 0 for a, b in spans)
    )


def _joined(links: Iterable[LineLink]) -> Iterator[LineLink]:
    """Links that share a line become one."""
    out: list[tuple[set[int], set[int]]] = []
    for ja, en in links:
        if not ja or not en:
            continue
        left, right = set(ja), set(en)
        for other in [link for link in out if link[0] & left or link[1] & right]:
            out.remove(other)
            left, right = left | other[0], right | other[1]
        out.append((left, right))
    return ((tuple(sorted(left)), tuple(sorted(right))) for left, right in out)


# --- clauses -----------------------------------------------------------------------------------------------------


def _score_clauses(report: Report, groups: Sequence[str], path: Path, document: dict[str, Any]) -> None:
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
    mentions = [mention for clause in document["clauses"] for mention in clause["mentions"]]
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
        over = [mention for mention in mentions if _overlap(term, mention)]
        hit = any(mention["concept"] == term["concept"] for mention in over)
        exact = any((mention["start"], mention["end"]) == (term["start"], term["end"]) for mention in over)
        counts["hit"] += hit
        counts["wrong"] += exact and not hit
        counts["confusable"] += term["confusable"]
        counts["confusable hit"] += term["confusable"] and hit
        if not hit:
            got = ", ".join(mention["concept"] for mention in over)
            report.misses.append(f"mentions: {name}: {term['concept']} {term['quote']!r} got {got or 'nothing'}")
    report.add(groups, "mentions", counts["hit"], len(terms))
    report.add(groups, "confusable", counts["confusable hit"], counts["confusable"])
    report.add(groups, "wrong_sense", counts["wrong"], len(terms))


def _overlap(a: dict[str, Any], b: dict[str, Any]) -> bool:
    return bool(min(a["end"], b["end"]) > max(a["start"], b["start"]))


def _unmatched(gold: Rows, found: Rows) -> tuple[Rows, Rows]:
    """The gold facts without a found one of their kind and place, and the other way round; each serves once."""
    free, missed = list(found), []
    for fact in gold:
        match = next((other for other in free if other["kind"] == fact["kind"] and _overlap(fact, other)), None)
        if match:
            free.remove(match)
        else:
            missed.append(fact)
    return missed, free


# --- files -------------------------------------------------------------------------------------------------------


def _rows(folder: Path) -> Iterator[dict[str, Any]]:
    paths = sorted(folder.glob("*.jsonl"))
    if not paths:
        raise InputError(f"{folder}: no JSON lines; give the folder that `normalizer run` has written")
    for path in paths:
        with path.open(encoding="utf-8") as file:
            yield from map(json.loads, file)


def _halves(gold: Path) -> dict[str, str]:
    """Policy → "tune" or "test", from the column `half` of the folder's manifest."""
    path = gold / "manifest.csv"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {row["policy"]: row["half"] for row in csv.DictReader(file) if row.get("half")}
