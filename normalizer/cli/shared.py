"""What the commands share: options, reading a source, printing results and talk."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from normalizer.collecting import lasting

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from normalizer.model import Document
    from normalizer.pipeline import Normalizer

FORMAT = click.Choice(["text", "markdown", "html", "pdf", "docx"])
FILE = click.Path(path_type=Path)
OWN = click.option(
    "--glossary",
    "own",
    type=FILE,
    multiple=True,
    help="Your own terms, CSV with the columns of terms.csv or TBX; they add to the shipped ones and override them.",
)
FILL = click.option("--fill", help="Where a missing side comes from, in this order: memory,argos.")
MEMORY = click.option("--memory", type=FILE, help="The translation memory that --fill memory looks into.")


def tools(own: Sequence[Path], fill: str | None = None, memory: Path | None = None) -> dict[str, Any]:
    """The arguments of Normalizer: the user's own tables, and where missing sides come from ("memory,argos")."""
    order = tuple(filter(None, (fill or "").split(",")))
    if unknown := set(order) - {"memory", "argos"}:
        raise click.UsageError(f"--fill takes memory and argos, with a comma between them, not {unknown.pop()!r}")
    if ("memory" in order) != (memory is not None):
        raise click.UsageError("--fill memory needs --memory FILE, and the other way round")
    return {"extra_terms": tuple(own), "fill": order, "memory": memory}


def make_normalizer(own: Sequence[Path], fill: str | None = None, memory: Path | None = None) -> Normalizer:
    """The tools themselves; see `tools`."""
    arguments = tools(own, fill, memory)
    from normalizer.pipeline import Normalizer  # half a second of imports that --help need not wait for

    return lasting(lambda: Normalizer(**arguments))


def source(file: Path, format: str | None) -> Document:
    """The policy in a file, or on standard input where the file is "-"."""
    from normalizer import reading

    if str(file) == "-":
        return reading.read(sys.stdin.buffer.read(), "standard input", format)
    return reading.read(file, format=format)


def policy_name(file: Path) -> str:
    """The name of the pair that a file is a side of: x.ja.txt is of x."""
    from normalizer.batch.plan import MARKED
    from normalizer.reading import printable

    stem = printable(file.name.removesuffix(file.suffix))
    found = MARKED.fullmatch(stem)
    return found["stem"] if found else stem


def put(lines: Iterable[str]) -> None:
    """Results, a line each, to standard output."""
    write(f"{line}\n".encode() for line in lines)


def write(chunks: Iterable[bytes]) -> None:
    """Bytes to standard output as they come."""
    out = sys.stdout.buffer
    try:
        for chunk in chunks:
            out.write(chunk)
        out.flush()
    except BrokenPipeError:
        gone()


def gone() -> None:
    """The reader of standard output (head, less) has gone: what is left in the buffer goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(message: str) -> None:
    """Talk, to standard error."""
    click.echo(message, err=True)
