"""Fees and percentages of a text to normal forms: 1,100円(税込) to "1100 JPY tax-included", 10 percent to "10%"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalizer.facts.numbers import DIGITS, amount, count, spelled
from normalizer.facts.words import FLAGS, KANJI
from normalizer.model import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from normalizer.facts.words import Finder, Words

_START = rf"(?<![\d{KANJI}万億])(?<!\d[.,])"
_MORE = r"(?:\s{0,2}(?:per|for|/)\s?[A-Za-z件通回枚名人月年][A-Za-z ]{0,30}?)?"  # 1,100 yen per request (tax included)


def fees(words: Words) -> Finder:
    """A finder of fees in NFKC text: "1100 JPY", with tax-included or tax-excluded where said, and "free"."""
    shapes = tuple((re.compile(shape, FLAGS), kind) for shape, kind in _amounts(words))
    taxed = re.compile(words.either("tax"), FLAGS)
    bracket = re.compile(
        rf"{_MORE}\s{{0,2}}\(([^()\n]{{0,40}})\)|[\s,、]{{0,2}}({words.either('tax')})(?!\s?:?\s?[\d¥])", FLAGS
    )
    other = re.compile(rf"{words.either('not_fee')}[\s:はが金約]{{0,3}}$", FLAGS)
    limit = re.compile(rf"\s?{words.either('limit_after')}", FLAGS)  # cash of more than 2,000,000 yen
    above = re.compile(rf"{words.either('limit_before')}\s{{1,2}}$", FLAGS)
    charged = re.compile(words.either("fee_word"), FLAGS)

    def find(text: str, seen: Set[str]) -> Iterator[Fact]:
        charges = charged.search(text) is not None
        for match, kind in ((match, kind) for shape, kind in shapes for match in shape.finditer(text)):
            start, end = match.span()
            tax = match["tax"] or ""
            after = bracket.match(text, end)
            said = after and taxed.search(after[1] or after[2] or "")
            if after and said:
                tax, end = said[0], after.end()
            currency = words.value(kind, match["currency"])
            value = f"{amount(match['amount'], words)} {currency} {words.value('tax', tax)}".strip()
            limited = limit.match(text, end) or above.search(text, max(0, start - 24), start)
            none = other.search(text, max(0, start - 20), start) or (limited and not charges)
            yield Fact("fee", start, end, "" if none else value)

    return find


def free(words: Words) -> Finder:
    """A finder of 無料 and `free of charge`, where the text speaks of a fee besides."""
    phrase = re.compile(words.either("free"), FLAGS)
    fee = re.compile(words.either("fee_word"), FLAGS)

    def find(text: str, seen: Set[str]) -> Iterator[Fact]:
        phrases = tuple(phrase.finditer(text))
        besides = bool(phrases) and fee.search(phrase.sub(" ", text)) is not None
        for match in phrases:
            if besides or words.value("names_fee", match[0]):
                yield Fact("fee", *match.span(), words.value("free", match[0]))

    return find


def percentages(words: Words) -> Finder:
    """A finder of percentages in NFKC text: "10%"."""
    number = rf"(?:{DIGITS}(?:\.\d{{1,6}})?|[{KANJI}]{{1,5}}(?:・[{KANJI}]{{1,2}})?|{spelled(words)})"
    shape = re.compile(rf"{_START}(?P<n>{number})\s?{words.either('percent')}", FLAGS)

    def find(text: str, seen: Set[str]) -> Iterator[Fact]:
        for match in shape.finditer(text):
            parts = match["n"].replace(",", "").split("・")  # 十四・六
            yield Fact("percentage", *match.span(), f"{'.'.join(count(part, words) for part in parts)}%")

    return find


def _amounts(words: Words) -> Iterator[tuple[str, str]]:
    """Patterns of an amount with its currency after it (1万5千円, 1.5 million yen) or before it (¥1,100)."""
    tax = rf"(?:(?P<tax>{words.either('tax')})\s?:?\s?)?"
    kanji = rf"[{KANJI}]{{1,8}}"
    japanese = rf"(?:{DIGITS}|{kanji})(?:[千万億](?:{DIGITS}|{kanji})?){{1,3}}|{kanji}"
    number = rf"(?P<amount>{DIGITS}(?:\.\d{{1,4}})?(?:\s?{words.either('scale')})?(?![\d{KANJI}])|{japanese})"
    # 一円 after a kanji is "the whole area": 関東一円.
    area = "(?!(?<=[一-龥])一円)"
    after, before = words.either("currency_after"), words.either("currency_before")
    yield rf"{tax}{_START}{area}(?P<open>\()?{number}(?(open)\))\s?(?P<currency>{after})", "currency_after"
    yield rf"{tax}(?P<currency>{before})\s?{number}", "currency_before"
