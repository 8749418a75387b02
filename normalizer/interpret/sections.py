"""The tree of clauses → what place, title and sections say of the category of each."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from normalizer.interpret.evidence import NOTHING, Own

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from normalizer.interpret.evidence import Evidence, Weights
    from normalizer.model import Clause

OF_SECTION = 2.2  # weight that shows what a heading is about
OF_POOL = 0.6  # a category with this share of the most spoken of one counts there too
POOLED = 2.0  # weight that a heading without words of its own takes from what stands below it
TITLE, PREAMBLE, CLOSING = 4.0, (3.0, 3.0, 2.0), 1.0  # what place says for policy_statement
LEAST = 0.8  # below this weight there is no category
NOT_HANDED_DOWN = ("policy_statement", "effective_date", "definition")


def places(clauses: Sequence[Clause], above: Sequence[int | None]) -> list[float]:
    """What the place of each clause says for policy_statement: the title, the preamble, what closes the document."""
    out: list[float] = []
    headings = 0
    preamble = list(PREAMBLE) if any(clause.kind == "heading" for clause in clauses) else []
    parents = set(above)
    for number, (clause, parent) in enumerate(zip(clauses, above, strict=True)):
        headings += clause.kind == "heading"
        at_top = parent is None or (clauses[parent].kind == "heading" and above[parent] is None)
        if clause.kind == "heading" and headings == 1 and not clause.label and parent is None and number in parents:
            out.append(TITLE)
        elif headings <= 1 and preamble and clause.kind == "paragraph":
            out.append(preamble.pop(0))
        elif headings and at_top and clause.kind == "paragraph":
            out.append(CLOSING)
        else:
            out.append(0.0)
    return out


def placed(own: Evidence, weight: float) -> Evidence:
    """The evidence of a clause, with what its place says for policy_statement added."""
    if not weight:
        return own
    known = own.get("policy_statement", NOTHING)
    return own | {"policy_statement": Own(weight + known.weight, known.place, ("its place", *known.words))}


def pooled(clauses: Sequence[Clause], own: Sequence[Evidence], above: Sequence[int | None]) -> dict[int, Evidence]:
    """For headings without evidence of their own: what the clauses right below them speak of most."""
    below: dict[int, Weights] = defaultdict(lambda: defaultdict(float))
    for clause, evidence, parent in zip(clauses, own, above, strict=True):
        if parent is not None and clause.kind != "heading":
            for name, found in evidence.items():
                below[parent][name] += min(POOLED, found.weight)
    out: dict[int, Evidence] = {}
    for number, spoken in below.items():
        weights = {name: weight for name, weight in spoken.items() if name not in NOT_HANDED_DOWN}
        best = max(weights.values(), default=0.0)
        if clauses[number].kind == "heading" and best and _strongest(own[number]) < LEAST:
            out[number] = {
                name: Own(POOLED * weight / best, (0, 0), ("what stands below",))
                for name, weight in weights.items()
                if weight >= OF_POOL * best
            }
    return out


def containers(
    clauses: Sequence[Clause],
    own: Sequence[Evidence],
    above: Sequence[int | None],
    refines: Mapping[str, frozenset[str]],
) -> frozenset[int]:
    """Headings over sections of other subjects: a second title, which says nothing of what its sections are about."""
    sections: dict[int, list[bool]] = defaultdict(list)
    for clause, evidence, parent in zip(clauses, own, above, strict=True):
        if parent is not None and clause.kind == "heading" and clauses[parent].kind == "heading":
            over = own[parent].keys()
            akin = (
                over
                | {name for name in evidence if refines[name] & over}
                | {n for known in over for n in refines[known]}
            )
            spoken = {name: found.weight for name, found in evidence.items() if found.weight >= LEAST}
            sections[parent].append(_strongest(evidence) >= OF_SECTION and not akin & spoken.keys())
    return frozenset(number for number, other in sections.items() if len(other) > 2 and 2 * sum(other) > len(other))


def _strongest(own: Evidence) -> float:
    return max((found.weight for found in own.values()), default=0.0)
