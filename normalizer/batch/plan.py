"""Files, folders and manifests → policies: which Japanese file is the counterpart of which English one.

By name: `shop.ja.txt` with `shop.en.txt` (also `shop_ja`, `shop-en`), `ja/shop.txt` with `en/shop.txt`, and
`shop.txt` with the one of these that it lacks. By manifest: a CSV with the columns policy, ja, en; one named
manifest.csv in a folder says all that is to be read in that folder.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from normalizer.errors import InputError, NormalizerError, PairingError
from normalizer.reading import FORMATS, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MANIFEST = "manifest.csv"
COLUMNS = ("policy", "ja", "en")
CODES = {"ja": "ja", "jp": "ja", "jpn": "ja", "japanese": "ja", "en": "en", "eng": "en", "english": "en"}
MARKED = re.compile(rf"(?P<stem>.+)[._-](?P<code>{'|'.join(CODES)})", re.IGNORECASE)
ENDINGS = tuple(ending for ending in FORMATS if ending)
NO_POLICY = re.compile(r"(?:readme|license|changelog|contributing)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy to be read: its name, and its files."""

    id: str
    ja: Path | None = None
    en: Path | None = None
    either: Path | None = None  # its language is not told by its name
    found: str = "name"  # how its files came together: "name", "manifest", "content"
    score: float | None = None  # of a pair found by content, 0 to 1
    evidence: tuple[tuple[str, float], ...] = ()  # and what speaks for it, in log-odds

    @property
    def files(self) -> tuple[Path, ...]:
        return tuple(path for path in (self.ja, self.en, self.either) if path)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that cannot be given a place, and why."""

    path: Path
    policy: str
    side: str  # "ja", "en" or ""
    error: NormalizerError


@dataclass(frozen=True, slots=True)
class Claim:
    """A file that is, or says it is, one side of a policy."""

    policy: str
    side: str  # "ja", "en" or "" where its name does not tell
    path: Path
    found: str = "name"


def plan(inputs: Sequence[Path]) -> tuple[tuple[Policy, ...], tuple[Refusal, ...]]:
    """The policies among `inputs` (files, folders, manifests), by name, and the inputs that have no place.

    Every policy file is in exactly one policy or refusal, and is read once however often it is named. An input that
    does not exist, a folder without policies and a damaged manifest are refusals too.
    """
    claims: dict[str, Claim] = {}
    policies, refusals = [], []
    for path in inputs:
        try:
            for claim in _claims(path):
                claims.setdefault(os.path.realpath(claim.path), claim)
        except NormalizerError as error:
            refusals.append(Refusal(path, "", "", error))
    groups: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims.values():
        groups[claim.policy].append(claim)
    for id in sorted(groups):
        policy, refused = _policy(id, groups[id])
        refusals.extend(refused)
        if policy:
            policies.append(policy)
    return tuple(policies), tuple(refusals)


def _claims(path: Path) -> list[Claim]:
    """What an input holds. Raises InputError where there is nothing, PairingError for a damaged manifest."""
    if path.is_dir():
        if (path / MANIFEST).is_file():
            return list(_manifest(path / MANIFEST))
        if not (found := [_claim(file, file.relative_to(path)) for file in _files(path)]):
            endings = ", ".join(ENDINGS)
            raise InputError(f"{path}: no policies in this folder; policies are files that end in {endings}")
        return found
    if not os.path.lexists(path):
        raise InputError(f"{path}: no such file or folder; check the path")
    return list(_manifest(path)) if path.suffix.lower() == ".csv" else [_claim(path, Path(path.name))]


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix.lower() in ENDINGS and path.is_file() and not hidden and not NO_POLICY.match(path.name):
            yield path


def _claim(path: Path, shown: Path) -> Claim:
    """The policy and side that a file's name speaks of; `shown` is its path below the folder given."""
    shown = Path(printable(str(shown)))
    stem = shown.name.removesuffix(shown.suffix)
    if found := MARKED.fullmatch(stem):
        return Claim(shown.with_name(found["stem"]).as_posix(), CODES[found["code"].lower()], path)
    sides = [index for index, part in enumerate(shown.parts[:-1]) if part.lower() in CODES]
    if sides:
        parts = [part for index, part in enumerate(shown.parts[:-1]) if index != sides[-1]]
        return Claim(Path(*parts, stem).as_posix(), CODES[shown.parts[sides[-1]].lower()], path)
    return Claim(shown.with_name(stem).as_posix(), "", path)


def _manifest(path: Path) -> Iterator[Claim]:
    try:
        reader = csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise PairingError(f"{path}:1: column {missing[0]!r} is missing; a manifest has policy, ja, en")
        seen: dict[str, int] = {}
        for row in reader:
            yield from _row(path, reader.line_num, row, seen)
    except UnicodeDecodeError as error:
        raise PairingError(f"{path}: not UTF-8 at byte {error.start}; save the manifest as UTF-8") from error
    except csv.Error as error:
        raise PairingError(f"{path}: not a table ({error}); save the manifest as CSV with policy, ja, en") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check its permissions") from error


def _row(path: Path, line: int, row: dict[str, str | None], seen: dict[str, int]) -> Iterator[Claim]:
    policy = (row["policy"] or "").strip()
    sides = {side: (row[side] or "").strip() for side in ("ja", "en")}
    if not policy or not any(sides.values()):
        raise PairingError(f"{path}:{line}: a row needs a policy name and at least one of ja and en")
    files = [f"file {name}" for name in sides.values() if name]
    for named in (f"policy {policy}", *files):
        if named in seen:
            raise PairingError(f"{path}:{line}: {named} stands in line {seen[named]} too; name each once")
        seen[named] = line
    for side, name in sides.items():
        if name:
            yield Claim(policy, side, path.parent / name, "manifest")


def _policy(id: str, claims: Iterable[Claim]) -> tuple[Policy | None, list[Refusal]]:
    """A policy of the claims to it, and those of them that are too many for one side."""
    sides: dict[str, list[Claim]] = {"ja": [], "en": [], "": []}
    for claim in claims:
        sides[claim.side].append(claim)
    room = 2 - bool(sides["ja"]) - bool(sides["en"])
    crowded = {side for side, found in sides.items() if len(found) > 1} | ({""} if sides[""] and not room else set())
    refusals = [_refusal(id, claim, sides) for side in crowded for claim in sides[side]]
    alone = {side: found[0].path for side, found in sides.items() if found and side not in crowded}
    found = "manifest" if any(claims and claims[0].found == "manifest" for claims in sides.values()) else "name"
    policy = Policy(id, alone.get("ja"), alone.get("en"), alone.get(""), found) if alone else None
    return policy, sorted(refusals, key=lambda refusal: str(refusal.path))


def _refusal(id: str, claim: Claim, sides: dict[str, list[Claim]]) -> Refusal:
    rivals = sides[claim.side] if claim.side else [other for found in sides.values() for other in found]
    others = ", ".join(str(other.path) for other in rivals if other is not claim)
    side = {"ja": "the Japanese side", "en": "the English side", "": "a side"}[claim.side]
    error = PairingError(
        f"{claim.path}: {others} is {side} of policy {id!r} too; remove or rename one, or say in a {MANIFEST} "
        "(columns policy, ja, en) which belong together"
    )
    return Refusal(claim.path, id, claim.side, error)
