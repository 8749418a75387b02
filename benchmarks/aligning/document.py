"""Tables to Markdown, and into the document that keeps them between markers."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def written(document: str, name: str, content: str) -> str:
    """The document with the content between `<!-- begin NAME -->` and `<!-- end NAME -->`.

    Raises ValueError where the document lacks either marker.
    """
    begin, end = (f"<!-- {word} {name} -->\n" for word in ("begin", "end"))
    before, found, rest = document.partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"no {begin.strip()} … {end.strip()} in the document")
    return f"{before}{begin}\n{content.strip()}\n\n{end}{after}"


def publish(path: Path, name: str, content: str) -> None:
    """Print the content, and write it into the document where that has a place for it."""
    print(f"## {name}\n\n{content}")
    try:
        path.write_text(written(path.read_text(encoding="utf-8"), name, content), encoding="utf-8")
    except (FileNotFoundError, ValueError) as error:
        print(f"{path}: not written: {error}", file=sys.stderr)
