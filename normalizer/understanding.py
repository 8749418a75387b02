"""A document → its analysis: the stages from segmentation to statements, with their tools loaded once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from normalizer import cues
from normalizer.dating import LATEST, policy_date
from normalizer.defined import with_defined
from normalizer.definitions import find_definitions
from normalizer.facts import find_facts
from normalizer.interpret import Interpreter
from normalizer.language import clause_language
from normalizer.match import Matcher
from normalizer.model import Analysis
from normalizer.organisations import legal_forms
from normalizer.references import with_references
from normalizer.segment import segment
from normalizer.senses import SenseResolver
from normalizer.statutes import Statutes
from normalizer.tokens import Tokenizer

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from normalizer.glossary import Glossary
    from normalizer.match import Match
    from normalizer.model import Clause, Document, Fact, Mention
    from normalizer.statutes import Citation


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
        self._interpreter = Interpreter.load(folder, glossary.ontology)

    def understand(self, document: Document, language: str) -> Analysis:
        """The clauses of a document in "ja" or "en", with all that the stages say of them."""
        clauses = [
            clause.revised(language=clause_language(document.text[clause.start : clause.end], language))
            for clause in segment(document, self._folder)
        ]
        text = document.text
        facts = [find_facts(text, clause.start, clause.end, clause.language) for clause in clauses]
        date = policy_date(text, clauses, facts, self._cues["policy_date"])
        referring = with_references(text, self._with_facts(text, clauses, facts, date), self._folder)
        mentioning = with_defined(
            text, self._with_mentions(text, referring), legal_forms(self._folder, language), self._known
        )
        understood = self._interpreter.interpret(text, mentioning)
        return Analysis(document, language, understood, date if date != LATEST else None)

    def _with_facts(
        self, text: str, clauses: Sequence[Clause], facts: Sequence[tuple[Fact, ...]], date: datetime.date
    ) -> list[Clause]:
        """The clauses with their facts, citations as of `date` among them, and the names that they define."""
        out = []
        for clause, found, cited in zip(clauses, facts, self._citations(text, clauses, date), strict=True):
            if cited:  # a citation has its characters before a date or a number may claim them
                found = find_facts(text, clause.start, clause.end, clause.language, cited)
            names = find_definitions(text, clause.start, clause.end, clause.language, self._folder)
            out.append(clause.revised(facts=found, definitions=names))
        return out

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
                taken = [(one.start, one.end) for one in cited]
                bare = self._statutes.find_bracketed(*place, law, max(own, default=0))
                free = [one for one in bare if all(one.end <= a or one.start >= b for a, b in taken)]
                cited = tuple(sorted((*cited, *free), key=lambda one: one.start))
            yield cited

    def _with_mentions(self, text: str, clauses: Sequence[Clause]) -> list[Clause]:
        out = []
        for clause in clauses:
            start = clause.body if clause.body < clause.end else clause.start  # 附則: a heading that is all number
            tokens = self.tokenizer.tokens(text, start, clause.end, clause.language)
            matches = self._matcher.matches(text, start, clause.end, clause.language, tokens)
            addresses = [fact for fact in clause.facts if fact.kind in ("email", "url")]
            named = [match for match in matches if not _in_address(match, addresses)] if addresses else matches
            mentions = self._senses.resolve(text, clause, _above(text, clauses, clause), named)
            out.append(clause.revised(mentions=mentions, notes=(*clause.notes, *self._wrong(text, mentions))))
        return out

    def _wrong(self, text: str, mentions: Sequence[Mention]) -> list[str]:
        """A note for each mention whose words are a known mistranslation: 委託 as "deposit"."""
        ontology = self._glossary.ontology
        return [
            f"wrong rendering: {text[mention.start : mention.end]!r} for {ontology[mention.concept].label('en')!r}"
            for mention in mentions
            if (mention.concept, mention.term) in self._wrong_terms
        ]

    @cached_property
    def _wrong_terms(self) -> frozenset[tuple[str, str]]:
        return frozenset((term.concept, term.entry) for term in self._glossary.terms if term.status == "wrong")


def _in_address(match: Match, addresses: Sequence[Fact]) -> bool:
    """Whether words stand in an e-mail address or URL, where `privacy@…` speaks of nothing."""
    return any(address.start <= match.start < address.end for address in addresses)


def _above(text: str, clauses: Sequence[Clause], clause: Clause) -> tuple[str, ...]:
    """The texts that a clause stands under: the sentence that introduces it, the headings."""
    out = []
    while clause.parent is not None:
        clause = clauses[int(clause.parent[1:]) - 1]
        out.append(text[clause.body : clause.end])
    return tuple(out)
