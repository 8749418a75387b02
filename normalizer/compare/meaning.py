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
from normalizer.compare.denials import all_but, lost_denials, told
from normalizer.compare.findings import Finding, in_order
from normalizer.compare.lengths import LONGER, excesses, lone_sentence
from normalizer.compare.passage import Passage
from normalizer.compare.scope import levels
from normalizer.model import LANGUAGES, OTHER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from normalizer.compare.beads import Bead
    from normalizer.compare.findings import Comparison, Pair, Place
    from normalizer.marks import Marks
    from normalizer.model import Clause, Language, Statement

CODES = {
    "negation": "negation_lost",
    "without": "negation_lost",
    "exception": "exception_missing",
    "limit": "exception_missing",
    "may": "modality_differs",
    "must": "modality_differs",
}
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
    return len(heads) == len(LANGUAGES) or any(
        one.end - one.body < SENTENCE.get(one.language, 0) for side in heads for one in side
    )


def _by_sentence(comparison: Comparison, pair: Pair, excess: float) -> Iterator[tuple[Finding, int]]:
    """The findings, each with a level: UNTOLD takes away one of the other side all the same, SURE is of two sentences
    that surely go together."""
    lone = lone_sentence(comparison, pair, excess)
    some = beads(comparison, pair, lone)
    left_over = _left_over(comparison, pair, some, lone)
    for bead in some:
        passage = Passage.of(comparison, pair, bead)
        alone = len(some) == len(bead.ja) == len(bead.en) == 1
        level = SURE if certain(comparison, pair, bead) else TOLD
        yield from ((finding, level) for finding in _all_but(passage))
        for mark in CODES:
            for side in LANGUAGES:
                lost = _lost(passage, mark, side)
                if lost and _stated(pair, mark, alone) and not _only(passage, mark):
                    longer = excess * (1 if side == "en" else -1) > LONGER
                    surely = told(passage, side, lost) if mark == "negation" else lost
                    moved = mark == "negation" and side in left_over
                    finding = _finding(passage, mark, side, surely or lost, longer)
                    yield finding, level if surely and not moved else UNTOLD


def _left_over(comparison: Comparison, pair: Pair, some: Sequence[Bead], lone: Place | None) -> frozenset[Language]:
    """The sides of which a denial may stand in a sentence of the other that goes with none of its own."""
    taken = {place for bead in some for place in (*bead.ja, *bead.en)} | {lone}
    out = set()
    for side, other in OTHER.items():
        rest = [place for place in comparison.sentences(pair, other) if place not in taken]
        if rest and comparison.words.marks(comparison.document(other), rest, other)["negation"].sure:
            out.add(side)
    return frozenset(out)


def _all_but(passage: Passage) -> Iterator[Finding]:
    for side in LANGUAGES:
        if found := all_but(passage, side):
            ja, en = (_phrase(passage, one, found[one]) for one in LANGUAGES)
            yield Finding("negation_lost", passage.pair.link, ja, en, f"only_{side}", evidence={"mark": "negation"})


def _only(passage: Passage, mark: str) -> bool:
    """Whether a possibility or a duty is put as a limit or a ban: "may only with consent" is 同意を得なければならない,
    "may use it for nothing else" is ほかに使ってはならない."""
    marks = passage.marks.values()
    return mark in ("may", "must") and any(found["limit"].sure or found["negation"].sure for found in marks)


def _lost(passage: Passage, mark: str, side: Language) -> tuple[Place, ...]:
    """The places of a mark on one side that the other surely has not, doubtful words included.

    Of all marks but denials and exceptions the other side must have none.
    """
    if mark == "negation":
        return lost_denials(passage, side)
    differs = len({bool(found["negation"].sure) for found in passage.marks.values()}) > 1
    if mark == "limit" and differs:
        return ()  # 以外には用いません: "is used only for"
    if mark == "exception" and _permits_by_proviso(passage, side):
        return ()  # ただし、…この限りではありません: "However, we may …"
    sure, there, left = passage.marks[side][mark].beside(passage.marks[OTHER[side]][mark])
    left = tuple(hit for hit in left if hit.strength != "unless" or differs or _declined(passage))
    single = all(len(sentences) == 1 for sentences in passage.sentences.values())
    if sure and not left and (not there or (mark == "exception" and single and len(sure) > len(there))):
        return tuple(hit.place for hit in sure)
    return ()


def _permits_by_proviso(passage: Passage, side: Language) -> bool:
    """Whether both sides have a proviso, and behind its own the other side permits."""
    marks = passage.marks[OTHER[side]]
    opens = _opens_proviso(marks["exception"])
    return (
        _opens_proviso(passage.marks[side]["exception"]) is not None
        and opens is not None
        and any(place[0] > opens for place in marks["may"].sure)
    )


def _opens_proviso(exceptions: Marks) -> int | None:
    return min((hit.place[0] for hit in exceptions.hits if hit.like == PROVISO), default=None)


def _declined(passage: Passage) -> bool:
    """Whether a side may deny in words that are no sure denial: 断る, "decline"."""
    return any(hit.strength == "maybe" for found in passage.marks.values() for hit in found["negation"].doubts)


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


def _finding(passage: Passage, mark: str, more: Language, lost: Sequence[Place], longer: bool) -> Finding:
    """A difference in a mark. more: the side that has more of it, at the places `lost`. longer: whether that side is
    longer than usual; then a denial of a noun is told as a limit."""
    describes = not levels(passage, more, lost)[0]
    mark_told = "limit" if mark == "negation" and longer and describes else mark
    places = in_order(more, _phrase(passage, more, lost[-1]), _whole(passage, OTHER[more]))
    counts = {side: [len(found[mark].sure), len(found[mark].doubts)] for side, found in passage.marks.items()}
    evidence = {"mark": mark, "words": [passage.comparison.text(more, *place) for place in lost]} | counts
    return Finding(CODES[mark_told], passage.pair.link, *places, f"{mark_told}_only_{more}", evidence=evidence)


def _whole(passage: Passage, side: Language) -> Place | None:
    """All sentences of a side."""
    sentences = passage.sentences[side]
    return (sentences[0][0], sentences[-1][1]) if sentences else passage.pair.place(side)


def _phrase(passage: Passage, side: Language, hit: Place) -> Place:
    """The words around a mark, up to the next stop or comma: ません alone tells a reader little."""
    start, end = passage.sentence(side, hit)
    text = passage.comparison.text(side, start, end)
    before = STOP.split(text[: hit[0] - start])[-1][-AROUND:]
    behind = STOP.split(text[hit[1] - start :])[0][:AROUND]
    lead = len(before) - len(before.lstrip())
    return hit[0] - len(before) + lead, hit[1] + len(behind.rstrip())
