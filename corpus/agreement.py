"""Two annotations of the same policies → how far they agree: a table, and every disagreement on request.

    python corpus/agreement.py corpus/first corpus/second [--list]

Each folder holds files NAME.LANG.json (clauses, terms, facts), as corpus/gold/ does; the files of the second folder are
compared with those of the same name in the first. F1 is symmetric, so that neither side counts as right. Kappa is
Cohen's (1960), over the clauses that both have with the same span: 1 is full agreement, 0 what chance would give.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Row = dict[str, Any]
Pair = tuple[Row, Row]
COLUMNS = {
    "clauses": "clauses",
    "boundary": "boundary F1",
    "kind": "kind",
    "kind kappa": "κ",
    "parent": "parent",
    "category": "category",
    "category kappa": "κ",
    "category lenient": "lenient",
    "terms": "terms",
    "term exact": "exact F1",
    "term overlap": "overlap F1",
    "term place": "place F1",
    "facts": "facts",
    "fact": "fact F1",
    "fact value": "value",
}


@dataclass(slots=True)
class Tally:
    """What a document, or several together, gives to count."""

    sizes: Counter[str] = field(default_factory=Counter)  # rows of both annotators together, by clauses, terms, facts
    hits: Counter[str] = field(default_factory=Counter)
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    categories: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        for mine, its in ((self.sizes, other.sizes), (self.hits, other.hits)):
            mine.update(its)
        self.kinds.update(other.kinds)
        self.categories.update(other.categories)

    def figures(self) -> dict[str, float]:
        """Figure → its value: a mean number of rows, or a share from 0 to 1 (kappa: from -1)."""
        same, facts = self.hits["boundary"], self.hits["fact"]
        out = {name: self.sizes[name] / 2 for name in ("clauses", "terms", "facts")}
        out |= {name: _share(self.hits[name], same) for name in ("kind", "parent", "category", "category lenient")}
        out |= {"kind kappa": kappa(self.kinds), "category kappa": kappa(self.categories)}
        out["boundary"] = _share(2 * same, self.sizes["clauses"])
        out |= {
            name: _share(2 * self.hits[name], self.sizes["terms"])
            for name in ("term exact", "term overlap", "term place")
        }
        return out | {"fact": _share(2 * facts, self.sizes["facts"]), "fact value": _share(self.hits["value"], facts)}


def kappa(pairs: Counter[tuple[str, str]]) -> float:
    """Cohen's kappa of the labels that two annotators gave to the same things; 1 where chance alone gives 1."""
    total = pairs.total()
    if not total:
        return 1.0
    observed = sum(n for (a, b), n in pairs.items() if a == b) / total
    left, right = Counter[str](), Counter[str]()
    for (a, b), n in pairs.items():
        left[a] += n
        right[b] += n
    expected = sum(left[label] * right[label] for label in left) / total**2
    return 1.0 if expected == 1 else (observed - expected) / (1 - expected)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


# --- one document ------------------------------------------------------------------------------------------------


def compare(first: Row, second: Row) -> tuple[Tally, list[str]]:
    """The counts of a document that both annotated, and a line for each disagreement."""
    tally, said = Tally(), [f"clause {_place(row)}" for row in _single(first["clauses"], second["clauses"], _span)]
    tally.sizes.update({name: len(first[name]) + len(second[name]) for name in ("clauses", "terms", "facts")})
    parents = [{clause["id"]: _span(clause) for clause in side["clauses"]} for side in (first, second)]
    for a, b in _same(first["clauses"], second["clauses"], _span):
        checks = _checks(a, b, parents)
        tally.hits["boundary"] += 1
        tally.hits.update(name for name, agreed in checks.items() if agreed)
        tally.kinds[a["kind"], b["kind"]] += 1
        tally.categories[a["category"], b["category"]] += 1
        said += [f"{name} {_place(a)}: {_told(a, name)} / {_told(b, name)}" for name in checks if not checks[name]]
    tally.hits["term exact"] = len(list(_same(first["terms"], second["terms"], _term)))
    tally.hits["term overlap"] = len(overlapping(first["terms"], second["terms"], by_concept=True))
    tally.hits["term place"] = len(overlapping(first["terms"], second["terms"], by_concept=False))
    said += _terms_said(first["terms"], second["terms"])
    facts = list(_same(first["facts"], second["facts"], _fact))
    tally.hits.update({"fact": len(facts), "value": sum(a["value"] == b["value"] for a, b in facts)})
    said += [f"fact {_place(a)}: {a['value']} / {b['value']}" for a, b in facts if a["value"] != b["value"]]
    said += [f"fact {_place(a)}: {a['kind']} {a['quote']}" for a in _single(first["facts"], second["facts"], _fact)]
    return tally, said


