"""Tokens and a glossary to matches: which words may name which concepts."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

from normalizer.candidates import PREPOSITIONS, Compounds, as_written, is_compound, outside_idioms, standing_alone
from normalizer.glossary import STATUSES, Coordinated, Glossary, Term, folded
from normalizer.language import HAN, KANA
from normalizer.lexicon import Lexicon, Occurrence
from normalizer.model import LANGUAGES
from normalizer.patterns import Compiled, PatternHit, Sentences, compile_pattern, find_enumerations, find_patterns

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from normalizer.model import Token
    from normalizer.ontology import Ontology
    from normalizer.tokens import Tokenizer

_DO = "為る"  # the lemma of する and さ(れる)
_VOICES = ("れる", "られる", "せる", "させる")  # what a verb's stem does not stand without
_PARTICLES = ("助詞", "助動詞")
_WHOLE = frozenset(("document", "exception"))  # a title or a statutory ground is one term, whatever its words
_HEADS = ("operation", "purpose", "obligation", "procedure", "right")  # what "suspension of use" names as a whole


class Match(NamedTuple):
    """Words that name a concept; where a form has several concepts it carries an entry for each."""

    start: int  # characters of the text
    end: int
    terms: tuple[Term, ...]  # the best status first
    parts: tuple[Term, ...] = ()  # of a pattern: the terms in whose place it stands
    settled: bool = False  # a head of an enumeration: its sense is known

    @property
    def concepts(self) -> tuple[str, ...]:
        """The candidate concepts, the best word's first."""
        return tuple(dict.fromkeys(term.concept for term in self.terms))


class _Engine:
    """The compiled glossary of one language: phrases by number, and what each is good for."""

    def __init__(self, glossary: Glossary, tokenizer: Tokenizer, language: str) -> None:
        numbers: dict[str, int] = {}
        terms: dict[int, list[Term]] = {}
        self.steps: dict[int, list[tuple[int, int]]] = {}  # (pattern, segment), later segments first
        self.words: dict[int, list[Coordinated]] = {}
        for term in glossary.terms:
            if term.language == language:
                terms.setdefault(numbers.setdefault(term.form, len(numbers)), []).append(term)
        self._idioms = frozenset(
            numbers.setdefault(idiom.form, len(numbers)) for idiom in glossary.idioms if idiom.language == language
        )
        patterns = [compile_pattern(pattern) for pattern in glossary.patterns if pattern.language == language]
        for number, pattern in enumerate(patterns):
            for segment in reversed(range(len(pattern.segments))):
                for phrase in pattern.segments[segment]:
                    self.steps.setdefault(numbers.setdefault(phrase, len(numbers)), []).append((number, segment))
        for word in glossary.coordination:
            if word.language == language:
                self.words.setdefault(numbers.setdefault(word.form, len(numbers)), []).append(word)
        self.terms = {phrase: tuple(sorted(its, key=_rank) if its[1:] else its) for phrase, its in terms.items()}
        self.patterns: tuple[Compiled, ...] = tuple(patterns)
        self._phrases = tuple(numbers)
        self._lexicon = Lexicon(self._phrases, tokenizer, language)
        self._english = language == "en"

    def occurrences(self, text: str, start: int, end: int, tokens: Sequence[Token]) -> list[Occurrence]:
        """The phrases in `text[start:end]` that may name something, in order of place."""
        found = self._lexicon.occurrences(text, start, end, tokens)
        if not found:
            return found
        if self._english:
            found = as_written(found, self._phrases, tokens, text, text[start:end].isupper())
        else:
            found = standing_alone(found, tokens)
        return outside_idioms(found, self._idioms)


