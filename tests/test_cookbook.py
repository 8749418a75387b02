"""The questions of docs/cookbook.md are answered in the form that the page shows; answers change with the tables."""

from __future__ import annotations

import contextlib
import os
import re
import warnings
from typing import TYPE_CHECKING

import pytest

from benchmarks.cookbook import ASKED, DOCUMENT, answered, prepare

if TYPE_CHECKING:
    from pathlib import Path

PAGE = DOCUMENT.read_text(encoding="utf-8")


def test_every_question_has_its_answer() -> None:
    questions = re.findall(r"^## \d+\. ", PAGE, re.MULTILINE)
    assert len(questions) == PAGE.count("```sql") == len(list(ASKED.finditer(PAGE))) >= 10
    assert questions == [f"## {number}. " for number in range(1, len(questions) + 1)]


def test_the_page_says_what_to_install_and_reads_all_parts() -> None:
    assert "pip install -e '.[dev,research]'" in PAGE
    assert not re.search(r"part-\d", PAGE)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_questions_of_the_cookbook_are_answered(tmp_path: Path) -> None:
    """Columns, that there are rows, and the one answer that the page itself makes: which policy was changed."""
    pytest.importorskip("duckdb")
    prepare(PAGE, tmp_path)
    for old, new in zip(ASKED.finditer(PAGE), ASKED.finditer(answered(PAGE, tmp_path)), strict=True):
        before, after = old["answer"].splitlines(), new["answer"].splitlines()
        assert before[:2] == after[:2], old["query"]
        assert len(after) > 2, old["query"]
        if "out-2023" in old["query"]:
            assert before == after
    _opens(tmp_path)


def _opens(folder: Path) -> None:
    """A run opens in the libraries that the page names, as it says."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    for module in ("datasets", "pandas", "polars"):
        pytest.importorskip(module)
    names = {"HF_HOME": str(folder / "hf"), "HF_DATASETS_OFFLINE": "1", "HF_HUB_OFFLINE": "1"}
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings(), contextlib.chdir(folder):
        warnings.simplefilter("ignore")  # those of the libraries
        for name, value in names.items():
            patch.setitem(os.environ, name, value)
        exec(compile(code, "docs/cookbook.md", "exec"), {})
