"""A text to the numbers that stand in it as markers do: of headings and items that were run on to what stood before."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from normalizer.numbering import kanji_number, roman

MARKER = re.compile(
    r"(?:^|[。.;:!?)」』\s])[(\[【■●★\s]*(?:第|article |section |part |chapter )?"
    r"(?P<number>[0-9]{1,2}(?:[.-][0-9]{1,2})*|[ivx]{1,5}|[a-z]|[一二三四五六七八九十]{1,3})(?=[.)\]、:\s条章項節])",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def inner_numbers(text: str) -> frozenset[tuple[int, ...]]:
    """The numbers of what may be markers anywhere in a text, in every reading: `i` is one, and the ninth letter.

    >>> sorted(inner_numbers("... without delay. 6. How Long We Keep It"))
    [(6,)]
    """
    plain = unicodedata.normalize("NFKC", text)
    return frozenset(number for found in MARKER.finditer(plain) for number in readings(found["number"].casefold()))


def readings(marker: str) -> list[tuple[int, ...]]:
    """What a marker may count: `1.2`, `vi`, `b`, `六`."""
    if marker[0].isdigit():
        return [tuple(int(part) for part in re.split("[.-]", marker))]
    counts = [kanji_number(marker), roman(marker)]
    if len(marker) == 1 and marker.isascii():
        counts.append(ord(marker) - ord("a") + 1)
    return [(count,) for count in counts if count]
