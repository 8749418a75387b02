"""What two versions do not both say: rules on short pairs, tables, the corpus, a small mutation test."""

# ruff: noqa: E402 (the benchmarks are not part of the wheel, so their place must be made known first)

from __future__ import annotations

import shutil
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import CORPUS, rows
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).parents[1]
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))

from benchmarks.mutations import KINDS, found, known_pair, mutants
from normalizer import marks
from normalizer.compare import facts, meaning, periods, recipients, table
from normalizer.compare.shape import _rising
from normalizer.compare.values import address_numbers, numbers_of, same
from normalizer.errors import GlossaryError
from normalizer.glossary import glossary_folder
from normalizer.model import Fact
from normalizer.records import SEVERITIES

if TYPE_CHECKING:
    from normalizer import Normalizer
    from normalizer.records import Difference

OPEN = "!"  # before the codes of a case that is not as it should be yet
BEFORE = ("当社は、個人情報の保護に努めます。", "We strive to protect personal information.")
BEHIND = (
    "当社は、常に改善を続けます。皆さまに安心してご利用いただけるよう、社員一人ひとりが努めてまいります。",
    "We keep improving. Each one of our employees works so that you can use our services with confidence, "
    "today and in the years to come.",
)
SHIPPED = glossary_folder()
TABLES = {
    "differences.csv": table,
    "comparison_words.csv": marks,
    "recipients.csv": recipients,
    "periods.csv": periods,
}
HEADS = ("個人情報の取扱いについて\n\n", "Handling of Personal Information\n\n")


def _compared(normalizer: Normalizer, ja: str, en: str) -> list[Difference]:
    return list(normalizer.compare(HEADS[0] + ja, HEADS[1] + en))


# --- rules -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("ja", "en", "codes"), rows("compare/pairs.tsv", 3))
def test_a_pair_of_sentences(ja: str, en: str, codes: str, normalizer: Normalizer) -> None:
    told = _compared(normalizer, ja, en)
    assert {one.code for one in told} == set(codes.replace("-", "").split()), [one.message["en"] for one in told]


@pytest.mark.parametrize(("ja", "en", "codes"), rows("compare/sentences.tsv", 3))
def test_a_translated_sentence(
    ja: str, en: str, codes: str, normalizer: Normalizer, request: pytest.FixtureRequest
) -> None:
    """A sentence between two others, so that the documents' languages are clear."""
    if codes.startswith(OPEN):
        request.applymarker(pytest.mark.xfail(strict=True))
    told = _compared(normalizer, *(f"{a}\n\n{one}\n\n{b}" for a, one, b in zip(BEFORE, (ja, en), BEHIND, strict=True)))
    due, got = {*codes.lstrip(OPEN).replace("-", "").split()}, {one.code for one in told}
    assert due <= got if due else not got, [one.message["en"] for one in told]


def test_a_fact_that_moved_to_the_next_clause_is_no_difference(normalizer: Normalizer) -> None:
    ja = "注文の記録は5年間保存します。\n\nお問い合わせの記録は消去します。"
    en = "We store records of orders.\n\nWe erase records of inquiries, as we do those of orders after 5 years."
    assert "number_differs" not in {one.code for one in _compared(normalizer, ja, en)}


def test_a_clause_on_one_side_only(normalizer: Normalizer) -> None:
    ja = (
        "当社は、個人情報を適切に管理します。\n\n当社は、Cookieを用いて閲覧の状況を集計します。\n\n改定日：2024年4月1日"
    )
    en = "The Company manages personal information properly.\n\nRevised: April 1, 2024"
    (told,) = _compared(normalizer, ja, en)
    assert (told.code, told.en) == ("clause_missing", None)
    assert told.ja is not None
    assert "Cookie" in told.ja.text


def test_spans_messages_and_evidence(normalizer: Normalizer) -> None:
    (told,) = _compared(normalizer, "注文の記録は5年間保存します。", "We keep records of orders for 3 years.")
    assert told.severity == "high"
    assert told.ja is not None
    assert told.en is not None
    assert (HEADS[0] + "注文の記録は5年間保存します。")[told.ja.start : told.ja.end] == told.ja.text == "5年間"
    assert told.en.text == "3 years"
    assert told.evidence == {"kind": "period", "ja": "P5Y", "en": "P3Y"}
    assert "5年間" in told.message["ja"]
    assert "3 years" in told.message["en"]


