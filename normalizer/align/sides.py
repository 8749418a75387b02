"""An analysis to the arrays that alignment works on: texts, lengths, kinds, labels, parents, tell-tale terms."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from normalizer.model import Analysis, Clause, Label

WORD = re.compile(r"[a-z0-9][a-z0-9&'._@/+-]*", re.ASCII)
LONGEST_WORD = 80
SCANNED = 20_000  # characters of a clause that are searched for untranslated words


@dataclass(frozen=True, slots=True)
class Side:
    """The clauses of one language that take part in alignment, in reading order."""

    index: tuple[int, ...]  # positions in Analysis.clauses
    texts: tuple[str, ...]  # the words after the marker
    lengths: NDArray[np.float32]  # in characters
    heading: NDArray[np.bool_]
    labels: tuple[Label | None, ...]
    parent: NDArray[np.int64]  # position on this side, -1 for none
    line: NDArray[np.int64]  # of the text, in which the clause starts
    words: tuple[frozenset[str], ...]  # Latin words and digits, as both languages write them
    facts: tuple[frozenset[str], ...]
    concepts: tuple[frozenset[str], ...]
    joint: str  # what stands between two texts that are read as one

    def __len__(self) -> int:
        return len(self.index)

    def part(self, places: Sequence[int]) -> Side:
        """The side with these of its clauses only; a parent that is left out is no parent."""
        new = {old: k for k, old in enumerate(places)}
        rows = np.array(places, dtype=np.int64)
        return Side(
            index=tuple(self.index[i] for i in places),
            texts=tuple(self.texts[i] for i in places),
            lengths=self.lengths[rows],
            heading=self.heading[rows],
            labels=tuple(self.labels[i] for i in places),
            parent=np.array([new.get(int(self.parent[i]), -1) for i in places], dtype=np.int64),
            line=self.line[rows],
            words=tuple(self.words[i] for i in places),
            facts=tuple(self.facts[i] for i in places),
            concepts=tuple(self.concepts[i] for i in places),
            joint=self.joint,
        )


def side_of(analysis: Analysis, joint: str) -> Side:
    """Every clause but the furniture; `joint` is "" for Japanese and " " for English."""
    index = tuple(i for i, clause in enumerate(analysis.clauses) if clause.kind != "furniture")
    clauses = [analysis.clauses[i] for i in index]
    place = {clause.id: k for k, clause in enumerate(clauses)}
    texts = tuple(body(analysis, clause) for clause in clauses)
    breaks = np.array([match.start() for match in re.finditer("\n", analysis.document.text)], dtype=np.int64)
    return Side(
        index=index,
        texts=texts,
        lengths=np.array([len(text) for text in texts], dtype=np.float32),
        heading=np.array([clause.kind == "heading" for clause in clauses], dtype=bool),
        labels=tuple(clause.label for clause in clauses),
        parent=np.array([place.get(clause.parent or "", -1) for clause in clauses], dtype=np.int64),
        line=np.searchsorted(breaks, np.array([clause.start for clause in clauses], dtype=np.int64)),
        words=tuple(words(text) for text in texts),
        facts=tuple(frozenset(f"{fact.kind}:{fact.value}" for fact in clause.facts) for clause in clauses),
        concepts=tuple(frozenset(mention.concept for mention in clause.mentions) for clause in clauses),
        joint=joint,
    )


def body(analysis: Analysis, clause: Clause) -> str:
    """The words after the marker; the marker itself where there are no others."""
    text = analysis.document.text
    return text[clause.body : clause.end].strip() or text[clause.start : clause.end].strip()


def words(text: str) -> frozenset[str]:
    """What a translator leaves as it is: Latin words, addresses, numbers, in one form.

    >>> sorted(words("Ｃｏｏｋｉｅを1,100円で"))
    ['1100', 'cookie']
    """
    plain = unicodedata.normalize("NFKC", text[:SCANNED]).casefold()
    plain = re.sub(r"(?<=[0-9]),(?=[0-9]{3})", "", plain)
    return frozenset(word.rstrip("'.-/_")[:LONGEST_WORD].removesuffix("'s") for word in WORD.findall(plain))
