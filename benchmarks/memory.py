"""Look-ups in a translation memory of 100,000 units: how many a second, and how often the best unit is found.

    python benchmarks/memory.py [--units 100000] [--half tune|test] [--write]

The units are made from the policies of corpus/ by a seeded grammar: the clauses of a half that two languages say alike,
with other terms of the glossary, other names, numbers and addresses, two of them joined. Questions are stored texts as
they are, with other numbers, with words left out or put in; and texts of units that are not stored; half of them asked
one by one, the others TOGETHER at once. "Times faster" compares a question with every stored text by the same library,
in the same run. After that: what the other policies of a half know of each policy. Prints the tables of docs/memory.md,
and with --write puts them there. Times are processor time, where nothing else is said.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import random
import re
import sqlite3
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from normalizer import Normalizer
from normalizer.memory import Memory, Unit, search
from normalizer.memory.keys import key
from normalizer.memory.learn import concepts, learned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from normalizer.model import Language
    from normalizer.records import Record

CORPUS = Path(__file__).parents[1] / "corpus"
PAGE = Path(__file__).parents[1] / "docs" / "memory.md"
SYLLABLES = re.findall("(?:sh|ch|[kstnhmyr])[aiuo]", "kakikukosashisusotachitonaninohahihomamimoyayuyorariro")
KATAKANA = "カキクコサシスソタチトナニノハヒホマミモヤユヨラリロ"
DIGITS = re.compile(r"\d+")
_COLUMNS = "median ms | 99th percentile ms | answered | times faster |"
TOGETHER = 100  # about as many clauses as a policy has
INDEX = "numbers, lengths, ends, texts, grams, starts, places"  # columns of a block
Kind = tuple[str, "Callable[[Unit, Language, random.Random], str]"]


def aligned(normalizer: Normalizer, half: str) -> list[Record]:
    """The records of the policies of a half of the corpus that were aligned with confidence."""
    with (CORPUS / "manifest.csv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["half"] == half]
    out: list[Record] = []
    for row in rows:
        found = normalizer.align(CORPUS / row["ja"], CORPUS / row["en"], row["policy"])
        out += [record for record in found if record.link.kind == "1-1" and record.link.score >= 0.9]
    return out


def made(records: list[Record], normalizer: Normalizer, seed: int) -> Iterator[Unit]:
    """Units without end, no two alike in both languages but by chance."""
    chance = random.Random(seed)
    terms = _terms(normalizer)
    number = 0
    while True:
        pair = _varied(chance.choice(records), terms, chance)
        if chance.random() < 0.3:
            more = _varied(chance.choice(records), terms, chance)
            pair = (pair[0] + more[0], f"{pair[1]} {more[1]}")
        number += 1
        yield Unit(*pair, document=f"made-{number // 80}", record=f"made#{number}", tool="benchmark")


def _terms(normalizer: Normalizer) -> dict[str, list[tuple[str, str]]]:
    """The preferred words of the glossary in both languages, by the kind of concept."""
    preferred: dict[tuple[str, str], str] = {}
    for term in normalizer.glossary.terms:
        if term.status == "preferred":
            preferred.setdefault((term.concept, term.language), term.form)
    out: dict[str, list[tuple[str, str]]] = {}
    for concept in normalizer.glossary.ontology:
        pair = (preferred.get((concept.id, "ja")), preferred.get((concept.id, "en")))
        if pair[0] and pair[1]:
            out.setdefault("all", []).append((pair[0], pair[1]))
    return out


def _varied(record: Record, terms: dict[str, list[tuple[str, str]]], chance: random.Random) -> tuple[str, str]:
    assert record.ja
    assert record.en
    ja, en = record.ja.text, record.en.text
    english = {mention.concept: mention.text for mention in record.en.mentions}
    for mention in record.ja.mentions:
        if mention.concept in english and chance.random() < 0.5:
            new = chance.choice(terms["all"])
            ja = ja.replace(mention.text, new[0], 1)
            en = en.replace(english[mention.concept], new[1], 1)
    name = [chance.randrange(len(SYLLABLES)) for _ in range(3)]
    ja = ja.replace("当社", f"株式会社{''.join(KATAKANA[n] for n in name)}", chance.randrange(2))
    en = en.replace("the Company", f"{''.join(SYLLABLES[n] for n in name).capitalize()} Co., Ltd.", 1)
    numbers: dict[str, str] = {}

    def other(found: re.Match[str]) -> str:
        return numbers.setdefault(found[0], str(chance.randrange(1, 10 ** len(found[0]))))

    return DIGITS.sub(other, ja), DIGITS.sub(other, en)


# --- questions ---------------------------------------------------------------------------------------------------


def _as_stored(unit: Unit, language: Language, chance: random.Random) -> str:
    return unit.text(language)


def _renumbered(unit: Unit, language: Language, chance: random.Random) -> str:
    return DIGITS.sub(lambda found: str(chance.randrange(2, 10 ** len(found[0]) + 2)), unit.text(language))


def _edited(unit: Unit, language: Language, chance: random.Random) -> str:
    """With one or two pieces left out, doubled or replaced: of a text in English words, in Japanese two characters."""
    text = unit.text(language)
    pieces = text.split(" ") if language == "en" else [text[at : at + 2] for at in range(0, len(text), 2)]
    for _ in range(chance.randrange(1, 3)):
        place = chance.randrange(len(pieces))
        pieces[place : place + 1] = chance.choice(
            ([], [pieces[place]] * 2, ["その他" if language == "ja" else "other"])
        )
        pieces = pieces or [text]
    return (" " if language == "en" else "").join(pieces)


KINDS: tuple[Kind, ...] = (("as stored", _as_stored), ("other numbers", _renumbered), ("edited", _edited))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=100_000)
    parser.add_argument("--half", choices=("tune", "test"), default="tune")
    parser.add_argument("--questions", type=int, default=4_000, help="of each kind")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/memory.md")
    arguments = parser.parse_args()
    lines = []
    for line in _figures(arguments.half, arguments.units, arguments.questions):
        print(line, flush=True)
        lines.append(line)
    if arguments.write:
        _into_page("\n".join(lines), arguments.half)


def _into_page(figures: str, half: str) -> None:
    begin, end = f"<!-- begin {half} -->", f"<!-- end {half} -->"
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(begin)
    PAGE.write_text(f"{before}{begin}\n{figures}\n{end}{rest.partition(end)[2]}", encoding="utf-8")


def _figures(half: str, count: int, questions: int) -> Iterator[str]:
    normalizer = Normalizer()
    records = aligned(normalizer, half)
    if count:
        source = made(records, normalizer, seed=7)
        made_units = {(unit.ja, unit.en): unit for unit, _ in zip(source, range(count * 2), strict=False)}
        units = list(made_units.values())
        yield from _look_ups(units[:count], units[count:][:questions], questions)
        yield ""
    yield "| from | | clauses | 99 % and more | 75 % and more | likeness of fuzzy ones to the real translation |"
    yield "|---|---|--:|--:|--:|--:|"
    yield from _leave_one_out(records)


def _look_ups(stored: list[Unit], strangers: list[Unit], questions: int) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "benchmark.memory"
        with Memory.open(path, create=True) as memory:
            seconds = _seconds(lambda: memory.add(stored))
            assert len(memory) == len(stored)
            reading = {language: _seconds(partial(memory.lookup, "?", language)) for language in ("ja", "en")}
            yield f"| direction | question | one by one/s | by the clock/s | {TOGETHER} at once/s | {_COLUMNS}"
            yield "|---|---|--:|--:|--:|--:|--:|--:|--:|"
            for language in ("ja", "en"):
                yield from _measure(memory, stored, strangers, language, questions)
            found = [_recall(memory, stored, language) for language in ("ja", "en")]
            yield ""
            yield f"{len(stored):,} units, added in one transaction: {len(stored) / seconds:,.0f} units/s;"
            yield f"the file has {_size(path):,.0f} MB. The likest unit is found: {'; '.join(found)}."
            yield f"What like ones are found by is read at the first such look-up: {_index(path, reading)}."


def _measure(
    memory: Memory, stored: list[Unit], strangers: list[Unit], language: Language, count: int
) -> Iterator[str]:
    every = [key(unit.text(language), language).folded for unit in stored]
    chance = random.Random(11)
    kinds = [(name, [ask(unit, language, chance) for unit in chance.sample(stored, count)]) for name, ask in KINDS]
    kinds.append(("of another unit", [unit.text(language) for unit in strangers]))
    for name, questions in kinds:
        half = len(questions) // 2
        times, answered, clock = [], 0, time.perf_counter()
        for question in questions[:half]:
            start = time.process_time()
            answered += bool(memory.lookup(question, language))
            times.append(time.process_time() - start)
        clock = time.perf_counter() - clock
        batches = [questions[at : at + TOGETHER] for at in range(half, len(questions), TOGETHER)]
        together = (len(questions) - half) / sum(_seconds(partial(memory.lookups, its, language)) for its in batches)
        slow = statistics.median(_seconds(partial(_best, question, language, every)) for question in questions[:7])
        each = statistics.mean(times)
        times.sort()
        yield (
            f"| {language} | {name} | {1 / each:,.0f} | {half / clock:,.0f} | {together:,.0f} "
            f"| {1000 * statistics.median(times):.2f} | {1000 * times[int(len(times) * 0.99)]:.2f} "
            f"| {answered / half:.0%} | {slow / each:,.0f} |"
        )


def _index(path: Path, reading: dict[str, float]) -> str:
    """How long reading the index of each language took, and how much memory it is."""
    length = " + ".join(f"length({column})" for column in INDEX.split(", "))
    with contextlib.closing(sqlite3.connect(path)) as file:
        sizes = dict(file.execute(f"SELECT language, sum({length}) FROM block GROUP BY language"))
    return ", ".join(
        f"{language} {seconds:.2f} s, {sizes[language] / 1e6:.0f} MB" for language, seconds in reading.items()
    )


def _best(question: str, language: Language, every: list[str]) -> float:
    folded = key(question, language).folded
    found = process.extractOne(folded, every, scorer=Levenshtein.normalized_similarity, score_cutoff=0.75)
    return found[1] if found else 0.0


def _recall(memory: Memory, stored: list[Unit], language: Language) -> str:
    """Of edited texts, how many find a unit as like as the likest there is."""
    chance = random.Random(13)
    every = [key(unit.text(language), language).folded for unit in stored]
    found = like = 0
    for unit in chance.sample(stored, 300):
        question = _edited(unit, language, chance)
        best = _best(question, language, every)
        if best < 0.75 or best == 1.0:
            continue
        like += 1
        matches = memory.lookup(question, language, threshold=50)
        folded = key(question, language).folded
        ours = [Levenshtein.normalized_similarity(folded, key(m.source, language).folded) for m in matches]
        found += max(ours, default=0.0) >= best - 1e-9
    return f"{language} {found / like:.1%} of {like}"


def _leave_one_out(records: list[Record]) -> Iterator[str]:
    """What a memory of a half's other policies knows of each policy: how much, and how like the real translation."""
    policies = sorted({record.policy for record in records})
    for weight in (0.0, search.CONCEPTS):
        rows: dict[Language, list[tuple[int, float]]] = {"ja": [], "en": []}
        for policy in policies:
            with Memory(Path(":memory:"), create=True) as memory:
                memory.add(learned(record for record in records if record.policy != policy))
                for record in records:
                    if record.policy == policy:
                        _ask(memory, record, rows, bool(weight))
        for language, found in rows.items():
            total = sum(record.policy in policies for record in records)
            shares = [sum(percent >= least for percent, _ in found) / total for least in (99, 75)]
            like = statistics.mean(likeness for percent, likeness in found if percent < 99)
            yield (
                f"| {language} | {'with' if weight else 'without'} concepts | {total:,} | {shares[0]:.1%} "
                f"| {shares[1]:.1%} | {like:.2f} |"
            )


def _ask(memory: Memory, record: Record, rows: dict[Language, list[tuple[int, float]]], named: bool) -> None:
    assert record.ja
    assert record.en
    for language, side, other in (("ja", record.ja, record.en), ("en", record.en, record.ja)):
        known = concepts(side) if named else ()
        if matches := memory.lookup(side.text, "ja" if language == "ja" else "en", 1, concepts=known):
            like = Levenshtein.normalized_similarity(matches[0].target, other.text)
            rows["ja" if language == "ja" else "en"].append((matches[0].percent, like))


def _seconds(call: Callable[[], object]) -> float:
    """Processor time, which other work on the machine disturbs less than the clock."""
    start = time.process_time()
    call()
    return time.process_time() - start


def _size(path: Path) -> float:
    return sum(file.stat().st_size for file in path.parent.iterdir()) / 1e6


if __name__ == "__main__":
    main()
