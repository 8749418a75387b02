"""Chunks → receipts by the workers of a Dask cluster: the one import of distributed.

Each Dask worker keeps a worker process of its own for the documents, as the local engine does, so that a document that
hangs or crashes costs only itself there too. A worker that is lost has its chunks done by another: a chunk's part
files have their names only when they are whole, and are the same whoever writes them.
"""

from __future__ import annotations

import multiprocessing
import threading
from typing import TYPE_CHECKING, Any

from normalizer.batch.engine import WAITING, Processes, WorkerError
from normalizer.errors import InputError, NormalizerError

if TYPE_CHECKING:
    from normalizer.batch.pulse import Limits
    from normalizer.batch.work import Task
    from normalizer.batch.worker import Profiling, Tools

LOSSES = 100  # workers that a chunk may lose: they die of the cluster's troubles, not of documents


class Cluster:
    """A Dask cluster: the one at `scheduler`, or one of `workers` processes on this machine."""

    def __init__(self, tools: Tools, limits: Limits, scheduler: str | None, workers: int) -> None:
        self._tools, self._limits = tools, limits
        self._local: Any = None
        try:
            import dask
            from distributed import Client, LocalCluster
        except ImportError as error:
            raise InputError("--engine dask needs the extra: pip install 'policy-normalizer[dask]'") from error
        dask.config.set({"distributed.scheduler.allowed-failures": LOSSES})
        if scheduler is None:
            self._local = LocalCluster(  # type: ignore[no-untyped-call]
                n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
            )
        try:
            self._client = Client(self._local or scheduler, timeout="30s")  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            raise WorkerError(
                f"{scheduler}: no scheduler answers there ({error}); start one, or check --scheduler"
            ) from error
        self._under_way: dict[Any, Task | Profiling] = {}

    @property
    def room(self) -> bool:
        workers: dict[str, int] = self._client.nthreads()  # type: ignore[no-untyped-call]
        return len(self._under_way) < WAITING * max(1, sum(workers.values()))

    @property
    def busy(self) -> bool:
        return bool(self._under_way)

    def submit(self, task: Task | Profiling) -> None:
        future = self._client.submit(guarded, self._tools, task, self._limits, pure=False, retries=LOSSES)
        self._under_way[future] = task

    def next(self) -> tuple[Task | Profiling, Any]:
        from distributed import wait

        try:
            done = wait(list(self._under_way), return_when="FIRST_COMPLETED").done  # type: ignore[no-untyped-call]
            future = min(done, key=lambda future: str(future.key))
            return self._under_way.pop(future), future.result()
        except NormalizerError:
            raise
        except Exception as error:  # what distributed raises where its scheduler or its workers are gone
            why = f"{type(error).__name__}: {error}"
            raise WorkerError(
                f"the cluster failed ({why}); what is done is kept: give the same command again"
            ) from error

    def close(self) -> None:
        for future in self._under_way:
            future.cancel()
        self._client.close()  # type: ignore[no-untyped-call]
        if self._local is not None:
            self._local.close()


_KEPT = threading.local()


def guarded(tools: Tools, task: Task | Profiling, limits: Limits) -> Any:
    """Do a chunk in the worker process that this thread keeps."""
    multiprocessing.current_process().daemon = False  # Dask's nannies start daemons, which may have no processes
    engine = _engine(tools, limits)
    engine.submit(task)
    return engine.next()[1]


def _engine(tools: Tools, limits: Limits) -> Processes:
    if getattr(_KEPT, "key", None) != (tools, limits):
        if hasattr(_KEPT, "engine"):
            _KEPT.engine.close()  # that of an earlier run
        _KEPT.key, _KEPT.engine = (tools, limits), Processes(tools, 1, limits)
    engine: Processes = _KEPT.engine
    return engine
