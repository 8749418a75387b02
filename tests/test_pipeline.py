"""The stages together, on the policies of corpus/ and on one short pair whose results are kept under golden/.

After a change that is meant: `pytest tests/test_pipeline.py --update-golden`, then read the difference.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from conftest import CORPUS, HERE

from normalizer import Analysis, Clause, Normalizer, NormalizerError, Record
from normalizer.errors import InputError, LanguageError
from normalizer.reading import read
from normalizer.segment.opening import COLUMNS

GOLDEN = HERE / "golden"
POLICIES = sorted(path.name.removesuffix(".ja.txt") for path in CORPUS.glob("*.ja.txt"))
FILES = sorted(CORPUS.glob("*.??.txt"))
# Aligning takes a second or two a pair: the first few in every run, all of them in the slow one.
ALIGNED = [*POLICIES[:4], *(pytest.param(name, marks=pytest.mark.slow) for name in POLICIES[4:])]
CATEGORIES = CORPUS.parent / "glossaries" / "categories.csv"

MADE: Any = Normalizer  # called with what its types forbid
Pair = tuple[Analysis, Analysis, tuple[Record, ...]]


class Pairs(dict[str, Pair]):
    """Policy → its two analyses and its records, aligned when first asked for."""

    def __init__(self, normalizer: Normalizer) -> None:
        self._normalizer = normalizer

    def __missing__(self, name: str) -> Pair:
        ja, en = (self._normalizer.analyze(CORPUS / f"{name}.{side}.txt") for side in ("ja", "en"))
        self[name] = (ja, en, self._normalizer.align(ja, en, name))
        return self[name]


@pytest.fixture(scope="module")
def pairs(normalizer: Normalizer) -> Pairs:
    """The first pairs at once; the others when a slow test asks for them."""
    out = Pairs(normalizer)
    for name in POLICIES[:4]:
        out[name]
    return out


def test_there_is_a_corpus() -> None:
    assert len(POLICIES) >= 6


# --- analyses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_spans_speak_of_their_words(path: Path, normalizer: Normalizer) -> None:
    analysis = normalizer.analyze(path)
    text = analysis.document.text
    assert text == path.read_bytes().decode("utf-8")
    for clause in analysis.clauses:
        assert analysis.text(clause) == text[clause.start : clause.end].strip()
        for mention in clause.mentions:
            assert clause.start <= mention.start < mention.end <= clause.end
        for fact in clause.facts:
            assert clause.start <= fact.start < fact.end <= clause.end
    covered = "".join(analysis.text(clause) for clause in analysis.clauses)
    assert "".join(covered.split()) == "".join(text.split())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_tree_hangs_together(path: Path, normalizer: Normalizer) -> None:
    analysis = normalizer.analyze(path)
    clauses = analysis.clauses
    known: dict[str, Clause] = {}
    for number, clause in enumerate(clauses, 1):
        assert clause.id == f"c{number}"
        if clause.parent is not None:
            above = known[clause.parent]
            assert above.kind != "furniture"
            row = COLUMNS.search(analysis.text(clause)) is not None  # of a table, below the sentence that announces it
            assert clause.kind == "item" or above.kind in ("heading", "item") or row
        known[clause.id] = clause
    assert clauses[0].kind == "heading"
    assert sum(clause.kind == "heading" for clause in clauses) >= 5


def test_what_is_said_of_a_clause_is_known(pairs: Pairs, normalizer: Normalizer) -> None:
    categories = {line.split(",")[0] for line in CATEGORIES.read_text(encoding="utf-8").splitlines()[1:]}
    for ja, en, _ in pairs.values():
        for clause in (*ja.clauses, *en.clauses):
            assert {clause.category, *clause.also} <= categories
            assert all(mention.term.startswith(("ja:", "en:", "defined:", "learned:")) for mention in clause.mentions)
            assert all(mention.concept and 0 < mention.score <= 1 for mention in clause.mentions)


def test_the_corpus_is_understood(pairs: Pairs) -> None:
    """Not a measure of quality, which `normalizer score` is, but a floor below which something is broken."""
    clauses = [clause for ja, en, _ in pairs.values() for clause in (*ja.clauses, *en.clauses)]
    assert len(clauses) >= 500
    assert sum(bool(clause.mentions) for clause in clauses) >= 0.8 * len(clauses)
    assert sum(clause.category != "other" for clause in clauses) >= 0.9 * len(clauses)
    kinds = {fact.kind for clause in clauses for fact in clause.facts}
    assert kinds >= {"date", "email", "fee", "statute"}


@pytest.mark.parametrize("path", FILES[:2], ids=lambda path: path.name)
def test_the_same_text_gives_the_same_analysis_whatever_it_comes_from(path: Path, normalizer: Normalizer) -> None:
    analysis = normalizer.analyze(path)
    again = normalizer.analyze(path.read_text(encoding="utf-8"))
    assert again.clauses == analysis.clauses
    assert normalizer.analyze(read(path)) == analysis
    assert normalizer.analyze(analysis) is analysis
    assert Normalizer().analyze(path) == analysis


# --- alignments --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALIGNED)
def test_every_clause_is_in_exactly_one_record(name: str, pairs: Pairs) -> None:
    ja, en, found = pairs[name]
    for analysis, sides in ((ja, [record.ja for record in found]), (en, [record.en for record in found])):
        ids = [clause.id for side in sides if side for clause in side.clauses]
        assert sorted(ids) == sorted(clause.id for clause in analysis.clauses if clause.kind != "furniture")


@pytest.mark.parametrize("name", ALIGNED)
def test_records_stand_in_reading_order(name: str, pairs: Pairs) -> None:
    found = pairs[name][2]
    assert [record.position for record in found] == list(range(1, len(found) + 1))
    assert [record.id for record in found] == [f"{name}#{record.position:04d}" for record in found]
    starts = [record.ja.clauses[0].start for record in found if record.ja]
    assert starts == sorted(starts)
    assert not any(record.ja is None and record.en is None for record in found)


@pytest.mark.parametrize("name", ALIGNED)
def test_a_record_gives_back_its_documents_words(name: str, pairs: Pairs) -> None:
    ja, en, found = pairs[name]
    for analysis, sides in ((ja, [record.ja for record in found]), (en, [record.en for record in found])):
        text = analysis.document.text
        for side in sides:
            if side:
                assert side.text == "\n".join(text[clause.start : clause.end] for clause in side.clauses)
                assert all(text[mention.start : mention.end] == mention.text for mention in side.mentions)
                assert all(text[fact.start : fact.end] == fact.text for fact in side.facts)


@pytest.mark.parametrize("name", ALIGNED)
def test_a_record_says_where_it_comes_from(name: str, pairs: Pairs, normalizer: Normalizer) -> None:
    ja, en, found = pairs[name]
    for record in found:
        assert record.provenance.items() >= normalizer.versions.items()
        sources = record.provenance["sources"]
        for side, analysis in (("ja", ja), ("en", en)):
            as_of = analysis.as_of.isoformat() if analysis.as_of else "latest"
            document = analysis.document
            assert sources[side] == {"document": f"{name}.{side}.txt", "sha256": document.sha256, "as_of": as_of}
    assert ja.as_of is not None  # every policy of the corpus is dated


def test_most_of_the_corpus_is_linked(pairs: Pairs) -> None:
    found = [record for _, _, records in pairs.values() for record in records]
    assert sum(record.ja is not None and record.en is not None for record in found) >= 0.85 * len(found)


@pytest.mark.slow
def test_aligning_again_gives_the_same_records(pairs: Pairs, normalizer: Normalizer) -> None:
    """Also by an encoder that has seen nothing: what was asked before must not matter."""
    name = POLICIES[0]
    ja, en, found = pairs[name]
    assert normalizer.align(ja, en, name) == found
    assert Normalizer().align(ja, en, name) == found


# --- what align() refuses, and sides that do not exist -----------------------------------------------------------


def test_one_side_alone(normalizer: Normalizer) -> None:
    left = normalizer.align("当社は、第三者に提供しません。", None)
    right = normalizer.align(None, "We do not sell your data.", "shop")
    assert [(record.policy, record.link.kind, record.en) for record in left] == [("text", "1-0", None)]
    assert [(record.policy, record.link.kind, record.ja) for record in right] == [("shop", "0-1", None)]


def test_no_side_at_all(normalizer: Normalizer) -> None:
    with pytest.raises(ValueError, match="at least one side"):
        normalizer.align(None, None)


def test_sides_the_wrong_way_round(normalizer: Normalizer) -> None:
    with pytest.raises(LanguageError, match="wrong way round"):
        normalizer.align("We do not sell your data.", "当社は、第三者に提供しません。")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda n: n.analyze(None), "a policy is a str .*, not None"),
        (lambda n: n.analyze(b"bytes"), "not bytes b'bytes'"),
        (lambda n: n.analyze(["a", "b"]), "pathlib.Path"),
        (lambda n: n.align(7, None), "not int 7"),
        (lambda n: n.split(None), "not None"),
        (lambda n: n.compare("個人情報", None), r"compare\(\) needs two sides"),
        (lambda n: n.check(None), "not None"),
        (lambda n: MADE(glossaries="glossaries"), "a folder, a pathlib.Path, not str 'glossaries'"),
        (lambda n: MADE(extra_terms="mine.csv"), "a tuple of pathlib.Path, not str 'mine.csv'"),
        (lambda n: MADE(extra_terms=Path("mine.csv")), "a tuple of pathlib.Path"),
        (lambda n: MADE(fill="memory", memory=Path("m")), "fill is a tuple"),
        (lambda n: MADE(fill=("memory",), memory="m"), "memory is a file"),
    ],
)
def test_a_wrong_type_is_told_at_the_door(call: Any, message: str, normalizer: Normalizer) -> None:
    with pytest.raises(TypeError, match=message):
        call(normalizer)


@pytest.mark.parametrize("text", ["", "\n", "。。。"])
def test_a_text_without_words(text: str, normalizer: Normalizer) -> None:
    with pytest.raises(InputError, match="no words in it"):
        normalizer.analyze(text)


def test_a_string_is_text_and_never_a_path(normalizer: Normalizer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CORPUS.parent)  # the folder of the checkout, whose name may be of any language
    name = "corpus/01-aozora-shop.en.txt"
    assert Path(name).is_file()
    with pytest.raises(InputError, match=r"give pathlib\.Path\('corpus/01-aozora-shop\.en\.txt'\)"):
        normalizer.analyze(name)
    for text in (f"{name}\n", "corpus/01-aozora-shop.fr.txt", "corpus"):
        assert normalizer.analyze(text).document.text == text


@pytest.mark.parametrize("text", ["個人情報の取扱い\0", "個人情報" * 5000, "\ud800 個人情報の取扱い"])
def test_a_text_that_can_be_no_path(text: str, normalizer: Normalizer) -> None:
    assert normalizer.analyze(text).clauses


@pytest.mark.parametrize(
    "day", ["2024-04-01", datetime.date(2024, 4, 1), datetime.datetime(2024, 4, 1, 12, tzinfo=datetime.UTC)]
)
def test_the_law_of_a_day(day: Any, normalizer: Normalizer) -> None:
    duties = normalizer.check("当社は、個人情報を第三者に提供しません。", as_of=day)
    assert {duty.as_of for duty in duties} == {datetime.date(2024, 4, 1)}


@pytest.mark.parametrize("day", ["1 April 2024", "2024-02-30", "", 2024])
def test_what_is_no_day(day: Any, normalizer: Normalizer) -> None:
    with pytest.raises(InputError, match="as_of is a day"):
        normalizer.check("当社は、個人情報を第三者に提供しません。", as_of=day)


def test_every_error_is_of_the_one_base(normalizer: Normalizer, tmp_path: Path) -> None:
    with pytest.raises(NormalizerError, match=r"gone\.txt"):
        normalizer.analyze(tmp_path / "gone.txt")
    with pytest.raises(NormalizerError, match="at least one side"):
        normalizer.align(None, None)
    with pytest.raises(NormalizerError, match="fill is any of"):
        MADE(fill=["deepl"])


# --- golden files ------------------------------------------------------------------------------------------------


def _clause(line: dict[str, Any]) -> dict[str, Any]:
    """What does not hang on the glossary: the tree, the cut, the language, the category."""
    return {key: line[key] for key in ("id", "parent", "kind", "number", "label", "text", "language", "category")}


def _record(row: dict[str, Any]) -> dict[str, Any]:
    sides = {side: row[side] and [clause["id"] for clause in row[side]["clauses"]] for side in ("ja", "en")}
    return {"id": row["id"], **sides, "link": row["link"]["kind"], "origin": row["link"]["origin"]} | {
        "category": row["category"],
        "fields": sorted(row),
    }


def _compare(path: Path, rows: list[dict[str, Any]], update: bool) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if update:
        path.write_text(text, encoding="utf-8", newline="\n")
    assert [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] == rows


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.mark.parametrize("side", ["ja", "en"])
def test_golden_analysis(side: str, normalizer: Normalizer, update: bool) -> None:
    lines = normalizer.lines(normalizer.analyze(GOLDEN / f"kawabe-books.{side}.txt"))
    rows = [_clause(json.loads(line.model_dump_json())) for line in lines]
    _compare(GOLDEN / f"analyze.{side}.jsonl", rows, update)


def test_golden_records(normalizer: Normalizer, update: bool) -> None:
    found = normalizer.align(GOLDEN / "kawabe-books.ja.txt", GOLDEN / "kawabe-books.en.txt", "kawabe-books")
    rows = [_record(json.loads(record.model_dump_json(by_alias=True))) for record in found]
    _compare(GOLDEN / "align.jsonl", rows, update)
