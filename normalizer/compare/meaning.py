"""Linked clauses → what one side denies, excepts, limits, permits or obliges and the other does not.

The marks of comparison_words.csv are counted on both sides, sentence by sentence where both have as many. One side
must surely have a mark of which the other has none, doubtful words included, before a difference is told: the
languages deny in different words, and one "not" may stand for several.
"""

from __future__ import annotations

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
SAID = ("limit", "may", "must")  # marks that count only where both sides state the same operation

Stretch = tuple["Place", ...]  # one sentence of a side, or all of them


def meaning_differences(comparison: Comparison) -> Iterator[Finding]:
    """At most one finding of each code for each pair."""
    for pair in comparison.both:
        if any(clause.kind == "heading" for clause in (*pair.ja, *pair.en)):
            continue  # a heading names its matter in as many words as it likes
        told: set[str] = set()
        for ja, en in _stretches(comparison, pair):
            marks = {"ja": _marks(comparison, "ja", ja), "en": _marks(comparison, "en", en)}
            for mark, code in CODES.items():
                more = _more(marks["ja"][mark], marks["en"][mark])
                if more and code not in told and (mark not in SAID or _same_operation(pair)):
                    told.add(code)
                    yield _finding(comparison, pair, mark, code, more, marks)


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


def _same_operation(pair: Pair) -> bool:
    ja, en = ({clause.statement.action for clause in side if clause.statement} for side in (pair.ja, pair.en))
    return bool(ja & en) and len(pair.ja) == len(pair.en) == 1


def _finding(
    comparison: Comparison, pair: Pair, mark: str, code: str, more: str, marks: Mapping[str, Mapping[str, Marks]]
) -> Finding:
    sure = marks[more][mark].sure
    words = [comparison.text(more, *place) for place in sure]
    counts = {side: [len(found[mark].sure), len(found[mark].maybe)] for side, found in marks.items()}
    return Finding(
        code,
        pair.link,
        sure[-1] if more == "ja" else pair.place("ja"),
        sure[-1] if more == "en" else pair.place("en"),
        f"{mark}_only_{more}",
        evidence={"mark": mark, "words": words} | counts,
    )
