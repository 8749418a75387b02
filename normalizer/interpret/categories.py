"""Clauses with mentions and facts → their categories.

What a clause is about follows from its own words, concepts and facts (see evidence.py) and from what it stands
under: a paragraph from its heading, a list item from the sentence or heading that its list hangs from. A heading that
says nothing itself is about what stands below it. Both languages are read by the same rules; each category keeps
what it was given for. Last, all this is weighed again by what was learned from annotated policies (see learned.py).
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer.cues import load as load_cues
from normalizer.interpret.evidence import CONTACTS, Reader
from normalizer.interpret.features import COLONS, Ruled
from normalizer.interpret.learned import Learned
from normalizer.interpret.sections import LEAST, NOT_HANDED_DOWN, TITLE, containers, placed, places, pooled
from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence, Set
    from pathlib import Path

    from normalizer.interpret.evidence import Evidence, Weights
    from normalizer.model import Clause
    from normalizer.ontology import Ontology

COLUMNS = ("id", "refines", "family", "governs", "action", "label_ja", "label_en", "description")
HANDED = 3.0  # weight of the best category that a clause hands down
FROM_HEADING = 0.85  # share of it that a paragraph takes over from its heading,
FROM_LIST = 1.0  # an item of a list from what the list hangs from,
FROM_SECTION = 0.35  # a heading from the heading above it
GOVERNED = 1.4  # an item or a heading from what governs all that stands under it
OWN_OF_ITEM = 0.45  # an item's own words count so much,
REFINED = 1.5  # and those for a category that refines the one handed down so much,
KEPT = 0.5  # which then keeps this share
SAME = 0.95  # of the weights handed down those that are about the greatest
REFINES = 0.9  # weight from which a category refines another
ALSO = 0.4  # a category with this share of the best one's weight is named too
SPOKEN = 1.5  # weight from which what an item speaks of is named, whatever its list is about
SENTENCE = 40  # characters from which an item under a heading is a clause of its own, if it ends as a sentence does
ANNOUNCING = 30  # characters before 除き in which 次の announces the list of cases
OF_EXCEPTION = ("third_party_exception", "third_party_provision", "other")  # said by being an exception
CONTACT, PROCEDURE = "inquiries_contact", "request_procedure"
DIVISIONS = ("article", "section", "chapter")  # labels of what is cited by itself, heading or not
STOP = re.compile(r"[。．]|[.!?]\s")  # the end of a sentence
ENDS = ("。", "．", ".", "です", "ます", "せん")


@dataclass(frozen=True, slots=True)
class Categorizer:
    """The compiled tables categories.csv, category_cues.csv and the exception cues of cues.csv."""

    order: tuple[str, ...]  # of two equal categories the first is taken
    refines: Mapping[str, frozenset[str]]  # category → the more general ones of which it is a kind
    rights: frozenset[str]  # categories of what a person may ask for
    governs: frozenset[str]  # categories that all have that stands under them
    actions: Mapping[str, str]  # category → the operation that it is about
    reader: Reader
    exception: Mapping[str, re.Pattern[str]]  # language → words that except,
    listing: Mapping[str, re.Pattern[str]]  # that announce a list,
    case: Mapping[str, re.Pattern[str]]  # that end or begin a case
    learned: Learned | None  # None: the rules decide alone

    @classmethod
    def load(cls, folder: Path, ontology: Ontology) -> Categorizer:
        """Compile the tables in `folder`. Raises GlossaryError."""
        problems, path = Problems(), folder / "categories.csv"
        table = read_table(path, COLUMNS, problems)
        order = tuple(row["id"] for _, row in table)
        refines = {row["id"]: frozenset(filter(None, row["refines"].split("|"))) for _, row in table}
        for line, row in table:
            for name in refines[row["id"]] - set(order):
                problems.unknown(path, line, "category", name, order)
        actions = {row["id"]: row["action"] for _, row in table if row["action"]}
        for line, row in table:
            if row["action"] not in ("", "none") and row["action"] not in ontology:
                problems.unknown(path, line, "concept", row["action"], [concept.id for concept in ontology])
        reader = Reader.load(folder / "category_cues.csv", order, ontology, problems)
        learned = Learned.load(folder / "category_model.csv", order, ontology, problems)
        problems.refuse()
        cues = load_cues(folder)
        return cls(
            order,
            refines,
            rights=frozenset(row["id"] for _, row in table if row["family"] == "right"),
            governs=frozenset(row["id"] for _, row in table if row["governs"]),
            actions=actions,
            reader=reader,
            exception=cues["exception"],
            listing=cues["listing"],
            case=cues["exception_item"],
            learned=learned,
        )

    def categorize(self, text: str, clauses: Sequence[Clause]) -> tuple[Clause, ...]:
        """The clauses with `category`, `also` and `category_evidence` filled in, in the same order."""
        index = {clause.id: number for number, clause in enumerate(clauses)}
        above = [index.get(clause.parent) if clause.parent else None for clause in clauses]
        spoken = [self.reader.read(text, clause) for clause in clauses]
        own = [placed(evidence, place) for evidence, place in zip(spoken, places(clauses, above), strict=True)]
        sections = containers(clauses, own, above, self.refines)
        below = pooled(clauses, own, above)
        done: list[Clause] = []
        handed: list[Weights] = []
        totals: list[Weights] = []
        for number, (clause, parent) in enumerate(zip(clauses, above, strict=True)):
            introduction, over = (None, {}) if parent is None else (clauses[parent], handed[parent])
            evidence = own[number] if over or number in sections else below.get(number, own[number])
            total = self._total(text, clause, evidence, introduction, over)
            totals.append(total)
            decided = self._decide(clause, total, evidence)
            if number in sections and decided.category == "other":
                decided = decided.revised(category="policy_statement", category_evidence=("heads sections",))
            handed.append({} if number in sections else _handed(clause, total, self.reader.lists(text, clause)))
            done.append(self._as_exception(text, decided, None if parent is None else done[parent]))
        if self.learned is None:
            return tuple(done)
        weights = [{name: found.weight for name, found in evidence.items()} for evidence in spoken]
        return self.learned.decide(Ruled(text, done, above, weights, totals))

    def _total(self, text: str, clause: Clause, own: Evidence, above: Clause | None, handed: Weights) -> Weights:
        """The weight of each category: the clause's own evidence and what is handed down to it, added up."""
        most = max(handed.values(), default=0.0)
        bases = {name for name, weight in handed.items() if weight >= SAME * most}
        listed = clause.kind == "item" and not _stands_alone(text, clause, above)
        governed = bool(bases & self.governs) and (listed or clause.kind == "heading" or bases == {"definition"})
        share = GOVERNED if governed else _share(clause, listed) if own else FROM_LIST
        if clause.kind != "paragraph":
            handed = {name: weight for name, weight in handed.items() if name != "policy_statement"}
        weights = self._as_rights({name: found.weight for name, found in own.items()})
        if handed and CONTACT in weights and CONTACT not in bases:
            self._settle_contact(weights, own, bases)
        refining = set[str]() if governed else self._refining(text, clause, own, weights, bases)
        for name in {name for base in bases - self.governs for name in self.refines[base]} & weights.keys() - bases:
            weights[name] *= KEPT  # the general adds little below the particular
        refined = {name for refiner in refining for name in self.refines[refiner]} - refining
        total: Weights = defaultdict(float)
        for name, weight in weights.items():
            total[name] += weight * (REFINED if name in refining else OWN_OF_ITEM if listed and handed else 1.0)
        for name, weight in handed.items():
            total[name] += weight * share
        return {name: weight * (KEPT if name in refined else 1.0) for name, weight in total.items()}

    def _settle_contact(self, weights: Weights, own: Evidence, bases: Set[str]) -> None:
        """Weigh less what speaks for a contact in a clause under something else (the categories `bases`)."""
        turning = bool(bases & (self.rights | {PROCEDURE}))
        address = own[CONTACT].words[0] in CONTACTS
        if address and not turning:  # an address among the particulars of something else
            weights[CONTACT] *= OWN_OF_ITEM
        elif turning and not address:  # where to turn with a request
            weights[PROCEDURE] = weights.get(PROCEDURE, 0.0) + OWN_OF_ITEM * weights.pop(CONTACT)

    def _refining(self, text: str, clause: Clause, own: Evidence, weights: Weights, bases: Set[str]) -> set[str]:
        """The categories that the clause's own words make of a more general one handed down to it."""
        several = sum(weights.get(name, 0.0) >= REFINES for name in self.rights) > 1 and "disclosure_request" in weights
        return {
            name
            for name, weight in weights.items()
            if bases & self.refines[name]
            and weight >= REFINES
            and not (several and name in self.rights)
            and not _in_passing(text, clause, own, name, bases & self.refines[name])
        }

    def _as_rights(self, weights: Weights) -> Weights:
        """Of several rights in one clause none weighs more than another: the first named leads."""
        named = [name for name in sorted(self.rights) if weights.get(name, 0.0) >= REFINES]
        if len(named) < 2:
            return weights
        most = max(weights[name] for name in named)
        return weights | dict.fromkeys(named, most)

    def _decide(self, clause: Clause, total: Weights, own: Evidence) -> Clause:
        if clause.kind == "furniture":
            return clause.revised(category="boilerplate")

        def rank(name: str) -> tuple[float, tuple[int, int], int]:
            place = own[name].place if name in own else (1 << 30, 0)
            return -round(total[name], 3), place, self.order.index(name)

        ranked = sorted(total, key=rank)
        if not ranked or total[ranked[0]] < LEAST:
            return clause
        best = ranked[0]
        spoken = {name for name, found in own.items() if clause.kind == "item" and found.weight >= SPOKEN}
        enough = max(LEAST, ALSO * total[best])
        also = tuple(name for name in ranked[1:] if total[name] >= enough or name in spoken)
        words = own[best].words if best in own else ()
        evidence = tuple(f"{best}: {word}" for word in words) or ("handed down",)
        return clause.revised(category=best, also=also, category_evidence=evidence)

    def _is_case(self, text: str, clause: Clause) -> bool:
        """Whether an item names a case, 法令に基づく場合, and is no sentence of its own."""
        words = text[clause.body : clause.end].casefold().rstrip("。．.;； \n")
        cue = self.case.get(clause.language)
        return bool(cue and cue.search(words)) or not _is_sentence(text, clause)

    def _as_exception(self, text: str, clause: Clause, above: Clause | None) -> Clause:
        """A case in the list below a sentence that denies provision except in such cases."""
        if above is None or above.kind == "heading" or clause.kind != "item" or above.language not in self.exception:
            return clause
        introduction = text[above.body : above.end].casefold()
        found = list(self.exception[above.language].finditer(introduction))
        excepted = above.category == "third_party_provision" and found
        listed = excepted and self.listing[above.language].search(introduction, max(0, found[0].start() - ANNOUNCING))
        if not (listed or self._is_case(text, clause)) or (above.category != "third_party_exception" and not excepted):
            return clause
        also = dict.fromkeys((clause.category, *clause.also))
        return clause.revised(
            category="third_party_exception",
            also=tuple(name for name in also if name not in OF_EXCEPTION),
            category_evidence=clause.category_evidence or ("a case in the list of exceptions",),
        )


