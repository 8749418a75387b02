"""Loading without pauses: the garbage collector would look through all that is loaded again and again."""

from __future__ import annotations

import gc
from threading import Lock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import TracebackType


class Uncollected:
    """Within its `with`, in whatever thread, cycles of objects are not looked for. Afterwards all is as it was."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._inside = 0  # threads, and blocks within blocks
        self._enabled = False  # before the first of them came

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._enabled = gc.isenabled()
                gc.disable()
            self._inside += 1

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside and self._enabled:
                gc.enable()


UNCOLLECTED: Final = Uncollected()
