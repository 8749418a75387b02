"""An analysis → what the Act asks a business to publish (Arts. 21, 27, 32), and where the policy says it.

glossaries/duties.csv says by which categories, concepts and facts a clause shows that a duty is met, for each version
of the Act, and which words label what is asked: 管理責任者, whose name, address and representative stand in the lines
below. A clause that shows it is no proof that it is met, and one that is not found may be elsewhere: this is a
list for a reader, not legal advice.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from normalizer import cues
from normalizer.errors import InputError
from normalizer.organisations import legal_forms
from normalizer.segment import words as marks
from normalizer.segment.opening import introduces
from normalizer.shapes import Shape
from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from normalizer.model import Analysis, Clause
    from normalizer.ontology import Ontology

COLUMNS = (
    *("duty", "in_force_from", "article", "when", "label_ja", "label_en"),
    *("categories", "concepts", "facts", "note", "labels"),
)
NAME = "organisation"  # in the column of facts: a name with a legal form
ELSEWHERE = "reference"  # in the column of facts: a provision or page that is referred to
MOST = 2  # things that a label may name and be of one of them
LABEL = {"ja": 40, "en": 90}  # characters of the longest label; a longer line may have one before a colon
COLON = re.compile("[:：]")
STOP = re.compile(r"。|[.?!](?:\s|$)")
Labels = tuple[str, ...]


class Place(Shape):
    """A clause that shows a duty."""

    clause: str
    number: str | None
    start: int
    end: int
    text: str
    line: int = 0  # of the document's text, from 1, on which the clause starts
    heading: str = ""  # the one above the clause; empty where there is none


class Duty(Shape):
    """Something that the Act asks to be published, and where the policy says it."""

    duty: str
    label: dict[Literal["ja", "en"], str]
    article: str
    in_force_from: datetime.date
    as_of: datetime.date | None
    status: Literal["found", "not found", "not asked"]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    duty: str
    start: datetime.date
    article: str
    when: str  # concept without which the duty does not arise, or ""
    labels: tuple[str, str]
    categories: tuple[tuple[str, ...], ...]  # a category, and concepts that its clause must name; "A!B": A, but no B
    concepts: tuple[str, ...]
    facts: tuple[str, ...]
    words: Labels  # for what is asked, in a heading or before a colon: they stand for the first concept


def check(analysis: Analysis, ontology: Ontology, folder: Path, as_of: datetime.date | None = None) -> tuple[Duty, ...]:
    """The duties of the Act as of a day, in the table's order, each with the clauses that show it.

    as_of: None for the policy's own date, else the law as the table last knows it. Raises InputError for a day before
    the Act was in force, GlossaryError where the table does not hold together.
    """
    date = as_of or analysis.as_of
    rows = _in_force(load(folder, ontology), date)
    if not rows:
        raise InputError(f"{analysis.document.id}: no duties are known as of {date}; ask for a day from 2005-04-01 on")
    labels = {row.duty: _labelled(row, rows, analysis, folder) for row in rows}
    return tuple(_duty(row, analysis, ontology, folder, date, labels[row.duty]) for row in rows)


def _in_force(rows: Iterable[_Row], date: datetime.date | None) -> list[_Row]:
    """The last version of each duty that is in force at the date."""
    latest: dict[str, _Row] = {}
    for row in rows:
        known = latest.get(row.duty)
        if (date is None or row.start <= date) and (known is None or known.start < row.start):
            latest[row.duty] = row
    return list(latest.values())


def _labelled(row: _Row, rows: Iterable[_Row], analysis: Analysis, folder: Path) -> Mapping[str, Labels]:
    """Clause → the labels that hold for it: those of the last label before it in the section of the row's matter.

    A sentence that only lists what is to be told, as the Act does, shows none of it: its label is no row's.
    """
    groups = dict.fromkeys(other.words for other in rows if other.words and other.when == row.when)
    matters = {category for category, *_ in row.categories}
    held: Labels = ()
    out: dict[str, Labels] = {}
    for clause in analysis.clauses if row.words else ():
        words = analysis.document.text[clause.body : clause.end]
        head = COLON.split(words)[0]
        lists = introduces(words, marks.load(folder)) or not STOP.search(head.rstrip("。. "))
        if lists and len(_groups(head, groups, analysis.language)) > MOST:
            out[clause.id] = ("",)  # no row's
            continue
        named = _groups(_label(words, analysis.language), groups, analysis.language)
        held = () if not matters & _categories(clause, analysis) else named[0] if 0 < len(named) <= MOST else held
        out[clause.id] = held
    return out


def _label(words: str, language: str) -> str:
    """What may label what follows: a short line, or what stands before a colon."""
    short = len(words) <= LABEL.get(language, 0) and not STOP.search(words)
    return words if short else COLON.split(words)[0] if COLON.search(words, 0, LABEL.get(language, 0)) else ""


def _groups(label: str, groups: Iterable[Labels], language: str) -> list[Labels]:
    """The groups of words that a label names, the one that it is about first: that of its last word in Japanese
    (共同利用者の利用目的), of its first in English ("purposes of the joint users")."""
    folded = label.casefold()
    at = {}
    for group in groups:
        places = [folded.rfind(word) if language == "ja" else folded.find(word) for word in group]
        if found := [place for place in places if place >= 0]:
            at[group] = max(found) if language == "ja" else min(found)
    return sorted(at, key=lambda group: at[group], reverse=language == "ja")


def _duty(
    row: _Row,
    analysis: Analysis,
    ontology: Ontology,
    folder: Path,
    date: datetime.date | None,
    labels: Mapping[str, Labels],
) -> Duty:
    spoken = [clause for clause in analysis.clauses if not (row.when and _denied(clause, analysis, folder))]
    asked = not row.when or any(_names(clause, row.when, ontology) for clause in spoken)
    shown = [clause for clause in spoken if asked and _shows(row, clause, analysis, ontology, folder, labels)]
    return Duty(
        duty=row.duty,
        label={"ja": row.labels[0], "en": row.labels[1]},
        article=row.article,
        in_force_from=row.start,
        as_of=date,
        status="found" if shown else "not found" if asked else "not asked",
        places=tuple(_place(clause, analysis) for clause in shown),
    )


def _place(clause: Clause, analysis: Analysis) -> Place:
    return Place(
        clause=clause.id,
        number=clause.number,
        start=clause.start,
        end=clause.end,
        text=analysis.text(clause),
        line=analysis.document.text.count("\n", 0, clause.start) + 1,
        heading=_heading(clause, analysis),
    )


def _heading(clause: Clause, analysis: Analysis) -> str:
    """The nearest heading that a clause stands under, on one line."""
    clauses = {one.id: one for one in analysis.clauses}
    above = clauses.get(clause.parent or "")
    while above and above.kind != "heading":
        above = clauses.get(above.parent or "")
    return " ".join(analysis.text(above).split()) if above else ""


def _shows(
    row: _Row, clause: Clause, analysis: Analysis, ontology: Ontology, folder: Path, labels: Mapping[str, Labels]
) -> bool:
    """By a concept; or by the category, the facts, or both where the table names both. A heading shows nothing, and
    what stands under a label only what that label is of."""
    if clause.kind in ("heading", "furniture"):
        return False
    label = labels.get(clause.id, ())
    if label and label != row.words:
        return False
    if any(_names(clause, concept, ontology) for concept in row.concepts):
        return True
    within = _categories(clause, analysis)
    fits = any(
        category in within and all(_names(clause, concept, ontology) for concept in concepts[1 if label else 0 :])
        for category, *concepts in row.categories
    )
    known = (
        any(fact.kind in row.facts for fact in clause.facts)
        or (NAME in row.facts and _named(clause, analysis, folder))
        or (ELSEWHERE in row.facts and bool(clause.references))
    )
    return (fits or not row.categories) and (known or not row.facts) and bool(row.categories or row.facts)


def _categories(clause: Clause, analysis: Analysis) -> set[str]:
    """What a clause deals with, and what it stands under: the row of a table is of its heading's matter."""
    clauses = {one.id: one for one in analysis.clauses}
    above: Clause | None = clause
    found: set[str] = set()
    while above:
        found.add(above.category)
        above = clauses.get(above.parent or "")
    return found


