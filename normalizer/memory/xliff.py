"""An XLIFF file, 1.2 or 2.0 and later, to entries: source first, then target, with the state of the translation.

The specifications: https://docs.oasis-open.org/xliff/. The states of 1.2 are read as the four of 2.x. Inline codes are
left out and the entry says so; proposals (alt-trans, mtc:matches) are no translations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from normalizer.memory.model import Entry, Variant
from normalizer.memory.xml import TEXT, RefusedError, stream

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STATES = ("initial", "translated", "reviewed", "final")
_OLD_STATES = {"translated": "translated", "signed-off": "reviewed", "final": "final"}
_UNITS = ("trans-unit", "unit")
_CODES = ("bpt", "ept", "ph", "it", "x", "bx", "ex", "sc", "ec")  # native codes; <g>, <mrk>, <pc> hold text
_PROPERTIES = {"meta": "type", "context": "context-type"}  # where 2.x and 1.2 keep what else is known of a unit
_ASIDE = ("alt-trans", "matches", "bin-unit", "seg-source")


def read(path: Path) -> Iterator[Entry]:
    """The entries of an XLIFF file, in order, as it is read. Raises ExchangeError with file and line.

    An entry's id is the name that the unit was given (`name`, in 1.2 `resname`), or its id.
    """
    return stream(path, _Reader())


class _Reader:
    """Follows units, segments, sources and targets."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._version = ""
        self._languages = ["", ""]
        self._id, self._line, self._codes = "", 0, False
        self._sides: list[list[str]] = [[], []]
        self._states: list[str] = []
        self._original = self._kind = ""
        self._known: list[tuple[str, str]] = []
        self._segment: list[str | None] = [None, None]  # source and target of the segment we are in
        self._state = ""
        self._into: list[str] | None = None
        self._length = self._aside = self._within = 0

    def taken(self) -> list[Entry]:
        """The entries that are whole."""
        taken, self._entries = self._entries, []
        return taken

    def start(self, tag: str, attributes: dict[str, str], line: int) -> None:
        if not self._version:
            self._open(tag, attributes)
        elif tag in _ASIDE or self._aside:
            self._aside += 1
        elif tag == "file":
            self._original = attributes.get("original", "")
            if self._version < "2":
                self._languages = [attributes.get("source-language", ""), attributes.get("target-language", "")]
        elif tag in _UNITS:
            self._id = attributes.get("name") or attributes.get("resname") or attributes.get("id", "")
            self._line, self._codes = line, False
            self._sides, self._states, self._segment, self._known = [[], []], [], [None, None], []
            self._state = "final" if attributes.get("approved") == "yes" else ""
        elif tag in ("segment", "ignorable"):
            self._segment = [None, None]
            self._state = attributes.get("state", "initial") if tag == "segment" else "ignorable"
        elif tag in ("source", "target"):
            self._begin(tag, attributes)
        elif tag in _PROPERTIES:
            self._into, self._length = [], 0
            self._kind = attributes.get(_PROPERTIES[tag], "").removeprefix("x-")
        elif self._into is not None:
            self._inline(tag, attributes)

    def text(self, text: str) -> None:
        if self._into is None or self._aside or self._within:
            return
        self._length += len(text)
        if self._length > TEXT:
            raise RefusedError(f"a segment of more than {TEXT:,} characters")
        self._into.append(text)

    def end(self, tag: str) -> None:
        if self._aside:
            self._aside -= 1
        elif tag in ("source", "target") and self._into is not None:
            self._segment[tag == "target"] = "".join(self._into)
            self._into = None
        elif tag in _PROPERTIES and self._into is not None:
            self._known.append((f"x-{self._kind}", "".join(self._into)))
            self._into = None
        elif tag in ("segment", "ignorable"):
            self._close_segment()
        elif tag in _UNITS:
            if tag == "trans-unit":
                self._close_segment()
            self._close_unit()
        elif tag in _CODES and self._within:
            self._within -= 1

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        if tag != "xliff":
            raise RefusedError(f"the root is <{tag}> where XLIFF has <xliff>")
        self._version = attributes.get("version", "")
        if not self._version.startswith(("1.", "2.")):
            raise RefusedError(f"XLIFF version {self._version!r}; 1.2, 2.0 and 2.1 are read")
        self._languages = [attributes.get("srcLang", ""), attributes.get("trgLang", "")]

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        self._into, self._length = [], 0
        if tag == "target" and self._version < "2":
            state = attributes.get("state")
            self._state = self._state or (_OLD_STATES.get(state, "initial") if state else "translated")

    def _inline(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "cp":
            try:
                self.text(chr(int(attributes.get("hex", ""), 16)))
            except (ValueError, OverflowError) as error:
                raise RefusedError(f"<cp hex={attributes.get('hex', '')!r}> names no character") from error
        elif tag in _CODES:
            self._codes = True
            self._within += 1

    def _close_segment(self) -> None:
        source, target = self._segment
        ignorable = self._state == "ignorable"
        self._sides[0].append(source or "")
        self._sides[1].append((source or "") if ignorable and target is None else (target or ""))
        if not ignorable:
            self._states.append(self._state if target and self._state in STATES else "initial")

    def _close_unit(self) -> None:
        variants = tuple(
            Variant(language, "".join(side), self._of(language))
            for language, side in zip(self._languages, self._sides, strict=True)
        )
        state = min(self._states, key=STATES.index, default="initial")
        known = (("x-policy", self._original), *self._known) if self._original else tuple(self._known)
        self._entries.append(Entry(self._id, variants, known, state, self._line, self._codes))

    def _of(self, language: str) -> tuple[tuple[str, str], ...]:
        """What is known of one side: `origin-ja` is the origin of the Japanese one."""
        end = f"-{language}"
        return tuple((name.removesuffix(end), value) for name, value in self._known if name.endswith(end))
