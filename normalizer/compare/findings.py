"""What the rules of comparison work on: linked clauses side by side; and what they give: findings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from normalizer.model import LANGUAGES, OTHER
from normalizer.nfkc import unwrapped
from normalizer.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from normalizer.glossary import Glossary
    from normalizer.marks import Words
    from normalizer.model import Analysis, Clause, Language, Link, Mention

Place = tuple[int, int]
CONTACTS = ("email", "phone", "url", "postal")
SPOKEN = re.compile(r"(?<![\w./@-])[a-z]+(?![\w./@-])|[ぁ-ゖァ-ヺ一-鿿]")  # no label such as TEL, no part of an address


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference, before it is put into words."""

    code: str  # as in glossaries/differences.csv
    link: int  # index of the link that it belongs to
    ja: Place | None  # offsets into the text of the side; None where the side has nothing to show
    en: Place | None
    case: str = ""  # which of the code's lines in differences.csv
    names: tuple[str, str] = ("", "")  # what it is about, in Japanese and in English
    evidence: dict[str, Any] = field(default_factory=dict)

    def place(self, side: Language) -> Place | None:
        return self.ja if side == "ja" else self.en


@dataclass(frozen=True, slots=True)
class Pair:
    """The clauses of a link."""

    link: int
    ja: tuple[Clause, ...]
    en: tuple[Clause, ...]

    @property
    def both(self) -> bool:
        """Whether both sides say something."""
        return bool(self.ja and self.en)

    def side(self, language: Language) -> tuple[Clause, ...]:
        return self.ja if language == "ja" else self.en

    def mentions(self, language: Language) -> Iterator[Mention]:
        return (mention for clause in self.side(language) for mention in clause.mentions)

    def place(self, language: Language) -> Place | None:
        """From the first clause's start to the last one's end."""
        clauses = self.side(language)
        return (clauses[0].start, clauses[-1].end) if clauses else None

    def shown(self, side: Language, place: Place | None) -> tuple[Place | None, Place | None]:
        """What a finding of one side shows of the Japanese and the English: a place there, opposite all clauses."""
        return in_order(side, place, self.place(OTHER[side]))


def in_order(side: Language, own: Place | None, opposite: Place | None = None) -> tuple[Place | None, Place | None]:
    """A place of one side and one of the other: the Japanese first."""
    return (own, opposite) if side == "ja" else (opposite, own)


@dataclass(frozen=True)
class Comparison:
    """Two analyses, the links between them, and the tables that the rules read."""

    ja: Analysis
    en: Analysis
    links: Sequence[Link]
    glossary: Glossary
    words: Words
    folder: Path  # where the tables are

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The clauses of every link, in the links' order."""
        return tuple(
            Pair(number, tuple(self.ja.clauses[i] for i in link.ja), tuple(self.en.clauses[j] for j in link.en))
            for number, link in enumerate(self.links)
        )

    @cached_property
    def both(self) -> tuple[Pair, ...]:
        """The pairs with both sides."""
        return tuple(pair for pair in self.pairs if pair.both)

    @cached_property
    def values(self) -> dict[str, frozenset[tuple[str, str]]]:
        """Side → kinds and values of all its facts."""
        return {
            side: frozenset((fact.kind, fact.value) for clause in self.side(side).clauses for fact in clause.facts)
            for side in LANGUAGES
        }

    @cached_property
    def defined(self) -> dict[str, frozenset[str]]:
        """Side → the names that it defines for itself."""
        return {
            side: frozenset(name.name for clause in self.side(side).clauses for name in clause.definitions)
            for side in LANGUAGES
        }

    def for_both(self, clause: Clause, side: Language) -> bool:
        """Whether a clause of a document in both languages is contacts without words of either, which stand there once
        for all its readers: TEL 0460-00-7700 / a@b.example"""
        if self.ja.document.sha256 != self.en.document.sha256:
            return False
        contacts = any(fact.kind in CONTACTS for fact in clause.facts)
        return contacts and not SPOKEN.search(self.text(side, clause.body, clause.end))

    def side(self, language: Language) -> Analysis:
        return self.ja if language == "ja" else self.en

    def document(self, language: Language) -> str:
        """The text of one side, which all places index."""
        return self.side(language).document.text

    def text(self, language: Language, start: int, end: int) -> str:
        return self.document(language)[start:end]

    def words_of(self, pair: Pair, language: Language) -> str:
        """The words of one side of a pair, without the clauses' markers and the line breaks within words, in NFKC."""
        return "\n".join(unwrapped(self.text(language, one.body, one.end)).text for one in pair.side(language))

    def sentences(self, pair: Pair, language: Language) -> tuple[Place, ...]:
        """The sentences of one side of a pair."""
        text = self.document(language)
        return tuple(
            place
            for clause in pair.side(language)
            for place in sentences(text, clause.body, clause.end, language, self.folder)
        )

    def label(self, concept: str) -> tuple[str, str]:
        """A concept's name in Japanese and in English."""
        found = self.glossary.ontology[concept]
        return found.label("ja"), found.label("en")

    def related(self, one: str, other: str) -> bool:
        """Whether one concept is the other, stands above it, or has its parent; the two languages' words for one
        thing may be at two levels of the hierarchy."""
        if one == other:
            return True
        ontology = self.glossary.ontology
        above, others = ontology.ancestors(one), ontology.ancestors(other)
        siblings = len(above) > 1 and above[:1] == others[:1]  # children of the topmost have nothing in common
        return one in others or other in above or siblings

    def akin(self, one: str, others: Iterable[str]) -> bool:
        """Whether a concept is one of some others, or stands above or below one."""
        ontology = self.glossary.ontology
        above = ontology.ancestors(one)
        return any(one == other or other in above or one in ontology.ancestors(other) for other in others)

    @cached_property
    def _neighbours(self) -> dict[str, dict[int, int]]:
        return {
            "ja": {index: number for number, link in enumerate(self.links) for index in link.ja},
            "en": {index: number for number, link in enumerate(self.links) for index in link.en},
        }

    def near(self, pair: Pair, reach: int) -> tuple[Pair, ...]:
        """The other pairs with a clause that stands within `reach` clauses of one of this pair, on either side."""
        link = self.links[pair.link]
        found = set()
        for language, own in (("ja", link.ja), ("en", link.en)):
            for index in own:
                around = range(index - reach, index + reach + 1)
                found |= {self._neighbours[language][i] for i in around if i in self._neighbours[language]}
        return tuple(self.pairs[number] for number in sorted(found - {pair.link}))
