"""Packages: found, checked, installed whole or not at all; downloads from a server that means no good."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import stat
import threading
import urllib.request
import zipfile
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import glosser
import pytest
from conftest import rows

from normalizer.cli import main
from normalizer.errors import GlossaryError, ModelError
from normalizer.models import Published, install_file, install_published, installed, offered, package, published
from normalizer.models.archive import archive
from normalizer.models.download import download, fetch
from normalizer.models.folder import packages_folder
from normalizer.models.install import COMING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

JA_EN = ("ja", "en")
METADATA = {"from_code": "ja", "to_code": "en", "package_version": "0.1", "type": "translate"}
FILES = {"p/metadata.json": json.dumps(METADATA), "p/model/model.bin": "weights", "p/sentencepiece.model": "pieces"}

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for packages that is not the user's; not yet made."""
    folder = tmp_path / "share" / "packages"
    monkeypatch.setenv("ARGOS_PACKAGES_DIR", str(folder))
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return glosser.build(tmp_path_factory.mktemp("built"), *JA_EN)


def _zip(path: Path, files: dict[str, str], mode: dict[str, int] | None = None) -> Path:
    with zipfile.ZipFile(path, "w") as out:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (mode or {}).get(name, stat.S_IFREG | 0o644) << 16
            out.writestr(info, content)
    return path


# --- the table ---------------------------------------------------------------------------------------------------


def test_the_published_packages_are_known(glossaries: Path) -> None:
    known = {its.name: its for its in published(glossaries)}
    assert known.keys() == {"ja-en", "en-ja"}
    assert (known["ja-en"].version, known["ja-en"].size) == ("1.1", 117_155_716)
    assert known["ja-en"].sha256 == "623e3477959a815eb0a5ef53e09079ae8f1f9d3bbcd230473baf28c03fb83335"


@pytest.mark.parametrize(("row", "message"), rows("translate/models_table.tsv", 2))
def test_a_wrong_row_of_the_table_is_named(row: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "models.csv").write_text(f"from,to,version,size,sha256,url,licence\n{row}\n", encoding="utf-8")
    with pytest.raises(GlossaryError, match=re.escape(message)) as raised:
        published(tmp_path)
    assert f"{tmp_path / 'models.csv'}:2:" in str(raised.value)


# --- a package file ----------------------------------------------------------------------------------------------


def test_a_package_is_installed_found_and_replaced(built: Path, packages: Path) -> None:
    assert installed() == ()
    done = install_file(built, ())
    assert (done.source, done.target, done.version, done.path.parent) == (*JA_EN, "0.1", packages)
    assert installed() == (done,) == (package(*JA_EN),)
    first = done.sha256()
    (done.path / "model" / "model.bin").write_bytes(b"other")
    assert done.sha256() != first
    assert install_file(built, ()).sha256() == first
    assert [path.name for path in packages.iterdir()] == ["translate-ja_en-0_1"]
    assert os.listdir(packages.parent) == ["packages"]


def test_the_newest_package_is_used(tmp_path: Path, packages: Path) -> None:
    for version in ("1.9", "1.10", "1.2"):
        files = FILES | {"p/metadata.json": json.dumps(METADATA | {"package_version": version})}
        install_file(_zip(tmp_path / f"{version}.argosmodel", files), ())
    assert package(*JA_EN).version == "1.10"


def test_a_missing_package_is_an_error_that_says_what_to_do(built: Path, packages: Path) -> None:
    with pytest.raises(ModelError, match="normalizer models install en-ja"):
        package("en", "ja")
    install_file(built, ())
    with pytest.raises(ModelError, match=r"\(installed: ja-en\)"):
        package("en", "ja")


