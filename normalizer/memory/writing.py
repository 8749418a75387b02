"""A path to the memory that is written to there. One that was not there comes to be only when an import has succeeded.

So an import that fails, or is killed, leaves no memory without units where there was none.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from typing import TYPE_CHECKING

from normalizer.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMING = ".new"  # how the name of a memory ends that is not yet in its place
STALE = 86_400  # seconds after which what a killed import left is removed
LOG = "-wal"
BESIDE = ("", LOG, "-shm")  # what SQLite names its files


@contextlib.contextmanager
def writing(path: Path) -> Iterator[Memory]:
    """The memory in a file, to add units to; where there is none it is made aside, and put in place at the end.

    What was added before an error stays, as each import is whole or not at all. Raises StoreError.
    """
    if path.exists():
        with Memory.open(path, create=True) as kept:
            yield kept
        return
    _sweep(path)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}{COMING}")  # containers share numbers of processes
    filled = False
    try:
        with Memory(aside, create=True, name=path) as kept:
            try:
                yield kept
            finally:
                filled = len(kept) > 0
    finally:
        if filled and not aside.with_name(aside.name + LOG).exists():  # or the disk was full, and the file lacks some
            _place(aside, path)
        _remove(aside)


def _place(aside: Path, path: Path) -> None:
    """Give the file its name, or, where another import was faster, its units to the memory that is there."""
    try:
        os.link(aside, path)
        return
    except OSError:
        if not path.exists():  # a file system without links
            aside.rename(path)
            return
    with Memory.open(aside) as made, Memory.open(path, create=True) as kept:
        kept.add(made.units())


def _sweep(path: Path) -> None:
    """Remove what imports that were killed have left long ago."""
    with contextlib.suppress(OSError):
        for left in path.parent.glob(f".{path.name}.*{COMING}"):
            if time.time() - left.stat().st_mtime > STALE:
                _remove(left)


def _remove(aside: Path) -> None:
    for end in BESIDE:
        aside.with_name(aside.name + end).unlink(missing_ok=True)
