"""Every command and code block of the pages for readers is run, in order, in a folder of the page's own.

A block is a fence. What is done with it is said by its language, or by an HTML comment on the line above:
- ```sh            run by bash; it must end with 0, or as `<!-- exit: 1 -->` says
- ```python        run; the blocks of a page share their names
- <!-- output -->  what the block before printed (both streams); … stands for anything, also for lines
- <!-- file: NAME -->   put into a file of the folder
- <!-- needs: MODULE -->  run where the extra is installed, which it always is in CI
- <!-- not run: WHY -->   for the reader only
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import re
import subprocess
import sys
import warnings
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

TOP = Path(__file__).parent.parent
# The pages of which every block is run. A page of a new feature is added here.
PAGES = (
    *("docs/index.md", "docs/engineer.md", "docs/exports.md"),
    *("docs/lawyer.md", "docs/researcher.md", "docs/translator.md"),
)
MARK = re.compile(r"<!-- (output|exit|file|needs|not run)(?:: (.+?))? -->")


@dataclass(frozen=True, slots=True)
class Block:
    """A fence of a page, and the mark above it."""

    place: str  # docs/engineer.md:17
    language: str
    content: str
    mark: str  # one of MARK, or ""
    value: str  # what the mark says


def blocks(page: str, text: str) -> list[Block]:
    """The fences of a page, in order."""
    found, lines = [], text.splitlines()
    for token in MarkdownIt().parse(text):
        if token.type == "fence" and token.map:
            above = lines[token.map[0] - 1].strip() if token.map[0] else ""
            mark = MARK.fullmatch(above)
            kind, value = (mark[1], mark[2] or "") if mark else ("", "")
            found.append(Block(f"{page}:{token.map[0] + 1}", token.info.strip(), token.content, kind, value))
    return found


def check_form(block: Block) -> None:
    """Whether the harness knows what to do with a block."""
    if block.mark in ("file", "needs", "not run", "exit"):
        assert block.value, f"{block.place}: <!-- {block.mark}: … --> lacks its value"
    if block.mark in ("", "needs", "exit"):
        assert block.language in ("sh", "python"), f"{block.place}: is neither sh nor python, and no comment says what"


def matches(expected: str, printed: str) -> bool:
    """Whether a text is what a page shows; … stands for anything, on a line of its own for any lines."""
    lines = expected.strip().splitlines()
    pattern = "".join(
        r"(?:.*\n)*" if line == "…" else re.escape(line.rstrip()).replace("…", ".*") + r" *\n" for line in lines
    )
    return re.fullmatch(pattern, printed.strip() + "\n") is not None


class Runner:
    """Runs the blocks of a page in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._names = folder, {"__name__": "page"}
        self._printed: str | None = ""  # None: the block was not run, since it needs what is not installed
        self._environment = os.environ | {"PATH": f"{_commands(folder / '.bin')}{os.pathsep}{os.environ['PATH']}"}
        self._environment |= {"PYTHONPATH": str(TOP), "PYTHONUTF8": "1", "COLUMNS": "120"}

    def run(self, block: Block) -> None:
        """Do with a block what its mark and its language say."""
        check_form(block)
        if block.mark == "file":
            (self._folder / block.value).write_text(block.content, encoding="utf-8")
        elif block.mark == "needs" and not _is_installed(block.value):
            self._printed = None
        elif block.mark == "output":
            assert self._printed is None or matches(block.content, self._printed), (
                f"{block.place}: printed was\n{self._printed}"
            )
        elif block.mark != "not run":
            self._printed = (self._sh if block.language == "sh" else self._python)(block)

    def _sh(self, block: Block) -> str:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block.content],
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        wanted = int(block.value) if block.mark == "exit" else 0
        assert done.returncode == wanted, f"{block.place}: exit {done.returncode}\n{done.stdout}"
        return done.stdout

    def _python(self, block: Block) -> str:
        out, here = io.StringIO(), Path.cwd()
        os.chdir(self._folder)
        try:
            with contextlib.redirect_stdout(out), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # those of libraries that a page shows, not ours
                exec(compile(block.content, block.place, "exec"), self._names)
        finally:
            os.chdir(here)
        return out.getvalue()


