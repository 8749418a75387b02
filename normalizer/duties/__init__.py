"""An analysis → what the Act asks a business to publish (Arts. 21, 27, 32, 41, 43), and where the policy says it.

glossaries/duties.csv says by which categories, concepts and facts a clause shows that a duty is met, for each version
of the Act, and which words label what is asked: 管理責任者, whose name, address and representative stand in the lines
below. A clause that shows it is no proof that it is met, and one that is not found may be elsewhere: this is a
list for a reader, not legal advice.
"""

from __future__ import annotations

import datetime  # noqa: TC003 (pydantic reads the annotations)
from typing import TYPE_CHECKING, Literal

from normalizer.duties.showing import Policy
from normalizer.duties.table import in_force, load
from normalizer.errors import InputError
from normalizer.model import heading_above
from normalizer.shapes import Shape

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from normalizer.duties.table import Row
    from normalizer.model import Analysis, Clause
    from normalizer.ontology import Ontology

__all__ = ["Duty", "Place", "check", "load"]


class Place(Shape):
    """A clause that shows a duty."""

    clause: str  # its id
    number: str | None  # its marker as written
    start: int  # in characters of the document's text
    end: int  # exclusive
    text: str  # its words
    line: int = 0  # of the document's text, from 1, on which the clause starts
    heading: str = ""  # the one above the clause; empty where there is none


class Duty(Shape):
    """Something that the Act asks to be published, and where the policy says it."""

    duty: str  # as in glossaries/duties.csv
    label: dict[Literal["ja", "en"], str]  # what is asked, in both languages
    article: str  # of the Act, in this version: 32(1)(iii)
    in_force_from: datetime.date  # since when it reads so
    as_of: datetime.date | None  # the day that was asked; None: the law as known
    status: Literal["found", "not found", "not asked"]  # not asked: the policy does nothing of which the duty arises
    places: tuple[Place, ...]  # the clauses that show it, in reading order


def check(analysis: Analysis, ontology: Ontology, folder: Path, as_of: datetime.date | None = None) -> tuple[Duty, ...]:
    """The duties of the Act as of a day, in the table's order, each with the clauses that show it.

    as_of: None for the policy's own date, else the law as the table last knows it. Raises InputError for a day before
    the Act was in force, GlossaryError where the table does not hold together.
    """
    date = as_of or analysis.as_of
    rows = in_force(load(folder, ontology), date)
    if not rows:
        raise InputError(f"{analysis.document.id}: no duties are known as of {date}; ask for a day from 2005-04-01 on")
    policy = Policy(analysis, ontology, folder)
    return tuple(_duty(row, rows, policy, date) for row in rows)


def _duty(row: Row, rows: Iterable[Row], policy: Policy, date: datetime.date | None) -> Duty:
    asked = policy.asks(row)
    shown = policy.showing(row, rows) if asked else []
    return Duty(
        duty=row.duty,
        label={"ja": row.name_ja, "en": row.name_en},
        article=row.article,
        in_force_from=row.start,
        as_of=date,
        status="found" if shown else "not found" if asked else "not asked",
        places=tuple(_place(clause, policy.analysis) for clause in shown),
    )


def _place(clause: Clause, analysis: Analysis) -> Place:
    heading = heading_above(analysis.clauses, clause)
    return Place(
        clause=clause.id,
        number=clause.number,
        start=clause.start,
        end=clause.end,
        text=analysis.text(clause),
        line=analysis.document.text.count("\n", 0, clause.start) + 1,
        heading=" ".join(analysis.text(heading).split()) if heading else "",
    )
