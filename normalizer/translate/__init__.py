"""Clauses of one language → their translations by Argos Translate, each checked; None and the reason where one fails.

A clause is cut into sentences here, for Argos' own splitters fetch models. Each distinct sentence is translated once,
first with codes in place of names and numbers, and where the model destroys those once more without.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer import marks
from normalizer.models import package
from normalizer.organisations import legal_forms
from normalizer.sentences import sentences
from normalizer.translate.engine import Argos
from normalizer.translate.guard import fault
from normalizer.translate.protect import LATIN_NAME, Masked, mask, organisations, restore
from normalizer.translate.words import load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from normalizer.model import Clause
    from normalizer.translate.engine import Engine
    from normalizer.translate.protect import Span
    from normalizer.translate.words import Words

__all__ = ["Passage", "Translated", "Translator"]

SPACES = {
    "ja": re.compile(r"(?<=[ぁ-ヿ一-鿿、。]) (?=[0-9ぁ-ヿ一-鿿、。])|(?<=[0-9]) (?=[ぁ-ヿ一-鿿、。])"),
    "en": re.compile(r" (?=[.,;:!?)](?:\s|$))"),
}
NAMES = {"ja": "Japanese", "en": "English"}


@dataclass(frozen=True, slots=True)
class Passage:
    """A clause to translate, in the text that its spans index."""

    text: str
    clause: Clause


@dataclass(frozen=True, slots=True)
class Translated:
    """What became of a passage."""

    text: str | None  # None: there is no translation that could be used, and `reasons` says why
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Translator:
    """One direction: a loaded package, and the tables that its input and output are checked with."""

    source: str  # "ja" or "en"
    target: str
    name: str  # of the package: translate-ja_en
    version: str
    sha256: str  # of the files that decide what comes out
    engine: Engine
    folder: Path  # of the tables
    words: Words
    told: marks.Words

    @classmethod
    def open(cls, source: str, target: str, folder: Path, packages: Path | None = None) -> Translator:
        """Load the newest installed package of a direction; `folder` has the tables, `packages` the packages.

        Raises ModelError that says what to do: no package, none that runs, no Argos Translate; GlossaryError.
        """
        installed = package(source, target, packages)
        engine = Argos.open(installed)
        stated = (f"translate-{source}_{target}", installed.version, installed.sha256())
        return cls(source, target, *stated, engine, folder, load(folder), marks.load(folder))

    def translate(self, passages: Sequence[Passage]) -> tuple[Translated, ...]:
        """A translation for each passage, its number in front as the other language writes it.

        The same passages give the same translations. A clause in the target language, or one of which any sentence
        cannot be translated well, has none.
        """
        parts = [self._parts(passage) for passage in passages]
        done = self._sentences({part.masked: part for own in parts for part in own})
        return tuple(self._assembled(passage, own, done) for passage, own in zip(passages, parts, strict=True))

    def _parts(self, passage: Passage) -> list[_Part]:
        text, clause = passage.text, passage.clause
        if clause.language != self.source:
            return []
        names = _names(text, clause, self.source, self.folder)
        out = []
        for start, end in sentences(text, clause.body, clause.end, self.source, self.folder):
            masked = mask(text, start, end, clause.facts, names, self.target, self.words)
            out.append(_Part(text[start:end], masked, tuple(text[a:b] for a, b in names)))
        return out

    def _sentences(self, parts: Mapping[Masked, _Part]) -> dict[Masked, Translated]:
        """Each distinct sentence, with codes first; those whose codes did not come back, without."""
        first = self.engine.translate([_line(masked.text) for masked in parts])
        out, again = {}, []
        for (masked, part), raw in zip(parts.items(), first, strict=True):
            text = None if raw is None else restore(raw, masked)
            if raw is not None and text is None:
                again.append(part)
            else:
                out[masked] = self._checked(part, text)
        second = self.engine.translate([_line(part.text) for part in again]) if again else ()
        for part, raw in zip(again, second, strict=True):
            out[part.masked] = self._unprotected(part, raw)
        return out

    def _unprotected(self, part: _Part, raw: str | None) -> Translated:
        lost = [value for value in part.masked.values if raw is not None and value not in raw]
        if lost:
            return Translated(None, (f"the model destroys what must stay as it is: {', '.join(lost)}",))
        return self._checked(part, raw)

    def _checked(self, part: _Part, text: str | None) -> Translated:
        if text is None:
            return Translated(None, ("sentence too long for the model",))
        wrong = fault(part.text, text, (self.source, self.target), self.told, self.words, part.names)
        return Translated(None, (wrong,)) if wrong else Translated(_tidy(text, self.target))

    def _assembled(self, passage: Passage, parts: Sequence[_Part], done: Mapping[Masked, Translated]) -> Translated:
        clause = passage.clause
        if clause.language != self.source:
            return Translated(None, (f"the clause is not in {NAMES[self.source]}",))
        found = [done[part.masked] for part in parts]
        if reasons := dict.fromkeys(reason for its in found for reason in its.reasons):
            return Translated(None, tuple(reasons))
        body = ("" if self.target == "ja" else " ").join(its.text or "" for its in found)
        return Translated(self._numbered(clause, body))

    def _numbered(self, clause: Clause, body: str) -> str:
        """The clause's number and its translation: 第4条（第三者提供） → Article 4 (Provision to third parties)."""
        if not clause.number or not clause.label:
            return body
        form = self.words.form("label", clause.label.kind, self.target)
        worded = any(char.isalpha() and not char.isascii() for char in clause.number) or clause.number[:1].isalpha()
        number = ".".join(map(str, clause.label.number))
        marker = form.format(number=number) if form and number and worded else clause.number.strip()
        if self.target == "en":
            marker = unicodedata.normalize("NFKC", marker)
        close = self.target == "ja" and (marker.startswith("第") or body.startswith(("（", "(")))
        return f"{marker}{body}" if close else f"{marker} {body}".rstrip()


@dataclass(frozen=True, slots=True)
class _Part:
    """A sentence of a passage."""

    text: str
    masked: Masked
    names: tuple[str, ...]  # those of the clause, which may stand in the translation as they are


def _line(text: str) -> str:
    """A sentence without its line breaks, which a package would take for ends of sentences."""
    return " ".join(text.split())


def _tidy(text: str, language: str) -> str:
    """A translation without the spaces that pieces leave where the language has none."""
    return SPACES[language].sub("", " ".join(text.split()))


def _names(text: str, clause: Clause, language: str, folder: Path) -> list[Span]:
    """The names in a clause: of organisations; in Japanese also what is in Latin script and no term."""
    found = sorted(organisations(text, clause.body, clause.end, language, legal_forms(folder, language)))
    if language == "ja":
        terms = [(mention.start, mention.end) for mention in clause.mentions]
        taken = sorted([*terms, *found])
        for name in LATIN_NAME.finditer(text, clause.body, clause.end):
            if not any(a < name.end() and name.start() < b for a, b in taken):
                found.append(name.span())
    return sorted(found)
