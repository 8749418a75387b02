"""Records → the folder of a Hugging Face dataset: a card, and the records as Parquet.

`datasets.load_dataset(FOLDER)` opens it with the network off, and so it can be put on the hub as it is.
"""

from __future__ import annotations

import itertools
import json
from collections import Counter
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Any

from normalizer.errors import InputError
from normalizer.export import parquet
from normalizer.export.characters import writable
from normalizer.records import SCHEMA, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

DATA, CARD = "data/records.parquet", "README.md"
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
MOST = "n>1M"


class _Counts:
    """What the card tells of the records that went by."""

    def __init__(self) -> None:
        self.records = 0
        self.links: Counter[str] = Counter()
        self.categories: Counter[str] = Counter()
        self.policies: Counter[str] = Counter()
        self.versions: Counter[str] = Counter()

    def watch(self, records: Iterable[Record]) -> Iterator[Record]:
        for record in records:
            self.records += 1
            self.links[_sides(record)] += 1
            self.categories[record.category] += 1
            self.policies[record.policy] += 1
            self.versions.update(
                f"{name} {value}" for name, value in record.provenance.items() if isinstance(value, str)
            )
            yield record


def write(records: Iterable[Record], out: Path, *, licence: str = "unknown", title: str = "") -> None:
    """Write a dataset into the folder `out`, which is made; of an earlier one in it the two files are replaced.

    licence: an identifier of the hub for the policies' texts, such as "cc-by-4.0"; their owners' rights are not
    this library's to grant. title: of the card. Raises InputError where the folder holds other things, or there are no
    records: `datasets` cannot open a dataset without rows.
    """
    _refuse_strangers(out)
    rows = iter(records)
    first = next(rows, None)
    if first is None:
        raise InputError(f"{out}: there are no records to write, and a dataset needs one; nothing was written")
    counts = _Counts()
    target, card = out / DATA, out / CARD
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(target.name + ".tmp")
    try:
        with temporary.open("wb") as file:
            parquet.write(counts.watch(itertools.chain([first], rows)), file)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    card.write_text(_card(counts, licence, title), encoding="utf-8", newline="\n")


def _refuse_strangers(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise InputError(f"{out}: is a file; name a folder for the dataset")
    ours = {out / CARD, out / DATA, (out / DATA).parent}
    stranger = next((path for path in sorted(out.rglob("*")) if path not in ours), None) if out.is_dir() else None
    if stranger:
        name = stranger.relative_to(out).as_posix()
        raise InputError(f"{out}: holds {name!r}, which is of no dataset of ours; name a new folder")


def _sides(record: Record) -> str:
    """How a record came by its two sides: the source's own words, a filled side, or one side alone."""
    if record.ja and record.en:
        return record.link.origin
    return "ja only" if record.ja else "en only"


def _card(counts: _Counts, licence: str, title: str) -> str:
    template = files("normalizer.export").joinpath("hf_card.md").read_text(encoding="utf-8")
    return Template(template).substitute(
        licence=_quoted(licence),
        title=_quoted(title or "Bilingual clause records of privacy policies"),
        heading=_inline(title or "Bilingual clause records of privacy policies"),
        size=next((name for limit, name in SIZES if counts.records < limit), MOST),
        records=f"{counts.records:,}",
        policies=f"{len(counts.policies):,}",
        data=DATA,
        schema=SCHEMA,
        fields="\n".join(_fields()),
        links=_table(counts.links),
        categories=_table(counts.categories),
        versions="\n".join(f"- {_inline(name)}" for name in sorted(counts.versions)) or "- none",
    )


def _fields() -> Iterator[str]:
    for name, field in Record.model_fields.items():
        yield f"| `{field.alias or name}` | {field.description or _first_line(field.annotation)} |"


def _first_line(annotation: Any) -> str:
    """What a nested shape is, from its docstring."""
    shapes = [part for part in (annotation, *getattr(annotation, "__args__", ())) if hasattr(part, "model_fields")]
    return (shapes[0].__doc__ or "").partition("\n")[0] if shapes else ""


def _table(counter: Counter[str]) -> str:
    rows = sorted(counter.items(), key=lambda item: (-item[1], item[0]))
    return "\n".join(f"| {_inline(name)} | {count:,} |" for name, count in rows) or "| none | 0 |"


def _inline(text: str) -> str:
    """Words for a line of Markdown: no mark-up, no table cell of their own."""
    flat = " ".join(writable(text).split())
    return "".join(f"\\{character}" if character in "\\`*_[]<>|#" else character for character in flat)


def _quoted(text: str) -> str:
    """A YAML string in double quotes, in which JSON's escapes are valid."""
    return json.dumps(" ".join(writable(text).split()), ensure_ascii=False)
