"""Many files: which belong together, what a run writes, and that every input is accounted for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from normalizer.batch import Settings, plan, run
from normalizer.batch.store import Store
from normalizer.errors import InputError
from normalizer.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from normalizer import Normalizer
    from normalizer.batch import Refusal, Summary
    from normalizer.batch.sources import Source

JA = """プライバシーポリシー

第1条（取得）
当社は、お客様の氏名を取得します。

第2条（提供）
当社は、第三者に提供しません。
"""
EN = """Privacy Policy

Article 1 (Collection)
We collect your name.

Article 2 (Provision)
We do not sell your name.
"""
FR = """Politique de confidentialité

Nous recueillons votre nom et votre adresse lorsque vous passez une commande sur notre site.
"""
CONTENT = {"ja": JA, "en": EN, "fr": FR}

Shape = tuple[str, str | None, str | None, str | None]  # policy, names of its ja, en, and either file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "in"
    path.mkdir()
    return path


def _write(folder: Path, *names: str) -> None:
    """Files by name; the content is Japanese where a part of the name is ja, French for fr, else English."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        parts = name.lower().replace("_", ".").replace("-", ".").replace("/", ".").split(".")
        code = next((code for code, marks in (("ja", {"ja", "jp"}), ("fr", {"fr"})) if marks & set(parts)), "en")
        path.write_text(CONTENT[code], encoding="utf-8")


def _plan(*inputs: Path) -> tuple[list[Shape], list[tuple[str, str]]]:
    with plan(inputs) as found:
        shapes = [(p.id, _name(p.ja), _name(p.en), _name(p.either)) for p in found.policies()]
        return shapes, [(Path(refusal.path).name, refusal.policy) for refusal in found.refusals()]


def _name(source: Source | None) -> str | None:
    return source.name if source else None


def _refusals(*inputs: Path) -> list[Refusal]:
    with plan(inputs) as found:
        return list(found.refusals())


