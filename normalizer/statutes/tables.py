"""Read the tables of statutes from a folder: rows → laws, names, versions, provisions and words, all checked."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer.model import LANGUAGES
from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

KINDS = ("statute", "cabinet_order", "rule", "guideline", "repealed", "amending_act", "foreign_law")
USES = ("always", "cited", "never")
STATUSES = ("verified", "memory")
WORD_KINDS = (
    *("article", "paragraph", "item", "plural", "not_unit", "not_branch", "join", "range", "of", "modifier"),
    *("prefix", "foreign", "not_after", "not_after_short", "short", "law_word", "sole", "subordinate"),
    *("of_subordinate", "same", "define", "call", "mean", "collective"),
)
_ARTICLE = re.compile(r"[1-9]\d{0,3}(?:-\d{1,3})*")
_SPAN = re.compile(r"([1-9]\d{0,3})\.\.([1-9]\d{0,3})")


@dataclass(frozen=True, slots=True)
class Law:
    """An Act, an order, a rule, a guideline: a line of statutes.csv."""

    id: str
    kind: str  # one of KINDS
    under: str  # the Act that an order, a rule or a guideline belongs to, or ""
    numbers: tuple[str, ...]  # its numbers of promulgation as written: 平成十五年法律第五十七号, Act No. 57 of 2003
    concept: str


@dataclass(frozen=True, slots=True)
class Form:
    """A name that texts use for a law: a line of statute_names.csv."""

    law: str  # id, or "" where `use` is never
    language: str
    form: str
    use: str  # always; cited: only together with an article; never: looks like a law, and tells nothing


@dataclass(frozen=True, slots=True)
class Version:
    """The numbering of a law from a day on, for all its articles or for some: a line of statute_versions.csv."""

    id: str
    law: str
    start: datetime.date  # date.min where the first day is not tabulated
    spans: tuple[tuple[int, int], ...]  # ranges of article numbers that it numbers anew
    single: frozenset[str]  # and single articles
    status: str

    def covers(self, article: str | None) -> bool:
        """Whether this version says what the article (such as "27" or "16-2") means."""
        if not self.spans and not self.single:
            return True
        if article is None:
            return bool(self.spans)
        first = int(article.split("-")[0])
        return article in self.single or any(low <= first <= high for low, high in self.spans)


@dataclass(frozen=True, slots=True)
class Provision:
    """What an article, paragraph or item says in a version: a line of statute_articles.csv."""

    version: str
    article: str
    paragraph: int | None
    item: str | None  # lower case Roman for the numbered items of Japanese law, a letter elsewhere
    concept: str | None
    paragraphs: int | None  # how many the article has, on its own line only
    status: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the grammar of citations: a line of citation_words.csv."""

    kind: str
    language: str
    word: str
    value: str


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables of statutes, checked against each other."""

    laws: dict[str, Law]
    forms: tuple[Form, ...]
    versions: tuple[Version, ...]
    provisions: tuple[Provision, ...]
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    path: Path
    line: int
    cells: dict[str, str]
    problems: Problems

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def choose(self, column: str, valid: Iterable[str], optional: bool = False) -> str:
        """The cell, which must be one of `valid` (or empty, where it is optional)."""
        value, known = self.cells[column], list(valid)
        if value not in known and (value or not optional):
            self.problems.unknown(self.path, self.line, column, value, known)
        return value

    def number(self, column: str) -> int | None:
        value = self.cells[column]
        if value and not re.fullmatch(r"[1-9]\d{0,2}", value):
            self.wrong(f"{column} {value!r} is no number from 1 to 999")
            return None
        return int(value) if value else None

    def wrong(self, message: str) -> None:
        self.problems.add(self.path, self.line, message)


def read_tables(folder: Path) -> Tables:
    """The tables of statutes under `folder`.

    Raises GlossaryError, with file, line, the value and the nearest valid ones, for a table that is missing, is no
    UTF-8, lacks a column, or holds a value that another table does not know.
    """
    problems = Problems()
    laws = _laws(_rows(folder / "statutes.csv", "id kind under ja_name ja_number en_name en_number concept", problems))
    forms = tuple(_forms(_rows(folder / "statute_names.csv", "law language form use", problems, ("note",)), laws))
    versions = tuple(
        _versions(_rows(folder / "statute_versions.csv", "law version in_force_from articles", problems), laws)
    )
    articles = _rows(
        folder / "statute_articles.csv", "law version article paragraph item concept also paragraphs evidence", problems
    )
    provisions = tuple(_provisions(articles, laws, {version.id: version for version in versions}))
    words = tuple(_words(_rows(folder / "citation_words.csv", "kind language word value", problems, ("note",))))
    problems.refuse()
    return Tables(laws, forms, versions, provisions, words)


def _laws(rows: list[_Row]) -> dict[str, Law]:
    laws: dict[str, Law] = {}
    for row in rows:
        if not row["id"] or row["id"] in laws:
            row.wrong(f"id {row['id']!r} is empty or taken; each law has an id of its own")
        row.choose("under", [other["id"] for other in rows], optional=True)
        row.choose("status", STATUSES)
        numbers = tuple(number for number in (row["ja_number"], row["en_number"]) if number)
        laws[row["id"]] = Law(row["id"], row.choose("kind", KINDS), row["under"], numbers, row["concept"])
    return laws


def _forms(rows: list[_Row], laws: dict[str, Law]) -> Iterator[Form]:
    seen: set[tuple[str, str]] = set()
    for row in rows:
        key = (row["language"], row["form"])
        if not row["form"] or key in seen:
            row.wrong(f"form {row['form']!r} is empty or listed twice; keep one line for it")
        seen.add(key)
        use = row.choose("use", USES)
        yield Form(row.choose("law", laws, use == "never"), row.choose("language", LANGUAGES), row["form"], use)


def _versions(rows: list[_Row], laws: dict[str, Law]) -> Iterator[Version]:
    seen: set[str] = set()
    for row in rows:
        if not row["version"] or row["version"] in seen:
            row.wrong(f"version {row['version']!r} is empty or taken; each version has an id of its own")
        seen.add(row["version"])
        spans, single = _articles(row)
        law, status = row.choose("law", laws), row.choose("status", STATUSES)
        yield Version(row["version"], law, _date(row), spans, single, status)


def _articles(row: _Row) -> tuple[tuple[tuple[int, int], ...], frozenset[str]]:
    parts = [part for part in row["articles"].split("|") if part]
    spans = tuple((int(span[1]), int(span[2])) for part in parts if (span := _SPAN.fullmatch(part)))
    single = frozenset(part for part in parts if _ARTICLE.fullmatch(part))
    if len(spans) + len(single) != len(parts):
        row.wrong(f"articles {row['articles']!r} is no list of articles; write 50..78 or 16-2|22-2")
    return spans, single


def _date(row: _Row) -> datetime.date:
    try:
        return datetime.date.fromisoformat(row["in_force_from"]) if row["in_force_from"] else datetime.date.min
    except ValueError:
        row.wrong(f"in_force_from {row['in_force_from']!r} is no day; write 2022-04-01")
        return datetime.date.min


def _provisions(rows: list[_Row], laws: dict[str, Law], versions: dict[str, Version]) -> Iterator[Provision]:
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        law = row.choose("law", laws)
        version = row.choose("version", [version.id for version in versions.values() if version.law == law])
        if not _ARTICLE.fullmatch(row["article"]):
            row.wrong(f"article {row['article']!r} is no article number; write 27 or 16-2")
        if not re.fullmatch(r"[a-z]{0,5}(?:-\d{1,2})?", row["item"]):
            row.wrong(f"item {row['item']!r} is no item; write ii, or a letter")
        key = (version, row["article"], row["paragraph"], row["item"])
        if key in seen:
            row.wrong(f"{version} {row['article']} is listed twice; keep one line for each provision")
        seen.add(key)
        place = (version, row["article"], row.number("paragraph"), row["item"] or None)
        yield Provision(*place, row["concept"] or None, row.number("paragraphs"), row.choose("status", STATUSES))


def _words(rows: list[_Row]) -> Iterator[Word]:
    for row in rows:
        if not row["word"]:
            row.wrong("word is empty; write the word or remove the line")
        kind, language = row.choose("kind", WORD_KINDS), row.choose("language", LANGUAGES)
        for value in row["value"].split("|") if kind in ("subordinate", "same") else ():
            if value not in (*KINDS, "none"):
                row.problems.unknown(row.path, row.line, "value", value, (*KINDS, "none"))
        yield Word(kind, language, row["word"], row["value"])


def _rows(path: Path, columns: str, problems: Problems, last: tuple[str, ...] = ("status", "note")) -> list[_Row]:
    """The lines of a table with these columns and, where they are not said to be others, those of every such table."""
    return [_Row(path, line, cells, problems) for line, cells in read_table(path, (*columns.split(), *last), problems)]
