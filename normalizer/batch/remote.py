"""URLs (s3://…, memory://…) → file systems: the one import of fsspec."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from normalizer.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC = "*?["


def is_url(place: str) -> bool:
    """Whether a place is a URL rather than a path."""
    return "://" in place


def filesystem(url: str) -> tuple[Any, str]:
    """The file system that a URL names, and the path in it. Raises InputError without the extra or the protocol."""
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise InputError(f"{url}: URLs need the extra: pip install 'policy-normalizer[remote]'") from error
    try:
        system, path = url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise InputError(f"{url}: {error}") from error
    return system, str(path)


def files(url: str) -> Iterator[tuple[str, str]]:
    """The files that a URL stands for (itself, those below it, or those that its pattern fits) as (URL, path below it).

    Raises InputError where there are none.
    """
    system, path = filesystem(url)
    try:
        if any(char in path for char in MAGIC):
            found, base = sorted(system.glob(path)), path.split("*")[0].rpartition("/")[0]
        elif system.isdir(path):
            found, base = sorted(system.find(path)), path.rstrip("/")
        else:
            found, base = ([path] if system.exists(path) else []), path.rpartition("/")[0]
    except Exception as error:  # each protocol has errors of its own
        raise InputError(f"{url}: cannot be listed ({type(error).__name__}: {error})") from error
    if not found:
        raise InputError(f"{url}: no such file or folder; check the URL")
    for name in found:
        yield system.unstrip_protocol(name), name.removeprefix(base).lstrip("/")
