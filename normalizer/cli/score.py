"""The command `score`: figures of quality, and the gate on them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from normalizer.cli.shared import FILE, put, say

if TYPE_CHECKING:
    from pathlib import Path

    from normalizer.score import Report


@click.command()
@click.argument("gold", type=FILE)
@click.argument("found", type=FILE)
@click.option("--gate", type=FILE, help="A file of floors: exit 1 where a figure is below its own.")
@click.option("--update", is_flag=True, help="Raise the floors in the gate's file to the figures; none is lowered.")
@click.option("--misses", is_flag=True, help="List what was missed, on standard error.")
@click.option("--counts", is_flag=True, help="What the figures are made of: hits, in the gold, found.")
@click.option(
    "--worst", type=click.IntRange(1), help="Also list, for each figure, so many documents where it is worst."
)
@click.option("--json", "as_json", is_flag=True, help="Figures as JSON, for all groups and documents.")
def score(
    gold: Path,
    found: Path,
    gate: Path | None,
    update: bool,
    misses: bool,
    counts: bool,
    worst: int | None,
    as_json: bool,
) -> int:
    """Compare the run in the folder FOUND with the gold in the folder GOLD, and print figures of quality."""
    from normalizer import floors
    from normalizer.score import score as compare

    report = compare(gold, found)
    for line in report.misses if misses else ():
        say(line)
    put(_json(report, counts) if as_json else _table(report, counts))
    put(_worst(report, worst) if worst else ())
    if gate is None:
        return 0
    problems = (floors.update if update else floors.check)(report.figures(), gold, gate)
    for problem in problems:
        say(problem)
    return 1 if problems else 0


def _json(report: Report, counts: bool) -> list[str]:
    """All figures in one line; with the counts beside them, each is {"figure", "hit", "gold", "found"}."""
    figures: dict[str, dict[str, Any]] = {group: dict(report.figures(group)) for group in report.counts}
    if counts:
        for group, metrics in report.counts.items():
            figures[group] = {
                metric: {"figure": figures[group][metric], "hit": count.hit, "gold": count.gold, "found": count.found}
                for metric, count in metrics.items()
            }
    return [json.dumps(figures)]


def _table(report: Report, counts: bool) -> list[str]:
    """A column for each group of documents, a row for each metric: figures, or counts as hits, in the gold, found."""
    from normalizer.score import METRICS

    groups = [group for group in report.counts if not group.startswith("document")]
    width = 18 if counts else 12
    lines = [" ".join([f"{'':17}", *(f"{group:>{width}}" for group in groups)])]
    for metric in METRICS:
        cells = (_cell(report, group, metric, counts) for group in groups)
        lines.append(" ".join([f"{metric:17}", *(f"{cell:>{width}}" for cell in cells)]))
    return lines


def _cell(report: Report, group: str, metric: str, counts: bool) -> str:
    if metric not in report.counts[group]:
        return ""
    count = report.counts[group][metric]
    if counts:
        return f"{count.hit}/{count.gold}/{count.found}"
    return f"{report.figures(group)[metric]:.4f}"


def _worst(report: Report, most: int) -> list[str]:
    """For each metric the documents with the worst figures, the worst first."""
    from normalizer.floors import LOWER_IS_BETTER
    from normalizer.score import METRICS

    documents = [group for group in report.counts if group.startswith("document")]
    lines = ["", f"worst {most}:"]
    for metric in METRICS:
        known = [(report.figures(name)[metric], name) for name in documents if metric in report.counts[name]]
        ranked = sorted(known, key=lambda row: (-row[0] if metric in LOWER_IS_BETTER else row[0], row[1]))[:most]
        lines.append(
            f"{metric:17} " + ", ".join(f"{name.removeprefix('document ')} {value:.4f}" for value, name in ranked)
        )
    return lines
