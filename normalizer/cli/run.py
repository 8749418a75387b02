"""The command `run`: many policies, with progress and a summary."""

from __future__ import annotations

import json
import re
import time
from contextlib import ExitStack, closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from normalizer.cli.progress import KINDS, Progress
from normalizer.cli.shared import FILL, MEMORY, OWN, say
from normalizer.cli.shared import tools as tools_of
from normalizer.counted import counted
from normalizer.errors import InputError, NormalizerError

if TYPE_CHECKING:
    from normalizer.batch import Columns, Plan, Summary, Tools
    from normalizer.batch.engine import Engine
    from normalizer.pipeline import Normalizer

SHOWN = 10  # failures that are told on standard error; all are in failures.jsonl
FORMATS = ("jsonl", "jsonl.gz", "jsonl.zst", "parquet")
PAIR = "Find pairs by file name, or (auto) where a name finds none by content."
OUT = "The folder for the results, a path or a URL; what an earlier run did there is taken over."
WORKERS = "Worker processes; as many as there are cores if not given. 0: none, for debugging."
SCHEDULER = "Of the Dask cluster, tcp://HOST:PORT; a cluster on this machine if not given."
RESUME = "Take over what an earlier run in the folder has done, or do all anew."
RETRY = "Do again what failed in an earlier run."
TIME = "Seconds that one document may take; then it is a failure."
HELD = "Megabytes that a worker may hold; the document that takes more is a failure."
CHUNK = "Kilobytes of input that are worked on together and give one part file; by the size of the whole if not given."
COLUMNS = "Which columns of JSON lines and Parquet files hold what: text=body,id=url,language=lang,ja=…,en=…,format=…"
PROGRESS = "On standard error: a bar on a terminal and plain lines elsewhere (auto), JSON lines, or none."


def _columns(_: click.Context, __: click.Parameter, given: str) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in filter(None, given.split(","))]
    if not all(kind and equals and name for kind, equals, name in pairs):
        raise click.BadParameter("give kind=column pairs, parted by commas: text=body,id=url")
    return {kind.strip(): name.strip() for kind, _, name in pairs}


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--out", required=True, help=OUT)
@click.option("--format", type=click.Choice(FORMATS), default="jsonl", show_default=True, help="Of the part files.")
@click.option("--pair", type=click.Choice(["name", "auto"]), default="name", show_default=True, help=PAIR)
@click.option("--workers", type=click.IntRange(0, 1024), help=WORKERS)
@click.option("--engine", type=click.Choice(["local", "dask"]), default="local", show_default=True)
@click.option("--scheduler", help=SCHEDULER)
@click.option("--resume/--no-resume", default=True, show_default=True, help=RESUME)
@click.option("--retry-failures", "retry", is_flag=True, help=RETRY)
@click.option("--time-limit", type=click.FloatRange(0.1), default=120.0, show_default=True, help=TIME)
@click.option("--memory-limit", type=click.IntRange(64), default=2048, show_default=True, help=HELD)
@click.option("--chunk-size", type=click.IntRange(1), help=CHUNK)
@click.option("--columns", default="", callback=_columns, help=COLUMNS)
@click.option("--progress", "kind", type=click.Choice(KINDS), default="auto", show_default=True, help=PROGRESS)
@click.option("--quiet", is_flag=True, help="No progress and no summary.")
@FILL
@MEMORY
@OWN
def run(inputs: tuple[str, ...], out: str, quiet: bool, own: tuple[Path, ...], **chosen: Any) -> int:
    """Pair, align and write all policies in INPUT...: files, folders, patterns, archives (.zip, .tar.gz), tables with
    text columns (.jsonl, .parquet), crawls (.warc.gz), URLs (s3://…), or manifests (CSV: policy, ja, en).

    Files pair by name: x.ja.txt with x.en.txt, ja/x.txt with en/x.txt. A file in both languages is a pair by itself;
    one without a partner gives records with one side. Written are OUT/records, OUT/documents, OUT/failures.jsonl,
    OUT/duplicates.jsonl and OUT/manifest.json. Run again with more inputs, it does what is new or changed; broken off
    and given again, it goes on.
    """
    from normalizer.batch import Columns, Tools
    from normalizer.batch.engine import prepare

    began = time.monotonic()
    kind = "none" if quiet else chosen["kind"]
    if chosen["workers"] != 0 and chosen["engine"] == "local":
        prepare()
    try:
        columns = Columns.named(chosen["columns"])
    except InputError as error:
        raise click.BadParameter(str(error), param_hint="--columns") from error
    try:
        tools = Tools.of(**tools_of(own, chosen["fill"], chosen["memory"]))
        summary, passed = _run(inputs, out, tools, columns, chosen, kind)
    except InputError as error:  # the folder for the results is no such folder, or another run is at work there
        raise click.UsageError(str(error)) from error
    except NormalizerError as error:  # full disks, workers that cannot start
        say(f"normalizer: {error}")
        return 1
    if kind == "json":
        say(json.dumps({"event": "end", **asdict(summary), "passed": passed}))
    elif not quiet:
        for message in passed:
            say(_shown(message))
        _summarize(summary, out, time.monotonic() - began)
    return 1 if summary.failures else 0


