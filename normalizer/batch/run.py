"""A plan → records, documents, failures, duplicates and manifest in a folder, by whatever does the chunks.

The bytes depend on the inputs and on what the Normalizer is made of, never on the clock, the machine, the number of
workers, nor on how often the run was broken off. Every input is in exactly one of documents and failures.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from normalizer.batch.duplicates import Document, duplicates
from normalizer.batch.engine import Here
from normalizer.batch.fingerprint import fingerprint
from normalizer.batch.receipts import pairing, part_files, read_receipt, receipt_name
from normalizer.batch.resume import Earlier, tidy
from normalizer.batch.rows import failure
from normalizer.batch.store import STATE, store_of
from normalizer.batch.work import Copy, Task
from normalizer.records import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from normalizer.batch.engine import Engine
    from normalizer.batch.plan import Chunk, Plan
    from normalizer.batch.receipts import Receipt
    from normalizer.batch.store import Store
    from normalizer.batch.worker import Tools
    from normalizer.pipeline import Normalizer

RECEIPTS_HELD = 8  # those of the chunks last asked for


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be chosen of a run."""

    format: str = "jsonl"  # of the part files, see parts.FORMATS
    resume: bool = True  # take over what earlier runs in the folder have done
    retry: bool = False  # but do again what failed
    chunk: int | None = None  # bytes of input in a chunk; from the size of the whole if None


@dataclass(slots=True)
class Summary:
    """What a run did: counts, and the failures by reason."""

    inputs: int = 0
    policies: int = 0
    pairs: int = 0
    documents: int = 0
    clauses: int = 0
    records: int = 0
    failures: int = 0
    mixed: int = 0  # files in both languages, each of which is two documents
    duplicates: int = 0  # documents with the bytes, or nearly the words, of an earlier one
    reasons: dict[str, int] = field(default_factory=dict)
    taken: int = field(default=0, compare=False)  # of the documents, those whose rows an earlier run has made

    def add(self, receipt: Receipt) -> None:
        """Count a chunk."""
        for entry in receipt.entries:
            self.inputs += entry.documents - entry.mixed + len(entry.failures)
            self.policies += entry.documents > 0
            self.pairs += entry.documents == 2
            self.documents += entry.documents
            self.clauses += entry.clauses
            self.records += entry.records
            self.mixed += entry.mixed
            for row in entry.failures:
                self.fail(row["reason"])

    @property
    def counts(self) -> dict[str, Any]:
        """What was counted, as the manifest has it: the same however often the run was broken off."""
        return {name: value for name, value in asdict(self).items() if name != "taken"}

    def fail(self, reason: str) -> None:
        """Count a failure."""
        self.failures += 1
        self.reasons[reason] = self.reasons.get(reason, 0) + 1


def run(
    plan: Plan,
    out: Path | str,
    normalizer: Normalizer,
    engine: Engine | None = None,
    settings: Settings = Settings(),
    tools: Tools | None = None,
    progress: Callable[[int, Summary], None] = lambda done, summary: None,
) -> Summary:
    """Read, align and write all policies of the plan into the folder `out`, a path or a URL.

    engine: what does the chunks; this process if None. tools: how workers build their Normalizer. `progress` is called
    after each chunk with the number of policies done.
    Raises InputError where `out` cannot take the results or another run is at work there, and StoreError where the disk
    is full: then what is done is kept, and the same call goes on.
    """
    store = store_of(str(out))
    store.prepare()
    with store.locked():
        return run_in(store, plan, normalizer, engine, settings, tools, progress)


def run_in(
    store: Store,
    plan: Plan,
    normalizer: Normalizer,
    engine: Engine | None,
    settings: Settings,
    tools: Tools | None,
    progress: Callable[[int, Summary], None],
) -> Summary:
    """What `run` does, in a folder that is prepared and locked."""
    store.sweep()
    if not settings.resume:
        store.remove(f"{STATE}/receipts")
        store.remove(f"{STATE}/earlier")
    work = _Run(plan, store, engine or Here(normalizer), settings, fingerprint(normalizer, tools), progress)
    work.chunks()
    return work.end(normalizer.versions)


