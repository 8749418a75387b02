"""The folder of a run, here or behind a URL: files that are there whole or not at all, and one run at a time."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import socket
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from normalizer.batch.remote import filesystem, is_url
from normalizer.errors import InputError, NormalizerError

if TYPE_CHECKING:
    from collections.abc import Iterator

STATE = ".run"  # what a run remembers of itself, in its folder
LOCK = f"{STATE}/lock"
# What a run writes, whole or broken off.
OURS = re.compile(
    r"(?:records|documents)(?:/part-\d{5,}\.(?:jsonl|jsonl\.gz|jsonl\.zst|parquet)(?:\.tmp[\w-]*)?)?"
    r"|(?:failures\.jsonl|duplicates\.jsonl|manifest\.json)(?:\.tmp[\w-]*)?"
    rf"|{re.escape(STATE)}(?:/.*)?"
)


class StoreError(NormalizerError):
    """The results cannot be written: the disk is full, or gone."""

    reason = "store"


class Store:
    """A folder on this machine."""

    def __init__(self, root: str) -> None:
        self.root = root

    def path(self, name: str) -> Path:
        """Where a file of the run lies."""
        return Path(self.root, name)

    @contextlib.contextmanager
    def create(self, name: str) -> Iterator[BinaryIO]:
        """A file to be written, which has its name only when it is whole. Raises StoreError."""
        path = self.path(name)
        temporary = path.with_name(f"{path.name}.tmp-{secrets.token_hex(8)}")  # machines share numbers of processes
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with temporary.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
            _sync(path.parent)
        except OSError as error:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise _full(self.root, error) from error
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise

    def open(self, name: str) -> BinaryIO:
        """A file to be read. Raises OSError where it is not there."""
        return self.path(name).open("rb")

    def size(self, name: str) -> int | None:
        """The bytes of a file; None where it is not there."""
        try:
            return self.path(name).stat().st_size
        except OSError:
            return None

    def names(self, folder: str) -> list[str]:
        """The files in a folder, by name."""
        try:
            return sorted(entry.name for entry in os.scandir(self.path(folder)) if entry.is_file())
        except OSError:
            return []

    def move(self, old: str, new: str) -> None:
        """Give a file another name, or take it from one that is not there."""
        with contextlib.suppress(FileNotFoundError):
            self.path(new).parent.mkdir(parents=True, exist_ok=True)
            self.path(old).replace(self.path(new))

    def remove(self, name: str) -> None:
        """Remove a file or folder, if it is there."""
        path = self.path(name)
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)

    def prepare(self) -> None:
        """Make the folder. Raises InputError where it holds other things than runs write, or cannot be written to."""
        out = Path(self.root)
        if out.is_dir():
            if stranger := next((name for name in sorted(_all_below(out)) if not OURS.fullmatch(name)), None):
                raise InputError(f"{out}: holds {stranger!r}, which no run has written; name a new folder")
        elif out.exists():
            raise InputError(f"{out}: is a file; name a folder for the results")
        try:
            for name in ("records", "documents", STATE):
                if self.path(name).is_symlink():  # writing through it would change what is elsewhere
                    self.path(name).unlink()
                self.path(name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"{out}: cannot be written to ({error.strerror}); name another folder") from error

    def sweep(self) -> None:
        """Remove what was being written when an earlier run was broken off."""
        for path in Path(self.root).rglob("*.tmp*"):
            path.unlink(missing_ok=True)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """No other run may write here. Raises InputError where one does; a run that was killed holds nothing."""
        with self.path(LOCK).open("a+b") as file:
            try:
                _lock(file)
            except OSError as error:
                raise InputError(f"{self.root}: another run is at work in this folder; wait for its end") from error
            yield


def _all_below(folder: Path) -> Iterator[str]:
    """The names of all files and folders below; another run may be at work there, and remove some meanwhile."""
    for place, folders, names in os.walk(folder):
        yield from (Path(place, name).relative_to(folder).as_posix() for name in folders + names)


def _sync(folder: Path) -> None:
    """Make a new name outlive a loss of power, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _lock(file: BinaryIO) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _full(root: str, error: OSError) -> StoreError:
    return StoreError(
        f"{root}: cannot be written to ({error.strerror or error}); what is done is kept: make room, and give the same "
        "command again"
    )


