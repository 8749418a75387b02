"""Clauses of one side that are read as one text, with all that is compared between two such groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normalizer.align.sides import Side
    from normalizer.embed import Embedder, Vectors

Matrix = NDArray[np.float32]
TINY = 1e-9
TERMS = ("words", "facts", "concepts")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What could be shared by both sides, and how telling it is."""

    place: dict[str, int]
    rarity: Matrix  # log of how few clauses have it

    def incidence(self, sets: Sequence[frozenset[str]]) -> Matrix:
        """1 where a clause (row) has a term (column)."""
        out = np.zeros((len(sets), len(self.place)), dtype=np.float32)
        for row, terms in enumerate(sets):
            for term in terms:
                if term in self.place:
                    out[row, self.place[term]] = 1.0
        return out


def vocabulary(ja: Sequence[frozenset[str]], en: Sequence[frozenset[str]]) -> Vocabulary:
    """The terms that occur on both sides; rare ones weigh more."""
    shared = sorted(frozenset().union(*ja) & frozenset().union(*en))
    place = {term: k for k, term in enumerate(shared)}
    count = np.zeros(len(shared), dtype=np.float32)
    for terms in (*ja, *en):
        for term in terms & place.keys():
            count[place[term]] += 1
    return Vocabulary(place, np.log((len(ja) + len(en)) / np.maximum(count, 1)).astype(np.float32))


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of clauses of one side; every array has one row a group."""

    vectors: Vectors
    lengths: Matrix
    heading: Matrix  # 1 all headings, -1 none, 0 some
    terms: tuple[Matrix, ...]  # incidence of words, facts, concepts, in the order of TERMS
    first: NDArray[np.int64]  # the first member, which carries label and parent

    def rows(self, places: list[int]) -> Groups:
        """Some of the groups."""
        terms = tuple(matrix[places] for matrix in self.terms)
        return Groups(self.vectors[places], self.lengths[places], self.heading[places], terms, self.first[places])


class Reader:
    """Makes the groups of one side; keeps what every group of that side needs."""

    def __init__(self, side: Side, vocabularies: Sequence[Vocabulary], embedder: Embedder) -> None:
        self.side = side
        self.embedder = embedder
        sets = (side.words, side.facts, side.concepts)
        self.terms = tuple(v.incidence(s) for v, s in zip(vocabularies, sets, strict=True))

    def groups(self, members: Sequence[tuple[int, ...]], vectors: Vectors | None = None) -> Groups:
        """The groups with these members (positions on the side, ascending)."""
        texts = [self.text(group) for group in members]
        heads = np.array([np.mean(self.side.heading[list(group)]) for group in members], dtype=np.float32)
        return Groups(
            vectors=self.embedder.encode(texts) if vectors is None else vectors,
            lengths=np.array([len(text) for text in texts], dtype=np.float32),
            heading=np.where(heads == 1, 1, np.where(heads == 0, -1, 0)).astype(np.float32),
            terms=tuple(np.stack([t[list(group)].max(axis=0) for group in members]) for t in self.terms),
            first=np.array([group[0] for group in members], dtype=np.int64),
        )

    def text(self, group: tuple[int, ...]) -> str:
        """The texts of the members, read as one."""
        return self.side.joint.join(self.side.texts[i] for i in group)

    def runs(
        self, size: int, singles: Groups, doubtful: NDArray[np.bool_], other: Vectors, slack: float, hope: float
    ) -> Groups:
        """All runs of `size` neighbouring clauses; `other` are the vectors of the other side's clauses.

        At first a run has the mean of its clauses' vectors, weighted by length (cosine with the true one about 0.93).
        It is encoded only if it holds a doubtful clause and is not further from the other side than its clauses are.
        """
        members = [tuple(range(i, i + size)) for i in range(len(self.side) - size + 1)]
        weighted = singles.vectors * singles.lengths[:, None]
        vectors = np.stack([weighted[list(group)].sum(axis=0) for group in members])
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), TINY)
        near, alone = (vectors @ other.T).max(axis=1), (singles.vectors @ other.T).max(axis=1)
        wanted = [
            k
            for k, group in enumerate(members)
            if doubtful[list(group)].any() and near[k] >= max(alone[list(group)].max() - slack, hope)
        ]
        vectors[wanted] = self.embedder.encode([self.text(members[k]) for k in wanted])
        return self.groups(members, vectors)
