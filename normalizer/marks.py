"""glossaries/comparison_words.csv → where a text denies, excepts, limits, permits and obliges.

A form counts as `sure` where it always means its mark; as `maybe` where the other language may put it without one:
"decline to" for 応じない; as `unless` where it may stand only for a denial that leaves something out ("only" for
以外には…しない); as `aside` where it may stand for a denial within a noun or a condition, never for that of what a
sentence mainly says ("unlawful", 有無). Forms that are `like` each other (防ぐ, "prevent") say the same where both
sides have them; those like something that has rows of mark `opposite` stand for a denial of one of these only ("keep"
for 返却しない). Of two texts in one language a doubtful word denies, too, where its like has a row of mark `denies` and
it has none of mark `affirms`. The longest form takes the characters, so that 差し支えない denies nothing. An English
form may end in an asterisk, any form may have a gap: "without … consent".
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from normalizer.cues import either
from normalizer.model import LANGUAGES
from normalizer.nfkc import unwrapped
from normalizer.tables import Problems, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

MARKS = ("negation", "exception", "limit", "without", "may", "must")
OPPOSITE = "opposite"  # words whose denial a word of another kind may stand for
CLAUSE = "clause"  # words that open a clause beside the main one, or, `sure`, only seem to
NO_MARK = "none"  # a longer form that only looks like a mark
GIVEN = "given"  # Japanese words behind one who is given something, English ones before
DENIES = "denies"  # the likes of doubtful words that deny, where both texts are in one language,
AFFIRMS = "affirms"  # but for these words
LEAVES_OUT = "leaves_out"  # the likes of what a denial of all else leaves out
BETWEEN = {  # what stands between two who are given the same, joined by words of this mark
    "ja": "(?:[、，・]|WORDS){1,3}[^。、，にをがは]{0,12}",
    "en": r"(?:,|\s+(?=(?:WORDS)\b))\s*(?:(?:WORDS)\s+)?(?:[\w'’-]+\s+){0,4}",
}
FUNCTION = {  # English words by what they do, and where they stand when they do it
    "joins": r"\b(?:WORDS)\b",  # one denial of several things
    "relative": "(?:WORDS)",  # behind a comma they go on with the main clause
    "finite": r"(?<!\bto )\b(?:WORDS)\b",  # one for each of "which" and "if"; a further one is the main clause's
    "auxiliary": r"\b(?:WORDS)(?:\s\w+)?\s$",
}
KINDS = (*MARKS, OPPOSITE, CLAUSE, NO_MARK, GIVEN, DENIES, AFFIRMS, LEAVES_OUT, "between", *FUNCTION)
ANY, GAP = "*", "…"
GAPS = {"ja": "[ぁ-ゖ得頂事前明示見使用送受渡取触知開出入行持戴賜求確認]{0,12}?", "en": r"(?:[\w',-]+\s+){0,4}?"}
STRENGTHS = ("sure", "maybe", "unless", "aside")
COLUMNS = ("mark", "language", "form", "strength", "like", "note")
AND_SO_ON = "(?:など|等|各社|様|さま|たち|の皆様)*"  # between a Japanese recipient and its particle
DETERMINERS = r"(?:(?!(?:by|from|that|which|who|is|are|was|be|may|will|not|extent|we)\b)[\w'’-]+\s+){0,4}"
QUOTED = re.compile('"[^"\n]{1,60}"|“[^”\n]{1,60}”|「[^」\n]{1,60}」|『[^』\n]{1,60}』')
NUMBER = re.compile(r"\.? ?\d")  # No. 57
CAPITALS = (re.compile(r"(?:^|\W)[A-Z]\w*\s$"), re.compile(r"\s[A-Z]"))  # Kurashi no Yomimono
NAME_REACH = 20  # characters
Place = tuple[int, int]


class Hit(NamedTuple):
    """A form in a text."""

    place: Place
    strength: str
    like: str  # "" for what is like nothing


@dataclass(frozen=True, slots=True)
class Marks:
    """The hits of one mark in a text."""

    hits: tuple[Hit, ...] = ()
    named: tuple[str, ...] = ()  # likes of the doubtful words that belong to a name

    @property
    def sure(self) -> tuple[Place, ...]:
        return tuple(hit.place for hit in self.hits if hit.strength == "sure")

    @property
    def doubts(self) -> tuple[Hit, ...]:
        return tuple(hit for hit in self.hits if hit.strength != "sure")

    @property
    def likes(self) -> Counter[str]:
        """What the doubtful words are like, and how often."""
        return Counter(hit.like for hit in self.doubts)

    def without(self, names: Sequence[Place], same: Sequence[Place] = ()) -> Marks:
        """The marks with the doubtful words inside `names` set apart, and all words inside what both sides state."""
        inside = {hit for hit in self.doubts if _within(hit.place, names)}
        inside |= {hit for hit in self.hits if _within(hit.place, same)}
        return Marks(
            tuple(hit for hit in self.hits if hit not in inside),
            tuple(hit.like for hit in self.hits if hit in inside),
        )

    def beside(self, others: Marks) -> tuple[tuple[Hit, ...], tuple[Hit, ...], tuple[Hit, ...]]:
        """What is left of both sides when what is like each other is taken away: the sure hits of this one and of the
        other, and the doubtful ones of the other."""
        common = Counter(filter(None, self._all())) & Counter(filter(None, others._all()))
        mine, theirs = self._but(common), others._but(common)
        sure, there = (tuple(hit for hit in some if hit.strength == "sure") for some in (mine, theirs))
        return sure, there, tuple(hit for hit in theirs if hit.strength != "sure")

    def _all(self) -> tuple[str, ...]:
        return (*(hit.like for hit in self.hits), *self.named)

    def _but(self, common: Counter[str]) -> tuple[Hit, ...]:
        """The hits without as many as are common, named ones first."""
        taken = common - Counter(self.named)
        out = []
        for hit in self.hits:
            if taken[hit.like]:
                taken[hit.like] -= 1
            else:
                out.append(hit)
        return tuple(out)


def _within(place: Place, others: Sequence[Place]) -> bool:
    return any(start <= place[0] and place[1] <= end for start, end in others)


class Form(NamedTuple):
    """How a form is meant."""

    strength: str  # one of STRENGTHS
    like: str


@dataclass(frozen=True, slots=True)
class Words:
    """The compiled table."""

    patterns: Mapping[tuple[str, str], re.Pattern[str]]  # mark and language → its forms, and those of no mark
    forms: Mapping[tuple[str, str, str], Form]
    open_forms: Mapping[tuple[str, str], Sequence[tuple[re.Pattern[str], Form]]]  # those with a gap or an asterisk
    opposed: Mapping[str, Mapping[str, re.Pattern[str]]]  # like → language → words of which it may be the denial
    given: Mapping[str, re.Pattern[str]]  # language → what stands right behind, or before, one who is given something
    between: Mapping[str, re.Pattern[str]]  # language → what stands between two who are given the same
    function: Mapping[str, re.Pattern[str]]  # by the names of FUNCTION
    leaves_out: frozenset[str]  # likes
    denying: frozenset[str]  # likes

    def marks(self, text: str, places: Iterable[Place], language: str) -> dict[str, Marks]:
        """The marks within some places of a text, by name; offsets into `text`.

        >>> from normalizer.glossary import glossary_folder
        >>> load(glossary_folder()).marks("We do not sell data.", [(0, 20)], "en")["negation"].sure
        ((6, 9),)
        """
        spans = [*places]
        quoted = [quote.span() for start, end in spans for quote in QUOTED.finditer(text, start, end)]
        return {mark: self._marks(mark, text, spans, quoted, language) for mark in MARKS}

    def denials(self, text: str, language: str) -> tuple[Place, ...]:
        """Where a text denies, for a comparison with one in the same language, or with a translation by `may_deny`.

        >>> from normalizer.glossary import glossary_folder
        >>> words = load(glossary_folder())
        >>> [words.denials(text, "ja") for text in ("同意を得ず提供", "必ず同意を得て提供")]
        [((3, 5),), ()]
        """
        hits = self._negations(text, language)
        return tuple(hit.place for hit in hits if hit.strength == "sure" or self._denying(hit, text, language))

    def may_deny(self, text: str, language: str, other: str) -> bool:
        """Whether a text has a word that may stand for a denial of the other language's, "only" and its like aside."""
        named = self.opposites(other, [(0, len(other))], "en" if language == "ja" else "ja")
        hits = (hit for hit in self._negations(text, language) if hit.strength != "unless")
        return any(hit.like not in self.opposed or named[hit.like] for hit in hits)

    def _negations(self, text: str, language: str) -> tuple[Hit, ...]:
        quoted = [quote.span() for quote in QUOTED.finditer(text)]
        return self._marks("negation", text, [(0, len(text))], quoted, language).hits

    def _denying(self, hit: Hit, text: str, language: str) -> bool:
        known = (AFFIRMS, language, text[slice(*hit.place)].lower()) in self.forms
        return hit.strength != "unless" and hit.like in self.denying and not known

    def opposites(self, text: str, places: Iterable[Place], language: str) -> Counter[str]:
        """The likes of which some places of a text name an opposite, and how often."""
        spans = [*places]
        return +Counter(
            {
                like: sum(1 for place in spans for _ in found_in(text, place, patterns[language], language))
                for like, patterns in self.opposed.items()
            }
        )

    def clauses(self, text: str, start: int, end: int, language: str) -> tuple[Hit, ...]:
        """The words that open a clause beside the main one, or only seem to, within a place of a text."""
        return self._marks(CLAUSE, text, [(start, end)], (), language).hits

    def _marks(self, mark: str, text: str, places: Sequence[Place], quoted: Sequence[Place], language: str) -> Marks:
        hits = []
        for place in places:
            for hit, words in found_in(text, place, self.patterns[mark, language], language):
                form = self._form(mark, language, words)
                # A title or a name: "Kurashi no Yomimono" denies nothing.
                if form and not any(a <= hit[0] < b for a, b in quoted) and not _named(text, hit):
                    hits.append(Hit(hit, *form))
        return Marks(tuple(hits))

    def _form(self, mark: str, language: str, words: str) -> Form | None:
        """The line of the table that the words are of; None for those of no mark."""
        known = self.forms.get((mark, language, words))
        if known or (NO_MARK, language, words) in self.forms:
            return known
        return next((form for pattern, form in self.open_forms[mark, language] if pattern.fullmatch(words)), None)


