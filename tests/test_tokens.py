"""Tokens point at their words, whatever the text; nothing of MeCab's memory survives a call."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.glossary import Glossary
from normalizer.tokens import Tokenizer

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

CASES = Path(__file__).parent / "cases" / "tokens.tsv"
NEW = partial(Tokenizer, Glossary.load().lemmas)
TOKENIZER = NEW()


def rows() -> list[ParameterSet]:
    lines = enumerate(CASES.read_text(encoding="utf-8").splitlines(), 1)
    cells = [(number, [*line.split("\t"), "", ""][:4]) for number, line in lines if not line.startswith("#")]
    return [pytest.param(*row, id=f"{CASES.name}:{number}") for number, row in cells]


@pytest.mark.parametrize(("language", "text", "surfaces", "lemmas"), rows())
def test_tokens(language: str, text: str, surfaces: str, lemmas: str) -> None:
    tokens = TOKENIZER.tokens(text, 0, len(text), language)
    assert "|".join(token.surface for token in tokens) == surfaces
    assert "|".join(token.lemma for token in tokens) == lemmas


texts = st.one_of(st.text(), st.text("個人情報のｶﾞ㈱①　 \n\r\x00\x1e\x1f\x7f\ud800\u200b\ufeffAb's’-。、", max_size=60))


@settings(max_examples=300)
@given(texts, texts, st.sampled_from(("ja", "en")))
def test_any_text_gives_ordered_spans_of_it(before: str, text: str, language: str) -> None:
    whole = before + text + before
    last = start = len(before)
    for token in TOKENIZER.tokens(whole, start, start + len(text), language):
        assert last <= token.start < token.end <= start + len(text)
        assert whole[token.start : token.end] == token.surface
        assert token.lemma
        last = token.end


def test_a_call_leaves_earlier_tokens_alone() -> None:
    first = TOKENIZER.tokens("第三者に提供しません", 0, 10, "ja")
    copy = [(token.surface, token.lemma, token.pos) for token in first]
    for text in ("本人の同意を得ます", "漏えいを防止する", "a" * 500):
        TOKENIZER.tokens(text, 0, len(text), "ja")
    assert [(token.surface, token.lemma, token.pos) for token in first] == copy


def test_what_follows_a_nul_is_read() -> None:
    assert TOKENIZER.tokens("個人\x00情報", 0, 5, "ja")[-1].surface == "情報"


@pytest.mark.parametrize("text", [" " * 70_000 + "個人", "\u3000" * 70_000 + "個人", "個人" + "\n" * 100_000 + "個人"])
def test_long_white_space(text: str) -> None:
    assert TOKENIZER.tokens(text, 0, len(text), "ja")[-1].surface == "個人"


@pytest.mark.parametrize(
    ("unit", "language"), [("個人情報", "ja"), ("ア", "ja"), ("a", "en"), ("don't-", "en"), ("a'", "en")]
)
def test_long_text_is_read_in_linear_time(unit: str, language: str) -> None:
    text = unit * (200_000 // len(unit))
    began = time.process_time()
    tokens = TOKENIZER.tokens(text, 0, len(text), language)
    assert time.process_time() - began < 5
    assert tokens[-1].end > len(text) - 10


def test_a_cut_falls_between_sentences() -> None:
    sentence = "当社は、個人情報を第三者に提供しません。"
    tokens = TOKENIZER.tokens(sentence * 300, 0, len(sentence) * 300, "ja")
    assert len(tokens) == 300 * len(TOKENIZER.tokens(sentence, 0, len(sentence), "ja"))


def test_quoted_features_are_read_as_one_field() -> None:
    (token,) = TOKENIZER.tokens("を", 0, 1, "ja")  # its features end in a quoted list with commas
    assert (token.lemma, token.pos) == ("を", "助詞")


words = st.text("個人情報提供利用目的第三者開示請求法取扱いのをはにがする行う者等。ｶｱCookie ", max_size=12)


@given(st.lists(words, max_size=8))
def test_a_word_that_has_been_met_is_read_as_if_it_was_new(texts: list[str]) -> None:
    """Tokens are known by surface, contexts and cost: these must tell one entry of the dictionary from another."""
    for text in texts:
        assert TOKENIZER.tokens(text, 0, len(text), "ja") == NEW().tokens(text, 0, len(text), "ja")
