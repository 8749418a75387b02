"""The annotations under corpus/: sound, flagged by one rule, counted as their datasheet says; agreement by hand."""

from __future__ import annotations

import csv
import importlib.util
import json
import re
import warnings
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import agreement
import confusables
import counts
import pytest
from conftest import CORPUS, HERE

if TYPE_CHECKING:
    from pathlib import Path

TOP = HERE.parent
DATASHEET = CORPUS / "README.md"
GUIDE = TOP / "docs" / "annotation.md"
ANNOTATED = sorted(path for folder in ("gold", "first", "second") for path in (CORPUS / folder).glob("*.json"))
FLAGGED = [path for path in ANNOTATED if path.parent.name != "first"]  # the first keeps the flags it was made with
GOLD = [path for path in ANNOTATED if path.parent.name == "gold"]
TABLES = confusables.forms()
ABOVE = confusables.broader()
LABEL = re.compile(r"bullet|supplement|(?:chapter|section|article|item) [0-9]+(?:-[0-9]+)*(?:\.[0-9]+)*")
# Kind → the form of its value.
VALUES = {
    "date": r"\d{4}-\d\d-\d\d",
    "fee": r"free|\d+ [A-Z]{3}( tax-included)?",
    "period": r"P(\d+[YMWD])+|PT\d+[HM]",
    "percentage": r"[\d.]+%?",
    "age": r"(<=|>=|<|>)?\d+",
    "email": r"[^@\s]+@[^@\s]+",
    "phone": r"\+\d+",
    "url": r"\S+",
    "postal": r"\d{3}-\d{4}",
    "address": r"\S.*\S",
    "statute": r"\w+(:\d+(-\d+)*(\(\d+(-\d+)?\))?(\((\d+|[ivx]+|[a-z])\))*)?",
}


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def _load(path: Path) -> tuple[dict[str, Any], str]:
    text = (CORPUS / f"{path.stem}.txt").read_bytes().decode("utf-8")
    return json.loads(path.read_text(encoding="utf-8")), text


def _ids(table: str) -> set[str]:
    with (TOP / "glossaries" / table).open(encoding="utf-8-sig", newline="") as file:
        return {row["id"] for row in csv.DictReader(file)}


# --- the annotations ---------------------------------------------------------------------------------------------


def test_all_policies_are_annotated_and_a_quarter_twice() -> None:
    folders = Counter(path.parent.name for path in ANNOTATED)
    assert folders["gold"] == 2 * len(list(CORPUS.glob("*.gold.json")))
    assert folders["first"] == folders["second"] == folders["gold"] // 4


@pytest.mark.parametrize("path", ANNOTATED, ids=_name)
def test_clauses_cover_the_text_once_and_make_a_tree(path: Path) -> None:
    gold, text = _load(path)
    seen: set[str] = set()
    covered = [0] * len(text)
    for clause in gold["clauses"]:
        assert clause["parent"] is None or clause["parent"] in seen, clause
        seen.add(clause["id"])
        assert {clause["category"], *clause["also"]} <= _ids("categories.csv"), clause
        assert clause["category"] not in clause["also"], clause
        assert clause["kind"] in ("heading", "paragraph", "item", "furniture"), clause
        assert clause["label"] is None or LABEL.fullmatch(clause["label"]), clause
        assert (clause["number"] is None) or text[clause["start"] :].startswith(clause["number"]), clause
        for place in range(clause["start"], clause["end"]):
            covered[place] += 1
    assert all(times == 1 or (not times and text[place].isspace()) for place, times in enumerate(covered))


@pytest.mark.parametrize("path", ANNOTATED, ids=_name)
def test_terms_and_facts_quote_the_text_within_a_clause(path: Path) -> None:
    gold, text = _load(path)
    spans = [(clause["start"], clause["end"]) for clause in gold["clauses"]]
    for row in [*gold["terms"], *gold["facts"]]:
        assert text[row["start"] : row["end"]] == row["quote"] == row["quote"].strip(), row
        assert any(start <= row["start"] and row["end"] <= end for start, end in spans), row
    assert {term["concept"] for term in gold["terms"]} <= set(ABOVE)
    terms = sorted(gold["terms"], key=lambda term: term["start"])
    assert not [(a, b) for a, b in pairwise(terms) if a["end"] > b["start"]]
    assert not [fact for fact in gold["facts"] if not re.fullmatch(VALUES[fact["kind"]], fact["value"])]


