"""agreement_odds.csv → how probable a reading is by what speaks for and against it: two logistic models.

`word`: that a word of a clause names a concept that the linked clauses name. `mention`: that a mention is right though
the linked clauses do not name its concept. `benchmarks/agreement_odds.py` makes the table from annotated policies.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

TABLE = "agreement_odds.csv"
COLUMNS = ("model", "feature", "weight")
MODELS = ("word", "mention")
BIAS = "bias"

Odds = dict[str, float]  # feature → its weight in natural logarithms of odds


def load(folder: Path, problems: Problems) -> Mapping[str, Odds]:
    """The weights of both models; none where there is no table, as in a folder of tables of one's own."""
    path = folder / TABLE
    if not path.exists():
        return {}
    odds: dict[str, Odds] = {model: {} for model in MODELS}
    for line, row in read_table(path, COLUMNS, problems):
        if row["model"] not in odds:
            problems.unknown(path, line, "model", row["model"], MODELS)
            continue
        try:
            odds[row["model"]][row["feature"]] = float(row["weight"])
        except ValueError:
            problems.add(path, line, f"the weight {row['weight']!r} is no number")
    return odds


def probability(odds: Odds, features: Iterable[str]) -> float:
    """What the features of a reading make of it, from 0 to 1."""
    return 1 / (1 + math.exp(-odds.get(BIAS, 0.0) - sum(odds.get(feature, 0.0) for feature in features)))
