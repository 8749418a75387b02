"""Two analyses to links: which clauses of one side say what which clauses of the other say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from normalizer.align.score import links_of
from normalizer.align.settings import Settings
from normalizer.align.sides import side_of
from normalizer.align.solve import solve
from normalizer.align.windows import windows
from normalizer.embed import in_one_thread
from normalizer.model import Link

if TYPE_CHECKING:
    from normalizer.align.sides import Side
    from normalizer.embed import Embedder
    from normalizer.model import Analysis

__all__ = ["Settings", "align"]

SETTINGS = Settings()


def align(ja: Analysis, en: Analysis, embedder: Embedder, settings: Settings = SETTINGS) -> tuple[Link, ...]:
    """Links between the clauses of a Japanese and an English policy; every clause but the furniture is in exactly one.

    A link joins any number of clauses of each side (usually one, up to about five); a clause that has no counterpart
    has a link with an empty other side. Links stand in the order of the Japanese text, one-sided English clauses after
    the clause that stands before them. `Link.score` is the probability, 0 to 1, that the link is right as it is;
    `Link.evidence` tells what spoke for it (positive) and against it (negative), in log-odds: semantics, length, words
    (untranslated ones), facts, concepts, kind, labels, parent, and in `position` how many neighbours agree. Of a
    one-sided link it tells the gain of the nearest clause of the other side.
    """
    left, right = side_of(ja, ""), side_of(en, " ")
    embedder = embedder.anew()  # the same links, to the last bit, whatever was aligned before
    with in_one_thread():
        if max(len(left), len(right)) <= settings.window:
            return in_order(linked(left, right, embedder, settings))
        narrow = replace(settings, widest=min(settings.widest, settings.narrow))
        return in_order(reunited(linked(left, right, embedder, narrow), left, right, embedder, settings))


def linked(ja: Side, en: Side, embedder: Embedder, settings: Settings) -> list[Link]:
    """The links of two sides, window by window."""
    links: list[Link] = []
    for left, right in windows(ja, en, embedder, settings):
        if len(left) and len(right):
            links += links_of(solve(left, right, embedder, settings))
        else:
            links += [Link((i,), (), 1.0) for i in left.index] + [Link((), (j,), 1.0) for j in right.index]
    return links


def reunited(links: list[Link], ja: Side, en: Side, embedder: Embedder, settings: Settings) -> list[Link]:
    """The links, after the clauses left over in different windows were given to each other."""
    alone = {i for link in links if not link.en for i in link.ja}, {j for link in links if not link.ja for j in link.en}
    left = ja.part([k for k, i in enumerate(ja.index) if i in alone[0]])
    right = en.part([k for k, j in enumerate(en.index) if j in alone[1]])
    if not (len(left) and len(right)):
        return links
    kept = [link for link in links if link.ja and link.en]
    return kept + linked(left, right, embedder, replace(settings, widest=1))


def in_order(links: list[Link]) -> tuple[Link, ...]:
    """By the first Japanese clause; a one-sided English clause after the link of the English clause before it."""
    out = sorted((link for link in links if link.ja), key=lambda link: link.ja)
    after: dict[int, list[Link]] = {}
    holder = {j: k for k, link in enumerate(out) for j in link.en}
    place = -1
    english = {j: link for link in links if not link.ja for j in link.en}
    for j in sorted(holder.keys() | english.keys()):
        if j in holder:
            place = holder[j]
        else:
            after.setdefault(place, []).append(english[j])
    ordered = after.get(-1, [])
    for k, link in enumerate(out):
        ordered += [link, *after.get(k, [])]
    return tuple(ordered)
