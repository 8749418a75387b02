"""Beads and left-over clauses to beads: a clause left over joins a bead whose other side holds its translation.

Where two lines were run together on one side (a heading glued to its paragraph), or one clause stands for several of
the other side and leaves out a part of each, the vector of the whole is not near that of each part. So a left-over
clause is compared with the stretches of the other side's text that are as long as its translation should be, and with
what the bead says without it. A logistic function weighs what was found; `Settings.adopt` are its weights.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from normalizer.align.evidence import nearest
from normalizer.align.score import FAR, Features, probability, within

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from normalizer.align.chains import Bead
    from normalizer.align.evidence import Context
    from normalizer.align.groups import Matrix, Reader
    from normalizer.align.sides import Side
    from normalizer.embed import Vectors

ALIKE = 2  # beads far off that are asked whether they hold an orphan's translation
NEAR = 4  # clauses between which and an orphan others may be left over too
WORD = 15  # characters within which a stretch looks for the end of a word
STRETCHES = (0.45, 0.75, 1.0, 1.35)  # lengths of a stretch, as multiples of what the ratio of the languages expects
PHRASE = re.compile(r"(?<=[、。；，;.．])|(?<=, )|(?= (?:and|or) )|(?=(?:および|及び|または|又は|ならびに|並びに))")
LISTED = ("item", "bullet")  # labels that number what stands under a heading, not the heading's own text
ROOM = 1.5  # the log of a ratio of lengths beyond which more makes no difference


@dataclass(frozen=True, slots=True)
class Offer:
    """A left-over clause of side 0 or 1, and a bead that it might join."""

    orphan: int
    side: int
    bead: Bead
    features: Features


def adopted(
    beads: list[Bead], readers: tuple[Reader, Reader], context: Context, pairs: Matrix
) -> tuple[list[Bead], list[tuple[float, Offer]]]:
    """The beads, some of them wider by left-over clauses, and the offers that were refused, with their chances.

    The surest offer comes first; a bead takes one in each round. `pairs` is the gain of every pair of clauses.
    """
    s = context.settings
    while True:
        made = [(probability(offer.features, s.adopt), offer) for offer in offers(beads, readers, context, pairs)]
        wider: dict[Bead, Bead] = {}
        placed: set[tuple[int, int]] = set()
        for chance, offer in sorted(made, key=lambda entry: (-entry[0], entry[1].side, entry[1].orphan)):
            if chance >= s.adoption and offer.bead not in wider and (offer.side, offer.orphan) not in placed:
                wider[offer.bead] = with_orphan(offer)
                placed.add((offer.side, offer.orphan))
        if not wider:
            return beads, made
        beads = [wider.get(bead, bead) for bead in beads]


def with_orphan(offer: Offer) -> Bead:
    """The bead, wider by the clause."""
    sides = list(offer.bead)
    sides[offer.side] = tuple(sorted((*sides[offer.side], offer.orphan)))
    return sides[0], sides[1]


def offers(beads: list[Bead], readers: tuple[Reader, Reader], context: Context, pairs: Matrix) -> list[Offer]:
    """Every left-over clause with each bead that stands near it or is like it; all texts are encoded in one batch."""
    asked: list[tuple[int, int, Bead]] = []
    left: list[set[int]] = []
    for side in (0, 1):
        holder = {i: bead for bead in beads for i in bead[side]}
        left.append({i for i in range(len(readers[side].side)) if i not in holder})
        holders = {j: bead for bead in beads for j in bead[1 - side]}
        for orphan in sorted(left[side]):
            hosts = [*near(orphan, holder), *alike(orphan, pairs if side == 0 else pairs.T, holders)]
            asked += [(orphan, side, bead) for bead in dict.fromkeys(hosts)]
    cuts = [divided(orphan, side, bead, readers, context) for orphan, side, bead in asked]
    readers[0].embedder.encode(list(texts_of(asked, cuts, readers)))  # in one batch: the embedder remembers them
    return [
        Offer(orphan, side, bead, features_of((orphan, side, bead), cut, readers, context, pairs, left))
        for (orphan, side, bead), cut in zip(asked, cuts, strict=True)
        if cut
    ]


def texts_of(
    asked: Sequence[tuple[int, int, Bead]], cuts: Sequence[list[tuple[str, str]]], readers: tuple[Reader, Reader]
) -> Iterator[str]:
    """All texts that the offers are judged by."""
    for (orphan, side, bead), cut in zip(asked, cuts, strict=True):
        yield from (text for pair in cut for text in pair)
        yield readers[side].text(bead[side])
        yield readers[side].text(tuple(sorted((*bead[side], orphan))))
        yield readers[1 - side].text(bead[1 - side])


def near(orphan: int, holder: dict[int, Bead]) -> list[Bead]:
    """The beads that hold the nearest linked clause before and after the orphan."""
    before = [holder[i] for i in range(orphan - 1, orphan - NEAR - 1, -1) if i in holder][:1]
    return before + [holder[i] for i in range(orphan + 1, orphan + NEAR + 1) if i in holder][:1]


def alike(orphan: int, pairs: Matrix, holders: dict[int, Bead]) -> list[Bead]:
    """The beads with the linked clauses of the other side that have the most gain with the orphan, wherever they are."""
    order = sorted(holders, key=lambda j: (-pairs[orphan, j], j))[:ALIKE]
    return [holders[j] for j in order]


def divided(
    orphan: int, side: int, bead: Bead, readers: tuple[Reader, Reader], context: Context
) -> list[tuple[str, str]]:
    """Stretches of the bead's other side that may be the orphan's translation, each with what is left without it."""
    text = readers[1 - side].text(bead[1 - side])
    expected = float(context.singles[side].lengths[orphan]) * (context.ratio if side == 0 else 1 / context.ratio)
    spans = [(0, len(text)), *edges(text, expected), *phrases(text, expected)]
    return [(text[a:b].strip(), text[:a] + text[b:]) for a, b in dict.fromkeys(spans) if text[a:b].strip()]


def edges(text: str, expected: float) -> Iterator[tuple[int, int]]:
    """The first and the last stretch of the text at several lengths, cut between words."""
    for factor in STRETCHES:
        length = max(2, round(expected * factor))
        if length < len(text):
            space = text.find(" ", length, length + WORD)
            yield 0, space if space >= 0 else length
            start = len(text) - length
            yield text.rfind(" ", max(0, start - WORD), start) + 1 or start, len(text)


def phrases(text: str, expected: float) -> Iterator[tuple[int, int]]:
    """From each beginning of a phrase the run of phrases whose length comes nearest to the expected ones."""
    cuts = sorted({0, len(text), *(match.start() for match in PHRASE.finditer(text))})
    ends = np.array(cuts)
    for start in cuts[:-1]:
        for factor in (STRETCHES[0], 1.0):
            later = ends[ends > start]
            yield start, int(later[np.abs(later - start - expected * factor).argmin()])


def features_of(
    offer: tuple[int, int, Bead],
    cuts: list[tuple[str, str]],
    readers: tuple[Reader, Reader],
    context: Context,
    pairs: Matrix,
    left: list[set[int]],
) -> Features:
    """What tells whether the bead's other side holds the orphan's translation, apart from that of the bead's own."""
    orphan, side, bead = offer
    own, other, encode = readers[side], readers[1 - side], readers[side].embedder.encode
    ratio = context.ratio if side == 0 else 1 / context.ratio
    members, others = bead[side], bead[1 - side]
    both = tuple(sorted((*members, orphan)))
    vector = context.singles[side].vectors[orphan]
    mine, wider, whole = encode([own.text(members), own.text(both), other.text(others)])
    parts, rests = encode([part for part, _ in cuts]), encode([rest for _, rest in cuts])
    best, contrast = stretch_gain(vector, mine, parts, side, context)
    relief = float((rests @ mine)[best[1]] - whole @ mine)
    said = [len(other.text(others)), len(own.text(members)) * ratio, len(own.text(both)) * ratio]
    floor = context.settings.length_floor
    room = [float(np.clip(np.log((said[0] + floor) / (x + floor)), -ROOM, ROOM)) for x in said[1:]]
    edge = min(members, key=lambda i: (abs(i - orphan), i))
    gains = (pairs if side == 0 else pairs.T)[orphan].copy()
    gains[list(others)] = -FAR
    hole = [j in left[1 - side] for j in (others[0] - 1, others[-1] + 1)]
    heads = context.singles[side].heading
    head = heads[orphan] == 1
    parents = (own.side.parent[orphan], own.side.parent[edge])
    return (
        within(best[0]),
        contrast,
        relief,
        float(wider @ whole - mine @ whole),
        room[0],
        max(0.0, -room[1]),
        *new_terms(orphan, members, others, side, readers, context),
        within(float(gains.max(initial=-FAR))),
        float(within(float(gains[sorted(left[1 - side])].max(initial=-FAR))) > 0),
        float(abs(edge - orphan) == 1),
        float(abs(edge - orphan) > NEAR),
        float(head and orphan < edge),
        float(head and orphan > edge),
        float(heads[edge] == 1) * float(not head),
        float(parents[0] == parents[1] or edge == parents[0] or orphan == parents[1]),
        float(any(hole)),
        float(head and is_caption(orphan, edge, own.side)),
        float(len(others) + len(members) - 2 > 0),
    )


