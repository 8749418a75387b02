"""Phrases that name something → the terms inside them that are named too: the person and the data of a provision."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from normalizer.candidates import PREPOSITIONS, is_compound

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from normalizer.glossary import Term
    from normalizer.model import Token

Spans = dict[tuple[int, int], tuple["Term", ...]]  # (first token, last token) → entries
_WHOLE = frozenset(("document", "exception"))  # a title or a statutory ground is one term, whatever its words
_HEADS = ("operation", "purpose", "obligation", "procedure", "right")  # what "suspension of use" names as a whole
_PARTICLES = ("助詞", "助動詞")


def parts_of(
    named: dict[tuple[int, int], Term],
    patterns: Collection[tuple[int, int]],
    candidates: Spans,
    tokens: Sequence[Token],
    kinds: Mapping[str, str],
) -> Spans:
    """The terms inside phrases that are of another kind than the phrase, the longest first, without overlap.

    Of an English phrase without a preposition (share your personal information) only the object that ends it.
    """
    others = candidates.keys() - named.keys()
    if not others:
        return {}
    phrases = {
        span: kind
        for span, term in named.items()
        if (span in patterns or (term.status != "preferred" and (span[1] - span[0] > 1 or term.language == "en")))
        and (kind := kinds[term.concept]) not in _WHOLE
    }
    loose = {span for span in phrases if span in patterns or _is_phrase(tokens[span[0] : span[1]])}
    reach = _reach(loose, len(tokens))
    objects = {last: first for first, last in phrases if named[first, last].language == "en"}
    inside = [
        (first - last, first, last)
        for first, last in (others if phrases else ())
        if objects.get(last, first) < first < last - 1 or last <= reach[first]
    ]
    if not inside:
        return {}
    held = {span: kind for span, kind in phrases.items() if span in loose or objects.get(span[1]) == span[0]}
    barred = _barred(held, patterns)
    taken: Spans = {}
    occupied = bytearray(len(tokens))
    for first, last in named.keys() - phrases.keys():
        occupied[first:last] = b"\1" * (last - first)
    for _, first, last in sorted(inside):
        if occupied.find(1, first, last) >= 0:
            continue
        kind = kinds[candidates[first, last][0].concept]
        if is_told := kind not in barred.get(first, ()):
            taken[first, last] = candidates[first, last]
        if is_told or is_compound(tokens[first:last], kind):  # of a name that is not told no part is
            occupied[first:last] = b"\1" * (last - first)
    return taken


def _reach(spans: Collection[tuple[int, int]], count: int) -> list[int]:
    """For each token, how far those spans go that begin at it or before it."""
    ends = [0] * count
    for first, last in spans:
        ends[first] = max(ends[first], last)
    return list(itertools.accumulate(ends, max))


def _barred(phrases: Mapping[tuple[int, int], str], patterns: Collection[tuple[int, int]]) -> dict[int, set[str]]:
    """The kinds that are not named again at each token."""
    barred: dict[int, set[str]] = {}
    for (first, last), kind in phrases.items():
        kinds = (kind,) if (first, last) in patterns else (kind, *_HEADS)
        for token in range(first, last):
            barred.setdefault(token, set()).update(kinds)
    return barred


def _is_phrase(tokens: Sequence[Token]) -> bool:
    """Held together by a particle or a verb, not a compound noun; in English by a preposition, not an adjective."""
    return any(token.pos in _PARTICLES or token.lemma in PREPOSITIONS for token in tokens[1:-1]) or any(
        token.pos == "動詞" for token in tokens[1:]
    )
