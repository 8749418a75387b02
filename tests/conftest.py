"""What the tests share: the tables, one loaded Normalizer, rows of case files, and the refreshing of golden files."""

from __future__ import annotations

import csv
import gc
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from normalizer import Normalizer
from normalizer.glossary import Glossary, glossary_folder
from normalizer.understanding import Understanding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from _pytest.mark import ParameterSet

HERE = Path(__file__).parent
CASES = HERE / "cases"
CORPUS = HERE.parent / "corpus"

# A machine that pauses is no fault of the code; time is a property of its own, measured as growth.
settings.register_profile("tests", deadline=None, print_blob=True)
settings.load_profile("tests")


def pytest_configure(config: pytest.Config) -> None:
    """The compiled glossary is kept in a folder of this run's own, never in the user's."""
    if "NORMALIZER_CACHE" not in os.environ:
        folder = tempfile.TemporaryDirectory(prefix="normalizer-cache-")
        os.environ["NORMALIZER_CACHE"] = folder.name
        config.add_cleanup(folder.cleanup)


def pytest_collection_finish() -> None:
    """Thousands of cases and the tables stay to the end: the garbage collector need not look through them each time."""
    gc.freeze()


def rows(name: str, columns: int) -> list[ParameterSet]:
    """The rows of a table under cases/, ids as `numbering.tsv:17`; # starts a comment, \\t \\n \\u3000 are escapes."""
    path = CASES / name
    out = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        cells = [_unescape(cell) for cell in line.split("\t")]
        assert len(cells) == columns, f"{path}:{number}: {len(cells)} cells where {columns} are due"
        out.append(pytest.param(*cells, id=f"{path.name}:{number}"))
    return out


def named_rows(name: str) -> list[dict[str, str]]:
    """The rows of a table under cases/ whose first line names its columns; # starts a comment."""
    lines = [line for line in (CASES / name).read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def _unescape(cell: str) -> str:
    return cell.replace("\\t", "\t").replace("\\n", "\n").replace("\\u3000", "\u3000")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write tests/golden/ anew; then read the diff")


@pytest.fixture(scope="session")
def glossaries() -> Path:
    return glossary_folder()


@pytest.fixture(scope="session")
def normalizer() -> Normalizer:
    """One for all tests: loading takes most of a second, and its encoder remembers vectors."""
    return Normalizer()


@pytest.fixture(scope="session")
def unweighed() -> Normalizer:
    """One that tells mentions as the glossary and the rules have them: for the stages before and after weighing.py."""
    made = Normalizer()
    made._reader._interpreter = replace(made._reader._interpreter, weigher=None)
    return made


@pytest.fixture
def tables_once(normalizer: Normalizer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for the shipped tables alone gets those that are loaded; other tables are loaded. All share an encoder,
    which remembers vectors."""
    load, encoder = Glossary.load, Normalizer.embedder

    def loaded(folder: Path | None = None, extra: Sequence[Path] = ()) -> Glossary:
        return load(folder, extra) if extra or folder not in (None, glossary_folder()) else normalizer.glossary

    def understood(folder: Path, glossary: Glossary) -> Understanding:
        return normalizer._reader if glossary is normalizer.glossary else Understanding(folder, glossary)

    monkeypatch.setattr(Glossary, "load", loaded)
    monkeypatch.setattr("normalizer.pipeline.Understanding", understood)
    monkeypatch.setattr(Normalizer, "embedder", property(lambda _: encoder.__get__(normalizer, Normalizer)))


@pytest.fixture(scope="session")
def argos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with small but real translation packages for both directions, installed as a user's would be."""
    import glosser

    from normalizer.models import install_file

    folder = tmp_path_factory.mktemp("argos")
    for source, target in (("ja", "en"), ("en", "ja")):
        install_file(glosser.build(tmp_path_factory.mktemp("built"), source, target), (), folder / "packages")
    return folder / "packages"
