"""The sentence pairs of tests/cases/concepts: whether they are in order, and that no fewer concepts are found."""

# ruff: noqa: E402 (the benchmarks are not part of the wheel, so their place must be made known first)

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

ROOT = Path(__file__).parents[1]
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))

from benchmarks.concept_sets import Tally, sentence_pairs

if TYPE_CHECKING:
    from normalizer import Normalizer

CASES = ROOT / "tests" / "cases" / "concepts"
FLOORS = {  # share of equal sets; recall and precision of the concepts, Japanese and English
    "tune": (0.48, (0.86, 0.83), (0.81, 0.76)),
    "test": (0.49, (0.85, 0.82), (0.82, 0.79)),
}


@pytest.mark.parametrize("half", FLOORS)
def test_rows_are_whole_and_their_concepts_exist(half: str, normalizer: Normalizer) -> None:
    with (CASES / f"{half}.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len({row["ja"] for row in rows}) == len(rows) >= 140
    for row in rows:
        assert all(row[name] for name in ("heading_ja", "heading_en", "ja", "en")), row
        assert all(
            name.removeprefix("ja:").removeprefix("en:") in normalizer.glossary.ontology
            for name in row["concepts"].split()
        ), row


@pytest.mark.parametrize("half", FLOORS)
def test_no_fewer_concepts_are_found(half: str, normalizer: Normalizer) -> None:
    tally = Tally(normalizer.glossary.ontology)
    for pair in sentence_pairs(CASES / f"{half}.tsv", normalizer):
        tally.add(pair)
    equal, *sides = FLOORS[half]
    assert tally.equal / tally.pairs >= equal
    for side, (recall, precision) in zip(("ja", "en"), sides, strict=True):
        assert tally.hits[f"{side} hit"] / tally.hits[f"{side} expected"] >= recall, side
        assert tally.hits[f"{side} hit"] / tally.hits[f"{side} found"] >= precision, side
