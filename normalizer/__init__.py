"""Japanese and English privacy policies side by side: `Normalizer().analyze(…)`, `.align(…)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from normalizer.errors import NormalizerError
    from normalizer.model import Analysis, Clause, Document, Fact, Link, Mention
    from normalizer.pipeline import Normalizer
    from normalizer.records import Record

__version__ = "0.1.0"

__all__ = [
    "Analysis",
    "Clause",
    "Document",
    "Fact",
    "Link",
    "Mention",
    "Normalizer",
    "NormalizerError",
    "Record",
    "__version__",
]

# Where a public name lives: it is imported when first asked for, so that `normalizer --help` need not wait.
_HOMES = {
    "NormalizerError": "errors",
    "Analysis": "model",
    "Clause": "model",
    "Document": "model",
    "Fact": "model",
    "Link": "model",
    "Mention": "model",
    "Normalizer": "pipeline",
    "Record": "records",
}


if not TYPE_CHECKING:  # a type checker reads the imports above

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module 'normalizer' has no attribute {name!r}")
        from importlib import import_module

        value: object = getattr(import_module(f"normalizer.{_HOMES[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
