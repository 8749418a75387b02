"""`normalizer memory import|export|lookup|learn`, as a translator uses them."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from conftest import CORPUS

from normalizer.cli import main
from normalizer.errors import StoreError
from normalizer.export import xliff
from normalizer.memory import Memory, Unit, exchange
from normalizer.memory.writing import writing
from normalizer.records import Record

if TYPE_CHECKING:
    from pathlib import Path

    from normalizer import Normalizer

POLICY = "01-aozora-shop"
TMX = (
    '<tmx version="1.4"><header srclang="ja"/><body><tu tuid="1">'
    '<tuv xml:lang="ja"><seg>手数料は1,100円です。</seg></tuv>'
    '<tuv xml:lang="en"><seg>The fee is 1,100 yen.</seg></tuv></tu></body></tmx>'
)


@pytest.fixture(scope="module")
def run(normalizer: Normalizer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run leaves: the records of a policy, the third with no English side."""
    found = list(normalizer.align(CORPUS / f"{POLICY}.ja.txt", CORPUS / f"{POLICY}.en.txt", POLICY))
    found[2] = found[2].model_copy(update={"en": None})
    folder = tmp_path_factory.mktemp("run")
    (folder / "records").mkdir()
    lines = "".join(record.model_dump_json(by_alias=True) + "\n" for record in found)
    (folder / "documents").mkdir()
    (folder / "records" / "part-00000.jsonl").write_text(lines, encoding="utf-8")
    (folder / "manifest.json").write_text('{"records": ["part-00000.jsonl"], "documents": []}', encoding="utf-8")
    return folder


