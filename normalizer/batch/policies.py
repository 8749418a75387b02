"""Claims to one policy → the policy, and those of the claims that are too many for one side."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from normalizer.batch.claims import MANIFEST
from normalizer.errors import PairingError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from normalizer.batch.claims import Claim
    from normalizer.batch.sources import Source

ROLES = ("ja", "en", "either")


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy to be read: its name, and its sources."""

    id: str
    ja: Source | None = None
    en: Source | None = None
    either: Source | None = None  # its language is not told by its name
    found: str = "name"  # how its sources came together: "name", "manifest", "content"
    score: float | None = None  # of a pair found by content, 0 to 1
    evidence: tuple[tuple[str, float], ...] = ()  # and what speaks for it, in log-odds

    @property
    def files(self) -> tuple[Source, ...]:
        return tuple(source for _, source in self.sides)

    @property
    def sides(self) -> tuple[tuple[str, Source], ...]:
        """The sources there are, with their roles."""
        found = zip(ROLES, (self.ja, self.en, self.either), strict=True)
        return tuple((role, source) for role, source in found if source)

    @property
    def size(self) -> int:
        """Bytes of the inputs."""
        return sum(source.size for source in self.files)

    @property
    def content(self) -> str:
        """A hash of what is to be read, whatever it is called; empty where a source could not be read."""
        if not all(source.sha256 for source in self.files):
            return ""
        return _hash([[role, source.sha256, source.format or _ending(source)] for role, source in self.sides])

    @property
    def names(self) -> str:
        """A hash of what its sources are called and how they came together."""
        sources = [[role, source.shown, source.name] for role, source in self.sides]
        return _hash([self.id, sources, self.found, self.score, self.evidence])


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:32]


def _ending(source: Source) -> str:
    return source.name.rpartition(".")[2].lower()


@dataclass(frozen=True, slots=True)
class Refusal:
    """An input that cannot be given a place, and why."""

    path: str  # as it is shown
    policy: str
    side: str  # "ja", "en" or ""
    reason: str
    message: str


@dataclass(slots=True)
class _Group:
    """The claims to one policy, by side."""

    id: str
    sides: dict[str, list[Claim]] = field(default_factory=lambda: {"ja": [], "en": [], "": []})


def grouped(id: str, claims: Iterable[Claim]) -> tuple[Policy | None, list[Refusal]]:
    """A policy of the claims to it, and those of them that are too many for one side."""
    group = _Group(id)
    for claim in claims:
        group.sides[claim.side].append(claim)
    sides = group.sides
    room = 2 - bool(sides["ja"]) - bool(sides["en"])
    crowded = {side for side, found in sides.items() if len(found) > 1} | ({""} if sides[""] and not room else set())
    refusals = [_refusal(group, claim) for side in crowded for claim in sides[side]]
    alone = {side: found[0].source for side, found in sides.items() if found and side not in crowded}
    found = "manifest" if any(claims and claims[0].found == "manifest" for claims in sides.values()) else "name"
    policy = Policy(id, alone.get("ja"), alone.get("en"), alone.get(""), found) if alone else None
    return policy, sorted(refusals, key=lambda refusal: refusal.path)


SHOWN = 3  # rivals that a message names


def _refusal(group: _Group, claim: Claim) -> Refusal:
    rivals = group.sides[claim.side] if claim.side else [other for found in group.sides.values() for other in found]
    named = [other.source.shown for other in rivals if other is not claim]
    others = ", ".join(named[:SHOWN]) + (f" and {len(named) - SHOWN:,} more" if len(named) > SHOWN else "")
    side = {"ja": "the Japanese side", "en": "the English side", "": "a side"}[claim.side]
    message = (
        f"{claim.source.shown}: {others} is {side} of policy {group.id!r} too; remove or rename one, or say in a "
        f"{MANIFEST} (columns policy, ja, en) which belong together"
    )
    return Refusal(claim.source.shown, group.id, claim.side, PairingError.reason, message)
