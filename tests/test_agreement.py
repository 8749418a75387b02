"""Senses that a linked clause tells: which mentions are mended, and which stay."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from normalizer.agreement import EVIDENCE, agreed
from normalizer.model import Analysis, Clause, Document, Link, Mention

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normalizer import Normalizer

CORPUS = Path(__file__).parents[1] / "corpus"
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
            [("ThirdPartyProvision", "en:disclosure", 0.95)],
            id="no witness",
        ),
        pytest.param([("Consent", "ja:同意", 1.0)], [("Viewing", "en:view", 0.6)], id="a word of one sense"),
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
            [("ThirdPartyProvision", "en:disclosure", 0.95), ("DisclosureRequest", "en:access", 1.0)],
            id="named already",
        ),
    ],
)
def test_what_stays(ja: list[tuple[str, str, float]], en: list[tuple[str, str, float]]) -> None:
    sides = _analysis("ja", *ja), _analysis("en", *en)
    assert _agreed(*sides) == sides


def test_a_guess_without_a_witness_is_not_told() -> None:
    ja = _analysis("ja", ("Consent", "ja:同意", 1.0))
    en = _analysis("en", ("ThirdPartyProvision", "en:disclosure", 0.6), ("Consent", "en:consent", 0.6))
    left, right = _agreed(ja, en)
    assert (_concepts(left), _concepts(right)) == (["Consent"], ["Consent"])


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
    ja, en = (normalizer.analyze(CORPUS / f"11-midori-saiyou.{side}.txt") for side in ("ja", "en"))
    told = normalizer.agreed(ja, en, normalizer.links(ja, en))
    assert (ja.clauses, en.clauses) != (told[0].clauses, told[1].clauses)
    records = normalizer.align(ja, en)
    for side, analysis in zip(("ja", "en"), told, strict=True):
        found = {(m.start, m.concept) for record in records if (one := getattr(record, side)) for m in one.mentions}
        kept = (clause for clause in analysis.clauses if clause.kind != "furniture")
        assert found == {(mention.start, mention.concept) for clause in kept for mention in clause.mentions}


def _decided(language: str, category: str, *rivals: tuple[str, int]) -> Analysis:
    analysis = _analysis(language, ("Use", language, 1.0))
    return replace(analysis, clauses=(replace(analysis.clauses[0], category=category, rivals=rivals),))


@pytest.mark.parametrize(
    ("ja", "en", "settled"),
    [
        pytest.param(("retention",), ("security_control", ("retention", 40)), "retention", id="a rival on one side"),
        pytest.param(
            ("retention", ("security_control", 30)),
            ("security_control", ("retention", 40)),
            "security_control",
            id="the less doubtful",
        ),
        pytest.param(
            ("retention", ("entrustment", 10)),
            ("security_control", ("entrustment", 20)),
            "entrustment",
            id="a rival on both sides",
        ),
    ],
)
def test_a_category_in_doubt_is_settled_by_both_sides(
    ja: tuple[str, *tuple[tuple[str, int], ...]], en: tuple[str, *tuple[tuple[str, int], ...]], settled: str
) -> None:
    before = _decided("ja", *ja), _decided("en", *en)
    for old, new in zip(before, _agreed(*before), strict=True):
        (clause,) = new.clauses
        assert clause.category == settled
        if old.clauses[0].category == settled:
            assert new == old
        else:
            assert clause.category_evidence == (f"{settled}: {EVIDENCE}",)
            assert clause.also[0] == old.clauses[0].category


@pytest.mark.parametrize("link", [Link((0,), (0,), 0.9), Link((0,), (0, 0), 0.9)])
def test_sides_that_are_sure_keep_their_categories(link: Link) -> None:
    rivals = () if len(link.en) == 1 else (("retention", 10),)
    sides = _decided("ja", "retention"), _decided("en", "security_control", *rivals)
    assert _agreed(*sides, link) == sides


def test_differences_are_of_what_each_side_says_by_itself(
    normalizer: Normalizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ja, en = (normalizer.analyze(CORPUS / f"11-midori-saiyou.{side}.txt") for side in ("ja", "en"))
    compared = list[Analysis | None]()

    def spied(left: Analysis | None, right: Analysis | None, links: Sequence[Link]) -> tuple[()]:
        compared.extend((left, right))
        return ()

    monkeypatch.setattr(normalizer, "_differences", spied)
    normalizer.align(ja, en)
    assert compared == [ja, en]
