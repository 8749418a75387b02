"""Which mentions are told and which words are terms too: cases in a file, wrong tables, and what holds of any text."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from conftest import CORPUS, named_rows
from hypothesis import given
from hypothesis import strategies as st

from normalizer import Normalizer
from normalizer.errors import GlossaryError
from normalizer.glossary import glossary_folder
from normalizer.interpret.marked import MarkedWords
from normalizer.interpret.readings import headings
from normalizer.interpret.weighing import BIAS, EVIDENCE, LEARNED, Weigher, grouped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normalizer.model import Clause, Token

TITLES = {"ja": "プライバシーポリシー", "en": "Privacy Policy"}
NUMBERS = {"ja": "第1条　", "en": "1. "}


class Case(NamedTuple):
    """A row of cases/weighing.tsv."""

    language: str
    heading: str
    text: str
    words: str
    concept: str
    told: str


_CASES = [Case(**row) for row in named_rows("weighing.tsv")]


def _clause(normalizer: Normalizer, language: str, heading: str, text: str) -> tuple[str, Clause]:
    analysis = normalizer.analyze(f"{TITLES[language]}\n\n{NUMBERS[language]}{heading}\n\n{text}\n")
    return analysis.document.text, analysis.clauses[-1]


def _named(normalizer: Normalizer, case: Case) -> tuple[bool, bool]:
    """Whether the words name the concept, and whether they name anything."""
    text, clause = _clause(normalizer, case.language, case.heading, case.text)
    start = text.index(case.words, clause.start)
    over = [m.concept for m in clause.mentions if m.start < start + len(case.words) and start < m.end]
    return case.concept in over, bool(over)


@pytest.mark.parametrize("case", _CASES, ids=lambda case: f"{case.concept}-{case.words}-{case.told}")
def test_what_the_wording_tells(normalizer: Normalizer, unweighed: Normalizer, case: Case) -> None:
    assert (_named(unweighed, case), _named(normalizer, case)[0]) == {
        "added": ((False, False), True),
        "instead": ((False, True), True),
        "left out": ((True, True), False),
        "stays": ((True, True), True),
    }[case.told]


def test_what_is_added_says_so(normalizer: Normalizer) -> None:
    text, clause = _clause(normalizer, "ja", "取得する情報", "お名前、お住まい、ご家族の構成、お勤め先")
    (added,) = (mention for mention in clause.mentions if mention.concept == "FamilyStructure")
    assert text[added.start : added.end] == "家族の構成"
    assert (added.term, added.evidence) == (f"{LEARNED}家族の構成", (EVIDENCE,))
    assert 0 < added.score < 1


def test_words_in_the_place_of_a_mention_keep_its_entry(normalizer: Normalizer, unweighed: Normalizer) -> None:
    place = ("en", "Retention period", "Lists are shredded three years after you leave.")
    old, new = (
        next(mention for mention in _clause(reader, *place)[1].mentions if mention.concept == concept)
        for reader, concept in ((unweighed, "Disposal"), (normalizer, "DataAccuracyAndErasure"))
    )
    assert (new.start, new.end, new.term) == (old.start, old.end, old.term)
    assert new.evidence == (*old.evidence, EVIDENCE)


def test_statements_are_read_from_all_mentions(normalizer: Normalizer, unweighed: Normalizer) -> None:
    for path in sorted(CORPUS.glob("03*.txt")):
        weighed, whole = normalizer.analyze(path), unweighed.analyze(path)
        assert [c.statement for c in weighed.clauses] == [c.statement for c in whole.clauses]
        assert [c.category for c in weighed.clauses] == [c.category for c in whole.clauses]
        assert [c.mentions for c in weighed.clauses] != [c.mentions for c in whole.clauses]


def test_a_clause_is_weighed_below_its_nearest_heading(normalizer: Normalizer) -> None:
    text = "Privacy Policy\n\nWe ask.\n\n1. Cookies\n\nWe look.\n\n(1) A page\n\n(2) A shop\n\n2. Contact\n\nCall us.\n"
    clauses = normalizer.analyze(text).clauses
    named = {text[clause.body : clause.end]: found for clause, found in zip(clauses, headings(clauses), strict=True)}
    assert not named["Privacy Policy"]
    assert set(named["We ask."]) == set(named["Cookies"]) == {"PrivacyPolicy"}
    assert all(set(named[words]) == {"Cookie"} for words in ("We look.", "A page", "A shop"))
    assert set(named["Call us."]) == {"ContactPoint"}


def test_what_the_heading_names_decides(unweighed: Normalizer) -> None:
    """A reading of words that speaks below one heading and not below another."""
    odds = grouped({BIAS: -300, ("term", "Use", "under Cookie"): 600})
    weigher = Weigher(MarkedWords.of({}), odds)
    analysis = unweighed.analyze("Privacy Policy\n\n1. Cookies\n\nWe use it.\n\n2. Security\n\nWe use it.\n")
    source, tokenizer = analysis.document.text, unweighed._reader.tokenizer
    tokens = [tokenizer.tokens(source, one.body, one.end, one.language) for one in analysis.clauses]
    told = weigher.weighed(source, analysis.clauses, tokens)
    assert [[m.concept for m in one.mentions] for one in told if one.kind == "paragraph"] == [["Use"], []]


def test_each_mention_has_the_chance_of_its_wording(normalizer: Normalizer, unweighed: Normalizer) -> None:
    path = CORPUS / "03-minato-goods.en.txt"
    for clause in normalizer.analyze(path).clauses:
        assert len(clause.chances) == len(clause.mentions)
        assert all(0 < chance <= 1 for chance in clause.chances)
        learned = [one for one in zip(clause.mentions, clause.chances, strict=True) if one[0].term.startswith(LEARNED)]
        assert all(mention.score == chance for mention, chance in learned)
    assert not any(clause.chances for clause in unweighed.analyze(path).clauses)


def test_a_users_own_terms_stay(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("concept,language,form,status,register,source,note\nUse,en,use,admitted,,,\n", encoding="utf-8")
    case = Case("en", "Cookies", "Our pages use small files that remember what you looked at.", "use", "Use", "")
    assert _named(Normalizer(extra_terms=(own,)), case) == (True, True)


def _tables(folder: Path) -> Path:
    return Path(shutil.copytree(glossary_folder(), folder / "tables"))


def test_without_odds_mentions_stay(tmp_path: Path, unweighed: Normalizer) -> None:
    folder = _tables(tmp_path)
    (folder / "mention_odds.csv").unlink()
    path = CORPUS / "01-aozora-shop.en.txt"
    assert Normalizer(folder).analyze(path).clauses == unweighed.analyze(path).clauses


@pytest.mark.parametrize(
    ("table", "row", "message"),
    [
        pytest.param("mention_odds.csv", "term,Use,after a,much", "mention_odds.csv:.*'much'.*hundredths", id="weight"),
        pytest.param("mention_odds.csv", "trem,Use,after a,7", "mention_odds.csv:.*trem.*term", id="kind"),
        pytest.param("marked_words.csv", "en,guide,PublicNotise,3,0,9,1", "words.csv:.*PublicNotice", id="concept"),
        pytest.param("marked_words.csv", "en,guide,Use,few,0,9,1", "marked_words.csv:.*whole numbers", id="count"),
        pytest.param("marked_words.csv", "eng,guide,Use,3,0,9,1", "marked_words.csv:.*eng.*en", id="language"),
        pytest.param("marked_words.csv", "en,,Use,3,0,9,1", "marked_words.csv:.*no words", id="words"),
        pytest.param("marked_words.csv", "en,guide,Use", "marked_words.csv:.*3 cells", id="cells"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, table: str, row: str, message: str) -> None:
    folder = _tables(tmp_path)
    with (folder / table).open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    with pytest.raises(GlossaryError, match=message):
        Normalizer(folder)


@pytest.mark.parametrize(
    "text", ["外の会社に頼む係の棚の鍵を処分し、", "we ask the desk to rewrite the household list, "]
)
def test_time_grows_with_length_only(normalizer: Normalizer, text: str) -> None:
    """Four times the text may take ten times as long on a busy machine, never sixteen."""
    weigher = normalizer._reader._interpreter.weigher
    assert weigher
    times = []
    for size in (300, 1200):
        analysis = normalizer.analyze(text * size)
        source = analysis.document.text
        tokens = [
            normalizer._reader.tokenizer.tokens(source, one.body, one.end, one.language) for one in analysis.clauses
        ]
        times.append(min(_seconds(weigher, source, analysis.clauses, tokens) for _ in range(3)))
    assert times[1] < 10 * times[0] + 0.02


def _seconds(weigher: Weigher, text: str, clauses: Sequence[Clause], tokens: Sequence[Sequence[Token]]) -> float:
    start = time.process_time()
    weigher.weighed(text, clauses, tokens)
    return time.process_time() - start


@given(
    st.text(alphabet=st.sampled_from(list("お客様の情報を頼む処分係㈱İ開示・，we use the desk to ask.\u3000\n(1)🙂")))
)
def test_whatever_the_text_mentions_are_in_order_and_in_their_clauses(normalizer: Normalizer, text: str) -> None:
    analysis = normalizer.analyze(f"こちらのページのとおりです。{text}")
    for clause in analysis.clauses:
        assert all(clause.start <= m.start < m.end <= clause.end for m in clause.mentions)
        assert [m.start for m in clause.mentions] == sorted(m.start for m in clause.mentions)
        assert all(m.concept in normalizer.glossary.ontology and 0 < m.score <= 1 for m in clause.mentions)
        learned = [m for m in clause.mentions if m.term.startswith(LEARNED)]
        assert all(m.term == f"{LEARNED}{analysis.document.text[m.start : m.end]}" for m in learned)
