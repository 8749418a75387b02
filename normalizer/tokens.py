"""A stretch of text to its tokens, with lemmas. The only import of fugashi and of simplemma.

Japanese goes through MeCab's `parse()` with an output format of our own: a plain string holds no memory that the next
sentence overwrites, and is 2.7 times faster than reading node features. English is a regular expression and simplemma.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import fugashi
import unidic_lite

from normalizer.model import Token
from normalizer.nfkc import Normalized, normalize

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from simplemma import Lemmatizer

# %M is the white space before a token and the token, %H its features. The empty output type keeps the dictionary's own
# settings from overriding the formats; naming the dictionary keeps an installed bigger one from changing results.
_MECAB = (
    f'-C -r "{unidic_lite.DICDIR}/mecabrc" -d "{unidic_lite.DICDIR}" --output-format-type= --bos-format="" '
    '--eos-format="$" --node-format="%M\x1f%H\x1e" --unk-format="%M\x1f%H\x1e"'
)
_UNIDIC_LEMMA = 7
# NUL ends MeCab's input without a word, the other controls are our separators, a lone surrogate has no bytes.
_UNREADABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
# MeCab counts a token's white space in 16 bits and slows down on very long input: cut after a sentence where one ends.
_PIECE = re.compile(r"(?s:.{0,1999}[。！？!?])(?=.)|(?s:.{1,2000})")
_PIECE_LENGTH = 2000
# A word keeps its inner apostrophes (don't) but not the possessive; a hyphen parts words, so third-party = third party.
_ENGLISH = re.compile(r"([^\W\d_]+(?:['’](?![sS]\b)[^\W\d_]+)*|\d+)(?:['’][sS]\b)?")
_CACHE_SIZE = 200_000


Word = tuple[int, str, str, str]  # start in the normal form, surface, lemma, part of speech


class _Item(NamedTuple):
    """What the cache keeps of one token of MeCab's output."""

    space: int  # characters of white space before it
    length: int
    surface: str
    lemma: str  # empty: no word (white space, invisible characters)
    pos: str


class Tokenizer:
    """Tokens of Japanese and English text. One per thread: it owns a MeCab tagger and caches."""

    def __init__(self, lemmas: Mapping[str, str] | None = None) -> None:
        """`lemmas`: English words in lower case whose lemma simplemma gets wrong, to the lemma wanted."""
        self._tagger = fugashi.GenericTagger(_MECAB)
        self._items: dict[str, _Item] = {}
        self._lemmas: dict[str, str] = {}
        self._exceptions = dict(lemmas or {})

    @property
    def exceptions(self) -> str:
        """What `lemmas` said, as a string that is the same whenever the lemmas are."""
        return json.dumps(self._exceptions, sort_keys=True)

    def learn(self, lemmas: Mapping[str, str]) -> None:
        """Take English words with the lemmas that a tokenizer with the same `exceptions` found for them before."""
        self._lemmas.update(lemmas)

    @cached_property
    def _english_lemmas(self) -> Lemmatizer:
        """Opened at the first English word that nobody knows: a quarter of a second."""
        from simplemma import Lemmatizer
        from simplemma.strategies import DefaultStrategy
        from simplemma.strategies.dictionaries import LOW_MEMORY_DICTIONARY_FACTORY

        # The compact dictionary loads in half the time; our own cache keeps the words looked up.
        strategy = DefaultStrategy(dictionary_factory=LOW_MEMORY_DICTIONARY_FACTORY)
        return Lemmatizer(cache_max_size=1, lemmatization_strategy=strategy)

    def tokens(self, text: str, start: int, end: int, language: str) -> tuple[Token, ...]:
        """The tokens of `text[start:end]`, in order and without overlap; offsets count characters of `text`.

        `token.surface` is `text[token.start:token.end]`. Lemmas are of the NFKC form and in lower case; what NFKC
        takes apart inside one character (㈱) stays one token. `language` "ja" is read by MeCab, any other as English.
        """
        form = normalize(text[start:end])
        words = self.words(form.text, language)
        if form.begins:
            return _mapped(words, form, text, start)
        return tuple(
            [Token(begin := start + at, begin + len(word), word, lemma, pos) for at, word, lemma, pos in words]
        )

    def words(self, text: str, language: str) -> list[Word]:
        """The words of a text in NFKC, as (where it starts, surface, lemma, part of speech)."""
        return self._japanese(text) if language == "ja" else self._english(text)

    def _japanese(self, text: str) -> list[Word]:
        readable = _UNREADABLE.sub(" ", text)
        pieces = _PIECE.findall(readable) if len(readable) > _PIECE_LENGTH else (readable,)
        found: list[Word] = []
        known, begin = self._items.get, 0
        for piece in pieces:
            position = begin
            for raw in self._tagger.parse(piece)[:-2].split("\x1e"):
                space, length, surface, lemma, pos = known(raw) or self._read(raw)
                position += space
                if lemma:
                    found.append((position, surface, lemma, pos))
                position += length
            begin += len(piece)
        return found

    def _read(self, raw: str) -> _Item:
        """One token of MeCab's output; unknown words have few features and are their own lemma."""
        spaced, _, features = raw.partition("\x1f")
        surface = spaced.lstrip(" ")
        fields = next(csv.reader((features,)), [""]) if '"' in features else features.split(",")
        lemma = fields[_UNIDIC_LEMMA] if len(fields) > _UNIDIC_LEMMA else ""
        lemma = lemma.partition("-")[0] or surface  # サーバー-server, 私-代名詞
        if all(char.isspace() or unicodedata.category(char) == "Cf" for char in surface):
            lemma = ""
        if len(self._items) >= _CACHE_SIZE:
            self._items.clear()
        item = _Item(len(spaced) - len(surface), len(surface), surface, lemma.casefold(), fields[0])
        self._items[raw] = item
        return item

    def _english(self, text: str) -> list[Word]:
        known = self._lemmas.get
        return [
            (match.start(), word := match[1], known(word) or self._lemma(word), "") for match in _ENGLISH.finditer(text)
        ]

    def _lemma(self, word: str) -> str:
        key = word.lower().replace("’", "'")
        lemma = self._exceptions.get(key) or self._english_lemmas.lemmatize(key, "en").casefold()
        if len(self._lemmas) >= _CACHE_SIZE:
            self._lemmas.clear()
        self._lemmas[word] = lemma
        return lemma


def _mapped(words: Iterable[Word], form: Normalized, text: str, offset: int) -> tuple[Token, ...]:
    """Tokens of the normal form, put back into the text; those that share a character of the text become one."""
    tokens: list[Token] = []
    begins, ends = form.begins, form.ends
    for at, word, lemma, pos in words:
        start, end = offset + begins[at], offset + ends[at + len(word)]
        if tokens and start < tokens[-1].end:
            last = tokens.pop()
            start, end, lemma, pos = last.start, max(end, last.end), last.lemma + lemma, last.pos
        tokens.append(Token(start, end, text[start:end], lemma, pos))
    return tuple(tokens)
