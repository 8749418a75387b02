"""Terms after translation: what is replaced, what is told, and that nothing around it breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conftest import rows

from normalizer.model import Mention
from normalizer.translate.terms import Terms

if TYPE_CHECKING:
    from normalizer import Normalizer


@pytest.fixture(scope="module")
def terms(normalizer: Normalizer) -> Terms:
    return Terms.of(normalizer.glossary, normalizer.folder)


@pytest.mark.parametrize(("language", "text", "words", "concept", "expected", "note"), rows("translate/terms.tsv", 6))
def test_a_term_is_settled(
    language: str, text: str, words: str, concept: str, expected: str, note: str, terms: Terms
) -> None:
    start = text.index(words)
    mention = Mention(start, start + len(words), concept, f"{language}:{words.casefold()}", 1.0)
    settled, notes = terms.settle(text, [mention], [(concept, "源", 1.0)], language)
    assert settled == expected
    assert notes == () if note == "–" else any(note in said for said in notes), notes


def test_a_missing_term_is_told(terms: Terms) -> None:
    settled, notes = terms.settle("We do this.", [], [("Entrustment", "委託", 1.0), ("Fee", "手数料", 0.2)], "en")
    assert (settled, notes) == ("We do this.", ("terms not found in the translation: 'entrustment' (委託)",))
