"""The formats of `normalizer export`: which module writes each, and what it can be told. Imports none of them.

A module has one function `write`, which takes what `reads` says, and `out`, a binary stream or, where `folder` is set,
the path of a folder; it may return a line on what was written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Format:
    """A format and what writes it."""

    module: str
    what: str  # for --help
    reads: Literal["records", "run"] = "records"  # an iterator of Record, or a normalizer.export.runs.Run
    folder: bool = False  # the result is a folder
    binary: bool = False  # the result is nothing for a terminal
    options: tuple[str, ...] = ()  # options of the command that the format takes, by the name of `write`'s argument
    preset: tuple[tuple[str, str], ...] = ()  # arguments that the format's name stands for
    extra: str = ""  # the optional dependency group of pyproject.toml that it needs


FORMATS = {
    "html": Format("normalizer.export.html", "pages to read, an index and a page a policy", "run", folder=True),
    "xlsx": Format("normalizer.export.xlsx", "a workbook", binary=True, extra="xlsx"),
    "csv": Format("normalizer.export.csv_records", "a row a record", options=("bom", "guard")),
    "tsv": Format(
        "normalizer.export.csv_records", "the same with tabs", options=("bom", "guard"), preset=(("delimiter", "\t"),)
    ),
    "tmx": Format("normalizer.export.tmx", "a translation memory, TMX 1.4b"),
    "xliff": Format("normalizer.export.xliff", "translation jobs, XLIFF 2.1", options=("source",)),
    "xliff-1.2": Format(
        "normalizer.export.xliff", "the same for older tools", options=("source",), preset=(("version", "1.2"),)
    ),
    "jsonl": Format("normalizer.export.jsonl", "the records as they are, a line each"),
    "jsonld": Format("normalizer.export.jsonld", "linked data with SKOS and DPV", options=("base",)),
    "parquet": Format("normalizer.export.parquet", "for data frames", binary=True, extra="parquet"),
    "hf": Format(
        "normalizer.export.hf", "a Hugging Face dataset", folder=True, options=("licence", "title"), extra="hf"
    ),
}
