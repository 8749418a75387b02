"""Tokens and a glossary to matches: which words may name which concepts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from normalizer.candidates import Compounds, as_written, outside_idioms, standing_alone
from normalizer.glossary import STATUSES, Coordinated, Glossary, Term, folded
from normalizer.held import Spans, parts_of
from normalizer.language import HAN, KANA
from normalizer.lexicon import Lexicon, Occurrence
from normalizer.model import LANGUAGES
from normalizer.patterns import Compiled, PatternHit, Sentences, compile_pattern, find_enumerations, find_patterns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normalizer.model import Token
    from normalizer.ontology import Ontology
    from normalizer.tokens import Tokenizer

_DO = "為る"  # the lemma of する and さ(れる)
_VOICES = ("れる", "られる", "せる", "させる")  # what a verb's stem does not stand without


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
        patterns, taken = _with_patterns(taken, heads, hits, compounds, len(tokens), self._ontology)
        named = {span: terms[0] for span, terms in (taken | patterns).items()}
        taken |= parts_of(named, patterns.keys(), candidates, tokens, self._kinds)
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


def _as_matches(taken: Spans, patterns: Spans, heads: Spans, tokens: Sequence[Token]) -> tuple[Match, ...]:
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


def _heads(found: list[Occurrence], engine: _Engine, sentences: Sentences) -> Spans:
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


def _term_spans(found: list[Occurrence], engine: _Engine, text: str, tokens: Sequence[Token]) -> Spans:
    spans: Spans = {}
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


def _longest(spans: Spans, heads: Spans, count: int) -> Spans:
    """The spans that do not overlap: heads first, then by length and place."""
    occupied = bytearray(count)
    taken: Spans = {}
    order = [(first, last) for _, first, last in sorted([(first - last, first, last) for first, last in spans])]
    for span in (*heads, *order):
        first, last = span
        if occupied.find(1, first, last) < 0:
            occupied[first:last] = b"\1" * (last - first)
            taken[span] = heads.get(span) or spans[span]
    return taken


def _with_patterns(
    taken: Spans, heads: Spans, hits: list[PatternHit], compounds: Compounds, count: int, ontology: Ontology
) -> tuple[Spans, Spans]:
    """The patterns that say more than the terms in their place, each with these terms, and the terms that remain."""
    if not hits:
        return {}, taken
    owner: list[tuple[int, int] | None] = [None] * count
    for span in taken:
        owner[span[0] : span[1]] = [span] * (span[1] - span[0])
    claims: dict[int, set[str]] = {}  # concepts of the patterns over each token
    spent = bytearray(count)  # tokens that are words of a pattern
    found, replaced = Spans(), set[tuple[int, int]]()
    for hit in sorted(hits, key=lambda found: (-found.size, found.length, found.parts)):
        begin = compounds.beginning(hit.parts[0][0])  # 委託会社に委託: of a company, which entrustees are
        end = hit.parts[-1][1]
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


def _inside(first: int, last: int, hit: PatternHit) -> bool:
    return any(begin <= first and last <= end for begin, end in hit.parts)
