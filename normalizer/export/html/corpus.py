"""A run → a folder of pages: an index with heat maps, and a page a policy."""

from __future__ import annotations

import hashlib
import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from normalizer.counted import counted
from normalizer.errors import InputError
from normalizer.export.html.policy import policy_page
from normalizer.export.html.render import render
from normalizer.export.html.view import view
from normalizer.export.html.words import Words
from normalizer.glossary import Glossary, glossary_folder
from normalizer.model import LANGUAGES
from normalizer.records import ClauseLine

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from normalizer.export.html.view import View
    from normalizer.export.runs import Run
    from normalizer.records import Record

INDEX, PAGES = "index.html", "policies"
OURS = re.compile(rf"{re.escape(INDEX)}|{PAGES}(/[^/]+\.html)?")
STEM = 160  # bytes of a page's file name; systems take 255


def write(run: Run, out: Path) -> str:
    """Write index.html and policies/NAME.html into the folder `out`; returns what was written, in words.

    An earlier export there is replaced. A policy is held in memory at a time, and a line of figures of each.
    Raises InputError where the folder holds other things, cannot be written to, or the run cannot be read.
    """
    glossary, words = Glossary.load(), Words.load(glossary_folder())
    documents = _Documents(run)
    figures, names = [], _Names()
    policies = run.policies()
    first = next(policies)  # nothing is touched before there is something to write
    _prepare(out)
    for policy, records in itertools.chain([first], policies):
        differences = [difference for record in records for difference in record.differences]
        sides = {side for record in records for side in LANGUAGES if _has_document(record, side)}
        shown = view(records, documents.clauses(policy, sides), differences, glossary, words)
        name = f"{names.of(policy)}.html"
        _save(out / PAGES / name, policy_page(shown, home=f"../{INDEX}"))
        figures.append(_figures(shown, f"{PAGES}/{quote(name)}"))
    _save(out / INDEX, _index(figures, glossary, words))
    return f"{counted(len(figures), 'policy', 'policies')}: open {out / INDEX}"


def _has_document(record: Record, side: str) -> bool:
    shown = getattr(record, side)
    return shown is not None and shown.origin == "source"


class _Documents:
    """The clauses of the run's documents, read along with its records."""

    def __init__(self, run: Run) -> None:
        self._rows = run.documents()
        self._waiting: dict[str, dict[str, tuple[ClauseLine, ...]]] = {}

    def clauses(self, policy: str, sides: Collection[str]) -> Mapping[str, Sequence[ClauseLine]]:
        """The clauses of a policy by side. A run writes both in one order; what is in another order waits in memory."""
        while not self._waiting.get(policy, {}).keys() >= set(sides):
            row = next(self._rows, None)
            if row is None:
                break
            lines = tuple(ClauseLine.model_validate(line) for line in row["clauses"])
            self._waiting.setdefault(row["policy"], {})[row["side"]] = lines
        return self._waiting.pop(policy, {})


class _Names:
    """File names for policies: their own where every system takes it, else told apart by a hash."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, policy: str) -> str:
        plain = re.sub(r"[^\w.-]+|^\.", "_", policy).encode()[:STEM].decode(errors="ignore")
        if plain != policy or plain.casefold() in self._taken:
            plain = f"{plain}-{hashlib.sha256(policy.encode()).hexdigest()[:8]}"
        self._taken.add(plain.casefold())
        return plain


@dataclass(frozen=True, slots=True)
class _Figures:
    """The line of the index for a policy."""

    name: str
    href: str
    rows: int
    one_sided: int
    severities: tuple[int, ...]  # high, medium, low
    categories: Mapping[str, tuple[int, int]]  # clauses by side
    concepts: Mapping[str, tuple[int, int]]  # mentions by side


def _figures(shown: View, href: str) -> _Figures:
    return _Figures(
        name=shown.policy,
        href=href,
        rows=len(shown.rows),
        one_sided=shown.states["ja-only"] + shown.states["en-only"],
        severities=tuple(shown.severities.values()),
        categories=shown.categories,
        concepts={covered.id: (covered.ja, covered.en) for covered in shown.coverage},
    )


def _index(figures: Sequence[_Figures], glossary: Glossary, words: Words) -> str:
    used = {id for line in figures for id in line.categories}
    categories = [*(id for id in words.categories if id in used), *sorted(used - words.categories.keys())]
    named = {id for line in figures for id in line.concepts}
    concepts = [
        {"id": c.id, "kind": c.kind, "ja": c.label("ja"), "en": c.label("en")}
        for c in glossary.ontology
        if c.id in named
    ]
    concepts += [{"id": id, "kind": "", "ja": id, "en": id} for id in sorted(named - {c["id"] for c in concepts})]
    columns = {
        "categories": {id: number for number, id in enumerate(categories)},
        "concepts": {concept["id"]: number for number, concept in enumerate(concepts)},
    }
    data = {
        "policies": [_line(line, columns["categories"], columns["concepts"]) for line in figures],
        "categories": [{"id": id, "ja": words.category(id).ja, "en": words.category(id).en} for id in categories],
        "concepts": concepts,
    }
    kinds = tuple(dict.fromkeys(concept["kind"] for concept in concepts))
    return render("index.html", words, data=data, kinds=kinds, policies=figures)


def _line(line: _Figures, categories: Mapping[str, int], concepts: Mapping[str, int]) -> dict[str, Any]:
    """A policy for the script: only what is not zero, columns by number."""
    return {
        "name": line.name,
        "href": line.href,
        "rows": line.rows,
        "one": line.one_sided,
        "severities": line.severities,
        "categories": {categories[id]: pair for id, pair in line.categories.items()},
        "concepts": {concepts[id]: pair for id, pair in line.concepts.items()},
    }


def _prepare(out: Path) -> None:
    """Make the folder, without what an earlier export left; anything else in it is left alone and refused."""
    try:
        for path in _existing(out):
            if not OURS.fullmatch(path.relative_to(out).as_posix()):
                raise InputError(f"{out}: holds {path.name!r}, which no export has written; name a new folder")
        for path in (*out.glob(f"{PAGES}/*.html"), *out.glob(INDEX)):
            path.unlink()
        (out / PAGES).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{out}: cannot be written to ({error.strerror}); name another folder") from error


def _existing(out: Path) -> Iterator[Path]:
    if out.exists() and not out.is_dir():
        raise InputError(f"{out}: is a file; name a folder for the pages")
    yield from sorted(out.rglob("*")) if out.exists() else ()


def _save(path: Path, content: str) -> None:
    try:
        path.write_text(content, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error})") from error
