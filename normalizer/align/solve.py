"""Two sides to judged beads: one search over pairs of clauses, a second over beads where the first left doubts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from normalizer.align.beads import bead_gains, gain, marked, thinned
from normalizer.align.certain import certain
from normalizer.align.evidence import (
    Context,
    child_votes,
    evidence,
    expected,
    label_votes,
    length_ratio,
    parent_votes,
    total,
    translations,
)
from normalizer.align.groups import Reader, vocabulary
from normalizer.align.heads import headed
from normalizer.align.holes import filled, gathered
from normalizer.align.orphans import adopted
from normalizer.align.search import parted, search
from normalizer.align.translations import shipped

if TYPE_CHECKING:
    from normalizer.align.beads import Marks
    from normalizer.align.chains import Bead
    from normalizer.align.groups import Matrix
    from normalizer.align.orphans import Offer
    from normalizer.align.settings import Settings
    from normalizer.align.sides import Side
    from normalizer.align.translations import WordPairs
    from normalizer.embed import Embedder


@dataclass(frozen=True, slots=True)
class Solved:
    """The beads of two sides, no clause in two of them, with what they were judged by."""

    beads: list[Bead]
    refused: list[Offer]  # offers of left-over clauses that were not probable enough
    readers: tuple[Reader, Reader]
    context: Context
    evidence: dict[str, Matrix]  # of every clause with every clause
    pairs: Matrix  # the gain of every clause with every clause


def solve(ja: Side, en: Side, embedder: Embedder, settings: Settings, words: WordPairs | None = None) -> Solved:
    """The beads of two sides that are not empty; `words` are the pairs that come with the package if None."""
    beads, readers, context, parts = drafted(ja, en, embedder, settings, words)
    pairs = total(parts)
    beads, refused = adopted(beads, readers, context, pairs)
    return Solved(parted(headed(beads, readers), pairs), refused, readers, context, parts, pairs)


def drafted(
    ja: Side, en: Side, embedder: Embedder, settings: Settings, words: WordPairs | None = None
) -> tuple[list[Bead], tuple[Reader, Reader], Context, dict[str, Matrix]]:
    """The beads of both searches, before left-over clauses are offered to them; and the evidence of every clause with
    every clause."""
    readers, context = start(ja, en, embedder, settings, words or shipped())
    n, m = len(ja), len(en)
    laid = search({(1, 1): gain(*context.singles, context)}, n, m, settings)
    context = taught(context, list(laid))
    parts = evidence(*context.singles, context)
    pairs = total(parts)
    gains = bead_gains(laid, doubtful(laid, n, m, settings), readers, context, pairs)
    beads = filled(list(search(gains, n, m, settings)), pairs + told(context), settings)
    beads = gathered(parted(thinned(beads, readers), pairs), readers, context)
    return beads, readers, context, parts


def start(
    ja: Side, en: Side, embedder: Embedder, settings: Settings, words: WordPairs
) -> tuple[tuple[Reader, Reader], Context]:
    """What is certain without vectors settled, every other clause read by itself, and nothing learned yet."""
    terms = zip((ja.words, ja.facts, ja.concepts), (en.words, en.facts, en.concepts), strict=True)
    vocabularies = [vocabulary(x, y) for x, y in terms]
    readers = Reader(ja, vocabularies, embedder), Reader(en, vocabularies, embedder)
    blank = readers[0].singles([]), readers[1].singles([])
    silent = np.zeros((len(ja), len(en)), dtype=np.float32)
    rarity = tuple(v.rarity for v in vocabularies)
    translated = words.translated(ja.texts, en.texts)
    context = Context(
        ja, en, settings, blank, rarity, settings.length_prior, silent, translated, silent, silent, silent
    )
    settled = silent.copy()
    for i, j in certain(*cheap(context), context):
        settled[i, j] = 1
    rest = [[int(i) for i in np.flatnonzero(~marked(settled, axis))] for axis in (1, 0)]
    embedder.encode(
        [side.texts[i] for side, places in zip((ja, en), rest, strict=True) for i in places]
    )  # in one batch
    left, right = (reader.singles(places) for reader, places in zip(readers, rest, strict=True))
    read, likeness = [marked(x.vectors, 1) for x in (left, right)], translated.likeness
    left = replace(left, near=expected(likeness, read[1], settings))
    right = replace(right, near=expected(likeness.T, read[0], settings))
    return readers, replace(context, singles=(left, right), settled=settled)


def cheap(context: Context) -> tuple[Matrix, Matrix]:
    """The gain of every pair of clauses without vectors; and what lengths alone say against it."""
    parts = evidence(*context.singles, context)
    parts["translations"] = translations(context)
    return total({name: value for name, value in parts.items() if name != "semantics"}), parts["length"]


def told(context: Context) -> Matrix:
    """What translations say for each pair of clauses that little else speaks for; and against it, where the table knows
    so many of their words that it would show if they said the same."""
    s, found = context.settings, context.translated
    return np.asarray(s.told * (found.likeness - s.chance * (found.known >= s.well_known)), dtype=np.float32)


def taught(context: Context, beads: list[Bead]) -> Context:
    """The context after a first search: lengths compared, labels weighed by how well they agreed, parents known."""
    linked = [(i, j) for ja, en in beads for i in ja for j in en]
    return replace(
        context,
        ratio=length_ratio(context, linked),
        labels=label_votes(context.ja, context.en, linked),
        parents=parent_votes(context.ja, context.en, linked),
        children=child_votes(context.ja, context.en, linked),
    )


def doubtful(pairs: dict[Bead, float], n: int, m: int, settings: Settings) -> tuple[Marks, Marks]:
    """The clauses of each side that found no partner, or one of too little gain to be sure."""
    ja, en = np.ones(n, dtype=bool), np.ones(m, dtype=bool)
    for (rows, cols), worth in pairs.items():
        if worth >= settings.sure:
            ja[list(rows)] = False
            en[list(cols)] = False
    return ja, en
