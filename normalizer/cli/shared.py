"""What the commands share: options, reading a source, printing results and talk."""

from __future__ import annotations

import os
import secrets
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from normalizer.collecting import lasting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import BinaryIO

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


def versions(ja: Path, en: Path | None, format: str | None) -> tuple[Document, Document]:
    """The Japanese policy and its English version; a file that is given alone holds both."""
    first = source(ja, format)
    if en is not None:
        return first, source(en, format)
    from normalizer.language import document_language
    from normalizer.mixed import sides
    from normalizer.pipeline import NAMES

    language = document_language(first.text, first.id)
    if sides(first) is None:
        raise click.UsageError(f"{first.id}: in {NAMES[language]} only; give both, the Japanese policy and the English")
    return first, first


def pair_name(ja: Path, en: Path | None) -> str:
    """The name of a pair: that of its Japanese file, or of the other where that is standard input."""
    if str(ja) == str(en) == "-":
        raise click.UsageError("only one side can come from standard input")
    file = ja if str(ja) != "-" else en
    return _policy_name(file) if file else "standard input"


def _policy_name(file: Path) -> str:
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
    with output(None) as out:
        out.writelines(chunks)


@contextmanager
def output(file: Path | None) -> Iterator[BinaryIO]:
    """A stream into a file, which is written whole or not at all, or to standard output where there is none."""
    if file is None:
        try:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            gone()
        except OSError as error:
            gone()
            raise click.UsageError(f"standard output cannot be written: {error.strerror or error}") from error
        return
    temporary = file.with_name(f"{file.name}.{secrets.token_hex(8)}.tmp")  # not another's who writes the same file
    try:
        with temporary.open("wb") as stream:
            yield stream
        temporary.replace(file)
    except OSError as error:
        raise click.UsageError(f"{file} cannot be written: {error.strerror or error}") from error
    finally:
        temporary.unlink(missing_ok=True)


def gone() -> None:
    """The reader of standard output (head, less) has gone: what is left in the buffer goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(message: str) -> None:
    """Talk, to standard error."""
    click.echo(message, err=True)
