"""The commands `normalizer models list|install|path`: the packages that Argos Translate runs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from normalizer.cli.progress import bytes_bar
from normalizer.cli.shared import put, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normalizer.models import Installed, Published

DIRECTIONS = ("ja-en", "en-ja")


@click.group()
def models() -> None:
    """Translation packages of Argos Translate. Nothing is ever fetched but by `models install`."""


@models.command()
def path() -> None:
    """Print the folder in which the packages are: $ARGOS_PACKAGES_DIR, or where Argos Translate keeps them."""
    from normalizer.models import packages_folder

    put([str(packages_folder())])


@models.command("list")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def list_(as_json: bool) -> None:
    """List the packages that are installed, and those that `install` can verify. Works offline."""
    from normalizer.glossary import glossary_folder
    from normalizer.models import installed, published

    here, known = installed(), published(glossary_folder())
    rows = [_row(its) for its in here]
    there = {(its.name, its.version) for its in here}
    rows += [_offer(its) for its in known if (its.name, its.version) not in there]
    put(json.dumps(row, ensure_ascii=False) for row in rows) if as_json else put(map(_line, rows))


@models.command()
@click.argument("what", nargs=-1, required=True, metavar="WHAT...")
@click.option("--unverified", is_flag=True, help="Also what is not known by its SHA-256.")
def install(what: Sequence[str], unverified: bool) -> None:
    """Install WHAT: ja-en or en-ja from the official index of Argos Translate, or a file FILE.argosmodel.

    Size and SHA-256 are verified where this program knows them; a package that it does not know is fetched only with
    --unverified. The file is checked before anything of it is used, and installed wholly or not at all.
    """
    for one in what:
        if one not in DIRECTIONS and not one.endswith(".argosmodel"):
            raise click.UsageError(f"{one!r} is neither {' nor '.join(DIRECTIONS)} nor a file that ends in .argosmodel")
    from normalizer.glossary import glossary_folder
    from normalizer.models import install_file, published

    known = published(glossary_folder())
    for one in what:
        done = (
            _fetched(one, known, unverified) if one in DIRECTIONS else install_file(Path(one), known, None, unverified)
        )
        _try(done)
        say(f"installed {done.name} {done.version} in {done.path}")


def _try(done: Installed) -> None:
    """Remove a package again that does not run, before a run of many policies finds out. Raises ModelError."""
    from normalizer.errors import ModelError
    from normalizer.translate.engine import runs

    if not runs(done):
        shutil.rmtree(done.path, ignore_errors=True)
        raise ModelError(f"{done.name} {done.version} has all files, but does not run; it was removed again")


def _fetched(direction: str, known: Sequence[Published], unverified: bool) -> Installed:
    from normalizer.errors import ModelError
    from normalizer.models import install_published, offered

    source, target = direction.split("-")
    wanted = offered(source, target, known)
    if not wanted.sha256 and not unverified:
        raise ModelError(
            f"{wanted.url}: the index offers {wanted.name} {wanted.version}, whose SHA-256 this program does not know; "
            "add --unverified if you trust where it comes from"
        )
    size = f"{wanted.size / 1e6:,.1f} MB" if wanted.size else "size not known"
    say(f"{wanted.name} {wanted.version}, {size}, from {wanted.url}")
    say(f"licence: {wanted.licence or 'not known'}")
    with bytes_bar(wanted.size, "package") as progress:
        return install_published(wanted, progress=progress)


def _row(its: Installed) -> dict[str, object]:
    return {"name": its.name, "version": its.version, "installed": True, "path": str(its.path)}


def _offer(its: Published) -> dict[str, object]:
    row: dict[str, object] = {"name": its.name, "version": its.version, "installed": False}
    return row | {"size": its.size, "sha256": its.sha256, "licence": its.licence, "url": its.url}


def _line(row: dict[str, object]) -> str:
    if row["installed"]:
        return f"{row['name']}  {row['version']:5}  installed      {row['path']}"
    size = f"{int(str(row['size'])) / 1e6:,.1f} MB"
    return f"{row['name']}  {row['version']:5}  not installed  {size}; `normalizer models install {row['name']}`"
