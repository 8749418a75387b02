"""A stored translation to one with the marker of the text that was asked for: (1) for ③, Article 4 for 第5条."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from normalizer.memory.adjust import adjusted
from normalizer.memory.keys import split_marker
from normalizer.memory.model import Adjustment
from normalizer.memory.slots import slots

if TYPE_CHECKING:
    from normalizer.model import Language

_NEUTRAL = re.compile(r"[\W\d]*[A-Za-z]?[\W\d]*")  # a marker that is written alike in both languages


def remarked(target: str, stored: str, asked: str, language: Language) -> tuple[str, tuple[Adjustment, ...]] | None:
    """The target with the marker that belongs to `asked` instead of `stored`, and what was changed.

    stored, asked: the markers of the stored source and of the text, in `language`; "" for none. None where the marker
    cannot be written in the other language.
    """
    if stored == asked:
        return target, ()
    old, new = (unicodedata.normalize("NFKC", marker) for marker in (stored, asked))
    if old == new:
        return target, ()
    there, _ = split_marker(target)
    if stored and not there:  # the translation goes without
        return target, ()
    made = _marker(there, old, new, asked, language)
    if made is None:
        return None
    rest = target.strip()[len(there) :]
    gap = "" if there and made else " "
    changed = f"{made}{gap}{rest}" if made else rest.lstrip()
    return changed, (Adjustment("marker", (stored, asked), (there, made)),)


def _marker(there: str, old: str, new: str, asked: str, language: Language) -> str | None:
    if not new:
        return ""
    if there and unicodedata.normalize("NFKC", there) == old:
        return asked if _NEUTRAL.fullmatch(new) else None
    if not there:
        return asked if _NEUTRAL.fullmatch(new) else None
    before, after = slots(old, language), slots(new, language)
    if _shape(old, before) != _shape(new, after):
        return None
    done = adjusted(there, before, after, language, lambda _: "")
    return done[0] if done else None


def _shape(text: str, found: tuple[object, ...]) -> str:
    return re.sub(r"\d+|[〇一二三四五六七八九十百]+", "0", text) if found else text
