"""The sample policies that come with the library → a folder of the user's."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from normalizer.errors import InputError

MANIFEST, README = "sample.csv", "sample.md"


def sample_folder() -> Path:
    """Where the sample is: in the package as in the wheel, else in the checkout's corpus. Raises InputError."""
    package = Path(__file__).resolve().parent
    for folder in (package / "sample", package.parent / "corpus"):
        if (folder / MANIFEST).is_file():
            return folder
    raise InputError(f"no sample policies in {package / 'sample'} or {package.parent / 'corpus'}; install again")


def sample_files() -> tuple[str, ...]:
    """The names of the sample's policies, both sides."""
    with (sample_folder() / MANIFEST).open(encoding="utf-8", newline="") as file:
        return tuple(row[side] for row in csv.DictReader(file) for side in ("ja", "en"))


def copy_sample(out: Path) -> tuple[Path, ...]:
    """Copy the sample into the folder `out`, which must be new or empty: policies, manifest.csv and README.md.

    Returns the files. Raises InputError where there is something in the folder, or it cannot be written to.
    """
    names = {name: name for name in sample_files()} | {MANIFEST: "manifest.csv", README: "README.md"}
    try:
        out.mkdir(parents=True, exist_ok=True)
        if stranger := next(out.iterdir(), None):
            raise InputError(f"{out}: holds {stranger.name!r} already; name a new folder")
        return tuple(Path(shutil.copyfile(sample_folder() / name, out / named)) for name, named in names.items())
    except OSError as error:
        raise InputError(f"{out}: cannot be written to ({error.strerror or error}); name another folder") from error
