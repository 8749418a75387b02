"""A stored translation to that of a text with other numbers, names and addresses, or None where that is unsure.

A slot of the source is changed in the target only where the target has what it stands for exactly as often: a 5 that
the target says once and the source twice may be either of the two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer.memory.model import Adjustment
from normalizer.memory.slots import months, numbers, slots
from normalizer.model import OTHER
from normalizer.nfkc import normalize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from normalizer.memory.slots import Slot
    from normalizer.model import Language

_ORDINAL = re.compile("(?:st|nd|rd|th)(?![a-z])")
_COUNTED = re.compile(r"[ -][a-z]")
_KANJI = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class _Change:
    """Source slots of one value, and what they become."""

    old: Slot
    new: Slot
    times: int


def adjusted(
    target: str, stored: Sequence[Slot], asked: Sequence[Slot], language: Language, names: Callable[[str], str]
) -> tuple[str, tuple[Adjustment, ...]] | None:
    """The target with the slots of the text that was asked for.

    stored, asked: the slots of the stored source and of the text, of equal kinds in equal order. language: theirs.
    names: an organisation's name to its name in the other language, "" where none is known.
    """
    changes = _changes(stored, asked)
    if changes is None:
        return None
    form = normalize(target)
    there = slots(form.text, OTHER[language])
    edits: list[tuple[int, int, str]] = []
    notes: list[Adjustment] = []
    for change in changes:
        made = (
            _name_edits(change, form.text, names) if change.old.kind != "number" else _edits(change, there, form.text)
        )
        if not made:
            return None
        edits += made
        start, end, new = made[0]
        notes.append(Adjustment(change.old.kind, (change.old.text, change.new.text), (form.text[start:end], new)))
    if _overlap(edits):
        return None
    return _applied(target, [(*form.source_span(start, end), new) for start, end, new in edits]), tuple(notes)


def _changes(stored: Sequence[Slot], asked: Sequence[Slot]) -> list[_Change] | None:
    """What differs; None where one value of the source becomes two, or two become one target's business."""
    becomes: dict[tuple[str, str], Slot] = {}
    times: dict[tuple[str, str], int] = {}
    first: dict[tuple[str, str], Slot] = {}
    for old, new in zip(stored, asked, strict=True):
        place = (old.kind, old.value)
        if becomes.setdefault(place, new).value != new.value:
            return None
        first.setdefault(place, old)
        times[place] = times.get(place, 0) + 1
    return [_Change(first[p], new, times[p]) for p, new in becomes.items() if new.value != p[1]]


def _edits(change: _Change, there: Sequence[Slot], text: str) -> list[tuple[int, int, str]]:
    """The new number at each place of the target that has the old one; empty where it cannot be written there."""
    places = [slot for slot in there if slot.kind == "number" and slot.value == change.old.value]
    if len(places) != change.times:
        return []
    written = [(slot.start, slot.end, _number(slot, change, text)) for slot in places]
    return written if all(new for _, _, new in written) else []


def _number(slot: Slot, change: _Change, text: str) -> str:
    """The new number as the target writes numbers; "" where it cannot."""
    after = text[slot.end : slot.end + 3]
    plain = change.new.value.isdecimal() and change.old.value.isdecimal()
    if _ORDINAL.match(after):
        return ""
    if plain and (int(change.old.value) == 1) != (int(change.new.value) == 1) and _COUNTED.match(after):
        return ""  # one day, two days
    if slot.style == "digits":
        return _digits(slot.text, change)
    if not plain:
        return ""
    value = int(change.new.value)
    if slot.style == "month":
        return _month(value, slot.text)
    return _kanji(value) if slot.style == "kanji" else numbers().get(value, str(value))


def _digits(old: str, change: _Change) -> str:
    value = change.new.value
    if not value.isdecimal():
        return change.new.text if old == change.old.text else ""  # 27.1, 03-1234-5678: as the source writes it
    if "," in old or (old == change.old.text and "," in change.new.text):
        return f"{int(value):,}"
    return change.new.text if old == change.old.text and change.new.style == "digits" else value


def _month(value: int, old: str) -> str:
    """The name of a month, short where the old one is."""
    names = sorted((form for form, month in months().items() if month == value), key=len)
    if not names:
        return ""
    short = len(old) <= 4 and len(max((f for f, m in months().items() if m == months()[old.lower()]), key=len)) > 4
    return (names[0] if short else names[-1]).capitalize()


def _kanji(value: int) -> str:
    """二十一 for 21; "" above 99."""
    if not 0 < value < 100:
        return ""
    tens, ones = divmod(value, 10)
    return (_KANJI[tens] if tens > 1 else "") + ("十" if tens else "") + (_KANJI[ones] if ones else "")


def _name_edits(change: _Change, text: str, names: Callable[[str], str]) -> list[tuple[int, int, str]]:
    """The new name or address at each place of the target that has the old one, as it is or as it is translated."""
    for old, new in ((change.old.text, change.new.text), (names(change.old.text), names(change.new.text))):
        if old and new:
            places = [found.span() for found in re.finditer(rf"(?<!\w){re.escape(old)}(?!\w)", text, re.ASCII)]
            if len(places) == change.times:
                return [(start, end, new) for start, end in places]
    return []


def _overlap(edits: Iterable[tuple[int, int, str]]) -> bool:
    done = 0
    for start, end, _ in sorted(edits):
        if start < done:
            return True
        done = end
    return False


def _applied(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text
