"""The parts of the benchmarks that figures rest on: the length aligner, the perturbations, how links are judged."""

# ruff: noqa: E402 (the benchmarks are not part of the wheel, so their place must be made known first)

from __future__ import annotations

import sys
from dataclasses import replace
from math import log
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import numpy as np
import pytest
from annotated import read as read_sheets

ROOT = Path(__file__).parents[1]
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))

from benchmarks import annotated, mention_odds
from benchmarks.aligning.adapted import CHANGES, tabled, unmarked, with_contacts_shuffled, with_sections_moved
from benchmarks.aligning.aligners import Scored, identity
from benchmarks.aligning.document import table, written
from benchmarks.aligning.lengths import PRIORS, by_length, cost
from benchmarks.aligning.long import grown
from benchmarks.aligning.pairs import Line, Pair, grouped, lines, load
from benchmarks.aligning.perturb import SETTINGS, lists_joined, sections, with_numbers
from benchmarks.aligning.quality import bands, calibration_error, judged, perturbed
from benchmarks.logistic import newton, predicted, sparse
from benchmarks.senses import SHOWN, meanings
from benchmarks.senses import cases as senses
from normalizer.reading import read_text

if TYPE_CHECKING:
    from normalizer import Normalizer
    from normalizer.score import LineLink

KINDS = ["heading", "paragraph", "paragraph", "heading", "paragraph", *["item"] * 3, "heading", *["paragraph"] * 3]
SEEDS = (7, 1, 2)


def _pair(name: str, repeats: int = 3) -> Pair:
    """Headings, paragraphs and lists, line i linked with line i; every text tells its name, side and place."""
    kinds = KINDS * repeats
    sides = []
    for side in ("ja", "en"):
        marked = [(kind, "(1) " if kind == "item" else "第2条 " if kind == "heading" else "") for kind in kinds]
        texts = [f"{mark}{name} {side} clause {i} of the policy." for i, (_, mark) in enumerate(marked)]
        rows = zip(texts, marked, strict=True)
        sides.append(tuple(Line((i,), text, kind, len(mark)) for i, (text, (kind, mark)) in enumerate(rows)))
    return Pair(name, "tune", sides[0], sides[1], tuple(((i,), (i,)) for i in range(len(kinds))))


ONE, TWO = _pair("one"), _pair("two", 2)


VARIED = (60, 20, 90, 35, 120, 25, 70, 15, 95, 40)


@pytest.mark.parametrize(
    ("ja", "en", "links"),
    [
        ((20, 40, 30), (50, 100, 75), [((0,), (0,)), ((1,), (1,)), ((2,), (2,))]),
        ((20, 90, 30), (50, 110, 115, 75), [((0,), (0,)), ((1,), (1, 2)), ((2,), (3,))]),
        ((20, 45, 46, 30), (50, 225, 75), [((0,), (0,)), ((1, 2), (1,)), ((3,), (2,))]),
        (VARIED, tuple(3 * n for n in VARIED), [((i,), (i,)) for i in range(len(VARIED))]),
        ((10,), (), [((0,), ())]),
        ((), (10,), [((), (0,))]),
        ((), (), []),
    ],
    ids=["1-1", "1-2", "2-1", "varied", "1-0", "0-1", "empty"],
)
def test_lengths_alone_align(ja: tuple[int, ...], en: tuple[int, ...], links: object) -> None:
    assert by_length(["あ" * n for n in ja], ["a" * n for n in en]) == links


def test_priors_are_the_published_ones() -> None:
    penalties = {shape: round(-100 * log(prior / PRIORS[1, 1])) for shape, prior in PRIORS.items()}
    assert penalties == {(1, 1): 0, (1, 0): 450, (0, 1): 450, (2, 1): 230, (1, 2): 230, (2, 2): 439}


def test_a_misfit_costs_more_the_further_it_is() -> None:
    costs = [cost(100, n, 2.5) for n in (250, 270, 300, 350, 5000)]
    assert costs[0] == 0
    assert costs == sorted(costs)
    assert costs[-1] == 25


def test_identity_ends_with_the_shorter_side() -> None:
    assert identity(["a", "b", "c"], ["x", "y"]) == [((0,), (0,)), ((1,), (1,))]


@pytest.mark.parametrize("setting", CHANGES)
@pytest.mark.parametrize("seed", SEEDS)
def test_gold_follows_the_lines(setting: str, seed: int) -> None:
    """The lines that a gold link joins are made of each other's counterparts, and none is left out."""
    pair = CHANGES[setting](ONE, TWO, Random(seed))
    gold = pair.gold()
    left, right = ({i for line in side for i in line.ids} for side in (pair.ja, pair.en))
    assert {i for ja, _ in gold for place in ja for i in pair.ja[place].ids} >= left & right
    for ja, en in gold:
        made = [{i for place in places for i in side[place].ids} for side, places in ((pair.ja, ja), (pair.en, en))]
        assert made[0] & made[1]
        caption = setting == "captions"  # which is linked together with its article
        assert caption or len(ja) == 1 or len(made[1]) > 1 or len(en) > 1
    assert len(pair.ja) == len({line.ids for line in pair.ja})


