"""Records with one side → the same with the other side from a translation memory or by machine, and marked as such.

What could not be filled stays empty, and the record's notes say why.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from normalizer import marks
from normalizer.errors import ModelError
from normalizer.memory.keys import split_marker
from normalizer.model import LANGUAGES, OTHER
from normalizer.models import installed
from normalizer.records import filled_side
from normalizer.shapes import Filling
from normalizer.translate import Passage, Translator
from normalizer.translate.engine import require
from normalizer.translate.guard import fault
from normalizer.translate.terms import SURE, Terms
from normalizer.translate.words import load as load_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from normalizer.glossary import Glossary
    from normalizer.model import Analysis, Clause, Language
    from normalizer.records import Record, Side

SOURCES = ("memory", "argos")
THRESHOLD = 75  # per cent from which a unit of the memory is used, as translators know it
LOOKED_AT = 5  # units, of which the first that is no machine's is taken
EXACT = 100
SEVERAL = 2  # concepts of the source of which at least one must be found in a translation
LOW = 0.5  # share of the source's concepts below which a translation is doubtful


class Match(Protocol):
    """A unit of a translation memory that is like a text."""

    @property
    def unit(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def percent(self) -> int: ...
    @property
    def adjusted(self) -> tuple[object, ...]: ...


class Memory(Protocol):
    """A translation memory."""

    def lookups(
        self, texts: Sequence[str], source_language: Language, limit: int, threshold: int
    ) -> Sequence[Sequence[Match]]:
        """For each text the units like it, the best first: at most `limit`, of at least `threshold` per cent."""


def open_memory(path: Path) -> tuple[Memory, str]:
    """The translation memory in a file, and which it is. Raises what `normalizer.memory` raises for a damaged one."""
    # by name, because what makes memories learns from records and so stands behind them
    opened: Memory = import_module("normalizer.memory").Memory.open(path)
    with path.open("rb") as file:
        return opened, f"{path.name} {hashlib.file_digest(file, 'sha256').hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Gap:
    """A record whose other side is missing."""

    row: Record
    language: Language  # of the side that there is
    side: Side
    text: str  # of the document, which the clauses index
    clauses: tuple[Clause, ...]

    @property
    def body(self) -> str:
        """What the side says behind its clauses' numbers."""
        return "\n".join(self.text[clause.body : clause.end] for clause in self.clauses)


