"""Two sides to the pairs of clauses that need no vector: what labels, facts, concepts, words and lengths settle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from normalizer.align.windows import longest

if TYPE_CHECKING:
    from normalizer.align.evidence import Context
    from normalizer.align.groups import Matrix
    from normalizer.align.sides import Side

UNLIKE = -10.0


def certain(cheap: Matrix, lengths: Matrix, context: Context) -> list[tuple[int, int]]:
    """The pairs whose gain without vectors is high and far above that of every rival on both sides, in one order.

    `cheap` is the gain of every pair without its meaning, of which `lengths` is that of the lengths: a pair of unlike
    lengths may be part of a larger bead. An equal number of one kind adds to it. A pair that would cross others does
    not count as certain: what was moved is left to the vectors.
    """
    ja, en, settings = context.ja, context.en, context.settings
    if not settings.lead < np.inf:
        return []
    gains = cheap + settings.label * same_labels(ja, en)
    pairs = []
    for i in range(len(ja)):
        j = int(gains[i].argmax())
        rivals = max(np.delete(gains[i], j).max(initial=UNLIKE), np.delete(gains[:, j], i).max(initial=UNLIKE))
        if (
            lengths[i, j] >= -settings.alike
            and gains[i, j] >= settings.certain
            and gains[i, j] - rivals >= settings.lead
        ):
            pairs.append((i, j))
    return longest(pairs)


def same_labels(ja: Side, en: Side) -> Matrix:
    """1 where two clauses have one number of one kind; never bare digits of unlike kinds."""
    left, right = ([(x.kind, x.number) if x and x.number else None for x in side.labels] for side in (ja, en))
    return np.array([[float(a is not None and a == b) for b in right] for a in left], dtype=np.float32)
