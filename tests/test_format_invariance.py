"""One policy in five formats gives the same clauses: corpus/ as text against its HTML, Markdown, DOCX and PDF."""

from __future__ import annotations

import unicodedata
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

import pytest
from conftest import CORPUS

from normalizer.reading import read
from normalizer.segment import segment

if TYPE_CHECKING:
    from pathlib import Path

    from normalizer.model import Document

from make_formats import FORMATS, convert

# Equal clauses, at least. Measured on the sixteen policies: HTML, Markdown and DOCX 1.0; what is lost in PDF are lines
# that end just at the margin, where nothing on the page tells whether the sentence goes on.
# A PDF loses the gap between the cells of a row, so that rows of a table are read as lines of a list.
FLOORS = {"html": 1.0, "markdown": 1.0, "docx": 1.0, "pdf": 0.98, "columns": 0.96, "windows": 1.0}
POLICIES = sorted(CORPUS.glob("*.txt"))


def _clauses(document: Document, glossaries: Path) -> list[tuple[str, str]]:
    """Kind and words of each clause that is the policy's; white space and the marker's shape do not count."""
    out: list[tuple[str, str]] = []
    for clause in segment(document, glossaries):
        words = unicodedata.normalize("NFKC", document.text[clause.body : clause.end])
        if clause.kind != "furniture" and words.strip():
            out.append((clause.kind, "".join(words.split())))
    return out


def _differing(expected: list[tuple[str, str]], found: list[tuple[str, str]]) -> tuple[int, list[str]]:
    """How many clauses are equal, in order, and the others: - in the text only, + in the other format only."""
    matcher = SequenceMatcher(None, expected, found, autojunk=False)
    lines = []
    for code, a, b, c, d in matcher.get_opcodes():
        if code != "equal":
            lines += [f"- {kind} {words}" for kind, words in expected[a:b]]
            lines += [f"+ {kind} {words}" for kind, words in found[c:d]]
    return sum(block.size for block in matcher.get_matching_blocks()), lines


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(
    "format", [pytest.param(name, marks=pytest.mark.slow) if name in ("pdf", "columns") else name for name in FORMATS]
)
def test_the_same_clauses_from_every_format(format: str, language: str, tmp_path: Path, glossaries: Path) -> None:
    equal = all_clauses = 0
    report = []
    for policy in POLICIES:
        if policy.suffixes[-2] != f".{language}":
            continue
        copy = tmp_path / f"{policy.stem}{FORMATS[format]}"
        copy.write_bytes(convert(policy, format))
        expected, found = _clauses(read(policy), glossaries), _clauses(read(copy), glossaries)
        count, lines = _differing(expected, found)
        equal, all_clauses = equal + 2 * count, all_clauses + len(expected) + len(found)
        report += [f"{policy.stem}: {line}" for line in lines]
    share = equal / all_clauses
    print(f"{format} {language}: {share:.4f} of the clauses equal", *report, sep="\n")
    assert share >= FLOORS[format], "\n".join(report)
