"""An analysis → the lines of `normalizer analyze`: dicts in the public shape of `records.ClauseLine`, and their JSON.

The dicts are written by hand and say what the shape says, in its order; the tests hold the two together. A million
policies are not validated against a shape that this library itself fills.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from normalizer.model import Analysis, Clause, Statement

Row = dict[str, Any]


def json_lines(analysis: Analysis) -> Iterator[bytes]:
    """The clauses of an analysis as JSON, in reading order: each as `ClauseLine.model_dump_json` writes it."""
    return map(to_json, clause_rows(analysis))


def clause_rows(analysis: Analysis) -> list[Row]:
    """The clauses of an analysis in their public shape, in reading order."""
    text = analysis.document.text
    return [_clause(text, clause) for clause in analysis.clauses]


def _clause(text: str, clause: Clause) -> Row:
    return {
        "id": clause.id,
        "parent": clause.parent,
        "kind": clause.kind,
        "number": clause.number,
        "label": str(clause.label) if clause.label else None,
        "start": clause.start,
        "end": clause.end,
        "text": text[clause.start : clause.end],
        "language": clause.language,
        "category": clause.category,
        "also": clause.also,
        "mentions": mentions(text, clause),
        "facts": facts(text, clause),
        "statement": statement(clause.statement) if clause.statement else None,
        "definitions": [{"start": d.start, "end": d.end, "name": d.name} for d in clause.definitions],
        "references": [
            {"start": r.start, "end": r.end, "text": text[r.start : r.end], "target": r.target}
            for r in clause.references
        ],
        "notes": clause.notes,
    }


def mentions(text: str, clause: Clause) -> list[Row]:
    """The clause's mentions as `records.MentionShape` has them."""
    return [
        {
            "start": m.start,
            "end": m.end,
            "text": text[m.start : m.end],
            "concept": m.concept,
            "term": m.term,
            "score": 1.0 if m.score == 1.0 else round(m.score, 4),  # most are; to round takes a microsecond
        }
        for m in clause.mentions
    ]


def facts(text: str, clause: Clause) -> list[Row]:
    """The clause's facts as `records.FactShape` has them."""
    return [
        {"kind": f.kind, "start": f.start, "end": f.end, "text": text[f.start : f.end], "value": f.value}
        for f in clause.facts
    ]


def statement(said: Statement) -> Row:
    """A statement as `records.StatementShape` has it."""
    return {
        "action": said.action,
        "actor": said.actor,
        "data": said.data,
        "purpose": said.purpose,
        "recipient": said.recipient,
        "polarity": said.polarity,
        "modality": said.modality,
        "exceptions": [{"start": e.start, "end": e.end, "concepts": e.concepts} for e in said.exceptions],
    }
