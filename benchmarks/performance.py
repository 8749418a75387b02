"""Speed and memory as ratios within one run: the tables of docs/performance.md.

    python -m benchmarks.performance [--parts analysis,stages,…] [--ginza PYTHON] [--documents 1000,20000]

Each table is printed, and written into the document between `<!-- begin PART -->` and `<!-- end PART -->`; one that is
not made again stays. Times of two sides are taken in turns, so that a noisy moment hits both, and the medians are
compared. The part ginza needs a Python that has the packages ginza and ja-ginza. Run from the root of the checkout.
"""

from __future__ import annotations

import argparse
import cProfile
import itertools
import json
import os
import pstats
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: threads that wait for each other spoil the times

import fugashi

from benchmarks.aligning.document import publish, table
from benchmarks.policies import write_policies
from benchmarks.watch import Watched, watched
from normalizer import Normalizer
from normalizer.facts import find_facts
from normalizer.interpret import Interpreter
from normalizer.lines import json_lines
from normalizer.match import Matcher
from normalizer.model import above
from normalizer.reading import read
from normalizer.senses import SenseResolver
from normalizer.tokens import Tokenizer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from normalizer.model import Analysis, Document, Token

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "performance.md"
PARTS = ("analysis", "stages", "terms", "length", "ginza", "start", "memory", "workers", "alignment")
ROUNDS = 7
TERMS = (500, 5_000, 50_000)
LENGTHS = (1, 2, 4)
POLICIES = 600  # of the part workers: the start should not be most of what is measured
GINZA_TEXTS = 2  # GiNZA takes seconds for each
STAGES = {
    "segmentation": ("segment/__init__.py", "segment"),
    "tokens": ("tokens.py", "tokens"),
    "matching of terms": ("match.py", "matches"),
    "senses": ("senses.py", "resolve"),
    "facts": ("facts/__init__.py", "find_facts"),
    "citations": ("statutes/__init__.py", "find"),
    "definitions": ("definitions.py", "find_definitions"),
    "references": ("references.py", "with_references"),
    "names that the policy defines": ("defined.py", "with_defined"),
    "language of clauses": ("language.py", "clause_language"),
    "categories": ("interpret/categories.py", "categorize"),
    "statements": ("interpret/statements.py", "state"),
    "weighing of mentions": ("interpret/weighing.py", "weighed"),
    "JSON": ("performance.py", "written"),
    "all": ("performance.py", "analyzed"),
}


