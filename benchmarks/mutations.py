"""Mutants of every pair of the corpus → how many of them `compare` finds, kind by kind, and its false alarms.

A mutant is one change at one place of one side: another number, date or contact, a denial turned round, an exception or
a clause dropped, the recipient swapped, a term rendered by a word that the glossary calls wrong. It is found where the
comparison tells a difference at that clause, or at its counterpart, that it does not tell of the pair as it is.

    python benchmarks/mutations.py [--each 6] [--half tune|test] [--misses] > table.md

Seeded: the same mutants every time. Needs the checkout (corpus/); takes some minutes.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from normalizer import Normalizer
from normalizer.compare import compare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from normalizer.model import Analysis, Clause, Fact, Link
    from normalizer.records import Difference, Span

CORPUS = Path(__file__).parent.parent / "corpus"
SEED = 20240401
# Kind of mutant → the codes that name it.
KINDS = {
    "number": ("number_differs",),
    "date": ("date_differs",),
    "contact": ("contact_differs",),
    "negation": ("negation_lost", "modality_differs"),
    "exception": ("exception_missing", "negation_lost", "detail_missing"),
    "clause": ("clause_missing", "purpose_missing", "exception_missing", "detail_missing", "list_length_differs"),
    "recipient": ("recipient_differs",),
    "rendering": ("wrong_rendering",),
}
FACTS = {
    "number": ("fee", "period", "percentage", "age"),
    "date": ("date",),
    "contact": ("phone", "email", "url", "postal", "address"),
}
WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
KANJI = "一二三四五六七八九"
TURNED = {
    "ja": (
        (r"しません", "します"),
        (r"いたしません", "いたします"),
        (r"できません", "できます"),
        (r"ありません", "あります"),
        (r"しない(?=。|$)", "する"),
        (r"(?<=[^ま])します(?=。|$)", "しません"),
        (r"できます(?=。|$)", "できません"),
    ),
    "en": (
        (r"\b(do|does|did|is|are|was|were|will|shall|may|must|can) not\b", r"\1"),
        (r"\bcannot\b", "can"),
        (r"\b(will|shall|is|are|may|can)\b(?! not)", r"\1 not"),
        (r"\b(We|we) (?=use|collect|provide|acquire|keep|share|disclose)", r"\1 do not "),
        (r"\bnever ", ""),
    ),
}
MADE_DENIALS = (r"\1 not", r"\1 do not ", "しません", "できません")  # only where nothing is denied or conditional yet
DENIES = {
    "ja": re.compile("ない|なく|せん|ず|場合|とき|限"),
    "en": re.compile(r"\b(?:not?|never|if|when|where|unless|without|only|cannot)\b", re.I),
}
EXCEPTIONS = {
    "ja": (r"(?<=、)[^、。（）]*(?:場合|とき|もの)を除き、", r"ただし、[^。]*。", r"（[^（）]*除[^（）]*）"),
    "en": (
        r",? (?:except|unless|excluding)\b[^,.;:()]*(?=[,.;])",
        r"^(?:Except|Unless)\b[^,.;]*, ",
        r" (?:However|Provided)\b[^.]*\.",
        r" \((?:except|excluding)[^()]*\)",
    ),
}
RECIPIENTS = {
    "ThirdParty": ("第三者", "third parties"),
    "Entrustee": ("委託先", "contractors"),
    "JointUser": ("共同利用者", "joint users"),
    "GroupCompany": ("グループ会社", "group companies"),
    "BusinessPartner": ("提携先", "business partners"),
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change: `text[start:end]` of one side becomes `words`."""

    kind: str
    side: str
    link: int
    clause: Clause
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Known:
    """A pair of the corpus and what is said of it as it is."""

    policy: str
    ja: Analysis
    en: Analysis
    links: Sequence[Link]
    told: frozenset[tuple[str, str, str]]

    def side(self, side: str) -> Analysis:
        return self.ja if side == "ja" else self.en


def mutants(known: Known, normalizer: Normalizer, each: int, kinds: Sequence[str] = tuple(KINDS)) -> Iterator[Mutant]:
    """Up to `each` mutants of each kind, drawn by a seed of their own."""
    makers: dict[str, Callable[[Known, Normalizer], Iterator[Mutant]]] = {
        **dict.fromkeys(FACTS, _facts),
        "negation": _negations,
        "exception": _exceptions,
        "clause": _clauses,
        "recipient": _recipients,
        "rendering": _renderings,
    }
    for kind in kinds:
        possible = [mutant for mutant in makers[kind](known, normalizer) if mutant.kind == kind]
        yield from random.Random(f"{SEED} {known.policy} {kind}").sample(possible, min(each, len(possible)))


