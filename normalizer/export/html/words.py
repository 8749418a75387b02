"""The tables page_words.csv and categories.csv → what the page says, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer.export.names import Name, category_names, named

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Words:
    """The words of the interface by key, and the names of the categories by id, in the tables' order."""

    interface: Mapping[str, Name]
    categories: Mapping[str, Name]

    @classmethod
    def load(cls, folder: Path) -> Words:
        """Read the tables in `folder`. Raises GlossaryError where one cannot be read or a word lacks a language."""
        return cls(named(folder / "page_words.csv"), category_names(folder))

    def category(self, id: str) -> Name:
        """The name of a category; its id where a later version of the library knows more categories."""
        return self.categories.get(id, Name(id, id))
