"""Phrases and the tokens of a clause to the places where the phrases stand, whatever their inflection and spelling.

A Japanese phrase is found by its characters (Aho-Corasick, on token boundaries) or by its sequence of lemmas: together
they find 99.97 % of 2,232 forms in ten carrier sentences each, the lemmas bring the spellings (漏えい = 漏洩). An
English phrase is found by its lemmas; a hyphen is a space, and articles inside do not count.
"""

from __future__ import annotations

import itertools
import json
from bisect import bisect_left
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import ahocorasick

from normalizer.cache import remembered
from normalizer.nfkc import normalize, unwrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from normalizer.model import Token
    from normalizer.tokens import Tokenizer

# MeCab reads a short word by its neighbours, so it is compiled as it is read alone, as an object and before a suffix.
_CARRIERS = ("{}。", "は、{}を行う。", "基づく{}等。")
_SHORT = 8  # characters; longer phrases read the same everywhere
_NEGATING = frozenset("不非未無再")  # 非公開 does not speak of 公開
_ARTICLES = frozenset(("a", "an", "the", "any"))
# A lemma is written in two characters, so that each step of the automaton chooses among few: it tries one by one.
_FIRST, _SECOND, _SIDE = 0x10000, 0x20000, 256
_UNKNOWN = "\0\0"  # a lemma of no phrase
_START, _END, _LEMMA = itemgetter(0), itemgetter(1), itemgetter(3)  # of a token


Occurrence = tuple[int, int, int]  # index of the first token of a phrase, index after its last, number of the phrase


class Lexicon:
    """Compiled phrases of one language: an automaton over lemmas, each a character, and one over characters."""

    def __init__(self, phrases: Sequence[str], tokenizer: Tokenizer, language: str) -> None:
        """Compiling takes 0.1 ms a phrase, the first time; `normalizer.cache` remembers what came of it."""
        sources = (json.dumps(phrases).encode(), tokenizer.exceptions.encode())
        compiled = remembered(f"lexicon-{language}", sources, lambda: _compiled(phrases, tokenizer, language))
        self._sequences = Sequences(compiled["alphabet"], compiled["sequences"])
        self._forms = _automaton(compiled["forms"])
        self._japanese = language == "ja"
        tokenizer.learn(compiled["lemmas"])

    def occurrences(self, text: str, start: int, end: int, tokens: Sequence[Token]) -> list[Occurrence]:
        """Every place of every phrase in `text[start:end]`, which has these tokens; in order, overlaps and all."""
        found = self._by_lemma(tokens)
        if self._japanese:
            found.update(self._by_character(text, start, end, tokens))
            if not _NEGATING.isdisjoint(text[start:end]):
                found = {hit for hit in found if not _negated(tokens, hit[0])}
        return sorted(found)

    def _by_lemma(self, tokens: Sequence[Token]) -> set[Occurrence]:
        lemmas = list(map(_LEMMA, tokens))
        found = self._sequences.occurrences(lemmas)
        return found if _ARTICLES.isdisjoint(lemmas) else found | self._over_articles(lemmas)

    def _over_articles(self, lemmas: Sequence[str]) -> set[Occurrence]:
        """The phrases inside which the text has articles, one at a place."""
        places = [index for index, lemma in enumerate(lemmas) if lemma not in _ARTICLES]
        found = set[Occurrence]()
        for first, last, phrase in self._sequences.occurrences([lemmas[index] for index in places]):
            inside = places[first:last]
            if inside[-1] - inside[0] >= len(inside) and all(b - a <= 2 for a, b in itertools.pairwise(inside)):
                found.add((inside[0], inside[-1] + 1, phrase))
        return found

    def _by_character(self, text: str, start: int, end: int, tokens: Sequence[Token]) -> Iterator[Occurrence]:
        form = unwrapped(text[start:end])
        begins, ends = form.begins, form.ends
        firsts = dict(zip(map(_START, tokens), itertools.count(), strict=False))
        lasts = dict(zip(map(_END, tokens), itertools.count(1), strict=False))
        for last_at, (length, phrases) in self._forms.iter(form.text):
            stop = last_at + 1
            begin = stop - length
            last = lasts.get(start + (ends[stop] if begins else stop))
            if last is not None and (first := firsts.get(start + (begins[begin] if begins else begin))) is not None:
                for phrase in phrases:
                    yield first, last, phrase


