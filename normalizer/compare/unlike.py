"""Linked clauses → those linked for want of better: a clause too many on one side, or another ground of an exception.

A link of two clauses with one often holds one that has no counterpart: dropped on the other side, it was taken into its
neighbour's link. It names something that the other side does not, and all that the other side names, the rest names.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from normalizer.compare.findings import Finding, in_order
from normalizer.compare.lengths import EASED, LONGER
from normalizer.model import LANGUAGES, OTHER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from normalizer.compare.findings import Comparison, Pair
    from normalizer.model import Clause, Language

CLOSE = 0.4  # of the logarithm of the ratio of lengths: as usual, or nearly
SURE = 0.8  # score of a mention from which its sense is taken for granted
# Exceptions that name no ground: what is added to one (…であって、本人の同意を得ることが困難), and that there is one.
GROUNDLESS = (
    *("ConsentDifficult", "InterferenceWithPublicDuty", "Proviso"),
    *("PurposeNotificationException", "DisclosureRefusal", "NotThirdParty", "UseLimitationException"),
)


def spare_clause(comparison: Comparison, pair: Pair, known: Mapping[int, float]) -> tuple[Language, Clause] | None:
    """The side and the clause of a link that the other side has not, where that has fewer clauses.

    known: what `excesses` gives.
    """
    for side, other in OTHER.items():
        if len(pair.side(side)) <= len(pair.side(other)):
            continue
        said = _named(comparison, pair.side(other))
        for clause in pair.side(side):
            rest = [one for one in pair.side(side) if one is not clause]
            if clause.kind != "heading" and _spare(comparison, pair, side, clause, rest, said, known):
                return side, clause
    return None


def _spare(
    comparison: Comparison,
    pair: Pair,
    side: Language,
    clause: Clause,
    rest: Sequence[Clause],
    said: frozenset[str],
    known: Mapping[int, float],
) -> bool:
    own, others = _named(comparison, [clause]), _named(comparison, rest)
    if any(clause.id == one.parent for one in rest):
        return False
    before, without = _excesses(comparison, pair, side, clause, known)
    fits = before > LONGER and abs(without) <= EASED * before
    numbered = _numbered(rest) == _numbered(pair.side(OTHER[side])) != () and _even(comparison, pair)
    if numbered and fits:
        return True
    # Grounds of exceptions are known in both languages; what else one side names may only be missed on the other.
    allowed = CLOSE if any(comparison.glossary.ontology[one].kind == "exception" for one in own) else 0.0
    new = any(not comparison.akin(one, said) for one in own - others)
    strange = not any(comparison.akin(one, said) for one in own)
    covered = bool(said) and all(comparison.akin(one, others) for one in said)
    return new and (covered or numbered) and (fits or (strange and abs(without) <= max(allowed, abs(before))))


def _numbered(clauses: Sequence[Clause]) -> tuple[tuple[int, ...], ...]:
    """The numbers of some clauses, where all have one."""
    labels = [one.label.number for one in clauses if one.label and one.label.number]
    return tuple(labels) if len(labels) == len(clauses) else ()


def _even(comparison: Comparison, pair: Pair) -> bool:
    """Whether the numbers of the next link, if it has any, are those of the other side, too."""
    behind = comparison.pairs[pair.link + 1 : pair.link + 2]
    ja, en = (_numbered([clause for one in behind for clause in one.side(side)]) for side in LANGUAGES)
    return not (ja and en) or ja == en


def _excesses(
    comparison: Comparison, pair: Pair, side: Language, clause: Clause, known: Mapping[int, float]
) -> tuple[float, float]:
    """How much longer than usual a side of a link is, with a clause and without it (natural logarithms)."""
    excess = known.get(pair.link, 0.0) * (1 if side == "en" else -1)
    whole = len(comparison.words_of(pair, side))
    return excess, excess + math.log(max(1, whole - (clause.end - clause.body)) / max(1, whole))


def _named(comparison: Comparison, clauses: Sequence[Clause]) -> frozenset[str]:
    """What clauses name, without the tops of the hierarchy and those who speak and are spoken to."""
    ontology = comparison.glossary.ontology
    return frozenset(
        mention.concept
        for clause in clauses
        for mention in clause.mentions
        if ontology[mention.concept].broader is not None and ontology[mention.concept].kind != "actor"
    )


def other_grounds(comparison: Comparison, pair: Pair) -> Iterator[Finding]:
    """The findings on a link of two clauses that name grounds of an exception, none of them the same."""
    ja, en = (_grounds(comparison, pair, side) for side in LANGUAGES)
    if ja and en and not any(comparison.akin(one, en) for one in ja):
        for side, grounds in zip(LANGUAGES, (ja, en), strict=True):
            places = in_order(side, pair.place(side))
            evidence = {"grounds": sorted(grounds)}
            yield Finding("exception_missing", pair.link, *places, f"clause_only_{side}", evidence=evidence)


def _grounds(comparison: Comparison, pair: Pair, side: Language) -> frozenset[str]:
    """The grounds of exceptions that one side of a pair names."""
    ontology = comparison.glossary.ontology
    surely = {m.concept for m in pair.mentions(side) if m.score >= SURE}
    return frozenset(one for one in surely - {*GROUNDLESS} if ontology[one].kind == "exception")
