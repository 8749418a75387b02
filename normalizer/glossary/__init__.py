"""Tables under glossaries/, and a user's own, to terms, patterns, coordinations and idioms, all checked."""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any

from normalizer.cache import remembered
from normalizer.glossary.entries import (
    FROM_SENSES,
    SCOPES,
    STATUSES,
    Coordinated,
    Idiom,
    Pattern,
    Term,
    folded,
    sense_key,
)
from normalizer.glossary.rows import COLUMNS, SENSE_COLUMNS, TERM_COLUMNS, glossary_folder, read_tables, used_files
from normalizer.ontology import Concept, Ontology

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from normalizer.glossary.rows import Tables

__all__ = [
    "SCOPES",
    "SENSE_COLUMNS",
    "STATUSES",
    "Coordinated",
    "Glossary",
    "Idiom",
    "Pattern",
    "Term",
    "folded",
    "glossary_folder",
    "sense_key",
]


@dataclass(frozen=True, slots=True)
class Glossary:
    """Everything that says which words name which concept."""

    ontology: Ontology
    terms: tuple[Term, ...]
    patterns: tuple[Pattern, ...]
    coordination: tuple[Coordinated, ...]
    lemmas: dict[str, str]  # English words whose lemma is not what simplemma says
    version: str  # twelve hexadecimal digits of the tables' SHA-256, a user's own included
    own: frozenset[tuple[str, str]] = frozenset()  # (language, folded form) of the terms that are the user's
    idioms: tuple[Idiom, ...] = ()

    @classmethod
    def load(cls, folder: Path | None = None, extra: Sequence[Path] = ()) -> Glossary:
        """Read and check the tables of `folder` (by default the ones shipped): 0.4 s, then 0.06 s from the cache.

        extra: a user's own terms, tables with the columns of terms.csv or TBX files. What they say of a form replaces
        what was said of it before, so one row is enough to change a term; their preferred form of a concept becomes
        the preferred one. Raises GlossaryError naming file, line, value and the nearest valid values of up to 20
        problems.
        """
        folder = folder or glossary_folder()
        sources = [_content(path) for path in used_files(folder, extra)]
        known = remembered("glossary", sources, lambda: _checked(read_tables(folder, extra)))
        return cls(
            Ontology(map(Concept.of, known["concepts"])),
            tuple(Term(*cells) for cells in known["terms"]),
            tuple(Pattern(*cells) for cells in known["patterns"]),
            tuple(Coordinated(*cells) for cells in known["coordination"]),
            known["lemmas"],
            _version(folder, extra),
            frozenset((language, form) for language, form in known["own"]),
            tuple(Idiom(*cells) for cells in known["idioms"]),
        )

    @property
    def listed(self) -> tuple[Term, ...]:
        """The terms of the tables of terms, without those that only the table of senses knows."""
        return tuple(term for term in self.terms if term.source != FROM_SENSES)

    def lookup(self, language: str, form: str) -> tuple[Term, ...]:
        """The terms with this form, letter case and width aside."""
        wanted = folded(form)
        return tuple(term for term in self.terms if term.language == language and folded(term.form) == wanted)

    def forms(self, concept: str, language: str) -> tuple[Term, ...]:
        """The terms of a concept in one language, the preferred first."""
        own = [term for term in self.terms if term.concept == concept and term.language == language]
        return tuple(sorted(own, key=lambda term: STATUSES.index(term.status)))


def _content(path: Path) -> bytes:
    """The bytes of a table with its name; of one that cannot be read the name, and reading it will say so."""
    try:
        return path.name.encode("utf-8", "surrogateescape") + b"\n" + path.read_bytes()
    except OSError:
        return path.name.encode("utf-8", "surrogateescape")


def _version(folder: Path, extra: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in (*sorted(folder.glob("*.csv")), *extra):
        content = _content(path)
        digest.update(b"%d\n" % len(content))
        digest.update(content)
    return digest.hexdigest()[:12]


def _checked(tables: Tables) -> dict[str, Any]:
    """What a Glossary holds, in lists and strings only; raises GlossaryError where a check finds an error."""
    from normalizer.glossary.checks import errors
    from normalizer.tables import refuse

    refuse(errors(tables))
    terms = [[row[column] for column in TERM_COLUMNS] for row in tables.terms]
    return {
        "concepts": [[row[column] for column in COLUMNS["concepts"]] for row in tables.concepts],
        "terms": terms + [list(astuple(term)) for term in _sense_forms(tables)],
        "patterns": [[row["concept"], row["language"], row["pattern"]] for row in tables.patterns],
        "coordination": [
            [row["language"], row["role"], row["form"], row["concept"] or None] for row in tables.coordination
        ],
        "idioms": [[row["language"], row["form"]] for row in tables.idioms],
        "lemmas": {row["surface"]: row["lemma"] for row in tables.lemmas_en},
        "own": sorted(map(list, tables.own)),
    }


def _sense_forms(tables: Tables) -> list[Term]:
    """Forms that only the table of senses knows are forms too: `window`, 移転."""
    known = {(row["language"], row["form"]) for row in tables.terms}
    found: dict[tuple[str, str, str], Term] = {}
    for row in tables.senses:
        for form in row["form"].split("|") if row["concept"] else ():
            if (row["language"], form) not in known:
                key = (row["concept"], row["language"], form)
                found.setdefault(key, Term(*key, status="rendering", source=FROM_SENSES))
    return list(found.values())
