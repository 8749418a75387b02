"""The concepts of linked lines as the records have them: the same on both sides, recall, precision, senses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from normalizer.score import score

if TYPE_CHECKING:
    from pathlib import Path

TEXT = {"ja": "同意\n開示\n余白\n", "en": "consent\ndisclosure\nmargin\n"}
Named = list[tuple[int, str]]  # line, concept


def _rows(side: str, named: Named) -> list[dict[str, Any]]:
    width = [0, *(sum(len(line) + 1 for line in TEXT[side].split("\n")[:n]) for n in (1, 2))]
    return [{"start": width[n], "end": width[n] + 2, "concept": concept, "quote": ""} for n, concept in named]


def _record(side: str, named: Named, origin: str = "source") -> dict[str, Any]:
    return {"origin": origin, "mentions": _rows(side, named), "clauses": []}


def _figures(folder: Path, ja: Named, en: Named, origin: str = "source") -> dict[str, float]:
    gold, found = folder / "gold", folder / "found"
    for path in (gold / "gold", found / "documents", found / "records"):
        path.mkdir(parents=True)
    links = {"links": [[[0], [0]], [[1], [1]], [[2], []]], "non_monotonic": 0}
    (gold / "p.gold.json").write_text(json.dumps(links), encoding="utf-8")
    for side in ("ja", "en"):
        terms = [term | {"confusable": term["start"] > 0} for term in _rows(side, [(0, "Consent"), (1, "Disclosure")])]
        document = {"clauses": [], "terms": terms, "facts": []}
        (gold / "gold" / f"p.{side}.json").write_text(json.dumps(document), encoding="utf-8")
    documents: list[dict[str, Any]] = [{"policy": "p", "side": s, "text": TEXT[s], "clauses": []} for s in ("ja", "en")]
    (found / "documents" / "a.jsonl").write_text("\n".join(map(json.dumps, documents)), encoding="utf-8")
    record = {"policy": "p", "ja": _record("ja", ja), "en": _record("en", en, origin), "differences": []}
    (found / "records" / "a.jsonl").write_text(json.dumps(record), encoding="utf-8")
    (found / "manifest.json").write_text('{"records": ["a.jsonl"], "documents": ["a.jsonl"]}', encoding="utf-8")
    return score(gold, found).figures()


BOTH = [(0, "Consent"), (1, "Disclosure")]


@pytest.mark.parametrize(
    ("ja", "en", "equal", "recall", "precision", "senses"),
    [
        pytest.param(BOTH, BOTH, 1, 1, 1, 1, id="all right"),
        pytest.param(BOTH, [(0, "Consent")], 0.5, 0.75, 1, 1, id="one overlooked"),
        pytest.param(BOTH, [*BOTH, (0, "Use")], 0.5, 1, 0.8, 1, id="one that is none"),
        pytest.param(BOTH, [(0, "Consent"), (1, "Provision")], 0.5, 0.75, 0.75, 0.5, id="another sense"),
        pytest.param([(0, "Use")], [(0, "Use")], 1, 0, 0, 1, id="equal and wrong"),
        pytest.param([*BOTH, (2, "Use")], BOTH, 1, 1, 0.8, 1, id="a line without counterpart"),
    ],
)
def test_figures(
    tmp_path: Path, ja: Named, en: Named, equal: float, recall: float, precision: float, senses: float
) -> None:
    figures = _figures(tmp_path, ja, en)
    assert (figures["concepts_equal"], figures["linked_mentions"]) == (equal, recall)
    assert (figures["linked_precision"], figures["linked_senses"]) == (precision, senses)


def test_a_side_that_was_filled_names_nothing(tmp_path: Path) -> None:
    figures = _figures(tmp_path, BOTH, BOTH, origin="memory")
    assert (figures["concepts_equal"], figures["linked_mentions"]) == (0, 0.5)