@pytest.mark.parametrize("setting", CHANGES)
def test_a_seed_always_draws_the_same(setting: str) -> None:
    first, again = (CHANGES[setting](ONE, TWO, Random(7)) for _ in range(2))
    assert first == again
    if setting not in ("published", "contact blocks reordered"):  # there is none in these
        assert first != ONE


def test_only_the_lines_around_an_address_are_shuffled() -> None:
    plain = [Line((i,), f"clause {i}") for i in range(20)]
    texts = ["Contact:", "a@example.org", "03-1234-5678", "1 Some Street"]
    block = [Line((20 + i,), text) for i, text in enumerate(texts)]
    shuffled = with_contacts_shuffled((*plain, *block), Random(1))
    assert shuffled[:18] == tuple(plain[:18])
    assert sorted(shuffled, key=lambda line: line.ids) == [*plain, *block]
    assert shuffled[18:] != (*plain[18:], *block)


def test_the_items_of_a_list_are_the_cells_of_rows() -> None:
    rows = tabled(" | ", Random(7))(ONE.ja, "ja")
    assert max(len(line.ids) for line in rows) in (2, 3)
    cells = next(line for line in rows if len(line.ids) > 1)
    assert cells.text == " | ".join(ONE.ja[i].text[4:] for i in cells.ids)
    assert [i for line in rows for i in line.ids] == list(range(len(ONE.ja)))


def test_sections_move_whole() -> None:
    moved = with_sections_moved(ONE.ja, Random(3))
    assert moved != ONE.ja
    assert sorted(moved, key=lambda line: line.ids) == list(ONE.ja)
    starts = [k for k, line in enumerate(moved) if line.kind == "heading"]
    for start, stop in zip(starts, [*starts[1:], len(moved)], strict=True):
        ids = [line.ids[0] for line in moved[start:stop]]
        assert ids == list(range(ids[0], ids[0] + len(ids)))


def test_a_line_that_is_all_marker_stays() -> None:
    assert unmarked(Line((0,), "附則", "heading", 2)).text == "附則"
    assert unmarked(Line((0,), "(1) words", "item", 4)).text == "words"


def test_published_gold_is_the_links() -> None:
    assert ONE.gold() == set(ONE.links)


def test_a_merged_line_joins_the_links_of_both() -> None:
    both = Line((0, 1), "Both lines in one.")
    assert replace(ONE, en=(both, *ONE.en[2:])).gold() >= {((0, 1), (0,)), ((2,), (1,))}


def test_headings_are_missing_on_one_side_only() -> None:
    for seed in SEEDS:
        pair = SETTINGS["headings missing"](ONE, TWO, Random(seed))
        counts = sorted(sum(line.kind == "heading" for line in side) for side in (pair.ja, pair.en))
        assert counts == [0, 9]


def test_a_list_becomes_a_sentence() -> None:
    items = [Line((0,), "We use it for:"), Line((1,), "(1) billing", "item", 4), Line((2,), "(2) support.", "item", 4)]
    joined = lists_joined((*items, Line((3,), "The end.")), "en")
    assert [(line.ids, line.text) for line in joined] == [
        ((0,), "We use it for:"),
        ((1, 2), "billing, support."),
        ((3,), "The end."),
    ]


def test_what_is_condensed_says_a_part_of_each_line() -> None:
    pair = SETTINGS["condensed"](ONE, TWO, Random(7))
    shorter = [line for line in (*pair.ja, *pair.en) if len(line.ids) > 1]
    whole = {line.ids[0]: line for line in ONE.ja} | {line.ids[0]: line for line in ONE.en}
    gold = grouped(pair.ja, pair.en, pair.links)
    assert shorter
    for line in shorter:
        assert len({whole[i].kind for i in line.ids}) == 1
        assert len(line.text) < sum(len(whole[i].text) for i in line.ids)
        side = 0 if line in pair.ja else 1
        assert any(set(line.ids) <= {i for k in link[side] for i in (pair.ja, pair.en)[side][k].ids} for link in gold)


def test_a_caption_stands_on_one_side_and_belongs_to_its_article() -> None:
    pair = SETTINGS["captions"](ONE, TWO, Random(7))
    assert {line.kind for line in pair.ja} ^ {line.kind for line in pair.en} == {"caption"}
    ja, en = min(pair.gold())
    captioned, plain = (pair.ja, pair.en) if len(ja) > 1 else (pair.en, pair.ja)
    assert [line.kind for line in captioned[:2]] == ["caption", "article"]
    assert plain[0].text.startswith(("第1条", "Article 1. "))
    assert {len(ja), len(en)} == {1, 2}


