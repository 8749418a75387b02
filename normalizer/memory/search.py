"""A text to the stored units that are like it: the candidates, and how like each is.

Candidates share rare pieces with the text (Japanese three characters, English words); each is then compared with it
character by character (Levenshtein distance over the longer length, as CAT tools do), by its concepts, and by whether
it denies what the text affirms.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz.distance import Levenshtein

from normalizer import cues
from normalizer.glossary import glossary_folder
from normalizer.memory.database import PART
from normalizer.memory.keys import grams

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection

    from normalizer.model import Language

CONCEPTS = 0.15  # the weight of shared concepts beside that of characters, where both texts have concepts
NEGATION = 25  # per cent that are taken off where one text denies and the other does not
FUZZY = 98  # per cent that a fuzzy match has at most
_POSTINGS = 4_000  # units that are looked at, at most, beside those of the rarest pieces
_RAREST = 3  # pieces that are looked at, however common
_CANDIDATES = 48  # units that are compared in full
_COMMONEST = "SELECT gram, part, length(units) FROM gram WHERE language = ? AND gram IN (SELECT value FROM json_each(?))"
_UNITS = "SELECT units FROM gram WHERE language = ? AND gram = ? AND part = ?"


def fuzzy(
    connection: sqlite3.Connection,
    folded: str,
    language: Language,
    concepts: Collection[str],
    limit: int,
    threshold: int,
) -> list[tuple[int, int]]:
    """The units that are most like a folded text, as (per cent, number), the best first; per cent >= threshold."""
    found = []
    numbers = _candidates(connection, folded, language)
    query = (
        f"SELECT id, folded_{language}, concepts_{language} FROM unit"
        " WHERE id IN (SELECT value FROM json_each(?))"
    )
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


def denies(folded: str, language: Language) -> bool:
    """Whether a folded text has an odd number of negations: those that cancel out deny nothing."""
    negation, pseudo = _negation(language)
    return (len(negation.findall(folded)) - len(pseudo.findall(folded))) % 2 == 1


@cache
def _negation(language: Language) -> tuple[cues.re.Pattern[str], cues.re.Pattern[str]]:
    known = cues.load(glossary_folder())
    return known["negation"][language], known["pseudo_negation"][language]


def _candidates(connection: sqlite3.Connection, folded: str, language: Language) -> list[int]:
    """The numbers of units that share most of the text's rare pieces."""
    chosen = _rare(connection, grams(folded, language), language)
    found = [
        np.frombuffer(blob, "<u2").astype(np.int64) + part * PART
        for gram, part in chosen
        for (blob,) in connection.execute(_UNITS, (language, gram, part))
    ]
    if not found:
        return []
    numbers, times = np.unique(np.concatenate(found), return_counts=True)
    if len(numbers) > _CANDIDATES:
        best = np.argsort(-times, kind="stable")[:_CANDIDATES]
        numbers = numbers[best]
    return [int(number) for number in numbers]


def _rare(connection: sqlite3.Connection, pieces: list[int], language: Language) -> list[tuple[int, int]]:
    """The rows of the rarest pieces, as many as a look-up has time for."""
    parts: dict[int, list[int]] = {}
    sizes: dict[int, int] = {}
    for gram, part, size in connection.execute(_COMMONEST, (language, json.dumps(pieces))):
        parts.setdefault(gram, []).append(part)
        sizes[gram] = sizes.get(gram, 0) + size // 2
    chosen: list[tuple[int, int]] = []
    total = 0
    for rank, (size, gram) in enumerate(sorted((size, gram) for gram, size in sizes.items())):
        total += size
        if rank >= _RAREST and total > _POSTINGS:
            break
        chosen += [(gram, part) for part in parts[gram]]
    return chosen
