"""A sentence of each side and its marks → which side denies what the other does not.

A denial of what a sentence mainly says is lost if the other side has fewer of them and no word that may stand for it.
One within a noun or a condition may also be put by words such as "unlawful" or 有無, which count for the two together.
Which it is, each language shows: in Japanese by what stands behind the denial, in English by what opens its clause.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from normalizer.nfkc import unwrapped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from normalizer.compare.beads import Stretch
    from normalizer.compare.findings import Comparison, Place
    from normalizer.compare.words import Hit, Marks

AND = "and"  # like: what a denial is that goes on to the next one
LONGEST = 8  # characters of the longest Japanese word that closes a clause
ENDING = re.compile("(?:[さすし](?:れ|せ)?|れ|られ|ら)?(?:た|る|ている|ない)(?!め)")  # of a verb that may close one
PURPOSE = ("よう", "様", "ため", "ための")  # 漏れないよう
ONLY = "only"  # like: what says that something else is left out
CASE = "case"  # like: what opens a condition
VERBAL = ("never", "cannot", "can't", "don't", "doesn't", "won't", "isn't", "aren't")  # deny a verb by themselves
NOUN = re.compile(r"[おご御]?[一-鿿ァ-ヺ]")  # what a Japanese denial describes stands right behind it
WORD = re.compile(r"\w")
CHUNK = re.compile("[^、。]*$")
DENIED = {"ja": (8, 0), "en": (10, 30)}  # characters before and behind a denial in which the verb that it denies stands
INSTEAD = ("keep", "erase", "hush", "secret")  # likes that are said instead of what is denied
OF_NOUNS = ("free", "beyond")  # likes that deny a noun, not a verb: 費用を…負担することはありません
PERSON = "person"  # like: 方, which the other side may name in a condition: 希望されない方 is "if you do not wish"
UN = "un"  # like: a denial within a word
LEST = "lest"  # like: a denial that only says what for


def lost_denials(
    comparison: Comparison, side: str, stretches: Mapping[str, Stretch], marks: Mapping[str, Mapping[str, Marks]]
) -> tuple[Place, ...]:
    """The denials of one side for which the other has nothing; none where it has as many, doubtful words included.

    They are all of the main clause, or all beside it: then `told` are those that are surely a difference.
    """
    other = "en" if side == "ja" else "ja"
    own, others = marks[side]["negation"], marks[other]["negation"]
    other_words = (comparison.ja if other == "ja" else comparison.en).document.text
    named = comparison.words.opposites(other_words, stretches[other], other)
    idle = {hit.place for hit in own.hits if hit.like in comparison.words.opposed and hit.like not in named}
    joined = comparison.words.function["joins"].search(_words(comparison, other, stretches[other]))
    denials = own.sure if side == "ja" and not joined else _apart(own, side, stretches[side])
    main, said = _levels(comparison, side, denials, stretches[side])
    main, beside = (tuple(place for place in some if place not in idle) for some in (main, said))
    main_there, beside_there = _levels(comparison, other, others.sure, stretches[other])
    left = _left(comparison, marks, side, stretches)
    firm = sum(strength != "aside" for _, strength in left)
    spare = max(0, len(_spare(others, beside_there)) - len(said) - _put_in_nouns(own, others))
    main_there = main_there[: max(0, len(main_there) - _put_as_only(own, others, comparison.words.leaves_out))]
    several = len(stretches[side]) > 1  # two sentences may deny what one denies in one word
    if main and len(main) > len(main_there) + spare + firm:
        return main if not (several and (main_there or firm)) else ()
    twice = min(len(beside), sum(strength == "unless" for _, strength in left))
    if len(main) + len(beside) > len(others.sure) + len(left) + twice and not (several and (others.sure or left)):
        return main if len(main) > len(main_there) else beside
    return ()


def told(
    comparison: Comparison, side: str, lost: Sequence[Place], stretches: Mapping[str, Stretch]
) -> tuple[Place, ...]:
    """Of lost denials those of the main clause, and those beside it that the other side could have in a clause of its
    own: in a condition where it has one, too, of a Japanese noun where it has a relative clause, of an English verb
    ("overtime or not" has none).
    """
    main, beside = _levels(comparison, side, lost, stretches[side])
    other = "en" if side == "ja" else "ja"
    text = (comparison.ja if other == "ja" else comparison.en).document.text
    openers = [one for place in stretches[other] for one in comparison.words.clauses(text, *place, other)]
    there = {one.like == CASE for one in openers if one.strength == "aside"}
    there |= {False} if side == "en" else set()  # Japanese opens a clause of a noun by no word
    sentences = {hit: _sentence(stretches[side], hit) for hit in beside}
    return main + tuple(
        hit
        for hit, sentence in sentences.items()
        if _denies_verb(comparison, side, hit, sentence)
        and (
            _in_case(comparison, side, hit, sentence) in there
            or (there and _of_person(comparison, side, hit, sentence))
        )
    )


def _denies_verb(comparison: Comparison, side: str, hit: Place, sentence: Place) -> bool:
    """Whether a denial is one of a verb: in English it is "never", or holds or follows an auxiliary."""
    text = comparison.en.document.text
    words = text[slice(*hit)].lower()
    auxiliary = comparison.words.function["auxiliary"]
    return side == "ja" or words in VERBAL or (words == "not" and bool(auxiliary.search(text, sentence[0], hit[0])))


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


def all_but(
    marks: Mapping[str, Mapping[str, Marks]], side: str, excepted: frozenset[str]
) -> tuple[tuple[Place, ...], tuple[Place, ...]] | None:
    """Where one side says "only" and the other, which denies nothing either, that it is so for all but that: 場合を除き
    …します. The places on this side and on the other; None where it is not so.

    excepted: the likes of what leaves something out.
    """
    own, others = marks[side]["negation"], marks["en" if side == "ja" else "ja"]["negation"]
    firm = any(hit.strength in ("sure", "maybe") and hit.like not in excepted for hit in (*own.hits, *others.hits))
    if firm or not own.likes[ONLY] or others.likes[ONLY]:
        return None
    if _leaving_out(own, excepted) or not _leaving_out(others, excepted):
        return None
    here = tuple(hit.place for hit in own.doubts if hit.like == ONLY)
    return here, tuple(hit.place for hit in others.doubts if hit.like in excepted)


def _left(
    comparison: Comparison,
    marks: Mapping[str, Mapping[str, Marks]],
    side: str,
    stretches: Mapping[str, Stretch],
) -> list[tuple[str, str]]:
    """Like and strength of the other side's doubtful words that have no like on this one and may stand for a denial of
    it."""
    other = "en" if side == "ja" else "ja"
    own, others = marks[side]["negation"], marks[other]["negation"]
    opposites = _opposites(comparison, side, own.sure, stretches)
    paired = Counter(filter(None, (*own.likes.elements(), *own.named))) - Counter(others.named)
    both = {like for like in paired if like in comparison.words.opposed}
    excepted = comparison.words.leaves_out
    excepts = _excepting(own, excepted) > _excepting(others, excepted)
    left = []
    for hit in others.doubts:
        if hit.like in both:
            continue  # 裁断または溶解により廃棄: "shredded or pulped"
        if hit.like and paired[hit.like]:
            paired[hit.like] -= 1
        elif other == "en" and hit.like == AND and not _goes_on(others, hit, stretches[other]):
            continue  # "nor" with no denial before it
        elif (excepts or hit.strength != "unless") and (
            hit.like not in comparison.words.opposed or hit.like in opposites
        ):
            in_case = _in_case(comparison, other, hit.place, _sentence(stretches[other], hit.place))
            left.append((hit.like, "aside" if in_case else hit.strength))
    return left


def _opposites(comparison: Comparison, side: str, sure: Sequence[Place], stretches: Mapping[str, Stretch]) -> set[str]:
    """The likes of which the denials of one side deny an opposite: a verb beside them, or a noun in the same clause.

    What the other side affirms needs no other word: 残し、返却します does not say that it is not returned.
    """
    own, other = (comparison.ja, comparison.en) if side == "ja" else (comparison.en, comparison.ja)
    text = own.document.text
    (before, behind), near, around = DENIED[side], list[tuple[int, int]](), list[tuple[int, int]]()
    for start, end in sure:
        first, last = _sentence(stretches[side], (start, end))
        near.append((max(first, start - before), min(last, end + behind)))
        chunk = CHUNK.search(text, first, start) if side == "ja" else None
        around.append((chunk.start() if chunk else first, near[-1][1] if chunk else last))
    here, there = (
        comparison.words.opposites(whole.document.text, stretches[one], one)
        for one, whole in ((side, own), ("en" if side == "ja" else "ja", other))
    )
    affirmed = {like for like in INSTEAD if there[like] >= here[like]}
    wide = {*comparison.words.opposites(text, around, side)} & {*OF_NOUNS}
    return wide | ({*comparison.words.opposites(text, near, side)} - affirmed)


def _words(comparison: Comparison, side: str, stretch: Stretch) -> str:
    return " ".join(comparison.text(side, *place) for place in stretch)


def _apart(own: Marks, side: str, stretch: Stretch) -> tuple[Place, ...]:
    """The denials without those that go on to the next one, in English from the one before: せず、…しません is "not …
    or", "no … and no"."""
    sure = [hit for hit in own.hits if hit.strength == "sure"]
    if side == "ja":
        return tuple(hit.place for hit in sure if hit.like != AND or hit is sure[-1])
    return tuple(hit.place for hit in sure if hit.like != AND or not _goes_on(own, hit, stretch))


