"""Groups of both languages to evidence: how much each kind of it speaks for each pair of groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from normalizer.align.groups import TERMS, Groups, Matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from normalizer.align.settings import Settings
    from normalizer.align.sides import Side
    from normalizer.align.translations import Translated
    from normalizer.embed import Vectors


PRIOR = 5  # pairs of the usual ratio of lengths, before the pair of documents has shown its own
LONG_ENOUGH = 15  # characters of a Japanese clause from which its ratio of lengths says something


@dataclass(frozen=True, slots=True)
class Context:
    """What the pair as a whole has taught: with it a pair of groups can be judged by itself."""

    ja: Side
    en: Side
    settings: Settings
    singles: tuple[Groups, Groups]  # every clause by itself
    rarity: tuple[Matrix, ...]  # of words, facts, concepts
    ratio: float  # English characters per Japanese character
    settled: Matrix  # clause by clause: 1 where a pair was certain without vectors; neither of its clauses has one
    translated: Translated  # clause by clause
    labels: Matrix  # clause by clause: what the numbers say
    parents: Matrix  # clause by clause: 1 parents linked with each other, -1 with others, 0 not known
    children: Matrix  # clause by clause: the share of what stands under them that is linked with each other


def evidence(ja: Groups, en: Groups, context: Context) -> dict[str, Matrix]:
    """Each kind of evidence as a matrix (Japanese groups, English groups) of gains; `evidence` sums to the gain."""
    s = context.settings
    pick = np.ix_(ja.first, en.first)
    unread = np.outer(~ja.vectors.any(axis=1), ~en.vectors.any(axis=1)) * context.settled[pick]
    out = {"semantics": semantics(ja, en, context) * (1 - unread), "length": -s.length * misfit(ja, en, context)}
    for k, (name, weight) in enumerate(zip(TERMS, (s.words, s.facts, s.concepts), strict=True)):
        out[name] = weight * shared(ja.terms[k], en.terms[k], context.rarity[k], s)
    out["certain"] = s.settled * unread
    out["kind"] = s.heading * np.minimum(np.outer(ja.heading, en.heading), 1)
    out["labels"] = s.label * context.labels[pick]
    out["parent"] = s.parent * context.parents[pick]
    out["children"] = s.children * context.children[pick]
    return out


def total(parts: dict[str, Matrix]) -> Matrix:
    """All evidence added up."""
    return np.asarray(np.sum(list(parts.values()), axis=0), dtype=np.float32)


def semantics(ja: Groups, en: Groups, context: Context) -> Matrix:
    """Cosine, and its margin over the nearest neighbours of each side (Artetxe & Schwenk 2019)."""
    s = context.settings
    cosine = ja.vectors @ en.vectors.T
    crowd_ja = nearest(ja.vectors, ja.near, context.singles[1], s)
    crowd_en = nearest(en.vectors, en.near, context.singles[0], s)
    crowd = (crowd_ja[:, None] + crowd_en[None, :]) / 2
    return np.asarray(s.bias + s.cosine * cosine + s.margin * (cosine - crowd), dtype=np.float32)


def translations(context: Context) -> Matrix:
    """What words that are each other's translations say of every pair of clauses; weighed as cosines are."""
    s, likeness = context.settings, context.translated.likeness
    crowd_ja, crowd_en = (crowd(rows, s.neighbours, 0.0) for rows in (likeness, likeness.T))
    margin = likeness - (crowd_ja[:, None] + crowd_en[None, :]) / 2
    gain = s.translated_bias + s.translated * likeness + s.translated_margin * margin
    return np.asarray(gain, dtype=np.float32)


def nearest(vectors: Vectors, near: Matrix, clauses: Groups, s: Settings) -> Matrix:
    """Mean of each vector's largest cosines with clauses: with those that were read, and those that words let expect
    with the others."""
    read = clauses.vectors.any(axis=1)
    return crowd(np.hstack([vectors @ clauses.vectors[read].T, near]), s.neighbours, s.background)


def expected(likeness: Matrix, read: NDArray[np.bool_], s: Settings) -> Matrix:
    """For each clause the cosines that words let expect with the likeliest clauses of the other side that were not
    read. `likeness` is that of words, with every clause of the other side."""
    unread = likeness[:, ~read]
    k = min(s.neighbours, unread.shape[1])
    top = np.partition(unread, unread.shape[1] - k, axis=1)[:, unread.shape[1] - k :] if k else unread
    return np.asarray(np.minimum(s.unworded + s.worded * top, s.worded_most), dtype=np.float32)


