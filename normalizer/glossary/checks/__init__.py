"""Tables to numbered findings: E… stops, W… advises. Each check is a small function; CHECKS lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from normalizer.glossary.checks import concepts, terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from normalizer.errors import Finding
    from normalizer.glossary.checks.terms import Keys
    from normalizer.glossary.rows import Tables

    Check = Callable[[str, Tables], Iterator[Finding]]


def of_shape(code: str, tables: Tables) -> Iterator[Finding]:
    return (problem for problem in tables.problems if problem.code == code)


CHECKS: tuple[tuple[str, str, Check], ...] = (
    ("E101", "a table is missing, or is not UTF-8 text", of_shape),
    ("E102", "wrong columns, or a line of another number of cells", of_shape),
    ("E103", "unknown concept", terms.unknown_concepts),
    ("E104", "a concept without id, or two with one id", concepts.duplicate_ids),
    ("E105", "a concept above itself", concepts.cycles),
    ("E106", "a concept that reaches no top concept", concepts.orphans),
    ("E107", "unknown kind of concept", concepts.unknown_kinds),
    ("E108", "unknown status", terms.unknown_statuses),
    ("E109", "unknown language", terms.unknown_languages),
    ("E110", "a form that stands twice for one concept", terms.duplicate_terms),
    ("E111", "a form of several concepts without a sense rule", terms.ambiguous_forms),
    ("E112", "a concept without preferred form", terms.no_preferred),
    ("E113", "a concept with two preferred forms", terms.two_preferred),
    ("E114", "an empty label or definition", concepts.empty_definitions),
    ("E115", "unknown term of the Data Privacy Vocabulary", concepts.unknown_dpv),
    ("E116", "unknown match strength", concepts.unknown_strengths),
    ("E117", "unknown OPP-115 category", concepts.unknown_opp115),
    ("E118", "unknown version of a law, or article of it", concepts.unknown_articles),
    ("E119", "control characters or stray white space", terms.unclean_forms),
    ("E120", "a form that is wrong and preferred", terms.wrong_is_preferred),
    ("E121", "a row without words or concept", terms.no_words),
    ("E122", "an incomplete pattern", terms.broken_patterns),
    ("E123", "a wrong role in an enumeration", terms.wrong_roles),
    ("E124", "an unusable sense rule", terms.wrong_rules),
    ("W201", "a concept without terms", concepts.without_terms),
    ("W202", "a Japanese concept without English form", terms.without_english),
    ("W204", "a concept whose label is one of its forms and not the preferred one", terms.another_label),
)
COVERED = ("W203", "a form that another form of its concept covers")


def errors(tables: Tables) -> tuple[Finding, ...]:
    """What keeps the tables from being used, in the order of CHECKS."""
    return tuple(found for code, _, check in CHECKS if code[0] == "E" for found in check(code, tables))


def findings(tables: Tables, keys: Keys) -> tuple[Finding, ...]:
    """Everything that the checks find, by code, file and line.

    keys: of a form, what the matcher finds it by and the keys of what finds it too (W203).
    """
    found = [finding for code, _, check in CHECKS for finding in check(code, tables)]
    found += terms.covered(COVERED[0], tables, keys)
    return tuple(sorted(found, key=lambda finding: finding.code))
