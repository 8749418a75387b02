"""Gold and what was found → figures: precision, recall and F1 of every stage, by language, by document, by half.

The gold of a policy NAME is NAME.gold.json (line links) beside its texts, and gold/NAME.ja.json and .en.json
(clauses, terms, facts). What was found is the folder of a run. Links are compared over the lines of the texts, so
that a finer or coarser segmentation is no mistake by itself: `strict` counts whole links, `pair` single pairs of
lines (after Véronis and Langlais 2000). The planted differences are in NAME.differences.csv.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from normalizer.batch.results import read_run
from normalizer.errors import InputError
from normalizer.score.clauses import score_clauses
from normalizer.score.concepts import recorded, score_concepts
from normalizer.score.counts import Count, Report
from normalizer.score.differences import score_differences, told_differences
from normalizer.score.files import halves as _halves
from normalizer.score.lines import LineLink, Span
from normalizer.score.lines import joined as _joined
from normalizer.score.lines import lines as _lines
from normalizer.score.lines import touched as _touched
from normalizer.score.links import found_links, score_links

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["METRICS", "Count", "LineLink", "Report", "Span", "_halves", "_joined", "_lines", "_touched", "score"]

METRICS = (
    *("strict", "pair", "boundary", "tree", "kind", "language", "category", "category_lenient"),
    *("mentions", "mention_precision", "confusable", "senses", "wrong_sense", "facts"),
    *("concepts_equal", "linked_mentions", "linked_precision", "linked_senses"),
    *("differences", "differences_lines", "false_alarms"),
)


def score(gold: Path, found: Path) -> Report:
    """Compare the run in the folder `found` with the gold in `gold`. Raises InputError where either is incomplete."""
    report = Report()
    run = read_run(found)
    documents = {(row["policy"], row["side"]): row for row in run.documents()}
    links = found_links(run, documents)
    halves, told, named = _halves(gold), told_differences(run), recorded(run)
    for path in sorted(gold.glob("*.gold.json")):
        policy = path.name.removesuffix(".gold.json")
        groups = ["all", f"document {policy}", *([f"half {halves[policy]}"] if policy in halves else [])]
        score_links(report, groups, path, policy, documents, links.get(policy, []))
        score_differences(report, groups, path, documents, told.get(policy, []))
        score_concepts(report, groups, path, documents, named)
        for side in ("ja", "en"):
            clauses = gold / "gold" / f"{policy}.{side}.json"
            if clauses.is_file() and (policy, side) in documents:
                score_clauses(report, [*groups, f"language {side}"], clauses, documents[policy, side])
    if not report.counts:
        raise InputError(f"{gold}: no gold in it; gold is in files named POLICY.gold.json")
    return report
