"""What was computed from tables to a file in the user's cache folder, and back: plain JSON, which cannot run code.

A file is named by the SHA-256 of all that its content depends on: the sources handed in, this package's compiling
modules, the versions of the dictionaries, Python. So a stale file is never asked for. One that is damaged, that
another user owns or that others may write is not believed; where nothing can be written, everything is computed anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_COMPILING = (
    "agreement/words.py",
    "cache.py",
    "lexicon.py",
    "nfkc.py",
    "ontology.py",
    "senses.py",
    "sense_tables.py",
    "tables.py",
    "tokens.py",
    "glossary",
    "interpret/learned.py",
    "statutes/wording.py",
)
_LIBRARIES = ("fugashi", "simplemma", "unidic-lite")
_OFF = ("0", "off", "no", "false")
_KEPT = 8  # files of one kind that stay when a new one is written
_MODE = 0o022  # a file that group or others may write is not believed


def _source() -> bytes | None:
    """The compiling modules' source, read when they are imported: later it may be another; None where there is none."""
    package = Path(__file__).parent
    try:
        parts = [package / name for name in _COMPILING]
        files = [file for part in parts for file in (sorted(part.rglob("*.py")) if part.is_dir() else [part])]
        return b"".join(file.read_bytes() for file in files)
    except OSError:
        return None


_SOURCE = _source()


def remembered(kind: str, sources: Iterable[bytes], compute: Callable[[], Any]) -> Any:
    """What `compute` returns for these sources, from the cache where it is known.

    kind: the beginning of the file's name. sources: the bytes of all that the value depends on beside this package's
    code and its dictionaries. compute: gives lists, dicts with str keys, str, numbers, None; its errors are raised.
    """
    folder = cache_folder()
    if folder is None or _SOURCE is None:
        return compute()
    digest = hashlib.sha256(_versions())
    for source in (_SOURCE, *sources):
        digest.update(b"%d\n" % len(source))
        digest.update(source)
    path = folder / f"{kind}-{digest.hexdigest()}.json"
    with contextlib.suppress(OSError, ValueError, RecursionError):
        return _read(path)
    value = compute()
    with contextlib.suppress(OSError):
        _write(path, value)
        _prune(folder, kind)
    return value


def cache_folder() -> Path | None:
    """Where compiled tables are kept; None where nothing shall be.

    NORMALIZER_CACHE names a folder, or says off (0, off, no, false); else the platform's place for caches.
    """
    chosen = os.environ.get("NORMALIZER_CACHE", "")
    if chosen:
        return None if chosen.lower() in _OFF else Path(chosen)
    with contextlib.suppress(RuntimeError):  # no home
        return _platform_folder() / "policy-normalizer"
    return None


def _platform_folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    chosen = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return chosen if chosen.is_absolute() else Path.home() / ".cache"  # the standard ignores relative paths


@cache
def _versions() -> bytes:
    """Python's and the libraries' versions; as the folders of installed packages are named, so as to load no more."""
    wanted = {name.replace("-", "_"): name for name in _LIBRARIES}
    found: dict[str, str] = {}
    for folder in sys.path:
        with contextlib.suppress(OSError):
            for entry in os.listdir(folder or "."):
                stem, dot, ending = entry.rpartition(".")
                name, _, version = stem.partition("-")
                if dot and ending in ("dist-info", "egg-info") and version and name in wanted:
                    found.setdefault(wanted[name], version)
    return "\n".join((sys.version, *(f"{name} {found.get(name) or _version(name)}" for name in _LIBRARIES))).encode()


def _version(name: str) -> str:
    """The version of a library whose folder has another name, or that is in an archive."""
    from importlib import metadata  # which loads a parser of e-mails

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "of unknown version"


def _read(path: Path) -> Any:
    """The value in a cache file; raises OSError or ValueError where it is not to be believed."""
    with open(path, "rb", opener=_without_waiting) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode) or (
            hasattr(os, "getuid") and (status.st_uid != os.getuid() or status.st_mode & _MODE)
        ):
            raise ValueError("not a file of ours")
        checksum, name, body = file.read().split(b"\n", 2)
    if name != path.name.encode() or checksum != hashlib.sha256(body).hexdigest().encode():
        raise ValueError("damaged")
    return json.loads(body.decode("utf-8", "surrogatepass"))


def _without_waiting(name: str, flags: int) -> int:
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))  # a pipe put there would keep us waiting


def _write(path: Path, value: Any) -> None:
    import tempfile  # which most runs need not wait for

    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".writing-", dir=path.parent)  # readable by the owner only
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(b"%s\n%s\n" % (hashlib.sha256(body).hexdigest().encode(), path.name.encode()))
            file.write(body)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _prune(folder: Path, kind: str) -> None:
    """Remove the oldest files of a kind: tables that change leave one behind each time."""
    found = sorted(folder.glob(f"{kind}-*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in found[_KEPT:]:
        path.unlink(missing_ok=True)
