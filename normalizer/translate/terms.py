"""A translation and the terms of its source → the translation in the glossary's words, and notes on what is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from normalizer.translate.words import load

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from normalizer.glossary import Glossary

GOOD = ("preferred", "admitted")
SURE = 0.5  # score of a mention from which its term is looked for
HIRAGANA = ("ぁ", "ゟ")
VOWELS = "aeiou"


class Named(Protocol):
    """A mention, whatever shape it comes in."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def concept(self) -> str: ...
    @property
    def term(self) -> str: ...
    @property
    def score(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Terms:
    """What the glossary says of its forms."""

    status: Mapping[tuple[str, str], str]  # concept, entry ("en:deposit") → status
    preferred: Mapping[tuple[str, str], str]  # concept, language → the one form to use
    before_noun: re.Pattern[str]

    @classmethod
    def of(cls, glossary: Glossary, folder: Path) -> Terms:
        """The statuses of a glossary; `folder` has translation.csv."""
        status = {(term.concept, term.entry): term.status for term in glossary.terms}
        preferred = {(t.concept, t.language): t.form for t in glossary.terms if t.status == "preferred"}
        return cls(status, preferred, load(folder).before_noun)

    def settle(
        self, text: str, mentions: Sequence[Named], source: Sequence[tuple[str, str, float]], language: str
    ) -> tuple[str, tuple[str, ...]]:
        """A translation with forms that are not good replaced by the preferred one, where that is safe.

        mentions: of the translation. source: concept, words and score of each mention in the source. language: of
        the translation. Returns it with notes on terms that are missing, or that another word stands for.
        """
        wanted = {concept: words for concept, words, score in reversed(source) if score >= SURE}
        there = {mention.concept for mention in mentions}
        lost = [concept for concept in reversed(wanted) if concept not in there]
        notes, changes = [], []
        for mention in mentions:
            concept = self._meant(mention, wanted, lost)
            preferred = self.preferred.get((concept, language), "")
            status = self.status.get((concept, mention.term), GOOD[0])
            if not preferred or status in GOOD or _singular(mention.term) == _singular(f"{language}:{preferred}"):
                continue
            written = text[mention.start : mention.end]
            if self._safe(text, mention, preferred, language):
                changes.append((mention.start, mention.end, preferred))
                notes.append(f"term replaced: {written!r} by {preferred!r}")
            else:
                notes.append(f"term to check: {written!r} where {preferred!r} is preferred")
            lost = [other for other in lost if other != concept]
        missing = [
            f"{self.preferred[concept, language]!r} ({wanted[concept]})"
            for concept in lost
            if (concept, language) in self.preferred
        ]
        if missing:
            notes.append(f"terms not found in the translation: {', '.join(missing)}")
        return _replaced(text, changes, language), tuple(dict.fromkeys(notes))

    def _meant(self, mention: Named, wanted: Mapping[str, str], lost: Sequence[str]) -> str:
        """The concept of the source that a mention stands for: its own, or one that its form is a wrong word for."""
        if mention.concept in wanted:
            return mention.concept
        return next((concept for concept in lost if (concept, mention.term) in self.status), "")

    def _safe(self, text: str, mention: Named, preferred: str, language: str) -> bool:
        """Whether one noun stands there that another can take the place of, without a word around it changing."""
        written = text[mention.start : mention.end]
        if written.casefold() != mention.term.partition(":")[2].casefold():
            return False  # inflected
        if language == "ja":
            around = text[max(0, mention.start - 1) : mention.start] + text[mention.end : mention.end + 1]
            compound = any(char.isalnum() and not _hiragana(char) for char in around)
            return not compound and not any(map(_hiragana, written + preferred))
        plural = written.casefold().endswith("s") == preferred.casefold().endswith("s")
        return plural and bool(self.before_noun.search(text, max(0, mention.start - 20), mention.start))


def _hiragana(char: str) -> bool:
    return HIRAGANA[0] <= char <= HIRAGANA[1]


def _singular(form: str) -> str:
    """A form in small letters without the ending of its plural, for comparison only."""
    folded = form.casefold()
    return f"{folded[:-3]}y" if folded.endswith("ies") else folded.removesuffix("s")


def _replaced(text: str, changes: Sequence[tuple[int, int, str]], language: str) -> str:
    out, at = "", 0
    for start, end, form in sorted(changes):
        if start >= at:
            out += text[at:start]
            out = _with_article(out, form) if language == "en" else out
            out += form[:1].upper() + form[1:] if text[start].isupper() else form
            at = end
    return out + text[at:]


def _with_article(before: str, form: str) -> str:
    """The text before a noun with "a" or "an" as the noun asks for; by its letter, which holds for legal terms."""
    words = before.rstrip(" ").rpartition(" ")
    if words[2].casefold() in ("a", "an"):
        article = words[2][:1] + ("n" if form[:1].casefold() in VOWELS else "")
        return f"{words[0]}{words[1]}{article} "
    return before
