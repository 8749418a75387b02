"""A run under way → what a person or a program sees of it on standard error: a bar, plain lines, or JSON lines."""

from __future__ import annotations

import json
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from normalizer.cli.shared import say
from normalizer.counted import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from normalizer.batch import Summary

KINDS = ("auto", "bar", "plain", "json", "none")
EVERY = 10.0  # seconds between two plain lines
MEASURE = 2.0  # seconds before a rate is worth telling


class Progress:
    """Shows how far a run is; a context manager. `step` is what the run calls."""

    def __init__(self, total: int, kind: str, what: str = "policies") -> None:
        self._total, self._what = total, what
        self._kind = ("bar" if sys.stderr.isatty() else "plain") if kind == "auto" else kind
        self._began = self._told = time.monotonic()
        self._already: int | None = None  # done by earlier runs, which tells nothing of the speed of this one
        self._bar: Any = None

    def __enter__(self) -> Progress:
        if self._kind == "bar":
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
            from rich.progress import Progress as Bar

            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            self._bar = Bar(*columns, TextColumn("{task.fields[talk]}"), console=Console(stderr=True))
            self._bar.start()
            self._task = self._bar.add_task(self._what, total=self._total, talk="")
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()

    def step(self, done: int, summary: Summary) -> None:
        """So many policies are done."""
        now = time.monotonic()
        if self._already is None and now - self._began > MEASURE:
            self._already, self._began = done, now
        if self._bar:
            self._bar.update(self._task, completed=done, talk=self._talk(done, summary))
        elif self._kind == "json":
            say(json.dumps(self._figures(done, summary)))
        elif self._kind == "plain" and now - self._told >= EVERY:
            self._told = now
            say(f"{done:,} of {self._total:,} {self._what}, {self._talk(done, summary)}")

    def count(self, done: int) -> None:
        """So many files are read, of which nothing else is known."""
        if self._bar:
            self._bar.update(self._task, completed=done)

    def _talk(self, done: int, summary: Summary) -> str:
        figures = self._figures(done, summary)
        counts = (summary.documents, "document"), (summary.clauses, "clause"), (summary.failures, "failure")
        out = ", ".join(counted(number, what) for number, what in counts)
        if figures["rate"]:
            out += f", {figures['rate']:,.1f} {self._what}/s, {_time(figures['left'])} left"
        return out

    def _figures(self, done: int, summary: Summary) -> dict[str, Any]:
        spent = time.monotonic() - self._began
        new = done - (self._already or 0)
        rate = new / spent if self._already is not None and new and spent else None
        return {
            "event": "progress",
            "done": done,
            "total": self._total,
            "documents": summary.documents,
            "clauses": summary.clauses,
            "records": summary.records,
            "failures": summary.failures,
            "rate": rate and round(rate, 2),
            "left": round((self._total - done) / rate) if rate else None,
        }


def _time(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


@contextmanager
def bytes_bar(size: int, what: str) -> Iterator[Callable[[int], None]]:
    """What is called with the bytes that are done: a bar on a terminal, elsewhere a line every ten seconds.

    size: of all, in bytes; 0 where that is not known.
    """
    if not sys.stderr.isatty():
        yield _Lines(size, what)
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Bar(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=size or None)
        yield lambda done: bar.update(task, completed=done)


class _Lines:
    """Tells of bytes where there is no terminal."""

    def __init__(self, size: int, what: str) -> None:
        self._of = f" of {size / 1e6:,.1f}" if size else ""
        self._what, self._told = what, time.monotonic()

    def __call__(self, done: int) -> None:
        if time.monotonic() - self._told >= EVERY:
            self._told = time.monotonic()
            say(f"{self._what}: {done / 1e6:,.1f}{self._of} MB")
