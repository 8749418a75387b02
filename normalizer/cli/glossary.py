"""The commands `normalizer glossary check|lookup|export`: strings in, calls, lines out."""

from __future__ import annotations

import json
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

import click

from normalizer.cli.shared import FILE, OWN, output, put, say
from normalizer.counted import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from normalizer.errors import Finding
    from normalizer.glossary import Glossary, Term
    from normalizer.match import Matcher

TABLES = click.option("--tables", type=FILE, help="A folder of tables instead of the one shipped.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="For machines.")


@click.group()
def glossary() -> None:
    """Check, look up and export the concepts and terms of both languages."""


@glossary.command()
@OWN
@TABLES
@click.option("--strict", is_flag=True, help="Advice (W…) counts as well: exit 1.")
@AS_JSON
def check(own: Sequence[Path], tables: Path | None, strict: bool, as_json: bool) -> int:
    """Find what is wrong (E…) and doubtful (W…) in the tables. Exit 1 where something is wrong.

    With --glossary only what your own tables bring in is shown.
    """
    from normalizer.checking import wrong
    from normalizer.errors import Finding
    from normalizer.glossary import glossary_folder
    from normalizer.glossary.rows import read_tables

    folder = tables or glossary_folder()
    terms = read_tables(folder, own).terms
    found = wrong(folder, own)
    before = set(wrong(folder)) if own else set[Finding]()
    shown = [finding for finding in found if finding not in before]
    put(map(_finding, shown) if as_json else map(str, shown))
    errors = sum(not finding.code.startswith("W") for finding in found)
    if not as_json:
        say(f"{counted(len(terms), 'term')}: {_count(shown)}")
        if rest := [finding for finding in found if finding in before]:
            say(f"without your tables: {_count(rest)}; `normalizer glossary check` shows them")
    return 1 if errors or (strict and shown) else 0


@glossary.command()
@click.argument("words", nargs=-1, required=True, metavar="WORD...")
@OWN
@TABLES
@AS_JSON
def lookup(words: Sequence[str], own: Sequence[Path], tables: Path | None, as_json: bool) -> int:
    """Show what is known of each WORD: 第三者提供, "joint use", or a concept's id. Exit 1 where one is unknown.

    A word that is not listed letter for letter is read as in a policy: 漏洩 is 漏えい.
    """
    from normalizer.glossary import Glossary, glossary_folder
    from normalizer.glossary.lookup import look_up, nearest

    folder = tables or glossary_folder()
    known = Glossary.load(folder, own)
    read = _reader(known)
    status = 0
    for word in words:
        entries = look_up(known, folder, word, read)
        if not entries:
            status = 1
            near = nearest(known, word)
            click.echo(f"{word}: unknown" + (f"; nearest: {', '.join(near)}" if near else ""), err=True)
        for entry in entries:
            if as_json:
                put([_json({"word": word, **entry})])
            else:
                _show(entry)
    return status


def _reader(known: Glossary) -> Callable[[str], Sequence[Term]]:
    """How policies are read, compiled for the first word that asks for it."""

    @cache
    def matcher() -> Matcher:
        from normalizer.match import Matcher
        from normalizer.tokens import Tokenizer

        return Matcher(known, Tokenizer(known.lemmas))

    return lambda word: matcher().whole(word)


@glossary.command()
@click.option("--to", "format", type=click.Choice(["skos", "tbx", "csv"]), required=True, help="Turtle, XML, or CSV.")
@click.option("--out", type=FILE, help="A file instead of standard output.")
@click.option("--base", default=None, help="SKOS: what the concepts' ids are put after; urn:policy-normalizer: if not.")
@OWN
@TABLES
def export(format: str, out: Path | None, base: str | None, own: Sequence[Path], tables: Path | None) -> None:
    """Write the glossary as SKOS (Turtle; needs the extra `rdf`), TBX-Basic (ISO 30042:2019) or CSV."""
    from normalizer.glossary import Glossary, glossary_folder

    folder = tables or glossary_folder()
    content = _exported(Glossary.load(folder, own), folder, format, base).encode("utf-8")
    with output(out) as stream:
        stream.write(content)


def _exported(glossary: Any, folder: Path, format: str, base: str | None) -> str:
    from normalizer.glossary.rows import COLUMNS
    from normalizer.tables import Problems, read_table

    if format == "csv":
        from normalizer.export.csv import to_csv

        return to_csv(glossary)
    iris = {row["curie"]: row["iri"] for _, row in read_table(folder / "dpv.csv", COLUMNS["dpv"], Problems())}
    if format == "tbx":
        from normalizer.export.tbx import to_tbx

        return to_tbx(glossary, iris)
    try:
        from normalizer.export.skos import BASE, to_skos
    except ModuleNotFoundError as error:
        if error.name != "rdflib":
            raise
        raise click.UsageError("SKOS needs rdflib: pip install 'policy-normalizer[rdf]'") from error
    return to_skos(glossary, iris, base or BASE)


def _count(found: Sequence[Finding]) -> str:
    errors = sum(not finding.code.startswith("W") for finding in found)
    return f"{counted(errors, 'error')}, {counted(len(found) - errors, 'piece of advice', 'pieces of advice')}"


# --- how things look ---------------------------------------------------------------------------------------------


def _finding(finding: Finding) -> str:
    return _json(
        {
            "code": finding.code,
            "file": str(finding.path),
            "line": finding.line,
            "message": finding.message,
            "value": finding.value,
            "nearest": list(finding.nearest),
        }
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _show(entry: dict[str, Any]) -> None:
    """An entry as a table on a terminal, as lines `name: text` elsewhere."""
    lines = list(_lines(entry))
    if not sys.stdout.isatty():
        put([f"{name}: {text}" if name else text for name, text in lines])
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(show_header=False, title=entry["concept"], title_justify="left", expand=True)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in lines[1:]:
        table.add_row(Text(name), Text(text))
    Console().print(table)


def _lines(entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "concept", entry["concept"]
    yield "kind", entry["kind"]
    for language in ("ja", "en"):
        yield f"label {language}", entry["labels"][language]
        yield f"definition {language}", entry["definitions"][language]
    yield "broader", " < ".join(entry["broader"]) or "–"
    if entry["narrower"]:
        yield "narrower", ", ".join(entry["narrower"])
    for version, articles in entry["articles"].items():
        yield f"article {version}", ", ".join(articles)
    if entry["gdpr"]:
        yield "GDPR", ", ".join(entry["gdpr"])
    for match in entry["dpv"]:
        yield f"DPV {match['match']}", f"{match['curie']} ({match['label']}) {match['iri']}"
    if entry["opp115"]:
        yield "OPP-115", ", ".join(entry["opp115"])
    yield from _form_lines(entry)
    yield from _sense_lines(entry)
    if entry["note"]:
        yield "note", entry["note"]


def _form_lines(entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for language, forms in entry["forms"].items():
        by_status: dict[str, list[str]] = {}
        for form in forms:
            by_status.setdefault(form["status"], []).append(form["form"])
        for status, words in by_status.items():
            yield f"{language} {status}", " | ".join(words)


def _sense_lines(entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
    cues: dict[tuple[str, str], list[str]] = {}
    for rule in entry["senses"]:
        place = (rule["form"], rule["concept"] or "no concept")
        cues.setdefault(place, []).append(f"{rule['cue'] or rule['scope']} ({rule['weight']})")
    for (form, concept), found in cues.items():
        yield f"sense of {form}", f"{concept}: {', '.join(found)}"
