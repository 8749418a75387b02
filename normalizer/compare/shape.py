"""Links → clauses on one side only, damaged or untranslated text, lists of another length, another order."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from normalizer.compare.findings import Finding, in_order
from normalizer.compare.lengths import LONGER, covered, excesses, swallowed
from normalizer.compare.unlike import other_grounds, spare_clause
from normalizer.model import LANGUAGES, OTHER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from normalizer.compare.findings import Comparison, Pair
    from normalizer.model import Clause, Language

FEW = 20  # clauses of both texts below which nothing is said of them as a whole
RELATED = 0.5  # share of clauses with a counterpart; versions have 0.9 and more, unrelated policies 0.4 and less
NEXT = 1  # clauses to either side in whose counterpart a clause may be said as well
LONELY = 0.7  # score from which a clause is surely without counterpart, even if all it names is named around it
AROUND = 3  # clauses to either side in which a clause may be said without being linked
LIKELY = 0.3  # score below which a clause has a counterpart more often than not
DOUBTFUL = 0.66  # a heading alone with a lower score may have its counterpart in another
# What names and addresses have little of: English words in small letters, Japanese hiragana.
PROSE = {"ja": re.compile(r"(?<![\w./@-])[a-z]+(?![\w./@-])"), "en": re.compile(r"[ぁ-ゖ]")}
WORD = {"ja": re.compile(r"(?<![\w./@-])[A-Za-z][\w']*"), "en": re.compile(r"[ぁ-ゖァ-ヺ一-鿿]")}
PROSE_LEAST = {"ja": (4, 0.5), "en": (4, 0.2)}  # how many, and what share of the words or characters
TITLE = {"ja": 25, "en": 60}  # characters below which a clause may be a title
OPENERS, CLOSERS = "(（［[", ")）］]"


def shape_differences(comparison: Comparison) -> Iterator[Finding]:
    """The findings on what stands where."""
    known = excesses(comparison)
    for pair in comparison.pairs:
        yield from _both(comparison, pair, known) if pair.both else _missing(comparison, pair, known)
    yield from _furniture(comparison)
    yield from _lists(comparison, known)
    yield from _order(comparison)


def _both(comparison: Comparison, pair: Pair, known: Mapping[int, float]) -> Iterator[Finding]:
    yield from _damage(comparison, pair)
    yield from other_grounds(comparison, pair)
    spare = spare_clause(comparison, pair, known)
    if spare:
        side, clause = spare
        code, case = _told_as(comparison, [clause], side)
        places = in_order(side, (clause.start, clause.end))
        yield Finding(code, pair.link, *places, case, evidence={"category": clause.category})


def unrelated(comparison: Comparison) -> Finding | None:
    """That the two texts are no versions of one policy, where fewer than half of their clauses have a counterpart."""
    linked, clauses = (
        sum(len(pair.ja) + len(pair.en) for pair in some) for some in (comparison.both, comparison.pairs)
    )
    if clauses < FEW or linked >= RELATED * clauses:
        return None
    ja, en = ((side[0].start, side[0].end) for side in (comparison.ja.clauses, comparison.en.clauses))
    evidence = {"clauses": clauses, "with_counterpart": linked}
    return Finding("unrelated", 0, ja, en, evidence=evidence)


def _missing(comparison: Comparison, pair: Pair, known: Mapping[int, float]) -> Iterator[Finding]:
    clauses = (*pair.ja, *pair.en)
    side: Language = "ja" if pair.ja else "en"
    link = comparison.links[pair.link]
    if link.score < (DOUBTFUL if clauses[0].kind == "heading" else LIKELY):
        return
    if link.score < LONELY and covered(comparison, pair, AROUND):
        return
    if all(comparison.for_both(clause, side) for clause in clauses):
        return
    if swallowed(comparison, known, pair, NEXT) or (link.score < LONELY and _fellow(comparison, pair, side)):
        return
    evidence = {"category": clauses[0].category, "link_score": round(link.score, 4)}
    code, case = _told_as(comparison, clauses, side)
    yield Finding(code, pair.link, pair.place("ja"), pair.place("en"), case, evidence=evidence)


def _told_as(comparison: Comparison, clauses: Sequence[Clause], side: Language) -> tuple[str, str]:
    """The code and the case for clauses that one side alone has."""
    items = all(clause.kind == "item" for clause in clauses)
    if items and _grounds(comparison, clauses):
        return "exception_missing", f"clause_only_{side}"
    if clauses[0].category == "purpose_of_use" and items:
        return "purpose_missing", f"only_{side}"
    return "clause_missing", f"{_weight(clauses)}_only_{side}"


def _fellow(comparison: Comparison, alone: Pair, side: Language) -> bool:
    """Whether the other side has a clause without counterpart at the same place that names one of the same concepts,
    or, between the same two neighbours, a title as short as this one: titles are put in words of their own."""
    other = OTHER[side]
    links, named = comparison.links, {mention.concept for mention in alone.mentions(side)}
    places = [index for pair in comparison.near(alone, NEXT) for index in getattr(links[pair.link], other)]
    if not places:
        return False
    for pair in comparison.pairs:
        at = [] if pair.both else getattr(links[pair.link], other)
        around = any(min(places) - AROUND <= index <= max(places) + AROUND for index in at)
        if around and any(mention.concept in named for mention in pair.mentions(other)):
            return True
        if any(min(places) < index < max(places) for index in at) and _title(alone, side) and _title(pair, other):
            return True
    return False


def _title(alone: Pair, side: Language) -> bool:
    """Whether a clause without counterpart may be the title of what stands below it."""
    (clause,) = alone.side(side)[:1]
    return clause.kind in ("heading", "item", "paragraph") and clause.end - clause.body < TITLE[side]


def _grounds(comparison: Comparison, clauses: Sequence[Clause]) -> bool:
    """Whether the clauses are cases of an exception, and name a ground for it."""
    kinds = {comparison.glossary.ontology[mention.concept].kind for one in clauses for mention in one.mentions}
    return clauses[0].category == "third_party_exception" and "exception" in kinds


def _weight(clauses: Sequence[Clause]) -> str:
    """Headings and remarks weigh little."""
    if all(clause.kind == "heading" for clause in clauses):
        return "heading"
    return "remark" if all(clause.category in ("boilerplate", "other") for clause in clauses) else "clause"


def _damage(comparison: Comparison, pair: Pair) -> Iterator[Finding]:
    for side in LANGUAGES:
        for clause in pair.side(side):
            places = pair.shown(side, (clause.start, clause.end))
            if any(note.startswith("truncated") for note in clause.notes):
                yield Finding("truncated", pair.link, *places, side)
            if clause.language in LANGUAGES and clause.language != side and _prose(comparison, clause, side):
                yield Finding("untranslated", pair.link, *places, side)
            if clause.number and sum(map(clause.number.count, OPENERS)) > sum(map(clause.number.count, CLOSERS)):
                yield Finding("layout_damage", pair.link, *places, side)


def _prose(comparison: Comparison, clause: Clause, side: Language) -> bool:
    """Whether a clause in the other side's language is a sentence; names and addresses stay as they are."""
    text = comparison.text(side, clause.body, clause.end)
    least, share = PROSE_LEAST[side]
    small = len(PROSE[side].findall(text))
    return small >= least and small >= share * len(WORD[side].findall(text))


