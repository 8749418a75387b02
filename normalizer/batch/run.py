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
    mixed: int = 0  # files in both languages, each of which is two documents
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
        self.pairings: list[dict[str, Any]] = []

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
        if len(found) == 1:  # no other file is a side of it: one in both languages may be both
            (alone,) = found.values()
            found = alone.halves or found
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
            ja, en = self.normalizer.split(analysis)
            if side and analysis.language != side and not (ja and en):
                raise LanguageError(
                    f"{path}: named as the {side!r} side, but its language is {analysis.language!r}; rename the file"
                )
        except NormalizerError as error:
            self.fail(path, policy.id, side, error)
        except Exception as error:  # a fault of ours must not cost the other documents
            self.fail(path, policy.id, side, _fault(path, error))
        else:
            self.summary.inputs += 1
            return _Read(path, analysis, {"ja": _Read(path, ja), "en": _Read(path, en)} if ja and en else None)
        return None

    def _write(self, policy: Policy, found: dict[str, _Read]) -> None:
        sides = {side: read.analysis for side, read in found.items()}
        try:
            rows = self.normalizer.align(sides.get("ja"), sides.get("en"), policy.id)
            lines = [row.model_dump_json(by_alias=True) for row in rows]
        except Exception as error:
            for path, side in {read.path: side for side, read in found.items()}.items():
                self._note(path, policy.id, side, "fault", str(_fault(path, error)))
            return
        self.records.write(lines)
        self.documents.write(_document(policy, side, read) for side, read in found.items())
        self.summary.policies += 1
        self.summary.pairs += len(found) == 2
        self.summary.mixed += _is_mixed(found)
        if len(found) == 2:
            self.pairings.append(_pairing(policy, found))
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
    halves: dict[str, _Read] | None = None  # of a file in both languages


class _Fault(NormalizerError):
    reason = "fault"


def _fault(path: Path, error: Exception) -> NormalizerError:
    return _Fault(f"{path}: {type(error).__name__}: {error}; this is a fault of the library: please report it")


def _second(policy: Policy, side: str) -> str:
    other = policy.ja if side == "ja" else policy.en
    return f"{policy.either}: its language is {side!r}, as is that of {other}; remove one, or say in a manifest.csv"


def _is_mixed(found: dict[str, _Read]) -> bool:
    return len(found) == 2 and found["ja"].path == found["en"].path


def _pairing(policy: Policy, found: dict[str, _Read]) -> dict[str, Any]:
    """How the two sides of a policy came together."""
    row: dict[str, Any] = {"policy": policy.id} | {side: printable(str(read.path)) for side, read in found.items()}
    row["found"] = "mixed" if _is_mixed(found) else policy.found
    return row | ({"score": policy.score, "evidence": dict(policy.evidence)} if policy.score is not None else {})


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
    if summary.inputs + summary.mixed != summary.documents + summary.failures:
        raise AssertionError(
            f"{summary.inputs} inputs, {summary.mixed} of them double, but {summary.documents} documents + "
            f"{summary.failures} failures"
        )
    return {
        "schema": SCHEMA,
        "versions": work.normalizer.versions,
        "counts": asdict(summary),
        "records": work.records.names,
        "documents": work.documents.names,
        "pairs": work.pairings,
    }
