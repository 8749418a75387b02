"""What the user names (files, folders, patterns, URLs, archives, tables, manifests) → claims to a side of a policy.

By name: `shop.ja.txt` with `shop.en.txt` (also `shop_ja`, `shop-en`), `ja/shop.txt` with `en/shop.txt`, and
`shop.txt` with the one of these that it lacks. By manifest: a CSV with the columns policy, ja, en; one named
manifest.csv in a folder says all that is to be read in that folder.
"""

from __future__ import annotations

import csv
import glob
import hashlib
import io
import os
import re
import stat
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from normalizer.batch import remote
from normalizer.batch.containers import ARCHIVES, Columns, ending, members
from normalizer.batch.sources import Source, fetch
from normalizer.errors import InputError, NormalizerError, PairingError
from normalizer.reading import FORMATS, MAX_BYTES, format_of, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from normalizer.batch.spool import Spool

MANIFEST = "manifest.csv"
COLUMNS = ("policy", "ja", "en")
CODES = {"ja": "ja", "jp": "ja", "jpn": "ja", "japanese": "ja", "en": "en", "eng": "en", "english": "en"}
MARKED = re.compile(rf"(?P<stem>.+)[._-](?P<code>{'|'.join(CODES)})", re.IGNORECASE)
ENDINGS = tuple(ending for ending in FORMATS if ending)
NO_POLICY = re.compile(r"(?:readme|license|changelog|contributing)\b", re.IGNORECASE)
ARCHIVE_ENDINGS = tuple(ARCHIVES)
POLICIES = f"files that end in {', '.join(ENDINGS)}"


@dataclass(frozen=True, slots=True)
class Claim:
    """A source that is, or says it is, one side of a policy."""

    policy: str
    side: str  # "ja", "en" or "" where its name does not tell
    source: Source
    found: str = "name"
    error: NormalizerError | None = None  # why it cannot be read, where that is known already


@dataclass(frozen=True, slots=True)
class Passed:
    """What an input holds that is not read, and does not fail either: told in one line."""

    message: str


def claims(given: str, spool: Spool, columns: Columns) -> Iterator[Claim | Passed]:
    """What an input holds. Raises InputError where there is nothing, PairingError for a damaged manifest."""
    empty = True
    for found in _claims(given, spool, columns):
        empty = empty and isinstance(found, Passed)
        yield found
    if empty:
        raise InputError(f"{given}: no policies in it; policies are {POLICIES}, or texts in tables and crawls")


def _claims(given: str, spool: Spool, columns: Columns) -> Iterator[Claim | Passed]:
    path = Path(given)
    if remote.is_url(given):
        yield from _remote(given, spool, columns)
    elif path.is_dir():
        yield from _folder(path, spool, columns)
    elif os.path.lexists(path):
        yield from _file(path, Path(path.name), spool, columns)
    elif any(char in given for char in remote.MAGIC):
        yield from _pattern(given, spool, columns)
    else:
        raise InputError(f"{given}: no such file or folder; check the path")


def _folder(path: Path, spool: Spool, columns: Columns) -> Iterator[Claim | Passed]:
    if (path / MANIFEST).is_file():
        yield from _listed(path)
        return
    passed: Counter[str] = Counter()
    unlisted: list[OSError] = []
    read = 0
    for file in _files(path, unlisted):
        if kind := _unread(file):
            passed[kind] += 1
            continue
        before = read
        for claim in _file(file, file.relative_to(path), spool, columns):
            yield claim
            read += 1
        passed["archives without policies"] += read == before
    for error in unlisted:
        name = printable(str(error.filename))
        message = f"{name}: cannot be listed ({error.strerror}); check its permissions"
        yield Claim("", "", Source(name, name, name), error=InputError(message))
    if not read and not unlisted:
        raise InputError(f"{path}: no policies in this folder; policies are {POLICIES}")
    if +passed:
        yield Passed(f"{path}: passed over are {_told(passed)}; what you name one by one is read")


