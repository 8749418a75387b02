"""Folded texts to blocks: arrays that say which units have a piece, kept in the memory's file and read in one go.

A block is never changed. New units make a new one, which takes in the small ones before it, so there are few of them.
"""

from __future__ import annotations

import sqlite3
from array import array
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from normalizer.memory.keys import grams
from normalizer.model import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from normalizer.model import Language

UNITS = 2**17  # of a block
CHARACTERS = 2**25  # of a block, so that long texts make no blob that SQLite refuses
_SMALL = 256  # units up to which a block is always taken into the next
_GROWTH = 4  # a block that is at most so many times as big as the next is taken into it
_LAST = np.iinfo(np.int64).max  # behind all pieces, so that looking for one never ends outside
TABLE = """
CREATE TABLE block (
  digest INTEGER NOT NULL, language TEXT NOT NULL, first INTEGER NOT NULL, units INTEGER NOT NULL,
  characters INTEGER NOT NULL, numbers BLOB NOT NULL, lengths BLOB NOT NULL, ends BLOB NOT NULL, texts BLOB NOT NULL,
  grams BLOB NOT NULL, starts BLOB NOT NULL, places BLOB NOT NULL, PRIMARY KEY (language, digest)
)
"""
_COLUMNS = "numbers, lengths, ends, texts, grams, starts, places"
_WRITE = f"INSERT INTO block (digest, language, first, units, characters, {_COLUMNS}) VALUES ({', '.join('?' * 12)})"
_READ = f"SELECT {_COLUMNS} FROM block WHERE language = ? AND digest = ?"


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Units in the order of their numbers; a place is an index of theirs."""

    numbers: NDArray[np.int64]  # of each unit in the table of units
    lengths: NDArray[np.uint32]  # characters of its folded text
    ends: NDArray[np.uint32]  # bytes of `texts` up to the end of its own
    texts: bytes  # the folded texts, UTF-8
    grams: NDArray[np.int64]  # the pieces that the units have, in order; _LAST at the end
    starts: NDArray[np.uint32]  # where in `places` each piece's begin; two more at the end
    places: NDArray[np.uint32]  # of the units that have a piece, piece by piece

    def find(self, pieces: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where in `places` those of each piece begin, and how many they are; 0 for a piece that no unit has."""
        at = self.grams.searchsorted(pieces)
        at[self.grams[at] != pieces] = len(self.grams) - 1
        starts = self.starts[at].astype(np.int64)
        return starts, self.starts[at + 1] - starts

    def begins(self) -> NDArray[np.uint32]:
        """The bytes of `texts` up to the start of each unit's own."""
        return np.concatenate((np.zeros(1, np.uint32), self.ends[:-1]))

    def units(self) -> list[tuple[int, str]]:
        """The numbers and the folded texts of all units."""
        spans = zip(self.numbers.tolist(), self.begins().tolist(), self.ends.tolist(), strict=True)
        return [(number, self.texts[begin:end].decode()) for number, begin, end in spans]

    def blobs(self) -> tuple[bytes, ...]:
        """What is stored of it, in the order of the columns."""
        kept = (self.numbers, self.lengths, self.ends, self.texts, self.grams, self.starts, self.places)
        return tuple(
            its if isinstance(its, bytes) else its.astype(its.dtype.newbyteorder("<")).tobytes() for its in kept
        )


def built(units: Sequence[tuple[int, str]], language: Language) -> Block:
    """The block of units, each its number and its folded text, in the order of their numbers."""
    texts = [folded.encode() for _, folded in units]
    pieces, counts = array("q"), array("I")
    for _, folded in units:
        found = grams(folded, language)
        pieces.extend(found)
        counts.append(len(found))
    flat = np.frombuffer(pieces, np.int64)
    order = np.argsort(flat, kind="stable")  # the places of a piece stay in their order
    flat = flat[order]
    starts = np.flatnonzero(np.concatenate((np.ones(1, np.bool_), flat[1:] != flat[:-1]))[: len(flat)])
    return Block(
        np.array([number for number, _ in units], np.int64),
        np.array([len(folded) for _, folded in units], np.uint32),
        np.cumsum([len(text) for text in texts], dtype=np.uint32),
        b"".join(texts),
        np.append(flat[starts], _LAST),
        np.append(starts, (len(flat), len(flat))).astype(np.uint32),
        np.repeat(np.arange(len(units), dtype=np.uint32), counts)[order],
    )


