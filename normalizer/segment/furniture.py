"""Pieces → which of them are the page's and not the policy's: menus, page numbers, a table of contents."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from normalizer.segment.pieces import Piece
    from normalizer.segment.words import Words

SHORT = 60  # characters of a line that is furniture by how it starts
ENTRY = 80  # characters of a link in a menu, of an entry in a table of contents
RUN = 3  # a menu or a table of contents has so many entries
NO_WORDS = re.compile(r"[\W_]+")
PAGE_NUMBER = re.compile(
    r"[-－–—―‐・\s]*(?:p(?:age|\.)?\s*)?[0-9０-９]{1,3}(?:\s*(?:[/／]|of)\s*[0-9０-９]{1,3})?\s*(?:ページ|頁)?[-－–—―‐・\s]*",
    re.IGNORECASE,
)
PATH = re.compile(r"\s*[>＞›»≫]\s*|\s/\s")  # ホーム ＞ 会社情報 ＞ 個人情報保護方針
BAR = re.compile(r"\s*[|｜·]\s*")  # サイトマップ｜利用規約｜お問い合わせ
LANGUAGES = re.compile(r"\s*[|｜·/／]\s*|\s+")  # 日本語 / English
SEPARATOR = re.compile(r"[>＞›»≫|｜·]|\s/\s")  # of one of the two
# 請求書（PDF：120KB）, Request form (Word, 35 KB): a link to a file, with its size
DOWNLOAD = re.compile(
    r"[（(\[［][^（）()\[\]]{0,20}?[0-9０-９][0-9０-９.,]{0,8}\s?(?:[KMkm][Bb]|キロバイト|メガバイト)[^（）()]{0,12}[）)\]］]$"
)
LEADER = re.compile(r"\s*[.．・…‥･ ]{3,}\s*[0-9０-９]{1,3}$")  # Purposes ...... 3


def furniture(text: str, pieces: Sequence[Piece], words: Words) -> frozenset[int]:
    """The indexes of the pieces that no reader of the policy wants. `text` is the document's."""
    lines = [text[piece.start : piece.end].strip() for piece in pieces]
    found = {index for index, line in enumerate(lines) if pieces[index].aside or _is_furniture(line, words)}
    for menu in _menus(lines, pieces, found, words):
        found |= set(menu)
    for links in _related(lines, pieces, found, words):
        found |= set(links)
    for switch in _switches(lines, pieces, words):
        found |= set(switch)
    for contents in _contents(text, pieces, found):
        found |= set(contents)
    return frozenset(found)


def is_page_number(line: str) -> bool:
    """- 3 -, 3/12, Page 3 of 12, ３ページ: nothing else on the line."""
    return len(line) <= SHORT and PAGE_NUMBER.fullmatch(line) is not None


def _is_furniture(line: str, words: Words) -> bool:
    if not any(char.isalnum() for char in line):  # a rule of dashes, a lone full stop
        return True
    if len(line) > 2 * ENTRY:
        return False
    plain = _plain(line)
    if DOWNLOAD.search(line.strip("【】〔〕［］[]")) or words.reader.search(line):
        return True
    if plain in words.furniture or (len(plain) < SHORT and plain.startswith(words.furniture_start)):
        return True
    return is_page_number(line) or _is_row_of_links(line, words)


def _plain(line: str) -> str:
    return line.strip(" \t　>＞»▲△▶↑^|・•◦▪-*。[]").casefold()


def _is_row_of_links(line: str, words: Words) -> bool:
    """A path that begins at the home page, or a row of links of which most are those that every site has."""
    if len(line) > 2 * ENTRY:
        return False
    first, *others = line.split()
    if _plain(first) in words.furniture or _plain(first) in words.menu:  # 文字サイズ変更 印刷
        tools = {_plain(first), *map(_plain, others)}
        if not words.furniture.isdisjoint(tools) and tools <= words.furniture | words.menu:
            return True
    names = LANGUAGES.split(line)
    if len(names) > 1 and words.language.issuperset(map(_plain, names)):
        return True
    if not SEPARATOR.search(line):
        return False
    path, bar = PATH.split(line), BAR.split(line)
    if len(path) > 1 and _plain(path[0].rpartition("　")[2]) in words.home:  # 現在地　トップ > …
        return True
    return len(bar) >= RUN and 2 * sum(_plain(part) in words.menu for part in bar) >= len(bar)


