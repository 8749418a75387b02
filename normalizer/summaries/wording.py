"""A statement → a Japanese and an English sentence in controlled language, or none where it cannot be said safely.

What is denied is said with the statement's own concepts or not at all, for to deny a wider one would say more than the
clause does; what is affirmed may fall back on wider ones. Whether a modal is denied, or a denial is possible ("may
not"), statements do not tell, so those have no sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from normalizer.interpret.statements import GIVEN_TO
from normalizer.summaries.table import Phrase, verb

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from normalizer.model import Exception_, Statement
    from normalizer.ontology import Ontology
    from normalizer.summaries.table import Table, Verb

OPTIONAL = re.compile(r"\[([^\]]*)\]")  # words that are said only with the data in them
CONSENT = ("PriorConsent", "ConsentAcquisition", "Consent")  # the more telling first
NO_CONSENT = "ConsentDifficult"  # consent is named only because it cannot be had
NOT_TO_BE_HAD = "consent cannot be had"  # note of a ground that is one only where consent is difficult to obtain
PURPOSES = ("Purpose", "PurposeOfUse")  # purposes that say nothing


@dataclass(frozen=True, slots=True)
class Parts:
    """The phrases that fill a sentence."""

    actor: Phrase | None
    data: Phrase | None
    recipient: Phrase
    purpose: Phrase | None
    cases: tuple[Phrase, ...]


def sentences(statement: Statement, ontology: Ontology, table: Table) -> tuple[str, str] | None:
    """The statement in Japanese and in English; None where the table lacks words for it, or where it is ambiguous."""
    denied = statement.polarity == "denied"
    if denied and statement.modality != "does":
        return None
    actor = _named("actor", statement.actor, denied, ontology, table)
    if statement.actor and actor is None:
        return None
    kind = actor.note if actor else ""
    action = table.action(statement.action, kind)
    parts = _parts(statement, actor, denied, ontology, table) if action else None
    if action is None or parts is None:
        return None
    if parts.data is None and "{data}" in OPTIONAL.sub("", action.ja):
        return None
    form: str = "denied" if denied else statement.modality
    if form == "must" and actor is None:  # a request to the reader, most often
        return None
    form = {"may": "can", "must": "asked"}.get(form, form) if kind == "individual" else form
    conditional = statement.polarity == "conditional"
    return _japanese(action, parts, form, conditional, table), _english(action, parts, form, conditional, table)


def _parts(statement: Statement, actor: Phrase | None, denied: bool, ontology: Ontology, table: Table) -> Parts | None:
    data = _named("data", statement.data, denied, ontology, table)
    implied = GIVEN_TO.get(statement.action, "ThirdParty")
    # 第三者 in an entrustment clause is the entrustee
    given = implied if statement.recipient in (None, "ThirdParty") else statement.recipient
    recipient = _named("recipient", given, denied, ontology, table)
    purpose = None
    if statement.purpose:
        silent = statement.purpose in PURPOSES
        purpose = None if silent else _named("purpose", statement.purpose, True, ontology, table)
        if denied and purpose is None:
            return None
    if (statement.data and data is None) or (recipient is None and denied):
        return None
    recipient = recipient or table.phrases["recipient", implied]
    return Parts(actor, data, recipient, purpose, _cases(statement.exceptions, ontology, table))


def _named(kind: str, concept: str | None, exact: bool, ontology: Ontology, table: Table) -> Phrase | None:
    """The words for a concept, or, where that says less, for the nearest above it that has words."""
    if concept is None or concept not in ontology:
        return None
    line = (concept,) if exact else (concept, *ontology.ancestors(concept))
    return next((table.phrases[kind, id] for id in line if (kind, id) in table.phrases), None)


def _cases(exceptions: Sequence[Exception_], ontology: Ontology, table: Table) -> tuple[Phrase, ...]:
    """The exceptions, each once and consent at most once; one that is not understood is at least mentioned."""
    found: dict[str, Phrase] = {}
    unknown = False
    for exception in exceptions:
        own = _grounds(exception.concepts, ontology, table)
        unknown |= not own
        for id, phrase in own.items():
            found.setdefault(CONSENT[0] if id in CONSENT else id, phrase)
    if unknown:
        found[""] = table.phrase("case", "more" if found else "")
    return tuple(dict.fromkeys(found.values()))


def _grounds(concepts: Sequence[str], ontology: Ontology, table: Table) -> dict[str, Phrase]:
    """What an exception names: grounds before operations; consent, unless only to say that it cannot be had."""
    known = {id: phrase for id in concepts if (phrase := _named("case", id, False, ontology, table))}
    grounds = {id: phrase for id, phrase in known.items() if ontology[id].kind == "exception"}
    without = NO_CONSENT in concepts or any(phrase.note == NOT_TO_BE_HAD for phrase in grounds.values())
    consent = {} if without else {id: known[id] for id in CONSENT if id in known}
    others = {} if grounds else {id: phrase for id, phrase in known.items() if id not in CONSENT}
    return consent | grounds | others


def _japanese(action: Phrase, parts: Parts, form: str, conditional: bool, table: Table) -> str:
    words = _filled(action.ja, parts, "ja")
    ending = next(key for kind, key in table.phrases if kind == "ending" and words.endswith(key))
    if form in ("does", "denied"):
        inflected = table.phrase("ending", ending)
        words = words.removesuffix(ending) + (inflected.ja if form == "does" else inflected.en)
    else:
        words += table.phrase("active", form).ja
    frames = {key: phrase.ja for (kind, key), phrase in table.phrases.items() if kind == "frame"}
    if parts.purpose:
        words = frames["purpose"].format(label=parts.purpose.ja, sentence=words)
    words = frames["condition"].format(sentence=words) if conditional else words
    words = _excepted(words, [case.ja for case in parts.cases], frames)
    return (frames["topic"].format(actor=parts.actor.ja, sentence=words) if parts.actor else words) + "。"


def _english(action: Phrase, parts: Parts, form: str, conditional: bool, table: Table) -> str:
    how = verb(action)
    words = _active(how, parts, form, table) if parts.actor else _passive(action, how, parts, form, table)
    words = " ".join(filter(None, (words, _filled(how.tail, parts, "en"))))
    frames = {key: phrase.en for (kind, key), phrase in table.phrases.items() if kind == "frame"}
    if parts.purpose:
        words = frames["purpose"].format(label=parts.purpose.en, sentence=words)
    words = frames["topic"].format(actor=parts.actor.en, sentence=words) if parts.actor else words
    words = frames["condition"].format(sentence=words) if conditional else words
    words = _excepted(words, [case.en for case in parts.cases], frames)
    return f"{words[:1].upper()}{words[1:]}."


def _active(how: Verb, parts: Parts, form: str, table: Table) -> str:
    plural = parts.actor is not None and parts.actor.plural
    inflected = (how.base if plural else how.third) if form == "does" else how.base
    be, do = ("are", "do") if plural else ("is", "does")
    said = table.phrase("active", form).en.format(verb=inflected, be=be, do=do)
    return " ".join(filter(None, (said, _filled(how.object, parts, "en"))))


def _passive(action: Phrase, how: Verb, parts: Parts, form: str, table: Table) -> str:
    plural = parts.data.plural if parts.data and how.object == "{data}" else action.plural
    object = _filled(how.object, parts, "en")
    return table.phrase("passive", form).en.format(object=object, be="are" if plural else "is", done=how.participle)


def _filled(words: str, parts: Parts, language: str) -> str:
    """The words with the parts in them; those in brackets only where the data are known."""
    words = OPTIONAL.sub(r"\1" if parts.data else "", words)
    data, recipient = (getattr(phrase, language) if phrase else "" for phrase in (parts.data, parts.recipient))
    return words.format(data=data, recipient=recipient)


def _excepted(sentence: str, cases: Sequence[str], frames: Mapping[str, str]) -> str:
    """The sentence with its exceptions in a row: "…, except A, B or C"."""
    if not cases:
        return sentence
    joined, *others = cases
    for number, case in enumerate(others, 1):
        joined = frames["or" if number == len(others) else "and"].format(left=joined, right=case)
    return frames["exceptions"].format(cases=joined, sentence=sentence)
