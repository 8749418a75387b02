"""annotated/*.tsv, categories/both/*.tsv → texts with the terms marked in them, and the categories of their lines.

A row is a clause in Japanese and in English: `document`, `part` (train or held-out), `category`, `also` (parted by
spaces), `ja`, `en`; an empty row parts groups. Terms are marked where they stand: [[個人情報|PersonalInformation]].
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent / "annotated"  # in plain and varied words
USUAL = Path(__file__).parent / "categories" / "both"  # in the wording of usual policies
SECOND = Path(__file__).parent / "categories" / "second"  # fourteen of these, marked by another annotator
LANGUAGES = ("ja", "en")
MARKED = re.compile(r"\[\[([^\[\]|]+)\|(\w+)\]\]")


@dataclass(slots=True)
class Annotated:
    """One side of a document."""

    name: str
    part: str
    language: str
    text: str = ""
    terms: list[tuple[int, int, str]] = field(default_factory=list)  # start, end, concept
    lines: dict[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)  # span → primary category first
    rows: list[tuple[int, int] | None] = field(default_factory=list)  # of each row its span; None where it is empty

    def add(self, marked: str, categories: tuple[str, ...]) -> None:
        """Add a line."""
        start, at = len(self.text), 0
        for found in MARKED.finditer(marked):
            self.text += marked[at : found.start()]
            self.terms.append((len(self.text), len(self.text) + len(found[1]), found[2]))
            self.text += found[1]
            at = found.end()
        self.text += marked[at:]
        self.rows.append((start, len(self.text)) if marked else None)
        if marked:
            self.lines[start, len(self.text)] = categories
        self.text += "\n"


def read(folder: Path = FOLDER) -> Iterator[Annotated]:
    """The documents of all files, the Japanese side of each before the English."""
    for path in sorted(folder.glob("*.tsv")):
        documents: dict[str, list[Annotated]] = {}
        sides: list[Annotated] = []
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                if name := row["document"]:
                    sides = documents.setdefault(name, [Annotated(name, row["part"], spoken) for spoken in LANGUAGES])
                for side in sides:
                    side.add(row[side.language], (row["category"], *row["also"].split()))
        for sides in documents.values():
            yield from sides


def sides(folder: Path = FOLDER) -> Iterator[tuple[Annotated, Annotated]]:
    """The Japanese and the English side of each document; their rows correspond."""
    found = iter(read(folder))
    return zip(found, found, strict=True)


def marked() -> Iterator[Annotated]:
    """The documents of both folders."""
    yield from read(FOLDER)
    yield from read(USUAL)
