"""Linked clauses → numbers that differ where no fact was read: 年1回 against "twice a year"."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from normalizer.compare.findings import Finding
from normalizer.compare.values import POSITIONAL, address_numbers, numbers_of
from normalizer.model import LANGUAGES
from normalizer.nfkc import unwrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from normalizer.compare.findings import Comparison, Pair
    from normalizer.model import Clause, Fact, Language, Reference

# Numbers of provisions and lists are compared as citations and references are, not here.
NOON = 12
DISTINCT = 8  # digits of a telephone number or code without what a country or trunk code changes
CODE = re.compile(r"\d[\d() \-‐–—―ー]{7,}\d")
LABEL = re.compile(
    r"第\s?[\d〇一二三四五六七八九十百千]+\s?(?:条|項|号|章|節|部|類)(?:の[\d一二三四五六七八九十]+)*"
    r"|[\d〇一二三四五六七八九十]+\s?(?:条|項|号|丁目|番地)"
    r"|(?:明治|大正|昭和|平成|令和)[\d元一二三四五六七八九十]+年|Act No\. \d+ of \d{4}"
    r"|[(（][\divxlcIVXa-z]{1,4}[)）]|No\.\s?\d+"
    r"|\b(?:[AaPpIiSs](?:rticle|aragraph|tem|ection)s?|Chapters?|Act No\.)\s[\d.,()\-ivx\sand]+"
    r"|(?!\d{1,2}(?:am|pm)\b)(?:\w*[A-Za-z]\d+\w*|\d+[A-Za-z]\w*|\d+(?:\.\d+)+)"
    r"|(?!\d{1,2}-\d{1,2} ?[ap]\.?m)\d+(?:-\d+)+"
)


def number_differences(comparison: Comparison) -> Iterator[Finding]:
    """A finding for each pair in which either side has a number in digits that the other names in no way."""
    for pair in comparison.both:
        ja, en = (_bare(comparison, pair, language) for language in LANGUAGES)
        only = {"ja": ja - _any(comparison, pair, "en"), "en": en - _any(comparison, pair, "ja")}
        if len(only["ja"]) == len(only["en"]) == 1 and not _same_hour(comparison, pair, *only["ja"], *only["en"]):
            yield Finding(
                "number_differs",
                pair.link,
                _place(comparison, pair, "ja", min(only["ja"])),
                _place(comparison, pair, "en", min(only["en"])),
                evidence={"kind": "number"} | {side: sorted(found) for side, found in only.items()},
            )


def _same_hour(comparison: Comparison, pair: Pair, ja: str, en: str) -> bool:
    """Whether an hour of the Japanese day of 24 is one of the English day of twice 12: 9時～16時, "9 to 4"."""
    hour = re.search(rf"(?<!\d){ja}(?:時(?!間)|:\d\d)", comparison.words_of(pair, "ja"))
    return hour is not None and int(ja) == int(en) + NOON


def code_differences(comparison: Comparison) -> Iterator[Finding]:
    """A finding for each pair in which long groups of digits differ that are no known telephone number."""
    for pair in comparison.both:
        ja, en = ({code[-DISTINCT:] for code in _codes(comparison, pair, language)} for language in LANGUAGES)
        if ja - en and en - ja and not any(fact.kind in ("phone", "postal") for fact in _facts(pair)):
            evidence = {"kind": "digits", "ja": sorted(ja - en), "en": sorted(en - ja)}
            yield Finding("contact_differs", pair.link, pair.place("ja"), pair.place("en"), evidence=evidence)


def address_differences(comparison: Comparison) -> Iterator[Finding]:
    """A finding for each pair with an address in which either side has a number that the other has not: 4階, "5F"."""
    for pair in comparison.both:
        if not any(fact.kind in ("address", "postal") for fact in _facts(pair)):
            continue
        postal = [{f.kind for clause in side for f in clause.facts} >= {"postal"} for side in (pair.ja, pair.en)]
        told = ("postal",) if all(postal) else ()  # as a fact
        ja, en = (_address_numbers(comparison, pair, language, told) for language in LANGUAGES)
        if ja - en and en - ja:
            evidence = {"kind": "address", "ja": sorted((ja - en).elements()), "en": sorted((en - ja).elements())}
            yield Finding("contact_differs", pair.link, pair.place("ja"), pair.place("en"), evidence=evidence)


def _address_numbers(comparison: Comparison, pair: Pair, language: Language, told: Sequence[str]) -> Counter[str]:
    """The numbers of one side that belong to no other fact than an address, or a postal code that is not told yet."""
    own = {"address", "postal"} - {*told}
    found: Counter[str] = Counter()
    for clause in pair.side(language):
        others = [fact for fact in clause.facts if fact.kind not in own]
        found += address_numbers(_blanked(comparison, clause, language, others))
    return found


def _facts(pair: Pair) -> Iterator[Fact]:
    return (fact for side in (pair.ja, pair.en) for clause in side for fact in clause.facts)


def _codes(comparison: Comparison, pair: Pair, language: Language) -> Iterator[str]:
    words = comparison.words_of(pair, language).translate(POSITIONAL)
    for match in CODE.finditer(words):
        digits = re.sub(r"\D", "", match.group())
        if len(digits) >= DISTINCT:
            yield digits


def _bare(comparison: Comparison, pair: Pair, language: Language) -> frozenset[str]:
    """The numbers of one side that belong to no fact, reference or label, digits and words alike."""
    return frozenset(
        number
        for clause in pair.side(language)
        for number in numbers_of(_without_facts(comparison, clause, language), language, comparison.folder)
        if int(float(number)) > 1  # "one" and 一 are words more often than numbers
    )


def _any(comparison: Comparison, pair: Pair, language: Language) -> frozenset[str]:
    return numbers_of(comparison.words_of(pair, language), language, comparison.folder)


def _without_facts(comparison: Comparison, clause: Clause, language: Language) -> str:
    words = _blanked(comparison, clause, language, (*clause.facts, *clause.references))
    return LABEL.sub(" ", unwrapped(words).text)


def _blanked(comparison: Comparison, clause: Clause, language: Language, taken: Iterable[Fact | Reference]) -> str:
    """The words of a clause with blanks in some places."""
    words = list(comparison.text(language, clause.body, clause.end))
    for one in taken:
        for place in range(max(0, one.start - clause.body), min(len(words), one.end - clause.body)):
            words[place] = " "
    return "".join(words)


def _place(comparison: Comparison, pair: Pair, language: Language, number: str) -> tuple[int, int] | None:
    """Where a number is written in digits, else the whole side."""
    for clause in pair.side(language):
        match = re.search(rf"(?<!\d){number}(?!\d)", comparison.text(language, clause.body, clause.end))
        if match:
            return clause.body + match.start(), clause.body + match.end()
    return pair.place(language)