def _checks(a: Row, b: Row, parents: Sequence[dict[str, tuple[int, int]]]) -> dict[str, bool]:
    lenient = a["category"] in (b["category"], *b["also"]) or b["category"] in (a["category"], *a["also"])
    return {
        "kind": a["kind"] == b["kind"],
        "parent": parents[0].get(a["parent"]) == parents[1].get(b["parent"]),
        "category": a["category"] == b["category"],
        "category lenient": lenient,
    }


def overlapping(first: Sequence[Row], second: Sequence[Row], *, by_concept: bool) -> list[Pair]:
    """The most pairs of overlapping terms, each term in one at most; of the same concept if asked.

    The terms of one annotator do not overlap, so taking them from left to right finds the most.
    """
    out, used = [], set[int]()
    for a in sorted(first, key=_span):
        for n, b in enumerate(sorted(second, key=_span)):
            if n not in used and _overlap(a, b) and (a["concept"] == b["concept"] or not by_concept):
                used.add(n)
                out.append((a, b))
                break
    return out


def _terms_said(first: Sequence[Row], second: Sequence[Row]) -> list[str]:
    """What each annotator marked that the other has not, with the overlapping terms of the other."""
    out = []
    for mine, its, who in ((first, second, "first"), (second, first, "second")):
        known = {_term(term) for term in its}
        for term in mine:
            over = ", ".join(f"{b['quote']} = {b['concept']}" for b in its if _overlap(term, b))
            if _term(term) not in known and not (over and who == "second"):
                out.append(f"term {_place(term)}: {who} {term['quote']} = {term['concept']} / {over or 'nothing'}")
    return out


def _overlap(a: Row, b: Row) -> bool:
    return bool(min(a["end"], b["end"]) > max(a["start"], b["start"]))


def _span(row: Row) -> tuple[int, int]:
    return row["start"], row["end"]


def _term(row: Row) -> tuple[object, ...]:
    return *_span(row), row["concept"]


def _fact(row: Row) -> tuple[object, ...]:
    return *_span(row), row["kind"]


def _same(first: Sequence[Row], second: Sequence[Row], key: Callable[[Row], object]) -> Iterator[Pair]:
    others = {key(row): row for row in second}
    return ((row, others[key(row)]) for row in first if key(row) in others)


def _single(first: Sequence[Row], second: Sequence[Row], key: Callable[[Row], object]) -> list[Row]:
    keys = [{key(row) for row in side} for side in (first, second)]
    return [row for row in (*first, *second) if (key(row) in keys[0]) != (key(row) in keys[1])]


def _place(row: Row) -> str:
    return f"{row['start']}-{row['end']}"


def _told(clause: Row, name: str) -> str:
    if name.startswith("category"):
        return "+".join([clause["category"], *clause["also"]])
    return str(clause[name])


# --- all ---------------------------------------------------------------------------------------------------------


def tallies(first: Path, second: Path) -> tuple[dict[str, Tally], list[str]]:
    """Group ("01-….ja", "Japanese", "English", "all") → its counts, and the disagreements of all documents."""
    out: dict[str, Tally] = {}
    sums = {name: Tally() for name in ("Japanese", "English", "all")}
    said = []
    for path in sorted(second.glob("*.json")):
        sides = [json.loads((folder / path.name).read_text(encoding="utf-8")) for folder in (first, second)]
        out[path.stem], lines = compare(*sides)
        for name in ("Japanese" if path.stem.endswith(".ja") else "English", "all"):
            sums[name].add(out[path.stem])
        said += [f"{path.stem}: {line}" for line in lines]
    return out | sums, said


def table(groups: dict[str, Tally]) -> str:
    """The figures of each group as a table of Markdown."""
    lines = [f"| | {' | '.join(COLUMNS.values())} |", "|---|" + "---|" * len(COLUMNS)]
    for group, tally in groups.items():
        figures = tally.figures()
        cells = [f"{figures[c]:.0f}" if c in ("clauses", "terms", "facts") else f"{figures[c]:.3f}" for c in COLUMNS]
        lines.append(f"| {group} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description="How far two annotations of the same policies agree.")
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("--list", action="store_true", help="every disagreement, after the table")
    options = parser.parse_args()
    if missing := [p.name for p in options.second.glob("*.json") if not (options.first / p.name).is_file()]:
        parser.error(f"{options.first}: lacks {', '.join(sorted(missing))}")
    groups, said = tallies(options.first, options.second)
    if not said and len(groups) == 3:
        parser.error(f"{options.second}: no annotation in it; it is in files named NAME.LANG.json")
    print(table(groups))
    if options.list:
        print("", *said, sep="\n")


if __name__ == "__main__":
    main()
