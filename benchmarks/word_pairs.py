"""Texts in both languages → glossaries/word_pairs.csv: `python -m benchmarks.word_pairs [--check] [--write FILE]`.

Which Japanese words are translated by which English words, as the aligner uses it before it asks for any vector. The
probabilities are those of model 1 of Brown et al. (1993), both ways, learned by expectation maximisation from the rows
of corpus/annotated and corpus/categories/both that may be looked at, the gold links of the half `tune` of corpus/, the
definitions and labels of concepts.csv, and the terms of each concept in both languages. A cell lists the forms in which
a word was met, since the aligner knows no grammar; a form of two words is that of the commoner. The same texts give the
same bytes.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.tables import csv_text
from corpus.annotated import USUAL, sides
from normalizer.align.translations import COLUMNS
from normalizer.glossary import Glossary
from normalizer.tokens import Tokenizer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from normalizer.model import Token

ROOT = Path(__file__).resolve().parent.parent
GLOSSARIES = ROOT / "glossaries"
TABLE = GLOSSARIES / "word_pairs.csv"
ROUNDS = 8  # of expectation maximisation
LEAST = 0.05  # pairs whose two probabilities have a smaller geometric mean are left out
SEEN = 2  # texts of both sides in which a pair must stand
CONTENT = ("名詞", "動詞", "形容詞", "形状詞", "副詞", "接尾辞", "代名詞", "接頭辞")
NULL = ""  # what a word without a counterpart is the translation of
STOP = frozenset(
    """a an the of to in on at by for from with as and or nor if than that this these those such it its is are was were
    be been being will shall may can would should has have had do does did which who whom whose we our us you your
    they their he she his her him not no any all other into under upon hereinafter etc""".split()  # noqa: SIM905
)
KANA = re.compile(r"[ぁ-ん]{1,2}|[ぁ-んー]")

Text = tuple[str, str]


def texts() -> Iterator[Text]:
    """Japanese texts with their translations."""
    for ja, en in (*sides(), *sides(USUAL)):
        if ja.part == "train":
            for left, right in zip(ja.rows, en.rows, strict=True):
                if left and right:
                    yield ja.text[slice(*left)], en.text[slice(*right)]
    with (ROOT / "corpus" / "manifest.csv").open(encoding="utf-8", newline="") as table:
        policies = [row["policy"] for row in csv.DictReader(table) if row["half"] == "tune"]
    for policy in policies:
        yield from linked(policy)
    with (GLOSSARIES / "concepts.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            yield row["definition_ja"], row["definition_en"]
            yield row["label_ja"], row["label_en"]
    yield from terms()


def linked(policy: str) -> Iterator[Text]:
    """The lines of a policy that the gold links."""
    folder = ROOT / "corpus"
    ja, en = (
        [line for line in (folder / f"{policy}.{side}.txt").read_text(encoding="utf-8").split("\n") if line.strip()]
        for side in ("ja", "en")
    )
    for left, right in json.loads((folder / f"{policy}.gold.json").read_text(encoding="utf-8"))["links"]:
        yield "\n".join(ja[i] for i in left), "\n".join(en[j] for j in right)


def terms() -> Iterator[Text]:
    """The terms of each concept: the preferred ones of each language with all of the other."""
    forms: dict[str, dict[str, list[tuple[str, str]]]] = defaultdict(lambda: {"ja": [], "en": []})
    with (GLOSSARIES / "terms.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            if row["status"] != "wrong":
                forms[row["concept"]][row["language"]].append((row["status"], row["form"]))
    for found in forms.values():
        first = {side: [form for status, form in found[side] if status == "preferred"] for side in found}
        pairs = [(ja, en) for ja in first["ja"] for _, en in found["en"]]
        pairs += [(ja, en) for _, ja in found["ja"] for en in first["en"]]
        yield from dict.fromkeys(pairs)


@dataclass(slots=True)
class Words:
    """The words of one language: numbered, with the forms in which they were met."""

    number: dict[str, int] = field(default_factory=lambda: {NULL: 0})
    forms: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def of(self, found: Iterable[tuple[str, str]]) -> list[int]:
        """The numbers of the lemmas of a text, each once; `found` are lemmas with their forms."""
        out: dict[int, None] = {}
        for lemma, form in found:
            self.forms[lemma][form] += 1
            out[self.number.setdefault(lemma, len(self.number))] = None
        return list(out)

    def cells(self) -> dict[int, str]:
        """The forms of each word, of those that it has more often than other words do."""
        owner: dict[str, str] = {}
        for lemma in self.number:
            for form, count in self.forms[lemma].items():
                if form not in owner or count > self.forms[owner[form]][form]:
                    owner[form] = lemma
        own: dict[str, list[str]] = defaultdict(list)
        for form, lemma in sorted(owner.items()):
            own[lemma].append(form)
        return {self.number[lemma]: "|".join(forms) for lemma, forms in own.items()}


def japanese(tokens: Iterable[Token]) -> Iterator[tuple[str, str]]:
    """Lemma and form of each word that says something; a form ends with its last character that is not inflected."""
    for token in tokens:
        form = re.sub(r"[ぁ-ん]+$", "", token.surface) or token.surface
        if token.pos in CONTENT and not KANA.fullmatch(form) and not re.fullmatch(r"[\W\d_a-zA-Z]+", form):
            yield token.lemma, form


def english(tokens: Iterable[Token]) -> Iterator[tuple[str, str]]:
    """Lemma and form of each word that says something."""
    for token in tokens:
        form = token.surface.lower()
        if form not in STOP and form.isalpha() and len(form) > 1:
            yield token.lemma, form


def learned(pairs: Sequence[tuple[list[int], list[int]]]) -> NDArray[np.float64]:
    """P(second word | first word) as triples (first, second, probability): model 1, of which 0 is the empty word."""
    first = np.concatenate([np.repeat([0, *a], len(b)) for a, b in pairs])
    second = np.concatenate([np.tile(b, len(a) + 1) for a, b in pairs])
    place = np.concatenate(
        [np.tile(np.arange(len(b)), len(a) + 1) + k for (a, b), k in zip(pairs, starts(pairs), strict=True)]
    )
    cells, cell = np.unique(np.stack([first, second], axis=1), axis=0, return_inverse=True)
    cell = cell.ravel()
    chance = np.ones(len(cells))
    for _ in range(ROUNDS):
        weight = chance[cell]
        weight /= np.bincount(place, weight)[place]
        counts = np.bincount(cell, weight, len(cells))
        chance = counts / np.bincount(cells[:, 0], counts)[cells[:, 0]]
    return np.column_stack([cells, chance, np.bincount(cell, minlength=len(cells))])


def starts(pairs: Sequence[tuple[list[int], list[int]]]) -> NDArray[np.int64]:
    """How many words of the second language stand before each pair."""
    return np.cumsum([0, *(len(b) for _, b in pairs[:-1])])


def rows() -> list[tuple[str, ...]]:
    """The rows of word_pairs.csv."""
    tokenizer = Tokenizer(Glossary.load(GLOSSARIES).lemmas)
    ja, en, pairs = Words(), Words(), []
    for left, right in texts():
        found = ja.of(japanese(tokenizer.tokens(left, 0, len(left), "ja")))
        other = en.of(english(tokenizer.tokens(right, 0, len(right), "en")))
        if found and other:
            pairs.append((found, other))
    forth, back = learned(pairs), learned([(right, left) for left, right in pairs])
    chances = {(int(b), int(a)): chance for a, b, chance, _ in back}
    cells = [words.cells() for words in (ja, en)]
    out = []
    for a, b, chance, seen in forth:
        other = chances.get((int(a), int(b)), 0.0)
        cell = cells[0].get(int(a)), cells[1].get(int(b))
        if all(cell) and seen >= SEEN and (chance * other) ** 0.5 >= LEAST:
            out.append((*map(str, cell), f"{chance:.2f}", f"{other:.2f}"))
    return sorted(out)


def main() -> None:
    """Write the table, or tell whether it is the one that stands there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help=f"exit 1 where {TABLE.name} is another one")
    parser.add_argument("--write", type=Path, help="the table to write")
    arguments = parser.parse_args()
    text = csv_text(COLUMNS, rows())
    if arguments.write:
        arguments.write.write_text(text, encoding="utf-8", newline="")
    if arguments.check and TABLE.read_text(encoding="utf-8") != text:
        sys.exit(
            f"{TABLE.name} is not what the texts say: python -m benchmarks.word_pairs --write glossaries/{TABLE.name}"
        )


if __name__ == "__main__":
    main()
