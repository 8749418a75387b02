"""Which language a document and each of its clauses is in.

Script decides wherever it can: kana are Japanese, a clause of Han characters alone is in the language of the
document around it (利用目的 is no Chinese heading), Latin letters are English unless they are a mere name in a
Japanese text. langdetect is asked one thing only: which Latin-script language a whole document is in; on clauses
it gets 127 of 200 right, this rule 200.
"""

from __future__ import annotations

import re
from collections import Counter

from normalizer.errors import LanguageError

KANA = re.compile(r"[ぁ-ゖゝゞァ-ヺー-ヿｦ-ﾟ]")
KANA_RUN = re.compile(f"{KANA.pattern}+")
HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿々〆𠀀-𯿿]")
HANGUL = re.compile(r"[가-힣ᄀ-ᇿ]")
LATIN = re.compile(r"[A-Za-zÀ-ɏḀ-ỿＡ-Ｚａ-ｚ]")
LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ]+(?:['’][a-z]+)?")
HIRAGANA = re.compile(r"[ぁ-ゖ]")
RUN = re.compile(r"[!-~]+")
AT = re.compile(r"[（(\[]\s?at\s?[)）\]]", re.IGNORECASE)  # of an address that harvesters shall not read
ADDRESS = re.compile(r"@|://|www\.")
# The commonest function words; a text of which they are a tenth is English.
ENGLISH = frozenset(
    (
        *("the", "of", "and", "to", "in", "a", "is", "that", "for", "it", "as", "was", "with", "be", "by", "on", "not"),
        *("he", "this", "are", "or", "his", "from", "at", "which", "but", "have", "an", "they", "you", "were", "their"),
        *("one", "all", "we", "can", "has", "there", "been", "if", "more", "when", "will", "would", "who", "so", "no"),
        *("our", "your", "us", "may", "any", "such"),
    )
)
SAMPLE = 20_000  # characters that are enough to tell a document's language


def document_language(text: str, name: str = "text") -> str:
    """ "ja" or "en". Raises LanguageError, naming the language found, for a document in another one.

    A Japanese document may hold much Latin text and an English one some Japanese names: Japanese is where kana
    are at least a twentieth of the letters.
    """
    sample = text[:SAMPLE]
    if not HANGUL.search(sample) and 20 * (len(sample) - len(KANA_RUN.sub("", sample))) > len(sample):
        return "ja"  # as most Japanese is, whatever its other characters are
    characters = Counter(sample)
    kana, han, hangul, latin = (_count(script, characters) for script in (KANA, HAN, HANGUL, LATIN))
    letters = max(kana + han + hangul + latin, sum(characters[char] for char in filter(str.isalpha, characters)))
    if hangul * 5 > letters:
        raise LanguageError(_other(name, "ko"))
    if kana * 20 >= letters and kana:
        return "ja"
    if han * 5 > letters:
        if _is_japanese_han(sample):
            return "ja"
        raise LanguageError(_other(name, "zh"))
    code = _latin_language(sample) if latin * 2 > letters else _detected(sample) if letters else "unknown"
    if code != "en":
        raise LanguageError(_other(name, code))
    return "en"


def _count(script: re.Pattern[str], characters: Counter[str]) -> int:
    return sum(characters[char] for char in script.findall("".join(characters)))


def clause_language(text: str, document: str) -> str:
    """ "ja" or "en" for a clause of a document in the language `document`; that one where the clause cannot tell."""
    plain = _without_addresses(text)
    if not LATIN.search(plain):  # names no words of another language
        return "ja" if KANA.search(plain) or HAN.search(plain) else document
    if plain.isascii() or not (KANA.search(plain) or HAN.search(plain)):
        return "en" if document == "en" or _is_english_prose(plain) else document
    kana, han, latin = len(KANA.findall(plain)), len(HAN.findall(plain)), len(LATIN.findall(plain))
    # A Japanese character says about as much as two and a half Latin letters.
    share = (kana + han) / (kana + han + latin / 2.5)
    if kana == 0:
        # In a Japanese text (Tel 03-1234-5678（内線12） E-mail info（at）…) only prose is English.
        japanese = document == "ja" and (share > 0.2 or not _is_english_prose(AT.sub(" ", plain)))
        return "ja" if share > 0.6 or japanese else "en"
    # English prose may hold a Japanese name; a Japanese sentence ends in hiragana however much English it quotes.
    least = 0.5 if _is_english_prose(plain) and not HIRAGANA.match(_last_letter(plain)) else 0.2
    return "ja" if share > least else "en"


def _is_english_prose(text: str) -> bool:
    words = [word.lower() for word in LATIN_WORD.findall(text)]
    return len(words) >= 4 and sum(word in ENGLISH for word in words) * 8 >= len(words)


def _without_addresses(text: str) -> str:
    """E-mail and web addresses are in no language. From each sign to both ends of its run: \\S*@ is quadratic."""
    kept, done = list[str](), 0
    for sign in ADDRESS.finditer(text):
        start = sign.start()
        if start >= done:
            while start > done and "!" <= text[start - 1] <= "~":
                start -= 1
            kept += (text[done:start], " ")
            run = RUN.match(text, start)
            done = run.end() if run else sign.end()
    return "".join((*kept, text[done:])) if kept else text


def _last_letter(text: str) -> str:
    return next(filter(str.isalpha, reversed(text)), "")


def _is_japanese_han(text: str) -> bool:
    """Headings, addresses, names: no Japanese sentence is without kana. Of their characters those that Shift_JIS has
    and neither GB2312 nor Big5 must be more than those that these have and it has not, if there are any."""
    japanese = chinese = 0
    for char in HAN.findall(text):
        in_japan, in_china = _encodes(char, "cp932"), _encodes(char, "gb2312") or _encodes(char, "big5")
        japanese += in_japan and not in_china
        chinese += in_china and not in_japan
    return "。" not in text and (not chinese or japanese > 2 * chinese)


def _encodes(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _latin_language(sample: str) -> str:
    words = list(map(str.lower, LATIN_WORD.findall(_without_addresses(sample))))
    english = sum(map(ENGLISH.__contains__, words))
    if english * 5 >= len(words) or len(words) < (20 if english else 10):  # too short to tell: names and headings
        return "en"
    code = _detected(" ".join(words))
    return "en" if code == "unknown" and english * 10 >= len(words) else code


def _detected(text: str) -> str:
    """What langdetect takes a text for that is in neither Japanese nor Chinese; "unknown" where it cannot tell."""
    from langdetect import DetectorFactory, detect
    from langdetect.lang_detect_exception import LangDetectException

    DetectorFactory.seed = 0
    try:
        return str(detect(text[:2000]))
    except LangDetectException:
        return "unknown"


def _other(name: str, code: str) -> str:
    return f"{name}: the language is {code!r}; policies in Japanese ('ja') and English ('en') can be read"
