"""Units to an SQLite file and back: one table of units, one of the blocks in which like ones are looked for.

The file is in WAL mode: readers see the last finished import while another goes on, and an import is one transaction,
so a writer that is killed leaves nothing half written.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Literal

from normalizer.errors import StoreError
from normalizer.memory import blocks
from normalizer.memory.keys import key
from normalizer.memory.model import Added, Unit
from normalizer.memory.xml import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from normalizer.model import Language

APPLICATION = 0x504E544D  # "PNTM", in the header of our files
VERSION = 2
_BUSY = 30.0  # seconds that a writer waits for another
_CACHE = 65_536  # KiB of the file that are kept at hand
_RIVALS = 1_000  # that are told of
_COLUMNS = (
    *("unit", "ja", "en", "document", "record", "tool", "score", "origin", "category"),
    *("concepts_ja", "concepts_en", "context_ja", "context_en"),
    *("digest_ja", "digest_en", "shape_ja", "shape_en"),
)
_TABLES = """
CREATE TABLE unit (
  id INTEGER PRIMARY KEY AUTOINCREMENT, unit TEXT NOT NULL UNIQUE, ja TEXT NOT NULL, en TEXT NOT NULL,
  document TEXT NOT NULL, record TEXT NOT NULL, tool TEXT NOT NULL, score REAL NOT NULL, origin TEXT NOT NULL,
  category TEXT NOT NULL, concepts_ja TEXT NOT NULL, concepts_en TEXT NOT NULL,
  context_ja INTEGER NOT NULL, context_en INTEGER NOT NULL,
  digest_ja INTEGER NOT NULL, digest_en INTEGER NOT NULL, shape_ja INTEGER NOT NULL, shape_en INTEGER NOT NULL
);
CREATE INDEX unit_digest_ja ON unit (digest_ja);
CREATE INDEX unit_digest_en ON unit (digest_en);
CREATE INDEX unit_shape_ja ON unit (shape_ja);
CREATE INDEX unit_shape_en ON unit (shape_en);
CREATE INDEX unit_record ON unit (record);
CREATE TABLE gone (id INTEGER PRIMARY KEY);
"""
_INSERT = f"INSERT INTO unit ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
READ = f"SELECT id, {', '.join(_COLUMNS[:13])} FROM unit"
Row = tuple[Any, ...]  # of READ


def connect(path: Path, create: bool, name: Path) -> sqlite3.Connection:
    """Open a memory's file; with `create` one that is not there is made. `name` is its in messages. StoreError."""
    if not create and not path.is_file():
        raise StoreError(f"{name}: there is no such translation memory; `normalizer memory import` makes one")
    with told(name):
        connection = sqlite3.connect(path, timeout=_BUSY, isolation_level=None)
        try:
            _prepare(connection, name, create)
        except BaseException:
            connection.close()
            raise
    return connection


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """What SQLite complains of, as a StoreError that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        if isinstance(error, sqlite3.ProgrammingError):  # no fault of the file
            raise StoreError(f"{path}: {error}; open a memory in the thread that uses it") from error
        name = getattr(error, "sqlite_errorname", "")
        remedy = "it is damaged, or no translation memory; make it anew from its TMX files"
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            remedy = "another import is writing to it; try again when that is done"
        elif name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM", "SQLITE_FULL", "SQLITE_IOERR")):
            remedy = "see that its folder is there, may be written to, and has room"
        raise StoreError(f"{path}: {error}; {remedy}") from error


@contextlib.contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """All reads within see the file as it is at the first of them, and none waits for a lock again."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")  # nothing was written


def unit_id(ja: str, en: str) -> str:
    """The id of a unit: 16 hexadecimal digits made of its texts, the same in every memory."""
    return blake2b(f"{ja}\x00{en}".encode(), digest_size=8).hexdigest()


def unit_of(row: Row) -> Unit:
    """The unit of a row of READ."""
    _, _, ja, en, document, record, tool, score, origin, category, cja, cen, xja, xen = row
    concepts = (tuple(cja.split()), tuple(cen.split()))
    return Unit(ja, en, document, record, tool, score, origin, category, *concepts, xja, xen)


def row(connection: sqlite3.Connection, number: int) -> Row | None:
    """The row of a unit; None where it is not there any more."""
    found: Row | None = connection.execute(f"{READ} WHERE id = ?", (number,)).fetchone()
    return found


