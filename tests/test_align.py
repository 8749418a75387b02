"""Which clauses are linked: the cases of cases/align/, bad input, and what holds of any two texts.

A case is a table: side (ja, en), kind, label (`article 4`, - for none), link, text, parted by tabs. Clauses with the same
link are to be linked with each other; a clause with - is to be left alone. A paragraph or item stands under the last
heading. A row that starts with # is a comment.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import pytest
from conftest import CASES
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.align import Settings, align
from normalizer.align.chains import best_chains
from normalizer.align.evidence import label_votes, parent_votes
from normalizer.align.sides import side_of, words
from normalizer.align.windows import longest, windows
from normalizer.embed import Embedder
from normalizer.model import Analysis, Clause, Document, Fact, Label, Link, Mention

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

ALL = sorted((CASES / "align").glob("*.tsv"))
EMBEDDER = Embedder()
Row = tuple[str, str, str]  # kind, label, text
KINDS = ("semantics", "length", "words", "facts", "concepts", "kind", "labels", "parent", "position", "nearest")


def _analysis(rows: Iterable[Row], language: str) -> Analysis:
    """Clauses, one a line; what is no heading stands under the last heading."""
    text, clauses, heading = "", [], None
    for k, (kind, label, words) in enumerate(rows, 1):
        name, _, number = label.partition(" ")
        mark = Label(name, (int(number),), "plain") if number else None
        parent = None if kind == "heading" else heading
        start, end = len(text), len(text) + len(words)
        clauses.append(Clause(f"c{k}", parent, kind, number or None, mark, start, end, start, language))  # type: ignore[arg-type]
        heading = f"c{k}" if kind == "heading" else heading
        text += words + "\n"
    return Analysis(Document(f"test.{language}", text, (), "text", "utf-8", ""), language, tuple(clauses))


def _plain(texts: Iterable[str], language: str) -> Analysis:
    return _analysis((("paragraph", "-", text) for text in texts), language)


def _pairs(links: Sequence[Link]) -> set[tuple[tuple[int, ...], tuple[int, ...]]]:
    return {(link.ja, link.en) for link in links}


def _two_sided(links: Sequence[Link]) -> list[Link]:
    return [link for link in links if link.ja and link.en]


def _is_whole(links: Sequence[Link], ja: Analysis, en: Analysis) -> bool:
    """Every clause is in exactly one link."""
    sides = [sorted(i for link in links for i in side) for side in zip(*((x.ja, x.en) for x in links), strict=True)] if 0 else None
    assert sides is None
    left = sorted(i for link in links for i in link.ja)
    right = sorted(j for link in links for j in link.en)
    return left == list(range(len(ja.clauses))) and right == list(range(len(en.clauses)))
