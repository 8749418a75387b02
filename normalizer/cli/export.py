"""The command `export`: the results of a run in the formats of other tools."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from normalizer.cli.shared import FILE, output, say
from normalizer.export.formats import FORMATS

if TYPE_CHECKING:
    from pathlib import Path

    from normalizer.export.formats import Format

KINDS = "; ".join(f"{name}: {format.what}" for name, format in FORMATS.items())
TAKEN = {
    option: [name for name, format in FORMATS.items() if option in format.options]
    for option in ("bom", "guard", "source", "base", "licence", "title")
}


@click.command(epilog=f"Formats: {KINDS}.")
@click.argument("run", metavar="DIR")
@click.option("--to", "name", type=click.Choice(list(FORMATS)), required=True, help="The format, see below.")
@click.option("--out", type=FILE, help="The file or folder; a text format goes to standard output without it.")
@click.option("--bom", is_flag=True, default=None, help="CSV, TSV: begin with a byte order mark, for Excel in Japan.")
@click.option(
    "--guard/--no-guard", default=None, help="CSV, TSV: keep spreadsheets from computing texts that begin with = + - @."
)
@click.option("--source", type=click.Choice(["ja", "en"]), help="XLIFF: the language translated from, ja if not given.")
@click.option("--base", help="JSON-LD: what the concepts' ids are put after instead of urn:policy-normalizer:.")
@click.option("--licence", help="Hugging Face: the licence of the policies' texts, such as cc-by-4.0.")
@click.option("--title", help="Hugging Face: the title of the dataset's card.")
def export(run: str, name: str, out: Path | None, **options: Any) -> None:
    """Write the results of `normalizer run` in another format.

    DIR is the folder of a run (a path or URL), one of its files of records, or - for records on standard input.
    """
    from normalizer.export.runs import Run

    format = FORMATS[name]
    chosen = {option: value for option, value in options.items() if value is not None}
    for option in chosen:
        if option not in format.options:
            raise click.UsageError(f"--to {name} takes no such option; it is for {', '.join(TAKEN[option])}")
    if out is None and (format.folder or (format.binary and sys.stdout.isatty())):
        raise click.UsageError(f"--to {name} needs --out: name a {'folder' if format.folder else 'file'}")
    module, read = _module(name, format), Run(run)
    source = read if format.reads == "run" else read.records()
    said = _written(module, source, out, format, dict(format.preset) | chosen)
    if said:
        say(said)


def _module(name: str, format: Format) -> Any:
    try:
        return import_module(format.module)
    except ModuleNotFoundError as error:
        if not format.extra or (error.name or "").startswith("normalizer"):
            raise
        raise click.UsageError(
            f"--to {name} needs {error.name}: pip install 'policy-normalizer[{format.extra}]'"
        ) from error


def _written(module: Any, source: Any, out: Path | None, format: Format, options: dict[str, Any]) -> str | None:
    """What the module says it wrote; a file is written whole or not at all."""
    said: str | None
    if format.folder:
        said = module.write(source, out, **options)
        return said
    said = None
    with output(out) as stream:
        said = module.write(source, stream, **options)
    return said
