"""What an export takes for 100,000 records as against 10,000: time of a record, and memory.

    python benchmarks/exports.py RECORDS.jsonl

The records of the file are repeated. Each figure is of a process of its own; the table goes into docs/exports.md.
"""

from __future__ import annotations

import itertools
import json
import resource
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

from normalizer.records import Record

FEW, MANY = 10_000, 100_000
FORMATS = ("csv_records", "jsonl", "jsonld", "parquet", "xlsx")


def main(path: Path) -> None:
    """Print the table."""
    print(f"| format | time of a record, {MANY:,} : {FEW:,} | memory, {MANY:,} : {FEW:,} | records/s, as jsonl = 1 |")
    print("|---|---|---|---|")
    found = {name: (_measured(path, name, FEW), _measured(path, name, MANY)) for name in FORMATS}
    rate = {name: MANY / many[0] for name, (_, many) in found.items()}
    for name, (few, many) in found.items():
        growth = many[0] / MANY / (few[0] / FEW)
        print(f"| {name} | {growth:.2f} | {many[1] / few[1]:.2f} | {rate[name] / rate['jsonl']:.2f} |")


def _measured(path: Path, name: str, count: int) -> tuple[float, int]:
    """(seconds, kilobytes at the peak) of a process that writes so many records."""
    done = subprocess.run([sys.executable, __file__, path, name, str(count)], stdout=subprocess.PIPE, check=True)
    seconds, memory = json.loads(done.stdout)
    return seconds, memory


def write(path: Path, name: str, count: int) -> None:
    """Write the records and print what it took."""
    known = [Record.model_validate_json(line) for line in path.read_bytes().splitlines()]
    module = import_module(f"normalizer.export.{name}")
    start = time.process_time()
    with tempfile.TemporaryFile() as file:
        module.write(itertools.islice(itertools.cycle(known), count), file)
    print(json.dumps([time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))


if __name__ == "__main__":
    if len(sys.argv) == 2:
        main(Path(sys.argv[1]))
    else:
        write(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
