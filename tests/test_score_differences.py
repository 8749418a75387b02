"""Planted differences and what was told: hits by code, hits by line, false alarms per 50 clean links."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from normalizer.cli import main
from normalizer.score import score

if TYPE_CHECKING:
    from pathlib import Path

LINES = 4
TEXT = {"ja": "".join(f"条項{n}\n" for n in range(LINES)), "en": "".join(f"clause{n}\n" for n in range(LINES))}


def _span(side: str, line: int | None) -> dict[str, Any] | None:
    if line is None:
        return None
    width = len(TEXT[side]) // LINES
    return {"start": line * width, "end": line * width + width - 1, "text": ""}


def _told(code: str, ja: int | None, en: int | None) -> dict[str, Any]:
    return {"code": code, "message": {"en": code}, "ja": _span("ja", ja), "en": _span("en", en)}


def _write(folder: Path, planted: list[str], told: list[dict[str, Any]], moved: int = 0) -> tuple[Path, Path]:
    gold, found = folder / "gold", folder / "found"
    for path in (gold, found / "documents", found / "records"):
        path.mkdir(parents=True)
    links = [[[0], [0]], [[1], [1]], [[2], [2]], [[3], []], [[], [3]]]
    (gold / "p.gold.json").write_text(json.dumps({"links": links, "non_monotonic": moved}), encoding="utf-8")
    table = "\n".join(["code,severity,ja,en,note", *planted])
    (gold / "p.differences.csv").write_text(table + "\n", encoding="utf-8")
    documents: list[dict[str, Any]] = [
        {"policy": "p", "side": side, "text": TEXT[side], "clauses": []} for side in ("ja", "en")
    ]
    (found / "documents" / "a.jsonl").write_text("\n".join(map(json.dumps, documents)), encoding="utf-8")
    record = {"policy": "p", "ja": None, "en": None, "differences": told}
    (found / "records" / "a.jsonl").write_text(json.dumps(record), encoding="utf-8")
    (found / "manifest.json").write_text('{"records": ["a.jsonl"], "documents": ["a.jsonl"]}', encoding="utf-8")
    return gold, found


@pytest.mark.parametrize(
    ("planted", "told", "differences", "by_line", "false_alarms"),
    [
        (["number_differs,high,0,0,"], [_told("number_differs", 0, 0)], 1, 1, 0),
        (["number_differs,high,0,0,"], [_told("number_differs", 0, None)], 1, 1, 0),
        (["number_differs,high,0,0,"], [_told("date_differs", 0, 0)], 0, 1, 0),
        (["number_differs,high,0,0,"], [], 0, 0, 0),
        (["number_differs,high,0,0,"], [_told("number_differs", 1, 1)], 0, 0, 50 / 4),
        (["clause_missing,low,3,,"], [_told("purpose_missing", 3, None)], 1, 1, 0),
        ([], [_told("clause_missing", 3, None)], 1, 1, 0),
        ([], [_told("clause_missing", 2, None)], 1, 1, 10),
        ([], [_told("order_changed", 1, 1)], 1, 1, 10),
    ],
)
def test_counts(
    planted: list[str],
    told: list[dict[str, Any]],
    differences: float,
    by_line: float,
    false_alarms: float,
    tmp_path: Path,
) -> None:
    figures = score(*_write(tmp_path, planted, told)).figures()
    if planted:
        assert (figures["differences"], figures["differences_lines"]) == (differences, by_line)
    assert figures["false_alarms"] == false_alarms


def test_a_moved_part_is_no_false_alarm(tmp_path: Path) -> None:
    assert score(*_write(tmp_path, [], [_told("order_changed", 1, 1)], moved=1)).figures()["false_alarms"] == 0


def test_the_command_shows_counts_and_the_worst_documents(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold, found = _write(tmp_path, [], [_told("order_changed", 1, 1)], moved=1)
    assert main(["score", str(gold), str(found), "--counts", "--worst", "1"]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"^strict +\d+/\d+/\d+", shown, re.MULTILINE)
    assert re.search(r"^worst 1:\nstrict +\w+ [01]\.\d{4}$", shown, re.MULTILINE)
    assert main(["score", str(gold), str(found), "--counts", "--json"]) == 0
    counted = json.loads(capsys.readouterr().out)["all"]["strict"]
    assert counted.keys() == {"figure", "hit", "gold", "found"}
