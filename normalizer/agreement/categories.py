"""Two linked clauses → the same, with one category where they said two and one of them was nearly the other's."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from normalizer.model import Clause

EVIDENCE = "link"


def settled(pair: tuple[Clause, Clause]) -> tuple[Clause, Clause]:
    """Both clauses with the category that falls short of the best the least, on both sides together.

    Where none is the best of its side or its rival (Clause.rivals) on both, they stay as they are.
    """
    if pair[0].category == pair[1].category:
        return pair
    left, right = ({clause.category: 0, **dict(clause.rivals)} for clause in pair)
    common = [name for name in left if name in right]
    if not common:
        return pair
    best = min(common, key=lambda name: (left[name] + right[name], name))
    return _as(pair[0], best), _as(pair[1], best)


def _as(clause: Clause, category: str) -> Clause:
    if clause.category == category:
        return clause
    also = tuple(name for name in (clause.category, *clause.also) if name != category)
    return clause.revised(category=category, also=also, category_evidence=(f"{category}: {EVIDENCE}",))
