"""The public shapes: what a record says of its clauses, and that it goes into JSON and back unchanged."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from normalizer import Analysis, Clause, Document, Fact, Link, Mention
from normalizer.lines import json_lines
from normalizer.model import Block, Exception_, Label, Statement
from normalizer.records import SCHEMA, ClauseLine, Record, clause_lines, records

TEXT = {"ja": "提供\n(1) 当社は提供しません\n(2) 委託します", "en": "Provision\nWe do not provide."}
PROVENANCE = {"normalizer": "0"}


def _mention(text: str, words: str, concept: str) -> Mention:
    start = text.index(words)
    return Mention(start, start + len(words), concept, f"ja:{words}", 0.123456)


@pytest.fixture
def ja() -> Analysis:
    text = TEXT["ja"]
    statement = Statement(
        "Provision", "denied", "does", recipient="ThirdParty", exceptions=(Exception_(3, 6, ("Law",)),)
    )
    first = Clause(
        *("c2", "c1", "item", "(1)", Label("item", (1,), "paren-digit"), 3, 16, 7),
        language="ja",
        category="third_party_provision",
        mentions=(_mention(text, "当社", "ControllerSelf"), _mention(text, "提供し", "Provision")),
        facts=(Fact("date", 3, 6, "2024-01-01"),),
        statement=statement,
        notes=("a note",),
    )
    clauses = (
        Clause("c1", None, "heading", None, None, 0, 2, 0, language="ja"),
        first,
        Clause(
            "c3",
            "c1",
            "item",
            "(2)",
            Label("item", (2,), "paren-digit"),
            17,
            26,
            21,
            language="ja",
            category="entrustment",
        ),
    )
    return Analysis(Document("shop.ja.txt", text, (Block(0, 2),), "text", "utf-8", "00"), "ja", clauses)


@pytest.fixture
def en() -> Analysis:
    text = TEXT["en"]
    clauses = (
        Clause("c1", None, "heading", None, None, 0, 9, 0, language="en"),
        Clause(
            *("c2", "c1", "paragraph", None, None, 10, 28, 10),
            language="en",
            mentions=(_mention(text, "We", "ControllerSelf"), _mention(text, "provide", "Provision")),
        ),
    )
    return Analysis(Document("shop.en.txt", text, (Block(0, 9),), "text", "utf-8", "11"), "en", clauses)


def test_a_record_joins_the_clauses_of_a_link(ja: Analysis, en: Analysis) -> None:
    (record,) = records("shop", [Link((1, 2), (1,), 0.87654321, (("text", 0.5),))], ja, en, PROVENANCE)
    assert (record.schema_, record.id, record.policy, record.position) == (SCHEMA, "shop#0001", "shop", 1)
    assert record.ja is not None
    assert record.en is not None
    assert record.ja.text == "(1) 当社は提供しません\n(2) 委託します"
    assert [(c.id, c.number, c.heading) for c in record.ja.clauses] == [("c2", "(1)", "提供"), ("c3", "(2)", "提供")]
    assert (record.en.document, record.en.origin) == ("shop.en.txt", "source")
    assert record.link.model_dump() == {"kind": "2-1", "score": 0.8765, "origin": "aligned", "evidence": {"text": 0.5}}


def test_the_concepts_are_those_of_both_sides_and_the_category_the_first_telling_one(
    ja: Analysis, en: Analysis
) -> None:
    both, only = records("shop", [Link((0, 1), (1,), 1.0), Link((1,), (), 1.0)], ja, en, PROVENANCE)
    assert both.concepts == only.concepts == ("ControllerSelf", "Provision")
    assert both.category == "third_party_provision"


def test_a_clause_without_a_counterpart_is_an_honest_empty_side(ja: Analysis, en: Analysis) -> None:
    left, right = records("shop", [Link((1,), (), 1.0), Link((), (0,), 1.0)], ja, en, PROVENANCE)
    assert (left.en, left.link.origin, left.link.kind) == (None, "none", "1-0")
    assert (right.ja, right.link.origin, right.link.kind) == (None, "none", "0-1")
    assert right.position == 2


def test_a_policy_with_one_side(ja: Analysis) -> None:
    found = records("shop", [Link((i,), (), 1.0) for i in range(3)], ja, None, PROVENANCE)
    assert [record.en for record in found] == [None] * 3
    assert [record.category for record in found] == ["other", "third_party_provision", "entrustment"]


def test_a_record_survives_json(ja: Analysis, en: Analysis) -> None:
    (record,) = records("shop", [Link((1,), (1,), 0.5)], ja, en, PROVENANCE)
    line = record.model_dump_json(by_alias=True)
    assert Record.model_validate_json(line) == record
    assert list(json.loads(line))[:3] == ["schema", "id", "policy"]
    assert "\n" not in line


def test_a_clause_line_says_all_of_a_clause(ja: Analysis) -> None:
    line = clause_lines(ja)[1]
    assert (line.id, line.parent, line.label, line.number) == ("c2", "c1", "item 1", "(1)")
    assert line.text == "(1) 当社は提供しません"
    assert [(m.text, m.score) for m in line.mentions] == [("当社", 0.1235), ("提供し", 0.1235)]
    assert [(f.kind, f.text, f.value) for f in line.facts] == [("date", "(1)", "2024-01-01")]
    assert line.statement is not None
    assert (line.statement.polarity, line.statement.exceptions[0].concepts) == ("denied", ("Law",))
    assert line.notes == ("a note",)
    assert ClauseLine.model_validate_json(line.model_dump_json()) == line


def test_the_lines_of_json_are_those_of_the_shape(ja: Analysis, en: Analysis) -> None:
    for analysis in (ja, en):
        assert list(json_lines(analysis)) == [line.model_dump_json().encode() for line in clause_lines(analysis)]


def test_shapes_are_frozen_and_know_their_fields(ja: Analysis) -> None:
    line = clause_lines(ja)[0]
    with pytest.raises(ValidationError, match="frozen"):
        line.text = "x"
    with pytest.raises(ValidationError, match="extra"):
        ClauseLine.model_validate(line.model_dump() | {"more": 1})
    with pytest.raises(ValidationError, match="kind"):
        ClauseLine.model_validate(line.model_dump() | {"kind": "chapter"})
