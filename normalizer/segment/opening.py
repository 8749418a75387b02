"""Lines → how they look (short, in brackets, a word of a letter, an introduction), and which open the document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer.segment.words import CLOSERS, letters_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normalizer.segment.pieces import Piece
    from normalizer.segment.words import Words

TITLE_CHARACTERS = 42  # a Japanese title has at most so many characters,
TITLE_WORDS = 14  # an English one so many words
LETTERHEAD = 6  # so many lines may stand above a title: date, addressee, sender
LETTER_LINE = 40  # characters of a line that closes a letter, with the spaces and strokes around it
TAIL = re.compile(r"(?:,?\s{0,3}(?:etc|Co|Ltd|Inc)\.|等)$")
CONTACT = re.compile(
    r"@|＠|https?://|www\.|〒|\d{2,4}[-‐－–（(]\d{2,4}[-‐－–）)]\d{3,4}|\d{3}-\d{4}|[：:]\s*\S|(?:TEL|FAX|Tel|Fax)\b|"
    r"\d[年/.]\s*\d|\b(?:19|20)\d\d\b|[都道府県]\S{1,8}[市区郡]|丁目|番地|\b(?:Co|Inc|Ltd|LLC|Corp)\b|株式会社|合同会社|有限会社|"
    r"(?:条例|規則|規程|要綱|要領|細則|訓令|告示)第[0-9０-９一二三四五六七八九十]+号|"
    r"(?:医療|学校|社会福祉|宗教|社団|財団|特定非営利活動|NPO|行政|国立大学|公立大学)法人"
)
ADDRESS = re.compile(r"@|＠|https?://|〒|\d{2,4}[-‐－–（(]\d{2,4}[-‐－–）)]\d{3,4}|\d{3}-\d{4}")
DATED_CHARACTERS = 60  # of a line that gives the policy's date
DATE = re.compile(
    r"\W*(?:令和|平成|昭和)?\s*[元\d〇一二三四五六七八九十]{1,4}\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月\s*"
    r"[\d一二三四五六七八九十]{1,3}\s*日\W*|[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4}"
)
NO_LIST = re.compile(r"[0-9０-９]\S?以下|以下(?=、?[「『\"“])")  # 16歳以下, 以下「当社」: nothing follows
COLUMNS = re.compile(r"\S(?:\t|　　|   ?| / |\s?[|｜])\s*\S")  # between the cells of a row
SMALL = re.compile(r"(?<!\S)[a-z]+\b")
STATED = 3  # words in small letters make a sentence of what ends in a company's name
COMPANY = re.compile(r"(?:,?\s{0,3}(?:Co|Ltd|Inc|Corp|K\.K)\.)+$")  # a name that ends so is no sentence


@dataclass(frozen=True, slots=True)
class Page:
    """All that a piece is judged by: the text, the pieces around it, and the words of the table."""

    text: str
    pieces: Sequence[Piece]
    words: Words
    marks_headings: bool  # the format has headings of its own, as Markdown has
    furniture: frozenset[int]
    titles: tuple[int, ...]  # the pieces that may be the document's title
    resumed: frozenset[int]  # the pieces that stand over the series before them
    listed: frozenset[int]  # the short lines that stand together right below one that introduces them
    introduced: frozenset[int]  # the numbered lines of a series that begins right below a sentence that introduces it
    captioned: frozenset[int] = frozenset()  # the numbered pieces of a series with captions in brackets above them
    headed: frozenset[int] = frozenset()  # the lines that head what is below by the style of the document's others

    def line(self, index: int) -> str:
        return self.text[self.pieces[index].start : self.pieces[index].end].strip()


def opening(text: str, pieces: Sequence[Piece], furniture: frozenset[int], words: Words) -> tuple[int, ...]:
    """The pieces of which one may be the document's title: the first two that are no furniture, and those below a
    head of a letter (date, addressee, sender)."""
    out: list[int] = []
    for index, piece in enumerate(pieces):
        if index in furniture:
            continue
        out.append(index)
        line = text[piece.start : piece.end].strip()
        plain = piece.block.kind != "heading" and not piece.label and looks_short(line, words)
        if len(out) == LETTERHEAD or (len(out) > 1 and not plain):
            break
    return tuple(out)


def is_dated(line: str, words: Words) -> bool:
    """制定：2022年4月1日, `Last updated: 3 March 2024`: a line that gives the policy's date."""
    if len(line) > DATED_CHARACTERS:
        return False
    return DATE.fullmatch(line) is not None or (any(map(str.isdigit, line)) and bool(words.closing.search(line)))


def is_row(page: Page, index: int) -> bool:
    """Is the line the row of a table: its cells parted by tabs, or by as many strokes as those of a line beside it?"""
    line = page.line(index)
    if "\t" in line:
        return True
    strokes = _strokes(line)
    beside = (at for at in (index - 1, index + 1) if 0 <= at < len(page.pieces))
    return strokes > 0 and any(_strokes(page.line(at)) == strokes for at in beside)


def _strokes(line: str) -> int:
    return line.count("|") + line.count("｜")


def words_of_letter(line: str, words: Words) -> bool:
    """記, 以上, 敬具, － End －: a line of its own that opens or closes a letter."""
    return len(line) <= LETTER_LINE and letters_of(line) in words.letter


def signs(line: str, words: Words) -> bool:
    """代表取締役　楠 誠一: a line of its own with an office and a name."""
    return len(line) <= TITLE_CHARACTERS and words.office.match(line) is not None


def greets(page: Page, index: int) -> bool:
    """お客様各位, `Dear guests,` near the top; with such lines further down too, each heads a section."""
    if index not in page.titles or not page.words.addressee.match(page.line(index)):
        return False
    alike = (at for at, piece in enumerate(page.pieces) if piece.end - piece.start <= TITLE_CHARACTERS)
    return not any(at not in page.titles and page.words.addressee.match(page.line(at)) for at in alike)


def in_brackets(title: str) -> bool:
    return bool(title) and CLOSERS.get(title[0]) == title[-1] and title.count(title[0]) == 1


def looks_short(line: str, words: Words) -> bool:
    line = COMPANY.sub("", line) if len(SMALL.findall(line)) < STATED else line
    if words.sentence_ending.search(line) or line.endswith(tuple("。．.;；:：")):
        return False
    wide = any(char > "\u2e7f" for char in line)
    return len(line) <= TITLE_CHARACTERS if wide else len(line.split()) <= TITLE_WORDS


def introduces(sentence: str, words: Words) -> bool:
    """Does the clause end in a colon, or speak of what follows?"""
    if sentence.endswith((":", "：")):
        return True
    sentence = NO_LIST.sub("", sentence)
    end = sentence[-120:] if sentence.isascii() else sentence[-60:]
    return bool(words.introduction_end.search(end.lower()) or words.introduction.search(sentence.lower()))


def is_case(page: Page, index: int) -> bool:
    """`Where …`, `If …`: one of the cases of a list without marks, if there is another beside it."""
    return page.pieces[index].label is None and bool(page.words.item_start.match(page.line(index)))
