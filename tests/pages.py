"""What the tests of the pages share: a small policy made by hand, its differences, and the browser."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import pytest

from normalizer.glossary import Glossary
from normalizer.model import Analysis, Clause, Document, Link, Mention
from normalizer.ontology import Concept, Ontology
from normalizer.records import Difference, Record, Span, records

if TYPE_CHECKING:
    from collections.abc import Sequence

REQUIRED = "NORMALIZER_BROWSER_REQUIRED"  # set by .ci/run: without a browser the tests fail

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)></script>'
JA = (
    ("c1", None, "heading", "プライバシーポリシー", "policy_statement"),
    ("c2", "c1", "heading", "第1条（第三者提供）", "third_party_provision"),
    ("c3", "c2", "paragraph", "当社は、個人データを第三者に提供しません。", "third_party_provision"),
    ("c4", "c3", "item", "(1) 法令に基づく場合を除きます。", "third_party_exception"),
    ("c5", "c1", "heading", "第2条（委託）", "entrustment"),
    ("c6", "c5", "paragraph", f"当社は、個人データの取扱いを委託します。{HOSTILE}", "entrustment"),
    ("c7", "c5", "paragraph", "保存期間は５年間です。", "retention"),
)
EN = (
    ("c1", None, "heading", "Privacy Policy", "policy_statement"),
    ("c2", "c1", "heading", "Article 1 (Provision to Third Parties)", "third_party_provision"),
    ("c3", "c2", "paragraph", "We may provide personal data to third parties.", "third_party_provision"),
    ("c4", "c1", "heading", "Article 2 (Deposit)", "entrustment"),
    ("c5", "c4", "paragraph", f"We entrust the handling of personal data. {HOSTILE}", "entrustment"),
    ("c6", "c4", "paragraph", "Data are kept for 3 years.", "retention"),
    ("c7", "c6", "paragraph", "This translation is for reference.", "other"),
    ("c8", None, "furniture", "Send feedback", "boilerplate"),
)
TERMS = (
    ("ja", "個人データ", "PersonalData"),
    ("ja", "個人データを第三者に提供", "ThirdPartyProvision"),
    ("ja", "委託", "Entrustment"),
    ("ja", "当社", "ControllerSelf"),
    ("en", "personal data", "PersonalData"),
    ("en", "provide personal data to third parties", "ThirdPartyProvision"),
    ("en", "entrust", "Entrustment"),
    ("en", "We", "ControllerSelf"),
)
LINKS = (
    ((0,), (0,), 0.99),
    ((1,), (1,), 0.98),
    ((2,), (2,), 0.95),
    ((3,), (), 1.0),
    ((4,), (3,), 0.97),
    ((5,), (4,), 0.61),
    ((6,), (5,), 0.93),
    ((), (6,), 1.0),
)
PROVENANCE = {
    "normalizer": "1",
    "sources": {side: {"document": f"shop.{side}.txt", "sha256": "0" * 64, "as_of": "latest"} for side in ("ja", "en")},
}


def analysis(language: Literal["ja", "en"], lines: Sequence[tuple[str, str | None, str, str, str]]) -> Analysis:
    """A document of one clause a line, with the terms of TERMS as mentions."""
    text, clauses = "", []
    for id, parent, kind, words, category in lines:
        start = len(text)
        mentions = tuple(
            Mention(start + words.index(term), start + words.index(term) + len(term), concept, f"{of}:{term}", 1.0)
            for of, term, concept in TERMS
            if of == language and term in words
        )
        clause = Clause(id, parent, kind, None, None, start, start + len(words), start, language, category)  # type: ignore[arg-type]
        clauses.append(replace(clause, mentions=mentions))
        text += f"{words}\n"
    document = Document(f"shop.{language}.txt", text, (), "text", "utf-8", "0" * 64)
    return Analysis(document, language, tuple(clauses))


def span(side: Analysis, words: str) -> Span:
    """The first place of these words."""
    start = side.document.text.index(words)
    return Span(start=start, end=start + len(words), text=words)


def difference(severity: Literal["high", "medium", "low"], ja: Span | None, en: Span | None, code: str) -> Difference:
    message: dict[Literal["ja", "en"], str] = {"ja": f"相違：{code}", "en": f"differs: {code} {HOSTILE}"}
    return Difference(code=code, severity=severity, message=message, ja=ja, en=en, evidence={"why": HOSTILE, "n": [1]})


def policy() -> tuple[tuple[Record, ...], Analysis, Analysis, tuple[Difference, ...]]:
    """Records of eight rows (one doubtful, one on each side only), the analyses, and six differences."""
    ja, en = analysis("ja", JA), analysis("en", EN)
    links = [Link(left, right, score) for left, right, score in LINKS]
    gap = Span(start=(at := en.document.text.index(" third parties")), end=at, text="")
    found = (
        difference("high", span(ja, "提供しません"), span(en, "may provide"), "negation_lost"),
        difference("medium", span(ja, JA[3][3]), None, "clause_missing"),
        difference("high", span(ja, "委託"), span(en, "Deposit"), "wrong_rendering"),
        difference("low", span(ja, "５年間"), span(en, "3 years"), "number_differs"),
        difference("low", None, span(en, "Send feedback"), "furniture"),
        difference("low", span(ja, "第三者に"), gap, "gap"),
        difference("medium", None, None, "order_changed"),
    )
    return records("shop", links, ja, en, PROVENANCE), ja, en, found


def glossary() -> Glossary:
    """Four concepts, so that the golden page does not change with the tables."""

    def concept(id: str, kind: str, ja: str, en: str) -> Concept:
        return Concept(id, None, kind, ja, en, f"{ja}の定義。", f"What {en} is.", ("APPI:27",), (), (), (), "", "")

    concepts = (
        concept("PersonalData", "information", "個人データ", "personal data"),
        concept("ThirdPartyProvision", "operation", "第三者提供", "provision to a third party"),
        concept("Entrustment", "operation", "委託", "entrustment"),
        concept("ControllerSelf", "actor", "当社", "the Company"),
    )
    return Glossary(Ontology(concepts), (), (), (), {}, "test")


def browser_path() -> str:
    """The chromium of this machine; skips the test where there is none, unless the gate demands one."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    if os.environ.get(REQUIRED):
        pytest.fail("no chromium on this machine, which the gate demands: apt-get install chromium fonts-noto-cjk")
    pytest.skip("no chromium on this machine: apt-get install chromium fonts-noto-cjk")
