"""Each numbered check finds what its bad tables have and is silent about its good ones.

A case is a folder under cases/checks: CODE-bad or CODE-good, with the tables that differ from those of base/.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import rows

from normalizer.candidates import finders
from normalizer.checking import wrong
from normalizer.cli import main
from normalizer.errors import GlossaryError
from normalizer.glossary import Glossary, glossary_folder
from normalizer.glossary.checks import CHECKS, COVERED, findings
from normalizer.glossary.rows import read_tables
from normalizer.tokens import Tokenizer

if TYPE_CHECKING:
    from normalizer.errors import Finding

CASES = Path(__file__).parent / "cases" / "checks"
CODES = sorted([*(code for code, _, _ in CHECKS), COVERED[0]])
TOKENIZER = Tokenizer()


def found(folder: Path, *own: Path) -> tuple[Finding, ...]:
    return findings(
        read_tables(folder, own),
        lambda language, form: finders([word.lemma for word in TOKENIZER.words(form, language)], form),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CASES / "base", tmp_path / "tables"))


def laid_over(folder: Path, case: str) -> Path:
    for table in (CASES / case).iterdir():
        shutil.copy(table, folder)
    return folder


def test_codes_are_in_order_and_each_once() -> None:
    assert sorted(set(CODES)) == CODES


def test_every_case_is_of_a_check() -> None:
    assert {path.name for path in CASES.iterdir()} == {"base"} | {
        f"{code}-{kind}" for code in CODES for kind in ("bad", "good")
    }


@pytest.mark.parametrize("code", CODES)
def test_bad_tables_are_found(folder: Path, code: str) -> None:
    problems = found(laid_over(folder, f"{code}-bad"))
    mine = [problem for problem in problems if problem.code == code]
    assert mine, problems
    assert all(problem.line > 0 and problem.path.is_file() and problem.message for problem in mine)
    if code.startswith("E"):
        with pytest.raises(GlossaryError, match=code):
            Glossary.load(folder)


@pytest.mark.parametrize("code", CODES)
def test_good_tables_are_not(folder: Path, code: str) -> None:
    assert found(laid_over(folder, f"{code}-good")) == ()


def test_the_tables_the_good_cases_start_from_are_good() -> None:
    assert found(CASES / "base") == ()


def test_the_shipped_tables_have_no_errors() -> None:
    assert [str(problem) for problem in found(glossary_folder()) if problem.code.startswith("E")] == []


def test_a_finding_names_file_line_value_and_the_nearest(folder: Path) -> None:
    (problem,) = (one for one in found(laid_over(folder, "E103-bad")) if one.code == "E103")
    assert (problem.path, problem.line) == (folder / "terms.csv", 8)
    assert problem.value == "Acquisiton"
    assert problem.nearest[0] == "Acquisition"
    assert (
        str(problem) == f"{folder / 'terms.csv'}:8: E103 unknown concept 'Acquisiton'; nearest: Acquisition, Provision"
    )


def test_a_quotation_mark_left_open_is_named(folder: Path) -> None:
    with (folder / "terms.csv").open("a", encoding="utf-8") as table:
        table.write('Provision,ja,"譲渡,admitted,,,\n' + "Provision,ja,あ,admitted,,,\n" * 10_000)
    assert {problem.code for problem in found(folder)} == {"E102"}


@pytest.mark.parametrize(
    ("case", "options", "status"),
    [
        ("E103-bad", [], 1),
        ("E103-good", [], 0),
        ("E103-good", ["--strict"], 0),
        ("W201-bad", [], 0),
        ("W201-bad", ["--strict"], 1),
    ],
)
def test_check_command(
    folder: Path, capfdbinary: pytest.CaptureFixture[bytes], case: str, options: list[str], status: int
) -> None:
    arguments = ["glossary", "check", "--tables", str(laid_over(folder, case))]
    assert main([*arguments, *options]) == status
    told = capfdbinary.readouterr().out.decode("utf-8")
    assert (case[:4] in told) == case.endswith("bad")
    assert main([*arguments, *options, "--json"]) == status
    rows = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert {row["code"] for row in rows} == ({case[:4]} if case.endswith("bad") else set())
    assert all(set(row) == {"code", "file", "line", "message", "value", "nearest"} for row in rows)


def test_a_users_own_table_is_checked_too(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "mine.csv"
    own.write_text(
        "concept,language,form,status,register,source,note\nProvison,ja,交付,admitted,,,\n", encoding="utf-8"
    )
    (problem,) = found(folder, own)
    assert (problem.code, problem.path, problem.line) == ("E103", own, 2)
    assert main(["glossary", "check", "--tables", str(folder), "--glossary", str(own)]) == 1


def test_only_what_a_users_own_table_brings_is_shown(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    laid_over(folder, "W202-bad")
    own = tmp_path / "mine.csv"
    own.write_text(
        "concept,language,form,status,register,source,note\n"
        "Provision,ja,交付,preferred,,house style,\n"  # no advice: what the user prefers may differ from the label
        "Acquisition,en,acquisitions,admitted,,,\n",
        encoding="utf-8",
    )
    assert main(["glossary", "check", "--tables", str(folder), "--glossary", str(own)]) == 0
    done = capfd.readouterr()
    assert [line.split(" ")[1] for line in done.out.splitlines()] == ["W203"]
    assert "without your tables: 0 errors, 1 piece of advice" in done.err


@pytest.mark.slow
@pytest.mark.parametrize(("table", "old", "new", "expected"), rows("wrong_tables.tsv", 4))
def test_tables_outside_the_glossary_are_checked(tmp_path: Path, table: str, old: str, new: str, expected: str) -> None:
    folder = Path(shutil.copytree(glossary_folder(), tmp_path / "tables"))
    text = (folder / table).read_text(encoding="utf-8")
    assert old in text
    (folder / table).write_text(text.replace(old, new, 1), encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    told = [str(finding) for finding in wrong(folder) if not finding.code.startswith("W")]
    assert any(one.startswith(f"{folder / table}:{line}: ") and expected in one for one in told), told


def test_the_shipped_tables_hold_together() -> None:
    assert [str(finding) for finding in wrong(glossary_folder()) if not finding.code.startswith("W")] == []
