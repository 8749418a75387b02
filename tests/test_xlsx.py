"""The workbook: every text is text, links lead there and back, limits of Excel are kept."""

from __future__ import annotations

import gc
import io
import re
import zipfile
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import openpyxl
import pytest
from hard_records import FORMULAS, HARD, difference, hard_records, record, side
from openpyxl.worksheet._writer import ALL_TEMP_FILES

from normalizer.errors import GlossaryError, InputError
from normalizer.export import workbook, xlsx
from normalizer.export.characters import writable
from normalizer.export.names import KNOWN, sheet_columns
from normalizer.export.workbook import CHARACTERS, Book, Cell, Place
from normalizer.glossary import glossary_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from normalizer.records import Record

RECORDS = hard_records()
CLAUSES, DIFFERENCES, GUIDE = "条項 Clauses", "相違 Differences", "説明 Guide"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def written(records: Iterable[Record]) -> bytes:
    out = io.BytesIO()
    xlsx.write(iter(records), out)
    return out.getvalue()


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def column(sheet: Worksheet, title: str) -> list[Any]:
    """The cells below the title whose English half this is."""
    (found,) = [cells for cells in sheet.iter_cols() if str(cells[0].value).split("\n")[-1] == title]
    return list(found[1:])


def unescaped(text: Any) -> str:
    """As Excel reads it (openpyxl leaves the escapes of Excel in place)."""
    return re.sub("_x005F_", "_", text or "")


def test_a_row_a_record_under_titles_in_both_languages() -> None:
    sheet = opened(written(RECORDS))[CLAUSES]
    assert sheet.max_row == len(RECORDS) + 1
    assert [unescaped(cell.value) for cell in column(sheet, "Japanese")] == [
        writable(record.ja.text) if record.ja else "" for record in RECORDS
    ]
    assert [cell.value for cell in column(sheet, "No.")] == [record.position for record in RECORDS]
    assert column(sheet, "Category")[0].value == "第三者提供\nprovision to third parties"
    assert column(sheet, "Concepts")[0].value == "第三者提供 / provision to a third party\n個人データ / personal data"
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", f"A1:Q{len(RECORDS) + 1}")
    assert all(cell.alignment.wrap_text for row in sheet.iter_rows() for cell in row if cell.value is not None)


def test_nothing_is_a_formula_and_what_looks_like_one_is_quoted() -> None:
    book = opened(written(RECORDS))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    quoted = {cell.value for cell in column(book[CLAUSES], "Japanese") if cell.quotePrefix}
    assert quoted == {writable(text) for text in FORMULAS}
    with zipfile.ZipFile(io.BytesIO(written(RECORDS))) as archive:
        for name in archive.namelist():
            root = ElementTree.fromstring(archive.read(name))  # every member is well-formed
            assert not [*root.iter(f"{MAIN}f")], name
            assert not [
                *root.iter("{http://schemas.openxmlformats.org/package/2006/relationships}Relationship[@TargetMode]")
            ]


def test_every_hard_text_is_told_of_in_the_differences() -> None:
    sheet = opened(written(RECORDS))[DIFFERENCES]
    passages = [unescaped(cell.value) for cell in column(sheet, "Passage (ja)")]
    assert passages[: len(HARD)] == [writable(text) for text in HARD]


def test_links_lead_to_the_difference_and_back() -> None:
    records = [
        record(1, side("一"), side("one", "en")),
        record(2, side("二"), side("two", "en"), (difference("low"), difference("high"))),
        record(3, side("三"), side("three", "en"), (difference("medium"),)),
    ]
    book = opened(written(records))
    there = {cell.row: cell.hyperlink.location for cell in column(book[CLAUSES], "Severity") if cell.hyperlink}
    back = {cell.row: cell.hyperlink.location for cell in column(book[DIFFERENCES], "Clause") if cell.hyperlink}
    assert there == {3: f"'{DIFFERENCES}'!A2", 4: f"'{DIFFERENCES}'!A4"}
    assert back == {2: f"'{CLAUSES}'!A3", 3: f"'{CLAUSES}'!A3", 4: f"'{CLAUSES}'!A4"}
    assert [cell.value for cell in column(book[CLAUSES], "Severity")] == [None, "高 high", "中 medium"]


def test_colours_tell_severity_and_the_missing_side() -> None:
    records = [
        record(1, side("一"), side("one", "en"), (difference("low"), difference("high"))),
        record(2, side("二"), None),
    ]
    sheet = opened(written(records))[CLAUSES]
    fills = [cell.fill.fgColor.rgb[2:] for cell in column(sheet, "English")]
    assert fills == [workbook.FILLS["high"], workbook.FILLS["empty"]]


def test_the_guide_explains_every_column_and_colour() -> None:
    book = opened(written([]))
    titles = {cell.value for cell in column(book[GUIDE], "Column")}
    heads = {cell.value for name in (CLAUSES, DIFFERENCES) for cell in book[name][1]}
    assert heads <= titles
    assert all(cell.value for name in ("Meaning (ja)", "Meaning (en)") for cell in column(book[GUIDE], name))


