"""Reading: encodings, refusals that name the file, lines of plain text, Markdown."""

from __future__ import annotations

import hashlib
import os
import re
from typing import TYPE_CHECKING

import pytest
from conftest import rows

from normalizer import reading
from normalizer.errors import EncodingError, InputError, NormalizerError
from normalizer.reading import MAX_BYTES, read, read_text

if TYPE_CHECKING:
    from pathlib import Path

JAPANESE = "当社は、お客様の個人情報を適切に取り扱います。\n"


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "shop.ja.txt"
    path.write_text(JAPANESE, encoding="utf-8")
    return path


# --- encodings ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("written", "expected", "text"), rows("reading/encodings.tsv", 3))
def test_encoding(written: str, expected: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / "shop.txt"
    path.write_bytes(text.encode(written))
    document = read(path)
    assert (document.text, document.encoding) == (text, expected)


@pytest.mark.parametrize(("data", "what", "message"), rows("reading/refused.tsv", 3))
def test_bytes_that_are_no_text_are_refused(data: str, what: str, message: str) -> None:
    with pytest.raises(EncodingError, match=re.escape(message)) as caught:
        read(bytes.fromhex(data), f"{what}.txt")
    assert str(caught.value).startswith(f"{what}.txt: ")
    assert "give a text file" in str(caught.value)


@pytest.mark.parametrize("seed", range(8))
def test_random_bytes_are_refused(seed: int) -> None:
    data = b"".join(hashlib.sha256(bytes([seed, i])).digest() for i in range(64))
    with pytest.raises(EncodingError, match=r"noise\.txt"):
        read(data, "noise.txt")


def test_one_control_character_in_a_long_text_is_borne() -> None:
    document = read((JAPANESE * 20 + "\x07").encode(), "bell.txt")
    assert document.text.endswith("\x07")


# --- files that are no policies ----------------------------------------------------------------------------------


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.txt: no such file; check the path"):
        read(tmp_path / "gone.txt")


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder; give a file, or use `normalizer run`"):
        read(tmp_path)


@pytest.mark.parametrize("name", ["folder.txt", "v1.2"])
def test_a_folder_with_a_dot_in_its_name(name: str, tmp_path: Path) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(InputError, match="is a folder"):
        read(tmp_path / name)


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.txt"
    path.touch()
    with pytest.raises(InputError, match=r"empty\.txt: the file is empty"):
        read(path)


@pytest.mark.parametrize("text", [" \n\t\u3000\n", "---\n***\n", "\ufeff", "。、！？"])
def test_a_file_without_words(text: str, tmp_path: Path) -> None:
    path = tmp_path / "blank.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"blank\.txt: no words in it"):
        read(path)


@pytest.mark.parametrize("name", ["policy.xyz", "policy.txt.gz", "policy.xlsx", "photo.png", "v1.0"])
def test_an_unknown_ending_names_the_known_ones(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(JAPANESE, encoding="utf-8")
    with pytest.raises(InputError, match=rf"{re.escape(name)}: cannot read files of type .* known types: \.txt"):
        read(path)


def test_an_unknown_ending_is_read_where_the_format_is_given(tmp_path: Path) -> None:
    path = tmp_path / "policy.xyz"
    path.write_text(JAPANESE, encoding="utf-8")
    assert read(path, format="text").text == JAPANESE


def test_an_unknown_format(policy: Path) -> None:
    with pytest.raises(InputError, match=r"unknown format 'word'; known: text, markdown"):
        read(policy, format="word")


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(InputError, match=r"huge\.txt: 67,108,865 bytes.*split the file"):
        read(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(policy: Path) -> None:
    policy.chmod(0)
    with pytest.raises(InputError, match=r"cannot be read .*check its permissions"):
        read(policy)


def test_a_file_that_is_read_through_itself(tmp_path: Path) -> None:
    path = tmp_path / "loop.txt"
    path.symlink_to(path)
    with pytest.raises(InputError, match=r"loop\.txt: cannot be read"):
        read(path)


def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    path = tmp_path / "pipe.txt"
    os.mkfifo(path)
    with pytest.raises(InputError, match=r"pipe\.txt: is no ordinary file"):
        read(path)


def test_errors_share_a_base_and_have_a_reason(tmp_path: Path) -> None:
    with pytest.raises(NormalizerError) as caught:
        read(tmp_path / "gone.txt")
    assert caught.value.reason == "input"
    with pytest.raises(NormalizerError) as caught:
        read(b"\x00\x01\x02")
    assert caught.value.reason == "encoding"


# --- what a document holds ---------------------------------------------------------------------------------------


def test_a_document_names_its_file_and_bytes(policy: Path) -> None:
    document = read(policy)
    assert (document.id, document.format, document.encoding) == ("shop.ja.txt", "text", "utf-8")
    assert document.sha256 == hashlib.sha256(policy.read_bytes()).hexdigest()
    assert read(policy, name="pair 7").id == "pair 7"


def test_bytes_are_plain_text_unless_said() -> None:
    assert read(b"# Title\n\nWe do.").blocks[0].kind == "line"
    assert read(b"# Title\n\nWe do.", format="markdown").blocks[0].kind == "heading"


def test_a_lone_surrogate_in_a_string_becomes_the_replacement_character() -> None:
    assert read_text("あ\ud800い").text == "あ?い".replace("?", "\ufffd")


@pytest.mark.parametrize(("text", "blocks"), rows("reading/lines.tsv", 2))
def test_lines(text: str, blocks: str) -> None:
    document = read_text(text)
    shown = (f"{b.level}{'+' if b.gap else ''} {document.text[b.start : b.end]}" for b in document.blocks)
    assert "|".join(shown) == blocks


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_every_line_end_parts_lines_and_two_make_a_gap(end: str) -> None:
    document = read_text(f"あ{end}い{end}{end}う")
    assert [(document.text[b.start : b.end], b.gap) for b in document.blocks] == [
        ("あ", False),
        ("い", False),
        ("う", True),
    ]


# --- Markdown ----------------------------------------------------------------------------------------------------


def _markdown(text: str) -> list[tuple[str, int, str]]:
    document = reading.read_text(text, format="markdown")
    return [(block.kind, block.level, document.text[block.start : block.end]) for block in document.blocks]


def test_markdown_headings_have_levels() -> None:
    assert _markdown("# A\n\nB\n---\n\n### C") == [("heading", 1, "A"), ("heading", 2, "B"), ("heading", 3, "C")]


def test_markdown_lists_keep_their_numbers_and_depth() -> None:
    text = "5. five\n6. six\n   - a\n   - b\n\n     more of b"
    assert _markdown(text) == [
        ("item", 1, "5. five"),
        ("item", 1, "6. six"),
        ("item", 2, "- a"),
        ("item", 2, "- b"),
        ("paragraph", 3, "more of b"),
    ]


def test_markdown_marks_go_and_words_stay() -> None:
    text = "We **keep** *your* `data` [safe](https://x.example), ~~sold~~ ![a key](key.png) &amp; <info@x.example>."
    assert _markdown(text) == [("paragraph", 0, "We keep your data safe, sold a key & info@x.example.")]


def test_markdown_joins_soft_breaks_as_the_language_does() -> None:
    assert _markdown("個人情報を\n取得します。\n\nWe keep\nit.\n\nCookie\nを使う")[0][2] == "個人情報を取得します。"
    assert _markdown("We keep\nit.")[0][2] == "We keep it."
    assert [words for _, _, words in _markdown("a  \nb")] == ["a", "b"]


def test_markdown_lines_of_their_own_stay_apart() -> None:
    assert [words for _, _, words in _markdown("**取得**\n当社は取得します。")] == ["取得", "当社は取得します。"]
    assert [words for _, _, words in _markdown("・氏名\n・住所\n(3) 電話")] == ["・氏名", "・住所", "(3) 電話"]
    assert [words for _, _, words in _markdown("電話：0999\n住所：架空市\nこの")] == ["電話：0999", "住所：架空市この"]
    assert [words for _, _, words in _markdown("We **keep**\n**it**.")] == ["We keep it."]


@pytest.mark.parametrize(
    "above", ["2　方法は、次のとおりです。", "2. 方法は、次のとおりです。", "- 方法は、次のとおりです。"]
)
@pytest.mark.parametrize("marks", [("(1)　", "(2)　"), ("・", "・"), ("① ", "② "), ("ア　", "イ　")])
def test_markdown_items_set_in_with_a_full_width_space_stay_apart(above: str, marks: tuple[str, str]) -> None:
    items = [f"{marks[0]}申込書", f"{marks[1]}電話"]
    found = [words for _, _, words in _markdown("\n".join([above, *(f"　{item}" for item in items)]))]
    assert found == [above, *items]


def test_markdown_lines_set_in_with_a_full_width_space_go_on() -> None:
    assert [words for _, _, words in _markdown("1. 申込書、\n　Cookie")] == ["1. 申込書、　Cookie"]
    assert [words for _, _, words in _markdown("1　法第27条および\n　第28条に従います。")] == [
        "1　法第27条および　第28条に従います。"
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ["2005年4月1日制定", "2024年10月1日最終改定", "株式会社架空", "代表取締役 架空太郎"],
        ["改定日：令和六年十月一日", "あおぞら株式会社", "お客様窓口　架空すみれ"],
        ["一般社団法人 架空協会", "会長 架空花子"],
        ["制定 2005/4/1", "改定 2024/10/1"],
        ["Last updated: October 1, 2024", "Kakuu Co., Ltd.", "Taro Kakuu, President", "info@kakuu.example"],
    ],
)
def test_markdown_dates_and_names_that_close_a_policy_stay_lines(lines: list[str]) -> None:
    assert [words for _, _, words in _markdown("\n".join(lines))] == lines


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("2022年4月1日\n改正法の施行日に、\n改めます。", "2022年4月1日改正法の施行日に、改めます。"),
        ("2022年4月1日\nから施行する", "2022年4月1日から施行する"),
        ("- 2022年4月1日に取得した\n  氏名", "- 2022年4月1日に取得した氏名"),
        ("提供先である\n株式会社架空", "提供先である株式会社架空"),
        ("株式会社架空\nプライバシーポリシー\n===", "株式会社架空プライバシーポリシー"),
        ("This Policy was last revised on\nMay 1, 2024", "This Policy was last revised on May 1, 2024"),
        ("May 1, 2024\nis the day of revision", "May 1, 2024 is the day of revision"),
        ("Effective May 1, 2024\nWe keep\nless.", "Effective May 1, 2024 We keep less."),
    ],
)
def test_markdown_sentences_with_dates_and_names_are_joined(text: str, joined: str) -> None:
    assert [words for _, _, words in _markdown(text)] == [joined]


