"""Folders of gold and of a run → their rows."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

from normalizer.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def rows(folder: Path) -> Iterator[dict[str, Any]]:
    paths = sorted(folder.glob("*.jsonl"))
    if not paths:
        raise InputError(f"{folder}: no JSON lines; give the folder that `normalizer run` has written")
    for path in paths:
        with path.open(encoding="utf-8") as file:
            yield from map(json.loads, file)


def halves(gold: Path) -> dict[str, str]:
    """Policy → "tune" or "test", from the column `half` of the folder's manifest."""
    path = gold / "manifest.csv"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {row["policy"]: row["half"] for row in csv.DictReader(file) if row.get("half")}
