"""Beads and left-over clauses to beads: a clause left over joins a bead whose other side holds its translation.

Where two lines were run together on one side (a heading glued to its paragraph), or one clause stands for several of
the other side and leaves out a part of each, the vector of the whole is not near that of each part. So a left-over
clause is compared with the stretches of the other side's text that are as long as its translation should be, and with
what the bead says without it. A logistic function weighs what was found; `Settings.adopt` are its weights. Most offers
are hopeless by lengths, terms, rivals and places alone (`Settings.ask`), and of those no text is read.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from normalizer.align.numbers import inner_numbers
from normalizer.align.score import FAR, probability, within
from normalizer.align.stretches import heard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normalizer.align.chains import Bead
    from normalizer.align.evidence import Context
    from normalizer.align.groups import Matrix, Reader
    from normalizer.align.score import Features
    from normalizer.align.sides import Side
    from normalizer.align.stretches import Question
    from normalizer.embed import Vectors

ALIKE = 3  # beads far off that are asked whether they hold an orphan's translation
NEAR = 4  # clauses between which and an orphan others may be left over too
LISTED = ("item", "bullet")  # labels that number what stands under a heading, not the heading's own text
CLOSING = " \u3000\"'”’)）」』】］]"
STOPS = dict.fromkeys("。.!", ".") | dict.fromkeys(";,、", ",") | {"?": "?", ":": ":"}
TELLING = 1.0  # log-likelihood ratio from which equal or unequal numbers of this pair of texts say something
ROOM = 1.5  # the log of a ratio of lengths beyond which more makes no difference


@dataclass(frozen=True, slots=True)
class Offer:
    """A left-over clause of side 0 or 1, and a bead that it might join."""

    orphan: int
    side: int
    bead: Bead
    places: Features  # what lengths, terms, rivals and places say, and last what words do
    meanings: Features  # what meanings say, if they were asked
    chance: float  # that the clause belongs to the bead

    @property
    def features(self) -> Features:
        """What `Settings.adopt` weighs."""
        return self.meanings + self.places[:-1]


def adopted(
    beads: list[Bead], readers: tuple[Reader, Reader], context: Context, pairs: Matrix
) -> tuple[list[Bead], list[Offer]]:
    """The beads, some of them wider by left-over clauses, and the offers that were refused.

    The surest offer comes first; a bead takes one in each round. `pairs` is the gain of every pair of clauses.
    """
    s = context.settings
    known: dict[Question, Features] = {}
    while True:
        made = offers(beads, readers, context, pairs, known)
        wider: dict[Bead, Bead] = {}
        taken: set[tuple[int, int]] = set()
        for offer in sorted(made, key=lambda offer: (-offer.chance, offer.side, offer.orphan)):
            if offer.chance >= s.adoption and offer.bead not in wider and (offer.side, offer.orphan) not in taken:
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

    `known` keeps what meanings said in earlier rounds; those that are asked now are read in one batch.
    """
    s = context.settings
    asked: list[Question] = []
    left: list[set[int]] = []
    for side in (0, 1):
        own, holder = readers[side].side, {i: bead for bead in beads for i in bead[side]}
        left.append({i for i in range(len(own)) if i not in holder})
        holders = {j: bead for bead in beads for j in bead[1 - side]}
        for orphan in sorted(left[side]):
            cosine = context.singles[1 - side].vectors @ context.singles[side].vectors[orphan]
            hosts = [*near(orphan, holder), *alike(cosine, holders, s.akin)]
            asked += [(orphan, side, bead) for bead in dict.fromkeys(hosts) if not repeats(orphan, bead[side], own)]
    places = {x: (*placed(*x, readers, context, pairs, left), translated(*x, context)) for x in asked}
    hopes = {question: probability(found, s.ask) for question, found in places.items()}
    new = [question for question in asked if question not in known and hopes[question] >= s.hope]
    known.update(zip(new, heard(new, readers, context), strict=True))
    made = [Offer(*question, places[question], known.get(question, ()), hopes[question]) for question in asked]
    return [replace(x, chance=probability(x.features, s.adopt)) if x.meanings else x for x in made]


