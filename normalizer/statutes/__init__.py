"""Find the laws that a text cites and say what each provision meant at a date: text → citations.

tables.py reads the tables, wording.py compiles their words; names.py and references.py read a text, linking.py ties
what they find together; definitions.py reads the short names that a text gives to laws; resolving.py looks up dates.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from normalizer.statutes.definitions import DefinitionReader
from normalizer.statutes.linking import Citation, Linker
from normalizer.statutes.names import NameReader
from normalizer.statutes.references import EnglishReader, JapaneseReader
from normalizer.statutes.resolving import Meaning, Resolver
from normalizer.statutes.tables import read_tables
from normalizer.statutes.wording import Lexicon

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping
    from pathlib import Path

    from normalizer.statutes.tables import Tables

__all__ = ["Citation", "Meaning", "Statutes"]

_NO_ALIASES: Mapping[str, str] = MappingProxyType({})


class Statutes:
    """The laws that the tables know; built once, then asked any number of times."""

    def __init__(self, tables: Tables) -> None:
        words = Lexicon(tables.words)
        names = NameReader(tables, words)
        self._resolver = Resolver(tables.versions, tables.provisions)
        self._definitions = DefinitionReader(tables.laws, names, words)
        self._linker = Linker(names, JapaneseReader(words), EnglishReader(words), words, self._resolver)

    @classmethod
    def load(cls, folder: Path) -> Statutes:
        """The statutes of the tables statutes, statute_names, statute_versions, statute_articles and citation_words.

        Raises GlossaryError, with file, line and the nearest valid value, for a table that does not hold together.
        """
        return cls(read_tables(folder))

    def find(
        self,
        text: str,
        start: int,
        end: int,
        language: str,
        date: datetime.date,
        aliases: Mapping[str, str] = _NO_ALIASES,
    ) -> tuple[Citation, ...]:
        """The citations within `text[start:end]`, in order, with offsets into `text`; none overlaps another.

        `language` ("ja", "en", or another code for neither) decides names that the two languages use differently.
        `date` is the day at which provisions are looked up: the policy's own. `aliases` are the policy's short names,
        as `aliases` gives them. 第5条 or "Article 5" without a law is the policy's own and is not found.
        """
        return self._linker.find(text, start, end, language, date, aliases)

    def find_bracketed(
        self, text: str, start: int, end: int, language: str, date: datetime.date, law: str, after: int
    ) -> tuple[Citation, ...]:
        """The provisions that fill a bracket of `text[start:end]` alone, （第32条第2項）, as those of `law`.

        `law` is the one that the sentences above are about; articles up to `after`, the policy's last, are its own.
        """
        return self._linker.find_bracketed(text, start, end, language, date, law, after)

    def aliases(self, text: str) -> dict[str, str]:
        """The short names that a text gives to laws, with the laws' ids: {"法": "APPI", "the Act": "APPI"}.

        A text that uses 法第…条, 本法 or "the Act" without defining it means the Japanese statute that it names,
        where it names only one.
        """
        return self._definitions.aliases(text)

    def resolve(
        self, law: str, article: str | None, paragraph: int | None, item: str | None, date: datetime.date
    ) -> Meaning:
        """Which version of the law applied at `date`, and the concept of the provision (else of its paragraph, else
        of its article) in it. An item is lower case Roman ("ii") in Japanese law, a letter elsewhere."""
        return self._resolver.resolve(law, article, paragraph, item, date)
