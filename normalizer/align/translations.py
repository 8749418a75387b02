"""Texts of both sides to how far the words of each explain those of the other, by a table of words and translations."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import ahocorasick
import numpy as np

from normalizer.glossary import glossary_folder
from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from normalizer.align.groups import Matrix

TABLE, COLUMNS = "word_pairs.csv", ("ja", "en", "en_of_ja", "ja_of_en")
SCANNED = 20_000  # characters of a clause whose words are asked
ENGLISH = re.compile(r"[a-z]{2,}", re.ASCII)
KANJI = re.compile(r"[一-鿿々]")
SURE = 2  # a word is explained once the probabilities of its translations add up to one in so many
TINY = 1e-6
FEW = 4.0  # rarity of unexplained words added to both clauses, so that little is made of short ones


class Translated(NamedTuple):
    """What translations say of each Japanese (row) with each English text (column)."""

    likeness: Matrix  # the share of their words, 0 to 1, that some word of the other explains
    runs: Matrix  # the same of the likeliest run of either text and a neighbour with the other; 0 without neighbours
    known: Matrix  # how many of their words the table knows, 0 none to 1 very many
    told: tuple[Matrix, Matrix]  # the share of the words of the Japanese text that are explained; and of the English


@dataclass(frozen=True, slots=True)
class WordPairs:
    """Which Japanese words are translated by which English words; each word is a number."""

    japanese: ahocorasick.Automaton  # form → its length, the word
    english: dict[str, int]  # form → the word
    pairs: tuple[NDArray[np.int64], NDArray[np.int64]]  # the words of each pair
    chances: tuple[Matrix, Matrix]  # of each pair: that the first is translated by the second, and the other way round

    def translated(self, ja: Sequence[str], en: Sequence[str]) -> Translated:
        """How far the words of each text explain those of each text of the other side.

        Words weigh the more the fewer of these texts have them, as in Moore (2002) and hunalign (Varga et al. 2005)
        those that both sides share. O(n m) for each word that the texts have.
        """
        left, right = incidence([self.of_japanese(text) for text in ja]), incidence([self.of_english(x) for x in en])
        places = [np.searchsorted(words, pair) for (words, _), pair in zip((left, right), self.pairs, strict=True)]
        known = [
            words[at.clip(max=len(words) - 1)] == pair if len(words) else pair < 0
            for (words, _), at, pair in zip((left, right), places, self.pairs, strict=True)
        ]
        both = known[0] & known[1]
        table = np.zeros((2, len(left[0]), len(right[0])), dtype=np.float32)
        for layer, chance in zip(table, self.chances, strict=True):
            layer[places[0][both], places[1][both]] = chance[both]
        rarity = [np.log1p(len(has) / np.maximum(has.sum(axis=0), 1)) for _, has in (left, right)]
        has = left[1], right[1]
        found, own = explained(has, table, rarity)
        whole = own[0] + own[1] + np.float32(FEW)
        shares = [
            np.asarray(part / np.maximum(size, TINY), dtype=np.float32) for part, size in zip(found, own, strict=True)
        ]
        some = np.asarray(1 - FEW / whole, dtype=np.float32)
        return Translated((found[0] + found[1]) / whole, wider(has, table, rarity), some, (shares[0], shares[1]))

    def of_japanese(self, text: str) -> set[int]:
        """The words of a Japanese text: the longest forms from the left. One kanji is a word only by itself."""
        plain = unicodedata.normalize("NFKC", text[:SCANNED])
        return {
            word
            for last, (length, word) in self.japanese.iter_long(plain)
            if length > 1 or not (KANJI.match(plain, last + 1) or (last and KANJI.match(plain, last - 1)))
        }

    def of_english(self, text: str) -> set[int]:
        """The words of an English text."""
        found = map(self.english.get, ENGLISH.findall(text[:SCANNED].casefold()))
        return {word for word in found if word is not None}


def explained(has: tuple[Matrix, Matrix], table: Matrix, rarity: Sequence[Matrix]) -> tuple[list[Matrix], list[Matrix]]:
    """The rarity of the words of each Japanese (row) text that those of each English text (column) explain, and the
    other way round; and that of all words of each."""
    found = [
        (has[0] * rarity[0]) @ np.minimum(SURE * has[1] @ table[1].T, 1).T,
        (np.minimum(SURE * has[0] @ table[0], 1) * rarity[1]) @ has[1].T,
    ]
    return found, [(has[0] @ rarity[0])[:, None], (has[1] @ rarity[1])[None, :]]


def wider(has: tuple[Matrix, Matrix], table: Matrix, rarity: Sequence[Matrix]) -> Matrix:
    """The largest likeness of a run of two neighbours, one of which is the text, with the text of the other side."""
    out = np.zeros((len(has[0]), len(has[1])), dtype=np.float32)
    for side in (0, 1):
        runs = np.maximum(has[side][:-1], has[side][1:])
        found, own = explained((runs, has[1]) if side == 0 else (has[0], runs), table, rarity)
        like = (found[0] + found[1]) / (own[0] + own[1] + np.float32(FEW))
        for cells in (out[:-1], out[1:]) if side == 0 else (out[:, :-1], out[:, 1:]):
            np.maximum(cells, like, out=cells)
    return out


def incidence(sets: Sequence[set[int]]) -> tuple[NDArray[np.int64], Matrix]:
    """The words that any text has, ascending; and 1 where a text (row) has a word (column)."""
    counts = [len(words) for words in sets]
    flat = np.fromiter((word for words in sets for word in words), dtype=np.int64, count=sum(counts))
    words, column = np.unique(flat, return_inverse=True)
    out = np.zeros((len(sets), len(words)), dtype=np.float32)
    out[np.repeat(np.arange(len(sets)), counts), column] = 1
    return words, out


@cache
def shipped() -> WordPairs:
    """The pairs of the tables that come with the package."""
    return load(glossary_folder())


def load(folder: Path) -> WordPairs:
    """Read word_pairs.csv of a glossary folder. Raises GlossaryError where a row is wrong."""
    problems = Problems()
    cells: tuple[dict[str, int], dict[str, int]] = {}, {}
    pairs: list[tuple[int, int]] = []
    chances: list[tuple[float, float]] = []
    for line, row in read_table(folder / TABLE, COLUMNS, problems):
        pairs.append((cells[0].setdefault(row["ja"], len(cells[0])), cells[1].setdefault(row["en"], len(cells[1]))))
        try:
            chances.append((chance(row["en_of_ja"]), chance(row["ja_of_en"])))
        except ValueError:
            problems.add(folder / TABLE, line, "en_of_ja and ja_of_en are probabilities, from 0 to 1")
    problems.refuse()
    columns = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    both = np.array(chances, dtype=np.float32).reshape(-1, 2).T
    automaton = ahocorasick.Automaton()
    for form, word in forms(cells[0]):
        automaton.add_word(form, (len(form), word))
    automaton.make_automaton()
    return WordPairs(automaton, dict(forms(cells[1])), (columns[0], columns[1]), (both[0], both[1]))


def forms(cells: dict[str, int]) -> Iterator[tuple[str, int]]:
    """Each form of the cells with its word."""
    return ((form, word) for cell, word in cells.items() for form in cell.split("|"))


def chance(cell: str) -> float:
    """A probability. Raises ValueError for anything else."""
    value = float(cell)
    if not 0 <= value <= 1:
        raise ValueError(cell)
    return value
