"""`glossary lookup` and `glossary export`, a user's own tables, and TBX files good and evil."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from normalizer import Normalizer
from normalizer.cli import main
from normalizer.errors import GlossaryError
from normalizer.export.csv import to_csv
from normalizer.export.tbx import to_tbx
from normalizer.glossary import Glossary, glossary_folder
from normalizer.glossary.rows import TERM_COLUMNS

pytestmark = pytest.mark.usefixtures("tables_once")
GLOSSARY = Glossary.load()
CASES = Path(__file__).parent / "cases"
HEAD = ",".join(TERM_COLUMNS) + "\n"
XML = "{http://www.w3.org/XML/1998/namespace}"
TBX = "{urn:iso:std:iso:30042:ed-2}"
MIN = "{http://www.tbxinfo.net/ns/min}"
BASIC = "{http://www.tbxinfo.net/ns/basic}"


def iris() -> dict[str, str]:
    with (glossary_folder() / "dpv.csv").open(encoding="utf-8", newline="") as table:
        return {row["curie"]: row["iri"] for row in csv.DictReader(table)}


# --- lookup ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "concept"),
    [
        ("第三者提供", "ThirdPartyProvision"),
        ("joint use", "JointUse"),
        ("Joint Use", "JointUse"),
        ("RetainedPersonalData", "RetainedPersonalData"),
        ("Ｃｏｏｋｉｅ", "Cookie"),
        ("漏洩", "Leakage"),
        ("取扱", "Handling"),
        ("お客さま", "Customer"),
        ("第三者に提供されます", "ThirdPartyProvision"),
        ("legitimate interest", "LegitimateInterest"),
        ("Joint Uses", "JointUse"),
    ],
)
def test_lookup_finds_words_and_ids(capfdbinary: pytest.CaptureFixture[bytes], word: str, concept: str) -> None:
    assert main(["glossary", "lookup", word, "--json"]) == 0
    entries = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert concept in [entry["concept"] for entry in entries]
    assert {entry["word"] for entry in entries} == {word}


def test_lookup_tells_all_that_is_known(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    main(["glossary", "lookup", "RetainedPersonalData", "--json"])
    entry = json.loads(capfdbinary.readouterr().out)
    assert entry["labels"]["ja"] == "保有個人データ"
    assert entry["broader"][-1] == "Information"
    assert "16(4)" in entry["articles"]["APPI-2022-04-01"]
    assert {match["match"] for match in entry["dpv"]} <= {"exact", "close", "broad", "narrow", "related"}
    assert all(match["iri"].startswith("https://w3id.org/dpv") for match in entry["dpv"])
    assert entry["forms"]["ja"][0]["status"] == "preferred"
    main(["glossary", "lookup", "特定個人情報", "--json"])
    assert "2(9)" in json.loads(capfdbinary.readouterr().out)["articles"]["MyNumberAct-2025-06-24"]
    main(["glossary", "lookup", "提供", "--json"])
    senses = [json.loads(line)["senses"] for line in capfdbinary.readouterr().out.splitlines()]
    assert any(rule["concept"] == "ThirdPartyProvision" and rule["cue"] for rule in senses[0])


def test_lookup_is_plain_text_where_there_is_no_terminal(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["glossary", "lookup", "deposit"]) == 0
    told = capfdbinary.readouterr().out.decode("utf-8").splitlines()
    assert "concept: Entrustment" in told
    assert any(line.startswith("en wrong: ") and "deposit" in line for line in told)
    assert any(line.startswith("sense of ") and "Entrustment" in line for line in told)
    assert not any("\x1b" in line or "│" in line for line in told)


def test_a_word_that_is_more_than_its_term_is_unknown(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["glossary", "lookup", "漏洩の窓辺", "legitimate interest rates"]) == 1
    assert capfdbinary.readouterr().out == b""


def test_lookup_names_the_nearest_where_nothing_is_known(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["glossary", "lookup", "第三社提供", "joint use"]) == 1
    told = capfdbinary.readouterr()
    assert "第三社提供: unknown; nearest: 第三者提供" in told.err.decode("utf-8")
    assert "JointUse" in told.out.decode("utf-8")


# --- export ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_csv_comes_out_as_it_can_go_in(tmp_path: Path) -> None:
    out = tmp_path / "all.csv"
    assert main(["glossary", "export", "--to", "csv", "--out", str(out)]) == 0
    assert sorted(map(str, Glossary.load(extra=[out]).terms)) == sorted(map(str, GLOSSARY.terms))
    rows = list(csv.reader(io.StringIO(to_csv(GLOSSARY))))
    assert tuple(rows[0]) == TERM_COLUMNS
    assert len(rows) == len(GLOSSARY.listed) + 1


def test_tbx_is_of_the_structure_that_tbx_basic_asks_for() -> None:
    """The core structure of ISO 30042:2019 and the places and values of the modules min and basic."""
    root = ElementTree.fromstring(to_tbx(GLOSSARY, iris()))
    assert root.tag == f"{TBX}tbx"
    assert (root.get("type"), root.get("style"), root.get(f"{XML}lang")) == ("TBX-Basic", "dct", "en")
    assert [child.tag for child in root] == [f"{TBX}tbxHeader", f"{TBX}text"]
    assert root.find(f"{TBX}tbxHeader/{TBX}fileDesc/{TBX}sourceDesc/{TBX}p") is not None
    entries = root.findall(f"{TBX}text/{TBX}body/{TBX}conceptEntry")
    ids = [entry.get("id") for entry in entries]
    assert len(set(ids)) == len(ids) == len({term.concept for term in GLOSSARY.listed})
    for entry in entries:
        languages = entry.findall(f"{TBX}langSec")
        assert entry[-len(languages) :] == languages  # what is about the concept comes first
        assert [language.get(f"{XML}lang") for language in languages] in (["ja", "en"], ["ja"], ["en"])
        for reference in entry.findall(f"{BASIC}crossReference"):
            assert reference.get("target") in ids
        for reference in entry.findall(f"{MIN}externalCrossReference"):
            assert str(reference.get("target")).startswith("https://")
        for language in languages:
            _check_language(language)


def _check_language(language: ElementTree.Element) -> None:
    terms = language.findall(f"{TBX}termSec")
    assert terms
    assert language[-len(terms) :] == terms
    for term in terms:
        assert term[0].tag == f"{TBX}term"
        assert term[0].text
        (status,) = term.findall(f"{MIN}administrativeStatus")
        assert status.text in ("preferredTerm-admn-sts", "admittedTerm-admn-sts", "deprecatedTerm-admn-sts")
        assert {part.tag for part in term} <= {
            *(f"{TBX}{name}" for name in ("term", "note")),
            f"{MIN}administrativeStatus",
            f"{BASIC}source",
        }


@pytest.mark.slow
def test_tbx_goes_in_again(tmp_path: Path) -> None:
    out = tmp_path / "all.tbx"
    assert main(["glossary", "export", "--to", "tbx", "--out", str(out)]) == 0
    again = Glossary.load(extra=[out])
    kinds = {"rendering": "admitted"}  # TBX has no such status
    assert sorted((t.concept, t.language, t.form, t.status) for t in again.listed) == sorted(
        (t.concept, t.language, t.form, kinds.get(t.status, t.status)) for t in GLOSSARY.listed
    )


def test_tbx_escapes_what_xml_would_misread(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text(HEAD + 'Consent,en,"a <b> & ""c"" ]]> d",admitted,,x & y,\n', encoding="utf-8")
    root = ElementTree.fromstring(to_tbx(Glossary.load(extra=[own]), iris()))
    assert 'a <b> & "c" ]]> d' in [term.text for term in root.iter(f"{TBX}term")]


@pytest.mark.slow
def test_skos_is_read_by_rdflib(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    rdflib = pytest.importorskip("rdflib")
    skos = rdflib.SKOS
    assert main(["glossary", "export", "--to", "skos"]) == 0
    graph = rdflib.Graph().parse(data=capfdbinary.readouterr().out, format="turtle")

    def count(predicate: object) -> int:
        return len(list(graph.triples((None, predicate, None))))

    ontology, terms = GLOSSARY.ontology, GLOSSARY.terms
    preferred = {(term.concept, term.language): term.form for term in terms if term.status == "preferred"}
    other = {(t.concept, t.language, t.form, t.status == "wrong") for t in terms if t.status != "preferred"}
    other -= {(id, language, form, wrong) for (id, language), form in preferred.items() for wrong in (True, False)}
    assert len(list(graph.subjects(rdflib.RDF.type, skos.Concept))) == len(ontology)
    assert len(list(graph.subjects(rdflib.RDF.type, skos.ConceptScheme))) == 1
    assert count(skos.prefLabel) == 2 * len(ontology)
    labels = {(concept.id, language, concept.label(language)) for concept in ontology for language in ("ja", "en")}
    clash = {(id, language, form) for id, language, form, _ in other if (id, language) not in preferred} & labels
    assert count(skos.altLabel) + count(skos.hiddenLabel) == len(other) - len(clash)
    assert count(skos.hiddenLabel) == sum(wrong for *_, wrong in other)
    assert count(skos.definition) == 2 * len(ontology)
    assert count(skos.broader) == sum(concept.broader is not None for concept in ontology)
    matches = sum(map(count, (skos.exactMatch, skos.closeMatch, skos.broadMatch, skos.narrowMatch, skos.relatedMatch)))
    assert matches == sum(len(concept.dpv) for concept in ontology)
    assert count(skos.notation) == sum(len(concept.appi) + len(concept.gdpr) for concept in ontology)
    labels_of_one = graph.objects(rdflib.URIRef("urn:policy-normalizer:JointUse"), skos.prefLabel)
    assert {(label.language, str(label)) for label in labels_of_one} == {("ja", "共同利用"), ("en", "joint use")}


@pytest.mark.parametrize("format", ["skos", "tbx", "csv"])
def test_an_export_is_the_same_each_time(capfdbinary: pytest.CaptureFixture[bytes], format: str) -> None:
    if format == "skos":
        pytest.importorskip("rdflib")
    arguments = ["glossary", "export", "--to", format, "--tables", str(CASES / "checks" / "base")]
    told = []
    for _ in range(2):
        assert main(arguments) == 0
        told.append(capfdbinary.readouterr().out)
    assert told[0] == told[1]
    assert "提供" in told[0].decode("utf-8")


def test_export_where_nothing_can_be_written_is_misuse(tmp_path: Path) -> None:
    assert main(["glossary", "export", "--to", "csv", "--out", str(tmp_path / "no" / "folder.csv")]) == 2


# --- a user's own tables -----------------------------------------------------------------------------------------


def own_tbx(path: Path, *terms: tuple[str, str, str, str]) -> Path:
    entries = "".join(
        f'<conceptEntry id="{concept}"><langSec xml:lang="{language}"><termSec><term>{form}</term>'
        f"<min:administrativeStatus>{status}</min:administrativeStatus></termSec></langSec></conceptEntry>"
        for concept, language, form, status in terms
    )
    path.write_text(
        '<?xml version="1.0"?><tbx type="TBX-Basic" style="dct" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2" '
        f'xmlns:min="http://www.tbxinfo.net/ns/min"><text><body>{entries}</body></text></tbx>',
        encoding="utf-8",
    )
    return path


def test_own_terms_of_a_tbx_file_are_found(tmp_path: Path) -> None:
    own = own_tbx(
        tmp_path / "own.TBX",
        ("Member", "ja-JP", "メイト会員", "preferredTerm-admn-sts"),
        ("Member", "en", "mateys", "deprecatedTerm-admn-sts"),
        ("Member", "de", "Mitglied", "preferredTerm-admn-sts"),
    )
    glossary = Glossary.load(extra=[own])
    assert [(t.concept, t.status) for t in glossary.lookup("ja", "メイト会員")] == [("Member", "preferred")]
    assert [term.form for term in glossary.forms("Member", "ja") if term.status == "preferred"] == ["メイト会員"]
    assert glossary.lookup("en", "mateys")[0].status == "wrong"
    assert glossary.version != GLOSSARY.version


def test_an_older_tbx_is_read_too(tmp_path: Path) -> None:
    own = tmp_path / "old.tbx"
    own.write_text(
        '<martif type="TBX"><text><body><termEntry id="Member"><langSet xml:lang="en"><tig><term>matey</term>'
        '<termNote type="administrativeStatus">admittedTerm-admn-sts</termNote></tig></langSet></termEntry></body>'
        "</text></martif>",
        encoding="utf-8",
    )
    assert [(t.concept, t.status) for t in Glossary.load(extra=[own]).lookup("en", "matey")] == [("Member", "admitted")]


def test_a_form_taken_from_a_concept_leaves_it_a_preferred_one(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text(HEAD + "Member,ja,利用者,admitted,,,\n", encoding="utf-8")
    was = {t.form for t in GLOSSARY.forms("User", "ja") if t.status == "preferred"}
    forms = Glossary.load(extra=[own]).forms("User", "ja")
    assert sum(term.status == "preferred" for term in forms) == 1
    assert (forms[0].form in was) == ("利用者" not in was)


def test_what_a_user_says_of_a_form_beats_the_sense_rules(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text(HEAD + "Member,ja,提供,admitted,,,\n", encoding="utf-8")
    text = "この規程です。名簿の提供について。"
    (clause,) = Normalizer(extra_terms=[own]).analyze(text).clauses
    assert [m.concept for m in clause.mentions if text[m.start : m.end] == "提供"] == ["Member"]


def test_own_terms_work_on_the_command_line(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    own, policy = tmp_path / "own.csv", tmp_path / "policy.txt"
    own.write_text(HEAD + "Member,ja,メイトさん,admitted,,,\n", encoding="utf-8")
    policy.write_text("当社は、メイトさんの個人情報を大切に取り扱います。\n", encoding="utf-8")
    assert main(["analyze", str(policy), "--glossary", str(own)]) == 0
    line = json.loads(capfdbinary.readouterr().out.splitlines()[0])
    assert "Member" in [mention["concept"] for mention in line["mentions"]]
    own.write_text(HEAD + "Membre,ja,メイトさん,admitted,,,\n", encoding="utf-8")
    assert main(["analyze", str(policy), "--glossary", str(own)]) == 1
    assert "own.csv:2: E103 unknown concept 'Membre'; nearest: Member" in capfdbinary.readouterr().err.decode("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted((CASES / "tbx").glob("*.tbx")), ids=lambda path: path.name)
def test_evil_and_broken_tbx_is_refused(path: Path) -> None:
    wanted = path.with_suffix(".txt").read_text(encoding="utf-8").strip()
    with pytest.raises(GlossaryError) as caught:
        Glossary.load(extra=[path])
    assert f"{path.name}:" in str(caught.value)
    assert wanted in str(caught.value)
    assert "root:" not in str(caught.value)


def test_a_missing_own_table_is_named(tmp_path: Path) -> None:
    for name in ("none.csv", "none.tbx"):
        with pytest.raises(GlossaryError, match=f"{name}:1: E101 cannot be read"):
            Glossary.load(extra=[tmp_path / name])
