"""A row of the memory and the text that was asked for, to the match that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from normalizer.memory.adjust import adjusted
from normalizer.memory.database import unit_of
from normalizer.memory.keys import key, split_marker
from normalizer.memory.markers import remarked
from normalizer.memory.model import Match
from normalizer.model import OTHER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from normalizer.memory.database import Row
    from normalizer.memory.keys import Key
    from normalizer.memory.model import Adjustment, Unit
    from normalizer.model import Language


def exact(rows: Iterable[Row], text: str, asked: Key, language: Language, context: int, limit: int) -> list[Match]:
    """The matches of units with the same words, the best first, of at most `limit` translations."""
    words = text.split()
    units = [(_percent(unit, words, language, context), row[1], unit) for row in rows for unit in (unit_of(row),)]
    units.sort(key=lambda found: (-found[0], -found[2].score))
    matches: dict[str, Match] = {}
    for percent, identity, unit in units:
        if len(matches) == limit:
            break
        target = unit.text(OTHER[language])
        if percent >= 100:
            made: Match | None = Match(identity, unit.text(language), target, percent, (), unit)
        else:
            made = _match(identity, unit, asked, language, target, (), percent)
        if made:
            matches.setdefault(made.target, made)
    return list(matches.values())


def adjustable(row: Row, asked: Key, language: Language, names: Callable[[str], str]) -> Match | None:
    """The match of a unit that differs in numbers, names and addresses; None where its translation is unsure."""
    unit = unit_of(row)
    stored = key(unit.text(language), language)
    if stored.skeleton != asked.skeleton:
        return None
    done = adjusted(unit.text(OTHER[language]), stored.slots, asked.slots, language, names)
    return _match(row[1], unit, asked, language, *done, percent=99) if done else None


def fuzzy(row: Row, asked: Key, language: Language, percent: int) -> Match:
    """The match of a unit that is like the text."""
    unit = unit_of(row)
    source, target = unit.text(language), unit.text(OTHER[language])
    marked = _match(row[1], unit, asked, language, target, (), percent)
    return marked or Match(row[1], source, target, percent, (), unit)


def _percent(unit: Unit, words: list[str], language: Language, context: int) -> int:
    if unit.text(language).split() != words:
        return 99
    return 101 if context and context == unit.context(language) else 100


def _match(
    identity: str,
    unit: Unit,
    asked: Key,
    language: Language,
    target: str,
    adjusted: tuple[Adjustment, ...],
    percent: int,
) -> Match | None:
    """A match with the marker of the text asked for; None where that has none in the other language."""
    source = unit.text(language)
    done = remarked(target, split_marker(source)[0], asked.marker, language)
    return Match(identity, source, done[0], percent, (*adjusted, *done[1]), unit) if done else None
