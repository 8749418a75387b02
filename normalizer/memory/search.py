"""A text to the stored units that are like it: the candidates, and how like each is.

Candidates share rare pieces with the text (Japanese three characters, English two words) and are about as long; each is
then compared with it character by character (Levenshtein distance over the longer length, as CAT tools do), by its
concepts, and by whether it turns what the text says.
"""

from __future__ import annotations

import json
from bisect import insort
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from normalizer.memory import blocks
from normalizer.memory.candidates import Index
from normalizer.memory.turned import turned

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Sequence

    from normalizer.memory.blocks import Block
    from normalizer.model import Language

CONCEPTS = 0.15  # the weight of shared concepts beside that of characters, where both texts have concepts
TURNED = 25  # per cent that are taken off where one text turns what the other says
FUZZY = 98  # per cent that a fuzzy match has at most
_TOGETHER = 256  # texts that are looked for together, so that their arrays stay small


def fuzzy(
    shelf: Shelf,
    texts: Sequence[str],
    language: Language,
    concepts: Sequence[Collection[str]],
    limit: int,
    threshold: int,
) -> list[list[tuple[int, int]]]:
    """For each folded text the units that are most like it, as (per cent, number), the best first.

    concepts: ids of those that each text names. threshold: the lowest per cent that counts.
    """
    if len(texts) > _TOGETHER:
        half = len(texts) // 2
        parts = ((texts[:half], concepts[:half]), (texts[half:], concepts[half:]))
        return [found for its, named in parts for found in fuzzy(shelf, its, language, named, limit, threshold)]
    floor = _floor(threshold, any(concepts))
    found = shelf.candidates(texts, language, floor)
    return [
        _likest(shelf, text, units, language, named, limit, threshold)
        for text, named, units in zip(texts, concepts, found, strict=True)
    ]


def _likest(
    shelf: Shelf,
    text: str,
    units: list[tuple[int, str]],
    language: Language,
    concepts: Collection[str],
    limit: int,
    threshold: int,
) -> list[tuple[int, int]]:
    others = [other for _, other in units]
    floor = _floor(threshold, bool(concepts))
    likes = process.extract(text, others, scorer=Levenshtein.normalized_similarity, score_cutoff=floor, limit=None)
    own = shelf.concepts([units[at][0] for _, _, at in likes], language) if concepts else {}
    found: list[tuple[int, int]] = []
    for other, like, at in likes:  # the likest first
        if len(found) >= limit and _at_most(like, bool(concepts)) < -found[limit - 1][0]:
            break
        percent = _percent(like, concepts, own.get(units[at][0], ()))
        if percent >= threshold and turned(text, other, language):
            percent -= TURNED
        if percent >= threshold:
            insort(found, (-percent, units[at][0]))
    return [(-percent, number) for percent, number in found[:limit]]


def _floor(threshold: int, concepts: bool) -> float:
    """How like the characters must be for the threshold to be reached at all."""
    share = threshold / 100
    return max(0.0, (share - CONCEPTS) / (1 - CONCEPTS)) if concepts else share


def _at_most(like: float, concepts: bool) -> int:
    """The per cent of a unit with such characters if its concepts are all the same."""
    return min(FUZZY, int(100 * ((1 - CONCEPTS) * like + CONCEPTS if concepts else like)))


def _percent(like: float, concepts: Collection[str], own: Collection[str]) -> int:
    if concepts and own:
        like = (1 - CONCEPTS) * like + CONCEPTS * len({*concepts} & {*own}) / len({*concepts, *own})
    return min(FUZZY, int(100 * like))


class Shelf:
    """The blocks of a memory that look-ups have asked for, kept at hand; after somebody wrote, what is new is read."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._state = (-1, -1)
        self._blocks: dict[Language, dict[int, Block]] = {}  # by their digests
        self._indexes: dict[Language, Index] = {}  # of those that were read since somebody wrote
        self._gone: set[int] = set()  # numbers of units that blocks have and the memory has no more

    def candidates(self, texts: Sequence[str], language: Language, floor: float) -> list[list[tuple[int, str]]]:
        """For each folded text the numbers and texts of the units that are likely to be like it, in that order."""
        found = self._index(language).candidates(texts, language, floor)
        return [[unit for unit in units if unit[0] not in self._gone] for units in found] if self._gone else found

    def concepts(self, numbers: Sequence[int], language: Language) -> dict[int, list[str]]:
        """The concepts that units name, by the numbers of the units."""
        query = f"SELECT id, concepts_{language} FROM unit WHERE id IN (SELECT value FROM json_each(?))"
        return {number: own.split() for number, own in self._connection.execute(query, (json.dumps(numbers),))}

    def _index(self, language: Language) -> Index:
        (others,) = self._connection.execute("PRAGMA data_version").fetchone()  # counts what other writers did
        state = (others, self._connection.total_changes)
        if state != self._state:
            self._indexes.clear()
            self._state = state
        if language not in self._indexes:
            self._blocks[language] = blocks.refreshed(self._connection, language, self._blocks.get(language, {}))
            self._gone = {number for (number,) in self._connection.execute("SELECT id FROM gone")}
            self._indexes[language] = Index(self._blocks[language].values())
        return self._indexes[language]