class RemoteStore(Store):
    """A folder behind a URL that fsspec opens. A file is written here first, then put there in one go.

    A store that does not answer, or does not let us, is a StoreError, whatever its library raises.
    """

    def __init__(self, root: str) -> None:
        super().__init__(root.rstrip("/"))
        self._system, self._base = filesystem(self.root)
        self._made: set[str] = set()  # folders; asking for one costs a request

    def _path(self, name: str) -> str:
        return f"{self._base}/{name}"

    @contextlib.contextmanager
    def _asked(self) -> Iterator[None]:
        try:
            yield
        except (FileNotFoundError, NormalizerError):
            raise
        except Exception as error:  # each protocol has errors of its own
            raise StoreError(
                f"{self.root}: cannot be used ({type(error).__name__}: {error}); what is done is kept: check it, and "
                "give the same command again"
            ) from error

    def _make(self, folder: str) -> None:
        if folder not in self._made:
            self._system.makedirs(folder, exist_ok=True)
            self._made.add(folder)

    @contextlib.contextmanager
    def create(self, name: str) -> Iterator[BinaryIO]:
        with tempfile.NamedTemporaryFile(prefix="normalizer-") as file:
            yield file  # type: ignore[misc]
            file.flush()
            with self._asked():
                self._make(self._path(name).rpartition("/")[0])
                self._system.put_file(file.name, self._path(name))

    def open(self, name: str) -> BinaryIO:
        with self._asked():
            file: Any = self._system.open(self._path(name), "rb")
        return file  # type: ignore[no-any-return]

    def size(self, name: str) -> int | None:
        with self._asked():
            try:
                self._system.invalidate_cache()
                return int(self._system.info(self._path(name))["size"])
            except FileNotFoundError:
                return None

    def names(self, folder: str) -> list[str]:
        with self._asked():
            try:
                self._system.invalidate_cache()
                found = self._system.ls(self._path(folder), detail=False)
            except FileNotFoundError:
                return []
        return sorted(str(path).rpartition("/")[2] for path in found)

    def move(self, old: str, new: str) -> None:
        with self._asked(), contextlib.suppress(FileNotFoundError):
            self._make(self._path(new).rpartition("/")[0])
            self._system.mv(self._path(old), self._path(new))

    def remove(self, name: str) -> None:
        with self._asked(), contextlib.suppress(FileNotFoundError):
            self._system.rm(self._path(name), recursive=True)

    def prepare(self) -> None:
        with self._asked():
            found = self._system.find(self._base) if self._system.exists(self._base) else []
            below = [str(path).removeprefix(self._base).lstrip("/") for path in found]
            if stranger := next((name for name in sorted(below) if not OURS.fullmatch(name)), None):
                raise InputError(f"{self.root}: holds {stranger!r}, which no run has written; name a new folder")
            self._make(self._base)

    def sweep(self) -> None:
        """Nothing to do: what was broken off was never put there."""

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """A URL has no lock that ends with its process: a file says who holds it, and a person removes a stale one."""
        if self.size(LOCK) is not None:
            with self.open(LOCK) as file:
                holder = file.read(500).decode("utf-8", "replace")
            raise InputError(
                f"{self.root}: {holder} is at work in this folder, or was killed there; if it is gone, remove {LOCK}"
            )
        with self.create(LOCK) as file:
            file.write(f"process {os.getpid()} on {socket.gethostname()}".encode())
        try:
            yield
        finally:
            self.remove(LOCK)


def store_of(root: str) -> Store:
    """The folder of a run, by path or URL."""
    return RemoteStore(root) if is_url(root) else Store(root)
