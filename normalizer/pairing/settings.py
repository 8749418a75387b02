"""The figures of document pairing, all in one place."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# How often two policies of different organisations share a value of a kind, before any document was counted.
CHANCE = {
    **{"email": 0.001, "phone": 0.001, "postal": 0.005, "domain": 0.02, "name": 0.02, "word": 0.05},
    **{"date": 0.02, "fee": 0.05, "number": 0.1, "period": 0.2, "statute": 0.3, "age": 0.3, "percentage": 0.3},
}
# Kinds that hang together: an e-mail address, its domain and a telephone number are hardly three witnesses.
GROUPS = {
    "contacts": ("email", "phone", "postal", "domain"),
    "names": ("name", "word"),
    "dates": ("date",),
    "terms": ("fee", "number", "period", "age", "percentage"),
    "statutes": ("statute",),
}
# What it costs to share nothing of a group that both sides have.
CONTRADICTION = {"contacts": 20.0, "names": 3.0, "dates": 6.0, "terms": 3.0, "statutes": 2.0}


@dataclass(frozen=True, slots=True)
class Settings:
    """Weights in log-odds, limits in documents."""

    chance: Mapping[str, float] = field(default_factory=lambda: MappingProxyType(CHANCE))
    prior_documents: float = 20.0  # `chance` counts as much as what so many documents show
    agreement: float = 0.9  # of the values that a policy has, so many are in its translation
    dearest: float = 6.0  # the most that one shared value may say
    damping: float = 0.5  # the second-best value of a group counts so much of itself, the third so much of that
    contradiction: Mapping[str, float] = field(default_factory=lambda: MappingProxyType(CONTRADICTION))

    rare: int = 12  # a value that joins more than this squared of couples brings no candidates
    nearest: int = 8  # candidates by profile for each document
    block: int = 512  # documents compared in one matrix product
    center: float = 4.0  # the mean profile of a side counts from so many documents
    headings: int = 60  # headings of a document that are looked at

    concepts_middle: float = 0.35  # likeness at which the concepts say nothing
    concepts_slope: float = 10.0
    outline_middle: float = 0.35
    outline_slope: float = 10.0
    size_slope: float = 3.0  # per unit of the logarithm of the ratio of clause counts

    least: float = 3.0  # log-odds that a pair must have
    least_unsigned: float = 8.0  # and one without a contact or date in common: templates go round among organisations
    # And of these from what is said: an issuer may have several policies, and a translation an older date.
    content_least: float = 0.0
    margin: float = 2.0  # by so much it must be better than what else there is for either side
    margin_unsigned: float = 4.0
