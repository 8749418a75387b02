"""Find the names of laws in a text, the short names that it defines itself, and 同法 / "the same Act".

A name is taken with what stands directly after it in brackets: the law's number, which decides between laws of one
name, and the short names that the text gives it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from normalizer.cache import remembered
from normalizer.statutes.references import number
from normalizer.statutes.wording import KANJI, KATAKANA, alternatives, narrow, plain, trie

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from normalizer.statutes.tables import Form, Tables
    from normalizer.statutes.wording import Lexicon

_BRACKETS_APART = 2  # （平成15年法律第57号）（以下「法」という。）: the number, then the short name
_LONGEST_BRACKET = 240  # characters
_ERA_NUMBER = re.compile(
    r"(明治|大正|昭和|平成|令和) ?(元|[0-9一二三四五六七八九十]{1,3}) ?年 ?([^第0-9()\s]{1,24}) ?"
    r"第 ?([0-9一二三四五六七八九十百千]{1,6}) ?号"
)
_ACT_NUMBER = re.compile(r"act no\. ?([0-9]{1,4}) of ([0-9]{4})|\(eu\) ?([0-9]{4}/[0-9]{3,4})|([0-9]{4}/[0-9]{2,4}/ec)")


class Name(NamedTuple):
    """A law, named."""

    start: int
    end: int  # of the name and, where only that stands in brackets after it, of its number
    reach: int  # past all brackets that belong to it: where 第27条 may follow
    law: str  # id
    cited_only: bool  # no citation without an article
    brackets: tuple[tuple[int, int], ...]  # their insides


class _Candidate(NamedTuple):
    start: int
    end: int
    law: str  # id, or "=同法" for a word that repeats a law
    use: str
    short: bool  # a policy's own word such as "the Act": it needs the article "the"


@dataclass(frozen=True, slots=True)
class _Aliases:
    """Short names, ready to be found."""

    pattern: re.Pattern[str]
    laws: dict[str, str]


def _trie(names: Iterable[str]) -> str:
    """The pattern of many names, which takes long to make."""
    wanted = tuple(names)
    pattern: str = remembered("law-names", ["\n".join(wanted).encode()], lambda: trie(wanted))
    return pattern


class NameReader:
    """Finds the names of laws."""

    def __init__(self, tables: Tables, words: Lexicon) -> None:
        self._laws = tables.laws
        self._words = words
        same = {plain(word) for word in words.words_of("same")}
        self._forms = {language: _forms(tables.forms, language) for language in ("ja", "en")}
        known = sorted({*self._forms["ja"], *same})  # both hold the names of both languages
        self._pattern = re.compile(_trie(known))
        # English without the first character of a Japanese name is searched sooner, at the beginnings of words.
        self._initial = re.compile(f"[{''.join(sorted({name[0] for name in known if not name[0].isascii()}))}]")
        self._latin = re.compile(rf"(?<![a-z0-9])(?:{_trie(name for name in known if name[0].isascii())})")
        self._same = {word: words.value("same", word) for word in same}
        self._short = {
            language: {plain(word) for word in words.words_of("short", language)} for language in ("ja", "en")
        }
        self._numbers = {key: law.id for law in tables.laws.values() for text in law.numbers if (key := _number(text))}
        self._children: dict[tuple[str, str], str] = {}
        for law in tables.laws.values():
            self._children.setdefault((law.under, law.kind), law.id)
        self._compile()

    def _compile(self) -> None:
        words = self._words
        self._not_after = re.compile(
            rf"(?: (?={KATAKANA}))?{words.any('not_after', 'ja')}|\s{{0,2}}{words.any('not_after', 'en')}(?![a-z])"
        )
        self._not_after_short = re.compile(rf"\s{{1,2}}{words.any('not_after_short', 'en')}(?![a-z])")
        self._prefix = re.compile(rf"{words.any('prefix', 'ja')}\Z")
        self._foreign_before = re.compile(
            rf"(?:{words.any('foreign', 'ja')}の?|(?<![a-z]){words.any('foreign', 'en')}(?:'s)?\s{{1,2}})\Z"
        )
        self._foreign_after = re.compile(rf"\s{{1,2}}(?:of|in)\s{{1,2}}(?:the\s)?{words.any('foreign', 'en')}(?![a-z])")
        self._child_after = re.compile(
            rf"の?(?P<ja>{words.any('subordinate', 'ja')})|\s{{1,2}}(?P<en>{words.any('subordinate', 'en')})(?![a-z])"
        )
        self._child_before = re.compile(
            rf"(?<![a-z])(?P<en>{words.any('subordinate', 'en')})\s{{1,2}}{words.any('of_subordinate', 'en')}"
            r"\s{1,2}(?:the\s{1,2})?\Z"
        )
        self._any_same = re.compile(words.any("same"))
        self._belongs = re.compile(rf"{words.any('define')}")

    def repeats(self, text: str) -> bool:
        """Whether a text may say 同法 or "the same Act": then what was named before it matters."""
        return bool(self._any_same.search(plain(text)))

    def names(
        self, text: str, language: str, aliases: Mapping[str, str], last: tuple[str, ...] = ()
    ) -> tuple[Name, ...]:
        """The names of a text in order, none inside another or inside the brackets of another.

        `aliases` are the text's own short names with the laws they stand for; `last` the laws that were named before
        the text, the last one at the end, for 同法.
        """
        cased, folded = narrow(text), plain(text)
        cited = list(last)
        found: list[Name] = []
        for candidate in self._candidates(cased, folded, language, aliases):
            if found and candidate.start < found[-1].reach:
                continue
            name = self._name(folded, cased, candidate, cited, language)
            if name is not None:
                found.append(name)
                cited.append(name.law)
        return tuple(found)

    def _candidates(self, cased: str, folded: str, language: str, aliases: Mapping[str, str]) -> Iterator[_Candidate]:
        """Names that stand free of their surroundings, leftmost and longest first."""
        own = _aliases(tuple(sorted(aliases.items())))
        latin = language == "en" and not self._initial.search(folded)
        table = _scan(self._latin if latin else self._pattern, folded)
        found = [(start, start - end, 1) for start, end in table]
        if own.laws:
            found += [(start, start - end, 0) for start, end in _scan(own.pattern, folded)]
        if not found:
            return
        free = 0
        for start, length, from_table in sorted(found):
            end = start - length
            if start < free:
                continue
            candidate = self._candidate(cased, folded, start, end, language, None if from_table else own)
            if candidate is not None:
                free = end
                yield candidate

    def _candidate(
        self, cased: str, folded: str, start: int, end: int, language: str, own: _Aliases | None
    ) -> _Candidate | None:
        key = " ".join(folded[start:end].split())
        english = key[0].isascii()
        if not self._stands_free(folded, start, end, english):
            return None
        if own is not None:
            return self._own_word(cased, folded, _Candidate(start, end, own.laws[key], "always", False), key)
        if key in self._same:
            if english and not cased[start:end].split()[-1][0].isupper():
                return None
            return _Candidate(start, end, "=" + key, "always", False)
        form = self._forms["ja" if language == "ja" else "en"][key]
        if english and not _capitals_fit(form.form, cased[start:end]):
            return None
        return _Candidate(start, end, form.law, form.use, False)

    def _own_word(self, cased: str, folded: str, candidate: _Candidate, key: str) -> _Candidate | None:
        """A text's own short name: 法 counts with an article only, Act after "the" only."""
        if key in self._short["en"]:
            apart = self._not_after_short.match(folded, candidate.end)
            the = re.search(r"(?<![a-z])the\s{1,2}\Z", folded[max(0, candidate.start - 6) : candidate.start])
            if not the or apart or not cased[candidate.start].isupper():
                return None
            return candidate._replace(short=True)
        if key[0].isascii() and not cased[candidate.start].isupper():
            return None
        return candidate._replace(use="cited") if len(key) == 1 else candidate

    def _stands_free(self, folded: str, start: int, end: int, english: bool) -> bool:
        """Not part of a longer word: 医療法人 holds no 医療法, 歯科医師法 no 医師法."""
        if self._not_after.match(folded, end):
            return False
        before = folded[max(0, start - 8) : start]
        if english:
            return not re.search(r"[a-z0-9]\Z", before)
        return not re.search(rf"(?:{KANJI}|{KATAKANA})\Z", before) or bool(self._prefix.search(before))

    def _name(self, folded: str, cased: str, candidate: _Candidate, cited: list[str], language: str) -> Name | None:
        start, end, law = candidate.start, candidate.end, candidate.law
        if law.startswith("="):
            law = self._repeated(law[1:], cited)
        if not law or candidate.use == "never":
            return None
        if self._of_another_state(folded, start, end, law):
            return None
        start, end, law = self._subordinate(folded, start, end, law)
        if not law:
            return None
        brackets = tuple(self._brackets(folded, cased, end, law, language))
        first = folded[brackets[0][0] : brackets[0][1]] if brackets else ""
        law = next((self._numbers[key] for key in [_number(first)] if key in self._numbers), law)
        only_number = bool(_ERA_NUMBER.fullmatch(first) or _ACT_NUMBER.fullmatch(first))
        reach = brackets[-1][1] + 1 if brackets else end
        own_end = brackets[0][1] + 1 if only_number else end
        return Name(start, own_end, reach, law, candidate.use == "cited", brackets)

    def _of_another_state(self, folded: str, start: int, end: int, law: str) -> bool:
        """カナダの個人情報保護法 is not the Japanese one."""
        if law not in self._laws or self._laws[law].kind == "foreign_law":
            return False
        before = self._foreign_before.search(folded[max(0, start - 20) : start])
        return bool(before or self._foreign_after.match(folded, end))

    def _repeated(self, word: str, cited: list[str]) -> str:
        """The law that 同法 stands for: the last one named of the right kind, or the Act that it belongs to."""
        for law in reversed(cited[-8:]):
            for one in (law, self._laws[law].under if law in self._laws else ""):
                if one in self._laws and self._laws[one].kind in self._same[word]:
                    return one
        return ""

    def _subordinate(self, folded: str, start: int, end: int, law: str) -> tuple[int, int, str]:
        """The order or rules that belong to the law, where the text names those: 番号法施行令."""
        after = self._child_after.match(folded, end)
        before = None if after else self._child_before.search(folded[max(0, start - 60) : start])
        found = after or before
        if not found:
            return start, end, law
        kinds = self._words.value("subordinate", found["en"] or found["ja"] if after else found["en"])
        child = next((self._children[law, kind] for kind in kinds if (law, kind) in self._children), "")
        if after:
            return start, after.end(), child
        return start - (len(found[0])), end, child

    def _brackets(self, folded: str, cased: str, end: int, law: str, language: str) -> Iterator[tuple[int, int]]:
        """The insides of the brackets after a name that tell its number or its short names."""
        position = end
        for _ in range(_BRACKETS_APART):
            opening = re.compile(r"[」』”\"]?\s?\(").match(folded, position)
            inside = opening.end() if opening else 0
            closing = _closing(folded, inside) if opening else None
            if closing is None or not self._own_bracket(folded[inside:closing], cased[inside:closing], law, language):
                return
            yield inside, closing
            position = closing + 1

    def _own_bracket(self, folded: str, cased: str, law: str, language: str) -> bool:
        if _number(folded) or self._belongs.search(folded) or re.search(r"[\"“”「『]", folded):
            return True
        form = self._forms["ja" if language == "ja" else "en"].get(folded.strip())
        same = form is not None and form.law == law
        return same or bool(re.fullmatch(r"\s?(?:[A-Z][A-Za-z&-]{0,10}[A-Z])\s?", cased))


