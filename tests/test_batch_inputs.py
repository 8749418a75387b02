"""What a run can be given beside files and folders: patterns, archives, tables, crawls, URLs, and what is unsound."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import zipfile
from typing import TYPE_CHECKING, Any

import fsspec
import pytest

from normalizer.batch import Columns, plan, read_run, run
from normalizer.batch.sources import fetch
from normalizer.batch.spool import Spool
from normalizer.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from normalizer import Normalizer

JA = "第1条（取得）\n当社は、お客様の氏名を取得します。\n"
EN = "Article 1 (Collection)\nWe collect your name.\n"
HTML = f"<html><head><meta charset='utf-8'></head><body><p>{JA}</p></body></html>"


def _found(*inputs: Path | str, columns: Columns | None = None) -> dict[str, dict[str, str]]:
    """Policies with the texts of their sides; the refusals under "", by what is shown of them."""
    with plan(inputs, columns=columns) as made:
        out = {policy.id: {role: fetch(source).decode() for role, source in policy.sides} for policy in made.policies()}
        refused = {refusal.path: refusal.message for refusal in made.refusals()}
        assert made.inputs == sum(map(len, out.values())) + len(refused)
    return out | ({"": refused} if refused else {})


PAIR = {"shop": {"ja": JA, "en": EN}}


def _zip(path: Path, members: dict[str, str], **more: Any) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **more) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def _tar(path: Path, mode: str, members: dict[str, str]) -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, text in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return path


MEMBERS = {"ja/shop.txt": JA, "en/shop.txt": EN, "README.md": "x", "photo.png": "x", ".hidden/a.txt": JA}


def test_a_zip_is_read_as_a_folder(tmp_path: Path) -> None:
    assert _found(_zip(tmp_path / "crawl.zip", MEMBERS)) == PAIR


@pytest.mark.parametrize(
    ("name", "mode"), [("a.tar", "w"), ("a.tar.gz", "w:gz"), ("a.tgz", "w:gz"), ("a.tar.xz", "w:xz")]
)
def test_a_tar_is_read_as_a_folder(name: str, mode: str, tmp_path: Path) -> None:
    assert _found(_tar(tmp_path / name, mode, MEMBERS)) == PAIR


def test_an_archive_in_a_folder_is_opened(tmp_path: Path) -> None:
    _zip(tmp_path / "crawl.zip", MEMBERS)
    (tmp_path / "bank.txt").write_text(EN, encoding="utf-8")
    assert _found(tmp_path) == PAIR | {"bank": {"either": EN}}


def test_names_in_an_archive_never_become_paths(tmp_path: Path) -> None:
    names = {"../../evil.ja.txt": JA, "/etc/evil2.ja.txt": JA}
    before = sorted(tmp_path.parent.rglob("*"))
    found = _found(_zip(tmp_path / "crawl.zip", names))
    assert set(found) == {"evil", "etc/evil2"}
    assert [path for path in sorted(tmp_path.parent.rglob("*")) if path not in before] == [tmp_path / "crawl.zip"]


def test_links_in_an_archive_are_passed_over(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        for kind, name in (
            (tarfile.SYMTYPE, "link.txt"),
            (tarfile.LNKTYPE, "hard.txt"),
            (tarfile.FIFOTYPE, "pipe.txt"),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    assert _found(tmp_path / "a.tar") == {}


def test_a_zip_with_names_in_shift_jis(tmp_path: Path) -> None:
    _zip(tmp_path / "a.zip", {"xxxx.ja.txt": JA})
    data = (tmp_path / "a.zip").read_bytes().replace(b"xxxx", "方針".encode("cp932"))
    (tmp_path / "a.zip").write_bytes(data)
    assert list(_found(tmp_path / "a.zip")) == ["方針"]


def test_a_zip_bomb_of_overlapping_members_is_refused(tmp_path: Path) -> None:
    _zip(tmp_path / "a.zip", {"a.txt": JA * 50, "b.txt": JA * 50})
    data = bytearray((tmp_path / "a.zip").read_bytes())
    place = data.index(b"PK\1\2")
    data[place + 20 : place + 24] = (2**20).to_bytes(4, "little")  # the size of the first packed member, as stated
    (tmp_path / "a.zip").write_bytes(data)
    assert "overlap" in _found(tmp_path / "a.zip")[""][str(tmp_path / "a.zip")]


def test_a_member_that_is_too_large_costs_itself_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("normalizer.batch.sources.MAX_BYTES", 1_000)
    found = _found(_zip(tmp_path / "a.zip", {"big.txt": "a" * 100_000, "shop.ja.txt": JA}))
    assert found["shop"] == {"ja": JA}
    assert "more than 1,000 bytes" in found[""][f"{tmp_path / 'a.zip'}/big.txt"]


def test_a_damaged_member_costs_itself_only(tmp_path: Path) -> None:
    _zip(tmp_path / "a.zip", {"bad.txt": JA * 30, "shop.ja.txt": JA})
    data = bytearray((tmp_path / "a.zip").read_bytes())
    data[50:54] = b"\0\0\0\0"
    (tmp_path / "a.zip").write_bytes(data)
    found = _found(tmp_path / "a.zip")
    assert found["shop"] == {"ja": JA}
    assert "damaged" in found[""][f"{tmp_path / 'a.zip'}/bad.txt"]


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.warc.gz", "a.parquet", "a.jsonl.gz", "a.tar.xz"])
def test_a_container_that_is_none_is_a_failure(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"this is something else\n" * 40)
    (message,) = _found(tmp_path / name)[""].values()
    assert name in message
    assert "make it again" in message


def test_what_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "a.jsonl.gz", "wb") as file:
        for _ in range(80):
            file.write(b"\0" * 2**20)
    (message,) = _found(tmp_path / "a.jsonl.gz")[""].values()
    assert "unpacks to more than 200 times its size" in message


# --- tables ------------------------------------------------------------------------------------------------------

ROWS: list[dict[str, object]] = [
    {"id": "shop", "ja": JA, "en": EN},
    {"url": "bank", "text": EN, "lang": "en-GB"},
    {"id": "bank", "text": JA, "lang": "ja"},
    {"text": JA},
    {"id": 7, "content": HTML, "format": "html"},
]
TABLE = {
    "shop": {"ja": JA, "en": EN},
    "bank": {"en": EN, "ja": JA},
    "rows-0000004": {"either": JA},
    "7": {"either": HTML},
}


def _jsonl(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_json_lines_with_text_columns(tmp_path: Path) -> None:
    path = _jsonl(tmp_path / "rows.jsonl", ROWS)
    assert _found(path) == TABLE
    (tmp_path / "rows.jsonl.gz").write_bytes(gzip.compress(path.read_bytes()))
    assert _found(tmp_path / "rows.jsonl.gz") == TABLE


def test_parquet_with_text_columns(tmp_path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    rows = [{name: str(cell) for name, cell in row.items()} for row in ROWS]
    columns = sorted({name for row in rows for name in row})
    table = pyarrow.table({name: [row.get(name) for row in rows] for name in columns})
    pyarrow.parquet.write_table(table, tmp_path / "rows.parquet", row_group_size=2)
    assert _found(tmp_path / "rows.parquet") == TABLE


def test_columns_can_be_named(tmp_path: Path) -> None:
    path = _jsonl(tmp_path / "rows.jsonl", [{"doc": "a", "words": JA, "text": "not this"}])
    assert _found(path, columns=Columns.named({"id": "doc", "text": "words"})) == {"a": {"either": JA}}
    with pytest.raises(InputError, match="known kinds: id, text"):
        Columns.named({"words": "text"})


@pytest.mark.parametrize(("line", "message"), [("{", "not JSON"), ("[1]", "not JSON"), ('{"id": "x"}', "no text")])
def test_a_bad_line_costs_itself_only(line: str, message: str, tmp_path: Path) -> None:
    path = _jsonl(tmp_path / "rows.jsonl", [ROWS[0]])
    path.write_text(path.read_text("utf-8") + line + "\n\n" + json.dumps(ROWS[2]) + "\n", encoding="utf-8")
    found = _found(path)
    assert found["shop"] == TABLE["shop"]
    assert found["bank"] == {"ja": JA}
    assert message in found[""][f"{path}:2"]


# --- crawls ------------------------------------------------------------------------------------------------------


def _warc(path: Path, pages: list[tuple[str, str, str, bytes]], gzipped: bool) -> Path:
    out = b""
    for url, status, kind, content in pages:
        http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + content
        head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nContent-Length: {len(http)}\r\n\r\n"
        record = head.encode() + http + b"\r\n\r\n"
        out += gzip.compress(record) if gzipped else record
    path.write_bytes(out)
    return path


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_pages_of_a_crawl(name: str, tmp_path: Path) -> None:
    html = "text/html; charset=utf-8"
    pages = [
        ("https://x.example/ja/privacy", "200 OK", html, HTML.encode()),
        ("https://x.example/en/privacy", "200 OK", "text/plain", EN.encode()),
        ("https://x.example/old", "301 Moved", html, b"moved"),
        ("https://x.example/logo", "200 OK", "image/png", b"png"),
        ("https://x.example/twice", "200 OK", html, HTML.encode()),
        ("https://x.example/twice", "200 OK", html, HTML.encode()),
    ]
    found = _found(_warc(tmp_path / name, pages, name.endswith("gz")))
    assert found["x.example/privacy"] == {"ja": HTML, "en": EN}
    assert set(found) == {"x.example/privacy", "x.example/twice", "x.example/twice#2"}


# --- patterns and URLs -------------------------------------------------------------------------------------------


def test_a_pattern(tmp_path: Path) -> None:
    for name in ("a/shop.ja.txt", "b/shop.en.txt", "b/notes.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(JA, encoding="utf-8")
    assert set(_found(f"{tmp_path}/**/*.txt")) == {"a/shop", "b/shop"}
    assert "no file fits" in _found(f"{tmp_path}/*.pdf")[""][f"{tmp_path}/*.pdf"]


def test_urls(tmp_path: Path, normalizer: Normalizer) -> None:
    """A file system in memory stands for those of clouds, which the same library opens."""
    system = fsspec.filesystem("memory")
    system.pipe({"/crawl/ja/shop.txt": JA.encode(), "/crawl/en/shop.txt": EN.encode(), "/crawl/x.png": b"x"})
    _zip(tmp_path / "a.zip", {"bank.ja.txt": JA})
    system.put(str(tmp_path / "a.zip"), "/more/a.zip")
    try:
        assert _found("memory://crawl") == PAIR
        assert _found("memory://crawl/**/*.txt") == PAIR
        assert _found("memory://more/a.zip") == {"bank": {"ja": JA}}
        assert "no such file" in _found("memory://nowhere")[""]["memory://nowhere"]
        assert "Protocol not known" in _found("nonsense://x")[""]["nonsense://x"]
        with plan(["memory://crawl"]) as made:
            run(made, "memory://out", normalizer)
        assert [row["policy"] for row in read_run("memory://out").documents()] == ["shop", "shop"]
    finally:
        system.rm("/", recursive=True)


def test_a_manifest_may_name_urls(tmp_path: Path) -> None:
    system = fsspec.filesystem("memory")
    system.pipe("/crawl/one.txt", JA.encode())
    (tmp_path / "manifest.csv").write_text("policy,ja,en\nshop,memory://crawl/one.txt,\n", encoding="utf-8")
    try:
        assert _found(tmp_path) == {"shop": {"ja": JA}}
    finally:
        system.rm("/", recursive=True)


def test_what_is_unpacked_is_removed(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    with plan([_tar(tmp_path / "a.tar.gz", "w:gz", MEMBERS)], spool) as made:
        assert made.size == 1
        assert len(list(spool.folder.iterdir())) == 1
    assert not spool.folder.exists()


def test_a_folder_that_may_not_be_listed_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shop.ja.txt").write_text(JA, encoding="utf-8")
    (tmp_path / "closed").mkdir()
    scandir = os.scandir

    def refusing(path: Any) -> Any:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    found = _found(tmp_path)
    assert found["shop"] == {"ja": JA}
    assert any("cannot be listed" in message for message in found[""].values())


def test_a_huge_file_is_not_read(tmp_path: Path, normalizer: Normalizer) -> None:
    """Two gigabytes of nothing, in a file that takes no room."""
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(2 * 2**30)
    with plan([tmp_path]) as made:
        summary = run(made, tmp_path / "out", normalizer)
    assert summary.reasons == {"input": 1}
