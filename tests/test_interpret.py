"""Clauses to categories and statements: cases in files, the tables' errors, growth with length."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING

import pytest
from conftest import CORPUS, rows
from hypothesis import given
from hypothesis import strategies as st

from normalizer.cues import load as load_cues
from normalizer.errors import GlossaryError
from normalizer.interpret import Interpreter

if TYPE_CHECKING:
    from pathlib import Path

    from normalizer import Normalizer
    from normalizer.model import Analysis, Clause, Statement, Token


def _said(text: str, statement: Statement | None) -> tuple[str, ...]:
    if statement is None:
        return ("-", "", "", "", "")
    exceptions = "¦".join(text[case.start : case.end] for case in statement.exceptions)
    return statement.action, statement.polarity, statement.modality, statement.recipient or "", exceptions


@pytest.mark.parametrize(
    ("language", "text", "action", "polarity", "modality", "recipient", "exceptions"),
    rows("interpret/statements.tsv", 7),
)
def test_statement(
    normalizer: Normalizer,
    language: str,
    text: str,
    action: str,
    polarity: str,
    modality: str,
    recipient: str,
    exceptions: str,
) -> None:
    clauses = normalizer.analyze(text).clauses
    assert {clause.language for clause in clauses} == {language}
    found = [clause.statement for clause in clauses if clause.statement]
    assert len(found) <= 1
    assert _said(text, found[0] if found else None) == (action, polarity, modality, recipient, exceptions)


@pytest.mark.parametrize(("language", "text", "polarity", "exceptions"), rows("interpret/polarity.tsv", 4))
def test_scope_of_negation_and_exception(
    normalizer: Normalizer, language: str, text: str, polarity: str, exceptions: str
) -> None:
    lead = {"ja": "ここから先が本文となります。", "en": "From here on the page says what there is to say."}[language]
    analysis = normalizer.analyze(f"{lead}\n\n{text}")
    statement = analysis.clauses[-1].statement
    assert statement is not None
    assert statement.polarity == polarity
    found = [analysis.document.text[case.start : case.end].lower() for case in statement.exceptions]
    for words in filter(None, exceptions.split("¦")):
        assert any(words.lower() in said for said in found), found


def _line(normalizer: Normalizer, text: str, line: int) -> Clause:
    analysis = normalizer.analyze(text)
    words = text.split("\n")[line - 1]
    return next(clause for clause in analysis.clauses if analysis.text(clause) == words)


@pytest.mark.parametrize(("language", "text", "line", "category", "also"), rows("interpret/categories.tsv", 5))
def test_category(normalizer: Normalizer, language: str, text: str, line: str, category: str, also: str) -> None:
    clause = _line(normalizer, text, int(line))
    assert clause.language == language
    assert clause.category == category, clause.category_evidence
    assert clause.category_evidence
    assert set(filter(None, also.split("|"))) <= set(clause.also)


def test_the_cases_of_a_list_are_exceptions_of_the_sentence_above_it(normalizer: Normalizer) -> None:
    text = (
        "第三者提供\n弊社は、次の場合を除き、個人データを第三者に提供しません。\n(1) 法令に基づく場合\n(2) 承継の場合"
    )
    statement = _line(normalizer, text, 2).statement
    assert statement
    assert statement.polarity == "denied"
    assert [text[case.start : case.end] for case in statement.exceptions] == ["法令に基づく場合", "承継の場合"]
    assert statement.exceptions[0].concepts
    assert _line(normalizer, text, 3).statement is None


@pytest.mark.parametrize(
    ("text", "actor", "data"),
    [
        ("弊社は、個人データを第三者に提供しません。", "ControllerSelf", "PersonalData"),
        ("お客様は、保有個人データの開示を請求することができます。", "Customer", "RetainedPersonalData"),
        ("We do not provide personal information to third parties.", "ControllerSelf", "PersonalInformation"),
    ],
)
def test_roles(normalizer: Normalizer, text: str, actor: str, data: str) -> None:
    statement = normalizer.analyze(text).clauses[0].statement
    assert statement
    assert (statement.actor, statement.data) == (actor, data)


@pytest.mark.parametrize(
    ("name", "line", "message"),
    [
        ("category_cues.csv", "entrustmint,text,ja,預託,1", "nearest: entrustment"),
        ("category_cues.csv", "entrustment,tail,ja,預託,1", "unknown place 'tail ja'"),
        ("category_cues.csv", "entrustment,concept,any,Entrustmint,1", "nearest: Entrustment"),
        ("category_cues.csv", "entrustment,text,ja,預託,much", "'much' is no number"),
        ("categories.csv", "x,no_such,,,,x,x,x", "unknown category 'no_such'"),
        ("categories.csv", "x,,,,NoSuch,x,x,x", "unknown concept 'NoSuch'"),
        ("cues.csv", "negatoin,ja,ぬ,", "nearest: negation ja"),
        ("unmarked.csv", "NoSuch,,,", "unknown concept 'NoSuch'"),
        ("unmarked.csv", "ThirdParty,,NoSuch,", "unknown concept 'NoSuch'"),
    ],
)
def test_a_wrong_table_is_refused(
    normalizer: Normalizer, glossaries: Path, tmp_path: Path, name: str, line: str, message: str
) -> None:
    for table in ("categories.csv", "category_cues.csv", "cues.csv", "narrowing.csv", "registers.csv", "unmarked.csv"):
        shutil.copy(glossaries / table, tmp_path / table)
    with (tmp_path / name).open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    with pytest.raises(GlossaryError, match=message):
        Interpreter.load(tmp_path, normalizer.glossary.ontology)


def test_cues_are_read_once(glossaries: Path) -> None:
    assert load_cues(glossaries) is load_cues(glossaries)


@given(st.text(alphabet=st.sampled_from(list("場合を除き、ただし提供しません。第三者except unless.,(「）\n1.・ＡI"))))
def test_no_text_makes_it_fail(normalizer: Normalizer, text: str) -> None:
    for clause in normalizer.analyze(f"こちらのページのとおりです。{text}").clauses:
        for case in clause.statement.exceptions if clause.statement else ():
            assert 0 <= case.start <= case.end <= len(text) + 14


@pytest.mark.parametrize(
    "text",
    [
        "法令に基づく場合を除き、個人データを",
        "Except as required by law, we use, ",
        "ただし、法令に基づく場合は、",
        "without consent ",
    ],
)
def test_time_grows_with_length_only(normalizer: Normalizer, text: str) -> None:
    """Four times the text may take ten times as long on a busy machine, never sixteen."""
    times = []
    for size in (300, 1200):
        analysis = normalizer.analyze(text * size)
        tokens = [_tokens(normalizer, analysis, clause) for clause in analysis.clauses]
        times.append(min(_seconds(normalizer, analysis, tokens) for _ in range(5)))
    assert times[1] < 10 * times[0] + 0.02


def _tokens(normalizer: Normalizer, analysis: Analysis, clause: Clause) -> tuple[Token, ...]:
    return normalizer._reader.tokenizer.tokens(analysis.document.text, clause.body, clause.end, clause.language)


def _seconds(normalizer: Normalizer, analysis: Analysis, tokens: list[tuple[Token, ...]]) -> float:
    start = time.process_time()
    normalizer._reader._interpreter.interpret(analysis.document.text, analysis.clauses, tokens)
    return time.process_time() - start


def test_spans_lie_in_their_document(normalizer: Normalizer) -> None:
    for path in sorted(CORPUS.glob("0[135]*.txt")):
        analysis = normalizer.analyze(path)
        for clause in analysis.clauses:
            for case in clause.statement.exceptions if clause.statement else ():
                assert analysis.document.text[case.start : case.end].strip()


@pytest.mark.parametrize(("text", "concepts"), rows("interpret/unmarked.tsv", 2))
def test_what_is_told(normalizer: Normalizer, text: str, concepts: str) -> None:
    clause = normalizer.analyze(text).clauses[0]
    assert {mention.concept for mention in clause.mentions} == set(concepts.split())


def test_a_pronoun_is_the_actor_of_the_statement_and_no_mention(normalizer: Normalizer) -> None:
    (clause,) = normalizer.analyze("We may not provide personal data to third parties.").clauses
    assert clause.statement is not None
    assert clause.statement.actor == "ControllerSelf"
    assert "ControllerSelf" not in {mention.concept for mention in clause.mentions}


@pytest.mark.parametrize(("language", "heading", "text", "quote", "concept"), rows("narrowing.tsv", 5))
def test_narrowing(unweighed: Normalizer, language: str, heading: str, text: str, quote: str, concept: str) -> None:
    title = {"ja": "プライバシーポリシー", "en": "Privacy Policy"}[language]
    analysis = unweighed.analyze(f"{title}\n1. {heading}\n{text}\n")
    clause = analysis.clauses[-1]
    assert (analysis.text(clause), clause.language) == (text, language)
    at = clause.start + text.rindex(quote)
    said = {m.concept for m in clause.mentions if m.start < at + len(quote) and at < m.end}
    assert (concept in said) if concept != "-" else not said, (clause.category, said)


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("GDPR Privacy Policy\nArticle 1 (Storage)\nPersonal data is stored for a year.", ["GDPRPersonalData"]),
        ("GDPRプライバシーポリシー\n第1条（保存）\n1. 個人データは1年間保存します。", ["GDPRPersonalData"]),
        ("Privacy Policy\n1. Residents of the EEA (GDPR)\nWe store personal data.", ["GDPRPersonalData"]),
        (
            "Privacy Policy\n1. GDPR\nWe obey.\n2. Provision\nPersonal data is given to no third party.",
            ["PersonalData"],
        ),
    ],
)
def test_personal_data_under_a_heading_of_the_gdpr(normalizer: Normalizer, text: str, concepts: list[str]) -> None:
    last = normalizer.analyze(text).clauses[-1]
    assert [mention.concept for mention in last.mentions if mention.concept.endswith("PersonalData")] == concepts


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("Consennt,CookieConsent,cookies_tracking,,,,,,,", "unknown concept 'Consennt'"),
        ("Consent,CookieConsennt,cookies_tracking,,,,,,,", "unknown concept 'CookieConsennt'"),
        ("Consent|Reqest,,cookies_tracking,,,,,,,", "unknown concept 'Reqest'"),
        ("Consent,CookieConsent,,,Cooky,,,,,", "unknown concept 'Cooky'"),
        ("Consent,CookieConsent,,,,,Cooky,,,", "unknown concept 'Cooky'"),
        ("Consent,CookieConsent,,,,,,Cooky,,", "unknown concept 'Cooky'"),
        ("Consent,CookieConsent,cookies,,,,,,,", "unknown category 'cookies'"),
        ("Consent,CookieConsent,,cookies,,,,,,", "unknown category 'cookies'"),
        ("Consent,CookieConsent,,,,,,,,", "no condition"),
    ],
)
def test_a_wrong_row_of_narrowing_is_named(normalizer: Normalizer, tmp_path: Path, row: str, message: str) -> None:
    folder = shutil.copytree(normalizer.folder, tmp_path / "glossaries")
    table = folder / "narrowing.csv"
    line = table.read_text(encoding="utf-8").count("\n") + 1
    with table.open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    with pytest.raises(GlossaryError) as caught:
        Interpreter.load(folder, normalizer.glossary.ontology)
    assert f"narrowing.csv:{line}: " in str(caught.value)
    assert message in str(caught.value)
