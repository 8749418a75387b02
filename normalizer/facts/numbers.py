"""Numbers as they are written, 1,100 or 二十五 or 1万5千 or `twenty-four`, to integers and decimals."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from normalizer.facts.words import FLAGS

if TYPE_CHECKING:
    from normalizer.facts.words import Words

DIGITS = r"(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,12})"
_VALUES = {"〇": 0, "零": 0, "元": 1} | {digit: n for n, digit in enumerate("一二三四五六七八九", 1)}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "億": 100_000_000}


def integer(written: str) -> int:
    """The value of digits and kanji numerals, positional (二〇二三) or with units (二十五, 1万5千); 元 is 1."""
    total = section = current = 0
    for character in written:
        if character in _SMALL:
            section, current = section + (current or 1) * _SMALL[character], 0
        elif character in _LARGE:
            total, section, current = total + (section + current or 1) * _LARGE[character], 0, 0
        elif character in _VALUES or "0" <= character <= "9":
            current = current * 10 + _VALUES.get(character, ord(character) - ord("0"))
    return total + section + current


def spelled(words: Words) -> str:
    """A pattern of an English number in words: two, twenty-four, one hundred and eighty."""
    word = words.either("number")
    return rf"{word}(?:[\s-]{{1,2}}(?:and\s)?{word}){{0,3}}"


def count(written: str, words: Words) -> str:
    """Digits, kanji or English words of a number in plain digits: "5", "1.5", "24"."""
    if not re.search("[a-z]", written, FLAGS):
        return written if "." in written else str(integer(written))
    total = 0
    for word in re.findall("[a-z]+", written, FLAGS):
        number = int(words.value("number", word) or 0)  # "and" has no value
        total = max(total, 1) * number if number == 100 else total + number
    return str(total)


def amount(written: str, words: Words) -> str:
    """An amount of money in plain digits: 1,100 to "1100", 1.5万 and `15 thousand` to "15000"."""
    scaled = re.fullmatch(rf"({DIGITS}(?:\.\d{{1,4}})?)\s?({words.either('scale')})?", written, FLAGS)
    if not scaled:
        return str(integer(written))
    number, scale = scaled.groups()
    exact = Decimal(number.replace(",", "")) * int(words.value("scale", scale) if scale else 1)
    return f"{exact:f}".rstrip("0").rstrip(".") if "." in f"{exact:f}" else f"{exact:f}"
