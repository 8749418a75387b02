"""The public shapes, as pydantic models with a JSON Schema: a line of `analyze`, a bilingual clause record.

Fields are only ever added; `SCHEMA` tells which set a record has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from normalizer.lines import clause_rows, facts, mentions, statement
from normalizer.model import heading_above
from normalizer.shapes import Filling, Shape, Summary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from normalizer.model import Analysis, Clause, Link

SCHEMA = "policy-normalizer/record/1"

Origin = Literal["source", "memory", "argos"]
Severity = Literal["high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low")  # the gravest first


class MentionShape(Shape):
    """A concept of the ontology, named at this place."""

    start: int = Field(ge=0, description="Offset in the document's text, in characters.")
    end: int = Field(ge=0, description="Offset behind the last character.")
    text: str = Field(description="The words.")
    concept: str = Field(description="Concept id, as in glossaries/concepts.csv.")
    term: str = Field(
        description='Glossary entry that matched, "ja:第三者提供"; "defined:" a name of the policy, "learned:" words '
        'that annotated policies mark so, "linked:" words of which only the linked clauses tell that they name it.'
    )
    score: float = Field(ge=0, le=1, description="How sure the sense is.")


class FactShape(Shape):
    """A date, fee, period, contact or citation."""

    kind: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str
    value: str = Field(description='Normal form: "2023-05-01", "1100 JPY tax-included", "APPI:27(1)(ii)".')


class ExceptionShape(Shape):
    """A case in which a statement does not hold."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    concepts: tuple[str, ...] = ()


class StatementShape(Shape):
    """What is done, by whom, with what, to whom; affirmed or denied; and except when."""

    action: str
    actor: str | None
    data: str | None
    purpose: str | None
    recipient: str | None
    polarity: Literal["affirmed", "denied", "conditional"]
    modality: Literal["does", "may", "must"]
    exceptions: tuple[ExceptionShape, ...] = ()


class DefinitionShape(Shape):
    """A name that the policy defines for itself."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    name: str


class ReferenceShape(Shape):
    """Words that point at another clause of the document."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str
    target: str | None = Field(description="Clause id; null where the document has no such clause.")


class ClauseLine(Shape):
    """One clause of one document: a line of `normalizer analyze`."""

    id: str
    parent: str | None
    kind: Literal["heading", "paragraph", "item", "furniture"]
    number: str | None = Field(description="The marker as written: （２）.")
    label: str | None = Field(description='Its normal form: "article 4", "item 1", "bullet".')
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str
    language: str
    category: str = Field(description="What the clause deals with, as in glossaries/categories.csv.")
    also: tuple[str, ...]
    mentions: tuple[MentionShape, ...]
    facts: tuple[FactShape, ...]
    statement: StatementShape | None
    definitions: tuple[DefinitionShape, ...] = ()
    references: tuple[ReferenceShape, ...] = ()
    notes: tuple[str, ...]


class ClauseReference(Shape):
    """Where a clause of a record stands in its document."""

    id: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    number: str | None
    heading: str | None = Field(description="The heading it stands under, as written.")


class Side(Shape):
    """What one language says."""

    document: str = Field(description="Empty for a filled side, whose spans index its own text.")
    clauses: tuple[ClauseReference, ...]
    text: str = Field(description="The clauses' texts, one a line.")
    origin: Origin = Field(description="source: the organisation's own words.")
    mentions: tuple[MentionShape, ...]
    facts: tuple[FactShape, ...]
    statement: StatementShape | None
    filling: Filling | None = Field(default=None, description="Null for the organisation's own words.")


class LinkShape(Shape):
    """How the two sides hang together."""

    kind: str = Field(description='Clauses on each side: "1-1", "2-1", "0-1".')
    score: float = Field(
        ge=0,
        le=1,
        description="Of links with 0.9, nine in ten are right. memory: the match; argos: the share of concepts found.",
    )
    origin: Literal["aligned", "memory", "argos", "none"] = Field(description="none: the other side says nothing.")
    evidence: dict[str, float] = Field(description="What counted, and how much.")


