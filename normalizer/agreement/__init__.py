"""Linked analyses → the same, where mentions and categories in doubt are those that the other side tells."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from normalizer.agreement import odds
from normalizer.agreement.categories import settled
from normalizer.agreement.mentions import EVIDENCE, Side, Weigher
from normalizer.agreement.words import Words
from normalizer.tables import Problems

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from normalizer.glossary import Glossary
    from normalizer.model import Analysis, Link
    from normalizer.tokens import Tokenizer

__all__ = ["EVIDENCE", "Agreement"]


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
        return cls(Weigher(words, weights, glossary.ontology, tokenizer, senses, glossary.own))

    def agreed(self, ja: Analysis, en: Analysis, links: Sequence[Link]) -> tuple[Analysis, Analysis]:
        """The analyses, with the mentions of linked clauses weighed by what the other side names, and one category for
        two clauses that say the same, where one nearly won on either side; "link" is their evidence.

        A mention that is probably wrong is left out; a word that probably names what the other side does becomes a
        mention. Clauses without a counterpart stay as they are. Linear in the words of the links.
        """
        told = (list(ja.clauses), list(en.clauses))
        for link in links:
            if link.ja and link.en and self.weigher:
                sides = Side.of("ja", ja.document.text, [told[0][at] for at in link.ja]), Side.of(
                    "en", en.document.text, [told[1][at] for at in link.en]
                )
                for clauses, places, mended in zip(told, (link.ja, link.en), self.weigher.weighed(sides), strict=True):
                    for at, clause in zip(places, mended, strict=True):
                        clauses[at] = clause
            if len(link.ja) == len(link.en) == 1:
                at, opposite = link.ja[0], link.en[0]
                told[0][at], told[1][opposite] = settled((told[0][at], told[1][opposite]))
        return replace(ja, clauses=tuple(told[0])), replace(en, clauses=tuple(told[1]))