def known_pair(policy: str, normalizer: Normalizer) -> Known:
    """A pair of the corpus, analysed and compared."""
    ja, en = (normalizer.analyze(CORPUS / f"{policy}.{side}.txt") for side in ("ja", "en"))
    links = normalizer.links(ja, en)
    told = [one for some in compare(ja, en, links, normalizer.glossary, normalizer.folder) for one in some]
    return Known(policy, ja, en, links, frozenset(map(_key, told)))


def found(known: Known, mutant: Mutant, normalizer: Normalizer) -> tuple[bool, bool]:
    """Whether the mutant is told with a code of its kind, and whether at all."""
    text = known.side(mutant.side).document.text
    changed = normalizer.analyze(text[: mutant.start] + mutant.words + text[mutant.end :])
    sides = (changed, known.en) if mutant.side == "ja" else (known.ja, changed)
    links = normalizer.links(*sides)
    news = [
        one
        for some in compare(*sides, links, normalizer.glossary, normalizer.folder)
        for one in some
        if _key(one) not in known.told and _there(known, mutant, one)
    ]
    return any(one.code in KINDS[mutant.kind] for one in news), bool(news)


def _key(difference: Difference) -> tuple[str, str, str]:
    ja, en = (side.text if side else "" for side in (difference.ja, difference.en))
    return difference.code, ja, en


def _there(known: Known, mutant: Mutant, difference: Difference) -> bool:
    """Whether a difference is about the mutant's clause or its counterpart."""
    other = "en" if mutant.side == "ja" else "ja"
    spans = {"ja": difference.ja, "en": difference.en}
    length = len(mutant.words) - (mutant.end - mutant.start)
    here = _touches(spans[mutant.side], mutant.clause.start, mutant.clause.end + length)
    counterparts = [known.side(other).clauses[index] for index in getattr(known.links[mutant.link], other)]
    return here or any(_touches(spans[other], clause.start, clause.end) for clause in counterparts)


def _touches(span: Span | None, start: int, end: int) -> bool:
    return span is not None and span.start < end and start < span.end


# --- kinds of mutants --------------------------------------------------------------------------------------------


def _linked(known: Known) -> Iterator[tuple[int, str, Clause]]:
    """The clauses of links with both sides of which nothing is told yet."""
    texts = {text for _, *both in known.told for text in both if text}
    for number, link in enumerate(known.links):
        clauses = [known.ja.clauses[i] for i in link.ja], [known.en.clauses[i] for i in link.en]
        words = [
            known.side(side).text(clause) for side, some in zip(("ja", "en"), clauses, strict=True) for clause in some
        ]
        if all(clauses) and not any(text in word or word in text for text in texts for word in words if len(text) > 5):
            for side, some in zip(("ja", "en"), clauses, strict=True):
                yield from ((number, side, clause) for clause in some)


def _facts(known: Known, _: Normalizer) -> Iterator[Mutant]:
    for link, side, clause in _linked(known):
        other = "en" if side == "ja" else "ja"
        values = {f.value for i in getattr(known.links[link], other) for f in known.side(other).clauses[i].facts}
        for fact in clause.facts:
            kind = next((kind for kind, kinds in FACTS.items() if fact.kind in kinds), None)
            if kind and (fact.value in values or fact.kind == "address"):
                yield from _changed_fact(known, kind, side, link, clause, fact)


def _changed_fact(known: Known, kind: str, side: str, link: int, clause: Clause, fact: Fact) -> Iterator[Mutant]:
    text = known.side(side).document.text[fact.start : fact.end]
    if fact.kind in ("email", "url"):
        place = re.search(r"[a-z](?=[a-z])", text[text.find("//") + 1 :])
        at = text.find("//") + 1 + place.start() if place else -1
        new = f"{text[:at]}{'q' if text[at] != 'q' else 'x'}{text[at + 1 :]}"
    else:
        new = _other_number(text, last=kind != "number")
    if new != text:
        yield Mutant(kind, side, link, clause, fact.start, fact.end, new)


def _other_number(text: str, last: bool) -> str:
    """The text with its first, or last, number changed by a digit, a kanji or a word."""
    matches = list(re.finditer(rf"[1-8１-８]|[{KANJI[:-1]}]|\b(?:{'|'.join(WORDS[1:-1])})\b", text))
    if not matches:
        return text
    match = matches[-1 if last else 0]
    old = match.group()
    new = (
        WORDS[WORDS.index(old) + 1]
        if old in WORDS
        else KANJI[KANJI.index(old) + 1]
        if old in KANJI
        else chr(ord(old) + 1)
    )
    return text[: match.start()] + new + text[match.end() :]


def _rewritten(known: Known, kind: str, table: dict[str, tuple[tuple[str, str], ...]]) -> Iterator[Mutant]:
    for link, side, clause in _linked(known):
        if clause.kind == "heading":
            continue
        text = known.side(side).document.text[clause.body : clause.end]
        for pattern, words in table[side]:
            match = re.search(pattern, text)
            if match and not (words in MADE_DENIALS and DENIES[side].search(text)):
                start = clause.body + match.start()
                yield Mutant(kind, side, link, clause, start, clause.body + match.end(), match.expand(words))
                break


