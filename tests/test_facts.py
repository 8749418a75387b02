"""Facts of clauses: the cases of cases/facts/*.tsv, and what holds of any text."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer import Normalizer
from normalizer.errors import GlossaryError
from normalizer.facts import find_facts
from normalizer.facts.numbers import integer
from normalizer.facts.words import load
from normalizer.glossary import glossary_folder

CASES = Path(__file__).parent / "cases" / "facts"
FULL_WIDTH = {code: code + 0xFEE0 for code in (*range(0x30, 0x3A), *map(ord, "(),:%@"))}


@dataclass(frozen=True, slots=True)
class Case:
    language: str
    text: str
    facts: tuple[tuple[str, str, str], ...]  # kind, words, value


def _case(line: str) -> Case:
    """A row of a table: its text without the marks, and the facts in order of their opening marks."""
    language, marked, kinds, values = line.split("\t")
    plain = ""
    opened: list[int] = []
    spans: list[tuple[int, int]] = []
    for piece in re.split("([⟦⟧])", marked):
        if piece == "⟦":
            opened.append(len(spans))
            spans.append((len(plain), 0))
        elif piece == "⟧":
            place = opened.pop()
            spans[place] = (spans[place][0], len(plain))
        else:
            plain += piece
    names, normal = ([part for part in cell.split(" | ") if part] for cell in (kinds, values))
    words = [plain[start:end] for start, end in spans]
    return Case(language, plain, tuple(zip(names, words, normal, strict=True)))


def _cases() -> dict[str, Case]:
    return {
        f"{path.name}:{number}": _case(line)
        for path in sorted(CASES.glob("*.tsv"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if line and not line.startswith("#")
    }


ALL = _cases()
FOLDER = glossary_folder()


def _found(text: str) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (fact.kind, text[fact.start : fact.end], fact.value) for fact in find_facts(text, 0, len(text), FOLDER)
    )


@pytest.mark.parametrize("name", ALL)
def test_case(name: str) -> None:
    assert _found(ALL[name].text) == ALL[name].facts


def test_there_are_cases_of_either_language_and_of_nothing() -> None:
    languages = [case.language for case in ALL.values()]
    assert min(languages.count("ja"), languages.count("en")) >= 70
    assert sum(not case.facts for case in ALL.values()) >= 40


@pytest.mark.parametrize("name", ALL)
def test_offsets_are_those_of_the_document(name: str) -> None:
    case = ALL[name]
    before, after = "①ｶﾞ㈱ 2021年1月1日\n", "\n3年間 info@example.com"
    text, end = before + case.text + after, len(before) + len(case.text)
    facts = find_facts(text, len(before), end, FOLDER)
    assert tuple((fact.kind, text[fact.start : fact.end], fact.value) for fact in facts) == case.facts


@pytest.mark.parametrize("name", [name for name in ALL if not name.startswith(("contacts", "none"))])
def test_full_width_says_the_same(name: str) -> None:
    case = ALL[name]
    wide = case.text.translate(FULL_WIDTH)
    assert _found(wide) == tuple((kind, words.translate(FULL_WIDTH), value) for kind, words, value in case.facts)


def test_facts_of_two_words_for_one_date_agree() -> None:
    ways = (
        "令和4年6月30日",
        "2022年6月30日",
        "2022/6/30",
        "June 30, 2022",
        "30th of June 2022",
        "二〇二二年六月三十日",
    )
    assert {_found(way)[0][2] for way in ways} == {"2022-06-30"}


@dataclass(frozen=True, slots=True)
class Citation:
    start: int
    end: int
    value: str


def test_citations_come_back_as_facts_and_keep_their_characters() -> None:
    text = "。平成15年5月30日に公布の法第27条、3年"
    inside, outside = Citation(1, len(text) - 3, "APPI:27"), Citation(0, 3, "APPI:1")
    facts = find_facts(text, 1, len(text), FOLDER, (outside, inside))
    assert [(fact.kind, fact.start, fact.end, fact.value) for fact in facts] == [
        ("statute", 1, len(text) - 3, "APPI:27"),
        ("period", len(text) - 2, len(text), "P3Y"),
    ]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1,100", 1100),
        ("二十五", 25),
        ("二〇二三", 2023),
        ("千九百九十", 1990),
        ("1万5千", 15000),
        ("2億", 200_000_000),
        ("元", 1),
    ],
)
def test_numbers(written: str, number: int) -> None:
    assert integer(written) == number


_SCRAPS = (
    *"年月日1２三十円%@.-－ー(）①\nİ\ud800",
    *(
        "令和",
        "ｶﾞ",
        "税込",
        "東京都",
        "区",
        "May ",
        "of ",
        "Tokyo",
        "https://",
        "within ",
        "two ",
        "weeks",
        "under ",
        "13",
    ),
    "03-1234-5678",
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(_SCRAPS) | st.characters(), max_size=30).map("".join), st.integers(0, 8))
def test_any_text_gives_sorted_facts_that_do_not_overlap(text: str, cut: int) -> None:
    start, end = min(cut, len(text)), len(text)
    facts = find_facts(text, start, end, FOLDER)
    assert all(start <= fact.start < fact.end <= end and fact.value for fact in facts)
    assert [fact.start for fact in facts] == sorted(fact.start for fact in facts)
    for kind in {fact.kind for fact in facts}:
        same = [fact for fact in facts if fact.kind == kind]
        assert all(one.end <= other.start for one, other in pairwise(same))


@pytest.mark.slow
@pytest.mark.parametrize(
    "scrap",
    [
        "1",
        "-",
        "@",
        ".",
        "1-",
        "a@a.",
        "1 ",
        "03-",
        "東京都区1-",
        "市",
        "Tokyo,1-1-1 ",
        "無料 ",
        "one hundred and ",
        "1円(",
        "2023年",
        "under ",
    ],
)
def test_time_grows_with_length_only(scrap: str) -> None:
    find_facts("03-1234-5678", 0, 12, FOLDER)  # loads tables and library
    times = []
    for length in (20_000, 100_000):
        text = (scrap * length)[:length]
        times.append(min(_seconds(text) for _ in range(3)))
    assert times[1] < max(12 * times[0], 0.5)  # five times the length; 25 would be quadratic


def _seconds(text: str) -> float:
    began = time.process_time()
    find_facts(text, 0, len(text), FOLDER)
    return time.process_time() - began


def test_the_library_of_telephone_numbers_is_loaded_for_a_number_only() -> None:
    code = (
        "import sys; from normalizer.facts import find_facts as find; loaded = lambda: 'phonenumbers' in sys.modules; "
        "from normalizer.glossary import glossary_folder; tables = glossary_folder(); "
        "find('3年 2023-05-01', 0, 13, tables); assert not loaded(); "
        "find('03-1234-5678', 0, 12, tables); assert loaded()"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("table", "row", "message"),
    [
        ("eras.csv", "令和,Reiwa,R,May 2019\n", "'May 2019' is no date"),
        ("fact_words.csv", "month,,1,,,\n", "kind and form must not be empty"),
        ("fact_words.csv", "month,Mai\n", "2 cells"),
    ],
)
def test_a_wrong_row_is_named_by_file_and_line(tmp_path: Path, table: str, row: str, message: str) -> None:
    for name in ("eras.csv", "fact_words.csv", "prefectures.csv"):
        shutil.copy(glossary_folder() / name, tmp_path)
    with (tmp_path / table).open("a", encoding="utf-8") as file:
        file.write(row)
    lines = len((tmp_path / table).read_text(encoding="utf-8").splitlines())
    with pytest.raises(GlossaryError, match=re.escape(message)) as error:
        load(tmp_path)
    assert f"{table}:{lines}:" in str(error.value)


def test_words_of_an_own_folder_of_tables_count(tmp_path: Path) -> None:
    own = Path(shutil.copytree(FOLDER, tmp_path / "tables"))
    with (own / "fact_words.csv").open("a", encoding="utf-8", newline="") as table:
        table.write("currency_after,夢貨,JPY,,,\n")
    text = "手数料は300夢貨です。"
    assert not find_facts(text, 0, len(text), FOLDER)
    assert [fact.value for fact in find_facts(text, 0, len(text), own)] == ["300 JPY"]
    assert [fact.value for fact in Normalizer(glossaries=own).analyze(text).clauses[0].facts] == ["300 JPY"]
