"""The commands `normalizer memory import|export|lookup|learn`: strings in, calls, lines out."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from normalizer.cli.progress import bytes_bar
from normalizer.cli.shared import FILE, output, put, say
from normalizer.counted import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from normalizer.memory import Added, Match, Unit
    from normalizer.memory.back import Conflict
    from normalizer.memory.exchange import Report
    from normalizer.records import Record

PART = "part-00000.jsonl"
SHOWN = 10  # conflicts and rivals that are told on standard error
MEMORY = click.option(
    "--memory",
    "path",
    type=FILE,
    required=True,
    envvar="NORMALIZER_MEMORY",
    help="The memory's file, or $NORMALIZER_MEMORY.",
)
STATE = click.Choice(["initial", "translated", "reviewed", "final"])


@click.group()
def memory() -> None:
    """Keep approved translations: import, learn, look up, export."""


@memory.command("import")
@click.argument("files", type=FILE, nargs=-1, required=True, metavar="FILE...")
@MEMORY
@click.option(
    "--state", type=STATE, default="translated", show_default=True, help="XLIFF: the lowest state that counts."
)
@click.option("--machine", is_flag=True, help="Take also what a machine filled in and nobody has touched since.")
@click.option("--records", "run", type=FILE, help="The run that was exported: its records get the translator's words.")
@click.option("--out", type=FILE, help="With --records: a new folder for the new records and conflicts.jsonl.")
@click.option("--overwrite", is_flag=True, help="With --records: also where the organisation published something else.")
def import_(
    files: Sequence[Path], path: Path, state: str, machine: bool, run: Path | None, out: Path | None, overwrite: bool
) -> int:
    """Take the units of TMX or XLIFF files (1.2, 2.0, 2.1) into the memory; it is made if it is not there.

    With --records the other side of the records that a translator has worked on is filled too, with origin "memory".
    Exit 1 where something needs a decision: see conflicts.jsonl.
    """
    from normalizer.memory.exchange import Report, units
    from normalizer.memory.writing import writing

    if (run is None) != (out is None):
        raise click.UsageError("--records and --out belong together")
    filled = dict(_filled(run)) if run else {}
    if out:
        _prepare(out)
    taken: list[Unit] = []
    with writing(path) as kept:
        for file in files:
            report = Report()
            with bytes_bar(file.stat().st_size if file.is_file() else 0, file.name) as heard:
                found = units(file, report, state, machine, filled, heard)
                added = kept.add(_noted(found, taken) if run else found)
            _tell(file, report, added)
        say(f"{path}: {counted(len(kept), 'unit')}")
    return _back(taken, run, out, overwrite) if run and out else 0


@memory.command()
@MEMORY
@click.option("--out", type=FILE, help="A file instead of standard output.")
def export(path: Path, out: Path | None) -> None:
    """Write the memory as TMX 1.4b, which CAT tools read."""
    from normalizer.memory import Memory
    from normalizer.memory.exchange import export as write

    with Memory.open(path) as kept, output(out) as stream:
        write(kept.units(), stream)


@memory.command()
@click.argument("texts", nargs=-1, required=True, metavar="TEXT...")
@MEMORY
@click.option(
    "--from", "language", type=click.Choice(["ja", "en"]), help="The language of TEXT; by its letters if not given."
)
@click.option("--limit", type=click.IntRange(1, 100), default=5, show_default=True, help="Matches of a text.")
@click.option("--threshold", type=click.IntRange(0, 101), default=75, show_default=True, help="Lowest per cent.")
@click.option("--json", "as_json", is_flag=True, help="For machines: a line a match.")
def lookup(texts: Sequence[str], path: Path, language: str | None, limit: int, threshold: int, as_json: bool) -> int:
    """Show the translations that the memory has for each TEXT, or for each line of standard input (-).

    Exit 1 where a text has none.
    """
    from normalizer.memory import Memory
    from normalizer.reading.writer import wide

    status = 0
    with Memory.open(path) as kept:
        for text in _asked(texts):
            japanese = language == "ja" if language else any(map(wide, text))
            found = kept.lookup(text, "ja" if japanese else "en", limit, threshold)
            if not found:
                status = 1
                say(f"{text}: no match of {threshold} % or more")
            put(_json(text, match) for match in found) if as_json else put(_lines(found))
    return status


@memory.command()
@click.argument("runs", type=FILE, nargs=-1, required=True, metavar="RUN...")
@MEMORY
@click.option(
    "--min-score", type=click.FloatRange(0, 1), default=0.9, show_default=True, help="Of links that are learned from."
)
def learn(runs: Sequence[Path], path: Path, min_score: float) -> None:
    """Learn from the aligned records of runs (folders, or files of records); the memory is made if it is not there."""
    from normalizer.export.runs import Run
    from normalizer.memory.learn import learned
    from normalizer.memory.writing import writing

    with writing(path) as kept:
        for run in runs:
            added = kept.add(learned(Run(run).records(), min_score))
            say(f"{run}: {_count(added)}")
        say(f"{path}: {counted(len(kept), 'unit')}")


def _noted(units: Iterator[Unit], taken: list[Unit]) -> Iterator[Unit]:
    """The units as they come, and into the list: the records need what the memory gets."""
    for unit in units:
        taken.append(unit)
        yield unit


# --- records -----------------------------------------------------------------------------------------------------


def _filled(run: Path) -> Iterator[tuple[str, str]]:
    """The ids of records of which a side was filled in, and what that says."""
    from normalizer.export.runs import Run

    for record in Run(run).records():
        for side in (record.ja, record.en):
            if side and side.origin != "source":
                yield record.id, side.text


def _back(units: list[Unit], run: Path, out: Path, overwrite: bool) -> int:
    from normalizer.export.runs import Run
    from normalizer.memory.back import Returned

    returned = Returned(units, overwrite)
    _write(map(returned.apply, Run(run).records()), run, out)
    conflicts = [*returned.conflicts, *returned.rest()]
    with (out / "conflicts.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps(asdict(conflict), ensure_ascii=False) + "\n" for conflict in conflicts)
    filled = f"{counted(returned.filled, 'record')} filled, {returned.same:,} as they were"
    say(f"{out}: {filled}, {counted(len(conflicts), 'conflict')}")
    for conflict in conflicts[:SHOWN]:
        say(_told(conflict))
    return 1 if conflicts else 0


def _write(records: Iterator[Record], run: Path, out: Path) -> None:
    """The records, and what else the run has, so that the new folder can be exported as the old one could."""
    from normalizer.batch.results import read_run

    (out / "records").mkdir()
    with (out / "records" / PART).open("wb") as file:
        file.writelines(record.model_dump_json(by_alias=True).encode() + b"\n" for record in records)
    if run.is_dir():
        shutil.copytree(run / "documents", out / "documents")
        manifest = json.dumps(read_run(run).manifest | {"records": [PART]}, ensure_ascii=False, indent=2)
        (out / "manifest.json").write_text(manifest + "\n", encoding="utf-8")


def _prepare(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        taken = next(out.iterdir(), None)
    except OSError as error:
        raise click.UsageError(
            f"{out}: cannot be written to ({error.strerror or error}); name another folder"
        ) from error
    if taken:
        raise click.UsageError(f"{out}: holds {taken.name!r} already; name a new folder")


# --- how things look ---------------------------------------------------------------------------------------------


def _asked(texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        if text == "-":
            lines = (line.decode("utf-8", "replace").strip() for line in sys.stdin.buffer)
            yield from filter(None, lines)
        else:
            yield text


def _json(text: str, match: Match) -> str:
    shown = {"text": text, "percent": match.percent, "target": match.target, "source": match.source, "unit": match.unit}
    shown |= {"adjusted": [asdict(change) for change in match.adjusted], "provenance": _provenance(match.stored)}
    return json.dumps(shown, ensure_ascii=False)


def _provenance(unit: Unit) -> dict[str, Any]:
    names = ("document", "record", "tool", "score", "origin", "category")
    return {name: getattr(unit, name) for name in names}


def _lines(found: Sequence[Match]) -> Iterator[str]:
    for match in found:
        unit = match.stored
        yield f"{match.percent} %  {match.target}"
        yield f"       {match.source}"
        for change in match.adjusted:
            yield f"       changed: {change.kind} {change.target[0] or '–'} → {change.target[1] or '–'}"
        place = unit.record or unit.document or "unknown"
        yield f"       from {place}, score {unit.score:g}, unit {match.unit}"


def _tell(file: Path, report: Report, added: Added) -> None:
    say(f"{file}: {report.read:,} entries, {report.taken:,} taken: {_count(added)}")
    for reason, count in sorted(report.left.items()):
        say(f"  left aside: {count:,} ({reason}; the first in line {report.first[reason]:,})")
    if report.codes:
        say(f"  inline markup was left out of {report.codes:,}")
    for unit, other in added.rivals[:SHOWN]:
        say(f"  another translation of {unit.ja!r} is known: {other!r}; both are kept")
    if len(added.rivals) > SHOWN:
        say(f"  … and {len(added.rivals) - SHOWN:,} more with another translation")


def _count(added: Added) -> str:
    return f"{added.added:,} new, {added.known:,} known, {added.replaced:,} in place of an earlier one"


def _told(conflict: Conflict) -> str:
    here = f" here: {conflict.here!r};" if conflict.here else ""
    return f"  {conflict.record}: {conflict.what};{here} there: {conflict.there!r}"