@pytest.mark.parametrize("path", FLAGGED, ids=_name)
def test_confusable_is_what_the_table_of_senses_says(path: Path) -> None:
    gold, _ = _load(path)
    assert confusables.wrong(gold, TABLES[path.stem[-2:]], ABOVE) == []


@pytest.mark.parametrize(
    ("language", "quote", "concept", "expected"),
    [
        ("ja", "開示の請求", "DisclosureRequest", True),
        ("ja", "開示しない", "DisclosureRefusal", False),  # no sense of 開示
        ("ja", "利用の停止", "UseCeaseRequest", True),  # 利用停止, parted
        ("ja", "法", "APPI", True),
        ("ja", "個人情報の保護に関する法律", "APPI", False),  # 法 within a name
        ("ja", "利用目的", "PurposeOfUse", False),
        ("en", "disclosing", "DisclosureRequest", True),
        ("en", "the Act", "APPI", True),
        ("en", "Act on the Protection of Personal Information", "APPI", False),
        ("en", "consent", "Consent", True),  # above PriorConsent
        ("en", "commission", "PersonalInformationProtectionCommission", False),  # one sense only
        ("en", "customers", "Customer", False),
    ],
)
def test_confusable(language: str, quote: str, concept: str, expected: bool) -> None:
    assert confusables.confusable(quote, concept, TABLES[language], ABOVE) is expected


@pytest.mark.parametrize("path", GOLD, ids=_name)
def test_quotes_keep_the_rules_that_a_program_can_see(path: Path) -> None:
    gold, text = _load(path)
    for term in gold["terms"]:
        if term["concept"] == "PrivacyPolicy":
            assert not re.match(r"この|this ", term["quote"], re.IGNORECASE), term
        assert term["quote"] not in ("同法", "同条", "it", "they"), term
    for fact in gold["facts"]:
        if fact["kind"] == "fee":  # a spending limit, a threshold, a fare is none
            clause = next(c for c in gold["clauses"] if c["start"] <= fact["start"] < c["end"])
            words = text[clause["start"] : clause["end"]]
            line = [words, *_above(gold["clauses"], clause, text)]
            assert re.search(r"手数料|費用|\b(fee|charge|cost)", " ".join(line), re.IGNORECASE), (fact, words)


def _above(clauses: list[dict[str, Any]], clause: dict[str, Any], text: str) -> list[str]:
    by_id = {c["id"]: c for c in clauses}
    out = []
    while clause["parent"]:
        clause = by_id[clause["parent"]]
        out.append(text[clause["start"] : clause["end"]])
    return out


# --- agreement ---------------------------------------------------------------------------------------------------


def _clause(
    number: int, span: tuple[int, int], kind: str, parent: int, category: str, also: str = ""
) -> dict[str, Any]:
    place = {"start": span[0], "end": span[1], "parent": f"c{parent}" if parent else None}
    return {"id": f"c{number}", "kind": kind, "category": category, "also": also.split()} | place


def _term(start: int, end: int, concept: str) -> dict[str, Any]:
    return {"start": start, "end": end, "quote": "", "concept": concept}


def _fact(kind: str, start: int, end: int, value: str) -> dict[str, Any]:
    return {"kind": kind, "start": start, "end": end, "quote": "", "value": value}


FIRST = {
    "clauses": [
        _clause(1, (0, 10), "heading", 0, "policy_statement"),
        _clause(2, (11, 20), "paragraph", 1, "purpose_of_use"),
        _clause(3, (21, 30), "item", 2, "acquisition", "data_categories"),
        _clause(4, (31, 40), "item", 2, "acquisition"),
    ],
    "terms": [_term(0, 4, "Name"), _term(5, 9, "Use"), _term(12, 16, "Consent")],
    "facts": [_fact("date", 21, 25, "2024-04-01"), _fact("fee", 26, 29, "free")],
}
SECOND = {
    "clauses": [
        _clause(1, (0, 10), "heading", 0, "policy_statement"),
        _clause(2, (11, 20), "paragraph", 1, "purpose_of_use"),
        _clause(3, (21, 30), "paragraph", 1, "data_categories"),
        _clause(4, (31, 45), "item", 2, "acquisition"),
    ],
    "terms": [_term(0, 4, "Name"), _term(5, 8, "Use"), _term(12, 16, "PriorConsent"), _term(17, 19, "Cookie")],
    "facts": [_fact("date", 21, 25, "2024-04-11")],
}
# By hand: three clauses of four have the same span. Kinds: two of three agree; chance gives 1/3·1/3 + 1/3·2/3 = 1/3.
# Categories: two of three agree; chance gives 2·(1/3·1/3) = 2/9; the third is among the others of one annotator.
BY_HAND = {
    "clauses": 4,
    "boundary": 6 / 8,
    "kind": 2 / 3,
    "kind kappa": (2 / 3 - 1 / 3) / (1 - 1 / 3),
    "parent": 2 / 3,
    "category": 2 / 3,
    "category kappa": (2 / 3 - 2 / 9) / (1 - 2 / 9),
    "category lenient": 1,
    "terms": 3.5,
    "term exact": 2 / 7,
    "term overlap": 4 / 7,
    "term place": 6 / 7,
    "facts": 1.5,
    "fact": 2 / 3,
    "fact value": 0,
}


