"""Folded texts and blocks to the units that are likely to be like each text: those that share its rare pieces.

Many texts go through each array operation together, so that one costs little more time than a few.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from normalizer.memory.keys import grams

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from normalizer.memory.blocks import Block
    from normalizer.model import Language

CANDIDATES = 32  # units that are compared in full with a text, at most
_POSTINGS = 700  # units that are looked at, at most, beside those of the rarest pieces
_RAREST = 3  # pieces that are looked at, however common
_LIKELY = 0.4  # how much less likely than the likeliest a unit may be
_TEXT = 32  # bits of a unit's number among those of all blocks; above them is that of the text
_UNIT = 2**_TEXT - 1


class Index:
    """All blocks of a language, their units numbered through."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._blocks = tuple(blocks)
        sizes = [len(block.numbers) for block in self._blocks]
        self._firsts = np.array([sum(sizes[:at]) for at in range(len(sizes))])  # the first unit of each block
        if self._blocks:
            self._numbers = np.concatenate([block.numbers for block in self._blocks])
            self._lengths = np.concatenate([block.lengths for block in self._blocks])
            self._begins = np.concatenate([block.begins() for block in self._blocks])
            self._ends = np.concatenate([block.ends for block in self._blocks])

    def candidates(self, texts: Sequence[str], language: Language, floor: float) -> list[list[tuple[int, str]]]:
        """For each folded text the numbers and texts of the likely units, the likeliest first.

        floor: how like a text they must be.
        """
        found: list[list[tuple[int, str]]] = [[] for _ in texts]
        if not self._blocks:
            return found
        lengths = np.array([len(text) for text in texts])
        units, pieces = self._units([grams(text, language) for text in texts])
        text, unit = self._likely(units, pieces, lengths, floor)
        for at, number, stored in zip(text.tolist(), self._numbers[unit].tolist(), self._texts(unit), strict=True):
            found[at].append((number, stored))
        return found

    def _texts(self, units: NDArray[np.int64]) -> Iterable[str]:
        texts = [block.texts for block in self._blocks]
        blocks = (self._firsts.searchsorted(units, side="right") - 1).tolist()
        spans = zip(blocks, self._begins[units].tolist(), self._ends[units].tolist(), strict=True)
        return [texts[block][begin:end].decode() for block, begin, end in spans]

    def _units(self, pieces: list[list[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The units that have the rarest pieces of each text, once for each piece; how many pieces each text has."""
        owner = np.arange(len(pieces)).repeat([len(own) for own in pieces])
        flat = np.array([*chain.from_iterable(pieces)], np.int64)
        spots = [block.find(flat) for block in self._blocks]
        rare = _rarest(owner, sum((sizes for _, sizes in spots), np.zeros(len(flat), np.int64)))
        owner = owner[rare]
        parts = []
        for block, first, (starts, sizes) in zip(self._blocks, self._firsts.tolist(), spots, strict=True):
            size = sizes[rare]
            ends = size.cumsum()
            at = (starts[rare] + size - ends).repeat(size)
            at += np.arange(len(at))
            parts.append(((owner << _TEXT) + first).repeat(size) + block.places[at])
        return np.concatenate(parts), np.bincount(owner, minlength=len(pieces))

    def _likely(
        self, units: NDArray[np.int64], pieces: NDArray[np.int64], lengths: NDArray[np.int64], floor: float
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The likeliest units of each text, as texts and units, by the share of its pieces and by how long they are."""
        units, times = _counted(units)
        text, unit = units >> _TEXT, units & _UNIT
        own, asked = self._lengths[unit], lengths[text]
        alike = np.minimum(own, asked) / np.maximum(own, asked)  # no two texts are more like than that
        score = times / pieces[text] + alike
        score[alike < floor] = 0
        most = np.full(len(lengths), _LIKELY)
        np.maximum.at(most, text, score)
        likely = (score > most[text] - _LIKELY).nonzero()[0]
        order = likely[np.argsort(4 * text[likely] - score[likely], kind="stable")]
        text = text[order]
        first = np.arange(len(order)) - text.searchsorted(text) < CANDIDATES
        return text[first], unit[order[first]]


def _rarest(owner: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of the pieces of each text the rarest, as many as there is time for; sizes: how many units have each."""
    order = ((owner << _TEXT) + sizes).argsort(kind="stable")
    order = order[sizes[order] > 0]
    own, counts = owner[order], sizes[order]
    sums = counts.cumsum()
    first = own.searchsorted(own)  # where each one's text begins
    before = (sums - counts)[first]
    return order[(np.arange(len(order)) - first < _RAREST) | (sums - before <= _POSTINGS)]


def _counted(units: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct units in their order, and how often each is there."""
    units.sort()
    new = np.ones(len(units) + 1, np.bool_)
    np.not_equal(units[1:], units[:-1], out=new[1:-1])
    at = new.nonzero()[0]
    return units[at[:-1]], at[1:] - at[:-1]
