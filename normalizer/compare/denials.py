"""A passage → which side denies what the other does not.

A denial of what a sentence mainly says is lost if the other side has fewer of them and no word that may stand for it.
One within a noun or a condition may also be put by words such as "unlawful" or 有無, which count for the two together.
scope.py tells which it is.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from normalizer.compare.scope import CASE, in_case, levels, of_person, of_verb
from normalizer.model import OTHER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normalizer.compare.findings import Place
    from normalizer.compare.passage import Passage
    from normalizer.marks import Hit, Marks
    from normalizer.model import Language

AND = "and"  # like: what a denial is that goes on to the next one
ONLY = "only"  # like: what says that something else is left out
UN = "un"  # like: a denial within a word
LEST = "lest"  # like: a denial that only says what for
CHUNK = re.compile("[^、。]*$")
DENIED = {"ja": (8, 0), "en": (10, 30)}  # characters before and behind a denial in which the verb that it denies stands
INSTEAD = ("keep", "erase", "hush", "secret")  # likes that are said instead of what is denied
OF_NOUNS = ("free", "beyond")  # likes that deny a noun, not a verb: 費用を…負担することはありません


def lost_denials(passage: Passage, side: Language) -> tuple[Place, ...]:
    """The denials of one side for which the other has nothing; none where it has as many, doubtful words included.

    They are all of the main clause, or all beside it: then `told` are those that are surely a difference.
    """
    own, others = _both(passage, side)
    main, said, beside = _denied(passage, side)
    main_there, beside_there = levels(passage, OTHER[side], others.sure)
    left = _left(passage, side)
    firm = sum(strength != "aside" for strength in left)
    spare = max(0, len(_spare(others, beside_there)) - len(said) - _put_in_nouns(own, others))
    main_there = main_there[: max(0, len(main_there) - _put_as_only(own, others, passage.words.leaves_out))]
    several = len(passage.sentences[side]) > 1  # two sentences may deny what one denies in one word
    if main and len(main) > len(main_there) + spare + firm:
        return main if not (several and (main_there or firm)) else ()
    twice = min(len(beside), sum(strength == "unless" for strength in left))
    if len(main) + len(beside) > len(others.sure) + len(left) + twice and not (several and (others.sure or left)):
        return main if len(main) > len(main_there) else beside
    return ()


def told(passage: Passage, side: Language, lost: Sequence[Place]) -> tuple[Place, ...]:
    """Of lost denials those of the main clause, and those beside it that the other side could have in a clause of its
    own: in a condition where it has one, too, of a Japanese noun where it has a relative clause, of an English verb
    ("overtime or not" has none).
    """
    main, beside = levels(passage, side, lost)
    other = OTHER[side]
    text = passage.text(other)
    openers = [one for place in passage.sentences[other] for one in passage.words.clauses(text, *place, other)]
    there = {one.like == CASE for one in openers if one.strength == "aside"}
    there |= {False} if side == "en" else set()  # Japanese opens a clause of a noun by no word
    return main + tuple(
        hit
        for hit in beside
        if of_verb(passage, side, hit)
        and (in_case(passage, side, hit) in there or (there and of_person(passage, side, hit)))
    )


def all_but(passage: Passage, side: Language) -> dict[Language, Place] | None:
    """Where one side says "only" and the other, which denies nothing either, that it is so for all but that: 場合を除き
    …します. The first such place on both sides; None where it is not so."""
    (own, others), excepted = _both(passage, side), passage.words.leaves_out
    firm = any(hit.strength in ("sure", "maybe") and hit.like not in excepted for hit in (*own.hits, *others.hits))
    if firm or not own.likes[ONLY] or others.likes[ONLY]:
        return None
    if _leaving_out(own, excepted) or not _leaving_out(others, excepted):
        return None
    here = next(hit.place for hit in own.doubts if hit.like == ONLY)
    return {side: here, OTHER[side]: next(hit.place for hit in others.doubts if hit.like in excepted)}


def _both(passage: Passage, side: Language) -> tuple[Marks, Marks]:
    """The denials of one side and of the other."""
    return passage.marks[side]["negation"], passage.marks[OTHER[side]]["negation"]


def _denied(passage: Passage, side: Language) -> tuple[tuple[Place, ...], tuple[Place, ...], tuple[Place, ...]]:
    """The denials of one side: those of the main clause that count; all those beside it; and those of these that count.

    None counts whose like has opposites of which the other side names none.
    """
    own, other = passage.marks[side]["negation"], OTHER[side]
    named = passage.words.opposites(passage.text(other), passage.sentences[other], other)
    idle = {hit.place for hit in own.hits if hit.like in passage.words.opposed and hit.like not in named}
    spoken = " ".join(passage.comparison.text(other, *place) for place in passage.sentences[other])
    joined = passage.words.function["joins"].search(spoken)
    main, said = levels(passage, side, own.sure if side == "ja" and not joined else _apart(passage, side))
    main, beside = (tuple(place for place in some if place not in idle) for some in (main, said))
    return main, said, beside


def _apart(passage: Passage, side: Language) -> tuple[Place, ...]:
    """The denials without those that go on to the next one, in English from the one before: せず、…しません is "not …
    or", "no … and no"."""
    own = passage.marks[side]["negation"]
    sure = [hit for hit in own.hits if hit.strength == "sure"]
    if side == "ja":
        return tuple(hit.place for hit in sure if hit.like != AND or hit is sure[-1])
    return tuple(hit.place for hit in sure if hit.like != AND or not _goes_on(passage, hit))


