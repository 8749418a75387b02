"""Which clauses are linked: the cases of cases/align/, bad input, and what holds of any two texts.

A case is a table: side (ja, en), kind, label (`article 4`, - for none), link, text, parted by tabs. Clauses with the
same link are to be linked with each other; a clause with - is to be left alone. A paragraph or item stands under the
last heading. A row that starts with # is a comment.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from conftest import CASES
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.align import Settings, align
from normalizer.align.chains import best_chains
from normalizer.align.evidence import label_votes, parent_votes
from normalizer.align.numbers import inner_numbers
from normalizer.align.score import filled
from normalizer.align.settings import Bar
from normalizer.align.sides import side_of, words
from normalizer.align.windows import longest, windows
from normalizer.embed import Embedder
from normalizer.model import Analysis, Clause, Document, Fact, Label, Link, Mention

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from normalizer.align.chains import Bead
    from normalizer.embed import Vectors

ALL = sorted((CASES / "align").glob("*.tsv"))
EMBEDDER = Embedder()
Row = tuple[str, str, str]  # kind, label, text
KINDS = {"semantics", "certain", "length", "words", "facts", "concepts", "kind", "labels", "parent", "children"}
KINDS |= {"position", "nearest"}


def _analysis(rows: Iterable[Row], language: str) -> Analysis:
    """Clauses, one a line; what is no heading stands under the last heading."""
    text, clauses = "", []
    heading: str | None = None
    for k, (kind, label, said) in enumerate(rows, 1):
        name, _, number = label.partition(" ")
        mark = Label(name, (int(number),), "plain") if number else None
        parent = None if kind == "heading" else heading
        start, end = len(text), len(text) + len(said)
        clauses.append(Clause(f"c{k}", parent, kind, number or None, mark, start, end, start, language))  # type: ignore[arg-type]
        heading = f"c{k}" if kind == "heading" else heading
        text += said + "\n"
    return Analysis(Document(f"test.{language}", text, (), "text", "utf-8", ""), language, tuple(clauses))


def _plain(texts: Iterable[str], language: str) -> Analysis:
    return _analysis((("paragraph", "-", text) for text in texts), language)


def _pairs(links: Sequence[Link]) -> set[tuple[tuple[int, ...], tuple[int, ...]]]:
    return {(link.ja, link.en) for link in links}


def _two_sided(links: Sequence[Link]) -> list[Link]:
    return [link for link in links if link.ja and link.en]


def _assert_whole(links: Sequence[Link], ja: Analysis, en: Analysis) -> None:
    """Every clause that is not furniture is in exactly one link, and every score is a probability."""
    sides = ((ja, [i for link in links for i in link.ja]), (en, [j for link in links for j in link.en]))
    for analysis, found in sides:
        assert sorted(found) == [k for k, clause in enumerate(analysis.clauses) if clause.kind != "furniture"]
    assert all(0 <= link.score <= 1 and (link.ja or link.en) for link in links)


def _case(path: Path) -> tuple[Analysis, Analysis, set[tuple[tuple[int, ...], tuple[int, ...]]]]:
    rows: dict[str, list[Row]] = {"ja": [], "en": []}
    groups: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#"):
            continue
        side, kind, label, link, text = line.split("\t")
        name = link if link != "-" else f"alone in line {number}"
        groups[name][("ja", "en").index(side)].append(len(rows[side]))
        rows[side].append((kind, label, text))
    gold = {(tuple(ja), tuple(en)) for ja, en in groups.values()}
    return _analysis(rows["ja"], "ja"), _analysis(rows["en"], "en"), gold


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_cases(path: Path) -> None:
    ja, en, gold = _case(path)
    links = align(ja, en, EMBEDDER)
    _assert_whole(links, ja, en)
    assert _pairs(links) == gold


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_links_stand_in_reading_order(path: Path) -> None:
    ja, en, _ = _case(path)
    links = align(ja, en, EMBEDDER)
    firsts = [link.ja[0] for link in links if link.ja]
    assert firsts == sorted(firsts)
    held = {j: k for k, link in enumerate(links) for j in link.en}
    for k, link in enumerate(links):
        if not link.ja:
            assert k == (held[link.en[0] - 1] + 1 if link.en[0] else 0)


def test_evidence_is_named_and_adds_up() -> None:
    ja, en, _ = _case(CASES / "align" / "contacts.tsv")
    links = align(ja, en, EMBEDDER)
    assert {name for link in links for name, _ in link.evidence} <= KINDS
    mail = next(link for link in links if link.ja == (4,))
    assert dict(mail.evidence)["words"] > 0.5  # the address, which both sides write alike
    assert mail.score > 0.9


@pytest.mark.slow
def test_the_same_links_whatever_was_aligned_before() -> None:
    cases = [_case(path)[:2] for path in ALL]
    forth, back = Embedder(), Embedder()
    first = [align(ja, en, forth) for ja, en in cases]
    assert [align(ja, en, back) for ja, en in reversed(cases)] == first[::-1]


def test_furniture_is_in_no_link() -> None:
    ja = _analysis([("furniture", "-", "シェアする"), ("paragraph", "-", "個人情報を保護します。")], "ja")
    en = _analysis([("paragraph", "-", "We protect personal information."), ("furniture", "-", "Share")], "en")
    assert _pairs(align(ja, en, EMBEDDER)) == {((1,), (0,))}


def test_an_empty_side_leaves_the_other_alone() -> None:
    ja, nothing = _plain(["氏名", "住所"], "ja"), _plain([], "en")
    assert _pairs(align(ja, nothing, EMBEDDER)) == {((0,), ()), ((1,), ())}
    assert _pairs(align(nothing, _plain(["Name"], "en"), EMBEDDER)) == {((), (0,))}
    assert align(nothing, nothing, EMBEDDER) == ()


def test_identical_lines_are_linked_one_by_one() -> None:
    ja = _plain(["当社は、お客様の情報を守ります。"] * 50, "ja")
    en = _plain(["We protect the information of our customers."] * 40, "en")
    links = align(ja, en, EMBEDDER)
    _assert_whole(links, ja, en)
    two = _two_sided(links)
    assert len(two) == 40
    assert all(link.kind == "1-1" for link in two)
    assert [link.en for link in two] == sorted(link.en for link in two)


def test_a_text_is_aligned_with_itself() -> None:
    ja, _, _ = _case(CASES / "align" / "moved.tsv")
    links = align(ja, ja, EMBEDDER)
    assert _pairs(links) == {((i,), (i,)) for i in range(len(ja.clauses))}


def test_unrelated_texts_are_not_forced_together() -> None:
    ja = _plain(["鮭を焼いて塩をふる。", "鍋に湯を沸かす。", "庭の松が枯れた。", "明日は雪が降るだろう。"], "ja")
    en = _plain(
        ["Fees are due monthly.", "You may close your account.", "Scores are kept.", "The court sits in Tokyo."], "en"
    )
    links = align(ja, en, EMBEDDER)
    _assert_whole(links, ja, en)
    assert all(link.score < 0.5 for link in _two_sided(links))


def test_a_clause_of_a_hundred_thousand_characters() -> None:
    ja, en, gold = _case(CASES / "align" / "renumbered.tsv")
    rows = [("paragraph", "-", "情報を取り扱います。" * 10_000)]
    long = _analysis([*((c.kind, str(c.label or "-"), ja.text(c)) for c in ja.clauses), *rows], "ja")
    links = align(long, en, EMBEDDER)
    _assert_whole(links, long, en)
    assert gold <= _pairs(links)


def test_facts_and_concepts_tell_twins_apart() -> None:
    """Six times the same words, the halves exchanged on the other side; what they were found to speak of decides."""

    def side(text: str, language: str, first: int) -> Analysis:
        plain = _plain([text] * 6, language)
        clauses = []
        for k, clause in enumerate(plain.clauses):
            which = (first + k) % 6
            mention = Mention(clause.start, clause.end, f"Concept{which}", "test", 1.0)
            fact = Fact("date", clause.start, clause.end, f"2020-01-0{which}")
            clauses.append(replace(clause, mentions=(mention,), facts=(fact,)))
        return Analysis(plain.document, language, tuple(clauses))

    links = align(side("これは次のとおりです。", "ja", 0), side("This is as follows.", "en", 3), EMBEDDER)
    assert _pairs(links) == {((i,), ((i + 3) % 6,)) for i in range(6)}


def test_equal_digits_of_different_kinds_say_nothing() -> None:
    ja = side_of(_analysis([("heading", "article 4", "甲"), ("item", "item 4", "乙")], "ja"), "")
    en = side_of(
        _analysis([("heading", "article 4", "x"), ("heading", "section 4", "y"), ("heading", "article 5", "z")], "en"),
        " ",
    )
    votes = label_votes(ja, en, [(0, 0)])
    assert votes[0, 0] > 0 > votes[0, 2]
    assert not votes[0, 1]
    assert not votes[1].any()


def test_labels_fall_silent_where_the_translation_renumbers() -> None:
    ja = side_of(_analysis([("heading", f"article {k}", "条") for k in range(1, 9)], "ja"), "")
    en = side_of(_analysis([("heading", f"article {k}", "x") for k in range(3, 11)], "en"), " ")
    kept = [(k, k - 2) for k in range(2, 8)]  # equal numbers linked
    moved = [(k, k) for k in range(8)]  # equal places linked
    assert label_votes(ja, en, kept)[2, 0] > 1
    assert label_votes(ja, en, moved)[2, 0] < 0


def test_parents_agree_or_not() -> None:
    rows = [("heading", "-", "甲"), ("item", "-", "乙"), ("heading", "-", "丙"), ("item", "-", "丁")]
    side = side_of(_analysis(rows, "ja"), "")
    votes = parent_votes(side, side, [(0, 0), (2, 2)])
    assert votes[1, 1] == votes[3, 3] == 1
    assert votes[1, 3] == -1
    assert not votes[0].any()


def test_the_best_chain_passes_over_what_does_not_fit() -> None:
    gain = np.full((3, 4), -5, dtype=np.float32)
    gain[0, 0] = gain[1, 2] = gain[2, 3] = 4
    assert best_chains({(1, 1): gain}, 3, 4, 0.5, 1.0) == [[((0,), (0,)), ((1,), (2,)), ((2,), (3,))]]
    assert best_chains({(1, 1): gain}, 3, 4, 9.0, 1.0)[0] == [((1,), (2,)), ((2,), (3,))]


def test_whether_anything_is_left_over_opposite() -> None:
    beads: list[Bead] = [((0,), (0,)), ((3,), (2,)), ((5,), (1,))]  # left over: 1, 2 and 4 of six, and 3 of four
    holder = [{i: bead for bead in beads for i in bead[k]} for k in (0, 1)]
    free = [np.array([i not in holder[k] for i in range(size)]) for k, size in ((0, 6), (1, 4))]
    assert filled(0, holder, free)[1:3] == [1.0, 1.0]  # between 0 and 2 of the other side all is linked
    assert filled(0, holder, free)[4] == 0.0  # between 3 and 5 the other side runs backwards
    assert filled(1, holder, free)[3] == 0.0  # behind 2 the first side has 4 left over


def test_words_that_are_left_as_they_are() -> None:
    assert words("Ｇｏｏｇｌｅ社のＣｏｏｋｉｅ、1,100円") == {"google", "cookie", "1100"}
    assert words("Google's cookies: info@a.example.") == {"google", "cookies", "info@a.example"}
    assert words("。、・") == frozenset()


def test_the_longest_chain_rises_on_both_sides() -> None:
    assert longest([(0, 5), (1, 1), (2, 2), (3, 9), (4, 3)]) == [(1, 1), (2, 2), (4, 3)]
    assert longest([]) == []


def test_windows_cut_long_texts_at_hinges_and_lose_nothing() -> None:
    numbers = [str(k) for k in range(60)]
    ja = _plain([f"第{k}号の店舗の住所と電話番号" for k in numbers], "ja")
    en = _plain([f"Address and telephone number of store No. {k}" for k in numbers[5:]], "en")
    small = Settings(window=20)
    parts = list(windows(side_of(ja, ""), side_of(en, " "), EMBEDDER, small))
    assert [i for left, _ in parts for i in left.index] == list(range(60))
    assert [j for _, right in parts for j in right.index] == list(range(55))
    assert all(len(left) <= 20 and len(right) <= 20 for left, right in parts)
    links = align(ja, en, EMBEDDER, small)
    _assert_whole(links, ja, en)
    right = sum(link.ja == (link.en[0] + 5,) for link in _two_sided(links) if link.kind == "1-1")
    assert right >= 50


TEXT = st.text(st.sampled_from("当社は個人情報を。・(1)①第条aA1 \t\u3000#-※😀"), max_size=30)


@settings(max_examples=15)
@given(st.lists(TEXT, max_size=6), st.lists(TEXT, max_size=6))
def test_any_texts_keep_every_clause_once(left: list[str], right: list[str]) -> None:
    ja, en = _plain(left, "ja"), _plain(right, "en")
    _assert_whole(align(ja, en, EMBEDDER), ja, en)


def test_what_facts_and_concepts_settle_needs_no_vector() -> None:
    asked: list[str] = []

    class Listening(Embedder):
        def anew(self) -> Embedder:
            return self

        def encode(self, texts: Sequence[str]) -> Vectors:
            asked.extend(texts)
            return super().encode(texts)

    def side(text: str, language: str) -> Analysis:
        plain = _plain([text] * 6, language)
        facts = [Fact("date", clause.start, clause.end, f"2020-01-0{k}") for k, clause in enumerate(plain.clauses, 1)]
        clauses = (replace(clause, facts=(fact,)) for clause, fact in zip(plain.clauses, facts, strict=True))
        return Analysis(plain.document, language, tuple(clauses))

    ja, en = side("当社の窓口は次のとおりです。", "ja"), side("Our contact point is as follows.", "en")
    links = align(ja, en, Listening())
    assert _pairs(links) == {((i,), (i,)) for i in range(6)}
    assert not asked
    assert all("certain" in dict(link.evidence) and "semantics" not in dict(link.evidence) for link in links)
    links = align(ja, en, Listening(), Settings(certain=Bar(math.inf, math.inf, 0.0)))
    assert asked
    assert not any("certain" in dict(link.evidence) for link in links)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("We reply without delay. 6. How Long We Keep It", (6,)),
        ("事前承認を定めています。【第４条】写真について", (4,)),
        ("映像は残しません。六　安全管理", (6,)),
        ("It is kept at the end. II. What the Firm Obtains", (2,)),
        ("our support chat. 1.2 Information Collected Automatically", (1, 2)),
    ],
)
def test_numbers_run_on_to_other_text_are_found(text: str, number: tuple[int, ...]) -> None:
    assert number in inner_numbers(text)
    assert not inner_numbers("手数料は300円です。Call 052-000-2300 with any question")
