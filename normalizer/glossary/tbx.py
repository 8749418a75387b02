"""A TBX file (ISO 30042, editions of 2008 and 2019) to rows with the columns of terms.csv.

Read with expat and without entities: a document type declaration, and with it every entity, is refused, so a small file
cannot grow into a big one ("billion laughs") nor make us open another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.parsers import expat

from normalizer.model import LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

    from normalizer.tables import Problems

_STATUSES = {
    "preferredTerm": "preferred",
    "admittedTerm": "admitted",
    "standardizedTerm": "preferred",
    "deprecatedTerm": "wrong",
    "supersededTerm": "wrong",
}
_ENTRIES = ("conceptEntry", "termEntry")
_LANGUAGES = ("langSec", "langSet")
_TERMS = ("termSec", "tig", "ntig")


def read_terms(path: Path, problems: Problems) -> list[tuple[int, dict[str, str]]]:
    """The terms of a TBX file as (line, cells); an entry's id is the concept's id.

    Languages other than Japanese and English are passed over. Without an administrative status a term is "admitted".
    A file that cannot be read, is no TBX, or declares a document type gives no rows and a problem.
    """
    reader = _Reader()
    try:
        reader.parser.Parse(path.read_bytes(), True)
    except OSError as error:
        problems.add(path, 1, f"cannot be read: {error.strerror or error}", code="E101")
    except expat.ExpatError as error:
        problems.add(path, error.lineno, f"not well-formed XML: {expat.ErrorString(error.code)}", code="E101")
    except (_RefusedError, ValueError, LookupError) as error:
        problems.add(path, reader.parser.CurrentLineNumber, str(error), code="E101")
    else:
        return reader.rows
    return []


class _RefusedError(Exception):
    """Why a file is not taken."""


class _Reader:
    """The parser, and where it is."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, dict[str, str]]] = []
        self._concept = self._language = self._kind = ""
        self._text: list[str] = []
        self._started = False
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = _refuse_doctype
        self.parser.EntityDeclHandler = _refuse_doctype
        self.parser.ExternalEntityRefHandler = _refuse_doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text.append
        self.parser.buffer_text = True

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if not self._started and name not in ("tbx", "martif"):
            raise _RefusedError(f"the root is <{tag}> where TBX has <tbx> or <martif>")
        self._started = True
        if name in _ENTRIES:
            self._concept = attributes.get("id", "")
        elif name in _LANGUAGES:
            self._language = attributes.get("xml:lang", "").lower().partition("-")[0]
        elif name in _TERMS and self._language in LANGUAGES:
            cells = {"concept": self._concept, "language": self._language, "form": "", "status": "admitted"}
            self.rows.append((self.parser.CurrentLineNumber, cells | dict.fromkeys(("register", "source", "note"), "")))
        self._kind = attributes.get("type", name)
        self._text.clear()

    def _end(self, tag: str) -> None:
        name, text = tag.rpartition(":")[2], "".join(self._text).strip()
        if self.rows and self._language in LANGUAGES and text:
            cells = self.rows[-1][1]
            if name == "term":
                cells["form"] = text
            elif self._kind == "administrativeStatus":
                cells["status"] = _STATUSES.get(text.partition("-")[0], text)
            elif self._kind == "source":
                cells["source"] = text
        self._text.clear()
        self._kind = ""
        if name in _LANGUAGES:
            self._language = ""


def _refuse_doctype(*_: object) -> int:
    raise _RefusedError("a document type declaration (and any entity) is refused; remove <!DOCTYPE …> from the file")