def test_other_folders_there_are_passed_over(packages: Path, built: Path) -> None:
    install_file(built, ())
    (packages / "empty").mkdir()
    german = packages / "translate-de_en-1_0"
    for name, content in FILES.items():
        path = german / name.removeprefix("p/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content.replace('"ja"', '"de"'), encoding="utf-8")
    assert [its.name for its in installed()] == ["ja-en"]


def _attack(name: str) -> tuple[dict[str, str], dict[str, int]]:
    """The files of a package that means no good, and their modes."""
    extra: dict[str, dict[str, str]] = {
        "up": {"p/../../evil": "x"},
        "absolute": {"/etc/evil": "x"},
        "drive": {"C:/evil": "x"},
        "backslash": {"p\\..\\evil": "x"},
        "dot": {"p/./evil": "x"},
        "empty part": {"p//evil": "x"},
        "link": {"p/link": "/etc/passwd"},
        "device": {"p/device": ""},
        "two folders": {"q/file": "x"},
        "no folder": {"file": "x"},
        "same name": {"p/README.md": "x", "p/Readme.md": "y"},
        "metadata of a megabyte": {"p/metadata.json": "{" + " " * 2**20 + "}"},
        "no json": {"p/metadata.json": "<html>"},
        "a list": {"p/metadata.json": "[]"},
        "deep json": {"p/metadata.json": "[" * 60_000},
        "other languages": {"p/metadata.json": json.dumps(METADATA | {"from_code": "de"})},
        "same language": {"p/metadata.json": json.dumps(METADATA | {"to_code": "ja"})},
        "path as version": {"p/metadata.json": json.dumps(METADATA | {"package_version": "../../x"})},
        "number as version": {"p/metadata.json": json.dumps(METADATA | {"package_version": 1})},
        "other kind": {"p/metadata.json": json.dumps(METADATA | {"type": "sbd"})},
    }
    modes = {"p/link": stat.S_IFLNK | 0o777, "p/device": stat.S_IFCHR | 0o666}
    return FILES | extra[name], modes


@pytest.mark.parametrize(("name", "message"), rows("translate/attacks.tsv", 2))
def test_a_package_that_means_no_good_is_refused(name: str, message: str, tmp_path: Path, packages: Path) -> None:
    path = _zip(tmp_path / "evil.argosmodel", *_attack(name))
    with pytest.raises(ModelError, match=re.escape(message)) as raised:
        install_file(path, ())
    assert str(path) in str(raised.value)
    assert not packages.exists()
    assert not (tmp_path.parent / "evil").exists()


@pytest.mark.parametrize("missing", sorted(FILES))
def test_a_package_without_a_needed_file_is_refused(missing: str, tmp_path: Path) -> None:
    files = {name: content for name, content in FILES.items() if name != missing}
    with pytest.raises(ModelError, match="it lacks " + re.escape(missing.removeprefix("p/"))):
        archive(_zip(tmp_path / "p.argosmodel", files))


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, packages: Path) -> None:
    path = tmp_path / "bomb.argosmodel"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in FILES.items():
            out.writestr(name, content)
        out.writestr("p/model/zeros", bytes(50 * 2**20))
    with pytest.raises(ModelError, match="unpacks to more than 100 times"):
        install_file(path, ())
    assert not packages.exists()


def test_a_zip_that_lies_about_its_sizes_is_refused(tmp_path: Path, packages: Path) -> None:
    path = _zip(tmp_path / "lie.argosmodel", FILES | {"p/model/large": "x" * 5000})
    data = path.read_bytes()
    path.write_bytes(data.replace((5000).to_bytes(4, "little") * 2, (5000).to_bytes(4, "little") + bytes([9, 0, 0, 0])))
    with pytest.raises(ModelError, match="damaged"):
        install_file(path, ())
    assert installed() == ()
    assert os.listdir(packages.parent) == ["packages"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip at all", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_zip_is_refused(content: bytes, tmp_path: Path, packages: Path) -> None:
    path = tmp_path / "x.argosmodel"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=re.escape(str(path))):
        install_file(path, ())
    assert not packages.exists()


def test_every_cut_of_a_package_is_refused(tmp_path: Path, packages: Path) -> None:
    whole = _zip(tmp_path / "whole.argosmodel", FILES).read_bytes()
    path = tmp_path / "cut.argosmodel"
    for end in range(0, len(whole) - 1, 7):
        path.write_bytes(whole[:end])
        with pytest.raises(ModelError):
            install_file(path, ())
    assert installed() == ()


