"""The commands `compare` and `check`: what they print, and the exit status that guards a repository."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from conftest import CORPUS

from normalizer.cli import main
from normalizer.duties import Duty
from normalizer.records import Difference

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("tables_once")
Captured = pytest.CaptureFixture[str]
FAULTY = [str(CORPUS / f"03-minato-goods.{side}.txt") for side in ("ja", "en")]


def _pair(folder: Path, ja: str, en: str) -> list[str]:
    paths = [folder / "p.ja.txt", folder / "p.en.txt"]
    for path, text in zip(paths, (ja, en), strict=True):
        path.write_text(text, encoding="utf-8")
    return [str(path) for path in paths]


def test_compare_prints_a_numbered_table(capsys: Captured) -> None:
    assert main(["compare", *FAULTY]) == 1
    out, err = capsys.readouterr()
    assert "negation_lost" in out
    assert "│  1 │" in out
    assert "differences: " in err


def test_compare_json_is_a_line_a_difference(capsys: Captured) -> None:
    assert main(["compare", *FAULTY, "--json", "--severity", "high"]) == 1
    told = [Difference.model_validate(json.loads(line)) for line in capsys.readouterr().out.splitlines()]
    assert {one.severity for one in told} == {"high"}
    assert {"negation_lost", "number_differs", "contact_differs", "wrong_rendering"} <= {one.code for one in told}


def test_the_status_is_of_the_chosen_severity(tmp_path: Path, capsys: Captured) -> None:
    pair = _pair(tmp_path, "方針\n\n2023年5月1日に改定しました。\n", "Policy\n\nRevised on June 1, 2023.\n")
    assert main(["compare", *pair]) == 1
    assert main(["compare", *pair, "--severity", "medium"]) == 1
    capsys.readouterr()
    assert main(["compare", *pair, "--severity", "high"]) == 0
    assert capsys.readouterr() == ("", "no difference found of severity high\n")


def test_check_says_where(capsys: Captured) -> None:
    assert main(["check", str(CORPUS / "01-aozora-shop.ja.txt")]) == 0
    out, err = capsys.readouterr()

    assert re.search(r"line \d+: .+ 3\.", out)
    assert "32(1)(iii)" in out
    assert "not legal advice" in err


def test_check_json_and_what_is_missing(tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "short.txt"
    file.write_text("当社は、個人情報を第三者に提供しません。\n", encoding="utf-8")
    assert main(["check", str(file), "--json", "--as-of", "2018-01-01"]) == 1
    duties = [Duty.model_validate_json(line) for line in capsys.readouterr().out.splitlines()]
    assert all(str(duty.as_of) == "2018-01-01" for duty in duties)
    assert "not found" in {duty.status for duty in duties}


def test_what_cannot_be_compared_has_a_status_of_its_own(tmp_path: Path, capsys: Captured) -> None:
    ja, _ = _pair(tmp_path, "当社は、個人情報を適切に管理します。\n", "We handle personal information with care.\n")
    missing = str(tmp_path / "none.txt")
    assert main(["compare", ja, missing]) == 3
    assert main(["check", missing]) == 3
    capsys.readouterr()
    assert main(["compare", ja, ja]) == 3
    assert "the same text, given twice, in Japanese" in capsys.readouterr().err


def test_the_gravest_come_first(capsys: Captured) -> None:
    main(["compare", *FAULTY])
    told = re.findall(r"^│ +\d+ │ (high|medium|low) ", capsys.readouterr().out, re.MULTILINE)
    assert told == sorted(told, key=("high", "medium", "low").index)
    assert len({*told}) == 3


def test_two_policies_that_have_nothing_in_common(capsys: Captured) -> None:
    pair = [str(CORPUS / "07-hoshizora-games.ja.txt"), str(CORPUS / "09-aonami-city.en.txt")]
    assert main(["compare", *pair, "--json"]) == 1
    (told,) = capsys.readouterr().out.splitlines()
    assert json.loads(told)["code"] == "unrelated"
