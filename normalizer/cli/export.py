"""The command `export`: the results of a run in the formats of other tools."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from normalizer.cli.shared import FILE, say, write
from normalizer.export.formats import FORMATS

if TYPE_CHECKING:
    from pathlib import Path

    from normalizer.export.formats import Format

KINDS = "; ".join(f"{name}: {format.what}" for name, format in FORMATS.items())


@click.command(epilog=f"Formats: {KINDS}.")
@click.argument("run", type=FILE, metavar="DIR")
@click.option("--to", "name", type=click.Choice(list(FORMATS)), required=True, help="The format, see below.")
@click.option("--out", type=FILE, help="The file, or the folder of pages; standard output where that is possible.")
def export(run: Path, name: str, out: Path | None) -> None:
    """Write the results of `normalizer run` in another format.

    DIR is the folder of a run, one file of its records (.jsonl), or - for records on standard input.
    """
    from normalizer.export.runs import Run

    format = FORMATS[name]
    if format.needs_out and out is None:
        raise click.UsageError(f"--to {name} needs --out: name a file or folder for the results")
    module = _module(name, format)
    if format.needs_out:
        say(module.write(Run(run), out))
    elif out is None:
        write(module.chunks(Run(run)))
    else:
        _save(module.chunks(Run(run)), out)


def _module(name: str, format: Format) -> Any:
    try:
        return import_module(format.module)
    except ModuleNotFoundError as error:
        if not format.extra or (error.name or "").startswith("normalizer"):
            raise
        raise click.UsageError(
            f"--to {name} needs {error.name}: pip install 'policy-normalizer[{format.extra}]'"
        ) from error


def _save(chunks: Any, out: Path) -> None:
    """Bytes to a file, whole or not at all."""
    temporary = out.with_name(out.name + ".tmp")
    try:
        with temporary.open("wb") as file:
            file.writelines(chunks)
        temporary.replace(out)
    except OSError as error:
        raise click.UsageError(f"{out} cannot be written: {error.strerror or error}") from error
    finally:
        temporary.unlink(missing_ok=True)
