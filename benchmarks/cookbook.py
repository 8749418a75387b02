"""docs/cookbook.md → the same page with the answers of today: what its commands prepare is asked what its SQL asks.

    python -m benchmarks.cookbook

A block ```sh is run (`normalizer` is this checkout's), what stands under `<!-- file: NAME -->` is put into a file, and
the table after a block ```sql is made anew by DuckDB. All in a folder of its own, in which corpus/ is that of the
checkout. Run from the root of the checkout, with the extras parquet and research.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.aligning.document import table

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "cookbook.md"
PREPARED = re.compile(r"(?:<!-- file: (?P<name>\S+) -->\n)?```(?P<language>sh|csv)\n(?P<content>.*?)```\n", re.DOTALL)
ASKED = re.compile(r"```sql\n(?P<query>.*?)```\n\n(?P<answer>(?:\|[^\n]*\n)+)", re.DOTALL)
COMMAND = 'normalizer() { "$PYTHON" -m normalizer "$@"; }\n'


def main() -> None:
    """Write the page with the answers of today."""
    page = DOCUMENT.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        prepare(page, Path(folder))
        DOCUMENT.write_text(answered(page, Path(folder)), encoding="utf-8")


def prepare(page: str, folder: Path) -> None:
    """Do what the page's commands do, in the folder. Raises CalledProcessError."""
    (folder / "corpus").symlink_to(ROOT / "corpus", target_is_directory=True)
    environment = os.environ | {"PYTHON": sys.executable, "PYTHONPATH": str(ROOT)}
    for block in PREPARED.finditer(page):
        if block["name"]:
            (folder / block["name"]).write_text(block["content"], encoding="utf-8")
        else:
            command = ["bash", "-euo", "pipefail", "-c", COMMAND + block["content"]]
            subprocess.run(command, cwd=folder, env=environment, check=True)


def answered(page: str, folder: Path) -> str:
    """The page with the answers that the folder gives."""
    return ASKED.sub(lambda asked: f"```sql\n{asked['query']}```\n\n{answer(asked['query'], folder)}", page)


def answer(query: str, folder: Path) -> str:
    """What DuckDB answers, as a Markdown table; paths in the query are below the folder."""
    import duckdb

    connection = duckdb.connect()
    before = Path.cwd()
    os.chdir(folder)
    try:
        found = connection.sql(query)
        return table(found.columns, [[str(cell) for cell in row] for row in found.fetchall()])
    finally:
        os.chdir(before)


if __name__ == "__main__":
    main()