def _goes_on(marks: Marks, hit: Hit, stretch: Stretch) -> bool:
    """Whether a denial stands before an English word in its sentence."""
    start = _sentence(stretch, hit.place)[0]
    return any(start <= place[0] < hit.place[0] for place in marks.sure)


def _excepting(marks: Marks, excepted: frozenset[str]) -> int:
    """How often a side leaves something out: by an exception, or by a denial within another."""
    return _leaving_out(marks, excepted) + max(0, len(marks.sure) - 1)


def main_denials(comparison: Comparison, side: str, sure: Sequence[Place], stretch: Stretch) -> tuple[Place, ...]:
    """Those of the denials of one side that belong to what its sentences mainly say, not to a noun or a condition."""
    return tuple(place for place in sure if _mainly(comparison, side, place, _sentence(stretch, place)))


def _levels(
    comparison: Comparison, side: str, sure: Sequence[Place], stretch: Stretch
) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """The denials of what sentences mainly say, and the others."""
    main = main_denials(comparison, side, sure, stretch)
    return main, tuple(place for place in sure if place not in main)


def _sentence(stretch: Stretch, hit: Place) -> Place:
    return next((place for place in stretch if place[0] <= hit[0] < place[1]), hit)


def _mainly(comparison: Comparison, side: str, hit: Place, sentence: Place) -> bool:
    """Whether a denial belongs to what its sentence mainly says, not to a noun or a condition."""
    text = (comparison.ja if side == "ja" else comparison.en).document.text
    if side == "ja":
        rest = _rest(text, hit, sentence)
        if unwrapped(text[slice(*hit)]).text.endswith(PURPOSE):
            return False
        if text[hit[1] - 1] == "、":
            return True  # 使わず、…: goes on to the next act
        behind = _behind(comparison, rest)
        if behind and behind.like == CASE and not WORD.search(rest[behind.place[1] :]):
            return True  # an item that is a condition as a whole: 同意を得られないとき
        return behind.strength == "sure" if behind else not NOUN.match(rest)
    if text[hit[0] : hit[1]].lower() == "not" and not comparison.words.function["auxiliary"].search(
        text, sentence[0], hit[0]
    ):
        return False
    openers = _openers(comparison, text, sentence[0], hit[0])
    return not openers or len(comparison.words.function["finite"].findall(text, openers[0].place[1], hit[1])) > len(
        openers
    )


