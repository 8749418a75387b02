"""PDF: furniture of pages, joined lines, columns, hyphens, headings; scans, garbled text and damaged files."""

from __future__ import annotations

import io
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from normalizer.errors import InputError
from normalizer.reading import pdf, read

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MINCHO = "HeiseiMin-W3"
pdfmetrics.registerFont(UnicodeCIDFont(MINCHO))
VERA = "Vera"  # comes with reportlab, and is embedded
pdfmetrics.registerFont(TTFont(VERA, "Vera.ttf"))
LEFT, TOP, LEADING = 72, 740, 15
DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
Row = tuple[str, str, float]  # words, font, size
PROSE = (
    "当社は、お客様の個人情報を適切に取り扱い、次の目的の達成に必要な範囲で",
    "利用します。あらかじめ本人の同意を得ることなく、その範囲を超えて利用す",
    "ることはありません。",
)


def _pdf(draw: Callable[[Any], None], **options: Any) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, **options)
    draw(canvas)
    canvas.save()
    return out.getvalue()


def _rows(canvas: Any, rows: Sequence[Row], left: float = LEFT, top: float = TOP) -> None:
    for words, font, size in rows:
        canvas.setFont(font, size)
        canvas.drawString(left, top, words)
        top -= LEADING


def _read(draw: Callable[[Any], None], **options: Any) -> list[tuple[str, int, str]]:
    text, blocks = pdf.read(_pdf(draw, **options), "policy.pdf")
    return [(block.kind, block.level, text[block.start : block.end]) for block in blocks]


def _words(draw: Callable[[Any], None]) -> list[str]:
    return [words for _, _, words in _read(draw)]


# --- paragraphs --------------------------------------------------------------------------------------------------


def test_japanese_lines_are_joined_without_a_space() -> None:
    assert _words(lambda canvas: _rows(canvas, [(line, MINCHO, 10) for line in PROSE])) == ["".join(PROSE)]


def test_english_lines_are_joined_with_a_space_and_short_ones_are_not() -> None:
    lines = [
        "We handle the personal information of our customers with care and use it",
        "only to the extent necessary.",
        "Our contact is given below.",
    ]
    assert _words(lambda canvas: _rows(canvas, [(line, "Times-Roman", 10) for line in lines])) == [
        f"{lines[0]} {lines[1]}",
        lines[2],
    ]


def test_items_stay_apart_and_their_second_lines_belong_to_them() -> None:
    lines = [
        "当社は、次の情報を取得します。この情報は、法令に従って取り扱われるもの",
        "とします。",
        "(1) 氏名、住所、生年月日、電話番号、電子メールアドレスその他の連絡先と",
        "なるもの",
        "(2) 購入履歴",
        "ア　商品の名称",
        "第5条に定めるもの",
    ]
    assert _words(lambda canvas: _rows(canvas, [(line, MINCHO, 10) for line in lines])) == [
        lines[0] + lines[1],
        lines[2] + lines[3],
        *lines[4:],
    ]


def test_a_reference_at_the_start_of_a_full_lines_successor_is_no_item() -> None:
    lines = ["当社は、個人データを第三者に提供するときは、個人情報保護法第27条および", "第28条に従います。"]
    assert _words(lambda canvas: _rows(canvas, [(line, MINCHO, 10) for line in lines])) == ["".join(lines)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Personal data: we share per-", "sonal data."], "Personal data: we share personal data."),
        (["A third-party is a third-", "party only."], "A third-party is a third-party only."),
        (["You may write an e-", "mail to us."], "You may write an e-mail to us."),
        (["They entrust hand-", "ling to others."], "They entrust handling to others."),
    ],
)
def test_hyphens_at_line_ends(lines: list[str], expected: str) -> None:
    assert _words(lambda canvas: _rows(canvas, [(line, "Helvetica", 10) for line in lines])) == [expected]


