"""A pair of texts to the same pair perturbed, with the gold links that follow from it.

`merged`, `dropped` and `moved` are drawn in the order of the tool that first measured peers on these data, so that one
seed gives the same texts here and there.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from benchmarks.aligning.pairs import Line, Pair

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from random import Random

Lines = tuple[Line, ...]

COPY = 1_000_000  # added to the ids of lines that are copied or come from another policy
BLOCK = (3, 8)  # lines of a block that is moved, fewest and most
SECTION = (3, 20)  # lines of a section that is repeated
STRETCH = (4, 12)  # lines of one policy before the other goes on
LONG = 12  # characters above which a line is merged with another
SHORTEST_MOVED = 20  # lines of a side below which nothing is moved
FINAL = tuple("。．.!?！？;；:：")
CONDENSED = (2, 4)  # lines that become one
SHARE = 0.2  # of the lines of a side, those at which a stretch to be condensed starts
KEPT = (0.4, 0.8)  # part of each line's text that its condensed version keeps
ABSENT = 0.05  # of the lines of each side, those that are missing where the other is condensed
PIECE = {"ja": re.compile(r"(?<=[、。；])"), "en": re.compile(r"(?<=[,;.])\s+|\s+(?=(?:and|or|when|if|for)\s)")}
WORD = {"ja": re.compile(r"[ァ-ヶー]+|[一-鿿]+[ぁ-ん]*|[ぁ-ん]+|[^ぁ-んァ-ヶ一-鿿]+"), "en": re.compile(r"\S+")}


def published(pair: Pair, _other: Pair, _rng: Random) -> Pair:
    """As it is, without the empty lines."""
    return pair


def shaken(pair: Pair, _other: Pair, rng: Random, merge: float, drop: float, move: float) -> Pair:
    """English blocks moved, then lines of both sides dropped, then neighbouring lines joined; shares of 0 to 1."""
    ja, en = pair.ja, pair.en
    if move and len(en) >= SHORTEST_MOVED:
        for _ in range(max(1, int(len(en) * move / 6))):
            en = with_block_moved(en, rng)
    if drop:
        ja, en = (tuple(line for line in side if rng.random() >= drop / 2) for side in (ja, en))
    if merge:
        ja, en = merged(ja, "", merge / 2, rng), merged(en, " ", merge / 2, rng)
    return replace(pair, ja=ja, en=en)


def with_block_moved(lines: Lines, rng: Random) -> Lines:
    """A block of neighbouring lines stands elsewhere."""
    size = rng.randint(*BLOCK)
    start = rng.randrange(0, len(lines) - size)
    block, rest = lines[start : start + size], lines[:start] + lines[start + size :]
    place = rng.randrange(0, len(rest) + 1)
    return rest[:place] + block + rest[place:]


def merged(lines: Lines, glue: str, share: float, rng: Random) -> Lines:
    """Some neighbouring lines run together, two and two."""
    out: list[Line] = []
    waiting = list(reversed(lines))
    while waiting:
        line = waiting.pop()
        if waiting and rng.random() < share and min(len(line.text), len(waiting[-1].text)) > LONG:
            follower = waiting.pop()
            line = replace(line, ids=line.ids + follower.ids, text=line.text + glue + follower.text.lstrip())
        out.append(line)
    return tuple(out)


def headless(pair: Pair, _other: Pair, rng: Random) -> Pair:
    """One side has no headings."""
    return on_one_side(pair, rng, without_headings)


def without_headings(lines: Lines, _language: str) -> Lines:
    """The lines that are not headings."""
    return tuple(line for line in lines if line.kind != "heading")


def unlisted(pair: Pair, _other: Pair, rng: Random) -> Pair:
    """Each list of one side is a running sentence: its items, without their markers, in one paragraph."""
    return on_one_side(pair, rng, lists_joined)


def lists_joined(lines: Lines, language: str) -> Lines:
    """Neighbouring items as one paragraph."""
    out: list[Line] = []
    for item, run in groupby(lines, lambda line: line.kind == "item"):
        items = list(run)
        if item and len(items) > 1:
            out.append(Line(tuple(i for line in items for i in line.ids), sentence(items, language)))
        else:
            out += items
    return tuple(out)


def sentence(items: Sequence[Line], language: str) -> str:
    """The words of the items, with commas where they do not end in a stop."""
    words = [item.text[item.body :].strip() for item in items]
    stop, comma = ("", "、") if language == "ja" else (" ", ", ")
    parts = [word + (stop if word.endswith(FINAL) else comma) for word in words[:-1]]
    return "".join([*parts, words[-1]])


def condensed(pair: Pair, _other: Pair, rng: Random) -> Pair:
    """On one side two to four neighbouring lines have become one that leaves out a part of each; both sides lack some.

    Headings are left as they are, and lines of unlike kinds are not joined. Half of what is condensed keeps whole
    phrases, half a stretch of words.
    """
    ja, en = (tuple(line for line in side if rng.random() >= ABSENT) for side in (pair.ja, pair.en))
    return on_one_side(replace(pair, ja=ja, en=en), rng, lambda lines, language: shortened(lines, language, rng))


def shortened(lines: Lines, language: str, rng: Random) -> Lines:
    """The lines, some stretches of neighbours of one kind condensed."""
    runs = stretches(lines, rng, SHARE, CONDENSED)
    return tuple(run[0] if len(run) == 1 else gist(run, language, rng) for run in runs)


def stretches(lines: Lines, rng: Random, share: float, lengths: tuple[int, int]) -> Iterator[Lines]:
    """The lines in order, a share of them together with neighbours of their kind, so many as is drawn."""
    start = 0
    while start < len(lines):
        stop = start + 1
        if lines[start].kind in ("paragraph", "item") and rng.random() < share:
            most = start + rng.randint(*lengths)
            while stop < min(most, len(lines)) and lines[stop].kind == lines[start].kind:
                stop += 1
        yield lines[start:stop]
        start = stop


def gist(lines: Lines, language: str, rng: Random) -> Line:
    """One line that says a part of each, under the marker of the first."""
    first = lines[0]
    marker = first.text[: first.body]
    parts = [partial_text(line.text[line.body :].strip(), language, rng) for line in lines]
    text = sentence([replace(first, text=part.rstrip("".join(FINAL)), body=0) for part in parts], language)
    return replace(first, ids=tuple(i for line in lines for i in line.ids), text=marker + text)


def partial_text(text: str, language: str, rng: Random) -> str:
    """Some phrases of the text in their order, or one stretch of its words."""
    share, phrases = rng.uniform(*KEPT), [part for part in PIECE[language].split(text) if part.strip()]
    if rng.random() < 0.5 and len(phrases) > 1:
        kept = sorted(rng.sample(range(len(phrases)), max(1, round(share * len(phrases)))))
        return (" " if language == "en" else "").join(phrases[k] for k in kept)
    words = [match.span() for match in WORD[language].finditer(text)]
    if not words:
        return text
    size = max(1, round(share * len(words)))
    start = rng.randint(0, len(words) - size)
    return text[words[start][0] : words[start + size - 1][1]]


def captioned(pair: Pair, _other: Pair, rng: Random) -> Pair:
    """Headings as statutes write them: the number stands at the head of the first sentence, on both sides; the words
    are a caption above it on one side, drawn, and missing on the other. A caption is part of its article."""
    first = rng.random() < 0.5
    ja, one = with_articles(pair.ja, "（{}）", "第{}条　", first)
    en, two = with_articles(pair.en, "({})", "Article {}. ", not first)
    links = [*pair.links, *((ids, ()) for ids in one), *(((), ids) for ids in two)]
    return replace(pair, ja=ja, en=en, links=tuple(links))


def with_articles(lines: Lines, caption: str, number: str, kept: bool) -> tuple[Lines, list[tuple[int, ...]]]:
    """The lines with numbered articles for headings; the ids of the captions that are kept, with their articles'."""
    out: list[Line] = []
    articles = []
    for line in lines:
        if line.kind != "heading" and out and out[-1].kind == "heading":
            head = out.pop()
            if kept:
                out.append(
                    replace(head, text=caption.format(head.text[head.body :].strip("（）()【】 　")), kind="caption")
                )
                articles.append(head.ids + line.ids)
            marker = number.format(len([done for done in out if done.kind == "article"]) + 1)
            line = Line(line.ids, marker + line.text[line.body :], "article", len(marker))
        out.append(line)
    return tuple(out), articles