def test_no_records_give_sheets_with_headers_only() -> None:
    book = opened(written([]))
    assert [sheet.title for sheet in book] == [CLAUSES, DIFFERENCES, GUIDE]
    assert (book[CLAUSES].max_row, book[DIFFERENCES].max_row) == (1, 1)


@pytest.mark.parametrize("character", ["長", "𠮷", "_x0041_"])
def test_a_long_text_goes_on_in_the_next_rows(character: str) -> None:
    text = character * (70_000 // len(character)) + "終"
    sheet = opened(written([record(1, side(text), side("short", "en")), record(2, side("次"), None)]))[CLAUSES]
    cells = [str(cell.value) for cell in column(sheet, "Japanese")]
    assert cells[-1] == "次"
    assert unescaped("".join(cells[:-1])) == text
    assert all(len(cell.encode("utf-16-le")) // 2 <= CHARACTERS for cell in cells)
    ids = [cell.value for cell in column(sheet, "ID")]
    assert ids == ["架空 & co#0001"] * (len(cells) - 1) + ["架空 & co#0002"]


def test_a_text_that_just_fits_is_not_cut() -> None:
    sheet = opened(written([record(1, side("字" * CHARACTERS), None), record(2, side("字" * (CHARACTERS + 1)), None)]))[
        CLAUSES
    ]
    assert [len(cell.value) for cell in column(sheet, "Japanese")] == [CHARACTERS, CHARACTERS // 2, CHARACTERS // 2, 2]


def test_what_is_broken_off_leaves_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Of sheets that are not ended lxml complains when they are thrown away, and openpyxl keeps their files."""

    def broken() -> Iterator[Record]:
        yield record(1, side("一"), None)
        raise InputError("broken off")

    kept = len(ALL_TEMP_FILES)
    with pytest.raises(InputError, match="broken off"):
        xlsx.write(broken(), io.BytesIO())
    gc.collect()
    assert len(ALL_TEMP_FILES) == kept
    assert capsys.readouterr().err == ""


def test_a_full_sheet_is_followed_by_another() -> None:
    book, out = Book("title"), io.BytesIO()
    sheet = book.sheet("Rows", ["number"], [10], rows=3)
    places = []
    for number in range(5):
        places.append(sheet.next)
        sheet.append([Cell(number)])
    book.save(out)
    found = opened(out.getvalue())
    assert [[row[0].value for row in found[name].iter_rows()] for name in found.sheetnames] == [
        ["number", 0, 1], ["number", 2, 3], ["number", 4],
    ]  # fmt: skip
    assert places == [Place("Rows", 2), Place("Rows", 3), Place("Rows 2", 2), Place("Rows 2", 3), Place("Rows 3", 2)]
    assert [found[name].auto_filter.ref for name in found.sheetnames] == ["A1:A3", "A1:A3", "A1:A2"]


def test_no_more_links_than_excel_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "LINKS", 2)
    book = opened(written([record(n, side("一"), None, (difference(),)) for n in range(1, 5)]))
    assert [bool(cell.hyperlink) for cell in column(book[CLAUSES], "Severity")] == [True, True, False, False]
    assert all(cell.value for cell in column(book[CLAUSES], "Severity"))


def test_the_table_orders_names_and_leaves_out_columns(tmp_path: Path) -> None:
    shipped = glossary_folder() / "sheet_columns.csv"
    lines = shipped.read_text(encoding="utf-8").splitlines()
    kept = [
        lines[0],
        "records,en_text,30,英文,Text,説明,meaning",
        *(line for line in lines[1:] if line[:7] != "records"),
    ]
    (tmp_path / "sheet_columns.csv").write_text("\n".join(kept), encoding="utf-8")
    found = sheet_columns(tmp_path, KNOWN)["records"]
    assert [(column.name, column.width, column.title.en) for column in found] == [("en_text", 30, "Text")]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("record,id,9,a,b,,", "2: unknown sheet 'record'; nearest: records"),
        ("records,ja_txt,9,a,b,,", "2: unknown column 'ja_txt'; nearest: ja_text"),
        ("records,id,wide,a,b,,", "2: width 'wide' is no number from 1 to 255"),
    ],
)
def test_a_wrong_row_of_the_table_is_named(tmp_path: Path, line: str, message: str) -> None:
    head = (glossary_folder() / "sheet_columns.csv").read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / "sheet_columns.csv").write_text(f"{head}\n{line}\n", encoding="utf-8")
    with pytest.raises(GlossaryError) as caught:
        sheet_columns(tmp_path, KNOWN)
    assert message in str(caught.value)


def test_the_shipped_table_has_every_column() -> None:
    found = sheet_columns(glossary_folder(), KNOWN)
    assert {name: {column.name for column in columns} for name, columns in found.items()} == {
        name: set(columns) for name, columns in KNOWN.items()
    }
    assert all(column.title.ja and column.title.en for columns in found.values() for column in columns)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_hundred_thousand_records() -> None:
    one = record(1, side("当社は、個人データを第三者に提供しません。"), side("We do not provide personal data.", "en"))
    data = written(one for _ in range(100_000))
    rows = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("xl/worksheets/sheet1.xml") as sheet:
        for _, element in ElementTree.iterparse(sheet):
            rows += element.tag == f"{MAIN}row"
            element.clear()
    assert rows == 100_001
