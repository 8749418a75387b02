"""Records, clause trees and differences of one policy → what its page shows, row by row."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from normalizer.export.html.marks import Span, Stretch, stretches
from normalizer.export.html.places import Places, furniture_after
from normalizer.export.names import Name
from normalizer.model import LANGUAGES
from normalizer.records import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from normalizer.export.html.words import Words
    from normalizer.glossary import Glossary
    from normalizer.records import ClauseLine, Difference, MentionShape, Record, Side

DOUBTFUL = 0.7  # links below are shown as doubtful: by their calibrated score three in ten are wrong
State = Literal["aligned", "doubtful", "ja-only", "en-only", "furniture"]


@dataclass(frozen=True, slots=True)
class ClauseView:
    """A clause as the page shows it."""

    ordinal: str  # its place in its document: "12"
    heading: int  # the level of a heading from 1, else 0
    depth: int  # how far it is indented, in steps of the clause tree
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """An aligned clause, or one that stands on one side only."""

    number: int  # from 1 down the page
    ja: tuple[ClauseView, ...]
    en: tuple[ClauseView, ...]
    made: tuple[str, ...]  # the sides whose text was filled in, from a memory or by machine
    state: State
    category: str
    continued: bool  # its category is that of the row above
    kind: str  # "2-1": clauses of each side
    score: float
    concepts: tuple[str, ...]
    differences: tuple[int, ...]
    severities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A difference in the list."""

    number: int  # from 1, in the order given
    difference: Difference
    row: int | None  # the row that it is about; None for one about the whole


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often each side names a concept."""

    id: str
    kind: str
    label: Name
    definition: Name
    articles: tuple[str, ...]
    ja: int
    en: int


@dataclass(frozen=True, slots=True)
class View:
    """All that the page of one policy shows."""

    policy: str
    documents: Mapping[str, str]  # names by side
    provenance: Mapping[str, object]
    rows: tuple[Row, ...]
    entries: tuple[Entry, ...]
    coverage: tuple[Coverage, ...]
    categories: Mapping[str, tuple[int, int]]  # clauses of each side, by category in the table's order
    words: Words

    @property
    def severities(self) -> dict[str, int]:
        """How many differences there are of each severity."""
        found = Counter[str](entry.difference.severity for entry in self.entries)
        return {severity: found[severity] for severity in SEVERITIES}

    @property
    def states(self) -> Counter[str]:
        """How many rows there are of each state."""
        return Counter(row.state for row in self.rows)


Trees = dict[str, dict[str, "ClauseLine"]]  # clauses by side and id


def view(
    records: Sequence[Record],
    clauses: Mapping[str, Sequence[ClauseLine]],
    differences: Sequence[Difference],
    glossary: Glossary,
    words: Words,
) -> View:
    """What the page of a policy shows.

    clauses: of each side ("ja", "en") in reading order; a side may be missing, and is then shown without its tree and
    its furniture. differences: numbered in this order.
    """
    trees: Trees = {side: {clause.id: clause for clause in clauses.get(side, ())} for side in LANGUAGES}
    places = Places(records, clauses, differences)
    rows: list[Row] = []
    after = furniture_after(records, clauses)
    for index in range(-1, len(records)):
        if index >= 0:
            rows.append(_row(records[index], trees, places))
        rows += [_furniture(side, clause, trees, places) for side, clause in after.get(index, ())]
    numbered = tuple(_placed(number, row, rows) for number, row in enumerate(rows, 1))
    return View(
        policy=records[0].policy if records else "",
        documents=_documents(records),
        provenance=records[0].provenance if records else {},
        rows=_with_severities(numbered, differences),
        entries=_entries(numbered, differences),
        coverage=_coverage(records, glossary),
        categories=_categories(records, trees, words),
        words=words,
    )


def _row(record: Record, trees: Trees, places: Places) -> Row:
    shown = {side: _clauses(side, getattr(record, side), trees[side], places) for side in LANGUAGES}
    found = [mention.concept for side in (record.ja, record.en) if side for mention in side.mentions]
    return Row(
        number=0,
        ja=shown["ja"],
        en=shown["en"],
        made=tuple(name for name in LANGUAGES if (side := getattr(record, name)) and side.origin != "source"),
        state=_state(record),
        category=record.category,
        continued=False,
        kind=record.link.kind,
        score=record.link.score,
        concepts=tuple(dict.fromkeys(found)),
        differences=places.of_record(record),
        severities=(),
    )


def _state(record: Record) -> State:
    if record.ja is None or record.ja.origin != "source":
        return "en-only"
    if record.en is None or record.en.origin != "source":
        return "ja-only"
    return "doubtful" if record.link.score < DOUBTFUL else "aligned"


def _clauses(name: str, side: Side | None, tree: Mapping[str, ClauseLine], places: Places) -> tuple[ClauseView, ...]:
    if side is None:
        return ()
    if side.origin != "source" or not side.clauses:  # text that stands in no document: its spans count from its start
        return (ClauseView("", 0, 0, stretches(side.text, 0, _spans(side.mentions), ())),)
    out, at = [], 0
    for reference in side.clauses:
        length = reference.end - reference.start
        text, at = side.text[at : at + length], at + length + 1
        inside = [m for m in side.mentions if reference.start <= m.start and m.end <= reference.end]
        marked = stretches(text, reference.start, _spans(inside), places.spans(name, reference.start, reference.end))
        heading, depth = _level(tree, reference.id) if tree else (int(places.heads(name, text)), 0)
        out.append(ClauseView(reference.id.removeprefix("c"), heading, depth, marked))
    return tuple(out)


def _spans(mentions: Iterable[MentionShape]) -> list[Span]:
    return [Span(mention.start, mention.end, mention.concept) for mention in mentions]


def _level(tree: Mapping[str, ClauseLine], id: str) -> tuple[int, int]:
    """The level of a heading from 1, 0 for another clause; and the steps of indentation."""
    if id not in tree:
        return 0, 0
    above = [clause := tree[id]]
    while clause.parent in tree:
        above.append(clause := tree[clause.parent or ""])
    heading = sum(clause.kind == "heading" for clause in above) if above[0].kind == "heading" else 0
    return heading, len(above) - 1


def _furniture(side: str, clause: ClauseLine, trees: Trees, places: Places) -> Row:
    heading, depth = _level(trees[side], clause.id)
    marked = stretches(clause.text, clause.start, (), places.spans(side, clause.start, clause.end))
    shown = (ClauseView(clause.id.removeprefix("c"), heading, depth, marked),)
    return Row(
        number=0,
        ja=shown if side == "ja" else (),
        en=shown if side == "en" else (),
        made=(),
        state="furniture",
        category=clause.category,
        continued=False,
        kind="1-0" if side == "ja" else "0-1",
        score=1.0,
        concepts=(),
        differences=places.within(side, clause.start, clause.end),
        severities=(),
    )


def _placed(number: int, row: Row, rows: Sequence[Row]) -> Row:
    return replace(row, number=number, continued=number > 1 and rows[number - 2].category == row.category)


def _with_severities(rows: Sequence[Row], differences: Sequence[Difference]) -> tuple[Row, ...]:
    def of(row: Row) -> tuple[str, ...]:
        found = {differences[number - 1].severity for number in row.differences}
        return tuple(severity for severity in SEVERITIES if severity in found)

    return tuple(replace(row, severities=of(row)) for row in rows)


def _entries(rows: Sequence[Row], differences: Sequence[Difference]) -> tuple[Entry, ...]:
    first: dict[int, int] = {}
    for row in rows:
        for number in row.differences:
            first.setdefault(number, row.number)
    return tuple(Entry(number, difference, first.get(number)) for number, difference in enumerate(differences, 1))


def _documents(records: Sequence[Record]) -> dict[str, str]:
    found: dict[str, str] = {}
    for record in records:
        for side in LANGUAGES:
            shown = getattr(record, side)
            if shown and shown.origin == "source":
                found.setdefault(side, shown.document)
    return found


def _coverage(records: Sequence[Record], glossary: Glossary) -> tuple[Coverage, ...]:
    """The concepts that either side names, in the order of the concept table; unknown ones last, by id."""
    counts: dict[str, Counter[str]] = {side: Counter() for side in LANGUAGES}
    for record in records:
        for side in LANGUAGES:
            shown = getattr(record, side)
            counts[side].update(mention.concept for mention in shown.mentions) if shown else None
    order = {concept.id: number for number, concept in enumerate(glossary.ontology)}
    found = sorted(counts["ja"].keys() | counts["en"].keys(), key=lambda id: (order.get(id, len(order)), id))
    return tuple(_covered(id, glossary, counts["ja"][id], counts["en"][id]) for id in found)


def _covered(id: str, glossary: Glossary, ja: int, en: int) -> Coverage:
    if id not in glossary.ontology:
        return Coverage(id, "", Name(id, id), Name("", ""), (), ja, en)
    concept = glossary.ontology[id]
    label = Name(concept.label("ja"), concept.label("en"))
    definition = Name(concept.definition_ja, concept.definition_en)
    articles = (*concept.appi, *(f"GDPR {article}" for article in concept.gdpr))
    return Coverage(id, concept.kind, label, definition, articles, ja, en)


def _categories(records: Sequence[Record], trees: Trees, words: Words) -> dict[str, tuple[int, int]]:
    """Clauses of each side by category; by the record's category where the clauses themselves are not known."""
    counts: dict[str, Counter[str]] = {side: Counter() for side in LANGUAGES}
    for record in records:
        for side in LANGUAGES:
            shown = getattr(record, side)
            if shown and shown.origin == "source":
                tree = trees[side]
                counts[side].update(tree[c.id].category if c.id in tree else record.category for c in shown.clauses)
    order = {id: number for number, id in enumerate(words.categories)}
    found = sorted(counts["ja"].keys() | counts["en"].keys(), key=lambda id: (order.get(id, len(order)), id))
    return {id: (counts["ja"][id], counts["en"][id]) for id in found}
