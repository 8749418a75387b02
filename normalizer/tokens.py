"""A stretch of text to its tokens, with lemmas. The only import of fugashi and of simplemma.

Japanese goes through MeCab's `parse()` with an output format of our own: a plain string holds no memory that the next
sentence overwrites, and is 2.7 times faster than reading node features. English is a regular expression and simplemma.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from functools import cached_property, partial
from typing import TYPE_CHECKING

import fugashi
import unidic_lite

from normalizer.model import Token
from normalizer.nfkc import Normalized, unwrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from simplemma import Lemmatizer

# %M is the white space before a token and the token. The empty output type keeps the dictionary's own settings from
# overriding the formats; naming the dictionary keeps an installed bigger one from changing results.
_MECAB = (
    f'-C -r "{unidic_lite.DICDIR}/mecabrc" -d "{unidic_lite.DICDIR}" --output-format-type= --bos-format="" '
    '--eos-format="$" --node-format="%M\x1f{0}\x1e" --unk-format="%M\x1f{0}\x1e"'
)
# Contexts, cost and status tell an entry from the others of its surface, in a tenth of the characters of its features.
_ENTRY, _FEATURES = "%phl,%phr,%c,%s", "%H"
_UNIDIC_LEMMA = 7
# NUL ends MeCab's input without a word, the other controls are our separators, a lone surrogate has no bytes.
_UNREADABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
# MeCab counts a token's white space in 16 bits and slows down on very long input: cut after a sentence where one ends.
_PIECE = re.compile(r"(?s:.{0,1999}[。！？!?])(?=.)|(?s:.{1,2000})")
_PIECE_LENGTH = 2000
# A word keeps its inner apostrophes (don't) but not the possessive; a hyphen parts words, so third-party = third party.
_ENGLISH = re.compile(r"([^\W\d_]+(?:['’](?![sS]\b)[^\W\d_]+)*|\d+)(?:['’][sS]\b)?")
_CACHE_SIZE = 200_000


_token = partial(tuple.__new__, Token)  # Token(*values) takes twice as long


_Item = tuple[int, int, str, str, str]  # characters of white space before a token, its length, surface, lemma, pos


def _item(raw: str) -> _Item:
    """A token of MeCab's output with its features.

    Unknown words have few and are their own lemma; the lemma is empty where the token is no word but white space or
    invisible characters.
    """
    spaced, _, features = raw.partition("\x1f")
    surface = spaced.lstrip(" ")
    fields = next(csv.reader((features,)), [""]) if '"' in features else features.split(",")
    lemma = fields[_UNIDIC_LEMMA] if len(fields) > _UNIDIC_LEMMA else ""
    lemma = lemma.partition("-")[0] or surface  # サーバー-server, 私-代名詞
    if all(char.isspace() or unicodedata.category(char) == "Cf" for char in surface):
        lemma = ""
    return len(spaced) - len(surface), len(surface), surface, lemma.casefold(), fields[0]


def _parsed(tagger: fugashi.GenericTagger, text: str) -> list[str]:
    output: str = tagger.parse(text)
    return output[:-2].split("\x1e")


class Tokenizer:
    """Tokens of Japanese and English text. One per thread: it owns a MeCab tagger and caches."""

    def __init__(self, lemmas: Mapping[str, str] | None = None) -> None:
        """`lemmas`: English words in lower case whose lemma simplemma gets wrong, to the lemma wanted."""
        self._tagger = fugashi.GenericTagger(_MECAB.format(_ENTRY))
        self._teller = fugashi.GenericTagger(_MECAB.format(_FEATURES))
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
        source = text[start:end]
        form = unwrapped(source)
        if form.begins:
            return _mapped(self.words(form.text, language), form, text, start)
        found = self._japanese(form.text, start) if language == "ja" else self._english(form.text, start)
        if form.text != source:
            found = [_token((begin, stop, text[begin:stop], lemma, pos)) for begin, stop, _, lemma, pos in found]
        return tuple(found)

    def words(self, text: str, language: str) -> list[Token]:
        """The tokens of a text in NFKC."""
        return self._japanese(text, 0) if language == "ja" else self._english(text, 0)

    def _japanese(self, text: str, begin: int) -> list[Token]:
        readable = _UNREADABLE.sub(" ", text)
        pieces = _PIECE.findall(readable) if len(readable) > _PIECE_LENGTH else (readable,)
        found: list[Token] = []
        for piece in pieces:
            end = begin
            for space, length, surface, lemma, pos in self._read(piece):
                start = end + space
                end = start + length
                if lemma:
                    found.append(_token((start, end, surface, lemma, pos)))
            begin += len(piece)
        return found

    def _read(self, piece: str) -> list[_Item]:
        """The tokens of a piece; its features are asked for only where an entry has not been met before."""
        items, entries = self._items, _parsed(self._tagger, piece)
        try:
            return [items[entry] for entry in entries]
        except KeyError:
            if len(items) + len(entries) > _CACHE_SIZE:
                items.clear()
            items.update(zip(entries, map(_item, _parsed(self._teller, piece)), strict=True))
            return [items[entry] for entry in entries]

    def _english(self, text: str, begin: int) -> list[Token]:
        known = self._lemmas.get
        return [
            _token(
                (
                    start := begin + match.start(),
                    start + len(word := match[1]),
                    word,
                    known(word) or self._lemma(word),
                    "",
                )
            )
            for match in _ENGLISH.finditer(text)
        ]

    def _lemma(self, word: str) -> str:
        key = word.lower().replace("’", "'")
        lemma = self._exceptions.get(key) or self._english_lemmas.lemmatize(key, "en").casefold()
        if len(self._lemmas) >= _CACHE_SIZE:
            self._lemmas.clear()
        self._lemmas[word] = lemma
        return lemma


def _mapped(words: Iterable[Token], form: Normalized, text: str, offset: int) -> tuple[Token, ...]:
    """Tokens of the normal form, put back into the text; those that share a character of the text become one."""
    tokens: list[Token] = []
    begins, ends = form.begins, form.ends
    done = offset
    for first, last, _, lemma, pos in words:
        start, end = offset + begins[first], offset + ends[last]
        if start < done:
            before = tokens.pop()
            start, end, lemma, pos = before.start, max(end, before.end), before.lemma + lemma, before.pos
        tokens.append(_token((start, end, text[start:end], lemma, pos)))
        done = end
    return tuple(tokens)
