"""The command `run`: many policies, with progress and a summary."""

from __future__ import annotations

import itertools
import json
import sys
from typing import TYPE_CHECKING, Any

import click

from normalizer.cli.shared import FILE, FILL, MEMORY, OWN, make_normalizer, say
from normalizer.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from normalizer.batch import Policy, Summary

SHOWN = 10  # failures that are told on standard error; all are in failures.jsonl
PAIR = "Find pairs by file name, or (auto) where a name finds none by content."


@click.command()
@click.argument("inputs", type=FILE, nargs=-1, required=True, metavar="INPUT...")
@click.option("--out", type=FILE, required=True, help="The folder for the results; an earlier run in it is replaced.")
@click.option("--format", type=click.Choice(["jsonl"]), default="jsonl", show_default=True, help="Of the records.")
@click.option("--pair", type=click.Choice(["name", "auto"]), default="name", show_default=True, help=PAIR)
@click.option("--quiet", is_flag=True, help="No progress and no summary.")
@FILL
@MEMORY
@OWN
def run(
    inputs: tuple[Path, ...],
    out: Path,
    format: str,
    pair: str,
    quiet: bool,
    fill: str | None,
    memory: Path | None,
    own: tuple[Path, ...],
) -> int:
    """Pair, align and write all policies in INPUT...: files, folders, or manifests (CSV: policy, ja, en).

    Files pair by name: x.ja.txt with x.en.txt, ja/x.txt with en/x.txt. A file in both languages is a pair by itself;
    one without a partner gives records with one side. Written are OUT/records, OUT/documents, OUT/failures.jsonl and
    OUT/manifest.json, which tells how each pair was found.
    """
    from normalizer.batch import Summary, pair_by_content, plan
    from normalizer.batch import run as run_batch

    policies, refusals = plan(inputs)
    normalizer = make_normalizer(own, fill, memory)
    if pair == "auto":
        with _Progress(len(policies), quiet) as progress:
            policies = pair_by_content(policies, normalizer, lambda policy: progress.step(policy, Summary()))
    with _Progress(len(policies), quiet) as progress:
        try:
            summary = run_batch(policies, refusals, out, normalizer, progress.step)
        except InputError as error:  # the folder for the results is no such folder
            raise click.UsageError(str(error)) from error
    if not quiet:
        _summarize(summary, out)
    return 1 if summary.failures else 0


class _Progress:
    """A progress bar on standard error where that is a terminal; nothing elsewhere."""

    def __init__(self, total: int, quiet: bool) -> None:
        self._total, self._shown = total, sys.stderr.isatty() and not quiet
        self._bar: Any = None
        self.step: Callable[[Policy, Summary], None] = self._step

    def __enter__(self) -> _Progress:
        if self._shown:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            columns = (
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                TextColumn("{task.fields[counts]}"),
            )
            self._bar = Progress(*columns, console=Console(stderr=True))
            self._bar.start()
            self._task = self._bar.add_task("policies", total=self._total, counts="")
        return self

    def _step(self, policy: Policy, summary: Summary) -> None:
        if self._bar:
            counts = f"{summary.clauses:,} clauses, {summary.failures:,} failures"
            self._bar.update(self._task, advance=1, counts=counts)

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()


def _summarize(summary: Summary, out: Path) -> None:
    say(
        f"{summary.policies:,} policies ({summary.pairs:,} in both languages), {summary.documents:,} documents, "
        f"{summary.clauses:,} clauses → {summary.records:,} records in {out / 'records'}"
    )
    if not summary.failures:
        return
    with (out / "failures.jsonl").open(encoding="utf-8") as failures:
        for line in itertools.islice(failures, SHOWN):
            say(f"failed: {json.loads(line)['message']}")
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in sorted(summary.reasons.items()))
    say(f"{summary.failures:,} of {summary.inputs:,} inputs failed ({reasons}): see {out / 'failures.jsonl'}")