@dataclass(frozen=True, slots=True)
class Found:
    """What one source has for a gap: words, or the reasons why it has none."""

    text: str | None
    filling: Filling = field(default_factory=lambda: Filling())
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filler:
    """Where translations come from, in which order, and what they are checked with."""

    order: tuple[str, ...]  # of SOURCES
    memory: Memory | None
    glossary: Glossary
    folder: Path  # of the tables
    understand: Callable[[str, Language], Analysis]  # a text in a language that is known
    packages: Path | None = None  # None: where Argos Translate keeps them
    store: str = ""  # which memory it is: its file's name and SHA-256

    @cached_property
    def versions(self) -> dict[str, str]:
        """What filled sides depend on: the order, the memory, the packages."""
        out = {"fill": ",".join(self.order)} | ({"memory": self.store} if self.store else {})
        for its in reversed(installed(self.packages)) if "argos" in self.order else ():  # the newest comes last
            out[f"argos {its.name}"] = f"{its.version} {its.sha256()[:12]}"
        return out

    def check(self) -> None:
        """Raise ModelError where machine translation is asked for and cannot be had in either direction."""
        if "argos" in self.order:
            require()
            if not installed(self.packages):
                self._translator("ja")

    def fill(self, rows: Sequence[Record], ja: Analysis | None, en: Analysis | None) -> tuple[Record, ...]:
        """The records in their order, those with one side filled where a source has words that pass the checks."""
        gaps = {number: gap for number, row in enumerate(rows) if (gap := _gap(row, ja, en))}
        notes: dict[int, tuple[str, ...]] = dict.fromkeys(gaps, ())
        filled = list(rows)
        for source in self.order:
            found = self._from_memory(gaps) if source == "memory" else self._from_argos(gaps)
            for number, its in found.items():
                if its.text is None:
                    notes[number] += its.notes
                else:
                    filled[number] = self._filled(gaps.pop(number), source, its, notes[number])
        for number, gap in gaps.items():
            filled[number] = gap.row.model_copy(update={"notes": (*gap.row.notes, *notes[number])})
        return tuple(filled)

    def _from_memory(self, gaps: Mapping[int, Gap]) -> dict[int, Found]:
        assert self.memory is not None
        out = {}
        for language in LANGUAGES:
            own = {number: gap for number, gap in gaps.items() if gap.language == language}
            texts = [gap.side.text for gap in own.values()]
            found = self.memory.lookups(texts, language, LOOKED_AT, THRESHOLD) if texts else ()
            for (number, gap), matches in zip(own.items(), found, strict=True):
                out[number] = self._approved(gap, matches)
        return out

    def _approved(self, gap: Gap, matches: Sequence[Match]) -> Found:
        """What the first unit says that passes the checks and is no machine's."""
        tried = [self._matched(gap, match) for match in matches if not _by_machine(match)]
        good = next((its for its in tried if its.text is not None), None)
        return good or Found(None, notes=tuple(note for its in tried for note in its.notes))

    def _matched(self, gap: Gap, match: Match) -> Found:
        """A unit, checked like what a machine says.

        What was approved for these very words is refused only where the texts contradict each other (5 years, 3 years),
        which each of them shows; where one just says more, as translators do, a note asks to look at it.
        """
        known = f"memory: unit {match.unit} at {match.percent} %"
        source, target = gap.body, split_marker(match.target)[1]
        wrong = self._fault(source, target, gap.language)
        if not wrong and match.percent < EXACT:
            wrong = self._strange(gap, match.target)
        filling = Filling(unit=match.unit, percent=match.percent, adjusted=bool(match.adjusted))
        if not wrong:
            return Found(match.target, filling)
        if match.percent >= EXACT and not self._fault(target, source, OTHER[gap.language]):
            return Found(match.target, filling, (f"{known}: to check: {wrong}",))
        return Found(None, notes=(f"{known}: {wrong}",))

    def _fault(self, source: str, target: str, language: Language) -> str | None:
        """What is wrong with a translation of a memory; names may be in any script."""
        told = marks.load(self.folder)
        return fault(source, target, (language, OTHER[language]), told, load_words(self.folder), (target,))

    def _strange(self, gap: Gap, target: str) -> str | None:
        """Whether a translation names nothing of the several things that its source names."""
        wanted = _sure(gap.side)
        if len(wanted) < SEVERAL:
            return None
        clauses = self.understand(target, OTHER[gap.language]).clauses
        if any(mention.concept in wanted for clause in clauses for mention in clause.mentions):
            return None
        return f"none of the {len(wanted)} concepts of the source is found in the translation"

    def _from_argos(self, gaps: Mapping[int, Gap]) -> dict[int, Found]:
        out: dict[int, Found] = {}
        for language in LANGUAGES:
            own = {number: gap for number, gap in gaps.items() if gap.language == language}
            if own:
                out |= dict(zip(own, self._translated(language, list(own.values())), strict=True))
        return out

    def _translated(self, language: Language, gaps: Sequence[Gap]) -> Iterator[Found]:
        try:
            translator = self._translator(language)
        except ModelError as error:
            if not installed(self.packages):
                raise
            yield from [Found(None, notes=(f"argos: {error}",))] * len(gaps)
            return
        passages = [[Passage(gap.text, clause) for clause in gap.clauses] for gap in gaps]
        results = iter(translator.translate([passage for own in passages for passage in own]))
        stated = Filling(package=translator.name, version=translator.version, sha256=translator.sha256)
        for gap, own in zip(gaps, passages, strict=True):
            done = [next(results) for _ in own]
            text = "\n".join(its.text or "" for its in done)
            reasons = dict.fromkeys(reason for its in done for reason in its.reasons)
            if not reasons and (strange := self._strange(gap, text)):
                reasons[strange] = None
            yield Found(None if reasons else text, stated, tuple(f"argos: {reason}" for reason in reasons))

    def _translator(self, language: Language) -> Translator:
        if language not in self._translators:
            self._translators[language] = Translator.open(language, OTHER[language], self.folder, self.packages)
        return self._translators[language]

    @cached_property
    def _translators(self) -> dict[Language, Translator]:
        return {}

    @cached_property
    def _terms(self) -> Terms:
        return Terms.of(self.glossary, self.folder)

    def _filled(self, gap: Gap, source: str, found: Found, notes: tuple[str, ...]) -> Record:
        """The record with its other side, whose concepts were looked for."""
        language, text = OTHER[gap.language], found.text or ""
        side = filled_side(self.understand(text, language), source, found.filling)
        given = [(mention.concept, mention.text, mention.score) for mention in gap.side.mentions]
        settled, said = self._terms.settle(text, side.mentions, given, language, replace=source == "argos")
        if settled != text:
            side = filled_side(self.understand(settled, language), source, found.filling)
        notes += (*found.notes, *said)
        share = _share(gap.side, side)
        if share is not None:
            side = side.model_copy(update={"filling": found.filling.model_copy(update={"concepts": share})})
            if share < LOW:
                notes += (f"{source}: only {share:.0%} of the concepts of the source are found in the translation",)
        return gap.row.model_copy(update=_changes(gap, source, side, share, notes))


def _gap(row: Record, ja: Analysis | None, en: Analysis | None) -> Gap | None:
    """The gap of a record with one side, of its organisation's own words."""
    language: Language = "ja" if row.ja else "en"
    side, analysis = (row.ja, ja) if row.ja else (row.en, en)
    if (row.ja and row.en) or side is None or analysis is None:
        return None
    clauses = tuple(analysis.clauses[int(clause.id[1:]) - 1] for clause in side.clauses)
    return Gap(row, language, side, analysis.document.text, clauses)


def _by_machine(match: Match) -> bool:
    """Whether a unit is itself a machine's, which no one has approved; a memory may say so of its units."""
    return getattr(getattr(match, "stored", None), "origin", "") == "argos"


def _share(source: Side, target: Side) -> float | None:
    """The share of the source's concepts that are found in the translation; None where it has none."""
    wanted = _sure(source)
    return round(len(wanted & _named(target)) / len(wanted), 4) if wanted else None


def _sure(source: Side) -> set[str]:
    """The concepts that a source surely names."""
    return {mention.concept for mention in source.mentions if mention.score >= SURE}


def _named(side: Side) -> set[str]:
    return {mention.concept for mention in side.mentions}


def _changes(gap: Gap, source: str, side: Side, share: float | None, notes: Iterable[str]) -> dict[str, object]:
    """The fields of a record that a filled side changes."""
    link, filling = gap.row.link, side.filling
    percent = filling.percent if filling else None
    score = min(percent, EXACT) / EXACT if percent is not None else (share or 0.0)
    evidence = link.evidence | ({"memory": score} if percent is not None else {})
    evidence |= {"concepts": share} if share is not None else {}
    found = _named(side)
    return {
        OTHER[gap.language]: side,
        "concepts": tuple(concept for concept in gap.row.concepts if concept in found),
        "link": link.model_copy(update={"origin": source, "score": score, "evidence": evidence}),
        "notes": (*gap.row.notes, *notes),
    }
