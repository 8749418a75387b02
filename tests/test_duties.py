"""What the Act asks to be published, in the versions of the Act."""

from __future__ import annotations

import datetime
import shutil
from typing import TYPE_CHECKING

import pytest
from conftest import CORPUS, rows

from normalizer.duties import check
from normalizer.errors import GlossaryError, InputError

if TYPE_CHECKING:
    from pathlib import Path

    from normalizer import Normalizer

PLAIN = (
    "個人情報の利用目的\n\n当社は、個人情報を次の目的で利用します。\n(1) 商品の発送のため\n(2) 問い合わせに答えるため\n"
)
SHOP = "01-aozora-shop"


@pytest.mark.parametrize("side", ["ja", "en"])
def test_a_full_policy_has_all_that_is_asked(side: str, normalizer: Normalizer) -> None:
    duties = normalizer.check(CORPUS / f"{SHOP}.{side}.txt")
    assert not [duty.duty for duty in duties if duty.status == "not found"]
    found = {duty.duty: duty for duty in duties}
    assert found["joint_use_items"].status == "found"
    assert found["opt_out"].status == "not asked"
    assert found["fees"].article == "32(1)(iii)"
    text = (CORPUS / f"{SHOP}.{side}.txt").read_text(encoding="utf-8")
    assert all(text[p.start : p.end] == p.text for duty in duties for p in duty.places)


def test_what_is_not_there_is_not_found(normalizer: Normalizer) -> None:
    duties = {duty.duty: duty for duty in normalizer.check(PLAIN)}
    assert duties["purposes"].status == "found"
    assert {duties[name].status for name in ("fees", "security", "complaints", "operator_name")} == {"not found"}
    assert duties["joint_use_scope"].status == "not asked"


def test_a_heading_shows_nothing(normalizer: Normalizer) -> None:
    policy = "方針\n\n第1条（安全管理措置）\n当社は、漏えいを防ぐため、個人データの安全管理措置を講じます。\n"
    (security,) = (duty for duty in normalizer.check(policy) if duty.duty == "security")
    assert [place.clause for place in security.places] == ["c3"]  # c2 is the heading


def test_the_act_changes_with_the_day(normalizer: Normalizer) -> None:
    source = CORPUS / f"{SHOP}.ja.txt"
    then = {duty.duty: duty for duty in normalizer.check(source, datetime.date(2018, 1, 1))}
    now = {duty.duty: duty for duty in normalizer.check(source, datetime.date(2023, 1, 1))}
    assert (then["fees"].article, now["fees"].article) == ("27(1)(iii)", "32(1)(iii)")
    assert "security" in now
    assert "security" not in then


def test_a_day_before_the_act_is_refused(normalizer: Normalizer) -> None:
    with pytest.raises(InputError, match="2005-04-01"):
        normalizer.check("当社は、個人情報を利用します。", datetime.date(1999, 1, 1))


def test_a_damaged_table_is_refused(normalizer: Normalizer, glossaries: Path, tmp_path: Path) -> None:
    text = (glossaries / "duties.csv").read_text(encoding="utf-8")
    shutil.copy(glossaries / "duties.csv", tmp_path)
    (tmp_path / "duties.csv").write_text(text.replace("JointUserScope", "JointUserScop"), encoding="utf-8")
    with pytest.raises(
        GlossaryError, match=r"duties\.csv:\d+: unknown concept 'JointUserScop'; nearest: JointUserScope"
    ):
        check(normalizer.analyze("当社は、個人情報を利用します。"), normalizer.glossary.ontology, tmp_path)


def test_an_opt_out_that_is_denied_asks_nothing(normalizer: Normalizer) -> None:
    name = "みなとや（以下「当店」といいます。）は、個人情報を大切に扱います。"
    text = f"{name}\n\n当店は、オプトアウトによる第三者提供を行っておりません。\n"
    duties = {duty.duty: duty for duty in normalizer.check(text)}
    assert duties["opt_out"].status == duties["opt_out_cease"].status == "not asked"
    assert duties["operator_name"].places[0].line == 1
    affirmed = normalizer.check("当店は、オプトアウトによる第三者提供を行います。\n")
    assert {duty.duty: duty.status for duty in affirmed}["opt_out"] == "found"


TABLE = """# 個人情報保護方針

## 個人データの共同利用

当社は、次のとおり共同して利用します。

| 事項 | 内容 |
|---|---|
| 項目 | 氏名、住所および電話番号 |
| 共同して利用する者の範囲 | 当社のグループ会社 |
| 利用目的 | 商品の発送のため |
| 管理責任者 | 株式会社みなと 東京都港区海岸一丁目1番1号 代表取締役 港一郎 |

## 安全管理措置

当社は、漏えいを防ぐための措置を講じます。
"""
JOINT = {
    "joint_use_items": "氏名、住所および電話番号",
    "joint_use_scope": "共同して利用する者の範囲",
    "joint_use_purpose": "利用目的",
    "joint_use_manager": "管理責任者",
}


@pytest.mark.parametrize("duty", JOINT)
def test_the_rows_of_a_table_are_of_its_headings_matter(duty: str, normalizer: Normalizer, tmp_path: Path) -> None:
    """Each item of joint use is found in its row, and no longer where the row is taken out."""
    row = next(line for line in TABLE.splitlines(keepends=True) if JOINT[duty] in line)
    statuses = []
    for name, text in (("whole", TABLE), ("without", TABLE.replace(row, ""))):
        source = tmp_path / f"{name}.md"
        source.write_text(text, encoding="utf-8")
        found = next(one for one in normalizer.check(source) if one.duty == duty)
        statuses.append(found.status)
        assert any(JOINT[duty] in place.text for place in found.places) == (name == "whole")
        assert all(place.heading == "個人データの共同利用" for place in found.places)
    assert statuses == ["found", "not found"]


@pytest.mark.parametrize(("text", "shown"), rows("duties.tsv", 2))
def test_the_particulars_of_joint_use(text: str, shown: str, normalizer: Normalizer) -> None:
    """Each is found where the section says it, not where it only says that there is joint use, or what will be said."""
    duties = [one for one in normalizer.check(text.replace("⏎", "\n")) if one.duty.startswith("joint_use_")]
    assert len(duties) == 6
    assert {one.duty.removeprefix("joint_use_") for one in duties if one.status == "found"} == {*shown.split()} - {"-"}


@pytest.mark.parametrize(("day", "duties", "text", "shown"), rows("particulars.tsv", 4))
def test_the_particulars_of_other_duties(day: str, duties: str, text: str, shown: str, normalizer: Normalizer) -> None:
    """Each is found where the section says it; a policy that only speaks of opt-out is asked for all of its items."""
    asked = normalizer.check(text.replace("⏎", "\n"), datetime.date.fromisoformat(day))
    found = {one.duty: one for one in asked if one.duty in duties.split()}
    assert found.keys() == {*duties.split()}
    assert {name for name, one in found.items() if one.status == "found"} == {*shown.split()} - {"-"}
