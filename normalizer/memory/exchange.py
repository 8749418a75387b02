"""A TMX or XLIFF file to units for a memory, with what was left aside and why; a memory to a TMX file."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from normalizer.errors import ExchangeError, LanguageError
from normalizer.memory import tmx, xliff
from normalizer.memory.learn import SCORE
from normalizer.memory.model import Entry, Unit, Variant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import BinaryIO

    from normalizer.memory.model import Origin

LARGEST = 4 * 2**30  # bytes of a file: some hours of import
_SNIFF = 4096  # bytes in which the root element is looked for
_JAPANESE = re.compile("[ぁ-ヿ]")  # kana: text without it may be Japanese, text with it is never English
_FILLED: tuple[Origin, ...] = ("argos", "memory")  # what no translator has looked at, the weakest first


@dataclass(slots=True)
class Report:
    """What became of the entries of a file; filled while they are read."""

    read: int = 0
    taken: int = 0
    left: Counter[str] = field(default_factory=Counter)  # why entries were left aside
    codes: int = 0  # taken entries whose inline markup was left out
    languages: Counter[str] = field(default_factory=Counter)
    first: dict[str, int] = field(default_factory=dict)  # the line of the first entry left aside for a reason

    def leave(self, reason: str, line: int) -> None:
        """Note an entry that was left aside."""
        self.left[reason] += 1
        self.first.setdefault(reason, line)


def entries(path: Path, heard: Callable[[int], None] = lambda _: None) -> Iterator[Entry]:
    """The entries of a TMX or XLIFF file, whatever its name; `heard` gets the bytes read so far.

    Raises ExchangeError with file and line, and for a file of more than LARGEST bytes.
    """
    try:
        with path.open("rb") as file:
            start = file.read(_SNIFF)
            size = path.stat().st_size
    except OSError as error:
        raise ExchangeError(f"{path}: cannot be read: {error.strerror or error}") from error
    if size > LARGEST:
        raise ExchangeError(
            f"{path}: has {size:,} bytes, and {LARGEST:,} are the most that are taken; cut it into several files and "
            "import one after the other"
        )
    if not start.strip():
        raise ExchangeError(f"{path}: is empty; expected is a TMX or XLIFF file")
    root = re.search(rb"<(?:\w+:)?(tmx|xliff)\b", start.replace(b"\x00", b""))
    if root is None:
        raise ExchangeError(f"{path}:1: is neither TMX nor XLIFF: neither <tmx> nor <xliff> is at its start")
    return tmx.read(path, heard) if root[1] == b"tmx" else xliff.read(path, heard)


def units(
    path: Path,
    report: Report,
    state: str = "translated",
    machine: bool = False,
    filled: Mapping[str, str] = MappingProxyType({}),
    heard: Callable[[int], None] = lambda _: None,
) -> Iterator[Unit]:
    """The units of a TMX or XLIFF file that a memory should have, in order, as the file is read.

    state: the lowest XLIFF state that counts. machine: whether what a machine translated, or a memory proposed, counts
    although nobody has touched it since. filled: such texts by the id of their record: where the file says another,
    somebody has. heard: gets the bytes read so far. Raises ExchangeError with file and line, and LanguageError where
    the file has nothing in Japanese and English.
    """
    for entry in entries(path, heard):
        report.read += 1
        made = unit(entry, path.name)
        for variant in entry.variants:
            report.languages[_language(variant)] += 1
        touched = _touched(entry, made, filled)
        reason = _reason(entry, made, state, machine or touched)
        if reason or made is None:
            report.leave(reason, entry.line)
            continue
        report.taken += 1
        report.codes += entry.codes
        yield replace(made, score=1.0, origin="") if touched else made
    if report.read and not report.taken and {*report.left} <= {NO_PAIR, SWAPPED}:
        known = ", ".join(sorted(filter(None, report.languages))) or "none"
        line = min(report.first.values())
        raise LanguageError(
            f"{path}:{line}: no unit has a Japanese and an English text; the file's languages are {known}"
            + (", and what is marked as English has Japanese letters" if report.left[SWAPPED] else "")
        )


NO_PAIR, SWAPPED = "not in Japanese and English", "languages the wrong way round"


def unit(entry: Entry, document: str = "") -> Unit | None:
    """The unit that an entry says; None where it lacks Japanese or English text."""
    ja, en = (_variant(entry, language) for language in ("ja", "en"))
    if ja is None or en is None or not ja.text.strip() or not en.text.strip():
        return None
    named, ours = dict(entry.properties), [dict(ja.properties), dict(en.properties)]
    origins = {side.get("x-origin", "") for side in ours}
    return Unit(
        ja.text,
        en.text,
        document=named.get("x-policy") or document,
        record=entry.id,
        tool=named.get("x-tool", ""),
        score=_number(named.get("x-score", ""), 1.0),
        origin=next((origin for origin in _FILLED if origin in origins), "source" if "source" in origins else ""),
        category=named.get("x-category", ""),
        concepts_ja=tuple(ours[0].get("x-concepts", "").split()),
        concepts_en=tuple(ours[1].get("x-concepts", "").split()),
        context_ja=_digest(ours[0].get("x-context", "")),
        context_en=_digest(ours[1].get("x-context", "")),
    )


def export(stored: Iterable[Unit], out: BinaryIO) -> None:
    """Write a memory's units as TMX, in their order, with all that is known of them: `units` reads it back."""
    tmx.write(map(_entry, stored), out)


