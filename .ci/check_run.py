"""Checks what the README's main command wrote: records that fit the schema, spans that give back their text."""

import json
import sys
from pathlib import Path


def rows(folder: Path) -> list[dict]:
    return [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.open(encoding="utf-8")]


def main(out: Path) -> None:
    counts = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["counts"]
    documents = {(row["policy"], row["side"]): row["text"] for row in rows(out / "documents")}
    records = rows(out / "records")
    assert counts["failures"] == 0, counts
    assert counts["pairs"] >= 3, counts
    assert len(records) == counts["records"] > 100, counts
    assert sum(bool(row["ja"] and row["en"]) for row in records) > len(records) / 2, "most clauses have a counterpart"
    for row in records:
        for side in ("ja", "en"):
            if row[side]:
                text = documents[row["policy"], side]
                clauses = row[side]["clauses"]
                assert "\n".join(text[c["start"] : c["end"]] for c in clauses) == row[side]["text"], row["id"]
    print(f"{len(records)} records of {counts['pairs']} pairs are as documented")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
