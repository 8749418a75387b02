"""A WARC file → its web pages: the one import of warcio."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from normalizer.errors import InputError
from normalizer.reading import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMATS = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "text",
    "text/markdown": "markdown",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}
PAGES = ("response", "resource", "conversion")


def pages(place: str) -> Iterator[tuple[int, str, str, bytes]]:
    """(byte where it stands, address, format, content) of each page that was answered with 200 and could be a policy.

    Raises InputError for a file that is no WARC.
    """
    iterator_of = _iterator_of()
    with open(place, "rb") as file:
        try:
            iterator = iterator_of(file)
            for record in iterator:
                if format := _format(record):
                    content = record.content_stream().read(MAX_BYTES + 1)
                    address = record.rec_headers.get_header("WARC-Target-URI") or ""
                    yield iterator.get_record_offset(), address.strip("<>"), format, content
        except InputError:
            raise
        except Exception as error:  # warcio has several, and gzip's and zlib's come through
            raise InputError(f"{place}: not a WARC file, or damaged ({error}); make it again") from error


def payload(place: str, start: int) -> bytes:
    """The content of the page at a byte of a WARC file."""
    with open(place, "rb") as file, contextlib.suppress(StopIteration):
        file.seek(start)
        return bytes(next(iter(_iterator_of()(file))).content_stream().read(MAX_BYTES + 1))
    raise InputError(f"{place}: no page at byte {start}; did the file change during the run?")


def _format(record: Any) -> str | None:
    """The format of a page; None of what is none: requests, redirects, errors, images."""
    if record.rec_type not in PAGES:
        return None
    http = record.http_headers
    if http is not None and http.get_statuscode() != "200":
        return None
    kind = (http or record.rec_headers).get_header("Content-Type") or ""
    return FORMATS.get(kind.partition(";")[0].strip().lower())


def _iterator_of() -> Any:
    try:
        from warcio.archiveiterator import ArchiveIterator
    except ImportError as error:
        raise InputError("WARC files need the extra: pip install 'policy-normalizer[warc]'") from error
    return ArchiveIterator