def crowd(likeness: Matrix, most: int, unrelated: float) -> Matrix:
    """Mean of the `most` largest of each row; `unrelated` stands in where there are too few."""
    k = min(most, likeness.shape[1])
    top = np.partition(likeness, likeness.shape[1] - k, axis=1)[:, likeness.shape[1] - k :] if k else likeness
    return np.asarray((top.sum(axis=1) + (most - k) * unrelated) / most, dtype=np.float32)


def misfit(ja: Groups, en: Groups, context: Context) -> Matrix:
    """Half the squared, standardised log ratio of lengths, after Gale & Church 1993."""
    return misfits((ja.lengths * context.ratio)[:, None], en.lengths[None, :], context.settings)


def misfits(expected: Matrix, found: Matrix, s: Settings) -> Matrix:
    """The same, of lengths that are expected and those found."""
    z = (np.log(found + s.length_floor) - np.log(expected + s.length_floor)) / s.length_spread
    return np.asarray(np.minimum(z * z / 2, s.length_cap), dtype=np.float32)


def shared(ja: Matrix, en: Matrix, rarity: Matrix, s: Settings) -> Matrix:
    """Rarity of the terms that both have, less a part of that of the terms that one has alone."""
    both = (ja * rarity) @ en.T
    alone = (ja @ rarity)[:, None] + (en @ rarity)[None, :] - 2 * both
    return np.asarray(s.cap * np.tanh((both - s.missing * alone) / s.cap), dtype=np.float32)


def label_votes(ja: Side, en: Side, linked: list[tuple[int, int]]) -> Matrix:
    """What equal and unequal numbers of one kind say, learned from the pairs linked without them.

    The log-likelihood ratio of agreement: where a translation renumbers its articles, labels fall silent by
    themselves. Numbers of different kinds, and bullets, say nothing.
    """
    votes = np.zeros((len(ja), len(en)), dtype=np.float32)
    kinds = {x.kind for x in ja.labels if x and x.number} & {x.kind for x in en.labels if x and x.number}
    for kind in sorted(kinds):
        rows = [i for i, x in enumerate(ja.labels) if x and x.number and x.kind == kind]
        cols = [j for j, x in enumerate(en.labels) if x and x.number and x.kind == kind]
        equal = np.array([[ja.labels[i].number == en.labels[j].number for j in cols] for i in rows])  # type: ignore[union-attr]
        row, col = {i: k for k, i in enumerate(rows)}, {j: k for k, j in enumerate(cols)}
        seen = [equal[row[i], col[j]] for i, j in linked if i in row and j in col]
        agree, chance = (sum(seen) + 1) / (len(seen) + 2), (equal.sum() + 1) / (equal.size + 2)
        vote = np.where(equal, np.log(agree / chance), np.log((1 - agree) / (1 - chance)))
        votes[np.ix_(rows, cols)] = np.clip(vote, -3, 3)
    return votes


def parent_votes(ja: Side, en: Side, linked: list[tuple[int, int]]) -> Matrix:
    """1 where the parents of two clauses are linked with each other, -1 where with others, 0 where not known."""
    together = set(linked)
    known_ja, known_en = {i for i, _ in linked}, {j for _, j in linked}
    table = np.zeros((len(ja) + 1, len(en) + 1), dtype=np.float32)
    for i in known_ja:
        table[i, sorted(known_en)] = -1
    for i, j in together:
        table[i, j] = 1
    return table[np.ix_(ja.parent, en.parent)]


def child_votes(ja: Side, en: Side, linked: list[tuple[int, int]]) -> Matrix:
    """The linked clauses under each that are linked with those under the other, as a share of the larger number."""
    together = np.zeros((len(ja) + 1, len(en) + 1), dtype=np.float32)
    for i, j in linked:
        together[ja.parent[i], en.parent[j]] += 1  # the last row and column: no parent
    most = np.maximum(together.sum(axis=1)[:, None], together.sum(axis=0)[None, :])
    return np.asarray((together / np.maximum(most, 1))[:-1, :-1], dtype=np.float32)


def length_ratio(context: Context, linked: list[tuple[int, int]]) -> float:
    """English characters per Japanese character: the median of the linked pairs and of as many guesses as `PRIOR`."""
    ja, en = context.singles
    ratios = [float(en.lengths[j] / ja.lengths[i]) for i, j in linked if ja.lengths[i] >= LONG_ENOUGH]
    return float(np.median(ratios + [context.settings.length_prior] * PRIOR))