def interleaved(pair: Pair, other: Pair, rng: Random) -> Pair:
    """Two policies in one file, by turns; the turns of the two sides fall in different places."""
    ja = by_turns(pair.ja, copied(other.ja), rng)
    en = by_turns(pair.en, copied(other.en), rng)
    links = tuple((shifted(left), shifted(right)) for left, right in other.links)
    return replace(pair, ja=ja, en=en, links=pair.links + links)


def by_turns(one: Lines, two: Lines, rng: Random) -> Lines:
    """Stretches of one and of the other until both are at their ends."""
    out: Lines = ()
    while one or two:
        size = rng.randint(*STRETCH)
        out, one, two = out + one[:size], two, one[size:]
    return out


def repeated(pair: Pair, _other: Pair, rng: Random) -> Pair:
    """A section stands again, word for word, at the end of both sides; the copies are each other's counterparts."""
    found = sections(pair)
    if not found:
        return pair
    rows, cols = rng.choice(found)
    ja, en = pair.ja[rows.start : rows.stop], pair.en[cols.start : cols.stop]
    inside = {i for line in ja for i in line.ids}
    links = tuple((shifted(left), shifted(right)) for left, right in pair.links if inside & set(left))
    return replace(pair, ja=pair.ja + copied(ja), en=pair.en + copied(en), links=pair.links + links)


