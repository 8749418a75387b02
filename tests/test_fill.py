"""Missing sides: from the memory, by machine, in the order asked; marked as such; empty with the reason if need be."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import glosser
import pytest

from normalizer import Normalizer, memory
from normalizer.cli import main
from normalizer.errors import ModelError
from normalizer.models import install_file
from normalizer.records import Record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

JA = "第4条（第三者提供）\n当社は、個人情報を第三者に提供しません。\n当社は個人データを5年間保存します。\n"
EN = "Privacy Policy\nWe do not provide personal data to third parties.\nWe keep data for 5 years.\n"

pytestmark = pytest.mark.usefixtures("tables_once")

Captured = pytest.CaptureFixture[str]


@dataclass(frozen=True)
class Unit:
    """What a memory finds."""

    unit: str
    source: str
    target: str
    percent: int
    adjusted: tuple[object, ...] = ()


class Memory:
    """A memory of a few units, that finds a text as it stands; one more is like any text."""

    def __init__(self, *units: Unit) -> None:
        self._units = units
        self.asked: list[tuple[str, str]] = []

    def lookups(self, texts: Sequence[str], source_language: str, limit: int, threshold: int) -> list[tuple[Unit, ...]]:
        self.asked += [(text, source_language) for text in texts]
        fit = [unit for unit in self._units if unit.percent >= threshold]
        return [tuple(unit for unit in fit if unit.source == text)[:limit] for text in texts]


@pytest.fixture
def packages(argos: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ARGOS_PACKAGES_DIR", str(argos))
    return argos


@pytest.fixture
def by_machine(packages: Path) -> Normalizer:
    return Normalizer(fill=("argos",))


APPROVED = Unit("u1", JA.splitlines()[1], "The Company does not provide personal information to third parties.", 100)
FUZZY = Unit("u2", JA.splitlines()[2], "The Company keeps personal data for 5 years.", 85, ("5",))
REVERSED = Unit("u3", JA.splitlines()[1], "The Company provides personal information to third parties.", 95)
FAR = Unit("u4", JA.splitlines()[2], "The Company keeps personal data for 5 years.", 60)


def test_a_policy_in_japanese_gets_its_english_side(by_machine: Normalizer) -> None:
    rows = by_machine.align(JA, None)
    assert [row.en and row.en.text for row in rows] == [
        "Article 4 ( third parties provide)",
        "we, personal information third parties to provide not.",
        "we personal data 5 years keep.",
    ]
    for row in rows:
        assert row.ja is not None
        assert row.en is not None
        assert (row.ja.origin, row.en.origin, row.link.origin, row.link.kind) == ("source", "argos", "argos", "1-0")
        assert row.ja.filling is None
        assert row.en.filling is not None
        assert (row.en.document, row.en.clauses) == ("", ())
        assert (row.en.filling.package, row.en.filling.version) == ("translate-ja_en", "0.1")
        assert len(str(row.en.filling.sha256)) == 64
        assert all(row.en.text[its.start : its.end] == its.text for its in row.en.mentions)
        assert row.provenance["fill"] == "argos"
        assert Record.model_validate_json(row.model_dump_json(by_alias=True)) == row


def test_a_policy_in_english_gets_its_japanese_side(by_machine: Normalizer) -> None:
    rows = by_machine.align(None, EN)
    assert [row.ja and row.ja.text for row in rows][1:] == [
        "当社はません提供し個人データを第三者に。",
        "当社は保存しますデータを間5年。",
    ]
    assert {row.ja.origin for row in rows if row.ja} == {"argos"}


def test_sides_that_are_there_stay(by_machine: Normalizer, normalizer: Normalizer) -> None:
    ja, en = "当社は個人データを取得します。\n", "We acquire personal data.\n"
    (plain,), (filled,) = normalizer.align(ja, en), by_machine.align(ja, en)
    assert filled.model_copy(update={"provenance": plain.provenance}) == plain
    assert plain.link.origin == "aligned"


def test_the_memory_comes_first_where_it_is_named_first(packages: Path) -> None:
    memory = Memory(APPROVED, FUZZY)
    rows = Normalizer(fill=("memory", "argos"), memory=memory).align(JA, None)
    assert [row.link.origin for row in rows] == ["argos", "memory", "memory"]
    assert [row.en and row.en.text for row in rows][1:] == [APPROVED.target, FUZZY.target]
    exact, fuzzy = (row.en.filling for row in rows[1:] if row.en)
    assert exact is not None
    assert fuzzy is not None
    assert (exact.unit, exact.percent, exact.adjusted, exact.package) == ("u1", 100, False, None)
    assert (fuzzy.unit, fuzzy.percent, fuzzy.adjusted) == ("u2", 85, True)
    assert [row.link.score for row in rows[1:]] == [1.0, 0.85]
    assert rows[2].link.evidence["memory"] == 0.85
    assert {language for _, language in memory.asked} == {"ja"}
    turned = Normalizer(fill=("argos", "memory"), memory=Memory(APPROVED, FUZZY)).align(JA, None)
    assert [row.link.origin for row in turned] == ["argos"] * 3


def test_a_fuzzy_unit_that_turns_the_meaning_is_refused(packages: Path) -> None:
    rows = Normalizer(fill=("memory",), memory=Memory(REVERSED, FAR)).align(JA, None)
    assert [row.en for row in rows] == [None] * 3
    assert [row.link.origin for row in rows] == ["none"] * 3
    assert rows[1].notes == ("memory: unit u3 at 95 %: negation lost",)
    assert rows[2].notes == ()
    both = Normalizer(fill=("memory", "argos"), memory=Memory(REVERSED)).align(JA, None)
    assert both[1].link.origin == "argos"
    assert both[1].notes[0] == "memory: unit u3 at 95 %: negation lost"


WRONG = Unit("u6", JA.splitlines()[2], "The Company keeps personal data for 3 years.", 100)
TURNED = Unit("u7", JA.splitlines()[1], "The Company provides personal information to third parties.", 101)
FREE = Unit("u8", JA.splitlines()[2], "The Company keeps personal data for a limited time.", 100)
TERM = Unit("u9", "業務の委託をすることがあります。", "The Company may make a deposit of its work.", 100)


@pytest.mark.parametrize(
    ("unit", "reason"),
    [
        (WRONG, "memory: unit u6 at 100 %: numbers lost: P5Y"),
        (TURNED, "memory: unit u7 at 101 %: negation lost"),
    ],
)
def test_an_approved_unit_that_contradicts_its_source_is_refused(unit: Unit, reason: str) -> None:
    row = Normalizer(fill=("memory",), memory=Memory(unit)).align(JA, None)[JA.splitlines().index(unit.source)]
    assert (row.en, row.link.origin, row.notes) == (None, "none", (reason,))


def test_the_next_unit_is_taken_where_one_is_refused() -> None:
    row = Normalizer(fill=("memory",), memory=Memory(WRONG, FUZZY)).align(JA, None)[2]
    assert row.en is not None
    assert (row.en.text, row.notes) == (FUZZY.target, ())


def test_an_approved_unit_that_says_less_stays_with_a_note() -> None:
    row = Normalizer(fill=("memory",), memory=Memory(FREE)).align(JA, None)[2]
    assert row.en is not None
    assert (row.en.text, row.notes[0]) == (FREE.target, "memory: unit u8 at 100 %: to check: numbers lost: P5Y")


def test_the_terms_of_an_approved_unit_are_told_of_and_not_replaced() -> None:
    row = Normalizer(fill=("memory",), memory=Memory(TERM)).align(TERM.source, None)[0]
    assert row.en is not None
    assert (row.en.text, row.notes) == (TERM.target, ("term to check: 'deposit' where 'entrustment' is preferred",))


SENTENCE = "書類の複写を第三者に提供し、個人データを取得します。"
STRANGE = Unit("u10", SENTENCE, "You can have your papers copied here on any day of the week.", 90)


@pytest.mark.parametrize("percent", [90, 99])
def test_a_unit_that_names_nothing_of_what_the_source_names_is_refused(percent: int) -> None:
    row = Normalizer(fill=("memory",), memory=Memory(replace(STRANGE, percent=percent))).align(SENTENCE, None)[0]
    assert row.ja is not None
    several = len({mention.concept for mention in row.ja.mentions})
    reason = f"none of the {several} concepts of the source is found in the translation"
    assert (row.en, row.notes) == (None, (f"memory: unit u10 at {percent} %: {reason}",))


def test_one_that_was_approved_for_the_very_words_stays_with_a_note() -> None:
    row = Normalizer(fill=("memory",), memory=Memory(replace(STRANGE, percent=100))).align(SENTENCE, None)[0]
    assert row.en is not None
    assert "memory: only 0% of the concepts of the source are found in the translation" in row.notes


@pytest.mark.parametrize("turn", ["得ず、", "得ずに、", "得ないで、"])
def test_no_side_is_filled_with_its_opposite(turn: str, tmp_path: Path) -> None:
    said = "当社は、本人の同意を得て、個人データを外国にある第三者に提供します。"
    with memory.Memory.open(tmp_path / "m", create=True) as kept:
        kept.add([memory.Unit(said, "With consent of the person, the Company provides personal data abroad.")])
    filler = Normalizer(fill=("memory",), memory=tmp_path / "m")
    rows = [filler.align(text, None)[0] for text in (said, said.replace("得て、", turn))]
    assert [row.en is None for row in rows] == [False, True]


def test_a_unit_that_is_a_machines_is_passed_over(packages: Path) -> None:
    @dataclass(frozen=True)
    class Stored:
        origin: str

    @dataclass(frozen=True)
    class Kept(Unit):
        stored: Stored = Stored("argos")

    made = Kept("u5", JA.splitlines()[1], "The Company gives no personal information to third parties.", 100)
    rows = Normalizer(fill=("memory",), memory=Memory(made, APPROVED)).align(JA, None)
    assert [row.link.origin for row in rows] == ["none", "memory", "none"]
    assert rows[1].en is not None
    assert rows[1].en.text == APPROVED.target


def test_what_the_machine_cannot_do_stays_empty_with_the_reason(by_machine: Normalizer) -> None:
    row = by_machine.align("当社は個人データを取得します。\n当社はほげほげふがふがをします。\n", None)[1]
    assert (row.en, row.link.origin) == (None, "none")
    assert row.notes == ("argos: output in the wrong language",)


def test_concepts_that_got_lost_are_told(by_machine: Normalizer) -> None:
    row = by_machine.align("委託額\n", None)[0]
    assert row.en is not None
    assert row.en.filling is not None
    assert row.en.filling.concepts == row.link.evidence["concepts"] == row.link.score == 0.0
    assert "argos: only 0% of the concepts of the source are found in the translation" in row.notes


def test_a_wrong_word_for_a_term_is_replaced_or_told(by_machine: Normalizer) -> None:
    first, second = by_machine.align("個人データの取得と取得の委託をします。\n委託の手数料\n", None)
    assert first.en is not None
    assert "of entrustment" in first.en.text
    assert "term replaced: 'deposit' by 'entrustment'" in first.notes
    assert "term to check: 'deposit' where 'entrustment' is preferred" in second.notes


def test_only_the_other_direction_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_file(glosser.build(tmp_path, "ja", "en"), (), tmp_path / "packages")
    monkeypatch.setenv("ARGOS_PACKAGES_DIR", str(tmp_path / "packages"))
    row = Normalizer(fill=("argos",)).align(None, "We provide personal data.\n")[0]
    assert row.ja is None
    assert "normalizer models install en-ja" in row.notes[0]


def test_no_package_at_all_is_an_error_before_anything_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARGOS_PACKAGES_DIR", str(tmp_path / "none"))
    with pytest.raises(ModelError, match="normalizer models install ja-en"):
        Normalizer(fill=("argos",))


@pytest.mark.parametrize(("fill", "memory"), [(("deepl",), None), (("memory",), None), (("argos",), Memory())])
def test_an_order_that_is_none(fill: tuple[str, ...], memory: Memory | None, packages: Path) -> None:
    with pytest.raises(ValueError, match="fill is any of memory, argos"):
        Normalizer(fill=fill, memory=memory)


def test_the_same_again(packages: Path) -> None:
    runs = [Normalizer(fill=("argos",)).align(JA, None) for _ in range(2)]
    assert runs[0] == runs[1]


# --- the command line --------------------------------------------------------------------------------------------


def test_run_fills_and_says_so(packages: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "shop.ja.txt").write_text(JA, encoding="utf-8")
    with memory.Memory.open(tmp_path / "memory.db", create=True) as approved:
        approved.add([memory.Unit(APPROVED.source, APPROVED.target)])
    options = ["--fill", "memory,argos", "--memory", str(tmp_path / "memory.db"), "--quiet", "--workers", "0"]
    assert main(["run", str(tmp_path / "in"), "--out", str(tmp_path / "out"), *options]) == 0
    (part,) = (tmp_path / "out" / "records").iterdir()
    rows = [json.loads(line) for line in part.read_text(encoding="utf-8").splitlines()]
    assert [row["en"]["origin"] for row in rows] == ["argos", "memory", "argos"]
    versions = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["versions"]
    assert versions["fill"] == "memory,argos"
    assert versions["memory"].startswith("memory.db ")
    assert versions["argos ja-en"].startswith("0.1 ")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--fill", "deepl"], "--fill takes memory and argos"),
        (["--fill", "memory"], "--fill memory needs --memory"),
        (["--memory", "x.db"], "--fill memory needs --memory"),
    ],
)
def test_misuse_of_fill(options: list[str], message: str, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "a.ja.txt").write_text(JA, encoding="utf-8")
    (tmp_path / "a.en.txt").write_text(EN, encoding="utf-8")
    assert main(["align", str(tmp_path / "a.ja.txt"), str(tmp_path / "a.en.txt"), *options]) == 2
    assert message in capsys.readouterr().err


def test_without_the_extra_the_message_names_it(
    packages: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: Captured
) -> None:
    monkeypatch.setattr("normalizer.translate.engine.find_spec", lambda name: None)
    (tmp_path / "shop.ja.txt").write_text(JA, encoding="utf-8")
    assert main(["run", str(tmp_path / "shop.ja.txt"), "--out", str(tmp_path / "out"), "--fill", "argos"]) == 1
    assert "pip install 'policy-normalizer[translate]'" in capfd.readouterr().err
    assert not (tmp_path / "out").exists()
