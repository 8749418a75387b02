"""The bytes of a .docx → its parts as trees of XML, opened only after it is known how large they are.

python-docx opens the package; before that the zip's own list is checked, so that a bomb is never unpacked. Zips
inside (embedded workbooks) are left closed.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from normalizer.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_UNPACKED = 128 * 2**20
MAX_XML = 16 * 2**20  # all parts in XML together
MAX_RATIO = 200  # unpacked to packed; Word's own XML reaches some 30
MAX_PARTS = 5000
SMALL = 2**20  # below this size the ratio does not matter
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .doc, and of an encrypted .docx
DTD = re.compile(rb"<\0?!\0?(?:D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)")


@dataclass(frozen=True, slots=True)
class Package:
    """The parts that are read, as lxml elements; None where the file has none."""

    body: Any
    styles: Any
    numbering: Any
    footnotes: Any


def opened(data: bytes, name: str) -> Package:
    """The parts of a Word document. Raises InputError for all that is none, is damaged, or would unpack too large."""
    _check(data, name)
    import docx  # 100 ms that plain text need not pay

    try:
        document = docx.Document(io.BytesIO(data))
        parts = {part.partname: part for part in document.part.package.iter_parts()}
        body = document.element.body
        return Package(
            body,
            _root(parts, "/word/styles.xml"),
            _root(parts, "/word/numbering.xml"),
            _root(parts, "/word/footnotes.xml"),
        )
    except Exception as error:  # python-docx and lxml raise anything on a damaged package
        reason = " ".join(str(error).split())[:120]
        raise InputError(f"{name}: damaged Word document ({reason}); open it in Word and save it anew") from error


def _root(parts: dict[str, Any], name: str) -> Any:
    from docx.oxml import parse_xml

    part = parts.get(name)
    if part is None:
        return None
    element = getattr(part, "element", None)
    return parse_xml(part.blob) if element is None else element


def _check(data: bytes, name: str) -> None:
    if data.startswith(OLE):
        raise InputError(f"{name}: an encrypted document or the old .doc format; save it as .docx without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_sizes(archive.infolist(), name)
            if "word/document.xml" not in archive.namelist():
                raise InputError(f"{name}: an archive, but no Word document (no word/document.xml); unpack it first")
            for part in _xml_parts(archive):
                with archive.open(part) as file:
                    _check_dtd(file.read(MAX_XML), part.filename, name)
    except InputError:
        raise
    except Exception as error:  # zipfile raises NotImplementedError, struct.error, zlib.error … on damage
        raise InputError(f"{name}: damaged .docx ({error}); open it in Word and save it anew") from error


def _check_sizes(parts: list[zipfile.ZipInfo], name: str) -> None:
    unpacked = sum(part.file_size for part in parts)
    xml = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    packed = max(1, sum(part.compress_size for part in parts))
    if len(parts) > MAX_PARTS:
        raise InputError(f"{name}: {len(parts):,} parts in the file; a document has at most {MAX_PARTS:,}")
    if unpacked > MAX_UNPACKED or xml > MAX_XML or (unpacked > SMALL and unpacked > MAX_RATIO * packed):
        raise InputError(f"{name}: unpacks from {packed:,} to {unpacked:,} bytes (a zip bomb?); no policy is so large")
    if any(part.flag_bits & 1 for part in parts):
        raise InputError(f"{name}: encrypted; save it without a password")


def _xml_parts(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    return (part for part in archive.infolist() if part.filename.endswith((".xml", ".rels")))


def _check_dtd(xml: bytes, part: str, name: str) -> None:
    """Office Open XML forbids document types (ECMA-376 part 2, 9.1.2); who writes one wants its entities expanded."""
    if DTD.search(xml):
        raise InputError(f"{name}: {part} declares a document type or entities; no word processor does: save it anew")
