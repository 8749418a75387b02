"""Scored candidates → pairs: the best for both sides, by a margin; what remains stays alone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from normalizer.pairing.settings import Settings


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate: indices of the two documents, log-odds, and of these what the policies say, less issuer and date."""

    ja: int
    en: int
    total: float
    content: float
    signed: bool  # they share what a template leaves open: a contact, a date
    evidence: tuple[tuple[str, float], ...]


def assign(scored: Sequence[Scored], settings: Settings) -> tuple[Scored, ...]:
    """The pairs, by Japanese index. Each round takes all that are best for both sides by the margin among the documents
    still free; a document whose counterpart is found no longer stands in the way of its siblings."""
    free = [pair for pair in scored if pair.total > 0]
    out: list[Scored] = []
    while found := _clear(free, settings):
        out += found
        ja, en = {pair.ja for pair in found}, {pair.en for pair in found}
        free = [pair for pair in free if pair.ja not in ja and pair.en not in en]
    return tuple(sorted(out, key=lambda pair: pair.ja))


def _clear(free: Sequence[Scored], settings: Settings) -> list[Scored]:
    ja, en = _two_best((pair.ja, pair) for pair in free), _two_best((pair.en, pair) for pair in free)
    return [
        best
        for best, second in ja.values()
        if en[best.en][0] is best and _is_clear(best, max(second, en[best.en][1]), settings)
    ]


def _is_clear(best: Scored, second: float, settings: Settings) -> bool:
    least = settings.least if best.signed else settings.least_unsigned
    margin = settings.margin if best.signed else settings.margin_unsigned
    return best.total >= least and best.content >= settings.content_least and best.total - second >= margin


def _two_best(pairs: Iterable[tuple[int, Scored]]) -> dict[int, tuple[Scored, float]]:
    """For each document its best candidate and the total of the next; without a next there is 0, no pair at all."""
    by_document: dict[int, list[Scored]] = defaultdict(list)
    for document, pair in pairs:
        by_document[document].append(pair)
    out = {}
    for document, found in by_document.items():
        found.sort(key=lambda pair: (-pair.total, pair.ja, pair.en))
        out[document] = found[0], found[1].total if len(found) > 1 else 0.0
    return out