class Writer:
    """The folded texts of new units, kept until there are enough for a block, or no more come."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._units: dict[Language, list[tuple[int, str]]] = {language: [] for language in LANGUAGES}
        self._characters = 0  # of the language that has more

    def put(self, number: int, folded: dict[Language, str]) -> None:
        """Take a unit; numbers ascend."""
        characters = max(map(len, folded.values()))
        if len(self._units["ja"]) >= UNITS or self._characters + characters > CHARACTERS:
            self.flush()
        self._characters += characters
        for language, units in self._units.items():
            units.append((number, folded[language]))

    def flush(self) -> None:
        """Write what there is, with what the small blocks before it have."""
        for language, units in self._units.items():
            if units:
                _write(self._connection, built(self._with_earlier(units, language), language), language)
            self._units[language] = []
        self._characters = 0

    def _with_earlier(self, units: list[tuple[int, str]], language: Language) -> list[tuple[int, str]]:
        query = "SELECT digest, units, characters FROM block WHERE language = ? ORDER BY first DESC"
        characters = sum(len(folded) for _, folded in units)
        for digest, count, more in self._connection.execute(query, (language,)).fetchall():
            characters += more
            room = len(units) + count <= UNITS and characters <= CHARACTERS
            if not room or count > max(_SMALL, _GROWTH * len(units)):
                break
            earlier = _read(self._connection, language, digest)
            units = [*_alive(self._connection, earlier), *units]
            self._connection.execute("DELETE FROM block WHERE language = ? AND digest = ?", (language, digest))
        return units


def refreshed(connection: sqlite3.Connection, language: Language, known: dict[int, Block]) -> dict[int, Block]:
    """The blocks that the file has now by their digests, read as far as they are not known; within a `snapshot`."""
    query = "SELECT digest FROM block WHERE language = ? ORDER BY first"
    digests = [digest for (digest,) in connection.execute(query, (language,)).fetchall()]
    return {digest: known.get(digest) or _read(connection, language, digest) for digest in digests}


def _read(connection: sqlite3.Connection, language: Language, digest: int) -> Block:
    row = connection.execute(_READ, (language, digest)).fetchone()
    if _digest(row) != digest:
        raise sqlite3.DatabaseError("a block of it is not what was written")
    numbers, lengths, ends, texts, pieces, starts, places = row
    return Block(
        np.frombuffer(numbers, "<i8"),
        np.frombuffer(lengths, "<u4"),
        np.frombuffer(ends, "<u4"),
        texts,
        np.frombuffer(pieces, "<i8"),
        np.frombuffer(starts, "<u4"),
        np.frombuffer(places, "<u4"),
    )


def _write(connection: sqlite3.Connection, block: Block, language: Language) -> None:
    blobs = block.blobs()
    counts = (int(block.numbers[0]), len(block.numbers), int(block.lengths.sum()))
    connection.execute(_WRITE, (_digest(blobs), language, *counts, *blobs))


def _digest(blobs: Iterable[bytes]) -> int:
    """63 bits by which a block is known, and by which damage is: SQLite sees none within a blob."""
    hashed = blake2b(digest_size=8)
    for blob in blobs:
        hashed.update(blob)
    return int.from_bytes(hashed.digest(), "big") >> 1


def _alive(connection: sqlite3.Connection, block: Block) -> Iterable[tuple[int, str]]:
    """The units of a block that have not been replaced since."""
    gone = {number for (number,) in connection.execute("SELECT id FROM gone")}
    return [(number, folded) for number, folded in block.units() if number not in gone]
