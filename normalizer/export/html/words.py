"""The tables page_words.csv and categories.csv → what the page says, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

COLUMNS = ("key", "ja", "en")
CATEGORY_COLUMNS = ("id", "refines", "family", "governs", "action", "label_ja", "label_en", "description")


@dataclass(frozen=True, slots=True)
class Label:
    """A name in both languages."""

    ja: str
    en: str


@dataclass(frozen=True, slots=True)
class Words:
    """The words of the interface by key, and the names of the categories by id, in the tables' order."""

    interface: Mapping[str, Label]
    categories: Mapping[str, Label]

    @classmethod
    def load(cls, folder: Path) -> Words:
        """Read the tables in `folder`. Raises GlossaryError where one cannot be read or a word lacks a language."""
        problems = Problems()
        words, categories = folder / "page_words.csv", folder / "categories.csv"
        rows = read_table(words, COLUMNS, problems)
        for line, row in rows:
            for language in ("ja", "en"):
                if not row[language]:
                    problems.add(words, line, f"{row['key']!r} has no word in {language!r}")
        named = read_table(categories, CATEGORY_COLUMNS, problems)
        problems.refuse()
        return cls(
            {row["key"]: Label(row["ja"], row["en"]) for _, row in rows},
            {row["id"]: Label(row["label_ja"], row["label_en"]) for _, row in named},
        )

    def category(self, id: str) -> Label:
        """The name of a category; its id where a later version of the library knows more categories."""
        return self.categories.get(id, Label(id, id))
