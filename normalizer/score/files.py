"""The manifest of a folder of gold → which half each policy is in."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def halves(gold: Path) -> dict[str, str]:
    """Policy → "tune" or "test", from the column `half` of the folder's manifest."""
    path = gold / "manifest.csv"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {row["policy"]: row["half"] for row in csv.DictReader(file) if row.get("half")}
