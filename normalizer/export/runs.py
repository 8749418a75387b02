"""What `normalizer run` left in a folder, a file of its records, or standard input → records and documents, lazily."""

from __future__ import annotations

import itertools
import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from normalizer.errors import InputError
from normalizer.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Run:
    """The results of a run. Nothing is read before it is asked for, and no more than a line is held."""

    source: Path  # the folder of a run, a .jsonl file of its records, or "-"

    def records(self) -> Iterator[Record]:
        """All records in the run's order; standard input gives them once.

        Raises InputError, naming file and line, where there is no run, a line is no record, or there are no records.
        """
        number = 0
        for number, (place, line) in enumerate(self._record_lines(), 1):  # noqa: B007
            yield _record(place, line)
        if not number:
            hint = "; see failures.jsonl beside them" if self.source.is_dir() else ""
            raise InputError(f"{self._name}: there are no records in it{hint}")

    def policies(self) -> Iterator[tuple[str, tuple[Record, ...]]]:
        """The records a policy at a time. Raises what `records` raises, and InputError where a policy's lie apart."""
        seen: set[str] = set()
        for policy, found in itertools.groupby(self.records(), key=lambda record: record.policy):
            if policy in seen:
                raise InputError(f"{self._name}: the records of {policy!r} do not stand together; sort them by id")
            seen.add(policy)
            yield policy, tuple(found)

    def documents(self) -> Iterator[dict[str, Any]]:
        """The rows of documents/ in the run's order: text and clauses of a file. Only a folder has them.

        Raises InputError naming file and line.
        """
        for path in self._parts("documents") if self.source.is_dir() else ():
            for place, line in _numbered(path):
                row = _json(place, line)
                if not isinstance(row, dict) or not {"policy", "side", "document", "clauses"} <= row.keys():
                    raise InputError(f"{place}: is no document of a run; run `normalizer run` again")
                yield row

    @property
    def _name(self) -> str:
        return "standard input" if str(self.source) == STANDARD_INPUT else str(self.source)

    def _record_lines(self) -> Iterator[tuple[str, bytes]]:
        if str(self.source) == STANDARD_INPUT:
            yield from _lines(self._name, sys.stdin.buffer)
        elif self.source.is_dir():
            for path in self._parts("records"):
                yield from _numbered(path)
        elif self.source.exists():
            yield from _numbered(self.source)
        else:
            raise InputError(f"{self.source}: there is no such folder or file; name the folder of a `normalizer run`")

    def _parts(self, name: str) -> Iterator[Path]:
        """The part files of records/ or documents/ that the manifest lists."""
        for part in self._manifest().get(name, ()):
            path = self.source / name / str(part)
            if not path.is_file():
                raise InputError(f"{path}: is missing, but manifest.json lists it; run `normalizer run` again")
            if path.suffix != ".jsonl":
                raise InputError(f"{path}: cannot be read here; run `normalizer run` with --format jsonl")
            yield path

    def _manifest(self) -> dict[str, Any]:
        path = self.source / "manifest.json"
        if not path.is_file():
            broken = (self.source / "records").is_dir()
            why = "the run was broken off: run it again" if broken else "there is no run in this folder"
            raise InputError(f"{self.source}: {why} (normalizer run INPUT... --out {self.source})")
        found = _json(str(path), path.read_bytes())
        if not isinstance(found, dict):
            raise InputError(f"{path}: is no manifest of a run; run `normalizer run` again")
        return found


def _numbered(path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with path.open("rb") as file:
            yield from _lines(str(path), file)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error


def _lines(name: str, file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """The lines that are not empty, each with its place: "part-00000.jsonl:17"."""
    return ((f"{name}:{number}", line) for number, line in enumerate(file, 1) if line.strip())


def _record(place: str, line: bytes) -> Record:
    try:
        return Record.model_validate_json(line)
    except ValueError as error:  # pydantic's: a line of count, then field and reason of each
        reason = ": ".join(part.strip() for part in str(error).splitlines()[1:3])
        raise InputError(f"{place}: is no record ({reason}); run `normalizer run` again") from error


def _json(place: str, data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError as error:
        raise InputError(f"{place}: is no JSON ({error}); run `normalizer run` again") from error
