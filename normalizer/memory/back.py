"""A translator's units and the records they were exported from, to records with the translator's words, and conflicts.

What the organisation itself published is not overwritten unless that is asked for: a record says whose words it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from normalizer.memory.database import unit_id
from normalizer.memory.xml import clean
from normalizer.model import LANGUAGES
from normalizer.records import Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from normalizer.memory.model import Unit
    from normalizer.model import Language
    from normalizer.records import Record

What = Literal["source changed", "published text differs", "two translations", "no such record"]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A unit that a person has to decide about."""

    what: What
    record: str
    side: str  # the language it is about, "" for none
    here: str  # what the record, or the first unit, says
    there: str  # what the file says


class Returned:
    """The units of a translator's file by record, and what became of them."""

    def __init__(self, units: Iterable[Unit], overwrite: bool = False) -> None:
        """overwrite: whether a translator's text takes the place of what the organisation published."""
        self.conflicts: list[Conflict] = []
        self.filled = self.same = 0
        self._overwrite = overwrite
        self._units: dict[str, Unit] = {}
        self._met: set[str] = set()
        for unit in units:
            first = self._units.setdefault(unit.record, unit) if unit.record else unit
            if not (_same(first.ja, unit.ja) and _same(first.en, unit.en)):
                side: Language = "en" if _same(first.ja, unit.ja) else "ja"
                self.conflicts.append(
                    Conflict("two translations", unit.record, side, first.text(side), unit.text(side))
                )

    def apply(self, record: Record) -> Record:
        """The record with the translator's text where a side is missing or was filled in; else as it is."""
        unit = self._units.get(record.id)
        if unit is None:
            return record
        self._met.add(record.id)
        differing = [language for language in LANGUAGES if _differs(record, unit, language)]
        if not differing:
            return self._filled(record, unit)
        both = all(_published(record, language) for language in LANGUAGES)
        if both and len(differing) == 1 and self._overwrite:
            self.filled += 1
            return _with(record, unit, differing[0])
        what: What = "published text differs" if both and len(differing) == 1 else "source changed"
        for language in differing:
            side = _side(record, language)
            self.conflicts.append(Conflict(what, record.id, language, side.text if side else "", unit.text(language)))
        return record

    def rest(self) -> list[Conflict]:
        """The units whose record was not met; to be asked for when all records were applied."""
        left = [(name, unit) for name, unit in self._units.items() if name not in self._met]
        return [Conflict("no such record", name, "", "", unit.ja) for name, unit in left]

    def _filled(self, record: Record, unit: Unit) -> Record:
        for language in LANGUAGES:
            side = _side(record, language)
            if side is None or not _same(clean(side.text), unit.text(language)) or side.origin == "argos":
                self.filled += 1
                return _with(record, unit, language)
        self.same += 1
        return record


def _side(record: Record, language: Language) -> Side | None:
    return record.ja if language == "ja" else record.en


def _published(record: Record, language: Language) -> bool:
    """Whether the organisation itself says this in that language."""
    side = _side(record, language)
    return side is not None and side.origin == "source"


def _differs(record: Record, unit: Unit, language: Language) -> bool:
    side = _side(record, language)
    return side is not None and side.origin == "source" and not _same(clean(side.text), unit.text(language))


def _with(record: Record, unit: Unit, language: Language) -> Record:
    side = Side(
        document=f"memory:{unit_id(clean(unit.ja).strip(), clean(unit.en).strip())}",
        clauses=(),
        text=unit.text(language),
        origin="memory",
        mentions=(),
        facts=(),
        statement=None,
    )
    link = record.link.model_copy(update={"origin": "memory"})
    update: Mapping[str, object] = {language: side, "link": link, "differences": ()}
    return record.model_copy(update=update)


def _same(one: str, other: str) -> bool:
    """Whether two texts differ in nothing but white space, which tools change as they like."""
    return one.split() == other.split()
