"""What a chunk's rows are and where they stand: the receipt that is written when its part files are whole."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from normalizer.batch.store import STATE

if TYPE_CHECKING:
    from normalizer.batch.policies import Policy
    from normalizer.batch.store import Store

RECEIPTS = f"{STATE}/receipts"
EARLIER = f"{STATE}/earlier"


@dataclass(frozen=True, slots=True)
class Entry:
    """What was made of one policy."""

    policy: str
    content: str  # hash of its input bytes; empty where its rows are not to be used again
    names: str  # hash of what its sources are called
    records: int = 0  # rows
    documents: int = 0
    clauses: int = 0
    failures: tuple[dict[str, Any], ...] = ()
    sides: dict[str, str] = field(default_factory=dict)  # language → role of the source that it was read from
    called: dict[str, str] = field(default_factory=dict)  # language → document
    marks: dict[str, str] = field(default_factory=dict)  # language → signature of the text

    @property
    def mixed(self) -> bool:
        """Whether one file was both sides."""
        return len(self.sides) == 2 and len(set(self.sides.values())) == 1


@dataclass(frozen=True, slots=True)
class Receipt:
    """A chunk that is done."""

    key: str  # hash of all that its rows depend on
    depends: str  # that part of it which is not of the policies: tables, dictionary, code, options
    format: str
    sizes: dict[str, int]  # bytes of its part files: records, documents
    entries: tuple[Entry, ...]

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Receipt:
        """Raises ValueError, KeyError or TypeError for what is no receipt."""
        row = json.loads(data)
        entries = tuple(Entry(**entry | {"failures": tuple(entry["failures"])}) for entry in row["entries"])
        return cls(**row | {"entries": entries})


def part(folder: str, number: int, format: str) -> str:
    """The name of a part file: records/part-00012.jsonl."""
    return f"{folder}/part-{number:05d}.{format}"


def receipt_name(number: int) -> str:
    return f"{RECEIPTS}/{number:05d}.json"


def write_receipt(store: Store, number: int, receipt: Receipt) -> None:
    """From now on the chunk counts as done."""
    with store.create(receipt_name(number)) as file:
        file.write(receipt.to_json())


def read_receipt(store: Store, name: str) -> Receipt | None:
    """The receipt in a file; None where there is none to be believed."""
    try:
        with store.open(name) as file:
            return Receipt.from_json(file.read())
    except (OSError, ValueError, KeyError, TypeError):
        return None


def stands(store: Store, receipt: Receipt, files: dict[str, str]) -> bool:
    """Whether the part files are there and as long as they were when they were written."""
    return all(store.size(files[folder]) == size for folder, size in receipt.sizes.items())


def part_files(number: int, format: str) -> dict[str, str]:
    """The names of a chunk's part files."""
    return {folder: part(folder, number, format) for folder in ("records", "documents")}


def earlier_files(key: str, format: str) -> dict[str, str]:
    """The names of the part files of a chunk of an earlier run."""
    return {folder: f"{EARLIER}/{key}.{folder}.{format}" for folder in ("records", "documents")}


def pairing(policy: Policy, entry: Entry) -> dict[str, Any] | None:
    """How the two sides of a policy came together; None where it has not got two."""
    if len(entry.sides) != 2:
        return None
    sources = dict(policy.sides)
    row: dict[str, Any] = {"policy": policy.id} | {side: sources[role].shown for side, role in entry.sides.items()}
    row["found"] = "mixed" if entry.mixed else policy.found
    return row | ({"score": policy.score, "evidence": dict(policy.evidence)} if policy.score is not None else {})
