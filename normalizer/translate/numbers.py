"""A text to the numbers that its translation must have, and to those that it says in another way."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from normalizer.facts import find_facts
from normalizer.facts.numbers import count, integer, spelled
from normalizer.facts.words import KANJI, load
from normalizer.glossary import glossary_folder

if TYPE_CHECKING:
    from normalizer.facts.words import Words

OF_NUMBERS = ("date", "fee", "period", "age", "percentage", "phone")  # kinds whose normal forms both languages share
NUMBER = re.compile(r"[0-9]+")
COMMA = re.compile(r"(?<=[0-9]),(?=[0-9]{3})")
O_CLOCK = re.compile(r"(?<=[0-9]):00(?![0-9])")  # 17:00 is 17時
ROMAN = re.compile(r"\(([ivx]{1,5})\)")
LETTERS = {"i": 1, "v": 5, "x": 10}
ONE = re.compile(r"\b(?:a|an|per|each|every|once|another)\b")  # a fee per request is one of 1件につき


def lost(source: str, target: str, language: str) -> list[str]:
    """The numbers of a text that its translation has neither as often nor in words, in order of their digits.

    language: that of the translation, "ja" or "en".
    """
    missing = numbers(source) - numbers(target)
    return sorted(missing.keys() - worded(target, language)) if missing else []


def numbers(text: str) -> Counter[str]:
    """The numbers of a text: normal forms of its dates, amounts, periods; and all digits beside them."""
    found = [fact for fact in find_facts(text, 0, len(text), glossary_folder()) if fact.kind in OF_NUMBERS]
    out = Counter(fact.value.split(" ")[0].strip("<>=") for fact in found)
    at = 0
    for fact in [*found, None]:
        end = fact.start if fact else len(text)
        if at < end:
            out.update(digits.lstrip("0") or "0" for digits in NUMBER.findall(_plain(text[at:end])))
        at = max(at, fact.end) if fact else end
    return out


def worded(text: str, language: str) -> set[str]:
    """The numbers that a text says without digits: 第五条, five, April for 4月, (ii) for 第2号."""
    plain = unicodedata.normalize("NFKC", text)
    if language == "ja":
        return {str(integer(kanji)) for kanji in re.findall(f"[{KANJI}]{{1,9}}", plain)}
    words, small = _words(), plain.casefold()
    out = {count(found, words) for found in _spelled().findall(small)}
    out |= {str(int(words.value("month", found))) for found in _months().findall(small)}
    out |= {words.value("unit", found).replace("#", "1") for found in _single().findall(small)}
    out |= {words.value("ordinal", found) for found in _ordinals().findall(small)}
    out |= {str(_roman(found)) for found in ROMAN.findall(small)}
    return out | ({"1"} if ONE.search(small) else set())


def _plain(text: str) -> str:
    """Digits as ASCII, without the commas between them, and years of eras as those of our calendar."""
    plain = O_CLOCK.sub("", COMMA.sub("", unicodedata.normalize("NFKC", text)))
    return _era_years().sub(_year, plain)


def _year(found: re.Match[str]) -> str:
    name = found["era"].casefold()
    era = next(era for era in _words().eras if name in (era.ja, era.en.casefold()))
    return f"{era.start.year + integer(found['year']) - 1}"


def _roman(letters: str) -> int:
    values = [LETTERS[letter] for letter in letters]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


@cache
def _words() -> Words:
    return load(glossary_folder())


@cache
def _era_years() -> re.Pattern[str]:
    names = "|".join(name for era in _words().eras for name in (era.ja, era.en))
    return re.compile(rf"(?P<era>{names})\s?(?P<year>[0-9]{{1,2}}(?!\d)|[元{KANJI}]{{1,4}}(?=年))", re.IGNORECASE)


@cache
def _spelled() -> re.Pattern[str]:
    return re.compile(rf"\b{spelled(_words())}\b")


@cache
def _months() -> re.Pattern[str]:
    return re.compile(_words().either("month"), re.IGNORECASE)


@cache
def _single() -> re.Pattern[str]:
    return re.compile(rf"{ONE.pattern} ({_words().either('unit')})\b")


@cache
def _ordinals() -> re.Pattern[str]:
    return re.compile(_words().either("ordinal"))
