"""What is shipped: the sample, one version, a citation, a change log with its sections."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import normalizer
from normalizer.batch import plan
from normalizer.cli import main
from normalizer.errors import InputError
from normalizer.sample import MANIFEST, README, copy_sample, sample_files, sample_folder

TOP = Path(__file__).parent.parent
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))


def test_the_wheel_has_the_files_of_the_sample() -> None:
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    shipped = {Path(source).name for source, target in wheel.items() if "/sample/" in target}
    assert shipped == {*sample_files(), MANIFEST, README}
    assert all((TOP / source).exists() for source in wheel)


def test_the_sample_is_a_corpus_of_its_own(tmp_path: Path) -> None:
    files = copy_sample(tmp_path / "new" / "policies")
    with plan([tmp_path / "new" / "policies"]) as found:
        assert [policy.id for policy in found.policies()] == [
            *("01-aozora-shop", "03-minato-goods", "05-sakuramachi-clinic")
        ]
        assert not list(found.refusals())
    assert {path.name for path in files} == {*sample_files(), "manifest.csv", "README.md"}
    assert (tmp_path / "new/policies/01-aozora-shop.ja.txt").read_bytes() == (
        sample_folder() / "01-aozora-shop.ja.txt"
    ).read_bytes()


def test_the_sample_never_goes_where_something_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").touch()
    with pytest.raises(InputError, match=r"holds 'mine\.txt' already"):
        copy_sample(tmp_path)
    with pytest.raises(InputError, match="cannot be written to"):
        copy_sample(tmp_path / "mine.txt")
    assert main(["sample", str(tmp_path)]) == 2
    assert "name a new folder" in capsys.readouterr().err


def test_the_command_says_what_to_do_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["sample"]) == 0
    assert capsys.readouterr() == ("", "8 files in policies; next: normalizer run policies --out out\n")


def test_there_is_one_version() -> None:
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert PROJECT["tool"]["hatch"]["version"]["path"] == "normalizer/__init__.py"
    cited = re.findall(r"^version: (.+)$", (TOP / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)
    assert cited == [normalizer.__version__]
    changes = (TOP / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\S+)", changes, re.MULTILINE)[0] == normalizer.__version__


def test_changes_stand_under_library_glossary_and_formats() -> None:
    """A change of the glossary alters results as one of the library does, so each has its section."""
    changes = (TOP / "CHANGELOG.md").read_text(encoding="utf-8")
    for version in changes.split("\n## ")[1:]:
        assert set(re.findall(r"^### (.+)$", version, re.MULTILINE)) <= {"Library", "Glossary", "Formats"}


def test_the_package_says_that_it_is_typed_and_for_which_pythons() -> None:
    assert (TOP / "normalizer" / "py.typed").is_file()
    assert PROJECT["project"]["requires-python"] == ">=3.11"
    named = {line.rpartition(" ")[2] for line in PROJECT["project"]["classifiers"] if ":: Python :: 3." in line}
    assert named == {"3.11", "3.12", "3.13"}