def _run(
    inputs: tuple[str, ...], out: str, tools: Tools, columns: Columns, chosen: dict[str, Any], kind: str
) -> tuple[Summary, list[str]]:
    """Plan, pair, and run; all that was opened is closed, whatever happens. Also what of the inputs was passed over."""
    from normalizer.batch import Settings, pair_by_content, plan
    from normalizer.batch.run import run_in
    from normalizer.batch.store import store_of

    normalizer = tools.build()  # tables that do not hold together are told of before anything else
    store = store_of(out)
    store.prepare()
    with ExitStack() as stack:
        stack.enter_context(store.locked())  # before the plan, which unpacks into the folder
        made = stack.enter_context(plan(inputs, _spool(out), columns))
        engine = stack.enter_context(closing(_engine(tools, normalizer, made, chosen)))
        if chosen["pair"] == "auto":
            with Progress(made.size, kind, "files read") as reading:
                pair_by_content(made, engine, normalizer.embedder, reading.count)
        progress = stack.enter_context(Progress(made.size, kind))
        chunk = chosen["chunk_size"] and 1024 * chosen["chunk_size"]
        settings = Settings(chosen["format"], chosen["resume"], chosen["retry"], chunk)
        return run_in(store, made, normalizer, engine, settings, tools, progress.step), made.passed


def _spool(out: str) -> Any:
    """Beside the results, where every worker sees it; in the temporary folder where the results are behind a URL."""
    from normalizer.batch.remote import is_url
    from normalizer.batch.spool import Spool
    from normalizer.batch.store import STATE

    return None if is_url(out) else Spool(Path(out, STATE, "inputs"))


def _engine(tools: Tools, normalizer: Normalizer, plan: Plan, chosen: dict[str, Any]) -> Engine:
    from normalizer.batch import Here, Limits, Processes, usable_cores

    limits = Limits(chosen["time_limit"], chosen["memory_limit"])
    workers = usable_cores() if chosen["workers"] is None else chosen["workers"]
    if chosen["engine"] == "dask":
        from normalizer.batch.cluster import Cluster

        return Cluster(tools, limits, chosen["scheduler"], max(1, workers))
    if chosen["scheduler"]:
        raise click.UsageError("--scheduler goes with --engine dask")
    chunks = sum(1 for _ in plan.chunks(chosen["chunk_size"] and 1024 * chosen["chunk_size"]))
    return Processes(tools, min(workers, chunks), limits) if workers else Here(normalizer)


def _summarize(summary: Summary, out: str, seconds: float) -> None:
    say(
        f"{counted(summary.policies, 'policy', 'policies')} ({summary.pairs:,} in both languages), "
        f"{counted(summary.documents, 'document')}, {counted(summary.clauses, 'clause')} → "
        f"{counted(summary.records, 'record')} in {out}/records"
    )
    if summary.duplicates:
        copies = "document is, or nearly is, a copy of another", "documents are, or nearly are, copies of others"
        say(f"{counted(summary.duplicates, *copies)}: see {out}/duplicates.jsonl")
    both = f" - {counted(summary.mixed, 'file')} in both languages" if summary.mixed else ""
    say(
        f"{counted(summary.inputs, 'input')} = {counted(summary.documents, 'document')} + "
        f"{counted(summary.failures, 'failure')}{both}; "
        f"{_duration(seconds)}, {_pace(summary, seconds)}"
    )
    if summary.failures:
        _tell_failures(summary, out)


def _tell_failures(summary: Summary, out: str) -> None:
    from normalizer.batch import read_run

    rows = read_run(out).failures()
    for _, row in zip(range(SHOWN), rows, strict=False):
        say("failed: " + _shown(row["message"]))
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in sorted(summary.reasons.items()))
    say(f"{summary.failures:,} of {counted(summary.inputs, 'input')} failed ({reasons}): see {out}/failures.jsonl")
    for reason, count in sorted(summary.reasons.items(), key=lambda row: (-row[1], row[0])):
        say(f"  {reason:<10} {count:>10,} {count / summary.inputs:>7.1%}")


def _shown(message: str) -> str:
    """A message on one line; what steers a terminal, as names of files can, is written out."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", lambda found: f"\\x{ord(found[0]):02x}", " ".join(message.split()))


def _pace(summary: Summary, seconds: float) -> str:
    """How many documents a second this run has read; what an earlier one had done tells nothing of speed."""
    new = summary.documents - summary.taken
    taken = f", {summary.taken:,} taken over from an earlier run" if summary.taken else ""
    return f"{new / max(seconds, 0.001):,.1f} documents/s{taken}" if new or not taken else taken.removeprefix(", ")


def _duration(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 100 else f"{int(seconds // 60)} min {int(seconds % 60)} s"
