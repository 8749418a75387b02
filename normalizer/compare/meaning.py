"""Linked clauses → what one side denies, excepts, limits, permits or obliges and the other does not.

The marks of comparison_words.csv are counted on both sides, sentence by sentence. One side must surely have more of a
mark than the other has of it, doubtful words included, before a difference is told: the languages deny in different
words, and one "not" may stand for several. Words that stand for each other on both sides say nothing. Denials have
rules of their own: denials.py.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalizer.compare.beads import beads, certain
from normalizer.compare.denials import all_but, lost_denials, main_denials, told
from normalizer.compare.findings import Finding
from normalizer.compare.lengths import LONGER, excesses, lone_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from normalizer.compare.beads import Bead, Stretch
    from normalizer.compare.findings import Comparison, Pair, Place
    from normalizer.compare.words import Marks
    from normalizer.model import Clause, Statement

SIDES = ("ja", "en")
CODES = {
    "negation": "negation_lost",
    "without": "negation_lost",
    "exception": "exception_missing",
    "limit": "exception_missing",
    "may": "modality_differs",
    "must": "modality_differs",
}
THINGS = ("information", "actor", "right")  # kinds of concept whose names deny nothing
PROVISO = "but"  # like: what opens a proviso
SAID = ("limit", "may", "must")  # marks that say little by themselves

STOP = re.compile(r"[、。，．;:；：]|,(?!\d)|\.$")
SENTENCE = {"ja": 25, "en": 60}  # characters from which a heading may be a sentence
UNTOLD, TOLD, SURE = range(3)  # levels of findings
AROUND = 40  # characters on either side of a mark that are shown with it


def meaning_differences(comparison: Comparison) -> Iterator[Finding]:
    """At most one finding of each code for each pair; none of a mark that each side has once more than the other, in
    another sentence, unless these surely go together: the two may part their sentences otherwise."""
    known = excesses(comparison)
    for pair in comparison.both:
        if _names(pair):
            continue
        codes: set[str] = set()
        found = [*_by_sentence(comparison, pair, known.get(pair.link, 0.0))]
        for finding, level in found:
            opposite = [other for one, other in found if one.case == _opposite(finding.case)]
            stands = not opposite or (level == SURE and UNTOLD not in opposite)
            if level > UNTOLD and stands and finding.code not in codes:
                codes.add(finding.code)
                yield finding


def _opposite(case: str) -> str:
    """The case of what the other side has once more: negation_only_en of negation_only_ja."""
    return case[:-2] + ("en" if case.endswith("ja") else "ja")


def _names(pair: Pair) -> bool:
    """Whether a side is a heading that names its matter, in as many words as it likes.

    One as long as a sentence that goes with a paragraph introduces what follows, and is compared.
    """
    heads = [side for side in (pair.ja, pair.en) if all(one.kind == "heading" for one in side)]
    return len(heads) == len(SIDES) or any(
        one.end - one.body < SENTENCE.get(one.language, 0) for side in heads for one in side
    )


def _by_sentence(comparison: Comparison, pair: Pair, excess: float) -> Iterator[tuple[Finding, int]]:
    """The findings, each with a level: UNTOLD takes away one of the other side all the same, SURE is of two sentences
    that surely go together."""
    lone = lone_sentence(comparison, pair, excess)
    some = beads(comparison, pair, lone)
    left_over = _left_over(comparison, pair, some, lone)
    for bead in some:
        stretches = {"ja": bead.ja, "en": bead.en}
        marks = {side: _marks(comparison, pair, side, stretch) for side, stretch in stretches.items()}
        alone = len(some) == len(bead.ja) == len(bead.en) == 1
        level = SURE if certain(comparison, pair, bead) else TOLD
        yield from ((finding, level) for finding in _all_but(comparison, pair, stretches, marks))
        for mark in CODES:
            for side in SIDES:
                lost = _lost(comparison, mark, side, stretches, marks)
                if lost and _stated(pair, mark, alone) and not _only(mark, marks):
                    longer = excess * (1 if side == "en" else -1) > LONGER
                    surely = told(comparison, side, lost, stretches) if mark == "negation" else lost
                    finding = _finding(comparison, pair, mark, side, stretches, marks, surely or lost, longer)
                    moved = mark == "negation" and side in left_over
                    yield finding, level if surely and not moved else UNTOLD


def _left_over(comparison: Comparison, pair: Pair, some: Sequence[Bead], lone: Place | None) -> frozenset[str]:
    """The sides of which a denial may stand in a sentence of the other that goes with none of its own."""
    taken = {place for bead in some for place in (*bead.ja, *bead.en)} | {lone}
    out = set()
    for side, other in (SIDES, SIDES[::-1]):
        text = (comparison.ja if other == "ja" else comparison.en).document.text
        rest = [place for place in comparison.sentences(pair, other) if place not in taken]
        if rest and comparison.words.marks(text, rest, other)["negation"].sure:
            out.add(side)
    return frozenset(out)


def _all_but(
    comparison: Comparison, pair: Pair, stretches: Mapping[str, Stretch], marks: Mapping[str, Mapping[str, Marks]]
) -> Iterator[Finding]:
    for side, other in (SIDES, SIDES[::-1]):
        found = all_but(marks, side, comparison.words.leaves_out)
        if found:
            places = {
                one: _phrase(comparison, one, hits[0], stretches[one])
                for one, hits in zip((side, other), found, strict=True)
            }
            yield Finding(
                "negation_lost", pair.link, places["ja"], places["en"], f"only_{side}", evidence={"mark": "negation"}
            )


def _marks(comparison: Comparison, pair: Pair, side: str, stretch: Stretch) -> dict[str, Marks]:
    """The marks of a stretch, with offsets into the document.

    A doubtful word within the name of a thing that both sides name is said on both (利用停止), and one within a fact
    denies nothing: "under 13". So is any word within a fee that both state: 無料, "no charge".
    """
    text = (comparison.ja if side == "ja" else comparison.en).document.text
    said = {mention.concept for mention in pair.mentions("en" if side == "ja" else "ja")}
    things = [m for m in pair.mentions(side) if comparison.glossary.ontology[m.concept].kind in THINGS]
    names = [(m.start, m.end) for m in things if any(comparison.related(m.concept, one) for one in said)]
    facts = {one: [fact for clause in pair.side(one) for fact in clause.facts] for one in SIDES}
    names += [(fact.start, fact.end) for fact in facts[side]]
    fees = {fact.value for fact in facts["en" if side == "ja" else "ja"] if fact.kind == "fee"}
    same = [(fact.start, fact.end) for fact in facts[side] if fact.kind == "fee" and fact.value in fees]
    return {mark: found.without(names, same) for mark, found in comparison.words.marks(text, stretch, side).items()}


def _only(mark: str, marks: Mapping[str, Mapping[str, Marks]]) -> bool:
    """Whether a possibility or a duty is put as a limit or a ban: "may only with consent" is 同意を得なければならない,
    "may use it for nothing else" is ほかに使ってはならない."""
    return mark in ("may", "must") and any(found["limit"].sure or found["negation"].sure for found in marks.values())


def _lost(
    comparison: Comparison,
    mark: str,
    side: str,
    stretches: Mapping[str, Stretch],
    marks: Mapping[str, Mapping[str, Marks]],
) -> tuple[Place, ...]:
    """The places of a mark on one side that the other surely has not, doubtful words included.

    Of all marks but denials and exceptions the other side must have none.
    """
    if mark == "negation":
        return lost_denials(comparison, side, stretches, marks)
    differs = len({bool(found["negation"].sure) for found in marks.values()}) > 1
    if mark == "limit" and differs:
        return ()  # 以外には用いません: "is used only for"
    other = "en" if side == "ja" else "ja"
    own, others = marks[side][mark], marks[other][mark]
    sure, there, left = own.beside(others)
    left = tuple(hit for hit in left if hit.strength != "unless" or differs or _declined(marks))
    provisos = [min((hit.place[0] for hit in some.hits if hit.like == PROVISO), default=None) for some in (own, others)]
    permits = [place for place in marks[other]["may"].sure if provisos[1] is not None and place[0] > provisos[1]]
    if mark == "exception" and provisos[0] is not None and permits:
        return ()  # ただし、…この限りではありません: "However, we may …"
    counted = mark == "exception" and len(stretches["ja"]) == len(stretches["en"]) == 1
    if sure and not left and (not there or (counted and len(sure) > len(there))):
        return tuple(hit.place for hit in sure)
    return ()


def _declined(marks: Mapping[str, Mapping[str, Marks]]) -> bool:
    """Whether a side may deny in words that are no sure denial: 断る, "decline"."""
    return any(hit.strength == "maybe" for found in marks.values() for hit in found["negation"].doubts)


def _stated(pair: Pair, mark: str, alone: bool) -> bool:
    """Whether the statements of the two sides bear out that they differ in what the mark stands for.

    A limit, a possibility or a duty is told only where they state one operation, and state it otherwise; a limit also
    between single sentences.
    """
    if mark not in SAID or (mark == "limit" and alone):
        return True
    ja, en = (_statements(side) for side in (pair.ja, pair.en))
    if len(ja) != 1 or len(en) != 1:
        return False
    to_the_same = ja[0].recipient is not None and ja[0].recipient == en[0].recipient  # 委託先に提供 is an entrustment
    if ja[0].action != en[0].action and not to_the_same:
        return False
    if mark == "limit":
        return ja[0].polarity != en[0].polarity
    return ja[0].modality != en[0].modality and mark in (ja[0].modality, en[0].modality)


def _statements(clauses: Sequence[Clause]) -> list[Statement]:
    return [clause.statement for clause in clauses if clause.statement]


def _finding(
    comparison: Comparison,
    pair: Pair,
    mark: str,
    more: str,
    stretches: Mapping[str, Stretch],
    marks: Mapping[str, Mapping[str, Marks]],
    lost: Sequence[Place],
    longer: bool,
) -> Finding:
    """longer: whether the side that has more of the mark is longer than usual."""
    describes = not main_denials(comparison, more, lost, stretches[more])
    mark_told = "limit" if mark == "negation" and longer and describes else mark
    phrase = _phrase(comparison, more, lost[-1], stretches[more])
    whole = {
        side: (stretch[0][0], stretch[-1][1]) if stretch else pair.place(side) for side, stretch in stretches.items()
    }
    counts = {side: [len(found[mark].sure), len(found[mark].doubts)] for side, found in marks.items()}
    return Finding(
        CODES[mark_told],
        pair.link,
        phrase if more == "ja" else whole["ja"],
        phrase if more == "en" else whole["en"],
        f"{mark_told}_only_{more}",
        evidence={"mark": mark, "words": [comparison.text(more, *place) for place in lost]} | counts,
    )


def _phrase(comparison: Comparison, side: str, hit: Place, stretch: Stretch) -> Place:
    """The words around a mark, up to the next stop or comma: ません alone tells a reader little."""
    start, end = next((place for place in stretch if place[0] <= hit[0] < place[1]), hit)
    text = comparison.text(side, start, end)
    before = STOP.split(text[: hit[0] - start])[-1][-AROUND:]
    behind = STOP.split(text[hit[1] - start :])[0][:AROUND]
    lead = len(before) - len(before.lstrip())
    return hit[0] - len(before) + lead, hit[1] + len(behind.rstrip())