class _Run:
    """A run under way."""

    def __init__(
        self,
        plan: Plan,
        store: Store,
        engine: Engine,
        settings: Settings,
        depends: str,
        progress: Callable[[int, Summary], None],
    ) -> None:
        self.summary = Summary()
        self._plan, self._store, self._engine, self._settings, self._depends = plan, store, engine, settings, depends
        self._progress = progress
        self._earlier = Earlier(store, depends, settings.retry)
        self._done: set[int] = set()
        self._policies = 0  # done
        self._count = 0  # of chunks
        self._places: dict[str, tuple[int, int]] = {}  # content that several policies have → chunk, place of the first
        self._receipts: OrderedDict[int, Receipt] = OrderedDict()
        for refusal in plan.refusals():
            self.summary.inputs += 1
            self.summary.fail(refusal.reason)

    def chunks(self) -> None:
        """Do what is not done."""
        self._store.remove("manifest.json")
        done = self._earlier.settle((chunk.number, self._key(chunk)) for chunk in self._chunks())
        for chunk in self._chunks():
            self._count += 1
            if chunk.number in done:
                self._places.update(self._shared(chunk))
                self._take_over(chunk.number)
            else:
                self._submit(chunk)
        while self._engine.busy:
            self._next()

    def _chunks(self) -> Iterator[Chunk]:
        return self._plan.chunks(self._settings.chunk)

    def _key(self, chunk: Chunk) -> str:
        parts = [self._depends, self._settings.format]
        parts += [f"{policy.names} {policy.content or policy.id}" for policy in chunk.policies]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]

    def _shared(self, chunk: Chunk) -> Iterator[tuple[str, tuple[int, int]]]:
        for index, policy in enumerate(chunk.policies):
            if self._plan.first(policy.content) == policy.id:
                yield policy.content, (chunk.number, index)

    def _submit(self, chunk: Chunk) -> None:
        self._places.update(self._shared(chunk))
        copies: dict[int, Copy] = {}
        repeats: dict[int, int] = {}
        for index, policy in enumerate(chunk.policies):
            if copy := self._earlier.copy(policy):
                copies[index] = copy
                self.summary.taken += copy.entry.documents
                continue
            number, first = self._places.get(policy.content, (chunk.number, index))
            if number != chunk.number:
                while number not in self._done:
                    self._next()
                if copy := self._copy(number, first):
                    copies[index] = copy
            elif first != index:
                repeats[index] = first
        while not self._engine.room:
            self._next()
        key, format = self._key(chunk), self._settings.format
        self._engine.submit(
            Task(self._store.root, chunk.number, format, key, self._depends, chunk.policies, copies, repeats)
        )

    def _copy(self, number: int, place: int) -> Copy | None:
        """Where the rows of a policy of a chunk that is done stand; None for one that failed."""
        receipt = self._receipt(number)
        entry = receipt.entries[place]
        if entry.failures or not entry.content:
            return None
        before = receipt.entries[:place]
        first = sum(its.records for its in before), sum(its.documents for its in before)
        return Copy(entry, part_files(number, receipt.format), receipt.format, first)

    def _next(self) -> None:
        task, receipt = self._engine.next()
        assert isinstance(task, Task)
        self._account(task.number, receipt)

    def _take_over(self, number: int) -> None:
        receipt = self._receipt(number)
        self.summary.taken += sum(entry.documents for entry in receipt.entries)
        self._account(number, receipt)

    def _account(self, number: int, receipt: Receipt) -> None:
        self._done.add(number)
        self.summary.add(receipt)
        self._policies += len(receipt.entries)
        self._progress(self._policies, self.summary)

    def _receipt(self, number: int) -> Receipt:
        if number not in self._receipts:
            receipt = read_receipt(self._store, receipt_name(number))
            if receipt is None:
                raise AssertionError(f"the receipt of chunk {number} is gone")
            self._receipts[number] = receipt
            if len(self._receipts) > RECEIPTS_HELD:
                self._receipts.popitem(last=False)
        return self._receipts[number]

    def end(self, versions: dict[str, str]) -> Summary:
        """Check that every input is accounted for, and write what is said of the run as a whole."""
        self._check()
        names: dict[str, list[str]] = {"records": [], "documents": []}
        for number in range(self._count):
            for folder, name in part_files(number, self._settings.format).items():
                names[folder].append(name.partition("/")[2])
        self._lines("failures.jsonl", self._failures())
        self._lines("duplicates.jsonl", self._duplicates())
        self._earlier.clear()
        tidy(self._store, {folder: set(held) for folder, held in names.items()}, self._count)
        head = {"schema": SCHEMA, "versions": versions, "counts": self.summary.counts, **names}
        self._manifest(head)
        return self.summary

    def _check(self) -> None:
        counts, inputs = self.summary, self._plan.inputs
        if not inputs == counts.inputs == counts.documents + counts.failures - counts.mixed:
            raise AssertionError(
                f"{inputs:,} inputs, {counts.mixed:,} of them double, but {counts.documents:,} documents + "
                f"{counts.failures:,} failures"
            )

    def _entries(self) -> Iterator[tuple[Any, Any]]:
        """Each policy with what was made of it."""
        for chunk in self._chunks():
            receipt = self._receipt(chunk.number)
            yield from zip(chunk.policies, receipt.entries, strict=True)

    def _failures(self) -> Iterator[dict[str, Any]]:
        for refusal in self._plan.refusals():
            yield failure(refusal.path, refusal.policy, refusal.side, refusal.reason, refusal.message)
        for _, entry in self._entries():
            yield from entry.failures

    def _duplicates(self) -> Iterator[dict[str, Any]]:
        documents = (
            Document(policy.id, side, policy.content, marks)
            for policy, entry in self._entries()
            for side, marks in entry.marks.items()
        )
        for found in duplicates(documents):
            self.summary.duplicates += 1
            yield asdict(found)

    def _lines(self, name: str, rows: Iterable[dict[str, Any]]) -> None:
        with self._store.create(name) as file:
            for row in rows:
                file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")

    def _manifest(self, head: dict[str, Any]) -> None:
        """The manifest, its pairs a line each: there may be millions."""
        with self._store.create("manifest.json") as file:
            file.write(json.dumps(head, ensure_ascii=False, indent=2).removesuffix("\n}").encode() + b',\n  "pairs": [')
            end = b"\n"
            for policy, entry in self._entries():
                if row := pairing(policy, entry):
                    file.write(end + b"    " + json.dumps(row, ensure_ascii=False).encode())
                    end = b",\n"
            file.write(b"]\n}\n" if end == b"\n" else b"\n  ]\n}\n")
