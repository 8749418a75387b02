"""A sentence and the place of its operation → whether it is affirmed or denied, and whether it may or must be.

Both are read where each language puts them: at the end of the Japanese main clause, before the verb in English; what
an exception, a condition or brackets say of their own does not count (the scope idea of NegEx, Chapman et al. 2001).
"Shall" and ものとします are the style of such texts, no duty of their own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from normalizer.interpret.sentences import PREDICATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normalizer.interpret.sentences import Cues, Sentence
    from normalizer.model import Clause, Mention

Modality = Literal["does", "may", "must"]
Meaning = tuple[Literal["affirmed", "denied", "conditional"], Modality]

BUT = re.compile(r"(?:ます|ません|です|ものと)[がし]、")  # the end of a Japanese main clause that another follows
CLOSING = ("もの", "こと", "よ。", "ので", "が、", "し、")  # what may follow a negation that closes its sentence
REACH = 90  # characters from an English negation or modal to its verb


def meaning(
    sentence: Sentence, clause: Clause, place: Mention | None, others: Sequence[Mention], cues: Cues
) -> Meaning:
    """Polarity and modality of the operation at `place`, or of the whole sentence where no words name it.

    others: mentions of the same operation further on in the sentence; one that is denied decides.
    """
    main = sentence.main()
    start = place.start - sentence.start if place else 0
    end = place.end - sentence.start if place else len(main)
    if clause.language == "ja":
        return _at_end(_own_clause(main, end if place else 0, cues), cues)
    places = [(start, end)]
    for other in others:  # "uses it for …, and does not use it for …"
        places.append((other.start - sentence.start, other.end - sentence.start))
    meanings = [_before_verb(main, start, end, cues) for start, end in places]
    return next((meaning for meaning in meanings if meaning[0] == "denied"), meanings[0])


def _own_clause(main: str, end: int, cues: Cues) -> str:
    """A Japanese sentence up to the end of the clause in which the operation, ending at `end`, stands."""
    cut = BUT.search(main, end)
    if cut:
        return main[: cut.end() - 2]
    comma = main.find("、", end, end + PREDICATE)
    if comma > 0 and cues["permission"]["ja"].search(main, end, comma):
        return main[:comma]
    return main


def _at_end(main: str, cues: Cues) -> Meaning:
    main = main.rstrip()
    tail = main[-PREDICATE:]
    modality = _modality(tail, "ja", 0, len(tail), cues)
    if _negated(tail, "ja", cues):
        return "denied", modality
    return "conditional" if cues["condition"]["ja"].search(main) else "affirmed", modality


def _before_verb(main: str, start: int, end: int, cues: Cues) -> Meaning:
    window = max(0, start - REACH)
    conditions = _conditions(main, cues)
    governing = [
        match
        for kind in ("permission", "obligation", "negation")
        for match in cues[kind]["en"].finditer(main, window, end)
        if match.start() < end and not any(a <= match.start() < b and not a <= start < b for a, b in conditions)
    ]
    last = max((match.start() for match in governing), default=-1)
    negated = any(_is_negation(main, match, cues) and match.end() + 12 >= last for match in governing)
    modality = _modality(main, "en", max(window, last - 12), end, cues)
    if negated:
        return "denied", modality
    return "conditional" if conditions else "affirmed", modality


def _conditions(main: str, cues: Cues) -> list[tuple[int, int]]:
    out = []
    for match in cues["condition"]["en"].finditer(main):
        comma = main.find(",", match.end())
        out.append((match.start(), comma if comma >= 0 else len(main)))
    return out


def _is_negation(main: str, match: re.Match[str], cues: Cues) -> bool:
    if not cues["negation"]["en"].match(main, match.start()):
        return False
    pseudo = cues["pseudo_negation"]["en"].finditer(main, max(0, match.start() - 30), match.end() + 30)
    return not any(found.start() <= match.start() < found.end() for found in pseudo)


def _negated(tail: str, language: str, cues: Cues) -> bool:
    pseudo = [found.span() for found in cues["pseudo_negation"][language].finditer(tail)]
    return any(
        not any(a <= match.start() < b for a, b in pseudo) and _ends(tail[match.end() :])
        for match in cues["negation"][language].finditer(tail)
    )


def _ends(rest: str) -> bool:
    """Whether a Japanese negation closes its sentence: しない。 and しないものとします。, not しないよう努めます。"""
    return not rest.strip(" 。．.\n") or any(rest.startswith(word) for word in CLOSING)


def _modality(words: str, language: str, start: int, end: int, cues: Cues) -> Modality:
    if cues["obligation"][language].search(words, start, end):
        return "must"
    return "may" if cues["permission"][language].search(words, start, end) else "does"
