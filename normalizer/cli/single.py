"""The commands `analyze`, `align` and `schema`: one policy, or one pair."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from normalizer.cli.shared import (
    FILE,
    FILL,
    FORMAT,
    MEMORY,
    OWN,
    make_normalizer,
    pair_name,
    put,
    source,
    versions,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("file", type=FILE)
@click.option("--format", type=FORMAT, help="Of the input; from the file's ending if not given.")
@OWN
def analyze(file: Path, format: str | None, own: tuple[Path, ...]) -> None:
    """Cut FILE into clauses and say what each is: JSON lines, one a clause."""
    from normalizer.lines import json_lines

    normalizer = make_normalizer(own)
    analysis = normalizer.analyze(source(file, format))
    write(line + b"\n" for line in json_lines(analysis))


@click.command()
@click.argument("ja", type=FILE)
@click.argument("en", type=FILE, required=False)
@click.option("--policy", help="The name of the pair in the records; that of the Japanese file if not given.")
@click.option("--format", type=FORMAT, help="Of both inputs; from the files' endings if not given.")
@FILL
@MEMORY
@OWN
def align(
    ja: Path,
    en: Path | None,
    policy: str | None,
    format: str | None,
    fill: str | None,
    memory: Path | None,
    own: tuple[Path, ...],
) -> None:
    """Align the Japanese policy JA with its English version EN: JSON lines, one a record.

    Without EN, JA is a file with both.
    """
    name = pair_name(ja, en)
    normalizer = make_normalizer(own, fill, memory)
    rows = normalizer.align(*versions(ja, en, format), policy or name)
    put(row.model_dump_json(by_alias=True) for row in rows)


@click.command()
@click.option("--of", type=click.Choice(["record", "clause"]), default="record", show_default=True)
def schema(of: str) -> None:
    """Print the JSON Schema of a record, or of a clause as `analyze` prints it."""
    from normalizer.records import ClauseLine, Record

    shape = Record if of == "record" else ClauseLine
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | shape.model_json_schema(by_alias=True)
    put([json.dumps(document, ensure_ascii=False, indent=2)])
