"""Document → clauses with kind, number, label and parent; together they cover all that is not white space, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from normalizer import numbering
from normalizer.reading.plain import shown
from normalizer.segment import damage, headings, tree, words
from normalizer.segment.pieces import pieces

if TYPE_CHECKING:
    from pathlib import Path

    from normalizer.model import Clause, Document

HALF_WIDTH = str.maketrans("｡､｢｣･", "。、「」・")


def segment(document: Document, glossaries: Path) -> tuple[Clause, ...]:
    """Cut a document into clauses, in reading order.

    glossaries: the folder with numbering.csv and segmentation.csv. Raises GlossaryError where these are damaged,
    and nothing on any text.
    """
    grammar, known = numbering.load(glossaries), words.load(glossaries)
    seen = shown(document.text) if document.format == "text" else document.text
    text = seen.translate(HALF_WIDTH)  # of the same length, so that each span is one of the document
    found = pieces(text, document.blocks, grammar, known)
    kinds = headings.kinds(text, found, known)
    clauses = tree.clauses(text, found, kinds, known)
    return tuple(_as_written(document.text, clause, damage.notes(text, clause, known)) for clause in clauses)


def _as_written(text: str, clause: Clause, notes: tuple[str, ...]) -> Clause:
    number = clause.number and text[clause.start : clause.start + len(clause.number)]
    return clause.revised(number=number, notes=notes)