def sections(pair: Pair) -> list[tuple[range, range]]:
    """The stretches from heading to heading that are linked with one unbroken stretch of the English side only."""
    heads = [i for i, line in enumerate(pair.ja) if line.kind == "heading"]
    out = []
    for start, stop in zip(heads, [*heads[1:], len(pair.ja)], strict=True):
        touched = [link for link in pair.gold() if set(link[0]) & set(range(start, stop))]
        rows, cols = ({i for link in touched for i in link[k]} for k in (0, 1))
        if rows == set(range(start, stop)) and SECTION[0] <= len(rows) <= SECTION[1]:
            stretch = range(min(cols), max(cols) + 1)
            if cols == set(stretch):
                out.append((range(start, stop), stretch))
    return out


def renumbered(pair: Pair, _other: Pair, rng: Random) -> Pair:
    """Every heading of one side has another number; one without a number gets one."""
    shift = rng.randint(3, 9)
    return on_one_side(pair, rng, lambda lines, _: with_numbers(lines, shift))


def with_numbers(lines: Lines, shift: int) -> Lines:
    """The digits of each heading's marker raised by `shift`; a running number where it has no digits."""
    out, count = [], shift
    for line in lines:
        if line.kind == "heading":
            count += 1
            marker = re.sub(r"[0-9０-９]+", lambda m: str(int(m[0]) + shift), line.text[: line.body], count=1)
            marker = marker if re.search("[0-9]", marker) else f"{count}. "
            line = replace(line, text=marker + line.text[line.body :], body=len(marker))
        out.append(line)
    return tuple(out)


def on_one_side(pair: Pair, rng: Random, change: Callable[[Lines, str], Lines]) -> Pair:
    """The pair with one side, drawn, changed."""
    if rng.random() < 0.5:
        return replace(pair, ja=change(pair.ja, "ja"))
    return replace(pair, en=change(pair.en, "en"))


def copied(lines: Lines) -> Lines:
    """The lines again, as other lines."""
    return tuple(replace(line, ids=shifted(line.ids)) for line in lines)


def shifted(ids: tuple[int, ...]) -> tuple[int, ...]:
    """The ids of the copies."""
    return tuple(i + COPY for i in ids)


SETTINGS: dict[str, Callable[[Pair, Pair, Random], Pair]] = {
    "published": published,
    "merged": partial(shaken, merge=0.15, drop=0.0, move=0.0),
    "dropped": partial(shaken, merge=0.15, drop=0.10, move=0.0),
    "moved": partial(shaken, merge=0.15, drop=0.10, move=0.20),
    "headings missing": headless,
    "lists joined": unlisted,
    "condensed": condensed,
    "captions": captioned,
    "interleaved": interleaved,
    "section repeated": repeated,
    "renumbered": renumbered,
}
