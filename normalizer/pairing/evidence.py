"""Two profiles → what speaks for their being one policy in two languages, in log-odds.

Shared values are weighed as in record linkage (Fellegi and Sunter 1969, "A Theory for Record Linkage", with the
frequency-based weights of Winkler 1989): the logarithm of how much oftener counterparts share a value than
strangers do.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from typing import TYPE_CHECKING

from normalizer.pairing.settings import GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from normalizer.embed import Embedder
    from normalizer.pairing.candidates import Matrix
    from normalizer.pairing.profile import Profile, Section
    from normalizer.pairing.settings import Settings

GROUP = {kind: group for group, kinds in GROUPS.items() for kind in kinds}
COVERED = ("word", "number", "name")  # an English text has many more of them: only the Japanese ones must be found


Groups = dict[str, frozenset[str]]


class Weights:
    """What each shared value says: the rarer among the documents, the more."""

    def __init__(self, ja: Sequence[Profile], en: Sequence[Profile], settings: Settings) -> None:
        self._settings = settings
        self._sizes = len(ja), len(en)
        self._left = Counter(key for profile in ja for key in profile.keys)
        self._right = Counter(key for profile in en for key in profile.keys)
        self._known: dict[str, float] = {}

    def of(self, key: str) -> float:
        """Log-odds, from 0 to `dearest`. The two documents that share it are no proof that others do."""
        if key not in self._known:
            prior, chance = self._settings.prior_documents, self._settings.chance[_kind(key)]
            sides = ((self._left[key], self._sizes[0]), (self._right[key], self._sizes[1]))
            share = max((max(0, count - 1) + prior * chance) / (size - 1 + prior) for count, size in sides)
            weight = math.log(self._settings.agreement / share)
            self._known[key] = min(self._settings.dearest, max(0.0, weight))
        return self._known[key]

    def groups(self, profile: Profile) -> Groups:
        """The values of a document by group, without the English words that no Japanese document has."""
        out: dict[str, set[str]] = {group: set() for group in GROUPS}
        for key in profile.keys:
            kind = _kind(key)
            if kind not in COVERED or key in self._left:
                out[GROUP[kind]].add(key)
        return {group: frozenset(keys) for group, keys in out.items()}


def shared(ja: Groups, en: Groups, weights: Weights, settings: Settings) -> dict[str, float]:
    """Evidence by group: what both name, less what only one of them names."""
    out: dict[str, float] = {}
    for group in GROUPS:
        common = sorted((weights.of(key) for key in ja[group] & en[group]), reverse=True)
        found = sum(weight * settings.damping**place for place, weight in enumerate(common))
        missed = _missed(ja[group], en[group], weights) if ja[group] and en[group] else 0.0
        if found or missed:
            out[group] = found - settings.contradiction[group] * missed
    return out


def _missed(left: frozenset[str], right: frozenset[str], weights: Weights) -> float:
    """The share, by weight, of the values that have no counterpart; 0 where a side has none of a kind at all."""
    kinds = set(map(_kind, left)) & set(map(_kind, right))
    counted = {key for key in left if _kind(key) in kinds}
    counted |= {key for key in right - left if _kind(key) in kinds and _kind(key) not in COVERED}
    total = math.fsum(weights.of(key) for key in counted)
    alone = math.fsum(weights.of(key) for key in counted if key not in left or key not in right)
    return alone / total if total else 0.0


def _kind(key: str) -> str:
    return key.partition(":")[0]


def outline(ja: Profile, en: Profile, embedder: Embedder, settings: Settings) -> float:
    """How far the headings of one are those of the other, with as much under them and in the same order: 0 to 1."""
    left, right = ja.sections[: settings.headings], en.sections[: settings.headings]
    if not left or not right:
        return 0.0
    likeness = _vectors(left, embedder) @ _vectors(right, embedder).T
    couples = _mutual(likeness)
    alike = sum(max(0.0, float(likeness[i, j])) * _ratio(left[i].clauses + 1, right[j].clauses + 1) for i, j in couples)
    rising = sum(after[1] > before[1] for before, after in itertools.pairwise(couples))
    order = (rising + 1) / max(1, len(couples))
    return 2 * alike / (len(left) + len(right)) * (1 + order) / 2


def _vectors(sections: Iterable[Section], embedder: Embedder) -> Matrix:
    return embedder.encode([section.heading for section in sections])


def _mutual(likeness: Matrix) -> list[tuple[int, int]]:
    rows, columns = likeness.argmax(axis=1), likeness.argmax(axis=0)
    return [(i, int(j)) for i, j in enumerate(rows) if columns[j] == i]


def _ratio(one: int, other: int) -> float:
    return min(one, other) / max(one, other)