@dataclass(frozen=True, slots=True)
class Outcome:
    summary: Summary
    out: Path

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of records, documents (all parts) or failures.jsonl."""
        path = self.out / name
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]

    @property
    def failures(self) -> dict[str, str]:
        return {Path(row["input"]).name: row["reason"] for row in self.rows("failures.jsonl")}

    @property
    def documents(self) -> set[tuple[str, str, str]]:
        return {(row["policy"], row["side"], row["document"]) for row in self.rows("documents")}


@pytest.fixture
def go(normalizer: Normalizer, tmp_path: Path) -> Callable[..., Outcome]:
    def call(*inputs: Path, out: str = "out") -> Outcome:
        with plan(inputs) as found:
            outcome = Outcome(run(found, tmp_path / out, normalizer), tmp_path / out)
        _conserved(outcome)
        return outcome

    return call


def _conserved(outcome: Outcome) -> None:
    """Inputs = documents + failures, in the counts and in the files, and nothing half-written is left."""
    counts = json.loads((outcome.out / "manifest.json").read_text(encoding="utf-8"))["counts"]
    assert counts["inputs"] == counts["documents"] + counts["failures"]
    assert counts["documents"] == len(outcome.rows("documents"))
    assert counts["failures"] == len(outcome.rows("failures.jsonl")) == sum(counts["reasons"].values())
    assert counts["records"] == len(outcome.rows("records"))
    files = {"failures.jsonl", "duplicates.jsonl", "manifest.json"}
    assert {path.name for path in outcome.out.iterdir()} == {"records", "documents", ".run"} | files
    assert not list(outcome.out.rglob("*.tmp*"))
    for row in outcome.rows("records"):
        Record.model_validate(row)


# --- which files belong together ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ja", "en", "policy"),
    [
        ("shop.ja.txt", "shop.en.txt", "shop"),
        ("shop_ja.txt", "shop_en.txt", "shop"),
        ("shop-ja.txt", "shop-en.txt", "shop"),
        ("shop.JA.txt", "shop.EN.txt", "shop"),
        ("shop.jp.txt", "shop.english.txt", "shop"),
        ("shop.ja.md", "shop.en.txt", "shop"),
        ("ja/shop.txt", "en/shop.txt", "shop"),
        ("2024/ja/shop.txt", "2024/en/shop.txt", "2024/shop"),
        ("ja/2024/shop.txt", "en/2024/shop.txt", "2024/shop"),
        ("a/shop.ja.txt", "a/shop.en.txt", "a/shop"),
        ("my.shop.ja.txt", "my.shop.en.txt", "my.shop"),
        ("株式会社みなと.ja.txt", "株式会社みなと.en.txt", "株式会社みなと"),
    ],
)
def test_pairs_by_name(ja: str, en: str, policy: str, folder: Path) -> None:
    _write(folder, ja, en)
    assert _plan(folder) == ([(policy, Path(ja).name, Path(en).name, None)], [])


def test_an_unmarked_file_takes_the_side_that_a_marked_one_leaves(folder: Path) -> None:
    _write(folder, "shop.txt", "shop.en.txt")
    assert _plan(folder) == ([("shop", None, "shop.en.txt", "shop.txt")], [])


def test_files_alone_are_policies_with_one_side(folder: Path) -> None:
    _write(folder, "a.ja.txt", "b.en.txt", "c.txt")
    assert _plan(folder)[0] == [
        ("a", "a.ja.txt", None, None),
        ("b", None, "b.en.txt", None),
        ("c", None, None, "c.txt"),
    ]


def test_the_same_stem_in_two_folders_is_two_policies(folder: Path) -> None:
    _write(folder, "a/shop.ja.txt", "b/shop.en.txt")
    assert [shape[0] for shape in _plan(folder)[0]] == ["a/shop", "b/shop"]


def test_two_files_for_one_side_are_refused_and_the_other_side_stays(folder: Path) -> None:
    _write(folder, "shop.ja.txt", "shop.ja.md", "shop.en.txt")
    assert _plan(folder) == ([("shop", None, "shop.en.txt", None)], [("shop.ja.md", "shop"), ("shop.ja.txt", "shop")])


def test_a_third_file_has_no_side_left(folder: Path) -> None:
    _write(folder, "shop.ja.txt", "shop.en.txt", "shop.txt")
    (refusal,) = _refusals(folder)
    assert len(_plan(folder)[0]) == 1
    assert Path(refusal.path).name == "shop.txt"
    message = refusal.message
    assert all(
        word in message for word in ("shop.txt", "shop.ja.txt", "shop.en.txt", "remove or rename", "manifest.csv")
    )


def test_what_is_no_policy_is_passed_over(folder: Path) -> None:
    _write(folder, "shop.ja.txt", "README.md", "README.ja.md", "LICENSE.txt", "CHANGELOG.md")
    _write(folder, "photo.png", "notes.xlsx", ".hidden.txt", ".git/x.txt", "shop.ja.txt~", "x.txt.bak")
    assert _plan(folder) == ([("shop", "shop.ja.txt", None, None)], [])


def test_a_file_named_by_hand_is_read_whatever_its_name(folder: Path) -> None:
    _write(folder, "README.md")
    assert _plan(folder / "README.md") == ([("README", None, None, "README.md")], [])


def test_files_given_one_by_one_pair(folder: Path) -> None:
    _write(folder, "shop.ja.txt", "shop.en.txt")
    assert _plan(folder / "shop.en.txt", folder / "shop.ja.txt")[0] == [("shop", "shop.ja.txt", "shop.en.txt", None)]


def test_a_file_named_twice_is_read_once(folder: Path) -> None:
    _write(folder, "shop.ja.txt", "sub/shop.en.txt")
    (folder / "link.ja.txt").symlink_to(folder / "shop.ja.txt")
    inputs = [folder / "shop.ja.txt", folder, folder / ".." / "in" / "shop.ja.txt", folder / "sub"]
    with plan(inputs) as found:
        assert sum(len(policy.files) for policy in found.policies()) == found.inputs == 2
    assert not _refusals(*inputs)


def test_a_circle_of_links_ends(folder: Path) -> None:
    _write(folder, "shop.ja.txt")
    (folder / "again").symlink_to(folder, target_is_directory=True)
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    assert _plan(folder) == ([("shop", "shop.ja.txt", None, None)], [])


def test_a_circle_of_links_named_by_hand_is_a_failure(folder: Path, go: Callable[..., Outcome]) -> None:
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    assert go(folder / "loop.txt").failures == {"loop.txt": "input"}


# --- manifests ---------------------------------------------------------------------------------------------------


def _manifest(folder: Path, *rows: str, header: str = "policy,ja,en") -> Path:
    path = folder / "manifest.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_a_manifest_in_the_folder_says_all_that_is_read(folder: Path) -> None:
    _write(folder, "one.txt", "two.txt", "three.txt")
    _manifest(folder, "shop,one.txt,two.txt")
    assert _plan(folder) == ([("shop", "one.txt", "two.txt", None)], [])


def test_a_manifest_given_as_a_file_and_paths_relative_to_it(folder: Path) -> None:
    _write(folder, "a/one.txt", "b/two.txt")
    path = _manifest(folder, "shop,a/one.txt,b/two.txt", "bank,,b/two.txt ".replace("two", "six"))
    assert _plan(path)[0] == [("bank", None, "six.txt", None), ("shop", "one.txt", "two.txt", None)]


def test_a_manifest_may_have_a_byte_order_mark_and_more_columns(folder: Path) -> None:
    path = folder / "list.csv"
    path.write_text("\ufeffnote,en,ja,policy\nx,two.txt,one.txt,shop\n", encoding="utf-8")
    assert _plan(path)[0] == [("shop", "one.txt", "two.txt", None)]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["shop,one.txt,two.txt", "shop,three.txt,"], "manifest.csv:3: policy shop stands in line 2 too"),
        (["shop,one.txt,two.txt", "bank,one.txt,"], "manifest.csv:3: file one.txt stands in line 2 too"),
        (["shop,one.txt,one.txt"], "manifest.csv:2: file one.txt stands in line 2 too"),
        (["shop,,"], "manifest.csv:2: a row needs a policy name and at least one of ja and en"),
        (["shop"], "manifest.csv:2: a row needs"),
        ([",one.txt,two.txt"], "manifest.csv:2: a row needs"),
    ],
)
def test_a_damaged_manifest_is_a_failure_with_its_line(rows: list[str], message: str, folder: Path) -> None:
    _write(folder, "one.txt", "two.txt", "three.txt", "other/shop.ja.txt")
    _manifest(folder, *rows)
    assert message in _refusals(folder, folder / "other")[0].message
    assert [shape[0] for shape in _plan(folder, folder / "other")[0]] == ["shop"]


def test_a_manifest_without_a_column(folder: Path) -> None:
    _manifest(folder, "shop,one.txt", header="policy,ja")
    assert "column 'en' is missing; a manifest has policy, ja, en" in _refusals(folder)[0].message


@pytest.mark.parametrize(
    "data", [b"", b"policy,ja,en\n\xff\xfe,a,b\n", b'policy,ja,en\n"' + b"a" * 200_000 + b'",b,c\n']
)
def test_a_manifest_that_is_no_table(data: bytes, folder: Path) -> None:
    (folder / "manifest.csv").write_bytes(data)
    assert "manifest.csv" in _refusals(folder)[0].message


def test_a_file_that_a_manifest_names_and_that_is_missing(folder: Path, go: Callable[..., Outcome]) -> None:
    _write(folder, "shop.ja.txt")
    _manifest(folder, "shop,shop.ja.txt,gone.txt")
    outcome = go(folder)
    assert outcome.failures == {"gone.txt": "input"}
    assert outcome.documents == {("shop", "ja", "shop.ja.txt")}


# --- what a run does with bad input ------------------------------------------------------------------------------


def test_each_bad_input_is_a_row_and_the_rest_is_done(folder: Path, go: Callable[..., Outcome]) -> None:
    _write(folder, "good.ja.txt", "good.en.txt", "third.fr.txt", "wrong.txt", "twice.ja.txt", "twice.ja.md")
    (folder / "wrong.txt").rename(folder / "wrong.ja.txt")  # English inside
    (folder / "empty.txt").touch()
    (folder / "noise.txt").write_bytes(b"\x00\x01\x02\xff\xfe" * 50)
    (folder / "latin.txt").write_bytes("Données à caractère privé".encode("latin-1"))
    (folder / "none").mkdir()
    outcome = go(folder, folder / "gone.txt", folder / "none", folder / "nowhere")
    assert outcome.failures == {
        "third.fr.txt": "language",
        "wrong.ja.txt": "language",
        "twice.ja.txt": "pairing",
        "twice.ja.md": "pairing",
        "empty.txt": "input",
        "noise.txt": "encoding",
        "latin.txt": "encoding",
        "gone.txt": "input",
        "none": "input",
        "nowhere": "input",
    }
    assert outcome.documents == {("good", "ja", "good.ja.txt"), ("good", "en", "good.en.txt")}
    assert outcome.summary.pairs == 1
    for row in outcome.rows("failures.jsonl"):
        assert Path(row["input"]).name in row["message"]
        assert set(row) == {"input", "policy", "side", "reason", "message"}


def test_nothing_to_read_is_a_run_with_failures_only(folder: Path, go: Callable[..., Outcome]) -> None:
    outcome = go(folder)
    assert outcome.failures == {"in": "input"}
    assert (
        "no policies in this folder; policies are files that end in .txt"
        in outcome.rows("failures.jsonl")[0]["message"]
    )
    assert (outcome.out / "records" / "part-00000.jsonl").read_bytes() == b""


def test_a_side_that_fails_leaves_records_with_the_other(folder: Path, go: Callable[..., Outcome]) -> None:
    _write(folder, "shop.ja.txt")
    (folder / "shop.en.txt").write_bytes(b"\x00" * 100)
    outcome = go(folder)
    assert outcome.failures == {"shop.en.txt": "encoding"}
    assert all(row["en"] is None and row["ja"] for row in outcome.rows("records"))
    assert outcome.summary.records == 5


def test_an_unmarked_file_in_the_language_of_the_marked_one(folder: Path, go: Callable[..., Outcome]) -> None:
    _write(folder, "shop.en.txt", "shop.txt")
    outcome = go(folder)
    assert outcome.failures == {"shop.txt": "pairing"}
    assert outcome.documents == {("shop", "en", "shop.en.txt")}


def test_an_unmarked_file_in_the_other_language_is_the_other_side(folder: Path, go: Callable[..., Outcome]) -> None:
    _write(folder, "shop.en.txt")
    (folder / "shop.txt").write_text(JA, encoding="utf-8")
    outcome = go(folder)
    assert outcome.documents == {("shop", "en", "shop.en.txt"), ("shop", "ja", "shop.txt")}
    assert outcome.summary.pairs == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_a_row(folder: Path, go: Callable[..., Outcome]) -> None:
    _write(folder, "shop.ja.txt", "bank.ja.txt")
    (folder / "shop.ja.txt").chmod(0)
    assert go(folder).failures == {"shop.ja.txt": "input"}


def test_a_file_that_the_system_refuses_is_a_row(
    folder: Path, go: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(folder, "shop.ja.txt", "bank.ja.txt")
    read_bytes = Path.read_bytes

    def refusing(path: Path) -> bytes:
        if path.name == "shop.ja.txt":
            raise PermissionError(13, "Permission denied")
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", refusing)
    outcome = go(folder)
    assert outcome.failures == {"shop.ja.txt": "input"}
    assert "Permission denied" in outcome.rows("failures.jsonl")[0]["message"]


def test_a_name_that_is_no_utf8(folder: Path, go: Callable[..., Outcome]) -> None:
    name = os.fsdecode(b"\x93\xfa\x96\x7b.ja.txt")
    try:
        (folder / name).write_text(JA, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    (folder / name.replace(".ja", ".fr")).write_text(FR, encoding="utf-8")
    outcome = go(folder)
    assert outcome.summary.documents == 1
    assert outcome.failures.keys() == {r"\udc93\udcfa\udc96{.fr.txt"}
    assert outcome.rows("records")[0]["policy"] == r"\udc93\udcfa\udc96{"


def test_a_fault_in_aligning_costs_that_policy_only(
    folder: Path, go: Callable[..., Outcome], normalizer: Normalizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(folder, "a.ja.txt", "a.en.txt", "b.ja.txt", "b.en.txt", "c.ja.txt")
    align = normalizer.align

    def failing(ja: Any, en: Any, policy: str | None = None) -> Any:
        if policy == "a":
            raise ZeroDivisionError("oh")
        return align(ja, en, policy)

    monkeypatch.setattr(normalizer, "align", failing)
    outcome = go(folder)
    assert outcome.failures == {"a.ja.txt": "fault", "a.en.txt": "fault"}
    assert "ZeroDivisionError: oh; this is a fault of the library" in outcome.rows("failures.jsonl")[0]["message"]
    assert {policy for policy, _, _ in outcome.documents} == {"b", "c"}
    assert {row["policy"] for row in outcome.rows("records")} == {"b", "c"}


def test_a_fault_in_analysing_costs_that_file_only(
    folder: Path, go: Callable[..., Outcome], normalizer: Normalizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(folder, "a.ja.txt", "a.en.txt")
    analyze = normalizer.analyze

    def failing(source: Any, *rest: Any) -> Any:
        if getattr(source, "id", "") == "a.en.txt":
            raise RecursionError("deep")
        return analyze(source, *rest)

    monkeypatch.setattr(normalizer, "analyze", failing)
    outcome = go(folder)
    assert outcome.failures == {"a.en.txt": "fault"}
    assert outcome.documents == {("a", "ja", "a.ja.txt")}


# --- what a run writes -------------------------------------------------------------------------------------------


def test_documents_give_the_text_that_the_spans_index(folder: Path, go: Callable[..., Outcome]) -> None:
    _write(folder, "shop.ja.txt", "shop.en.txt", "ja/bank.md")
    outcome = go(folder)
    texts = {(row["policy"], row["side"]): row["text"] for row in outcome.rows("documents")}
    assert len(texts) == 3
    for row in outcome.rows("records"):
        for side in ("ja", "en"):
            if row[side]:
                text = texts[row["policy"], side]
                assert row[side]["text"] == "\n".join(text[c["start"] : c["end"]] for c in row[side]["clauses"])


def test_records_stand_by_policy_and_position(folder: Path, go: Callable[..., Outcome]) -> None:
    _write(folder, "b.ja.txt", "b.en.txt", "a.ja.txt", "a.en.txt")
    order = [(row["policy"], row["position"]) for row in go(folder).rows("records")]
    assert order == sorted(order)
    assert {policy for policy, _ in order} == {"a", "b"}


def test_progress_is_told_after_each_chunk(folder: Path, normalizer: Normalizer, tmp_path: Path) -> None:
    _write(folder, "a.ja.txt", "b.ja.txt")
    told: list[tuple[int, int]] = []

    def progress(done: int, summary: Summary) -> None:
        told.append((done, summary.documents))

    with plan([folder]) as found:
        run(found, tmp_path / "out", normalizer, settings=Settings(chunk=1), progress=progress)
    assert told == [(1, 1), (2, 2)]


def _bytes(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def test_two_runs_give_the_same_bytes(folder: Path, go: Callable[..., Outcome]) -> None:
    _write(folder, "shop.ja.txt", "shop.en.txt", "bank.ja.txt", "x.fr.txt")
    first = _bytes(go(folder, out="one").out)
    again = _bytes(go(folder, out="one").out)
    other = _bytes(go(folder, out="two").out)
    assert first == again == other
    assert len([name for name in first if not name.startswith(".run")]) == 5


def _in_a_process(arguments: Sequence[str], seed: str) -> int:
    environment = os.environ | {"PYTHONHASHSEED": seed}
    return subprocess.run(
        [sys.executable, "-m", "normalizer", *arguments], env=environment, capture_output=True
    ).returncode


@pytest.mark.slow
def test_the_hash_seed_does_not_matter(folder: Path, tmp_path: Path) -> None:
    _write(folder, "shop.ja.txt", "shop.en.txt", "twice.ja.txt", "twice.ja.md", "x.fr.txt")
    for seed in ("0", "4711"):
        assert _in_a_process(["run", str(folder), "--out", str(tmp_path / seed)], seed) == 1
    assert _bytes(tmp_path / "0") == _bytes(tmp_path / "4711")
    assert len(_bytes(tmp_path / "0")["records/part-00000.jsonl"]) > 500


def test_the_results_do_not_depend_on_the_order_of_inputs(folder: Path, go: Callable[..., Outcome]) -> None:
    _write(folder, "a/shop.ja.txt", "b/bank.ja.txt", "b/bank.en.txt")
    assert _bytes(go(folder / "a", folder / "b", out="one").out) == _bytes(
        go(folder / "b", folder / "a", out="two").out
    )


# --- the folder for the results ----------------------------------------------------------------------------------


def test_an_earlier_run_is_replaced_and_nothing_else(folder: Path, go: Callable[..., Outcome]) -> None:
    _write(folder, "a.ja.txt", "b.fr.txt")
    go(folder)
    (folder / "b.fr.txt").unlink()
    assert go(folder).failures == {}


@pytest.mark.parametrize("name", ["thesis.tex", "records/mine.txt", "documents/shop.ja.txt", "documents/2023/a.txt"])
def test_a_folder_with_other_things_is_refused_and_left_alone(name: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / name).parent.mkdir(parents=True)
    (out / name).write_text("precious")
    with pytest.raises(InputError, match="which no run has written; name a new folder"):
        Store(str(out)).prepare()
    assert (out / name).read_text() == "precious"


def test_what_a_run_that_was_broken_off_left_is_removed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "records").mkdir(parents=True)
    for name in ("records/part-00000.jsonl.tmp", "failures.jsonl.tmp", "manifest.json.tmp"):
        (out / name).touch()
    store = Store(str(out))
    store.prepare()
    store.sweep()
    assert not [path for path in out.rglob("*") if path.is_file()]


def test_a_file_is_no_folder_for_results(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(InputError, match="out: is a file; name a folder"):
        Store(str(tmp_path / "out")).prepare()
    with pytest.raises(InputError, match="cannot be written to"):
        Store(str(tmp_path / "out" / "below")).prepare()


def test_a_link_in_the_folder_is_not_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "part-00000.jsonl").write_text("{}")
    out = tmp_path / "out"
    out.mkdir()
    (out / "records").symlink_to(precious, target_is_directory=True)
    Store(str(out)).prepare()
    assert (precious / "part-00000.jsonl").exists()
    assert not (out / "records").is_symlink()
