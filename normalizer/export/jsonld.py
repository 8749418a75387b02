"""Records → JSON-LD 1.1: clauses with SKOS concepts, and what they say in terms of the Data Privacy Vocabulary (DPV 2).

A clause `affirms`, `denies` or `affirmsOnCondition` a dpv:Process: what is denied is never found as something done.
Concepts have the addresses that the SKOS export of the glossary gives them, and its labels.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from normalizer.errors import Finding, GlossaryError
from normalizer.export.characters import whole
from normalizer.export.names import Name, category_names, concept_names
from normalizer.glossary import Glossary, glossary_folder
from normalizer.glossary.rows import COLUMNS
from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import BinaryIO

    from normalizer.records import Difference, Record, Side

AFFIRMS = {"affirmed": "affirms", "denied": "denies", "conditional": "affirmsOnCondition"}
ROLES = ("action", "actor", "data", "purpose", "recipient")
_MATCHES = ("exact", "close", "broad", "narrow", "related")
Node = dict[str, Any]


@dataclass(slots=True)
class _Used:
    """Concepts and categories that the records named so far."""

    concepts: set[str]
    categories: set[str]

    def concept(self, id: str) -> str:
        self.concepts.add(id)
        return f"concept:{quote(id)}"

    def category(self, id: str) -> str:
        self.categories.add(id)
        return f"category:{quote(id)}"


def write(records: Iterable[Record], out: BinaryIO, *, base: str = "", tables: Path | None = None) -> None:
    """Write records as one JSON-LD document, a node a line, in their order, as they come; then the concepts they name.

    The context stands in the document, so that it needs no network. base: what the concepts' ids are put after instead
    of urn:policy-normalizer:, as in `glossary export --to skos --base`. tables: a folder of tables instead of the one
    shipped. Halves of surrogate pairs are U+FFFD. Raises GlossaryError where a table cannot be read.
    """
    folder = tables or glossary_folder()
    used = _Used(set(), set())
    head = json.dumps(context(folder) | ({"concept": base} if base else {}), ensure_ascii=False, indent=1)
    out.write(f'{{"@context": {head},\n"@graph": ['.encode())
    separator = "\n"
    for node in _nodes(records, used, folder):
        line = json.dumps(node, ensure_ascii=False, separators=(",", ":"))
        out.write(f"{separator}{whole(line)}".encode())
        separator = ",\n"
    out.write(b"\n]}\n")


def context(folder: Path | None = None) -> Node:
    """The terms of the documents, from context.jsonld. Raises GlossaryError naming file and line."""
    path = (folder or glossary_folder()) / "context.jsonld"
    try:
        terms: Node = json.loads(path.read_bytes())
    except OSError as error:
        raise _damaged(path, 1, f"cannot be read: {error.strerror or error}") from error
    except json.JSONDecodeError as error:
        raise _damaged(path, error.lineno, f"is no JSON: {error}") from error
    except UnicodeDecodeError as error:
        raise _damaged(path, error.object.count(b"\n", 0, error.start) + 1, f"is no UTF-8: {error}") from error
    return terms


def _damaged(path: Path, line: int, message: str) -> GlossaryError:
    finding = Finding("", path, line, message)
    return GlossaryError(str(finding), [finding])


def _nodes(records: Iterable[Record], used: _Used, folder: Path) -> Iterator[Node]:
    for record in records:
        yield _record(record, used)
    glossary = Glossary.load(folder)
    names, iris = concept_names(glossary), _iris(folder)
    above = {id for known in used.concepts if known in glossary.ontology for id in glossary.ontology.ancestors(known)}
    for id in sorted(used.concepts | above):
        node = {"id": f"concept:{quote(id)}", "type": "Concept", "prefLabel": _labels(names.get(id, Name(id, id)))}
        if id in glossary.ontology:
            broader = glossary.ontology[id].broader
            node |= {"broader": f"concept:{quote(broader)}"} if broader else {}
            node |= _matches(glossary.ontology[id].dpv, iris)
        yield node
    categories = category_names(folder)
    for id in sorted(used.categories):
        label = _labels(categories.get(id, Name(id, id)))
        yield {"id": f"category:{quote(id)}", "type": "Concept", "prefLabel": label}


def _iris(folder: Path) -> dict[str, str]:
    problems = Problems()
    rows = read_table(folder / "dpv.csv", COLUMNS["dpv"], problems)
    problems.refuse()
    return {row["curie"]: row["iri"] for _, row in rows}


def _labels(name: Name) -> Node:
    return {"ja": name.ja, "en": name.en}


def _matches(dpv: tuple[str, ...], iris: Mapping[str, str]) -> Node:
    """ "dpv:Share=close" as {"closeMatch": [its address]}; strengths as in concepts.csv, seen from the concept."""
    found: dict[str, list[str]] = {}
    for match in dpv:
        curie, _, strength = match.partition("=")
        if curie in iris and strength in _MATCHES:
            found.setdefault(f"{strength}Match", []).append(iris[curie])
    return dict(found)


def _record(record: Record, used: _Used) -> Node:
    node: Node = {
        "id": f"record:{_address(record.id)}",
        "type": "Record",
        "identifier": record.id,
        "isPartOf": f"policy:{_address(record.policy)}",
        "position": record.position,
        "inCategory": used.category(record.category),
        "subject": [used.concept(id) for id in record.concepts],
        "linkKind": record.link.kind,
        "linkScore": _decimal(record.link.score),
        "linkOrigin": record.link.origin,
        "ja": _side("ja", record.ja, used),
        "en": _side("en", record.en, used),
        "differences": [_difference(difference) for difference in record.differences],
    }
    return {name: value for name, value in node.items() if value not in (None, [])}


def _address(name: str) -> str:
    return quote(whole(name), safe="")


def _decimal(score: float) -> str:
    """A score as xsd:decimal has it, which knows no exponent."""
    return f"{score:.4f}"


def _side(language: str, side: Side | None, used: _Used) -> Node | None:
    if side is None:
        return None
    numbers = [clause.number for clause in side.clauses if clause.number]
    headings = dict.fromkeys(clause.heading for clause in side.clauses if clause.heading)
    node: Node = {
        "type": "Side",
        "document": side.document,
        "number": numbers,
        "heading": {language: list(headings)} if headings else None,
        "text": {language: side.text},
        "origin": side.origin,
        "facts": [
            {"type": "Fact", "factKind": fact.kind, "value": fact.value, "text": {language: fact.text}}
            | {"start": fact.start, "end": fact.end}
            for fact in side.facts
        ],
        "mentions": [
            {"type": "Mention", "names": used.concept(mention.concept), "text": {language: mention.text}}
            | {"start": mention.start, "end": mention.end, "score": _decimal(mention.score)}
            for mention in side.mentions
        ],
        **_statement(side, used),
    }
    return {name: value for name, value in node.items() if value not in (None, [])}


def _statement(side: Side, used: _Used) -> Node:
    statement = side.statement
    if statement is None:
        return {}
    process: Node = {"type": "Process", "modality": statement.modality}
    process |= {role: used.concept(id) for role in ROLES if (id := getattr(statement, role))}
    if excepted := dict.fromkeys(id for exception in statement.exceptions for id in exception.concepts):
        process["exceptFor"] = [used.concept(id) for id in excepted]
    return {AFFIRMS[statement.polarity]: process}


def _difference(difference: Difference) -> Node:
    passages = {language: span.text for language in ("ja", "en") if (span := getattr(difference, language))}
    node: Node = {
        "type": "Difference",
        "code": difference.code,
        "severity": difference.severity,
        "message": dict(difference.message),
    }
    return node | ({"passage": passages} if passages else {})