def _named(text: str, hit: Place) -> bool:
    """Whether a "no" stands within a Japanese name in Latin letters, or before a number."""
    before, behind = text[max(0, hit[0] - NAME_REACH) : hit[0]], text[hit[1] : hit[1] + NAME_REACH]
    number = text[slice(*hit)] in ("No", "no") and NUMBER.match(behind)
    return bool(number or (text[slice(*hit)] == "no" and CAPITALS[0].search(before) and CAPITALS[1].match(behind)))


def found_in(text: str, place: Place, pattern: re.Pattern[str], language: str) -> Iterator[tuple[Place, str]]:
    """Where forms stand in a place of a text, and the forms as the table writes them: a line may break within one."""
    start, end = place
    if language != "ja":
        yield from ((one.span(), " ".join(one.group().lower().split())) for one in pattern.finditer(text, start, end))
        return
    reading = unwrapped(text[start:end])
    for one in pattern.finditer(reading.text):
        first, last = reading.source_span(*one.span())
        yield (start + first, start + last), one.group().lower()


def by_letters(forms: Iterable[str], letters: int = 4) -> str:
    """An alternation of forms, the longest first, in which those of the same first letters stand together.

    It finds what one of some hundred forms finds, each of which is tried at each place, in a tenth of the time.
    """
    rests: dict[str, list[str]] = {}
    for form in forms:
        rests.setdefault(form[:1], []).append(form[1:])
    if not letters or rests.keys() & {ANY, GAP, " "}:  # what may stand for other letters stays in one piece
        return either(letter + rest for letter, some in rests.items() for rest in some)
    rests[""] = rests.pop("", [])  # the shortest form comes last
    return "|".join(
        f"{re.escape(letter)}(?:{by_letters(some, letters - 1)})" if letter else ""
        for letter, some in rests.items()
        if some
    )


