"""Working without pauses: the garbage collector would look through all that is loaded or made again and again.

What a policy becomes holds no cycles of objects, so that there is nothing to be found meanwhile.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Tools = TypeVar("Tools")


@contextmanager
def uncollected() -> Iterator[None]:
    """Within its `with`, in whatever thread, cycles of objects are not looked for. Afterwards all is as it was.

    Who stopped the collector starts it again, though other threads may be inside still: with several that are always
    at work it runs too.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def lasting(load: Callable[[], Tools]) -> Tools:
    """What `load` makes, which stays as long as the process: a command or a worker of ours, no program of others.

    The collector never looks through it, nor does the end of the process.
    """
    with uncollected():
        tools = load()
        gc.freeze()
    return tools