def _touched(entry: Entry, made: Unit | None, filled: Mapping[str, str]) -> bool:
    """Whether a translator has had the entry in hand, so that its words are the translator's."""
    if made is None:
        return False
    if made.record in filled:
        before = filled[made.record].split()
        if before not in (made.ja.split(), made.en.split()):
            return True
    return entry.state in ("translated", "reviewed") or any(variant.edited for variant in entry.variants)


def _reason(entry: Entry, made: Unit | None, state: str, machine: bool) -> str:
    """Why an entry is left aside; "" where it is taken."""
    if made is None:
        texts = [variant.text.strip() for variant in entry.variants]
        known = {_language(variant) for variant in entry.variants}
        return "without translation" if {"ja", "en"} <= known and not all(texts) else NO_PAIR
    if _JAPANESE.search(made.en) and not _JAPANESE.search(made.ja):
        return SWAPPED
    if entry.state and xliff.STATES.index(entry.state) < xliff.STATES.index(state):
        return f"state {entry.state}"
    if made.origin in _FILLED and not machine:
        return "filled in, and not touched by a translator"
    if dict(entry.properties).get("x-link") and made.score < SCORE and not machine:
        return f"aligned with a score below {SCORE:g}"
    if dict(entry.properties).get("x-severity") == "high" and not machine:
        return "differs gravely, and not touched by a translator"
    return ""


def _variant(entry: Entry, language: str) -> Variant | None:
    return next((variant for variant in entry.variants if _language(variant) == language), None)


def _language(variant: Variant) -> str:
    return variant.language.lower().replace("_", "-").partition("-")[0]


def _number(text: str, otherwise: float) -> float:
    try:
        return min(1.0, max(0.0, float(text)))
    except ValueError:
        return otherwise


def _digest(text: str) -> int:
    return int(text, 16) if re.fullmatch("[0-9a-f]{1,16}", text) and int(text, 16) < 2**63 else 0


def _entry(stored: Unit) -> Entry:
    properties = (
        ("x-policy", stored.document),
        ("x-tool", stored.tool),
        ("x-category", stored.category),
        ("x-score", f"{stored.score:g}"),
    )
    sides = (
        ("ja", stored.ja, stored.concepts_ja, stored.context_ja),
        ("en", stored.en, stored.concepts_en, stored.context_en),
    )
    variants = tuple(
        Variant(language, text, _filled(stored.origin, concepts, context))
        for language, text, concepts, context in sides
    )
    return Entry(stored.record, variants, tuple(named for named in properties if named[1]))


def _filled(origin: str, concepts: tuple[str, ...], context: int) -> tuple[tuple[str, str], ...]:
    found = (("x-origin", origin), ("x-concepts", " ".join(concepts)), ("x-context", f"{context:x}" if context else ""))
    return tuple(named for named in found if named[1])
