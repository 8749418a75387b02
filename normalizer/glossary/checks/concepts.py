"""Checks of concepts.csv: each takes the tables and yields what is wrong under the code it is given."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from normalizer.glossary.checks.findings import at, ids, unknown, with_concept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from normalizer.errors import Finding
    from normalizer.glossary.rows import Row, Tables

KINDS = (
    *("actor", "information", "operation", "right", "obligation", "exception", "purpose", "security", "tracking"),
    *("procedure", "document", "time"),
)
STRENGTHS = ("exact", "close", "broad", "narrow", "related")
_CITED = re.compile(r"([^:]+):(\d+(?:-\d+)*)(?:\((\d+)\))?(?:\(([ivx]+)\))?")


def duplicate_ids(code: str, tables: Tables) -> Iterator[Finding]:
    first: dict[str, Row] = {}
    for row in tables.concepts:
        if not row["id"]:
            yield at(code, row, "a concept without id")
        elif (known := first.setdefault(row["id"], row)) is not row:
            yield at(code, row, f"duplicate id {row['id']!r}, first on line {known.line}", row["id"])


def cycles(code: str, tables: Tables) -> Iterator[Finding]:
    known, sound = ids(tables), set[str]()
    for start in known:
        trail: list[str] = []
        id = start
        while id in known and id not in sound and id not in trail:
            trail.append(id)
            id = known[id]["broader"]
        if id in trail:
            yield at(code, known[id], f"cycle: {' < '.join([*trail[trail.index(id) :], id])}", id)
        sound.update(trail)


def orphans(code: str, tables: Tables) -> Iterator[Finding]:
    tops: dict[str, str] = {}
    for row in tables.concepts:
        if not row["broader"] and (top := tops.setdefault(row["kind"], row["id"])) != row["id"]:
            hint = (
                f"{row['id']} reaches no top concept: `broader` is empty, and {top} is the top of kind {row['kind']!r}"
            )
            yield at(code, row, hint, row["id"])


def unknown_kinds(code: str, tables: Tables) -> Iterator[Finding]:
    return (unknown(code, row, "kind", row["kind"], KINDS) for row in tables.concepts if row["kind"] not in KINDS)


def empty_definitions(code: str, tables: Tables) -> Iterator[Finding]:
    for row in tables.concepts:
        for column in ("label_ja", "label_en", "definition_ja", "definition_en"):
            if not row[column]:
                yield at(code, row, f"{row['id']} has no {column}", row["id"])


def unknown_dpv(code: str, tables: Tables) -> Iterator[Finding]:
    known = [row["curie"] for row in tables.dpv]
    valid = set(known)
    for row in tables.concepts:
        for cell in filter(None, row["dpv"].split("|")):
            if cell.partition("=")[0] not in valid:
                yield unknown(code, row, "DPV term", cell.partition("=")[0], known)


def unknown_strengths(code: str, tables: Tables) -> Iterator[Finding]:
    for row in tables.concepts:
        for cell in filter(None, row["dpv"].split("|")):
            if cell.partition("=")[2] not in STRENGTHS:
                yield unknown(code, row, "match strength", cell.partition("=")[2], STRENGTHS)


def unknown_opp115(code: str, tables: Tables) -> Iterator[Finding]:
    known = [row["category"] for row in tables.opp115]
    for row in tables.concepts:
        for cell in filter(None, row["opp115"].split("|")):
            if cell not in known:
                yield unknown(code, row, "OPP-115 category", cell, known)


def unknown_articles(code: str, tables: Tables) -> Iterator[Finding]:
    versions = [row["version"] for row in tables.statute_versions]
    articles: dict[str, set[str]] = defaultdict(set)
    for row in tables.statute_articles:
        number, paragraph, item = row["article"], row["paragraph"], row["item"]
        articles[row["version"]] |= {number, number + (f"({paragraph})" * bool(paragraph)) + f"({item})" * bool(item)}
    for row in tables.concepts:
        for cell in filter(None, row["appi"].split("|")):
            version, _, article = cell.partition(":")
            if not _CITED.fullmatch(cell):
                yield at(code, row, f"{cell!r} is no reference such as APPI-2022-04-01:27(1)(ii)", cell)
            elif version not in versions:
                yield unknown(code, row, "version of a law", version, versions)
            elif article not in articles[version]:
                yield unknown(code, row, f"article of {version}", article, sorted(articles[version]))


def without_terms(code: str, tables: Tables) -> Iterator[Finding]:
    """A top concept needs none, and one that citations lead to is found without."""
    named = {row["concept"] for row in (*with_concept(tables), *tables.statute_articles)}
    for row in tables.concepts:
        if row["broader"] and row["id"] not in named:
            yield at(code, row, f"{row['id']} has no terms", row["id"])
