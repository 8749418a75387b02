"""Languages of documents (files under cases/language/) and of clauses (clauses.tsv there)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from conftest import CASES, CORPUS, rows
from hypothesis import given
from hypothesis import strategies as st

from normalizer.errors import LanguageError
from normalizer.language import clause_language, document_language

if TYPE_CHECKING:
    from pathlib import Path

# A file `fr-shop.txt` holds a text in French; the part of the name before the first hyphen is the language code.
DOCUMENTS = sorted((CASES / "language").glob("*.txt"))
READ = [path for path in DOCUMENTS if path.name.startswith(("ja-", "en-"))]
REFUSED = [path for path in DOCUMENTS if path not in READ]


def _code(path: Path) -> str:
    return path.name.split("-")[0]


@pytest.mark.parametrize(("text", "document", "expected"), rows("language/clauses.tsv", 3))
def test_clause(text: str, document: str, expected: str) -> None:
    assert clause_language(text, document) == expected


@pytest.mark.parametrize("path", READ, ids=lambda path: path.name)
def test_document_that_is_read(path: Path) -> None:
    assert document_language(path.read_text(encoding="utf-8"), path.name) == _code(path)


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path.name)
def test_document_in_another_language_is_refused_with_its_name(path: Path) -> None:
    with pytest.raises(LanguageError, match=re.escape(path.name)) as caught:
        document_language(path.read_text(encoding="utf-8"), path.name)
    assert f"{_code(path)!r}" in str(caught.value)
    assert "Japanese ('ja') and English ('en')" in str(caught.value)


@pytest.mark.parametrize("code", ["fr", "de", "es", "it", "pt", "vi", "zh", "ko", "ru"])
def test_there_is_a_document_of_each_neighbour(code: str) -> None:
    assert any(_code(path) == code for path in REFUSED)


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.??.txt")), ids=lambda path: path.name)
def test_corpus(path: Path) -> None:
    assert document_language(path.read_text(encoding="utf-8"), path.name) == path.suffixes[-2][1:]


@pytest.mark.parametrize("text", ["", "   ", "123 456", "…… ！！", "👍👍👍", "\0\0"])
def test_a_text_without_letters_has_no_language(text: str) -> None:
    with pytest.raises(LanguageError, match="'unknown'"):
        document_language(text)


@pytest.mark.parametrize("text", ["Privacy", "Minato Goods", "Cookie Policy", "FAQ"])
def test_a_few_latin_words_are_taken_for_english(text: str) -> None:
    assert document_language(text) == "en"


@given(st.text(max_size=300))
def test_clause_is_always_of_one_of_the_two(text: str) -> None:
    assert clause_language(text, "ja") in ("ja", "en")
    assert clause_language(text, "en") in ("ja", "en")


@given(st.text("あいう漢字利用目的ABCabc de la 한국 ёж 。.\n", max_size=200))
def test_document_is_one_of_the_two_or_an_error_and_always_the_same(text: str) -> None:
    def outcome() -> str:
        try:
            return document_language(text)
        except LanguageError as error:
            return str(error)

    assert outcome() == outcome()
