"""Analysis of policies against bare tokenisation of the same text, and the start-up of the command.

    python benchmarks/analyze.py corpus/*.ja.txt

Each figure is the median of several rounds; rounds of the two sides alternate, so that a noisy moment hits both.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from normalizer.lines import json_lines
from normalizer.pipeline import Normalizer
from normalizer.reading import read
from normalizer.tokens import Tokenizer

if TYPE_CHECKING:
    from collections.abc import Callable

    from normalizer.model import Document

ROUNDS = 7


def main(paths: list[Path]) -> None:
    documents = [read(path) for path in paths]
    characters = sum(len(document.text) for document in documents)
    normalizer, tokenizer = Normalizer(), Tokenizer()
    tokens, analysis = [], []
    for _ in range(ROUNDS):
        tokens.append(_seconds(lambda: _tokenize(tokenizer, documents)))
        analysis.append(_seconds(lambda: _analyze(normalizer, documents)))
    base, whole = statistics.median(tokens), statistics.median(analysis)
    print(f"{len(documents)} documents, {characters:,} characters, medians of {ROUNDS} rounds")
    each = 1000 / len(documents)
    print(f"tokens with lemma and part of speech  {each * base:8.2f} ms a document    1.0")
    print(f"analysis, all stages, JSON written    {each * whole:8.2f} ms a document  {whole / base:5.1f}")
    start = statistics.median(_seconds(lambda: _run("-c", "pass")) for _ in range(ROUNDS))
    command = statistics.median(
        _seconds(lambda: _run("-m", "normalizer", "analyze", str(paths[0]))) for _ in range(ROUNDS)
    )
    print(f"python starts in {start:.2f} s; `normalizer analyze` takes {command - start:.2f} s more")


def _tokenize(tokenizer: Tokenizer, documents: list[Document]) -> None:
    for document in documents:
        for block in document.blocks:
            tokenizer.tokens(document.text, block.start, block.end, "ja")


def _analyze(normalizer: Normalizer, documents: list[Document]) -> None:
    for document in documents:
        for _ in json_lines(normalizer.analyze(document)):
            pass


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