def _listed(path: Path) -> Iterator[Claim | Passed]:
    """What the manifest of a folder names, and how much of the folder it does not."""
    named = set()
    for claim in _manifest(path / MANIFEST):
        named.add(os.path.realpath(claim.source.place))
        yield claim
    others = sum(not _unread(file) and os.path.realpath(file) not in named for file in _files(path, []))
    if others:
        yield Passed(f"{path / MANIFEST} says what is read of its folder: {others:,} other files are passed over")


def _files(folder: Path, unlisted: list[OSError]) -> Iterator[Path]:
    """Files below a folder, not hidden; links to folders are not followed, so no circle is walked. unlisted: takes what
    the system says of folders that it does not let us see."""
    for place, folders, names in os.walk(folder, onerror=unlisted.append):
        links = [name for name in folders if os.path.islink(f"{place}/{name}")]
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(place, name) for name in sorted(names + links) if not name.startswith("."))


def _unread(file: Path) -> str:
    """What a file in a folder is that is not read; "" for policies and archives."""
    lower = file.name.lower()
    try:
        mode = os.stat(file).st_mode
    except PermissionError:  # reading it will say so
        mode = stat.S_IFREG
    except OSError:
        return "links that lead nowhere"
    if not stat.S_ISREG(mode):
        return "links to folders" if stat.S_ISDIR(mode) else "devices and the like"
    if not lower.endswith(ENDINGS + ARCHIVE_ENDINGS):
        return printable(ending(lower) or file.suffix.lower()) or "files without an ending"
    return "READMEs and the like" if NO_POLICY.match(file.name) else ""


TOLD = 6  # kinds of files that are passed over


def _told(passed: Counter[str]) -> str:
    most = (+passed).most_common(TOLD)
    rest = passed.total() - sum(count for _, count in most)
    return ", ".join(f"{count:,} {kind}" for kind, count in most) + (f" and {rest:,} others" if rest else "")


def _pattern(given: str, spool: Spool, columns: Columns) -> Iterator[Claim | Passed]:
    found = sorted(glob.glob(given, recursive=True))
    if not found:
        raise InputError(f"{given}: no file fits this pattern; check the path")
    base = given[: min(given.index(char) for char in remote.MAGIC if char in given)].rpartition("/")[0]
    for name in found:
        if os.path.isfile(name):
            yield from _file(Path(name), Path(os.path.relpath(name, base or ".")), spool, columns)


def _file(path: Path, shown: Path, spool: Spool, columns: Columns) -> Iterator[Claim]:
    """One file: a manifest, a container, or a policy; `shown` is its path below what was given."""
    if path.suffix.lower() == ".csv":
        yield from _manifest(path)
    elif ending(path.name):
        yield from _contained(str(path), shown, spool, columns)
    else:
        policy, side = named(str(shown))
        yield Claim(policy, side, of_file(path))


def of_file(path: Path) -> Source:
    """An ordinary file as a source, hashed. What cannot be read has no hash, and reading it will say why."""
    source = Source(str(path), printable(str(path)), printable(path.name))
    try:
        status = path.stat()
        if not path.is_file() or status.st_size > MAX_BYTES:
            return source
        data = path.read_bytes()
    except OSError:
        return source
    return replace(source, size=len(data), sha256=hashlib.sha256(data).hexdigest())


def _contained(place: str, shown: Path, spool: Spool, columns: Columns) -> Iterator[Claim]:
    """What a container holds, its errors too; of an archive what its names say are policies."""
    try:
        for member in members(place, printable(place), spool, columns):
            name = PurePosixPath(member.path).name
            if member.policy or not member.path:
                side = CODES.get(member.language.partition("-")[0], "")
                yield Claim(member.policy, side, member.source, error=member.error)
            elif member.source.kind == "warc" or (name.lower().endswith(ENDINGS) and _wanted(member.path, name)):
                policy, side = named(member.path)
                yield Claim(policy, side, member.source, error=member.error)
    except NormalizerError as error:
        yield Claim("", "", Source(place, printable(place), printable(shown.name)), error=error)


