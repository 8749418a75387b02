"""The marked policies of corpus/annotated/ and corpus/categories/both/: marks name what exists, rows are clauses."""

from __future__ import annotations

import csv
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

import annotated
import pytest

from normalizer.glossary import glossary_folder

if TYPE_CHECKING:
    from pathlib import Path

    from normalizer import Normalizer

DOCUMENTS = list(annotated.marked())
NAMES = [f"{document.name}.{document.language}" for document in DOCUMENTS]


def test_there_are_many_of_both_parts_and_their_sides_correspond() -> None:
    assert Counter(document.part for document in annotated.read()) == {"train": 56, "held-out": 56}
    assert Counter(document.part for document in annotated.read(annotated.USUAL)) == {"train": 738, "held-out": 152}
    assert len({document.name for document in DOCUMENTS}) == 501
    assert all(len(ja.rows) == len(en.rows) for ja, en in annotated.sides())
    assert all(
        (ja.name, ja.part, ja.language, en.language) == (en.name, en.part, "ja", "en") for ja, en in annotated.sides()
    )


@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_marks_name_concepts_and_categories_that_exist(document: annotated.Annotated, normalizer: Normalizer) -> None:
    concepts = {concept.id for concept in normalizer.glossary.ontology}
    with (glossary_folder() / "categories.csv").open(encoding="utf-8", newline="") as table:
        categories = {row["id"] for row in csv.DictReader(table)}
    assert {concept for _, _, concept in document.terms} <= concepts
    assert {name for found in document.lines.values() for name in found} <= categories
    assert all(document.text[start:end].strip() == document.text[start:end] for start, end, _ in document.terms)
    assert all(before[1] <= after[0] for before, after in pairwise(document.terms))
    assert "[[" not in document.text
    assert "]]" not in document.text


def test_a_mark_is_read_as_it_stands(tmp_path: Path) -> None:
    table = (
        "document\tpart\tcategory\talso\tja\ten\na\ttrain\tother\tretention\t[[氏名|Name]]です。\tA [[name|Name]].\n"
    )
    (tmp_path / "a.tsv").write_text(table + "a\ttrain\t\t\t\t\n\t\t\t\t\t\n", encoding="utf-8")
    ja, en = annotated.read(tmp_path)
    assert (ja.text, en.text) == ("氏名です。\n\n\n", "A name.\n\n\n")
    assert (ja.terms, en.terms) == ([(0, 2, "Name")], [(2, 6, "Name")])
    assert ja.lines == {(0, 5): ("other", "retention")}
    assert en.rows == [(0, 7), None, None]


def test_a_row_is_a_clause(normalizer: Normalizer) -> None:
    """C1 of the annotation guide; the one row that holds a list is three more."""
    apart = []
    for document in annotated.read():
        if document.part == "train" and document.language == "ja":
            clauses = normalizer.analyze(document.text).clauses
            spans = {(clause.start, clause.end) for clause in clauses}
            apart += [document.text[start:end] for start, end in document.lines if (start, end) not in spans]
    assert len(apart) == 1
    assert "①" in apart[0]
