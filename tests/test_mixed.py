"""Documents in both languages: which lines are of which side (files under cases/mixed/), and what becomes of them."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from conftest import CASES, CORPUS, rows
from hypothesis import given
from hypothesis import strategies as st

from normalizer import reading
from normalizer.batch import plan, run
from normalizer.cli import main
from normalizer.errors import LanguageError
from normalizer.language import document_language
from normalizer.mixed import sides

if TYPE_CHECKING:
    from pathlib import Path

    from normalizer import Normalizer

# Each line of a file is `ja|…` or `en|…`, the side it belongs to; both-*.txt are mixed, one-*.txt are not.
FILES = sorted((CASES / "mixed").glob("*.txt"))
BOTH = [path for path in FILES if path.name.startswith("both-")]
ONE = [path for path in FILES if path.name.startswith("one-")]


def _read(path: Path) -> tuple[str, list[tuple[str, str]]]:
    """The text, and its lines that are not empty with the side of each."""
    lines = [(line[3:], line[:2]) for line in path.read_text(encoding="utf-8").splitlines()]
    return "\n".join(line for line, _ in lines) + "\n", [(line.strip(), side) for line, side in lines if line.strip()]


@pytest.mark.parametrize("path", BOTH, ids=lambda path: path.name)
def test_each_line_goes_to_its_side(path: Path) -> None:
    text, lines = _read(path)
    halves = sides(reading.read_text(text, path.name, "text"))
    assert halves
    for half, side in zip(halves, ("ja", "en"), strict=True):
        found = [text[block.start : block.end].strip() for block in half.blocks]
        assert found == [line for line, its in lines if its == side]


@pytest.mark.parametrize("path", ONE, ids=lambda path: path.name)
def test_a_few_foreign_words_make_no_second_side(path: Path, normalizer: Normalizer) -> None:
    text, lines = _read(path)
    analysis = normalizer.analyze(text)
    ((language, split),) = (
        (side, half) for side, half in zip(("ja", "en"), normalizer.split(text), strict=True) if half
    )
    assert {language} == {side for _, side in lines} == {analysis.language}
    assert split == analysis


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.??.txt")), ids=lambda path: path.name)
def test_no_policy_of_the_corpus_is_mixed(path: Path) -> None:
    assert sides(reading.read(path)) is None


@pytest.mark.parametrize("path", BOTH, ids=lambda path: path.name)
def test_a_mixed_document_is_called_by_its_majority(path: Path) -> None:
    assert document_language(_read(path)[0], path.name) in ("ja", "en")


@pytest.mark.parametrize("path", BOTH, ids=lambda path: path.name)
def test_both_sides_are_whole_analyses_over_one_text(path: Path, normalizer: Normalizer) -> None:
    text, _ = _read(path)
    ja, en = normalizer.split(text)
    assert ja
    assert en
    assert ja.document.text == en.document.text == text
    covered: set[int] = set()
    for side, analysis in (("ja", ja), ("en", en)):
        assert analysis.language == side
        ids = [clause.id for clause in analysis.clauses]
        assert ids == [f"c{number}" for number in range(1, len(ids) + 1)]
        assert all(
            clause.parent is None or clause.parent in ids[:place] for place, clause in enumerate(analysis.clauses)
        )
        spans = [set(range(clause.start, clause.end)) for clause in analysis.clauses]
        assert not covered & set().union(*spans)
        covered = covered.union(*spans)
        assert normalizer.split(analysis) == ((analysis, None) if side == "ja" else (None, analysis))
    assert {place for place, char in enumerate(text) if not char.isspace()} <= covered


def test_interleaved_clauses_stand_under_the_headings_of_their_language(normalizer: Normalizer) -> None:
    text, _ = _read(CASES / "mixed" / "both-interleaved.txt")
    for analysis in normalizer.split(text):
        assert analysis
        by_id = {clause.id: clause for clause in analysis.clauses}
        paragraphs = [clause for clause in analysis.clauses if clause.kind == "paragraph"]
        above = [str(by_id[clause.parent].label) for clause in paragraphs if clause.parent]
        assert above == ["article 1", "article 2", "article 3"]


@pytest.mark.parametrize(
    ("title", "ja", "en"),
    [
        ("1. 取得 / Acquisition", ["1. 取得"], ["Acquisition"]),
        ("1. 取得／Acquisition", ["1. 取得"], ["Acquisition"]),
        ("1. 取得 | Acquisition", ["1. 取得"], ["Acquisition"]),
        ("Acquisition ｜ 取得", ["取得"], ["Acquisition"]),
        ("取得・Acquisition of data", ["取得"], ["Acquisition of data"]),
        ("取得 – Acquisition of data", ["取得"], ["Acquisition of data"]),
        ("取得 - Acquisition of data", ["取得"], ["Acquisition of data"]),
        ("Acquisition of data — 取得", ["取得"], ["Acquisition of data"]),
        ("第三者への提供・Cookie", ["第三者への提供・Cookie"], []),
        ("湯の里77 / 77 Yunosato, Kakuu", ["湯の里77"], ["77 Yunosato, Kakuu"]),
        ("架空ビル3F ／ 3F Kakuu Bldg.", ["架空ビル3F"], ["3F Kakuu Bldg."]),
        ("77 Yunosato / 〒258-0000 湯の里77", ["〒258-0000 湯の里77"], ["77 Yunosato"]),
        ("April 1, 2022 / 2022年4月1日", ["2022年4月1日"], ["April 1, 2022"]),
        ("電話 03-1234-5678 / info@shop.example", ["電話 03-1234-5678 / info@shop.example"], []),
        ("プライバシーポリシー Privacy Policy", ["プライバシーポリシー"], ["Privacy Policy"]),
        ("第1条（取得）Article 1 (Acquisition)", ["第1条（取得）"], ["Article 1 (Acquisition)"]),
        ("取得（Acquisition of data）", ["取得"], ["（Acquisition of data）"]),
        ("PRIVACY POLICY 個人情報保護方針", ["個人情報保護方針"], ["PRIVACY POLICY"]),
        ("第三者提供 Cookie", ["第三者提供 Cookie"], []),
        ("Google Analytics の利用", ["Google Analytics の利用"], []),
    ],
)
def test_a_heading_in_both_languages_is_one_of_each_side(title: str, ja: list[str], en: list[str]) -> None:
    lines = [line for line in _read(CASES / "mixed" / "both-interleaved.txt")[0].splitlines() if line]
    document = reading.read_text("\n\n".join([f"## {title}", *lines]), "policy.md", "markdown")
    halves = sides(document)
    assert halves
    end = document.text.index("\n")
    found = [[document.text[block.start : block.end] for block in half.blocks if block.start < end] for half in halves]
    assert found == [ja, en]


@pytest.mark.parametrize("name", ["headings", "columns"])
def test_lines_in_both_languages_give_each_its_half(name: str) -> None:
    cases = [case.values for case in rows(f"mixed/{name}.tsv", 3)]
    document = reading.read_text("\n".join(str(line) for line, _, _ in cases))
    halves = sides(document)
    assert halves
    for half, side in zip(halves, (1, 2), strict=True):
        found = [document.text[block.start : block.end] for block in half.blocks]
        assert found == [case[side] for case in cases if case[side] != "-"]


def test_aligned_with_itself(normalizer: Normalizer) -> None:
    text, _ = _read(CASES / "mixed" / "both-interleaved.txt")
    rows = normalizer.align(text, text, "shop")
    pairs = [(row.ja.text, row.en.text) for row in rows if row.ja and row.en]
    lines = [line for line in text.splitlines() if line]
    assert pairs == list(zip(lines[::2], lines[1::2], strict=True))
    assert len(rows) == len(pairs)
    assert {side.document for row in rows for side in (row.ja, row.en) if side} == {"text"}


def test_a_page_in_both_languages_does_not_differ_from_itself(normalizer: Normalizer) -> None:
    page = reading.read((CASES / "mixed" / "inn.html").read_bytes(), "inn.html", "html")
    assert [one.message["en"] for one in normalizer.compare(page, page)] == []
    ja, en = normalizer.split(page)
    assert ja
    assert en
    clauses = (*ja.clauses, *en.clauses)
    texts = [page.text[one.start : one.end] for one in clauses]
    assert {"〒870-0000 大分県別府市湯の里77", "77 Yunosato, Beppu, Oita"} <= set(texts)
    assert not any(one.kind == "furniture" for one in clauses)


def test_halves_can_be_aligned_by_hand(normalizer: Normalizer) -> None:
    text, _ = _read(CASES / "mixed" / "both-sequential.txt")
    assert normalizer.align(*normalizer.split(text), "p") == normalizer.align(text, text, "p")


def test_one_language_given_for_both_sides_is_refused(normalizer: Normalizer) -> None:
    text, _ = _read(CASES / "mixed" / "one-english-title.txt")
    with pytest.raises(LanguageError):
        normalizer.align(text, text)


def test_the_command_line_aligns_a_mixed_file_with_itself(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "shop.txt"
    text, lines = _read(CASES / "mixed" / "both-sequential.txt")
    path.write_text(text, encoding="utf-8")
    assert main(["align", str(path), str(path)]) == 0
    rows = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert {row["policy"] for row in rows} == {"shop"}
    assert sum(bool(row["ja"] and row["en"]) for row in rows) >= len(lines) / 2 - 2
    assert main(["analyze", str(path)]) == 0
    clauses = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert {clause["language"] for clause in clauses} == {"ja", "en"}


@pytest.mark.parametrize("command", ["align", "compare"])
def test_a_file_with_both_languages_is_given_once(command: str, capfd: pytest.CaptureFixture[str]) -> None:
    path = str(CASES / "mixed" / "inn.html")
    alone = (main([command, path]), capfd.readouterr())
    assert alone == (main([command, path, path]), capfd.readouterr())
    assert alone[0] == 0


def test_standard_input_may_hold_both_languages(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text, _ = _read(CASES / "mixed" / "both-sequential.txt")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert main(["align", "-"]) == 0
    rows = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert {row["policy"] for row in rows} == {"standard input"}


@pytest.mark.parametrize("name", ["shop.txt", "shop.ja.txt", "shop.en.txt"])
def test_a_run_takes_a_mixed_file_for_both_sides(name: str, tmp_path: Path, normalizer: Normalizer) -> None:
    text, _ = _read(CASES / "mixed" / "both-sequential.txt")
    (tmp_path / name).write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    with plan([tmp_path / name]) as found:
        summary = run(found, out, normalizer)
    assert (summary.inputs, summary.mixed, summary.pairs, summary.documents, summary.failures) == (1, 1, 1, 2, 0)
    rows = [json.loads(line) for line in (out / "records" / "part-00000.jsonl").read_text("utf-8").splitlines()]
    assert {row[side]["document"] for row in rows for side in ("ja", "en") if row[side]} == {name}
    documents = [json.loads(line) for line in (out / "documents" / "part-00000.jsonl").read_text("utf-8").splitlines()]
    assert [(row["side"], row["language"]) for row in documents] == [("ja", "ja"), ("en", "en")]
    (pair,) = json.loads((out / "manifest.json").read_text("utf-8"))["pairs"]
    assert pair == {"policy": "shop", "ja": str(tmp_path / name), "en": str(tmp_path / name), "found": "mixed"}


def test_a_mixed_file_with_a_partner_is_one_side(tmp_path: Path, normalizer: Normalizer) -> None:
    """Its second half would else stand against the partner for the same side."""
    text, _ = _read(CASES / "mixed" / "both-summary.txt")
    (tmp_path / "club.ja.txt").write_text(text, encoding="utf-8")
    (tmp_path / "club.en.txt").write_text(
        "Privacy Policy\n\nWe use what you tell us to send receipts.\n", encoding="utf-8"
    )
    with plan([tmp_path]) as found:
        summary = run(found, tmp_path / "out", normalizer)
    assert (summary.mixed, summary.documents, summary.failures) == (0, 2, 0)


@given(
    st.lists(
        st.sampled_from(
            ["日本語の文です。", "This is a sentence in English.", "Tokyo", "1.", "a@b.example", "", "第1条"]
        )
    )
)
def test_any_text_is_parted_without_loss(lines: list[str]) -> None:
    document = reading.read_text("\n".join([*lines, "A"]), "text", "text")
    if halves := sides(document):
        assert sorted((*halves[0].blocks, *halves[1].blocks), key=lambda block: block.start) == list(document.blocks)
