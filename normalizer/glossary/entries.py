"""What the tables of the glossary hold once they are read: terms, patterns, words of enumerations, idioms."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# From the best word for a concept to the one a translator must not use; also the order when two terms compete.
STATUSES = ("preferred", "admitted", "rendering", "wrong")
FROM_SENSES = "senses.csv"  # source of a term that only the table of senses knows
ROLES = ("head", "joiner", "trigger")
SCOPES = ("prior", "clause", "heading", "left", "right")  # where a cue of senses.csv is looked for
_POLITE = re.compile(r"^[ごお御](?=[一-鿿])")
_VERBAL = re.compile(r"(?<=[一-鿿])(?:いた|致)?(?:する|します|し)$")


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase that names a concept in one language."""

    concept: str  # concept id
    language: str  # "ja" or "en"
    form: str  # as it is written
    status: str  # one of STATUSES
    register: str = ""
    source: str = ""
    note: str = ""

    @property
    def entry(self) -> str:
        """How a mention names this entry: "ja:第三者提供"."""
        return f"{self.language}:{self.form}"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words of a concept with others between them: `第三者 … 提供`, `opt_out|refuse …3 receiving`."""

    concept: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Coordinated:
    """A word's part in enumerations such as 開示、訂正又は削除の請求: head, joiner or trigger."""

    language: str
    role: str  # one of ROLES
    form: str
    concept: str | None  # what a head stands for there


@dataclass(frozen=True, slots=True)
class Idiom:
    """Words that look like a term and name nothing: "prior to" is no prior, 特定の is no 特定する."""

    language: str
    form: str


def folded(form: str) -> str:
    """A form as it is looked up: letter case and width aside.

    >>> folded("Ｃｏｏｋｉｅ")
    'cookie'
    """
    return (form if form.isascii() else unicodedata.normalize("NFKC", form)).casefold()


@lru_cache(maxsize=20_000)  # the matches of a glossary's terms ask for it again and again
def sense_key(form: str) -> str:
    """The name under which senses.csv knows a form: without the politeness and the verb ending that do not matter.

    >>> sense_key("ご提供する")
    '提供'
    """
    form = folded(form)
    return form if form.isascii() else _POLITE.sub("", _VERBAL.sub("", form)) or form
