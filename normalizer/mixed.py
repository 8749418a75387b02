"""A document in both languages → two documents over the same text, one of the Japanese blocks, one of the English.

One language may follow the other, or the paragraphs may take turns. A foreign title, a name, an address or a single
quoted sentence makes no second language.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from normalizer.language import ADDRESS, HAN, HIRAGANA, KANA, LATIN, RUN, clause_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normalizer.model import Document

WORD = re.compile(r"[A-Za-z]{2}")
PER_CHARACTER = 2.5  # Latin letters that say as much as one Japanese character
HIRAGANA_OF_PROSE = 5  # headings and names have fewer
LEAST_BLOCKS = 2  # a language that is spoken has so many blocks of prose,
LEAST_LETTERS = 80  # with so many Latin letters, or Japanese characters that say as much,
LEAST_SHARE = 0.05  # which are so much of the whole
TURNS = 4  # stretches of one language from which on the languages take turns


def sides(document: Document) -> tuple[Document, Document] | None:
    """The Japanese and the English side of a document that has both; None for one that has not.

    Both keep the text, so that spans index the one file; each block of the document is in one of them.
    """
    texts = [document.text[block.start : block.end] for block in document.blocks]
    certain = [_certain(text) for text in texts]
    if not _both(texts, certain):
        return None
    languages = _all(texts, certain)
    ja, en = (
        tuple(block for block, its in zip(document.blocks, languages, strict=True) if its == language)
        for language in ("ja", "en")
    )
    return replace(document, blocks=ja), replace(document, blocks=en)


def _certain(text: str) -> str:
    """The language of a block whatever stands around it; "" where that would decide."""
    language = clause_language(text, "ja")
    return language if language == clause_language(text, "en") else ""


def _both(texts: Sequence[str], certain: Sequence[str]) -> bool:
    weights = {
        language: [_weight(text) for text, its in zip(texts, certain, strict=True) if its == language and _prose(text)]
        for language in ("ja", "en")
    }
    total = sum(map(sum, weights.values()))
    return all(
        len(found) >= LEAST_BLOCKS and sum(found) >= max(LEAST_LETTERS, LEAST_SHARE * total)
        for found in weights.values()
    )


def _prose(text: str) -> bool:
    """Whether a block is more than a heading or a name; in English only prose is certain at all."""
    return len(HIRAGANA.findall(text)) >= HIRAGANA_OF_PROSE or not (KANA.search(text) or HAN.search(text))


def _weight(text: str) -> float:
    return PER_CHARACTER * (len(KANA.findall(text)) + len(HAN.findall(text))) + len(LATIN.findall(text))


def _all(texts: Sequence[str], certain: Sequence[str]) -> list[str]:
    """Each block's language. One that could be either is English if it has Latin words and stands next to English, or
    where paragraphs take turns: so headings and lists are. Else it goes with what stands above it."""
    known = [its for its in certain if its]
    turns = 1 + sum(before != after for before, after in itertools.pairwise(known)) >= TURNS
    above = _carried(certain)
    below = _carried(certain[::-1])[::-1]
    out = []
    for text, its, before, after in zip(texts, certain, above, below, strict=True):
        latin = WORD.search(RUN.sub(lambda run: " " if ADDRESS.search(run.group()) else run.group(), text))
        out.append(its or ("en" if latin and (turns or "en" in (before, after)) else before or after))
    return out


def _carried(certain: Sequence[str]) -> list[str]:
    """The last certain language up to each block."""
    out = [""]
    for language in certain:
        out.append(language or out[-1])
    return out[1:]
