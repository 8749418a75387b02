"""Linked analyses → the same, where mentions and categories in doubt are those that the other side tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from normalizer.agreement import odds
from normalizer.agreement.categories import settled
from normalizer.agreement.mentions import EVIDENCE, Side, Weigher
from normalizer.agreement.words import Words
from normalizer.tables import Problems

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from normalizer.glossary import Glossary
    from normalizer.model import Analysis, Clause, Link
    from normalizer.tokens import Tokenizer

__all__ = ["EVIDENCE", "Agreement", "Places"]

Places = tuple[Sequence[tuple[int, int]], Sequence[tuple[int, int]]]  # characters of the Japanese and the English text


@dataclass(frozen=True, slots=True)
class Agreement:
    """What reads two sides together; one per thread."""

    weigher: Weigher | None  # None where the folder of tables has no odds: mentions then stay as they are

    @classmethod
    def load(
        cls, folder: Path, glossary: Glossary, tokenizer: Tokenizer, senses: Callable[[str], Collection[str]]
    ) -> Agreement:
        """Compile the tables of `folder`. senses: the concepts that the words of an entry ("en:disclose") may name.

        Raises GlossaryError naming every line that does not hold together.
        """
        problems = Problems()
        weights = odds.load(folder, problems)
        words = Words.load(folder, glossary, tokenizer, problems) if weights else None
        problems.refuse()
        if words is None:
            return cls(None)
        status = {(term.concept, term.entry): term.status for term in glossary.terms}
        return cls(Weigher(words, weights, glossary.ontology, tokenizer, senses, status, glossary.own))

    def agreed(
        self, ja: Analysis, en: Analysis, links: Sequence[Link], differing: Mapping[int, Places] | None = None
    ) -> tuple[Analysis, Analysis]:
        """The analyses, with the mentions of linked clauses weighed by what the other side names, and one category for
        two clauses that say the same, where one nearly won on either side; "link" is their evidence.

        A mention that is probably wrong is left out; a word that probably names what the other side does becomes a
        mention. Clauses without a counterpart stay as they are. Linear in the words of the links.

        differing: the places of links, by their index, that are known not to say the same: mentions there stay on
        their side alone.
        """
        told = (list(ja.clauses), list(en.clauses))
        texts = (ja.document.text, en.document.text)
        for number, link in enumerate(links):
            if link.ja and link.en and self.weigher:
                _weigh(self.weigher, told, texts, link, (differing or {}).get(number, ((), ())))
            if len(link.ja) == len(link.en) == 1:
                one, other = link.ja[0], link.en[0]
                told[0][one], told[1][other] = settled((told[0][one], told[1][other]))
        return replace(ja, clauses=tuple(told[0])), replace(en, clauses=tuple(told[1]))


def _weigh(
    weigher: Weigher, told: tuple[list[Clause], list[Clause]], texts: tuple[str, str], link: Link, differing: Places
) -> None:
    numbers = (link.ja, link.en)
    ja, en = (
        Side.of(language, text, [clauses[at] for at in its], places)
        for language, text, clauses, its, places in zip(("ja", "en"), texts, told, numbers, differing, strict=True)
    )
    for clauses, its, mended in zip(told, numbers, weigher.weighed((ja, en)), strict=True):
        for at, clause in zip(its, mended, strict=True):
            clauses[at] = clause
