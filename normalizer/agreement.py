"""Linked analyses → the same, where senses and categories in doubt are those that the other side tells.

A translation is the best witness of what an ambiguous word means. It chooses only among the senses that the tables give
the word, and only where the word's own context left doubt: two sides that are sure may well say different things. A
doubtful word of which the other side says nothing at all names no concept: no answer is better than a guess.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from normalizer.model import Analysis, Clause, Link, Mention

SURE = 0.8  # score of a mention from which its sense is a witness
DOUBTFUL = 0.97  # … below which it may be mended; both chosen on the half tune and on real pairs, see docs/senses.md
LONE = 0.9  # … below which it is not told where the linked clauses name none of its senses
EVIDENCE = "link"
Told = tuple["list[Clause]", "list[Clause]"]


def agreed(
    ja: Analysis, en: Analysis, links: Sequence[Link], senses: Callable[[str], Collection[str]]
) -> tuple[Analysis, Analysis]:
    """The analyses, with the senses of doubtful mentions as the linked clauses tell them, and one category for two
    clauses that say the same, where one nearly won on either side; "link" is their evidence.

    A mention in doubt whose concept the linked clauses do not name, nor another sense of its words, is left out.

    senses: the concepts that the words of a glossary entry ("en:disclose") may name. Linear in the mentions of links.
    """
    told = (list(ja.clauses), list(en.clauses))
    for link in links:
        if link.ja and link.en:
            _agree(told, (link.ja, link.en), senses)
            _agree(told[::-1], (link.en, link.ja), senses)
        if len(link.ja) == len(link.en) == 1:
            _settle(told, (link.ja[0], link.en[0]))
    return replace(ja, clauses=tuple(told[0])), replace(en, clauses=tuple(told[1]))


def _settle(told: Told, link: tuple[int, int]) -> None:
    """Give both clauses the category that falls short of the best the least, on both sides together.

    Where none is the best of its side or its rival (Clause.rivals) on both, they stay as they are.
    """
    pair = [clauses[index] for clauses, index in zip(told, link, strict=True)]
    if pair[0].category == pair[1].category:
        return
    left, right = ({clause.category: 0, **dict(clause.rivals)} for clause in pair)
    common = [name for name in left if name in right]
    if not common:
        return
    best = min(common, key=lambda name: (left[name] + right[name], name))
    for clauses, index, clause in zip(told, link, pair, strict=True):
        if clause.category != best:
            also = tuple(name for name in (clause.category, *clause.also) if name != best)
            evidence = (f"{best}: {EVIDENCE}",)
            clauses[index] = clause.revised(category=best, also=also, category_evidence=evidence)


def _agree(
    told: Told,
    link: tuple[Sequence[int], Sequence[int]],
    senses: Callable[[str], Collection[str]],
) -> None:
    """Mend the first side's clauses of a link by the second's."""
    own, other = (
        [mention for i in side for mention in clauses[i].mentions] for clauses, side in zip(told, link, strict=True)
    )
    named, heard = {mention.concept for mention in own}, {mention.concept for mention in other}
    witnesses = {
        mention.concept: mention for mention in other if mention.score >= SURE and mention.concept not in named
    }
    for index in link[0]:
        clause = told[0][index]
        mentions = [
            mention
            if mention.concept in heard or mention.score >= DOUBTFUL
            else _mended(mention, witnesses, senses(mention.term))
            for mention in clause.mentions
        ]
        told[0][index] = clause.revised(mentions=tuple(mention for mention in mentions if mention))


def _mended(mention: Mention, witnesses: dict[str, Mention], senses: Collection[str]) -> Mention | None:
    """The mention with the one sense of its words that a witness has; None where it is but a guess."""
    open_ = [concept for concept in witnesses if concept in senses]
    if len(open_) == 1:
        evidence = (*mention.evidence, EVIDENCE)
        return replace(mention, concept=open_[0], score=witnesses[open_[0]].score, evidence=evidence)
    return None if senses and not open_ and mention.score < LONE else mention
