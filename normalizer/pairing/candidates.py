"""Profiles of both sides → for each Japanese document the few English ones that may be its counterpart.

Blocking as in record linkage: documents that share a rare value, found through an inverted index, and the nearest by
concepts. Only these are looked at in full.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normalizer.pairing.profile import Profile
    from normalizer.pairing.settings import Settings

Matrix = NDArray[np.float32]


def candidates(
    ja: Sequence[Profile], en: Sequence[Profile], vectors: tuple[Matrix, Matrix], settings: Settings
) -> list[tuple[int, int]]:
    """Pairs of indices, sorted. `vectors` are those of `concept_vectors`."""
    found = _sharing(ja, en, settings)
    found |= {(i, j) for i, j in _nearest(*vectors, settings)}
    found |= {(i, j) for j, i in _nearest(vectors[1], vectors[0], settings)}
    return sorted(found)


def _sharing(ja: Sequence[Profile], en: Sequence[Profile], settings: Settings) -> set[tuple[int, int]]:
    """Documents that share rare values, for each the few with which it shares the most."""
    left, right = _index(ja), _index(en)
    common = {key: len(left[key]) * len(right[key]) for key in left if key in right}
    out: set[tuple[int, int]] = set()
    for side, mine, others in ((0, ja, right), (1, en, left)):
        for place, profile in enumerate(mine):
            rarity: dict[int, float] = defaultdict(float)
            for key in profile.keys:
                if key in common and common[key] <= settings.rare**2:
                    for other in others[key]:
                        rarity[other] += 1 / common[key]
            best = sorted(rarity, key=lambda other: (-round(rarity[other], 9), other))[: settings.nearest]
            out.update((other, place) if side else (place, other) for other in best)
    return out


def _index(side: Sequence[Profile]) -> dict[str, list[int]]:
    index: dict[str, list[int]] = defaultdict(list)
    for place, profile in enumerate(side):
        for key in profile.keys:
            index[key].append(place)
    return index


def _nearest(rows: Matrix, columns: Matrix, settings: Settings) -> list[tuple[int, int]]:
    """The few nearest columns of each row, a block of rows at a time; of equals those that come first."""
    out: list[tuple[int, int]] = []
    for start in range(0, len(rows), settings.block):
        likeness = rows[start : start + settings.block] @ columns.T
        best = np.argsort(-likeness, axis=1, kind="stable")[:, : settings.nearest]
        out += [(start + row, int(column)) for row, found in enumerate(best) for column in found]
    return out


def concept_vectors(ja: Sequence[Profile], en: Sequence[Profile], settings: Settings) -> tuple[Matrix, Matrix]:
    """Unit vectors of concept counts, rare concepts weighing more, of either side.

    What all policies of one language speak of is taken off, so that boilerplate is nobody's likeness.
    """
    names = sorted({name for profile in (*ja, *en) for name, _ in profile.concepts})
    column = {name: place for place, name in enumerate(names)}
    counts = [_counts(side, column) for side in (ja, en)]
    documents = sum((side > 0).sum(axis=0) for side in counts)
    rarity = np.log1p((len(ja) + len(en)) / documents).astype(np.float32)
    return _unit(counts[0] * rarity, settings.center), _unit(counts[1] * rarity, settings.center)


def _counts(side: Sequence[Profile], column: dict[str, int]) -> Matrix:
    out = np.zeros((len(side), len(column)), dtype=np.float32)
    for row, profile in enumerate(side):
        for name, count in profile.concepts:
            out[row, column[name]] = np.sqrt(count)
    return out


def _unit(rows: Matrix, center: float) -> Matrix:
    mean = rows.sum(axis=0) / (len(rows) + center)
    centered = rows - mean
    norms = np.linalg.norm(centered, axis=1, keepdims=True)
    return np.asarray(centered / np.where(norms, norms, 1), dtype=np.float32)
