"""glossaries/models.csv → the packages whose size and SHA-256 this project knows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("from", "to", "version", "size", "sha256", "url", "licence")
DIRECTIONS = (("ja", "en"), ("en", "ja"))
VERSION = re.compile(r"\d{1,6}(?:\.\d{1,6}){0,3}")


@dataclass(frozen=True, slots=True)
class Published:
    """A package as its makers published it."""

    source: str  # "ja" or "en"
    target: str
    version: str
    size: int  # of the .argosmodel, in bytes; 0 where it is not known
    sha256: str  # of the .argosmodel; empty where it is not known
    url: str
    licence: str

    @property
    def name(self) -> str:
        """As the command line names it: ja-en."""
        return f"{self.source}-{self.target}"


def published(folder: Path) -> tuple[Published, ...]:
    """The rows of models.csv. Raises GlossaryError naming file and line."""
    problems, path = Problems(), folder / "models.csv"
    out = []
    for line, row in read_table(path, COLUMNS, problems):
        if (row["from"], row["to"]) not in DIRECTIONS:
            problems.unknown(path, line, "direction", f"{row['from']}-{row['to']}", ["-".join(d) for d in DIRECTIONS])
        elif not VERSION.fullmatch(row["version"]):
            problems.add(path, line, f"version {row['version']!r} is not of the form 1.1")
        elif not re.fullmatch(r"[1-9]\d{0,11}", row["size"]):
            problems.add(path, line, f"size {row['size']!r} is no number of bytes")
        elif not re.fullmatch(r"[0-9a-f]{64}", row["sha256"]):
            problems.add(path, line, "sha256 is not 64 hexadecimal digits in small letters")
        else:
            cells = (row["version"], int(row["size"]), row["sha256"], row["url"], row["licence"])
            out.append(Published(row["from"], row["to"], *cells))
    problems.refuse()
    return tuple(out)


def order(version: str) -> tuple[int, ...]:
    """A version as numbers that sort: "1.10" stands behind "1.9"."""
    return tuple(map(int, version.split(".")))
