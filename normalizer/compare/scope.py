"""A denial in its sentence → what it denies: what the sentence mainly says, or something in a noun or a condition.

Each language shows it in its own place: Japanese by what stands behind the denial, English by what opens its clause.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalizer.nfkc import unwrapped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from normalizer.compare.findings import Place
    from normalizer.compare.passage import Passage
    from normalizer.marks import Hit
    from normalizer.model import Language

LONGEST = 8  # characters of the longest Japanese word that closes a clause
ENDING = re.compile("(?:[さすし](?:れ|せ)?|れ|られ|ら)?(?:た|る|ている|ない)(?!め)")  # of a verb that may close one
PURPOSE = ("よう", "様", "ため", "ための")  # 漏れないよう
CASE = "case"  # like: what opens a condition
PERSON = "person"  # like: 方, which the other side may name in a condition: 希望されない方 is "if you do not wish"
VERBAL = ("never", "cannot", "can't", "don't", "doesn't", "won't", "isn't", "aren't")  # deny a verb by themselves
NOUN = re.compile(r"[おご御]?[一-鿿ァ-ヺ]")  # what a Japanese denial describes stands right behind it
WORD = re.compile(r"\w")


def levels(passage: Passage, side: Language, denials: Iterable[Place]) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """The denials of what the sentences of a side mainly say, and the others."""
    places = tuple(denials)
    main = tuple(place for place in places if _mainly(passage, side, place))
    return main, tuple(place for place in places if place not in main)


def in_case(passage: Passage, side: Language, hit: Place) -> bool:
    """Whether a doubtful word stands in a condition."""
    if side == "ja":
        rest = _rest(passage, hit)
        behind = _behind(passage, ENDING.sub("", rest, count=1) if ENDING.match(rest) else rest)
        return behind is not None and behind.like == CASE
    return any(one.like == CASE for one in _openers(passage, hit))


def of_person(passage: Passage, side: Language, hit: Place) -> bool:
    """Whether a Japanese denial describes the people spoken to: 希望されない方."""
    behind = _behind(passage, _rest(passage, hit)) if side == "ja" else None
    return behind is not None and behind.like == PERSON


def of_verb(passage: Passage, side: Language, hit: Place) -> bool:
    """Whether a denial is one of a verb: in English it is "never", or holds or follows an auxiliary."""
    if side == "ja":
        return True
    words = passage.text("en")[slice(*hit)].lower()
    return words in VERBAL or (words == "not" and _follows_auxiliary(passage, hit))


def _mainly(passage: Passage, side: Language, hit: Place) -> bool:
    """Whether a denial belongs to what its sentence mainly says, not to a noun or a condition."""
    return _mainly_japanese(passage, hit) if side == "ja" else _mainly_english(passage, hit)


def _mainly_japanese(passage: Passage, hit: Place) -> bool:
    text = passage.text("ja")
    if unwrapped(text[slice(*hit)]).text.endswith(PURPOSE):
        return False
    if text[hit[1] - 1] == "、":
        return True  # 使わず、…: goes on to the next act
    rest = _rest(passage, hit)
    behind = _behind(passage, rest)
    if behind and behind.like == CASE and not WORD.search(rest[behind.place[1] :]):
        return True  # an item that is a condition as a whole: 同意を得られないとき
    return behind.strength == "sure" if behind else not NOUN.match(rest)


def _mainly_english(passage: Passage, hit: Place) -> bool:
    text = passage.text("en")
    if text[slice(*hit)].lower() == "not" and not _follows_auxiliary(passage, hit):
        return False
    openers = _openers(passage, hit)
    if not openers:
        return True
    verbs = passage.words.function["finite"].findall(text, openers[0].place[1], hit[1])
    return len(verbs) > len(openers)


def _follows_auxiliary(passage: Passage, hit: Place) -> bool:
    start = passage.sentence("en", hit)[0]
    return passage.words.function["auxiliary"].search(passage.text("en"), start, hit[0]) is not None


def _rest(passage: Passage, hit: Place) -> str:
    """What stands behind a place in its Japanese sentence, as if no line broke in it."""
    text, end = passage.text("ja"), passage.sentence("ja", hit)[1]
    return unwrapped(text[hit[0] : end]).text[len(unwrapped(text[slice(*hit)]).text) :]


def _behind(passage: Passage, rest: str) -> Hit | None:
    """The Japanese word that closes a clause right where some words start."""
    found = passage.words.clauses(rest, 0, min(len(rest), LONGEST), "ja")
    return found[0] if found and found[0].place[0] == 0 else None


def _openers(passage: Passage, hit: Place) -> list[Hit]:
    """The English words that open a clause in which a place stands: none where a comma stands between."""
    text, start = passage.text("en"), passage.sentence("en", hit)[0]
    openers = [one for one in passage.words.clauses(text, start, hit[0], "en") if _opens(passage, one)]
    return openers if openers and "," not in text[openers[-1].place[1] : hit[0]] else []


def _opens(passage: Passage, opener: Hit) -> bool:
    text, (start, end) = passage.text("en"), opener.place
    relative = passage.words.function["relative"].fullmatch(text, start, end)
    told_on = relative and text[:start].rstrip().endswith(",")
    return opener.strength == "aside" and not told_on
