"""Beads and left-over clauses to beads: a clause left over joins a bead whose other side holds its translation.

Where two lines were run together on one side (a heading glued to its paragraph), or one clause stands for several of
the other side and leaves out a part of each, the vector of the whole is not near that of each part. So a left-over
clause is compared with the stretches of the other side's text that are as long as its translation should be, and with
what the bead says without it. A logistic function weighs what was found; `Settings.adopt` are its weights.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from normalizer.align.evidence import nearest
from normalizer.align.groups import units
from normalizer.align.score import FAR, Features, probability, within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from normalizer.align.chains import Bead
    from normalizer.align.evidence import Context
    from normalizer.align.groups import Matrix, Reader
    from normalizer.align.sides import Side
    from normalizer.embed import Vectors

ALIKE = 3  # beads far off that are asked whether they hold an orphan's translation
NEAR = 4  # clauses between which and an orphan others may be left over too
STRETCHES = (0.45, 1.0)  # lengths of a stretch, as multiples of what the ratio of the languages expects
PHRASE = re.compile(r"(?<=[、。；，;.．])|(?<=, )|(?= (?:and|or) )|(?=(?:および|及び|または|又は|ならびに|並びに))")
MISFIT = 0.35  # part of the expected length by which the nearest end of a phrase may miss it
WORD = 15  # characters within which a cut looks for the end of a word
LISTED = ("item", "bullet")  # labels that number what stands under a heading, not the heading's own text
ROOM = 1.5  # the log of a ratio of lengths beyond which more makes no difference
RIVAL = 2.0  # gain from which a left-over clause of the other side may be the orphan's counterpart instead

Question = tuple[int, int, "Bead"]  # a left-over clause of side 0 or 1, and a bead that it might join


@dataclass(frozen=True, slots=True)
class Phrases:
    """A text cut where phrases begin; the vector of any run of them is the mean of theirs, weighted by length."""

    text: str
    cuts: NDArray[np.int64]  # where phrases begin, and the end of the text
    sums: Vectors  # the weighted vectors of all phrases before each cut, added up

    def runs(self, expected: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """First and last cut of the whole text, and from each cut on of the runs nearest to the expected lengths."""
        starts = np.arange(len(self.cuts) - 1)
        long = (self.cuts[None, 1:] - self.cuts[:-1, None]).astype(np.float32)
        long[long <= 0] = -np.inf
        ends = [np.abs(long - expected * factor).argmin(axis=1) + 1 for factor in STRETCHES]
        return np.concatenate([[0], starts, starts]), np.concatenate([[len(starts)], *ends])

    def edges(self, expected: float) -> list[str]:
        """The first and last stretches of about the expected lengths, cut between words, where no phrase ends near: a
        heading may be glued to its paragraph."""
        found, size = [], len(self.text)
        for length in (max(2, round(expected * factor)) for factor in STRETCHES):
            start = size - length
            if start > 0 and np.abs(self.cuts - length).min() > MISFIT * length:
                space = self.text.find(" ", length, length + WORD)
                found.append(self.text[: space if space >= 0 else length])
            if start > 0 and np.abs(self.cuts - start).min() > MISFIT * length:
                found.append(self.text[self.text.rfind(" ", max(0, start - WORD), start) + 1 or start :])
        return [text.strip() for text in found if text.strip()]


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
    known: dict[Question, Features] = {}
    while True:
        found = offers(beads, readers, context, pairs, known)
        made = [(probability(offer.features, s.adopt), offer) for offer in found]
        wider: dict[Bead, Bead] = {}
        taken: set[tuple[int, int]] = set()
        for chance, offer in sorted(made, key=lambda entry: (-entry[0], entry[1].side, entry[1].orphan)):
            if chance >= s.adoption and offer.bead not in wider and (offer.side, offer.orphan) not in taken:
                wider[offer.bead] = with_orphan(offer)
                taken.add((offer.side, offer.orphan))
        if not wider:
            return beads, made
        beads = [wider.get(bead, bead) for bead in beads]


def with_orphan(offer: Offer) -> Bead:
    """The bead, wider by the clause."""
    sides = list(offer.bead)
    sides[offer.side] = tuple(sorted((*sides[offer.side], offer.orphan)))
    return sides[0], sides[1]


def offers(
    beads: list[Bead],
    readers: tuple[Reader, Reader],
    context: Context,
    pairs: Matrix,
    known: dict[Question, Features],
) -> list[Offer]:
    """Every left-over clause with each bead that stands near it or is like it.

    `known` keeps what was heard in earlier rounds; new texts are encoded in one batch.
    """
    asked: list[Question] = []
    left: list[set[int]] = []
    for side in (0, 1):
        own, holder = readers[side].side, {i: bead for bead in beads for i in bead[side]}
        left.append({i for i in range(len(own)) if i not in holder})
        holders = {j: bead for bead in beads for j in bead[1 - side]}
        for orphan in sorted(left[side]):
            cosine = context.singles[1 - side].vectors @ context.singles[side].vectors[orphan]
            hosts = [*near(orphan, holder), *alike(cosine, holders, context.settings.akin)]
            asked += [(orphan, side, bead) for bead in dict.fromkeys(hosts) if not repeats(orphan, bead[side], own)]
    new = [question for question in asked if question not in known]
    known |= zip(new, heard(new, readers, context), strict=True)
    return [Offer(*question, known[question] + placed(*question, readers, context, pairs, left)) for question in asked]


def heard(questions: Sequence[Question], readers: tuple[Reader, Reader], context: Context) -> list[Features]:
    """For each question what the meanings say: see `closest`."""
    encode = readers[0].embedder.encode  # in two batches: the embedder remembers what it has encoded
    keys = dict.fromkeys((1 - side, bead[1 - side]) for _, side, bead in questions)
    cut = {key: divided(readers[key[0]].text(key[1])) for key in keys}
    own = [readers[side].side.texts[i] for orphan, side, bead in questions for i in (orphan, *bead[side])]
    encode([*own, *(text for parts in cut.values() for text in parts)])
    phrases = {key: phrased(parts, encode(parts)) for key, parts in cut.items()}
    asked = [
        (question, phrases[1 - question[1], question[2][1 - question[1]]], expected_length(*question[:2], context))
        for question in questions
    ]
    encode([text for _, other, expected in asked for text in other.edges(expected)])
    return [closest(*question, other, expected, readers, context) for question, other, expected in asked]


def expected_length(orphan: int, side: int, context: Context) -> float:
    """Characters that the orphan's translation should have."""
    return float(context.singles[side].lengths[orphan]) * (context.ratio if side == 0 else 1 / context.ratio)


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


