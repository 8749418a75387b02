"""A clause to its facts: dates, fees, periods, ages, percentages, contacts, addresses, citations."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Protocol

from normalizer.facts.addresses import addresses, postal_codes
from normalizer.facts.contacts import emails, phones, urls
from normalizer.facts.dates import dates
from normalizer.facts.money import fees, free, percentages
from normalizer.facts.periods import ages, periods
from normalizer.facts.words import load
from normalizer.model import Fact
from normalizer.nfkc import unwrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from normalizer.facts.words import Finder


class Cited(Protocol):
    """A citation of a law as `statutes` found it: offsets into the document, and its normal form."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def value(self) -> str: ...


# What is found first has its characters: a number in an e-mail address is no telephone number.
# Beside each finder, kinds of forms and signs of which a text must hold one.
_ORDER = (
    (emails, ("email_at", "at_sign")),
    (dates, ("digit", "year", "month of")),
    (ages, ("digit", "age", "number")),
    (free, ("free",)),
    (fees, ("currency_after", "currency_before")),
    (percentages, ("percent",)),
    (periods, ("unit", "unit_kanji", "period")),
    (postal_codes, ("digit",)),
    (phones, ("numeral",)),
    (addresses, ("numeral",)),
)
# Circled numbers and the like mark items or notes; NFKC would make ①5年 fifteen years.
_RANGES = (("²", "³"), ("¹", "¹"), ("⁰", "₉"), ("①", "⒛"), ("⓪", "⓪"), ("㉑", "㉟"), ("㊱", "㊿"))
_MARKS = {code: " " for first, last in _RANGES for code in range(ord(first), ord(last) + 1)}
_MARKED = re.compile("[{}]".format("".join(map(chr, _MARKS))))  # a look tells sooner that there are none


def find_facts(text: str, start: int, end: int, folder: Path, citations: Iterable[Cited] = ()) -> tuple[Fact, ...]:
    """The facts of the clause text[start:end], in order of place; offsets index `text`, values are normal forms.

    `citations` are those that `statutes` found: they come back as facts of kind statute. The forms of both languages
    are looked for in any clause, whatever its language. Facts do not overlap, except with an address: a postal
    code may stand in it. folder: where eras.csv, prefectures.csv and fact_words.csv are. Raises GlossaryError where one
    of these is wrong, nothing for any text.

    >>> from normalizer.glossary import glossary_folder
    >>> facts = find_facts("手数料は1,100円(税込)です。", 0, 17, glossary_folder())
    >>> [(fact.kind, fact.value) for fact in facts]
    [('fee', '1100 JPY tax-included')]
    """
    clause = text[start:end]
    inside = (cited for cited in citations if start <= cited.start < cited.end <= end)
    statutes = (Fact("statute", cited.start - start, cited.end - start, cited.value) for cited in inside)
    found = (*statutes, *urls(clause), *_in_source(clause, folder))
    kept = _claimed(found, len(clause)) if found else ()
    facts = (Fact(fact.kind, fact.start + start, fact.end + start, fact.value) for fact in kept)
    return tuple(sorted(facts, key=lambda fact: (fact.start, -fact.end, fact.kind)))


@cache
def _finders(folder: Path) -> tuple[Callable[[str], frozenset[str]], tuple[tuple[Finder, tuple[str, ...]], ...]]:
    """What tells which kinds of forms a text may hold, and the finders, each with the kinds of which it needs one."""
    words = load(folder)
    return words.sights(), tuple((finder(words), needed) for finder, needed in _ORDER)


def _in_source(clause: str, folder: Path) -> Iterator[Fact]:
    """The facts of the NFKC form, by priority, with offsets into the clause."""
    form = unwrapped(clause.translate(_MARKS) if _MARKED.search(clause) else clause)
    seen = _finders(folder)[0](form.text)
    for find in _able(folder, seen) if seen else ():
        for fact in find(form.text, seen):
            yield Fact(fact.kind, *form.source_span(fact.start, fact.end), fact.value)


@lru_cache(maxsize=4096)  # the same few kinds stand in most clauses
def _able(folder: Path, seen: frozenset[str]) -> tuple[Finder, ...]:
    """The finders that may find anything in a text that holds these."""
    return tuple(find for find, needed in _finders(folder)[1] if not seen.isdisjoint(needed))


def _claimed(facts: Iterable[Fact], length: int) -> Iterator[Fact]:
    """The facts whose characters no earlier fact has; one without a value only keeps its characters from others."""
    taken, addressed = bytearray(length), bytearray(length)
    for fact in facts:
        place = slice(fact.start, fact.end)
        mask = addressed if fact.kind == "address" else taken
        if fact.start < fact.end and not any(mask[place]):
            mask[place] = b"\1" * (fact.end - fact.start)
            if fact.value:
                yield fact
