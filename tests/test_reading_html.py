"""Web pages: list numbers, cells, hidden text, furniture, charsets, and pages made to harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conftest import rows
from hypothesis import given
from hypothesis import strategies as st

from normalizer.errors import EncodingError, InputError
from normalizer.reading import html, read, read_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from normalizer.model import Block

TAGS = [
    *(
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<ol>",
        "<ol start=9 reversed>",
        "<ul>",
        "</ul>",
        "</ol>",
        "<li>",
        "<li value=-3>",
    ),
    *(
        "<table>",
        "<tr>",
        "<td colspan=2>",
        "<th>",
        "<th rowspan=99>",
        "</table>",
        "<dl>",
        "<dt>",
        "<dd>",
        "<b>",
        "</b>",
    ),
    *(
        "<h1>",
        "</h1>",
        "<br>",
        "<pre>",
        "</pre>",
        "<a href=x>",
        "</a>",
        "<nav>",
        "</nav>",
        "<script>",
        "</script>",
        "<!--",
    ),
    *(
        "-->",
        "<svg>",
        "<template>",
        "<details>",
        "<summary>",
        "<span style='display:block'>",
        "<ruby>",
        "<rt>",
        "<select>",
    ),
    *("<h9>", "<", ">", "&amp;", "&#0;", "&#xD800;", "&", "\0", "\r\n", "<caption>", "<thead>", "<form>", "<frameset>"),
]
WORDS = ["第1条", "個人情報", "We collect", "(1) ", "①", "　", " ", "\n", "・", "a", "\u00ad", "👍🏽", "e\u0301"]
pages = st.lists(st.one_of(st.sampled_from(TAGS), st.sampled_from(WORDS), st.text(max_size=5)), max_size=60).map(
    "".join
)


def _shown(text: str, blocks: tuple[Block, ...]) -> str:
    return " / ".join(f"{block.kind} {block.level} {text[block.start : block.end]}" for block in blocks)


@pytest.mark.parametrize(("body", "expected"), rows("reading/html.tsv", 2))
def test_body(body: str, expected: str) -> None:
    plain = body.replace("\\u00ad", "\u00ad").replace("\\u200d", "\u200d")
    assert _shown(*html.read_text(plain, "page")) == expected.replace("\\u00a0", "\u00a0")


# --- charsets ----------------------------------------------------------------------------------------------------

JAPANESE = "<p>当社は、①ご住所と②ご氏名を㈱東西から取得します。</p>"


@pytest.mark.parametrize(
    ("declared", "written", "found"),
    [
        ('<meta charset="shift_jis">', "cp932", "cp932"),
        ('<meta charset="x-sjis">', "cp932", "cp932"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=EUC-JP">', "euc_jis_2004", "euc_jis_2004"),
        ("<meta charset=utf-8>", "cp932", "cp932"),
        ('<meta charset="shift_jis">', "utf-8", "utf-8"),
        ('<meta charset="iso-8859-1">', "cp932", "cp932"),
        ('<meta charset="utf-16">', "utf-8", "utf-8"),
        ("", "utf-16", "utf-16"),
        ("", "utf-8-sig", "utf-8-sig"),
        ('<?xml version="1.0" encoding="Shift_JIS"?>', "cp932", "cp932"),
    ],
)
def test_charset(declared: str, written: str, found: str) -> None:
    document = read((declared + JAPANESE).encode(written), "page.html", "html")
    assert (document.text, document.encoding) == ("当社は、①ご住所と②ご氏名を㈱東西から取得します。", found)


def test_iso_2022_jp() -> None:
    document = read('<meta charset="iso-2022-jp"><p>個人情報</p>'.encode("iso2022_jp"), "page.html", "html")
    assert (document.text, document.encoding) == ("個人情報", "iso2022_jp")


def test_a_stray_bad_byte_is_kept_as_unreadable_and_named() -> None:
    page = ('<meta charset="shift_jis"><p>' + "当社は個人情報を取得します。" * 50).encode("cp932") + b"\x81</p>"
    document = read(page, "page.html", "html")
    assert document.encoding == "cp932, 1 characters unreadable"
    assert document.text.endswith("\ufffd")


def test_binary_data_is_refused() -> None:
    with pytest.raises(EncodingError, match=r"page\.html"):
        read(bytes(range(256)) * 20, "page.html", "html")


# --- bad input ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["<p></p>", "<script>var a = 'words';</script>", "", "<ul><li></ul>", "<p>…</p>"])
def test_a_page_without_text_is_an_error(page: str) -> None:
    with pytest.raises(InputError, match="page: no text in it"):
        html.read_text(page, "page")


HARMFUL: dict[str, Callable[[int], str]] = {
    "nested a million deep": lambda n: "<div>" * n + "x",
    "nesting hidden by comments": lambda n: "<div><!--</div>-->" * n + "x",
    "nesting in svg": lambda n: "<svg><style>" + "<g>" * n + "x",
    "open formatting": lambda n: "".join(f"<b c={i}>" for i in range(n)) + "x",
    "copied formatting": lambda n: "".join(f"<b c={i}>" for i in range(900)) + "<p>x" * n,
    "attributes": lambda n: "<p " + " ".join(f"a{i}" for i in range(n)) + ">x",
    "attributes behind a value": lambda n: "<p a='<>' " + "\t".join(f"a{i}" for i in range(n)) + ">x",
    "attributes with no space": lambda n: "<p" + "".join(f"/a{i}" for i in range(n)) + ">x",
    "attributes behind a stray mark": lambda n: "<p a=b=' " + " ".join(f"a{i}" for i in range(n)) + "'>x",
    "tags": lambda n: "<p>x" * n,
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("page", HARMFUL.values(), ids=HARMFUL)
def test_pages_made_to_exhaust_are_refused_at_once(page: Callable[[int], str]) -> None:
    source = page(1_000_000 if page is HARMFUL["nested a million deep"] else 400_000)
    with pytest.raises(InputError, match="page: "):
        html.read_text(source, "page")


@pytest.mark.parametrize("depth", [10, 900])
def test_deep_pages_are_read(depth: int) -> None:
    text, _ = html.read_text("<div>" * depth + "個人情報" + "</div>" * depth, "page")
    assert text == "個人情報"


@pytest.mark.timeout(60)
@pytest.mark.parametrize("filler", ["<", "&", "\0", "</p>", "<!", "あ", "<li>", " "])
def test_long_fillers_take_no_time_to_speak_of(filler: str) -> None:
    text, _ = html.read_text(filler * 100_000 + "<p>個人情報</p>", "page")
    assert "個人情報" in text


@pytest.mark.parametrize(
    "sheet",
    ["/*" * 50_000, "a" * 500_000, "p::before{content:counter(" * 5000, "p{counter-reset:" + "a " * 900 + "}" * 9],
    ids=["comments", "no rule", "no end", "many counters"],
)
def test_sheets_made_to_exhaust_are_read(sheet: str) -> None:
    text, _, _ = html.read(f"<style>{sheet}</style>{'<div>' * 200}<p>a</p>".encode(), "page.html")
    assert text == "a"


def test_the_words_of_a_value_are_no_attributes() -> None:
    page = f'<p>We keep data.</p><svg><path d=\'{"M 0 0 " * 2000}\'/></svg><img alt="" data-x="{"<a b> " * 2000}">'
    assert read_text(page, format="html").text == "We keep data."


def test_entities_are_not_expanded() -> None:
    laughs = '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]><p>個人情報 &lol2;</p>'
    assert len(html.read_text(laughs, "page")[0]) < 100


# --- any page ----------------------------------------------------------------------------------------------------


@given(pages)
def test_blocks_cover_the_text_in_order_whatever_the_page(page: str) -> None:
    try:
        document = read_text(page, "page", "html")
    except InputError:
        return
    place = 0
    for block in document.blocks:
        assert document.text[place : block.start].strip() == ""
        assert place <= block.start < block.end
        words = document.text[block.start : block.end]
        assert words == words.strip()
        assert not set(words) & {"\n", "\0"}
        place = block.end
    assert place == len(document.text)


@given(
    st.lists(
        st.sampled_from(["氏名", "住所", "電話番号", "<b>購入履歴</b>", "<a href=x>Cookie</a>", "<p>年齢</p>"]),
        min_size=1,
    )
)
def test_no_list_item_is_ever_lost(items: list[str]) -> None:
    menu = "<nav><ul><li><a href=/>Home</a><li><a href=/a>About</a><li><a href=/b>Shop</a></ul></nav>"
    listed = "".join(f"<li>{item}" for item in items)
    page = f"{menu}<main><h1>方針</h1><p>次の情報を取得します。</p><ol>{listed}</ol></main>"
    text, blocks = html.read_text(page, "page")
    numbers = [text[block.start : block.end].split(" ")[0] for block in blocks if block.kind == "item"]
    assert numbers == [f"{index}." for index in range(1, len(items) + 1)]


def test_a_file_with_an_ending_of_pages(tmp_path: Path) -> None:
    for ending in (".html", ".htm", ".xhtml", ".HTML"):
        path = tmp_path / f"policy{ending}"
        path.write_text("<h1>方針</h1><p>個人情報</p>", encoding="utf-8")
        document = read(path)
        assert (document.format, document.text) == ("html", "方針\n個人情報")
