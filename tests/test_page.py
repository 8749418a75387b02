"""The page of a policy: what it shows, that nothing in a policy becomes mark-up, and that it is always the same."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pages
import pytest
from conftest import CASES
from hypothesis import given
from hypothesis import strategies as st

from normalizer.errors import GlossaryError
from normalizer.export.html import charts, page
from normalizer.export.html.marks import Span, stretches
from normalizer.export.html.view import DOUBTFUL, view
from normalizer.export.html.words import Words
from normalizer.glossary import glossary_folder
from normalizer.records import clause_lines

if TYPE_CHECKING:
    from normalizer.export.html.view import View

GOLDEN = CASES.parent / "golden" / "page.html"
TEMPLATES = Path(charts.__file__).parent / "templates"


@pytest.fixture(scope="module")
def words() -> Words:
    return Words.load(glossary_folder())


@pytest.fixture(scope="module")
def shown(words: Words) -> View:
    records, ja, en, differences = pages.policy()
    trees = {"ja": clause_lines(ja), "en": clause_lines(en)}
    return view(records, trees, differences, pages.glossary(), words)


def _page() -> str:
    records, ja, en, differences = pages.policy()
    return page(records, ja, en, differences, pages.glossary())


# --- marks -------------------------------------------------------------------------------------------------------

TEXT = "個人データを第三者に提供しません。"
SPANS = st.lists(st.tuples(st.integers(0, 45), st.integers(0, 12), st.integers(1, 5)), max_size=8)


@given(SPANS, SPANS)
def test_the_stretches_of_a_text_are_the_text(
    mentions: list[tuple[int, int, int]], numbers: list[tuple[int, int, int]]
) -> None:
    named = [Span(a, a + n, f"C{mark}") for a, n, mark in mentions]
    spans = [Span(a, a + n, mark) for a, n, mark in numbers]
    found = stretches(TEXT, 20, named, spans)
    pieces = [(piece, stretch) for stretch in found for piece in stretch.pieces]
    assert "".join(piece.text for piece, _ in pieces) == TEXT
    at = 20
    for piece, stretch in pieces:
        for offset in range(at, at + len(piece.text)):
            assert set(piece.concepts) == {s.mark for s in named if s.start <= offset < s.end}
            assert set(stretch.differences) == {s.mark for s in spans if s.start <= offset < s.end}
        at += len(piece.text)
    for number in {number for stretch in found for number in stretch.differences}:
        assert sum(number in stretch.ending for stretch in found) >= 1


def test_words_missing_at_a_place_are_a_stretch_without_text() -> None:
    found = stretches("ab", 0, [], [Span(1, 1, 7)])
    assert [("".join(p.text for p in s.pieces), s.differences) for s in found] == [("a", ()), ("", (7,)), ("b", ())]


def test_the_narrowest_concept_comes_first() -> None:
    (stretch,) = stretches("personal data", 0, [Span(0, 13, "Wide"), Span(0, 8, "Narrow")], [])
    assert [piece.concepts for piece in stretch.pieces] == [("Narrow", "Wide"), ("Wide",)]


# --- what is shown -----------------------------------------------------------------------------------------------


def test_every_clause_has_one_place(shown: View) -> None:
    for side, lines in (("ja", pages.JA), ("en", pages.EN)):
        texts = [
            "".join(piece.text for stretch in clause.stretches for piece in stretch.pieces)
            for row in shown.rows
            for clause in getattr(row, side)
        ]
        assert texts == [words for _, _, _, words, _ in lines]


def test_states_of_rows(shown: View) -> None:
    states = ["aligned", "aligned", "aligned", "ja-only", "aligned", "doubtful", "aligned", "en-only", "furniture"]
    assert [row.state for row in shown.rows] == states
    assert [row.number for row in shown.rows] == list(range(1, 10))


def test_depth_follows_the_tree_and_headings_have_levels(shown: View) -> None:
    assert [clause.depth for row in shown.rows for clause in row.ja] == [0, 1, 2, 3, 1, 2, 2]
    assert [clause.heading for row in shown.rows for clause in row.ja] == [1, 2, 0, 0, 2, 0, 0]


def test_differences_are_numbered_as_given_and_know_their_row(shown: View) -> None:
    assert [(entry.number, entry.difference.code, entry.row) for entry in shown.entries] == [
        (1, "negation_lost", 3),
        (2, "clause_missing", 4),
        (3, "wrong_rendering", 5),
        (4, "number_differs", 7),
        (5, "furniture", 9),
        (6, "gap", 3),
        (7, "order_changed", None),
    ]
    assert shown.rows[2].severities == ("high", "low")


def test_a_difference_without_span_belongs_to_the_record_that_holds_it(words: Words) -> None:
    records, ja, en, differences = pages.policy()
    held = records[4].model_copy(update={"differences": (differences[-1],)})
    trees = {"ja": clause_lines(ja), "en": clause_lines(en)}
    found = view((*records[:4], held, *records[5:]), trees, differences, pages.glossary(), words)
    assert found.entries[-1].row == 5


def test_coverage_counts_each_side(shown: View) -> None:
    assert [(c.id, c.ja, c.en) for c in shown.coverage] == [
        ("PersonalData", 2, 2),
        ("ThirdPartyProvision", 1, 1),
        ("Entrustment", 2, 1),
        ("ControllerSelf", 2, 2),
    ]


def test_without_documents_the_records_alone_are_shown(words: Words) -> None:
    records, _, _, differences = pages.policy()
    found = view(records, {}, differences, pages.glossary(), words)
    assert len(found.rows) == len(records)
    assert [clause.heading for row in found.rows for clause in row.ja] == [1, 1, 0, 0, 1, 0, 0]


def test_text_filled_in_is_no_counterpart(words: Words) -> None:
    records, ja, en, _ = pages.policy()
    side = records[2].en
    assert side is not None
    made = side.model_copy(update={"origin": "argos", "clauses": (), "mentions": (), "text": "Made by a machine."})
    changed = (*records[:3], records[3].model_copy(update={"en": made}), *records[4:])
    trees = {"ja": clause_lines(ja), "en": clause_lines(en)}
    found = view(changed, trees, (), pages.glossary(), words)
    assert (found.rows[3].state, found.rows[3].made) == ("ja-only", ("en",))
    assert found.rows[3].en[0].stretches[0].pieces[0].text == "Made by a machine."


def test_a_concept_that_the_glossary_does_not_know_is_named_by_its_id(words: Words) -> None:
    records, ja, en, _ = pages.policy()
    side = records[2].ja
    assert side is not None
    strange = tuple(mention.model_copy(update={"concept": "NewConcept"}) for mention in side.mentions)
    changed = (records[2].model_copy(update={"ja": side.model_copy(update={"mentions": strange})}),)
    found = view(changed, {"ja": clause_lines(ja), "en": clause_lines(en)}, (), pages.glossary(), words)
    assert [c.label.en for c in found.coverage][-1] == "NewConcept"
    assert "NewConcept" in page(changed, ja, en, (), pages.glossary())


def test_charts_count_all(shown: View) -> None:
    assert sum(bar.count for bar in charts.severity_bars(shown)) == len(shown.entries)
    assert sum(bar.count for bar in charts.state_bars(shown)) == len(shown.rows)
    assert sum(bar.count for bar in charts.score_bars(shown)) == 6
    pairs = charts.category_bars(shown)
    assert sum(pair.ja.count for pair in pairs) == len(pages.JA)
    assert sum(pair.en.count for pair in pairs) == len(pages.EN) - 1  # furniture is no clause of the policy


def test_a_page_without_rows_and_differences() -> None:
    _, ja, en, _ = pages.policy()
    assert "相違点はありません" in page((), ja, en, (), pages.glossary())


# --- safety and form ---------------------------------------------------------------------------------------------


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.scripts = 0
        self.handlers: list[str] = []
        self.sources: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        for name, value in attrs:
            if name.startswith("on") or tag == "img":
                self.handlers.append(name)
            if name in ("src", "srcset", "action") or (name == "href" and tag == "link"):
                self.sources.append(value or "")
            if name == "id":
                self.ids.append(value or "")
            if name in ("aria-labelledby", "for"):
                self.targets += (value or "").split()
            if name == "href" and (value or "").startswith("#"):
                self.targets.append((value or "")[1:])


def test_nothing_in_a_policy_becomes_mark_up() -> None:
    found = _Elements()
    found.feed(content := _page())
    assert found.scripts == 2  # the data and the program
    assert found.handlers == []
    assert "alert(1)</script>" not in content


def test_the_page_asks_nothing_of_the_network() -> None:
    found = _Elements()
    found.feed(content := _page())
    assert set(found.sources) == {"data:,"}
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest|https?://", content.replace("http-equiv", ""))
    assert "default-src 'none'" in content


def test_ids_are_unique_and_what_is_pointed_at_is_there() -> None:
    found = _Elements()
    found.feed(_page())
    assert len(set(found.ids)) == len(found.ids)
    assert set(found.targets) <= set(found.ids)


def test_the_page_is_the_golden_one(request: pytest.FixtureRequest) -> None:
    """Style and program are left out, so that the golden file shows what the records make of the page."""
    made = re.sub(r"(<style>|<script>).*?(</style>|</script>)", r"\1\2", _page(), flags=re.DOTALL)
    made = re.sub(r"sha256-[^']+", "sha256-", made)
    if request.config.getoption("--update-golden"):
        GOLDEN.write_text(made, encoding="utf-8", newline="\n")
    assert made == GOLDEN.read_text(encoding="utf-8")


def test_the_same_bytes_whatever_the_hash_seed() -> None:
    script = "import sys, pages; from normalizer.export.html import page\n" + (
        "r, j, e, d = pages.policy(); sys.stdout.buffer.write(page(r, j, e, d, pages.glossary()).encode())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": f"{CASES.parent}:{CASES.parent.parent}"},
        ).stdout
        for seed in ("1", "2")
    }
    assert found == {_page().encode()}


# --- words -------------------------------------------------------------------------------------------------------


def test_every_word_is_used_and_every_use_has_a_word(words: Words) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(TEMPLATES.glob("*.html")))
    made = {"severity": ("high", "medium", "low", "none"), "side": ("ja", "en"), "no": ("ja", "en")}
    made |= {"state": ("aligned", "doubtful", "ja-only", "en-only", "furniture")}
    made |= {"rows": ("differing", "one-sided", "doubtful"), "measure": ("sum", "ja", "en", "gap")}
    made |= {"legend": ("high", "medium", "low"), "kind": tuple(k[5:] for k in words.interface if k[:5] == "kind-")}
    used = {f"{stem}-{end}" for stem, ends in made.items() if f'"{stem}-" ~ ' in text for end in ends}
    used |= set(re.findall(r'\bt\("([^"]+)"', text)) | set(re.findall(r'interface\["([^"]+)"\]', text))
    for listed in re.findall(r"for key in \(([^)]+)\)", text):
        used |= {key for key in re.findall(r'"([^"]+)"', listed) if key in words.interface}
    used = {key for key in used if not key.endswith("-")} | {"kind-"}
    assert used == set(words.interface)


def test_every_kind_of_concept_has_a_word(words: Words, glossaries: Path) -> None:
    from normalizer.glossary import Glossary

    kinds = {concept.kind for concept in Glossary.load(glossaries).ontology}
    assert {f"kind-{kind}" for kind in kinds} <= words.interface.keys()


def test_the_legend_names_the_bound_of_doubt(words: Words) -> None:
    label = words.interface["legend-doubtful"]
    assert str(DOUBTFUL) in label.ja
    assert str(DOUBTFUL) in label.en


def test_a_word_that_lacks_a_language_is_named(tmp_path: Path) -> None:
    for name in ("page_words.csv", "categories.csv"):
        (tmp_path / name).write_text((glossary_folder() / name).read_text(encoding="utf-8"), encoding="utf-8")
    with (tmp_path / "page_words.csv").open("a", encoding="utf-8") as table:
        table.write("more-words,,only English\n")
    with pytest.raises(GlossaryError, match=r"page_words\.csv:\d+: 'more-words' has no name in 'ja'"):
        Words.load(tmp_path)