def _denied(clause: Clause, analysis: Analysis, folder: Path) -> bool:
    """Whether a clause says that something is not done: "we do not provide by opt-out"."""
    if clause.statement:
        return clause.statement.polarity == "denied"
    words = analysis.document.text[clause.body : clause.end].casefold()
    known = cues.load(folder)
    plain = known["pseudo_negation"][analysis.language].sub(" ", words)
    return bool(known["negation"][analysis.language].search(plain))


def _named(clause: Clause, analysis: Analysis, folder: Path) -> bool:
    """Whether a clause has a name with a legal form, or one for which the policy defines what it calls itself: みなと屋
    (以下「当店」). "The Company" alone is none."""
    text = analysis.document.text
    own = [(one.start, one.end) for one in clause.mentions if one.concept == "ControllerSelf"]
    if any((one.start, one.end) in own and one.start > clause.body for one in clause.definitions):
        return True
    forms = legal_forms(folder, analysis.language).finditer(text, clause.body, clause.end)
    return any(not any(a <= form.start() < b for a, b in own) for form in forms)


def _names(clause: Clause, concept: str, ontology: Ontology) -> bool:
    """Whether a clause names a concept or one below it; of "A!B" one that is not B or below it."""
    wanted, _, unwanted = concept.partition("!")
    lines = ({one.concept, *ontology.ancestors(one.concept)} for one in clause.mentions)
    return any(wanted in line and unwanted not in line for line in lines)


@cache
def load(folder: Path, ontology: Ontology) -> tuple[_Row, ...]:
    """The rows of duties.csv. Raises GlossaryError naming file, line and the nearest valid concepts."""
    problems, path = Problems(), folder / "duties.csv"
    rows = []
    for line, row in read_table(path, COLUMNS, problems):
        try:
            start = datetime.date.fromisoformat(row["in_force_from"])
        except ValueError:
            problems.add(path, line, f"{row['in_force_from']!r} is no date; write it as 2022-04-01")
            continue
        categories = tuple(tuple(one.split("&")) for one in _split(row["categories"]))
        wanted = (part for _, *concepts in categories for concept in concepts for part in concept.split("!"))
        named = (row["when"], *wanted, *_split(row["concepts"]))
        for concept in filter(None, named):
            if concept not in ontology:
                problems.unknown(path, line, "concept", concept, [known.id for known in ontology])
        labels = (row["label_ja"], row["label_en"])
        given = (categories, _split(row["concepts"]), _split(row["facts"]), _split(row["labels"].casefold()))
        rows.append(_Row(row["duty"], start, row["article"], row["when"], labels, *given))
    problems.refuse()
    return tuple(rows)


def _split(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, cell.split("|")))
