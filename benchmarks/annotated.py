"""How the marked policies are read: `python -m benchmarks.annotated [--usual] [--twice] [FOLDER]`.

Those of corpus/annotated/ are written in plain and varied words, so that they are harder than most policies; those of
corpus/categories/both/ (--usual) in the wording of usual ones. All were marked by reading. FOLDER has sheets of one's
own instead, in the same form. --twice says instead how far
two annotators agree on the terms of fourteen of the latter: F1 by overlap, and by the very span, of one concept. Part
`train` may be looked at, part `held-out` may not, but for these totals. Told are, of terms, recall (a mention of the
same concept overlaps) and precision, of each side by itself and as the records have them; of rows, whether they are one
clause, and its category; of pairs of rows, whether both sides name the same concepts, again both ways; links by whole
rows (F1), and the differences told, which between careful translations are mostly false, per 50 pairs. --misses,
--falses and --told list those of part `train`.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.annotated import FOLDER, SECOND, USUAL, Annotated, read, sides
from normalizer import Normalizer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from normalizer.model import Analysis, Link, Mention
    from normalizer.records import Record

    Found = tuple[Analysis, Analysis]

Row = tuple[str, ...]
Rows = set[tuple[int, int]]
HEAD = (
    "part, side | terms | recall | precision | recall in records | precision in records | rows | one clause | "
    "category | … or another | "
    "both the same | … in records | links F1 | differences told per 50"
)


class Tally:
    """What is counted for a half, and what is to be listed."""

    def __init__(self) -> None:
        self.counts: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self.misses: list[Row] = []
        self.falses: list[Row] = []
        self.told: list[Row] = []

    def side(self, side: Annotated, analysis: Analysis) -> None:
        """Count the terms and the categories of one side."""
        counts, shown = self.counts[side.part, side.language], side.part == "train"
        mentions = [mention for clause in analysis.clauses for mention in clause.mentions]
        for start, end, concept in side.terms:
            over = [m for m in mentions if m.start < end and start < m.end]
            hit = any(m.concept == concept for m in over)
            counts.update(terms=1, recalled=hit)
            if shown and not hit:
                self.misses.append((*_context(side, start, end), concept, " ".join(_named(side.text, over))))
        for m in mentions:
            marked = [(side.text[a:b], concept) for a, b, concept in side.terms if m.start < b and a < m.end]
            right = any(concept == m.concept for _, concept in marked)
            counts.update(found=1, precise=right)
            if shown and not right:
                inside = " ".join(f"{concept}<{words}>" for words, concept in marked)
                self.falses.append((*_context(side, m.start, m.end), m.concept, m.term, inside))
        for (start, end), categories in side.lines.items():
            over_it = [clause for clause in analysis.clauses if clause.start < end and start < clause.end]
            whole = len(over_it) == 1 and over_it[0].start >= start and over_it[0].end <= end
            counts.update(rows=1, whole=whole, compared=whole)
            if whole:
                counts["primary"] += over_it[0].category == categories[0]
                counts["lenient"] += over_it[0].category in categories

    def together(self, side: Annotated, analysis: Analysis) -> None:
        """Count the terms of one side as the records have them."""
        mentions = [mention for clause in analysis.clauses for mention in clause.mentions]
        right = sum(any(c == m.concept and m.start < b and a < m.end for a, b, c in side.terms) for m in mentions)
        recalled = sum(any(c == m.concept and m.start < b and a < m.end for m in mentions) for a, b, c in side.terms)
        self.counts[side.part, side.language].update(
            {"recalled together": recalled, "precise together": right, "found together": len(mentions)}
        )

    def pair(self, sides: tuple[Annotated, Annotated], found: Found, told: Found, links: tuple[Link, ...]) -> None:
        """Count the pairs of rows; found: each side by itself, told: as the records have them."""
        ja, en = sides
        counts = self.counts[ja.part, "both"]
        alone, together = ([_by_row(*side) for side in zip(sides, read, strict=True)] for read in (found, told))
        gold = {(row,) * 2 for row, both in enumerate(zip(ja.rows, en.rows, strict=True)) if all(both)}
        for row, _ in gold:
            counts.update(pairs=1, equal=alone[0][row] == alone[1][row], agreed=together[0][row] == together[1][row])
        self._links(counts, gold, (ja, en), found, links)

    def _links(
        self, counts: Counter[str], gold: Rows, sides: tuple[Annotated, Annotated], found: Found, links: Iterable[Link]
    ) -> None:
        told: set[tuple[tuple[int, ...], tuple[int, ...]]] = set()
        for link in links:
            rows = [
                {row for at in numbers for row in _rows(side, analysis.clauses[at].start, analysis.clauses[at].end)}
                for side, analysis, numbers in zip(sides, found, (link.ja, link.en), strict=True)
            ]
            if all(rows):
                told.add((tuple(rows[0]), tuple(rows[1])))
        counts.update(linked=len(told), rightly=len(told & {((a,), (b,)) for a, b in gold}))

    def differences(self, part: str, name: str, records: tuple[Record, ...]) -> None:
        """Count and keep what is told as a difference."""
        for record in records:
            for difference in record.differences:
                self.counts[part, "both"]["told"] += 1
                if part == "train":
                    texts = [side.text.replace("\n", " ") if side else "-" for side in (record.ja, record.en)]
                    self.told.append((name, difference.code, difference.message["en"], *texts))

    def rows(self) -> Iterator[str]:
        """The lines of the table."""
        for (part, side), n in sorted(self.counts.items()):
            if side == "both":
                f1 = 2 * n["rightly"] / (n["linked"] + n["pairs"])
                cells = ["", "", "", "", "", str(n["pairs"]), "", "", ""]
                cells += [f"{n['equal'] / n['pairs']:.3f}", f"{n['agreed'] / n['pairs']:.3f}", f"{f1:.3f}"]
                cells.append(f"{50 * n['told'] / n['pairs']:.2f}")
            else:
                terms = [("recalled", "terms"), ("precise", "found")]
                terms += [("recalled together", "terms"), ("precise together", "found together")]
                shares = terms, [("whole", "rows"), ("primary", "compared")]
                first, second = ([f"{n[a] / n[b]:.3f}" for a, b in pairs] for pairs in shares)
                cells = [f"{n['terms']:,}", *first, f"{n['rows']:,}", *second, f"{n['lenient'] / n['compared']:.3f}"]
                cells += ["", "", "", ""]
            yield f"| {part}, {side} | {' | '.join(cells)} |"


def _context(side: Annotated, start: int, end: int) -> tuple[str, str, str]:
    before, after = side.text[max(0, start - 40) : start], side.text[end : end + 40]
    return side.name, side.language, f"{before}«{side.text[start:end]}»{after}".replace("\n", "⏎")


def _named(text: str, mentions: list[Mention]) -> list[str]:
    return [f"{m.concept}<{text[m.start : m.end]}>" for m in mentions]


def _rows(side: Annotated, start: int, end: int) -> list[int]:
    return [row for row, span in enumerate(side.rows) if span and span[0] < end and start < span[1]]


def _by_row(side: Annotated, analysis: Analysis) -> defaultdict[int, set[str]]:
    out: defaultdict[int, set[str]] = defaultdict(set)
    for clause in analysis.clauses:
        for mention in clause.mentions:
            for row in _rows(side, mention.start, mention.end):
                out[row].add(mention.concept)
    return out


def tallied(folder: Path) -> Tally:
    """All documents of a folder read, aligned and compared."""
    normalizer, tally = Normalizer(), Tally()
    for ja, en in sides(folder):
        found = normalizer.sides(ja.text, en.text)
        for side, analysis in zip((ja, en), found, strict=True):
            tally.side(side, analysis)
        links = normalizer.links(*found)
        told = normalizer.agreed(*found, links, normalizer._differences(*found, links))
        for side, analysis in zip((ja, en), told, strict=True):
            tally.together(side, analysis)
        tally.pair((ja, en), found, told, links)
        tally.differences(ja.part, ja.name, normalizer.align(*found))
    return tally


def twice() -> Iterator[str]:
    """How far the two annotators agree, by language."""
    first = {(side.name, side.language): side.terms for side in read(USUAL)}
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for side in read(SECOND):
        one, other = first[side.name, side.language], side.terms
        agreeing = sum(any(_agree(term, its) for its in other) for term in one)
        agreeing += sum(any(_agree(term, its) for its in one) for term in other)
        exact = 2 * len(set(one) & set(other))
        counts[side.language].update(marks=len(one) + len(other), overlap=agreeing, exact=exact)
    for language, its in counts.items():
        overlap, exact = its["overlap"] / its["marks"], its["exact"] / its["marks"]
        yield f"{language}: {its['marks']} marks of both together, F1 by overlap {overlap:.3f}, by span {exact:.3f}"


def _agree(one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    return one[2] == other[2] and one[0] < other[1] and other[0] < one[1]


def main() -> None:
    """Print the table, and what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("usual", "twice", "misses", "falses", "told"):
        parser.add_argument(f"--{name}", action="store_true")
    parser.add_argument("folder", nargs="?", type=Path)
    arguments = parser.parse_args()
    if arguments.twice:
        print(*twice(), sep="\n")
        return
    tally = tallied(arguments.folder or (USUAL if arguments.usual else FOLDER))
    print(f"| {HEAD} |", "|---" * (HEAD.count("|") + 1) + "|", *tally.rows(), sep="\n")
    for name in ("misses", "falses", "told"):
        for row in sorted(getattr(tally, name)) if getattr(arguments, name) else ():
            print("\t".join((name, *row)))


if __name__ == "__main__":
    main()