def _commands(folder: Path) -> Path:
    """A folder with the commands `normalizer` and `python` of this checkout, installed or not."""
    folder.mkdir()
    for name, arguments in (("normalizer", "-m normalizer"), ("python", "")):
        path = folder / name
        path.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n', encoding="utf-8")
        path.chmod(0o755)
    return folder


def _is_installed(module: str) -> bool:
    found = importlib.util.find_spec(module) is not None
    assert found or "CI" not in os.environ, f"{module} is to be installed in CI"
    return found


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("page", PAGES)
def test_every_block_of_the_page_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "HF_DATASETS_DISABLE_PROGRESS_BARS"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    (tmp_path / "page").mkdir()
    runner = Runner(tmp_path / "page")
    for block in blocks(page, (TOP / page).read_text(encoding="utf-8")):
        runner.run(block)


@pytest.mark.parametrize("page", PAGES)
def test_the_harness_knows_what_to_do_with_every_block(page: str) -> None:
    found = blocks(page, (TOP / page).read_text(encoding="utf-8"))
    assert [block for block in found if block.mark not in ("not run", "file", "output")], "the page runs nothing"
    for block in found:
        check_form(block)


# --- the harness itself ------------------------------------------------------------------------------------------

PAGE = """
<!-- file: a.txt -->
```text
hello
```

```sh
cat a.txt; echo told >&2
```

<!-- output -->
```text
he…
told
```

```python
value = open("a.txt").read().strip()
```

Words.

```python
print(value, "again")
```

<!-- output -->
```text
hello again
```

<!-- exit: 3 -->
```sh
exit 3
```

<!-- not run: it would not end well -->
```sh
false
```
"""


def _run(text: str, folder: Path) -> None:
    runner = Runner(folder)
    for block in blocks("page.md", text):
        runner.run(block)


def test_a_page_that_is_true_passes(tmp_path: Path) -> None:
    assert len(blocks("page.md", PAGE)) == 8
    _run(PAGE, tmp_path)


@pytest.mark.parametrize(
    ("true", "wrong", "message"),
    [
        ("he…", "she…", r"page\.md:12: printed was"),
        ("exit 3", "exit 4", r"page\.md:33: exit 4"),
        ("```text\nhe…", "```text\n…\nnever\n…", "printed was"),
        ("<!-- not run: it would not end well -->", "", r"page\.md:38: exit 1"),
        ("<!-- not run: it would not end well -->", "<!-- not run -->", "lacks its value"),
        ("<!-- file: a.txt -->", "", "neither sh nor python"),
    ],
)
def test_a_page_that_is_wrong_fails(true: str, wrong: str, message: str, tmp_path: Path) -> None:
    assert true in PAGE
    with pytest.raises(AssertionError, match=message):
        _run(PAGE.replace(true, wrong), tmp_path)


def test_an_error_of_a_block_is_an_error_of_the_page(tmp_path: Path) -> None:
    with pytest.raises(NameError, match="nothing"):
        _run("```python\nnothing\n```\n", tmp_path)


# --- the site ----------------------------------------------------------------------------------------------------


class _Fetched(HTMLParser):
    """What a browser fetches to show a page: not what the page links to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = dict(attributes)
        if tag in ("script", "img", "iframe", "source") and named.get("src"):
            self.found.append(str(named["src"]))
        if tag == "link" and named.get("rel") in ("stylesheet", "icon", "preconnect", "preload"):
            self.found.append(str(named.get("href")))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_site_builds_without_a_broken_link_and_fetches_nothing(tmp_path: Path) -> None:
    if not _is_installed("mkdocs"):
        pytest.skip("needs the extra docs")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path)],
        cwd=TOP, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    pages = sorted(tmp_path.rglob("*.html"))
    assert {path.stem for path in (TOP / "docs").glob("*.md")} <= {p.parent.name or p.stem for p in pages} | {"index"}
    for path in pages:
        parser = _Fetched()
        parser.feed(path.read_text(encoding="utf-8"))
        assert parser.found
        assert not [source for source in parser.found if "//" in source], path
    assert not [
        path for path in tmp_path.rglob("*.css") if re.search(r"url\(['\"]?(https?:)?//", path.read_text("utf-8"))
    ]
    api = (tmp_path / "api" / "library" / "index.html").read_text(encoding="utf-8")
    assert "normalizer.pipeline.Normalizer.align" in api
