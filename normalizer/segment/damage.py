"""A clause → notes on what is wrong with its text: cut off in the middle."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from normalizer.model import Clause
    from normalizer.segment.words import Words

LONG = 60  # characters; a shorter clause that ends so is a title, a name, a line of an address
STRETCH = re.compile(r"[,;:(]\s|\b(?:and|or)\s")  # before the last thing that an item names
LIST_JOINER = re.compile(r";\s*(?:and|or),?$")  # ends an item of a list, whose next item goes on


def notes(text: str, clause: Clause, words: Words) -> tuple[str, ...]:
    """("truncated: …",) where the clause's words break off: in a comma, a word such as `of`, an open bracket.

    An item may end in a preposition: "which page you came from", "whatever the form asks for".
    """
    sentence = text[clause.body : clause.end].rstrip()
    if clause.kind not in ("paragraph", "item") or len(sentence) < LONG or LIST_JOINER.search(sentence):
        return ()
    last = sentence.split()[-1]
    whole = clause.kind == "item" and words.stranded.search(STRETCH.split(sentence)[-1])
    if sentence.endswith(("、", ",")) or (last.isascii() and words.unfinished.fullmatch(last) and not whole):
        return (f"truncated: ends in {last[-12:]!r}",)
    for opener, closer in (("（", "）"), ("(", ")"), ("「", "」")):
        if sentence.count(opener) > sentence.count(closer) and sentence[-1] not in "。.":
            return (f"truncated: {opener} is not closed",)
    return ()
