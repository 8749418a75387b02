"""The folder of a finished run → its rows, in one order whatever made it: the reader that exports build on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from normalizer.batch.parts import placed_lines
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
        return (line for _, line in self.placed(folder))

    def placed(self, folder: str) -> Iterator[tuple[str, bytes]]:
        """The same rows, each with its place: "out/records/part-00000.jsonl:17". Raises InputError, naming the file."""
        for name in self.manifest[folder]:
            yield from placed_lines(self.store, f"{folder}/{name}", folder)


def read_run(folder: Path | str) -> Results:
    """Open the folder (or URL) that `normalizer run --out` wrote. Raises InputError where no run has ended there."""
    store = store_of(str(folder))
    try:
        with store.open("manifest.json") as file:
            manifest = json.load(file)
        manifest["records"], manifest["documents"]
    except OSError as error:
        why = "the run was broken off: run it again" if store.names("records") else "there is no run in this folder"
        raise InputError(f"{folder}: {why} (normalizer run INPUT... --out {folder})") from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{folder}/manifest.json: is no manifest of a run ({error}); run `normalizer run` again"
        ) from error
    return Results(store, manifest)
