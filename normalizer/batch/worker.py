"""What a worker process does: build its Normalizer once, then chunk after chunk."""

from __future__ import annotations

import functools
import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from threadpoolctl import threadpool_limits

from normalizer.batch.pulse import Limits, Pulse
from normalizer.batch.sources import document
from normalizer.batch.work import Task, work
from normalizer.collecting import lasting
from normalizer.pipeline import Normalizer

if TYPE_CHECKING:
    from normalizer.batch.policies import Policy
    from normalizer.batch.receipts import Receipt
    from normalizer.pairing import Profile


WARM = (
    "当社は、2023年5月1日に個人情報保護法第27条を定めました。",
    "We keep your data for 5 years under Article 27 of the APPI.",
)


@dataclass(frozen=True, slots=True)
class Tools:
    """How a worker builds its Normalizer: the arguments of its constructor, by name. Small, hashable, picklable."""

    arguments: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, **arguments: Any) -> Tools:
        """With these arguments of `Normalizer`; lists become tuples.

        What says no more than leaving it out is left out: a run is the same run whether its options were spelt out.
        """
        held = {name: tuple(value) if isinstance(value, list) else value for name, value in arguments.items()}
        usual = {name: its.default for name, its in inspect.signature(Normalizer).parameters.items()}
        said = {name for name, value in held.items() if name not in usual or value != usual[name]}
        return cls(tuple((name, held[name]) for name in sorted(said)))

    def build(self) -> Normalizer:
        """The tools. Raises GlossaryError."""
        return Normalizer(**dict(self.arguments))


@dataclass(frozen=True, slots=True)
class Profiling:
    """Files of which only a profile is wanted."""

    policies: tuple[Policy, ...]
    died: dict[tuple[int, str], Any]


@functools.cache
def _built(tools: Tools) -> Normalizer:
    """One Normalizer for the process, with one thread: more processes, not more threads, use the other cores."""
    threadpool_limits(1)
    return lasting(lambda: _warm(tools.build()))


def _warm(normalizer: Normalizer) -> Normalizer:
    for text in WARM:  # tables that are read when first needed are not the first document's fault
        normalizer.analyze(text)
    return normalizer


def do(tools: Tools, task: Task | Profiling, limits: Limits, note: str) -> Receipt | tuple[Profile | None, ...]:
    """Do a chunk in this process. note: the file that says where the worker is. Raises StoreError."""
    normalizer = _built(tools)
    with Pulse(note, limits) as pulse:
        try:
            if isinstance(task, Profiling):
                return profiles(task, normalizer, pulse.begin)
            return work(task, normalizer, pulse.begin)
        except MemoryError:
            pulse.stop("memory")
            raise


def profiles(task: Profiling, normalizer: Normalizer, begin: Any = lambda place: None) -> tuple[Profile | None, ...]:
    """What pairing needs to know of each file; None of one that cannot be read, or holds both languages: the run meets
    it again and says why."""
    out = []
    for index, policy in enumerate(task.policies):
        found = None
        if (index, "either") not in task.died:
            begin((index, "either"))
            found = _profile(policy, normalizer)
        out.append(found)
    return tuple(out)


def _profile(policy: Policy, normalizer: Normalizer) -> Profile | None:
    try:
        ja, en = normalizer.split(document(policy.files[0]))
        analysis = None if ja and en else ja or en
        misnamed = analysis and (policy.en if analysis.language == "ja" else policy.ja)
        return normalizer.profile(analysis) if analysis and not misnamed else None
    except MemoryError:
        raise
    except Exception:
        return None