class Matcher:
    """Finds the glossary's terms, patterns and enumerations in tokens. Compiling 5,000 terms takes about 0.2 s."""

    def __init__(self, glossary: Glossary, tokenizer: Tokenizer) -> None:
        self._ontology = glossary.ontology
        self._tokenizer = tokenizer
        self._kinds = {concept.id: concept.kind for concept in glossary.ontology}
        self._engines: dict[str, _Engine] = {language: _Engine(glossary, tokenizer, language) for language in LANGUAGES}

    def matches(self, text: str, start: int, end: int, language: str, tokens: Sequence[Token]) -> tuple[Match, ...]:
        """The concepts named in `text[start:end]`, in order of place; `tokens` are the tokens of that stretch.

        The longest term wins, then the leftmost, then the better status. Within an idiom (provided for by law) nothing
        is named. A term inside a compound (個人情報取扱事業者) or a name is not named; a phrase
        (第三者に個人データを提供する, "prior consent of the person") names its parts too where these are of another
        kind: the person, the data, the time. The heads of an enumeration of requests stand each for itself. A pattern
        spans from its first word to its last.
        """
        engine = self._engines.get(language)
        if engine is None or not tokens:
            return ()
        found = engine.occurrences(text, start, end, tokens)
        if not found:
            return ()
        sentences = Sentences(text, start, end, tokens)
        heads = _heads(found, engine, sentences)
        candidates = _term_spans(found, engine, text, tokens)
        compounds = Compounds(candidates, tokens, self._kinds)
        candidates = {span: terms for span, terms in candidates.items() if not compounds.cut(*span)}
        taken = _longest(candidates, heads, len(tokens))
        hits = _pattern_hits(found, engine, sentences)
        hits = [hit for hit in hits if not compounds.cut_short(hit.parts[0][0], hit.parts[-1][1])]
        patterns, taken = _with_patterns(taken, heads, hits, len(tokens), self._ontology)
        named = {span: terms[0] for span, terms in (taken | patterns).items()}
        taken |= _parts(named, patterns.keys(), candidates, tokens, self._kinds)
        return _as_matches(taken, patterns, heads, tokens)

    def whole(self, word: str) -> tuple[Term, ...]:
        """The entries of the term that a word as a whole is, in whatever spelling or inflection; none where it is none.

        A verb may go on after its term: 提供されます.
        """
        japanese = KANA.search(word) or HAN.search(word)
        for language in LANGUAGES if japanese else reversed(LANGUAGES):
            tokens = self._tokenizer.tokens(word, 0, len(word), language)
            for match in self.matches(word, 0, len(word), language, tokens):
                behind = [token for token in tokens if token.start >= match.end]
                if match.start == 0 and all(token.lemma == _DO or token.pos == "助動詞" for token in behind):
                    return match.terms
        return ()


_Spans = dict[tuple[int, int], tuple[Term, ...]]  # (first token, last token) → entries


def _as_matches(taken: _Spans, patterns: _Spans, heads: _Spans, tokens: Sequence[Token]) -> tuple[Match, ...]:
    """The spans as matches, in order of place, of those that begin together the longest first."""
    out = []
    for first, back in sorted([(first, -last) for first, last in taken | patterns]):
        span = (first, -back)
        place = (tokens[first].start, tokens[_last_word(tokens, first, -back) - 1].end)
        if pattern := patterns.get(span):
            out.append(Match(*place, pattern[:1], pattern[1:]))
        else:
            out.append(Match(*place, taken[span], (), span in heads))
    return tuple(out)


def _heads(found: list[Occurrence], engine: _Engine, sentences: Sentences) -> _Spans:
    roles = engine.words
    words = [(hit, word) for hit in found if hit[2] in roles for word in roles[hit[2]]]
    if sum([word.role == "head" for _, word in words]) < 2:
        return {}
    return {
        (first, last): (Term(head.concept, head.language, head.form, "admitted", source="coordination.csv"),)
        for first, last, head in find_enumerations(words, sentences)
        if head.concept
    }


def _pattern_hits(found: list[Occurrence], engine: _Engine, sentences: Sentences) -> list[PatternHit]:
    known = engine.steps
    steps = [(hit, step) for hit in found if hit[2] in known for step in known[hit[2]]]
    return find_patterns(engine.patterns, steps, sentences) if steps else []


def _term_spans(found: list[Occurrence], engine: _Engine, text: str, tokens: Sequence[Token]) -> _Spans:
    spans: _Spans = {}
    shared: dict[tuple[int, int], list[Term]] = {}  # by several phrases
    for first, last, phrase in found:
        if terms := engine.terms.get(phrase):
            span = (first, last)
            if span in spans:
                shared.setdefault(span, [*spans[span]]).extend(terms)
            else:
                spans[span] = terms
    for (first, last), several in shared.items():
        if len({term.concept for term in several}) > 1:
            several = _as_they_stand(several, text[tokens[first].start : tokens[last - 1].end])
        spans[first, last] = tuple(sorted(several, key=_rank))
    return spans


def _as_they_stand(terms: list[Term], words: str) -> list[Term]:
    """Of forms that only inflection tells apart those that the text has: an entrusting party is no entrusted one."""
    wanted = folded(words).replace("-", " ")
    return [term for term in terms if folded(term.form).replace("-", " ") == wanted] or terms


def _last_word(tokens: Sequence[Token], first: int, last: int) -> int:
    """Where the words that name the concept end: 提供される and 提供する say 提供, but 使われる is no 使わ."""
    if last - first > 1 and tokens[last - 1].lemma == _DO:
        return last - 1
    if last < len(tokens) and tokens[last].lemma in _VOICES and tokens[last].start == tokens[last - 1].end:
        return last + 1
    return last


def _rank(term: Term) -> int:
    return STATUSES.index(term.status)


def _longest(spans: _Spans, heads: _Spans, count: int) -> _Spans:
    """The spans that do not overlap: heads first, then by length and place."""
    occupied = bytearray(count)
    taken: _Spans = {}
    order = [(first, last) for _, first, last in sorted([(first - last, first, last) for first, last in spans])]
    for span in (*heads, *order):
        first, last = span
        if occupied.find(1, first, last) < 0:
            occupied[first:last] = b"\1" * (last - first)
            taken[span] = heads.get(span) or spans[span]
    return taken


