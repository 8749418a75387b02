"""A document → its analysis: the stages from segmentation to statements, with their tools loaded once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from normalizer import cues
from normalizer.collecting import uncollected
from normalizer.dating import LATEST, policy_date
from normalizer.defined import with_defined
from normalizer.definitions import find_definitions
from normalizer.facts import find_facts
from normalizer.glossary import folded
from normalizer.interpret import Interpreter
from normalizer.language import clause_language
from normalizer.match import Matcher
from normalizer.model import Analysis, above
from normalizer.organisations import legal_forms
from normalizer.references import with_references
from normalizer.segment import segment
from normalizer.senses import SenseResolver
from normalizer.spans import Taken
from normalizer.statutes import Statutes
from normalizer.tokens import Tokenizer

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from normalizer.glossary import Glossary
    from normalizer.match import Match
    from normalizer.model import Clause, Document, Fact, Mention, Token
    from normalizer.statutes import Citation

_Place = tuple[str, int, int, str]  # text, start, end, language


class Understanding:
    """The compiled tables of a folder and a glossary; one per thread."""

    def __init__(self, folder: Path, glossary: Glossary) -> None:
        """Raises GlossaryError where a table does not hold together."""
        self._folder, self._glossary = folder, glossary
        self.tokenizer = Tokenizer(glossary.lemmas)
        self._matcher = Matcher(glossary, self.tokenizer)
        self._known = frozenset((term.concept, term.form) for term in glossary.terms)
        self._senses = SenseResolver.load(folder, glossary.own)
        self._statutes = Statutes.load(folder)
        self._cues = cues.load(folder)
        wrong = {(term.language, folded(term.form)) for term in glossary.terms if term.status == "wrong"}
        self._interpreter = Interpreter.load(folder, glossary.ontology, glossary.own | wrong)

    def senses_of(self, entry: str) -> Collection[str]:
        """The concepts that the words of a glossary entry, "en:disclose", may name; none where they have one sense."""
        return self._senses.of_entry(entry)

    def understand(self, document: Document, language: str) -> Analysis:
        """The clauses of a document in "ja" or "en", with all that the stages say of them."""
        with uncollected():
            return self._understood(document, language)

    def _understood(self, document: Document, language: str) -> Analysis:
        clauses = [
            clause.revised(language=clause_language(document.text[clause.start : clause.end], language))
            for clause in segment(document, self._folder)
        ]
        text = document.text
        facts = [find_facts(text, clause.start, clause.end, self._folder) for clause in clauses]
        date = policy_date(document, clauses, facts, self._cues["policy_date"])
        referring = with_references(text, self._with_facts(text, clauses, facts, date), self._folder)
        places = [_worded(text, clause) for clause in referring]
        tokens = [self.tokenizer.tokens(*place) for place in places]
        mentioning = with_defined(
            text, self._with_mentions(text, referring, places, tokens), legal_forms(self._folder, language), self._known
        )
        understood = self._interpreter.interpret(text, mentioning, tokens)
        return Analysis(document, language, understood, date if date != LATEST else None)

    def _with_facts(
        self, text: str, clauses: Sequence[Clause], facts: Sequence[tuple[Fact, ...]], date: datetime.date
    ) -> list[Clause]:
        """The clauses with their facts, citations as of `date` among them, and the names that they define."""
        facts = [  # a citation has its characters before a date or a number may claim them
            find_facts(text, clause.start, clause.end, self._folder, citations) if citations else found
            for clause, citations, found in zip(clauses, self._citations(text, clauses, date), facts, strict=True)
        ]
        names = [find_definitions(text, clause.start, clause.end, clause.language, self._folder) for clause in clauses]
        return [
            clause.revised(facts=found, definitions=defined)
            for clause, found, defined in zip(clauses, facts, names, strict=True)
        ]

    def _citations(self, text: str, clauses: Sequence[Clause], date: datetime.date) -> Iterator[tuple[Citation, ...]]:
        """The citations of each clause; a bracket such as （第32条第2項） cites the law last named in its section."""
        aliases = self._statutes.aliases(text)
        own = [clause.label.number[0] for clause in clauses if clause.label and clause.label.kind == "article"]
        law = ""
        for clause in clauses:
            place = (text, clause.start, clause.end, clause.language, date)
            cited = self._statutes.find(*place, aliases)
            law = cited[-1].law if cited else "" if clause.kind == "heading" else law
            if law:
                taken = Taken(clause.start, clause.end, cited)
                bare = self._statutes.find_bracketed(*place, law, max(own, default=0))
                free = [one for one in bare if not taken.within(one.start, one.end)]
                cited = tuple(sorted((*cited, *free), key=lambda one: one.start))
            yield cited

    def _with_mentions(
        self, text: str, clauses: Sequence[Clause], places: Sequence[_Place], tokens: Sequence[Sequence[Token]]
    ) -> list[Clause]:
        """The clauses with their mentions; stage by stage, because each has its tables, which a cache forgets."""
        found = [self._matcher.matches(*place, words) for place, words in zip(places, tokens, strict=True)]
        named = [_outside_addresses(clause, matches) for clause, matches in zip(clauses, found, strict=True)]
        out = []
        for clause, matches in zip(clauses, named, strict=True):
            headings = tuple(text[one.body : one.end] for one in above(clauses, clause))
            mentions = self._senses.resolve(text, clause, headings, matches)
            out.append(clause.revised(mentions=mentions, notes=(*clause.notes, *self._wrong(text, mentions))))
        return out

    def _wrong(self, text: str, mentions: Sequence[Mention]) -> list[str]:
        """A note for each mention whose words are a known mistranslation: 委託 as "deposit"."""
        if self._wrong_entries.isdisjoint([mention.term for mention in mentions]):
            return []
        ontology = self._glossary.ontology
        return [
            f"wrong rendering: {text[mention.start : mention.end]!r} for {ontology[mention.concept].label('en')!r}"
            for mention in mentions
            if (mention.concept, mention.term) in self._wrong_terms
        ]

    @cached_property
    def _wrong_entries(self) -> frozenset[str]:
        return frozenset(entry for _, entry in self._wrong_terms)

    @cached_property
    def _wrong_terms(self) -> frozenset[tuple[str, str]]:
        return frozenset((term.concept, term.entry) for term in self._glossary.terms if term.status == "wrong")


def _worded(text: str, clause: Clause) -> _Place:
    """Where the words of a clause stand, which are its number where it has no others (附則), and their language."""
    return text, clause.body if clause.body < clause.end else clause.start, clause.end, clause.language


def _outside_addresses(clause: Clause, matches: Sequence[Match]) -> Sequence[Match]:
    """Without those in an e-mail address or URL, where `privacy@…` speaks of nothing."""
    addresses = [fact for fact in clause.facts if fact.kind in ("email", "url")]
    if not addresses:
        return matches
    taken = Taken(clause.start, clause.end, addresses)
    return [match for match in matches if not taken.within(match.start, match.start + 1)]