def test_agreement_as_computed_by_hand() -> None:
    tally, said = agreement.compare(FIRST, SECOND)
    assert tally.figures() == pytest.approx(BY_HAND)
    assert list(agreement.COLUMNS) == list(BY_HAND)
    kinds = Counter(line.split()[0] for line in said)
    assert kinds == {"clause": 2, "kind": 1, "parent": 1, "category": 1, "term": 3, "fact": 2}


def test_agreement_is_symmetric_and_full_with_oneself() -> None:
    assert agreement.compare(SECOND, FIRST)[0].figures() == pytest.approx(BY_HAND)
    tally, said = agreement.compare(FIRST, FIRST)
    assert {value for name, value in tally.figures().items() if name not in ("clauses", "terms", "facts")} == {1.0}
    assert said == []


def test_kappa_is_nought_where_chance_explains_all() -> None:
    assert agreement.kappa(Counter({("a", "a"): 1, ("a", "b"): 1, ("b", "a"): 1, ("b", "b"): 1})) == 0
    assert agreement.kappa(Counter({("a", "a"): 5})) == 1  # nothing to disagree on


def test_each_term_is_paired_once() -> None:
    long, short = [_term(0, 10, "Use")], [_term(0, 4, "Use"), _term(5, 10, "Use")]
    assert len(agreement.overlapping(long, short, by_concept=True)) == 1


# --- what the pages say ------------------------------------------------------------------------------------------


def test_the_guide_shows_the_agreement_that_the_command_prints() -> None:
    groups, _ = agreement.tallies(CORPUS / "first", CORPUS / "second")
    assert agreement.table(groups) in GUIDE.read_text(encoding="utf-8")


@pytest.mark.parametrize("title", counts.tables())
def test_the_datasheet_shows_the_counts_of_the_files(title: str) -> None:
    assert counts.tables()[title] in DATASHEET.read_text(encoding="utf-8"), "run `python corpus/counts.py`"


def test_the_datasheet_names_every_policy_and_every_code() -> None:
    page = DATASHEET.read_text(encoding="utf-8")
    for path in CORPUS.glob("*.differences.csv"):
        assert f"| {path.name.removesuffix('.differences.csv')} |" in page
        with path.open(encoding="utf-8", newline="") as file:
            assert {row["code"] for row in csv.DictReader(file)} <= set(re.findall(r"`(\w+)`", page))


EXAMPLES = re.findall(r"<!-- needs: (\w+) -->\n```python\n(.*?)```", DATASHEET.read_text(encoding="utf-8"), re.DOTALL)


def test_there_are_examples() -> None:
    assert [module for module, _ in EXAMPLES] == ["pandas", "polars", "datasets"]


@pytest.mark.slow
@pytest.mark.parametrize(("module", "code"), EXAMPLES, ids=[module for module, _ in EXAMPLES])
def test_the_examples_of_the_datasheet_run(
    module: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if importlib.util.find_spec(module) is None:
        pytest.skip(f"{module} is not installed; it is in the extra `research`")
    monkeypatch.chdir(TOP)
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    rows = re.search(r"```python\n(.*?)```", DATASHEET.read_text(encoding="utf-8"), re.DOTALL)
    assert rows
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of the libraries that the page shows
        exec(compile(rows[1] + code, f"corpus/README.md, {module}", "exec"), {"__name__": "page"})
    assert "DisclosureRequest" in capsys.readouterr().out
