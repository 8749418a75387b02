"""What was understood of a policy → its rows, as lines of JSON; its rows under the names of another policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import from_json, to_json

from normalizer.lines import clause_rows
from normalizer.reading import printable
from normalizer.records import ClauseLine  # noqa: TC001 (pydantic reads the annotation)
from normalizer.shapes import Shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from normalizer.batch.policies import Policy
    from normalizer.batch.sources import Source
    from normalizer.model import Analysis


class DocumentRow(Shape):
    """A document of a run: the text that the records' spans index, and its clauses as `analyze` prints them."""

    policy: str
    side: str
    document: str
    path: str
    sha256: str
    format: str
    encoding: str
    language: str
    text: str
    clauses: tuple[ClauseLine, ...]


def document_line(policy: Policy, side: str, source: Source, analysis: Analysis) -> bytes:
    """A line of documents/: a DocumentRow as JSON."""
    document = analysis.document
    row = {
        "policy": policy.id,
        "side": side,
        "document": document.id,
        "path": printable(source.shown),
        "sha256": document.sha256,
        "format": document.format,
        "encoding": document.encoding,
        "language": analysis.language,
        "text": document.text,
        "clauses": clause_rows(analysis),
    }
    return to_json(row)


def failure(
    shown: str, policy: str, side: str, reason: str, message: str, **measured: float
) -> dict[str, str | float | None]:
    """A row of failures.jsonl; `measured` are seconds and megabytes of a document that its worker did not survive."""
    row = {"input": shown, "policy": policy or None, "side": side or None, "reason": reason, "message": message}
    return {name: cell and printable(cell) for name, cell in row.items()} | measured


def line(row: Any) -> bytes:
    """A row as a line of JSON, the same bytes for the same row whoever wrote it."""
    return to_json(row)


def parsed(data: bytes | str) -> Any:
    """What a line of JSON holds."""
    return from_json(data)


def renamed_record(data: bytes, policy: str, old: Mapping[str, str], new: Mapping[str, str]) -> bytes:
    """A record as one of another policy with the same content; old, new: the names of its documents by side."""
    row = from_json(data)
    row["policy"], row["id"] = policy, f"{policy}#{row['id'].rpartition('#')[2]}"
    for side, name in new.items():
        for shape in (row[side], row["provenance"].get("sources", {}).get(side)):
            if shape and shape["document"] == old[side]:
                shape["document"] = name
    return to_json(row)


def renamed_document(data: bytes, policy: str, names: Mapping[str, str], paths: Mapping[str, str]) -> bytes:
    """A document's row as one of another policy with the same content; names and paths by side."""
    row = from_json(data)
    row |= {"policy": policy, "document": names[row["side"]], "path": paths[row["side"]]}
    return to_json(row)
