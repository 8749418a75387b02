"""Runs that are disturbed, resumed, cut otherwise: nothing is lost, nothing done twice, the bytes stay the same."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from misbehaving import MisbehavingTools

import normalizer.batch.work as working
from normalizer.batch import Limits, Processes, Settings, Tools, cluster, plan, read_run, run
from normalizer.batch.arrow import pyarrow_parquet
from normalizer.batch.policies import Policy
from normalizer.batch.pulse import Pulse, last_note
from normalizer.batch.resume import tidy
from normalizer.batch.sources import Source, document
from normalizer.batch.spool import Spool
from normalizer.batch.store import Store
from normalizer.cli import main
from normalizer.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from normalizer import Normalizer
    from normalizer.batch import Summary

pytestmark = pytest.mark.timeout(600)  # processes are started, and the machine may do much else
JA = "第{0}条（取得）\n当社は、お客様の氏名{0}を取得します。\n{1}\n"
EN = "Article {0} (Collection)\n\nWe collect your name {0}.\n{1}\n"
SMALL = Settings(chunk=1)  # a policy a chunk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three pairs and a file alone."""
    path = tmp_path / "in"
    path.mkdir()
    for number, name in enumerate(("a", "b", "c"), 1):
        write(path, f"{name}.ja.txt", number)
        write(path, f"{name}.en.txt", number)
    write(path, "d.ja.txt", 4)
    return path


def write(folder: Path, name: str, number: int, word: str = "") -> None:
    (folder / name).write_text((JA if ".ja" in name else EN).format(number, word), encoding="utf-8")


def go(folder: Path, out: Path, normalizer: Normalizer, settings: Settings = SMALL, **more: Any) -> Summary:
    with plan([folder]) as made:
        return run(made, out, normalizer, settings=settings, **more)


def files(out: Path, hidden: bool = True) -> dict[str, bytes]:
    found = (path for path in sorted(out.rglob("*")) if path.is_file())
    names = {path.relative_to(out).as_posix(): path for path in found if path.name != "lock"}
    return {name: path.read_bytes() for name, path in names.items() if hidden or not name.startswith(".run")}


