"""A chunk of policies → its rows in part files, and the receipt for them.

A source that cannot be read is a failure and the rest goes on: a policy with one readable side gives records with that
side. What was done before, in an earlier run or for another policy with the same content, is copied.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from normalizer.batch.duplicates import signature
from normalizer.batch.parts import part_lines, part_writer, stretch
from normalizer.batch.policies import ROLES, Policy
from normalizer.batch.receipts import Entry, Receipt, part_files, write_receipt
from normalizer.batch.rows import document_line, failure, renamed_document, renamed_record
from normalizer.batch.sources import document
from normalizer.batch.store import StoreError, store_of
from normalizer.errors import LanguageError, NormalizerError, PairingError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from normalizer.batch.sources import Source
    from normalizer.batch.store import Store
    from normalizer.model import Analysis
    from normalizer.pipeline import Normalizer

ALIGN = "align"
Place = tuple[int, str]  # a policy of the chunk, and what is being done: the role of a source, or ALIGN


@dataclass(frozen=True, slots=True)
class Death:
    """A document that its worker did not survive."""

    reason: str  # time, memory or crash
    message: str
    seconds: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Copy:
    """Rows that are there already, in a part file of this run or of an earlier one."""

    entry: Entry
    files: dict[str, str]  # records, documents → part file
    format: str
    first: tuple[int, int]  # number of the policy's first record and document there


@dataclass(frozen=True, slots=True)
class Task:
    """A chunk to be done, as it is sent to a worker."""

    root: str  # of the run's folder
    number: int
    format: str
    key: str
    depends: str
    policies: tuple[Policy, ...]
    copies: dict[int, Copy] = field(default_factory=dict)  # by place in `policies`
    repeats: dict[int, int] = field(default_factory=dict)  # place of a policy → that of the first with its content
    died: dict[Place, Death] = field(default_factory=dict)  # what earlier workers did not survive


def work(task: Task, normalizer: Normalizer, begin: Callable[[Place], None] = lambda place: None) -> Receipt:
    """Write the part files of a chunk and its receipt. `begin` is called before each document and each alignment.

    Raises StoreError where they cannot be written.
    """
    store = store_of(task.root)
    files = part_files(task.number, task.format)
    entries = []
    held: dict[int, _Made] = {}  # what is repeated further on
    with ExitStack() as stack:
        write = {folder: stack.enter_context(part_writer(store, name, task.format)) for folder, name in files.items()}
        for index in range(len(task.policies)):
            made = _known(store, task, index, held) or _Reading(task, index, normalizer, begin).made()
            if index in task.repeats.values():
                held[index] = made
            write["records"](made.records)
            write["documents"](made.documents)
            entries.append(made.entry)
    sizes = {folder: store.size(name) or 0 for folder, name in files.items()}
    receipt = Receipt(task.key, task.depends, task.format, sizes, tuple(entries))
    write_receipt(store, task.number, receipt)
    return receipt


@dataclass(frozen=True, slots=True)
class _Made:
    """The rows of one policy."""

    entry: Entry
    records: list[bytes]
    documents: list[bytes]


@dataclass(frozen=True, slots=True)
class _Read:
    """A source and what was understood of it."""

    role: str
    source: Source
    analysis: Analysis
    halves: dict[str, _Read] | None = None  # of a file in both languages


def _known(store: Store, task: Task, index: int, held: Mapping[int, _Made]) -> _Made | None:
    """The rows of a policy that was read before, by this name or another; None where it has to be read."""
    policy, copy = task.policies[index], task.copies.get(index)
    if copy:
        return _under(policy, _copied(store, copy))
    first = held.get(task.repeats.get(index, index))
    return _under(policy, first) if first and first.entry.content and not first.entry.failures else None


def _copied(store: Store, copy: Copy) -> _Made:
    counts = {"records": copy.entry.records, "documents": copy.entry.documents}
    rows = {
        folder: stretch(part_lines(store, copy.files[folder], folder, copy.format), first, first + counts[folder])
        for folder, first in zip(counts, copy.first, strict=True)
    }
    if any(len(rows[folder]) != count for folder, count in counts.items()):
        raise StoreError(f"{copy.files['records']}: rows are missing; run again with --no-resume")
    return _Made(copy.entry, rows["records"], rows["documents"])


def _under(policy: Policy, made: _Made) -> _Made:
    """The rows of the same content under this policy's names."""
    old, sources = made.entry, dict(policy.sides)
    if policy.names == old.names:
        return made
    names = {side: sources[role].name for side, role in old.sides.items()}
    paths = {side: sources[role].shown for side, role in old.sides.items()}
    return _Made(
        replace(old, policy=policy.id, names=policy.names, called=names),
        [renamed_record(row, policy.id, old.called, names) for row in made.records],
        [renamed_document(row, policy.id, names, paths) for row in made.documents],
    )


