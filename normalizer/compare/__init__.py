"""Two analyses and the links between them → what the two versions do not both say.

Tables: table.py (severities and sentences of differences), periods.py, recipients.py; words: normalizer/marks.py.
What the rules share: findings.py; values.py, which makes facts and numbers comparable; beads.py, which puts the
sentences of linked clauses side by side; passage.py, which finds the words that mark meaning in them.
Rules, each from linked clauses to findings: shape.py (with unlike.py), meaning.py (with denials.py and scope.py),
facts.py, numbers.py, concepts.py (with recipients.py), terms.py and lengths.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from normalizer import marks
from normalizer.compare import table
from normalizer.compare.concepts import concept_differences
from normalizer.compare.facts import fact_differences
from normalizer.compare.findings import Comparison
from normalizer.compare.lengths import length_differences
from normalizer.compare.meaning import meaning_differences
from normalizer.compare.numbers import address_differences, code_differences, number_differences
from normalizer.compare.shape import shape_differences, unrelated
from normalizer.compare.terms import term_differences

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from normalizer.compare.findings import Finding
    from normalizer.glossary import Glossary
    from normalizer.model import Analysis, Link
    from normalizer.records import Difference

# In the order in which the differences of one link are told.
RULES = (
    *(shape_differences, meaning_differences, fact_differences, address_differences),
    *(number_differences, code_differences),
    *(concept_differences, term_differences, length_differences),
)
ENOUGH = ("untranslated", "truncated")  # a text that is not there in full differs in many ways that need no telling
UNTOLD = ("detail_missing", "negation_lost", "exception_missing", "modality_differs", "data_missing", "right_missing")


def compare(
    ja: Analysis, en: Analysis, links: Sequence[Link], glossary: Glossary, folder: Path
) -> tuple[tuple[Difference, ...], ...]:
    """The differences at each link, in the links' order.

    links: as `normalizer.align.align` gives them for the two analyses. folder: where differences.csv,
    comparison_words.csv and the tables of sentences are. Raises GlossaryError where one of them is damaged.
    """
    comparison = Comparison(ja, en, links, glossary, marks.load(folder), folder)
    rules = table.load(folder)
    found: list[list[Finding]] = [[] for _ in links]
    if stranger := unrelated(comparison):
        found[stranger.link].append(stranger)
        return tuple(tuple(table.worded(one, comparison, rules) for one in some) for some in found)
    for rule in RULES:
        for finding in rule(comparison):
            found[finding.link].append(finding)
    return tuple(tuple(table.worded(one, comparison, rules) for one in _told(some)) for some in found)


def _told(findings: list[Finding]) -> list[Finding]:
    """The findings of a link without those that another explains."""
    codes = {finding.code for finding in findings}
    untold: set[str] = set()
    if codes & {*ENOUGH}:
        untold |= {*UNTOLD}
    if "negation_lost" in codes:
        untold.add("modality_differs")  # "may provide" for 提供しません
    alone = len(codes) == 1  # a length that is out of the way is told where nothing says why
    return [
        finding
        for finding in findings
        if finding.code not in untold and (alone or finding.code != "detail_missing" or "sentence" in finding.case)
    ]