def test_a_term_is_quoted_without_the_words_that_told_it(normalizer: Normalizer) -> None:
    ja = "当社は、個人データの取扱いを配送会社に委託することがあります。"
    en = "We may deposit the handling of personal data with a delivery company."
    (told,) = _compared(normalizer, ja, en)
    assert (told.code, told.ja and told.ja.text, told.en and told.en.text) == ("wrong_rendering", "委託", "deposit")


@pytest.mark.parametrize("width", [25, 33])
def test_a_line_may_break_within_a_word(width: int, normalizer: Normalizer) -> None:
    """得ることな⏎く and ません are read as they would be on one line."""
    ja = (
        "当社は、個人情報の保護に関する法律その他の法令を守り、お客様の個人情報を大切に取り扱い、その保護に努めてまいります。",
        "当社は、法令に基づく場合を除き、あらかじめご本人の同意を得ることなく、個人データを第三者に提供しません。",
        "当社は、ご本人の同意がない場合、個人データを警察や配送業者その他の第三者に提供することはありません。",
        "当社は、お問い合わせの記録を、お客様が削除を望まれるまでの間、最長で10年間、当社のサーバーに保存します。",
    )
    en = (
        "We obey the Act on the Protection of Personal Information and other laws, handle the personal information of "
        "our customers with care, and strive to protect it.",
        "Except where permitted by law, we do not provide personal data to third parties without obtaining the prior "
        "consent of the person.",
        "Where there is no consent of the person, we do not provide personal data to the police, delivery companies or "
        "other third parties.",
        "We keep records of inquiries on our servers for up to 10 years, until the customer wishes them to be erased.",
    )
    wrapped = ("\n".join(one[at : at + width] for at in range(0, len(one), width)) for one in ja)
    assert _compared(normalizer, "\n\n".join(wrapped), "\n\n".join(textwrap.fill(one, 60) for one in en)) == []


def test_the_records_have_what_compare_tells(normalizer: Normalizer) -> None:
    pair = (CORPUS / "03-minato-goods.ja.txt", CORPUS / "03-minato-goods.en.txt")
    records = normalizer.align(*pair)
    assert tuple(one for record in records for one in record.differences) == normalizer.compare(*pair)


def test_one_side_alone_has_no_differences(normalizer: Normalizer) -> None:
    assert not any(record.differences for record in normalizer.align("当社は個人情報を提供しません。", None))


@given(st.lists(st.integers(0, 50), max_size=40))
def test_a_rising_run_never_falls(values: list[int]) -> None:
    kept = [values[index] for index in _rising(values)]
    assert kept == sorted(kept)
    assert bool(kept) == bool(values)


# --- values ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "one", "other", "equal"),
    [
        ("period", "P12M", "P1Y", True),
        ("period", "P30D", "P1M", True),
        ("period", "P5D business", "P5D", True),
        ("period", "P5Y", "P3Y", False),
        ("fee", "1100 JPY tax-included", "1100 JPY", True),
        ("fee", "1100 JPY tax-included", "1100 JPY tax-excluded", False),
        ("date", "2023-05", "2023-05-01", True),
        ("date", "2023-05", "2023-06-01", False),
        ("statute", "APPI:27", "APPI:27(1)", True),
        ("statute", "APPI:2", "APPI:27", False),
        ("url", "https://www.a.example/ja/x", "https://a.example/en/x", True),
        ("url", "https://a.example/x", "https://b.example/x", False),
        ("age", "<16", "16", True),
        ("phone", "+81450001234", "+81450001243", False),
    ],
)
def test_values(kind: str, one: str, other: str, equal: bool) -> None:
    left, right = (Fact(kind, 0, 1, value) for value in (one, other))
    assert same(left, right) == same(right, left) == equal


def test_numbers() -> None:
    assert numbers_of("二十五歳と1,100円", "ja", SHIPPED) == {"25", "1100"}
    assert numbers_of("twenty-five and 1,100", "en", SHIPPED) == {"25", "1100"}


