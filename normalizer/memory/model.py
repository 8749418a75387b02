"""The types of the translation memory: a unit, what is found for a text, what an exchange file holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from normalizer.model import Language


Origin = Literal["source", "memory", "argos", ""]


@dataclass(frozen=True, slots=True)
class Unit:
    """A Japanese text and the English one that says the same, with where they come from."""

    ja: str
    en: str
    document: str = ""  # the policy, or the file it was imported from
    record: str = ""  # the record's id, or the id that the exchange file gave it
    tool: str = ""  # what made the pair
    score: float = 1.0  # 0 to 1: the alignment's score; 1 for a translator's own
    origin: Origin = ""  # the weaker of both sides' origins; "" where a file does not say
    category: str = ""
    concepts_ja: tuple[str, ...] = ()  # concept ids
    concepts_en: tuple[str, ...] = ()
    context_ja: int = 0  # `keys.context` of the texts before and after; 0: not known
    context_en: int = 0

    def text(self, language: Language) -> str:
        """What the unit says in a language."""
        return self.ja if language == "ja" else self.en

    def concepts(self, language: Language) -> tuple[str, ...]:
        """The concepts named in a language."""
        return self.concepts_ja if language == "ja" else self.concepts_en

    def context(self, language: Language) -> int:
        """The digest of what stands around the text in a language."""
        return self.context_ja if language == "ja" else self.context_en


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What was changed in a stored translation, because the text to translate has another number or name."""

    kind: Literal["number", "name", "address", "marker"]
    source: tuple[str, str]  # in the stored source, in the text that was asked for
    target: tuple[str, str]  # in the stored translation, in the one given


@dataclass(frozen=True, slots=True)
class Match:
    """A translation found for a text."""

    unit: str  # id of the unit, made of its two texts: the same in every memory
    source: str  # the stored text that is like the one asked for
    target: str  # the translation, adjusted where `adjusted` says so
    percent: (
        int  # 101 same words in the same place, 100 same words, 99 but for what was adjusted or for width, below: fuzzy
    )
    adjusted: tuple[Adjustment, ...]
    stored: Unit  # the unit as it is stored, with its provenance


@dataclass(frozen=True, slots=True)
class Added:
    """What became of units that were to be added."""

    added: int = 0
    known: int = 0  # the memory had the very pair
    replaced: int = 0  # an earlier translation of the same record's clause was taken out
    rivals: tuple[tuple[Unit, str], ...] = ()  # new units whose source had another translation, and that translation


@dataclass(frozen=True, slots=True)
class Variant:
    """One language of an entry of an exchange file."""

    language: str  # as written: ja, en-US
    text: str
    properties: tuple[tuple[str, str], ...] = ()
    edited: bool = False  # the file says when, or by whom, it was changed


@dataclass(frozen=True, slots=True)
class Entry:
    """A unit of a TMX or XLIFF file."""

    id: str
    variants: tuple[Variant, ...]
    properties: tuple[tuple[str, str], ...] = ()
    state: str = ""  # XLIFF: initial, translated, reviewed or final; "" for TMX
    line: int = 0  # from 1; 0 for an entry that was not read from a file
    codes: bool = field(default=False)  # inline markup was left out