def _furniture(comparison: Comparison) -> Iterator[Finding]:
    """What belongs to the page; it is in no link and is told at the link before it."""
    for side in LANGUAGES:
        places = [getattr(link, side) for link in comparison.links]
        linked = sorted((index, number) for number, indices in enumerate(places) for index in indices)
        for index, clause in enumerate(comparison.side(side).clauses):
            if clause.kind == "furniture" and linked:
                at = max(0, bisect_left(linked, (index, 0)) - 1)
                yield Finding("furniture", linked[at][1], *in_order(side, (clause.start, clause.end)), side)


def _lists(comparison: Comparison, known: Mapping[int, float]) -> Iterator[Finding]:
    """Lists all of whose items are linked, and that yet have another number of items, one of which says more than its
    counterparts. Items that are only parted otherwise say the same.

    known: what `excesses` gives.
    """
    children = {side: _children(comparison, side) for side in LANGUAGES}
    linked = {side: {clause.id: pair for pair in comparison.both for clause in pair.side(side)} for side in LANGUAGES}
    for pair in comparison.both:
        if len(pair.ja) == len(pair.en) == 1 and "heading" not in (pair.ja[0].kind, pair.en[0].kind):
            ja, en = (children[side].get(pair.side(side)[0].id, []) for side in LANGUAGES)
            whole = all(id in linked[side] for side, ids in zip(LANGUAGES, (ja, en), strict=True) for id in ids)
            if not (ja and en and len(ja) != len(en) and whole):
                continue
            items = {linked["ja"][one].link: linked["ja"][one] for one in ja}
            if any(_crowded(one, known) for one in items.values()):
                evidence = {"ja": len(ja), "en": len(en)}
                yield Finding("list_length_differs", pair.link, pair.place("ja"), pair.place("en"), evidence=evidence)


def _crowded(pair: Pair, known: Mapping[int, float]) -> bool:
    """Whether a side has more clauses than the other, and is longer than usual."""
    more = len(pair.en) - len(pair.ja)
    return more * known.get(pair.link, 0.0) > 0 and abs(known[pair.link]) > LONGER


def _children(comparison: Comparison, side: Language) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for clause in comparison.side(side).clauses:
        if clause.parent and clause.kind != "heading":
            out.setdefault(clause.parent, []).append(clause.id)
    return out


def _order(comparison: Comparison) -> Iterator[Finding]:
    """One finding for each run of clauses that stands elsewhere on the other side."""
    pairs = comparison.both
    kept = set(_rising([comparison.links[pair.link].en[0] for pair in pairs]))
    run: list[Pair] = []
    for number, pair in enumerate(pairs):
        follows = run and comparison.links[pair.link].en[0] > comparison.links[run[-1].link].en[0]
        if number in kept or not follows:
            yield from _moved(run)
            run = []
        if number not in kept:
            run.append(pair)
    yield from _moved(run)


def _moved(run: Sequence[Pair]) -> Iterator[Finding]:
    if run:
        places = [(pair.ja, pair.en) for pair in run]
        ja, en = ((min(s[0].start for s in side), max(s[-1].end for s in side)) for side in zip(*places, strict=True))
        yield Finding("order_changed", run[0].link, ja, en, evidence={"links": len(run)})


def _rising(values: Sequence[int]) -> list[int]:
    """Indices of a longest subsequence that never falls (patience sorting)."""
    tails: list[int] = []
    piles: list[int] = []
    before = [-1] * len(values)
    for index, value in enumerate(values):
        pile = bisect_right(tails, value)
        before[index] = piles[pile - 1] if pile else -1
        tails[pile : pile + 1], piles[pile : pile + 1] = [value], [index]
    out, index = [], piles[-1] if piles else -1
    while index >= 0:
        out.append(index)
        index = before[index]
    return out[::-1]