def test_larger_and_bold_type_makes_headings() -> None:
    rows: list[Row] = [
        ("Privacy Policy", "Helvetica-Bold", 18),
        ("1. What we collect", "Helvetica-Bold", 13),
        ("We collect the names of all customers who order goods from us, and addresses.", "Helvetica", 10),
        ("Cookies", "Helvetica-Bold", 10),
        ("We use cookies.", "Helvetica", 10),
    ]
    assert [(kind, level) for kind, level, _ in _read(lambda canvas: _rows(canvas, rows))] == [
        *(("heading", 1), ("heading", 2), ("line", 0), ("heading", 3), ("line", 0)),
    ]


def test_single_signs_in_a_font_that_is_not_there_are_not_lost() -> None:
    def draw(canvas: Any) -> None:
        _rows(canvas, [("①", MINCHO, 10), ("告", MINCHO, 10)])
        _rows(canvas, [("氏名", MINCHO, 10)], left=LEFT + 14)

    assert _words(draw) == ["① 氏名", "告"]


def _pieces(canvas: Any, pieces: Sequence[tuple[str, str]], top: float = TOP, space: float = 0.0) -> None:
    """Pieces of a line, each drawn for itself, as a browser does where the font changes. space: the width of spaces,
    where not that of the font."""
    left: float = LEFT
    for words, font in pieces:
        canvas.setFont(font, 10)
        canvas.drawString(left, top, words)
        left += space if space and words == " " else canvas.stringWidth(words, font, 10)


@pytest.mark.parametrize("font", [VERA, "Helvetica"])
def test_a_space_that_is_a_piece_of_its_own_is_a_space(font: str) -> None:
    words = ["Copyright", " ", "(C)", " ", "2024", " ", "Tsudoi"]

    def draw(canvas: Any) -> None:
        _pieces(canvas, [(word, font) for word in words])
        _pieces(canvas, [(" ", font), ("個人情報", MINCHO), (" ", font), ("保護方針", MINCHO), (" ", font)], TOP - 20)
        _pieces(canvas, [(" ", font)], TOP - 40)
        _pieces(canvas, [("お問い合わせ", MINCHO)], TOP - 60)

    assert _words(draw) == ["Copyright (C) 2024 Tsudoi", "個人情報 保護方針", "お問い合わせ"]


def test_a_space_as_wide_as_a_letter_is_full_width() -> None:
    def draw(canvas: Any) -> None:
        _pieces(canvas, [("1", VERA), (" ", VERA), ("取得の方法", MINCHO)], space=10)
        _pieces(canvas, [("We", VERA), (" ", VERA), ("keep", VERA)], TOP - 40, space=10)

    assert _words(draw) == ["1\u3000取得の方法", "We keep"]


def test_spaces_do_not_take_the_letters_of_other_pieces() -> None:
    trail = ["HOME", " ", ">", " ", "é", "ü", "ñ", "ß", " ", ">", " ", "Policy"]
    assert _words(lambda canvas: _pieces(canvas, [(words, VERA) for words in trail])) == ["HOME > éüñß > Policy"]


def test_letters_that_are_not_there_are_found_beside_spaces() -> None:
    def draw(canvas: Any) -> None:
        _pieces(canvas, [("①", MINCHO), (" ", VERA), ("氏名", MINCHO), (" ", "Helvetica"), ("②", MINCHO)])

    assert _words(draw) == ["① 氏名 ②"]


@pytest.mark.skipif(not DEJAVU.exists(), reason="needs the Debian package fonts-dejavu-core")
def test_an_embedded_font() -> None:
    pdfmetrics.registerFont(TTFont("DejaVu", str(DEJAVU)))
    assert _words(lambda canvas: _rows(canvas, [("• naïve “quotes” – §5", "DejaVu", 10)])) == ["• naïve “quotes” – §5"]


# --- pages -------------------------------------------------------------------------------------------------------


def _many(pages: int, header: str, footer: str) -> Callable[[Any], None]:
    def draw(canvas: Any) -> None:
        for number in range(1, pages + 1):
            _rows(canvas, [(header, MINCHO, 8)], top=810)
            _rows(canvas, [(footer.format(number, pages), MINCHO, 8)], left=280, top=30)
            _rows(canvas, [("甲乙丙丁戊己庚"[number - 1] + line, MINCHO, 10) for line in PROSE])
            canvas.showPage()

    return draw


