"""A text to its slots: the numbers, names and addresses that may differ while the sentence stays the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from normalizer.facts.numbers import count, spelled
from normalizer.facts.words import load
from normalizer.glossary import glossary_folder
from normalizer.numbering import kanji_number
from normalizer.organisations import legal_forms

if TYPE_CHECKING:
    from normalizer.facts.words import Words
    from normalizer.model import Language

Style = Literal["digits", "kanji", "word", "month", "name", "address"]
_KANJI = "〇一二三四五六七八九十百"
_ADDRESS = r"(?P<address>https?://[!-~]{1,2000}|[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6})"
_DIGITS = r"(?P<digits>\d+(?:[,.:/-]\d+)*)"
# Of hiragana only what is no particle may stand in an organisation's name: あおぞら商店, but not 当社は.
_NAME_JA = "[一-龥々ァ-ヴーA-Za-z0-9&・ぁ-えぉ-かきぎ-つづてどなぬねばぱひびぴふぶぷべぺほ-めゃゅゆょ-わん]"
_NAME_EN = r"[A-Z][\w&'-]{0,40}"
_SEPARATED = re.compile(r"\d{1,3}(?:,\d{3})+")


@dataclass(frozen=True, slots=True)
class Slot:
    """A number, name or address at a place of a text."""

    start: int
    end: int
    text: str
    style: Style
    value: str  # equal for 5, 五, five and May; a name or an address as written

    @property
    def kind(self) -> Literal["number", "name", "address"]:
        """What it is, whatever the style it is written in."""
        if self.style == "name" or self.style == "address":
            return self.style
        return "number"


def slots(text: str, language: Language) -> tuple[Slot, ...]:
    """The slots of an NFKC text, in order of place; offsets in characters of it.

    >>> [slot.value for slot in slots("第三条の手数料は1,100円です。", "ja")]
    ['3', '1100']
    """
    pattern = _pattern(language, bool(_forms(language).search(text)), "@" in text or "://" in text)
    return tuple(
        Slot(found.start(), found.end(), found[0], style, _value(found[0], style))
        for found in pattern.finditer(text)
        if (style := _style(found))
    )


@cache
def months() -> dict[str, int]:
    """The English names of months, in lower case, full and short."""
    return {form: int(row.value) for form, row in _words().forms["month"].items()}


@cache
def numbers() -> dict[int, str]:
    """The English words for numbers that have one word of their own."""
    return {int(row.value): form for form, row in _words().forms["number"].items()}


def _style(found: re.Match[str]) -> Style | None:
    group = found.lastgroup
    if group == "latin":
        return "name"
    return group  # type: ignore[return-value]  # the groups of the pattern are the styles


def _value(text: str, style: Style) -> str:
    if style == "digits":
        plain = text.replace(",", "") if _SEPARATED.fullmatch(text) else text
        return str(int(plain)) if plain.isdecimal() and len(plain) < 19 else plain
    if style == "kanji":
        return str(kanji_number(text))
    if style == "month":
        return str(months()[text.lower()])
    if style == "word":
        return count(text.lower(), _words())
    return text


@cache
def _words() -> Words:
    return load(glossary_folder())


@cache
def _forms(language: Language) -> re.Pattern[str]:
    return re.compile(legal_forms(glossary_folder(), language).pattern, re.ASCII)


@cache
def _pattern(language: Language, named: bool, addressed: bool) -> re.Pattern[str]:
    """What slots look like; in a text without a legal form, or an address's signs, looking for either takes time."""
    forms = _forms(language).pattern
    address = (_ADDRESS,) if addressed else ()
    if language == "ja":
        kanji = rf"(?P<kanji>(?<=第)[{_KANJI}]{{1,5}}(?=[条項号章節編]))"
        name = rf"(?P<name>(?:{forms}){_NAME_JA}{{1,20}}|{_NAME_JA}{{1,20}}(?:株式会社|有限会社|合同会社))"
        latin = r"(?P<latin>[A-Z][A-Za-z0-9&'.-]{0,40}(?: [A-Z][A-Za-z0-9&'.-]{0,40}){0,5})"
        return re.compile("|".join((*address, *((name,) if named else ()), latin, _DIGITS, kanji)), re.ASCII)
    name = rf"(?P<name>(?<![\w]){_NAME_EN}(?: {_NAME_EN}){{0,5}},? {forms})"
    listed = sorted({row.form for row in _words().forms["month"].values()}, key=lambda form: (-len(form), form))
    month = rf"(?P<month>(?<!\w)(?:{'|'.join(listed)})(?!\w))"
    word = rf"(?P<word>(?<!\w)(?:{spelled(_words())})(?!\w))"
    return re.compile("|".join((*address, *((name,) if named else ()), _DIGITS, month, word)), re.ASCII)
