"""Records to XLIFF 2.1 or 1.2: a file a policy, a unit a record, with the state of the translation and notes.

Two sides that are the organisation's own words, aligned with confidence, are `final`. What was aligned with a low
score, differs gravely, or was filled in by a memory or a machine, is `initial` until a translator has approved of it:
nothing comes back as a translation that nobody has read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from normalizer.errors import ArgumentError
from normalizer.memory.learn import SCORE, concepts, grave
from normalizer.memory.tmx import LOST, TOOL
from normalizer.memory.xml import FORBIDDEN, content, quoted
from normalizer.model import OTHER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO

    from normalizer.model import Language
    from normalizer.records import Record, Side

Version = Literal["2.1", "1.2"]
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_CORE = "urn:oasis:names:tc:xliff:document:"
_METADATA = "urn:oasis:names:tc:xliff:metadata:2.0"
_FILLED = {"memory": "leveraged-tm", "argos": "leveraged-mt"}  # state-qualifiers of 1.2


def write(records: Iterable[Record], out: BinaryIO, version: Version = "2.1", source: Language = "ja") -> None:
    """Write records as XLIFF in UTF-8, in their order, as they come.

    version: "2.1", or "1.2" for tools that know no other. source: the language that is translated from. A record
    without that side is a unit with an empty source that is not to be translated, so that nothing is left out.
    Raises ArgumentError for another version or language.
    """
    if version not in ("2.1", "1.2") or source not in OTHER:
        raise ArgumentError(f"XLIFF {version} from {source!r}; known are 2.1 and 1.2, from 'ja' and 'en'")
    for piece in _new(records, source) if version == "2.1" else _old(records, source):
        out.write(piece.encode())


# --- 2.1 ---------------------------------------------------------------------------------------------------------


def _new(records: Iterable[Record], source: Language) -> Iterator[str]:
    languages = f'srcLang="{source}" trgLang="{OTHER[source]}"'
    yield f'{_HEAD}<xliff xmlns="{_CORE}2.0" xmlns:mda="{_METADATA}" version="2.1" {languages}>\n'
    empty = '<file id="f1" original="">\n<group id="g1"/>\n</file>\n'
    yield from _files(
        records,
        lambda n, policy: f'<file id="f{n}" original={quoted(policy)}>\n',
        "</file>\n",
        empty,
        lambda record: _unit(record, source),
    )
    yield "</xliff>\n"


def _unit(record: Record, source: Language) -> str:
    own, other = _sides(record, source)
    locked = "" if own else ' translate="no"'
    state = f' state="{"final" if _settled(record) else "initial"}"'
    filled = f' subState="{TOOL}:{other.origin}"' if other and other.origin != "source" else ""
    target = f"<target>{_with_points(other.text)}</target>" if other else ""
    meta = "".join(f"<mda:meta type={quoted(name)}>{content(value)}</mda:meta>" for name, value in _facts(record))
    notes = "".join(f'<note category="{kind}">{content(text)}</note>\n' for kind, text in _notes(record))
    return (
        f'<unit id="u{record.position}" name={quoted(record.id)}{locked} xml:space="preserve">\n'
        f'<mda:metadata><mda:metaGroup category="{TOOL}">{meta}</mda:metaGroup></mda:metadata>\n'
        + (f"<notes>\n{notes}</notes>\n" if notes else "")
        + f"<segment{state}{filled}>\n<source>{_with_points(own.text if own else '')}</source>\n{target}\n</segment>\n"
        "</unit>\n"
    )


def _with_points(text: str) -> str:
    """A text with <cp> for each character that XML does not have: XLIFF 2 can name it, so nothing is lost."""
    parts: list[str] = []
    done = 0
    for found in FORBIDDEN.finditer(text):
        parts += (content(text[done : found.start()]), f'<cp hex="{ord(found[0]):04X}"/>')
        done = found.end()
    return "".join((*parts, content(text[done:])))


# --- 1.2 ---------------------------------------------------------------------------------------------------------


def _old(records: Iterable[Record], source: Language) -> Iterator[str]:
    languages = f'source-language="{source}" target-language="{OTHER[source]}" datatype="plaintext"'
    yield f'{_HEAD}<xliff xmlns="{_CORE}1.2" version="1.2">\n'
    empty = f'<file original="" {languages}>\n<body/>\n</file>\n'
    yield from _files(
        records,
        lambda _, policy: f"<file original={quoted(policy)} {languages}>\n<body>\n",
        "</body>\n</file>\n",
        empty,
        lambda record: _trans_unit(record, source),
    )
    yield "</xliff>\n"


def _trans_unit(record: Record, source: Language) -> str:
    own, other = _sides(record, source)
    attributes = f'approved="{"yes" if _settled(record) else "no"}"'
    if not own:
        attributes += ' translate="no"'
    return (
        f'<trans-unit id={quoted(record.id)} resname={quoted(record.id)} {attributes} xml:space="preserve">\n'
        f"<source>{content(own.text if own else '')}</source>\n"
        + (_target(other, _settled(record)) if other else "")
        + f'<context-group purpose="information">{_contexts(record)}</context-group>\n'
        + "".join(f'<note from="{TOOL}">{kind}: {content(text)}</note>\n' for kind, text in _old_notes(record))
        + "</trans-unit>\n"
    )


def _target(side: Side, settled: bool) -> str:
    state = 'state="final"' if settled else 'state="needs-review-translation"'
    filled = f' state-qualifier="{_FILLED[side.origin]}"' if side.origin in _FILLED else ""
    return f"<target {state}{filled}>{content(side.text)}</target>\n"


def _contexts(record: Record) -> str:
    return "".join(f'<context context-type="x-{name}">{content(value)}</context>' for name, value in _facts(record))


def _old_notes(record: Record) -> Iterator[tuple[str, str]]:
    yield from _notes(record)
    texts = [side.text for side in (record.ja, record.en) if side]
    if lost := sorted({char for text in texts for char in FORBIDDEN.findall(text)}):
        yield "lost", f"{LOST}: {' '.join(f'U+{ord(char):04X}' for char in lost)}"


# --- both --------------------------------------------------------------------------------------------------------


def _files(
    records: Iterable[Record],
    opening: Callable[[int, str], str],
    closing: str,
    empty: str,
    unit: Callable[[Record], str],
) -> Iterator[str]:
    """The records in a file element for each policy; `empty` where there is no record, as a file there must be."""
    policy, files = None, 0
    for record in records:
        if record.policy != policy:
            if files:
                yield closing
            policy, files = record.policy, files + 1
            yield opening(files, policy)
        yield unit(record)
    yield closing if files else empty


def _sides(record: Record, source: Language) -> tuple[Side | None, Side | None]:
    return (record.ja, record.en) if source == "ja" else (record.en, record.ja)


def _settled(record: Record) -> bool:
    """Whether both sides are the organisation's, surely belong together, and do not contradict each other."""
    own = all(side is not None and side.origin == "source" for side in (record.ja, record.en))
    return own and record.link.score >= SCORE and not grave(record)


def _facts(record: Record) -> Iterator[tuple[str, str]]:
    """What is known of a record, for machines."""
    yield "category", record.category
    yield "link", f"{record.link.kind} {record.link.origin}"
    yield "score", f"{record.link.score:g}"
    for language, side in (("ja", record.ja), ("en", record.en)):
        if side:
            yield f"origin-{language}", side.origin
            yield f"document-{language}", side.document
            if named := concepts(side):
                yield f"concepts-{language}", " ".join(named)


def _notes(record: Record) -> Iterator[tuple[str, str]]:
    """What a translator should see beside a unit: the heading it stands under, the differences of its sides."""
    for side in (record.ja, record.en):
        if side and side.clauses and (heading := side.clauses[0].heading):
            yield "heading", heading
    if record.ja and record.en and record.link.origin == "aligned" and record.link.score < SCORE:
        yield "alignment", f"score {record.link.score:g}: do both sides belong together?"
    for difference in record.differences:
        for text in difference.message.values():
            yield "difference", text
