"""The formats of `normalizer export`: which module writes each. Imports none of them.

A module has one of two functions, which take a `normalizer.export.runs.Run`:
- `chunks(run) -> Iterable[bytes]` for what may go to standard output as well as to a file;
- `write(run, out: Path) -> str` for what needs a file or a folder of its own; the text says what was written.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """A format and what writes it."""

    module: str
    what: str  # for --help
    needs_out: bool  # the module has `write`, not `chunks`
    extra: str = ""  # the optional dependency group of pyproject.toml that it needs


FORMATS = {
    "html": Format("normalizer.export.html", "pages to read: an index and a page a policy (a folder)", needs_out=True),
}
