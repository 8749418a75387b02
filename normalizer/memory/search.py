"""A text to the stored units that are like it: the candidates, and how like each is.

Candidates share rare pieces with the text (Japanese three characters, English two words); each is then compared with it
character by character (Levenshtein distance over the longer length, as CAT tools do), by its concepts, and by whether
it denies what the text affirms.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz.distance import Levenshtein

from normalizer import cues
from normalizer.glossary import glossary_folder
from normalizer.memory.database import PART
from normalizer.memory.keys import grams

if TYPE_CHECKING:
    import re
    import sqlite3
    from collections.abc import Collection, Iterator

    from numpy.typing import NDArray

    from normalizer.model import Language

CONCEPTS = 0.15  # the weight of shared concepts beside that of characters, where both texts have concepts
NEGATION = 25  # per cent that are taken off where one text denies and the other does not
FUZZY = 98  # per cent that a fuzzy match has at most
_POSTINGS = 2_000  # units that are looked at, at most, beside those of the rarest pieces
_RAREST = 3  # pieces that are looked at, however common
_CANDIDATES = 32  # units that are compared in full
_PIECES = 500_000  # pieces and
_TEXTS = 200_000  # texts that are kept at hand
_KNOWN = (
    "SELECT gram, part, length(units), CASE WHEN length(units) <= ? THEN units END FROM gram"
    " WHERE language = ? AND gram IN (SELECT value FROM json_each(?)) ORDER BY gram, part"
)
_FIRST = np.ones(1, dtype=np.bool_)
_UNITS = "SELECT part, units FROM gram WHERE language = ? AND gram IN (SELECT value FROM json_each(?))"


def fuzzy(
    shelf: Shelf, folded: str, language: Language, concepts: Collection[str], limit: int, threshold: int
) -> list[tuple[int, int]]:
    """The units that are most like a folded text, as (per cent, number), the best first; per cent >= threshold."""
    found = []
    numbers = _candidates(shelf, folded, language)
    floor = _floor(threshold, bool(concepts))
    for number, (other, own) in shelf.texts(numbers, language):
        like = Levenshtein.normalized_similarity(folded, other, score_cutoff=floor)
        if like:
            percent = _percent(like, concepts, own.split(), folded, other, language)
            if percent >= threshold:
                found.append((percent, number))
    return sorted(found, key=lambda pair: (-pair[0], pair[1]))[:limit]


def _floor(threshold: int, concepts: bool) -> float:
    """How like the characters must be for the threshold to be reached at all."""
    share = threshold / 100
    return max(0.0, (share - CONCEPTS) / (1 - CONCEPTS)) if concepts else share


def _percent(
    like: float, concepts: Collection[str], own: Collection[str], folded: str, other: str, language: Language
) -> int:
    if concepts and own:
        like = (1 - CONCEPTS) * like + CONCEPTS * len({*concepts} & {*own}) / len({*concepts, *own})
    percent = min(FUZZY, int(100 * like))
    return percent - NEGATION if denies(folded, language) != denies(other, language) else percent


@lru_cache(maxsize=1024)
def denies(folded: str, language: Language) -> bool:
    """Whether a folded text has an odd number of negations: those that cancel out deny nothing."""
    negation, pseudo = _negation(language)
    return (len(negation.findall(folded)) - len(pseudo.findall(folded))) % 2 == 1


@cache
def _negation(language: Language) -> tuple[re.Pattern[str], re.Pattern[str]]:
    known = cues.load(glossary_folder())
    return known["negation"][language], known["pseudo_negation"][language]


class Shelf:
    """What look-ups have read of a memory, kept at hand until somebody writes to it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._state = (-1, -1)
        self._sizes: dict[Language, dict[int, int]] = {"ja": {}, "en": {}}  # how many units have a piece
        self._units: dict[Language, dict[int, list[tuple[int, bytes]]]] = {"ja": {}, "en": {}}  # which, if few
        self._texts: dict[Language, dict[int, tuple[str, str]]] = {"ja": {}, "en": {}}

    def rarest(self, pieces: list[int], language: Language) -> list[int]:
        """The rarest of the pieces that units have, as many as a look-up has time for."""
        self._forget()
        known = self._sizes[language]
        if unknown := [piece for piece in pieces if piece not in known]:
            self._learn(unknown, language)
        sizes = sorted((size, piece) for piece in pieces if (size := known[piece]))
        total = 0
        for rank, (size, _) in enumerate(sizes):
            total += size
            if rank >= _RAREST and total > _POSTINGS:
                return [piece for _, piece in sizes[:rank]]
        return [piece for _, piece in sizes]

    def units(self, pieces: list[int], language: Language) -> dict[int, list[bytes]]:
        """The places of the units that have each piece, by their part of the memory."""
        found: dict[int, list[bytes]] = {}
        known = self._units[language]
        for piece in pieces:
            for part, units in known.get(piece, ()):
                found.setdefault(part, []).append(units)
        if common := [piece for piece in pieces if piece not in known]:
            for part, units in self._connection.execute(_UNITS, (language, json.dumps(common))):
                found.setdefault(part, []).append(units)
        return found

    def texts(self, numbers: list[int], language: Language) -> Iterator[tuple[int, tuple[str, str]]]:
        """The folded text and the concepts of each of the units that are still there, with its number."""
        known = self._texts[language]
        if unknown := [number for number in numbers if number not in known]:
            query = f"SELECT id, folded_{language}, concepts_{language} FROM unit"
            query += " WHERE id IN (SELECT value FROM json_each(?))"
            for number, folded, own in self._connection.execute(query, (json.dumps(unknown),)):
                known[number] = (folded, own)
        return ((number, known[number]) for number in numbers if number in known)

    def _learn(self, pieces: list[int], language: Language) -> None:
        sizes, places = self._sizes[language], self._units[language]
        sizes.update(dict.fromkeys(pieces, 0))
        rows = self._connection.execute(_KNOWN, (2 * _POSTINGS, language, json.dumps(pieces))).fetchall()
        for piece, part, length, units in rows:
            sizes[piece] += length // 2
            if units:
                places.setdefault(piece, []).append((part, units))
        for piece, _, _, units in rows:
            if not units:  # with so many in a part, the parts are read when they are asked for
                places.pop(piece, None)

    def _forget(self) -> None:
        (others,) = self._connection.execute("PRAGMA data_version").fetchone()  # counts what other writers did
        state = (others, self._connection.total_changes)
        changed = state != self._state
        for kept, most in ((self._sizes, _PIECES), (self._texts, _TEXTS)):
            if changed or sum(map(len, kept.values())) > most:
                for known in (*kept.values(), *(self._units.values() if kept is self._sizes else ())):
                    known.clear()
        self._state = state


def _candidates(shelf: Shelf, folded: str, language: Language) -> list[int]:
    """The numbers of units that share most of the text's rare pieces."""
    rare = shelf.rarest(grams(folded, language), language)
    found = shelf.units(rare, language)
    if not found:
        return []
    places = [np.frombuffer(b"".join(units), "<u2").astype(np.int64) + part * PART for part, units in found.items()]
    numbers, times = _counted(np.concatenate(places))
    likely = np.flatnonzero(times * 2 >= times.max())
    best = likely[np.argsort(-times[likely], kind="stable")[:_CANDIDATES]]
    chosen: list[int] = numbers[best].tolist()
    return chosen


def _counted(places: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct numbers in their order, and how often each is there."""
    places.sort()
    starts = np.flatnonzero(np.concatenate((_FIRST, places[1:] != places[:-1], _FIRST)))
    return places[starts[:-1]], np.diff(starts)
