"""Texts → signatures, and signatures → which documents are nearly the same as an earlier one.

One-permutation MinHash with rotation (Shrivastava & Li 2014, "Densifying One Permutation Hashing") over stretches of
characters, and its bands as keys (Broder 1997, "On the resemblance and containment of documents").
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

WIDTH = {"ja": 5, "en": 12}  # characters of a stretch: two or three words
BINS = 64  # the standard error of a similarity of 0.9 is 0.04
BAND = 4  # bins in a key: of documents with a similarity of 0.9 all but one in a million share a key
NEAR = 0.8  # similarity from which documents are noted
KEPT = 200_000  # characters of a text that are looked at
EMPTY = np.uint64(2**64 - 1)


def signature(text: str, language: str) -> str:
    """The marks of a text, 64 numbers of 16 bits in hexadecimal: two texts share as many of them as of their stretches.

    White space does not count. Empty for a text that is shorter than a stretch.
    """
    plain = "".join(text[:KEPT].split()).casefold()
    codes = np.frombuffer(plain.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    width = WIDTH.get(language, WIDTH["en"])
    if len(codes) < width:
        return ""
    hashes = np.zeros(len(codes) - width + 1, dtype=np.uint64)
    for place in range(width):
        hashes = hashes * np.uint64(0x100000001B3) + codes[place : place + len(hashes)]
    hashes = _mixed(np.unique(hashes))
    bins = np.full(BINS, EMPTY, dtype=np.uint64)
    np.minimum.at(bins, (hashes >> np.uint64(58)).astype(np.intp), hashes)
    return (_filled(bins) & np.uint64(0xFFFF)).astype("<u2").tobytes().hex()


def _mixed(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread evenly over 64 bits (the finaliser of MurmurHash3)."""
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        hashes = (hashes ^ (hashes >> np.uint64(33))) * np.uint64(factor)
    spread: NDArray[np.uint64] = hashes ^ (hashes >> np.uint64(33))
    return spread


def _filled(bins: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """An empty bin takes what the next full one has, changed by how far it is away."""
    full = np.flatnonzero(bins != EMPTY)
    places = np.arange(BINS)
    found = full[np.searchsorted(full, places) % len(full)]
    away = ((found - places) % BINS).astype(np.uint64)
    full_bins: NDArray[np.uint64] = bins[found] + away * np.uint64(0x9E3779B97F4A7C15)
    return full_bins


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the run, as far as likeness goes."""

    policy: str
    side: str
    content: str  # hash of its policy's bytes
    marks: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A document that says the same as one before it, or nearly."""

    policy: str
    side: str
    of: str  # the first policy that is like it
    kind: str  # "same" bytes, or "near"
    similarity: float  # share of the stretches of characters that both have, estimated


def duplicates(documents: Iterable[Document]) -> Iterator[Duplicate]:
    """The documents that are like an earlier one, in their order. Time and memory are linear: each is compared with
    the first document of each of its keys only, and the keys stand in a database on disk."""
    db = sqlite3.connect("")
    db.execute("CREATE TABLE keys (key TEXT PRIMARY KEY, policy TEXT, content TEXT, marks TEXT) WITHOUT ROWID")
    for document in documents:
        if not document.marks:
            continue
        keys = list(_keys(document))
        places = ",".join("?" * len(keys))
        rows = db.execute(f"SELECT DISTINCT policy, content, marks FROM keys WHERE key IN ({places})", keys)
        scored = [(_alike(document.marks, marks), policy, content) for policy, content, marks in rows]
        best = min(scored, key=lambda row: (-row[0], row[1]), default=None)
        if best and best[0] >= NEAR:
            same = bool(document.content) and document.content == best[2]
            yield Duplicate(document.policy, document.side, best[1], "same" if same else "near", round(best[0], 3))
        else:
            first = [(key, document.policy, document.content, document.marks) for key in keys]
            db.executemany("INSERT OR IGNORE INTO keys VALUES (?, ?, ?, ?)", first)
    db.close()


def _keys(document: Document) -> Iterator[str]:
    step = len(document.marks) * BAND // BINS
    for place in range(0, len(document.marks) - step + 1, step):
        yield f"{document.side}{place}:{document.marks[place : place + step]}"


def _alike(one: str, other: str) -> float:
    left, right = (np.frombuffer(bytes.fromhex(marks), dtype="<u2") for marks in (one, other))
    return float(np.mean(left == right))
