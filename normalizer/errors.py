"""What can go wrong, and what to do about it: one base class, messages that name file, line and remedy.

NormalizerError
├── ArgumentError   arguments that do not go together, or a value that none of them takes; a ValueError, too
├── InputError      a file or text that cannot be read as a policy
│   └── EncodingError   bytes that are no text
├── LanguageError   a policy in a language other than Japanese or English
├── GlossaryError   a table under glossaries/ that does not hold together
├── PairingError    files that cannot be paired into policies
├── ExchangeError   a TMX or XLIFF file that cannot be read
├── StoreError      a translation memory that cannot be opened, read or written
└── ModelError      a translation package that is missing, damaged, or cannot be fetched
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong, or doubtful, at a line of a table."""

    code: str  # "E…" stops, "W…" advises; empty where a table has no numbered checks
    path: Path
    line: int  # from 1
    message: str
    value: str = ""  # the cell it is about
    nearest: tuple[str, ...] = ()  # valid values like it

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.code}{' ' if self.code else ''}{self.message}"


class NormalizerError(Exception):
    """Base of all errors of this library. The message says what is wrong, where, and what to do."""

    reason = "error"  # the short code that failures.jsonl keeps


class ArgumentError(NormalizerError, ValueError):
    """Arguments that do not go together, or a value that is none of those that one takes."""

    reason = "argument"


class InputError(NormalizerError):
    """The input is missing, empty, or no policy."""

    reason = "input"


class EncodingError(InputError):
    """The bytes are not text in any encoding that policies come in."""

    reason = "encoding"


class LanguageError(NormalizerError):
    """The document is neither Japanese nor English."""

    reason = "language"


class GlossaryError(NormalizerError):
    """A glossary table has a wrong value; the message names file, line, value and the nearest valid one.

    `findings` are all the places, of which a long message names the first.
    """

    reason = "glossary"

    def __init__(self, message: str, findings: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.findings = tuple(findings)


class PairingError(NormalizerError):
    """Two files claim the same side of a policy, or a manifest names what is not there."""

    reason = "pairing"


class ExchangeError(InputError):
    """A TMX or XLIFF file is damaged, too large in a part, or in other languages; the message names file and line."""

    reason = "exchange"


class StoreError(NormalizerError):
    """A translation memory is missing, damaged, no translation memory, or busy."""

    reason = "memory"


class ModelError(NormalizerError):
    """A translation package, or the library that runs it, is missing, damaged, of other languages, or unreachable."""

    reason = "model"
