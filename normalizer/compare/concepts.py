"""Linked clauses → recipients that differ, and data or rights of a list that stand on one side only.

A concept on one side alone is most often one that the matcher has missed on the other, so it is never enough. For a
recipient the other side must name another one instead, or the recipient must be of a kind that is told by itself; for
data and rights the list must be shorter on the other side, and all else in it must be found on both.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from normalizer.compare.findings import Finding
from normalizer.compare.recipients import kind_named, other_recipients
from normalizer.model import LANGUAGES, OTHER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from normalizer.compare.findings import Comparison, Pair
    from normalizer.model import Language, Mention

SURE = 0.8  # score of a mention from which its sense is taken for granted
REACH = 2  # clauses to either side in which a concept may stand instead
SHARED = 3  # members of a list that must be on both sides before a further one is missed
RECIPIENTS = ("ThirdParty", "Entrustee", "JointUser", "GroupCompany", "BusinessPartner")
JOINT = "JointUser"  # what all are who use data jointly, whatever they are called
BY_ITSELF = ("GroupCompany", "BusinessPartner", "JointUser", "ForeignThirdParty")
LISTED = {"information": "data_missing", "right": "right_missing"}
LETTER = re.compile(r"[^\W\d_]")
JOINERS = {
    "ja": re.compile(r"[、，・]|および|及び|ならびに|並びに|または|又は|もしくは|若しくは"),
    "en": re.compile(r"[,;]\s*(?:and|or)\s|[,;]|\s(?:and|or)\s"),
}


def concept_differences(comparison: Comparison) -> Iterator[Finding]:
    """The findings on recipients, data and rights."""
    for pair in comparison.both:
        told = [*_recipients(comparison, pair)]
        other = None if told else other_recipients(comparison, pair)
        yield from told or ([other] if other else [])
        yield from _lists(comparison, pair)


def _recipients(comparison: Comparison, pair: Pair) -> Iterator[Finding]:
    only = {
        side: [
            m
            for m in pair.mentions(side)
            if _recipient(comparison, m)
            and not _found(comparison, pair, m, other)
            and not kind_named(comparison, pair, m, side)
        ]
        for side, other in OTHER.items()
    }
    given = {clause.statement.recipient for clause in (*pair.ja, *pair.en) if clause.statement} - {None}
    if only["ja"] and only["en"]:
        ja, en = only["ja"][0], only["en"][0]
        telling = any(_line(comparison, mention.concept) & {*BY_ITSELF} for mention in (ja, en))
        if not given & {ja.concept, en.concept, JOINT} or (not telling and _same_recipient(pair)):
            return  # a name that is given nothing, or another name for what is given something
        yield Finding(
            "recipient_differs",
            pair.link,
            (ja.start, ja.end),
            (en.start, en.end),
            evidence={"ja": ja.concept, "en": en.concept},
        )
        return
    states = all(any(c.statement and c.statement.recipient for c in side) for side in (pair.ja, pair.en))
    for side, other in OTHER.items() if states else ():
        for mention in only[side]:
            if _line(comparison, mention.concept) & {*BY_ITSELF} and not _near(comparison, pair, mention, other):
                yield _alone(comparison, pair, mention, side, "recipient_differs")
                return


def _same_recipient(pair: Pair) -> bool:
    """Whether the statements of the two sides give to the same, however it is called."""
    ja, en = ({c.statement.recipient for c in side if c.statement} - {None} for side in (pair.ja, pair.en))
    return bool(ja & en)


def _line(comparison: Comparison, concept: str) -> set[str]:
    return {concept, *comparison.glossary.ontology.ancestors(concept)}


def _recipient(comparison: Comparison, mention: Mention) -> bool:
    return mention.score >= SURE and bool(_line(comparison, mention.concept) & {*RECIPIENTS})


def _found(comparison: Comparison, pair: Pair, mention: Mention, other: Language) -> bool:
    return any(comparison.related(mention.concept, one.concept) for one in pair.mentions(other))


def _near(comparison: Comparison, pair: Pair, mention: Mention, other: Language) -> bool:
    around = comparison.near(pair, REACH)
    return any(comparison.related(mention.concept, one.concept) for place in around for one in place.mentions(other))


def _lists(comparison: Comparison, pair: Pair) -> Iterator[Finding]:
    """A member of an enumeration that the other side's shorter one lacks."""
    counts = {side: len(JOINERS[side].findall(comparison.words_of(pair, side))) for side in LANGUAGES}
    for side, other in OTHER.items():
        listed = [m for m in pair.mentions(side) if _listed(comparison, m) and m.score >= SURE]
        missed = [m for m in listed if not _found(comparison, pair, m, other)]
        shared = {m.concept for m in listed} - {m.concept for m in missed}
        extra = [m for m in pair.mentions(other) if _listed(comparison, m) and not _found(comparison, pair, m, side)]
        gone = {m.concept for m in missed}
        if gone and not extra and len(shared) >= SHARED and counts[side] == counts[other] + len(gone):
            near = any(_near(comparison, pair, mention, other) for mention in missed)
            if not near and not _unread(comparison, pair, other):
                code = LISTED[comparison.glossary.ontology[missed[0].concept].kind]
                yield _alone(comparison, pair, missed[0], side, code)
            return


def _unread(comparison: Comparison, pair: Pair, side: Language) -> bool:
    """Whether a member of one side's enumeration, from the first that is known on, names nothing that is known: it may
    be what the other side names."""
    for clause in pair.side(side):
        words = comparison.text(side, clause.body, clause.end)
        ends = [clause.body, *(clause.body + one.end() for one in JOINERS[side].finditer(words)), clause.end]
        places = [place for place in itertools.pairwise(ends) if LETTER.search(comparison.text(side, *place))]
        listed = [m for m in clause.mentions if _listed(comparison, m)]
        known = [any(m.start < end and start < m.end for m in listed) for start, end in places]
        if True in known and not all(known[known.index(True) :]):
            return True
    return False


def _listed(comparison: Comparison, mention: Mention) -> bool:
    concept = comparison.glossary.ontology[mention.concept]
    return concept.kind in LISTED and concept.broader is not None


def _alone(comparison: Comparison, pair: Pair, mention: Mention, side: Language, code: str) -> Finding:
    places = pair.shown(side, (mention.start, mention.end))
    names = comparison.label(mention.concept)
    return Finding(code, pair.link, *places, f"only_{side}", names, {"concept": mention.concept})
