"""Linked analyses → the same, where words that leave their sense in doubt have the one that the other side names.

A translation is the best witness of what an ambiguous word means. It chooses only among the senses that the tables give
the word, and only where the word's own context left doubt: two sides that are sure may well say different things.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from normalizer.model import Analysis, Clause, Link, Mention

SURE = 0.8  # score of a mention from which its sense is a witness
DOUBTFUL = 0.97  # … below which it may be mended; chosen on the half tune and on real pairs, see docs/senses.md
EVIDENCE = "link"


def agreed(
    ja: Analysis, en: Analysis, links: Sequence[Link], senses: Callable[[str], Collection[str]]
) -> tuple[Analysis, Analysis]:
    """The analyses, with the senses of doubtful mentions as the linked clauses tell them; "link" is their evidence.

    senses: the concepts that the words of a glossary entry ("en:disclose") may name. Linear in the mentions of links.
    """
    told = (list(ja.clauses), list(en.clauses))
    for link in links:
        if link.ja and link.en:
            _agree(told, (link.ja, link.en), senses)
            _agree(told[::-1], (link.en, link.ja), senses)
    return replace(ja, clauses=tuple(told[0])), replace(en, clauses=tuple(told[1]))


def _agree(
    told: tuple[list[Clause], list[Clause]],
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
    if not witnesses:
        return
    for index in link[0]:
        clause = told[0][index]
        mentions = [
            mention
            if mention.concept in heard or mention.score >= DOUBTFUL
            else _mended(mention, witnesses, senses(mention.term))
            for mention in clause.mentions
        ]
        told[0][index] = clause.revised(mentions=tuple(mentions))


def _mended(mention: Mention, witnesses: dict[str, Mention], senses: Collection[str]) -> Mention:
    """The mention with the one sense of its words that a witness has; itself where there is none, or several."""
    open_ = [concept for concept in witnesses if concept in senses]
    if len(open_) != 1:
        return mention
    return replace(
        mention,
        concept=open_[0],
        score=witnesses[open_[0]].score,
        evidence=(*mention.evidence, EVIDENCE),
    )
