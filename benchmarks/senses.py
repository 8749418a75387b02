"""Whether words with several senses are read rightly: `python -m benchmarks.senses [--list] [--write docs/senses.md]`.

The sentences of tests/cases/senses/ were written for this: ten for each sense of a form, five of them in the half
`tune`, five in the half `test`, which is never looked at. Each is analysed with its heading above it. It is right where
a mention that overlaps the quoted words names its concept or one that counts for it by same.csv, wrong where mentions
name others only, missing where there is none. It is `apart` where it is right even though other senses of the same form
never count: the scorer of clauses takes some of them for the same. Of a citation, what its article meant at the date of
the text counts as named.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from normalizer import Normalizer
from normalizer.dating import LATEST
from normalizer.reading import read_text
from normalizer.statutes import Statutes
from normalizer.statutes.tables import read_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from normalizer.model import Analysis, Document, Fact

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "cases" / "senses"
HALVES = ("tune", "test")
FRESH = ("fresh", "fresh_held")  # eight more of each sense: four to tune on, four held out
LATE = ("late", "late_held")  # three more, at times four: two to tune on, the others held out
WIDE = ("wide", "last_held")  # of many trades: some 1,250 to tune on, some 240 of other trades held out
FILES = (*HALVES, *FRESH, *LATE, *WIDE)
SHOWN = ("tune", "fresh", "late", "wide")
# A line without any cue above each sentence: as in a document, its language need not be guessed from a few words.
LEAD = {"ja": "ここから先が本文となります。", "en": "From here on the page says what there is to say, line after line."}
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence, the words in it that have several senses, and the one they have here."""

    half: str
    id: str  # FORM.SENSE.NUMBER
    language: str
    heading: str
    text: str
    quote: str
    concept: str

    @property
    def form(self) -> str:
        """The form with several senses, e.g. "開示" or "suspension-of-use"."""
        return self.id.rsplit(".", 2)[0]


@dataclass(slots=True)
class Tally:
    """How many sentences were read how."""

    right: int = 0
    wrong: int = 0
    missing: int = 0
    apart: int = 0  # of the right ones

    @property
    def all(self) -> int:
        """Right, wrong and missing ones."""
        return self.right + self.wrong + self.missing

    @property
    def accuracy(self) -> float:
        """Share of the right ones, 0 to 1."""
        return self.right / self.all


@dataclass(slots=True)
class Report:
    """Tallies by half and language ("" for both), by half and form, and the sentences whose sense is not told."""

    languages: dict[tuple[str, str], Tally] = field(default_factory=lambda: defaultdict(Tally))
    forms: dict[tuple[str, str], Tally] = field(default_factory=lambda: defaultdict(Tally))
    failed: list[tuple[Case, frozenset[str]]] = field(default_factory=list)  # none is apart

    def tallies(self, case: Case) -> tuple[Tally, ...]:
        """Where a case is counted."""
        by_language = self.languages[case.half, case.language], self.languages[case.half, ""]
        return *by_language, self.forms[case.half, case.form]


def cases(half: str) -> list[Case]:
    """The sentences of a half."""
    with (CASES / f"{half}.tsv").open(encoding="utf-8", newline="") as table:
        return [Case(half, **row) for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)]