def test_interleaved_policies_keep_their_order() -> None:
    pair = SETTINGS["interleaved"](ONE, TWO, Random(7))
    for side in (pair.ja, pair.en):
        for name, policy in (("one", ONE), ("two", TWO)):
            own = [line.text for line in side if line.text.removeprefix("(1) ").removeprefix("第2条 ").startswith(name)]
            assert own == [line.text for line in (policy.ja if side is pair.ja else policy.en)]
    assert len(pair.gold()) == len(ONE.links) + len(TWO.links)


def test_a_repeated_section_is_linked_with_its_copy() -> None:
    assert sections(ONE)[0] == (range(3), range(3))
    pair = SETTINGS["section repeated"](ONE, TWO, Random(7))
    extra = len(pair.ja) - len(ONE.ja)
    assert extra >= 3
    copy = [line.text for line in pair.ja[-extra:]]
    assert copy in [[line.text for line in ONE.ja[rows.start : rows.stop]] for rows, _ in sections(ONE)]
    assert {((i,), (i,)) for i in range(len(pair.ja))} == pair.gold()


def test_every_heading_gets_another_number() -> None:
    heads = (
        Line((0,), "第２条（目的）", "heading", 3),
        Line((1,), "Contact", "heading"),
        Line((2,), "(2) x", "item", 4),
    )
    assert [line.text for line in with_numbers(heads, 5)] == ["第7条（目的）", "7. Contact", "(2) x"]


def test_each_pair_is_interleaved_with_one_of_its_half() -> None:
    other = replace(TWO, half="test")
    for pair in perturbed([ONE, other], "interleaved", [7]):
        names = {line.text[line.body :].split(" ")[0] for line in pair.ja + pair.en}
        assert names == {pair.name}


def test_a_link_is_right_as_a_whole_or_not_at_all() -> None:
    gold: set[LineLink] = {((0,), (0, 1)), ((2,), (3,))}
    scored = [
        Scored(((0,), (0,)), 0.9),  # with the next, which shares its line, a gold link
        Scored(((0,), (1,)), 0.8),
        Scored(((2,), (2, 3)), 0.7),
        Scored(((1,), ()), 0.6),
        Scored(((), (3,)), 0.5),
    ]
    assert [right for _, right in judged(scored, gold)] == [True, True, False, True, False]


def test_calibration_error_is_zero_for_true_probabilities() -> None:
    honest = [(0.75, True), (0.75, True), (0.75, True), (0.75, False), (1.0, True)]
    assert calibration_error(honest) == 0
    assert calibration_error([(0.9, False)] * 4) == pytest.approx(0.9)
    assert [len(band) for band in bands(honest)] == [0, 0, 0, 0, 0, 0, 0, 4, 0, 1]


def test_a_grown_text_has_so_many_lines_and_other_numbers() -> None:
    ja, en = (
        tuple(replace(line, text=line.text + words) for line in side)
        for side, words in ((ONE.ja, "当社は"), (ONE.en, " We do."))
    )
    pair = grown([replace(ONE, ja=ja, en=en)], 100)
    assert (len(pair.ja), len(pair.en), len(pair.gold())) == (100, 100, 100)
    assert pair.ja[1].text == "one ja clause 1 of the policy.当社は"
    assert pair.ja[37].text == "one ja clause 8 of the policy.青森県北海道社は"
    assert pair.en[37].text == "one en clause 8 of the policy. Aomori Hokkaido Co. do."


def test_a_table_goes_between_its_markers() -> None:
    document = "Prose.\n<!-- begin long -->\nold\n<!-- end long -->\nMore prose.\n"
    new = written(document, "long", table(["a", "b"], [["1", "2"]]))
    assert new == (
        "Prose.\n<!-- begin long -->\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n<!-- end long -->\nMore prose.\n"
    )
    assert written(new, "long", table(["a", "b"], [["1", "2"]])) == new
    with pytest.raises(ValueError, match="begin short"):
        written(document, "short", "")


def test_a_folder_is_read_with_its_halves(tmp_path: Path, normalizer: Normalizer) -> None:
    for name in ("01-a", "02-b"):
        (tmp_path / f"{name}.ja.txt").write_text("第1条（目的）\n\n当社は、個人情報を守ります。\n", encoding="utf-8")
        (tmp_path / f"{name}.en.txt").write_text("Article 1 (Purpose)\n\nWe protect data.\n", encoding="utf-8")
        (tmp_path / f"{name}.gold.json").write_text('{"links": [[[0], [0]], [[1], [1]]]}', encoding="utf-8")
    pairs = load(tmp_path, ("01",), normalizer)
    assert [(pair.name, pair.half) for pair in pairs] == [("01-a", "tune"), ("02-b", "test")]
    assert [line.text for line in pairs[0].en] == ["Article 1 (Purpose)", "We protect data."]
    assert pairs[0].gold() == {((0,), (0,)), ((1,), (1,))}


