"""A policy and a duty → the clauses that show the duty: by their labels, concepts, categories and facts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from normalizer import cues
from normalizer.duties.table import ELSEWHERE, NAME
from normalizer.model import above
from normalizer.organisations import legal_forms
from normalizer.segment import words as marks
from normalizer.segment.opening import introduces

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from normalizer.duties.table import Row
    from normalizer.model import Analysis, Clause
    from normalizer.ontology import Ontology

MOST = 2  # things that a label may name and be of one of them
LONGEST = {"ja": 40, "en": 90}  # characters of the longest label; a longer line may have one before a colon
COLON = re.compile("[:：]|　+|\t")  # or a gap: 管理責任者　株式会社…
STOP = re.compile(r"。|[.?!](?:\s|$)")
Labels = tuple[str, ...]
OF_NO_DUTY: Labels = ("",)


@dataclass(frozen=True)
class Policy:
    """A policy, with the tables that tell what its clauses show."""

    analysis: Analysis
    ontology: Ontology
    folder: Path  # of the tables

    def asks(self, row: Row) -> bool:
        """Whether the duty arises: whether a clause names, and does not deny, that without which it does not."""
        return not row.when or any(
            all(self.names(clause, concept) for concept in concepts)
            for clause in self._spoken(row)
            for concepts in row.when
        )

    def showing(self, row: Row, rows: Iterable[Row]) -> list[Clause]:
        """The clauses that show a duty, in order. rows: all duties, whose labels are told apart."""
        labels = self._labelled(row, rows)
        return [clause for clause in self._spoken(row) if self._shows(row, clause, labels.get(clause.id, ()))]

    def names(self, clause: Clause, concept: str) -> bool:
        """Whether a clause names a concept or one below it; of "A!B" one that is not B or below it."""
        wanted, _, unwanted = concept.partition("!")
        lines = ({one.concept, *self.ontology.ancestors(one.concept)} for one in clause.mentions)
        return any(wanted in line and unwanted not in line for line in lines)

    def _spoken(self, row: Row) -> Sequence[Clause]:
        """The clauses; of a duty that arises only with something, those that do not deny what they speak of."""
        return self._undenied if row.when else self.analysis.clauses

    @cached_property
    def _undenied(self) -> Sequence[Clause]:
        return [clause for clause in self.analysis.clauses if not self._denied(clause)]

    def _shows(self, row: Row, clause: Clause, label: Labels) -> bool:
        """By a concept; or by the category, the facts, or both where the table names both. A heading shows nothing, and
        what stands under a label only what that label is of."""
        if clause.kind in ("heading", "furniture") or (label and label != row.labels):
            return False
        if any(self.names(clause, concept) for concept in row.concepts):
            return True
        fits = not row.categories or self._fits(row, clause, labelled=bool(label))
        return fits and (not row.facts or self._states(row, clause)) and bool(row.categories or row.facts)

    def _fits(self, row: Row, clause: Clause, labelled: bool) -> bool:
        """Whether a clause is of a category of the row and names its concepts, the first of them by its label too."""
        within = self._categories(clause)
        return any(
            category in within and all(self.names(clause, concept) for concept in concepts[1 if labelled else 0 :])
            for category, *concepts in row.categories
        )

    def _states(self, row: Row, clause: Clause) -> bool:
        """Whether a clause has a fact of the row's kinds."""
        return (
            any(fact.kind in row.facts for fact in clause.facts)
            or (NAME in row.facts and self._has_name(clause))
            or (ELSEWHERE in row.facts and bool(clause.references))
        )

    def _categories(self, clause: Clause) -> set[str]:
        """What a clause deals with, and what it stands under: the row of a table is of its heading's matter."""
        return {clause.category, *(one.category for one in above(self.analysis.clauses, clause))}

    def _denied(self, clause: Clause) -> bool:
        """Whether a clause says that something is not done: "we do not provide by opt-out"."""
        if clause.statement:
            return clause.statement.polarity == "denied"
        language, known = self.analysis.language, cues.load(self.folder)
        plain = known["pseudo_negation"][language].sub(" ", self._words(clause).casefold())
        return bool(known["negation"][language].search(plain))

    def _has_name(self, clause: Clause) -> bool:
        """Whether a clause has a name with a legal form, or one for which the policy defines what it calls itself:
        みなと屋(以下「当店」). "The Company" alone is none."""
        text = self.analysis.document.text
        own = [(one.start, one.end) for one in clause.mentions if one.concept == "ControllerSelf"]
        if any((one.start, one.end) in own and one.start > clause.body for one in clause.definitions):
            return True
        forms = legal_forms(self.folder, self.analysis.language).finditer(text, clause.body, clause.end)
        return any(not any(a <= form.start() < b for a, b in own) for form in forms)

    def _labelled(self, row: Row, rows: Iterable[Row]) -> dict[str, Labels]:
        """Clause → the labels that hold for it: those of the last label before it in the section of the row's matter.

        A sentence that only lists what is to be told, as the Act does, shows none of it: its label is no duty's.
        """
        matters = row.matters
        groups = dict.fromkeys(other.labels for other in rows if other.labels and not matters.isdisjoint(other.matters))
        held: Labels = ()
        out: dict[str, Labels] = {}
        for clause in self.analysis.clauses if row.labels else ():
            words = self._words(clause)
            if self._lists(words) and len(self._groups(COLON.split(words)[0], groups)) > MOST:
                out[clause.id] = OF_NO_DUTY
                continue
            named = self._groups(_label(words, self.analysis.language), groups)
            if not matters & self._categories(clause) or (clause.kind == "heading" and not named):
                held = ()
            elif 0 < len(named) <= MOST:
                held = named[0]
            out[clause.id] = held
        return out

    def _lists(self, words: str) -> bool:
        """Whether a clause introduces a list, or has no sentence before its colon."""
        return introduces(words, marks.load(self.folder)) or not STOP.search(COLON.split(words)[0].rstrip("。. "))

    def _groups(self, label: str, groups: Iterable[Labels]) -> list[Labels]:
        """The groups of words that a label names, the one that it is about first: that of its last word in Japanese
        (共同利用者の利用目的), of its first in English ("purposes of the joint users")."""
        japanese, folded = self.analysis.language == "ja", label.casefold()
        at = {}
        for group in groups:
            places = [folded.rfind(word) if japanese else folded.find(word) for word in group]
            if found := [place for place in places if place >= 0]:
                at[group] = max(found) if japanese else min(found)
        return sorted(at, key=lambda group: at[group], reverse=japanese)

    def _words(self, clause: Clause) -> str:
        return self.analysis.document.text[clause.body : clause.end]


def _label(words: str, language: str) -> str:
    """What may label what follows: a short line, or what stands before a colon."""
    longest = LONGEST.get(language, 0)
    if len(words) <= longest and not STOP.search(words):
        return words
    return COLON.split(words)[0] if COLON.search(words, 0, longest) else ""