def _with_patterns(
    taken: _Spans, heads: _Spans, hits: list[PatternHit], count: int, ontology: Ontology
) -> tuple[_Spans, _Spans]:
    """The patterns that say more than the terms in their place, each with these terms, and the terms that remain."""
    if not hits:
        return {}, taken
    owner: list[tuple[int, int] | None] = [None] * count
    for span in taken:
        owner[span[0] : span[1]] = [span] * (span[1] - span[0])
    claims: dict[int, set[str]] = {}  # concepts of the patterns over each token
    spent = bytearray(count)  # tokens that are words of a pattern
    found, replaced = _Spans(), set[tuple[int, int]]()
    for hit in sorted(hits, key=lambda found: (-found.size, found.length, found.parts)):
        (begin, _), (_, end) = hit.parts[0], hit.parts[-1]
        if whole := owner[begin]:
            begin = whole[0]  # 委託会社に委託: of a company, which entrustees are
        parts = {span for first, last in hit.parts for span in owner[first:last] if span}
        if parts & heads.keys() or all(spent.find(0, first, last) < 0 for first, last in hit.parts):
            continue  # its words have their meaning already
        if any(last - first >= hit.size for first, last in parts if not _inside(first, last, hit)):
            continue  # its words belong to a longer term
        around = {span for span in owner[begin:end] if span} - parts
        rivals = {taken[span][0].concept for span in around}.union(
            *(claims.get(token, ()) for token in range(begin, end))
        )
        if any(hit.term.concept in (rival, *ontology.ancestors(rival)) for rival in rivals):
            continue
        for token in range(begin, end):
            claims.setdefault(token, set()).add(hit.term.concept)
        for first, last in hit.parts:
            spent[first:last] = b"\1" * (last - first)
        replaced |= parts
        found[begin, end] = (hit.term, *(term for span in sorted(parts) for term in taken[span]))
    return found, {span: terms for span, terms in taken.items() if span not in replaced}


def _parts(
    named: dict[tuple[int, int], Term],
    patterns: Collection[tuple[int, int]],
    candidates: _Spans,
    tokens: Sequence[Token],
    kinds: Mapping[str, str],
) -> _Spans:
    """The terms inside phrases that are of another kind than the phrase, the longest first, without overlap.

    Of an English phrase without a preposition (share your personal information) only the object that ends it.
    """
    others = candidates.keys() - named.keys()
    if not others:
        return {}
    phrases = {
        span: kind
        for span, term in named.items()
        if (span in patterns or (term.status != "preferred" and (span[1] - span[0] > 1 or term.language == "en")))
        and (kind := kinds[term.concept]) not in _WHOLE
    }
    loose = {span for span in phrases if span in patterns or _is_phrase(tokens[span[0] : span[1]])}
    reach = _reach(loose, len(tokens))
    objects = {last: first for first, last in phrases if named[first, last].language == "en"}
    inside = [
        (first - last, first, last)
        for first, last in (others if phrases else ())
        if objects.get(last, first) < first < last - 1 or last <= reach[first]
    ]
    if not inside:
        return {}
    held = {span: kind for span, kind in phrases.items() if span in loose or objects.get(span[1]) == span[0]}
    barred = _barred(held, patterns)
    taken: _Spans = {}
    occupied = bytearray(len(tokens))
    for first, last in named.keys() - phrases.keys():
        occupied[first:last] = b"\1" * (last - first)
    for _, first, last in sorted(inside):
        if occupied.find(1, first, last) >= 0:
            continue
        kind = kinds[candidates[first, last][0].concept]
        if is_told := kind not in barred.get(first, ()):
            taken[first, last] = candidates[first, last]
        if is_told or is_compound(tokens[first:last], kind):  # of a name that is not told no part is
            occupied[first:last] = b"\1" * (last - first)
    return taken


def _reach(spans: Collection[tuple[int, int]], count: int) -> list[int]:
    """For each token, how far those spans go that begin at it or before it."""
    ends = [0] * count
    for first, last in spans:
        ends[first] = max(ends[first], last)
    return list(itertools.accumulate(ends, max))


def _barred(phrases: Mapping[tuple[int, int], str], patterns: Collection[tuple[int, int]]) -> dict[int, set[str]]:
    """The kinds that are not named again at each token."""
    barred: dict[int, set[str]] = {}
    for (first, last), kind in phrases.items():
        kinds = (kind,) if (first, last) in patterns else (kind, *_HEADS)
        for token in range(first, last):
            barred.setdefault(token, set()).update(kinds)
    return barred


def _is_phrase(tokens: Sequence[Token]) -> bool:
    """Held together by a particle or a verb, not a compound noun; in English by a preposition, not an adjective."""
    return any(token.pos in _PARTICLES or token.lemma in PREPOSITIONS for token in tokens[1:-1]) or any(
        token.pos == "動詞" for token in tokens[1:]
    )


def _inside(first: int, last: int, hit: PatternHit) -> bool:
    return any(begin <= first and last <= end for begin, end in hit.parts)
