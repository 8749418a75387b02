"""The tables of senses of a folder to what senses are resolved by, checked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from normalizer.cache import remembered
from normalizer.glossary import SCOPES, SENSE_COLUMNS, sense_key
from normalizer.nfkc import normalize
from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

TABLES = ("senses.csv", "sense_odds.csv", "sense_classes.csv", "sense_forms.csv")
CLASS_COLUMNS = ("class", "language", "word")
FORM_COLUMNS = ("language", "form", "as", "note")
Row = tuple[str, list[str], str, str, float, str]  # language, keys of the forms, concept, cue, weight, scope


Class = tuple[str, str, str]  # language, folded word, <class>
Word = tuple[str, list[str], bool]  # a folded word, the cues that it is, whether it is no part of a longer word


def load_rules(
    folder: Path, own: Collection[tuple[str, str]]
) -> tuple[list[list[Any]], dict[str, list[Word]], list[list[str]]]:
    """The forms with their senses, the words that are cues by language, and the longer terms that have a form's senses.

    All is from the cache where it is known.

    own: (language, folded form) of the terms whose rules do not count. Each form is a list: language, key, concepts,
    priors as (concept, weight), and by cue the scopes, each with its (concept, weight). Each longer term is its
    language, its key and that of the form. Raises GlossaryError.
    """
    paths = [folder / name for name in TABLES]
    tables = [path.read_bytes() if path.is_file() else b"" for path in paths]
    left = sorted({(language, sense_key(form)) for language, form in own})
    forms, words, longer = remembered("senses", [*tables, repr(left).encode()], lambda: _compiled(folder, set(left)))
    return forms, words, longer


def cue_words(language: str, asked: Collection[str], classes: Iterable[Class]) -> list[Word]:
    """The words that are cues, or of a class that is one, in order; asked: the cues that some rule has."""
    named = {word: {word} for word in asked if word[0] != "<"}
    for spoken, word, name in classes:
        if spoken == language and name in asked:
            named.setdefault(word, set()).add(name)
    return [
        (word, sorted(cues), language != "ja" or word[0].isascii() or word[-1].isascii())
        for word, cues in sorted(named.items())
    ]


def _compiled(
    folder: Path, left: Collection[tuple[str, str]]
) -> tuple[list[list[Any]], dict[str, list[Word]], list[list[str]]]:
    found, classes = read_rules(folder)
    forms: dict[tuple[str, str], tuple[dict[str, None], list[Any], dict[str, dict[str, list[Any]]]]] = {}
    for language, keys, concept, cue, weight, scope in found:
        for key in keys:
            if (language, key) not in left:
                concepts, priors, cues = forms.setdefault((language, key), ({}, [], {}))
                concepts[concept] = None
                votes = cues.setdefault(cue, {}).setdefault(scope, []) if cue else priors
                votes.append((concept, weight))
    asked: dict[str, set[str]] = {}
    for (language, _), (_, _, cues) in forms.items():
        asked.setdefault(language, set()).update(cues)
    listed = [
        [language, key, list(concepts), priors, {cue: list(scopes.items()) for cue, scopes in cues.items()}]
        for (language, key), (concepts, priors, cues) in forms.items()
    ]
    longer = [list(row) for row in read_longer(folder) if row[:2] not in left and (row[0], row[2]) in forms]
    return listed, {language: cue_words(language, cues, classes) for language, cues in asked.items()}, longer


def read_longer(folder: Path) -> list[tuple[str, str, str]]:
    """The rows of sense_forms.csv: language, key of a longer term, key of the form in it. Raises GlossaryError."""
    path, problems = folder / "sense_forms.csv", Problems()
    found = []
    known = {(row[0], key) for row in _rules(folder / "senses.csv") for key in row[1]} if path.is_file() else set()
    for line, row in read_table(path, FORM_COLUMNS, problems) if path.is_file() else ():
        language, longer, form = row["language"], sense_key(row["form"]), sense_key(row["as"])
        if (language, form) not in known:
            forms = sorted(key for spoken, key in known if spoken == language)
            problems.unknown(path, line, "form of senses.csv", row["as"], forms)
        found.append((language, longer, form))
    problems.refuse()
    return found


def read_rules(folder: Path) -> tuple[list[Row], list[Class]]:
    """The rows of the tables of rules, and those of the classes as (language, folded word, <class>). GlossaryError."""
    senses, odds, classes = (folder / name for name in TABLES[:3])
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
