"""Japanese and English privacy policies side by side: `Normalizer().analyze(…)`, `.align(…)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from normalizer.duties import Duty
    from normalizer.errors import InputError, LanguageError, NormalizerError
    from normalizer.model import Analysis, Clause, Document, Fact, Link, Mention
    from normalizer.pipeline import Normalizer
    from normalizer.records import Difference, Record, Side

__version__ = "0.1.0"

__all__ = [
    "Analysis",
    "Clause",
    "Difference",
    "Document",
    "Duty",
    "Fact",
    "InputError",
    "LanguageError",
    "Link",
    "Mention",
    "Normalizer",
    "NormalizerError",
    "Record",
    "Side",
    "__version__",
]

# Where a public name lives: it is imported when first asked for, so that `normalizer --help` need not wait.
_HOMES = {
    "Duty": "duties",
    "InputError": "errors",
    "LanguageError": "errors",
    "NormalizerError": "errors",
    "Analysis": "model",
    "Clause": "model",
    "Document": "model",
    "Fact": "model",
    "Link": "model",
    "Mention": "model",
    "Normalizer": "pipeline",
    "Difference": "records",
    "Record": "records",
    "Side": "records",
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