def test_markdown_breaks_within_cells() -> None:
    found = _markdown("| 項目 | 目的 |\n|---|---|\n| 氏名<br>住所 | 発送 |\n")
    assert [words for _, _, words in found] == ["項目：氏名", "住所", "目的：発送"]


def test_markdown_lines_in_bold_type_are_headings_below_the_last() -> None:
    text = "## 管理\n\n**組織的な措置**\n\n責任者を置きます。\n\n**重要です。**\n\n- **氏名**\n- **住所**：市まで\n"
    assert _markdown(text) == [
        ("heading", 2, "管理"),
        ("heading", 3, "組織的な措置"),
        ("paragraph", 0, "責任者を置きます。"),
        ("paragraph", 0, "重要です。"),
        ("item", 1, "- 氏名"),
        ("item", 1, "- 住所：市まで"),
    ]


def test_markdown_footnotes_are_no_targets_of_links() -> None:
    found = _markdown("We keep it.[^1]\n\n[^1]: Not for ever.\n[^b]: In Japan.\n\n[c]: https://x.example\n")
    assert [words for _, _, words in found] == ["We keep it.[1]", "※1 Not for ever.", "※b In Japan."]


def test_markdown_tables_and_code_and_html_lose_no_words() -> None:
    text = "| 項目 | 目的 |\n|---|---|\n| 氏名 | 発送 |\n\n```\ncode\n```\n\n<div>\n隠れない\n</div>\n"
    words = " ".join(line for _, _, line in _markdown(text))
    assert all(word in words for word in ("項目", "目的", "氏名", "発送", "code", "隠れない"))


def test_markdown_front_matter_is_not_the_policy() -> None:
    assert _markdown("---\ntitle: x\n---\n# A\n") == [("heading", 1, "A")]
    assert _markdown("---\n\nあ\n") == [("paragraph", 0, "あ")]


def test_markdown_item_that_begins_with_a_heading_or_a_list_keeps_its_marker() -> None:
    assert [words for _, _, words in _markdown("1. - a\n2. # B\n")] == ["- a", "2. B"]


def test_markdown_nested_a_thousand_deep_is_read() -> None:
    assert "あ" in read_text("> " * 1000 + "あ", format="markdown").text
    assert "あ" in read_text("- " * 1000 + "あ", format="markdown").text
    assert "あ" in read_text("*" * 2000 + "あ" + "*" * 2000, format="markdown").text
    assert "あ" in read_text("[" * 2000 + "あ" + "](x)" * 2000, format="markdown").text
