"""Records → an Excel workbook for lawyers: a row a record, a sheet of the differences, a sheet that explains both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from normalizer.export.names import KNOWN, Name, category_names, concept_names, sheet_columns, sheet_words
from normalizer.export.workbook import Book, Cell, Place, Sheet
from normalizer.glossary import Glossary, glossary_folder
from normalizer.records import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from typing import BinaryIO

    from normalizer.export.names import Column
    from normalizer.records import Difference, Record, Side


@dataclass(frozen=True, slots=True)
class _Texts:
    """What the workbook says apart from the policies."""

    words: Mapping[str, Name]
    columns: Mapping[str, tuple[Column, ...]]
    categories: Mapping[str, Name]
    concepts: Mapping[str, Name]

    @classmethod
    def load(cls, folder: Path | None) -> _Texts:
        place = folder or glossary_folder()
        columns, concepts = sheet_columns(place, KNOWN), concept_names(Glossary.load(place))
        return cls(sheet_words(place), columns, category_names(place), concepts)

    def both(self, key: str, between: str = " ") -> str:
        return _both(self.words[key], between)


def write(records: Iterable[Record], out: BinaryIO, *, tables: Path | None = None) -> None:
    """Write records as an .xlsx file, in their order, as they come; only links are kept in memory.

    Titles, widths and order of the columns are those of sheet_columns.csv. tables: a folder of tables instead of the
    one shipped. A text of more than 32,767 characters goes on in the next row, a sheet of more than 1,048,576 rows in
    the next sheet. Characters that XML forbids are U+FFFD. Raises GlossaryError where a table does not hold together.
    """
    texts = _Texts.load(tables)
    with Book(texts.both("title")) as book:
        rows, differences = _sheet(book, texts, "records"), _sheet(book, texts, "differences")
        for record in records:
            place = rows.next
            rows.append(_row(record, texts, differences.next if record.differences else None))
            for difference in record.differences:
                differences.append(_difference(record, difference, texts, place))
        _explain(_sheet(book, texts, "guide"), texts)
        book.save(out)


def _sheet(book: Book, texts: _Texts, name: str) -> Sheet:
    columns = texts.columns[name]
    heads = [_both(column.title, "\n") for column in columns]
    return book.sheet(texts.both(name), heads, [column.width for column in columns])


def _both(name: Name, between: str = " ") -> str:
    return name.ja if name.ja == name.en else f"{name.ja}{between}{name.en}"


def _row(record: Record, texts: _Texts, link: Place | None) -> list[Cell]:
    worst = next((s for s in SEVERITIES if any(d.severity == s for d in record.differences)), "")
    values: dict[str, Any] = {
        "policy": record.policy,
        "position": record.position,
        "category": _category(record, texts),
        "severity": texts.both(f"severity-{worst}") if worst else None,
        "differences": "\n".join(_summary(difference, texts) for difference in record.differences) or None,
        "concepts": "\n".join(_both(texts.concepts.get(id, Name(id, id)), " / ") for id in record.concepts),
        "score": record.link.score,
        "link": record.link.kind,
        "id": record.id,
        **_side("ja", record.ja, texts),
        **_side("en", record.en, texts),
    }
    missing = {f"{language}_text" for language, side in (("ja", record.ja), ("en", record.en)) if side is None}
    coloured = {"severity", "differences", "ja_text", "en_text"}
    return [
        Cell(
            values[column.name],
            "empty" if column.name in missing else worst if column.name in coloured else "",
            link if column.name == "severity" else None,
        )
        for column in texts.columns["records"]
    ]


def _category(record: Record, texts: _Texts) -> str:
    return _both(texts.categories.get(record.category, Name(record.category, record.category)), "\n")


def _summary(difference: Difference, texts: _Texts) -> str:
    message = "\n".join(difference.message[language] for language in ("ja", "en") if language in difference.message)
    return f"【{texts.both(f'severity-{difference.severity}')}】{message}"


def _side(language: str, side: Side | None, texts: _Texts) -> dict[str, str | None]:
    if side is None:
        return dict.fromkeys(f"{language}_{name}" for name in ("number", "text", "heading", "origin"))
    return {
        f"{language}_number": " ".join(clause.number for clause in side.clauses if clause.number),
        f"{language}_text": side.text,
        f"{language}_heading": next((clause.heading for clause in side.clauses if clause.heading), None),
        f"{language}_origin": texts.both(f"origin-{side.origin}"),
    }


def _difference(record: Record, difference: Difference, texts: _Texts, place: Place) -> list[Cell]:
    values = {
        "id": record.id,
        "severity": texts.both(f"severity-{difference.severity}"),
        "code": difference.code,
        "message_ja": difference.message.get("ja"),
        "message_en": difference.message.get("en"),
        "ja_passage": difference.ja.text if difference.ja else None,
        "en_passage": difference.en.text if difference.en else None,
        "category": _category(record, texts),
        "policy": record.policy,
    }
    return [
        Cell(
            values[column.name],
            difference.severity if column.name == "severity" else "",
            place if column.name == "id" else None,
        )
        for column in texts.columns["differences"]
    ]


def _explain(guide: Sheet, texts: _Texts) -> None:
    """The guide: every column, every colour, and what Excel cannot hold."""
    for sheet in ("records", "differences"):
        for column in texts.columns[sheet]:
            _line(guide, texts, texts.both(sheet), _both(column.title, "\n"), column.meaning)
    for fill in (*SEVERITIES, "empty"):
        _line(guide, texts, texts.both("records"), texts.both("colour", "\n"), texts.words[f"colour-{fill}"], fill)
    _line(guide, texts, "", texts.both("limits", "\n"), texts.words["limits-text"])


def _line(guide: Sheet, texts: _Texts, sheet: str, title: str, meaning: Name, fill: str = "") -> None:
    values = {"sheet": sheet, "title": title, "meaning_ja": meaning.ja, "meaning_en": meaning.en}
    columns = texts.columns["guide"]
    guide.append([Cell(values[column.name], fill if column.name == "title" else "") for column in columns])