def spaced(escaped: str) -> str:
    """Escaped words of English between which a line may break."""
    return escaped.replace(re.escape(" "), r"\s+")


@cache
def load(folder: Path) -> Words:
    """Compile comparison_words.csv. Raises GlossaryError."""
    problems, path = Problems(), folder / "comparison_words.csv"
    forms: dict[tuple[str, str, str], Form] = {}
    opposites: dict[str, dict[str, list[str]]] = {}
    for line, row in read_table(path, COLUMNS, problems):
        for column, valid in (("mark", KINDS), ("language", LANGUAGES), ("strength", STRENGTHS)):
            if row[column] not in valid:
                problems.unknown(path, line, column, row[column], valid)
        if row["language"] not in LANGUAGES:
            continue
        if row["mark"] == OPPOSITE:
            opposites.setdefault(row["like"], {side: [] for side in LANGUAGES})[row["language"]].append(row["form"])
        else:
            forms[row["mark"], row["language"], row["form"].lower()] = Form(row["strength"], row["like"])
    problems.refuse()
    places = [(mark, side) for mark in (*MARKS, CLAUSE) for side in LANGUAGES]
    return Words(
        {(mark, side): _any_of(_of(forms, side, mark, NO_MARK), side) for mark, side in places},
        forms,
        {(mark, side): _open_forms(forms, mark, side) for mark, side in places},
        {like: {side: _any_of(some[side], side) for side in LANGUAGES} for like, some in opposites.items()},
        {side: _given(_of(forms, side, GIVEN), side) for side in LANGUAGES},
        {side: _filled(frame, _of(forms, side, "between")) for side, frame in BETWEEN.items()},
        {mark: _filled(frame, _of(forms, "en", mark)) for mark, frame in FUNCTION.items()},
        *(frozenset(form.like for (mark, _, _), form in forms.items() if mark == one) for one in (LEAVES_OUT, DENIES)),
    )


