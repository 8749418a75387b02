"""What holds of any text whatever: coverage, order, faithful spans, the tree, no crash, sameness, linear time."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from normalizer import reading
from normalizer.errors import EncodingError, InputError, NormalizerError
from normalizer.glossary import glossary_folder
from normalizer.reading.plain import shown
from normalizer.segment import segment

if TYPE_CHECKING:
    from collections.abc import Callable

    from normalizer import Analysis, Clause, Document, Normalizer

MARKERS = [
    *(
        "第1条",
        "第二条",
        "第３条（",
        "Article 4",
        "ARTICLE 5 (",
        "Section 1.",
        "1.",
        "2.",
        "３．",
        "1.1",
        "3-1",
        "(1)",
        "（２）",
    ),
    *(
        "1)",
        "①",
        "②",
        "(②",
        "③．",
        "ア）",
        "イ．",
        "(a)",
        "(i)",
        "iv.",
        "b)",
        "・",
        "•",
        "- ",
        "* ",
        "■",
        "【",
        "】",
        "※",
        "附則",
    ),
    *(
        "一、",
        "（一）",
        "First:",
        " - 3.",
        "１　",
        "２　",
        "A. ",
        "#",
        "## ",
        "> ",
        "| a | b |\n|---|---|\n",
        "```",
        "---\n",
    ),
]
WORDS = [
    *(
        "当社は",
        "個人情報",
        "第三者に提供しません。",
        "以下の",
        "次の場合を除き、",
        "お問い合わせ",
        "プライバシーポリシー",
        "について",
    ),
    *(
        "利用目的",
        "こと",
        "場合",
        "ｶﾅ",
        "ﾌﾟﾗｲﾊﾞｼｰ",
        "㈱",
        "（",
        "）",
        "「",
        "」",
        "。",
        "、",
        "：",
        "2024年4月1日",
        "令和5年",
        "第27条第1項",
    ),
    *(
        "We",
        "collect",
        "the following",
        "information:",
        "Privacy Policy",
        "third parties",
        "Send feedback",
        "etc.",
        "and",
        "to",
    ),
    *(
        "info@example.jp",
        "https://example.jp/a?b=c",
        "03-0000-0000",
        "1,100円（税込）",
        "10%",
        "👍🏽",
        "e\u0301",
        "か\u3099",
    ),
    *("\ud800", "\udfff", "\0", "\x1f", "\u200b", "\ufeff", "\ue000", "\U0010ffff", "ﷺ", "\u202e", "１２３", "…", "—"),
]
WHITE = [
    " ",
    "  ",
    "\u3000",
    "\t",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "\x0b",
    "\x0c",
    "\x85",
    "\u2028",
    "\u2029",
    "\xa0",
    "\n    ",
    "",
]

structured = st.lists(
    st.one_of(st.sampled_from(MARKERS), st.sampled_from(WORDS), st.sampled_from(WHITE)), max_size=60
).map("".join)
texts = st.one_of(structured, st.text(max_size=200), st.text("(（1２①)）.。・第条\n　 aあ", max_size=120))
formats = st.sampled_from(["text", "markdown"])
HARD = [
    "\ud800\udc00あ\n(1)\ud83d",
    "a\0b\n1.\0\n2.",
    "第1条（\n第2条（",
    "①②③④",
    "•••••a",
    "1.2.3.4.5.6.7.8.9",
    "第第第条条条1",
    "(1)(2)(3)(4)あ",
    "【【【】】】あ。",
    "\u3000\u3000あ\x85\u2028い",
    "1\n\n2\n\n3 あ",
    "-\n-\n-\na",
]


def _document(text: str, format: str) -> Document | None:
    try:
        return reading.read_text(text, format=format)
    except InputError:
        return None


def _check_clauses(text: str, clauses: tuple[Clause, ...]) -> None:
    """Coverage, order, spans that are trimmed, ids in order, parents before their children."""
    place = 0
    for index, clause in enumerate(clauses):
        assert clause.id == f"c{index + 1}"
        assert place <= clause.start < clause.end <= len(text)
        assert not shown(text[place : clause.start]).strip()
        assert text[clause.start : clause.end] == text[clause.start : clause.end].strip()
        assert clause.start <= clause.body <= clause.end
        assert clause.parent is None or 1 <= int(clause.parent[1:]) <= index
        assert clause.parent is None or clauses[int(clause.parent[1:]) - 1].kind != "furniture"
        assert (clause.label is None) or clause.number
        assert clause.number is None or text.startswith(clause.number, clause.start)
        place = clause.end
    assert not shown(text[place:]).strip()


@given(texts, formats)
@settings(max_examples=300)
def test_clauses_cover_the_text_once_and_in_order(text: str, format: str) -> None:
    document = _document(text, format)
    if document:
        _check_clauses(document.text, segment(document, glossary_folder()))


@pytest.mark.parametrize("text", HARD)
@pytest.mark.parametrize("format", ["text", "markdown"])
def test_hard_texts(text: str, format: str) -> None:
    document = _document(text, format)
    assert document is not None
    _check_clauses(document.text, segment(document, glossary_folder()))


def _check_analysis(analysis: Analysis) -> None:
    text = analysis.document.text
    _check_clauses(text, analysis.clauses)
    for clause in analysis.clauses:
        assert clause.language in ("ja", "en")
        spans = [(m.start, m.end) for m in clause.mentions] + [(f.start, f.end) for f in clause.facts]
        assert all(clause.start <= start < end <= clause.end for start, end in spans)
        assert all(0 <= mention.score <= 1 for mention in clause.mentions)
        assert clause.category not in clause.also


@given(texts, formats)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example("第1条（目的）\ud800当社は\0、令和5年4月1日から1,100円を頂きます。", "text")
@example("# \ud800\n\n1. a\n   1. b\n\n| a | あ |\n|---|---|\n| c | \0d |", "markdown")
def test_analyze_raises_nothing_but_its_own_errors(normalizer: Normalizer, text: str, format: str) -> None:
    try:
        analysis = normalizer.analyze(text, format=format)
    except NormalizerError:
        return
    _check_analysis(analysis)
    assert normalizer.analyze(text, format=format) == analysis
    assert all(line.model_dump_json() for line in normalizer.lines(analysis))


@given(structured)
@settings(max_examples=100)
def test_plain_text_stays_as_it_is(text: str) -> None:
    document = _document(text, "text")
    if document and "\ud800" not in text and "\udfff" not in text:
        assert document.text == text


@given(st.one_of(st.binary(max_size=200), texts.map(lambda text: text.encode("utf-8", "replace"))))
@settings(max_examples=300)
def test_reading_bytes_gives_a_document_or_an_input_error(data: bytes) -> None:
    message = "any.txt"
    try:
        text = reading.read(data, "any.txt").text
        assert text.encode("utf-8", "strict").decode("utf-8") == text
    except InputError as error:  # EncodingError is one
        message = str(error)
    assert "any.txt" in message


JAPANESE = st.text(
    "あいうえおかきくけこさしすせそのはをがにでと個人情報提供利用目的当社、。\n（）「」カタカナー",
    min_size=30,
    max_size=300,
)


@given(JAPANESE, st.sampled_from(["utf-8", "utf-8-sig", "cp932", "euc_jp", "iso2022_jp", "utf-16"]))
def test_each_encoding_of_japan_is_told_by_its_bytes(text: str, encoding: str) -> None:
    words = "当社はお客様の情報をみだりに使いません。" + text
    try:
        document = reading.read(words.encode(encoding))
    except EncodingError:
        pytest.fail(f"{encoding} not recognised")
    assert document.text == words


# --- linear time ---------------------------------------------------------------------------------------------------

QUADRATIC = 64  # how much longer eight times the text takes where time is quadratic; linear would be 8

ADVERSARIAL: dict[str, Callable[[int], str]] = {
    "digits": lambda n: "1" * n,
    "wide digits": lambda n: "１" * n,
    "brackets": lambda n: "(1)" * n,
    "counting": lambda n: "".join(f"({i % 900 + 1})あ" for i in range(n)),
    "circled": lambda n: "①②③" * n,
    "open brackets": lambda n: "（「" * n + "あ",
    "ordinals": lambda n: "第" * n,
    "articles": lambda n: "第1条（" * n,
    "full stops": lambda n: "。" * n + "あ",
    "dots": lambda n: "1." * n,
    "dashes": lambda n: "1-" * n,
    "spaces inside": lambda n: "a" + " " * n + "b",
    "wide spaces inside": lambda n: "あ" + "\u3000" * n + "い",
    "at signs": lambda n: "a@" * n,
    "urls": lambda n: "http://" * n,
    "bullets": lambda n: "•a" * n,
    "letters": lambda n: "a" * n,
    "words": lambda n: "the third party " * n,
    "kana": lambda n: "あ" * n,
    "sentences": lambda n: "当社は、次の場合を除き、第三者に提供しません。" * n,
    "years": lambda n: "令和5年" * n,
    "sums": lambda n: "1,000円" * n,
    "kanji numbers": lambda n: "二十" * n,
    "half-width kana": lambda n: "ﾌﾟ" * n,
    "marks": lambda n: "か\u3099" * n,
    "lines": lambda n: "(1)\n" * n,
    "numbered lines": lambda n: "".join(f"{i % 900 + 1}. あいう\n" for i in range(n)),
    "unfinished lines": lambda n: "当社は、お客様の情報を適切に取り扱うために、\n" * n,
    "wrapped lines": lambda n: "we keep the data that you give to us for as long as the law asks us to\n" * n,
    "short lines": lambda n: "利用目的\n" * n,
    "headings": lambda n: "第1条（あ）\n" * n,
    "empty lines": lambda n: "あ" + "\n" * n + "い",
    "introductions": lambda n: "次のとおりです：\n" * n,
    "lists in sentences": lambda n: "あ。①い②う" * n,
    "spaces in a title": lambda n: "a" + " " * n + "b\nWe do it.\n",
    "wide spaces in a title": lambda n: "あ" + "\u3000" * n + "い\nう。\n",
    "lists in lists": lambda n: "(1) 次のとおり：\n" * n,
    "titles": lambda n: "(a)" + "ivx" * n + "\nあ。",
    "Japanese stops in English": lambda n: "We collect personal data " + "。" * n,
    "one paragraph": lambda n: "当社は、法令に基づく場合を除き、本人の同意なく第三者に個人情報を提供しません。" * n,
    "operations": lambda n: "第三者に提供し" * n + "ます。",
    "requests": lambda n: "開示、訂正の請求に応じます。" * n,
    "limits of money": lambda n: "現金200万円を超える、" * n,
    "addresses": lambda n: "個人情報 https://example.com/a 、" * n,
    "defined names": lambda n: "".join(f"個人情報（以下「用語{i}」といいます。）を、" for i in range(n)),
    "without consent": lambda n: "当社は" + "同意なく" * n + "提供しません。",
    "exceptions": lambda n: "In case " + "except if a request, " * n + "personal data.",
    "deep indent": lambda n: "".join(" " * (i % 40) + "・あ\n" for i in range(n)),
}


def _seconds(call: Callable[[], object]) -> float:
    """The better of two, so that a pause of the machine does not count."""
    times = []
    for _ in range(2):
        began = time.process_time()
        call()
        times.append(time.process_time() - began)
    return min(times)


def _sized(make: Callable[[int], str], size: int) -> str:
    """A text of about `size` characters."""
    return make(max(1, size * 100 // len(make(100))))


def _growth(run: Callable[[str], object], make: Callable[[int], str], size: int) -> float:
    """How many times longer eight times the text takes, above a floor of what a clock can tell."""
    small, large = _sized(make, size), _sized(make, 8 * size)
    run(small)  # caches filled
    return _seconds(lambda: run(large)) / max(_seconds(lambda: run(small)), 0.004)


@pytest.mark.slow
@pytest.mark.parametrize("name", ADVERSARIAL)
def test_segmentation_takes_linear_time(name: str) -> None:
    def run(text: str) -> None:
        if document := _document(text, "text"):
            segment(document, glossary_folder())

    assert _growth(run, ADVERSARIAL[name], 12_000) < QUADRATIC / 2


@pytest.mark.slow
@pytest.mark.parametrize("name", ADVERSARIAL)
def test_markdown_takes_linear_time(name: str) -> None:
    assert _growth(lambda text: _document(text, "markdown"), ADVERSARIAL[name], 8_000) < QUADRATIC / 2


@pytest.mark.slow
@pytest.mark.parametrize("name", ADVERSARIAL)
def test_analysis_takes_linear_time(name: str, normalizer: Normalizer) -> None:
    def run(text: str) -> None:
        with contextlib.suppress(NormalizerError):
            normalizer.analyze(text)

    assert _growth(run, ADVERSARIAL[name], 4_000) < QUADRATIC / 2


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "digits",
        "brackets",
        "ordinals",
        "full stops",
        "open brackets",
        "spaces inside",
        "dots",
        "bullets",
        "unfinished lines",
    ],
)
def test_a_line_of_a_million_characters_is_cut_in_bounded_time(name: str) -> None:
    """Against the same text eight times shorter, so that no machine is too slow for it."""

    def run(text: str) -> None:
        if document := _document(text, "text"):
            segment(document, glossary_folder())

    assert _growth(run, ADVERSARIAL[name], 125_000) < QUADRATIC / 2