def lines(out: Path) -> tuple[list[bytes], list[bytes]]:
    """What an export of JSON lines is made of."""
    results = read_run(out)
    return list(results.lines("records")), list(results.lines("documents"))


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The policies that were read, in this process, since last cleared."""
    seen: list[str] = []
    made = working._Reading.made

    def noting(self: Any) -> Any:
        seen.append(self._policy.id)
        return made(self)

    monkeypatch.setattr(working._Reading, "made", noting)
    return seen


# --- resume ------------------------------------------------------------------------------------------------------


def test_a_second_run_does_nothing_and_gives_the_same(
    folder: Path, tmp_path: Path, normalizer: Normalizer, worked: list[str]
) -> None:
    first = go(folder, tmp_path / "out", normalizer)
    bytes_of_first = files(tmp_path / "out")
    assert worked == ["a", "b", "c", "d"]
    worked.clear()
    again = go(folder, tmp_path / "out", normalizer)
    assert again == first
    assert (first.taken, again.taken, first.documents) == (0, 7, 7)
    assert worked == []
    assert files(tmp_path / "out") == bytes_of_first


@pytest.mark.parametrize("chunk", [1, 10_000])
def test_only_what_is_new_or_changed_is_done(
    chunk: int, folder: Path, tmp_path: Path, normalizer: Normalizer, worked: list[str]
) -> None:
    settings = Settings(chunk=chunk)
    go(folder, tmp_path / "out", normalizer, settings)
    worked.clear()
    write(folder, "0.ja.txt", 9)  # comes first, so every chunk after it has another number
    write(folder, "b.en.txt", 8)
    (folder / "c.ja.txt").unlink()
    go(folder, tmp_path / "out", normalizer, settings)
    assert worked == ["0", "b", "c"]
    go(folder, tmp_path / "fresh", normalizer, settings)
    assert files(tmp_path / "out") == files(tmp_path / "fresh")


def test_another_place_or_name_needs_no_reading(
    folder: Path, tmp_path: Path, normalizer: Normalizer, worked: list[str]
) -> None:
    go(folder, tmp_path / "out", normalizer)
    worked.clear()
    (folder / "a.ja.txt").rename(folder / "renamed.ja.txt")
    (folder / "a.en.txt").rename(folder / "renamed.en.txt")
    moved = folder.rename(tmp_path / "moved")
    go(moved, tmp_path / "out", normalizer)
    assert worked == []
    go(moved, tmp_path / "fresh", normalizer)
    assert files(tmp_path / "out") == files(tmp_path / "fresh")


def test_options_spelt_out_as_they_are_anyway_are_no_other_options(
    folder: Path, tmp_path: Path, normalizer: Normalizer, worked: list[str]
) -> None:
    from normalizer.cli.shared import tools

    go(folder, tmp_path / "out", normalizer)
    worked.clear()
    go(folder, tmp_path / "out", normalizer, tools=Tools.of(**tools(())))
    assert worked == []
    with pytest.raises(TypeError, match="no_such_option"):
        Tools.of(no_such_option=1).build()


@pytest.mark.parametrize("change", ["glossary", "code"])
def test_other_tables_or_other_code_make_all_anew(
    change: str,
    folder: Path,
    tmp_path: Path,
    normalizer: Normalizer,
    worked: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    go(folder, tmp_path / "out", normalizer)
    worked.clear()
    if change == "code":
        monkeypatch.setattr("normalizer.batch.fingerprint._code", lambda: "other")
        go(folder, tmp_path / "out", normalizer)
    else:
        own = tmp_path / "own.csv"
        header = (Path(normalizer.folder) / "terms.csv").read_text("utf-8").splitlines()[0]
        own.write_text(header + "\n", encoding="utf-8")
        go(folder, tmp_path / "out", normalizer, tools=Tools.of(extra_terms=[own]))
    assert len(worked) == 4


def test_no_resume_makes_all_anew(folder: Path, tmp_path: Path, normalizer: Normalizer, worked: list[str]) -> None:
    go(folder, tmp_path / "out", normalizer)
    go(folder, tmp_path / "out", normalizer, Settings(resume=False, chunk=1))
    assert len(worked) == 8


def test_broken_off_after_each_write(folder: Path, tmp_path: Path, normalizer: Normalizer) -> None:
    """However many files were whole when the power went, the next run ends as if nothing had been."""
    write(folder, "bad.ja.txt", 5)
    (folder / "bad.ja.txt").write_bytes(b"\0" * 50)
    go(folder, tmp_path / "fresh", normalizer)
    expected = files(tmp_path / "fresh")
    create = Store.create
    for allowed in (0, 1, 2, 5, 13, 15, 16):
        out = tmp_path / f"out{allowed}"
        left = [allowed]

        def failing(self: Store, name: str, left: list[int] = left) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt
            return create(self, name)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Store, "create", failing)
            try:
                go(folder, out, normalizer)
            except KeyboardInterrupt:
                assert not (out / "manifest.json").exists()
        go(folder, out, normalizer)
        assert files(out) == expected, allowed


def test_a_part_that_was_cut_is_done_again(
    folder: Path, tmp_path: Path, normalizer: Normalizer, worked: list[str]
) -> None:
    go(folder, tmp_path / "out", normalizer)
    expected = files(tmp_path / "out")
    worked.clear()
    part = tmp_path / "out" / "records" / "part-00001.jsonl"
    part.write_bytes(part.read_bytes()[:-10])
    (tmp_path / "out" / "documents" / "part-00002.jsonl").unlink()
    (tmp_path / "out" / ".run" / "receipts" / "00003.json").write_text("{")
    go(folder, tmp_path / "out", normalizer)
    assert worked == ["b", "c", "d"]
    assert files(tmp_path / "out") == expected


def test_failures_are_kept_and_done_again_on_request(
    folder: Path, tmp_path: Path, normalizer: Normalizer, worked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(source: Any) -> Any:
        if source.name == "b.en.txt":
            raise InputError(f"{source}: gone for a moment")
        return document(source)

    with monkeypatch.context() as patch:
        patch.setattr(working, "document", failing)
        assert go(folder, tmp_path / "out", normalizer).failures == 1
    worked.clear()
    assert go(folder, tmp_path / "out", normalizer).failures == 1
    assert worked == []
    assert go(folder, tmp_path / "out", normalizer, Settings(retry=True, chunk=1)).failures == 0
    assert worked == ["b"]
    go(folder, tmp_path / "fresh", normalizer)
    assert files(tmp_path / "out") == files(tmp_path / "fresh")


def test_a_second_run_in_the_same_folder_is_refused(folder: Path, tmp_path: Path, normalizer: Normalizer) -> None:
    store = Store(str(tmp_path / "out"))
    store.prepare()
    with store.locked(), pytest.raises(InputError, match="another run is at work"):
        go(folder, tmp_path / "out", normalizer)
    go(folder, tmp_path / "out", normalizer)


def test_a_second_run_leaves_alone_what_the_first_has_unpacked(tmp_path: Path) -> None:
    given = tmp_path / "in.jsonl.gz"
    with gzip.open(given, "wt", encoding="utf-8") as file:
        file.write('{"text": "当社は、お客様の氏名を取得します。"}\n')
    store = Store(str(tmp_path / "out"))
    store.prepare()
    spool = Spool(store.path(".run/inputs"))
    unpacked = Path(spool.plain(str(given)))
    before = unpacked.stat()
    with store.locked():
        assert main(["run", str(given), "--out", store.root, "--workers", "0"]) == 2
    assert unpacked.stat() == before


def test_a_folder_that_another_run_removes_while_it_is_looked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(str(tmp_path))
    store.prepare()
    earlier = store.path(".run/earlier")
    earlier.mkdir()
    scandir = os.scandir

    def slowly(path: Any) -> Any:
        if os.fspath(path) == str(earlier):
            earlier.rmdir()
        return scandir(path)

    monkeypatch.setattr(os, "scandir", slowly)
    store.prepare()
    assert not earlier.exists()


def test_two_workers_that_write_one_file_do_not_meet(tmp_path: Path) -> None:
    """A worker that a cluster has lost may still live, in a container where it has the number of another."""
    store = Store(str(tmp_path))
    with store.create("records/part-00000.jsonl") as slow:
        slow.write(b"1\n")
        with store.create("records/part-00000.jsonl") as fast:
            fast.write(b"1\n")
        slow.write(b"2\n")
        slow.flush()
        with store.open("records/part-00000.jsonl") as whole:
            assert whole.read() == b"1\n"
    with store.open("records/part-00000.jsonl") as whole:
        assert whole.read() == b"1\n2\n"
    assert len(store.names("records")) == 1


def test_a_receipt_that_a_lost_worker_still_writes_is_none_of_a_chunk(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    for name in ("00000.json", "00001.json"):
        with store.create(f".run/receipts/{name}"):
            pass
    with store.create(".run/receipts/00000.json"):
        tidy(store, {}, 1)
    assert store.names(".run/receipts") == ["00000.json"]


def test_a_cluster_worker_closes_the_tools_of_an_earlier_run(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[Tools] = []

    class Made:
        def __init__(self, tools: Tools, workers: int, limits: Limits) -> None:
            self.tools = tools

        def close(self) -> None:
            closed.append(self.tools)

    monkeypatch.setattr(cluster, "Processes", Made)
    monkeypatch.setattr(cluster, "_KEPT", threading.local())
    one, two = Tools.of(), Tools.of(fill=("argos",))
    for tools in (one, one, two):
        cluster._engine(tools, Limits())
    assert closed == [one]


# --- the cut into chunks, formats --------------------------------------------------------------------------------


def _plan_of(names: list[str], size: int) -> Iterator[tuple[str, ...]]:
    with plan([]) as made:
        for name in names:
            made._put(Policy(name, ja=Source(name, name, name, size=size, sha256=name)))
        for chunk in made.chunks():
            yield tuple(policy.id for policy in chunk.policies)


def test_a_policy_more_or_less_changes_few_chunks() -> None:
    names = [f"p{number:05d}" for number in range(5_000)]
    before, after = set(_plan_of(names, 5_000)), set(_plan_of([*names[:700], *names[701:]], 5_000))
    assert len(before) > 100
    assert len(before - after) < 10


def test_chunks_grow_with_the_corpus() -> None:
    cut = {size: list(_plan_of([f"p{n:06d}" for n in range(1_000)], size)) for size in (20_000, 600_000)}
    assert 600_000 * len(cut[600_000][10]) > 4 * 20_000 * len(cut[20_000][10])
    assert all(sum(map(len, chunks)) == 1_000 for chunks in cut.values())


@pytest.mark.parametrize("format", ["jsonl.gz", "jsonl.zst", "parquet"])
def test_every_format_gives_back_the_same_rows(
    format: str, folder: Path, tmp_path: Path, normalizer: Normalizer, worked: list[str]
) -> None:
    (folder / "e.txt").write_text("<p>no</p>We keep it.\n" * 3, encoding="utf-8")
    go(folder, tmp_path / "out", normalizer)
    expected = lines(tmp_path / "out")
    worked.clear()
    shutil.copytree(tmp_path / "out", tmp_path / "other")
    go(folder, tmp_path / "other", normalizer, Settings(format, chunk=1))
    assert worked == []  # rows are written otherwise, nothing is read again
    go(folder, tmp_path / "fresh", normalizer, Settings(format, chunk=1))
    assert lines(tmp_path / "other") == lines(tmp_path / "fresh") == expected
    assert files(tmp_path / "other") == files(tmp_path / "fresh")
    assert {path.name.split(".", 1)[1] for path in (tmp_path / "fresh" / "records").iterdir()} == {format}


def test_parquet_has_the_columns_of_a_record(folder: Path, tmp_path: Path, normalizer: Normalizer) -> None:
    go(folder, tmp_path / "out", normalizer, Settings("parquet"))
    table = pyarrow_parquet().read_table(tmp_path / "out" / "records")
    row = table.to_pylist()[0]
    assert row["ja"]["clauses"][0]["start"] == 0
    assert json.loads(row["provenance"])["sources"]["ja"]["document"] == "a.ja.txt"
    assert table.schema.field("concepts").type.value_type == "string"


def test_what_no_run_has_written_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no run in this folder"):
        read_run(tmp_path)
    (tmp_path / "manifest.json").write_text("[]")
    with pytest.raises(InputError, match="is no manifest of a run"):
        read_run(tmp_path)


# --- duplicates --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chunk", [1, 10_000])
def test_the_same_bytes_are_read_once(
    chunk: int, folder: Path, tmp_path: Path, normalizer: Normalizer, worked: list[str]
) -> None:
    for name in ("bb", "z/b"):
        (folder / name).parent.mkdir(exist_ok=True)
        for side in ("ja", "en"):
            shutil.copy(folder / f"b.{side}.txt", folder / f"{name}.{side}.txt")
    summary = go(folder, tmp_path / "out", normalizer, Settings(chunk=chunk))
    assert worked == ["a", "b", "c", "d"]
    assert summary.duplicates == 4
    copies = [json.loads(line) for line in (tmp_path / "out" / "duplicates.jsonl").read_text().splitlines()]
    assert {(row["policy"], row["of"], row["kind"]) for row in copies} == {("bb", "b", "same"), ("z/b", "b", "same")}
    rows = list(read_run(tmp_path / "out").records())
    for name in ("bb", "z/b"):
        pair = (folder / f"{name}.ja.txt", folder / f"{name}.en.txt")
        assert [row for row in rows if row["policy"] == name] == [
            row.model_dump(mode="json", by_alias=True) for row in normalizer.align(*pair, name)
        ]


def test_nearly_the_same_words_are_noted(folder: Path, tmp_path: Path, normalizer: Normalizer) -> None:
    text = (Path(__file__).parent.parent / "corpus" / "01-aozora-shop.ja.txt").read_text("utf-8")
    (folder / "x.ja.txt").write_text(text, encoding="utf-8")
    (folder / "y.ja.txt").write_text(text.replace("あおぞら", "ゆうやけ"), encoding="utf-8")
    (folder / "z.ja.txt").write_bytes(text.encode("cp932", "replace"))
    go(folder, tmp_path / "out", normalizer)
    rows = [json.loads(line) for line in (tmp_path / "out" / "duplicates.jsonl").read_text().splitlines()]
    assert [(row["policy"], row["of"], row["kind"]) for row in rows] == [("y", "x", "near"), ("z", "x", "near")]
    assert 0.8 <= rows[0]["similarity"] <= rows[1]["similarity"] <= 1


# --- worker processes --------------------------------------------------------------------------------------------


@pytest.fixture
def lone(tmp_path: Path) -> Path:
    """Policies of one side, for which the encoder of sentences need not be loaded."""
    path = tmp_path / "lone"
    path.mkdir()
    for number in range(4):
        write(path, f"{number}.ja.txt", number)
    return path


@pytest.fixture
def misbehave(normalizer: Normalizer, tmp_path: Path) -> Callable[..., tuple[Summary, list[dict[str, Any]]]]:
    def call(folder: Path, limits: Limits, workers: int = 1) -> tuple[Summary, list[dict[str, Any]]]:
        tools, out = MisbehavingTools(), tmp_path / "out"
        with plan([folder]) as made, closing(Processes(tools, workers, limits)) as engine:
            summary = run(made, out, normalizer, engine, Settings(chunk=10_000), tools)
        return summary, list(read_run(out).failures())

    return call


@pytest.mark.slow
def test_what_hangs_crashes_or_swells_costs_only_itself(
    folder: Path, tmp_path: Path, misbehave: Callable[..., tuple[Summary, list[dict[str, Any]]]]
) -> None:
    write(folder, "b.en.txt", 2, "HANG")
    write(folder, "c.ja.txt", 3, "CRASH")
    write(folder, "e.ja.txt", 5, "SWELL")
    write(folder, "f.en.txt", 6, "FAULT")
    write(folder, "g.en.txt", 7, "STUCK")
    summary, failures = misbehave(folder, Limits(20.0, 600))  # seconds in which the encoder is loaded, too
    reasons = {row["input"].rpartition("/")[2]: row["reason"] for row in failures}
    assert reasons == {
        **{"b.en.txt": "time", "c.ja.txt": "crash", "e.ja.txt": "memory", "f.en.txt": "fault", "g.en.txt": "time"}
    }
    assert (summary.inputs, summary.documents, summary.failures) == (10, 5, 5)
    measured = {row["reason"]: (row["seconds"], row["megabytes"]) for row in failures if row["reason"] != "fault"}
    assert measured["time"][0] >= 20
    assert measured["memory"][1] > 600
    assert "--time-limit" in next(row["message"] for row in failures if row["reason"] == "time")
    documents = {(row["policy"], row["side"]) for row in read_run(tmp_path / "out").documents()}
    assert documents == {("a", "ja"), ("a", "en"), ("b", "ja"), ("c", "en"), ("d", "ja")}


@pytest.mark.slow
def test_a_worker_killed_by_hand_loses_nothing(
    folder: Path,
    tmp_path: Path,
    normalizer: Normalizer,
    misbehave: Callable[..., tuple[Summary, list[dict[str, Any]]]],
) -> None:
    note = tmp_path / "pid"
    write(folder, "b.en.txt", 2, f"PAUSE {note}")
    killer = threading.Thread(target=_kill_when_named, args=(note,))
    killer.start()
    summary, failures = misbehave(folder, Limits())
    killer.join()
    assert (summary.documents, failures) == (7, [])
    go(folder, tmp_path / "fresh", normalizer)
    assert lines(tmp_path / "out") == lines(tmp_path / "fresh")


def _kill_when_named(note: Path) -> None:
    while not (note.exists() and note.read_text()):
        time.sleep(0.02)
    os.kill(int(note.read_text()), signal.SIGKILL)


def test_a_pulse_tells_where_a_worker_was(tmp_path: Path) -> None:
    with Pulse(str(tmp_path / "note"), Limits(50, 100_000)) as pulse:
        pulse.begin((3, "ja"))
    note = last_note(str(tmp_path / "note"))
    assert note is not None
    assert (note.place, note.reason) == ((3, "ja"), "")
    assert note.megabytes > 1
    assert last_note(str(tmp_path / "none")) is None


@pytest.fixture
def held_beat(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A pulse whose thread is held up where it measures memory, while the worker would turn to the next document."""
    measured, turned = threading.Event(), threading.Event()

    def resident() -> int:
        if threading.current_thread() is not threading.main_thread():
            measured.set()
            turned.wait(0.3)  # longer than turning takes where nothing holds it back
        return 2**40

    def call(path: Path, limits: Limits) -> None:
        with Pulse(str(path), limits) as pulse:
            pulse.begin((0, "ja"))
            assert measured.wait(60)
            pulse.begin((1, "ja"))
            turned.set()

    monkeypatch.setattr("normalizer.batch.pulse.resident", resident)
    monkeypatch.setattr("normalizer.batch.pulse.os._exit", lambda status: None)
    monkeypatch.setattr("normalizer.batch.pulse._cap", lambda limits: None)  # this process is no worker
    return call