def translated(orphan: int, side: int, bead: Bead, context: Context) -> float:
    """The share of the orphan's words that words of the bead's other side translate."""
    told = context.translated.told[side]
    shares = told[orphan, list(bead[1 - side])] if side == 0 else told[list(bead[0]), orphan]
    return min(1.0, float(shares.sum()))


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
        float(free > 0),
        *placing(orphan, bead[side], own.side),
        float(others[0] - 1 in left[1 - side] or others[-1] + 1 in left[1 - side]),
        float(len(others) + len(bead[side]) > 2),
        ending(orphan, bead[side], own.side, readers[1 - side].side.texts[others[-1]]),
        numbered(orphan, side, others, readers, context),
        *listed(orphan, side, bead, readers, context),
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
    edge = nearest_of(members, orphan)
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


def ending(orphan: int, members: Sequence[int], side: Side, other: str) -> float:
    """Of an orphan behind the bead: 1 where the bead's other side ends as the orphan does and not as the bead's own
    side, since a heading that was run on to a paragraph leaves it without a full stop; -1 where a heading would have
    left it so, and it ends as the own side does."""
    if orphan < members[-1]:
        return 0.0
    mine, own, found = (stop(text) for text in (side.texts[orphan], side.texts[members[-1]], other))
    return 0.0 if mine == own else float(found == mine) - float(found == own and bool(side.heading[orphan]))


def stop(text: str) -> str:
    """How a text ends: the mark, of whichever script; nothing for words."""
    last = unicodedata.normalize("NFKC", text.rstrip(CLOSING)[-1:])
    return STOPS.get(last, "")


def numbered(orphan: int, side: int, others: Sequence[int], readers: tuple[Reader, Reader], context: Context) -> float:
    """1 where the bead's other side shows the orphan's number; -1 where it lacks that of a heading, though numbers say
    something in this pair of texts. Items lose theirs where a list becomes a sentence."""
    own, there = readers[side].side, readers[1 - side].side
    label = own.labels[orphan]
    if label is None or not label.number:
        return 0.0
    labels = [there.labels[i] for i in others]
    if any(x is not None and x.number == label.number for x in labels):
        return 1.0
    if any(label.number in inner_numbers(there.texts[i]) for i in others):
        return 1.0
    votes = context.labels[orphan] if side == 0 else context.labels[:, orphan]
    return -float(bool(own.heading[orphan]) and abs(votes).max(initial=0.0) > TELLING)


def listed(
    orphan: int, side: int, bead: Bead, readers: tuple[Reader, Reader], context: Context
) -> tuple[float, float, float]:
    """1 where the bead's own clauses stand on both sides of the orphan, and so of its translation: -1 of a heading,
    which would part them. 1 of an item of their list opposite a paragraph, as which the list may have been written; and
    then how often the item would fit into what the paragraph is longer than its own clauses let expect."""
    own, members, others = readers[side].side, bead[side], bead[1 - side]
    inside = float(members[0] < orphan < members[-1]) * (-1.0 if own.heading[orphan] else 1.0)
    if not (one_list(orphan, nearest_of(members, orphan), own) and is_paragraph(others, readers[1 - side].side)):
        return inside, 0.0, 0.0
    ratio = context.ratio if side == 0 else 1 / context.ratio
    over = len(readers[1 - side].text(others)) - len(readers[side].text(members)) * ratio
    fits = over / (len(own.texts[orphan]) * ratio + context.settings.length_floor)
    return inside, 1.0, max(-1.0, min(2.0, fits))


def nearest_of(members: Sequence[int], orphan: int) -> int:
    """The clause that stands nearest to the orphan."""
    return min(members, key=lambda i: (abs(i - orphan), i))


def one_list(one: int, other: int, side: Side) -> bool:
    """Whether two clauses stand in one list: labels of one kind under one parent."""
    labels = [side.labels[i] for i in (one, other) if not side.heading[i]]
    kinds = [label.kind for label in labels if label is not None]
    return len(kinds) == 2 and kinds[0] == kinds[1] and side.parent[one] == side.parent[other]


def is_paragraph(clauses: Sequence[int], side: Side) -> bool:
    """Whether they are one clause of running text, without a marker."""
    return len(clauses) == 1 and side.labels[clauses[0]] is None and not side.heading[clauses[0]]


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
