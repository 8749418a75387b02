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
    from collections.abc import Collection

    from normalizer.model import Language

CONCEPTS = 0.15  # the weight of shared concepts beside that of characters, where both texts have concepts
NEGATION = 25  # per cent that are taken off where one text denies and the other does not
FUZZY = 98  # per cent that a fuzzy match has at most
_POSTINGS = 2_000  # units that are looked at, at most, beside those of the rarest pieces
_RAREST = 3  # pieces that are looked at, however common
_REMEMBERED = 500_000  # pieces
_CANDIDATES = 32  # units that are compared in full
_SIZES = (
    "SELECT gram, sum(length(units)) FROM gram WHERE language = ? AND gram IN (SELECT value FROM json_each(?))"
    " GROUP BY gram"
)
_UNITS = "SELECT part, units FROM gram WHERE language = ? AND gram IN (SELECT value FROM json_each(?))"


def fuzzy(
    connection: sqlite3.Connection,
    sizes: Sizes,
    folded: str,
    language: Language,
    concepts: Collection[str],
    limit: int,
    threshold: int,
) -> list[tuple[int, int]]:
    """The units that are most like a folded text, as (per cent, number), the best first; per cent >= threshold."""
    found = []
    numbers = _candidates(sizes, connection, folded, language)
    query = f"SELECT id, folded_{language}, concepts_{language} FROM unit WHERE id IN (SELECT value FROM json_each(?))"
    floor = _floor(threshold, bool(concepts))
    for number, other, own in connection.execute(query, (json.dumps(numbers),)):
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


class Sizes:
    """How many units have a piece, remembered until somebody writes to the memory."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._state = (-1, -1)
        self._known: dict[tuple[Language, int], int] = {}

    def rarest(self, pieces: list[int], language: Language) -> list[int]:
        """The rarest of the pieces that units have, as many as a look-up has time for."""
        self._forget()
        if unknown := [piece for piece in pieces if (language, piece) not in self._known]:
            self._known |= {(language, piece): 0 for piece in unknown}
            for piece, size in self._connection.execute(_SIZES, (language, json.dumps(unknown))):
                self._known[language, piece] = size // 2
        sizes = sorted((size, piece) for piece in pieces if (size := self._known[language, piece]))
        total = 0
        for rank, (size, _) in enumerate(sizes):
            total += size
            if rank >= _RAREST and total > _POSTINGS:
                return [piece for _, piece in sizes[:rank]]
        return [piece for _, piece in sizes]

    def _forget(self) -> None:
        (others,) = self._connection.execute("PRAGMA data_version").fetchone()  # counts what other writers did
        state = (others, self._connection.total_changes)
        if state != self._state or len(self._known) > _REMEMBERED:
            self._known.clear()
            self._state = state


def _candidates(sizes: Sizes, connection: sqlite3.Connection, folded: str, language: Language) -> list[int]:
    """The numbers of units that share most of the text's rare pieces."""
    rare = sizes.rarest(grams(folded, language), language)
    found: dict[int, list[bytes]] = {}
    for part, units in connection.execute(_UNITS, (language, json.dumps(rare))):
        found.setdefault(part, []).append(units)
    if not found:
        return []
    places = [np.frombuffer(b"".join(units), "<u2").astype(np.int64) + part * PART for part, units in found.items()]
    numbers, times = np.unique(np.concatenate(places), return_counts=True)
    likely = np.flatnonzero(times * 2 >= times.max())
    best = likely[np.argsort(-times[likely], kind="stable")[:_CANDIDATES]]
    chosen: list[int] = numbers[best].tolist()
    return chosen
