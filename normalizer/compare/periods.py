"""glossaries/periods.csv → the lengths of time that words name without their number: 半年ごと, "twice a year"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from normalizer.compare.values import minutes
from normalizer.cues import either
from normalizer.marks import spaced
from normalizer.model import LANGUAGES
from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

COLUMNS = ("period", "language", "form", "note")


@dataclass(frozen=True, slots=True)
class Periods:
    """The compiled table."""

    patterns: Mapping[str, re.Pattern[str]]  # language → all its forms
    values: Mapping[tuple[str, str], str]  # language and form → ISO 8601 duration

    def named(self, text: str, language: str) -> frozenset[str]:
        """The durations that the words of a text name, in ISO 8601.

        >>> from normalizer.glossary import glossary_folder
        >>> sorted(load(glossary_folder()).named("We check this twice a year.", "en"))
        ['P6M']
        """
        found = self.patterns[language].findall(text)
        return frozenset(self.values[language, " ".join(words.lower().split())] for words in found)


@cache
def load(folder: Path) -> Periods:
    """Compile periods.csv. Raises GlossaryError."""
    problems, path = Problems(), folder / "periods.csv"
    values: dict[tuple[str, str], str] = {}
    for line, row in read_table(path, COLUMNS, problems):
        if row["language"] not in LANGUAGES:
            problems.unknown(path, line, "language", row["language"], LANGUAGES)
        if minutes(row["period"]) is None:
            problems.add(path, line, f"period {row['period']!r} is no ISO 8601 duration, such as P6M")
        values[row["language"], row["form"].lower()] = row["period"]
    problems.refuse()
    forms = {side: either(form for language, form in values if language == side) for side in LANGUAGES}
    english = rf"(?<![\w-])(?:{spaced(forms['en'])})(?![\w-])"
    return Periods({"ja": re.compile(forms["ja"]), "en": re.compile(english, re.IGNORECASE)}, values)
