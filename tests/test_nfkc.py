"""NFKC keeps its promise: the standard's text, and spans that lead back to the words."""

from __future__ import annotations

import sys
import time
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer import nfkc
from normalizer.nfkc import normalize, unwrapped

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

CASES = Path(__file__).parent / "cases" / "nfkc.tsv"
TRICKY = (
    "ｶﾞﾊﾟか゛か\u3099ハ\u309a\u1100\u1161\u11a8가ｱ①㈱㍻ﬁé\u0301\u0323\u0344Åﷺ　Ａ１ a。\U00016d63\U00016d67\u0958\u0f73"
)


def rows() -> list[ParameterSet]:
    lines = enumerate(CASES.read_text(encoding="utf-8").splitlines(), 1)
    return [pytest.param(*line.split("\t"), id=f"{CASES.name}:{n}") for n, line in lines if not line.startswith("#")]


@pytest.mark.parametrize(("text", "part", "words"), rows())
def test_span_leads_back(text: str, part: str, words: str) -> None:
    form = normalize(text)
    at = form.text.index(part)
    start, end = form.source_span(at, at + len(part))
    assert text[start:end] == words


texts = st.one_of(st.text(), st.text(TRICKY, max_size=40), st.text(st.characters(), max_size=12))


@given(texts)
def test_text_is_what_unicode_says(text: str) -> None:
    assert normalize(text).text == unicodedata.normalize("NFKC", text)


@given(texts, st.data())
def test_every_span_maps_to_words_that_give_it(text: str, data: st.DataObject) -> None:
    form = normalize(text)
    if not form.text:
        return
    start = data.draw(st.integers(0, len(form.text) - 1))
    end = data.draw(st.integers(start + 1, len(form.text)))
    left, right = form.source_span(start, end)
    assert 0 <= left < right <= len(text)
    assert form.text[start:end] in unicodedata.normalize("NFKC", text[left:right])


@given(texts)
def test_whole_maps_to_whole(text: str) -> None:
    form = normalize(text)
    assert form.source_span(0, len(form.text)) == (0, len(text))


@given(texts)
def test_spans_keep_their_order(text: str) -> None:
    form = normalize(text)
    spans = [form.source_span(i, i + 1) for i in range(len(form.text))]
    assert spans == sorted(spans)
    assert all(form.source_span(i, i)[0] == span[0] for i, span in enumerate(spans))


def test_every_second_half_of_a_composition_joins() -> None:
    """The table of late joiners is complete for this Python's Unicode version."""
    for code in range(sys.maxunicode + 1):
        parts = unicodedata.decomposition(chr(code)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            assert nfkc._joins(chr(int(parts[1], 16))), parts


def test_a_long_run_of_marks_is_linear() -> None:
    began = time.process_time()
    normalize("a" + "\u0301\u0323" * 100_000)
    assert time.process_time() - began < 2


def test_empty_span() -> None:
    assert normalize("①あ").source_span(1, 1) == (1, 1)


def test_common_characters_become_one_each() -> None:
    common = [char for char in map(chr, range(sys.maxunicode + 1)) if nfkc._ONE_FOR_ONE.fullmatch(char)]
    forms = [unicodedata.normalize("NFKC", char) for char in common]
    assert len(common) > 20_000
    assert {len(form) for form in forms} == {1}
    assert not [form for form in (*common, *forms) if nfkc._joins(form)]


@pytest.mark.parametrize(
    ("text", "part", "words"),
    [
        ("個人情\n報を", "個人情報", "個人情\n報"),
        ("第三者に\r\n　　提供する", "第三者に提供", "第三者に\r\n　　提供"),
        ("㈱個人\n情報", "個人情報", "個人\n情報"),
        ("personal\ndata", "personal\ndata", "personal\ndata"),
        ("Cookie\nを使う", "Cookie\nを", "Cookie\nを"),
    ],
)
def test_a_line_of_japanese_that_was_wrapped_is_one(text: str, part: str, words: str) -> None:
    form = unwrapped(text)
    at = form.text.index(part)
    start, end = form.source_span(at, at + len(part))
    assert text[start:end] == words


@given(texts)
def test_unwrapped_takes_only_line_breaks_away(text: str) -> None:
    form = unwrapped(text)
    assert [c for c in form.text if not c.isspace()] == [c for c in normalize(text).text if not c.isspace()]
    assert all(0 <= form.source_span(at, at + 1)[0] < len(text) for at in range(len(form.text)))
