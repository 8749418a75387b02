"""Mentions of clauses whose category is known → what their words mean there.

Words such as "notify" or 請求 have one sense and many uses: in a clause on a breach it is the notice of the breach, in
one on requests it is a right. The table narrowing.csv says so once for a concept, for all its words and for both
languages; senses.csv says what single forms may mean.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from normalizer.model import Clause, Mention
    from normalizer.ontology import Ontology

COLUMNS = ("concept", "becomes", "category", "not_category", "with", "without", "note")


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of narrowing.csv: all of its conditions must hold; an empty one holds everywhere."""

    becomes: str  # empty: here the words name no concept
    categories: frozenset[str]  # the clause's category is one of these
    others: frozenset[str]  # … and none of these
    company: frozenset[str]  # the clause names one of these concepts or one below them
    strangers: frozenset[str]  # … and none of these

    def holds(self, category: str, named: Counter[str], own: Collection[str]) -> bool:
        """Whether the rule applies in a clause of this category.

        named: how often the clause names each concept or one below it; own: what one mention of these adds, which
        keeps itself no company.
        """
        return (
            (not self.categories or category in self.categories)
            and category not in self.others
            and (not self.company or any(named[concept] > (concept in own) for concept in self.company))
            and not any(named[concept] > (concept in own) for concept in self.strangers)
        )


@dataclass(frozen=True, slots=True)
class Narrower:
    """The compiled narrowing.csv."""

    rules: Mapping[str, Sequence[Rule]]  # by concept, the first that holds counts
    ontology: Ontology

    @classmethod
    def load(cls, folder: Path, ontology: Ontology, categories: Collection[str]) -> Narrower:
        """Compile `folder/narrowing.csv`. Raises GlossaryError for unknown concepts and categories."""
        problems, path = Problems(), folder / "narrowing.csv"
        rules: dict[str, list[Rule]] = defaultdict(list)
        concepts = [concept.id for concept in ontology]
        for line, row in read_table(path, COLUMNS, problems):
            cells = {name: frozenset(filter(None, row[name].split("|"))) for name in COLUMNS[2:6]}
            named = {row["concept"], *cells["with"], *cells["without"], *filter(None, [row["becomes"]])}
            for name in sorted(named - set(concepts)):
                problems.unknown(path, line, "concept", name, concepts)
            for name in sorted((cells["category"] | cells["not_category"]) - set(categories)):
                problems.unknown(path, line, "category", name, list(categories))
            if not any(cells.values()):
                problems.add(path, line, "no condition: say in terms.csv what the words mean everywhere")
            rules[row["concept"]].append(Rule(row["becomes"], *cells.values()))
        problems.refuse()
        return cls(rules, ontology)

    def narrow(self, clauses: Iterable[Clause]) -> tuple[Clause, ...]:
        """The clauses, in the same order, with the concepts of their mentions as the rules say."""
        return tuple(
            replace(clause, mentions=self._mentions(clause))
            if any(mention.concept in self.rules for mention in clause.mentions)
            else clause
            for clause in clauses
        )

    def _mentions(self, clause: Clause) -> tuple[Mention, ...]:
        lines = [self._line(mention.concept) for mention in clause.mentions]
        named = Counter(concept for line in lines for concept in line)
        out = []
        for mention, own in zip(clause.mentions, lines, strict=True):
            rules = self.rules.get(mention.concept, ())
            rule = next((rule for rule in rules if rule.holds(clause.category, named, own)), None)
            if rule is None:
                out.append(mention)
            elif rule.becomes:
                evidence = (*mention.evidence, f"{mention.concept} in {clause.category}")
                out.append(replace(mention, concept=rule.becomes, evidence=evidence))
        return tuple(out)

    def _line(self, concept: str) -> tuple[str, ...]:
        return (concept, *self.ontology.ancestors(concept))
