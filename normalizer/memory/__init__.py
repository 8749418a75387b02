"""Approved pairs of texts: exact and fuzzy look-up in both directions, kept in one SQLite file; TMX and XLIFF."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from normalizer.memory import database, matching
from normalizer.memory.keys import Key, key
from normalizer.memory.model import Added, Adjustment, Entry, Match, Unit, Variant
from normalizer.memory.search import FUZZY, Shelf, fuzzy
from normalizer.memory.xml import clean
from normalizer.model import OTHER

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
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

    def __init__(self, path: Path, create: bool = False, name: Path | None = None) -> None:
        """name: what messages call the file, where that is not its path."""
        self.path = name or path
        self._connection = database.connect(path, create, self.path)
        self._shelf = Shelf(self._connection)

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
                yield database.unit_of(row)

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
        return self.lookups([text], source_language, limit, threshold, [concepts], [context])[0]

    def lookups(
        self,
        texts: Sequence[str],
        source_language: Language,
        limit: int = 5,
        threshold: int = 75,
        concepts: Sequence[Collection[str]] = (),
        contexts: Sequence[int] = (),
    ) -> list[tuple[Match, ...]]:
        """For each text what `lookup` says, sooner than one by one. concepts, contexts: of each text, or empty."""
        language = source_language
        cleaned = [clean(text) for text in texts]
        asked = [key(text, language) for text in cleaned]
        around = contexts or [0] * len(texts)
        with database.told(self.path), database.snapshot(self._connection):
            found = [
                self._same(text, its, language, context, limit)
                for text, its, context in zip(cleaned, asked, around, strict=True)
            ]
            if threshold <= FUZZY:
                self._like(found, asked, language, concepts or [()] * len(texts), limit, threshold)
        return [_distinct(matches, threshold)[:limit] for matches in found]

    def _same(self, text: str, asked: Key, language: Language, context: int, limit: int) -> list[Match]:
        """Units with the same words, else those with the same skeleton whose slots can be adjusted."""
        rows = database.sharing(self._connection, "digest", language, asked.digest, _ROWS)
        matches = matching.exact(rows, text, asked, language, context, limit) if rows else []
        if not matches and asked.slots:
            rows = database.sharing(self._connection, "shape", language, asked.shape, _SHAPES)
            made = (matching.adjustable(row, asked, language, lambda n: self._name(n, language)) for row in rows)
            matches = list(itertools.islice(filter(None, made), limit))
        return matches

    def _like(
        self,
        found: list[list[Match]],
        asked: list[Key],
        language: Language,
        concepts: Sequence[Collection[str]],
        limit: int,
        threshold: int,
    ) -> None:
        """Add, where nothing was found, the units that are most like."""
        left = [at for at, its in enumerate(asked) if its.folded and not found[at]]
        if not left:
            return
        folded, named = [asked[at].folded for at in left], [concepts[at] for at in left]
        like = dict(zip(left, fuzzy(self._shelf, folded, language, named, limit, threshold), strict=True))
        for at, pairs in like.items():
            rows = ((percent, database.row(self._connection, number)) for percent, number in pairs)
            found[at] += [matching.fuzzy(row, asked[at], language, percent) for percent, row in rows if row]

    def _name(self, name: str, language: Language) -> str:
        """What the memory says a name is in the other language; "" where it knows no unit that is just the name."""
        rows = database.sharing(self._connection, "digest", language, key(name, language).digest, 1)
        return next((database.unit_of(row).text(OTHER[language]) for row in rows), "")


def _distinct(matches: list[Match], threshold: int) -> tuple[Match, ...]:
    """One match for each translation, the best; of equally good ones that of the older unit."""
    first: dict[str, Match] = {}
    for match in sorted(matches, key=lambda match: (-match.percent, -match.stored.score)):
        if match.percent >= threshold:
            first.setdefault(match.target, match)
    return tuple(first.values())
