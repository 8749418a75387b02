"""Read the short names that a text gives to laws: text → short name, law."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalizer.statutes.wording import narrow, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from normalizer.statutes.names import Name, NameReader
    from normalizer.statutes.tables import Law
    from normalizer.statutes.wording import Lexicon

_QUOTED = re.compile(r"[「『“\"]\s?([^「」『』“”\"]{1,60}?)\s?[」』”\"]")
_ABBREVIATION = re.compile(r"[A-Z][A-Za-z&-]{0,10}[A-Z]")


class DefinitionReader:
    """Finds definitions such as 個人情報の保護に関する法律（以下「法」といいます。）."""

    def __init__(self, laws: dict[str, Law], names: NameReader, words: Lexicon) -> None:
        self._laws, self._names = laws, names
        self._article = re.compile(r" ?第 ?[0-9一二三四五六七八九十百]{1,6} ?条")
        self._define = re.compile(words.any("define"))
        self._collective = re.compile(words.any("collective"))
        self._place = re.compile(words.any("foreign"))  # "GDPR (EU)" defines nothing
        self._short = {plain(word) for word in words.words_of("short", "en")}
        self._sole = {language: words.words_of("sole", language) for language in ("ja", "en")}
        self._law_word = re.compile(
            rf"(?:{words.any('law_word', 'ja')})\Z|(?<![a-z]){words.any('law_word', 'en')}(?![a-z])"
        )
        self._unquoted = re.compile(
            rf"{words.any('define')}[、,]? ?(?:(?:{words.any('call', 'en')}|as|the)[, ]{{1,2}}){{0,4}}"
            rf"([^「」『』“”\"()、。,;]{{1,40}}?) ?(?:{words.any('call', 'ja')}|\Z)"
        )
        self._mean = re.compile(
            rf"[「『“\"]([^「」『』“”\"]{{1,60}})[」』”\"] ?(?:{words.any('mean')})[、,]? ?(?:the )?[「『“\"]?\Z"
        )

    def aliases(self, text: str) -> dict[str, str]:
        """See Statutes.aliases. The first definition of a word holds."""
        cased, folded = narrow(text), plain(text)
        language = "ja" if re.search(r"[ぁ-ん]", text) else "en"
        names = self._names.names(text, language, {})
        found: dict[str, str] = {}
        for name in names:
            for word in self._defined(cased, folded, name):
                found.setdefault(word, name.law)
        sole = {name.law for name in names if name.law in self._laws and self._laws[name.law].kind == "statute"}
        return self._undefined(text, cased, language, found, sole.pop()) | found if len(sole) == 1 else found

    def _defined(self, cased: str, folded: str, name: Name) -> Iterator[str]:
        """The short names of one law, in the brackets after it or in "X means …" before it."""
        for start, end in name.brackets:
            if self._collective.search(folded[start:end]):
                return
            yield from filter(None, map(self._kept, self._words_in(cased[start:end], folded[start:end])))
        before = max(0, name.start - 90)
        if found := self._mean.search(folded[before : name.start]):
            word = self._kept(cased[before + found.start(1) : before + found.end(1)])
            if word:
                yield word

    def _words_in(self, cased: str, folded: str) -> Iterator[str]:
        define = self._define.search(folded)
        quoted = list(_QUOTED.finditer(cased, define.start() if define else 0))
        yield from (one[1] for one in quoted)
        if not quoted and define and (found := self._unquoted.search(folded, define.start())):
            yield cased[found.start(1) : found.end(1)]
        elif not quoted and _ABBREVIATION.fullmatch(cased.strip()) and not self._place.fullmatch(folded.strip()):
            yield cased.strip()

    def _kept(self, word: str) -> str | None:
        """The word as a key, if it can be the name of a law: （以下「個人情報」という。） names none."""
        word = re.sub(r"^(?:[Tt]he)\s", "", " ".join(word.split()))
        if not (self._law_word.search(plain(word)) or _ABBREVIATION.fullmatch(word)):
            return None
        return f"the {word}" if plain(word) in self._short else word

    def _undefined(self, text: str, cased: str, language: str, defined: dict[str, str], law: str) -> dict[str, str]:
        """The words 法第…条, 本法, "the Act" that a text uses without saying what they mean."""
        words = {word: word for word in self._sole["ja"]} | {word: f"the {word}" for word in self._sole["en"]}
        open_words = {word: key for word, key in words.items() if key not in defined}
        found: dict[str, str] = {}
        for name in self._names.names(text, language, dict.fromkeys(open_words, law)):
            key = open_words.get(cased[name.start : name.end])
            if key and (not name.cited_only or self._article.match(cased, name.end)):
                found[key] = law
        return found
