"""A folder of policies with gold links to pairs of lines that can be perturbed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer.score import LineLink, _halves

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from normalizer import Normalizer


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text, and what it was before it was perturbed."""

    ids: tuple[int, ...]  # the lines of the published text that it is made of; a repeated line has an id of its own
    text: str
    kind: str = "paragraph"  # heading, item, paragraph or furniture, as this library reads the published text
    body: int = 0  # where the words after the marker start


@dataclass(frozen=True, slots=True)
class Pair:
    """Both sides of a policy; `links` are over the ids of the lines."""

    name: str
    half: str
    ja: tuple[Line, ...]
    en: tuple[Line, ...]
    links: tuple[LineLink, ...]

    def texts(self) -> tuple[str, str]:
        """The Japanese and the English file."""
        return "\n".join(line.text for line in self.ja), "\n".join(line.text for line in self.en)

    def gold(self) -> set[LineLink]:
        """The links over the lines as they stand now, both sides there.

        A line made of several joins all that any of them is linked with; a line that is gone leaves its links.
        """
        return {link for link in grouped(self.ja, self.en, self.links) if link[0] and link[1]}


def grouped(ja: Sequence[Line], en: Sequence[Line], links: Iterable[LineLink]) -> set[LineLink]:
    """Links over ids to links over positions, by the connected parts of the graph that lines and links make."""
    root: dict[tuple[str, int], tuple[str, int]] = {}

    def find(node: tuple[str, int]) -> tuple[str, int]:
        while root.setdefault(node, node) != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    sets = [[*(("ja", i) for i in left), *(("en", j) for j in right)] for left, right in links]
    sets += [[(side, i) for i in line.ids] for side, lines in (("ja", ja), ("en", en)) for line in lines]
    for nodes in sets:
        for node in nodes[1:]:
            root[find(node)] = find(nodes[0])
    parts: dict[tuple[str, int], tuple[list[int], list[int]]] = {}
    for k, (side, lines) in enumerate((("ja", ja), ("en", en))):
        for place, line in enumerate(lines):
            parts.setdefault(find((side, line.ids[0])), ([], []))[k].append(place)
    return {(tuple(left), tuple(right)) for left, right in parts.values()}


def load(folder: Path, tune: tuple[str, ...], normalizer: Normalizer) -> list[Pair]:
    """The pairs of a folder, by name; NAME.gold.json links the non-empty lines of NAME.ja.txt and NAME.en.txt.

    The half of each is that of the folder's manifest.csv; without one, policies whose names start with one of `tune`
    are the half "tune", the others "test".
    """
    halves, pairs = _halves(folder), []
    for path in sorted(folder.glob("*.gold.json")):
        name = path.name.removesuffix(".gold.json")
        sides = [
            lines((folder / f"{name}.{side}.txt").read_text(encoding="utf-8"), normalizer) for side in ("ja", "en")
        ]
        links = tuple((tuple(ja), tuple(en)) for ja, en in json.loads(path.read_text(encoding="utf-8"))["links"])
        half = halves.get(name) or ("tune" if tune and name.startswith(tune) else "test")
        pairs.append(Pair(name, half, sides[0], sides[1], links))
    return pairs


def lines(text: str, normalizer: Normalizer) -> tuple[Line, ...]:
    """The non-empty lines; a line that is one clause has its kind and the place where its marker ends."""
    clauses = {clause.start: clause for clause in normalizer.analyze(text).clauses}
    out: list[Line] = []
    start = 0
    for line in text.split("\n"):
        if line.strip():
            begin, end = start + len(line) - len(line.lstrip()), start + len(line.rstrip())
            clause = clauses.get(begin)
            whole = clause is not None and clause.end == end
            kind, body = (clause.kind, clause.body - start) if clause is not None and whole else ("paragraph", 0)
            out.append(Line((len(out),), line, kind, body))
        start += len(line) + 1
    return tuple(out)