def _menus(lines: list[str], pieces: Sequence[Piece], found: set[int], words: Words) -> Iterator[range]:
    """Runs of lines that are links which every site has; the policy's own title may stand at the end of one."""
    start = 0
    for index in range(len(lines) + 1):
        if index < len(lines) and (index in found or _is_link(lines[index], pieces[index], words)):
            continue
        run = range(start, index)
        if index < len(lines) and run and words.title.search(lines[run[-1]]):
            run = run[:-1]
        if _is_menu(run, lines, found, words):
            yield run
        start = index + 1


def _switches(lines: list[str], pieces: Sequence[Piece], words: Words) -> Iterator[range]:
    """Lines above the first sentence that name a language: where the reader chooses one, or which column is which."""
    start = 0
    prose = next((at for at, line in enumerate(lines) if line.endswith(("。", "．", "."))), len(lines))
    for index in range(prose + 1):
        if (
            index < prose
            and _plain(lines[index]).strip("【】〔〕") in words.language
            and pieces[index].block.kind != "heading"
        ):
            continue
        yield range(start, index)
        start = index + 1


def _related(lines: list[str], pieces: Sequence[Piece], found: set[int], words: Words) -> Iterator[range]:
    """Headings such as 関連リンク with the list right below them, or with nothing but other furniture."""
    index = 0
    while index < len(lines):
        end = index + 1
        if _plain(lines[index]).rstrip(":：") in words.related:
            while end < len(lines) and (end in found or _is_entry(lines[end], pieces[end])):
                end += 1
            yield range(index, end if end > index + 1 else index)
        index = end


def _is_entry(line: str, piece: Piece) -> bool:
    listed = piece.block.kind == "item" or (piece.label is not None and piece.label.kind == "bullet")
    return listed and len(line) <= ENTRY and not line.endswith(("。", "."))


def _is_menu(run: range, lines: list[str], found: set[int], words: Words) -> bool:
    """So many links; or fewer with other furniture at the head or the foot of a page: ページの先頭へ 利用規約 © 2024"""
    if len(run) < RUN or sum(at not in found for at in run) >= RUN:
        return len(run) >= RUN
    if run[-1] + 1 == len(lines):
        return True
    return run[0] == 0 and not any(at not in found and words.title.search(lines[at]) for at in run)


def _is_link(line: str, piece: Piece, words: Words) -> bool:
    return piece.block.kind != "heading" and _plain(line) in words.menu


def _contents(text: str, pieces: Sequence[Piece], found: set[int]) -> Iterator[range]:
    """Runs of lines that come again further below, in the same order, with other text between them."""
    keys = [_entry(text, piece) if index not in found else "" for index, piece in enumerate(pieces)]
    places: dict[str, list[int]] = {}
    for index, key in enumerate(keys):
        places.setdefault(key, []).append(index)
    start = 0
    while start < len(keys):
        run = _run_again(keys, places, start)
        if len(run) >= RUN and sum(b - a > 1 for a, b in itertools.pairwise(run)) * 3 >= 2 * (len(run) - 1):
            yield range(start, start + len(run))
        start += max(1, len(run))


def _run_again(keys: list[str], places: dict[str, list[int]], start: int) -> list[int]:
    """Where the lines from `start` on stand again, each below the one before and all below the run."""
    run: list[int] = []
    for index in range(start, len(keys)):
        after = places[keys[index]]
        at = bisect_right(after, run[-1] if run else index)
        if not keys[index] or at == len(after) or (run and index >= run[0]):
            break
        run.append(after[at])
    return run


def _entry(text: str, piece: Piece) -> str:
    """A line by which it is known again: without number, spaces and brackets; "" where it is too long."""
    if piece.end - piece.body > 2 * ENTRY:
        return ""
    title = LEADER.sub("", text[piece.body : piece.end].strip())
    return NO_WORDS.sub("", title).casefold() if len(title) <= ENTRY else ""
