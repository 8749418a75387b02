"""Beads → the same, with headings where their texts say they belong: over the text that the other heading stands over.

What a heading stands right above tells its counterpart better than its few words do, where one side puts into a
sentence what the other has as a heading with a list (利用目的 ・… ・… against "We use it to …").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from normalizer.align.chains import Bead
    from normalizer.align.groups import Reader
    from normalizer.align.sides import Side


def headed(beads: list[Bead], readers: tuple[Reader, Reader]) -> list[Bead]:
    """The beads, after left-over headings have been given their places, each clause still in at most one."""
    sides = readers[0].side, readers[1].side
    taken = [{i for bead in beads for i in bead[k]} for k in (0, 1)]
    out: list[Bead] = []
    for bead in beads:
        left = [_left_above(bead[k], sides[k], taken[k]) for k in (0, 1)]
        for k in (0, 1):
            own = _own_heading(bead[k], sides[k])
            if (
                own is not None
                and (other := left[1 - k]) is not None
                and not sides[1 - k].heading[list(bead[1 - k])].any()
            ):
                pair = ((own,), (other,)) if k == 0 else ((other,), (own,))
                rest = tuple(i for i in bead[k] if i != own)
                out.append(pair)
                bead = (rest, bead[1]) if k == 0 else (bead[0], rest)
                taken[1 - k].add(other)
                break
            if (above := left[k]) is not None and left[1 - k] is None and _same_number(above, bead[1 - k], sides, k):
                wider = (above, *bead[k])
                bead = (wider, bead[1]) if k == 0 else (bead[0], wider)
                taken[k].add(above)
                break
        out.append(bead)
    return out


def _left_above(members: tuple[int, ...], side: Side, taken: set[int]) -> int | None:
    """The heading right above a bead's first clause, and over it, if it is left over."""
    above = members[0] - 1
    stands_over = above >= 0 and bool(side.heading[above]) and int(side.parent[members[0]]) == above
    return above if stands_over and above not in taken else None


def _own_heading(members: tuple[int, ...], side: Side) -> int | None:
    """The heading that a bead holds together with what stands right below it."""
    first = members[0]
    below = [i for i in members[1:] if int(side.parent[i]) == first]
    return first if side.heading[first] and below and below[0] == first + 1 and len(below) == len(members) - 1 else None


def _same_number(heading: int, others: tuple[int, ...], sides: tuple[Side, Side], side: int) -> bool:
    """Does the other side, an item of its list, bear the heading's number?"""
    own, other = sides[side].labels[heading], sides[1 - side].labels[others[0]]
    if own is None or other is None or not own.number or sides[1 - side].heading[others[0]]:
        return False
    return (own.kind, own.number) == (other.kind, other.number)