def test_a_package_that_cannot_be_written_leaves_the_old_one(
    built: Path, packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = install_file(built, ()).sha256()
    rename = Path.rename

    def fail(path: Path, to: Path) -> Path:
        if path.parent.name.startswith(COMING) and not path.name.endswith(".old"):
            raise OSError(28, "No space left on device")
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(ModelError, match="No space left"):
        install_file(built, ())
    assert package(*JA_EN).sha256() == before
    assert os.listdir(packages.parent) == ["packages"]


@pytest.mark.parametrize("before", [False, True])
@pytest.mark.parametrize("late", [False, True])
def test_another_installation_that_is_faster_is_no_error(
    before: bool, late: bool, built: Path, packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if before:
        install_file(built, ())
    rename = Path.rename
    overtaken: list[Path] = []

    def slowly(path: Path, to: Path) -> Path:
        """The other is done before what was there is put aside, or before this one's is put in its place."""
        if not overtaken and (to.parent == packages if late else True):
            overtaken.append(path)
            install_file(built, ())
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", slowly)
    done = install_file(built, ())
    assert installed() == (done,)
    assert overtaken
    assert os.listdir(packages.parent) == ["packages"]


def test_an_installation_that_ends_while_another_begins_is_no_error(built: Path, packages: Path) -> None:
    packages.mkdir(parents=True)
    (packages.parent / f"{COMING}gone").symlink_to("gone")  # as one that is gone once its name was read
    assert install_file(built, ()).version == "0.1"


def test_what_a_killed_installation_left_is_removed_after_a_day(built: Path, packages: Path) -> None:
    for age, name in ((90_000, "old"), (10, "new")):
        left = packages.parent / f"{COMING}{name}"
        left.mkdir(parents=True)
        now = left.stat().st_mtime
        os.utime(left, (now - age, now - age))
    install_file(built, ())
    assert sorted(os.listdir(packages.parent)) == [f"{COMING}new", "packages"]
    assert len(installed()) == 1


def test_a_file_that_claims_to_be_a_published_package_must_be_it(built: Path, packages: Path) -> None:
    content = built.read_bytes()
    right = Published(*JA_EN, "0.1", len(content), hashlib.sha256(content).hexdigest(), "", "")
    wrong = Published(*JA_EN, "0.1", len(content), "0" * 64, "", "")
    with pytest.raises(ModelError, match="not the file that was published"):
        install_file(built, (wrong,))
    assert installed() == ()
    assert install_file(built, (wrong,), unverified=True).version == "0.1"
    assert install_file(built, (right,)).version == "0.1"


# --- downloads ---------------------------------------------------------------------------------------------------


@contextmanager
def _server(answers: dict[str, Callable[[BaseHTTPRequestHandler], None]]) -> Iterator[str]:
    """A server on this machine that gives an answer for each path; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answers[self.path](self)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _sends(content: bytes, length: int | None = None, status: int = 200) -> Callable[[BaseHTTPRequestHandler], None]:
    """An answer with this content; it may announce another length than it sends, or (-1) none."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        if length != -1:
            handler.send_header("Content-Length", str(len(content) if length is None else length))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def _redirects(to: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", to)
        handler.end_headers()

    return answer


def _trickles(stop: threading.Event, every: float) -> Callable[[BaseHTTPRequestHandler], None]:
    """A byte, and then another after a while, until told to stop."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not stop.is_set():
            try:
                handler.wfile.write(b"x")
                handler.wfile.flush()
            except OSError:  # the other side has given up
                return
            stop.wait(every)

    return answer


def _published(url: str, content: bytes, **changes: object) -> Published:
    cells = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest(), **changes}
    return Published(*JA_EN, "0.1", int(str(cells["size"])), str(cells["sha256"]), f"{url}/p.argosmodel", "CC0")


def test_a_published_package_is_fetched_and_installed(built: Path, packages: Path) -> None:
    content = built.read_bytes()
    heard: list[int] = []
    with _server({"/p.argosmodel": _sends(content)}) as url:
        done = install_published(_published(url, content), progress=heard.append)
    assert installed() == (done,)
    assert heard == sorted(heard)
    assert heard[-1] == len(content)
    assert os.listdir(packages.parent) == ["packages"]


@pytest.mark.parametrize(
    ("answer", "changes", "message"),
    [
        (lambda content: _sends(content + b"x"), {}, "the server announces"),
        (lambda content: _sends(content + b"x", -1), {}, "more bytes came"),
        (lambda content: _sends(content[:-1]), {}, "the server announces"),
        (lambda content: _sends(content[:-1], len(content)), {}, "cut off"),
        (lambda content: _sends(content[:-1], -1), {}, "cut off"),
        (lambda content: _sends(content[:-1], len(content)), {"size": 0, "sha256": ""}, "cut off"),
        (lambda content: _sends(content[:-1] + b"x"), {}, "its SHA-256 is"),
        (lambda content: _sends(b"gone", status=404), {}, "the server answers 404"),
        (lambda content: _sends(b"broken", status=500), {}, "the server answers 500"),
        (lambda content: _redirects("file:///etc/passwd"), {}, "is not allowed"),
        (lambda content: _redirects("http://example.com/p"), {}, "only https:// is fetched from"),
        (lambda content: _sends(b"x", 2**40), {"size": 0, "sha256": ""}, "are allowed; nothing was taken"),
        (lambda content: _sends(b"no zip"), {"size": 6, "sha256": hashlib.sha256(b"no zip").hexdigest()}, "no package"),
    ],
)
def test_a_download_that_goes_wrong_installs_nothing(
    answer: Callable[[bytes], Callable[[BaseHTTPRequestHandler], None]],
    changes: dict[str, object],
    message: str,
    built: Path,
    packages: Path,
) -> None:
    content = built.read_bytes()
    with (
        _server({"/p.argosmodel": answer(content)}) as url,
        pytest.raises(ModelError, match=re.escape(message)) as raised,
    ):
        install_published(_published(url, content, **changes))
    assert "http" in str(raised.value) or "argosmodel" in str(raised.value)
    assert installed() == ()
    assert os.listdir(packages.parent) == ["packages"]


@pytest.mark.parametrize("every", [0.05, 60.0])
def test_a_server_that_trickles_or_stalls_is_given_up(every: float, tmp_path: Path) -> None:
    stop = threading.Event()
    with _server({"/slow": _trickles(stop, every)}) as url:
        try:
            with pytest.raises(ModelError, match=r"only .* bytes came|timed out"):
                download(f"{url}/slow", tmp_path / "slow", 1000, "", patience=0.3)
        finally:
            stop.set()


@pytest.mark.parametrize(
    "url", ["http://example.com/x", "file:///etc/passwd", "ftp://127.0.0.1/x", "x", "http://[", ""]
)
def test_only_https_is_fetched_from(url: str) -> None:
    with pytest.raises(ModelError):
        fetch(url, 10)


def test_a_server_that_is_not_there() -> None:
    with _server({}) as url:
        pass
    with pytest.raises(ModelError, match="cannot be reached"):
        fetch(url, 10)


# --- the index ---------------------------------------------------------------------------------------------------


def _entry(url: str, version: str, source: str = "ja", **changes: object) -> dict[str, object]:
    entry = {"package_version": version, "from_code": source, "to_code": "en", "type": "translate"}
    return entry | {"links": [f"{url}/p.argosmodel"]} | changes


def test_the_index_offers_a_known_version_before_a_newer(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [_entry("u", version) for version in ("1.0", "1.10", "1.9")] + [_entry("u", "9.9", "de")]
    known = (Published(*JA_EN, "1.9", 5, "0" * 64, "https://elsewhere", "CC0"),)
    with _server({"/index.json": _sends(glosser.index(entries))}) as url:
        monkeypatch.setenv("ARGOS_PACKAGE_INDEX", f"{url}/")
        assert offered(*JA_EN, ()).version == "1.10"
        chosen = offered(*JA_EN, known)
        assert (chosen.version, chosen.size, chosen.url) == ("1.9", 5, "u/p.argosmodel")
        with pytest.raises(ModelError, match="offers no package en-ja"):
            offered("en", "ja", ())


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"[" * 100_000, b"{}", b"[1, null, {}]", b'[{"links": 3}]', b"\xff"]
)
def test_a_damaged_index_is_an_error(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with _server({"/index.json": _sends(content)}) as url:
        monkeypatch.setenv("ARGOS_PACKAGE_INDEX", url)
        with pytest.raises(ModelError, match=re.escape(url)):
            offered(*JA_EN, ())


# --- the commands ------------------------------------------------------------------------------------------------


def test_the_folder_is_that_of_argos(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Captured) -> None:
    monkeypatch.delenv("ARGOS_PACKAGES_DIR", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert main(["models", "path"]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'argos-translate' / 'packages'}\n"
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert packages_folder() == tmp_path / ".local" / "share" / "argos-translate" / "packages"
    assert os.listdir(tmp_path) == []


def test_list_shows_what_is_there_and_what_could_be(built: Path, packages: Path, capsys: Captured) -> None:
    assert main(["models", "list"]) == 0
    assert capsys.readouterr().out.count("not installed") == 2
    install_file(built, ())
    assert main(["models", "list", "--json"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["name"], row["version"], row["installed"]) for row in found] == [
        ("ja-en", "0.1", True),
        ("ja-en", "1.1", False),
        ("en-ja", "1.1", False),
    ]


def test_install_from_a_file(built: Path, packages: Path, capsys: Captured) -> None:
    assert main(["models", "install", str(built)]) == 0
    assert capsys.readouterr().err == f"installed ja-en 0.1 in {packages / 'translate-ja_en-0_1'}\n"


def test_install_from_the_index_shows_size_and_licence(
    built: Path, packages: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = built.read_bytes()
    answers = {"/p.argosmodel": _sends(content)}
    with _server(answers) as url:
        answers["/index.json"] = _sends(glosser.index([_entry(url, "0.1")]))
        monkeypatch.setenv("ARGOS_PACKAGE_INDEX", url)
        assert main(["models", "install", "ja-en"]) == 1
        assert "add --unverified" in capsys.readouterr().err
        assert not packages.exists()
        known = _published(url, content)
        monkeypatch.setattr("normalizer.models.published", lambda folder: (known,))
        assert main(["models", "install", "ja-en"]) == 0
    told = capsys.readouterr().err
    assert f"ja-en 0.1, {len(content) / 1e6:,.1f} MB, from {url}/p.argosmodel\nlicence: CC0\ninstalled" in told
    assert len(installed()) == 1


def test_nothing_is_fetched_that_was_not_asked_for(packages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(urllib.request.OpenerDirector, "open", refuse)
    assert main(["models", "list"]) == 0
    assert main(["models", "path"]) == 0
    assert main(["models", "install", "/nowhere/x.argosmodel"]) == 1
    with pytest.raises(ModelError):
        package(*JA_EN)


@pytest.mark.parametrize("what", ["fr-en", "translate-ja_en", "index.json"])
def test_what_is_neither_direction_nor_file_is_misuse(what: str, capsys: Captured) -> None:
    assert main(["models", "install", what]) == 2
    assert "ja-en nor en-ja" in capsys.readouterr().err


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    path = _zip(tmp_path / "p.argosmodel", FILES)
    data = bytearray(path.read_bytes())
    for at in (found.start() for found in re.finditer(rb"PK\x01\x02", bytes(data))):
        data[at + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(ModelError, match="is encrypted"):
        archive(path)


def test_a_member_packed_with_another_method_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as made:
        for name, content in FILES.items():
            made.writestr(name, content)
    path = tmp_path / "p.argosmodel"
    path.write_bytes(out.getvalue())
    with pytest.raises(ModelError, match="packed in a way that packages are not"):
        archive(path)


def test_a_package_that_does_not_run_is_removed_again(tmp_path: Path, packages: Path, capsys: Captured) -> None:
    file = _zip(tmp_path / "x.argosmodel", FILES)
    assert main(["models", "install", str(file)]) == 1
    assert "does not run; it was removed again" in capsys.readouterr().err
    assert installed() == ()
