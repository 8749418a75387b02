"""A pair of texts to line links by four aligners: this library, Vecalign's algorithm, Gale and Church's, identity."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.aligning.lengths import by_length
from normalizer.align import align
from normalizer.embed import Embedder
from normalizer.score import LineLink, _joined, _lines, _touched

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.aligning.pairs import Pair
    from normalizer import Normalizer
    from normalizer.model import Analysis, Link

LARGEST = 5  # lines of a bead of Vecalign's, both sides together


@dataclass(frozen=True, slots=True)
class Scored:
    """A link of this library's over lines, one side perhaps empty, and what it says its probability is."""

    link: LineLink
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What an aligner made of a pair."""

    links: frozenset[LineLink]  # both sides there, those that share a line joined
    seconds: float  # of the processor
    scored: tuple[Scored, ...] = ()


class Remembering(Embedder):
    """An embedder that nothing makes forget: for figures of quality, where what was encoded once may serve again."""

    def anew(self) -> Embedder:
        """Itself."""
        return self


def aligners(normalizer: Normalizer) -> dict[str, Callable[[Pair, Embedder], Found]]:
    """Name → aligner, in the order of the tables; the first is this library's. Raises SystemExit without sentalign."""
    return {
        "this library": lambda pair, embedder: ours(pair, embedder, normalizer),
        "Vecalign": vecalign,
        "Gale-Church": lambda pair, _: timed(pair, by_length),
        "identity": lambda pair, _: timed(pair, identity),
    }


def ours(pair: Pair, embedder: Embedder, normalizer: Normalizer) -> Found:
    """This library over its own segmentation; the time is that of the alignment, without reading the texts."""
    ja, en = (normalizer.analyze(text) for text in pair.texts())
    start = time.process_time()
    links = align(ja, en, embedder)
    seconds = time.process_time() - start
    scored = over_lines(links, ja, en)
    return Found(frozenset(_joined(entry.link for entry in scored)), seconds, scored)


def over_lines(links: Sequence[Link], ja: Analysis, en: Analysis) -> tuple[Scored, ...]:
    """The links as `normalizer score` sees them."""
    sides = [(analysis.clauses, _lines(analysis.document.text)) for analysis in (ja, en)]
    out = []
    for link in links:
        left, right = (
            _touched(lines, [(clauses[i].start, clauses[i].end) for i in indices])
            for (clauses, lines), indices in zip(sides, (link.ja, link.en), strict=True)
        )
        out.append(Scored((left, right), link.score))
    return tuple(out)


def vecalign(pair: Pair, embedder: Embedder) -> Found:
    """The algorithm of Thompson and Koehn (2019), package sentalign, over lines, with this library's vectors."""
    try:
        from sentalign import sentalign
    except ImportError as error:
        raise SystemExit("the Vecalign column needs its package: pip install sentalign") from error

    def links(ja: list[str], en: list[str]) -> list[LineLink]:
        with np.errstate(invalid="ignore"):  # the package casts a NaN now and then
            found = sentalign(ja, en, encoder=embedder.anew().encode, alignment_max_size=LARGEST)
        return [(tuple(link.src_indices), tuple(link.tgt_indices)) for link in found.alignments]

    return timed(pair, links)


def identity(ja: list[str], en: list[str]) -> list[LineLink]:
    """Line i with line i."""
    return [((i,), (i,)) for i in range(min(len(ja), len(en)))]


def timed(pair: Pair, aligner: Callable[[list[str], list[str]], list[LineLink]]) -> Found:
    """What an aligner of lines finds, and how long it takes."""
    ja, en = ([line.text for line in side] for side in (pair.ja, pair.en))
    start = time.process_time()
    links = aligner(ja, en)
    return Found(frozenset(_joined(links)), time.process_time() - start)
