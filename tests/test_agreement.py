"""Senses that a linked clause tells: which mentions are mended, and which stay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from normalizer.agreement import EVIDENCE, agreed
from normalizer.model import Analysis, Clause, Document, Link, Mention

if TYPE_CHECKING:
    from normalizer import Normalizer

SENSES = {
    "en:disclosure": {"DisclosureRequest", "ThirdPartyProvision"},
    "ja:開示": {"DisclosureRequest", "ThirdPartyProvision", "Provision"},
}


def _analysis(language: str, *named: tuple[str, str, float]) -> Analysis:
    """One clause of as many characters as it has mentions."""
    mentions = tuple(Mention(at, at + 1, concept, term, score) for at, (concept, term, score) in enumerate(named))
    clause = Clause("c1", None, "paragraph", None, None, 0, len(named), 0, language, mentions=mentions)
    return Analysis(Document("d", "x" * len(named), (), "text", "utf-8", "0" * 64), language, (clause,))


def _concepts(analysis: Analysis) -> list[str]:
    return [mention.concept for clause in analysis.clauses for mention in clause.mentions]


def _agreed(ja: Analysis, en: Analysis, *links: Link) -> tuple[Analysis, Analysis]:
    return agreed(ja, en, links or (Link((0,), (0,), 0.9),), lambda entry: SENSES.get(entry, ()))


def test_a_doubtful_sense_is_the_other_sides() -> None:
    ja = _analysis("ja", ("DisclosureRequest", "ja:開示請求", 1.0))
    en = _analysis("en", ("ThirdPartyProvision", "en:disclosure", 0.6))
    left, right = _agreed(ja, en)
    assert left == ja
    (mention,) = right.clauses[0].mentions
    assert (mention.concept, mention.score) == ("DisclosureRequest", 1.0)
    assert mention.evidence == (EVIDENCE,)


@pytest.mark.parametrize(
    ("ja", "en"),
    [
        pytest.param(
            [("DisclosureRequest", "ja:開示請求", 1.0)], [("ThirdPartyProvision", "en:disclosure", 0.99)], id="sure"
        ),
        pytest.param(
            [("DisclosureRequest", "ja:開示請求", 0.7)],
            [("ThirdPartyProvision", "en:disclosure", 0.6)],
            id="no witness",
        ),
        pytest.param(
            [("Consent", "ja:同意", 1.0)], [("ThirdPartyProvision", "en:disclosure", 0.6)], id="no sense of the word"
        ),
        pytest.param(
            [("DisclosureRequest", "ja:x", 1.0), ("Provision", "ja:y", 1.0)],
            [("ThirdPartyProvision", "ja:開示", 0.6)],
            id="two witnesses",
        ),
        pytest.param(
            [("DisclosureRequest", "ja:x", 1.0), ("ThirdPartyProvision", "ja:y", 1.0)],
            [("ThirdPartyProvision", "en:disclosure", 0.6)],
            id="heard on the other side",
        ),
        pytest.param(
            [("DisclosureRequest", "ja:x", 1.0)],
            [("ThirdPartyProvision", "en:disclosure", 0.6), ("DisclosureRequest", "en:access", 1.0)],
            id="named already",
        ),
    ],
)
def test_what_stays(ja: list[tuple[str, str, float]], en: list[tuple[str, str, float]]) -> None:
    sides = _analysis("ja", *ja), _analysis("en", *en)
    assert _agreed(*sides) == sides


def test_a_clause_alone_stays() -> None:
    ja = _analysis("ja", ("DisclosureRequest", "ja:開示請求", 1.0))
    en = _analysis("en", ("ThirdPartyProvision", "en:disclosure", 0.6))
    assert _agreed(ja, en, Link((0,), (), 1.0), Link((), (0,), 1.0)) == (ja, en)


def test_several_clauses_are_one_side() -> None:
    ja = _analysis("ja", ("DisclosureRequest", "ja:開示請求", 1.0))
    en = _analysis("en", ("ThirdPartyProvision", "en:disclosure", 0.6))
    en = replace(en, clauses=(replace(en.clauses[0], mentions=()), en.clauses[0]))
    _, right = _agreed(ja, en, Link((0,), (0, 1), 0.9))
    assert _concepts(right) == ["DisclosureRequest"]


def test_the_words_of_an_entry_have_the_senses_of_the_tables(normalizer: Normalizer) -> None:
    assert {"DisclosureRequest", "ThirdPartyProvision"} <= set(normalizer._reader.senses_of("en:disclosure"))
    assert not normalizer._reader.senses_of("ja:プライバシーポリシー")
    assert not normalizer._reader.senses_of("defined:the Service")


def test_records_have_what_the_links_tell(normalizer: Normalizer) -> None:
    """No mention comes or goes: the records name the places that the analyses name."""
    ja = normalizer.analyze("開示\n\n開示を請求された場合は、本人に開示します。\n")
    en = normalizer.analyze("Disclosure\n\nIf disclosure is requested, we disclose the data to the person.\n")
    records = normalizer.align(ja, en)
    for side, analysis in (("ja", ja), ("en", en)):
        found = [(m.start, m.end) for record in records if (one := getattr(record, side)) for m in one.mentions]
        assert sorted(found) == sorted((m.start, m.end) for c in analysis.clauses for m in c.mentions)
