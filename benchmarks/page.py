"""The half `tune` of corpus/, thrice, as one policy of 1,000 rows → times to make its page and to use it.

    python benchmarks/page.py

Needs chromium and the extra `dev`. The rows are paired by number, not aligned: only their quantity matters here.
"""

from __future__ import annotations

import csv
import shutil
import tempfile
import time
from pathlib import Path
from typing import Literal

from playwright.sync_api import sync_playwright

from normalizer import Normalizer
from normalizer.export.html import page
from normalizer.model import Link
from normalizer.records import Difference, Span, records

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
ROWS = 1000
SEVERITIES: tuple[Literal["high", "medium", "low"], ...] = ("high", "medium", "low")
# What a reader does, and what a script says of how long it took, in milliseconds.
DEEDS = {
    "search": "field('search').value = '個人情報'; filter()",
    "lift the filters": "clear()",
    "light a concept": "light(one('.table [data-c~=ControllerSelf]'))",
    "next difference": "next(1)",
    "sort the concepts": "one('.coverage thead button').click()",
}
TIMED = "() => {{ const at = performance.now(); {}; document.body.offsetHeight; return performance.now() - at; }}"


def text(side: str) -> str:
    """The half `tune` of one side, three times."""
    with (CORPUS / "manifest.csv").open(encoding="utf-8") as table:
        names = [row[side] for row in csv.DictReader(table) if row["half"] == "tune"]
    return "\n".join((CORPUS / name).read_text(encoding="utf-8") for name in names * 3)


def big(normalizer: Normalizer) -> tuple[str, float]:
    """A page of ROWS rows, every fifth with a difference; prints the time to read both sides, and to make it."""
    start = time.perf_counter()
    ja, en = normalizer.analyze(text("ja")), normalizer.analyze(text("en"))
    reading = time.perf_counter() - start
    print(f"| read and understand both sides | {1000 * reading:.0f} ms | 1 |")
    found = records("big", [Link((row,), (row,), 0.9) for row in range(ROWS)], ja, en, {})
    differences = []
    for row in range(0, ROWS, 5):
        spans = [Span(start=c.start, end=c.end, text=a.text(c)) for a in (ja, en) for c in (a.clauses[row],)]
        message: dict[Literal["ja", "en"], str] = {"ja": "相違", "en": "differs"}
        severity = SEVERITIES[row % 3]
        differences.append(Difference(code="x", severity=severity, message=message, ja=spans[0], en=spans[1]))
    start = time.perf_counter()
    made = page(found, ja, en, differences, normalizer.glossary)
    say(f"make the page, {len(made.encode()) / 1e6:.1f} MB", time.perf_counter() - start, reading)
    return made, reading


def say(name: str, seconds: float, reading: float) -> None:
    print(f"| {name} | {1000 * seconds:.0f} ms | {seconds / reading:.4f} |")


def main() -> None:
    print("| | time | of reading |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "big.html"
        made, reading = big(Normalizer())
        path.write_text(made, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        tab = browser.new_page()
        start = time.perf_counter()
        tab.goto(path.as_uri())
        say("load it", time.perf_counter() - start, reading)
        for name, deed in DEEDS.items():
            say(name, tab.evaluate(TIMED.format(deed)) / 1000, reading)
        browser.close()


if __name__ == "__main__":
    main()
