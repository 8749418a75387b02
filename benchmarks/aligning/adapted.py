"""A pair of texts to the same pair with one side adapted for its readers rather than translated, with its gold links.

An adapted version leaves clauses out and says others in fewer, sets a list as a sentence or a table, orders its contact
block and its sections in its own way, and numbers, styles or leaves out its headings as its house does. `PARTS` are
these changes one by one; `adapted` draws several of them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from benchmarks.aligning import perturb
from benchmarks.aligning.pairs import Line, Pair
from benchmarks.aligning.perturb import (
    gist,
    lists_joined,
    on_one_side,
    sentence,
    stretches,
    with_numbers,
    without_headings,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from benchmarks.aligning.perturb import Lines

LACKING = (0.05, 0.25)  # of the lines of each side, those that the other has alone
JOINED = 0.12  # of the lines of a side, those at which a stretch that becomes one line starts
STRETCH = (2, 4)  # lines of it
CELLS = (2, 3)  # items in one row of a table
AROUND = 3  # lines around an address that belong to a contact block
MOVED = (1, 2)  # sections that stand elsewhere
CONTACT = re.compile(r"[@＠〒☎]|(?:[0-9０-９]{2,4}[-‐－ー−]){1,2}[0-9０-９]{3,4}")
STYLES = {  # how a house marks its headings, by language
    "ja": ("第{}条　", "{}. ", "（{}）", "■ ", "◆"),
    "en": ("Article {}. ", "{}. ", "({}) ", "Section {}: ", "■ "),
}


def lacking(pair: Pair, _other: Pair, rng: Random) -> Pair:
    """Each side has clauses that the other lacks."""
    shares = rng.uniform(*LACKING), rng.uniform(*LACKING)
    ja, en = (
        tuple(line for line in side if rng.random() >= share)
        for side, share in zip((pair.ja, pair.en), shares, strict=True)
    )
    return replace(pair, ja=ja, en=en)


def joined(pair: Pair, _other: Pair, rng: Random) -> Pair:
    """On one side two to four neighbouring lines have become one, some whole, some with a part of each left out."""
    return on_one_side(pair, rng, lambda lines, language: with_joined(lines, language, rng))


def with_joined(lines: Lines, language: str, rng: Random) -> Lines:
    """The lines, some stretches of neighbours of one kind become one."""
    out: list[Line] = []
    for run in stretches(lines, rng, JOINED, STRETCH):
        shorter = rng.random() < 0.5
        out.append(run[0] if len(run) == 1 else gist(run, language, rng) if shorter else whole(run, language))
    return tuple(out)


def whole(lines: Lines, language: str) -> Line:
    """One line that says all of them, under the marker of the first."""
    first, ids = lines[0], tuple(i for line in lines for i in line.ids)
    return replace(first, ids=ids, text=first.text[: first.body] + sentence(lines, language))


def listed(pair: Pair, _other: Pair, rng: Random) -> Pair:
    """The lists of one side are running sentences, or tables with two or three items in a row."""
    change = lists_joined if rng.random() < 0.5 else tabled(rng.choice((" | ", "\t", "／")), rng)
    return on_one_side(pair, rng, change)


def tabled(rule: str, rng: Random) -> Callable[[Lines, str], Lines]:
    """Neighbouring items as the cells of rows."""

    def rows(lines: Lines, _language: str) -> Lines:
        out: list[Line] = []
        for item, run in groupby(lines, lambda line: line.kind == "item"):
            waiting = list(run)
            while item and len(waiting) > 1:
                size = min(rng.randint(*CELLS), len(waiting))
                row, waiting = waiting[:size], waiting[size:]
                cells = [line.text[line.body :].strip() for line in row]
                out.append(Line(tuple(i for line in row for i in line.ids), rule.join(cells)))
            out += waiting
        return tuple(out)

    return rows


def contacts(pair: Pair, _other: Pair, rng: Random) -> Pair:
    """The lines of the contact blocks of one side stand in another order."""
    return on_one_side(pair, rng, lambda lines, _: with_contacts_shuffled(lines, rng))


def with_contacts_shuffled(lines: Lines, rng: Random) -> Lines:
    """The lines; those around an address, a number to call or an e-mail address in another order."""
    near = {k for at, line in enumerate(lines) if CONTACT.search(line.text) for k in range(at - AROUND, at + AROUND)}
    out: list[Line] = []
    blocks = groupby(enumerate(lines), lambda entry: entry[0] in near and entry[1].kind != "heading")
    for shuffled, block in blocks:
        block_lines = [line for _, line in block]
        if shuffled:
            rng.shuffle(block_lines)
        out += block_lines
    return tuple(out)


def relabelled(pair: Pair, _other: Pair, rng: Random) -> Pair:
    """One side numbers its headings otherwise, marks them in another style, or has no markers at all."""
    shift, way = rng.randint(3, 9), rng.randrange(3)
    changes: Sequence[Callable[[Lines, str], Lines]] = (
        lambda lines, _: with_numbers(lines, shift),
        lambda lines, language: restyled(lines, rng.choice(STYLES[language])),
        lambda lines, _: tuple(unmarked(line) for line in lines),
    )
    return on_one_side(pair, rng, changes[way])


def restyled(lines: Lines, style: str) -> Lines:
    """The headings with markers of one style, numbered through."""
    out, count = [], 0
    for line in lines:
        if line.kind == "heading":
            count += 1
            marker, bare = style.format(count), unmarked(line)
            line = replace(bare, text=marker + bare.text, body=len(marker))
        out.append(line)
    return tuple(out)


def unmarked(line: Line) -> Line:
    """The line without its marker; one of which the marker is all stays."""
    words = line.text[line.body :]
    return replace(line, text=words if words.strip() else line.text, body=0)


def unheaded(pair: Pair, _other: Pair, rng: Random) -> Pair:
    """One side has no headings."""
    return on_one_side(pair, rng, without_headings)


def rearranged(pair: Pair, _other: Pair, rng: Random) -> Pair:
    """One or two sections of one side stand elsewhere."""
    return on_one_side(pair, rng, lambda lines, _: with_sections_moved(lines, rng))


def with_sections_moved(lines: Lines, rng: Random) -> Lines:
    """The lines, one or two of the stretches from heading to heading elsewhere between such stretches."""
    heads = [i for i, line in enumerate(lines) if line.kind == "heading"]
    sections = [lines[start:stop] for start, stop in pairwise([*heads, len(lines)])]
    for _ in range(rng.randint(*MOVED) if len(sections) > 2 else 0):
        section = sections.pop(rng.randrange(len(sections)))
        sections.insert(rng.randint(0, len(sections)), section)
    return (*lines[: heads[0] if heads else len(lines)], *(line for section in sections for line in section))


PARTS: dict[str, tuple[Callable[[Pair, Pair, Random], Pair], float]] = {  # the change; how often it is drawn
    "sections moved": (rearranged, 0.5),
    "contact blocks reordered": (contacts, 0.5),
    "clauses on one side only": (lacking, 1.0),
    "neighbours become one": (joined, 0.8),
    "tables or sentences for lists": (listed, 0.5),
    "labels differ": (relabelled, 0.5),
    "no headings": (unheaded, 0.2),
}


def adapted(pair: Pair, other: Pair, rng: Random) -> Pair:
    """Several of the changes, one after the other, each of a side of its own drawing."""
    for change, share in PARTS.values():
        if rng.random() < share:
            pair = change(pair, other, rng)
    return pair


def adapted_twice(pair: Pair, other: Pair, rng: Random) -> Pair:
    """Adapted, and that adapted again: what can be told of two versions that have little in common."""
    return adapted(adapted(pair, other, rng), other, rng)


SETTINGS = {**perturb.SETTINGS, "adapted": adapted}  # those that are measured
CHANGES = {
    **SETTINGS,
    **{name: change for name, (change, _) in PARTS.items()},
    "adapted twice": adapted_twice,
}  # all there are