def _forms(forms: tuple[Form, ...], language: str) -> dict[str, Form]:
    """The names by plain form: those of the language, and those of the other that it does not use otherwise."""
    foreign = {plain(form.form): form for form in forms if form.language != language}
    return foreign | {plain(form.form): form for form in forms if form.language == language}


@lru_cache(maxsize=256)
def _aliases(pairs: tuple[tuple[str, str], ...]) -> _Aliases:
    laws = {re.sub(r"^the ", "", " ".join(plain(word).split())): law for word, law in pairs if word.strip()}
    laws.pop("", None)
    return _Aliases(re.compile(alternatives(laws)), laws)


def _scan(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """All places where a pattern matches, overlapping ones too."""
    position = 0
    while found := pattern.search(text, position):
        yield found.span()
        position = found.start() + 1


def _capitals_fit(form: str, written: str) -> bool:
    """An abbreviation is written in its capitals; a name starts with one, unless its form does not."""
    if not any(character.islower() for character in form):
        return written == narrow(form)
    return written[0].isupper() or form[0].islower()


def _closing(text: str, start: int) -> int | None:
    """Where the bracket that encloses `start` closes."""
    depth = 0
    for position in range(start, min(len(text), start + _LONGEST_BRACKET)):
        if text[position] == "(":
            depth += 1
        elif text[position] == ")":
            if depth == 0:
                return position
            depth -= 1
    return None


def _number(text: str) -> str:
    """The number of promulgation that a text holds, in one form for digits and kanji: 平成15年法律第57号; else ""."""
    folded = plain(text)
    if found := _ERA_NUMBER.search(folded):
        year = 1 if found[2] == "元" else number(found[2])
        return f"{found[1]}{year}年{found[3].strip()}第{number(found[4])}号"
    if found := _ACT_NUMBER.search(folded):
        return f"act {found[1]} of {found[2]}" if found[1] else found[3] or found[4]
    return ""
