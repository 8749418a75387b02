"""A sentence → the same with codes in place of what no machine should translate, and back.

Dates and amounts come back as the other language writes them; e-mail addresses, URLs, telephone and postal codes,
names and numbers as they stand. A model that destroys a code gives no translation here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from normalizer.model import Fact
    from normalizer.translate.words import Words

Span = tuple[int, int]

LETTERS = "BCDFGHJKLMNPRSTVWZ"  # a code is XQ and two of these: no word of either language, and always of one length
CODE = re.compile(r"[XＸ][QＱ]\s?([A-ZＡ-Ｚ])\s?([A-ZＡ-Ｚ])", re.IGNORECASE)
NAME = 120  # characters that a name has at most
MARK = re.compile(r"[XＸ][QＱ]", re.IGNORECASE)
AS_IS = ("email", "url", "phone", "postal", "percentage")
AMOUNT = re.compile(r"[0-9]{1,18}")
NUMBER = re.compile(r"[0-9０-９](?:[0-9０-９,，.．]*[0-9０-９])?")
LATIN_NAME = re.compile(
    r"[A-Z][A-Za-z0-9&.'’+-]*[A-Za-z0-9](?: [A-Z][A-Za-z0-9&.'’+-]*[A-Za-z0-9]|, (?:Inc|Ltd|LLC)\.?)*"
)
BEFORE_FORM = {"ja": re.compile(r"[一-鿿ァ-ヺーA-Za-z0-9・]{1,20}$"), "en": re.compile(r"(?:[A-Z][\w&'’-]*,? ){1,6}$")}
AFTER_FORM = {"ja": re.compile(r"[一-鿿ァ-ヺーA-Za-z0-9・]{1,20}"), "en": re.compile(r"(?!)")}


@dataclass(frozen=True, slots=True)
class Masked:
    """A sentence with its codes, and what each code stands for in the translation."""

    text: str
    values: tuple[str, ...]


def mask(
    text: str, start: int, end: int, facts: Sequence[Fact], names: Sequence[Span], target: str, words: Words
) -> Masked:
    """The sentence text[start:end] with codes for its facts, for the names given, and for all other numbers.

    facts, names: of the whole text; names do not overlap. Without room for codes the sentence stays as it is.
    """
    found = sorted(_protected(text, start, end, facts, names, target, words))
    out: list[str] = []
    values: list[str] = []
    at = start
    for begin, stop, value in found:
        if begin < at:
            continue
        out += [text[at:begin], _code(len(values))]
        values.append(value)
        at = stop
    masked = "".join(out) + text[at:end]
    fits = len(values) <= len(LETTERS) ** 2 and not MARK.search(text, start, end)
    return Masked(masked, tuple(values)) if fits else Masked(text[start:end], ())


def restore(translated: str, masked: Masked) -> str | None:
    """The translation with its codes resolved; None where a code is missing, doubled, or was never given out."""
    if not masked.values:
        return translated
    codes = list(CODE.finditer(translated))
    numbers = [_number(code) for code in codes]
    if sorted(numbers) != list(range(len(masked.values))):
        return None
    pieces, at = [], 0
    for number, code in zip(numbers, codes, strict=True):
        pieces += [translated[at : code.start()], masked.values[number]]
        at = code.end()
    return reduce(_joined, [*pieces, translated[at:]])


def organisations(text: str, start: int, end: int, language: str, legal: re.Pattern[str]) -> Iterator[Span]:
    """The spans of organisations' names in text[start:end]: what stands beside one of the legal forms, 株式会社青空."""
    floor = start
    for form in legal.finditer(text, start, end):
        before = BEFORE_FORM[language].search(text, max(floor, form.start() - NAME), form.start())
        after = None if before else AFTER_FORM[language].match(text, form.end(), end)
        if before or after:
            floor = after.end() if after else form.end()
            yield before.start() if before else form.start(), floor


def _protected(
    text: str, start: int, end: int, facts: Sequence[Fact], names: Sequence[Span], target: str, words: Words
) -> Iterator[tuple[int, int, str]]:
    taken = []
    for fact in facts:
        if start <= fact.start and fact.end <= end and (value := _value(text, fact, target, words)):
            taken.append((fact.start, fact.end))
            yield fact.start, fact.end, value
    for name in names:
        if start <= name[0] and name[1] <= end and not _meets(name, taken):
            taken.append(name)
            yield *name, text[name[0] : name[1]]
    for number in NUMBER.finditer(text, start, end):
        if not _meets(number.span(), taken):
            yield *number.span(), unicodedata.normalize("NFKC", number.group())


def _value(text: str, fact: Fact, target: str, words: Words) -> str | None:
    """What stands for a fact in the translation; None for one of which only the numbers are kept."""
    if fact.kind in AS_IS:
        written = text[fact.start : fact.end]
        return written if fact.kind in ("email", "url") else unicodedata.normalize("NFKC", written)
    if fact.kind == "date":
        return _date(fact.value, target, words)
    amount, _, key = fact.value.partition(" ")
    form = words.form("fee", key, target) if fact.kind == "fee" and AMOUNT.fullmatch(amount) else None
    return form.format(amount=f"{int(amount):,}") if form else None


def _date(value: str, target: str, words: Words) -> str | None:
    parts = value.split("-")
    form = words.form("date", {2: "month", 3: "day"}.get(len(parts), ""), target)
    name = words.form("month", parts[1], target) if form else None
    if form is None or name is None:
        return None
    numbers = [str(int(part)) for part in parts] + [""]
    return form.format(year=numbers[0], month=numbers[1], day=numbers[2], name=name)


def _meets(span: Span, taken: Sequence[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in taken)


def _code(number: int) -> str:
    return f"XQ{LETTERS[number // len(LETTERS)]}{LETTERS[number % len(LETTERS)]}"


def _number(code: re.Match[str]) -> int:
    first, second = (LETTERS.find(unicodedata.normalize("NFKC", letter).upper()) for letter in code.groups())
    return first * len(LETTERS) + second if first >= 0 and second >= 0 else -1


def _joined(before: str, after: str) -> str:
    """The two with a space between them where a Latin word or a number would run into another."""
    runs_on = all(char.isascii() and char.isalnum() for char in (before[-1:], after[:1]))
    return f"{before} {after}" if runs_on else before + after
