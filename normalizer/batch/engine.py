"""Chunks → receipts by worker processes of this machine, each of which may die without losing more than one document.

A document that takes too long, swells its worker or crashes it is a failure; its worker is replaced, and the rest of
the chunk is done again without it. Who kills a worker by hand loses nothing: a document has to crash two workers.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import tempfile
import time
from collections import deque
from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from normalizer.batch.pulse import WATCHED, Limits, last_note
from normalizer.batch.work import Death, Task, work
from normalizer.batch.worker import Profiling, Tools, do, profiles
from normalizer.errors import NormalizerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.context import BaseContext

    from normalizer.batch.pulse import Note
    from normalizer.pipeline import Normalizer

WAITING = 2  # chunks for each worker that are handed out at a time: so memory does not grow with the corpus
TRIES = 2  # workers that a document may crash before it is taken for the cause
STARTS = 3  # workers that may die before they have begun anything


class WorkerError(NormalizerError):
    """Workers cannot be started."""

    reason = "worker"


class Engine(Protocol):
    """What does chunks: here, in worker processes, or on a cluster."""

    @property
    def room(self) -> bool:
        """Whether another chunk may be submitted."""

    @property
    def busy(self) -> bool:
        """Whether a chunk is under way."""

    def submit(self, task: Task | Profiling) -> None:
        """Hand out a chunk."""

    def next(self) -> tuple[Task | Profiling, Any]:
        """Wait for a chunk that is done, and give it with what became of it. Raises StoreError, WorkerError."""

    def close(self) -> None:
        """Stop the workers."""


class Here:
    """This process does the chunks itself. For debugging and for small tests: nothing guards it."""

    def __init__(self, normalizer: Normalizer) -> None:
        self._normalizer = normalizer
        self._held: deque[Task | Profiling] = deque()

    @property
    def room(self) -> bool:
        return not self._held

    @property
    def busy(self) -> bool:
        return bool(self._held)

    def submit(self, task: Task | Profiling) -> None:
        self._held.append(task)

    def next(self) -> tuple[Task | Profiling, Any]:
        task = self._held.popleft()
        if isinstance(task, Profiling):
            return task, profiles(task, self._normalizer)
        return task, work(task, self._normalizer)

    def close(self) -> None:
        self._held.clear()


@dataclass(slots=True)
class _Attempt:
    """A chunk at a worker."""

    task: Task | Profiling
    note: str  # the file in which the worker says where it is
    crashes: dict[tuple[int, str], int]
    starts: int = 0


class Processes:
    """Worker processes of this machine, kept by pebble."""

    def __init__(self, tools: Tools, workers: int, limits: Limits = Limits()) -> None:  # noqa: B008 - it is frozen
        import pebble

        self._tools, self._limits, self._workers = tools, limits, workers
        self._folder = tempfile.TemporaryDirectory(prefix="normalizer-")
        self._pool = pebble.ProcessPool(max_workers=workers, context=_context())
        self._under_way: dict[Any, _Attempt] = {}
        self._numbers = itertools.count()

    @property
    def room(self) -> bool:
        return len(self._under_way) < WAITING * self._workers

    @property
    def busy(self) -> bool:
        return bool(self._under_way)

    def submit(self, task: Task | Profiling) -> None:
        self._start(_Attempt(task, "", {}))

    def _start(self, attempt: _Attempt) -> None:
        attempt.note = str(Path(self._folder.name, str(next(self._numbers))))
        future = self._pool.schedule(do, args=(self._tools, attempt.task, self._limits, attempt.note))
        self._under_way[future] = attempt

    def next(self) -> tuple[Task | Profiling, Any]:
        from pebble import ProcessExpired

        while True:
            done, _ = wait(self._under_way, return_when=FIRST_COMPLETED)
            future = next(iter(done))
            attempt = self._under_way.pop(future)
            try:
                result = future.result()
            except ProcessExpired as error:
                self._start(_without_culprit(attempt, error.exitcode, self._limits))
            else:
                return attempt.task, result
            finally:
                with contextlib.suppress(OSError):
                    os.unlink(attempt.note)

    def close(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()
        self._folder.cleanup()


def _without_culprit(attempt: _Attempt, status: int, limits: Limits) -> _Attempt:
    """The chunk again, without the document that its worker died of."""
    note = last_note(attempt.note)
    if note is None or note.place in attempt.task.died:
        if attempt.starts >= STARTS:
            raise WorkerError(f"workers die before they have begun (status {status}); see --workers and --memory-limit")
        return replace(attempt, starts=attempt.starts + 1)
    note = _as_stopped(note, status, limits)
    crashes = attempt.crashes | {note.place: attempt.crashes.get(note.place, 0) + 1}
    if not note.reason and crashes[note.place] < TRIES:
        return replace(attempt, crashes=crashes)
    died = attempt.task.died | {note.place: _death(note, status, limits)}
    return _Attempt(replace(attempt.task, died=died), "", crashes)


def _as_stopped(note: Note, status: int, limits: Limits) -> Note:
    """The note of a worker that the watch had to stop: its document let no other thread run, so it says nothing."""
    seconds = round(time.monotonic() - note.began, 2)
    stopped = status == WATCHED and not note.reason and seconds >= limits.seconds
    return replace(note, reason="time", seconds=seconds) if stopped else note


def _death(note: Note, status: int, limits: Limits) -> Death:
    took = f"{note.seconds:.1f} s, {note.megabytes:,.0f} MB"
    if note.reason == "memory":
        message = (
            f"needs more memory than the {limits.megabytes:,} MB of --memory-limit ({took}); raise it, or split it"
        )
        return Death("memory", message, note.seconds, note.megabytes)
    if note.reason == "time":
        message = f"needs more time than the {limits.seconds:g} s of --time-limit ({took}); raise it, or split it"
        return Death("time", message, note.seconds, note.megabytes)
    how = f"signal {-status}" if status < 0 else f"status {status}"
    message = f"ended its worker process twice ({how}, {took}); this is a fault of the library: please report it"
    return Death("crash", message, note.seconds, note.megabytes)


def _context() -> BaseContext:
    """New processes by a server that has loaded the modules once; where there is none, from scratch."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["normalizer.batch.worker", "normalizer.align", "normalizer.batch.duplicates"])
    return context


def usable_cores() -> int:
    """The cores that this process may use: the default number of workers."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def each(engine: Engine, tasks: Iterator[Task | Profiling]) -> Iterator[tuple[Task | Profiling, Any]]:
    """What became of each chunk, as they are done; no more are handed out than the engine has room for."""
    for task in tasks:
        while not engine.room:
            yield engine.next()
        engine.submit(task)
    while engine.busy:
        yield engine.next()
