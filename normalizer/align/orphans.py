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

ALIKE = 3  # beads far off that are asked whether they hold an orphan's translation
NEAR = 4  # clauses between which and an orphan others may be left over too
WORD = 15  # characters within which a stretch looks for the end of a word
STRETCHES = (0.45, 0.75, 1.0, 1.35)  # lengths of a stretch, as multiples of what the ratio of the languages expects
PHRASE = re.compile(r"(?<=[、。；，;.．])|(?<=, )|(?= (?:and|or) )|(?=(?:および|及び|または|又は|ならびに|並びに))")
LISTED = ("item", "bullet")  # labels that number what stands under a heading, not the heading's own text
ROOM = 1.5  # the log of a ratio of lengths beyond which more makes no difference


Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Match:
    """The stretch of a bead's other side that is closest to a left-over clause."""

    gain: float
    contrast: float  # by how much its cosine with the clause exceeds that with the bead's own text
    rest: str  # the other side without it


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
        own, holder = readers[side].side, {i: bead for bead in beads for i in bead[side]}
        left.append({i for i in range(len(readers[side].side)) if i not in holder})
        holders = {j: bead for bead in beads for j in bead[1 - side]}
        for orphan in sorted(left[side]):
            cosine = context.singles[1 - side].vectors @ context.singles[side].vectors[orphan]
            hosts = [*near(orphan, holder), *alike(cosine, holders, context.settings.akin)]
            asked += [(orphan, side, bead) for bead in dict.fromkeys(hosts) if not repeats(orphan, bead[side], own)]
    encode = readers[0].embedder.encode  # in two batches: the embedder remembers what it has encoded
    cuts = [divided(orphan, side, bead, readers, context) for orphan, side, bead in asked]
    encode([text for question, cut in zip(asked, cuts, strict=True) for text in stretches(*question, cut, readers)])
    found = [closest(*question, cut, readers, context) for question, cut in zip(asked, cuts, strict=True)]
    encode(
        [text for question, match in zip(asked, found, strict=True) for text in (match.rest, wider(*question, readers))]
    )
    return [
        Offer(*question, features_of(*question, match, readers, context, pairs, left))
        for question, match in zip(asked, found, strict=True)
    ]


def stretches(
    orphan: int, side: int, bead: Bead, cuts: Sequence[Span], readers: tuple[Reader, Reader]
) -> Iterator[str]:
    """The stretches of the bead's other side, that side whole, the bead's own, and the orphan."""
    text = readers[1 - side].text(bead[1 - side])
    yield from (text[a:b].strip() for a, b in cuts)
    yield text
    yield readers[side].text(bead[side])
    yield readers[side].side.texts[orphan]


def wider(orphan: int, side: int, bead: Bead, readers: tuple[Reader, Reader]) -> str:
    """The bead's own text with the orphan's."""
    return readers[side].text(tuple(sorted((*bead[side], orphan))))


def repeats(orphan: int, members: Sequence[int], side: Side) -> bool:
    """Whether a clause of the bead says the same word for word: then the orphan is a copy of it, not another part."""
    return any(side.texts[i] == side.texts[orphan] for i in members)


def near(orphan: int, holder: dict[int, Bead]) -> list[Bead]:
    """The beads that hold the nearest linked clause before and after the orphan."""
    before = [holder[i] for i in range(orphan - 1, orphan - NEAR - 1, -1) if i in holder][:1]
    return before + [holder[i] for i in range(orphan + 1, orphan + NEAR + 1) if i in holder][:1]


def alike(cosine: Vectors, holders: dict[int, Bead], akin: float) -> list[Bead]:
    """The beads with the linked clauses of the other side that are closest to the orphan, wherever they are."""
    order = sorted((j for j in holders if cosine[j] >= akin), key=lambda j: (-cosine[j], j))[:ALIKE]
    return [holders[j] for j in order]


def divided(orphan: int, side: int, bead: Bead, readers: tuple[Reader, Reader], context: Context) -> list[Span]:
    """Stretches of the text of the bead's other side that may be the orphan's translation."""
    text = readers[1 - side].text(bead[1 - side])
    expected = float(context.singles[side].lengths[orphan]) * (context.ratio if side == 0 else 1 / context.ratio)
    spans = [(0, len(text)), *edges(text, expected), *phrases(text, expected)]
    return [(a, b) for a, b in dict.fromkeys(spans) if text[a:b].strip()]


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


