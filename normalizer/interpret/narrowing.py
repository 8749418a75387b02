"""Mentions of clauses whose category is known → what their words mean there.

Words such as "notify" or 請求 have one sense and many uses: in a clause on a breach it is the notice of the breach, in
one on requests it is a right. The table narrowing.csv says so once for a concept (or several: A|B), for all its
words and for both languages; senses.csv says what single forms may mean.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from normalizer.model import Clause, Mention
    from normalizer.ontology import Ontology

_NOTHING = frozenset[str]()
COLUMNS = ("concept", "becomes", "category", "not_category", "with", "without", "document", "above", "form", "note")


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of narrowing.csv: all of its conditions must hold; an empty one holds everywhere."""

    becomes: str  # empty: here the words name no concept
    categories: frozenset[str]  # the clause's category is one of these
    others: frozenset[str]  # … and none of these
    company: frozenset[str]  # the clause names one of these concepts or one below them
    strangers: frozenset[str]  # … and none of these
    documents: frozenset[str]  # the document names one of these concepts: a public body says 実施機関
    above: frozenset[str]  # a heading above, or the title, names one of these: "GDPR Privacy Policy"
    forms: frozenset[str]  # only of mentions by one of these entries: "ja:提供"

    def fits(self, category: str, document: Collection[str], above: Collection[str]) -> bool:
        """Whether the rule may apply in a clause of this category under headings and in a document that name these."""
        return (
            (not self.categories or category in self.categories)
            and category not in self.others
            and (not self.documents or not self.documents.isdisjoint(document))
            and (not self.above or not self.above.isdisjoint(above))
        )

    def holds(self, named: Collection[str]) -> bool:
        """Whether the rule, if it fits, applies in a clause that names these concepts and those above them."""
        return (not self.company or not self.company.isdisjoint(named)) and self.strangers.isdisjoint(named)


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
            cells = {name: frozenset(filter(None, row[name].split("|"))) for name in COLUMNS[2:9]}
            subjects = row["concept"].split("|")
            named = {*subjects, row["becomes"], *[one for name in COLUMNS[4:8] for one in cells[name]]}
            for name in sorted(named - {"", *concepts}):
                problems.unknown(path, line, "concept", name, concepts)
            for name in sorted((cells["category"] | cells["not_category"]) - set(categories)):
                problems.unknown(path, line, "category", name, list(categories))
            if not any(cells[name] for name in COLUMNS[2:8]):
                problems.add(path, line, "no condition: say in terms.csv what the words mean everywhere")
            for concept in subjects:
                rules[concept].append(Rule(row["becomes"], *cells.values()))
        problems.refuse()
        return cls(rules, ontology)

    def narrow(self, clauses: Sequence[Clause]) -> tuple[Clause, ...]:
        """The clauses of a document, in the same order, with the concepts of their mentions as the rules say."""
        document = {mention.concept for clause in clauses for mention in clause.mentions}
        above: dict[str, frozenset[str]] = {}  # by id of a clause: of the headings above it and its own
        out = []
        for clause in clauses:
            named = above.get(clause.parent or "", _NOTHING)
            if clause.kind == "heading" and clause.mentions:
                named |= {mention.concept for mention in clause.mentions}
            above[clause.id] = named
            if any([mention.concept in self.rules for mention in clause.mentions]):  # noqa: C419 (twice as fast)
                out.append(clause.revised(mentions=self._mentions(clause, document, named)))
            else:
                out.append(clause)
        return tuple(out)

    def _mentions(self, clause: Clause, document: Collection[str], above: Collection[str]) -> tuple[Mention, ...]:
        concepts = [mention.concept for mention in clause.mentions]
        found = {
            concept: self._rule(clause.category, (concept, concepts), document, above)
            for concept in dict.fromkeys(concepts)
            if concept in self.rules
        }
        chosen = {concept: rule for concept, rule in found.items() if rule}
        if not chosen:
            return clause.mentions
        out = []
        for mention in clause.mentions:
            rule = chosen.get(mention.concept)
            if rule is None or (rule.forms and mention.term not in rule.forms):
                out.append(mention)
            elif rule.becomes:
                evidence = (*mention.evidence, f"{mention.concept} in {clause.category}")
                out.append(replace(mention, concept=rule.becomes, evidence=evidence))
        return tuple(out)

    def _rule(
        self, category: str, within: tuple[str, Sequence[str]], document: Collection[str], above: Collection[str]
    ) -> Rule | None:
        """The first rule that holds for a concept within a clause that names these concepts, one for each mention."""
        concept, named = within
        fitting = [rule for rule in self.rules[concept] if rule.fits(category, document, above)]
        if not fitting:
            return None
        others = [other for other in named if other != concept]
        others += [concept] * (named.count(concept) > 1)
        around = set(others).union(*[self.ontology.ancestors(other) for other in others])
        return next((rule for rule in fitting if rule.holds(around)), None)
