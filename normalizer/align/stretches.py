"""Offers of left-over clauses to what meanings say of them: the stretch of a bead's other side that is closest.

At first every stretch has the mean of the vectors of its phrases. Where an offer is probable enough by that, the best
stretches are encoded themselves, and so is the other side without the best of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from normalizer.align.evidence import nearest
from normalizer.align.groups import units
from normalizer.align.score import FAR, Features, within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from normalizer.align.chains import Bead
    from normalizer.align.evidence import Context
    from normalizer.align.groups import Matrix, Reader
    from normalizer.embed import Vectors

STRETCHES = (0.45, 0.75, 1.0, 1.35)  # lengths of a stretch, as multiples of what the ratio of the languages expects
RUNS = (0.45, 1.0)  # the same, of stretches that are runs of phrases
PHRASE = re.compile(r"(?<=[、。；，;.．])|(?<=, )|(?= (?:and|or) )|(?=(?:および|及び|または|又は|ならびに|並びに))")
MISFIT = 0.2  # part of the expected length by which the nearest end of a phrase may miss it
WORD = 15  # characters within which a cut looks for the end of a word
BEST = 2  # stretches of an offer that are encoded themselves

Question = tuple[int, int, "Bead"]  # a left-over clause of side 0 or 1, and a bead that it might join
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Phrases:
    """A text cut where phrases begin; the vector of any run of them is the mean of theirs, weighted by length."""

    text: str
    cuts: NDArray[np.int64]  # where phrases begin, and the end of the text
    sums: Vectors  # the weighted vectors of all phrases before each cut, added up

    def runs(self, expected: float) -> list[Span]:
        """First and last cut of the whole text, and from each cut on of the runs nearest to the expected lengths."""
        starts = np.arange(len(self.cuts) - 1)
        long = (self.cuts[None, 1:] - self.cuts[:-1, None]).astype(np.float32)
        long[long <= 0] = -np.inf
        ends = [np.abs(long - expected * factor).argmin(axis=1) + 1 for factor in RUNS]
        spans = [(0, len(starts)), *(span for end in ends for span in zip(starts.tolist(), end.tolist(), strict=True))]
        return list(dict.fromkeys(spans))

    def means(self, runs: Sequence[Span]) -> Vectors:
        """The vectors of the runs."""
        first, last = np.array(runs, dtype=np.int64).T
        return units(self.sums[last] - self.sums[first])

    def edges(self, expected: float) -> list[Span]:
        """The first and last stretches of about the expected lengths, cut between words, where no phrase ends near: a
        heading may be glued to its paragraph."""
        found, size = [], len(self.text)
        for length in (max(2, round(expected * factor)) for factor in STRETCHES):
            start = size - length
            if start > 0 and np.abs(self.cuts - length).min() > MISFIT * length:
                space = self.text.find(" ", length, length + WORD)
                found.append((0, space if space >= 0 else length))
            if start > 0 and np.abs(self.cuts - start).min() > MISFIT * length:
                found.append((self.text.rfind(" ", max(0, start - WORD), start) + 1 or start, size))
        return [span for span in dict.fromkeys(found) if self.stretch(span)]

    def stretch(self, span: Span) -> str:
        """The text from one character to another."""
        return self.text[span[0] : span[1]].strip()


@dataclass(frozen=True, slots=True)
class Heed:
    """What means of vectors say of an offer, and what is to be read of it."""

    features: Features
    text: str  # the bead's other side
    best: list[Span]  # the stretches of it that may be the orphan's translation, the best first


def heard(questions: Sequence[Question], readers: tuple[Reader, Reader], context: Context) -> list[Heed]:
    """For each question what the means of vectors say: see `weighed`."""
    encode = readers[0].embedder.encode  # in two batches: the embedder remembers what it has encoded
    keys = dict.fromkeys((1 - side, bead[1 - side]) for _, side, bead in questions)
    cut = {key: divided(readers[key[0]].text(key[1])) for key in keys}
    own = [readers[side].side.texts[i] for orphan, side, bead in questions for i in (orphan, *bead[side])]
    encode([*own, *(text for parts in cut.values() for text in parts)])
    phrases = {key: phrased(parts, encode(parts)) for key, parts in cut.items()}
    asked = [
        (question, phrases[1 - question[1], question[2][1 - question[1]]], expected_length(*question[:2], context))
        for question in questions
    ]
    encode([other.stretch(span) for _, other, expected in asked for span in other.edges(expected)])
    return [heeded(question, other, expected, readers, context) for question, other, expected in asked]


def heeded(
    question: Question, phrases: Phrases, expected: float, readers: tuple[Reader, Reader], context: Context
) -> Heed:
    """The features of one question by the means of vectors, and its best stretches."""
    runs, edges = phrases.runs(expected), phrases.edges(expected)
    encoded = readers[0].embedder.encode([phrases.stretch(span) for span in edges])
    parts, spans = np.vstack([phrases.means(runs), encoded]), [*cut_at(runs, phrases.cuts), *edges]
    gains, contrast = weighed(question, parts, readers, context)
    order = np.argsort(-(gains + FAR * np.minimum(contrast, 0)), kind="stable")
    k = int(order[0])
    whole = phrases.sums[-1]
    rest = units(whole - parts[k] * np.float32(spans[k][1] - spans[k][0]))
    features = (
        within(float(gains[k])),
        float(contrast[k]),
        *gained(question, units(whole), rest, readers),
        in_place(question, spans[k], phrases.text),
    )
    return Heed(features, phrases.text, [spans[int(k)] for k in order[:BEST]])


def in_place(question: Question, span: Span, text: str) -> float:
    """1 where the stretch is that end of the text at which the orphan stands beside the bead, as that of a heading that
    was run on to a paragraph. The other end says nothing: Japanese sentences end with what English ones begin with."""
    orphan, side, bead = question
    before, after = orphan < bead[side][0], orphan > bead[side][-1]
    opens, closes = not text[: span[0]].strip(), not text[span[1] :].strip()
    return float(opens != closes and (opens if before else after and closes))


def cut_at(runs: Sequence[Span], cuts: NDArray[np.int64]) -> list[Span]:
    """The characters at which runs begin and end."""
    return [(int(cuts[first]), int(cuts[last])) for first, last in runs]


def reread(
    questions: Sequence[Question], heeds: Sequence[Heed], readers: tuple[Reader, Reader], context: Context
) -> list[Features]:
    """The features of questions by the vectors of the stretches themselves; in two batches."""
    encode = readers[0].embedder.encode
    encode([text for heed in heeds for text in (heed.text, *(heed.text[a:b].strip() for a, b in heed.best))])
    found: list[tuple[float, float, float, str]] = []
    for question, heed in zip(questions, heeds, strict=True):
        parts = encode([heed.text[a:b].strip() for a, b in heed.best])
        gains, contrasts = weighed(question, parts, readers, context)
        k = int((gains + FAR * np.minimum(contrasts, 0)).argmax())
        start, stop = heed.best[k]
        place = in_place(question, (start, stop), heed.text)
        found.append((within(float(gains[k])), float(contrasts[k]), place, heed.text[:start] + heed.text[stop:]))
    encode([rest for *_, rest in found])
    out: list[Features] = []
    for question, heed, (gain, contrast, place, rest) in zip(questions, heeds, found, strict=True):
        whole, without = encode([heed.text, rest])
        out.append((gain, contrast, *gained(question, whole, without, readers), place))
    return out


def expected_length(orphan: int, side: int, context: Context) -> float:
    """Characters that the orphan's translation should have."""
    return float(context.singles[side].lengths[orphan]) * (context.ratio if side == 0 else 1 / context.ratio)


