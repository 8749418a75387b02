"""What the caller of a Normalizer hands in → a TypeError that says what is wanted, where it is something else.

Otherwise a str for a path, or for a tuple, would end in an error deep inside that says nothing.
"""

from __future__ import annotations

from pathlib import Path

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


def _named(value: object) -> str:
    """A value as a sentence names it: its type, and what it is where that is short."""
    shown = repr(value)
    if value is None:
        return "None"
    return f"{type(value).__name__} {shown}" if len(shown) < 40 else type(value).__name__
