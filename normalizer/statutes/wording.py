"""Turn the words of citations and the names of laws into compiled patterns: table lines → Wording.

Patterns read text in plain form: `plain(text)` has the length of the text, half-width letters and lower case.
Every quantifier is bounded, so that matching stays linear in the length of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from normalizer.statutes.tables import Word

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_HALF_WIDTH |= {0x3000: 0x20, 0xA0: 0x20, 0x2018: 0x27, 0x2019: 0x27, 0x2010: 0x2D, 0x2011: 0x2D, 0x2212: 0x2D}
_WIDE = re.compile(f"[{re.escape(''.join(map(chr, _HALF_WIDTH)))}]")  # a look tells sooner that there are none
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}

KANJI = r"[\u4e00-\u9fff\u3005\u3007]"
KATAKANA = r"[\u30a1-\u30fa\u30fc]"


@lru_cache(maxsize=256)  # several readers ask for the form of one clause
def narrow(text: str) -> str:
    """The text in half-width letters, of the same length."""
    return text.translate(_HALF_WIDTH) if _WIDE.search(text) else text


@lru_cache(maxsize=256)
def plain(text: str) -> str:
    """The text in half-width letters and lower case (a to z only), of the same length."""
    return narrow(text).translate(_LOWER)


def alternatives(words: Iterable[str]) -> str:
    """A pattern of any of the words, the longest first; a space stands for up to four blanks."""
    ordered = sorted({plain(word) for word in words}, key=lambda word: (-len(word), word))
    if not ordered:
        return r"(?!)"
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"\s{1,4}") for word in ordered) + ")"


def trie(words: Iterable[str]) -> str:
    """A pattern of any of the words that shares their beginnings, the longest first: fast for hundreds of names."""
    root: dict[str, dict[str, object]] = {}
    for word in words:
        node = root
        for character in plain(word):
            node = node.setdefault(character, {})  # type: ignore[assignment]
        # an English name ends where the word does: "Banking Act" is not in "Banking Actuaries"
        node[r"(?![a-z0-9])" if re.fullmatch("[a-z0-9]", plain(word)[-1]) else "(?:)"] = {}
    return _branches(root)


def _branches(node: dict[str, dict[str, object]]) -> str:
    ends = [key for key in node if len(key) > 1]
    paths = [
        (r"\s{1,4}" if key == " " else re.escape(key)) + _branches(below)  # type: ignore[arg-type]
        for key, below in sorted(node.items())
        if len(key) == 1
    ]
    paths += ends  # last: a longer name wins
    return paths[0] if len(paths) == 1 else "(?:" + "|".join(paths) + ")"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of the grammar by kind and language."""

    words: tuple[Word, ...]

    def words_of(self, kind: str, language: str | None = None) -> list[str]:
        return [word.word for word in self.words if word.kind == kind and language in (None, word.language)]

    def any(self, kind: str, language: str | None = None) -> str:
        """A pattern of any word of this kind."""
        return alternatives(self.words_of(kind, language))

    def english(self, kind: str) -> str:
        """A pattern of any English word of this kind, whole words only."""
        return rf"(?<![a-z0-9])(?:{self.any(kind, 'en')})(?![a-z0-9])"

    def value(self, kind: str, word: str) -> tuple[str, ...]:
        """What the table says of a word that a pattern of this kind matched."""
        key = " ".join(plain(word).split())
        for one in self.words:
            if one.kind == kind and plain(one.word) == key:
                return tuple(one.value.split("|"))
        return ()