def test_a_note_is_never_older_than_the_document(tmp_path: Path, held_beat: Callable[..., None]) -> None:
    held_beat(tmp_path / "note", Limits(50, 2**30))
    note = last_note(str(tmp_path / "note"))
    assert note is not None
    assert note.place == (1, "ja")


def test_what_a_document_took_is_not_the_next_ones(
    tmp_path: Path, held_beat: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped: list[tuple[int, str]] = []
    note = Pulse._note

    def noting(self: Any, reason: str = "") -> None:
        note(self, reason)
        found = last_note(str(tmp_path / "note"))
        if reason and found:
            stopped.append(found.place)

    monkeypatch.setattr(Pulse, "_note", noting)
    held_beat(tmp_path / "note", Limits(50, 100))
    assert stopped[0] == (0, "ja")


DESERTED = """
import sys
from contextlib import closing
from misbehaving import MisbehavingTools
from normalizer import Normalizer
from normalizer.batch import Processes, plan, run
with plan([sys.argv[1]]) as made, closing(Processes(MisbehavingTools(), 1)) as engine:
    run(made, sys.argv[2], Normalizer(), engine)
"""


@pytest.mark.slow
def test_a_worker_ends_with_its_run(folder: Path, tmp_path: Path) -> None:
    """Or it might write its part file into the folder of the next run."""
    note = tmp_path / "pid"
    write(folder, "b.en.txt", 2, f"PAUSE {note}")
    command = [sys.executable, "-c", DESERTED, str(folder), str(tmp_path / "out")]
    paths = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    with subprocess.Popen(command, env=os.environ | {"PYTHONPATH": paths}) as process:
        while not (note.exists() and note.read_text()):
            assert process.poll() is None
            time.sleep(0.02)
        process.kill()
    paused = time.monotonic()
    while _runs(int(note.read_text())):
        time.sleep(0.02)
    assert time.monotonic() - paused < 40  # of the 60 s that it would have paused


def _runs(process: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@pytest.mark.slow
def test_workers_of_a_later_run_have_its_environment(
    folder: Path, tmp_path: Path, normalizer: Normalizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are made by a server that has the environment of the first run of this process."""
    write(folder, "b.en.txt", 2, f"ENVIRONMENT {tmp_path}")
    for value in ("one", "two"):
        monkeypatch.setenv("NORMALIZER_TEST", value)
        tools = MisbehavingTools()
        with plan([folder]) as made, closing(Processes(tools, 1)) as engine:
            run(made, tmp_path / value, normalizer, engine, Settings(chunk=10_000), tools)
        assert (tmp_path / "environment").read_text() == value


def test_workers_that_cannot_be_started(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refusing(*_: Any) -> Any:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("pebble.pool.process.launch_process", refusing)
    assert main(["run", str(folder), "--out", str(tmp_path / "out"), "--workers", "1"]) == 1
    assert "workers cannot be started ([Errno 11] Resource temporarily unavailable)" in capsys.readouterr().err


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty policies, of which one in eight cannot be read, and two are copies of another."""
    path = tmp_path_factory.mktemp("many")
    for number in range(40):
        write(path, f"p{number:02d}.ja.txt", number % 38)
        write(path, f"p{number:02d}.en.txt", number % 38)
        if number % 8 == 0:
            (path / f"p{number:02d}.en.txt").write_bytes(b"\0\1" * 20)
    return path


def _command(many: Path, out: Path | str, *more: str) -> list[str]:
    return [sys.executable, "-m", "normalizer", "run", str(many), "--out", str(out), "--chunk-size", "1", *more]


@pytest.mark.slow
def test_two_workers_write_what_one_does(many: Path, tmp_path: Path, normalizer: Normalizer) -> None:
    with plan([many]) as made:
        run(made, tmp_path / "one", normalizer, settings=Settings(chunk=1024), tools=Tools.of(extra_terms=()))
    assert subprocess.run(_command(many, tmp_path / "two", "--workers", "2", "--quiet")).returncode == 1
    assert files(tmp_path / "one") == files(tmp_path / "two")


@pytest.mark.slow
@pytest.mark.parametrize("receipts", [1, 4])
def test_kill_9_of_the_whole_run_and_resume(receipts: int, many: Path, tmp_path: Path, normalizer: Normalizer) -> None:
    out = tmp_path / "out"
    process = subprocess.Popen(_command(many, out, "--workers", "2", "--quiet"), start_new_session=True)
    while len(list(out.glob(".run/receipts/*.json"))) < receipts and process.poll() is None:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not (out / "manifest.json").exists()
    done = subprocess.run(_command(many, out, "--workers", "2"), capture_output=True, text=True)
    assert done.returncode == 1
    assert "80 inputs = 75 documents + 5 failures" in done.stderr
    assert "taken over from an earlier run" in done.stderr
    with plan([many]) as made:
        run(made, tmp_path / "fresh", normalizer, settings=Settings(chunk=1024), tools=Tools.of(extra_terms=()))
    assert files(out) == files(tmp_path / "fresh")


@pytest.mark.slow
def test_a_full_disk_is_told_and_gone_on_from(many: Path, tmp_path: Path) -> None:
    """No file may grow beyond 20 kB: what is written meets the same error as on a full disk."""
    out = tmp_path / "out"

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    more = ("--workers", "1", "--chunk-size", "4")
    done = subprocess.run(_command(many, out, *more), capture_output=True, text=True, preexec_fn=limited)
    assert done.returncode == 1
    assert "cannot be written to (File too large); what is done is kept: make room" in done.stderr
    assert "Traceback" not in done.stderr
    assert subprocess.run(_command(many, out, *more, "--quiet")).returncode == 1
    assert subprocess.run(_command(many, tmp_path / "fresh", *more, "--quiet")).returncode == 1
    assert files(out) == files(tmp_path / "fresh")


@pytest.mark.slow
def test_dask_writes_what_the_local_engine_does_also_when_a_worker_is_killed(many: Path, tmp_path: Path) -> None:
    """The cluster's results are behind a URL, as those of several machines have to be."""
    for out in ("local", "dask"):
        if out == "local":
            assert subprocess.run(_command(many, tmp_path / out, "--workers", "2", "--quiet")).returncode == 1
            continue
        command = _command(many, (tmp_path / out).as_uri(), "--engine", "dask", "--workers", "2", "--quiet")
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        try:
            while len(list((tmp_path / out).glob(".run/receipts/*.json"))) < 3:
                assert process.poll() is None
                time.sleep(0.02)
            os.kill(_dask_workers(process.pid)[0], signal.SIGKILL)
            _, err = process.communicate()
        finally:
            process.kill()
        assert process.returncode == 1, err
        assert "Traceback" not in err
    assert files(tmp_path / "local") == files(tmp_path / "dask")


def _dask_workers(parent: int) -> list[int]:
    """The processes of a local cluster, by what the system says of the children of one process."""
    names = {}
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(ValueError, OSError):
            status = dict(line.split(":\t", 1) for line in (entry / "status").read_text().splitlines() if ":\t" in line)
            if int(status["PPid"]) == parent:
                names[int(entry.name)] = (entry / "cmdline").read_text()
    return sorted(pid for pid, command in names.items() if "spawn_main" in command)


def test_a_scheduler_that_does_not_answer(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["run", str(folder), "--out", str(tmp_path / "out"), "--scheduler", "tcp://127.0.0.1:1"]
    assert main(given) == 2
    assert "--scheduler goes with --engine dask" in capsys.readouterr().err


# --- what is said ------------------------------------------------------------------------------------------------


def test_progress_for_programs(lone: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (lone / "bad.en.txt").write_text("", encoding="utf-8")
    given = ["run", str(lone), "--out", str(tmp_path / "out"), "--workers", "0", "--progress", "json"]
    assert main(given) == 1
    events = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert events[-1] | {"event": "end", "inputs": 5, "documents": 4, "failures": 1} == events[-1]
    assert events[0] | {"event": "progress", "done": 5, "total": 5} == events[0]


def test_hundreds_of_junk_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "junk"
    folder.mkdir()
    for number in range(300):
        (folder / f"{number}.txt").write_bytes(bytes((number * 7 + place * 31) % 256 for place in range(60)))
    assert main(["run", str(folder), "--out", str(tmp_path / "out"), "--workers", "0"]) == 1
    err = capsys.readouterr().err
    assert "300 inputs = " in err
    assert "Traceback" not in err
    assert len(err.splitlines()) < 30


def test_a_bar_on_a_terminal(lone: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["run", str(lone), "--out", str(tmp_path / "out"), "--workers", "0", "--progress", "bar"]
    assert main(given) == 0
    assert "4/4" in capsys.readouterr().err
