"""Document → clauses with kind, number, label and parent; together they cover all that is not white space, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from normalizer import numbering
from normalizer.segment import damage, headings, tree, words
from normalizer.segment.pieces import pieces

if TYPE_CHECKING:
    from pathlib import Path

    from normalizer.model import Clause, Document


def segment(document: Document, glossaries: Path) -> tuple[Clause, ...]:
    """Cut a document into clauses, in reading order.

    glossaries: the folder with numbering.csv and segmentation.csv. Raises GlossaryError where these are damaged,
    and nothing on any text.
    """
    grammar, known = numbering.load(glossaries), words.load(glossaries)
    found = pieces(document.text, document.blocks, grammar, known)
    kinds = headings.kinds(document.text, found, known)
    clauses = tree.clauses(document.text, found, kinds, known)
    return tuple(clause.revised(notes=damage.notes(document.text, clause, known)) for clause in clauses)
