"""The types that flow through the pipeline, from left to right. Imports nothing of ours.

Every `start` and `end` counts Python characters of `Document.text`, end exclusive, and
`document.text[start:end]` is the words the object speaks of.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping, Sequence

Language = Literal["ja", "en"]
LANGUAGES: tuple[Language, Language] = ("ja", "en")
OTHER: Mapping[Language, Language] = {"ja": "en", "en": "ja"}  # the language of a policy's other side
ClauseKind = Literal["heading", "paragraph", "item", "furniture"]
BlockKind = Literal["line", "heading", "item", "paragraph"]


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the text that the file's own format sets apart: a line, a heading, a list item."""

    start: int
    end: int
    kind: BlockKind = "line"  # "line" where the format says nothing more
    level: int = 0  # heading depth from 1, list depth from 1, or the indent of a line in columns
    gap: bool = False  # an empty line stands above it


@dataclass(frozen=True, slots=True)
class Document:
    """A policy as read: its text, and what the file format says of its structure.

    `normalizer.reading.read` makes one of a file or of bytes, `read_text` of a string.
    """

    id: str  # the file's name, or "text" for a string
    text: str  # never rewritten: all spans of the library count its characters
    blocks: tuple[Block, ...]  # in order of place
    format: str  # text, markdown, html, pdf or docx
    encoding: str  # how the bytes were decoded
    sha256: str  # of the input bytes


@dataclass(frozen=True, slots=True)
class Label:
    """A clause number in normal form: 第４条, 第四条 and `Article 4` are all article (4,)."""

    kind: str  # chapter, article, section, paragraph, item, bullet, note, supplement
    number: tuple[int, ...]  # (4,) or (12, 2) for 第十二条の二 or 12.2; empty for a bullet
    style: str  # the shape of the marker, e.g. "paren-digit": tells levels apart in one document

    def __str__(self) -> str:
        return f"{self.kind} {'.'.join(map(str, self.number))}" if self.number else self.kind


