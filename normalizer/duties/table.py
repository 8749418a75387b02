"""glossaries/duties.csv → what the Act asks to be published in each of its versions, and what shows it in a policy."""

from __future__ import annotations

import datetime
import itertools
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from normalizer.ontology import Ontology

COLUMNS = (
    *("duty", "in_force_from", "article", "when", "label_ja", "label_en"),
    *("categories", "concepts", "facts", "note", "labels"),
)
NAME = "organisation"  # in the column of facts: a name with a legal form
ELSEWHERE = "reference"  # in the column of facts: a provision or page that is referred to


@dataclass(frozen=True, slots=True)
class Row:
    """A row of duties.csv: a duty in one version of the Act."""

    duty: str
    start: datetime.date
    article: str
    when: tuple[tuple[str, ...], ...]  # groups of concepts: a clause must name all of one, or the duty does not arise
    name_ja: str
    name_en: str
    categories: tuple[tuple[str, ...], ...]  # a category, and concepts that its clause must name; "A!B": A, but no B
    concepts: tuple[str, ...]
    facts: tuple[str, ...]  # kinds of facts, NAME, ELSEWHERE
    labels: tuple[str, ...]  # case-folded, in a heading or before a colon: they stand for the first concept

    @property
    def matters(self) -> frozenset[str]:
        """The categories."""
        return frozenset(category for category, *_ in self.categories)


@cache
def load(folder: Path, ontology: Ontology) -> tuple[Row, ...]:
    """The rows of duties.csv. Raises GlossaryError naming file, line and the nearest valid concepts."""
    problems, path = Problems(), folder / "duties.csv"
    known = [concept.id for concept in ontology]
    rows = []
    for line, cells in read_table(path, COLUMNS, problems):
        try:
            start = datetime.date.fromisoformat(cells["in_force_from"])
        except ValueError:
            problems.add(path, line, f"{cells['in_force_from']!r} is no date; write it as 2022-04-01")
            continue
        row = Row(
            duty=cells["duty"],
            start=start,
            article=cells["article"],
            when=tuple(tuple(one.split("&")) for one in _split(cells["when"])),
            name_ja=cells["label_ja"],
            name_en=cells["label_en"],
            categories=tuple(tuple(one.split("&")) for one in _split(cells["categories"])),
            concepts=_split(cells["concepts"]),
            facts=_split(cells["facts"]),
            labels=_split(cells["labels"].casefold()),
        )
        for concept in _named(row):
            if concept not in ontology:
                problems.unknown(path, line, "concept", concept, known)
        rows.append(row)
    problems.refuse()
    return tuple(rows)


def in_force(rows: Iterable[Row], date: datetime.date | None) -> list[Row]:
    """The last version of each duty that is in force at the date; None: the last that is known."""
    latest: dict[str, Row] = {}
    for row in rows:
        known = latest.get(row.duty)
        if (date is None or row.start <= date) and (known is None or known.start < row.start):
            latest[row.duty] = row
    return list(latest.values())


def _named(row: Row) -> list[str]:
    """The concepts that a row names."""
    wanted = [part for _, *concepts in row.categories for concept in concepts for part in concept.split("!")]
    return [*itertools.chain(*row.when), *wanted, *row.concepts]


def _split(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, cell.split("|")))
