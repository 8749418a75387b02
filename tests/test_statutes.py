"""Citations are found in both languages, tied to the right law, and mean what they meant at the policy's date."""

from __future__ import annotations

import datetime
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.errors import GlossaryError
from normalizer.statutes import Statutes

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

    from normalizer import Normalizer

CASES = Path(__file__).parent / "cases" / "statutes"
GLOSSARIES = Path(__file__).parent.parent / "glossaries"
TABLES = ("statutes", "statute_names", "statute_versions", "statute_articles", "citation_words")
TODAY = datetime.date(2024, 1, 1)


def rows(name: str) -> list[ParameterSet]:
    lines = enumerate((CASES / name).read_text(encoding="utf-8").splitlines(), 1)
    return [pytest.param(*line.split("\t"), id=f"{name}:{n}") for n, line in lines if not line.startswith("#")]


def pairs(cell: str) -> list[tuple[str, str]]:
    return [(left, right) for part in cell.split("|") if part for left, _, right in [part.partition("=")]]


@pytest.fixture(scope="module")
def statutes() -> Statutes:
    return Statutes.load(GLOSSARIES)


@pytest.mark.parametrize(("language", "short", "text", "expected"), rows("find.tsv"))
def test_find(statutes: Statutes, language: str, short: str, text: str, expected: str) -> None:
    text = text.replace("⏎", "\n")
    found = statutes.find(text, 0, len(text), language, TODAY, dict(pairs(short)))
    assert [(one.value, text[one.start : one.end].replace("\n", "⏎")) for one in found] == pairs(expected)


@pytest.mark.parametrize(("text", "expected"), rows("aliases.tsv"))
def test_aliases(statutes: Statutes, text: str, expected: str) -> None:
    assert statutes.aliases(text) == dict(pairs(expected))


@pytest.mark.parametrize(
    ("law", "article", "paragraph", "item", "day", "version", "concept", "status"), rows("resolve.tsv")
)
def test_resolve(
    statutes: Statutes,
    law: str,
    article: str,
    paragraph: str,
    item: str,
    day: str,
    version: str,
    concept: str,
    status: str,
) -> None:
    place = (article or None, int(paragraph) if paragraph else None, item or None)
    found = statutes.resolve(law, *place, datetime.date.fromisoformat(day))
    assert found == (version or None, concept or None, status)


@pytest.mark.parametrize(("ref", "japanese", "day", "concept"), rows("collisions.tsv"))
def test_meaning_follows_the_date(statutes: Statutes, ref: str, japanese: str, day: str, concept: str) -> None:
    date = datetime.date.fromisoformat(day)
    for language, text in (("ja", f"個人情報保護法{japanese}"), ("en", f"Article {ref} of the APPI")):
        (found,) = statutes.find(text, 0, len(text), language, date)
        assert (found.value, found.concept, found.date) == (f"APPI:{ref}", concept, date)


def test_every_collision_has_two_meanings() -> None:
    meanings: dict[str, set[str]] = {}
    for case in rows("collisions.tsv"):
        meanings.setdefault(str(case.values[0]), set()).add(str(case.values[3]))
    alone = {ref for ref, concepts in meanings.items() if len(concepts) == 1}
    assert len(meanings) == 64
    assert alone == set()


def test_offsets_are_of_the_whole_text(statutes: Statutes) -> None:
    text = "個人情報保護法第27条\n番号法第16条を守る。\n会社法"
    start = text.index("番号法")
    (found,) = statutes.find(text, start, text.index("。"), "ja", TODAY)
    assert text[found.start : found.end] == "番号法第16条"


def test_same_act_looks_back_before_the_clause(statutes: Statutes) -> None:
    text = "個人情報保護法を守ります。\n同法第27条によります。"
    (found,) = statutes.find(text, text.index("同法"), len(text), "ja", TODAY)
    assert found.value == "APPI:27"


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("訂正（第34条第1項）および停止（第35条第1項および第5項）", "ja", ["APPI:34(1)", "APPI:35(1)", "APPI:35(5)"]),
        ("当店の規約（第3条）による。", "ja", []),  # the policy's own
        ("会費（第35条の表を参照）", "ja", []),  # more than a provision
        ("(2) Correction (Article 34, paragraph (1))", "en", ["APPI:34(1)"]),
        ("Objections (see Article 40 below)", "en", []),
    ],
)
def test_a_provision_alone_in_a_bracket_is_of_the_law_above(
    statutes: Statutes, text: str, language: str, expected: list[str]
) -> None:
    found = statutes.find_bracketed(text, 0, len(text), language, TODAY, "APPI", 14)
    assert [one.value for one in found] == expected


