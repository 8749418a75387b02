"""Figures and a file of floors → what has fallen below; the floors only rise."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from normalizer.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

LOWER_IS_BETTER = ("wrong_sense", "false_alarms")
SLACK = 0.003  # another processor rounds vectors otherwise, which can turn a doubtful link or two


def check(figures: dict[str, float], gold: Path, file: Path) -> list[str]:
    """A sentence for each figure that is worse than its floor in `file`, and one where the gold has changed.

    A changed gold makes old floors meaningless, so they must be confirmed by `update`. Raises InputError for a file
    that cannot be read.
    """
    kept = _load(file)
    out = [] if kept["gold"] == gold_hash(gold) else [f"{file}: the gold has changed; confirm the floors by --update"]
    for metric, floor in kept["floors"].items():
        value = figures.get(metric)
        if value is None or (value > floor + SLACK if metric in LOWER_IS_BETTER else value < floor - SLACK):
            out.append(f"{metric}: {value} is worse than its floor {floor}")
    return out


def update(figures: dict[str, float], gold: Path, file: Path) -> list[str]:
    """Raise the floors to the figures and write `file`; what is worse than its floor is returned and kept.

    Where the gold has changed, the figures themselves are the new floors.
    """
    same = file.is_file() and _load(file)["gold"] == gold_hash(gold)
    floors = _load(file)["floors"] if same else {}
    worse = check(figures, gold, file) if same else []
    for metric, value in figures.items():
        best = min if metric in LOWER_IS_BETTER else max
        floors[metric] = best(value, floors.get(metric, value))
    text = json.dumps({"gold": gold_hash(gold), "floors": floors}, indent=2, sort_keys=True)
    file.write_text(text + "\n", encoding="utf-8", newline="\n")
    return worse


def gold_hash(gold: Path) -> str:
    """SHA-256 over the gold's files."""
    digest = hashlib.sha256()
    for path in sorted([*gold.glob("*.gold.json"), *(gold / "gold").glob("*.json")]):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _load(file: Path) -> dict[str, Any]:
    try:
        kept: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: no file of floors ({error}); make one with --update") from error
    return kept
