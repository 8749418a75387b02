"""CSV, JSON lines, JSON-LD, Parquet and dataset folders: what went in comes out, and nothing is computed or lost."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pyarrow.parquet
import pytest
import rdflib
from hard_records import FORMULAS, HARD, hard_records, record, side
from hypothesis import given
from hypothesis import strategies as st

from normalizer.errors import GlossaryError, InputError
from normalizer.export import csv_records, hf, jsonl, jsonld, parquet, xlsx
from normalizer.export.characters import is_formula, whole, writable
from normalizer.glossary import Glossary, glossary_folder
from normalizer.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from normalizer import Normalizer

# rdflib's own parser of JSON-LD uses a class that rdflib means to drop.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
RECORDS = hard_records()
WRITERS: dict[str, Any] = {
    "csv": csv_records.write,
    "jsonl": jsonl.write,
    "jsonld": jsonld.write,
    "parquet": parquet.write,
    "xlsx": xlsx.write,
}
each_format = pytest.mark.parametrize("name", sorted(WRITERS))


def written(name: str, records: Iterable[Record], **options: Any) -> bytes:
    out = io.BytesIO()
    WRITERS[name](iter(records), out, **options)
    return out.getvalue()


# --- all formats -------------------------------------------------------------------------------------------------


@each_format
def test_same_records_same_bytes(name: str) -> None:
    script = (
        f"import io, sys; from hard_records import hard_records; from normalizer.export import {_module(name)} as m\n"
        "m.write(hard_records(), sys.stdout.buffer)"
    )
    seeds = ({"PYTHONHASHSEED": seed, "TZ": zone} for seed, zone in (("1", "Asia/Tokyo"), ("2", "America/New_York")))
    path = os.pathsep.join([os.path.dirname(__file__), *sys.path])
    runs = [
        subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            check=True,
            env=os.environ | seed | {"PYTHONPATH": path},
        ).stdout
        for seed in seeds
    ]
    assert runs[0] == runs[1] == written(name, RECORDS)


def _module(name: str) -> str:
    return {"csv": "csv_records"}.get(name, name)


@each_format
def test_no_records_make_a_valid_file(name: str) -> None:
    data = written(name, [])
    readers: dict[str, Any] = {
        "csv": lambda: list(csv.DictReader(io.StringIO(data.decode()))),
        "jsonl": lambda: data.splitlines(),
        "jsonld": lambda: json.loads(data)["@graph"],
        "parquet": lambda: pyarrow.parquet.read_table(io.BytesIO(data)).to_pylist(),
        "xlsx": lambda: data[2:2],  # read in test_xlsx
    }
    assert len(readers[name]()) == 0


@each_format
def test_records_are_written_as_they_come(name: str) -> None:
    """Nothing holds all records: the writer asks for the next one when it has dealt with those before."""
    alive = peak = 0

    class Counted(Record):
        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    def stream() -> Iterable[Record]:
        nonlocal alive, peak
        for _ in range(6_000):
            alive += 1
            peak = max(peak, alive)
            yield Counted.model_construct(**{name: getattr(PLAIN, name) for name in Record.model_fields})

    written(name, stream())
    assert peak < 10 if name != "parquet" else peak < 5_000
    assert alive < 10


PLAIN = record(1, side("本文"), side("text", "en"))


# --- characters --------------------------------------------------------------------------------------------------


@given(st.text(st.characters(codec=None)))
def test_any_text_becomes_writable(text: str) -> None:
    found = writable(text)
    found.encode("utf-8")
    assert not set(found) & {*map(chr, [*range(9), *range(11, 32), 0xFFFE, 0xFFFF])}
    assert writable(found) == found
    whole(text).encode("utf-8")


def test_marks_of_direction_and_rare_characters_stay() -> None:
    text = "\u202e逆\u202c \u200f \u200e 𠮷 \u3000 \ufeff"
    assert writable(text) == whole(text) == text


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_compute(text: str) -> None:
    assert is_formula(text)


@pytest.mark.parametrize("text", ["", "1. 目的", "当社は=と", " =1", "・項目"])
def test_what_no_spreadsheet_would_compute(text: str) -> None:
    assert not is_formula(text)


# --- CSV ---------------------------------------------------------------------------------------------------------


def _rows(data: bytes, **how: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), **how))


def test_csv_has_a_row_a_record_and_all_texts() -> None:
    rows = _rows(written("csv", RECORDS, guard=False))
    assert [row["id"] for row in rows] == [record.id for record in RECORDS]
    assert [row["ja_text"] for row in rows] == [writable(record.ja.text) if record.ja else "" for record in RECORDS]
    assert rows[-1]["differences"] == "low:number_differs|high:number_differs|medium:number_differs"
    assert (rows[-1]["ja_facts"], rows[-1]["concepts"]) == (
        "fee=1100 JPY tax-included",
        "ThirdPartyProvision|PersonalData",
    )
    assert (rows[-2]["ja_text"], rows[-2]["en_text"], rows[-2]["link_kind"]) == ("", "one side", "0-1")


def test_csv_is_guarded_against_formulas_by_default() -> None:
    rows = _rows(written("csv", RECORDS))
    assert not [cell for row in rows for cell in row.values() if is_formula(cell)]
    by_text = {row["ja_text"].removeprefix("'") for row in rows}
    assert {writable(text) for text in FORMULAS} <= by_text


def test_tsv_and_the_byte_order_mark() -> None:
    data = written("csv", RECORDS, delimiter="\t", bom=True)
    assert data.startswith(b"\xef\xbb\xbfid\tpolicy\t")
    assert len(_rows(data, delimiter="\t")) == len(RECORDS)
    assert not written("csv", RECORDS).startswith(b"\xef\xbb\xbf")


# --- JSON lines --------------------------------------------------------------------------------------------------


def test_jsonl_is_what_a_run_writes(normalizer: Normalizer) -> None:
    records = normalizer.align(
        "第1条（目的）\n利用目的は次のとおりです。", "Article 1 (Purpose)\nThe purposes are as follows."
    )
    lines = [record.model_dump_json(by_alias=True) for record in records]
    assert written("jsonl", records) == "".join(f"{line}\n" for line in lines).encode()


def test_jsonl_can_be_read_again_whatever_the_text() -> None:
    back = [Record.model_validate_json(line) for line in written("jsonl", RECORDS).splitlines()]
    assert [found.ja.text if found.ja else None for found in back] == [
        whole(given.ja.text) if given.ja else None for given in RECORDS
    ]


# --- Parquet -----------------------------------------------------------------------------------------------------


def test_parquet_holds_everything() -> None:
    rows = pyarrow.parquet.read_table(io.BytesIO(written("parquet", RECORDS))).to_pylist()
    assert len(rows) == len(RECORDS)
    for row, line in zip(rows, written("jsonl", RECORDS).splitlines(), strict=True):
        expected = json.loads(line)
        row["link"]["evidence"] = {pair["name"]: pair["value"] for pair in row["link"]["evidence"]}
        row["provenance"] = json.loads(row["provenance"])
        for found in row["differences"]:
            found["evidence"] = json.loads(found["evidence"])
        assert row == expected


def test_parquet_has_row_groups() -> None:
    data = written("parquet", (PLAIN for _ in range(parquet.ROWS + 1)))
    found = pyarrow.parquet.ParquetFile(io.BytesIO(data)).metadata
    assert [found.row_group(index).num_rows for index in range(found.num_row_groups)] == [parquet.ROWS, 1]


# --- JSON-LD -----------------------------------------------------------------------------------------------------


def _graph(records: Iterable[Record], **options: Any) -> rdflib.Graph:
    return rdflib.Graph().parse(data=written("jsonld", records, **options), format="json-ld")


PREFIXES = """
PREFIX v: <urn:policy-normalizer:vocabulary:>
PREFIX dpv: <https://w3id.org/dpv#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
"""
QUERY = """
SELECT DISTINCT ?id ?text ?label WHERE {
  ?record dcterms:identifier ?id ; v:japanese ?side .
  ?side v:text ?text ; v:HOW [ a dpv:Process ; dpv:hasProcessing ?action ; v:exceptFor ?exception ] .
  ?action skos:broader+ ?above ; skos:closeMatch dpv:Disclose ; skos:prefLabel ?label .
  FILTER (lang(?label) = "ja")
}"""


def test_sparql_finds_what_is_denied_and_never_as_done() -> None:
    graph = _graph(RECORDS)
    (found,) = [tuple(map(str, row)) for row in graph.query(PREFIXES + QUERY.replace("HOW", "denies"))]  # type: ignore[arg-type]
    assert found == (RECORDS[-1].id, "提供しません。", "第三者提供")
    assert not list(graph.query(PREFIXES + QUERY.replace("HOW", "affirms")))


def test_every_text_is_in_the_graph_with_its_language() -> None:
    found = set(_graph(RECORDS).objects(None, rdflib.URIRef("urn:policy-normalizer:vocabulary:text")))
    texts = {rdflib.Literal(whole(text), lang=language) for text in HARD for language in ("ja", "en")}
    # rdflib turns CR into what its own literals hold; compare without
    assert {(str(t).replace("\r", ""), t.language) for t in texts} <= {
        (str(t).replace("\r", ""), t.language) for t in found if isinstance(t, rdflib.Literal)
    }


def test_every_term_of_the_document_is_in_the_context() -> None:
    context, document = jsonld.context(), json.loads(written("jsonld", RECORDS))

    def terms(node: Any, within: str = "") -> set[str]:
        if isinstance(node, list):
            return set().union(*(terms(part, within) for part in node))
        if not isinstance(node, dict) or within in ("text", "heading", "message", "passage", "prefLabel"):
            return set()
        return set(node) | {node["type"]} | set().union(*(terms(value, name) for name, value in node.items()))

    assert terms(document["@graph"]) <= set(context)


@pytest.mark.slow
def test_concepts_are_those_of_the_skos_export() -> None:
    from normalizer.export.skos import to_skos

    folder = glossary_folder()
    skos = rdflib.Graph().parse(data=to_skos(Glossary.load(), jsonld._iris(folder)), format="turtle")
    names = rdflib.Namespace("http://www.w3.org/2004/02/skos/core#")
    ours = _graph(RECORDS)
    concepts = [c for c in ours.subjects(names.prefLabel) if ":category:" not in str(c)]
    assert len(concepts) > 5
    for concept in concepts:
        for kind in (names.prefLabel, names.broader, names.closeMatch, names.exactMatch):
            known = set(skos.objects(concept, kind))
            assert set(ours.objects(concept, kind)) == known or "LegalBasisException" in str(concept)


def test_jsonld_takes_another_base() -> None:
    graph = _graph(RECORDS[-1:], base="https://terms.example/")
    assert (rdflib.URIRef("https://terms.example/ThirdPartyProvision"), None, None) in graph


def test_a_context_that_is_no_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "context.jsonld").write_text("{", encoding="utf-8")
    with pytest.raises(GlossaryError, match=r"context\.jsonld:1: is no JSON"):
        jsonld.context(tmp_path)
    with pytest.raises(GlossaryError, match="cannot be read"):
        jsonld.context(tmp_path / "none")


# --- Hugging Face ------------------------------------------------------------------------------------------------


def test_a_dataset_folder_has_a_card_and_data(tmp_path: Path) -> None:
    hf.write(iter(RECORDS), tmp_path / "set", licence="cc-by-4.0", title='A "title": with # marks')
    card = (tmp_path / "set" / "README.md").read_text(encoding="utf-8")
    assert card.startswith('---\npretty_name: "A \\"title\\": with # marks"\nlicense: "cc-by-4.0"\n')
    assert f"{len(RECORDS)} aligned bilingual clauses of 1 privacy policies" in card
    assert "| aligned | 20 |" in card
    assert all(f"| `{field.alias or name}` | " in card for name, field in Record.model_fields.items())
    assert "| |" not in card.replace("|  |", "| |")
    assert pyarrow.parquet.read_table(tmp_path / "set" / hf.DATA).num_rows == len(RECORDS)


def test_a_dataset_folder_is_replaced_and_strangers_are_not(tmp_path: Path) -> None:
    hf.write(RECORDS, tmp_path)
    first = (tmp_path / hf.DATA).read_bytes()
    hf.write(RECORDS, tmp_path)
    assert (tmp_path / hf.DATA).read_bytes() == first
    (tmp_path / "thesis.md").touch()
    with pytest.raises(InputError, match=r"holds 'thesis\.md'"):
        hf.write(RECORDS, tmp_path)
    with pytest.raises(InputError, match="is a file"):
        hf.write(RECORDS, tmp_path / "thesis.md")


def test_a_dataset_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there are no records to write"):
        hf.write([], tmp_path / "set")
    assert not (tmp_path / "set").exists()


@pytest.mark.slow
def test_datasets_opens_the_folder_with_the_network_off(tmp_path: Path) -> None:
    pytest.importorskip("datasets")
    hf.write(RECORDS, tmp_path / "set")
    script = (
        "import socket\n"
        "def refuse(*_): raise AssertionError('the network was asked')\n"
        "socket.socket.connect = refuse\n"
        "from datasets import load_dataset\n"
        f"rows = load_dataset({str(tmp_path / 'set')!r}, split='train')\n"
        "print(rows.num_rows, sorted(rows.features), [row['ja'] and row['ja']['text'] for row in rows][-1:])"
    )
    place = {"HF_HOME": str(tmp_path / "home"), "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, env=os.environ | place, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    fields = sorted(field.alias or name for name, field in Record.model_fields.items())
    assert done.stdout.strip() == f"{len(RECORDS)} {fields} ['提供しません。']"
