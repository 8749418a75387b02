"""Sentences → their translations by an installed package. The only door to Argos Translate, opened when first needed.

Argos' own sentence splitters fetch models, and importing it makes folders in the user's home: both are kept from it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Protocol

from normalizer.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from normalizer.models import Installed

EXTRA = (
    "Argos Translate is not installed: pip install 'policy-normalizer[translate]' (or [translate-upstream]), then "
    "`normalizer models install ja-en en-ja`"
)
NEEDED = ("argostranslate", "ctranslate2")
PATIENCE = 300.0  # seconds in which a package must have loaded
TRIAL = """
import sys
from pathlib import Path
from normalizer.models import Installed
from normalizer.translate.engine import Argos
Argos.open(Installed(*sys.argv[1:4], Path(sys.argv[4]))).translate(["a"])
"""
LONGEST = 200  # pieces of a sentence; the decoder stops at 256, and what is cut off there must not pass
BATCH = 2048  # pieces translated at a time
BEAMS = 4  # as Argos Translate has it, like the penalty
LENGTH_PENALTY = 0.2


def require() -> None:
    """Raise ModelError where Argos Translate is not installed. Loads nothing."""
    if any(find_spec(name) is None for name in NEEDED):
        raise ModelError(EXTRA)


def runs(installed: Installed) -> bool:
    """Whether a package loads and translates a word; tried in a process of its own, which a damaged one may crash.

    True where Argos Translate is not installed, so that there is no way to know.
    """
    if any(find_spec(name) is None for name in NEEDED):
        return True
    command = [sys.executable, "-c", TRIAL, installed.source, installed.target, installed.version, str(installed.path)]
    try:
        return subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


class Engine(Protocol):
    """What translates single sentences, each on its own."""

    def translate(self, sentences: Sequence[str]) -> tuple[str | None, ...]:
        """A translation for each sentence; None for one that is too long."""


@dataclass(frozen=True, slots=True)
class Argos:
    """A package of Argos Translate, loaded."""

    package: Any  # argostranslate.package.Package: tokenizer and target_prefix
    model: Any  # ctranslate2.Translator

    @classmethod
    def open(cls, installed: Installed) -> Argos:
        """Load a package. Raises ModelError where the library is missing or the package does not run."""
        with _kept_from_home(str(installed.path.parent)):
            try:
                from argostranslate.package import Package
                from ctranslate2 import Translator
            except ModuleNotFoundError as error:
                raise ModelError(EXTRA) from error
            except ImportError as error:
                raise ModelError(
                    f"Argos Translate cannot be loaded ({error}); install the extra `translate` anew"
                ) from error
        threads = int(os.environ.get("ARGOS_INTRA_THREADS", "1"))
        try:
            package = Package(installed.path)
            package.tokenizer.encode("a")  # loads it
            model = Translator(str(installed.path / "model"), device="cpu", inter_threads=1, intra_threads=threads)
        except Exception as error:  # what C++ throws at damaged files has no type of its own
            reason = " ".join(str(error).split())[:160]
            raise ModelError(
                f"{installed.path}: the package cannot be run ({reason}); install it anew with "
                f"`normalizer models install {installed.name}`"
            ) from error
        return cls(package, model)

    def translate(self, sentences: Sequence[str]) -> tuple[str | None, ...]:
        """A translation for each sentence, with the settings that Argos Translate has; None for one too long."""
        pieces = [self.package.tokenizer.encode(sentence) for sentence in sentences]
        fitting = [number for number, own in enumerate(pieces) if 0 < len(own) <= LONGEST]
        prefix = self.package.target_prefix
        results = self.model.translate_batch(
            [pieces[number] for number in fitting],
            target_prefix=[[prefix]] * len(fitting) if prefix else None,
            replace_unknowns=True,
            max_batch_size=BATCH,
            batch_type="tokens",
            beam_size=BEAMS,
            length_penalty=LENGTH_PENALTY,
        )
        out: list[str | None] = [None] * len(pieces)
        for number, result in zip(fitting, results, strict=True):
            text = self.package.tokenizer.decode(result.hypotheses[0])
            out[number] = text.removeprefix(prefix).strip() if prefix else text.strip()
        return tuple(out)


@contextmanager
def _kept_from_home(packages: str) -> Iterator[None]:
    """While Argos is imported, its folders are in a place that goes away, and its settings are its defaults."""
    if "argostranslate.settings" in sys.modules:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="normalizer-argos-") as aside, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what it imports in turn
        own = dict.fromkeys(("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), aside)
        own |= {"ARGOS_PACKAGES_DIR": packages, "ARGOS_CHUNK_TYPE": "MINISBD", "ARGOS_DEBUG": "0"}
        before = {name: os.environ.get(name) for name in own}
        os.environ.update(own)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
