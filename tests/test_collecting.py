"""The garbage collector waits while tables are loaded or a policy is read, and is as it was afterwards."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from normalizer.collecting import lasting, uncollected

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    gc.enable()


def test_it_waits_until_the_first_has_left() -> None:
    with uncollected():
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_an_error() -> None:
    with pytest.raises(KeyError), uncollected():
        raise KeyError
    assert gc.isenabled()


def test_one_that_was_off_stays_off() -> None:
    gc.disable()
    with uncollected():
        assert not gc.isenabled()
    assert not gc.isenabled()


def test_threads_that_overlap_leave_it_on() -> None:
    together = Barrier(4)

    def load(number: int) -> bool:
        with uncollected():
            seen = gc.isenabled()
            together.wait(timeout=30)
            return seen

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(load, range(4))) == [False] * 4
    assert gc.isenabled()


def test_threads_that_are_always_at_work_let_it_run() -> None:
    with uncollected():
        others = uncollected()
        others.__enter__()
    assert gc.isenabled()
    others.__exit__(None, None, None)
    assert gc.isenabled()


def test_what_lasts_is_looked_through_no_more() -> None:
    before = gc.get_freeze_count()
    made = lasting(lambda: [[number] for number in range(1000)])
    assert len(made) == 1000
    assert gc.get_freeze_count() >= before + 1000
    assert gc.isenabled()
    gc.unfreeze()
