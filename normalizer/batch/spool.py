"""Containers that cannot be read in the middle (.tar.gz, .jsonl.gz, remote ones) → plain files that can.

They are unpacked once, as one stream, under a name of ours: no name inside an archive ever becomes a path.
"""

from __future__ import annotations

import bz2
import gzip
import hashlib
import lzma
import os
import shutil
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from normalizer.batch.remote import filesystem, is_url
from normalizer.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

OPENERS: dict[str, Callable[[Any], Any]] = {".gz": gzip.open, ".tgz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
RATIO = 200  # a file that unpacks to more times its size is a bomb; text unpacks to 3 to 20,
FLOOR = 64 * 2**20  # unless it is small even so
CHUNK = 2**20


class Spool:
    """A folder for unpacked containers, which every worker can see; it is made when first needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def plain(self, place: str) -> str:
        """The path of the container, unpacked and fetched where that is needed. Raises InputError."""
        ending = Path(place).suffix.lower()
        packed = ending in OPENERS and not place.lower().endswith(".warc.gz")  # each page is packed by itself there
        if not packed and not is_url(place):
            return place
        target = self.folder / f"{hashlib.sha256(os.fsencode(place)).hexdigest()[:24]}.unpacked"
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with _opened(place) as source, target.open("wb") as out:
                _unpack(source, out, OPENERS[ending] if packed else None, place)
        except (EOFError, lzma.LZMAError, zlib.error, gzip.BadGzipFile) as error:
            raise InputError(f"{place}: damaged, or not what its ending says ({error}); make it again") from error
        except OSError as error:
            raise InputError(f"{place}: cannot be unpacked ({error.strerror or error})") from error
        return str(target)

    def clear(self) -> None:
        """Remove what was unpacked."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _opened(place: str) -> Any:
    if not is_url(place):
        return open(place, "rb")
    system, path = filesystem(place)
    return system.open(path, "rb")


def _unpack(source: BinaryIO, out: BinaryIO, opener: Callable[[Any], Any] | None, place: str) -> None:
    if opener is None:
        shutil.copyfileobj(source, out, CHUNK)
        return
    written = 0
    with opener(source) as stream:
        while data := stream.read(CHUNK):
            written += len(data)
            if written > max(FLOOR, RATIO * source.tell()):
                raise InputError(
                    f"{place}: unpacks to more than {RATIO} times its size; unpack it by hand if it is sound"
                )
            out.write(data)