def divided(text: str) -> list[str]:
    """The phrases of a text, with the spaces around them."""
    cuts = sorted({0, len(text), *(match.start() for match in PHRASE.finditer(text))})
    return [text[start:stop] for start, stop in pairwise(cuts)]


def phrased(parts: Sequence[str], vectors: Vectors) -> Phrases:
    """The phrases and their vectors, added up."""
    lengths = np.array([0, *map(len, parts)])
    weighted = np.vstack([np.zeros_like(vectors[:1]), vectors * lengths[1:, None]])
    return Phrases("".join(parts), lengths.cumsum(), weighted.cumsum(axis=0, dtype=np.float32))


def weighed(
    question: Question, parts: Vectors, readers: tuple[Reader, Reader], context: Context
) -> tuple[Matrix, Matrix]:
    """For each stretch its gain, and by how much it is closer to the orphan than to the bead's own text."""
    orphan, side, bead = question
    s, own, other = context.settings, context.singles[side], context.singles[1 - side]
    vector, mine = readers[side].meaning((orphan,)), readers[side].meaning(bead[side])
    cosine = parts @ vector
    crowd = nearest((other.vectors @ vector)[None, :], s)[0], nearest(parts @ own.vectors.T, s)
    gains = s.bias + s.cosine * cosine + s.margin * (cosine - (crowd[0] + crowd[1]) / 2)
    return gains, cosine - parts @ mine


def gained(question: Question, whole: Vectors, rest: Vectors, readers: tuple[Reader, Reader]) -> tuple[float, float]:
    """By how much the bead is closer without the stretch; and with the orphan. `whole` is its other side."""
    orphan, side, bead = question
    mine, both = readers[side].meaning(bead[side]), readers[side].meaning((*bead[side], orphan))
    return float((rest - whole) @ mine), float((both - mine) @ whole)
