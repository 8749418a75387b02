"""A word or a concept's id to all that the tables say of it."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from normalizer.glossary.entries import STATUSES, folded, sense_key
from normalizer.glossary.rows import COLUMNS
from normalizer.model import LANGUAGES
from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from normalizer.glossary import Glossary
    from normalizer.glossary.entries import Term

    Reader = Callable[[str], Sequence[Term]]

OWN = ("APPI", "GDPR", "UKGDPR")  # laws whose articles concepts.csv has, or that repeat one of these
PROVISIONS = (
    *("law", "version", "article", "paragraph", "item", "concept"),
    *("also", "paragraphs", "status", "evidence", "note"),
)


def look_up(glossary: Glossary, folder: Path, word: str, read: Reader | None = None) -> tuple[dict[str, Any], ...]:
    """What the tables say of a word in either language, or of a concept: an entry for each concept meant.

    folder: that of the tables. read: what to ask for the terms of a word that is not listed letter for letter, such as
    `Matcher.whole`. Entries are plain dicts, ready for JSON. Empty where nothing is known of the word.
    """
    wanted = folded(word.strip())
    terms = [term for term in glossary.terms if folded(term.form) == wanted]
    ids = dict.fromkeys(concept.id for concept in glossary.ontology if folded(concept.id) == wanted)
    if read and not terms and not ids:
        terms = list(read(word.strip()))
    ids |= dict.fromkeys(term.concept for term in sorted(terms, key=lambda term: STATUSES.index(term.status)))
    senses = _senses(folder, {term.form for term in terms}, set(ids))
    labels = {row["curie"]: row for _, row in read_table(folder / "dpv.csv", COLUMNS["dpv"], Problems())}
    cited = read_table(folder / "statute_articles.csv", PROVISIONS, Problems()) if ids else []
    return tuple(_entry(glossary, id, senses, labels, _of_other_laws(cited, id)) for id in ids)


def nearest(glossary: Glossary, word: str) -> tuple[str, ...]:
    """Words and concept ids that are spelled like this one, up to five."""
    known = {folded(term.form): term.form for term in glossary.terms}
    known |= {folded(concept.id): concept.id for concept in glossary.ontology}
    return tuple(known[form] for form in difflib.get_close_matches(folded(word.strip()), known, 5, 0.6))


def _senses(folder: Path, forms: set[str], ids: set[str]) -> list[dict[str, str]]:
    """The rules of the forms where a word is asked for, and of the concept where its id is."""
    table = read_table(folder / "senses.csv", COLUMNS["senses"], Problems())
    if not forms:
        return [row for _, row in table if row["concept"] in ids]
    keys = set(map(sense_key, forms))
    return [row for _, row in table if not keys.isdisjoint(map(sense_key, row["form"].split("|")))]


def _entry(
    glossary: Glossary,
    id: str,
    senses: list[dict[str, str]],
    labels: dict[str, dict[str, str]],
    others: dict[str, list[str]],
) -> dict[str, Any]:
    concept = glossary.ontology[id]
    return {
        "concept": id,
        "kind": concept.kind,
        "labels": {"ja": concept.label_ja, "en": concept.label_en},
        "definitions": {"ja": concept.definition_ja, "en": concept.definition_en},
        "broader": list(glossary.ontology.ancestors(id)),
        "narrower": list(glossary.ontology.children(id)),
        "articles": _by_version(concept.appi) | others,
        "gdpr": list(concept.gdpr),
        "dpv": [_dpv(match, labels) for match in concept.dpv],
        "opp115": list(concept.opp115),
        "forms": {
            language: [
                {"form": term.form, "status": term.status, "register": term.register, "source": term.source}
                for term in glossary.forms(id, language)
            ]
            for language in LANGUAGES
        },
        "senses": senses,
        "note": concept.note,
    }


def _by_version(references: tuple[str, ...]) -> dict[str, list[str]]:
    articles: dict[str, list[str]] = {}
    for reference in references:
        version, _, article = reference.partition(":")
        articles.setdefault(version, []).append(article)
    return articles


def _of_other_laws(cited: list[tuple[int, dict[str, str]]], id: str) -> dict[str, list[str]]:
    """Where laws besides the Act, its orders and the GDPR, which the concept itself names, speak of a concept."""
    rows = [row for _, row in cited if row["concept"] == id and not row["law"].startswith(OWN)]
    articles: dict[str, list[str]] = {}
    for row in rows:
        parts = "".join(f"({row[part]})" for part in ("paragraph", "item") if row[part])
        articles.setdefault(row["version"], []).append(row["article"] + parts)
    return articles


def _dpv(match: str, labels: dict[str, dict[str, str]]) -> dict[str, str]:
    curie, _, strength = match.partition("=")
    known = labels.get(curie, {"iri": "", "label": ""})
    return {"curie": curie, "match": strength, "iri": known["iri"], "label": known["label"]}
