"""The names that a policy defines for itself → mentions of what they stand for, wherever they recur.

個人データ（以下「お預かり情報」といいます。） makes お預かり情報 personal data wherever it stands; the first
organisation that is given a name in the preamble is the one that speaks: `Kumo Apps K.K. ("Kumo")`. Where the bracket
follows a list, or says more before the name, what is meant is not clear and nothing is done.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalizer.model import Mention
from normalizer.spans import Taken

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from normalizer.model import Clause, Definition

SELF = "ControllerSelf"
PREAMBLE = 6  # the organisation is named within so many clauses
BEFORE = 60  # characters before the bracket in which an organisation's name stands
SCORE = 0.9
OPENING = re.compile(
    r"[（(](?:以下|hereinafter|hereafter|the|collectively|referred|to|as|individually|[、,「『\"“ 併せて単に総称し])*$"
)
DEPENDENT = re.compile(r"\bof\s+(?:the\s+|our\s+)?$")  # "the web edition of the Company ("E-paper")": not the company
IN_A_NAME = re.compile(
    r"\b(?!(?:The|This|Our|Each|Said|In|By|To|Of|For|And|Or|If|When|Where|While|As|With)\b)[A-Z][\w'’-]* $"
)
LISTED = re.compile(
    r"(?:(?:及び|および|並びに|ならびに|又は|または|、|・)(?:その)?|(?:,|\b(?:and|or))\s*(?:(?:the|its|their)\s+)?)$"
)
ITSELF = re.compile(r"[当本弊我]|(?:the|The|our|Our|this|This) ")  # a word for the one who speaks, and no proper name
GOES_ON = re.compile(  # after a proper name: a longer one
    r"[・･]?(?!以外|所定|独自|自身|側|内|宛|等|指定|担当|社内|各|従業)[一-鿿々ァ-ヺA-Za-z]| (?:& )?[A-Z][a-z]"
)
BEGAN = re.compile(r"[一-鿿々ァ-ヺー][・･]?$")
SCRIPTS = (re.compile(r"[ァ-ヺー]"), re.compile(r"[一-鿿々]"), re.compile(r"[0-9A-Za-zÀ-ɏ]"))


def with_defined(
    text: str, clauses: Sequence[Clause], organisation: re.Pattern[str], known: Container[tuple[str, str]] = ()
) -> list[Clause]:
    """The clauses with a mention at each place where a defined name stands and no other mention does.

    `organisation` finds words that stand beside an issuer's name (株式会社, Inc.). Names of one character, such as 法,
    are left to the stage that reads citations; those `known` to the glossary, as (concept, form), to the one that
    matches its terms: where it found none, as in 当社サイト, there is none.
    """
    meaning = {name: meant for name, meant in _meanings(text, clauses, organisation) if (meant[0], name) not in known}
    if not meaning:
        return list(clauses)
    names = sorted(meaning, key=len, reverse=True)
    finder = re.compile("|".join(re.escape(name) for name in names))
    return [
        clause.revised(mentions=tuple(_mentions(text, clause, finder, meaning)))
        if finder.search(text, clause.body, clause.end)
        else clause
        for clause in clauses
    ]


def _meanings(
    text: str, clauses: Sequence[Clause], organisation: re.Pattern[str]
) -> Iterator[tuple[str, tuple[str, str]]]:
    """Name → (concept, id of the clause that defines it)."""
    speaker = False
    for index, clause in enumerate(clauses):
        ending: dict[int | None, list[Mention]] = {}
        for mention in clause.mentions if clause.definitions else ():
            ending.setdefault(mention.end, []).append(mention)
        for definition in clause.definitions:
            if len(definition.name) < 2:
                continue
            before = _before(text, clause, definition)
            concept = next((one.concept for one in ending.get(before, ()) if _is_alone(text, one)), None)
            if concept is None and not speaker and index < PREAMBLE and before is not None:
                named = organisation.search(text, max(clause.start, before - BEFORE), before)
                concept, speaker = (SELF, True) if named else (None, speaker)
            if concept:
                yield definition.name, (concept, clause.id)


def _before(text: str, clause: Clause, definition: Definition) -> int | None:
    """Where the words end that the definition's bracket follows."""
    opening = OPENING.search(text, max(clause.start, definition.start - BEFORE), definition.start)
    if opening is None:
        return None
    end = opening.start()
    while end > clause.start and text[end - 1] in ' \t　」』"”':
        end -= 1
    return end


def _is_alone(text: str, mention: Mention) -> bool:
    """Is the mention all that the bracket follows: no end of a compound (病院事業管理者), no end of a list?"""
    before = max(0, mention.start - 12)
    bound = any(words.search(text, before, mention.start) for words in (LISTED, DEPENDENT))
    return not bound and _is_whole(text, mention.start, mention.end)


def _mentions(
    text: str, clause: Clause, finder: re.Pattern[str], meaning: Mapping[str, tuple[str, str]]
) -> list[Mention]:
    taken = Taken(clause.start, clause.end, clause.mentions)
    found = list(clause.mentions)
    for match in finder.finditer(text, clause.body, clause.end):
        start, end = match.span()
        concept, defined_in = meaning[match.group()]
        apart = concept != SELF or not _in_a_longer(text, start, end)
        if apart and _is_whole(text, start, end) and not taken.within(start, end):
            found.append(Mention(start, end, concept, f"defined:{match.group()}", SCORE, (f"defined in {defined_in}",)))
    return sorted(found, key=lambda mention: (mention.start, -mention.end))


def _in_a_longer(text: str, start: int, end: int) -> bool:
    """Is a proper name part of a longer one, of a company, a product, a place: ヒバリ電機, "Komorebi Play Inc."?"""
    if ITSELF.match(text, start):
        return False
    return bool(GOES_ON.match(text, end) or BEGAN.search(text, max(0, start - 2), start))


def _is_whole(text: str, start: int, end: int) -> bool:
    """Does the word end here? Not where the same script goes on at either side, nor in a name: Aonami City."""
    return not IN_A_NAME.search(text, max(0, start - 30), start) and not any(
        (start > 0 and script.match(text[start]) and script.match(text[start - 1]))
        or (end < len(text) and script.match(text[end - 1]) and script.match(text[end]))
        for script in SCRIPTS
    )
