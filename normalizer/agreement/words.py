"""A word and a concept → what the glossary and annotated policies say of whether the word may name the concept.

The matcher finds the terms of the glossary; translations also name a concept in words that are no term of it: a part
of one (案内 where the term is ご案内メール), or a word that means many things (guide). Whether such a word is meant is
told by the other side of a link; how likely that is, by how often the word belongs to terms of this concept and others.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from normalizer.cache import remembered
from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from normalizer.glossary import Glossary
    from normalizer.model import Token
    from normalizer.tokens import Tokenizer

TABLE = "agreement_words.csv"
COLUMNS = ("language", "word", "concept", "marked", "seen")
FUNCTION_WORDS = "function_words.csv"
_FUNCTION_COLUMNS = ("language", "word", "note")
_CONTENT = frozenset(("名詞", "動詞", "形容詞", "形状詞", "接尾辞", "接頭辞", "副詞", "代名詞"))
# Steps of the figures that features are made of.
_MARKED, _SHARE = (1, 2, 4), (0.01, 0.03, 0.1, 0.2, 0.4, 0.6)
_FORMS, _CONCEPTS = (0.001, 0.05, 0.1, 0.2, 0.35, 0.6), (1, 2, 4, 8, 16, 40)
_DOUBT = 2  # added to the places seen, so that a word seen once tells little

Word = tuple[str, str]  # language, lemma
Named = tuple[str, str, str]  # language, lemma, concept


@dataclass(frozen=True, slots=True)
class Words:
    """How often a word belongs to a concept: in the forms of the glossary, and where annotators marked terms."""

    forms: Mapping[Named, int]  # forms of the concept that have the word
    concepts: Mapping[Word, int]  # concepts in whose forms the word is
    listed: Mapping[tuple[str, str], int]  # language, concept → forms
    marked: Mapping[Named, int]  # places where the word was marked, alone or in a term, as the concept
    seen: Mapping[Named, int]  # all places where the word stood in these texts
    function_words: frozenset[Word]

    @classmethod
    def load(cls, folder: Path, glossary: Glossary, tokenizer: Tokenizer, problems: Problems) -> Words:
        """The tables of `folder` and the words of the glossary's forms; what is wrong is added to `problems`."""
        functions = frozenset(
            (row["language"], row["word"])
            for _, row in read_table(folder / FUNCTION_WORDS, _FUNCTION_COLUMNS, problems)
        )
        marked: dict[Named, int] = {}
        seen: dict[Named, int] = {}
        for line, row in read_table(folder / TABLE, COLUMNS, problems):
            key = (row["language"], row["word"], row["concept"])
            if row["concept"] not in glossary.ontology:
                problems.unknown(folder / TABLE, line, "concept", row["concept"], [one.id for one in glossary.ontology])
            elif not row["marked"].isdecimal() or not row["seen"].isdecimal():
                problems.add(folder / TABLE, line, "`marked` and `seen` are whole numbers of places")
            else:
                marked[key], seen[key] = int(row["marked"]), int(row["seen"])
        return cls(*_of_glossary(glossary, tokenizer, functions), marked, seen, functions)

    def says(self, token: Token, language: str) -> bool:
        """Whether a token is a word that can name anything."""
        return is_content(token, language, self.function_words)

    def features(self, language: str, word: str, concept: str) -> tuple[str, ...]:
        """What speaks for and against this word as a name of the concept; nothing where they never came together."""
        key = (language, word, concept)
        forms, marked = self.forms.get(key, 0), self.marked.get(key, 0)
        if not forms and not marked:
            return ()
        share = marked / (self.seen.get(key, 0) + _DOUBT)
        part = forms / self.listed.get((language, concept), 1)
        return (
            f"marked {bisect_right(_MARKED, marked)}",
            f"share {bisect_right(_SHARE, share)}",
            f"forms {bisect_right(_FORMS, part)} {language}",
            f"concepts {bisect_right(_CONCEPTS, self.concepts.get((language, word), 0))}",
        )


def is_content(token: Token, language: str, function_words: frozenset[Word]) -> bool:
    """Whether a token is a word with a meaning of its own: by its part of speech in Japanese, by the table in both."""
    if (language, token.lemma) in function_words:
        return False
    return token.pos in _CONTENT if language == "ja" else token.lemma.isalpha()


def _of_glossary(
    glossary: Glossary, tokenizer: Tokenizer, functions: frozenset[Word]
) -> tuple[dict[Named, int], dict[Word, int], dict[tuple[str, str], int]]:
    """The words of the glossary's forms, with their concepts: half a second the first time, then from the cache."""
    terms = [[term.language, term.concept, term.form] for term in glossary.terms]
    sources = (json.dumps([terms, sorted(functions)]).encode(), tokenizer.exceptions.encode())
    known = remembered("agreement-words", sources, lambda: _counted(terms, tokenizer, functions))
    forms = {(language, word, concept): count for language, word, concept, count in known}
    concepts = Counter((language, word) for language, word, _ in forms)
    return forms, concepts, Counter((language, concept) for language, concept, _ in terms)


def _counted(terms: Iterable[list[str]], tokenizer: Tokenizer, functions: frozenset[Word]) -> list[list[Any]]:
    counts: defaultdict[Named, int] = defaultdict(int)
    for language, concept, form in terms:
        words = {word.lemma for word in tokenizer.words(form, language) if is_content(word, language, functions)}
        for word in words:
            counts[language, word, concept] += 1
    return [[*key, count] for key, count in sorted(counts.items())]
