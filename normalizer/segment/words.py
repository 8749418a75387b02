"""The words that segmentation goes by, from glossaries/segmentation.csv."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGES = ("ja", "en")
KINDS = (
    *(
        "title",
        "subject",
        "introduction",
        "introduction_end",
        "heading",
        "item_start",
        "item_ending",
        "sentence_ending",
    ),
    *(
        "unfinished",
        "leaves_open",
        "stranded",
        "self",
        "not_self",
        "particle",
        "reference",
        "furniture",
        "furniture_start",
        "closing",
        "history",
        "home",
        "menu",
        "letter",
        "language",
        "goes_on",
        "heading_end",
        "reader",
        "related",
        "addressee",
        "question",
        "answer",
        "office",
    ),
)

CLOSERS = {
    "（": "）",
    "(": ")",
    "【": "】",
    "[": "]",
    "「": "」",
    "『": "』",
    "〔": "〕",
    "〈": "〉",
    "《": "》",
    "＜": "＞",
    "≪": "≫",
}
SET_WIDE = re.compile(r"[^\s\x00-\x7f](?:\s{1,4}[^\s\x00-\x7f]){2,}")
LAST = 12  # characters of a line that hold its last word and the mark before it


@dataclass(frozen=True, slots=True)
class Words:
    """One compiled expression for each kind of word in the table; what it means stands in the table's notes."""

    title: re.Pattern[str]
    subject: re.Pattern[str]
    introduction: re.Pattern[str]  # of lower case: whatever the case is takes three times as long to search
    introduction_end: re.Pattern[str]  # of lower case too
    heading: frozenset[str]
    item_start: re.Pattern[str]
    item_ending: re.Pattern[str]
    sentence_ending: re.Pattern[str]
    unfinished: re.Pattern[str]
    leaves_open: re.Pattern[str]
    stranded: re.Pattern[str]
    self: re.Pattern[str]
    particle: re.Pattern[str]
    reference: re.Pattern[str]
    closing: re.Pattern[str]
    history: frozenset[str]
    furniture: frozenset[str]
    furniture_start: tuple[str, ...]
    home: frozenset[str]
    menu: frozenset[str]
    letter: frozenset[str]
    letter_end: frozenset[str]  # the last letters of these
    language: frozenset[str]
    goes_on: re.Pattern[str]
    heading_end: re.Pattern[str]
    reader: re.Pattern[str]
    related: frozenset[str]
    addressee: re.Pattern[str]
    question: re.Pattern[str]
    answer: re.Pattern[str]
    office: re.Pattern[str]  # with a name behind it

    def ends_item(self, line: str) -> bool:
        """Whether the line ends in "; or": then it is an item of a list, and the next line is another."""
        before = self.unfinished.sub("", line[-LAST:])
        return before != line[-LAST:] and before.rstrip().endswith((";", "；"))


