"""Approved pairs of texts: exact and fuzzy look-up in both directions, kept in one SQLite file; TMX and XLIFF."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from normalizer.memory import database
from normalizer.memory.adjust import adjusted
from normalizer.memory.keys import Key, key, split_marker
from normalizer.memory.markers import remarked
from normalizer.memory.model import OTHER, Added, Adjustment, Entry, Match, Unit, Variant
from normalizer.memory.search import Sizes, fuzzy
from normalizer.memory.xml import clean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path
    from types import TracebackType

    from normalizer.model import Language

__all__ = ["Added", "Adjustment", "Entry", "Match", "Memory", "Unit", "Variant"]

_ROWS = 50  # units with one text that are looked at
_SHAPES = 16  # units with one skeleton whose slots are tried


class Memory:
    """A translation memory in one SQLite file. One for each thread; any number may read while one writes.

    >>> from pathlib import Path; from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, Memory.open(Path(folder) / "my.memory", create=True) as memory:
    ...     added = memory.add([Unit("手数料は1,100円です。", "The fee is 1,100 yen.")])
    ...     match = memory.lookup("手数料は2,200円です。", "ja")[0]
    >>> match.percent, match.target
    (99, 'The fee is 2,200 yen.')
    """

    def __init__(self, path: Path, create: bool = False) -> None:
        self.path = path
        self._connection = database.connect(path, create)
        self._sizes = Sizes(self._connection)

    @classmethod
    def open(cls, path: Path, create: bool = False) -> Memory:
        """The memory in a file; with `create` one that is not there is made. Raises StoreError."""
        return cls(path, create)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> Memory:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def __len__(self) -> int:
        with database.told(self.path):
            return int(self._connection.execute("SELECT count(*) FROM unit").fetchone()[0])

    def units(self) -> Iterator[Unit]:
        """All units in the order in which they came in."""
        with database.told(self.path):
            for row in self._connection.execute(f"{database.READ} ORDER BY id"):
                yield database.unit_of(row)[2]

    def add(self, units: Iterable[Unit]) -> Added:
        """Add units, all or, if something is raised on the way, none. Raises StoreError.

        A pair that the memory has is not stored twice. One of a `record` of a `document` that the memory has with the
        same source, or the same translation, takes that one's place. Other translations of a text are kept beside.
        """
        with database.told(self.path):
            return database.add(self._connection, units)

    def lookup(
        self,
        text: str,
        source_language: Language,
        limit: int = 5,
        threshold: int = 75,
        concepts: Collection[str] = (),
        context: int = 0,
    ) -> tuple[Match, ...]:
        """The translations of texts like this one, the best first.

        threshold: the lowest per cent that counts. concepts: ids of the concepts that the text names; where they and
        the unit's are known, fuzzy matches are judged by them too. context: `keys.context` of the texts around it.
        Units with the same words, or with none but other numbers and names, are looked for first; only where there is
        none, like ones are. Raises StoreError.
        """
        text = clean(text)
        asked = key(text, source_language)
        with database.told(self.path):
            matches = self._same(text, asked, source_language, context, limit)
            if not matches and asked.folded and threshold <= 98:
                matches = self._like(asked, source_language, concepts, limit, threshold)
        matches = [match for match in matches if match.percent >= threshold]
        matches.sort(key=lambda match: (-match.percent, -match.stored.score))  # stable: the older unit first
        return _distinct(matches)[:limit]

    def _same(self, text: str, asked: Key, language: Language, context: int, limit: int) -> list[Match]:
        """Units with the same words, else those with the same skeleton whose slots can be adjusted."""
        found = [
            self._exact(row, text, asked, language, context) for row in self._rows("digest", language, asked.digest)
        ]
        matches = [match for match in found if match]
        if not matches and asked.slots:
            rows = self._rows("shape", language, asked.shape, _SHAPES)
            adjustable = (self._adjusted(row, asked, language) for row in rows)
            matches = list(itertools.islice(filter(None, adjustable), limit))
        return matches

    def _rows(self, key: str, language: Language, value: int, limit: int = _ROWS) -> list[tuple[str, Unit]]:
        query = f"{database.READ} WHERE {key}_{language} = ? ORDER BY id LIMIT {limit}"
        return [database.unit_of(row)[1:] for row in self._connection.execute(query, (value,)).fetchall()]

    def _exact(self, row: tuple[str, Unit], text: str, asked: Key, language: Language, context: int) -> Match | None:
        identity, unit = row
        source, target = unit.text(language), unit.text(OTHER[language])
        if source.split() == text.split():
            percent = 101 if context and context == unit.context(language) else 100
            return Match(identity, source, target, percent, (), unit)
        return self._match(row, asked, language, target, (), 99)

    def _adjusted(self, row: tuple[str, Unit], asked: Key, language: Language) -> Match | None:

        _, unit = row
        stored = key(unit.text(language), language)
        if stored.skeleton != asked.skeleton:
            return None
        done = adjusted(
            unit.text(OTHER[language]), stored.slots, asked.slots, language, lambda n: self._name(n, language)
        )
        return self._match(row, asked, language, *done, percent=99) if done else None

    def _match(
        self,
        row: tuple[str, Unit],
        asked: Key,
        language: Language,
        target: str,
        adjusted: tuple[Adjustment, ...],
        percent: int,
    ) -> Match | None:
        """A match with the marker of the text asked for; None where that has none in the other language."""

        identity, unit = row
        source = unit.text(language)
        done = remarked(target, split_marker(source)[0], asked.marker, language)
        return Match(identity, source, done[0], percent, (*adjusted, *done[1]), unit) if done else None

    def _like(
        self, asked: Key, language: Language, concepts: Collection[str], limit: int, threshold: int
    ) -> list[Match]:

        matches = []
        for percent, number in fuzzy(self._connection, self._sizes, asked.folded, language, concepts, limit, threshold):
            row = self._connection.execute(f"{database.READ} WHERE id = ?", (number,)).fetchone()
            if row:
                _, identity, unit = database.unit_of(row)
                plain = Match(identity, unit.text(language), unit.text(OTHER[language]), percent, (), unit)
                marked = self._match((identity, unit), asked, language, unit.text(OTHER[language]), (), percent)
                matches.append(marked or plain)
        return matches

    def _name(self, name: str, language: Language) -> str:
        """What the memory says a name is in the other language; "" where it knows no unit that is just the name."""

        rows = self._rows("digest", language, key(name, language).digest)
        return next((unit.text(OTHER[language]) for _, unit in rows), "")


def _distinct(matches: list[Match]) -> tuple[Match, ...]:
    """One match for each translation, the first."""
    first: dict[str, Match] = {}
    for match in matches:
        first.setdefault(match.target, match)
    return tuple(first.values())
