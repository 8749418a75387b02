"""TMX 1.4b, level 1: entries to a file, and a file to entries.

The specification: https://www.gala-global.org/tmx-14b. Level 1 knows text only; of files with inline codes (level 2)
the codes are left out and the entry says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from normalizer import __version__
from normalizer.memory.model import Entry, Variant
from normalizer.memory.xml import FORBIDDEN, TEXT, RefusedError, content, quoted, stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import BinaryIO

TOOL = "policy-normalizer"
LOST = "characters that XML does not have, here U+FFFD"
_CODES = ("bpt", "ept", "ph", "it", "ut")  # native codes; their content is no text
_HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<tmx version="1.4">
<header creationtool="{TOOL}" creationtoolversion="{__version__}" segtype="paragraph" o-tmf="{TOOL}" adminlang="en"\
 srclang="*all*" datatype="plaintext"/>
<body>
"""
_TAIL = "</body>\n</tmx>\n"


def write(entries: Iterable[Entry], out: BinaryIO) -> None:
    """Write entries as TMX in UTF-8, in their order, as they come. `srclang` is "*all*": either side may be the source.

    A character that XML does not have becomes U+FFFD, and a note tells of it.
    """
    out.write(_HEAD.encode())
    for entry in entries:
        out.write(_unit(entry).encode())
    out.write(_TAIL.encode())


def read(path: Path) -> Iterator[Entry]:
    """The entries of a TMX file, in order, as it is read. Raises ExchangeError with file and line."""
    return stream(path, _Reader())


def _unit(entry: Entry) -> str:
    lost = sorted({char for variant in entry.variants for char in FORBIDDEN.findall(variant.text)})
    note = f"<note>{LOST}: {' '.join(f'U+{ord(char):04X}' for char in lost)}</note>\n" if lost else ""
    identity = f" tuid={quoted(entry.id)}" if entry.id else ""
    return "".join(
        (f"<tu{identity}>\n", note, *map(_property, entry.properties), *map(_variant, entry.variants), "</tu>\n")
    )


def _variant(variant: Variant) -> str:
    properties = "".join(map(_property, variant.properties))
    return f"<tuv xml:lang={quoted(variant.language)}>\n{properties}<seg>{content(variant.text)}</seg>\n</tuv>\n"


def _property(named: tuple[str, str]) -> str:
    return f"<prop type={quoted(named[0])}>{content(named[1])}</prop>\n"


class _Reader:
    """Follows <tu>, <tuv>, <prop> and <seg>."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._root = ""
        self._id, self._line, self._codes = "", 0, False
        self._variants: list[Variant] = []
        self._of_unit: list[tuple[str, str]] = []
        self._of_variant: list[tuple[str, str]] | None = None  # None outside a <tuv>
        self._language, self._edited, self._kind = "", False, ""
        self._text: list[str] | None = None  # None where text is none of ours
        self._length = self._within = 0  # characters of the segment; how deep in native codes

    def taken(self) -> list[Entry]:
        """The entries that are whole."""
        taken, self._entries = self._entries, []
        return taken

    def start(self, tag: str, attributes: dict[str, str], line: int) -> None:
        if not self._root:
            if tag != "tmx":
                raise RefusedError(f"the root is <{tag}> where TMX has <tmx>")
            self._root = tag
        if tag == "tu":
            self._id, self._line, self._codes = attributes.get("tuid", ""), line, False
            self._variants, self._of_unit = [], []
        elif tag == "tuv":
            self._language = attributes.get("xml:lang", attributes.get("lang", ""))
            self._edited = bool(attributes.get("changedate") or attributes.get("changeid"))
            self._of_variant = []
        elif tag in ("seg", "prop"):
            self._kind, self._text, self._length = attributes.get("type", ""), [], 0
        elif tag in _CODES and self._text is not None:
            self._within += 1
            self._codes = True

    def text(self, text: str) -> None:
        if self._text is None or self._within:
            return
        self._length += len(text)
        if self._length > TEXT:
            raise RefusedError(f"a segment of more than {TEXT:,} characters")
        self._text.append(text)

    def end(self, tag: str) -> None:
        if tag in _CODES and self._within:
            self._within -= 1
        elif tag == "prop":
            place = self._of_unit if self._of_variant is None else self._of_variant
            place.append((self._kind, self._said()))
        elif tag == "seg" and self._of_variant is not None:
            self._variants.append(Variant(self._language, self._said(), tuple(self._of_variant), self._edited))
        elif tag == "tuv":
            self._of_variant = None
        elif tag == "tu":
            entry = Entry(self._id, tuple(self._variants), tuple(self._of_unit), line=self._line, codes=self._codes)
            self._entries.append(entry)

    def _said(self) -> str:
        said, self._text = "".join(self._text or ()), None
        return said
