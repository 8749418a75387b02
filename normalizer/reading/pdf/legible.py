"""Pages → refused where their text is none: scans, and letters that the fonts map to the wrong characters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalizer.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normalizer.reading.pdf.layout import Page

MOST_UNMAPPED = 0.03
ENOUGH = 200  # statistics say nothing about fewer characters
CID = re.compile(r"\(cid:\d{1,5}\)")
HIRAGANA = re.compile(r"[ぁ-ゖ]")
HAN = re.compile(r"[一-鿿]")
# The commonest hiragana of Japanese prose; in the policies of corpus/ they are 0.66 to 0.75 of all hiragana.
COMMON_HIRAGANA = re.compile("[のにはをたがでとしるすいまなっれ]")
LEAST_COMMON, LEAST_HIRAGANA = 0.3, 0.05
LETTER, VOWEL = re.compile("[A-Za-z]"), re.compile("[AEIOUaeiou]")
VOWELS = (0.25, 0.55)  # of the letters of English prose, 0.38 are vowels


def check(pages: Sequence[Page], name: str) -> None:
    """Raises InputError: no text at all, pages that are pictures, or garbled text."""
    empty = [page.number for page in pages if not page.runs and page.pictured]
    if empty:
        raise InputError(f"{name}: scanned: {_spans(empty)} no text; put the file through text recognition (OCR) first")
    if not any(page.runs for page in pages):
        raise InputError(f"{name}: no text in it ({len(pages)} empty pages)")
    if reason := garbled(pages):
        raise InputError(f"{name}: garbled: {reason}; print it to a new PDF, or put it through text recognition (OCR)")


def garbled(pages: Sequence[Page]) -> str:
    """Why the text cannot be what the page shows; "" if it can."""
    text = "\n".join(run.text for page in pages for run in page.runs)
    count = max(1, sum(not char.isspace() for char in text))
    unmapped = sum(page.unmapped for page in pages) + sum(map(len, CID.findall(text)))
    if unmapped > MOST_UNMAPPED * count:
        return f"its fonts do not say what {100 * unmapped // count} % of the characters are"
    hiragana, han = len(HIRAGANA.findall(text)), len(HAN.findall(text))
    if hiragana >= ENOUGH and len(COMMON_HIRAGANA.findall(text)) < LEAST_COMMON * hiragana:
        return "its hiragana are not those of Japanese"
    if han >= ENOUGH and hiragana < LEAST_HIRAGANA * han:
        return f"{han} kanji and {hiragana} hiragana, so no Japanese (a wrong character map, or Chinese)"
    letters = len(LETTER.findall(text))
    vowels = len(VOWEL.findall(text)) / max(1, letters)
    if letters >= ENOUGH and letters * 2 > count and not VOWELS[0] < vowels < VOWELS[1]:
        return f"{100 * vowels:.0f} % of its letters are vowels, so no English"
    return ""


def _spans(numbers: list[int]) -> str:
    """1, 2, 3, 7 → `pages 1-3, 7 hold`"""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    words = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in spans)
    return f"page {words} holds" if len(numbers) == 1 else f"pages {words} hold"
