"""The terms of gold and glossaries/senses.csv → the flag `confusable` of each term, by one rule for all policies.

    python corpus/confusables.py [--write] [FOLDER …]

A term is confusable if its quote contains a form with two senses or more in the table and its concept is one of these
senses, or narrower, or the one directly above (the plain reading of the word: consent beside prior and deemed consent).
English forms count inflected (disclosed, notices), Japanese ones anywhere in the quote (polite forms too) and with a
particle inside (利用の停止); 法 and "the Act" only as the whole quote. Without --write, wrong flags are listed and the
exit code is 1.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

TOP = Path(__file__).parent.parent
WHOLE = {"法": "^法$", "the Act": "^(the )?act$"}  # these stand in the names of all laws
COMPOUND = re.compile(r"[一-鿿]{4}")  # which a particle may part in the middle
Forms = list[tuple[re.Pattern[str], set[str]]]
KEYS = ("clauses", "terms", "facts")


def _rows(name: str) -> list[dict[str, str]]:
    with (TOP / "glossaries" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _pattern(language: str, form: str) -> re.Pattern[str]:
    if form in WHOLE:
        return re.compile(WHOLE[form], re.IGNORECASE)
    if language == "ja":
        parted = f"{form[:2]}(?:の|して|で|を)?{form[2:]}" if COMPOUND.fullmatch(form) else re.escape(form)
        return re.compile(parted)
    if form.endswith("e"):
        form, end = form[:-1], "(?:e|es|ed|ing)"
    elif form.endswith("y"):
        form, end = form[:-1], "(?:y|ies|ied|ying)"
    else:
        end = "(?:s|es|ed|ing)?"
    return re.compile(rf"\b{re.escape(form)}{end}\b", re.IGNORECASE)


def forms() -> dict[str, Forms]:
    """Language → the pattern of each form that has several senses, with the concepts of these."""
    senses: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in _rows("senses.csv"):
        if row["concept"]:
            senses[row["language"], row["form"]].add(row["concept"])
    out: dict[str, Forms] = {"ja": [], "en": []}
    for (language, variants), concepts in senses.items():
        if len(concepts) > 1:
            out[language] += [(_pattern(language, form), concepts) for form in variants.split("|")]
    return out


def broader() -> dict[str, str]:
    """Concept → the one above it, "" at the top."""
    return {row["id"]: row["broader"] for row in _rows("concepts.csv")}


def confusable(quote: str, concept: str, table: Forms, above: dict[str, str]) -> bool:
    """Whether a quote holds a form with several senses of which the concept is one, below one or directly above."""
    line = [concept]
    while above.get(line[-1]):
        line.append(above[line[-1]])
    return any(
        pattern.search(quote)
        for pattern, concepts in table
        if not concepts.isdisjoint(line) or concept in {above[sense] for sense in concepts}
    )


def wrong(gold: dict[str, Any], table: Forms, above: dict[str, str]) -> list[dict[str, Any]]:
    """The terms of a document whose flag is not what the rule says."""
    return [t for t in gold["terms"] if t["confusable"] != confusable(t["quote"], t["concept"], table, above)]


def as_text(gold: dict[str, Any]) -> str:
    """A document of gold as its file holds it: a row a line."""
    parts = [f'"{key}": [\n' + ",\n".join(json.dumps(r, ensure_ascii=False) for r in gold[key]) + "\n]" for key in KEYS]
    return "{" + ",\n".join(parts) + "}\n"


def main() -> int:
    parser = argparse.ArgumentParser(description="Whether the flag `confusable` of all terms is what the table says.")
    parser.add_argument("folders", type=Path, nargs="*", default=[TOP / "corpus" / "gold", TOP / "corpus" / "second"])
    parser.add_argument("--write", action="store_true", help="set the flags")
    options = parser.parse_args()
    tables, above, count = forms(), broader(), 0
    for path in sorted(path for folder in options.folders for path in folder.glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        for term in wrong(gold, tables[path.stem[-2:]], above):
            count += 1
            term["confusable"] = not term["confusable"]
            print(f"{path.stem}: {term['quote']} = {term['concept']}: {term['confusable']}")
        if options.write:
            path.write_text(as_text(gold), encoding="utf-8", newline="\n")
    print(f"{count} flags {'set' if options.write else 'wrong'}")
    return 1 if count and not options.write else 0


if __name__ == "__main__":
    raise SystemExit(main())