@cache
def load(folder: Path) -> Words:
    """The words of the table in `folder`. Raises GlossaryError."""
    forms: dict[str, list[tuple[str, str]]] = {}
    problems, path = Problems(), folder / "segmentation.csv"
    for line, row in read_table(path, ("kind", "language", "form", "note"), problems):
        if row["kind"] not in KINDS:
            problems.unknown(path, line, "kind", row["kind"], KINDS)
        if row["language"] not in LANGUAGES:
            problems.unknown(path, line, "language", row["language"], LANGUAGES)
        forms.setdefault(row["kind"], []).append((row["language"], row["form"]))
    for kind in KINDS:
        if kind not in forms:
            problems.add(path, 1, f"no row of kind {kind!r}")
    problems.refuse()
    return Words(
        title=re.compile(_either(forms["title"]), re.IGNORECASE),
        subject=re.compile(_either(forms["subject"]), re.IGNORECASE),
        introduction=re.compile(_either(_lower(forms["introduction"]))),
        introduction_end=re.compile(_either(_lower(forms["introduction_end"]))),
        heading=_lines(forms["heading"]),
        item_start=re.compile(_either(forms["item_start"]), re.IGNORECASE),
        item_ending=re.compile(rf"(?:{_either(forms['item_ending'])})[。．.；;]?$"),
        sentence_ending=re.compile(rf"(?:{_either(forms['sentence_ending'])})$"),
        unfinished=re.compile(rf"(?:{_either(forms['unfinished'])})$"),
        leaves_open=re.compile(rf"(?:{_either(forms['leaves_open'])})$"),
        stranded=re.compile(rf"(?:{_either(forms['stranded'])})$", re.IGNORECASE),
        self=re.compile(rf"{_either(forms['not_self'])}|({_either(forms['self'])})"),
        particle=re.compile(_either(forms["particle"])),
        reference=re.compile(rf"\s*(?:{_either(forms['reference'])})"),
        history=_lines(forms["history"]),
        closing=re.compile(_either(forms["closing"]), re.IGNORECASE),
        furniture=_lines(forms["furniture"]),
        home=_lines(forms["home"]),
        menu=_lines([*forms["menu"], *forms["home"]]),
        letter=frozenset(letters_of(form) for _, form in forms["letter"]),
        letter_end=frozenset(letters_of(form)[-1:] for _, form in forms["letter"]),
        language=_lines(forms["language"]),
        goes_on=re.compile(_either(forms["goes_on"])),
        heading_end=re.compile(rf"(?:{_either(forms['heading_end'])})$", re.IGNORECASE),
        reader=re.compile(_either(forms["reader"])),
        related=_lines(forms["related"]),
        addressee=re.compile(_addressee(forms["addressee"])),
        question=re.compile(_mark(forms["question"])),
        answer=re.compile(_mark(forms["answer"])),
        office=re.compile(rf"(?:\S+\s+)?\S*(?:{_either(forms['office'])})\s+\S{{1,8}}(?:\s+\S{{1,8}})?$"),
        furniture_start=tuple(form.casefold() for _, form in forms["furniture_start"]),
    )


def close_set(line: str) -> str:
    """プ ラ イ バ シ ー as プライバシー: a line of which each character stands apart; others as they are."""
    return "".join(line.split()) if SET_WIDE.fullmatch(line) else line


def letters_of(line: str) -> str:
    """The letters of a line alone: ―以　上― is 以上."""
    return "".join(filter(str.isalnum, line)).casefold()


def _addressee(forms: list[tuple[str, str]]) -> str:
    """A line that ends so in Japanese, or begins so in English."""
    ending, beginning = (
        "|".join(re.escape(form) for spoken, form in forms if spoken == language) for language in LANGUAGES
    )
    return rf"^(?:.*(?:{ending})|(?i:{beginning})\b.*)$"


def _mark(forms: list[tuple[str, str]]) -> str:
    """What stands before a question or an answer: Q. Q1： Ｑ１　 問1、 `Question 3:`"""
    words = "|".join(sorted({re.escape(form) for _, form in forms}, key=len, reverse=True))
    return (
        rf"[\[【(（]?(?:{words})(?:[ 　]?[-－.．]?[ 　]?[0-9０-９]{{1,3}})?[\]】)）]?"
        rf"(?:[ 　]*[.．:：、,)）][ 　]*|[ 　]+|(?<=[0-9０-９\]】)）])(?![0-9０-９])|(?=[^\x00-\xff]))"
    )


def _lower(forms: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(language, form.lower()) for language, form in forms]


def _lines(forms: list[tuple[str, str]]) -> frozenset[str]:
    return frozenset(form.casefold() for _, form in forms)


def _either(forms: list[tuple[str, str]]) -> str:
    """An alternation, longest first; English forms only as whole words; … stands for a few words between."""
    ordered = sorted(forms, key=lambda form: -len(form[1]))
    japanese, english = (
        [re.escape(form).replace("\\ …\\ ", ".{1,30}") for spoken, form in ordered if (spoken == "en") == whole]
        for whole in (False, True)
    )
    return "|".join([*japanese, *([rf"(?<![\w-])(?:{'|'.join(english)})(?![\w-])"] if english else [])])
