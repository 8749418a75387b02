"""A text to the keys it is found by: its marker, its folded form, its skeleton, its grams."""

from __future__ import annotations

import itertools
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING
from zlib import crc32

from normalizer import numbering
from normalizer.glossary import glossary_folder
from normalizer.memory.slots import slots

if TYPE_CHECKING:
    from normalizer.memory.slots import Slot
    from normalizer.model import Language

_GRAMS = 400  # of a text that are indexed: the first 400 tell a clause from any other


@dataclass(frozen=True, slots=True)
class Key:
    """What a text is compared by. Two texts with one skeleton differ in nothing but numbers, names and addresses."""

    marker: str  # (1), 第4条, • at the start, as written; "" where there is none
    body: str  # what follows it, NFKC, each run of white space one space
    folded: str  # the body without case
    skeleton: str  # the folded body with a sign in place of each slot
    slots: tuple[Slot, ...]  # offsets into `body`

    @property
    def digest(self) -> int:
        """A number that equal folded bodies share."""
        return digest(self.folded)

    @property
    def shape(self) -> int:
        """A number that equal skeletons share."""
        return digest(self.skeleton)


def key(text: str, language: Language) -> Key:
    """The keys of a text in a language.

    >>> key("（２） 手数料は1,100円です。", "ja").skeleton
    '手数料は\\x01円です。'
    """
    marker, rest = split_marker(text)
    body = " ".join(unicodedata.normalize("NFKC", rest).split())
    found = slots(body, language)
    return Key(marker, body, body.casefold(), _skeleton(body, found), found)


def split_marker(text: str) -> tuple[str, str]:
    """The marker at the start of a text as written, "" where there is none, and the rest without space around it."""
    stripped = text.strip()
    found = _numbering().marker(stripped)
    if found is None or found.needs_series or found.end >= len(stripped):
        return "", stripped
    return found.text, stripped[found.end :]


@lru_cache(maxsize=1024)
def context(before: str, after: str, language: Language) -> int:
    """A number for what stands before and after a text ("" at an end); never 0, which says: not known."""
    return digest(f"{key(before, language).folded}\x00{key(after, language).folded}") or 1


def digest(text: str) -> int:
    """63 bits of a hash that is the same on every machine."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big") >> 1


def grams(folded: str, language: Language) -> list[int]:
    """The distinct pieces that a folded text is found by: three characters of Japanese, two words of English."""
    if language == "en":
        pairs = itertools.pairwise(("", *_words(folded), ""))
        return list(dict.fromkeys(crc32(f"{one} {two}".encode("utf-8", "replace")) for one, two in pairs))[:_GRAMS]
    codes = [2, *map(ord, folded[: _GRAMS * 2]), 3]
    triples = zip(codes, codes[1:], codes[2:], strict=False)
    return list(dict.fromkeys(a << 42 | b << 21 | c for a, b, c in triples))[:_GRAMS]


@cache
def _numbering() -> numbering.Numbering:
    return numbering.load(glossary_folder())


def _words(folded: str) -> list[str]:
    return [word.strip(".,;:()\"'“”") for word in folded.split()]


def _skeleton(body: str, found: tuple[Slot, ...]) -> str:
    signs = {"number": "\x01", "name": "\x02", "address": "\x03"}
    out: list[str] = []
    done = 0
    for slot in found:
        out += (body[done : slot.start], signs[slot.kind])
        done = slot.end
    out.append(body[done:])
    return "".join(out).casefold()
