"""A run's folder, a part file of its records, or standard input → records and documents, lazily."""

from __future__ import annotations

import itertools
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from normalizer.batch.parts import FORMATS, placed_lines
from normalizer.batch.remote import is_url
from normalizer.batch.results import read_run
from normalizer.batch.store import store_of
from normalizer.errors import InputError
from normalizer.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Run:
    """The results of a run. Nothing is read before it is asked for, and no more than a line is held."""

    source: Path | str  # the folder of a run (a path or URL), a part file of its records, or "-"

    def records(self) -> Iterator[Record]:
        """All records in the run's order; standard input gives them once.

        Raises InputError, naming file and line, where there is no run, a line is no record, or there are no records.
        """
        number = 0
        for number, (place, line) in enumerate(self._record_lines(), 1):  # noqa: B007
            yield _record(place, line)
        if not number:
            hint = "; see failures.jsonl beside them" if self._is_folder else ""
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
        for place, line in read_run(self.source).placed("documents") if self._is_folder else ():
            row = _json(place, line)
            if not isinstance(row, dict) or not {"policy", "side", "document", "clauses"} <= row.keys():
                raise InputError(f"{place}: is no document of a run; run `normalizer run` again")
            yield row

    @property
    def _name(self) -> str:
        return "standard input" if str(self.source) == STANDARD_INPUT else str(self.source)

    @property
    def _is_folder(self) -> bool:
        """A URL is one, unless it ends as the name of a part file."""
        if is_url(str(self.source)):
            return not str(self.source).endswith(tuple(f".{format}" for format in FORMATS))
        return Path(self.source).is_dir()

    def _record_lines(self) -> Iterator[tuple[str, bytes]]:
        if str(self.source) == STANDARD_INPUT:
            lines = ((f"{self._name}:{number}", line) for number, line in enumerate(sys.stdin.buffer, 1))
            return ((place, line) for place, line in lines if line.strip())
        if self._is_folder:
            return read_run(self.source).placed("records")
        if is_url(str(self.source)):
            folder, _, name = str(self.source).rpartition("/")
        elif Path(self.source).exists():
            folder, name = str(Path(self.source).parent), Path(self.source).name
        else:
            raise InputError(f"{self.source}: there is no such folder or file; name the folder of a `normalizer run`")
        return placed_lines(store_of(folder), name, "records")


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