def test_the_law_above_is_that_of_the_section(normalizer: Normalizer) -> None:
    text = "第1条（請求）\n個人情報保護法により次の請求ができます。\n(1) 開示（第33条第1項）\n\n"
    text += "第2条（会費）\n次のとおりです。\n(1) 年額（第33条第1項）\n"
    cited = [fact.value for clause in normalizer.analyze(text).clauses for fact in clause.facts]
    assert cited == ["APPI", "APPI:33(1)"]


def test_tables_hold_the_laws_and_mark_what_is_from_memory() -> None:
    text = (GLOSSARIES / "statute_articles.csv").read_text(encoding="utf-8")
    assert ",memory," in text
    assert ",verified," in text
    assert len((GLOSSARIES / "statutes.csv").read_text(encoding="utf-8").splitlines()) > 90


@pytest.mark.parametrize(("table", "old", "new", "expected"), rows("errors.tsv"))
def test_a_wrong_table_is_named(tmp_path: Path, table: str, old: str, new: str, expected: str) -> None:
    for name in TABLES:
        shutil.copy(GLOSSARIES / f"{name}.csv", tmp_path)
    text = (tmp_path / table).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / table).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(GlossaryError) as caught:
        Statutes.load(tmp_path)
    assert [part for part in expected.split("|") if part not in str(caught.value)] == []


def test_a_missing_or_broken_table_is_named(tmp_path: Path) -> None:
    for name in TABLES:
        shutil.copy(GLOSSARIES / f"{name}.csv", tmp_path)
    (tmp_path / "statute_names.csv").write_bytes(b"law,language,form,use\nAPPI,ja,\x8c\xc2\x90l,always\n")
    with pytest.raises(GlossaryError, match=r"statute_names\.csv:2: .*UTF-8"):
        Statutes.load(tmp_path)
    (tmp_path / "statute_names.csv").unlink()
    with pytest.raises(GlossaryError, match=r"statute_names\.csv:1: .*cannot be read"):
        Statutes.load(tmp_path)


PIECES = st.sampled_from(
    [
        *(
            "個人情報保護法",
            "番号法",
            "同法",
            "GDPR",
            "APPI",
            "Article",
            "Articles",
            "Paragraph",
            "the",
            "Act",
            "means",
        ),
        *(
            "法",
            "第",
            "二",
            "条",
            "項",
            "号",
            "の",
            "及び",
            "、",
            "（",
            "）",
            "「",
            "」",
            "以下",
            "から",
            "まで",
            "施行令",
        ),
        *(
            "27",
            "１",
            "(",
            ")",
            "(1)",
            "(a)",
            ",",
            "-",
            "~",
            "\n",
            "and",
            "to",
            "of",
            "Rules",
            "“",
            "”",
            "ß",
            "İ",
            "㈱",
        ),
    ]
)


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map("".join), st.lists(PIECES).map(" ".join)))
def test_no_text_breaks_it(text: str) -> None:
    aliases = LOADED.aliases(text)
    for language in ("ja", "en"):
        found = LOADED.find(text, 0, len(text), language, TODAY, aliases)
        edges = [edge for one in found for edge in (one.start, one.end)]
        assert edges == sorted(edges)
        assert all(one.start < one.end <= len(text) for one in found)
        assert all(one.law in LAWS for one in found)


LOADED = Statutes.load(GLOSSARIES)
LAWS = {line.split(",")[0] for line in (GLOSSARIES / "statutes.csv").read_text(encoding="utf-8").splitlines()}


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        *("1", "第", "条", "一", "法", "同法", "(", ")(", '("', "以下", " ", "\n", ", ", "§", "第1条の2の3の"),
        *("Article ", "Articles 1, ", "item 1, paragraph 1, ", "paragraph 1 of Article 2 and ", "the Act ", "i"),
        *("個人情報保護法(", "個人情報保護法第1条、", "APPI (", "Act on the Protection of ", "Article 1 of the "),
    ],
)
def test_time_grows_with_length(statutes: Statutes, unit: str) -> None:
    """Eight times the text takes about eight times as long, not sixty-four."""

    def seconds(length: int) -> float:
        text = (unit * length)[:length]
        best = 9.0
        for _ in range(3):
            before = time.process_time()
            statutes.find(text, 0, length, "ja", TODAY, {"法": "APPI", "the Act": "APPI"})
            statutes.aliases(text)
            best = min(best, time.process_time() - before)
        return best

    assert seconds(16_000) < 24 * max(seconds(2_000), 0.002)