def sharing(
    connection: sqlite3.Connection, column: Literal["digest", "shape"], language: Language, value: int, most: int
) -> list[Row]:
    """The rows of units that have a value in a column, at most so many, the oldest first."""
    query = f"{READ} WHERE {column}_{language} = ? ORDER BY id LIMIT {most}"
    return connection.execute(query, (value,)).fetchall()


def add(connection: sqlite3.Connection, units: Iterable[Unit]) -> Added:
    """Add units in one transaction. A unit of a record that the memory has another translation of replaces that."""
    counts = {"added": 0, "known": 0, "replaced": 0}
    rivals: list[tuple[Unit, str]] = []
    written = blocks.Writer(connection)
    connection.execute("BEGIN IMMEDIATE")
    try:
        for unit in units:
            done = _add(connection, unit, written, rivals)
            counts[done] += 1
        written.flush()
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # as far as readers allow it
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return Added(counts["added"], counts["known"], counts["replaced"], tuple(rivals))


def _add(connection: sqlite3.Connection, unit: Unit, written: blocks.Writer, rivals: list[tuple[Unit, str]]) -> str:
    ja, en = clean(unit.ja).strip(), clean(unit.en).strip()
    identity = unit_id(ja, en)
    if connection.execute("SELECT 1 FROM unit WHERE unit = ?", (identity,)).fetchone():
        better = "UPDATE unit SET score = ?, origin = ? WHERE unit = ? AND score < ?"
        connection.execute(better, (unit.score, unit.origin, identity, unit.score))
        return "known"
    replaced = _replace(connection, unit, ja, en)
    keys = {"ja": key(ja, "ja"), "en": key(en, "en")}
    if not replaced and len(rivals) < _RIVALS:
        query = "SELECT en FROM unit WHERE digest_ja = ? AND digest_en <> ? ORDER BY id LIMIT 1"
        if rival := connection.execute(query, (keys["ja"].digest, keys["en"].digest)).fetchone():
            rivals.append((unit, rival[0]))
    row = (
        *(identity, ja, en, clean(unit.document), clean(unit.record), clean(unit.tool), unit.score, unit.origin),
        *(clean(unit.category), " ".join(unit.concepts_ja), " ".join(unit.concepts_en)),
        *(unit.context_ja, unit.context_en),
        *(keys["ja"].digest, keys["en"].digest, keys["ja"].shape, keys["en"].shape),
    )
    number = connection.execute(_INSERT, row).lastrowid or 0
    written.put(number, {"ja": keys["ja"].folded, "en": keys["en"].folded})
    return "replaced" if replaced else "added"


def _replace(connection: sqlite3.Connection, unit: Unit, ja: str, en: str) -> bool:
    """Take out what an earlier version of the same record said; blocks may still have it."""
    if not unit.record:
        return False
    rivals = "FROM unit WHERE record = ? AND document = ? AND (ja = ? OR en = ?)"
    values = (clean(unit.record), clean(unit.document), ja, en)
    connection.execute(f"INSERT INTO gone SELECT id {rivals}", values)
    return connection.execute(f"DELETE {rivals}", values).rowcount > 0


def _prepare(connection: sqlite3.Connection, path: Path, create: bool) -> None:
    with snapshot(connection):  # or another process may make the file between two of the questions
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if not tables and create:
        _make(connection)
    elif application != APPLICATION:
        raise StoreError(f"{path}: is no translation memory of this program; name another file")
    elif version != VERSION:
        raise StoreError(
            f"{path}: was made by another version (format {version}, here {VERSION}); make it anew from TMX"
        )
    connection.execute("PRAGMA synchronous = NORMAL")  # in WAL mode whole after a crash, whatever the moment
    connection.execute(f"PRAGMA cache_size = -{_CACHE}")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn the mode on; SQLite does not wait for others here, as it does elsewhere, so it is asked again."""
    end = time.monotonic() + _BUSY
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() >= end:
                raise
        time.sleep(0.01)


def _make(connection: sqlite3.Connection) -> None:
    _write_ahead(connection)
    connection.execute("BEGIN IMMEDIATE")
    if not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:  # nobody was faster
        for statement in (*_TABLES.strip().split(";")[:-1], blocks.TABLE):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")