def _body(page: str) -> str:
    return "".join(page + line for line in PROSE)


@pytest.mark.parametrize("footer", ["- {} -", "{}", "{} / {}", "Page {} of {}", "{}ページ", "— {} —"])
@pytest.mark.parametrize("pages", [2, 3, 7])
def test_headers_and_page_numbers_are_left_out(pages: int, footer: str) -> None:
    assert _words(_many(pages, "株式会社東西　社内規程", footer)) == [_body(page) for page in "甲乙丙丁戊己庚"[:pages]]


def test_the_number_of_an_only_page_is_left_out_and_other_numbers_are_not() -> None:
    assert _words(_many(1, "規程集", "1")) == ["規程集", _body("甲")]
    assert _words(_many(1, "規程集", "2024")) == ["規程集", _body("甲"), "2024"]


def test_a_sentence_goes_on_over_the_page() -> None:
    def draw(canvas: Any) -> None:
        for number, lines in enumerate((PROSE[:2], PROSE[2:]), 1):
            _rows(canvas, [(f"- {number} -", MINCHO, 8)], left=280, top=30)
            _rows(canvas, [(line, MINCHO, 10) for line in lines])
            canvas.showPage()

    assert _words(draw) == ["".join(PROSE)]


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [
        "当社は、個人情報を取り扱うにあたり、次の方",
        "針を定めます。",
        "(1) 法令を守り、必要な範囲に限って個人情報を",
        "取得します。",
    ]
    right = [
        "(2) 個人情報を安全に管理し、従業者と委託先を",
        "監督します。",
        "(3) お客様からの請求に、遅滞なく応じることを",
        "約束します。",
    ]

    def draw(canvas: Any) -> None:
        _rows(canvas, [("プライバシーポリシー", MINCHO, 14)], top=780)
        _rows(canvas, [(line, MINCHO, 10) for line in left])
        _rows(canvas, [(line, MINCHO, 10) for line in right], left=310)

    joined = ["".join(pair) for pair in zip(left[::2] + right[::2], left[1::2] + right[1::2], strict=True)]
    assert _words(draw) == ["プライバシーポリシー", *joined]


def test_cells_side_by_side_are_no_columns() -> None:
    rows = [
        ("名称", "株式会社東西"),
        ("住所", "東京都千代田区"),
        ("電話", "03-0000-0000"),
        ("窓口", "総務部"),
        ("受付", "平日"),
    ]

    def draw(canvas: Any) -> None:
        _rows(canvas, [(key, MINCHO, 10) for key, _ in rows])
        _rows(canvas, [(value, MINCHO, 10) for _, value in rows], left=200)

    assert _words(draw) == [f"{key} {value}" for key, value in rows]


# --- bad input ---------------------------------------------------------------------------------------------------


def _picture(canvas: Any, pages: int = 1) -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    for _ in range(pages):
        canvas.drawImage(ImageReader(Image.new("L", (50, 70), 200)), 0, 0, 595, 842)
        canvas.showPage()