class Sequences:
    """Finds sequences of lemmas: an automaton in which each lemma is two characters."""

    def __init__(self, alphabet: Sequence[str], sequences: dict[str, list[int]]) -> None:
        """alphabet: the lemmas of all sequences. sequences: each in `codes` of them, with its numbers."""
        self._codes = codes(alphabet)
        self._automaton = _automaton(sequences)

    def occurrences(self, lemmas: Iterable[str]) -> set[Occurrence]:
        """Every place of every sequence in these lemmas."""
        coded = "".join(map(self._codes.get, lemmas, itertools.repeat(_UNKNOWN)))
        return {
            (last + 1 - length >> 1, last + 1 >> 1, number)
            for last, (length, numbers) in self._automaton.iter(coded)
            for number in numbers
        }


def codes(alphabet: Iterable[str]) -> dict[str, str]:
    """Each lemma with the two characters that stand for it, by its place among the lemmas."""
    return {lemma: _code(at) for at, lemma in enumerate(alphabet)}


def _code(number: int) -> str:
    return chr(_FIRST + number // _SIDE) + chr(_SECOND + number % _SIDE)


def _automaton(phrases: dict[str, list[int]]) -> ahocorasick.Automaton:
    """What finds these words, each with its length and the numbers of its phrases."""
    automaton = ahocorasick.Automaton()
    for word, numbers in (phrases or {"\0": []}).items():  # an automaton without words does not run
        automaton.add_word(word, (len(word), numbers))
    automaton.make_automaton()
    return automaton


def _compiled(phrases: Sequence[str], tokenizer: Tokenizer, language: str) -> dict[str, Any]:
    """What a Lexicon holds, in lists and dicts only."""
    codes: dict[str, str] = {}
    sequences: dict[str, list[int]] = {}
    forms: dict[str, list[int]] = {}
    lemmas: dict[str, str] = {}
    for number, phrase in enumerate(phrases):
        form = normalize(phrase).text
        if language == "ja":
            keys = _japanese_keys(form, tokenizer)
            if form:
                forms.setdefault(form, []).append(number)
        else:
            words = tokenizer.words(form, language)
            lemmas.update((word.surface, word.lemma) for word in words)
            keys = {_english_key([word.lemma for word in words])}
        for key in sorted(filter(None, keys)):
            sequence = "".join([codes.setdefault(lemma, _code(len(codes))) for lemma in key])
            sequences.setdefault(sequence, []).append(number)
    return {"alphabet": list(codes), "sequences": sequences, "forms": forms, "lemmas": lemmas}


def _negated(tokens: Sequence[Token], first: int) -> bool:
    before = tokens[first - 1] if first else None
    return before is not None and before.surface in _NEGATING and before.end == tokens[first].start


def _japanese_keys(form: str, tokenizer: Tokenizer) -> set[tuple[str, ...]]:
    carriers = _CARRIERS if len(form) <= _SHORT else _CARRIERS[:1]
    words = tokenizer.words("".join(carrier.format(form) for carrier in carriers), "ja")
    starts = [word.start for word in words]
    keys, begin = set(), 0
    for carrier in carriers:
        start = begin + carrier.index("{}")
        inside = words[bisect_left(starts, start) : bisect_left(starts, start + len(form))]
        if inside and inside[0].start == start and inside[-1].end == start + len(form):
            keys.add(tuple(word.lemma for word in inside))
        begin += len(carrier) - 2 + len(form)
    return keys


def _english_key(lemmas: list[str]) -> tuple[str, ...]:
    return tuple(lemmas[:1] + [lemma for lemma in lemmas[1:] if lemma not in _ARTICLES])
