"""Rows → files: JSON lines in parts, each under a temporary name until it is whole."""

from __future__ import annotations

import json
import os
import re
import shutil
from typing import TYPE_CHECKING, Any

from normalizer.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# What a run writes, whole or broken off.
OURS = re.compile(
    r"(?:records|documents)(?:/part-\d{5,}\.jsonl(?:\.tmp)?)?|(?:failures\.jsonl|manifest\.json)(?:\.tmp)?"
)
PART_BYTES = 64 * 2**20  # a part file is closed when it has grown to this


class Parts:
    """Part files `part-00000.jsonl`, … in a folder, filled one after the other."""

    def __init__(self, folder: Path, limit: int = PART_BYTES) -> None:
        folder.mkdir(parents=True)
        self.names: list[str] = []
        self.rows = 0
        self._folder, self._limit, self._size = folder, limit, 0
        self._file: Any = None

    def write(self, lines: Iterable[str]) -> None:
        """Add rows, each one line of JSON; those of one call are never spread over two parts."""
        for line in lines:
            if self._file is None:
                self._file = (self._folder / f"{self._next()}.tmp").open("wb")
            data = line.encode("utf-8") + b"\n"
            self._file.write(data)
            self._size += len(data)
            self.rows += 1
        if self._size >= self._limit:
            self.close()

    def close(self) -> None:
        """Give the open part its name; an empty run has one empty part, so that readers find a file."""
        if self._file is None and self.names:
            return
        name = self._next()
        temporary = self._folder / f"{name}.tmp"
        if self._file is None:
            temporary.touch()
        else:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        temporary.replace(self._folder / name)
        self.names.append(name)
        self._file, self._size = None, 0

    def _next(self) -> str:
        return f"part-{len(self.names):05d}.jsonl"


def prepare(out: Path) -> None:
    """Make `out` an empty folder for a run, removing what an earlier run left there and nothing else.

    Raises InputError where the folder holds other things, or cannot be written to.
    """
    if out.is_dir():
        stranger = next((path for path in sorted(out.rglob("*")) if not OURS.fullmatch(_below(path, out))), None)
        if stranger:
            raise InputError(f"{out}: holds {_below(stranger, out)!r}, which no run has written; name a new folder")
    elif out.exists():
        raise InputError(f"{out}: is a file; name a folder for the results")
    try:
        out.mkdir(parents=True, exist_ok=True)
        for path in list(out.iterdir()):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
    except OSError as error:
        raise InputError(f"{out}: cannot be written to ({error.strerror}); name another folder") from error


def _below(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def write_json(path: Path, value: Any) -> None:
    """One JSON file, whole or not at all."""
    _write(path, json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def write_lines(path: Path, rows: Iterable[Any]) -> None:
    """A JSON lines file, whole or not at all."""
    _write(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def _write(path: Path, text: str) -> None:
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    temporary.replace(path)
