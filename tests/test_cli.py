"""The command line: results on standard output, talk on standard error, exit 0, 1 or 2."""

from __future__ import annotations

import io
import itertools
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import rows

from normalizer import __version__
from normalizer.cli import commands, main
from normalizer.cli.shared import output
from normalizer.records import ClauseLine, Record

pytestmark = pytest.mark.usefixtures("tables_once")
JA = "個人情報保護方針\n\n第1条（提供）\n当社は、個人データを第三者に提供しません。\n"
EN = "Privacy Policy\n\nArticle 1 (Provision)\nWe do not provide personal data to third parties.\n"
FRENCH = "Nous recueillons votre nom et votre adresse lorsque vous passez une commande sur notre site.\n"
README = Path(__file__).parent.parent / "README.md"
COMMAND = [sys.executable, "-m", "normalizer"]

Places = dict[str, Path]
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Files by the names that cases/cli uses."""
    names = {"IN": "shop.ja.txt", "EN": "shop.en.txt", "EMPTY": "empty.txt", "NOISE": "noise.txt"}
    names |= {"FRENCH": "fr.txt", "OTHER": "policy.xyz", "GONE": "gone.txt", "OUT": "out", "FOLDER": "folder"}
    files = {name: tmp_path / file for name, file in names.items()}
    for name, text in (("IN", JA), ("EN", EN), ("FRENCH", FRENCH), ("OTHER", JA), ("EMPTY", "")):
        files[name].write_text(text, encoding="utf-8")
    files["NOISE"].write_bytes(bytes(range(128, 256)) * 4)
    files["FOLDER"].mkdir()
    (files["FOLDER"] / "thesis.tex").touch()
    return files


def _stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))


def _lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


# --- misuse and bad input ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("arguments", "status", "message"), rows("cli/misuse.tsv", 3))
def test_misuse(arguments: str, status: str, message: str, places: Places, capsys: Captured) -> None:
    given = [str(places.get(word, word)) for word in arguments.split()]
    assert main(given) == int(status)
    out, err = capsys.readouterr()
    assert (out, message in err) == ("", True), err
    assert "Traceback" not in err


def test_a_failure_names_the_file(places: Places, capsys: Captured) -> None:
    for name in ("GONE", "EMPTY", "NOISE", "FRENCH", "OTHER", "FOLDER"):
        main(["analyze", str(places[name])])
        assert places[name].name in capsys.readouterr().err


# --- analyze -----------------------------------------------------------------------------------------------------


def test_analyze_prints_a_line_a_clause(places: Places, capsys: Captured) -> None:
    assert main(["analyze", str(places["IN"])]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    lines = [ClauseLine.model_validate(row) for row in _lines(out)]
    assert [(line.id, line.parent, line.kind, line.label) for line in lines] == [
        ("c1", None, "heading", None),
        ("c2", "c1", "heading", "article 1"),
        ("c3", "c2", "paragraph", None),
    ]
    assert all(JA[line.start : line.end] == line.text for line in lines)


CONTRACT = ["id", "parent", "kind", "number", "label", "start", "end", "text", "language", "category", "also"]


def test_a_line_has_the_fields_of_the_contract(places: Places, capsys: Captured) -> None:
    main(["analyze", str(places["IN"])])
    for row in _lines(capsys.readouterr().out):
        assert list(row)[: len(CONTRACT)] == CONTRACT
        assert row.keys() >= {"mentions", "facts", "statement", "notes"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "iso2022_jp", "utf-16"])
def test_analyze_reads_standard_input(encoding: str, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    _stdin(monkeypatch, JA.encode(encoding))
    assert main(["analyze", "-"]) == 0
    assert _lines(capsys.readouterr().out)[0]["text"] == "個人情報保護方針"


def test_standard_input_may_be_markdown(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    _stdin(monkeypatch, b"# Privacy Policy\n\nWe *keep* your data.\n")
    assert main(["analyze", "-", "--format", "markdown"]) == 0
    assert [row["text"] for row in _lines(capsys.readouterr().out)] == ["Privacy Policy", "We keep your data."]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\x00\x01\xff\xfe"])
def test_bad_standard_input_is_named(data: bytes, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    _stdin(monkeypatch, data)
    assert main(["analyze", "-"]) == 1
    out, err = capsys.readouterr()
    assert (out, "standard input: " in err) == ("", True)


# --- align -------------------------------------------------------------------------------------------------------


def test_align_prints_a_line_a_record(places: Places, capsys: Captured) -> None:
    assert main(["align", str(places["IN"]), str(places["EN"])]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    found = [Record.model_validate(row) for row in _lines(out)]
    assert [record.id for record in found] == ["shop#0001", "shop#0002", "shop#0003"]
    assert [record.link.kind for record in found] == ["1-1"] * 3
    assert found[2].ja is not None
    assert found[2].en is not None
    assert found[2].ja.text == "当社は、個人データを第三者に提供しません。"
    assert found[2].en.text == "We do not provide personal data to third parties."
    assert "Provision" in " ".join(found[2].concepts)


def test_align_takes_one_side_from_standard_input_and_a_name(
    places: Places, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stdin(monkeypatch, EN.encode())
    assert main(["align", str(places["IN"]), "-", "--policy", "みなと"]) == 0
    found = _lines(capsys.readouterr().out)
    assert {row["policy"] for row in found} == {"みなと"}
    assert found[0]["en"]["document"] == "standard input"


def test_a_record_has_the_fields_of_the_contract(places: Places, capsys: Captured) -> None:
    main(["align", str(places["IN"]), str(places["EN"])])
    for row in _lines(capsys.readouterr().out):
        assert row.keys() >= {"schema", "id", "policy", "position", "ja", "en", "category", "concepts", "link"}
        assert row.keys() >= {"differences", "provenance"}
        assert row["link"].keys() >= {"kind", "score", "origin", "evidence"}
        assert row["ja"].keys() >= {"document", "clauses", "text", "origin", "mentions", "facts", "statement"}
        assert row["ja"]["clauses"][0].keys() >= {"id", "start", "end", "number", "heading"}


# --- run ---------------------------------------------------------------------------------------------------------


def test_run_writes_a_folder_and_says_so(places: Places, capsys: Captured) -> None:
    assert main(["run", str(places["IN"]), str(places["EN"]), "--out", str(places["OUT"])]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "1 policy (1 in both languages), 2 documents, 6 clauses → 3 records" in err
    assert "2 inputs = 2 documents + 0 failures" in err
    assert len((places["OUT"] / "records" / "part-00000.jsonl").read_text(encoding="utf-8").splitlines()) == 3


@pytest.mark.slow
def test_run_with_failures_is_exit_1_and_tells_them(places: Places, capsys: Captured) -> None:
    given = [str(places[name]) for name in ("IN", "EN", "GONE", "FRENCH", "EMPTY")]
    assert main(["run", *given, "--out", str(places["OUT"])]) == 1
    err = capsys.readouterr().err
    assert "3 of 5 inputs failed (2 input, 1 language)" in err
    assert all(
        name in err
        for name in ("gone.txt: no such file", "fr.txt: the language is 'fr'", "empty.txt: the file is empty")
    )
    assert (places["OUT"] / "records" / "part-00000.jsonl").stat().st_size > 0


def test_run_of_a_folder_without_policies(places: Places, capsys: Captured) -> None:
    assert main(["run", str(places["FOLDER"]), "--out", str(places["OUT"])]) == 1
    assert "folder: no policies in this folder; policies are files that end in .txt" in capsys.readouterr().err


@pytest.mark.slow
def test_a_quiet_run_says_nothing(places: Places, capsys: Captured) -> None:
    assert main(["run", str(places["IN"]), "--out", str(places["OUT"]), "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


# --- schema ------------------------------------------------------------------------------------------------------


def _resolved(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        node: Any = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            node = node[part]
        schema = node
    return schema


TYPES: dict[str, type | tuple[type, ...]] = {
    **{"object": dict, "array": list, "string": str, "integer": int, "number": (int, float)},
    **{"boolean": bool, "null": type(None)},
}


def _problems(value: Any, schema: dict[str, Any], root: dict[str, Any], place: str = "$") -> list[str]:
    """Where a value departs from a JSON Schema, in the keywords that ours uses."""
    schema = _resolved(schema, root)
    if "anyOf" in schema:
        tries = [_problems(value, one, root, place) for one in schema["anyOf"]]
        return min(tries, key=len)
    if "type" in schema and not isinstance(value, TYPES[schema["type"]]):
        return [f"{place}: {value!r} is no {schema['type']}"]
    out = []
    if value not in schema.get("enum", [value]):
        out.append(f"{place}: {value!r} is none of {schema['enum']}")
    if isinstance(value, (int, float)) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        out.append(f"{place}: {value!r} is out of bounds")
    if isinstance(value, dict):
        out += _object_problems(value, schema, root, place)
    if isinstance(value, list):
        parts = (_problems(part, schema.get("items", {}), root, f"{place}[{i}]") for i, part in enumerate(value))
        out += itertools.chain.from_iterable(parts)
    return out


def _object_problems(value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], place: str) -> list[str]:
    known, more = schema.get("properties", {}), schema.get("additionalProperties", True)
    out = [f"{place}.{name}: missing" for name in schema.get("required", ()) if name not in value]
    for name, part in value.items():
        if name in known or isinstance(more, dict):
            out += _problems(part, known.get(name, more), root, f"{place}.{name}")
        elif more is False:
            out.append(f"{place}.{name}: not in the schema")
    return out


def _schema(of: str, capsys: Captured) -> dict[str, Any]:
    assert main(["schema", "--of", of]) == 0
    schema: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    return schema


def test_a_record_keeps_to_the_schema(places: Places, capsys: Captured) -> None:
    schema = _schema("record", capsys)
    main(["align", str(places["IN"]), str(places["EN"])])
    found = _lines(capsys.readouterr().out)
    assert found
    assert [_problems(row, schema, schema) for row in found] == [[]] * len(found)


def test_a_clause_keeps_to_the_schema(places: Places, capsys: Captured) -> None:
    schema = _schema("clause", capsys)
    main(["analyze", str(places["IN"])])
    found = _lines(capsys.readouterr().out)
    assert [_problems(row, schema, schema) for row in found] == [[]] * len(found)


def test_the_check_of_schemas_sees_what_is_wrong(places: Places, capsys: Captured) -> None:
    schema = _schema("record", capsys)
    main(["align", str(places["IN"]), str(places["EN"])])
    row = _lines(capsys.readouterr().out)[0]
    assert _problems(row | {"position": "one"}, schema, schema)
    assert _problems(row | {"position": 0}, schema, schema)
    assert _problems(row | {"more": 1}, schema, schema)
    assert _problems({name: value for name, value in row.items() if name != "link"}, schema, schema)
    assert _problems(row | {"link": row["link"] | {"origin": "guessed"}}, schema, schema)


def test_every_field_is_told_of_in_the_schema(capsys: Captured) -> None:
    schema = _schema("record", capsys)
    assert {"schema", "id", "policy", "ja", "en", "link", "provenance"} <= schema["properties"].keys()
    assert all("description" in shape for shape in schema["$defs"].values())


def test_two_that_write_one_file_do_not_meet(tmp_path: Path) -> None:
    own, out = tmp_path / "out.tmp", tmp_path / "out"
    own.write_bytes(b"own")
    with output(out) as slow:
        slow.write(b"slow")
        with output(out) as fast:
            fast.write(b"fast")
        assert out.read_bytes() == b"fast"
    assert out.read_bytes() == b"slow"
    assert own.read_bytes() == b"own"
    assert sorted(tmp_path.iterdir()) == [out, own]


# --- the command as a process ------------------------------------------------------------------------------------


def _process(*arguments: str, **more: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, check=False, **more)


def test_the_exit_status_of_the_process(places: Places) -> None:
    assert _process("schema").returncode == 0
    assert _process("analyze", str(places["GONE"])).returncode == 1
    assert _process("analyze").returncode == 2


@pytest.mark.slow
def test_output_is_utf8_whatever_the_locale(places: Places) -> None:
    environment = os.environ | {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = _process("analyze", str(places["IN"]), env=environment)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout.decode("utf-8").splitlines()[0])["text"] == "個人情報保護方針"


def test_a_message_with_a_name_that_the_terminal_cannot_show(tmp_path: Path) -> None:
    environment = os.environ | {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = _process("analyze", str(tmp_path / "方針.txt"), env=environment)
    assert (done.returncode, b"no such file" in done.stderr, b"Traceback" in done.stderr) == (1, True, False)


@pytest.mark.slow
def test_a_reader_that_goes_away_is_no_error(places: Places) -> None:
    places["IN"].write_text(JA * 500, encoding="utf-8")
    command = [*COMMAND, "analyze", str(places["IN"])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_version_and_help(capsys: Captured) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"normalizer, version {__version__}\n"
    for name in commands.commands:
        assert main([name, "--help"]) == 0
        assert "Usage:" in capsys.readouterr().out


def test_help_waits_for_no_stage() -> None:
    heavy = ["numpy", "pydantic", "fugashi", "rich.progress"]
    show = f"print([m for m in {heavy} if m in sys.modules])"
    script = f"import sys; from normalizer.cli import main; main(['--help']); {show}"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")


@pytest.mark.skipif(not README.read_text(encoding="utf-8").strip(), reason="the README is still to be written")
@pytest.mark.parametrize("name", sorted(commands.commands))
def test_the_readme_names_every_command(name: str) -> None:
    assert re.search(rf"\bnormalizer {name}\b", README.read_text(encoding="utf-8"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_behind_standard_output_is_told() -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "normalizer", "schema"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert b"standard output cannot be written" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="has no such shell")
@pytest.mark.parametrize(("arguments", "status"), [("schema >&-", 0), ("analyze - <&-", 1), ("schema >&- 2>&-", 0)])
def test_closed_streams_are_no_fault_of_the_command(arguments: str, status: int) -> None:
    command = f"{shlex.quote(sys.executable)} -m normalizer {arguments}"
    done = subprocess.run(command, shell=True, capture_output=True, check=False)
    assert done.returncode == status
    assert b"Traceback" not in done.stderr
