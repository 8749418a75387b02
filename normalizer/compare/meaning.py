"""Linked clauses → what one side denies, excepts, limits, permits or obliges and the other does not.

The marks of comparison_words.csv are counted on both sides, sentence by sentence where both have as many. One side
must surely have a mark of which the other has none, doubtful words included, before a difference is told: the
languages deny in different words, and one "not" may stand for several.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalizer.compare.findings import Finding
from normalizer.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from normalizer.compare.findings import Comparison, Pair, Place
    from normalizer.compare.words import Marks

SIDES = ("ja", "en")
CODES = {
    "negation": "negation_lost",
    "without": "negation_lost",
    "exception": "exception_missing",
    "limit": "exception_missing",
    "may": "modality_differs",
    "must": "modality_differs",
}
SAID = ("limit", "may", "must")  # marks that say little by themselves

STOP = re.compile(r"[、。，．;:；：]|,(?!\d)|\.$")
AROUND = 40  # characters on either side of a mark that are shown with it
Stretch = tuple["Place", ...]  # one sentence of a side, or all of them


def meaning_differences(comparison: Comparison) -> Iterator[Finding]:
    """At most one finding of each code for each pair."""
    for pair in comparison.both:
        if any(clause.kind == "heading" for clause in (*pair.ja, *pair.en)):
            continue  # a heading names its matter in as many words as it likes
        told: set[str] = set()
        for ja, en in _stretches(comparison, pair):
            stretches = {"ja": ja, "en": en}
            marks = {side: _marks(comparison, side, stretch) for side, stretch in stretches.items()}
            for mark, code in CODES.items():
                more = _more(marks["ja"][mark], marks["en"][mark])
                if more and code not in told and _stated(pair, mark):
                    told.add(code)
                    yield _finding(comparison, pair, mark, more, stretches, marks)


def _stretches(comparison: Comparison, pair: Pair) -> list[tuple[Stretch, Stretch]]:
    """The sentences of both sides one by one where there are as many, else all against all."""
    ja, en = (
        tuple(
            place
            for clause in pair.side(side)
            for place in sentences(
                (comparison.ja if side == "ja" else comparison.en).document.text,
                clause.body,
                clause.end,
                side,
                comparison.folder,
            )
        )
        for side in SIDES
    )
    return [((a,), (b,)) for a, b in zip(ja, en, strict=True)] if len(ja) == len(en) else [(ja, en)]


def _marks(comparison: Comparison, side: str, stretch: Stretch) -> dict[str, Marks]:
    """The marks of a stretch, with offsets into the document."""
    return comparison.words.marks((comparison.ja if side == "ja" else comparison.en).document.text, stretch, side)


def _more(ja: Marks, en: Marks) -> str:
    """The side that surely has a mark of which the other has none; "" where neither does."""
    if bool(ja.sure) == bool(en.sure):
        return ""
    doubt = len(en.maybe) - len(ja.maybe)  # doubtful words that the other side has too say nothing
    if (doubt if ja.sure else -doubt) > 0:
        return ""
    return "ja" if ja.sure else "en"


def _stated(pair: Pair, mark: str) -> bool:
    """Whether the statements of the two sides bear out that they differ in what the mark stands for.

    A denial is told unless they agree on it; a limit, a possibility or a duty only where they state one operation, and
    state it otherwise.
    """
    ja, en = ([clause.statement for clause in side if clause.statement] for side in (pair.ja, pair.en))
    if len(ja) != 1 or len(en) != 1 or ja[0].action != en[0].action:
        return mark not in SAID
    polarities, modalities = {ja[0].polarity, en[0].polarity}, {ja[0].modality, en[0].modality}
    if mark == "limit":
        return len(polarities) > 1
    if mark in SAID:
        return len(modalities) > 1 and mark in modalities
    return mark != "negation" or polarities != {"denied"}


def _finding(
    comparison: Comparison,
    pair: Pair,
    mark: str,
    more: str,
    stretches: Mapping[str, Stretch],
    marks: Mapping[str, Mapping[str, Marks]],
) -> Finding:
    sure = marks[more][mark].sure
    phrase = _phrase(comparison, more, sure[-1], stretches[more])
    whole = {
        side: (stretch[0][0], stretch[-1][1]) if stretch else pair.place(side) for side, stretch in stretches.items()
    }
    counts = {side: [len(found[mark].sure), len(found[mark].maybe)] for side, found in marks.items()}
    return Finding(
        CODES[mark],
        pair.link,
        phrase if more == "ja" else whole["ja"],
        phrase if more == "en" else whole["en"],
        f"{mark}_only_{more}",
        evidence={"mark": mark, "words": [comparison.text(more, *place) for place in sure]} | counts,
    )


def _phrase(comparison: Comparison, side: str, hit: Place, stretch: Stretch) -> Place:
    """The words around a mark, up to the next stop or comma: ません alone tells a reader little."""
    start, end = next((place for place in stretch if place[0] <= hit[0] < place[1]), hit)
    text = comparison.text(side, start, end)
    before = STOP.split(text[: hit[0] - start])[-1][-AROUND:]
    behind = STOP.split(text[hit[1] - start :])[0][:AROUND]
    lead = len(before) - len(before.lstrip())
    return hit[0] - len(before) + lead, hit[1] + len(behind.rstrip())
