"""A path, bytes or a string → Document: what was written, and the structure that its format states."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from normalizer.errors import InputError
from normalizer.model import Document
from normalizer.reading import plain
from normalizer.reading.encoding import decode

if TYPE_CHECKING:
    from normalizer.model import Block

MAX_BYTES = 64 * 2**20  # a policy is some 20 kB; what is larger is not one
FORMATS = {
    **{".txt": "text", ".text": "text", "": "text", ".md": "markdown", ".markdown": "markdown"},
    **{".html": "html", ".htm": "html", ".xhtml": "html", ".pdf": "pdf", ".docx": "docx"},
}
KNOWN = ("text", "markdown", "html", "pdf", "docx")


def read(source: Path | bytes, name: str | None = None, format: str | None = None) -> Document:
    """Read a policy.

    source: a file's path, or its bytes. name: what messages and `Document.id` call it; the file's name if None.
    format: "text", "markdown", "html", "pdf" or "docx"; from the file's ending if None (bytes: text).
    Raises InputError (missing, a folder, empty, too large, an unknown ending; damaged, encrypted, scanned or garbled)
    and EncodingError.
    """
    if isinstance(source, Path):
        if source.is_dir():
            raise InputError(f"{source}: is a folder; give a file, or use `normalizer run` for folders")
        name = name or printable(source.name)
        format = format or format_of(source.name, str(source))
        data = _bytes(source)
    else:
        name, format, data = name or "text", format or "text", source
        _check_size(len(data), name)
    content, blocks, encoding = _content(name, data, format)
    return _document(name, content, blocks, format, encoding, hashlib.sha256(data).hexdigest())


def read_text(text: str, name: str = "text", format: str = "text") -> Document:
    """A policy given as a string; lone surrogates become U+FFFD. Raises InputError where there are no words in it."""
    clean = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _has_surrogates(text) else text
    content, blocks = _written(name, clean, format)
    return _document(name, content, blocks, format, "str", hashlib.sha256(clean.encode("utf-8")).hexdigest())


def format_of(name: str, shown: str) -> str:
    """The format that the ending of a file's name tells.

    shown: what the message calls the file. Raises InputError for an unknown ending.
    """
    ending = PurePosixPath(name).suffix.lower()
    if ending not in FORMATS:
        known = ", ".join(ending for ending in FORMATS if ending)
        raise InputError(f"{shown}: cannot read files of type {ending!r}; known types: {known}")
    return FORMATS[ending]


def printable(name: str) -> str:
    """A file's name as text that can be written: what was no UTF-8 in it as \\udc93."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _content(name: str, data: bytes, format: str) -> tuple[str, tuple[Block, ...], str]:
    """The text, its blocks, and how the bytes were decoded. A reader is loaded when a file needs it."""
    if format == "html":
        from normalizer.reading import html

        return html.read(data, name)
    if format == "pdf":
        from normalizer.reading import pdf

        return *pdf.read(data, name), format
    if format == "docx":
        from normalizer.reading import docx

        return *docx.read(data, name), format
    text, encoding = decode(data, name)
    return *_written(name, text, format), encoding


def _written(name: str, text: str, format: str) -> tuple[str, tuple[Block, ...]]:
    """The text without the marks of its format, and its blocks."""
    if format == "text":
        return plain.read(text)
    if format == "markdown":
        from normalizer.reading import markdown

        return markdown.read(text)
    if format == "html":
        from normalizer.reading import html

        return html.read_text(text, name)
    if format in KNOWN:
        raise InputError(f"{name}: {format} is no text; give the file's bytes or its path")
    raise InputError(f"{name}: unknown format {format!r}; known: {', '.join(KNOWN)}")


def _document(name: str, text: str, blocks: tuple[Block, ...], format: str, encoding: str, sha256: str) -> Document:
    if not any(char.isalnum() for char in text):
        raise InputError(f"{name}: no words in it; give a file with the policy's text")
    return Document(name, text, blocks, format, encoding, sha256)


def _bytes(path: Path) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # reading a pipe could wait for ever
            raise InputError(f"{path}: is no ordinary file; give a file, or - for standard input")
        _check_size(status.st_size, str(path))
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; check the path") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check its permissions") from error


def _check_size(size: int, name: str) -> None:
    if size > MAX_BYTES:
        raise InputError(f"{name}: {size:,} bytes; a policy has at most {MAX_BYTES:,}: split the file")
    if size == 0:
        raise InputError(f"{name}: the file is empty")


def _has_surrogates(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False
