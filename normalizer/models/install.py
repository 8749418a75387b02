"""A package file, or a published package → a package in the folder: checked first, and whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
import shutil
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from normalizer.errors import ModelError
from normalizer.models.archive import MAX_PACKED, archive
from normalizer.models.download import PATIENCE, download, fetch
from normalizer.models.folder import Installed, packages_folder
from normalizer.models.published import VERSION, Published, order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from normalizer.models.archive import Archive

INDEX = "https://raw.githubusercontent.com/argosopentech/argospm-index/main/"  # as in Argos Translate itself
MAX_INDEX = 2**23
COMING = ".normalizer-incoming-"  # beside the folder of packages, where Argos Translate does not look
STALE = 86_400  # seconds after which what a killed installation left behind is removed


def install_file(
    path: Path, known: Sequence[Published], folder: Path | None = None, unverified: bool = False
) -> Installed:
    """Install a .argosmodel. One that claims to be a package in `known` must be that, to the byte, or `unverified`.

    Returns what was installed; the same version that was there before is replaced. Raises ModelError, and then
    nothing has changed.
    """
    checked = archive(path)
    for its in known:
        claims = (its.source, its.target, its.version) == (checked.source, checked.target, checked.version)
        if claims and not unverified and (its.size != path.stat().st_size or _sha256(path) != its.sha256):
            raise ModelError(
                f"{path}: says that it is {its.name} {its.version}, but is not the file that was published (SHA-256 "
                f"{its.sha256}); fetch it anew, or add --unverified if you trust where it comes from"
            )
    with _incoming(folder or packages_folder()) as (incoming, packages):
        return _placed(checked, incoming, packages)


def install_published(
    wanted: Published,
    folder: Path | None = None,
    progress: Callable[[int], None] = lambda count: None,
    patience: float = PATIENCE,
) -> Installed:
    """Download a package, check it and install it; `progress` hears the bytes so far. Raises ModelError."""
    with _incoming(folder or packages_folder()) as (incoming, packages):
        file = incoming / "package.argosmodel"
        download(wanted.url, file, wanted.size, wanted.sha256, progress, patience, MAX_PACKED)
        checked = archive(file)
        if (checked.source, checked.target) != (wanted.source, wanted.target):
            raise ModelError(f"{wanted.url}: is a package {checked.source}-{checked.target}, not {wanted.name}")
        return _placed(checked, incoming, packages)


def offered(source: str, target: str, known: Sequence[Published], patience: float = PATIENCE) -> Published:
    """The package of a direction in the official index: its version, and its size and sum where `known` has them.

    The index is that of $ARGOS_PACKAGE_INDEX or Argos Translate's own; of several versions, a known one is taken
    before a newer. Raises ModelError.
    """
    url = os.environ.get("ARGOS_PACKAGE_INDEX", INDEX).rstrip("/") + "/index.json"
    found = [entry for entry in _entries(url, patience) if (entry.source, entry.target) == (source, target)]
    if not found:
        raise ModelError(f"{url}: offers no package {source}-{target}")
    sums = {(its.source, its.target, its.version): its for its in known}
    for entry in sorted(found, key=lambda its: order(its.version), reverse=True):
        if its := sums.get((source, target, entry.version)):
            return replace(its, url=entry.url)
    return max(found, key=lambda its: order(its.version))


def _entries(url: str, patience: float) -> Iterator[Published]:
    try:
        rows: Any = json.loads(fetch(url, MAX_INDEX, patience))
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{url}: is no index of packages ({error})") from error
    for row in rows if isinstance(rows, list) else ():
        if not isinstance(row, dict) or row.get("type", "translate") != "translate":
            continue
        version, links = str(row.get("package_version")), row.get("links")
        link = next((link for link in links if isinstance(link, str)), "") if isinstance(links, list) else ""
        if link and VERSION.fullmatch(version):
            yield Published(str(row.get("from_code")), str(row.get("to_code")), version, 0, "", link, "")


@contextlib.contextmanager
def _incoming(packages: Path) -> Iterator[tuple[Path, Path]]:
    """A folder for what is not yet installed, gone at the end whatever happens; and that of the packages."""
    try:
        packages.mkdir(parents=True, exist_ok=True)
        for left in packages.parent.glob(f"{COMING}*"):
            with contextlib.suppress(FileNotFoundError):  # of an installation that has ended meanwhile
                if time.time() - left.stat().st_mtime > STALE:
                    shutil.rmtree(left, ignore_errors=True)
        incoming = Path(tempfile.mkdtemp(prefix=COMING, dir=packages.parent))
    except OSError as error:
        raise ModelError(f"{packages}: cannot be written ({error.strerror}); set ARGOS_PACKAGES_DIR") from error
    try:
        yield incoming, packages
    except OSError as error:
        raise ModelError(f"{packages}: cannot be written ({error.strerror or error}); is the disk full?") from error
    finally:
        shutil.rmtree(incoming, ignore_errors=True)


def _placed(checked: Archive, incoming: Path, packages: Path) -> Installed:
    """Unpack aside, then put in place by renaming, which happens wholly or not at all."""
    name = f"translate-{checked.source}_{checked.target}-{checked.version.replace('.', '_')}"
    unpacked, place = incoming / name, packages / name
    unpacked.mkdir()
    checked.unpack(unpacked)
    for number in itertools.count():
        if _exchanged(unpacked, place, incoming / f"{number}.old"):
            break
    return Installed(checked.source, checked.target, checked.version, place)


def _exchanged(unpacked: Path, place: Path, old: Path) -> bool:
    """Put a folder in a place, and what was there aside; False where another installation has put its own there."""
    with contextlib.suppress(FileNotFoundError):
        place.rename(old)
    try:
        unpacked.rename(place)
    except OSError:
        if place.exists():
            return False
        if old.exists():
            old.rename(place)
        raise
    return True


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
