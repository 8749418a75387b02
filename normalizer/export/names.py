"""Tables → the names of categories, concepts and of a workbook's parts, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from normalizer.glossary import Glossary

COLUMN_COLUMNS = ("sheet", "column", "width", "title_ja", "title_en", "meaning_ja", "meaning_en")
KNOWN = {  # the columns of each sheet of a workbook
    "records": (
        *("policy", "position", "category", "ja_number", "ja_text", "en_text", "en_number", "severity", "differences"),
        *("concepts", "ja_heading", "en_heading", "ja_origin", "en_origin", "score", "link", "id"),
    ),
    "differences": (
        *("id", "severity", "code", "message_ja", "message_en", "ja_passage", "en_passage", "category", "policy"),
    ),
    "guide": ("sheet", "title", "meaning_ja", "meaning_en"),
}
CATEGORY_COLUMNS = ("id", "refines", "family", "governs", "action", "label_ja", "label_en", "description")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in both languages."""

    ja: str
    en: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet."""

    name: str
    width: float  # in characters
    title: Name
    meaning: Name


def named(
    path: Path, columns: tuple[str, ...] = ("key", "ja", "en"), key: str = "key", prefix: str = ""
) -> dict[str, Name]:
    """The names in a table by its column `key`, in the table's order.

    prefix: what stands before `ja` and `en` in the names of the two columns. Raises GlossaryError naming file and line
    where a name lacks a language.
    """
    problems = Problems()
    rows = read_table(path, columns, problems)
    for line, row in rows:
        for language in ("ja", "en"):
            if not row[prefix + language]:
                problems.add(path, line, f"{row[key]!r} has no name in {language!r}")
    problems.refuse()
    return {row[key]: Name(row[f"{prefix}ja"], row[f"{prefix}en"]) for _, row in rows}


def category_names(folder: Path) -> dict[str, Name]:
    """The names of the categories by id, from categories.csv. Raises GlossaryError."""
    return named(folder / "categories.csv", CATEGORY_COLUMNS, "id", "label_")


def sheet_words(folder: Path) -> dict[str, Name]:
    """The words of a workbook by key, from sheet_words.csv. Raises GlossaryError."""
    return named(folder / "sheet_words.csv")


def concept_names(glossary: Glossary) -> dict[str, Name]:
    """The preferred term of each concept; its label in the concept table where no term is preferred."""
    terms = {(term.concept, term.language): term.form for term in glossary.terms if term.status == "preferred"}
    return {
        concept.id: Name(*(terms.get((concept.id, language)) or concept.label(language) for language in ("ja", "en")))
        for concept in glossary.ontology
    }


def sheet_columns(folder: Path, known: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[Column, ...]]:
    """The columns of each sheet, in the order of sheet_columns.csv.

    known: the columns that there are, by sheet; the table may order them anew, rename them or leave some out. Raises
    GlossaryError naming file, line, value and the nearest valid ones.
    """
    path, problems = folder / "sheet_columns.csv", Problems()
    found: dict[str, list[Column]] = {sheet: [] for sheet in known}
    for line, row in read_table(path, COLUMN_COLUMNS, problems):
        if row["sheet"] not in known:
            problems.unknown(path, line, "sheet", row["sheet"], known)
        elif row["column"] not in known[row["sheet"]]:
            problems.unknown(path, line, "column", row["column"], known[row["sheet"]])
        elif not row["width"].isdecimal() or not 1 <= int(row["width"]) <= 255:
            problems.add(path, line, f"width {row['width']!r} is no number from 1 to 255")
        else:
            title, meaning = Name(row["title_ja"], row["title_en"]), Name(row["meaning_ja"], row["meaning_en"])
            found[row["sheet"]].append(Column(row["column"], int(row["width"]), title, meaning))
    for sheet in (sheet for sheet, columns in found.items() if not columns):
        problems.add(path, 1, f"there is no column of the sheet {sheet!r}")
    problems.refuse()
    return {sheet: tuple(columns) for sheet, columns in found.items()}
