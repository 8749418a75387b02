"""The garbage collector waits while tables are loaded, and is as it was afterwards."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from normalizer.collecting import Uncollected

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    gc.enable()


def test_it_waits_until_the_last_has_left() -> None:
    waiting = Uncollected()
    with waiting:
        with waiting:
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_an_error() -> None:
    with pytest.raises(KeyError), Uncollected():
        raise KeyError
    assert gc.isenabled()


def test_one_that_was_off_stays_off() -> None:
    gc.disable()
    with Uncollected():
        assert not gc.isenabled()
    assert not gc.isenabled()


def test_threads_that_overlap_leave_it_on() -> None:
    waiting, together = Uncollected(), Barrier(4)

    def load(number: int) -> bool:
        with waiting:
            together.wait(timeout=30)
            return gc.isenabled()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(load, range(4))) == [False] * 4
    assert gc.isenabled()
