"""A folder of tables, and a user's own, to rows that know their file and line; nothing is judged here but the shape."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from normalizer.errors import Finding, GlossaryError
from normalizer.glossary.entries import folded
from normalizer.glossary.tbx import read_terms
from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TERM_COLUMNS = ("concept", "language", "form", "status", "register", "source", "note")
SENSE_COLUMNS = ("language", "form", "concept", "cue", "weight", "scope")
COLUMNS = {
    "concepts": (
        *("id", "broader", "kind", "label_ja", "label_en", "definition_ja", "definition_en"),
        *("appi", "gdpr", "dpv", "opp115", "status", "note"),
    ),
    "terms": TERM_COLUMNS,
    "patterns": ("concept", "language", "pattern"),
    "coordination": ("language", "role", "form", "concept"),
    "idioms": ("language", "form", "note"),
    "senses": SENSE_COLUMNS,
    "lemmas_en": ("surface", "lemma"),
    "dpv": ("curie", "iri", "label"),
    "opp115": ("category", "note"),
    "statute_versions": ("law", "version", "in_force_from", "articles", "status", "note"),
    "statute_articles": (
        *("law", "version", "article", "paragraph", "item", "concept", "also", "paragraphs", "status"),
        *("evidence", "note"),
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table."""

    path: Path
    line: int  # from 1
    cells: dict[str, str]  # by column, without white space around
    stray: str = ""  # the first cell that had white space around

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything the glossary is made of, as it was read; a user's terms stand in place of what they override."""

    concepts: tuple[Row, ...]
    terms: tuple[Row, ...]
    patterns: tuple[Row, ...]
    coordination: tuple[Row, ...]
    idioms: tuple[Row, ...]
    senses: tuple[Row, ...]
    lemmas_en: tuple[Row, ...]
    dpv: tuple[Row, ...]
    opp115: tuple[Row, ...]
    statute_versions: tuple[Row, ...]
    statute_articles: tuple[Row, ...]
    own: frozenset[tuple[str, str]]  # (language, folded form) of the user's terms
    problems: tuple[Finding, ...]  # files that cannot be read, lines of a wrong shape


def glossary_folder() -> Path:
    """Where the tables are: beside the package as in the wheel, else in the checkout. Raises GlossaryError."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "glossaries", package.parent / "glossaries"):
        if (folder / "concepts.csv").is_file():
            return folder
    raise GlossaryError(f"no glossary tables in {package / 'glossaries'} or {package.parent / 'glossaries'}")


def used_files(folder: Path, extra: Sequence[Path]) -> tuple[Path, ...]:
    """The files that `read_tables` reads."""
    return (*(folder / f"{name}.csv" for name in COLUMNS), *extra)


def read_tables(folder: Path, extra: Sequence[Path] = ()) -> Tables:
    """The tables of a folder. extra: a user's own terms (.csv with the columns of terms.csv, or .tbx).

    Raises nothing: what cannot be read is among `Tables.problems`.
    """
    problems = Problems()
    found = {name: _rows(folder / f"{name}.csv", columns, problems) for name, columns in COLUMNS.items()}
    own: set[tuple[str, str]] = set()
    for path in extra:
        rows = read_terms(path, problems) if path.suffix.lower() == ".tbx" else None
        terms = _rows(path, TERM_COLUMNS, problems, rows)
        found["terms"] = _merged(found["terms"], terms)
        own |= {_form(row) for row in terms}
    return Tables(**found, own=frozenset(own), problems=problems.found)


def _rows(
    path: Path, columns: Sequence[str], problems: Problems, known: Iterable[tuple[int, dict[str, str]]] | None = None
) -> tuple[Row, ...]:
    rows = read_table(path, columns, problems, strip=False) if known is None else known
    return tuple(_row(path, line, cells) for line, cells in rows)


def _row(path: Path, line: int, cells: dict[str, str]) -> Row:
    bare = {column: cell.strip() for column, cell in cells.items()}
    stray = next(cell for column, cell in cells.items() if cell != bare[column]) if bare != cells else ""
    return Row(path, line, bare, stray)


def _merged(before: Sequence[Row], own: Sequence[Row]) -> tuple[Row, ...]:
    """What a user says of a form replaces what was said of it; his preferred form makes the old one an admitted one.

    Where he takes a concept's preferred form for another concept, the next form of the table follows it.
    """
    said = {_form(row) for row in own}
    preferred = {_place(row) for row in own if row["status"] == "preferred"}
    vacant = {_place(row) for row in before if _form(row) in said and row["status"] == "preferred"} - preferred
    kept: list[Row] = []
    for row in before:
        if _form(row) in said:
            continue
        if _place(row) in vacant and row["status"] != "wrong":
            vacant.discard(_place(row))
            row = _with_status(row, "preferred")
        elif _place(row) in preferred and row["status"] == "preferred":
            row = _with_status(row, "admitted")
        kept.append(row)
    return (*kept, *own)


def _with_status(row: Row, status: str) -> Row:
    return replace(row, cells=row.cells | {"status": status})


def _place(row: Row) -> tuple[str, str]:
    return row["concept"], row["language"]


def _form(row: Row) -> tuple[str, str]:
    return row["language"], folded(row["form"])