def main(arguments: list[str] | None = None) -> None:
    """Make the tables that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--ginza", default=sys.executable, help="a Python with ginza and ja-ginza")
    parser.add_argument("--documents", default="1000,20000", help="of the part memory")
    asked = parser.parse_args(arguments)
    makers: dict[str, Callable[[], str]] = {
        "analysis": analysis_table,
        "stages": stages_table,
        "terms": terms_table,
        "length": length_table,
        "ginza": lambda: ginza_table(asked.ginza),
        "start": start_table,
        "memory": lambda: memory_table([int(count) for count in asked.documents.split(",")]),
        "workers": workers_table,
        "alignment": alignment_table,
    }
    for part in asked.parts.split(","):
        publish(DOCUMENT, part, makers[part]())


def documents(side: str) -> list[Document]:
    """The corpus of one language."""
    return [read(path) for path in sorted((ROOT / "corpus").glob(f"*.{side}.txt"))]


def analyzed(normalizer: Normalizer, found: Sequence[Document]) -> None:
    """All stages, and the JSON that `normalizer analyze` writes."""
    for document in found:
        written(normalizer.analyze(document))


def written(analysis: Analysis) -> list[bytes]:
    """The lines of JSON of an analysis."""
    return list(json_lines(analysis))


class Bare:
    """MeCab with lemma, part of speech and offsets of each word, by one call a line and a cache of its items."""

    def __init__(self) -> None:
        # The characters themselves: MeCab ends its output at an escape such as "\\x1f", which it does not know.
        formats = '--node-format="%M\x1f%H\x1e" --unk-format="%M\x1f%H\x1e" --eos-format="$" --bos-format=""'
        self._tagger = fugashi.Tagger(f"--output-format-type= {formats}")
        self._known: dict[str, tuple[int, int, str, str, str]] = {}

    def read(self, found: Sequence[Document]) -> int:
        """The number of words."""
        words = 0
        for document in found:
            for line in document.text.splitlines():
                words += len(self._words(line))
        return words

    def _words(self, line: str) -> list[tuple[int, int, str, str, str]]:
        place, out = 0, []
        for item in self._tagger.parse(line)[:-2].split("\x1e"):
            space, length, surface, lemma, pos = self._known.get(item) or self._item(item)
            start = place + space
            place = start + length
            out.append((start, place, surface, lemma, pos))
        return out

    def _item(self, item: str) -> tuple[int, int, str, str, str]:
        surface, _, features = item.partition("\x1f")
        fields, bare = features.split(","), surface.lstrip(" ")
        lemma = fields[7].partition("-")[0] if len(fields) > 7 else bare
        self._known[item] = found = (len(surface) - len(bare), len(bare), bare, lemma, fields[0])
        return found


def analysis_table() -> str:
    """Analysis against bare tokenisation of the same text."""
    normalizer, bare, own = Normalizer(), Bare(), Tokenizer()
    found = documents("ja")
    analyses = [normalizer.analyze(document) for document in found]
    middle = Middle(normalizer)
    works = {
        "fugashi, lemma and part of speech": lambda: bare.read(found),
        "tokens of this library": lambda: [own.tokens(d.text, b.start, b.end, "ja") for d in found for b in d.blocks],
        "matching, senses, facts, categories, statements": lambda: [middle.understand(one) for one in analyses],
        "analysis, all stages, JSON written": lambda: analyzed(normalizer, found),
    }
    times = in_turns(*works.values())
    size = sum(len(document.text) for document in found)
    rows = [
        [name, f"{1000 * seconds / len(found):.2f}", f"{size / seconds / 1e6:.2f}", f"{seconds / times[0]:.1f}"]
        for name, seconds in zip(works, times, strict=True)
    ]
    return table(["what", "ms a document", "million characters/s", "times fugashi"], rows)


class Middle:
    """The stages from tokens to statements, without what is before and after them."""

    def __init__(self, normalizer: Normalizer) -> None:
        self._folder = folder = normalizer.folder
        glossary = normalizer.glossary
        self._tokenizer = Tokenizer(glossary.lemmas)
        self._matcher = Matcher(glossary, self._tokenizer)
        self._senses = SenseResolver.load(folder)
        self._interpreter = Interpreter.load(folder, glossary.ontology)
        self._tokens: dict[str, list[tuple[Token, ...]]] = {}

    def understand(self, analysis: Analysis) -> None:
        """Mentions, facts, categories and statements of the clauses, whose tokens are made once only."""
        text, clauses = analysis.document.text, analysis.clauses
        places = [(text, clause.body, clause.end, clause.language) for clause in clauses]
        key = analysis.document.id
        if key not in self._tokens:
            self._tokens[key] = [self._tokenizer.tokens(*place) for place in places]
        found = [self._matcher.matches(*place, tokens) for place, tokens in zip(places, self._tokens[key], strict=True)]
        headed = [tuple(text[one.body : one.end] for one in above(clauses, clause)) for clause in clauses]
        mentions = [
            self._senses.resolve(text, clause, headings, matches)
            for clause, headings, matches in zip(clauses, headed, found, strict=True)
        ]
        facts = [find_facts(text, clause.start, clause.end, self._folder) for clause in clauses]
        understood = [
            clause.revised(mentions=named, facts=told)
            for clause, named, told in zip(clauses, mentions, facts, strict=True)
        ]
        self._interpreter.interpret(text, understood, self._tokens[key])


def terms_table() -> str:
    """Matching with glossaries of so many terms: those shipped, and compounds of two of them beyond."""
    normalizer, bare = Normalizer(), Bare()
    shipped = [term for term in normalizer.glossary.terms if term.language == "ja"]
    long = [term for term in shipped if 2 <= len(term.form) <= 6]
    pairs = ((a, b) for step in range(1, len(long)) for a, b in zip(long, long[step:], strict=False))
    more = (replace(a, form=a.form + b.form) for a, b in pairs)
    every = [*shipped, *itertools.islice(more, max(0, max(TERMS) - len(shipped)))]
    found = documents("ja")
    places = [(d.text, b.start, b.end, "ja") for d in found for b in d.blocks]
    works: list[Callable[[], object]] = [lambda: bare.read(found)]
    for count in TERMS:
        tokenizer = Tokenizer(normalizer.glossary.lemmas)
        matcher = Matcher(replace(normalizer.glossary, terms=tuple(every[:count])), tokenizer)
        inputs = [(*place, tokenizer.tokens(*place)) for place in places]
        works.append(lambda matcher=matcher, inputs=inputs: [matcher.matches(*one) for one in inputs])
    base, *times = in_turns(*works)
    rows = [
        [f"{count:,}", f"{1000 * seconds / len(found):.2f}", f"{seconds / base:.1f}", f"{seconds / times[0]:.2f}"]
        for count, seconds in zip(TERMS, times, strict=True)
    ]
    return table(["Japanese terms", "ms a document", "times fugashi", "times the first"], rows)


def length_table() -> str:
    """Analysis of one text that grows: the corpus of one language, once, twice and four times."""
    normalizer = Normalizer()
    once = "\n".join(document.text for document in documents("ja"))
    texts = ["\n".join([once] * times) for times in LENGTHS]
    times = in_turns(*(lambda text=text: normalizer.analyze(text) for text in texts), rounds=3)
    each = [seconds / len(text) for seconds, text in zip(times, texts, strict=True)]
    rows = [
        [f"{len(text):,}", f"{1e6 * time:.1f}", f"{time / each[0]:.2f}"] for text, time in zip(texts, each, strict=True)
    ]
    return table(["characters", "µs a character", "times the first"], rows)


def stages_table() -> str:
    """Where the time of the analysis goes: shares from a profile, microseconds of a word from the time without one."""
    normalizer = Normalizer()
    columns = []
    for side in ("ja", "en"):
        found = documents(side)
        (seconds,) = in_turns(lambda found=found: analyzed(normalizer, found), rounds=5)
        words = sum(
            len(normalizer._reader.tokenizer.tokens(d.text, b.start, b.end, side)) for d in found for b in d.blocks
        )
        spent = profiled(normalizer, found)
        shares = {stage: spent[stage] / spent["all"] for stage in STAGES}
        columns.append(
            {stage: (f"{share:.0%}", f"{1e6 * share * seconds / words:.2f}") for stage, share in shares.items()}
        )
    header = ["stage", "share of ja", "µs a token", "share of en", "µs a word"]
    return table(header, [[stage, *(cell for column in columns for cell in column[stage])] for stage in STAGES])


def profiled(normalizer: Normalizer, found: Sequence[Document]) -> dict[str, float]:
    """Seconds of each stage, by cProfile."""
    profile = cProfile.Profile()
    profile.runcall(analyzed, normalizer, found)
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    return {
        stage: max(
            (row[3] for (file, _, name), row in stats.items() if file.endswith(path) and name == function), default=0.0
        )
        for stage, (path, function) in STAGES.items()
    }


def ginza_table(python: str) -> str:
    """Analysis against GiNZA with an EntityRuler that holds the same terms."""
    normalizer = Normalizer()
    found = documents("ja")[:GINZA_TEXTS]
    terms = sorted({(term.form, term.concept) for term in normalizer.glossary.terms if term.language == "ja"})
    given = {"terms": terms, "texts": [document.text for document in found], "rounds": 3}
    script = Path(__file__).with_name("ginza_ruler.py")
    done = subprocess.run([python, str(script)], input=json.dumps(given), capture_output=True, text=True, check=True)
    theirs = statistics.median(json.loads(done.stdout.splitlines()[-1]))
    (ours,) = in_turns(lambda: analyzed(normalizer, found))
    size = sum(len(document.text) for document in found)
    rows = [
        [name, f"{1000 * seconds / len(found):,.1f}", f"{size / seconds:,.0f}", f"{seconds / ours:.1f}"]
        for name, seconds in ((f"GiNZA, EntityRuler of {len(terms):,} terms", theirs), ("this library", ours))
    ]
    return table(["what", "ms a document", "characters/s", "times this library"], rows)


def start_table() -> str:
    """The start of the command, on a compiled glossary."""
    sample = str(sorted((ROOT / "corpus").glob("*.ja.txt"))[0])
    commands = {
        "python -c pass": ["-c", "pass"],
        "import of Normalizer": ["-c", "from normalizer import Normalizer"],
        "import and Normalizer()": ["-c", "from normalizer import Normalizer; Normalizer()"],
        "normalizer --help": ["-m", "normalizer", "--help"],
        "normalizer analyze FILE": ["-m", "normalizer", "analyze", sample],
    }
    for command in commands.values():
        _quiet(command)
    times = in_turns(*(lambda command=command: _quiet(command) for command in commands.values()), clock=_of_children)
    return table(
        ["command", "processor seconds"], [[name, f"{s:.2f}"] for name, s in zip(commands, times, strict=True)]
    )


def _of_children() -> float:
    """Processor seconds of the processes that this one has started and that have ended."""
    return sum(os.times()[2:4])


def _quiet(arguments: list[str]) -> None:
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)


def memory_table(counts: Sequence[int]) -> str:
    """The peak memory of a run of so many documents."""
    peaks = []
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            write_policies(Path(folder, "in"), count, short=True)
            peaks.append(watched(_run_of(folder, 1)))
    first = peaks[0].megabytes + peaks[0].child_megabytes
    rows = [
        [
            f"{count:,}",
            f"{took.megabytes:.0f}",
            f"{took.child_megabytes:.0f}",
            f"{(took.megabytes + took.child_megabytes) / first:.2f}",
            f"{count / took.seconds:.0f}",
        ]
        for count, took in zip(counts, peaks, strict=True)
    ]
    return table(["documents", "MB of the run", "MB of its worker", "times the first", "documents/s"], rows)


def workers_table() -> str:
    """One worker against two, in turns: by the clock, of which other programs take their part, and by the processor
    time of the one process that must come first and of the busiest of those that work beside each other."""
    taken: dict[int, list[Watched]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory() as folder:
        write_policies(Path(folder, "in"), POLICIES, short=False)
        for workers in (1, 2) * 3:
            taken[workers].append(watched(_run_of(folder, workers)))
    wall, own, busiest = (
        [statistics.median(getattr(took, name) for took in found) for found in taken.values()]
        for name in ("seconds", "processor", "child_processor")
    )
    needed = [serial + beside for serial, beside in zip(own, busiest, strict=True)]
    rows = [
        [
            str(workers),
            *(f"{figure:.1f}" for figure in (wall[index], own[index], busiest[index])),
            *(f"{figures[0] / figures[index]:.2f}" for figures in (wall, needed)),
        ]
        for index, workers in enumerate(taken)
    ]
    times = ("times as fast by the clock", "by the processor time of both")
    return table(["workers", "seconds", "processor s of the run", "of its busiest worker", *times], rows)


def _run_of(folder: str, workers: int) -> list[str]:
    more = ["--workers", str(workers), "--no-resume", "--quiet"]
    return [sys.executable, "-m", "normalizer", "run", f"{folder}/in", "--out", f"{folder}/out", *more]


def alignment_table() -> str:
    """Alignment of the pairs of the corpus against encoding each of their clauses once, both from nothing."""
    normalizer = Normalizer()
    pairs = [
        tuple(normalizer.analyze(path.with_name(f"{path.name[:-7]}.{side}.txt")) for side in ("ja", "en"))
        for path in sorted((ROOT / "corpus").glob("*.ja.txt"))
    ]
    normalizer.embedder.encode(["warm"])

    def encoded() -> None:
        for pair in pairs:
            embedder = normalizer.embedder.anew()
            for side in pair:
                embedder.encode([side.text(clause) for clause in side.clauses])

    def aligned() -> None:
        for ja, en in pairs:
            normalizer.links(ja, en)

    times = in_turns(encoded, aligned, rounds=3)
    names = ("encode every clause of both sides", "align")
    rows = [[n, f"{1000 * s / len(pairs):.0f}", f"{times[0] / s:.2f}"] for n, s in zip(names, times, strict=True)]
    return table(["what", "ms a pair", "times as fast"], rows)


def in_turns(
    *works: Callable[[], object], rounds: int = ROUNDS, clock: Callable[[], float] = time.process_time
) -> list[float]:
    """The median seconds of each, taken in turns after one round that does not count: of this process's processor, so
    that other programs count little; by a wall clock where the work is done by other processes."""
    for work in works:
        work()
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, taken in zip(works, times, strict=True):
            start = clock()
            work()
            taken.append(clock() - start)
    return [statistics.median(taken) for taken in times]


if __name__ == "__main__":
    main()
