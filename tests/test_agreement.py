"""What linked clauses tell of each other: mentions added, left out and kept, and categories."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from conftest import CORPUS, named_rows
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from normalizer import Normalizer
from normalizer.agreement import EVIDENCE, Agreement
from normalizer.agreement.mentions import Chance, _span
from normalizer.errors import GlossaryError
from normalizer.glossary import glossary_folder
from normalizer.model import Analysis, Clause, Document, Link, Mention, Token

if TYPE_CHECKING:
    from collections.abc import Sequence

TITLES = {"ja": "プライバシーポリシー", "en": "Privacy Policy"}


class Case(NamedTuple):
    """A row of cases/agreement.tsv."""

    ja: str
    en: str
    side: str
    words: str
    concept: str
    told: str


_CASES = [Case(**row) for row in named_rows("agreement.tsv")]


def _sides(normalizer: Normalizer, ja: str, en: str) -> tuple[Analysis, Analysis]:
    """A title and a paragraph on each side."""
    return normalizer.sides(f"{TITLES['ja']}\n\n{ja}\n", f"{TITLES['en']}\n\n{en}\n")


LINKS = (Link((0,), (0,), 0.9), Link((1,), (1,), 0.9))


def _named(analysis: Analysis) -> set[tuple[str, str]]:
    """The words of the paragraph and what they name."""
    text = analysis.document.text
    return {(text[m.start : m.end], m.concept) for m in analysis.clauses[1].mentions}


@pytest.mark.parametrize("case", _CASES, ids=lambda case: f"{case.concept}-{case.words}-{case.told}")
def test_what_the_other_side_tells(normalizer: Normalizer, case: Case) -> None:
    sides = _sides(normalizer, case.ja, case.en)
    number = ("ja", "en").index(case.side)
    before, after = _named(sides[number]), _named(normalizer.agreed(*sides, LINKS)[number])
    mention = (case.words, case.concept)
    assert (mention in before, mention in after) == {
        "added": (False, True),
        "left out": (True, False),
        "named": (True, True),
    }[case.told]


def test_what_is_added_says_so(normalizer: Normalizer) -> None:
    sides = _sides(
        normalizer, "アルバイトを含む所員に教育を行います。", "Training is given to staff, part-timers included."
    )
    ja, _ = normalizer.agreed(*sides, LINKS)
    (added,) = (mention for mention in ja.clauses[1].mentions if mention not in sides[0].clauses[1].mentions)
    assert (added.concept, added.term, added.evidence) == ("Worker", "linked:所員", (EVIDENCE,))
    assert 0 < added.score < 1


def test_words_that_were_read_otherwise_keep_their_entry(normalizer: Normalizer) -> None:
    sides = _sides(normalizer, "料金のご請求に使います。", "We use it to claim fees.")
    (old,) = (mention for mention in sides[1].clauses[1].mentions if mention.concept == "PurposeInsurance")
    _, en = normalizer.agreed(*sides, LINKS)
    (new,) = (mention for mention in en.clauses[1].mentions if mention.concept == "PurposeBilling")
    assert (new.start, new.end, new.term) == (old.start, old.end, old.term)
    assert new.evidence == (*old.evidence, EVIDENCE)


def test_sides_that_name_the_same_stay(normalizer: Normalizer) -> None:
    sides = _sides(
        normalizer,
        "当社は個人情報を第三者に提供しません。",
        "We do not provide personal information to third parties.",
    )
    ja, en = (
        replace(side, clauses=(side.clauses[0], side.clauses[1].revised(mentions=_about(side)))) for side in sides
    )
    assert normalizer.agreed(ja, en, LINKS) == (ja, en)


def _about(analysis: Analysis) -> tuple[Mention, ...]:
    return tuple(m for m in analysis.clauses[1].mentions if m.concept == "ThirdPartyProvision")


def test_a_clause_alone_stays(normalizer: Normalizer) -> None:
    ja, en = _sides(normalizer, "手数料は1通300円です。", "The fee is 300 yen a copy.")
    alone = (Link((0,), (0,), 0.9), Link((1,), (), 1.0), Link((), (1,), 1.0))
    assert normalizer.agreed(ja, en, alone) == (ja, en)
    assert normalizer.agreed(ja, en, LINKS) != (ja, en)


def test_what_a_difference_shows_stays_on_its_side(normalizer: Normalizer) -> None:
    ja, en = _sides(normalizer, "手数料は1通300円です。", "The fee is 300 yen a copy.")
    at = en.document.text.index("copy")
    copy = ("copy", "Copy")
    assert copy not in _named(normalizer.agreed(ja, en, LINKS)[1])
    told = normalizer._agreement.agreed(ja, en, LINKS, {1: ((), ((at, at + 4),))})
    assert copy in _named(told[1])
    whole = (en.clauses[1].start, en.clauses[1].end)  # where something differs, not what
    assert copy not in _named(normalizer._agreement.agreed(ja, en, LINKS, {1: ((), (whole,))})[1])


def test_a_users_own_terms_stay(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("concept,language,form,status,register,source,note\nCopy,en,a copy,admitted,,,\n", encoding="utf-8")
    normalizer = Normalizer(extra_terms=(own,))
    sides = _sides(normalizer, "手数料は1通300円です。", "The fee is 300 yen a copy.")
    assert ("a copy", "Copy") in _named(normalizer.agreed(*sides, LINKS)[1])


def test_several_clauses_are_one_side(normalizer: Normalizer) -> None:
    ja, en = normalizer.sides(
        f"{TITLES['ja']}\n\nアルバイトを含む所員に教育を行います。\n",
        f"{TITLES['en']}\n\nTraining is given every year.\n\nTraining is for our staff, part-timers included.\n",
    )
    told, _ = normalizer.agreed(ja, en, (LINKS[0], Link((1,), (1, 2), 0.9)))
    assert ("所員", "Worker") in _named(told)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_linked_the_mentions_are_in_order_and_in_their_clauses(
    normalizer: Normalizer, data: st.DataObject
) -> None:
    ja, en = (normalizer.analyze(CORPUS / f"11-midori-saiyou.{side}.txt") for side in ("ja", "en"))
    places = [st.lists(st.sampled_from(range(len(side.clauses))), unique=True, max_size=3) for side in (ja, en)]
    link = Link(tuple(sorted(data.draw(places[0]))), tuple(sorted(data.draw(places[1]))), 0.9)
    told = normalizer.agreed(ja, en, (link,))
    assert told == normalizer.agreed(ja, en, (link,))
    for before, after, numbers in zip((ja, en), told, (link.ja, link.en), strict=True):
        for number, (old, new) in enumerate(zip(before.clauses, after.clauses, strict=True)):
            assert number in numbers or new == old
            assert all(new.start <= m.start < m.end <= new.end for m in new.mentions)
            assert [m.start for m in new.mentions] == sorted(m.start for m in new.mentions)
            assert all(EVIDENCE in m.evidence for m in new.mentions if m not in old.mentions)


def test_less_stands_alone(normalizer: Normalizer) -> None:
    ja, en = (normalizer.analyze(CORPUS / f"11-midori-saiyou.{side}.txt") for side in ("ja", "en"))
    links = normalizer.links(ja, en)
    before, after = (
        sum(
            len(
                {m.concept for i in link.ja for m in left[i].mentions}
                ^ {m.concept for i in link.en for m in right[i].mentions}
            )
            for link in links
            if link.ja and link.en
        )
        for left, right in ((a.clauses, b.clauses) for a, b in ((ja, en), normalizer.agreed(ja, en, links)))
    )
    assert after < before / 2


def test_a_mention_stays_within_its_clause() -> None:
    """Words beside one another are one mention, but not over the end of a clause."""
    words = [
        Chance(0.5, clause, Token(at, at + 3, "abc", "abc", "")) for clause, at in (("c1", 0), ("c1", 4), ("c2", 8))
    ]
    assert _span(words) == (0, 7)


def test_the_words_of_an_entry_have_the_senses_of_the_tables(normalizer: Normalizer) -> None:
    assert {"DisclosureRequest", "ThirdPartyProvision"} <= set(normalizer._reader.senses_of("en:disclosure"))
    assert not normalizer._reader.senses_of("ja:プライバシーポリシー")
    assert not normalizer._reader.senses_of("defined:the Service")


def test_records_have_what_the_links_tell(normalizer: Normalizer) -> None:
    ja, en = (normalizer.analyze(CORPUS / f"11-midori-saiyou.{side}.txt") for side in ("ja", "en"))
    links = normalizer.links(ja, en)
    told = normalizer.agreed(ja, en, links, normalizer._differences(ja, en, links))
    assert (ja.clauses, en.clauses) != (told[0].clauses, told[1].clauses)
    records = normalizer.align(ja, en)
    for side, analysis in zip(("ja", "en"), told, strict=True):
        found = {(m.start, m.concept) for record in records if (one := getattr(record, side)) for m in one.mentions}
        kept = (clause for clause in analysis.clauses if clause.kind != "furniture")
        assert found == {(mention.start, mention.concept) for clause in kept for mention in clause.mentions}


def _tables(folder: Path) -> Path:
    return Path(shutil.copytree(glossary_folder(), folder / "tables"))


def test_without_odds_mentions_stay(tmp_path: Path) -> None:
    folder = _tables(tmp_path)
    (folder / "agreement_odds.csv").unlink()
    normalizer = Normalizer(folder)
    ja, en = _sides(normalizer, "手数料は1通300円です。", "The fee is 300 yen a copy.")
    assert normalizer.agreed(ja, en, LINKS) == (ja, en)


@pytest.mark.parametrize(
    ("table", "row", "message"),
    [
        pytest.param("agreement_odds.csv", "wrod,free,0.5", "agreement_odds.csv:.*wrod.*word", id="model"),
        pytest.param("agreement_odds.csv", "word,free,much", ".*_odds.csv:.*'much' is no number", id="weight"),
        pytest.param(
            "agreement_words.csv", "en,guide,PublicNotise,3,9", "agreement_words.csv:.*PublicNotice", id="concept"
        ),
        pytest.param("agreement_words.csv", "en,guide,Use,few,9", "agreement_words.csv:.*whole numbers", id="count"),
        pytest.param("function_words.csv", "en,the", "function_words.csv:.*2 cells", id="cells"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, table: str, row: str, message: str) -> None:
    folder = _tables(tmp_path)
    with (folder / table).open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    with pytest.raises(GlossaryError, match=message):
        _ = Normalizer(folder)._agreement


def _analysis(language: str, category: str, rivals: tuple[tuple[str, int], ...]) -> Analysis:
    clause = Clause("c1", None, "paragraph", None, None, 0, 1, 0, language, category=category, rivals=rivals)
    return Analysis(Document("d", "x", (), "text", "utf-8", "0" * 64), language, (clause,))


def _agreed(ja: Analysis, en: Analysis, *links: Link) -> tuple[Analysis, Analysis]:
    return Agreement(None).agreed(ja, en, links or (Link((0,), (0,), 0.9),))


def _decided(language: str, category: str, *rivals: tuple[str, int]) -> Analysis:
    return _analysis(language, category, rivals)


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
