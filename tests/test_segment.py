"""Clauses of short policies: the cases of cases/segment/, and what the format of a file says.

A case is the policy, a line `---`, then a row for each clause in order: kind, depth in the tree (0 for a clause
without a parent), label (- for none), text, parted by tabs. `.md` cases are read as Markdown. In both parts \\r, \\n
and \\u2028 stand for line ends; a row that starts with # is a comment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conftest import CASES

from normalizer import reading
from normalizer.errors import GlossaryError
from normalizer.segment import segment, words

if TYPE_CHECKING:
    from pathlib import Path

    from normalizer import Clause, Document

ALL = sorted((CASES / "segment").iterdir())
ESCAPES = {"\\r\\n": "\r\n", "\\r": "\r", "\\n": "\n", "\\u2028": "\u2028"}


def _unescape(text: str) -> str:
    for shown, meant in ESCAPES.items():
        text = text.replace(shown, meant)
    return text


def _document(path: Path) -> tuple[Document, list[str]]:
    policy, _, wanted = path.read_text(encoding="utf-8").rpartition("\n---\n")
    format = {".txt": "text", ".md": "markdown"}[path.suffix]
    expected = [line for line in wanted.splitlines() if not line.startswith("#")]
    return reading.read_text(_unescape(policy), path.name, format), expected


def _shown(document: Document, clauses: tuple[Clause, ...]) -> list[str]:
    depth: dict[str | None, int] = {None: -1}
    out = []
    for clause in clauses:
        depth[clause.id] = depth[clause.parent] + 1
        text = document.text[clause.start : clause.end].replace("\n", "\\n")
        out.append(f"{clause.kind}\t{depth[clause.id]}\t{clause.label or '-'}\t{text}")
    return out


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_case(path: Path, glossaries: Path) -> None:
    document, expected = _document(path)
    assert _shown(document, segment(document, glossaries)) == expected


def test_there_are_cases_of_both_languages_and_formats() -> None:
    names = [path.name for path in ALL]
    assert sum(name.startswith("ja-") for name in names) >= 20
    assert sum(name.startswith("en-") for name in names) >= 15
    assert sum(name.endswith(".md") for name in names) >= 2


# --- what the format says, and the table -------------------------------------------------------------------------


def test_what_a_heading_marks_in_markdown_is_one_and_nothing_else_is(glossaries: Path) -> None:
    text = "## 当社は、次の情報を取得します。\n\n利用目的\n\n発送のために利用します。\n"
    document = reading.read_text(text, format="markdown")
    assert [clause.kind for clause in segment(document, glossaries)] == ["heading", "paragraph", "paragraph"]


def test_a_heading_without_an_element_counts_on_from_one_that_has_it(glossaries: Path) -> None:
    body = "<h1>Policy</h1><h2>1. Collection</h2><p>We do.</p><p>2. Retention</p><p>We keep it.</p>"
    document = reading.read_text(body, format="html")
    assert _shown(document, segment(document, glossaries))[1::2] == [
        "heading\t1\titem 1\t1. Collection",
        "heading\t1\titem 2\t2. Retention",
    ]


@pytest.mark.parametrize(
    ("title", "date", "text"),
    [
        ("Privacy Policy", "Last updated: 2 March 2024", "We keep it safe."),
        ("個人情報保護方針", "2022年4月1日 制定", "当社は、取得します。"),
    ],
)
def test_the_date_of_a_policy_in_bold_heads_nothing(title: str, date: str, text: str, glossaries: Path) -> None:
    for body in (f"<h1>{title}</h1><p><b>{date}</b></p><p>{text}</p>", f"<h1>{title}</h1><p>{text}</p><h5>{date}</h5>"):
        document = reading.read_text(body, format="html")
        assert [clause.kind for clause in segment(document, glossaries)] == ["heading", "paragraph", "paragraph"]


def test_a_heading_in_bold_counts_on_from_one_that_stood_before_its_text(glossaries: Path) -> None:
    body = (
        "<h2>規約</h2><p><b>第1条（目的）</b>　当院は、利用します。</p><p><b>第2条（提供）</b></p><p>提供しません。</p>"
    )
    document = reading.read_text(body, format="html")
    assert _shown(document, segment(document, glossaries))[1::2] == [
        "heading\t1\tarticle 1\t第1条（目的）",
        "heading\t1\tarticle 2\t第2条（提供）",
    ]


def test_lists_go_twelve_deep_at_most(glossaries: Path) -> None:
    document = reading.read_text("".join(f"{' ' * depth}- a{depth}\n" for depth in range(40)))
    depths = [int(line.split("\t")[1]) for line in _shown(document, segment(document, glossaries))]
    assert depths[:10] == list(range(10))
    assert max(depths) <= 12


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("kind,language,form,note\ntitles,ja,方針,\n", r"segmentation.csv:2: .*unknown kind 'titles'; nearest: title"),
        ("kind,language,form\ntitle,ja,方針\n", r"segmentation.csv:1: .*column 'note' is missing"),
        ("kind,language,form,note\ntitle,ja,方針,\n", r"segmentation.csv:1: no row of kind 'introduction'"),
    ],
)
def test_a_damaged_table_names_file_line_and_remedy(table: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "segmentation.csv").write_text(table, encoding="utf-8")
    with pytest.raises(GlossaryError, match=message):
        words.load(tmp_path)