def counting() -> dict[str, frozenset[str]]:
    """The concepts that count for a sense, besides itself."""
    out: dict[str, frozenset[str]] = defaultdict(frozenset)
    with (CASES / "same.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            out[row["concept"]] |= frozenset(row["counts"].split("|"))
    return out


def document(case: Case) -> tuple[Document, int, int]:
    """A sentence below its heading, as it is read, and the place of the words in question."""
    lines = [LEAD[case.language], *([f"# {case.heading}"] if case.heading else []), case.text]
    found = read_text("\n\n".join(lines), case.id, "markdown")
    start = found.text.index(case.quote, found.text.rindex(case.text))
    return found, start, start + len(case.quote)


def meanings(asked: Iterable[Case]) -> dict[tuple[str, str], set[str]]:
    """The senses of each form and language that sentences ask about."""
    senses: dict[tuple[str, str], set[str]] = defaultdict(set)
    for case in asked:
        senses[case.form, case.language].add(case.concept)
    return senses


def measure(normalizer: Normalizer, asked: Sequence[Case]) -> Report:
    """Analyse each sentence and say how it was read."""
    report, reader, others = Report(), _Reader(normalizer), counting()
    senses = meanings(asked)
    for case in asked:
        named = reader.named(case)
        wanted = others[case.concept] | {case.concept}
        outcome = "right" if named & wanted else "wrong" if named else "missing"
        rivals = senses[case.form, case.language] - {case.concept}
        for tally in report.tallies(case):
            setattr(tally, outcome, getattr(tally, outcome) + 1)
            tally.apart += bool(named & (wanted - rivals))
        if not named & (wanted - rivals):
            report.failed.append((case, named))
    return report


class _Reader:
    """What the words of a case are said to mean."""

    def __init__(self, normalizer: Normalizer) -> None:
        self._normalizer = normalizer
        self._statutes = Statutes.load(normalizer.folder)
        self._laws = read_tables(normalizer.folder).laws

    def named(self, case: Case) -> frozenset[str]:
        read, start, end = document(case)
        analysis = self._normalizer.analyze(read)
        mentions = (mention for clause in analysis.clauses for mention in clause.mentions)
        facts = (fact for clause in analysis.clauses for fact in clause.facts if fact.kind == "statute")
        found = [mention.concept for mention in mentions if mention.start < end and start < mention.end]
        cited = [self._meaning(fact, analysis) for fact in facts if fact.start < end and start < fact.end]
        return frozenset(found + cited)

    def _meaning(self, fact: Fact, analysis: Analysis) -> str:
        """The concept of the cited article at the date of the text, else of the law."""
        law, _, place = fact.value.partition(":")
        meaning = self._statutes.resolve(law, place.partition("(")[0] or None, None, None, analysis.as_of or LATEST)
        return meaning.concept or self._laws[law].concept


def tables(report: Report) -> str:
    """The figures as two tables in Markdown."""
    rows = ["| half | language | sentences | right | wrong | missing | accuracy | apart |", "|---" * 8 + "|"]
    for half in FILES:
        for language in ("ja", "en", "") if (half, "") in report.languages else ():
            tally = report.languages[half, language]
            counts = f"{tally.all} | {tally.right} | {tally.wrong} | {tally.missing}"
            rows.append(f"| {half} | {language or 'both'} | {counts} | {_shares(tally, 3)} |")
    rows += ["", "| form | sentences a half | tune | tune apart | test | test apart |", "|---" * 6 + "|"]
    for form in dict.fromkeys(form for half, form in report.forms if half in HALVES):
        tune, test = (report.forms[half, form] for half in HALVES)
        rows.append(f"| {form} | {tune.all} | {_shares(tune, 2)} | {_shares(test, 2)} |")
    return "\n".join(rows)


def _shares(tally: Tally, digits: int) -> str:
    return f"{tally.accuracy:.{digits}f} | {tally.apart / tally.all:.{digits}f}"


def listing(failed: Sequence[tuple[Case, frozenset[str]]]) -> str:
    """The sentences that may be tuned on whose sense is not told; of the others nothing is shown."""
    return "\n".join(
        f"{case.id} {case.quote!r} is {case.concept}, got {', '.join(sorted(named)) or 'nothing'}\n"
        f"    {case.heading and case.heading + ' / '}{case.text}"
        for case, named in failed
        if case.half in SHOWN
    )


def write(page: Path, figures: str) -> None:
    """Put the figures between their marks on a page."""
    before, rest = page.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    page.write_text(f"{before}{BEGIN}\n{figures}\n{END}{after}", encoding="utf-8")


def main() -> None:
    """Print the tables; write them to a page; list what is wrong in the half `tune`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true", dest="shown", help="show the wrong sentences of the half tune")
    parser.add_argument("--write", type=Path, help="the page to put the tables in")
    arguments = parser.parse_args()
    report = measure(Normalizer(), [case for half in FILES for case in cases(half)])
    figures = tables(report)
    print(figures)
    if arguments.shown:
        print(listing(report.failed))
    if arguments.write:
        write(arguments.write, figures)


if __name__ == "__main__":
    main()
