"""Policies of one file each → policies of two, as far as their content tells which belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from normalizer.batch.engine import each
from normalizer.batch.worker import Profiling
from normalizer.pairing import pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from normalizer.batch.engine import Engine
    from normalizer.batch.plan import Plan
    from normalizer.batch.policies import Policy
    from normalizer.batch.work import Task
    from normalizer.embed import Embedder
    from normalizer.pairing import Profile


def pair_by_content(
    plan: Plan, engine: Engine, embedder: Embedder, progress: Callable[[int], None] = lambda done: None
) -> None:
    """Join in the plan the policies that are one in two languages; a pair is called as its Japanese file.

    Only policies of a single file take part, and of these no file that holds both languages. `progress` is called
    with the number of files read. A file that cannot be read stays alone, and the run will say why. The profiles, about
    10 kB each, are kept in memory.
    """
    found: list[tuple[Policy, Profile]] = []
    done = 0
    for task, profiled in each(engine, _tasks(plan)):
        assert isinstance(task, Profiling)
        found += [(policy, its) for policy, its in zip(task.policies, profiled, strict=True) if its]
        done += len(task.policies)
        progress(done)
    found.sort(key=lambda row: row[0].id)  # whichever worker was first
    ja, en = ([row for row in found if row[1].language == language] for language in ("ja", "en"))
    for pair in pairs([its for _, its in ja], [its for _, its in en], embedder):
        plan.join(ja[pair.ja][0], en[pair.en][0], round(pair.score, 4), pair.evidence)


def _tasks(plan: Plan) -> Iterator[Task | Profiling]:
    for chunk in plan.chunks(single=True):
        yield Profiling(chunk.policies, {})