def is_caption(heading: int, next_clause: int, side: Side) -> bool:
    """Whether a heading is the caption above a numbered article, of which it is a part as in Japanese statutes."""
    label, own = side.labels[next_clause], side.labels[heading]
    numbered = label is not None and label.number and label.kind not in LISTED
    return bool(next_clause == heading + 1 and numbered and not side.heading[next_clause] and (own is None or not own.number))


def stretch_gain(
    vector: Vectors, mine: Vectors, parts: Vectors, side: int, context: Context
) -> tuple[tuple[float, int], float]:
    """The best gain of a stretch with the orphan, its place; and how much closer it is to the orphan than to the bead."""
    s = context.settings
    own, other = context.singles[side], context.singles[1 - side]
    cosine = parts @ vector
    crowd = nearest((other.vectors @ vector)[None, :], s)[0], nearest(parts @ own.vectors.T, s)
    gains = s.bias + s.cosine * cosine + s.margin * (cosine - (crowd[0] + crowd[1]) / 2)
    contrast = cosine - parts @ mine
    place = int((gains + FAR * np.minimum(contrast, 0)).argmax())
    return (float(gains[place]), place), float(contrast[place])


def new_terms(
    orphan: int, members: Sequence[int], others: Sequence[int], side: int, readers: tuple[Reader, Reader], context: Context
) -> tuple[float, float]:
    """Rarity of the words, facts and concepts that the orphan and the other side share and the bead's own clauses lack;
    and of those that the orphan has and the other side lacks."""
    shared = missing = 0.0
    for k, rarity in enumerate(context.rarity):
        own, other = readers[side].terms[k], readers[1 - side].terms[k]
        there = other[list(others)].max(axis=0)
        shared += float((own[orphan] * there * (1 - own[list(members)].max(axis=0))) @ rarity)
        missing += float((own[orphan] * (1 - there)) @ rarity)
    return within(shared), within(missing)


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
