"""Policies → records, documents, failures, manifest in a folder.

A file that cannot be read is a row of failures.jsonl and the rest goes on: a policy with one readable side gives
records with that side. Every file is in exactly one of documents and failures, which is checked at the end.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from normalizer.batch.store import Parts, prepare, write_json, write_lines
from normalizer.errors import LanguageError, NormalizerError
from normalizer.reading import printable
from normalizer.records import SCHEMA, clause_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from normalizer.batch.plan import Policy, Refusal
    from normalizer.model import Analysis
    from normalizer.pipeline import Normalizer


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
    reasons: dict[str, int] = field(default_factory=dict)


def run(
    policies: Sequence[Policy],
    refusals: Sequence[Refusal],
    out: Path,
    normalizer: Normalizer,
    progress: Callable[[Policy, Summary], None] = lambda policy, summary: None,
) -> Summary:
    """Read, align and write all policies into the folder `out`; `progress` is called after each policy.

    The results depend on the inputs and on `normalizer.versions` alone, never on the clock or the machine.
    Raises InputError where `out` cannot take the results.
    """
    prepare(out)
    work = _Run(normalizer, Parts(out / "records"), Parts(out / "documents"))
    for refusal in refusals:
        work.fail(refusal.path, refusal.policy, refusal.side, refusal.error)
    for policy in policies:
        work.take(policy)
        progress(policy, work.summary)
    work.records.close()
    work.documents.close()
    write_lines(out / "failures.jsonl", work.failed)
    write_json(out / "manifest.json", _manifest(work))
    return work.summary


class _Run:
    """The open files and the counts of a run."""

    def __init__(self, normalizer: Normalizer, records: Parts, documents: Parts) -> None:
        self.normalizer, self.records, self.documents = normalizer, records, documents
        self.summary = Summary()
        self.failed: list[dict[str, Any]] = []

    def take(self, policy: Policy) -> None:
        """Read the policy's files, align them, and write what there is."""
        sides = {side: self._read(policy, side, path) for side, path in (("ja", policy.ja), ("en", policy.en))}
        if read := self._read(policy, "", policy.either):
            language = read.analysis.language
            if sides[language] is None:
                sides[language] = read
            else:
                self._note(read.path, policy.id, language, "pairing", _second(policy, language))
        found = {side: read for side, read in sides.items() if read}
        if found:
            self._write(policy, found)

    def fail(self, path: Path, policy: str, side: str, error: NormalizerError) -> None:
        """Count a file that cannot be read."""
        self.summary.inputs += 1
        self._note(path, policy, side, error.reason, str(error))

    def _read(self, policy: Policy, side: str, path: Path | None) -> _Read | None:
        if path is None:
            return None
        try:
            analysis = self.normalizer.analyze(path)
            if side and analysis.language != side:
                raise LanguageError(
                    f"{path}: named as the {side!r} side, but its language is {analysis.language!r}; rename the file"
                )
        except NormalizerError as error:
            self.fail(path, policy.id, side, error)
        except Exception as error:  # a fault of ours must not cost the other documents
            self.fail(path, policy.id, side, _fault(path, error))
        else:
            self.summary.inputs += 1
            return _Read(path, analysis)
        return None

    def _write(self, policy: Policy, found: dict[str, _Read]) -> None:
        sides = {side: read.analysis for side, read in found.items()}
        try:
            rows = self.normalizer.align(sides.get("ja"), sides.get("en"), policy.id)
            lines = [row.model_dump_json(by_alias=True) for row in rows]
        except Exception as error:
            for side, read in found.items():
                self._note(read.path, policy.id, side, "fault", str(_fault(read.path, error)))
            return
        self.records.write(lines)
        self.documents.write(_document(policy, side, read) for side, read in found.items())
        self.summary.policies += 1
        self.summary.pairs += len(found) == 2
        self.summary.documents += len(found)
        self.summary.clauses += sum(len(analysis.clauses) for analysis in sides.values())
        self.summary.records += len(lines)

    def _note(self, path: Path, policy: str, side: str, reason: str, message: str) -> None:
        row = {"input": str(path), "policy": policy or None, "side": side or None, "reason": reason, "message": message}
        self.failed.append({name: cell and printable(cell) for name, cell in row.items()})
        self.summary.failures += 1
        self.summary.reasons[reason] = self.summary.reasons.get(reason, 0) + 1


@dataclass(frozen=True, slots=True)
class _Read:
    """A file and what was understood of it."""

    path: Path
    analysis: Analysis


class _Fault(NormalizerError):
    reason = "fault"


def _fault(path: Path, error: Exception) -> NormalizerError:
    return _Fault(f"{path}: {type(error).__name__}: {error}; this is a fault of the library: please report it")


def _second(policy: Policy, side: str) -> str:
    other = policy.ja if side == "ja" else policy.en
    return f"{policy.either}: its language is {side!r}, as is that of {other}; remove one, or say in a manifest.csv"


def _document(policy: Policy, side: str, read: _Read) -> str:
    """A line of documents/: the text that the records' spans index, and its clauses as `analyze` prints them."""
    document = read.analysis.document
    row = {
        "policy": policy.id,
        "side": side,
        "document": document.id,
        "path": printable(str(read.path)),
        "sha256": document.sha256,
        "format": document.format,
        "encoding": document.encoding,
        "language": read.analysis.language,
        "text": document.text,
        "clauses": [line.model_dump(mode="json") for line in clause_lines(read.analysis)],
    }
    return json.dumps(row, ensure_ascii=False)


def _manifest(work: _Run) -> dict[str, Any]:
    summary = work.summary
    if summary.inputs != summary.documents + summary.failures:
        raise AssertionError(
            f"{summary.inputs} inputs, but {summary.documents} documents + {summary.failures} failures"
        )
    return {
        "schema": SCHEMA,
        "versions": work.normalizer.versions,
        "counts": asdict(summary),
        "records": work.records.names,
        "documents": work.documents.names,
    }