class Token(NamedTuple):
    """A word of a clause; a tuple, because there are so many."""

    start: int
    end: int
    surface: str
    lemma: str
    pos: str  # UniDic part of speech for Japanese (名詞, 助詞 …), "" for English


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept of the ontology, named at this place."""

    start: int  # in characters of `Document.text`
    end: int  # exclusive
    concept: str  # concept id, as in glossaries/concepts.csv
    term: str  # the glossary entry that matched: "ja:第三者提供"; else "defined:", "learned:", "linked:"
    score: float  # 0 to 1, how sure the sense is; 1 for words with one sense
    evidence: tuple[str, ...] = ()  # what decided the sense


@dataclass(frozen=True, slots=True)
class Fact:
    """A date, fee, period, contact or citation.

    The normal form of each kind: date, ISO 8601 (2023-05-01, 2023-05); fee, amount, currency and tax ("1100 JPY
    tax-included", "free"); period, ISO 8601 duration (P5Y, "P3D business"); percentage, "10%"; age, "<13", ">=18" or
    "20"; phone, E.164 (+81312345678); email, in lower case; url, its host in lower case; postal, 150-0041; address, as
    written, white space made single; statute, law:article(paragraph)(item), APPI:27(1)(ii).
    """

    kind: str  # date, fee, period, percentage, age, email, phone, url, postal, address, statute
    start: int  # in characters of `Document.text`
    end: int  # exclusive
    value: str  # the normal form


@dataclass(frozen=True, slots=True)
class Definition:
    """A name that the policy defines for itself: 当社, "the Service"."""

    start: int  # of the name, without its quotes
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Reference:
    """Words that point at another clause of the document: 第5条, 前項, "Section 5"."""

    start: int
    end: int
    target: str | None  # clause id; None where the document has no such clause


@dataclass(frozen=True, slots=True)
class Exception_:
    """A case in which a statement does not hold."""

    start: int
    end: int
    concepts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """What a clause says is done, by whom, with what, to whom, and whether it is affirmed or denied."""

    action: str  # concept id, as are the four below
    polarity: Literal["affirmed", "denied", "conditional"]  # conditional: affirmed under a condition
    modality: Literal["does", "may", "must"]
    actor: str | None = None  # who acts; None where it is not said
    data: str | None = None  # with what
    purpose: str | None = None  # for what
    recipient: str | None = None  # to whom
    exceptions: tuple[Exception_, ...] = ()  # cases in which it does not hold


@dataclass(frozen=True, slots=True)
class Clause:
    """What a lawyer would cite: a heading, a paragraph, a list item, or the page's furniture.

    Segmentation fills the first block of fields, the later stages the second.
    """

    id: str  # "c1", "c2" … in reading order
    parent: str | None  # id of the heading or sentence that it stands under
    kind: ClauseKind  # heading, paragraph, item, furniture
    number: str | None  # the marker as written, e.g. "（２）"
    label: Label | None  # the marker in normal form
    start: int  # in characters of `Document.text`, marker included
    end: int  # exclusive
    body: int  # where the words after the marker start: start <= body <= end

    language: str = "und"  # "ja" or "en" once it is known
    category: str = "other"  # id in glossaries/categories.csv
    also: tuple[str, ...] = ()  # other categories that it deals with
    category_evidence: tuple[str, ...] = ()  # words and features that decided
    mentions: tuple[Mention, ...] = ()  # in order of place, of those that begin together the longest first
    facts: tuple[Fact, ...] = ()  # in order of place
    statement: Statement | None = None  # None for headings, furniture, and clauses that state nothing
    definitions: tuple[Definition, ...] = ()  # in order of place
    references: tuple[Reference, ...] = ()  # in order of place
    notes: tuple[str, ...] = ()  # what to look at: cut off, a wrong rendering
    rivals: tuple[tuple[str, int], ...] = ()  # categories that nearly won, with what they fell short by (learned.py)
    chances: tuple[float, ...] = ()  # of each mention: how probable its wording makes it (weighing.py); () if not asked

    def revised(self, **fields: object) -> Clause:
        """The clause with these fields; itself where it has them so already, as after most stages most clauses do."""
        if all([getattr(self, name) == value for name, value in fields.items()]):  # noqa: C419 (twice as fast)
            return self
        values = list(_fields_of(self))
        for name, value in fields.items():
            values[_PLACES[name]] = value
        return Clause(*values)


_fields_of = attrgetter(*Clause.__slots__)  # dataclasses.replace takes four times as long
_PLACES = {name: place for place, name in enumerate(Clause.__slots__)}


def heading_above(clauses: Sequence[Clause], clause: Clause) -> Clause | None:
    """The nearest heading under which a clause of a document stands."""
    return next((one for one in above(clauses, clause) if one.kind == "heading"), None)


def above(clauses: Sequence[Clause], clause: Clause) -> Iterator[Clause]:
    """The clauses of a document under which a clause stands, the nearest first."""
    while clause.parent is not None:
        clause = clauses[int(clause.parent[1:]) - 1]
        yield clause


@dataclass(frozen=True, slots=True)
class Analysis:
    """A document and all that was understood of it."""

    document: Document
    language: str  # of the document as a whole: "ja" or "en"
    clauses: tuple[Clause, ...]  # in reading order
    as_of: datetime.date | None = None  # the policy's own date, at which its citations are read; None: the law as known

    def text(self, clause: Clause) -> str:
        """The words of a clause, marker included."""
        return self.document.text[clause.start : clause.end]


@dataclass(frozen=True, slots=True)
class Link:
    """Clauses of one side that say what clauses of the other say; an empty side says: nothing does."""

    ja: tuple[int, ...]  # indices into Analysis.clauses of the Japanese side, ascending
    en: tuple[int, ...]  # of the English side
    score: float  # 0 to 1, calibrated: of links with 0.9 nine in ten are right (docs/alignment.md)
    evidence: tuple[tuple[str, float], ...] = field(default=())  # name of a kind of evidence, its strength

    @property
    def kind(self) -> str:
        return f"{len(self.ja)}-{len(self.en)}"