def records(folder: Path) -> list[Record]:
    lines = (folder / "records" / "part-00000.jsonl").read_text(encoding="utf-8").splitlines()
    return [Record.model_validate_json(line) for line in lines]


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A memory of one unit."""
    (tmp_path / "one.tmx").write_text(TMX, encoding="utf-8")
    assert main(["memory", "import", str(tmp_path / "one.tmx"), "--memory", str(tmp_path / "m")]) == 0
    return tmp_path / "m"


def test_import_tells_what_became_of_the_entries(kept: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = kept.with_name("one.tmx")
    assert main(["memory", "import", str(file), "--memory", str(kept.with_name("new"))]) == 0
    done = capfd.readouterr()
    assert done.out == ""
    assert "1 entries, 1 taken: 1 new, 0 known, 0 in place of an earlier one" in done.err


def test_lookup_for_people(kept: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["memory", "lookup", "手数料は500円です。", "--memory", str(kept)]) == 0
    first, *rest = capfd.readouterr().out.splitlines()
    assert first == "99 %  The fee is 500 yen."
    assert [line.strip() for line in rest[:2]] == ["手数料は1,100円です。", "changed: number 1,100 → 500"]


def test_lookup_for_machines_by_standard_input(
    kept: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "The fee is 2,000 yen.\n\n何もない\n".encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines)))
    assert main(["memory", "lookup", "-", "--memory", str(kept), "--json"]) == 1  # one has no match
    (found,) = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert (found["text"], found["target"], found["percent"]) == ("The fee is 2,000 yen.", "手数料は2,000円です。", 99)
    assert found["adjusted"] == [{"kind": "number", "source": ["1,100", "2,000"], "target": ["1,100", "2,000"]}]
    assert found["provenance"]["document"] == "one.tmx"


def test_learn_export_import_make_the_same_memory(
    run: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    one, two, file = (str(tmp_path / name) for name in ("one", "two", "m.tmx"))
    assert main(["memory", "learn", str(run), "--memory", one]) == 0
    assert main(["memory", "export", "--memory", one, "--out", file]) == 0
    assert main(["memory", "import", file, "--memory", two]) == 0
    capfdbinary.readouterr()
    assert main(["memory", "export", "--memory", two]) == 0
    with open(file, "rb") as written:
        assert capfdbinary.readouterr().out == written.read()
    with Memory.open(tmp_path / "one") as first, Memory.open(tmp_path / "two") as second:
        assert list(first.units()) == list(second.units())
        assert len(first) > 50


def test_a_translators_round(run: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = records(run)
    out = io.BytesIO()
    xliff.write(before, out)
    text = out.getvalue().decode()
    source = f'<segment state="initial">\n<source>{before[2].ja.text if before[2].ja else ""}</source>\n'
    assert source in text
    text = text.replace(source, source.replace("initial", "translated") + "<target>The definitions</target>")
    assert before[0].en
    text = text.replace(f"<target>{before[0].en.text}</target>", "<target>Our Privacy Policy</target>", 1)
    (tmp_path / "done.xlf").write_text(text, encoding="utf-8")
    arguments = ["memory", "import", str(tmp_path / "done.xlf"), "--memory", str(tmp_path / "m"), "--records", str(run)]
    assert main([*arguments, "--out", str(tmp_path / "new")]) == 1  # there is a conflict
    after = records(tmp_path / "new")
    assert after[2].en
    assert (after[2].en.text, after[2].en.origin, after[2].link.origin) == ("The definitions", "memory", "memory")
    assert [record for place, record in enumerate(after) if place != 2] == [r for n, r in enumerate(before) if n != 2]
    (conflict,) = [json.loads(line) for line in (tmp_path / "new" / "conflicts.jsonl").read_text("utf-8").splitlines()]
    assert conflict["what"] == "published text differs"
    assert (conflict["here"], conflict["there"]) == (before[0].en.text, "Our Privacy Policy")
    assert "published text differs" in capfd.readouterr().err
    with Memory.open(tmp_path / "m") as memory:
        assert memory.lookup(before[2].ja.text if before[2].ja else "", "ja")[0].target == "The definitions"
    if (run / "manifest.json").is_file():
        assert main(["export", str(tmp_path / "new"), "--to", "jsonl", "--out", str(tmp_path / "new.jsonl")]) == 0
        assert len((tmp_path / "new.jsonl").read_text("utf-8").splitlines()) == len(before)


def test_an_import_that_breaks_off_leaves_the_memory_as_it_was(kept: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = kept.with_name("cut.tmx")
    file.write_text(TMX.replace("1,100", "9").replace("</body></tmx>", "<tu>"), encoding="utf-8")
    assert main(["memory", "import", str(file), "--memory", str(kept)]) == 1
    assert f"{file}:1: not well-formed XML: no element found; is the file whole?" in capfd.readouterr().err
    with Memory.open(kept) as memory:
        assert len(memory) == 1


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["lookup", "x", "--memory", "none"], 1, "no such translation memory"),
        (["export", "--memory", "none"], 1, "no such translation memory"),
        (["import", "none.tmx", "--memory", "m"], 1, "none.tmx: cannot be read: No such file"),
        (["import", "none.tmx", "--memory", "m", "--records", "r"], 2, "--records and --out belong together"),
        (["learn", "none", "--memory", "m"], 1, "none: there is no such folder or file"),
        (["learn", ".", "--memory", "m"], 1, "there is no run in this folder"),
        (["lookup", "x"], 2, "--memory"),
    ],
)
def test_misuse(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    arguments: list[str],
    status: int,
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["memory", *arguments]) == status
    assert message in capfd.readouterr().err


def test_results_never_land_in_a_folder_that_holds_something(run: Path, kept: Path) -> None:
    arguments = ["memory", "import", str(kept.with_name("one.tmx")), "--memory", str(kept), "--records", str(run)]
    assert main([*arguments, "--out", str(run)]) == 2
    assert len(records(run)) > 50


def test_the_page_for_translators_is_true(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every block of docs/memory.md runs."""
    page = (CORPUS.parent / "docs" / "memory.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "out").symlink_to(run)
    (tmp_path / "theirs.tmx").write_text(TMX, encoding="utf-8")
    with (tmp_path / "done.xlf").open("wb") as file:
        xliff.write(records(run), file)
    blocks = re.findall(r"^```(python|sh)\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert {kind for kind, _ in blocks} == {"python", "sh"}
    for kind, block in blocks:
        if kind == "python":
            exec(compile(block, "docs/memory.md", "exec"), {})
        else:
            assert [main(shlex.split(line)[1:]) for line in block.splitlines()] == [0] * block.count("\n")


def test_a_line_that_is_no_record_is_told_of(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "r.jsonl").write_text("{}\n", encoding="utf-8")
    assert main(["memory", "learn", str(tmp_path / "r.jsonl"), "--memory", str(tmp_path / "m")]) == 1
    assert "r.jsonl:1: is no record" in capfd.readouterr().err


# --- an import that fails, or is killed --------------------------------------------------------------------------


def tmx_of(count: int, tail: str = "</body></tmx>") -> str:
    units = "".join(
        f'<tu><tuv xml:lang="ja"><seg>第{n}の文は別の文です。</seg></tuv>'
        f'<tuv xml:lang="en"><seg>Sentence {n} is another one.</seg></tuv></tu>\n'
        for n in range(count)
    )
    return f'<tmx version="1.4"><header srclang="ja"/><body>\n{units}{tail}'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (tmx_of(3, ""), "is the file whole"),
        ("", "is empty"),
        ('<!DOCTYPE tmx [<!ENTITY a "b">]>' + tmx_of(3), "document type declaration"),
        (tmx_of(3).replace('"en"', '"de"'), "no unit has a Japanese and an English text"),
    ],
)
def test_a_first_import_that_fails_leaves_no_memory(
    content: str, message: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in.tmx").write_text(content, encoding="utf-8")
    assert main(["memory", "import", str(tmp_path / "in.tmx"), "--memory", str(tmp_path / "m")]) == 1
    assert message in capfd.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["in.tmx"]


def test_what_was_imported_before_a_failure_stays(tmp_path: Path) -> None:
    (tmp_path / "good.tmx").write_text(TMX, encoding="utf-8")
    (tmp_path / "bad.tmx").write_text(tmx_of(3, ""), encoding="utf-8")
    files = [str(tmp_path / name) for name in ("good.tmx", "bad.tmx")]
    assert main(["memory", "import", *files, "--memory", str(tmp_path / "m")]) == 1
    with Memory.open(tmp_path / "m") as kept:
        assert len(kept) == 1


IMPORT = """
import sys
from normalizer.errors import StoreError
from normalizer.memory import database
database._BATCH, database._CACHE = 500, 1000  # so that it writes much before it is done
from normalizer.cli import main
main(sys.argv[1:])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGKILL")
@pytest.mark.parametrize("before", [False, True])
def test_a_killed_import_leaves_the_memory_as_it_was(before: bool, tmp_path: Path) -> None:
    path = tmp_path / "m"
    if before:
        (tmp_path / "one.tmx").write_text(TMX, encoding="utf-8")
        assert main(["memory", "import", str(tmp_path / "one.tmx"), "--memory", str(path)]) == 0
    (tmp_path / "in.tmx").write_text(tmx_of(30_000), encoding="utf-8")
    command = [sys.executable, "-c", IMPORT, "memory", "import", str(tmp_path / "in.tmx"), "--memory", str(path)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as importing:
        while not any(log.stat().st_size > 500_000 for log in tmp_path.glob("*m*-wal")):  # half is on the disk
            assert importing.poll() is None
            time.sleep(0.01)
        importing.kill()
    assert path.exists() == before
    if before:
        with Memory.open(path) as kept:
            assert [unit.en for unit in kept.units()] == ["The fee is 1,100 yen."]
    (tmp_path / "two.tmx").write_text(tmx_of(2), encoding="utf-8")
    assert main(["memory", "import", str(tmp_path / "two.tmx"), "--memory", str(path)]) == 0
    with Memory.open(path) as kept:
        assert len(kept) == 2 + before


def test_two_first_imports_at_once_both_count(tmp_path: Path) -> None:
    with writing(tmp_path / "m") as first:
        first.add([Unit("同意", "consent")])
        with Memory.open(tmp_path / "m", create=True) as faster:
            faster.add([Unit("開示", "disclosure")])
    with Memory.open(tmp_path / "m") as kept:
        assert {unit.en for unit in kept.units()} == {"consent", "disclosure"}
    assert [path.name for path in tmp_path.iterdir()] == ["m"]


def test_two_first_imports_of_one_process_do_not_share_a_file(tmp_path: Path) -> None:
    """Nor do those of two containers, which often have the same number."""
    with writing(tmp_path / "m") as first:
        first.add([Unit("同意", "consent")])
        with writing(tmp_path / "m") as second:
            second.add([Unit("開示", "disclosure")])
    with Memory.open(tmp_path / "m") as kept:
        assert {unit.en for unit in kept.units()} == {"consent", "disclosure"}
    assert [path.name for path in tmp_path.iterdir()] == ["m"]


def test_two_first_imports_where_there_are_no_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refusing)
    test_two_first_imports_at_once_both_count(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="has no limits of files")
def test_a_disk_that_is_full_at_the_end_leaves_no_damaged_memory(tmp_path: Path) -> None:
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(statement: str) -> None:
        if "wal_checkpoint" in statement:  # what was added goes from the log into the file
            resource.setrlimit(resource.RLIMIT_FSIZE, (8192, limits[1]))

    def add() -> None:
        with writing(tmp_path / "m") as kept:
            kept._connection.set_trace_callback(fill)
            kept.add(Unit(f"条{n}の文", f"clause {n}") for n in range(500))

    try:
        with pytest.raises(StoreError, match="has room"):
            add()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_import_left_is_removed_after_a_day(tmp_path: Path) -> None:
    left = tmp_path / ".m.4711.new"
    left.write_bytes(b"x")
    for age, there in ((3_600, True), (100_000, False)):
        os.utime(left, (time.time() - age,) * 2)
        with writing(tmp_path / "m"):
            pass
        assert left.exists() == there


def test_a_file_over_the_limit(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with (tmp_path / "in.tmx").open("wb") as file:
        file.truncate(exchange.LARGEST + 1)  # a hole: takes no room
    assert main(["memory", "import", str(tmp_path / "in.tmx"), "--memory", str(tmp_path / "m")]) == 1
    assert "cut it into several files" in capfd.readouterr().err


def test_progress_is_told(kept: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("normalizer.cli.progress.EVERY", 0.0)
    assert main(["memory", "import", str(kept.with_name("one.tmx")), "--memory", str(kept)]) == 0
    assert "one.tmx: 0.0 of 0.0 MB" in capfd.readouterr().err
