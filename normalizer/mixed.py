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

    from normalizer.model import Block, Document

WORD = re.compile(r"[A-Za-z]{2,}")
PER_CHARACTER = 2.5  # Latin letters that say as much as one Japanese character
HIRAGANA_OF_PROSE = 5  # headings and names have fewer
LEAST_BLOCKS = 2  # a language that is spoken has so many blocks of prose,
LEAST_LETTERS = 80  # with so many Latin letters, or Japanese characters that say as much,
LEAST_SHARE = 0.05  # which are so much of the whole
LONGEST_TITLE = 160  # characters of a heading in both languages
LEAST_WORDS = 2  # which has so many English words where no stroke parts it from the other: 第三者提供 Cookie has not
KEY = re.compile("[:：]")
GAP = re.compile(r"\s*[/／|｜]\s*|\s+[-‐-―−－]{1,2}\s+|[ 　\t]*[　\t][ 　\t]*|[ ]{2,}")
NUMBERED = re.compile(r"[（(]?(?:[0-9０-９]{1,2}|[①-⑳])[）).．、 　]?|第[0-9０-９一二三四五六七八九十]{1,3}条")
HABIT = 3  # so many headings in both languages show that the document has them so
STROKES = frozenset("/／|｜")
# What parts the halves: a stroke, a dot between words, a dash with space around it.
BETWEEN = r"\s*(?P<between>[/／|｜・]|(?<=\s)[-‐-―−－]{1,2}(?=\s))\s*"
# Such a heading: one half of it has no wide character but its brackets.
JA_FIRST = re.compile(
    rf"(?P<ja>.*[⺀-ヺー-，．０-｛｝-\U0010ffff])(?:{BETWEEN}|\s*)"
    r"(?P<en>[A-Za-z0-9(\"“][^⺀-\U0010ffff]*|（[^⺀-\U0010ffff]*）)$"
)
EN_FIRST = re.compile(
    rf"(?P<en>[^⺀-\U0010ffff]*[A-Za-z.)])(?:{BETWEEN}|\s+(?=[ァ-ヺー-鿿０-９（「【]))(?P<ja>[⺀-\U0010ffff].*)$"
)
# Where the first half ends in a number, the other has it too: 湯の里77 / 77 Yunosato, but not 電話 03-… / FAX 03-…
AGAIN = r"(?=.*(?<![0-9])(?P=number)(?![0-9]))"
JA_NUMBER = re.compile(
    r"(?P<ja>.*[⺀-\U0010ffff](?:[^A-Za-z⺀-\U0010ffff]*[^0-9A-Za-z⺀-\U0010ffff])?(?P<number>[0-9]+)F?)"
    rf"{BETWEEN}{AGAIN}(?P<en>[A-Za-z0-9(][^⺀-\U0010ffff]*)$"
)
EN_NUMBER = re.compile(
    rf"(?P<en>[^⺀-\U0010ffff]*(?<![0-9])(?P<number>[0-9]+)){BETWEEN}{AGAIN}(?P<ja>.*[⺀-\U0010ffff].*)$"
)
SHAPES = (JA_NUMBER, EN_NUMBER, JA_FIRST, EN_FIRST)
TURNS = 4  # stretches of one language from which on the languages take turns


def sides(document: Document) -> tuple[Document, Document] | None:
    """The Japanese and the English side of a document that has both; None for one that has not.

    Both keep the text, so that spans index the one file; each block of the document is in one of them, but for what
    parts the languages on a line.
    """
    document = replace(
        document, blocks=tuple(part for block in document.blocks for part in _columns(document.text, block))
    )
    texts = [document.text[block.start : block.end] for block in document.blocks]
    certain = [_certain(text) for text in texts]
    if not _both(texts, certain):
        return None
    habits = _habits(document)
    parts: dict[str, list[Block]] = {"ja": [], "en": []}
    for block, language in zip(document.blocks, _all(texts, certain), strict=True):
        for part, its in _in_both(document.text, block, habits) or ((block, language),):
            parts[its].append(part)
    ja, en = (tuple(parts[language]) for language in ("ja", "en"))
    return replace(document, blocks=ja), replace(document, blocks=en)


