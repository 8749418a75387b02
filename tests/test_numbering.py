"""The grammar of markers: the cases of cases/numbering/, the examples of the table, and numerals."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest
from conftest import rows
from hypothesis import given
from hypothesis import strategies as st

from normalizer import numbering
from normalizer.errors import GlossaryError
from normalizer.glossary import glossary_folder
from normalizer.numbering import kanji_number, load, roman

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "kind,style,pattern,after,example\n"


@pytest.mark.parametrize(("line", "marker", "label", "style"), rows("numbering/markers.tsv", 4))
def test_marker(line: str, marker: str, label: str, style: str, glossaries: Path) -> None:
    found = load(glossaries).marker(line)
    shown = (found.text, str(found.labels[0]), found.labels[0].style) if found else ("-", "-", "-")
    assert shown == (marker, label, style)


def test_there_are_cases_of_both_kinds() -> None:
    cases = [case.values for case in rows("numbering/markers.tsv", 4)]
    assert sum(case[1] == "-" for case in cases) >= 60
    assert sum(case[1] != "-" for case in cases) >= 100


def _examples() -> list[dict[str, str]]:
    with (glossary_folder() / "numbering.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", _examples(), ids=lambda row: row["example"])
def test_each_row_of_the_table_reads_its_own_example(row: dict[str, str], glossaries: Path) -> None:
    """So no row is shadowed by one above it: the kind and style found are the row's."""
    found = load(glossaries).marker(row["example"])
    assert found is not None
    readings = {(label.kind, label.style) for label in found.labels}
    assert (row["kind"], row["style"]) in readings


@pytest.mark.parametrize(
    ("line", "needs"),
    [
        *(("１　利用目的", True), ("四　管理体制", True), ("A. Smith", True), ("2.5 times a year", True)),
        *(("1. 氏名", False), ("・氏名", False), ("2.5 Times", False)),
    ],
)
def test_bare_numbers_and_initials_need_a_series(line: str, needs: bool, glossaries: Path) -> None:
    found = load(glossaries).marker(line)
    assert found is not None
    assert found.needs_series is needs


@pytest.mark.parametrize(
    ("line", "readings"),
    [
        ("(i) name", {(1,), (9,)}),
        ("(v) name", {(5,), (22,)}),
        ("(iv) name", {(4,)}),
        ("(a) name", {(1,)}),
        ("ハ）氏名", {(3,)}),
        ("イ）氏名", {(2,), (1,)}),
        ("ア）氏名", {(1,)}),
    ],
)
def test_readings_of_an_ambiguous_marker(line: str, readings: set[tuple[int, ...]], glossaries: Path) -> None:
    found = load(glossaries).marker(line)
    assert found is not None
    assert {label.number for label in found.labels} == readings


@pytest.mark.parametrize(
    ("text", "value"),
    [("一", 1), ("十", 10), ("十二", 12), ("二十", 20), ("二十一", 21), ("百", 100), ("百三", 103), ("二百五十", 250)],
)
def test_kanji_number(text: str, value: int) -> None:
    assert kanji_number(text) == value


@pytest.mark.parametrize(("text", "value"), [("二〇", 20), ("一〇五", 105), ("あ", None), ("二あ", None)])
def test_positional_kanji_number(text: str, value: int | None) -> None:
    assert kanji_number(text) == value


@pytest.mark.parametrize(("text", "value"), [("i", 1), ("iv", 4), ("IX", 9), ("xiv", 14), ("Ⅲ", 3), ("ⅻ", 12)])
def test_roman(text: str, value: int) -> None:
    assert roman(text) == value


@pytest.mark.parametrize("text", ["", "iix", "iiii", "vv", "ic", "a", "ivi"])
def test_no_roman(text: str) -> None:
    assert roman(text) is None


@given(st.text("0123456789第条の（）().．、:-－①②⑳・ 　abivxIVXアイ一二十百円年月Article", max_size=70))
def test_a_marker_is_the_start_of_its_line(line: str) -> None:
    found = load(glossary_folder()).marker(line.strip())
    if found:
        assert 0 < found.end <= len(line.strip())
        assert found.text
        assert line.strip()[: found.end].strip(" \t　") == found.text
        assert found.labels


def test_the_folding_of_widths_keeps_offsets() -> None:
    wide = "".join(map(chr, numbering.FOLD))
    folded = numbering.fold(wide)
    assert len(folded) == len(wide)
    assert not {*folded} & {*wide}
    assert numbering.fold("（１）利用目的，ｲ）") == "(1)利用目的，イ)"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("item,x,({digit}),any,(1)", r"numbering.csv:2: unknown placeholder 'digit'; nearest: digits"),
        ("item,x,({digits}),sometimes,(1)", r"numbering.csv:2: unknown after 'sometimes'"),
        ("item,x,({digits}),any serie,(1)", r"numbering.csv:2: unknown second word of after 'serie'"),
        ("item,x,({digits})", r"numbering.csv:2: .*3 cells"),
    ],
)
def test_a_damaged_table_names_file_line_and_remedy(row: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "numbering.csv").write_text(HEADER + row + "\n", encoding="utf-8")
    with pytest.raises(GlossaryError, match=message):
        load(tmp_path)


def test_a_table_of_ones_own_is_the_grammar(tmp_path: Path) -> None:
    (tmp_path / "numbering.csv").write_text(HEADER + "article,rule,Rule {digits},title,Rule 1\n", encoding="utf-8")
    found = load(tmp_path).marker("Rule 3 (Fees)")
    assert found is not None
    assert (str(found.labels[0]), found.text) == ("article 3", "Rule 3")
