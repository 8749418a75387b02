"""A sentence and its translation → what is wrong with the translation, if anything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalizer.translate.numbers import lost

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normalizer.marks import Words as Told
    from normalizer.translate.words import Words

# Characters of English to one of Japanese: 2.6 in the middle, 0.9 to 4.7 over 528 aligned lines of corpus/ (the half
# for tuning); outside these bounds something is missing or made up. A few characters more or less say nothing.
LENGTHS = {("ja", "en"): (0.8, 6.0), ("en", "ja"): (1 / 6.0, 1 / 0.8)}
SLACK = 12
REPEATED = re.compile(r"(.{2,40}?)\1{3,}", re.DOTALL)  # four times the same at a stretch
LOOKED_AT = 4000  # characters in which a repetition is looked for
WORD = re.compile(r"[\w'’-]+")
WORDS_REPEATED = 4
JAPANESE = re.compile(r"[ぁ-ゖァ-ヺー一-鿿々]")
LATIN = re.compile(r"[A-Za-z]")


def fault(
    source: str, target: str, languages: tuple[str, str], told: Told, words: Words, names: Sequence[str] = ()
) -> str | None:
    """Why a translation cannot be used, or None.

    languages: of `source` and `target`. told: the words that deny. names: what may stand in the target as it is,
    whatever its script. The first that is found is reported.
    """
    if not target.strip():
        return "empty output"
    if left := _foreign(target, languages[1], names):
        return left
    if _repeats(target) and not _repeats(source):
        return "repeated output"
    least, most = LENGTHS[languages[0], languages[1]]
    if len(target) < least * len(source) - SLACK:
        return f"output too short: {len(target)} characters for {len(source)}"
    if len(target) > most * len(source) + SLACK:
        return f"output too long: {len(target)} characters for {len(source)}"
    if missing := lost(source, target, languages[1]):
        return f"numbers lost: {', '.join(missing)}"
    return _negation(source, target, languages, told, words)


def _foreign(target: str, language: str, names: Sequence[str]) -> str | None:
    """Whether letters are not of the language they should be in; those of `names` aside. Japanese has Latin words."""
    for name in names:
        target = target.replace(name, "")
    japanese, latin = len(JAPANESE.findall(target)), len(LATIN.findall(target))
    if language == "ja":
        wrong = japanese == 0 < latin or (latin > 4 * japanese and latin > SLACK)
    else:
        wrong = 4 * japanese > latin
    if wrong:
        return "output in the wrong language"
    return "words left untranslated" if japanese and language == "en" else None


def _repeats(text: str) -> bool:
    if any(len(set(match[1])) > 1 for match in REPEATED.finditer(text[:LOOKED_AT])):
        return True
    words = WORD.findall(text.casefold())
    return any(len({*words[at : at + WORDS_REPEATED]}) == 1 for at in range(len(words) - WORDS_REPEATED + 1))


def _negation(source: str, target: str, languages: tuple[str, str], told: Told, words: Words) -> str | None:
    """A denial may be carried by many words: it is lost where the source denies and the target has none of them."""
    before, after = (words.denies(text, its) for text, its in zip((source, target), languages, strict=True))
    if not after and told.denials(source, languages[0]) and not told.may_deny(target, languages[1], source):
        return "negation lost"
    return "negation added" if after and not before and not told.may_deny(source, languages[0], target) else None
