"""Values of facts and the numbers in a text, made comparable between the languages."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from normalizer.facts.numbers import amount, count, integer, spelled
from normalizer.facts.words import KANJI, load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from normalizer.model import Fact, Language

DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
MINUTES = (525_600, 43_200, 10_080, 1_440, 60, 1, 0)  # of a year, a month, a week, a day, an hour, a minute, a second
DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")
KANJI_NUMBER = re.compile(f"[{KANJI}万億]+")
SCALED = {  # numbers that are written in digits and a word, or in several words: 60万, "1.2 million"
    "ja": re.compile(r"\d[\d,]*(?:\.\d+)?[万億千]"),
    "en": re.compile(r"\d[\d,]*(?:\.\d+)?\s(?:thousand|million|billion)\b", re.IGNORECASE),
}
BLOCK = re.compile(f"[{KANJI}]+(?=丁目|番|号|条|階|の)")  # 千 of 千代田 is no number
AFTERNOON = re.compile(
    r"午後\s?(?P<ja>\d{1,2}|[一二三四五六七八九十]{1,2})時|\b(?P<en>\d{1,2})(?::(?P<minutes>\d\d))?\s?p\.?m\b\.?",
    re.IGNORECASE,
)
AGE = re.compile(r"\d+")
POSITIONAL = {ord(kanji): str(digit) for digit, kanji in enumerate("〇一二三四五六七八九")}
LANGUAGE_PARTS = ("ja", "jp", "en", "english", "japanese")


def same(one: Fact, other: Fact) -> bool:
    """Whether two facts say the same, as far as both say it: 30 days and a month, 2023-05 and 2023-05-01 do."""
    if one.kind != other.kind:
        return False
    if one.value == other.value:
        return True
    compare = {"period": same_period, "fee": _same_fee, "url": _same_url, "address": _same_address}.get(one.kind)
    if compare:
        return compare(one.value, other.value)
    if one.kind == "age":
        return AGE.findall(one.value) == AGE.findall(other.value)
    if one.kind in ("date", "statute"):
        short, long = sorted((one.value, other.value), key=len)
        return long.startswith(short) and not long[len(short)].isalnum()
    return False


def same_period(one: str, other: str) -> bool:
    """Whether two ISO 8601 durations are about as long."""
    lengths = [minutes(value) for value in (one, other)]
    if None in lengths:
        return False
    a, b = (float(length or 0) for length in lengths)
    return abs(a - b) <= 0.02 * max(a, b)  # twelve months of thirty days are a year


def minutes(value: str) -> int | None:
    """The minutes of an ISO 8601 duration; None for what is none."""
    match = DURATION.fullmatch(value.removesuffix(" business"))
    if not match:
        return None
    return sum(int(part or 0) * each for part, each in zip(match.groups(), MINUTES, strict=True))


def _same_fee(one: str, other: str) -> bool:
    (*first, tax), (*second, other_tax) = ((*value.split()[:2], " ".join(value.split()[2:])) for value in (one, other))
    return first == second and (not tax or not other_tax)


def _same_url(one: str, other: str) -> bool:
    return _page(one) == _page(other)


def _page(url: str) -> tuple[str, ...]:
    """Host and path without what names a language: …/ja/privacy and …/en/privacy are one page."""
    parts = urlsplit(url if "//" in url else f"//{url}")
    host = parts.netloc.lower().removeprefix("www.")
    path = re.split(r"[/._-]+", parts.path.lower())
    return (host, *(part for part in path if part and part not in LANGUAGE_PARTS))


def _same_address(one: str, other: str) -> bool:
    """Whether the numbers of one are all in the other; names are written in two scripts and tell nothing."""
    a, b = address_numbers(one), address_numbers(other)
    return a <= b or b <= a


def address_numbers(text: str) -> Counter[str]:
    """The numbers of an address, 一丁目 among them, and how often each stands there."""
    return Counter(DIGITS.findall(BLOCK.sub(_in_digits, unicodedata.normalize("NFKC", text))))


def _in_digits(match: re.Match[str]) -> str:
    return str(integer(match.group()))


def digits_of(text: str) -> str:
    """The digits of a text and nothing else, kanji written digit by digit among them: 〇二五―〇〇〇 is 025000."""
    narrow = unicodedata.normalize("NFKC", text).translate(POSITIONAL)
    return "".join(character for character in narrow if "0" <= character <= "9")


def numbers_in_digits(text: str) -> frozenset[str]:
    """The numbers that a text has in digits, commas left out. Hours are those of a day of 24."""
    return _in_figures(_plain(text))


def numbers_of(text: str, language: Language, folder: Path) -> frozenset[str]:
    """The numbers that a text names, in digits, kanji or words of its language. Hours are those of a day of 24.

    folder: where fact_words.csv is.
    """
    plain, words = _plain(text), load(folder)
    scaled = {amount(match.group(), words) for match in SCALED[language].finditer(plain)}
    rest = SCALED[language].sub(" ", plain)
    if language == "ja":
        written = {str(integer(match.group())) for match in KANJI_NUMBER.finditer(rest)}
    else:
        written = set(_in_words(rest, folder))
    return _in_figures(rest) | scaled | written


def _plain(text: str) -> str:
    return AFTERNOON.sub(_hour, unicodedata.normalize("NFKC", text))


def _in_figures(text: str) -> frozenset[str]:
    return frozenset(str(int(match.group().replace(",", ""))) for match in DIGITS.finditer(text))


def _hour(match: re.Match[str]) -> str:
    hour = int(integer(match["ja"] or match["en"]))
    return f" {hour + 12 if hour < 12 else hour} {match['minutes'] or ''} "


def _in_words(text: str, folder: Path) -> Iterator[str]:
    words, pattern = load(folder), _spelled(folder)
    for match in pattern.finditer(text.lower()):
        number, scale = match["number"], match["scale"]
        yield str(int(count(number, words)) * int(words.value("scale", scale) or 1)) if scale else count(number, words)


@cache
def _spelled(folder: Path) -> re.Pattern[str]:
    words = load(folder)
    return re.compile(rf"(?<![a-z])(?P<number>{spelled(words)})(?:\s(?P<scale>{words.either('scale')}))?(?![a-z])")
