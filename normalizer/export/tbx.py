"""The glossary to TBX-Basic (ISO 30042:2019, style DCT), the format of termbases.

The names are those of the dialect's modules at https://www.tbxinfo.net: `min` for status and subject field, `basic` for
definitions, sources and references. A concept that no word names is no entry.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from normalizer.model import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from normalizer.glossary import Glossary, Term
    from normalizer.ontology import Concept

_STATUSES = {
    "preferred": "preferredTerm-admn-sts",
    "admitted": "admittedTerm-admn-sts",
    "rendering": "admittedTerm-admn-sts",
    "wrong": "deprecatedTerm-admn-sts",
}
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<tbx type="TBX-Basic" style="dct" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"\
 xmlns:min="http://www.tbxinfo.net/ns/min" xmlns:basic="http://www.tbxinfo.net/ns/basic">
<tbxHeader>
<fileDesc>
<titleStmt><title>Concepts of Japanese and English privacy policies</title></titleStmt>
<sourceDesc><p>policy-normalizer, glossary version {version}</p></sourceDesc>
</fileDesc>
</tbxHeader>
<text>
<body>
"""
_TAIL = "</body>\n</text>\n</tbx>\n"
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # characters that XML 1.0 does not have


def to_tbx(glossary: Glossary, iris: Mapping[str, str]) -> str:
    """A TBX file, to be written as UTF-8. iris: the addresses of the DPV terms by curie."""
    terms: dict[tuple[str, str], list[Term]] = {}
    for term in glossary.listed:
        terms.setdefault((term.concept, term.language), []).append(term)
    entries = {concept.id for concept in glossary.ontology if any((concept.id, lang) in terms for lang in LANGUAGES)}
    lines = [
        line for concept in glossary.ontology if concept.id in entries for line in _entry(concept, terms, entries, iris)
    ]
    return _HEAD.format(version=glossary.version) + "\n".join(lines) + "\n" + _TAIL


def _entry(
    concept: Concept, terms: Mapping[tuple[str, str], list[Term]], entries: set[str], iris: Mapping[str, str]
) -> Iterator[str]:
    yield f"<conceptEntry id={quoteattr(concept.id)}>"
    yield f"<min:subjectField>{_text(concept.kind)}</min:subjectField>"
    if concept.broader in entries:
        target = quoteattr(concept.broader or "")
        yield f"<basic:crossReference target={target}>{_text(concept.broader or '')}</basic:crossReference>"
    for match in concept.dpv:
        if iri := iris.get(match.partition("=")[0]):
            yield f"<min:externalCrossReference target={quoteattr(iri)}>{_text(match)}</min:externalCrossReference>"
    if concept.note:
        yield f"<note>{_text(concept.note)}</note>"
    for language in LANGUAGES:
        if own := terms.get((concept.id, language)):
            definition = concept.definition_ja if language == "ja" else concept.definition_en
            yield f'<langSec xml:lang="{language}">'
            if definition:
                yield f"<descripGrp><basic:definition>{_text(definition)}</basic:definition></descripGrp>"
            yield from map(_term, own)
            yield "</langSec>"
    yield "</conceptEntry>"


def _term(term: Term) -> str:
    source = f"<basic:source>{_text(term.source)}</basic:source>" if term.source else ""
    note = f"<note>{_text(term.note)}</note>" if term.note else ""
    status = f"<min:administrativeStatus>{_STATUSES[term.status]}</min:administrativeStatus>"
    return f"<termSec><term>{_text(term.form)}</term>{status}{source}{note}</termSec>"


def _text(text: str) -> str:
    return escape(_NO_XML.sub("", text))
