"""A URL → bytes or a file, within a size and with patience that ends. The only module that reaches out."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import time
import urllib.error
import urllib.request
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

from normalizer.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BLOCK = 2**16
PATIENCE = 30.0  # seconds without a byte, or with fewer than SLOWEST
SLOWEST = 2**15  # bytes
LOCAL = ("localhost", "127.0.0.1", "::1")
INSTEAD = "try again, or fetch the file by other means and install it with `normalizer models install FILE.argosmodel`"


def fetch(url: str, limit: int, patience: float = PATIENCE) -> bytes:
    """What a URL has, of `limit` bytes at most. Raises ModelError."""
    return b"".join(_blocks(url, limit, patience))


def download(
    url: str,
    to: Path,
    size: int,
    sha256: str,
    progress: Callable[[int], None] = lambda count: None,
    patience: float = PATIENCE,
    limit: int = 0,
) -> None:
    """Fetch a URL into the file `to`, which must not exist, and check what came; `progress` hears the bytes so far.

    size, sha256: what is due; 0 and "" where that is not known, and then no more than `limit` bytes are taken.
    Raises ModelError: unreachable, too slow, cut off, of another size or sum; what came stays for the caller to remove.
    """
    digest, count = hashlib.sha256(), 0
    with to.open("xb") as file:
        for block in _blocks(url, size or limit, patience, size):
            count += len(block)
            digest.update(block)
            file.write(block)
            progress(count)
    if size and count != size:
        raise ModelError(f"{url}: {count:,} bytes came where {size:,} are due, the transfer was cut off; {INSTEAD}")
    if sha256 and digest.hexdigest() != sha256:
        raise ModelError(
            f"{url}: its SHA-256 is {digest.hexdigest()} where {sha256} is due; this is not the package that was "
            "published, and it was not installed"
        )


def _blocks(url: str, limit: int, patience: float, size: int = 0) -> Iterator[bytes]:
    _allowed(url)
    try:
        with _answer(url, patience) as answer:
            announced = answer.headers.get("Content-Length", "")
            if announced.isdigit() and (int(announced) > limit or (size and int(announced) != size)):
                due = f"{size:,} are due" if size else f"{limit:,} are allowed"
                raise ModelError(f"{url}: the server announces {int(announced):,} bytes where {due}; nothing was taken")
            yield from _paced(answer, url, limit, patience)
    except urllib.error.HTTPError as error:
        with error:
            raise ModelError(f"{url}: the server answers {error.code} {error.reason}; {INSTEAD}") from error
    except http.client.IncompleteRead as error:
        raise ModelError(f"{url}: the transfer was cut off; {INSTEAD}") from error
    except (OSError, http.client.HTTPException) as error:  # URLError, a timeout and a broken connection among them
        reason = getattr(error, "reason", None) or error
        raise ModelError(f"{url}: cannot be reached ({reason}); {INSTEAD}") from error


@contextlib.contextmanager
def _answer(url: str, patience: float) -> Iterator[http.client.HTTPResponse]:
    request = urllib.request.Request(url, headers={"User-Agent": "policy-normalizer"})
    with urllib.request.build_opener(_Redirects).open(request, timeout=patience) as answer:
        yield answer


def _paced(answer: http.client.HTTPResponse, url: str, limit: int, patience: float) -> Iterator[bytes]:
    """The blocks as they come; a server that trickles is given up like one that says nothing."""
    total, window, since = 0, 0, time.monotonic()
    while block := answer.read1(BLOCK):
        total, window = total + len(block), window + len(block)
        if total > limit:
            raise ModelError(f"{url}: more bytes came than the {limit:,} that are due; nothing was installed")
        if time.monotonic() - since > patience:
            if window < SLOWEST:
                raise ModelError(f"{url}: only {window:,} bytes came in {patience:g} seconds; {INSTEAD}")
            window, since = 0, time.monotonic()
        yield block
    if answer.length:
        raise ModelError(f"{url}: the transfer was cut off, {answer.length:,} bytes are missing; {INSTEAD}")


def _allowed(url: str) -> None:
    """HTTPS only; plain HTTP from this very machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError as error:
        raise ModelError(f"{url!r} is no URL ({error})") from error
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOCAL):
        raise ModelError(f"{url}: only https:// is fetched from")


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a redirection where it could have been sent to at first."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        try:
            _allowed(newurl)
        except ModelError:
            fp.close()
            raise
        return super().redirect_request(req, fp, code, msg, headers, newurl)