def _wanted(path: str, name: str) -> bool:
    hidden = any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(path).parts)
    return not hidden and not NO_POLICY.match(name)


def _remote(url: str, spool: Spool, columns: Columns) -> Iterator[Claim | Passed]:
    passed: Counter[str] = Counter()
    for place, below in remote.files(url):
        if ending(place):
            yield from _contained(place, Path(below), spool, columns)
        elif below.lower().endswith(ENDINGS):
            policy, side = named(below)
            yield _of_url(place, below, policy, side)
        else:
            passed[PurePosixPath(below).suffix.lower() or "files without an ending"] += 1
    if passed:
        yield Passed(f"{url}: passed over are {_told(passed)}")


def _of_url(place: str, below: str, policy: str, side: str, found: str = "name") -> Claim:
    source = Source(place, printable(place), PurePosixPath(below).name, kind="url")
    try:
        format_of(source.name, source.shown)
        data = fetch(source)
    except NormalizerError as error:
        return Claim(policy, side, source, found, error)
    return Claim(policy, side, replace(source, size=len(data), sha256=hashlib.sha256(data).hexdigest()), found)


def named(path: str) -> tuple[str, str]:
    """The policy and the side that a path speaks of.

    >>> named("2024/ja/shop.txt"), named("shop_en.md"), named("shop.txt")
    (('2024/shop', 'ja'), ('shop', 'en'), ('shop', ''))
    """
    shown = Path(printable(path))
    stem = shown.name.removesuffix(shown.suffix) if shown.suffix.lower() in ENDINGS else shown.name
    if found := MARKED.fullmatch(stem):
        return shown.with_name(found["stem"]).as_posix(), CODES[found["code"].lower()]
    sides = [index for index, part in enumerate(shown.parts[:-1]) if part.lower() in CODES]
    if sides:
        parts = [part for index, part in enumerate(shown.parts[:-1]) if index != sides[-1]]
        return Path(*parts, stem).as_posix(), CODES[shown.parts[sides[-1]].lower()]
    return shown.with_name(stem).as_posix() if shown.name else path, ""


def _manifest(path: Path) -> Iterator[Claim]:
    """The claims of a manifest, which is read to its end first: a damaged one claims nothing."""
    for policy, sides in list(_rows(path)):
        for side, name in sides.items():
            if remote.is_url(name):
                yield _of_url(name, name, policy, side, "manifest")
            elif name:
                yield Claim(policy, side, of_file(path.parent / name), "manifest")


def _rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    try:
        reader = csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise PairingError(f"{path}:1: column {missing[0]!r} is missing; a manifest has policy, ja, en")
        seen: dict[str, int] = {}
        for row in reader:
            yield _row(path, reader.line_num, row, seen)
    except UnicodeDecodeError as error:
        raise PairingError(f"{path}: not UTF-8 at byte {error.start}; save the manifest as UTF-8") from error
    except csv.Error as error:
        raise PairingError(f"{path}: not a table ({error}); save the manifest as CSV with policy, ja, en") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check its permissions") from error


def _row(path: Path, line: int, row: dict[str, str | None], seen: dict[str, int]) -> tuple[str, dict[str, str]]:
    policy = (row["policy"] or "").strip()
    sides = {side: (row[side] or "").strip() for side in ("ja", "en")}
    if not policy or not any(sides.values()):
        raise PairingError(f"{path}:{line}: a row needs a policy name and at least one of ja and en")
    files = [f"file {name}" for name in sides.values() if name]
    for name in (f"policy {policy}", *files):
        if name in seen:
            raise PairingError(f"{path}:{line}: {name} stands in line {seen[name]} too; name each once")
        seen[name] = line
    return policy, sides
