"""Clauses with mentions and facts → their categories.

A clause's category follows from the words of its own text and of the headings above it; a list item stands for what
its list stands for. The same cues are read in both languages from category_cues.csv, and each category keeps the
cues that it was given for.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from normalizer.cues import either
from normalizer.cues import load as load_cues
from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from normalizer.model import Clause

WHERE = ("heading", "text")
CUE_COLUMNS = ("category", "where", "language", "form", "weight")
CAP = 3.0  # however many of its words stand in a text, a category gets no more from them
FROM_HEADING = 0.85  # share of its heading's weights that a paragraph takes over,
FROM_LIST = 1.0  # and an item of those of the sentence or heading that its list hangs from
OWN_OF_ITEM = 0.45  # an item's own words count so much
ALSO = 0.45  # a category with this share of the best one's weight is named too
LEAST = 1.0  # below this weight there is no category
NOT_HANDED_DOWN = ("policy_statement", "effective_date", "definition")

Weights = dict[str, float]


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that speak for a category."""

    category: str
    form: str
    weight: float


@dataclass(frozen=True, slots=True)
class Cues:
    """The cues for one place (heading or text) and language: one expression that finds them all."""

    regex: re.Pattern[str]
    cues: Mapping[str, tuple[Cue, ...]]

    def weights(self, text: str) -> tuple[Weights, dict[str, list[str]]]:
        """The weight of each category by the words of `text`, and the words."""
        found: Weights = defaultdict(float)
        words: dict[str, list[str]] = defaultdict(list)
        for form in dict.fromkeys(match.group(1) for match in self.regex.finditer(text.casefold())):
            for cue in self.cues[form]:
                found[cue.category] = min(CAP, found[cue.category] + cue.weight)
                words[cue.category].append(cue.form)
        return found, words


@dataclass(frozen=True, slots=True)
class Interpreter:
    """The compiled tables categories.csv, category_cues.csv and the exception cues of cues.csv."""

    order: tuple[str, ...]  # of two equal categories the first is taken
    cues: Mapping[tuple[str, str], Cues]
    exception: Mapping[str, re.Pattern[str]]
    exception_item: Mapping[str, re.Pattern[str]]

    @classmethod
    def load(cls, folder: Path) -> Interpreter:
        """Compile the tables in `folder`. Raises GlossaryError."""
        problems = Problems()
        table = read_table(folder / "categories.csv", ("id", "label_ja", "label_en", "description"), problems)
        order = tuple(row["id"] for _, row in table)
        cues = _category_cues(folder / "category_cues.csv", order, problems)
        problems.refuse()
        kinds = load_cues(folder)
        return cls(order, cues, kinds["exception"], kinds["exception_item"])

    def interpret(self, text: str, clauses: Sequence[Clause]) -> tuple[Clause, ...]:
        """The clauses with `category`, `also` and `category_evidence` filled in, in the same order."""
        done: list[Clause] = []
        weights: dict[str | None, Weights] = {None: {}}
        headings = 0
        for clause in clauses:
            headings += clause.kind == "heading"
            own, words = self._own(text, clause)
            above = done[int(clause.parent[1:]) - 1] if clause.parent else None
            total = _inherit(clause, own, weights.get(clause.parent, {}))
            if headings <= 1 and clause.kind in ("heading", "paragraph"):  # the title and the preamble
                total["policy_statement"] = total.get("policy_statement", 0.0) + 2.0
            weights[clause.id] = {name: value for name, value in total.items() if name not in NOT_HANDED_DOWN}
            done.append(self._decide(text, clause, above, total, words))
        return tuple(done)

    def _own(self, text: str, clause: Clause) -> tuple[Weights, dict[str, list[str]]]:
        where = "heading" if clause.kind == "heading" else "text"
        own, words = self.cues[where, clause.language].weights(text[clause.body : clause.end])
        short = clause.end - clause.body <= 80
        if short and own.get("effective_date") and any(fact.kind == "date" for fact in clause.facts):
            own["effective_date"] += 4.0  # a line with a date and a word such as 制定 is nothing else
        elif clause.kind != "heading":
            own.pop("effective_date", None)
        return own, words

    def _decide(
        self, text: str, clause: Clause, above: Clause | None, total: Weights, words: dict[str, list[str]]
    ) -> Clause:
        if clause.kind == "furniture":
            return replace(clause, category="boilerplate")
        ranked = sorted(total, key=lambda name: (-total[name], self.order.index(name)))
        if not ranked or total[ranked[0]] < LEAST:
            return clause
        best = ranked[0]
        also = [name for name in ranked[1:] if total[name] >= max(LEAST, ALSO * total[ranked[0]])]
        if best == "third_party_provision" and self._is_exception(text, clause, above):
            best, also = "third_party_exception", [best, *also]
        evidence = tuple(f"{best}: {word}" for word in words.get(best, ())) or ("handed down",)
        return replace(clause, category=best, also=tuple(also), category_evidence=evidence)

    def _is_exception(self, text: str, clause: Clause, above: Clause | None) -> bool:
        """A case in the list below a sentence that denies provision except in such cases."""
        if clause.kind != "item" or above is None:
            return False
        if above.category == "third_party_exception":
            return True
        introduction = text[above.body : above.end].casefold()
        case = text[clause.body : clause.end].casefold().rstrip("。.;； ")
        return bool(self.exception[above.language].search(introduction)) and bool(
            self.exception_item[clause.language].search(case)
        )


def _inherit(clause: Clause, own: Weights, above: Weights) -> Weights:
    """The clause's own weights and those handed down to it, added up."""
    item = clause.kind == "item"
    share = {"item": FROM_LIST, "paragraph": FROM_HEADING}.get(clause.kind, 0.3)
    total: Weights = defaultdict(float)
    for name, value in own.items():
        total[name] += value * (OWN_OF_ITEM if item and above else 1.0)
    for name, value in above.items():
        total[name] += value * share
    return total


def _category_cues(path: Path, order: Sequence[str], problems: Problems) -> dict[tuple[str, str], Cues]:
    found: dict[tuple[str, str], dict[str, list[Cue]]] = {
        (where, language): defaultdict(list) for where in WHERE for language in ("ja", "en")
    }
    for line, row in read_table(path, CUE_COLUMNS, problems):
        place = (row["where"], row["language"])
        if row["category"] not in order:
            problems.unknown(path, line, "category", row["category"], order)
        elif place not in found:
            problems.unknown(path, line, "place", " ".join(place), [" ".join(known) for known in found])
        elif not re.fullmatch(r"\d+(\.\d+)?", row["weight"]):
            problems.add(path, line, f"weight {row['weight']!r} is no number")
        else:
            form = row["form"].casefold()
            found[place][form].append(Cue(row["category"], row["form"], float(row["weight"])))
    return {
        (where, language): Cues(_finder(list(forms), language), {form: tuple(cues) for form, cues in forms.items()})
        for (where, language), forms in found.items()
    }


def _finder(forms: list[str], language: str) -> re.Pattern[str]:
    """Finds all forms, also inside one another; English ones at the start of a word."""
    start = r"(?<!\w)" if language == "en" else ""
    return re.compile(rf"{start}(?=({either(forms)}))")