def _refused(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        pdf.read(data, "policy.pdf")


def test_scans_are_refused() -> None:
    _refused(_pdf(lambda canvas: _picture(canvas, 3)), r"policy\.pdf: scanned: pages 1-3 hold no text")


def test_a_scanned_page_among_others_is_refused_too() -> None:
    def draw(canvas: Any) -> None:
        _rows(canvas, [(line, MINCHO, 10) for line in PROSE])
        canvas.showPage()
        _picture(canvas)

    _refused(_pdf(draw), "scanned: page 2 holds no text")


def test_letters_turned_into_drawings_are_refused() -> None:
    def draw(canvas: Any) -> None:
        for index in range(500):
            canvas.line(index, 10, index, 20)

    _refused(_pdf(draw), "scanned: page 1 holds no text")


def test_empty_pages_are_refused() -> None:
    _refused(_pdf(lambda canvas: canvas.showPage()), "no text in it")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("Wklv srolfb ghvfulehv krz zh froohfw dqg xvh shuvrqdo lqirupdwlrq. ", "letters are vowels"),
        ("(cid:12)(cid:345)(cid:67)(cid:8) ", "do not say what"),
        ("縟郢筵罘絏聒膠臑茱莪", "kanji and 0 hiragana"),
        ("ぬゆぐぜづぢぬびぶべゎゑ", "hiragana are not those"),
        ("\ue001\ue002\ue003個人", "do not say what"),
    ],
)
def test_garbled_text_is_refused(words: str, message: str) -> None:
    from normalizer.reading.pdf import legible
    from normalizer.reading.pdf.layout import Page, Run

    unmapped = sum("\ue000" <= char <= "\uf8ff" for char in words)
    runs = tuple(Run(words, 72, 500, 700 - 12 * index, 10, False) for index in range(30))
    with pytest.raises(InputError, match=f"policy.pdf: garbled: .*{message}"):
        legible.check([Page(1, 595, 842, runs, False, 30 * unmapped)], "policy.pdf")


def test_true_text_is_not_called_garbled() -> None:
    from normalizer.reading.pdf import legible
    from normalizer.reading.pdf.layout import Page, Run

    for path in sorted((Path(__file__).parent.parent / "corpus").glob("*.txt")):
        runs = tuple(
            Run(line, 72, 500, 700, 10, False) for line in path.read_text(encoding="utf-8").splitlines() if line
        )
        assert legible.garbled([Page(1, 595, 842, runs, False)]) == "", path.name


def test_an_encrypted_file_is_refused() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    data = _pdf(lambda canvas: _rows(canvas, [("x", "Helvetica", 10)]), encrypt=StandardEncryption("secret"))
    _refused(data, "encrypted; save it without a password")


GOOD = _pdf(lambda canvas: _rows(canvas, [(line, MINCHO, 10) for line in PROSE]))


def test_a_broken_cross_reference_table_is_mended() -> None:
    broken = re.sub(rb"startxref\s+\d+", b"startxref\n999999", GOOD)
    assert pdf.read(broken, "policy.pdf")[0] == "".join(PROSE)


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7\n", b"%PDF-1.7\n%%EOF", b"no PDF", GOOD[:200], b"\0" * 1000, GOOD.replace(b"/Pages", b"/Sages")]
)
def test_damaged_files_are_refused(data: bytes) -> None:
    _refused(data, r"policy\.pdf: ")


def test_too_many_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("normalizer.reading.pdf.pages.MAX_PAGES", 3)
    _refused(_pdf(_many(4, "規程", "{}")), "4 pages; a policy has at most 3")


def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("normalizer.reading.pdf.pages.MAX_SECONDS", -1.0)
    _refused(GOOD, "page 1 not reached")


@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=8), st.booleans())
@settings(max_examples=60)
def test_any_damage_gives_text_or_an_input_error(place: int, noise: bytes, cut: bool) -> None:
    data = GOOD[:place] + noise + (b"" if cut else GOOD[place + len(noise) :])
    try:
        text, blocks = pdf.read(data, "policy.pdf")
    except InputError as error:
        text, blocks = str(error), ()
    assert blocks or text.startswith("policy.pdf: ")
    assert all(text[block.start : block.end].strip() for block in blocks)


def test_pypdf_reads_what_pdfium_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Any:
        raise ValueError("pdfium gave up")

    monkeypatch.setattr("normalizer.reading.pdf.pages._pdfium_pages", broken)
    assert pdf.read(GOOD, "policy.pdf")[0] == "".join(PROSE)


def test_many_threads_read_at_once() -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(pdf.read(GOOD, "policy.pdf")[0])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["".join(PROSE)] * 8


def test_a_file_with_its_ending(tmp_path: Path) -> None:
    path = tmp_path / "policy.pdf"
    path.write_bytes(GOOD)
    document = read(path)
    assert (document.format, document.text) == ("pdf", "".join(PROSE))
