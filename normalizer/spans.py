"""Which characters of a stretch are taken, so that a place is asked for in no more time than it is long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable


class Placed(Protocol):
    """What stands from one character of a text to another: a mention, a fact, a citation."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


class Taken:
    """The characters from `start` to `end` of a text that things stand on."""

    def __init__(self, start: int, end: int, things: Iterable[Placed]) -> None:
        """The things all lie between `start` and `end`."""
        self._start = start
        self._mask = bytearray(end - start)
        for thing in things:
            self._mask[thing.start - start : thing.end - start] = b"\1" * (thing.end - thing.start)

    def within(self, start: int, end: int) -> bool:
        """Whether one of them stands on a character between two offsets."""
        return self._mask.find(1, start - self._start, end - self._start) >= 0
