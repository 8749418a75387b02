"""Words and their translations: what the table must hold, how texts are cut, and what their likeness says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from normalizer.align.translations import load, shipped
from normalizer.errors import GlossaryError
from normalizer.glossary import glossary_folder

JA = (
    "個人情報を第三者に提供しません。",
    "お問い合わせは窓口までお寄せください。",
    "漏えいを防ぐため安全管理措置を講じます。",
)
EN = (
    "We take security control measures to prevent leaks.",
    "We do not provide personal information to third parties.",
    "Please send inquiries to our contact point.",
)


def _table(folder: Path, *rows: str) -> Path:
    (folder / "word_pairs.csv").write_text("\n".join(["ja,en,en_of_ja,ja_of_en", *rows, ""]), encoding="utf-8")
    return folder


def test_each_clause_is_most_like_its_translation() -> None:
    likeness, runs, known, told = shipped().translated(JA, EN)
    assert likeness.argmax(axis=1).tolist() == [1, 2, 0]
    assert likeness.argmax(axis=0).tolist() == [2, 0, 1]
    assert ((likeness >= 0) & (likeness <= known) & (known < 1)).all()
    assert all(share[place] > likeness[place] > 0 for share in told for place in ((0, 1), (1, 2), (2, 0)))
    assert runs.shape == likeness.shape


@pytest.mark.parametrize(("ja", "en"), [((), ()), (JA, ()), ((), EN), (("", "※"), ("1", "…"))])
def test_texts_without_words_are_like_nothing(ja: tuple[str, ...], en: tuple[str, ...]) -> None:
    likeness, runs, known, told = shipped().translated(ja, en)
    assert likeness.shape == runs.shape == known.shape == told[0].shape == told[1].shape == (len(ja), len(en))
    assert not any(found.any() for found in (likeness, runs, *told))


def test_the_longest_form_counts_and_one_kanji_only_by_itself(tmp_path: Path) -> None:
    words = load(_table(tmp_path, "行,do|does,0.5,0.5", "銀行|銀行員,bank,0.5,0.5", "員,member,0.5,0.5"))
    found = [words.of_japanese(text) for text in ("行う", "銀行", "銀行員", "発行", "発行、行い", "ｱｲｳ")]
    assert found == [{0}, {1}, {1}, set(), {0}, set()]
    assert words.of_english("The BANK does it") == {0, 1}


def test_explained_words_count_by_how_few_texts_have_them(tmp_path: Path) -> None:
    words = load(_table(tmp_path, "情報,information,1,1", "銀行,bank,1,1", "病院,hospital,1,1"))
    likeness, *_ = words.translated(("情報と銀行", "情報と病院"), ("bank information", "hospital information"))
    assert likeness[0, 0] == likeness[1, 1] > likeness[0, 1] == likeness[1, 0] > 0
    assert np.isclose(likeness[0, 1] / likeness[0, 0], np.log(2) / (np.log(2) + np.log(3)))


def test_a_part_of_a_clause_is_less_like_it_than_with_its_neighbour(tmp_path: Path) -> None:
    words = load(_table(tmp_path, "情報,information,1,1", "銀行,bank,1,1", "病院,hospital,1,1"))
    found = words.translated(("情報", "銀行", "病院"), ("bank information", "hospital"))
    assert found.runs[0, 0] == found.runs[1, 0] > found.likeness[1, 0]  # the bank's line is read with that before it
    assert found.runs[2, 1] < found.likeness[2, 1]
    assert np.isclose(found.told[0][1, 0], 1)
    assert 0 < found.told[1][1, 0] < 1


@pytest.mark.parametrize("cell", ["x", "1.5", "-0.1", "nan", ""])
def test_a_wrong_probability_names_its_line(tmp_path: Path, cell: str) -> None:
    with pytest.raises(GlossaryError, match=r"word_pairs\.csv:3: en_of_ja"):
        load(_table(tmp_path, "情報,information,1,1", f"銀行,bank,{cell},1"))


def test_no_form_stands_in_two_cells() -> None:
    rows = (glossary_folder() / "word_pairs.csv").read_text(encoding="utf-8").splitlines()[1:]
    for column in (0, 1):
        cells = {row.split(",")[column] for row in rows}
        forms = [form for cell in cells for form in cell.split("|")]
        assert len(forms) == len(set(forms))


@pytest.mark.slow
def test_the_table_is_what_the_texts_say() -> None:
    command = [sys.executable, "-m", "benchmarks.word_pairs", "--check"]
    subprocess.run(command, cwd=Path(__file__).parents[1], check=True)
