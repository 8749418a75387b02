"""The learned weights of categories, and the fragments that they come from (corpus/categories/*.tsv)."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import train_categories as training
from conftest import rows
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.errors import GlossaryError
from normalizer.glossary import glossary_folder
from normalizer.interpret.categories import Categorizer
from normalizer.interpret.features import Ruled, folded, pieces
from normalizer.interpret.learned import Learned
from normalizer.model import Clause

if TYPE_CHECKING:
    from normalizer import Normalizer


@pytest.fixture(scope="module")
def categorizer(normalizer: Normalizer) -> Categorizer:
    return Categorizer.load(glossary_folder(), normalizer.glossary.ontology)


@pytest.fixture(scope="module")
def held_out() -> list[training.Sample]:
    texts = [text for language in ("ja", "en") for text in training.fragments(language)]
    return training.samples(text for text in texts if text.source == "held-out")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_fragments_are_many_and_every_line_has_a_known_category(language: str, categorizer: Categorizer) -> None:
    texts = list(training.fragments(language))
    parts = Counter(text.source for text in texts)
    assert set(parts) == {"train", "held-out"}
    assert sum(len(text.gold) for text in texts) > 600
    assert {name for text in texts for found in text.gold.values() for name in found} <= set(categorizer.order)
    assert all(len(set(found)) == len(found) for text in texts for found in text.gold.values())


def test_nearly_every_line_of_the_fragments_is_a_clause(held_out: list[training.Sample]) -> None:
    lines = sum(len(sample.source.gold) for sample in held_out)
    assert sum(sum(map(bool, sample.gold)) for sample in held_out) >= 0.995 * lines


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_what_is_learned_without_them_finds_more_than_the_rules_in_texts_held_out(
    held_out: list[training.Sample], categorizer: Categorizer, tmp_path: Path
) -> None:
    texts = [text for language in ("ja", "en") for text in training.fragments(language)]
    others = training.samples(text for text in texts if text.source != "held-out")
    learned = training.compiled(training.train(others, categorizer.order), categorizer.order, tmp_path)
    counts: Counter[tuple[str, str, str]] = Counter()
    training.figures(held_out, learned, counts)
    for language in ("ja", "en"):
        found = {kind: counts["held-out", language, kind] for kind in ("clauses", "rules", "learned")}
        assert found["learned"] > found["rules"] + 0.04 * found["clauses"]
        assert found["learned"] > 0.7 * found["clauses"]


def test_what_decided_is_kept(held_out: list[training.Sample], categorizer: Categorizer) -> None:
    assert categorizer.learned
    changed = 0
    for sample in held_out:
        before = sample.ruled.clauses
        for old, new in zip(before, categorizer.learned.decide(sample.ruled), strict=True):
            assert new.category not in new.also
            assert new.category not in dict(new.rivals)
            assert (new.category == old.category) == (new.category_evidence == old.category_evidence)
            if new.category != old.category:
                changed += 1
                given = [words for words in new.category_evidence if words != "handed down"]
                assert given
                assert all(words.startswith(f"{new.category}: ") for words in given)
    assert changed > 50


def test_training_gives_the_same_bytes_again(held_out: list[training.Sample], categorizer: Categorizer) -> None:
    once, again = (training.table(training.train(held_out[:4], categorizer.order), categorizer.order) for _ in "ab")
    assert once == again
    assert once.count("\n") > 500


def test_pieces_are_what_the_look_up_finds(categorizer: Categorizer) -> None:
    """Training cuts the text into pieces, reading looks pieces up in it: both must see the same."""
    assert categorizer.learned
    for language, text in (("en", "We keep it: for 5 years—no longer."), ("ja", "退会後、5年間保存します。（控えも）")):
        clause = Clause("c1", None, "paragraph", None, None, 0, len(text), 0, language=language)
        cut = {f"{language} {piece}" for piece in pieces(folded(text, clause), language)}
        known = {name for name in cut if name in categorizer.learned.rows.lines}
        assert known == set(categorizer.learned._said(text, clause))
        assert known


def test_furniture_and_other_languages_are_left_alone(categorizer: Categorizer) -> None:
    assert categorizer.learned
    text = "Send feedback 第三者提供"
    furniture = Clause("c1", None, "furniture", None, None, 0, 13, 0, language="en", category="boilerplate")
    unknown = Clause("c2", None, "paragraph", None, None, 14, 19, 14, language="und")
    ruled = Ruled(text, (furniture, unknown), (None, None), ({}, {}), ({}, {}))
    assert categorizer.learned.decide(ruled) == (furniture, unknown)


def test_a_folder_without_the_table_is_decided_by_the_rules_alone(tmp_path: Path, normalizer: Normalizer) -> None:
    folder = _tables(tmp_path)
    (folder / "category_model.csv").unlink()
    assert Categorizer.load(folder, normalizer.glossary.ontology).learned is None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("feature,policy_statement", "feature,policy_statment", "category_model.csv:1: .*policy_statment"),
        ("feature,policy_statement", "feature", "category_model.csv:1: .*no column .*policy_statement"),
        ("\nunder: retention,", "\nunder: retention,1,", "category_model.csv:.*36 whole numbers"),
        ("\nunder: retention,", "\nunder: retention,x", "category_model.csv:.*36 whole numbers"),
        ("\nunder: retention,", "\nunder: retention,-", "category_model.csv:.*36 whole numbers"),
    ],
)
def test_a_broken_table_is_told(tmp_path: Path, normalizer: Normalizer, old: str, new: str, told: str) -> None:
    path = _tables(tmp_path) / "category_model.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(GlossaryError, match=told):
        Categorizer.load(path.parent, normalizer.glossary.ontology)


def _tables(folder: Path) -> Path:
    return Path(shutil.copytree(glossary_folder(), folder / "tables"))


@pytest.mark.parametrize(("language", "text", "category"), rows("interpret/hard_categories.tsv", 3))
def test_bad_input_is_read_as_far_as_it_can_be(normalizer: Normalizer, language: str, text: str, category: str) -> None:
    clause = normalizer.analyze(f"{text}\n").clauses[0]
    assert (clause.language, clause.category) == (language, category), clause.category_evidence


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.sampled_from(("ja", "en")), st.sampled_from(("heading", "paragraph", "item")))
def test_any_text_has_a_category(categorizer: Categorizer, text: str, language: str, kind: str) -> None:
    clause = Clause("c1", None, kind, None, None, 0, len(text), 0, language=language)  # type: ignore[arg-type]
    below = replace(clause, id="c2", parent="c1")
    found = categorizer.categorize(text, (clause, below))
    assert all(c.category in categorizer.order for c in found)
    assert found == categorizer.categorize(text, (clause, below))
    assert isinstance(categorizer.learned, Learned)