def _in_case(comparison: Comparison, side: str, hit: Place, sentence: Place) -> bool:
    """Whether a doubtful word stands in a condition."""
    text = (comparison.ja if side == "ja" else comparison.en).document.text
    if side == "ja":
        rest = _rest(text, hit, sentence)
        behind = _behind(comparison, ENDING.sub("", rest, count=1) if ENDING.match(rest) else rest)
        return behind is not None and behind.like == CASE
    openers = _openers(comparison, text, sentence[0], hit[0])
    return any(one.like == CASE for one in openers)


def _of_person(comparison: Comparison, side: str, hit: Place, sentence: Place) -> bool:
    """Whether a Japanese denial describes the people spoken to: 希望されない方."""
    behind = _behind(comparison, _rest(comparison.ja.document.text, hit, sentence)) if side == "ja" else None
    return behind is not None and behind.like == PERSON


def _rest(text: str, hit: Place, sentence: Place) -> str:
    """What stands behind a place in its Japanese sentence, as if no line broke in it."""
    return unwrapped(text[hit[0] : sentence[1]]).text[len(unwrapped(text[slice(*hit)]).text) :]


def _behind(comparison: Comparison, rest: str) -> Hit | None:
    """The Japanese word that closes a clause right where some words start."""
    found = comparison.words.clauses(rest, 0, min(len(rest), LONGEST), "ja")
    return found[0] if found and found[0].place[0] == 0 else None


def _openers(comparison: Comparison, text: str, start: int, end: int) -> list[Hit]:
    """The English words before a place that open a clause in which it stands: none behind a comma."""
    openers = [one for one in comparison.words.clauses(text, start, end, "en") if _opens(comparison, text, one)]
    return openers if openers and "," not in text[openers[-1].place[1] : end] else []


def _opens(comparison: Comparison, text: str, opener: Hit) -> bool:
    start, end = opener.place
    relative = comparison.words.function["relative"].fullmatch(text, start, end)
    told_on = relative and text[:start].rstrip().endswith(",")
    return opener.strength == "aside" and not told_on