def divided(text: str) -> list[str]:
    """The phrases of a text, with the spaces around them."""
    cuts = sorted({0, len(text), *(match.start() for match in PHRASE.finditer(text))})
    return [text[start:stop] for start, stop in pairwise(cuts)]


def phrased(parts: Sequence[str], vectors: Vectors) -> Phrases:
    """The phrases and their vectors, added up."""
    lengths = np.array([0, *map(len, parts)])
    weighted = np.vstack([np.zeros_like(vectors[:1]), vectors * lengths[1:, None]])
    return Phrases("".join(parts), lengths.cumsum(), weighted.cumsum(axis=0, dtype=np.float32))


def closest(
    orphan: int,
    side: int,
    bead: Bead,
    phrases: Phrases,
    expected: float,
    readers: tuple[Reader, Reader],
    context: Context,
) -> Features:
    """The stretch of the bead's other side with the most gain, those nearer to the bead's own clauses held further off.

    Its gain; by how much it is closer to the orphan than to the bead's own text; by how much the bead is closer with
    the orphan.
    """
    s, own, other = context.settings, context.singles[side], context.singles[1 - side]
    starts, ends = phrases.runs(expected)
    edges = readers[side].embedder.encode(phrases.edges(expected))
    parts, whole = np.vstack([units(phrases.sums[ends] - phrases.sums[starts]), edges]), units(phrases.sums[-1])
    vector, mine = readers[side].meaning((orphan,)), readers[side].meaning(bead[side])
    both = readers[side].meaning((*bead[side], orphan))
    cosine = parts @ vector
    crowd = nearest((other.vectors @ vector)[None, :], s)[0], nearest(parts @ own.vectors.T, s)
    gains = s.bias + s.cosine * cosine + s.margin * (cosine - (crowd[0] + crowd[1]) / 2)
    contrast = cosine - parts @ mine
    k = int((gains + FAR * np.minimum(contrast, 0)).argmax())
    return within(float(gains[k])), float(contrast[k]), float((both - mine) @ whole)


def placed(
    orphan: int,
    side: int,
    bead: Bead,
    readers: tuple[Reader, Reader],
    context: Context,
    pairs: Matrix,
    left: Sequence[set[int]],
) -> Features:
    """What lengths, terms, rivals and places say."""
    own, others = readers[side], bead[1 - side]
    gains = (pairs if side == 0 else pairs.T)[orphan].copy()
    gains[list(others)] = -FAR
    free = gains[sorted(left[1 - side])].max(initial=-FAR)
    return (
        *rooms(orphan, side, bead, readers, context),
        *new_terms(orphan, bead[side], others, side, readers, context),
        within(float(gains.max(initial=-FAR))),
        float(free > RIVAL),
        *placing(orphan, bead[side], own.side),
        float(others[0] - 1 in left[1 - side] or others[-1] + 1 in left[1 - side]),
        float(len(others) + len(bead[side]) > 2),
    )


def rooms(orphan: int, side: int, bead: Bead, readers: tuple[Reader, Reader], context: Context) -> tuple[float, float]:
    """Log of how much longer the bead's other side is than its own text lets expect; and how much shorter it is than
    the orphan too would need."""
    ratio, floor = (context.ratio if side == 0 else 1 / context.ratio), context.settings.length_floor
    there = len(readers[1 - side].text(bead[1 - side])) + floor
    own = len(readers[side].text(bead[side]))
    both = own + len(readers[side].side.joint) + len(readers[side].side.texts[orphan])
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
