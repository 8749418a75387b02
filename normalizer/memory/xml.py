"""An XML file to the calls of a reader, in bounded memory and without entities; text to what may stand in XML.

Read with expat: a document type declaration that holds anything of its own, and with it every entity, is refused, so a
small file cannot grow into a big one ("billion laughs") nor make us open another. A bare `<!DOCTYPE tmx SYSTEM "…">`,
as CAT tools write it, is passed over, and what it names is never opened.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol, TypeVar
from xml.parsers import expat
from xml.sax.saxutils import escape

from normalizer.errors import ExchangeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CHUNK = 2**16
TAG_BYTES = 2**20  # a single tag that is longer is refused, before it is all in memory
TEXT = 200_000  # characters of one segment
DEPTH = 100
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML 1.0 does not have
_LITERAL = {"\r": "&#13;"}  # which a parser would read as \n
_QUOTED = _LITERAL | {'"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
_ENTITIES = "entities other than &lt; &gt; &amp; &quot; &apos; are refused; write the characters themselves"
_CUT_OFF = (3, 5)  # no element found, unclosed token
_UNDEFINED = 11  # an entity that XML itself does not define, such as &nbsp;
_ENCODING = (4, 18, 19)  # a byte that is none of the encoding's, an unknown encoding, another than declared
Read = TypeVar("Read")


class Reader(Protocol[Read]):
    """What follows the elements of a file and makes something of them."""

    def start(self, tag: str, attributes: dict[str, str], line: int) -> None: ...
    def end(self, tag: str) -> None: ...
    def text(self, text: str) -> None: ...
    def taken(self) -> list[Read]:
        """What is finished; each once."""
        ...


class RefusedError(Exception):
    """Why a file is not taken; the parser knows the line."""


def stream(path: Path, reader: Reader[Read], heard: Callable[[int], None] = lambda _: None) -> Iterator[Read]:
    """What `reader` makes of a file, as it goes along; `heard` gets the bytes so far. ExchangeError: file and line."""
    parser = _parser(reader)
    fed = 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                parser.Parse(chunk, False)
                fed += len(chunk)
                if fed - parser.CurrentByteIndex > TAG_BYTES:
                    raise RefusedError(f"a tag or comment of more than {TAG_BYTES:,} bytes")
                yield from reader.taken()
                heard(fed)
            parser.Parse(b"", True)
        yield from reader.taken()
    except OSError as error:
        raise ExchangeError(f"{path}: cannot be read: {error.strerror or error}") from error
    except expat.ExpatError as error:
        raise ExchangeError(f"{path}:{error.lineno}: not well-formed XML: {_told(error)}") from error
    except RefusedError as error:
        raise ExchangeError(f"{path}:{parser.CurrentLineNumber}: {error}") from error
    except (ValueError, LookupError) as error:  # an encoding that expat, or Python, does not know
        raise ExchangeError(f"{path}:{parser.CurrentLineNumber}: {error}; save the file as UTF-8") from error


def clean(text: str) -> str:
    """The text with U+FFFD for each character that XML does not have: visible, where leaving it out would not be."""
    return FORBIDDEN.sub("\ufffd", text)


def content(text: str) -> str:
    """A text as the content of an element."""
    return escape(clean(text), _LITERAL)


def quoted(text: str) -> str:
    """A text as the value of an attribute, quotation marks included."""
    return f'"{escape(clean(text), _QUOTED)}"'


def _told(error: expat.ExpatError) -> str:
    told = expat.ErrorString(error.code)
    if error.code in _CUT_OFF:
        return f"{told}; is the file whole?"
    if error.code == _UNDEFINED:
        return f"{told}; {_ENTITIES}"
    return f"{told}; save the file as UTF-8" if error.code in _ENCODING else told


def _parser(reader: Reader[Read]) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH:
            raise RefusedError(f"elements more than {DEPTH} deep")
        reader.start(tag.rpartition(":")[2], attributes, parser.CurrentLineNumber)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        reader.end(tag.rpartition(":")[2])

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _doctype
    parser.EntityDeclHandler = _entity
    parser.ExternalEntityRefHandler = _entity
    parser.SkippedEntityHandler = _entity
    parser.buffer_text = True
    return parser


def _doctype(_name: str, _system: str | None, _public: str | None, own: int) -> None:
    if own:
        raise RefusedError("a document type declaration with content of its own is refused; remove <!DOCTYPE … […]>")


def _entity(*_: object) -> int:
    raise RefusedError(_ENTITIES)