class Span(Shape):
    """A stretch of a document's text."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str


class Difference(Shape):
    """Something that the two sides do not both say."""

    code: str
    severity: Severity
    message: dict[Literal["ja", "en"], str]
    ja: Span | None
    en: Span | None
    evidence: dict[str, Any] = Field(default_factory=dict)


class Record(Shape):
    """An aligned bilingual clause: a line of `normalizer align` and of `normalizer run`."""

    schema_: str = Field(default=SCHEMA, alias="schema", description="Which set of fields this is.")
    id: str = Field(description="policy#position, the same on every run over the same text.")
    policy: str = Field(description="The name that the two files share.")
    position: int = Field(ge=1, description="Reading order of the Japanese side; English-only clauses at their place.")
    ja: Side | None
    en: Side | None
    category: str = Field(description="What the clause deals with, as in glossaries/categories.csv.")
    concepts: tuple[str, ...] = Field(description="Concepts on both sides, or those of the only side there is.")
    link: LinkShape
    differences: tuple[Difference, ...] = ()
    provenance: dict[str, Any] = Field(description="Versions, and the sources' names and SHA-256.")
    notes: tuple[str, ...] = Field(default=(), description="What to know of a filled side, or why one stays empty.")
    summary: Summary | None = Field(default=None, description="Of a clause in one language only, where it is clear.")


def clause_lines(analysis: Analysis) -> tuple[ClauseLine, ...]:
    """The clauses of an analysis in their public shape, in reading order."""
    return tuple(map(ClauseLine.model_validate, clause_rows(analysis)))


def records(
    policy: str,
    links: Iterable[Link],
    ja: Analysis | None,
    en: Analysis | None,
    provenance: Mapping[str, Any],
    differences: Sequence[tuple[Difference, ...]] = (),
) -> tuple[Record, ...]:
    """A record for each link, in the links' order. `ja` or `en` is None for a policy with one side.

    differences: those of each link, as `normalizer.compare.compare` gives them.
    """
    found = (_record(policy, position, link, ja, en, provenance) for position, link in enumerate(links, start=1))
    if not differences:
        return tuple(found)
    return tuple(
        record.model_copy(update={"differences": some}) for record, some in zip(found, differences, strict=True)
    )


def _record(
    policy: str, position: int, link: Link, ja: Analysis | None, en: Analysis | None, provenance: Mapping[str, Any]
) -> Record:
    left = [ja.clauses[index] for index in link.ja] if ja else []
    right = [en.clauses[index] for index in link.en] if en else []
    return Record(
        id=f"{policy}#{position:04d}",
        policy=policy,
        position=position,
        ja=_side(ja, left) if ja and left else None,
        en=_side(en, right) if en and right else None,
        category=_category([*left, *right]),
        concepts=_concepts(left, right),
        link=LinkShape(
            kind=link.kind,
            score=round(link.score, 4),
            origin="aligned" if left and right else "none",
            evidence={name: round(strength, 4) for name, strength in link.evidence},
        ),
        provenance=dict(provenance),
    )


def _category(clauses: list[Clause]) -> str:
    """The first telling category, the Japanese side's before the English."""
    telling = [clause.category for clause in clauses if clause.category not in ("other", "boilerplate")]
    return (telling or [clauses[0].category])[0]


def _concepts(left: list[Clause], right: list[Clause]) -> tuple[str, ...]:
    sides = [[mention.concept for clause in side for mention in clause.mentions] for side in (left, right) if side]
    return tuple(concept for concept in dict.fromkeys(sides[0]) if concept in sides[-1])


def _side(analysis: Analysis, clauses: list[Clause]) -> Side:
    text = analysis.document.text
    return Side.model_validate(
        {
            "document": analysis.document.id,
            "clauses": [
                {"id": c.id, "start": c.start, "end": c.end, "number": c.number, "heading": _heading(analysis, c)}
                for c in clauses
            ],
            "text": "\n".join([text[clause.start : clause.end] for clause in clauses]),
            "origin": "source",
            "mentions": [row for clause in clauses for row in mentions(text, clause)],
            "facts": [row for clause in clauses for row in facts(text, clause)],
            "statement": next((statement(clause.statement) for clause in clauses if clause.statement), None),
        }
    )


def filled_side(analysis: Analysis, origin: str, filling: Filling) -> Side:
    """A side of words that stand in no document: the analysis is of these words alone."""
    side = _side(analysis, list(analysis.clauses))
    own = {"document": "", "clauses": (), "text": analysis.document.text, "origin": origin, "filling": filling}
    return side.model_copy(update=own)


def _heading(analysis: Analysis, clause: Clause) -> str | None:
    heading = heading_above(analysis.clauses, clause)
    return analysis.text(heading) if heading else None