class _Reading:
    """One policy being read."""

    def __init__(self, task: Task, index: int, normalizer: Normalizer, begin: Callable[[Place], None]) -> None:
        self._policy, self._normalizer = task.policies[index], normalizer
        self._died = {role: death for (place, role), death in task.died.items() if place == index}
        self._begin: Callable[[str], None] = lambda role: begin((index, role))
        self._failures: list[dict[str, Any]] = []
        self._changed = False  # since it was planned

    def made(self) -> _Made:
        """Read the policy's sources, align them, and make the rows of what there is."""
        policy = self._policy
        read = {role: self._read(role, source) for role, source in policy.sides}
        found = {side: its for side in ("ja", "en") if (its := read.get(side))}
        if alone := read.get("either"):
            language = alone.analysis.language
            if language in found:
                self._fail(alone.source, language, PairingError.reason, _second(policy, language))
            else:
                found[language] = alone
        if len(found) == 1:  # no other file is a side of it: one in both languages may be both
            (its,) = found.values()
            found = its.halves or found
        return self._aligned({side: found[side] for side in ("ja", "en") if side in found})

    def _aligned(self, found: Mapping[str, _Read]) -> _Made:
        sides = {side: read.analysis for side, read in found.items()}
        records: list[bytes] = []
        documents: list[bytes] = []
        if found and ALIGN in self._died:
            self._lose(found, self._died[ALIGN])
        elif found:
            self._begin(ALIGN)
            try:
                rows = self._normalizer.align(sides.get("ja"), sides.get("en"), self._policy.id)
                records = [row.model_dump_json(by_alias=True).encode() for row in rows]
                documents = [document_line(self._policy, side, its.source, its.analysis) for side, its in found.items()]
            except MemoryError:
                raise
            except Exception as error:  # a fault of ours must not cost the other documents
                for source, side in {its.source: side for side, its in found.items()}.items():
                    self._fail(source, side, "fault", _fault(source, error))
        return _Made(self._entry(found if documents else {}, len(records)), records, documents)

    def _entry(self, found: Mapping[str, _Read], records: int) -> Entry:
        policy = self._policy
        return Entry(
            policy.id,
            "" if self._changed else policy.content,
            policy.names,
            records,
            len(found),
            sum(len(its.analysis.clauses) for its in found.values()),
            tuple(self._failures),
            {side: its.role for side, its in found.items()},
            {side: its.source.name for side, its in found.items()},
            {side: signature(_text(its.analysis), side) for side, its in found.items()},
        )

    def _read(self, role: str, source: Source) -> _Read | None:
        side = role if role != "either" else ""
        if role in self._died:
            death = self._died[role]
            self._fail(source, side, death.reason, death.message, seconds=death.seconds, megabytes=death.megabytes)
            return None
        self._begin(role)
        try:
            read = document(source)
            self._changed = self._changed or read.sha256 != source.sha256
            analysis = self._normalizer.analyze(read)
            ja, en = self._normalizer.split(analysis)
            if side and analysis.language != side and not (ja and en):
                raise LanguageError(
                    f"{source}: named as the {side!r} side, but its language is {analysis.language!r}; rename the file"
                )
        except NormalizerError as error:
            self._fail(source, side, error.reason, str(error))
        except MemoryError:
            raise
        except Exception as error:
            self._fail(source, side, "fault", _fault(source, error))
        else:
            both = {"ja": _Read(role, source, ja), "en": _Read(role, source, en)} if ja and en else None
            return _Read(role, source, analysis, both)
        return None

    def _lose(self, found: Mapping[str, _Read], death: Death) -> None:
        for source, side in {its.source: side for side, its in found.items()}.items():
            self._fail(source, side, death.reason, death.message, seconds=death.seconds, megabytes=death.megabytes)

    def _fail(self, source: Source, side: str, reason: str, message: str, **measured: float) -> None:
        named = message if source.name in message else f"{source}: {message}"
        self._failures.append(failure(source.shown, self._policy.id, side, reason, named, **measured))


def _text(analysis: Analysis) -> str:
    """The words of the clauses: of a document in both languages those of one."""
    return "\n".join(analysis.text(clause) for clause in analysis.clauses if clause.kind != "furniture")


def _fault(source: Source, error: Exception) -> str:
    return f"{source}: {type(error).__name__}: {error}; this is a fault of the library: please report it"


def _second(policy: Policy, side: str) -> str:
    other = policy.ja if side == ROLES[0] else policy.en
    return f"{policy.either}: its language is {side!r}, as is that of {other}; remove one, or say in a manifest.csv"
