"""Concepts are found where their words stand, and the sense of a treacherous word follows its context."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.glossary import Glossary, Term, glossary_folder
from normalizer.match import Match, Matcher
from normalizer.model import Clause, Mention
from normalizer.senses import SenseResolver
from normalizer.tokens import Tokenizer

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

CASES = Path(__file__).parent / "cases"
GLOSSARY = Glossary.load()
TOKENIZER = Tokenizer(GLOSSARY.lemmas)
MATCHER = Matcher(GLOSSARY, TOKENIZER)
RESOLVER = SenseResolver.load(glossary_folder())


def matches(text: str, language: str, matcher: Matcher = MATCHER) -> tuple[Match, ...]:
    tokens = TOKENIZER.tokens(text, 0, len(text), language)
    return matcher.matches(text, 0, len(text), language, tokens)


def mentions(text: str, language: str, *headings: str) -> tuple[Mention, ...]:
    clause = Clause("c1", None, "paragraph", None, None, 0, len(text), 0, language=language)
    return RESOLVER.resolve(text, clause, headings, matches(text, language))


def rows(name: str, width: int) -> list[ParameterSet]:
    lines = enumerate((CASES / name).read_text(encoding="utf-8").splitlines(), 1)
    cells = [(number, [*line.split("\t"), "", "", ""][:width]) for number, line in lines if not line.startswith("#")]
    return [pytest.param(*row, id=f"{name}:{number}") for number, row in cells]


@pytest.mark.parametrize(("language", "text", "wanted", "unwanted"), rows("match.tsv", 4))
def test_match(language: str, text: str, wanted: str, unwanted: str) -> None:
    found = [(text[match.start : match.end], match.concepts) for match in matches(text, language)]
    for pair in filter(None, wanted.split(";")):
        words, _, concept = pair.partition("=")
        assert any(concept in concepts and words in ("", said) for said, concepts in found), (pair, found)
    assert not {concept for _, concepts in found for concept in concepts}.intersection(unwanted.split()), found


@pytest.mark.parametrize(("language", "heading", "text", "words", "concept"), rows("senses.tsv", 5))
def test_sense(language: str, heading: str, text: str, words: str, concept: str) -> None:
    at = text.index(words)
    found = mentions(text, language, *filter(None, [heading]))
    said = [mention for mention in found if mention.start < at + len(words) and at < mention.end]
    assert concept in [mention.concept for mention in said], found


def test_a_form_with_several_concepts_keeps_them_all() -> None:
    (match,) = (match for match in matches("processing", "en") if match.concepts)
    assert set(match.concepts) >= {"Handling", "ProcessingAlteration"}


def test_the_longest_term_leaves_none_inside() -> None:
    found = matches("個人情報保護委員会に報告します。", "ja")
    assert [match for match in found if match.concepts == ("PersonalInformation",)] == []


@pytest.mark.parametrize(
    ("text", "settled"),
    [
        ("開示、訂正の請求", 2),
        ("開示と訂正について", 0),  # two heads and nothing that speaks of a request
        ("開示、訂正、消去について", 3),
        ("開示。訂正の請求", 0),  # two sentences
        ("削除、削除の請求", 0),  # one right, named twice
    ],
)
def test_enumerations_settle_the_sense_of_their_heads(text: str, settled: int) -> None:
    assert sum(match.settled for match in matches(text, "ja")) == settled


def test_evidence_names_the_cues_that_decided() -> None:
    (mention,) = (m for m in mentions("利用料金を口座振替で請求します。", "ja") if m.concept == "PurposeBilling")
    assert "口座振替" in mention.evidence
    assert 0.5 < mention.score <= 1
    assert mention.term.startswith("ja:")


def test_headings_are_context() -> None:
    bare, headed = mentions("請求について", "ja"), mentions("請求について", "ja", "料金のお支払い")
    assert [mention.concept for mention in headed] == ["PurposeBilling"]
    assert bare != headed


def test_a_sense_that_is_no_concept_gives_no_mention(tmp_path: Path) -> None:
    table = "language,form,concept,cue,weight,scope\nen,cookie,,oven,3,clause\n"
    (tmp_path / "senses.csv").write_text(table, encoding="utf-8")
    resolver = SenseResolver.load(tmp_path)
    for text, count in (("A cookie from the oven.", 0), ("A cookie from the server.", 1)):
        clause = Clause("c1", None, "paragraph", None, None, 0, len(text), 0, language="en")
        found = resolver.resolve(text, clause, (), matches(text, "en"))
        assert sum(mention.concept == "Cookie" for mention in found) == count


def test_left_and_right_look_beside_the_match_only(tmp_path: Path) -> None:
    head = "language,form,concept,cue,weight,scope\n"
    (tmp_path / "senses.csv").write_text(
        head + "en,cookie,CookieUse,baked,3,left\nen,cookie,CookieRefusal,fresh,3,right\n", encoding="utf-8"
    )
    resolver = SenseResolver.load(tmp_path)
    for text, concept in (
        ("A baked cookie", "CookieUse"),
        ("A cookie baked", "Cookie"),
        ("A cookie, fresh", "CookieRefusal"),
        ("A fresh cookie", "Cookie"),
        ("Baked by the long river at the foot of the hill, a cookie", "Cookie"),
    ):
        clause = Clause("c1", None, "paragraph", None, None, 0, len(text), 0, language="en")
        assert [mention.concept for mention in resolver.resolve(text, clause, (), matches(text, "en"))] == [concept]


def test_a_longer_term_may_mean_what_the_form_in_it_does() -> None:
    for text, concept in (
        ("本人は、手数料を払って情報の開示を求めることができます。", "DisclosureRequest"),
        ("決算など株主や投資家に向けた情報の開示を行います。", "InvestorDisclosure"),
    ):
        assert concept in [mention.concept for mention in mentions(text, "ja")], text


def test_offsets_count_from_the_start_of_the_text() -> None:
    text = "前の行\n㈱海山は個人情報を取得します。"
    tokens = TOKENIZER.tokens(text, 4, len(text), "ja")
    found = MATCHER.matches(text, 4, len(text), "ja", tokens)
    assert "個人情報" in [text[match.start : match.end] for match in found]
    clause = Clause("c1", None, "paragraph", None, None, 4, len(text), 4, language="ja")
    assert [(m.start, m.end) for m in RESOLVER.resolve(text, clause, (), found)] == [(m.start, m.end) for m in found]


def test_an_unknown_language_has_no_matches() -> None:
    text = "個人情報"
    assert MATCHER.matches(text, 0, 4, "und", TOKENIZER.tokens(text, 0, 4, "und")) == ()


texts = st.one_of(st.text(), st.text("個人情報を第三者に提供開示訂正削除請求、。㈱ｶﾞa ", max_size=80))
WORDS = (
    "request",
    "disclose",
    "correct",
    "delete",
    "the",
    "a",
    "third",
    "party",
    "data",
    "provide",
    "to",
    ".",
    "US",
    "us",
)
english = st.lists(st.sampled_from(WORDS))


@settings(max_examples=150, deadline=None)
@given(st.one_of(texts, english.map(" ".join)), st.sampled_from(("ja", "en", "und")))
def test_any_text_gives_sound_mentions(text: str, language: str) -> None:
    for mention in mentions(text, language, text[:20]):
        assert 0 <= mention.start < mention.end <= len(text)
        assert 0 < mention.score <= 1
        assert mention.concept in GLOSSARY.ontology


@pytest.mark.slow
@pytest.mark.parametrize(
    ("unit", "language"),
    [
        ("個人情報を第三者に提供", "ja"),
        ("開示、訂正の請求", "ja"),
        ("、又は", "ja"),
        ("provide data to a third party disclosure ", "en"),
        ("third a ", "en"),
        ("the ", "en"),
        ("correct, add or ", "en"),
    ],
)
def test_long_clauses_take_linear_time(unit: str, language: str) -> None:
    text = unit * (30_000 // len(unit))
    began = time.process_time()
    mentions(text, language)
    assert time.process_time() - began < 5


def test_terms_hardly_slow_the_matcher_down() -> None:
    few = Glossary(
        GLOSSARY.ontology, GLOSSARY.terms[::10], GLOSSARY.patterns, GLOSSARY.coordination, GLOSSARY.lemmas, "test"
    )
    text = "当社は、取得した会員の氏名及び住所を、配送の委託のために利用します。" * 60
    tokens = TOKENIZER.tokens(text, 0, len(text), "ja")
    times: list[float] = []
    for matcher in (Matcher(few, TOKENIZER), MATCHER):
        runs = []
        for _ in range(7):
            began = time.process_time()
            matcher.matches(text, 0, len(text), "ja", tokens)
            runs.append(time.process_time() - began)
        times.append(min(runs))
    assert times[1] < times[0] * 6  # ten times the terms


def test_all_pattern_and_enumeration_concepts_can_be_found() -> None:
    """Each pattern finds itself when its own words are said with one word between."""
    for pattern in GLOSSARY.patterns:
        joint = "" if pattern.language == "ja" else " "
        first = [joint.join(slot.split("|")[0] for slot in part.split()) for part in pattern.text.split("…")]
        text = ("は" if pattern.language == "ja" else " such ").join(first)
        terms = [term for match in matches(text, pattern.language) for term in match.terms]
        above = {concept for term in terms for concept in (term.concept, *GLOSSARY.ontology.ancestors(term.concept))}
        assert pattern.concept in above, (pattern, text, terms)


def test_match_names_its_entry() -> None:
    assert Match(0, 3, (Term("ThirdParty", "ja", "第三者", "preferred"),)).terms[0].entry == "ja:第三者"
