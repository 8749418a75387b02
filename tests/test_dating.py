"""The day as of which a policy speaks: the cases of cases/dating.tsv, each below the first lines of a policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conftest import rows

if TYPE_CHECKING:
    from normalizer import Normalizer

HEAD = "個人情報の取扱い\n\n当社は、お客様の個人情報を第三者に提供しません。\n\n"


@pytest.mark.parametrize(("format", "lines", "date"), rows("dating.tsv", 3))
def test_the_date_of_a_policy(format: str, lines: str, date: str, normalizer: Normalizer) -> None:
    found = normalizer.analyze(HEAD + lines, format=format).as_of
    assert (found.isoformat() if found else "-") == date
