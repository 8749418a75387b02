"""Profiles of Japanese and English policies → which are one policy in two languages, by what they say."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer.embed import in_one_thread
from normalizer.pairing.assign import Scored, assign
from normalizer.pairing.candidates import candidates, concept_vectors
from normalizer.pairing.evidence import Weights, outline, shared
from normalizer.pairing.profile import Profile, profile
from normalizer.pairing.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normalizer.embed import Embedder

__all__ = ["Pair", "Profile", "Settings", "pairs", "profile"]

SETTINGS = Settings()


@dataclass(frozen=True, slots=True)
class Pair:
    """A Japanese and an English document that are one policy."""

    ja: int  # indices into the profiles
    en: int
    score: float  # 0 to 1, how sure the pair is
    evidence: tuple[tuple[str, float], ...]  # what speaks for it (positive) and against it, in log-odds


def pairs(
    ja: Sequence[Profile], en: Sequence[Profile], embedder: Embedder, settings: Settings = SETTINGS
) -> tuple[Pair, ...]:
    """The pairs among the documents of the two sides, by Japanese index; each document is in one at most.

    A document without a counterpart, or with two that are equally likely, is in none. The result depends on the set of
    documents: the rarer a shared value among them, the more it says.
    """
    if not ja or not en:
        return ()
    with in_one_thread():
        found = assign(_scores(ja, en, embedder, settings), settings)
    return tuple(Pair(pair.ja, pair.en, 1 / (1 + math.exp(-pair.total)), pair.evidence) for pair in found)


def _scores(ja: Sequence[Profile], en: Sequence[Profile], embedder: Embedder, settings: Settings) -> list[Scored]:
    weights, vectors = Weights(ja, en, settings), concept_vectors(ja, en, settings)
    groups = [[weights.groups(profile) for profile in side] for side in (ja, en)]
    out = []
    for i, j in candidates(ja, en, vectors, settings):
        said = shared(groups[0][i], groups[1][j], weights, settings)
        likeness = float(vectors[0][i] @ vectors[1][j])
        content = {
            "concepts": settings.concepts_slope * (likeness - settings.concepts_middle),
            "outline": settings.outline_slope * (outline(ja[i], en[j], embedder, settings) - settings.outline_middle),
            "size": -settings.size_slope * abs(math.log((ja[i].clauses + 1) / (en[j].clauses + 1))),
        }
        total = sum(said.values()) + sum(content.values())
        evidence = tuple((name, round(strength, 3)) for name, strength in {**said, **content}.items())
        contacts, dates = said.get("contacts", 0.0), said.get("dates", 0.0)
        signed = contacts > 0 or (dates > 0 and contacts == 0)
        rest = total - contacts - said.get("names", 0.0) - min(0.0, dates)
        out.append(Scored(i, j, total, rest, signed, evidence))
    return out
