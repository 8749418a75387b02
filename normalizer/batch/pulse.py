"""A worker's heart: it notes where the worker is, and stops it when a document takes too long or too much memory.

The note outlives the worker, however it dies, so that only the document it died of is lost.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import multiprocessing
import os
import sys
import threading
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from normalizer.batch.work import Place

BEAT = 0.1  # seconds
GRACE = 2.0  # seconds after which a document that lets no other thread run is stopped as well
RECORD = 200  # bytes of a note
HEADROOM = 1.5  # the system's own limit, as a multiple of ours: for what swells between two beats
STOPPED = 86  # exit status of a worker that stopped itself,
WATCHED = 1  # and of one that the watch had to stop
MEGABYTE = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take."""

    seconds: float = 120.0
    megabytes: int = 2048  # of its worker, tools included


@dataclass(frozen=True, slots=True)
class Note:
    """Where a worker was, and what it had taken."""

    place: tuple[int, str]
    seconds: float
    megabytes: float
    began: float = 0.0  # by the clock that all processes of a machine share
    reason: str = ""  # time or memory, where it stopped itself


class Pulse:
    """Beats while a chunk is worked on; a context manager."""

    def __init__(self, path: str, limits: Limits) -> None:
        self._limits, self._path = limits, path
        self._place: Place | None = None
        self._began = time.monotonic()
        self._done = threading.Event()
        self._turning = threading.RLock()  # or what one document took would be written down for the next

    def __enter__(self) -> Pulse:
        _end_if_deserted()
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
        self._null = open(os.devnull, "w")
        _cap(self._limits)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        faulthandler.cancel_dump_traceback_later()
        self._done.set()
        self._thread.join()
        os.close(self._file)
        self._null.close()

    def begin(self, place: Place) -> None:
        """The worker turns to the next thing."""
        with self._turning:
            self._place, self._began = place, time.monotonic()
            self._note()
        faulthandler.dump_traceback_later(self._limits.seconds + GRACE, exit=True, file=self._null)

    def stop(self, reason: str) -> None:
        """End the worker; its guard puts another in its place."""
        with self._turning:
            self._note(reason)
            os._exit(STOPPED)

    def _note(self, reason: str = "") -> None:
        if self._place is not None:
            seconds = round(time.monotonic() - self._began, 2)
            note = Note(self._place, seconds, round(resident() / MEGABYTE, 1), self._began, reason)
            with contextlib.suppress(OSError):
                os.lseek(self._file, 0, os.SEEK_SET)
                os.write(self._file, json.dumps(asdict(note)).encode().ljust(RECORD))

    def _run(self) -> None:
        while not self._done.wait(BEAT):
            _end_if_deserted()
            with self._turning:
                self._beat()

    def _beat(self) -> None:
        self._note()
        if resident() > self._limits.megabytes * MEGABYTE:
            self.stop("memory")
        if self._place is not None and time.monotonic() - self._began > self._limits.seconds:
            self.stop("time")


def _end_if_deserted() -> None:
    """End the worker where nobody waits for the result, so that it writes nothing into a later run's folder."""
    parent = multiprocessing.parent_process()  # the run; by the system it is the server that makes workers, and stays
    if parent is not None and not parent.is_alive():
        os._exit(STOPPED)


def last_note(path: str) -> Note | None:
    """Where the worker that wrote this file was last."""
    try:
        with open(path, "rb") as file:
            row = json.loads(file.read())
    except (OSError, ValueError):
        return None
    return Note(**row | {"place": (row["place"][0], row["place"][1])})


def resident() -> int:
    """Bytes of memory that this process holds now; where the system does not tell, the most it has held."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return peak()


def peak() -> int:
    """Bytes of memory that this process has held at most; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _cap(limits: Limits) -> None:
    """Let the system refuse memory beyond reason, where it can: a MemoryError instead of a machine that swaps."""
    with contextlib.suppress(ImportError, ValueError, OSError, AttributeError):
        import resource

        most = int(limits.megabytes * MEGABYTE * HEADROOM)
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
