"""Sentences: the cases of cases/sentences/, and that nothing is lost or doubled on any text."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.glossary import glossary_folder
from normalizer.sentences import sentences

CASES = Path(__file__).parent / "cases" / "sentences" / "sentences.tsv"
ROWS = [
    pytest.param(*line.split("\t"), id=f"{CASES.name}:{number}")
    for number, line in enumerate(CASES.read_text(encoding="utf-8").splitlines(), start=1)
    if number > 1
]


@pytest.mark.parametrize(("language", "marked"), ROWS)
def test_sentences(language: str, marked: str) -> None:
    marked = marked.replace("↵", "\n")
    text = marked.replace("▁", "")
    found = [text[a:b] for a, b in sentences(text, 0, len(text), language, glossary_folder())]
    assert found == [part.strip() for part in marked.split("▁")]


@given(st.text(alphabet="あ漢aA.。！? 「」（）()\n\"'12", max_size=80), st.sampled_from(["ja", "en"]))
def test_sentences_cover_the_text_once(text: str, language: str) -> None:
    spans = sentences(text, 0, len(text), language, glossary_folder())
    assert all(a < b for a, b in spans)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))
    covered = [char for a, b in spans for char in text[a:b] if not char.isspace()]
    assert covered == [char for char in text if not char.isspace()]


def test_offsets_are_those_of_the_whole_text() -> None:
    text = "前置き。第一文です。第二文です。"
    assert [text[a:b] for a, b in sentences(text, 4, len(text), "ja", glossary_folder())] == [
        "第一文です。",
        "第二文です。",
    ]


def test_what_a_run_of_stops_and_of_empty_lines_parts_is_parted_once() -> None:
    text = "A。。！」 \n \n\nB:\n\n c"
    assert [text[a:b] for a, b in sentences(text, 0, len(text), "en", glossary_folder())] == ["A。。！」", "B:\n\n c"]
