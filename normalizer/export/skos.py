"""The glossary to SKOS in Turtle (W3C, 2009): labels in both languages, the hierarchy, and matches to the DPV.

The only import of rdflib.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, RDF, SKOS

from normalizer.model import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from normalizer.glossary import Glossary
    from normalizer.ontology import Concept

BASE = "urn:policy-normalizer:"
# What concepts.csv says of a DPV term, as SKOS says it: =broad is a term broader than the concept.
_MATCHES = {
    "exact": SKOS.exactMatch,
    "close": SKOS.closeMatch,
    "broad": SKOS.broadMatch,
    "narrow": SKOS.narrowMatch,
    "related": SKOS.relatedMatch,
}


def to_skos(glossary: Glossary, iris: Mapping[str, str], base: str = BASE) -> str:
    """A Turtle document. iris: the addresses of the DPV terms by curie; base: what the concepts' ids are put after.

    Preferred forms are prefLabel, wrong ones hiddenLabel, all others altLabel; a concept that no word names in a
    language has its label of the concept table. Articles are notations: "APPI-2022-04-01:27(1)".
    """
    graph, concepts = Graph(), Namespace(base)
    scheme = concepts["scheme"]
    graph.bind("skos", SKOS)
    graph.bind("", concepts)
    for prefix, iri in _prefixes(iris).items():
        graph.bind(prefix, Namespace(iri))
    graph.add((scheme, RDF.type, SKOS.ConceptScheme))
    graph.add((scheme, DCTERMS.title, Literal("Concepts of Japanese and English privacy policies", lang="en")))
    graph.add((scheme, DCTERMS.identifier, Literal(glossary.version)))
    for concept in glossary.ontology:
        _describe(graph, concept, concepts, iris)
    _label(graph, glossary, concepts)
    return graph.serialize(format="turtle")


def _prefixes(iris: Mapping[str, str]) -> dict[str, str]:
    return {curie.partition(":")[0]: iri[: -len(curie.partition(":")[2])] for curie, iri in iris.items()}


def _describe(graph: Graph, concept: Concept, concepts: Namespace, iris: Mapping[str, str]) -> None:
    subject, scheme = concepts[concept.id], concepts["scheme"]
    graph.add((subject, RDF.type, SKOS.Concept))
    graph.add((subject, SKOS.inScheme, scheme))
    if concept.broader:
        graph.add((subject, SKOS.broader, concepts[concept.broader]))
    else:
        graph.add((subject, SKOS.topConceptOf, scheme))
    for language, text in (("ja", concept.definition_ja), ("en", concept.definition_en)):
        if text:
            graph.add((subject, SKOS.definition, Literal(text, lang=language)))
    for article in (*concept.appi, *(f"GDPR:{article}" for article in concept.gdpr)):
        graph.add((subject, SKOS.notation, Literal(article, datatype=concepts["article"])))
    for match in concept.dpv:
        curie, _, strength = match.partition("=")
        if curie in iris:
            graph.add((subject, _MATCHES[strength], URIRef(iris[curie])))


def _label(graph: Graph, glossary: Glossary, concepts: Namespace) -> None:
    preferred = {(term.concept, term.language): term.form for term in glossary.terms if term.status == "preferred"}
    for concept in glossary.ontology:
        for language in LANGUAGES:
            label = preferred.setdefault((concept.id, language), concept.label(language))
            graph.add((concepts[concept.id], SKOS.prefLabel, Literal(label, lang=language)))
    for term in glossary.terms:
        if term.form != preferred[term.concept, term.language]:  # SKOS: a label is of one kind only
            kind = SKOS.hiddenLabel if term.status == "wrong" else SKOS.altLabel
            graph.add((concepts[term.concept], kind, Literal(term.form, lang=term.language)))
