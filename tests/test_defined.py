"""Names that a policy defines for itself, found where they recur."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from normalizer import Normalizer

CASES = [
    # text, the name, the concept it stands for; None where it is not clear
    (
        "お預かりした個人データ（以下「台帳データ」といいます。）を守ります。\n台帳データは渡しません。",
        "台帳データ",
        "PersonalData",
    ),
    (
        "うみねこ株式会社（以下「うみねこ」といいます。）は方針を定めます。\nうみねこは情報を守ります。",
        "うみねこ",
        "ControllerSelf",
    ),
    ("部長、課長および監査人（以下「役付者」といいます。）が確認します。\n役付者は記録します。", "役付者", None),
    ('Umineko Books Inc. ("Umineko") makes this policy.\nUmineko keeps your data safe.', "Umineko", "ControllerSelf"),
    (
        'We protect retained personal data (hereinafter the "Ledger").\nThe Ledger is never sold.',
        "Ledger",
        "RetainedPersonalData",
    ),
    (
        'Umineko Books Inc. and its subsidiaries ("Umineko") make this policy.\nUmineko keeps your data safe.',
        "Umineko",
        "ControllerSelf",
    ),
    # part of a longer name: of a company, a product, a place
    ('Umineko Books Inc. ("Umineko") makes this policy.\nThe app is made by Umineko Games LLC.', "Umineko", None),
    ("うみねこ株式会社（以下「うみねこ」といいます。）は方針を定めます。\n窓口はうみねこ出版です。", "うみねこ", None),
    (
        "うみねこ株式会社（以下「うみねこ」といいます。）は方針を定めます。\n用紙はうみねこ所定のものです。",
        "うみねこ",
        "ControllerSelf",
    ),
    (
        "うみねこ株式会社（以下「当うみねこ」といいます。）は方針を定めます。\n方針は当うみねこサイトにあります。",
        "当うみねこ",
        "ControllerSelf",
    ),
]


@pytest.mark.parametrize(("text", "name", "concept"), CASES)
def test_a_defined_name_means_what_it_was_defined_as(
    text: str, name: str, concept: str | None, normalizer: Normalizer
) -> None:
    analysis = normalizer.analyze(text)
    last = analysis.clauses[-1]
    found = [mention for mention in last.mentions if mention.term == f"defined:{name}"]
    assert [mention.concept for mention in found] == ([concept] if concept else [])
    assert all(text[mention.start : mention.end] == name for mention in found)


def test_a_law_of_one_character_is_left_to_the_citations(normalizer: Normalizer) -> None:
    analysis = normalizer.analyze("個人情報の保護に関する法律（以下「法」といいます。）を守ります。\n方法は定めます。")
    assert not [m for clause in analysis.clauses for m in clause.mentions if m.term.startswith("defined:")]


def test_a_wrong_rendering_is_reported_as_such(normalizer: Normalizer) -> None:
    analysis = normalizer.analyze("Article 3 (Deposit)\nWe may entrust the handling of personal data to a contractor.")
    heading = analysis.clauses[0]
    assert [mention.concept for mention in heading.mentions] == ["Entrustment"]
    assert heading.notes == ("wrong rendering: 'Deposit' for 'entrustment'",)
    assert analysis.clauses[1].notes == ()
