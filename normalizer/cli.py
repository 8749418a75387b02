"""The command `normalizer`: strings in, calls, lines out. Results go to standard output, talk to standard error.

Exit status: 0 fine, 1 a document failed, 2 misuse.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from normalizer import __version__
from normalizer.errors import InputError, NormalizerError
from normalizer.glossary_cli import OWN, glossary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from normalizer.batch import Policy, Summary
    from normalizer.model import Document
    from normalizer.score import Report

FORMAT = click.Choice(["text", "markdown", "html", "pdf", "docx"])
SHOWN = 10  # failures that are told on standard error; all are in failures.jsonl
FILE = click.Path(path_type=Path)
PAIR = "Find pairs by file name, or (auto) where a name finds none by content."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status is returned, never raised."""
    try:
        status = commands.main(args=list(arguments) if arguments is not None else None, standalone_mode=False)
    except click.exceptions.Exit as exit:
        return exit.exit_code
    except click.ClickException as error:
        error.show()
        return 2
    except click.Abort:
        _say("stopped")
        return 130
    except NormalizerError as error:
        _say(f"normalizer: {error}")
        return 1
    return status if isinstance(status, int) else 0


def entry() -> None:
    """The console script."""
    sys.exit(main())


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="normalizer")
def commands() -> None:
    """Read Japanese and English privacy policies side by side.

    FILE is a policy: plain text (.txt), Markdown (.md), HTML, PDF or Word (.docx); - is standard input.
    """


@commands.command()
@click.argument("file", type=FILE)
@click.option("--format", type=FORMAT, help="Of the input; from the file's ending if not given.")
@OWN
def analyze(file: Path, format: str | None, own: tuple[Path, ...]) -> None:
    """Cut FILE into clauses and say what each is: JSON lines, one a clause."""
    normalizer = _normalizer(own)
    analysis = normalizer.analyze(_source(file, format))
    _print(line.model_dump_json() for line in normalizer.lines(analysis))


@commands.command()
@click.argument("ja", type=FILE)
@click.argument("en", type=FILE)
@click.option("--policy", help="The name of the pair in the records; that of the Japanese file if not given.")
@click.option("--format", type=FORMAT, help="Of both inputs; from the files' endings if not given.")
@OWN
def align(ja: Path, en: Path, policy: str | None, format: str | None, own: tuple[Path, ...]) -> None:
    """Align the Japanese policy JA with its English version EN: JSON lines, one a record."""
    if str(ja) == str(en) == "-":
        raise click.UsageError("only one side can come from standard input")
    normalizer = _normalizer(own)
    name = policy or _policy_name(ja if str(ja) != "-" else en)
    rows = normalizer.align(_source(ja, format), _source(en, format), name)
    _print(row.model_dump_json(by_alias=True) for row in rows)


@commands.command()
@click.argument("inputs", type=FILE, nargs=-1, required=True, metavar="INPUT...")
@click.option("--out", type=FILE, required=True, help="The folder for the results; an earlier run in it is replaced.")
@click.option("--format", type=click.Choice(["jsonl"]), default="jsonl", show_default=True, help="Of the records.")
@click.option("--pair", type=click.Choice(["name", "auto"]), default="name", show_default=True, help=PAIR)
@click.option("--quiet", is_flag=True, help="No progress and no summary.")
@OWN
def run(inputs: tuple[Path, ...], out: Path, format: str, pair: str, quiet: bool, own: tuple[Path, ...]) -> int:
    """Pair, align and write all policies in INPUT...: files, folders, or manifests (CSV: policy, ja, en).

    Files pair by name: x.ja.txt with x.en.txt, ja/x.txt with en/x.txt. A file in both languages is a pair by itself;
    one without a partner gives records with one side. Written are OUT/records, OUT/documents, OUT/failures.jsonl and
    OUT/manifest.json, which tells how each pair was found.
    """
    from normalizer.batch import Summary, pair_by_content, plan
    from normalizer.batch import run as run_batch

    policies, refusals = plan(inputs)
    normalizer = _normalizer(own)
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


@commands.command()
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
        _say(line)
    _print(_figures(report, as_json))
    if gate is None:
        return 0
    problems = (floors.update if update else floors.check)(report.figures(), gold, gate)
    for problem in problems:
        _say(problem)
    return 1 if problems else 0


@commands.command()
@click.option("--of", type=click.Choice(["record", "clause"]), default="record", show_default=True)
def schema(of: str) -> None:
    """Print the JSON Schema of a record, or of a clause as `analyze` prints it."""
    from normalizer.records import ClauseLine, Record

    shape = Record if of == "record" else ClauseLine
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | shape.model_json_schema(by_alias=True)
    _print([json.dumps(document, ensure_ascii=False, indent=2)])


commands.add_command(glossary)


# --- what the commands share -------------------------------------------------------------------------------------


def _normalizer(own: Sequence[Path]) -> Any:
    from normalizer.pipeline import Normalizer  # half a second of imports that --help need not wait for

    return Normalizer(extra_terms=own)


def _source(file: Path, format: str | None) -> Document:
    from normalizer import reading

    if str(file) == "-":
        return reading.read(sys.stdin.buffer.read(), "standard input", format)
    return reading.read(file, format=format)


def _policy_name(file: Path) -> str:
    from normalizer.batch.plan import MARKED
    from normalizer.reading import printable

    stem = printable(file.name.removesuffix(file.suffix))
    found = MARKED.fullmatch(stem)
    return found["stem"] if found else stem


def _print(lines: Iterable[str]) -> None:
    out = sys.stdout.buffer
    try:
        for line in lines:
            out.write(line.encode("utf-8") + b"\n")
        out.flush()
    except BrokenPipeError:  # the reader (head, less) has gone; what is left in the buffer goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(message: str) -> None:
    click.echo(message, err=True)


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
    _say(
        f"{summary.policies:,} policies ({summary.pairs:,} in both languages), {summary.documents:,} documents, "
        f"{summary.clauses:,} clauses → {summary.records:,} records in {out / 'records'}"
    )
    if not summary.failures:
        return
    with (out / "failures.jsonl").open(encoding="utf-8") as failures:
        for line in itertools.islice(failures, SHOWN):
            _say(f"failed: {json.loads(line)['message']}")
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in sorted(summary.reasons.items()))
    _say(f"{summary.failures:,} of {summary.inputs:,} inputs failed ({reasons}): see {out / 'failures.jsonl'}")


def _figures(report: Report, as_json: bool) -> list[str]:
    """A table of the figures, a column for each group of documents."""
    import json

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