def _share(clause: Clause, listed: bool) -> float:
    """What a clause with words of its own takes over of what is handed down to it."""
    divides = clause.kind == "heading" or (clause.label is not None and clause.label.kind in DIVISIONS)
    return FROM_LIST if listed else FROM_SECTION if divides else FROM_HEADING


def _in_passing(text: str, clause: Clause, own: Evidence, name: str, bases: Set[str]) -> bool:
    """Whether a category is first spoken of in a later sentence than the one that it would refine."""
    first = min((own[base].place[0] for base in bases if base in own), default=None)
    late = own[name].place[0] if name in own else 0
    return first is not None and bool(STOP.search(text, clause.body + first, clause.body + max(first, late)))


def _stands_alone(text: str, clause: Clause, above: Clause | None) -> bool:
    """A numbered paragraph: a sentence of its own right below a heading or its article, not one of a list's items."""
    ends = text[clause.body : clause.end].rstrip().endswith((*ENDS, *COLONS))
    if above is not None and above.kind != "heading":
        return ends and above.label is not None and above.label.kind in DIVISIONS
    return ends and clause.end - clause.body >= SENTENCE


def _is_sentence(text: str, clause: Clause) -> bool:
    return clause.end - clause.body >= SENTENCE and text[clause.body : clause.end].rstrip().endswith(ENDS)


def _handed(clause: Clause, total: Weights, announced: Sequence[str]) -> Weights:
    """What a clause hands down to those below it: what it announces, else what it is about; a title nothing."""
    heading = clause.kind == "heading"
    best = max(total.values(), default=0.0)
    if heading and total.get("policy_statement", 0.0) >= TITLE:
        return {}
    if not heading and total.get("policy_statement", 0.0) >= best:
        return dict.fromkeys(announced, HANDED)
    weights = {name: weight for name, weight in total.items() if heading or name not in NOT_HANDED_DOWN}
    for name in ("policy_statement", "effective_date"):
        if name in weights:
            weights[name] *= KEPT
    best = max(weights.values(), default=0.0)
    scale = min(1.0, HANDED / best) if best else 1.0
    weights = {name: weight * scale for name, weight in weights.items()}
    if announced and not heading:
        weights = {name: weight * KEPT for name, weight in weights.items()} | dict.fromkeys(announced, HANDED)
    return weights