@pytest.mark.parametrize(
    ("ja", "en"),
    [
        ("六十万人", "six hundred thousand"),
        ("60万人", "600,000"),
        ("百二十万", "1.2 million"),
        ("1.5億", "150 million"),
    ],
)
def test_large_numbers(ja: str, en: str) -> None:
    assert numbers_of(ja, "ja", SHIPPED) == numbers_of(en, "en", SHIPPED)
    assert address_numbers("千代田区一丁目2番3号") == address_numbers("1-2-3 Chiyoda-ku")


# --- tables ------------------------------------------------------------------------------------------------------


def test_every_code_that_a_rule_gives_has_its_line(glossaries: Path) -> None:
    rules = table.load(glossaries)
    sides = ("ja", "en")
    asked = {(code, f"{mark}_only_{side}") for mark, code in meaning.CODES.items() for side in sides}
    asked |= {(facts.CODES[kind], f"only_{side}") for kind in facts.ALONE for side in sides}
    asked |= {(code, "") for code in facts.CODES.values()}
    asked |= {("clause_missing", f"{what}_only_{side}") for what in ("clause", "heading", "remark") for side in sides}
    asked |= {(code, side) for code in ("furniture", "layout_damage", "truncated", "untranslated") for side in sides}
    assert asked <= rules.keys()
    assert all(rule.severity in SEVERITIES and rule.message_ja and rule.message_en for rule in rules.values())


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("differences.csv", "date_differs,,medium", "date_differs,,grave", "unknown severity 'grave'"),
        ("differences.csv", "「{ja}」に当たる日付", "「{jp}」に当たる日付", "unknown field in message_ja 'jp'"),
        ("differences.csv", "date_differs,only_ja,", "date_differs,only_en,", "stands twice"),
        ("comparison_words.csv", "negation,en,never,sure", "negations,en,never,sure", "unknown mark 'negations'"),
        ("comparison_words.csv", "negation,en,never,sure", "negation,fr,never,sure", "unknown language 'fr'"),
        (
            "recipients.csv",
            "Court,Authority,en,judge,sure",
            "Court,Authority,en,judge,surely",
            "unknown strength 'surely'",
        ),
        ("periods.csv", "P6M,en,twice a year", "6M,en,twice a year", "period '6M' is no ISO 8601 duration"),
        ("periods.csv", "P6M,en,twice a year", "P6M,fr,twice a year", "unknown language 'fr'"),
    ],
)
def test_a_damaged_table_is_refused(
    file: str, old: str, new: str, message: str, glossaries: Path, tmp_path: Path
) -> None:
    shutil.copy(glossaries / file, tmp_path)
    path = tmp_path / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(GlossaryError, match=message) as caught:
        TABLES[file].load(tmp_path)
    assert f"{file}:" in str(caught.value)


# --- the corpus --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", ["01-aozora-shop", "11-midori-saiyou"])
def test_a_clean_pair_is_nearly_silent(policy: str, normalizer: Normalizer) -> None:
    told = normalizer.compare(CORPUS / f"{policy}.ja.txt", CORPUS / f"{policy}.en.txt")
    assert len(told) <= 4, [one.message["en"] for one in told]


def test_damaged_text_is_told(normalizer: Normalizer) -> None:
    told = normalizer.compare(CORPUS / "03-minato-goods.ja.txt", CORPUS / "03-minato-goods.en.txt")
    assert {"untranslated", "truncated", "layout_damage", "furniture"} <= {one.code for one in told}


@pytest.mark.slow
def test_mutants_are_found(normalizer: Normalizer) -> None:
    """A small version of benchmarks/mutations.py."""
    known = known_pair("01-aozora-shop", normalizer)
    done = {
        kind: [found(known, one, normalizer)[1] for one in mutants(known, normalizer, 2, (kind,))] for kind in KINDS
    }
    assert sum(map(len, done.values())) >= 12
    assert all(all(done[kind]) for kind in ("number", "date", "contact", "clause")), done
    told = [one for some in done.values() for one in some]
    assert sum(told) >= 0.8 * len(told), done
