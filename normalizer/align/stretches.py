"""Offers of left-over clauses to what meanings say of them: the stretch of a bead's other side that is closest.

The other side is read once; the vectors of its stretches are made of the sums of its tokens. Those of runs of phrases
have at first the mean of the vectors of their phrases: only the best of them are made themselves.
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
from normalizer.embed import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from normalizer.align.chains import Bead
    from normalizer.align.evidence import Context
    from normalizer.align.groups import Matrix, Reader
    from normalizer.embed import Embedder, Vectors
    from normalizer.encoder import Passage

STRETCHES = (0.45, 0.75, 1.0, 1.35)  # lengths of a stretch, as multiples of what the ratio of the languages expects
RUNS = (0.45, 1.0)  # the same, of stretches that are runs of phrases
PHRASE = re.compile(r"(?<=[、。；，;.．])|(?<=, )|(?= (?:and|or) )|(?=(?:および|及び|または|又は|ならびに|並びに))")
MISFIT = 0.2  # part of the expected length by which the nearest end of a phrase may miss it
WORD = 15  # characters within which a cut looks for the end of a word
BLANK = np.zeros(DIMENSIONS, dtype=np.float32)
BEST = 2  # runs of phrases of which an offer hears the vector itself

Question = tuple[int, int, "Bead"]  # a left-over clause of side 0 or 1, and a bead that it might join
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Phrases:
    """A text cut where phrases begin; the vector of any run of them is the mean of theirs, weighted by length."""

    passage: Passage
    cuts: NDArray[np.int64]  # where phrases begin, and the end of the text
    sums: Vectors  # the weighted vectors of all phrases before each cut, added up
    whole: Vectors  # the vector of the text

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
        text = self.passage.text
        found, size = [], len(text)
        for length in (max(2, round(expected * factor)) for factor in STRETCHES):
            start = size - length
            if start > 0 and np.abs(self.cuts - length).min() > MISFIT * length:
                space = text.find(" ", length, length + WORD)
                found.append((0, space if space >= 0 else length))
            if start > 0 and np.abs(self.cuts - start).min() > MISFIT * length:
                found.append((text.rfind(" ", max(0, start - WORD), start) + 1 or start, size))
        return [span for span in dict.fromkeys(found) if text[span[0] : span[1]].strip()]


def heard(questions: Sequence[Question], readers: tuple[Reader, Reader], context: Context) -> list[Features]:
    """For each question what the best stretch says: its gain and contrast (see `weighed`), what the bead gains without
    it and with the orphan (see `gained`), and its place."""
    embedder = readers[0].embedder
    embedder.encode([readers[side].side.texts[i] for orphan, side, bead in questions for i in (orphan, *bead[side])])
    keys = list(dict.fromkeys((1 - side, bead[1 - side]) for _, side, bead in questions))
    others = dict(zip(keys, phrased([readers[side].text(members) for side, members in keys], embedder), strict=True))
    asked = [others[1 - side, bead[1 - side]] for _, side, bead in questions]
    tried = [
        spans_of(question, other, readers, context) for question, other in zip(questions, asked, strict=True)
    ]  # of each question, the vectors of all in one batch
    sums = [other.passage.stretch(*span) for other, spans in zip(asked, tried, strict=True) for span in spans]
    vectors, best = iter(embedder.stretches(sums)), []
    for question, spans in zip(questions, tried, strict=True):
        gains, contrasts = weighed(question, np.array([next(vectors) for _ in spans]), readers, context)
        k = int((gains + FAR * np.minimum(contrasts, 0)).argmax())
        best.append((spans[k], within(float(gains[k])), float(contrasts[k])))
    rests = embedder.stretches([other.passage.without(*span) for other, (span, *_) in zip(asked, best, strict=True)])
    return [
        (gain, contrast, *gained(x, other.whole, rest, readers), in_place(x, span, other.passage.text))
        for x, other, (span, gain, contrast), rest in zip(questions, asked, best, rests, strict=True)
    ]


def spans_of(question: Question, other: Phrases, readers: tuple[Reader, Reader], context: Context) -> list[Span]:
    """The stretches that may be the orphan's translation: the best runs of phrases, by means, and the edges."""
    expected = expected_length(*question[:2], context)
    runs = other.runs(expected)
    gains, contrasts = weighed(question, other.means(runs), readers, context)
    order = np.argsort(-(gains + FAR * np.minimum(contrasts, 0)), kind="stable")[:BEST]
    return [*cut_at([runs[int(k)] for k in order], other.cuts), *other.edges(expected)]


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


def expected_length(orphan: int, side: int, context: Context) -> float:
    """Characters that the orphan's translation should have."""
    return float(context.singles[side].lengths[orphan]) * (context.ratio if side == 0 else 1 / context.ratio)


def divided(text: str) -> list[str]:
    """The phrases of a text, with the spaces around them."""
    cuts = sorted({0, len(text), *(match.start() for match in PHRASE.finditer(text))})
    return [text[start:stop] for start, stop in pairwise(cuts)]


def phrased(texts: Sequence[str], embedder: Embedder) -> list[Phrases]:
    """The texts as read, with their phrases."""
    parts = [divided(text) for text in texts]
    passages = embedder.passages(parts)
    cuts = [np.array([0, *map(len, own)]).cumsum() for own in parts]
    spans = [[*pairwise(places.tolist()), (0, int(places[-1]))] for places in cuts]  # each phrase, and the whole
    sums = [passage.stretch(*span) for passage, own in zip(passages, spans, strict=True) for span in own]
    vectors, out = iter(embedder.stretches(sums)), []
    for passage, places, own in zip(passages, cuts, spans, strict=True):
        *each, whole = (next(vectors) for _ in own)
        weighted = np.array(each) * np.diff(places)[:, None]
        added = np.vstack([np.zeros_like(weighted[:1]), weighted]).cumsum(axis=0, dtype=np.float32)
        out.append(Phrases(passage, places, added, whole))
    return out


def weighed(
    question: Question, parts: Vectors, readers: tuple[Reader, Reader], context: Context
) -> tuple[Matrix, Matrix]:
    """For each stretch its gain, and by how much it is closer to the orphan than to the bead's own text."""
    orphan, side, bead = question
    s, own, other = context.settings, context.singles[side], context.singles[1 - side]
    vector, mine = readers[side].meaning((orphan,)), readers[side].meaning(bead[side])
    cosine = parts @ vector
    near = parts @ np.array([readers[side].meaning((i,)) for i in bead[side] if not own.vectors[i].any()] or [BLANK]).T
    crowd = nearest(vector[None, :], own.near[[orphan]], other, s)[0], nearest(parts, near, own, s)
    gains = s.bias + s.cosine * cosine + s.margin * (cosine - (crowd[0] + crowd[1]) / 2)
    return gains, cosine - parts @ mine


def gained(question: Question, whole: Vectors, rest: Vectors, readers: tuple[Reader, Reader]) -> tuple[float, float]:
    """By how much the bead is closer without the stretch; and with the orphan. `whole` is its other side."""
    orphan, side, bead = question
    mine, both = readers[side].meaning(bead[side]), readers[side].meaning((*bead[side], orphan))
    return float((rest - whole) @ mine), float((both - mine) @ whole)
