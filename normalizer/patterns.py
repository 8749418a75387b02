"""Occurrences of words to what they say together at a distance: patterns and enumerations.

A pattern such as `第三者 … 提供` names a concept by words with others between them. An enumeration such as
開示、訂正又は削除の請求 names one concept for each of its heads.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer.glossary import Coordinated, Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from normalizer.glossary import Pattern
    from normalizer.lexicon import Occurrence
    from normalizer.model import Token

_GAP = 12  # tokens that may stand where a pattern says "…"; "…20" says how many else
_REACH = 10  # tokens between an enumeration and the word that makes it one of requests
_SENTENCE_END = re.compile(r"[。！？!?;；]|\.(?=\s|$)")
_SEGMENT = re.compile(r"…(\d*)")


@dataclass(frozen=True, slots=True)
class Compiled:
    """A pattern ready to run."""

    term: Term
    segments: tuple[tuple[str, ...], ...]  # the phrases that each stretch of words may be
    gaps: tuple[int, ...]  # tokens allowed before each segment


@dataclass(frozen=True, slots=True)
class PatternHit:
    """A pattern found: which tokens its segments took."""

    term: Term
    parts: tuple[tuple[int, int], ...]  # first and last token of each segment, the last exclusive

    @property
    def size(self) -> int:
        """Tokens of the pattern's own words."""
        return sum(last - first for first, last in self.parts)

    @property
    def length(self) -> int:
        """Tokens from the first word to the last."""
        return self.parts[-1][1] - self.parts[0][0]


def compile_pattern(pattern: Pattern) -> Compiled:
    """`provide|hand_over … to|with third party` → two segments, of two phrases each; "_" joins words of one choice."""
    pieces = _SEGMENT.split(pattern.text)
    joint = "" if pattern.language == "ja" else " "
    segments = tuple(
        tuple(
            joint.join(choice).replace("_", " ")
            for choice in itertools.product(*(slot.split("|") for slot in piece.split()))
        )
        for piece in pieces[::2]
    )
    term = Term(pattern.concept, pattern.language, pattern.text, "admitted", source="patterns.csv")
    return Compiled(term, segments, (0, *(int(gap) if gap else _GAP for gap in pieces[1::2])))


class Sentences:
    """Which tokens of `text[start:end]` are in one sentence; looked for when first asked: most clauses never ask."""

    def __init__(self, text: str, start: int, end: int, tokens: Sequence[Token]) -> None:
        self._place, self._tokens = (text, start, end), tokens
        self._ends: list[int] | None = None

    def together(self, one: int, other: int) -> bool:
        """Whether two tokens, given by their indices, are in the same sentence."""
        if self._ends is None:
            self._ends = [match.start() for match in _SENTENCE_END.finditer(*self._place)]
        ends, tokens = self._ends, self._tokens
        return not ends or bisect_left(ends, tokens[one].start) == bisect_left(ends, tokens[other].start)


def find_patterns(
    patterns: Sequence[Compiled],
    steps: Iterable[tuple[Occurrence, tuple[int, int]]],
    sentences: Sentences,
) -> list[PatternHit]:
    """The patterns that the steps complete; a step is an occurrence and the (pattern, segment) it can be.

    One pass: of each pattern only the nearest beginning is kept, so the time is that of the number of steps.
    """
    begun: dict[tuple[int, int], tuple[tuple[int, int], ...]] = {}
    found: list[PatternHit] = []
    for (first, last, _), (number, segment) in steps:
        chain: tuple[tuple[int, int], ...] = ()
        if segment:
            chain = begun.get((number, segment - 1), ())
            if not chain or not 0 <= first - chain[-1][1] <= patterns[number].gaps[segment]:
                continue
            if not sentences.together(chain[0][0], last - 1):
                continue
        chain = (*chain, (first, last))
        if segment == len(patterns[number].segments) - 1:
            found.append(PatternHit(patterns[number].term, chain))
        else:
            begun[number, segment] = chain
    return found


def find_enumerations(
    words: Iterable[tuple[Occurrence, Coordinated]], sentences: Sentences
) -> list[tuple[int, int, Coordinated]]:
    """The heads of enumerations of requests, as (first token, last token, head).

    Two heads count beside a trigger (請求, request), three by themselves.
    """
    heads: dict[int, tuple[int, Coordinated]] = {}
    joiners: dict[int, int] = {}
    triggers: list[tuple[int, int]] = []
    for (first, last, _), word in words:
        if word.role == "head" and last > heads.get(first, (0, word))[0]:
            heads[first] = (last, word)
        elif word.role == "joiner":
            joiners[first] = max(last, joiners.get(first, 0))
        elif word.role == "trigger":
            triggers.append((first, last))
    runs = _runs(heads, joiners, sentences) if len(heads) > 1 else []
    reach = list(itertools.accumulate([last for _, last in triggers], max))
    return [head for run in runs if _is_request(run, _near(run, triggers, reach), sentences) for head in run]


def _runs(
    heads: dict[int, tuple[int, Coordinated]], joiners: dict[int, int], sentences: Sentences
) -> list[list[tuple[int, int, Coordinated]]]:
    runs: list[list[tuple[int, int, Coordinated]]] = []
    reach = -1  # the token where the next head of the run must start
    for first in sorted(heads):
        last, word = heads[first]
        if first < reach and runs and first < runs[-1][-1][1]:
            continue  # inside the head before: 停止 in 利用停止
        if first == reach and sentences.together(runs[-1][-1][0], first):
            runs[-1].append((first, last, word))
        else:
            runs.append([(first, last, word)])
        reach = last
        while reach in joiners and reach not in heads:
            reach = joiners[reach]
    return runs


def _near(
    run: list[tuple[int, int, Coordinated]], triggers: list[tuple[int, int]], reach: list[int]
) -> list[tuple[int, int]]:
    """The triggers that may be in reach of a run; `reach` says how far each and those before it go."""
    first = bisect_left(reach, run[0][0] - _REACH)
    return triggers[first : bisect_right(triggers, run[-1][1] + _REACH, key=lambda trigger: trigger[0])]


def _is_request(run: list[tuple[int, int, Coordinated]], triggers: list[tuple[int, int]], sentences: Sentences) -> bool:
    distinct = len({word.concept for _, _, word in run})
    begin, end = run[0][0], run[-1][1]
    return distinct > 2 or (
        distinct == 2
        and any(
            max(begin - last, first - end) <= _REACH and sentences.together(first, begin) for first, last in triggers
        )
    )
