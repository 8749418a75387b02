"""Words of a policy → who issued it, in a form that both languages share: 株式会社ヒノデ and "Hinode K.K." are "hnd".

A name is reduced to its consonants as Japanese keeps them apart (l = r, v = b, th = s …): what a transliteration into
kana and a romanisation from it leave alone.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from normalizer.tokens import Tokenizer

KATAKANA = re.compile(r"[ァ-ヺー]{2,40}")
CAPITALISED = re.compile(r"\b[A-Z][A-Za-z]{2,40}")
LEAST = 3  # consonants; shorter skeletons fit too many words
NEAR = 20  # characters beside the legal form that are searched
NAMING = ("名詞", "形状詞")  # UniDic has loan words under either
LETTER = "KATAKANA LETTER "  # how Unicode names of kana begin: not that of the long vowel mark
# Letters as kana write them; the pairs come first.
SPELLINGS = (
    *(
        ("sh", "s"),
        ("ch", "t"),
        ("ts", "t"),
        ("th", "s"),
        ("ph", "h"),
        ("ck", "k"),
        ("wh", ""),
        ("x", "ks"),
        ("qu", "k"),
    ),
    *(("ce", "se"), ("ci", "si"), ("cy", "si"), ("c", "k"), ("q", "k"), ("l", "r"), ("v", "b"), ("f", "h"), ("j", "z")),
)


def japanese_names(text: str, forms: re.Pattern[str], tokenizer: Tokenizer) -> Iterator[str]:
    """Skeletons of the words beside a legal form, as far as their reading is known: kana, and the proper names whose
    lemma UniDic gives in katakana."""
    for match in forms.finditer(text):
        start, end = max(0, match.start() - NEAR), min(len(text), match.end() + NEAR)
        for token in tokenizer.tokens(text, start, end, "ja"):
            kana = next(filter(KATAKANA.fullmatch, (_katakana(token.surface), token.lemma)), None)
            if token.pos in NAMING and kana:
                yield skeleton_of_kana(kana)


def _katakana(word: str) -> str:
    return "".join(chr(ord(char) + 0x60) if "ぁ" <= char <= "ゖ" else char for char in word)


def english_names(text: str) -> Iterator[str]:
    """Skeletons of the capitalised words."""
    return (skeleton(match[0]) for match in CAPITALISED.finditer(text))


def skeleton(word: str) -> str:
    """The consonants of a Latin word.

    >>> skeleton("Hinode"), skeleton("Luminous")
    ('hnd', 'rmns')
    """
    plain = word.casefold()
    for spelling, sound in SPELLINGS:
        plain = plain.replace(spelling, sound)
    return _single(re.sub(r"[^bdghkmnprstz]", "", plain))


def skeleton_of_kana(word: str) -> str:
    """The consonants of a word in katakana, by the names that Unicode gives the letters.

    >>> skeleton_of_kana("ヒノデ"), skeleton_of_kana("ルミナス")
    ('hnd', 'rmns')
    """
    names = (unicodedata.name(char, "") for char in word)
    letters = (name.removeprefix(LETTER) for name in names if name.startswith(LETTER))
    heads = (re.sub(r"[^BDGHKMNPRSTVZ]", "", letter[0]) for letter in letters if not letter.startswith("SMALL"))
    return _single("".join(heads).casefold().replace("v", "b"))


def _single(letters: str) -> str:
    return re.sub(r"(.)\1+", r"\1", letters)