def _columns(text: str, block: Block) -> tuple[Block, ...]:
    """The two cells of a row of which one is Japanese and the other English; else the block as it is."""
    at = text.find("\t", block.start, block.end)
    if at < 0 or block.kind != "line" or text.find("\t", at + 1, block.end) >= 0:
        return (block,)
    left, right = text[block.start : at], text[at : block.end]
    japanese = [_is_japanese(left), _is_japanese(right)]
    if japanese[0] == japanese[1] or not WORD.search(left if japanese[1] else right):
        return (block,)
    start = block.end - len(right.lstrip())
    return replace(block, end=block.start + len(left.rstrip())), replace(block, start=start, gap=False)


def _in_both(text: str, block: Block, habits: frozenset[str]) -> list[tuple[Block, str]]:
    """A heading in both languages as one of each, without the stroke between them: 1. 取得 / Acquisition of data."""
    words = text[block.start : block.end]
    found = _halves(words)
    if not found:
        return []
    habit = _order(found) in habits and (block.kind == "heading" or _parted(found) or NUMBERED.match(words) is not None)
    stroke = found["between"] in STROKES
    if not habit and not stroke and len(_words(found["en"])) < LEAST_WORDS:
        return []
    if not habit and block.kind != "heading" and (not stroke or KEY.search(words)):
        return []
    spans = sorted((*_span(found, language), language) for language in ("ja", "en"))
    return [
        (replace(block, start=block.start + start, end=block.start + end, gap=block.gap and not start), language)
        for start, end, language in spans
    ]


def _halves(words: str) -> re.Match[str] | None:
    if len(words) > LONGEST_TITLE or words.endswith("。"):
        return None
    matches = (shape.match(words) for shape in SHAPES)
    return next((found for found in matches if found and _is_japanese(found["ja"]) and _words(found["en"])), None)


def _words(text: str) -> list[str]:
    """The English words of a text, without those of its e-mail and web addresses."""
    return WORD.findall(RUN.sub(lambda run: " " if ADDRESS.search(run.group()) else run.group(), text))


def _habits(document: Document) -> frozenset[str]:
    """The orders of the languages in which the document says its headings twice, each in one line: "ja" or "en" first.

    Three lines or more do it with a gap, a stroke or some words of English, and most lines with words of both are of
    this kind; or most of the headings do it.
    """
    lines = [(block, document.text[block.start : block.end]) for block in document.blocks]
    titles = [(block, line) for block, line in lines if block.kind == "heading" or not KEY.search(line[:-1])]
    both = [(block, found) for block, line in titles if (found := _halves(line))]
    headings = sum(block.kind == "heading" for block in document.blocks)
    out = set()
    for order in ("ja", "en"):
        own = [(block, found) for block, found in both if _order(found) == order]
        sure = sum(_parted(found) or len(_words(found["en"])) >= LEAST_WORDS for _, found in own)
        heads = sum(block.kind == "heading" for block, _ in own)
        if (sure >= HABIT and sure * 2 >= len(both)) or (heads >= HABIT and heads * 3 >= headings * 2):
            out.add(order)
    return frozenset(out)


def _span(found: re.Match[str], name: str) -> tuple[int, int]:
    """Where a half stands, without the white space around it."""
    half = found[name]
    start = found.start(name) + len(half) - len(half.lstrip())
    return start, start + len(half.strip())


def _order(found: re.Match[str]) -> str:
    return "ja" if found.start("ja") < found.start("en") else "en"


def _parted(found: re.Match[str]) -> bool:
    """Does more than a space stand between the halves?"""
    first, second = sorted((_span(found, "ja"), _span(found, "en")))
    return bool(GAP.fullmatch(found.string, first[1], second[0]))


def _is_japanese(words: str) -> bool:
    return bool(KANA.search(words) or HAN.search(words))


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
        out.append(its or ("en" if _words(text) and (turns or "en" in (before, after)) else before or after))
    return out


def _carried(certain: Sequence[str]) -> list[str]:
    """The last certain language up to each block."""
    out = [""]
    for language in certain:
        out.append(language or out[-1])
    return out[1:]
