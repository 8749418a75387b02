"""What earlier runs left in the folder → which chunks stand, and which policies' rows can be copied."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from dataclasses import asdict
from typing import TYPE_CHECKING

from normalizer.batch.receipts import (
    EARLIER,
    RECEIPTS,
    Entry,
    Receipt,
    earlier_files,
    part_files,
    read_receipt,
    receipt_name,
    stands,
    write_receipt,
)
from normalizer.batch.work import Copy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from normalizer.batch.policies import Policy
    from normalizer.batch.store import Store

TABLES = """
CREATE TABLE entries (content TEXT PRIMARY KEY, key TEXT, format TEXT, record INTEGER, document INTEGER, entry TEXT);
CREATE TABLE wholes (key TEXT PRIMARY KEY, format TEXT);
"""


class Earlier:
    """The rows of earlier runs that are still true. Chunks that have another number now are moved before all else."""

    def __init__(self, store: Store, depends: str, retry: bool) -> None:
        self._store, self._depends, self._retry = store, depends, retry
        self._db = sqlite3.connect("")
        self._db.executescript(TABLES)

    def settle(self, wanted: Iterable[tuple[int, str]]) -> set[int]:
        """Put what is there in its place: the numbers of those chunks that are done. wanted: numbers and keys."""
        keys = dict(wanted)
        done = {number for name in self._store.names(RECEIPTS) if (number := self._kept(name, keys)) is not None}
        for name in self._store.names(EARLIER):
            if name.endswith(".json"):
                self._remember(name.removesuffix(".json"))
        for number, key in keys.items():
            if number not in done and self._adopted(number, key):
                done.add(number)
        return done

    def copy(self, policy: Policy) -> Copy | None:
        """Where the rows of a policy with this content stand."""
        row = self._db.execute(
            "SELECT key, format, record, document, entry FROM entries WHERE content = ?", (policy.content,)
        ).fetchone()
        if row is None or not policy.content:
            return None
        key, format, record, document, entry = row
        data = json.loads(entry)
        found = Entry(**data | {"failures": tuple(data["failures"])})
        if found.failures and found.names != policy.names:  # the messages have other names in them
            return None
        return Copy(found, earlier_files(key, format), format, (record, document))

    def clear(self) -> None:
        """Remove what the new run has not taken over."""
        self._db.close()
        self._store.remove(EARLIER)

    def _kept(self, name: str, keys: dict[int, str]) -> int | None:
        """The number of the chunk whose receipt this is, if it is done; else it is put aside."""
        number = int(stem) if (stem := name.removesuffix(".json")).isdigit() else -1
        receipt = read_receipt(self._store, f"{RECEIPTS}/{name}")
        files = part_files(number, receipt.format) if receipt else {}
        sound = receipt and number >= 0 and stands(self._store, receipt, files) and receipt.depends == self._depends
        if not receipt or not sound:
            self._store.remove(f"{RECEIPTS}/{name}")
        elif keys.get(number) != receipt.key or (self._retry and _failed(receipt)):
            for folder, new in earlier_files(receipt.key, receipt.format).items():
                self._store.move(files[folder], new)
            self._store.move(f"{RECEIPTS}/{name}", f"{EARLIER}/{receipt.key}.json")
        else:
            return number
        return None

    def _remember(self, key: str) -> None:
        receipt = read_receipt(self._store, f"{EARLIER}/{key}.json")
        if receipt is None or receipt.depends != self._depends:
            return
        if not stands(self._store, receipt, earlier_files(key, receipt.format)):
            return
        if not (self._retry and _failed(receipt)):
            self._db.execute("INSERT OR IGNORE INTO wholes VALUES (?, ?)", (key, receipt.format))
        record = document = 0
        for entry in receipt.entries:
            if entry.content and not (self._retry and entry.failures):
                row = (entry.content, key, receipt.format, record, document, json.dumps(asdict(entry)))
                self._db.execute("INSERT OR IGNORE INTO entries VALUES (?, ?, ?, ?, ?, ?)", row)
            record, document = record + entry.records, document + entry.documents

    def _adopted(self, number: int, key: str) -> bool:
        """Whether a chunk that had another number was given this one."""
        row = self._db.execute("SELECT format FROM wholes WHERE key = ?", (key,)).fetchone()
        receipt = read_receipt(self._store, f"{EARLIER}/{key}.json") if row else None
        if receipt is None:
            return False
        self._db.execute("DELETE FROM entries WHERE key = ?", (key,))
        for folder, old in earlier_files(key, receipt.format).items():
            self._store.move(old, part_files(number, receipt.format)[folder])
        write_receipt(self._store, number, receipt)
        self._store.remove(f"{EARLIER}/{key}.json")
        return True


def _failed(receipt: Receipt) -> bool:
    return any(entry.failures for entry in receipt.entries)


def tidy(store: Store, parts: dict[str, set[str]], numbers: int) -> None:
    """Remove the part files and receipts of earlier runs that are none of this one's."""
    with contextlib.suppress(OSError):
        for folder, names in parts.items():
            for name in store.names(folder):
                if name not in names:
                    store.remove(f"{folder}/{name}")
        for name in store.names(RECEIPTS):
            stem = name.removesuffix(".json")  # one that a lost worker still writes has another ending
            if stem.isdigit() and int(stem) >= numbers:
                store.remove(receipt_name(int(stem)))