def closest(
    orphan: int, side: int, bead: Bead, cuts: Sequence[Span], readers: tuple[Reader, Reader], context: Context
) -> Match:
    """The stretch with the most gain, those that are nearer to the bead's own clauses held further off."""
    s, text = context.settings, readers[1 - side].text(bead[1 - side])
    own, other = context.singles[side], context.singles[1 - side]
    vectors = readers[side].embedder.encode(list(stretches(orphan, side, bead, cuts, readers)))
    parts, mine, vector = vectors[:-3], vectors[-2], vectors[-1]
    cosine = parts @ vector
    crowd = nearest((other.vectors @ vector)[None, :], s)[0], nearest(parts @ own.vectors.T, s)
    gains = s.bias + s.cosine * cosine + s.margin * (cosine - (crowd[0] + crowd[1]) / 2)
    contrast = cosine - parts @ mine
    k = int((gains + FAR * np.minimum(contrast, 0)).argmax())
    return Match(float(gains[k]), float(contrast[k]), text[: cuts[k][0]] + text[cuts[k][1] :])


def features_of(
    orphan: int,
    side: int,
    bead: Bead,
    match: Match,
    readers: tuple[Reader, Reader],
    context: Context,
    pairs: Matrix,
    left: Sequence[set[int]],
) -> Features:
    """What tells whether the bead's other side holds the orphan's translation, apart from that of the bead's own.

    The gain of the closest stretch; by how much that is closer to the orphan than to the bead's own text; by how much
    the bead is closer without it; and with the orphan; then what lengths, terms, rivals and places say.
    """
    own, other, others = readers[side], readers[1 - side], bead[1 - side]
    mine, both, whole, rest = own.embedder.encode(
        [own.text(bead[side]), wider(orphan, side, bead, readers), other.text(others), match.rest]
    )
    gains = (pairs if side == 0 else pairs.T)[orphan].copy()
    gains[list(others)] = -FAR
    free = gains[sorted(left[1 - side])].max(initial=-FAR)
    return (
        within(match.gain),
        match.contrast,
        float(rest @ mine - whole @ mine),
        float(both @ whole - mine @ whole),
        *rooms(orphan, side, bead, readers, context),
        *new_terms(orphan, bead[side], others, side, readers, context),
        within(float(gains.max(initial=-FAR))),
        float(free > 0),
        *placing(orphan, bead[side], own.side),
        float(others[0] - 1 in left[1 - side] or others[-1] + 1 in left[1 - side]),
        float(len(others) + len(bead[side]) > 2),
    )


def rooms(orphan: int, side: int, bead: Bead, readers: tuple[Reader, Reader], context: Context) -> tuple[float, float]:
    """Log of how much longer the bead's other side is than its own text lets expect; and how much shorter it is than
    the orphan too would need."""
    ratio, floor = (context.ratio if side == 0 else 1 / context.ratio), context.settings.length_floor
    there = len(readers[1 - side].text(bead[1 - side])) + floor
    own, both = len(readers[side].text(bead[side])), len(wider(orphan, side, bead, readers))
    before, after = (np.clip(np.log(there / (size * ratio + floor)), -ROOM, ROOM) for size in (own, both))
    return float(before), max(0.0, -float(after))


def placing(orphan: int, members: Sequence[int], side: Side) -> tuple[float, ...]:
    """Beside the bead or far from it; a heading before or after it, a text beside a heading; under one parent with its
    nearest clause, or one above the other; the caption of a numbered article."""
    edge = min(members, key=lambda i: (abs(i - orphan), i))
    head, parents = bool(side.heading[orphan]), (side.parent[orphan], side.parent[edge])
    found = (
        abs(edge - orphan) == 1,
        abs(edge - orphan) > NEAR,
        head and orphan < edge,
        head and orphan > edge,
        bool(side.heading[edge]) and not head,
        parents[0] == parents[1] or edge == parents[0] or orphan == parents[1],
        head and is_caption(orphan, edge, side),
    )
    return tuple(map(float, found))


def is_caption(heading: int, next_clause: int, side: Side) -> bool:
    """Whether a heading is the caption above a numbered article, of which it is a part as in Japanese statutes."""
    label, own = side.labels[next_clause], side.labels[heading]
    numbered = label is not None and label.number and label.kind not in LISTED
    return bool(
        next_clause == heading + 1 and numbered and not side.heading[next_clause] and (own is None or not own.number)
    )


def new_terms(
    orphan: int,
    members: Sequence[int],
    others: Sequence[int],
    side: int,
    readers: tuple[Reader, Reader],
    context: Context,
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
