"""Clauses with mentions and categories → their statements: what is done, by whom, to what, and with which exceptions.

The sentence that carries the clause's main operation is found first: the one whose operation the category is about.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from normalizer import cues as cue_table
from normalizer.interpret.meaning import meaning
from normalizer.interpret.sentences import parsed, states
from normalizer.model import LANGUAGES, Exception_, Statement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from normalizer.interpret.sentences import Cues, Sentence, Span
    from normalizer.model import Clause, Mention
    from normalizer.ontology import Ontology

NONE = "none"  # in categories.csv: clauses of the category state no operation
FITS = 0.5  # weight from which a concept that speaks for a category is what its clauses are about
ANNOUNCED = 60  # characters of an exception that does no more than announce a list
AGAIN = 3  # further mentions of the operation that are looked at
BEFORE = 3  # paragraphs before a list's introduction in which its statement may stand
GIVEN_TO = {
    "ForeignThirdPartyProvision": "ForeignThirdParty",
    "ThirdPartyProvision": "ThirdParty",
    "Entrustment": "Entrustee",
    "JointUse": "JointUser",
}
RECIPIENTS = frozenset(("ThirdParty", "Recipient", "Entrustee", "JointUser"))  # and all that is below them
PURPOSE = "PurposeOfUse"  # says of a purpose no more than that it is one
NOMINATIVE = ("we", "you")  # of the English pronouns those that can be a subject


@dataclass(frozen=True, slots=True)
class Stater:
    """The compiled cues.csv, and what each concept can be in a statement."""

    folder: Path
    cues: Cues
    actions: Mapping[str, tuple[int, str]]  # concept → 2, or 1 where only for want of another; what it is reported as
    of_category: Mapping[str, frozenset[str]]  # category → the actions that it is about
    above: Mapping[str, tuple[str, ...]]  # concept → those above it, without the topmost
    default: Mapping[str, str]  # category → its action, where the words name none
    kinds: Mapping[str, str]  # concept → actor, information, purpose …
    recipients: frozenset[str]
    given_to: Mapping[str, str]  # action → the recipient that its name implies
    generic: frozenset[str]  # concepts that stand at the top of their kind

    @classmethod
    def load(
        cls,
        folder: Path,
        ontology: Ontology,
        concepts: Mapping[str, tuple[tuple[str, float], ...]],
        default: Mapping[str, str],
    ) -> Stater:
        """Compile the tables. `concepts` says which categories a concept speaks for. Raises GlossaryError."""
        lines = {concept.id: (concept.id, *ontology.ancestors(concept.id)) for concept in ontology}
        strength = {
            **dict.fromkeys(cue_table.concepts(folder, "action"), 2),
            **dict.fromkeys(cue_table.concepts(folder, "weak_action"), 1),
            **dict.fromkeys(cue_table.concepts(folder, "no_action"), 0),
        }
        actions = {id: action for id, line in lines.items() if (action := _action(line, strength))}
        of_category: dict[str, set[str]] = {}
        for id, weights in concepts.items():
            for category, weight in weights:
                if id in actions and weight >= FITS:
                    of_category.setdefault(category, set()).add(id)
        for category, id in default.items():
            actions.setdefault(id, (1, id))
            of_category.setdefault(category, set()).add(id)
        return cls(
            folder=folder,
            cues=cue_table.load(folder),
            actions=actions,
            of_category={category: frozenset(found) for category, found in of_category.items()},
            above={id: line[1:-1] for id, line in lines.items()},
            default=default,
            kinds={concept.id: concept.kind for concept in ontology},
            recipients=frozenset(id for id, line in lines.items() if RECIPIENTS & {*line}),
            given_to={id: GIVEN_TO[known] for id, line in lines.items() for known in line[::-1] if known in GIVEN_TO},
            generic=frozenset(id for id, line in lines.items() if len(line) == 1 or id == PURPOSE),
        )

    def state(self, text: str, clauses: Sequence[Clause]) -> tuple[Clause, ...]:
        """The clauses with `statement` filled in; the cases of a list are exceptions of what the list hangs from."""
        found = [self._statement(text, clause) for clause in clauses]
        statements = [statement for statement, _ in found]
        index = {clause.id: number for number, clause in enumerate(clauses)}
        for clause in clauses:
            above = index.get(clause.parent) if clause.parent else None
            if clause.kind != "item" or above is None or clauses[above].kind == "heading":
                continue
            if clause.category == "third_party_exception" or found[above][1]:
                self._attach(clause, above, clauses, statements)
        return tuple(
            clause.revised(statement=statement) if statement else clause
            for clause, statement in zip(clauses, statements, strict=True)
        )

    def _attach(
        self, clause: Clause, above: int, clauses: Sequence[Clause], statements: list[Statement | None]
    ) -> None:
        for number in range(above, max(-1, above - BEFORE), -1):
            statement = statements[number]
            if (
                clauses[number].parent == clauses[above].parent
                and statement
                and (number == above or statement.polarity == "denied")
            ):
                case = _exception(clause, clause.body, clause.end)
                statements[number] = replace(statement, exceptions=(*statement.exceptions, case))
                return

    def _statement(self, text: str, clause: Clause) -> tuple[Statement | None, bool]:
        """The clause's statement, and whether it announces its exceptions in the list below."""
        parts = self._stating(text, clause)
        main = self._main(parts, clause)
        if main is None:
            return None, False
        number, action, place = main
        sentence = parts[number]
        announces = sentence.announces or any(part.announces and part.opens_with_proviso for part in parts)
        inside = [mention for mention in _inside(clause, sentence.start, sentence.end) if sentence.free(mention.start)]
        again = [other for other in inside if place and other.concept == place.concept and other.start > place.start]
        polarity, modality = meaning(sentence, clause, place, again[:AGAIN], self.cues)
        spans = self._exceptions(parts, number, polarity)
        if announces:
            spans = self._without_announcements(spans, text, clause.language)
        statement = Statement(
            action,
            polarity,
            modality,
            actor=self._actor(sentence, clause, inside, place),
            data=self._nearest(inside, "information", place),
            purpose=self._nearest(inside, "purpose", place),
            recipient=self._recipient(inside, action, place),
            exceptions=tuple(_exception(clause, a, b) for a, b in spans),
        )
        return statement, announces

    def _stating(self, text: str, clause: Clause) -> list[Sentence]:
        """The sentences of a clause that state something; none where its kind or category states nothing."""
        silent = clause.kind in ("heading", "furniture") or self.default.get(clause.category) == NONE
        acts = any(mention.concept in self.actions for mention in clause.mentions)
        if silent or clause.language not in LANGUAGES or not (acts or self._implied(clause)):
            return []
        actors = [mention for mention in clause.mentions if self.kinds.get(mention.concept) == "actor"]
        sentences = parsed(text, clause, self.folder, self.cues, actors)
        return [part for part in sentences if self._states(part, clause)]

    def _implied(self, clause: Clause) -> bool:
        """Whether the clause's own words, if not those for an operation, say what operation it is about."""
        return clause.category in self.default and clause.category_evidence[:1] not in ((), ("handed down",))

    def _states(self, part: Sentence, clause: Clause) -> bool:
        inside = _inside(clause, part.start, part.end)
        actors = [mention for mention in inside if self.kinds.get(mention.concept) == "actor"]
        operations = [mention for mention in inside if mention.concept in self.actions]
        return states(part, clause, actors, operations, self.cues)

    def _main(self, parts: Sequence[Sentence], clause: Clause) -> tuple[int, str, Mention | None] | None:
        """The number of the sentence with the clause's main operation, the operation, and its mention."""
        about, default = self.of_category.get(clause.category, frozenset()), self.default.get(clause.category)
        ranked = []
        for number, part in enumerate(parts):
            inside = [mention for mention in _inside(clause, part.start, part.end) if mention.concept in self.actions]
            topics = [match.start() for match in self.cues["topic"]["ja"].finditer(part.words)]
            topic = part.start + topics[-1] if topics and clause.language == "ja" else part.start
            for place, mention in enumerate(inside[::-1] if clause.language == "ja" else inside):
                if part.free(mention.start):
                    (strength, action), fits = self.actions[mention.concept], mention.concept in about
                    subject = not fits and mention.end <= topic
                    key = (not fits, action != default, part.opens_with_proviso, subject, -strength, number, place)
                    ranked.append((key, number, mention))
        if ranked:
            key, number, mention = min(ranked, key=lambda found: found[0])
            action = self.actions[mention.concept][1]
            narrower = default and action in self.above.get(default, ())  # ReportToAuthority, of a breach
            return number, default if default and (narrower or (key[0] and self._implied(clause))) else action, mention
        return (0, default, None) if parts and default and self._implied(clause) else None

    def _exceptions(self, parts: Sequence[Sentence], number: int, polarity: str) -> list[Span]:
        """The exceptions in the main sentence, and those that a proviso behind it names."""
        main = parts[number]
        spans = [*main.exceptions, *((main.proviso,) if main.proviso and not main.opens_with_proviso else ())]
        if polarity != "denied":  # "without consent" lifts nothing where nothing is denied
            cues = self.cues["without"].values()
            spans = [
                (a, b) for a, b in spans if not any(c.search(main.words, a - main.start, b - main.start) for c in cues)
            ]
        return spans + [part.proviso for part in parts[number + 1 :] if part.proviso]

    def _without_announcements(self, spans: Sequence[Span], text: str, language: str) -> list[Span]:
        """The exceptions that do more than announce a list: 次の場合を除き does not."""
        listing = self.cues["listing"][language]
        return [(a, b) for a, b in spans if b - a > ANNOUNCED or not listing.search(text[a:b].lower())]

    def _actor(
        self, sentence: Sentence, clause: Clause, inside: Sequence[Mention], place: Mention | None
    ) -> str | None:
        """Who acts: before は or が in Japanese, before the verb in English."""
        words, start = sentence.words, sentence.start
        actors = [mention for mention in inside if self.kinds.get(mention.concept) == "actor"]
        if clause.language == "ja":
            return next((a.concept for a in actors if words.startswith(("は", "が", "も"), a.end - start)), None)
        end = (place.start if place else sentence.end) - start
        main = sentence.main()
        case = self.cues["exception_item"]["en"].search(main)  # "When you order, we collect": who acts comes behind
        begin = main.find(",", 0, max(0, end)) + 1 if case else 0
        found = [(actor.start - start, actor.concept) for actor in actors if begin <= actor.start - start < end]
        for kind, concept in (("self", "ControllerSelf"), ("individual", "DataSubject")):
            match = self.cues[kind]["en"].search(main, begin, max(begin, end))
            if match and match.group() in NOMINATIVE:
                found.append((match.start(), concept))
        return min(found)[1] if found else None

    def _nearest(self, inside: Sequence[Mention], kind: str, place: Mention | None) -> str | None:
        """The concept of a kind nearest to the operation; one at the top of its kind only for want of another."""
        found = [
            (mention.concept in self.generic, abs(mention.start - place.start) if place else 0, mention.concept)
            for mention in inside
            if self.kinds.get(mention.concept) == kind and mention is not place
        ]
        return min(found)[2] if found else None

    def _recipient(self, inside: Sequence[Mention], action: str, place: Mention | None) -> str | None:
        """To whom: the party named nearest to the operation, else the one that the operation's name implies."""
        if action not in self.given_to:
            return None
        implied = self.given_to[action]
        named = [
            (abs(mention.start - place.start), mention.concept)
            for mention in inside
            if place and mention.concept in self.recipients
        ]
        nearest = min(named)[1] if named else implied
        return implied if nearest in self.above.get(implied, ()) else nearest


def _inside(clause: Clause, start: int, end: int) -> tuple[Mention, ...]:
    """The mentions of a clause that start within a span."""
    first = bisect_left(clause.mentions, start, key=lambda mention: mention.start)
    return clause.mentions[first : bisect_left(clause.mentions, end, first, key=lambda mention: mention.start)]


def _exception(clause: Clause, start: int, end: int) -> Exception_:
    concepts = dict.fromkeys(mention.concept for mention in _inside(clause, start, end))
    return Exception_(start, end, tuple(concepts))


def _action(line: Sequence[str], strength: Mapping[str, int]) -> tuple[int, str] | None:
    """How strong an action a concept is, and as which of those above it, nearest first in `line`, it is reported.

    Statements of two languages can only be compared at one level of detail: that of the table.
    """
    for place, known in enumerate(line):
        if known in strength:
            top = place == len(line) - 1 and place > 0  # all operations are listed by their common top
            return (strength[known], line[place - 1] if top else known) if strength[known] else None
    return None
