"""`normalizer export`: the formats, the reader of a run, and what is said where there is none."""

from __future__ import annotations

import inspect
import io
import json
import re
import shutil
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import CORPUS

from normalizer.batch import plan, run
from normalizer.batch.parts import part_writer
from normalizer.batch.store import Store
from normalizer.cli import main
from normalizer.errors import InputError
from normalizer.export.formats import FORMATS
from normalizer.export.html import corpus
from normalizer.export.runs import Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from normalizer import Normalizer

NAMES = ("01-aozora-shop", "11-midori-saiyou")
PART = Path("records") / "part-00000.jsonl"

Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, normalizer: Normalizer) -> Path:
    """The folder of a run over two policies, and a third with a Japanese side only."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "in").mkdir()
    for name in NAMES:
        for side in ("ja", "en"):
            shutil.copy(CORPUS / f"{name}.{side}.txt", folder / "in")
    (folder / "in" / "只一方.ja.txt").write_text(
        "個人情報保護方針\n\n当社は、個人データを第三者に提供しません。\n", encoding="utf-8"
    )
    with plan([folder / "in"]) as found:
        run(found, folder / "out", normalizer)
    return folder / "out"


@pytest.fixture
def out(whole: Path, tmp_path: Path) -> Path:
    """A copy of the run that a test may break."""
    return Path(shutil.copytree(whole, tmp_path / "out"))


# --- formats -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_is_written_by_the_command(name: str, out: Path, tmp_path: Path) -> None:
    format, target = FORMATS[name], tmp_path / "target"
    pytest.importorskip("datasets") if name == "hf" else None
    assert main(["export", str(out), "--to", name, "--out", str(target)]) == 0
    assert any(target.iterdir()) if format.folder else target.stat().st_size > 1000


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_takes_the_options_it_names(name: str) -> None:
    parameters = inspect.signature(import_module(FORMATS[name].module).write).parameters
    assert {*FORMATS[name].options, *dict(FORMATS[name].preset)} <= parameters.keys()


def test_an_option_of_another_format_is_refused(out: Path, capsys: Captured) -> None:
    assert main(["export", str(out), "--to", "tmx", "--bom"]) == 2
    assert "it is for csv, tsv" in capsys.readouterr().err


def test_help_names_every_format(capsys: Captured) -> None:
    assert main(["export", "--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert all(f"{name}: {format.what}" in shown for name, format in FORMATS.items())


# --- reading a run -----------------------------------------------------------------------------------------------


def test_a_folder_a_file_and_standard_input_give_the_same_records(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = list(Run(out).records())
    assert len(found) == json.loads((out / "manifest.json").read_text(encoding="utf-8"))["counts"]["records"]
    assert list(Run(out / PART).records()) == found
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO((out / PART).read_bytes())))
    assert list(Run(Path("-")).records()) == found


def test_policies_come_one_at_a_time_and_lazily(out: Path) -> None:
    with (out / PART).open("a", encoding="utf-8") as part:
        part.write("broken\n")
    found = Run(out).policies()
    assert [next(found)[0] for _ in NAMES] == list(NAMES)
    with pytest.raises(InputError, match=r"part-00000\.jsonl:\d+: is no record"):
        list(found)


def test_documents_of_a_folder(out: Path) -> None:
    found = [(row["policy"], row["side"]) for row in Run(out).documents()]
    assert found == [(name, side) for name in NAMES for side in ("ja", "en")] + [("只一方", "ja")]
    assert list(Run(out / PART).documents()) == []


def test_parts_are_read_as_the_manifest_lists_them(out: Path) -> None:
    lines = (out / PART).read_bytes().splitlines(keepends=True)
    (out / PART).write_bytes(b"".join(lines[:10]))
    (out / PART.with_name("part-00001.jsonl")).write_bytes(b"".join(lines[10:]))
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    manifest["records"].append("part-00001.jsonl")
    (out / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert len(list(Run(out).records())) == len(lines)


@pytest.mark.parametrize("format", ["jsonl.gz", "jsonl.zst", "parquet"])
def test_a_run_in_another_format_is_the_same_run(format: str, out: Path, tmp_path: Path) -> None:
    for folder in ("records", "documents"):
        with part_writer(Store(str(tmp_path)), f"{folder}/part-00000.{format}", format) as add:
            add((out / folder / PART.name).read_bytes().splitlines())
    files = {"records": [f"part-00000.{format}"], "documents": [f"part-00000.{format}"]}
    (tmp_path / "manifest.json").write_text(json.dumps(files), encoding="utf-8")
    for place in (tmp_path, tmp_path.as_uri()):
        assert list(Run(place).records()) == list(Run(out).records())
        assert list(Run(place).documents()) == list(Run(out).documents())
    single = tmp_path / "records" / f"part-00000.{format}"
    for part in (single, single.as_uri()):
        assert list(Run(part).records()) == list(Run(out).records())
    single.write_bytes(single.read_bytes()[:-200])
    with pytest.raises(InputError, match=rf"part-00000\.{format}: cannot be read \("):
        list(Run(tmp_path).records())


def _no_run(out: Path) -> Path:
    shutil.rmtree(out)
    out.mkdir()
    return out


def _broken_off(out: Path) -> Path:
    (out / "manifest.json").unlink()
    return out


def _part_gone(out: Path) -> Path:
    (out / PART).unlink()
    return out


def _no_manifest(out: Path) -> Path:
    (out / "manifest.json").write_text("[]", encoding="utf-8")
    return out


def _broken_manifest(out: Path) -> Path:
    (out / "manifest.json").write_text("{", encoding="utf-8")
    return out


def _broken_line(out: Path) -> Path:
    lines = (out / PART).read_bytes().splitlines(keepends=True)
    (out / PART).write_bytes(b"".join([*lines[:6], lines[6][:40] + b"\n", *lines[7:]]))
    return out


def _strange_field(out: Path) -> Path:
    row = json.loads((out / PART).read_bytes().splitlines()[0])
    (out / PART).write_text(f"\n{json.dumps(row | {'position': 'one'})}\n", encoding="utf-8")
    return out


def _not_utf8(out: Path) -> Path:
    (out / PART).write_bytes(b'{"id": "\xff"}\n')
    return out


def _empty(out: Path) -> Path:
    (out / PART).write_bytes(b"")
    return out


def _apart(out: Path) -> Path:
    lines = (out / PART).read_bytes().splitlines(keepends=True)
    (out / PART).write_bytes(b"".join([*lines, lines[0]]))
    return out


def _other_format(out: Path) -> Path:
    path = out / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8").replace(PART.name, "part-00000.xyz"), encoding="utf-8")
    (out / PART).rename((out / PART).with_suffix(".xyz"))
    return out


def _broken_document(out: Path) -> Path:
    (out / "documents" / PART.name).write_text("{}\n", encoding="utf-8")
    return out


BREAKS = [
    (_no_run, r"out: there is no run in this folder \(normalizer run"),
    (_broken_off, "out: the run was broken off: run it again"),
    (_part_gone, r"part-00000\.jsonl: is missing, but manifest\.json lists it"),
    (_no_manifest, r"manifest\.json: is no manifest"),
    (_broken_manifest, r"manifest\.json: is no manifest"),
    (_broken_line, r"part-00000\.jsonl:7: is no record \(Invalid JSON"),
    (_strange_field, r"part-00000\.jsonl:2: is no record \(position: Input should be a valid integer"),
    (_not_utf8, r"part-00000\.jsonl:1: is no record"),
    (_empty, r"out: there are no records in it; see failures\.jsonl"),
    (_apart, "the records of '01-aozora-shop' do not stand together"),
    (_other_format, r"part-00000\.xyz: cannot be read here"),
    (_broken_document, r"part-00000\.jsonl:1: is no document"),
    (lambda out: out / "gone", "gone: there is no such folder or file"),
]


@pytest.mark.parametrize(("break_it", "message"), BREAKS)
def test_what_cannot_be_read_is_named(
    break_it: Callable[[Path], Path], message: str, out: Path, tmp_path: Path, capsys: Captured
) -> None:
    assert main(["export", str(break_it(out)), "--to", "html", "--out", str(tmp_path / "pages")]) == 1
    printed, said = capsys.readouterr()
    assert printed == ""
    assert re.search(message, said), said


def test_nothing_on_standard_input(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Captured) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert main(["export", "-", "--to", "html", "--out", str(tmp_path / "pages")]) == 1
    assert "standard input: there are no records in it" in capsys.readouterr().err
    assert not (tmp_path / "pages").exists()


# --- pages -------------------------------------------------------------------------------------------------------


def _written(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.html"))}


def test_pages_of_a_run(out: Path, tmp_path: Path, capsys: Captured) -> None:
    assert main(["export", str(out), "--to", "html", "--out", str(tmp_path / "pages")]) == 0
    printed, said = capsys.readouterr()
    assert printed == ""
    assert f"3 policies: open {tmp_path / 'pages' / 'index.html'}" in said
    found = _written(tmp_path / "pages")
    assert list(found) == ["index.html", *(f"policies/{name}.html" for name in (*NAMES, "只一方"))]
    assert "対応する英語の条項はありません" in found["policies/只一方.html"].decode()


def test_a_later_export_replaces_an_earlier_one(out: Path, tmp_path: Path) -> None:
    corpus.write(Run(out), tmp_path / "pages")
    first = _written(tmp_path / "pages")
    (tmp_path / "pages" / "policies" / "gone.html").touch()
    corpus.write(Run(out), tmp_path / "pages")
    assert _written(tmp_path / "pages") == first


def test_records_alone_make_pages_too(out: Path, tmp_path: Path) -> None:
    corpus.write(Run(out / PART), tmp_path / "pages")
    assert len(_written(tmp_path / "pages")) == 4


def test_documents_in_another_order_are_found(out: Path, tmp_path: Path) -> None:
    corpus.write(Run(out), tmp_path / "as-written")
    path = out / "documents" / PART.name
    path.write_bytes(b"".join(reversed(path.read_bytes().splitlines(keepends=True))))
    corpus.write(Run(out), tmp_path / "reversed")
    assert _written(tmp_path / "reversed") == _written(tmp_path / "as-written")


def test_a_folder_with_other_things_is_left_alone(out: Path, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "thesis.tex").touch()
    assert main(["export", str(out), "--to", "html", "--out", str(tmp_path)]) == 1
    assert "which no export has written; name a new folder" in capsys.readouterr().err
    assert (tmp_path / "thesis.tex").exists()
    assert main(["export", str(out), "--to", "html", "--out", str(tmp_path / "thesis.tex")]) == 1
    assert "is a file; name a folder" in capsys.readouterr().err


def test_pages_need_a_folder(out: Path, capsys: Captured) -> None:
    assert main(["export", str(out), "--to", "html"]) == 2
    assert "--to html needs --out" in capsys.readouterr().err


AWKWARD = [
    "a/b",
    "a?b",
    "a b",
    "..",
    ".hidden",
    "A",
    "a",
    "方針",
    "方" * 200,
    "x" * 300,
    "x" * 301,
    "con/../etc",
    "a\nb",
]


def test_any_name_of_a_policy_makes_a_file_name_of_its_own() -> None:
    names = corpus._Names()
    found = [names.of(policy) for policy in AWKWARD]
    assert len({name.casefold() for name in found}) == len(AWKWARD)
    assert found[AWKWARD.index("方針")] == "方針"
    assert all("/" not in name and name[0] != "." and len(f"{name}.html".encode()) < 255 for name in found)
