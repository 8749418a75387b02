"""Beads and left-over clauses to beads: a clause left over joins a bead whose other side holds its translation.

Where two lines were run together on one side (a heading glued to its paragraph), the short one is lost in the
vector of the whole. So it is compared with the stretch at the edge of the other side's text that is as long as its
translation should be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from normalizer.align.evidence import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from normalizer.align.chains import Bead
    from normalizer.align.evidence import Context
    from normalizer.align.groups import Reader

ALIKE = 3  # beads far off that are asked whether they hold an orphan's translation
NEAR = 3  # clauses between which and an orphan others may be left over too
MOST = 0.1  # cosine that a bead could at best gain by giving up a stretch
WORD = 15  # characters within which a stretch looks for the end of a word
STRETCHES = (0.75, 1.0, 1.35)  # lengths of a stretch, as multiples of what the ratio of the languages expects


def adopted(beads: list[Bead], readers: tuple[Reader, Reader], context: Context) -> list[Bead]:
    """The beads, some of them wider by left-over clauses."""
    for side in (0, 1):
        taken = {i for bead in beads for i in bead[side]}
        for orphan in range(len(readers[side].side)):
            if orphan not in taken:
                beads = placed(orphan, side, beads, readers, context)
    return beads


def placed(orphan: int, side: int, beads: list[Bead], readers: tuple[Reader, Reader], context: Context) -> list[Bead]:
    """The beads with the orphan in the one that holds its translation, if any does."""
    s = context.settings
    near = hosts(orphan, side, beads)
    scored = [(claim(orphan, side, beads[k], readers, context, (orphan < beads[k][side][0],)), -k) for k in near]
    for k in alike(orphan, side, beads, context) - near:
        scored.append((claim(orphan, side, beads[k], readers, context, (True, False)) - s.far, -k))
    best, minus = max(scored, default=(-np.inf, 0))
    if best < s.orphan:
        return beads
    host = list(beads[-minus])
    host[side] = tuple(sorted((*host[side], orphan)))
    return [*beads[:-minus], (host[0], host[1]), *beads[-minus + 1 :]]


def thinned(beads: list[Bead], readers: tuple[Reader, Reader]) -> list[Bead]:
    """The beads without the clauses between their ends that add nothing to them."""
    out = []
    for bead in beads:
        for side in (0, 1):
            for clause in bead[side][1:-1]:
                without = list(bead)
                without[side] = tuple(i for i in bead[side] if i != clause)
                rest = (without[0], without[1])
                if likeness(rest, readers) > likeness(bead, readers):
                    bead = rest
        out.append(bead)
    return out


def likeness(bead: Bead, readers: tuple[Reader, Reader]) -> float:
    """The cosine between the two sides of a bead."""
    ja, en = (reader.groups([group]).vectors[0] for reader, group in zip(readers, bead, strict=True))
    return float(ja @ en)


def hosts(orphan: int, side: int, beads: list[Bead]) -> set[int]:
    """The beads that hold the nearest linked clause before and after the orphan, if it is near."""
    holder = {i: k for k, bead in enumerate(beads) for i in bead[side]}
    before = [i for i in range(orphan - 1, orphan - NEAR - 1, -1) if i in holder][:1]
    after = [i for i in range(orphan + 1, orphan + NEAR + 1) if i in holder][:1]
    return {holder[i] for i in before + after}


def alike(orphan: int, side: int, beads: list[Bead], context: Context) -> set[int]:
    """The beads with the clauses of the other side that are most like the orphan, wherever they stand."""
    cosine = context.singles[1 - side].vectors @ context.singles[side].vectors[orphan]
    order = sorted(range(len(beads)), key=lambda k: (-max(cosine[j] for j in beads[k][1 - side]), k))
    return set(order[:ALIKE])


def claim(
    orphan: int, side: int, bead: Bead, readers: tuple[Reader, Reader], context: Context, edges: tuple[bool, ...]
) -> float:
    """The gain of linking the orphan with the best stretch at an edge (True: the start) of the bead's other side.

    To it comes what the bead gains in likeness when that stretch is taken out of it: a stretch that the bead's own
    clauses need (a heading's words said again) is not the orphan's.
    """
    s = context.settings
    own, other = context.singles[side], context.singles[1 - side]
    text = readers[1 - side].text(bead[1 - side])
    expected = float(own.lengths[orphan]) * (context.ratio if side == 0 else 1 / context.ratio)
    if len(text) < expected * s.room or not expected:
        return -np.inf
    cuts = list(dict.fromkeys(cut for edge in edges for cut in divided(text, expected, edge)))
    encode = readers[1 - side].embedder.encode
    stretches = encode([stretch for stretch, _ in cuts])
    vector, rest = own.vectors[orphan], readers[side].groups([bead[side]]).vectors[0]
    crowd = nearest((other.vectors @ vector)[None, :], s)[0], nearest(stretches @ own.vectors.T, s)
    cosine = stretches @ vector
    gain = s.bias + s.cosine * cosine + s.margin * (cosine - (crowd[0] + crowd[1]) / 2)
    gain = np.where(cosine > stretches @ rest, gain, -np.inf)
    if gain.max() < s.orphan - s.relief * MOST:
        return -np.inf
    whole, left = encode([text])[0], encode([remnant for _, remnant in cuts])
    return float((gain + s.relief * (left @ rest - whole @ rest)).max())


def divided(text: str, expected: float, start: bool) -> Iterator[tuple[str, str]]:
    """The first or the last stretch of the text and what is left, at several lengths, cut between words."""
    for factor in STRETCHES:
        length = max(2, round(expected * factor))
        if start:
            space = text.find(" ", length, length + WORD)
            cut = space if space >= 0 else length
            yield text[:cut], text[cut:]
        else:
            length = max(0, len(text) - length)
            cut = text.rfind(" ", max(0, length - WORD), length) + 1 or length
            yield text[cut:], text[:cut]
