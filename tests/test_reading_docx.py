"""Word documents: Word's own numbers, headings, tables, text boxes, footnotes, what was deleted; bombs and damage."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING, Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.errors import InputError
from normalizer.reading import docx as reader
from normalizer.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

W = nsdecls("w")
Level = tuple[str, str]  # format, text


def _bytes(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _shown(document: Any) -> list[str]:
    text, blocks = reader.read(_bytes(document), "policy.docx")
    return [f"{block.kind} {block.level} {text[block.start : block.end]}" for block in blocks]


def _words(document: Any) -> list[str]:
    return [shown.split(" ", 2)[2] for shown in _shown(document)]


class _Lists:
    """A document whose numbering.xml holds the definitions of a test, and nothing else."""

    def __init__(self) -> None:
        self.document = docx.Document()
        self.root = self.document.part.numbering_part.element
        for child in list(self.root):
            self.root.remove(child)

    def define(self, id: int, *levels: Level, extra: str = "", inside: str = "") -> None:
        xml = "".join(
            f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{format}"/>{inside}'
            f'<w:lvlText w:val="{text}"/></w:lvl>'
            for index, (format, text) in enumerate(levels)
        )
        self.root.insert(0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="{id}">{extra}{xml}</w:abstractNum>'))

    def use(self, num: int, definition: int, override: str = "") -> None:
        xml = f'<w:num {W} w:numId="{num}"><w:abstractNumId w:val="{definition}"/>{override}</w:num>'
        self.root.append(parse_xml(xml))

    def add(self, words: str, num: int = 1, level: int = 0, style: str = "Normal") -> None:
        number(self.document.add_paragraph(words, style=style), num, level)


def number(paragraph: Any, num: int, level: int = 0) -> None:
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_numId().val = num
    properties.get_or_add_ilvl().val = level


# --- numbers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("format", "text", "expected"),
    [
        ("decimal", "第%1条", ["第1条 あ", "第2条 い", "第3条 う"]),
        ("decimal", "(%1)", ["(1) あ", "(2) い", "(3) う"]),
        ("decimalFullWidth", "%1．", ["１． あ", "２． い", "３． う"]),
        ("japaneseCounting", "第%1章", ["第一章 あ", "第二章 い", "第三章 う"]),
        ("aiueoFullWidth", "%1）", ["ア） あ", "イ） い", "ウ） う"]),
        ("aiueo", "(%1)", ["(ア) あ", "(イ) い", "(ウ) う"]),
        ("irohaFullWidth", "%1", ["イ あ", "ロ い", "ハ う"]),
        ("iroha", "%1.", ["イ. あ", "ロ. い", "ハ. う"]),
        ("lowerLetter", "(%1)", ["(a) あ", "(b) い", "(c) う"]),
        ("lowerRoman", "%1)", ["i) あ", "ii) い", "iii) う"]),
        ("upperRoman", "%1.", ["I. あ", "II. い", "III. う"]),
        ("decimalEnclosedCircle", "%1", ["① あ", "② い", "③ う"]),
        ("decimalZero", "%1.", ["01. あ", "02. い", "03. う"]),
        ("ideographTraditional", "%1、", ["甲、 あ", "乙、 い", "丙、 う"]),
        ("none", "", ["あ", "い", "う"]),
        ("noSuchFormat", "%1.", ["1. あ", "2. い", "3. う"]),
    ],
)
def test_number_formats(format: str, text: str, expected: list[str]) -> None:
    lists = _Lists()
    lists.define(1, (format, text))
    lists.use(1, 1)
    for words in "あいう":
        lists.add(words)
    assert _words(lists.document) == expected


@pytest.mark.parametrize(
    ("sign", "shown"), [("・", "・"), ("\uf0b7", "•"), ("\uf0a7", "▪"), ("o", "◦"), ("\uf0ee", "•")]
)
def test_bullets(sign: str, shown: str) -> None:
    lists = _Lists()
    lists.define(1, ("bullet", sign))
    lists.use(1, 1)
    lists.add("氏名")
    lists.add("・住所")
    assert _shown(lists.document) == [f"item 1 {shown} 氏名", "item 1 ・住所"]


def test_levels_count_on_and_start_anew_below_the_next_above() -> None:
    lists = _Lists()
    lists.define(1, ("decimal", "第%1条"), ("decimal", "%1.%2"), ("aiueoFullWidth", "(%3)"))
    lists.use(1, 1)
    for words, level in (("a", 0), ("b", 1), ("c", 2), ("d", 2), ("e", 1), ("f", 2), ("g", 0), ("h", 1)):
        lists.add(words, level=level)
    expected = ["第1条 a", "1.1 b", "(ア) c", "(イ) d", "1.2 e", "(ア) f", "第2条 g", "2.1 h"]
    assert _words(lists.document) == expected


def test_a_level_that_never_restarts() -> None:
    lists = _Lists()
    lists.define(1, ("decimal", "%1."), ("decimal", "(%2)"), inside='<w:lvlRestart w:val="0"/>')
    lists.use(1, 1)
    for words, level in (("a", 0), ("b", 1), ("c", 0), ("d", 1)):
        lists.add(words, level=level)
    assert _words(lists.document) == ["1. a", "(1) b", "2. c", "(2) d"]


def test_lists_of_one_definition_count_on_unless_they_override_the_start() -> None:
    lists = _Lists()
    lists.define(1, ("decimal", "%1."))
    lists.use(1, 1)
    lists.use(2, 1)
    lists.use(3, 1, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>')
    for words, num in (("a", 1), ("b", 2), ("c", 3), ("d", 3), ("e", 1)):
        lists.add(words, num)
    assert _words(lists.document) == ["1. a", "2. b", "5. c", "6. d", "7. e"]


def test_an_overridden_level_and_a_missing_list() -> None:
    lists = _Lists()
    lists.define(1, ("decimal", "%1."))
    level = '<w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1)"/></w:lvl>'
    lists.use(1, 1, f'<w:lvlOverride w:ilvl="0">{level}</w:lvlOverride>')
    lists.add("x")
    lists.add("y", 99)
    assert _words(lists.document) == ["c) x", "y"]


def test_a_style_brings_its_number_and_level_and_zero_takes_it_away() -> None:
    lists = _Lists()
    lists.define(1, ("decimal", "第%1章"), ("decimal", "第%2条"), inside='<w:pStyle w:val="Heading2"/>')
    lists.use(1, 1)
    style = lists.document.styles["Heading 2"].element
    style.get_or_add_pPr().append(parse_xml(f'<w:numPr {W}><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>'))
    lists.document.add_paragraph("目的", style="Heading 2")
    lists.document.add_paragraph("定義", style="Heading 2")
    number(lists.document.add_paragraph("附則", style="Heading 2"), 0)
    assert _shown(lists.document) == ["heading 2 第1条 目的", "heading 2 第2条 定義", "heading 2 附則"]


def test_lists_of_their_own_are_as_deep_as_they_are_set_in() -> None:
    document = docx.Document()
    for words, style in (("a", "List Bullet"), ("b", "List Bullet 2"), ("c", "List Bullet"), ("d", "List Number 3")):
        document.add_paragraph(words, style=style)
    assert [shown.split(" ")[1] for shown in _shown(document)] == ["1", "2", "1", "3"]


def test_a_list_style_is_followed_to_its_definition() -> None:
    lists = _Lists()
    lists.define(1, ("decimal", "[%1]"), extra='<w:styleLink w:val="Mine"/>')
    lists.root.insert(
        0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="2"><w:numStyleLink w:val="Mine"/></w:abstractNum>')
    )
    lists.use(1, 2)
    lists.add("x")
    assert _words(lists.document) == ["[1] x"]


# --- structure ---------------------------------------------------------------------------------------------------


def test_headings_bold_lines_and_the_title() -> None:
    document = docx.Document()
    document.add_paragraph("プライバシーポリシー", style="Title")
    document.add_paragraph("第1条（目的）", style="Heading 1")
    document.add_paragraph("当社は、\n情報を取得します。")
    document.add_paragraph().add_run("Cookieについて").bold = True
    document.add_paragraph().add_run("これは強調された文です。").bold = True
    assert _shown(document) == [
        "heading 1 プライバシーポリシー",
        "heading 2 第1条（目的）",
        "line 0 当社は、",
        "line 0 情報を取得します。",
        "heading 3 Cookieについて",
        "paragraph 0 これは強調された文です。",
    ]


def test_cells_carry_their_header_and_tables_stand_in_order() -> None:
    document = docx.Document()
    document.add_paragraph("前")
    table = document.add_table(3, 2)
    for row, cells in enumerate((("項目", "目的"), ("氏名", "発送"), ("住所", ""))):
        for column, words in enumerate(cells):
            run = table.cell(row, column).paragraphs[0].add_run(words)
            run.bold = row == 0
    document.add_paragraph("後")
    assert _words(document) == ["前", "項目：氏名", "目的：発送", "項目：住所", "後"]


def test_a_bold_first_cell_is_the_header_of_its_row() -> None:
    document = docx.Document()
    table = document.add_table(2, 2)
    for row, (key, value) in enumerate((("Name", "Aozora"), ("Address", "Tokyo"))):
        table.cell(row, 0).paragraphs[0].add_run(key).bold = True
        table.cell(row, 1).text = value
    assert _words(document) == ["Name: Aozora", "Address: Tokyo"]


def _table(document: Any, *rows: tuple[str, ...]) -> None:
    table = document.add_table(len(rows), len(rows[0]))
    for row, cells in enumerate(rows):
        for column, words in enumerate(cells):
            table.cell(row, column).text = words


def test_captions_and_names_are_told_by_the_look_of_the_cells() -> None:
    document = docx.Document()
    _table(document, ("情報", "目的", "期間"), ("氏名", "発送", "５年"), ("履歴", "分析", "１年"))
    _table(document, ("担当", "総務部"), ("電話", "0999-00-0000"), ("受付時間", "平日9時から17時まで"))
    _table(document, ("利用目的", "商品の発送に利用します。"), ("委託", "配送を委託することがあります。"))
    assert _shown(document) == [
        *(
            f"line 0 {words}"
            for words in ("情報：氏名", "目的：発送", "期間：５年", "情報：履歴", "目的：分析", "期間：１年")
        ),
        *(f"line 0 {words}" for words in ("担当：総務部", "電話：0999-00-0000", "受付時間：平日9時から17時まで")),
        *(
            "heading 1 利用目的",
            "line 0 商品の発送に利用します。",
            "heading 1 委託",
            "line 0 配送を委託することがあります。",
        ),
    ]


def test_shaded_cells_are_headers_as_bold_ones_are() -> None:
    document = docx.Document()
    for rows, shaded in (
        ((("項目", "期間"), ("氏名", "５年間")), (0, "row")),
        ((("責任者", "総務部長"),), (0, "column")),
    ):
        table = document.add_table(len(rows), 2)
        for row, cells in enumerate(rows):
            for column, words in enumerate(cells):
                cell = table.cell(row, column)
                cell.text = words
                fill = "D9E2F3" if (row, column)[shaded[1] == "column"] == shaded[0] else "auto"
                cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:shd {W} w:val="clear" w:fill="{fill}"/>'))
        document.add_paragraph("後")
    assert _words(document) == ["項目：氏名", "期間：５年間", "後", "責任者：総務部長", "後"]


def _paragraph(xml: str) -> Any:
    document = docx.Document()
    document.add_paragraph("前")
    paragraph = parse_xml(
        f'<w:p {W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        f'xmlns:v="urn:schemas-microsoft-com:vml">{xml}</w:p>'
    )
    document.element.body.insert(1, paragraph)
    return document


RUN = "<w:r><w:t>{}</w:t></w:r>"
BOX = "<w:txbxContent><w:p><w:r><w:t>箱</w:t></w:r></w:p></w:txbxContent>"


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (RUN.format("あ") + "<w:hyperlink>" + RUN.format("い") + "</w:hyperlink>", ["前", "あい"]),
        ("<w:ins>" + RUN.format("新") + "</w:ins><w:del><w:r><w:delText>旧</w:delText></w:r></w:del>", ["前", "新"]),
        (
            "<w:moveFrom>" + RUN.format("旧") + "</w:moveFrom><w:moveTo>" + RUN.format("新") + "</w:moveTo>",
            ["前", "新"],
        ),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>隠</w:t></w:r>" + RUN.format("見"), ["前", "見"]),
        ("<w:r><w:instrText>PAGE</w:instrText></w:r>" + RUN.format("欄"), ["前", "欄"]),
        ("<w:sdt><w:sdtContent>" + RUN.format("欄") + "</w:sdtContent></w:sdt>", ["前", "欄"]),
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:noBreakHyphen/><w:t>c</w:t></w:r>", ["前", "a b-c"]),
        (
            "<w:r><w:ruby><w:rt>"
            + RUN.format("あつか")
            + "</w:rt><w:rubyBase>"
            + RUN.format("扱")
            + "</w:rubyBase></w:ruby></w:r>",
            ["前", "扱"],
        ),
        (RUN.format("本文") + f"<w:r><w:pict><v:textbox>{BOX}</v:textbox></w:pict></w:r>", ["前", "本文", "箱"]),
        (
            f"<w:r><mc:AlternateContent><mc:Choice>{BOX}</mc:Choice><mc:Fallback>{BOX}</mc:Fallback></mc:AlternateContent></w:r>",
            ["前", "箱"],
        ),
        ('<w:pPr><w:outlineLvl w:val="0"/></w:pPr>' + RUN.format("題"), ["前", "題"]),
    ],
)
def test_runs(xml: str, expected: list[str]) -> None:
    assert _words(_paragraph(xml)) == expected


def test_page_headers_and_footers_are_not_read() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "社外秘"
    document.sections[0].footer.paragraphs[0].text = "1"
    document.add_paragraph("本文")
    assert _words(document) == ["本文"]


def test_footnotes_stand_behind_their_paragraph() -> None:
    document = _paragraph(RUN.format("当社") + '<w:r><w:footnoteReference w:id="2"/></w:r>')
    note = f'<w:footnotes {W}><w:footnote w:id="2"><w:p>{RUN.format("東京都に所在")}</w:p></w:footnote></w:footnotes>'
    data = _with_parts(_bytes(document), {"word/footnotes.xml": note.encode()})
    kinds = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relation = b'<Relationship Id="rIdF" Type="' + kinds + b'/footnotes" Target="footnotes.xml"/>'
    data = _changed(data, "word/_rels/document.xml.rels", b"</Relationships>", relation + b"</Relationships>")
    content = b"application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    kind = b'<Override PartName="/word/footnotes.xml" ContentType="' + content + b'"/>'
    data = _changed(data, "[Content_Types].xml", b"</Types>", kind + b"</Types>")
    assert reader.read(data, "x")[0].splitlines() == ["前", "当社", "※1 東京都に所在"]


# --- bad input ---------------------------------------------------------------------------------------------------


def _with_parts(data: bytes, parts: dict[str, bytes], without: str = "") -> bytes:
    """The package with parts added or replaced, and one left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts and name != without:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def _changed(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return _with_parts(data, {part: package.read(part).replace(old, new)})


def _good() -> bytes:
    document = docx.Document()
    document.add_paragraph("当社は、個人情報を取得します。")
    return _bytes(document)


GOOD = _good()
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><w:p xmlns:w="x">&b;</w:p>'
ENTITY = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE w SYSTEM "file:///etc/passwd"><w/>'.encode("utf-16")
BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "no zip": (lambda: b"PK\x03\x04 no zip", "damaged"),
    "empty zip": (lambda: b"PK\x05\x06" + bytes(18), "no Word document"),
    "another archive": (lambda: _with_parts(b"PK\x05\x06" + bytes(18), {"a.docx": GOOD}), "no Word document"),
    "old format": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "encrypted document or the old"),
    "zip bomb": (lambda: _with_parts(GOOD, {"word/media/a.png": bytes(40_000_000)}), "zip bomb"),
    "large xml": (lambda: _with_parts(GOOD, {"word/a.xml": bytes(17 * 2**20)}), "zip bomb"),
    "many parts": (lambda: _with_parts(GOOD, {f"word/{i}.bin": b"" for i in range(5001)}), "parts in the file"),
    "billion laughs": (lambda: _with_parts(GOOD, {"word/document.xml": LAUGHS}), "declares a document type"),
    "external entity": (lambda: _with_parts(GOOD, {"word/styles.xml": ENTITY}), "declares a document type"),
    "deep xml": (lambda: _with_parts(GOOD, {"word/document.xml": _deep(100_000)}), "damaged"),
    "no types": (lambda: _with_parts(GOOD, {}, without="[Content_Types].xml"), "damaged"),
    "no relations": (lambda: _with_parts(GOOD, {}, without="_rels/.rels"), "damaged"),
    "broken xml": (lambda: _changed(GOOD, "word/document.xml", b"</w:body>", b""), "damaged"),
    "truncated": (lambda: GOOD[: len(GOOD) // 2], "damaged"),
    "encrypted part": (lambda: _encrypted(GOOD), "encrypted"),
    "no text": (lambda: _bytes(docx.Document()), "no text in it"),
}


def _deep(depth: int) -> bytes:
    body = "<w:sdt>" * depth + "</w:sdt>" * depth
    noise = "".join(f"<!-- {i * 7919 % 10007} -->" for i in range(4000))  # so that it is no bomb by its ratio
    return f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{noise}{body}</w:body></w:document>'.encode()


def _encrypted(data: bytes) -> bytes:
    """With the flag of encryption set in the entry of the first part."""
    out = bytearray(data)
    at = out.index(b"PK\x01\x02")
    out[at + 8 : at + 10] = struct.pack("<H", 1)
    return bytes(out)


@pytest.mark.parametrize(("make", "message"), BAD.values(), ids=BAD)
def test_bad_files_are_refused(make: Callable[[], bytes], message: str) -> None:
    with pytest.raises(InputError, match=rf"policy\.docx: .*{message}"):
        reader.read(make(), "policy.docx")


def test_parts_that_point_out_of_the_package_are_never_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    data = _with_parts(GOOD, {"../../evil.txt": b"x", "/tmp/evil.txt": b"x", "word/inner.docx": GOOD})
    assert reader.read(data, "x")[0] == "当社は、個人情報を取得します。"
    assert not list(tmp_path.iterdir())


@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=6))
@settings(max_examples=60)
def test_any_damage_gives_text_or_an_input_error(place: int, noise: bytes) -> None:
    data = GOOD[:place] + noise + GOOD[place + len(noise) :]
    try:
        text, blocks = reader.read(data, "policy.docx")
    except InputError as error:
        text, blocks = str(error), ()
    assert blocks or text.startswith("policy.docx: ")
    assert all(text[block.start : block.end].strip() for block in blocks)


def test_a_file_with_its_ending(tmp_path: Path) -> None:
    path = tmp_path / "policy.docx"
    path.write_bytes(GOOD)
    document = read(path)
    assert (document.format, document.text) == ("docx", "当社は、個人情報を取得します。")