def _filled(frame: str, forms: Iterable[str]) -> re.Pattern[str]:
    return re.compile(frame.replace("WORDS", either(forms)), re.IGNORECASE)


def _given(forms: Iterable[str], side: str) -> re.Pattern[str]:
    found = spaced(either(forms))
    return re.compile(f"{AND_SO_ON}(?:{found})" if side == "ja" else rf"\b(?:{found})\s+{DETERMINERS}$", re.IGNORECASE)


def _of(forms: Iterable[tuple[str, str, str]], side: str, *marks: str) -> list[str]:
    return [form for mark, language, form in forms if mark in marks and language == side]


def _any_of(forms: Iterable[str], side: str) -> re.Pattern[str]:
    found = _opened(by_letters(forms), side)
    return re.compile(found if side == "ja" else rf"(?<![\w-])(?:{found})(?!(?<=\w)\w)", re.IGNORECASE)


def _open_forms(
    known: Mapping[tuple[str, str, str], Form], mark: str, side: str
) -> tuple[tuple[re.Pattern[str], Form], ...]:
    return tuple(
        (re.compile(_opened(re.escape(words), side)), form)
        for (other, language, words), form in known.items()
        if (other, language) == (mark, side) and (ANY in words or GAP in words)
    )


def _opened(escaped: str, side: str) -> str:
    """Escaped forms with their asterisks and gaps as expressions."""
    gap = GAP if side == "ja" else re.escape(f"{GAP} ")
    found = escaped.replace(re.escape(ANY), "[a-z]*").replace(gap, GAPS[side])
    return found if side == "ja" else spaced(found)