def test_a_line_knows_its_kind_and_marker(normalizer: Normalizer) -> None:
    found = lines("第1条（利用目的）\n当社は、次の目的で利用します。\n(1) 商品の発送\n(2) 代金の請求\n", normalizer)
    assert [line.kind for line in found] == ["heading", "paragraph", "item", "item"]
    assert [line.text[line.body :].strip() for line in found[2:]] == ["商品の発送", "代金の請求"]


RIGHT = np.array([1, 1, 1, 0, 1, 0, 0, 0], dtype=float)


def test_logistic_weights_foretell_shares() -> None:
    """Of three in four with a feature, and one in four without, the weights without ridge give just these shares."""
    x = np.array([[1, 1]] * 4 + [[1, 0]] * 4, dtype=float)
    assert predicted(newton(x, RIGHT, 0.0), x) == pytest.approx([0.75] * 4 + [0.25] * 4)
    shrunk = newton(x, RIGHT, 10.0)
    assert 0 < shrunk[1] < newton(x, RIGHT, 0.0)[1]


@pytest.mark.parametrize("ridge", [0.5, 2.0, 10.0])
def test_sparse_rows_give_the_same_weights(ridge: float) -> None:
    x = np.array([[1, 1, 0], [1, 1, 1], [1, 1, 0], [1, 1, 1], [1, 0, 1], [1, 0, 0], [1, 0, 1], [1, 0, 0]], dtype=float)
    rows = [[column for column in range(3) if row[column]] for row in x]
    assert sparse(rows, RIGHT.astype(bool).tolist(), 3, ridge) == pytest.approx(newton(x, RIGHT, ridge), abs=1e-5)


def _marked(text: str, words: str, concept: str) -> mention_odds.Text:
    document = read_text(f"Privacy Policy\n\n{text}\n", text[-4:])
    start = document.text.index(words)
    return mention_odds.Text(text[-4:], "train", "en", document, [(start, start + len(words), concept)])


def test_a_sentence_is_learned_from_where_its_words_stand() -> None:
    """And what is another sense of its form is wrong there: 業務の委託 is not 取扱いの委託."""
    cases = [case for half in SHOWN for case in senses(half)]
    senses_of_form = meanings(cases)
    texts = list(mention_odds.sentences())
    assert len(texts) == len(cases) > 1000
    for case, text in zip(cases, texts, strict=True):
        assert text.document.text[slice(*text.asked or ())] == case.quote
        named = {concept for _, _, concept in text.terms}
        assert named & senses_of_form[case.form, case.language] == {case.concept}


def test_sheets_of_ones_own_are_measured(tmp_path: Path) -> None:
    head = "document\tpart\tcategory\talso\tja\ten\n"
    own = "own\tpublished\tother\t\t[[個人情報|PersonalInformation]]\t[[Personal information|User]]\n"
    (tmp_path / "own.tsv").write_text(head + own, encoding="utf-8")
    _, *rows = annotated.tallied(tmp_path).rows()
    assert [line.split(" | ")[:4] for line in rows] == [
        ["| published, en", "1", "0.000", "0.000"],
        ["| published, ja", "1", "1.000", "1.000"],
    ]
    alone = "alone\tpublished\tother\t\t[[氏名|Name]]を扱います。\t\n"
    (tmp_path / "own.tsv").write_text(head + own + alone, encoding="utf-8")
    texts = list(mention_odds.of_sheets(read_sheets(tmp_path)))
    assert [(text.name, text.language) for text in texts] == [("own", "ja"), ("own", "en"), ("alone", "ja")]


def test_what_is_learned_of_mentions_is_what_was_marked(normalizer: Normalizer) -> None:
    """In texts that call a lectern a contact point and never mark "use", the one becomes a mention, the other goes."""
    texts = [
        _marked(f"We use the {thing} room. Ask the lectern staff of hall {number}", "lectern", "ContactPoint")
        for number, thing in enumerate(
            ("blue", "green", "red", "old", "new", "small", "large", "west", "east", "north"), 1000
        )
    ]
    read = mention_odds.samples(texts)
    weigher = mention_odds.learned(read, normalizer)
    assert weigher.words.counts["en", "lectern"]["ContactPoint"][:3] == (10, 0, 10)
    alone, weighed = (mention_odds.figures(read, one) for one in (None, weigher))
    assert (alone["recalled"], weighed["recalled"]) == (0, 10)
    assert weighed["precise"] / weighed["mentions"] > alone["precise"] / alone["mentions"]
    assert mention_odds.tables(weigher) == mention_odds.tables(mention_odds.learned(read, normalizer))
