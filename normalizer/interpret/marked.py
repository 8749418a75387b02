"""marked_words.csv → the words of a clause that annotators of other policies marked as terms.

The glossary lists terms; policies also name a concept in words that no glossary lists, since they are terms in some
clauses only. The table says how often annotators marked words as a concept, of all places where these stood.
`python -m benchmarks.mention_odds --write` makes it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from normalizer.lexicon import Sequences, codes
from normalizer.model import LANGUAGES
from normalizer.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from normalizer.lexicon import Occurrence
    from normalizer.ontology import Ontology
    from normalizer.tables import Problems

TABLE = "marked_words.csv"
COLUMNS = ("language", "words", "concept", "marked", "within", "seen", "taken")
WORDS, PART = "words", "part"
SHARE = {WORDS: 0.05, PART: 0.1}  # of the places of words at which they were marked: less is no reading
LIKELY = 0.03  # of the places of words at which they would have been taken: at fewer they are not weighed
_SHARES, _OTHERS, _SEEN = (0.02, 0.1, 0.25, 0.5, 0.7, 0.85, 0.95), (0.02, 0.1, 0.25, 0.5, 0.8), (1, 2, 4, 8, 20)

Key = tuple[str, str, str]  # language, lemmas parted by spaces, concept
# Places where the words were marked, were a part of longer words so marked, stood, and would have been taken.
Count = tuple[int, int, int, int]


class Said(NamedTuple):
    """What annotators said of some words."""

    kind: str  # WORDS: they were marked; PART: longer words were, with this one among them
    words: str  # lemmas, parted by spaces
    concept: str
    told: tuple[str, str]  # how often, and how often as another concept, as features
    share: int  # how often, in steps
    free: tuple[str, ...]  # the features of these words where no mention stands over them


@dataclass(frozen=True, slots=True)
class MarkedWords:
    """The compiled table."""

    counts: Mapping[tuple[str, str], Mapping[str, Count]]  # language and words → concept → counts
    said: Mapping[str, Sequence[tuple[Said, ...]]]  # by language; their index is their number in `finders`
    finders: Mapping[str, Sequences]

    @classmethod
    def load(cls, folder: Path, ontology: Ontology, problems: Problems) -> MarkedWords:
        """The table in `folder`; what is wrong in it is added to `problems`."""
        counts: dict[Key, Count] = {}
        path = folder / TABLE
        for line, row in read_table(path, COLUMNS, problems):
            if row["language"] not in LANGUAGES:
                problems.unknown(path, line, "language", row["language"], LANGUAGES)
            elif not row["words"]:
                problems.add(path, line, "no words: the lemmas of the words, parted by spaces")
            elif row["concept"] not in ontology:
                problems.unknown(path, line, "concept", row["concept"], [concept.id for concept in ontology])
            elif not all(row[name].isdecimal() for name in COLUMNS[3:]):
                problems.add(path, line, "`marked`, `within`, `seen` and `taken` are whole numbers of places")
            else:
                marked, within, seen, taken = (int(row[name]) for name in COLUMNS[3:])
                counts[row["language"], row["words"], row["concept"]] = (marked, within, seen, taken)
        return cls.of(counts)

    @classmethod
    def of(cls, counts: Mapping[Key, Count]) -> MarkedWords:
        """The table with these counts."""
        of: defaultdict[tuple[str, str], dict[str, Count]] = defaultdict(dict)
        for (language, words, concept), count in counts.items():
            of[language, words][concept] = count
        taken = [key for key, its in of.items() if any(_is_weighed(count) for count in its.values())]
        phrases: dict[str, list[str]] = {
            its: [words for language, words in taken if language == its] for its in LANGUAGES
        }
        said = {its: [tuple(_said(words, of[its, words])) for words in found] for its, found in phrases.items()}
        return cls(dict(of), said, {its: finder(found) for its, found in phrases.items()})

    def occurrences(self, lemmas: Sequence[str], language: str) -> list[Occurrence]:
        """Where such words stand in a clause, in order of place, overlaps and all; their numbers are those of `said`.

        Linear in the lemmas.
        """
        return sorted(self.finders[language].occurrences(lemmas))

    def told(self, language: str, words: str, concept: str) -> tuple[str, str]:
        """How often the words were marked as the concept, and as another one, as features."""
        return _told(self.counts.get((language, words), {}), concept)


def _said(words: str, counts: Mapping[str, Count]) -> Iterator[Said]:
    for concept, count in counts.items():
        marked, within, seen, _ = count
        for kind, often in ((WORDS, marked), (PART, within)):
            if _is_weighed(count) and is_said(kind, often, seen):
                step = bisect_right(_SHARES, often / (seen + 1))
                told = _told(counts, concept, kind)
                yield Said(kind, words, concept, told, step, ("free", f"free share {step}", "free score 0", *told))
                break


def _is_weighed(count: Count) -> bool:
    *_, seen, taken = count
    return taken > 0 and taken / (seen + 1) >= LIKELY


def is_said(kind: str, count: int, seen: int) -> bool:
    """Whether words that were marked so often, of the places where they stood, may be a term where they stand."""
    return count > 0 and count / (seen + 1) >= SHARE[kind]


def _told(counts: Mapping[str, Count], concept: str, kind: str = WORDS) -> tuple[str, str]:
    marked, within, seen, _ = counts.get(concept) or (0, 0, max((count[2] for count in counts.values()), default=0), 0)
    others = sum(count[0] for other, count in counts.items() if other != concept)
    share = bisect_right(_SHARES, (within if kind == PART else marked) / (seen + 1))
    return f"share {share} of {bisect_right(_SEEN, seen)}", f"others {bisect_right(_OTHERS, others / (seen + 1))}"


def finder(phrases: Iterable[str]) -> Sequences:
    """What finds these phrases (lemmas parted by spaces) in lemmas; their numbers are their places in the list."""
    split = [phrase.split(" ") for phrase in phrases]
    coded = codes(dict.fromkeys(lemma for lemmas in split for lemma in lemmas))
    sequences = {"".join([coded[lemma] for lemma in lemmas]): [number] for number, lemmas in enumerate(split)}
    return Sequences(tuple(coded), sequences)
