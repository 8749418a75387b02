"""The command `score`: figures of quality, and the gate on them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

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
@click.option("--json", "as_json", is_flag=True, help="Figures as JSON.")
def score(gold: Path, found: Path, gate: Path | None, update: bool, misses: bool, as_json: bool) -> int:
    """Compare the run in the folder FOUND with the gold in the folder GOLD, and print figures of quality."""
    from normalizer import floors
    from normalizer.score import score as compare

    report = compare(gold, found)
    for line in report.misses if misses else ():
        say(line)
    put(_figures(report, as_json))
    if gate is None:
        return 0
    problems = (floors.update if update else floors.check)(report.figures(), gold, gate)
    for problem in problems:
        say(problem)
    return 1 if problems else 0


def _figures(report: Report, as_json: bool) -> list[str]:
    """A table of the figures, a column for each group of documents."""
    from normalizer.score import METRICS

    groups = [group for group in report.counts if not group.startswith("document")]
    if as_json:
        return [json.dumps({group: report.figures(group) for group in report.counts})]
    lines = [" ".join([f"{'':17}", *(f"{group:>12}" for group in groups)])]
    for metric in METRICS:
        cells = [report.figures(group).get(metric) for group in groups]
        shown = " ".join(f"{'':>12}" if cell is None else f"{cell:12.4f}" for cell in cells)
        lines.append(f"{metric:17} {shown}")
    return lines
