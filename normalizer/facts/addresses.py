"""Postal codes and addresses of a text, Japanese and English: 〒150-0041 to 150-0041."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalizer.facts.words import DASH, FLAGS
from normalizer.model import Fact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Set

    from normalizer.facts.words import Finder, Words

_CODE = rf"(?P<code>(?<![\d.])(?<!\d{DASH})\d{{3}}{DASH}\d{{4}}(?!\d|{DASH}\d))"
_NUMBER = r"(?:\d{1,5}|[一二三四五六七八九十]{1,4})"
# 28-1, 一丁目16番7号, 1丁目2-3, 100番地; a single number without 番地 or 号 is no block.
_BLOCK = (
    rf"{_NUMBER}\s?(?:(?:丁目|番町?|条[東西南北]|{DASH}|の)\s?{_NUMBER}"
    rf"(?:\s?(?:丁目|番地の?|番|号|{DASH}|の)\s?{_NUMBER}){{0,3}}(?:丁目|番地|番|号)?|番地(?:の?\s?{_NUMBER}(?:号)?)?)(?![\d%円年月日])"
)
_CODE_LIKE = re.compile(rf"[0-9]{{3}}{DASH}[0-9]{{4}}|〒")
_PLACE = r"[一-龥々ヶケヵノァ-ヴーぁ-ん]"
_ROMAN = re.compile(r"(?:\d{1,4}-){1,3}\d{1,4}|-(?:ku|shi|cho|machi|gun|mura)\b|\b(?:City|Ward)\b", FLAGS)
_BREAK = re.compile(
    r"[:;!?。、「」【】]\s{0,3}|(?<!,)\n\s{0,3}|\((?:T|A)?|[•・]\s{0,3}|\b(?:at|is|in|to|of|from|by)\s{1,2}", FLAGS
)
_STOP = re.compile(r"(?<!Bldg)(?<!Room)(?<!No)(?<!St)(?<!Ave)(?<!Rd)(?<!Co)(?<!Ltd)(?<!str)(?<!Inc)\.\s{1,3}", FLAGS)
_REACH = 140  # characters of an English address before its prefecture
_LONGEST = 160  # characters of an address that a label announces


def postal_codes(words: Words) -> Finder:
    """A finder of Japanese postal codes in NFKC text: after 〒 or a label, or beside the name of a place."""
    ja, en = _prefectures(words)
    label = rf"{words.either('postal_label')}\s?[:.]?\s?"
    shapes = (
        rf"{label}{_CODE}",
        r"〒\s?(?P<code>\d{7})(?!\d)",
        rf"{_CODE}(?=[\s,、]{{0,3}}(?:{ja}|[一-龥]{{1,6}}[市区郡]))",
        rf"(?:{en})(?:-[a-z]{{2,3}})?,?\s{{1,2}}{_CODE}",
        rf"{_CODE}(?=,?\s{{1,2}}Japan)",
        rf"-(?:ku|shi|cho|machi|gun|mura),?\s{{1,2}}[A-Z][a-z]{{2,15}}(?:\sCity)?,?\s{{1,2}}{_CODE}",
    )
    compiled = tuple(re.compile(shape, FLAGS) for shape in shapes)

    def find(text: str, seen: Set[str]) -> Iterator[Fact]:
        if not _CODE_LIKE.search(text):
            return
        for match in (match for shape in compiled for match in shape.finditer(text)):
            digits = re.sub(r"\D", "", match["code"], flags=FLAGS)
            yield Fact("postal", *match.span("code"), f"{digits[:3]}-{digits[3:]}")

    return find


def addresses(words: Words) -> Finder:
    """A finder of addresses in NFKC text; the value is the address with its white space made single."""
    finders = (("address_label", _labelled(words)), ("place", _japanese(words)), ("roman place", _english(words)))

    def find(text: str, seen: Set[str]) -> Iterator[Fact]:
        for start, end in (span for kind, finder in finders if kind in seen for span in finder(text)):
            words_ = text[start:end]
            if "@" not in words_ and "://" not in words_:
                yield Fact("address", start, end, " ".join(words_.split()))

    return find


def _labelled(words: Words) -> Callable[[str], Iterator[tuple[int, int]]]:
    """What stands after `Address:` or 住所: in its line, if it is like an address; foreign ones are found only so."""
    code = rf"(?:〒?\s?\d{{3}}{DASH}?\d{{4}}\s{{1,3}}|〒\s?\d{{3}}{DASH}?\d{{4}}\s{{0,3}})?"
    label = re.compile(rf"(?:^|[\n・•*■●(-])\s{{0,4}}{words.either('address_label')}\s?:\s{{0,3}}{code}", FLAGS)
    end = re.compile(rf"[\n。;]|\(|\s{{1,3}}(?:{words.either('phone_label')}|電話|E-?mail|メール)\s?[:.]?|$", FLAGS)
    like = re.compile(rf"{_BLOCK}|\d[^\n]{{0,80}},|,[^\n]{{0,80}}\d", FLAGS)

    def find(text: str) -> Iterator[tuple[int, int]]:
        for match in label.finditer(text):
            stop = end.search(text, match.end(), match.end() + _LONGEST)
            written = text[match.end() : stop.start() if stop else match.end() + _LONGEST].rstrip(" ,、.")
            if like.search(written) and not re.search("[をがは]", written):
                yield match.end(), match.end() + len(written)

    return find


def _japanese(words: Words) -> Callable[[str], Iterator[tuple[int, int]]]:
    """東京都渋谷区神南1-16-7 ABCビル3F, or from the city on: a place, a block, and a building if one is named."""
    ja, _ = _prefectures(words)
    kanji = "[一-龥々ヶケァ-ヴー]"
    city = rf"(?<!{kanji}){kanji}{{1,12}}?[市区郡]|(?:^|(?<=[\s:、。(\d])){_PLACE}{{1,8}}市"
    place = re.compile(rf"(?:(?P<prefecture>{ja})|{city})(?P<rest>(?:\s?{_PLACE}){{0,30}}?)\s?{_BLOCK}", FLAGS)
    label = re.compile(rf"^{kanji}{{0,8}}(?:{words.either('address_label')})", FLAGS)
    floor = r"\s?\d{1,3}\s?(?:F|階|号室)?"
    block = re.compile(_BLOCK, FLAGS)
    building = re.compile(rf"{words.either('building')}(?:{floor})?|\d{{1,5}}\s?号[室棟館]", FLAGS)
    apart = re.compile(
        rf"\s{{1,2}}[^\s。、,;:()「」【】をがはに]{{1,20}}?{words.either('building')}(?:{floor})?", FLAGS
    )

    def find(text: str) -> Iterator[tuple[int, int]]:
        for match in place.finditer(text) if block.search(text) else ():
            if match["prefecture"] and not re.search(r"\S[市区町村郡]", match["rest"]):
                continue
            named = None if match["prefecture"] else label.match(match[0])
            yield match.start() + (named.end() if named else 0), _building_end(text, match.end(), building, apart)

    return find


def _building_end(text: str, start: int, building: re.Pattern[str], apart: re.Pattern[str]) -> int:
    """Where the building after a block ends: the last word such as ビル or 3階 before punctuation or a particle.

    `apart` is a building that a blank parts from the block; its name may be in hiragana: あおばビル.
    """
    tail = re.match(
        r"(?:\s{0,2}[^\sぁ-ん。、,.;:()「」【】][^\sぁ-ん。、,;:()「」【】]{0,30}){1,4}", text[start : start + 80]
    )
    ends = [match.end() for match in building.finditer(tail[0])] if tail else []
    ends += [named.end() - start] if (named := apart.match(text, start, start + 80)) else []
    return start + max(ends, default=0)


def _english(words: Words) -> Callable[[str], Iterator[tuple[int, int]]]:
    """1-16-7 Jinnan, Shibuya-ku, Tokyo 150-0041, Japan: back from the prefecture to where the address begins."""
    _, en = _prefectures(words)
    suffix = r"(?:-(?:to|ken|fu|do)\b|\s(?:Prefecture|Metropolis))?"
    code = rf"(?:,?\s{{1,2}}〒?\d{{3}}{DASH}\d{{4}}(?!\d))?"
    known = rf"(?<![A-Za-z-])(?:{en}){suffix}(?![A-Za-z-]){code}"
    other = rf"(?<=-ku),\s{{1,2}}[A-Z][a-z]{{2,15}}(?:\sCity)?,?\s{{1,2}}\d{{3}}{DASH}\d{{4}}(?!\d)"
    end = re.compile(rf"(?:{known}|{other})(?:,?\s{{1,2}}Japan\b)?", FLAGS)

    def find(text: str) -> Iterator[tuple[int, int]]:
        done = 0
        for match in end.finditer(text):
            start = _english_start(text, max(done, match.start() - _REACH), match.start())
            before = text[start : match.start()]
            certain = re.search(r"\d", match[0]) or re.search(r"\d", before)
            if certain and "," in text[start : match.end()] + "," * ("City" in before) and _ROMAN.search(before):
                yield start, match.end()
                done = match.end()

    return find


def _english_start(text: str, first: int, last: int) -> int:
    """Where an English address begins: after the last break, or sentence end, or Japanese character before it."""
    start = first
    for pattern in (_BREAK, _STOP, re.compile(r"[^\x00-\x7f]\s{0,2}")):
        start = max([start, *(match.end() for match in pattern.finditer(text, first, last))])
    while start < last and not text[start].isalnum():
        start += 1
    return start


def _prefectures(words: Words) -> tuple[str, str]:
    ja = "|".join(re.escape(ja) for ja, _ in words.prefectures)
    en = "|".join(re.escape(en) for _, en in words.prefectures)
    return ja, en
