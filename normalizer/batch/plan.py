"""Inputs → policies by name and the chunks they are worked on in, kept in a database on disk: a plan of millions fits.

The plan says what is done in which order, and depends on the inputs alone: not on the number of workers, nor on what
an earlier run has done.
"""

from __future__ import annotations

import itertools
import math
import os
import pickle
import sqlite3
import tempfile
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from normalizer.batch.claims import MARKED, Claim, claims
from normalizer.batch.containers import Columns
from normalizer.batch.policies import Policy, Refusal, grouped
from normalizer.batch.spool import Spool
from normalizer.errors import InputError, NormalizerError
from normalizer.reading import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["MARKED", "Chunk", "Plan", "Policy", "Refusal", "plan"]

LEAST, MOST = 2**16, 2**21  # bytes of input in a chunk,
CHUNKS = 256  # of which a run has about so many or more
CROWD = 512  # policies in a chunk
SCHEMA = """
CREATE TABLE claims (policy TEXT, side TEXT, shown TEXT, input INTEGER, place BLOB UNIQUE, claim BLOB);
CREATE TABLE refusals (path TEXT, policy TEXT, side TEXT, reason TEXT, message TEXT);
CREATE TABLE policies (id TEXT PRIMARY KEY, single INTEGER, content TEXT, size INTEGER, policy BLOB) WITHOUT ROWID;
CREATE INDEX contents ON policies (content);
"""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Policies that are worked on together and whose rows stand in one part file."""

    number: int  # from 0, the part file's
    policies: tuple[Policy, ...]  # by name


class Plan:
    """What is to be read. Made by `plan`."""

    def __init__(self, spool: Spool | None = None) -> None:
        self._db = sqlite3.connect("")  # a file without a name: gone with the process, however it ends
        self._db.executescript(SCHEMA)
        self._temporary = None if spool else tempfile.TemporaryDirectory(prefix="normalizer-")
        self.spool = spool or Spool(Path(self._temporary.name if self._temporary else ""))

    def __enter__(self) -> Plan:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove what was unpacked for this plan."""
        self._db.close()
        self.spool.clear()
        if self._temporary:
            self._temporary.cleanup()

    def claim(self, claim: Claim, input: int) -> None:
        """Note a claim. What is named more than once is read once: as the first input that names it does."""
        source = claim.source
        real = source.place if source.kind == "url" else os.path.realpath(source.place)
        place = os.fsencode(f"{real}\n{source.kind}\n{source.start}\n{source.length}\n{source.column}")
        if claim.error and not claim.policy:
            self.refuse(Refusal(source.shown, "", "", claim.error.reason, str(claim.error)))
            return
        self._db.execute(
            "INSERT INTO claims VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (place) DO UPDATE SET policy = excluded.policy, "
            "side = excluded.side, shown = excluded.shown, input = excluded.input, claim = excluded.claim "
            "WHERE (excluded.input, excluded.shown) < (input, shown)",
            (claim.policy, claim.side, source.shown, input, place, pickle.dumps(claim)),
        )

    def refuse(self, refusal: Refusal) -> None:
        """Note an input that has no place."""
        row = (refusal.path, refusal.policy, refusal.side, refusal.reason, refusal.message)
        self._db.execute("INSERT INTO refusals VALUES (?, ?, ?, ?, ?)", [printable(cell) for cell in row])

    def settle(self) -> None:
        """Make policies of the claims."""
        rows = self._db.execute("SELECT policy, claim FROM claims ORDER BY policy, side, shown")
        for id, group in itertools.groupby(rows, key=lambda row: row[0]):
            made = [pickle.loads(row[1]) for row in group]  # written by this process, above
            for claim in (claim for claim in made if claim.error):
                self.refuse(Refusal(claim.source.shown, id, claim.side, claim.error.reason, str(claim.error)))
            policy, refused = grouped(id, [claim for claim in made if not claim.error])
            for refusal in refused:
                self.refuse(refusal)
            if policy:
                self._put(policy)
        self._db.execute("DELETE FROM claims")

    def _put(self, policy: Policy) -> None:
        row = (policy.id, len(policy.files) == 1, policy.content, policy.size, pickle.dumps(policy))
        self._db.execute("INSERT OR REPLACE INTO policies VALUES (?, ?, ?, ?, ?)", row)

    def join(self, ja: Policy, en: Policy, score: float, evidence: tuple[tuple[str, float], ...]) -> None:
        """Make one policy of two that are one in two languages; it is called as the Japanese one."""
        self._db.execute("DELETE FROM policies WHERE id = ?", (en.id,))
        left, right = ja.files[0], en.files[0]
        self._put(replace(ja, ja=left, en=right, either=None, found="content", score=score, evidence=evidence))

    @property
    def size(self) -> int:
        """The number of policies."""
        return int(self._one("SELECT count(*) FROM policies"))

    @property
    def inputs(self) -> int:
        """The number of inputs: sources of policies, and what was refused."""
        several = int(self._one("SELECT count(*) FROM refusals"))
        return several + sum(len(policy.files) for policy in self.policies())

    def policies(self, single: bool = False) -> Iterator[Policy]:
        """The policies, by name; with `single` only those of one source."""
        rows = self._db.cursor().execute(f"SELECT policy FROM policies {'WHERE single' if single else ''} ORDER BY id")
        return (pickle.loads(row[0]) for row in rows)

    def refusals(self) -> Iterator[Refusal]:
        """The inputs that have no place."""
        rows = self._db.cursor().execute("SELECT * FROM refusals ORDER BY path, policy, side, reason, message")
        return (Refusal(*row) for row in rows)

    def first(self, content: str) -> str | None:
        """The first by name of the policies with this content, where there are several."""
        row = self._db.execute("SELECT min(id), count(*) FROM policies WHERE content = ?", (content,)).fetchone()
        return str(row[0]) if content and row[1] > 1 else None

    def chunks(self, limit: int | None = None, single: bool = False) -> Iterator[Chunk]:
        """The policies in stretches of about `limit` bytes.

        Where a stretch ends depends on the names in it, so that a policy that comes or goes shifts few others. Without
        a limit it grows with the whole in steps, so that a large corpus gives thousands of part files, not millions.
        """
        limit = limit or self._limit()
        held: list[Policy] = []
        number = size = 0
        for policy in self.policies(single):
            held.append(policy)
            size += policy.size
            due = size >= limit / 4 and zlib.crc32(policy.id.encode()) % 8 == 0
            if due or size >= limit or len(held) >= CROWD:
                yield Chunk(number, tuple(held))
                held, size, number = [], 0, number + 1
        if held or number == 0:  # an empty run has one empty part, so that readers find a file
            yield Chunk(number, tuple(held))

    def _limit(self) -> int:
        total = self._one("SELECT coalesce(sum(size), 0) FROM policies")
        steps = math.ceil(math.log2(max(1.0, total / (CHUNKS * LEAST))))
        return int(min(LEAST * 2**steps, MOST))

    def _one(self, query: str) -> Any:
        return self._db.execute(query).fetchone()[0]


def plan(inputs: Sequence[Path | str], spool: Spool | None = None, columns: Columns | None = None) -> Plan:
    """Find and hash what is to be read among `inputs`: files, folders, patterns, URLs, archives, tables, manifests.

    Every input is in exactly one policy or refusal, and is read once however often it is named. An input that does
    not exist, a folder without policies and a damaged manifest are refusals too. spool: where compressed archives are
    unpacked; a temporary folder if None. columns: which columns of tables hold what.
    """
    out = Plan(spool)
    try:
        for number, given in enumerate(inputs):
            try:
                for claim in claims(str(given), out.spool, columns or Columns()):
                    out.claim(claim, number)
            except NormalizerError as error:
                out.refuse(Refusal(printable(str(given)), "", "", error.reason, str(error)))
        out.settle()
    except sqlite3.OperationalError as error:
        out.close()
        raise InputError(
            f"the plan cannot be kept ({error}); is the temporary folder {tempfile.gettempdir()} full?"
        ) from error
    except BaseException:
        out.close()
        raise
    return out
