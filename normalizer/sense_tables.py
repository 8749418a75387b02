"""senses.csv, sense_odds.csv and sense_classes.csv of a folder to their rows, checked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalizer.glossary import SCOPES, SENSE_COLUMNS, sense_key
from normalizer.nfkc import normalize
from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from pathlib import Path

TABLES = ("senses.csv", "sense_odds.csv", "sense_classes.csv")
CLASS_COLUMNS = ("class", "language", "word")
Row = tuple[str, list[str], str, str, float, str]  # language, keys of the forms, concept, cue, weight, scope


def read_rules(folder: Path) -> tuple[list[Row], list[tuple[str, str, str]]]:
    """The rows of the tables of rules, and those of the classes as (language, folded word, <class>). GlossaryError."""
    senses, odds, classes = (folder / name for name in TABLES)
    problems = Problems()
    words = [
        (row["language"], folded_cue(row["word"]), f"<{row['class']}>")
        for _, row in (read_table(classes, CLASS_COLUMNS, problems) if classes.is_file() else ())
    ]
    found = _rules(senses) + (_rules(odds) if odds.is_file() else [])
    known = {(language, name) for language, _, name in words}
    for language, forms, _, cue, _, _ in found:
        if cue.startswith("<") and (language, cue) not in known:
            problems.add(classes, 1, f"{forms[0]!r} has the cue {cue}, but no word of this language is of that class")
    problems.refuse()
    return found, words


def _rules(path: Path) -> list[Row]:
    """The rows of a table of rules."""
    problems = Problems()
    found = []
    for line, row in read_table(path, SENSE_COLUMNS, problems):
        if row["scope"] not in SCOPES:
            problems.unknown(path, line, "scope", row["scope"], SCOPES)
        elif not re.fullmatch(r"-?\d{1,3}(\.\d{1,6})?", row["weight"], re.ASCII):
            problems.add(path, line, f"the weight {row['weight']!r} is no number such as 1.5")
        elif (row["scope"] == "prior") == bool(row["cue"]):
            problems.add(path, line, "a prior takes no cue, every other scope takes one")
        else:
            forms = list(dict.fromkeys(sense_key(form) for form in row["form"].split("|")))
            cue = folded_cue(row["cue"])
            found.append((row["language"], forms, row["concept"], cue, float(row["weight"]), row["scope"]))
    problems.refuse()
    return found


def folded_cue(text: str) -> str:
    """A cue, or a text in which cues are looked for, in NFKC and lower case."""
    return normalize(text).text.lower()
