"""E-mail addresses, URLs and telephone numbers of a text to normal forms: info[at]example.com to info@example.com."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from normalizer.facts.words import FLAGS
from normalizer.model import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from normalizer.facts.words import Finder, Words

_URL = re.compile(
    r"(?<![A-Za-z0-9])(?:https?://|www\.)(?:(?![,;()]{1,2}https?://)[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]){1,2000}"
    r"|(?:ｈｔｔｐｓ?：／／|ｗｗｗ．)[！-～]{1,2000}",
    FLAGS,
)
_URL_LIKE = re.compile(r"://|www\.|：／／|ｗｗｗ．", FLAGS)
_LOCAL = r"(?<![A-Za-z0-9])[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}"
_PHONE_LIKE = re.compile(r"(?:\+|(?<!\d)0)(?:[^\d\n]{0,4}\d){8}", FLAGS)
_KANJI = "[〇一二三四五六七八九]"
_KANJI_PHONE = re.compile(rf"(?<!{_KANJI})〇{_KANJI}{{1,4}}(?:[―—‐−ー-]{_KANJI}{{2,4}}){{2}}", FLAGS)
_DIGITS = str.maketrans("〇一二三四五六七八九―—‐−ー", "0123456789-----")
NUMBERED = ("phone_label", "phone_word")
_SIGN = r"[\"'「『(\[]?(?P<sign>[^\sA-Za-z0-9\"'「」『』()]{1,2}|\[[^\s\[\]]{1,8}\])[\"'」』)\]]?"


def urls(text: str) -> Iterator[Fact]:
    """URLs of a text, with source offsets: a full-width bracket ends a URL, its NFKC form would not."""
    for match in _URL.finditer(text) if _URL_LIKE.search(text) else ():
        written = _trimmed(match[0])
        host = re.match(r"(?:https?://|www\.)[^/?#]*", unicodedata.normalize("NFKC", written), FLAGS)
        if host and "." in host[0].strip("w."):
            rest = unicodedata.normalize("NFKC", written)[host.end() :]
            yield Fact(
                "url", match.start(), match.start() + len(written), host[0].lower() + (rest if rest != "/" else "")
            )


def emails(words: Words) -> Finder:
    """A finder of e-mail addresses in NFKC text, lower case; also info[at]example.com, and info★… if ★ is explained."""
    sign = words.either("at_sign")
    japanese = rf"{_SIGN}\s?(?:は|を)\s?(?:半角の?)?[\"'「『(]?{sign}"
    verb, english = "(?:replace|change|substitute)", _SIGN.replace("sign", "en")
    explained = re.compile(rf"{japanese}|{verb}\s{english}\s(?:with|to|by|for)\s[\"'(]?{sign}", FLAGS)
    plain = _email(words, words.either("email_at"))

    def find(text: str, seen: Set[str]) -> Iterator[Fact]:
        hint = explained.search(text)
        shapes = [plain, _email(words, re.escape(hint["sign"] or hint["en"]))] if hint else [plain]
        for match in (match for shape in shapes for match in shape.finditer(text)):
            host = re.sub(rf"\s{{0,2}}{words.either('email_dot')}\s{{0,2}}", ".", match["host"], flags=FLAGS)
            yield Fact("email", *match.span(), f"{match['local']}@{host}".lower())

    return find


def phones(words: Words) -> Finder:
    """A finder of telephone numbers in NFKC text, in E.164; numbers without a country are Japanese."""
    label = re.compile(rf"{words.either('phone_label')}(?=[:.]?[\s(]?[+\d])", FLAGS)
    other = re.compile(rf"(?:{words.either('not_phone')}[^\d\n]{{0,6}}|第|No\.\s?)$", FLAGS)
    joint = r"(?:[:.\s(]{0,3}|\s?は\s?|\s(?:\S{1,20}\s){0,6}is\s)"  # 電話番号は…, the number for complaints is …
    named = re.compile(rf"(?:{words.either('phone_label')}|{words.either('phone_word')}){joint}$", FLAGS)

    def find(text: str, seen: Set[str]) -> Iterator[Fact]:
        if "〇" in text:
            text = _KANJI_PHONE.sub(lambda match: match[0].translate(_DIGITS), text)
        if not (("0" in text or "+" in text) and _PHONE_LIKE.search(text)):
            return
        # Slow to load, and few clauses hold a number.
        from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher, format_number

        # The library takes no number that touches a Latin letter: TEL03-1234-5678.
        bare = label.sub(lambda match: " " * len(match[0]), text)
        valid = list(PhoneNumberMatcher(bare, "JP"))
        # A number that no exchange has is one where the text says so: 電話 03-0000-0000.
        possible = PhoneNumberMatcher(bare, "JP", Leniency.POSSIBLE) if not seen.isdisjoint(NUMBERED) else ()
        said = [match for match in possible if named.search(text, max(0, match.start - 80), match.start)]
        for match in (*valid, *said):
            if text[match.end : match.end + 1] == "号" or other.search(text, max(0, match.start - 24), match.start):
                continue
            yield Fact("phone", match.start, match.end, format_number(match.number, PhoneNumberFormat.E164))

    return find


def _email(words: Words, at: str) -> re.Pattern[str]:
    dot = rf"(?:\.|\s{{0,2}}{words.either('email_dot')}\s{{0,2}})"
    host = rf"(?:[A-Za-z0-9][A-Za-z0-9\-]{{0,62}}{dot}){{1,6}}[A-Za-z]{{2,24}}(?![A-Za-z0-9])"
    return re.compile(rf"(?P<local>{_LOCAL})(?:@|\s{{0,2}}{at}\s{{0,2}})(?P<host>{host})", FLAGS)


def _trimmed(url: str) -> str:
    """A URL without the punctuation of the sentence around it; (…) that both open and close in it stay."""
    while url:
        last = unicodedata.normalize("NFKC", url[-1])
        closes = {")": "(", "]": "["}.get(last)
        if last in ".,;:!?'\"([{*_~}>」" or (closes and url.count(closes) < url.count(last)):
            url = url[:-1]
        else:
            break
    return url
