"""The source of a page → refused if a tree of it would cost too much; nothing else is looked at.

A parser that follows the HTML standard takes time in proportion to tags times depth, and copies open formatting
elements (b, font, a …) into each new block: a megabyte of <div> or of <b id=1><b id=2>… would take hours.
"""

from __future__ import annotations

import re

from normalizer.errors import InputError
from normalizer.reading.html.tags import FORMATTING, UNNESTED

MAX_CHARACTERS = 16 * 2**20
MAX_TAGS = 300_000
MAX_DEPTH = 1000  # browsers stop at 512
MAX_COPIES = 2_000_000  # formatting elements open at a tag, summed over all tags
MAX_ATTRIBUTES = 1000  # of one tag
# Only behind "=" does a quotation mark open a value, in which < and > are no signs.
TOKEN = re.compile(r"""<!--|<(/?)([a-zA-Z][^\s/>]{0,60})((?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+)""")
# A value may be long, as the path of a drawing is: its words are no attributes.
ATTRIBUTE = re.compile(r"""[^\s/][^\s/=]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"']\S*)?)?""")
COMMENT_END = re.compile(r"--!?>")
RAW_ENDS = {
    tag: re.compile(f"</{tag}", re.IGNORECASE)
    for tag in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
}


def check(source: str, name: str) -> None:
    """Raises InputError for a page that is too long, too deep, or built to multiply."""
    if len(source) > MAX_CHARACTERS:
        raise InputError(f"{name}: {len(source):,} characters of HTML; at most {MAX_CHARACTERS:,}: split the page")
    open_tags: dict[str, int] = {}
    depth = formatting = copies = place = tags = 0
    while found := TOKEN.search(source, place):
        place = found.end()
        tag = (found.group(2) or "").lower()
        if not tag:  # a comment
            place = _behind(source, COMMENT_END, place - 2)  # <!--> is a whole comment
            continue
        if len(found.group(3)) > 2 * MAX_ATTRIBUTES and _many(found.group(3)):
            raise InputError(f"{name}: a tag <{tag}> with more than {MAX_ATTRIBUTES:,} attributes; save the page anew")
        if tag in RAW_ENDS and not found.group(1) and not open_tags.get("svg") and not open_tags.get("math"):
            place = _behind(source, RAW_ENDS[tag], place)
        elif tag not in UNNESTED:
            step = _step(open_tags, tag, bool(found.group(1)))
            depth, formatting = depth + step, formatting + (step if tag in FORMATTING else 0)
        tags, copies = tags + 1, copies + formatting
        if tags > MAX_TAGS:
            raise InputError(f"{name}: more than {MAX_TAGS:,} tags; no policy's page has so many: split it")
        if depth > MAX_DEPTH or copies > MAX_COPIES:
            raise InputError(f"{name}: elements nested more than {MAX_DEPTH:,} deep; no policy's page is: save it anew")


def _step(open_tags: dict[str, int], tag: str, closes: bool) -> int:
    """How the depth changes; an end tag without its start tag changes nothing."""
    count = open_tags.get(tag, 0)
    step = (-1 if count else 0) if closes else 1
    open_tags[tag] = count + step
    return step


def _many(attributes: str) -> bool:
    return sum(1 for _ in ATTRIBUTE.finditer(attributes)) > MAX_ATTRIBUTES


def _behind(source: str, end: re.Pattern[str], place: int) -> int:
    found = end.search(source, place)
    return found.end() if found else len(source)
