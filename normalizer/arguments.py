"""What the caller of a Normalizer hands in → an error that says what is wanted, where it is something else.

Otherwise a str for a path, or for a tuple, would end in an error deep inside that says nothing, or in none.
"""

from __future__ import annotations

import datetime
import os.path
from pathlib import Path

from normalizer.errors import InputError
from normalizer.model import Analysis, Document


def check_settings(glossaries: object, extra_terms: object, fill: object, memory: object) -> None:
    """Raise TypeError where one of the arguments of `Normalizer` is of another type: a str for a path, or a tuple."""
    if glossaries is not None and not isinstance(glossaries, Path):
        raise TypeError(f"glossaries is a folder, a pathlib.Path, not {_named(glossaries)}")
    if not isinstance(extra_terms, tuple | list) or not all(isinstance(path, Path) for path in extra_terms):
        raise TypeError(f"extra_terms are files, a tuple of pathlib.Path, not {_named(extra_terms)}")
    if not isinstance(fill, tuple | list):
        raise TypeError(f'fill is a tuple such as ("memory", "argos"), not {_named(fill)}')
    if memory is not None and not isinstance(memory, Path) and not hasattr(memory, "lookups"):
        raise TypeError(f"memory is a file, a pathlib.Path, or a Memory, not {_named(memory)}")


def check_source(source: object) -> None:
    """Raise TypeError where a policy is none of what `Normalizer.analyze` takes."""
    if not isinstance(source, str | Path | Document | Analysis):
        kinds = "a str (its text), a pathlib.Path (its file), a Document or an Analysis"
        raise TypeError(f"a policy is {kinds}, not {_named(source)}")


def check_text(source: str) -> None:
    """Raise InputError where a text is the path of a file: whoever gives it means what is in the file."""
    if "\n" not in source and os.path.isfile(source):
        raise InputError(f"{source!r} is a file, and a str is the text of a policy; give pathlib.Path({source!r})")


def checked_day(as_of: object) -> datetime.date | None:
    """A day, given as a date or in ISO form, "2024-04-01". Raises InputError for anything else but None."""
    if isinstance(as_of, datetime.datetime):
        return as_of.date()
    if as_of is None or isinstance(as_of, datetime.date):
        return as_of
    try:
        return datetime.date.fromisoformat(as_of)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise InputError(f'as_of is a day, a datetime.date or "2024-04-01", not {_named(as_of)}') from error


def _named(value: object) -> str:
    """A value as a sentence names it: its type, and what it is where that is short."""
    shown = repr(value)
    if value is None:
        return "None"
    return f"{type(value).__name__} {shown}" if len(shown) < 40 else type(value).__name__
