"""Translation: what the small packages make of clauses, what is protected, what is rejected, what is kept from home."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

import glosser
import pytest
from conftest import rows
from hypothesis import given
from hypothesis import strategies as st

from normalizer import marks
from normalizer.errors import GlossaryError, ModelError
from normalizer.facts import find_facts
from normalizer.glossary import glossary_folder
from normalizer.models import install_file, installed
from normalizer.translate import Passage, Translated, Translator
from normalizer.translate.engine import Argos
from normalizer.translate.guard import fault
from normalizer.translate.protect import mask, restore
from normalizer.translate.words import load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from normalizer import Normalizer

FOLDER = glossary_folder()
WORDS = load(FOLDER)


@pytest.fixture(scope="module")
def translators(argos: Path) -> dict[str, Translator]:
    pairs = (("ja", "en"), ("en", "ja"))
    return {source: Translator.open(source, target, FOLDER, argos) for source, target in pairs}


def _passages(text: str, normalizer: Normalizer) -> list[Passage]:
    analysis = normalizer.analyze(text)
    return [Passage(analysis.document.text, clause) for clause in analysis.clauses]


class Recorder:
    """An engine that answers as told, and remembers what it was asked."""

    def __init__(self, *answers: dict[str, str | None]) -> None:
        self.asked: list[str] = []
        self._answers = list(answers)

    def translate(self, sentences: Sequence[str]) -> tuple[str | None, ...]:
        self.asked += sentences
        answers = self._answers.pop(0)
        return tuple(answers.get(sentence, sentence) for sentence in sentences)


# --- clauses -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "text", "expected"), rows("translate/clauses.tsv", 3))
def test_a_clause_is_translated(
    language: str, text: str, expected: str, translators: dict[str, Translator], normalizer: Normalizer
) -> None:
    passages = _passages(text, normalizer)
    done = translators[language].translate(
        [replace(its, clause=replace(its.clause, language=language)) for its in passages]
    )
    if expected.startswith("! "):
        assert [its.text for its in done] == [None]
        assert expected.removeprefix("! ") in "; ".join(done[0].reasons)
    else:
        assert [its.text for its in done] == [expected], done


def test_clauses_of_a_policy_and_their_numbers(translators: dict[str, Translator], normalizer: Normalizer) -> None:
    text = "第4条（第三者提供）\n当社は、個人情報を第三者に提供しません。\n(1) 法令\n(2) 同意"
    done = translators["ja"].translate(_passages(text, normalizer))
    assert [its.text for its in done] == [
        "Article 4 ( third parties provide)",
        "we, personal information third parties to provide not.",
        "(1) laws",
        "(2) consent",
    ]


def test_a_clause_in_the_other_language_is_left(translators: dict[str, Translator], normalizer: Normalizer) -> None:
    (done,) = translators["ja"].translate(_passages("We provide personal data to third parties.", normalizer))
    assert done == Translated(None, ("the clause is not in Japanese",))


def test_a_sentence_longer_than_the_model_takes(translators: dict[str, Translator], normalizer: Normalizer) -> None:
    (done,) = translators["ja"].translate(_passages("当社は個人情報を" + "取得と" * 150 + "利用します。", normalizer))
    assert done == Translated(None, ("sentence too long for the model",))


def test_each_distinct_sentence_is_translated_once(translators: dict[str, Translator], normalizer: Normalizer) -> None:
    recorder = Recorder({"当社は利用します。": "we use.", "当社は取得します。": "we acquire."})
    translator = replace(translators["ja"], engine=recorder)
    passages = _passages("当社は利用します。\n当社は取得します。当社は利用します。\n当社は利用します。", normalizer)
    done = translator.translate(passages)
    assert [its.text for its in done] == ["we use.", "we acquire. we use.", "we use."]
    assert sorted(recorder.asked) == ["当社は利用します。", "当社は取得します。"]


def test_a_model_that_destroys_codes_is_asked_without_them(
    translators: dict[str, Translator], normalizer: Normalizer
) -> None:
    source = "当社は個人情報を5年間保存します。"
    masked = "当社は個人情報をXQBB年間保存します。"
    passages = _passages(source, normalizer)
    good = Recorder({masked: "we keep it for some years."}, {source: "we keep personal information for 5 years."})
    (done,) = replace(translators["ja"], engine=good).translate(passages)
    assert (done.text, good.asked) == ("we keep personal information for 5 years.", [masked, source])
    bad = Recorder({masked: "we keep it for XQBB or XQBB years."}, {source: "we keep personal information for years."})
    (done,) = replace(translators["ja"], engine=bad).translate(passages)
    assert done == Translated(None, ("the model destroys what must stay as it is: 5",))


def test_a_model_that_loses_negations_gives_nothing(tmp_path: Path, normalizer: Normalizer) -> None:
    words = glosser.lexicon("ja", "en") | {"しません": glosser.NOTHING}
    install_file(glosser.build(tmp_path, "ja", "en", words), (), tmp_path / "packages")
    translator = Translator.open("ja", "en", FOLDER, tmp_path / "packages")
    done = translator.translate(
        _passages("当社は、個人情報を第三者に提供しません。\n当社は個人情報を取得します。", normalizer)
    )
    assert [(its.text, its.reasons) for its in done] == [
        (None, ("negation lost",)),
        ("we personal information acquire.", ()),
    ]


def test_a_model_that_says_nothing(tmp_path: Path, normalizer: Normalizer) -> None:
    words = dict.fromkeys([*glosser.lexicon("ja", "en")], glosser.NOTHING) | {"増": "▁more"}
    install_file(glosser.build(tmp_path, "ja", "en", words), (), tmp_path / "packages")
    translator = Translator.open("ja", "en", FOLDER, tmp_path / "packages")
    (done,) = translator.translate(_passages("当社は、個人情報を取得します。", normalizer))
    assert done == Translated(None, ("empty output",))


def test_the_same_again(argos: Path, normalizer: Normalizer) -> None:
    passages = _passages("当社は個人データを取得します。\n当社は個人データを利用します。", normalizer)
    runs = [Translator.open("ja", "en", FOLDER, argos).translate(passages) for _ in range(2)]
    assert runs[0] == runs[1]


# --- the package and the library ---------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["ja", "en"])
def test_the_engine_says_what_argos_says(source: str, argos: Path) -> None:
    from argostranslate.translate import Language, PackageTranslation

    (package,) = [its for its in installed(argos) if its.source == source]
    engine = Argos.open(package)
    words = [word for word in glosser.lexicon(package.source, package.target) if word.isalpha()]
    given = [("" if source == "ja" else " ").join(words[at : at + 6]) for at in range(0, len(words), 3)]
    theirs = PackageTranslation(Language(source, source), Language(package.target, package.target), engine.package)
    theirs.sentencizer = type("Whole", (), {"split_sentences": lambda self, text: [text]})()
    assert list(engine.translate(given)) == [theirs.translate(one).strip() for one in given]


ISOLATED = """
import socket, sys
def refuse(*_, **__): raise AssertionError("the network was asked")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
from pathlib import Path
from normalizer import Normalizer
from normalizer.translate import Passage, Translator
normalizer = Normalizer()
analysis = normalizer.analyze("当社は個人データを取得します。")
translator = Translator.open("ja", "en", normalizer.folder, Path(sys.argv[1]))
print(translator.translate([Passage(analysis.document.text, analysis.clauses[0])])[0].text)
"""


def test_nothing_is_fetched_and_nothing_is_made_at_home(argos: Path, tmp_path: Path) -> None:
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    home.mkdir()
    temporary.mkdir()
    hidden = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "ARGOS_PACKAGES_DIR")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment |= {"HOME": str(home), "TMPDIR": str(temporary), "ARGOS_CHUNK_TYPE": "SPACY", "ARGOS_DEBUG": "1"}
    command = [sys.executable, "-c", ISOLATED, str(argos)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert (done.stdout, done.stderr) == ("we personal data acquire.\n", "")
    assert (list(home.iterdir()), list(temporary.iterdir())) == ([], [])


def test_without_the_library_the_error_says_what_to_install(argos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "argostranslate"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "argostranslate", None)
    with pytest.raises(ModelError, match=re.escape("pip install 'policy-normalizer[translate]'")):
        Translator.open("ja", "en", FOLDER, argos)


@pytest.mark.parametrize("name", ["model/model.bin", "sentencepiece.model"])
def test_a_package_that_does_not_run_is_named(name: str, tmp_path: Path) -> None:
    done = install_file(glosser.build(tmp_path, "ja", "en"), (), tmp_path / "packages")
    (done.path / name).write_bytes(b"damaged")
    with pytest.raises(ModelError, match="cannot be run") as raised:
        Translator.open("ja", "en", FOLDER, tmp_path / "packages")
    assert str(done.path) in str(raised.value)
    assert "normalizer models install ja-en" in str(raised.value)


def test_no_package_for_the_direction(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no translation package for ja-en"):
        Translator.open("ja", "en", FOLDER, tmp_path)


# --- codes -------------------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    ["5年", "1,100円", "２０２３", "2023年4月1日", "a@example.com", "。", "the ", "提供", " 10%", "XQ", "\n"]
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_what_is_masked_comes_back(text: str) -> None:
    facts = find_facts(text, 0, len(text), FOLDER)
    masked = mask(text, 0, len(text), facts, [], "ja", WORDS)
    again = restore(masked.text, masked)
    assert again is not None
    assert not re.search("[0-9]", masked.text) or "XQ" in text
    assert _digits(again) == _digits(text)


def _digits(text: str) -> int:
    """How many numbers, commas in them aside."""
    return len(re.findall("[0-9]+", unicodedata.normalize("NFKC", text).replace(",", "")))


@pytest.mark.parametrize("spoilt", ["", "XQBB", "XQBB XQBB XQBC", "XQBB XQBD", "XQBB XQAA"])
def test_codes_that_do_not_come_back_as_they_went(spoilt: str) -> None:
    text = "5年と6年"
    masked = mask(text, 0, len(text), (), (), "en", WORDS)
    assert restore(masked.text, masked) == text
    assert restore(spoilt, masked) is None


@pytest.mark.parametrize("shape", ["xqbb", "ＸＱＢＢ", "XQ BB", "Xqb B"])
def test_codes_that_come_back_in_another_shape(shape: str) -> None:
    masked = mask("5年", 0, 2, (), (), "en", WORDS)
    assert restore(f"for{shape}years", masked) == "for 5 years"


# --- the guard ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("languages", "source", "target", "reason"), rows("translate/guard.tsv", 4))
def test_a_wrong_translation_is_seen(languages: str, source: str, target: str, reason: str) -> None:
    pair = (languages[:2], languages[3:])
    found = fault(source, target, pair, marks.load(FOLDER), WORDS, ("青空商店",))
    assert (found or "-") == reason


@given(st.text(max_size=80), st.text(max_size=80))
def test_the_guard_survives_anything(source: str, target: str) -> None:
    for pair in (("ja", "en"), ("en", "ja")):
        assert fault(source, target, pair, marks.load(FOLDER), WORDS) != ""


# --- the table ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("labels,article,,,", "unknown kind 'labels'"),
        ("label,article,第{numbr}条,Article {number},", "unknown field 'numbr'"),
        ("label,article,第{number}条,Article {number},", "no ja form of kind 'negation'"),
    ],
)
def test_a_wrong_row_of_the_table_is_named(row: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "translation.csv").write_text(f"kind,key,ja,en,note\n{row}\n", encoding="utf-8")
    with pytest.raises(GlossaryError, match=re.escape(message)):
        load(tmp_path)


# --- the real package --------------------------------------------------------------------------------------------


@pytest.mark.network
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_published_package(tmp_path: Path, normalizer: Normalizer) -> None:
    """Fetches 117 MB, installs ja-en 1.1 and translates three clauses; skipped where the index is out of reach."""
    from normalizer.models import install_published, offered, published

    known = published(FOLDER)
    try:
        wanted = offered("ja", "en", known, patience=10)
    except ModelError as error:
        pytest.skip(str(error))
    assert wanted in [replace(its, url=wanted.url) for its in known]
    install_published(wanted, tmp_path / "packages")
    translator = Translator.open("ja", "en", FOLDER, tmp_path / "packages")
    text = (
        "当社は、個人データを第三者に提供しません。\n当社は、お客様の氏名を5年間保存します。\n"
        "開示の請求は、お問い合わせ窓口 info@example.jp までお願いします。"
    )
    done = translator.translate(_passages(text, normalizer))
    assert all(its.text for its in done), done
    said = [str(its.text).casefold() for its in done]
    assert "third" in said[0]
    assert WORDS.negation["en"].search(said[0])
    assert "5" in said[1]
    assert "info@example.jp" in said[2]
