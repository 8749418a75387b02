"""A .argosmodel (a zip with one folder) → a checked list of its files, and these unpacked. Nothing in it is trusted."""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer.errors import ModelError
from normalizer.models.folder import MAX_METADATA, METADATA, complete, metadata

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

MAX_PACKED = 2**29  # the published packages have 120 MB,
MAX_UNPACKED = 2**30  # unpacked 130
MAX_FILES = 2000
MAX_RATIO = 100  # unpacked to packed; weights hardly shrink
SMALL = 2**20  # below this size the ratio does not matter
BLOCK = 2**18
NAME = re.compile(r"[^\x00-\x1f\x7f\\:*?\"<>|]{1,200}")  # also what no file system takes
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)
ENCRYPTED = 1  # the flag of a member that needs a password


@dataclass(frozen=True, slots=True)
class Archive:
    """A package file that was looked through, and found harmless and complete."""

    source: str
    target: str
    version: str
    path: Path
    members: tuple[tuple[str, str], ...]  # name in the zip, path below the package's folder

    def unpack(self, folder: Path) -> None:
        """Write the files below `folder`, which exists. Raises ModelError for a member that is damaged."""
        with _opened(self.path) as archive:
            for member, name in self.members:
                to = folder / name
                to.parent.mkdir(parents=True, exist_ok=True)
                _copy(archive, member, to, self.path)


def archive(path: Path) -> Archive:
    """Look through a package file without unpacking it.

    Raises ModelError for a file that is no zip, holds names that lead out of their folder, links, or more than a
    package can, lacks a file that a package needs, or is for other languages.
    """
    with _opened(path) as opened:
        infos = opened.infolist()
        _bounded(path, infos)
        for info in infos:
            _harmless(path, info)
        files = {info.filename: info for info in infos if not info.is_dir()}
        if len({name.casefold() for name in files}) < len([info for info in infos if not info.is_dir()]):
            raise _refused(path, "two files in it have one name")
        tops = {name.split("/", 1)[0] for name in files}
        if len(tops) != 1 or any("/" not in name for name in files):
            raise _refused(path, "a package is a zip with one folder, which holds all its files")
        members = {name.split("/", 1)[1]: name for name in files}
        if missing := complete(members):
            raise _refused(path, f"it lacks {', '.join(missing)}")
        described = files[members[METADATA]]
        if described.file_size > MAX_METADATA:
            raise _refused(path, f"its {METADATA} has {described.file_size:,} bytes")
        stated = metadata(_read(opened, described, path), str(path))
    return Archive(*stated, path, tuple(sorted((name, inside) for inside, name in members.items())))


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        size = path.stat().st_size
        if size > MAX_PACKED:
            raise _refused(path, f"{size:,} bytes, where no package has more than {MAX_PACKED:,}")
        with zipfile.ZipFile(path) as opened:
            yield opened
    except FileNotFoundError as error:
        raise ModelError(f"{path}: no such file; check the path") from error
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror or error})") from error
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, ValueError, EOFError) as error:
        raise ModelError(f"{path}: no package, or a damaged one ({error}); fetch it anew") from error


def _bounded(path: Path, infos: Sequence[zipfile.ZipInfo]) -> None:
    if len(infos) > MAX_FILES:
        raise _refused(path, f"{len(infos):,} files in it, where no package has more than {MAX_FILES:,}")
    total = sum(info.file_size for info in infos)
    if total > MAX_UNPACKED:
        raise _refused(path, f"it would unpack to {total:,} bytes, where {MAX_UNPACKED:,} are allowed")
    for info in infos:
        if info.file_size > SMALL and info.file_size > MAX_RATIO * info.compress_size:
            raise _refused(path, f"{info.filename!r} unpacks to more than {MAX_RATIO} times its size")


def _harmless(path: Path, info: zipfile.ZipInfo) -> None:
    name = info.filename
    parts = name.rstrip("/").split("/")
    if not all(NAME.fullmatch(part) and part not in (".", "..") for part in parts):
        raise _refused(path, f"the name {name!r} leads out of the package's folder, or is none")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _refused(path, f"{name!r} is a link or a device")
    if info.flag_bits & ENCRYPTED:
        raise _refused(path, f"{name!r} is encrypted")
    if info.compress_type not in METHODS:
        raise _refused(path, f"{name!r} is packed in a way that packages are not")


def _read(opened: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> bytes:
    try:
        return opened.read(info)
    except DAMAGED as error:
        raise ModelError(f"{path}: {info.filename!r} is damaged ({error}); fetch the package anew") from error


def _copy(opened: zipfile.ZipFile, member: str, to: Path, path: Path) -> None:
    """Unpack one file; zipfile itself stops at the size that the zip's list states, and checks the sum."""
    try:
        with opened.open(member) as source, to.open("xb") as file:
            while block := source.read(BLOCK):
                file.write(block)
    except DAMAGED as error:
        raise ModelError(f"{path}: {member!r} is damaged ({error}); fetch the package anew") from error
    except OSError as error:
        raise ModelError(f"{to}: cannot be written ({error.strerror or error}); is the disk full?") from error


def _refused(path: Path, why: str) -> ModelError:
    return ModelError(f"{path}: refused: {why}; fetch the package from its makers")