def _goes_on(passage: Passage, hit: Hit) -> bool:
    """Whether a denial stands before an English word in its sentence."""
    start = passage.sentence("en", hit.place)[0]
    return any(start <= place[0] < hit.place[0] for place in passage.marks["en"]["negation"].sure)


def _spare(others: Marks, beside: Sequence[Place]) -> set[Place]:
    """The denials beside the main clause that may stand for one of it; 漏れないよう does not."""
    return {*beside} - {hit.place for hit in others.hits if hit.like == LEST}


def _put_in_nouns(own: Marks, others: Marks) -> int:
    """How many denials of the other side one may have put in a noun: 不採用の方 for "those not hired"."""
    return max(0, own.likes[UN] - others.likes[UN] - others.named.count(UN))


def _put_as_only(own: Marks, others: Marks, excepted: frozenset[str]) -> int:
    """How many denials of the other side, each with what it leaves out, this one puts as "only"."""
    left_out = _leaving_out(others, excepted) - _leaving_out(own, excepted)
    return max(0, min(own.likes[ONLY] - others.likes[ONLY], left_out))


def _leaving_out(marks: Marks, excepted: frozenset[str]) -> int:
    return sum(marks.likes[like] for like in excepted)


def _excepting(marks: Marks, excepted: frozenset[str]) -> int:
    """How often a side leaves something out: by an exception, or by a denial within another."""
    return _leaving_out(marks, excepted) + max(0, len(marks.sure) - 1)


def _left(passage: Passage, side: Language) -> list[str]:
    """The strengths of the other side's doubtful words that have no like on this one and may stand for a denial of it;
    "aside" for what stands in a condition."""
    (own, others), other, words = _both(passage, side), OTHER[side], passage.words
    opposites = _opposites(passage, side)
    paired = Counter(filter(None, (*own.likes.elements(), *own.named))) - Counter(others.named)
    both = {like for like in paired if like in words.opposed}
    excepts = _excepting(own, words.leaves_out) > _excepting(others, words.leaves_out)
    left = []
    for hit in others.doubts:
        if hit.like in both:
            continue  # 裁断または溶解により廃棄: "shredded or pulped"
        if hit.like and paired[hit.like]:
            paired[hit.like] -= 1
        elif other == "en" and hit.like == AND and not _goes_on(passage, hit):
            continue  # "nor" with no denial before it
        elif (excepts or hit.strength != "unless") and (hit.like not in words.opposed or hit.like in opposites):
            left.append("aside" if in_case(passage, other, hit.place) else hit.strength)
    return left


def _opposites(passage: Passage, side: Language) -> set[str]:
    """The likes of which the denials of one side deny an opposite: a verb beside them, or a noun in the same clause.

    What the other side affirms needs no other word: 残し、返却します does not say that it is not returned.
    """
    text, (before, behind) = passage.text(side), DENIED[side]
    near, around = list[tuple[int, int]](), list[tuple[int, int]]()
    for start, end in passage.marks[side]["negation"].sure:
        first, last = passage.sentence(side, (start, end))
        near.append((max(first, start - before), min(last, end + behind)))
        chunk = CHUNK.search(text, first, start) if side == "ja" else None
        around.append((chunk.start() if chunk else first, near[-1][1] if chunk else last))
    opposites = passage.words.opposites
    here, there = (opposites(passage.text(one), passage.sentences[one], one) for one in (side, OTHER[side]))
    affirmed = {like for like in INSTEAD if there[like] >= here[like]}
    wide = {*opposites(text, around, side)} & {*OF_NOUNS}
    return wide | ({*opposites(text, near, side)} - affirmed)
