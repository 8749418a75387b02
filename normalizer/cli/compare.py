"""The commands `compare`, what two versions do not both say, and `check`, what the Act asks to be published."""

from __future__ import annotations

import sys
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from normalizer.cli.shared import FILE, FORMAT, OWN, make_normalizer, pair_name, put, say, source, versions
from normalizer.counted import counted
from normalizer.errors import NormalizerError

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from normalizer.duties import Duty, Place
    from normalizer.model import Analysis
    from normalizer.pipeline import Normalizer
    from normalizer.records import Difference, Record

SEVERITIES = ("high", "medium", "low")
COLOURS = {"high": "red", "medium": "yellow", "low": "dim", "not found": "red", "found": "green", "not asked": "dim"}
UNREADABLE = 3  # exit status where nothing could be compared; 1 says that something was found
SHOWN = 5  # clauses that are named for one duty
WIDTH = 160  # columns of a table that is written to a file or a pipe


def _readable(command: Callable[..., int]) -> Callable[..., int]:
    """The command, with an exit status of its own for what cannot be read."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> int:
        try:
            return command(*arguments, **options)
        except NormalizerError as error:
            say(f"normalizer: {error}")
            return UNREADABLE

    return run


@click.command()
@click.argument("ja", type=FILE)
@click.argument("en", type=FILE, required=False)
@click.option("--json", "as_json", is_flag=True, help="JSON lines, one a difference.")
@click.option("--html", type=FILE, help="Write a page with both versions side by side into this file.")
@click.option(
    "--severity",
    type=click.Choice(SEVERITIES),
    default="low",
    show_default=True,
    help="Tell, and exit 1 for, differences of this severity and above.",
)
@click.option("--format", type=FORMAT, help="Of both inputs; from the files' endings if not given.")
@OWN
@_readable
def compare(
    ja: Path,
    en: Path | None,
    as_json: bool,
    html: Path | None,
    severity: str,
    format: str | None,
    own: tuple[Path, ...],
) -> int:
    """Say where the Japanese policy JA and its English version EN differ; without EN, JA is a file with both.

    The gravest come first; each keeps its number in the order of the text, which the page and --json have.
    Exit status: 0 no difference, 1 differences, 2 misuse, 3 where a file cannot be read or compared.
    """
    name = pair_name(ja, en)
    normalizer = make_normalizer(own)
    left, right = normalizer.sides(*versions(ja, en, format))
    records = normalizer.align(left, right, name)
    wanted = SEVERITIES[: SEVERITIES.index(severity) + 1]
    told = [one for record in records for one in record.differences if one.severity in wanted]
    if html:
        _write_page(html, records, left, right, told, normalizer)
    if as_json:
        put(one.model_dump_json() for one in told)
    elif told:
        _show_differences(told, left, right)
    else:
        say("no difference found" + ("" if severity == "low" else f" of severity {' or '.join(wanted)}"))
    return 1 if told else 0


def _write_page(
    file: Path,
    records: Sequence[Record],
    ja: Analysis,
    en: Analysis,
    told: Sequence[Difference],
    normalizer: Normalizer,
) -> None:
    from normalizer.export.html import page  # Jinja2, which the other ways to tell can do without

    try:
        file.write_text(page(records, ja, en, told, normalizer.glossary), encoding="utf-8", newline="\n")
    except OSError as error:
        raise click.UsageError(f"{file} cannot be written: {error.strerror or error}") from error


def _show_differences(told: Sequence[Difference], ja: Analysis, en: Analysis) -> None:
    """A table, the gravest first: number in the order of the text, where, what, in both languages."""
    from rich.table import Table
    from rich.text import Text

    table = Table(show_lines=True, expand=True)
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("severity", no_wrap=True)
    table.add_column("code", overflow="fold")
    table.add_column("lines", no_wrap=True)
    table.add_column("difference", ratio=1, overflow="fold")
    for number, one in sorted(enumerate(told, start=1), key=lambda numbered: SEVERITIES.index(numbered[1].severity)):
        lines = [
            f"{side} {analysis.document.text.count(chr(10), 0, span.start) + 1}"
            for side, analysis, span in (("ja", ja, one.ja), ("en", en, one.en))
            if span
        ]
        message = f"{one.message['en']}\n{one.message['ja']}"
        severity = Text(one.severity, style=COLOURS[one.severity])
        table.add_row(str(number), severity, one.code, "\n".join(lines), Text(message))
    _print(table)
    counts = [f"{sum(one.severity == severity for one in told)} {severity}" for severity in SEVERITIES]
    say(f"{counted(len(told), 'difference')}: {', '.join(counts)}")


@click.command()
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="JSON lines, one a duty.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day whose version of the Act is asked; the policy's own date if not given.",
)
@click.option("--format", type=FORMAT, help="Of the input; from the file's ending if not given.")
@OWN
@_readable
def check(file: Path, as_json: bool, as_of: datetime.datetime | None, format: str | None, own: tuple[Path, ...]) -> int:
    """Say where FILE has what the Act asks a business to publish. No legal advice.

    Exit status: 0 all found, 1 something not found, 2 misuse, 3 where the file cannot be read.
    """
    duties = make_normalizer(own).check(source(file, format), as_of.date() if as_of else None)
    if as_json:
        put(duty.model_dump_json() for duty in duties)
    else:
        _show_duties(duties)
    return 1 if any(duty.status == "not found" for duty in duties) else 0


def _show_duties(duties: Sequence[Duty]) -> None:
    from rich.table import Table
    from rich.text import Text

    date = duties[0].as_of
    table = Table(title=f"The Act as of {date or 'now'}", title_justify="left", expand=True)
    table.add_column("Act", overflow="fold")
    table.add_column("in force from", no_wrap=True)
    table.add_column("asked", ratio=1, overflow="fold")
    table.add_column("", ratio=1, overflow="fold")
    for duty in duties:
        found = "\n".join(_place(place) for place in duty.places[:SHOWN])
        more = f"\nand {len(duty.places) - SHOWN} more" if len(duty.places) > SHOWN else ""
        where = f"found at\n{found}{more}" if duty.places else duty.status
        label = f"{duty.label['en']}\n{duty.label['ja']}"
        table.add_row(duty.article, str(duty.in_force_from), Text(label), Text(where, style=COLOURS[duty.status]))
    _print(table)
    say("This is a list for a reader, not legal advice: what is not found may be elsewhere, or not be asked of you.")


def _place(place: Place) -> str:
    """A clause as a reader finds it: its line, the heading above it, its number."""
    named = " ".join(filter(None, (place.heading, place.number)))
    return f"line {place.line}{f': {named}' if named else ''}"


def _print(table: object) -> None:
    """A table as wide as the terminal; elsewhere of a fixed width, so that its text is the same everywhere."""
    from rich.console import Console

    terminal = sys.stdout.isatty()
    console = Console(width=None if terminal else WIDTH)
    if terminal:
        console.print(table)
        return
    with console.capture() as captured:
        console.print(table)
    put([captured.get().rstrip("\n")])
