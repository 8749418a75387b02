"""What the cache gives back is what was computed, and never anything else."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from pathlib import Path

import pytest

from normalizer import cache
from normalizer.cache import cache_folder, remembered
from normalizer.glossary import Glossary, glossary_folder
from normalizer.match import Matcher
from normalizer.tokens import Tokenizer

POSIX = pytest.mark.skipif(os.name != "posix", reason="owners and modes of files")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("NORMALIZER_CACHE", str(folder))
    return folder


class Counted:
    """A computation that counts how often it runs."""

    def __init__(self, value: object = ("値", 1)) -> None:
        self.value, self.runs = value, 0

    def __call__(self) -> object:
        self.runs += 1
        return list(self.value) if isinstance(self.value, tuple) else self.value


def the_file(place: Path) -> Path:
    (path,) = place.iterdir()
    return path


def test_a_value_is_computed_once(place: Path) -> None:
    compute = Counted()
    assert remembered("kind", [b"a"], compute) == remembered("kind", [b"a"], compute) == ["値", 1]
    assert compute.runs == 1
    assert the_file(place).name.startswith("kind-")


@pytest.mark.parametrize("other", [("kind", [b"b"]), ("kind", [b"a", b""]), ("kind", []), ("else", [b"a"])])
def test_other_sources_are_another_value(place: Path, other: tuple[str, list[bytes]]) -> None:
    compute = Counted()
    remembered("kind", [b"a"], compute)
    remembered(*other, compute)
    assert compute.runs == 2
    assert len(list(place.iterdir())) == 2


def test_sources_are_not_run_together(place: Path) -> None:
    compute = Counted()
    remembered("kind", [b"ab", b"c"], compute)
    remembered("kind", [b"a", b"bc"], compute)
    assert compute.runs == 2


@pytest.mark.parametrize("what", ["_SOURCE", "_versions"])
def test_other_code_or_dictionaries_are_another_value(place: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    compute = Counted()
    remembered("kind", [b"a"], compute)
    monkeypatch.setattr(cache, what, b"else" if what == "_SOURCE" else lambda: b"else")
    remembered("kind", [b"a"], compute)
    assert compute.runs == 2


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:-1],
        lambda content: content[:40],
        lambda content: content.replace(b"1]", b"2]"),
        lambda content: b"\0" * len(content),
        lambda content: b"\n\n" + content,
        lambda content: content.split(b"\n", 2)[2],
    ],
)
def test_a_damaged_file_is_built_anew(place: Path, damage: object) -> None:
    compute = Counted()
    remembered("kind", [b"a"], compute)
    path = the_file(place)
    sound = path.read_bytes()
    assert callable(damage)
    path.write_bytes(damage(sound))
    assert remembered("kind", [b"a"], compute) == ["値", 1]
    assert compute.runs == 2
    assert path.read_bytes() == sound


def test_a_file_of_another_name_is_not_believed(place: Path) -> None:
    compute = Counted()
    remembered("kind", [b"a"], compute)
    first = the_file(place)
    remembered("kind", [b"b"], Counted(("else",)))
    (second,) = set(place.iterdir()) - {first}
    shutil.copy(second, first)
    assert remembered("kind", [b"a"], compute) == ["値", 1]


@POSIX
def test_a_file_that_others_may_write_is_not_believed(place: Path) -> None:
    compute = Counted()
    remembered("kind", [b"a"], compute)
    path = the_file(place)
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    for mode in (0o620, 0o602):
        path.chmod(mode)
        runs = compute.runs
        remembered("kind", [b"a"], compute)
        assert compute.runs == runs + 1
        assert stat.S_IMODE(path.stat().st_mode) & 0o022 == 0  # written anew


@POSIX
def test_a_file_of_another_user_is_not_believed(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compute = Counted()
    remembered("kind", [b"a"], compute)
    monkeypatch.setattr(os, "getuid", lambda: -1)
    remembered("kind", [b"a"], compute)
    assert compute.runs == 2


@POSIX
@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_file_is_not_read(place: Path, kind: str) -> None:
    compute = Counted()
    remembered("kind", [b"a"], compute)
    path = the_file(place)
    path.unlink()
    if kind == "folder":
        path.mkdir()
    else:
        os.mkfifo(path)
    assert remembered("kind", [b"a"], compute) == ["値", 1]


def test_a_place_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("NORMALIZER_CACHE", str(tmp_path / "file" / "cache"))
    compute = Counted()
    assert remembered("kind", [b"a"], compute) == remembered("kind", [b"a"], compute) == ["値", 1]
    assert compute.runs == 2


@pytest.mark.parametrize("word", ["0", "off", "OFF", "no", "false"])
def test_the_cache_can_be_switched_off(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setenv("NORMALIZER_CACHE", word)
    assert cache_folder() is None


def test_errors_of_the_computation_are_raised_and_not_kept(place: Path) -> None:
    def fail() -> object:
        raise ValueError("no value")

    for _ in range(2):
        with pytest.raises(ValueError, match="no value"):
            remembered("kind", [b"a"], fail)
    assert not place.exists()


def test_old_files_of_a_kind_go(place: Path) -> None:
    for number in range(20):
        remembered("kind", [b"%d" % number], Counted())
    remembered("else", [b""], Counted())
    assert len(list(place.glob("kind-*"))) == 8
    assert len(list(place.iterdir())) == 9


@pytest.mark.parametrize(
    ("platform", "variable", "path"),
    [
        ("linux", "XDG_CACHE_HOME", "policy-normalizer"),
        ("win32", "LOCALAPPDATA", "policy-normalizer"),
        ("darwin", "HOME", "Library/Caches/policy-normalizer"),
        ("linux", "HOME", ".cache/policy-normalizer"),
    ],
)
def test_the_platform_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, variable: str, path: str
) -> None:
    for name in ("NORMALIZER_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setattr(sys, "platform", platform)
    assert cache_folder() == tmp_path / path


@pytest.mark.slow
def test_the_glossary_from_the_cache_is_the_glossary(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(glossary_folder(), tmp_path / "glossaries"))
    text = "We do not provide personal information to third parties."

    def said() -> object:
        glossary = Glossary.load(folder)
        tokenizer = Tokenizer(glossary.lemmas)
        tokens = tokenizer.tokens(text, 0, len(text), "en")
        matches = Matcher(glossary, tokenizer).matches(text, 0, len(text), "en", tokens)
        return glossary.terms, glossary.version, [concept.id for concept in glossary.ontology], matches

    cold = said()
    assert place.exists()
    assert said() == cold
    monkeypatch.setenv("NORMALIZER_CACHE", "off")
    assert said() == cold
    monkeypatch.setenv("NORMALIZER_CACHE", str(place))
    with (folder / "terms.csv").open("a", encoding="utf-8") as table:
        table.write("Consent,en,zebra crossing,admitted,,,\n")
    assert Glossary.load(folder).lookup("en", "zebra crossing")
