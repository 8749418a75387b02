"""The folder of a finished run → its rows, in one order whatever made it: the reader that exports build on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from normalizer.batch.parts import part_lines
from normalizer.batch.rows import parsed
from normalizer.batch.store import store_of
from normalizer.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from normalizer.batch.store import Store


@dataclass(frozen=True, slots=True)
class Results:
    """What a run wrote. Rows stand by policy and, in it, by position; they are read one part file at a time."""

    store: Store
    manifest: dict[str, Any]

    def records(self) -> Iterator[dict[str, Any]]:
        """The bilingual clause records."""
        return map(parsed, self.lines("records"))

    def documents(self) -> Iterator[dict[str, Any]]:
        """The documents with their texts and clauses."""
        return map(parsed, self.lines("documents"))

    def failures(self) -> Iterator[dict[str, Any]]:
        """The inputs that could not be read, and why."""
        with self.store.open("failures.jsonl") as file:
            yield from map(json.loads, file)

    def lines(self, folder: str) -> Iterator[bytes]:
        """The rows of records or documents as lines of JSON without their ends: the same bytes in every format."""
        for name in self.manifest[folder]:
            yield from part_lines(self.store, f"{folder}/{name}", folder, name.split(".", 1)[1])


def read_run(folder: Path | str) -> Results:
    """Open the folder (or URL) that `normalizer run --out` wrote. Raises InputError where no run has ended there."""
    store = store_of(str(folder))
    try:
        with store.open("manifest.json") as file:
            manifest = json.load(file)
        manifest["records"], manifest["documents"]
    except OSError as error:
        raise InputError(
            f"{folder}: no run has ended here ({error.strerror or error}); give the command again"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{folder}: manifest.json is not that of a run ({error}); give the command again") from error
    return Results(store, manifest)
