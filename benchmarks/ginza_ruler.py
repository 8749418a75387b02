"""Terms and texts (JSON on standard input) → seconds that GiNZA with an EntityRuler takes for them, round by round.

Run by benchmarks/performance.py in a Python that has ginza and ja-ginza, which this project does not depend on.
"""

from __future__ import annotations

import json
import sys
import time

import spacy


def main() -> None:
    given = json.load(sys.stdin)
    nlp = spacy.load("ja_ginza")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": concept, "pattern": form} for form, concept in given["terms"]])
    nlp("当社は、個人情報を取得します。")
    seconds = []
    for _ in range(given["rounds"]):
        start = time.process_time()
        for text in given["texts"]:
            for line in filter(str.strip, text.splitlines()):
                nlp(line)
        seconds.append(time.process_time() - start)
    print(json.dumps(seconds))


if __name__ == "__main__":
    main()
