"""A folder of tables → what is wrong in them: the glossary's numbered checks, then what every other stage refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from normalizer import cues, duties, numbering
from normalizer import marks as comparison
from normalizer.agreement import Agreement
from normalizer.candidates import finders
from normalizer.compare import recipients
from normalizer.compare import table as differences
from normalizer.definitions import find_definitions
from normalizer.errors import GlossaryError
from normalizer.export import jsonld, names
from normalizer.export.html import words as page
from normalizer.facts import words as facts
from normalizer.glossary import Glossary
from normalizer.glossary.checks import findings
from normalizer.glossary.rows import read_tables
from normalizer.interpret import Interpreter
from normalizer.interpret.marking import Marker
from normalizer.memory import turned
from normalizer.models.published import published
from normalizer.organisations import legal_forms
from normalizer.references import with_references
from normalizer.segment import words as segmentation
from normalizer.senses import SenseResolver
from normalizer.sentences import sentences
from normalizer.statutes import tables as statutes
from normalizer.summaries import table as summaries
from normalizer.tokens import Tokenizer
from normalizer.translate import words as translation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from normalizer.errors import Finding


def wrong(folder: Path, own: Sequence[Path] = ()) -> tuple[Finding, ...]:
    """Everything that is wrong (E…, or no code) or doubtful (W…) in the tables of a folder, by code, file and line.

    own: a user's tables of terms. While the glossary itself has errors, the stages that need it cannot look at theirs.
    A folder may hold a glossary alone: a stage of which a table is not there is not looked at.
    """
    read = read_tables(folder, own)
    tokenizer = Tokenizer({row["surface"]: row["lemma"] for row in read.lemmas_en})

    def keys(language: str, form: str) -> tuple[object, ...]:
        return finders([word.lemma for word in tokenizer.words(form, language)], form)

    found = findings(read, keys)
    seen = {(finding.path, finding.line, finding.message) for finding in found}
    more = {each for each in _refused(folder, own, found) if (each.path, each.line, each.message) not in seen}
    return (*found, *sorted(more, key=lambda each: (str(each.path), each.line, each.message)))


def _refused(folder: Path, own: Sequence[Path], found: Iterable[Finding]) -> Iterator[Finding]:
    loads = list(_alone(folder))
    if not any(finding.code.startswith("E") for finding in found):
        loads += _with_concepts(folder, Glossary.load(folder, own))
    for load in loads:
        try:
            load()
        except GlossaryError as error:
            if all(finding.path.is_file() for finding in error.findings):
                yield from error.findings


def _alone(folder: Path) -> Iterator[Callable[[], object]]:
    """What reads tables that stand for themselves."""
    yield lambda: statutes.read_tables(folder)
    yield lambda: facts.load(folder)
    yield lambda: segmentation.load(folder)
    yield lambda: numbering.load(folder)
    yield lambda: cues.load(folder)
    yield lambda: find_definitions("", 0, 0, "en", folder)
    yield lambda: with_references("", (), folder)
    yield lambda: sentences("", 0, 0, "en", folder)
    yield lambda: legal_forms(folder, "ja")
    yield lambda: recipients.load(folder)
    yield lambda: comparison.load(folder)
    yield lambda: differences.load(folder)
    yield lambda: translation.load(folder)
    yield lambda: turned.load(folder)
    yield lambda: published(folder)
    yield lambda: page.Words.load(folder)
    yield lambda: names.sheet_words(folder)
    yield lambda: names.sheet_columns(folder, names.KNOWN)
    yield lambda: jsonld.context(folder)


def _with_concepts(folder: Path, glossary: Glossary) -> Iterator[Callable[[], object]]:
    """What reads tables that name concepts or categories."""
    yield lambda: SenseResolver.load(folder, glossary.own)
    yield lambda: Agreement.load(folder, glossary, Tokenizer(glossary.lemmas), lambda entry: ())
    yield lambda: Marker.load(folder, glossary.ontology)  # the last of those that the next line reads
    yield lambda: Interpreter.load(folder, glossary.ontology)
    yield lambda: duties.load(folder, glossary.ontology)
    yield lambda: summaries.load(folder, glossary.ontology)
