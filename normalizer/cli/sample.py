"""The command `sample`: policies to try the others on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from normalizer.cli.shared import FILE, say

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("folder", type=FILE, default="policies", metavar="[DIR]")
def sample(folder: Path) -> None:
    """Copy three bilingual policies of fictional organisations into DIR (policies if not given), to try things on."""
    from normalizer.errors import InputError
    from normalizer.sample import copy_sample

    try:
        files = copy_sample(folder)
    except InputError as error:
        raise click.UsageError(str(error)) from error
    say(f"{len(files)} files in {folder}; next: normalizer run {folder} --out out")
