"""Statements in controlled language: grammar in both languages, and nothing that the clause does not say."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from conftest import rows

from normalizer.errors import GlossaryError
from normalizer.model import Exception_, Statement
from normalizer.summaries import Summarizer, sentences
from normalizer.summaries.table import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from normalizer import Normalizer

GOLDEN = Path(__file__).parent / "golden" / "summaries.tsv"
ACTORS = {"organisation": "ControllerSelf", "individual": "Customer"}
POLARITIES: tuple[Literal["affirmed", "denied", "conditional"], ...] = ("affirmed", "denied", "conditional")
MODALITIES: tuple[Literal["does", "may", "must"], ...] = ("does", "may", "must")
EXCEPTIONS = (Exception_(0, 1, ("PriorConsent",)), Exception_(2, 3, ("ExceptionLawsAndRegulations",)))


@pytest.fixture(scope="module")
def summarizer(normalizer: Normalizer) -> Summarizer:
    return Summarizer.load(normalizer.folder, normalizer.glossary.ontology)


def _combinations(summarizer: Summarizer) -> Iterator[tuple[str, Statement]]:
    """A statement for each action, actor, polarity and modality, with and without exceptions."""
    for key in sorted(key for kind, key in summarizer.tables.words.phrases if kind == "action"):
        action, _, acting = key.partition("/")
        actors = (ACTORS[acting],) if acting else ("ControllerSelf", None)
        for actor, polarity, modality, exceptions in product(actors, POLARITIES, MODALITIES, ((), EXCEPTIONS)):
            yield key, Statement(action, polarity, modality, actor, "PersonalData", None, None, exceptions)


def _lines(summarizer: Summarizer) -> Iterator[str]:
    yield "action\tactor\tpolarity\tmodality\texceptions\tja\ten"
    for key, its in _combinations(summarizer):
        said = sentences(its, summarizer.tables.ontology, summarizer.tables.words) or ("–", "–")
        yield "\t".join([key, its.actor or "–", its.polarity, its.modality, str(len(its.exceptions)), *said])


def test_every_combination(summarizer: Summarizer, request: pytest.FixtureRequest) -> None:
    """tests/golden/summaries.tsv is meant for linguists. After a change: --update-golden, and read the diff."""
    text = "\n".join(_lines(summarizer)) + "\n"
    if request.config.getoption("--update-golden"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text.splitlines() == GOLDEN.read_text(encoding="utf-8").splitlines()


def test_every_sentence_is_well_formed(summarizer: Summarizer) -> None:
    for key, its in _combinations(summarizer):
        if said := sentences(its, summarizer.tables.ontology, summarizer.tables.words):
            ja, en = said
            assert re.fullmatch(r"[^{}\[\]|/]+(?:ます|ません)。", ja), (key, ja)
            assert re.fullmatch(r"[A-Z][^{}\[\]|/]+[a-z]\.", en), (key, en)
            assert "  " not in en
            assert " ," not in en
            assert ("ません" in ja) == (" not " in en) == (its.polarity == "denied"), (key, said)
            assert ("除き" in ja) == ("except" in en) == bool(its.exceptions)
            assert ("条項に定める条件" in ja) == ("conditions that the clause" in en) == (its.polarity == "conditional")


@pytest.mark.parametrize("modality", ["may", "must"])
def test_a_denied_modal_is_ambiguous_and_not_said(modality: str, summarizer: Summarizer) -> None:
    for key, its in _combinations(summarizer):
        if its.polarity == "denied" and its.modality == modality:
            assert sentences(its, summarizer.tables.ontology, summarizer.tables.words) is None, key


@pytest.mark.parametrize(("language", "text", "ja", "en"), rows("translate/summaries.tsv", 4))
def test_what_a_clause_says(
    language: str, text: str, ja: str, en: str, summarizer: Summarizer, normalizer: Normalizer
) -> None:
    analysis = normalizer.analyze(text)
    assert analysis.language == language
    found = [summarizer.summary(analysis.document.text, clause) for clause in analysis.clauses]
    assert found[0] == (None if ja == "–" else (ja, en))


def test_records_of_one_side_have_it_and_others_not(normalizer: Normalizer) -> None:
    ja, en = "当社は、個人データを第三者に提供しません。\n", "We do not provide personal data to third parties.\n"
    (alone,) = normalizer.align(ja, None)
    assert alone.summary is not None
    assert alone.summary.en == "The organization does not provide personal data to third parties."
    assert alone.en is None
    (english,) = normalizer.align(None, en)
    assert english.summary == alone.summary
    (both,) = normalizer.align(ja, en)
    assert both.summary is None


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("verb,Use,,,,", "unknown kind 'verb'"),
        ("data,Usee,,,,", "unknown concept 'Usee'"),
        ("action,Use/robot,{data}を利用する,use/uses/used,,", "unknown concept 'Use/robot'"),
        ("action,Use,{data}を利用する,use/used,,", "opens with three forms"),
        ("action,Use,{dat}を利用する,use/uses/used | {data},,", "unknown field 'dat'"),
        ("action,Use,{data}を用いる,use/uses/used | {data},,", "ends in none of the endings"),
        ("actor,Customer,,,,", "an actor is of one of organisation, individual"),
    ],
)
def test_a_wrong_row_of_the_table_is_named(row: str, message: str, tmp_path: Path, summarizer: Summarizer) -> None:
    (tmp_path / "summaries.csv").write_text(f"kind,key,ja,en,number,note\n{row}\n", encoding="utf-8")
    with pytest.raises(GlossaryError, match=re.escape(message)) as raised:
        load(tmp_path, summarizer.tables.ontology)
    assert ":2:" in str(raised.value)