def _negations(known: Known, _: Normalizer) -> Iterator[Mutant]:
    return _rewritten(known, "negation", TURNED)


def _exceptions(known: Known, _: Normalizer) -> Iterator[Mutant]:
    return _rewritten(known, "exception", {side: tuple((p, "") for p in some) for side, some in EXCEPTIONS.items()})


def _clauses(known: Known, _: Normalizer) -> Iterator[Mutant]:
    """Leaves of the tree that are the only clause of their side of the link."""
    for link, side, clause in _linked(known):
        analysis = known.side(side)
        leaf = not any(other.parent == clause.id for other in analysis.clauses)
        alone = len(getattr(known.links[link], side)) == 1
        line = analysis.document.text[: clause.start].endswith("\n") or clause.start == 0
        if clause.kind != "heading" and leaf and alone and line:
            end = clause.end + (analysis.document.text[clause.end : clause.end + 1] == "\n")
            yield Mutant("clause", side, link, clause, clause.start, end, "")


def _recipients(known: Known, normalizer: Normalizer) -> Iterator[Mutant]:
    """The recipient of a statement becomes another."""
    ontology = normalizer.glossary.ontology
    for link, side, clause in _linked(known):
        for mention in clause.mentions:
            own = next((c for c in (mention.concept, *ontology.ancestors(mention.concept)) if c in RECIPIENTS), None)
            names = clause.statement and clause.statement.recipient == mention.concept
            if (
                own
                and names
                and known.side(side).document.text[mention.start : mention.end].isascii() == (side == "en")
            ):
                choice = random.Random(f"{SEED} {known.policy} {mention.start}").choice(sorted({*RECIPIENTS} - {own}))
                words = RECIPIENTS[choice][side == "en"]
                yield Mutant("recipient", side, link, clause, mention.start, mention.end, words)
                break


def _renderings(known: Known, normalizer: Normalizer) -> Iterator[Mutant]:
    """An English term becomes a word that the glossary calls wrong for its concept."""
    wrong: dict[str, list[str]] = defaultdict(list)
    for term in normalizer.glossary.terms:
        if term.status == "wrong" and term.language == "en":
            wrong[term.concept].append(term.form)
    for link, side, clause in _linked(known):
        said = {m.concept for i in known.links[link].ja for m in known.ja.clauses[i].mentions}
        for mention in clause.mentions if side == "en" else ():
            if mention.concept in wrong and mention.concept in said:
                words = random.Random(f"{SEED} {known.policy} {mention.start}").choice(wrong[mention.concept])
                yield Mutant("rendering", side, link, clause, mention.start, mention.end, words)
                break


# --- command line ------------------------------------------------------------------------------------------------


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--each", type=int, default=6, help="mutants of a kind and policy, at most")
    parser.add_argument("--half", choices=("tune", "test"))
    parser.add_argument("--kind", choices=tuple(KINDS), action="append")
    parser.add_argument("--misses", action="store_true", help="list what was not found, on standard error")
    options = parser.parse_args()
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    normalizer = Normalizer()
    for policy, half in _policies():
        if options.half in (None, half):
            known = known_pair(policy, normalizer)
            for mutant in mutants(known, normalizer, options.each, options.kind or tuple(KINDS)):
                named, told = found(known, mutant, normalizer)
                for number, one in enumerate((True, told, named)):
                    counts[mutant.kind, half][number] += one
                if options.misses and not named:
                    _show(known, mutant, told)
    sys.stdout.write("\n".join(_table(counts)) + "\n")


def _policies() -> list[tuple[str, str]]:
    with (CORPUS / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return [(row["policy"], row["half"]) for row in csv.DictReader(file)]


def _show(known: Known, mutant: Mutant, told: bool) -> None:
    text = known.side(mutant.side).document.text
    old = text[mutant.start : mutant.end]
    where = text[mutant.clause.start : mutant.clause.end]
    mark = "another code" if told else "not found"
    sys.stderr.write(f"{known.policy} {mutant.kind} {mark}: {old!r} -> {mutant.words!r} in {where[:200]!r}\n")


def _table(counts: dict[tuple[str, str], list[int]]) -> Iterator[str]:
    halves = [half for half in ("tune", "test") if any(key[1] == half for key in counts)]
    columns = ["mutant", *(name for half in halves for name in (f"{half}: mutants", "found", "found and named"))]
    yield f"| {' | '.join(columns)} |"
    yield "|" + "---|" * len(columns)
    for kind in KINDS:
        cells = [cell for half in halves for cell in _cells(counts[kind, half])]
        yield f"| {kind} | {' | '.join(cells)} |"


def _cells(count: Sequence[int]) -> tuple[str, ...]:
    number, told, named = count
    return (str(number), *(f"{one / number:.3f}" if number else "" for one in (told, named)))


if __name__ == "__main__":
    main()
