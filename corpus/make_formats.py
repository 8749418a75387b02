"""The policies of this folder → the same as HTML, Markdown, DOCX and PDF, as a site or an office would write them.

    python corpus/make_formats.py OUT

The clauses that the project finds in the text files are the truth: each format states them with its own means (list
numbers made by the browser or by Word, never typed, where it has them), between the furniture that its pages have.
Needs python-docx and reportlab.
"""

from __future__ import annotations

import html
import io
import itertools
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from normalizer.glossary import glossary_folder
from normalizer.reading import read
from normalizer.segment import segment

if TYPE_CHECKING:
    from normalizer.model import Clause

CORPUS = Path(__file__).parent
FORMATS = {
    **{"html": ".html", "markdown": ".md", "docx": ".docx", "pdf": ".pdf", "columns": ".columns.pdf"},
    "windows": ".win.txt",
}
ORDERED = {"dot-digit": "1", "dot-letter": "a", "dot-roman": "i"}  # what a browser numbers as the policy does
# Label style → Word's number format, and the text around the number.
WORD = {
    "dot-digit": ("decimal", "%1."),
    "paren-digit": ("decimal", "(%1)"),
    "circled": ("decimalEnclosedCircle", "%1"),
    "paren-letter": ("lowerLetter", "(%1)"),
    "bare-kana": ("aiueoFullWidth", "%1"),
    "article": ("decimal", "第%1条"),
    "ordinal": ("japaneseCounting", "第%1"),
    "bullet": ("bullet", "・"),
    "dash-bullet": ("bullet", "-"),
}
BULLETS = ("bullet", "dash-bullet")


@dataclass(frozen=True, slots=True)
class Part:
    """A clause of the policy, and how deep it stands."""

    kind: str
    number: str  # the marker as written, "" if none
    style: str  # of the marker
    value: int  # the number it stands for
    body: str
    level: int  # headings: from 1; items: in so many lists; else 0

    @property
    def text(self) -> str:
        space = "" if not self.number or self.style == "circled" or self.number.endswith("）") else " "
        return f"{self.number}{space}{self.body}"


def parts(path: Path) -> list[Part]:
    """The clauses of a text file."""
    document = read(path)
    clauses = segment(document, glossary_folder())
    by_id = {clause.id: clause for clause in clauses}
    return [_part(clause, document.text, by_id) for clause in clauses if clause.kind != "furniture"]


def _part(clause: Clause, text: str, by_id: dict[str, Clause]) -> Part:
    level, parent = 1, clause.parent
    while parent is not None:
        level, parent = level + (by_id[parent].kind == clause.kind), by_id[parent].parent
    label = clause.label
    value = label.number[-1] if label and label.number else 0
    body = text[clause.body : clause.end].strip().replace("\t", "　　")  # which a page would show as one space
    depth = level if clause.kind in ("heading", "item") else 0
    return Part(clause.kind, clause.number or "", label.style if label else "", value, body, depth)


# --- HTML --------------------------------------------------------------------------------------------------------


def to_html(policy: list[Part], language: str) -> bytes:
    """A page of a site: menus around the policy, lists that the browser numbers."""
    out: list[str] = []
    lists: list[tuple[str, str]] = []  # style and tag of the open ones
    for part in policy:
        while lists and (part.kind != "item" or len(lists) > part.level or _ends(lists, part)):
            out.append(f"</li></{lists.pop()[1]}>")
        if part.kind == "heading":
            out.append(f"<h{min(6, part.level)}>{html.escape(part.text)}</h{min(6, part.level)}>")
        elif part.kind == "paragraph":
            out.append(f"<p>{html.escape(part.text)}</p>")
        else:
            if len(lists) == part.level:
                out.append("</li>")
            else:
                lists.append((part.style, "ul" if part.style in BULLETS else "ol"))
                out.append(_list_tag(part))
            numbered = part.style in ORDERED or part.style in BULLETS
            out.append(f"<li>{html.escape(part.body if numbered else part.text)}")
    out.extend(f"</li></{tag}>" for _, tag in reversed(lists))
    return _page("\n".join(out), language).encode("cp932" if language == "ja" else "utf-8", "xmlcharrefreplace")


def _ends(lists: list[tuple[str, str]], part: Part) -> bool:
    """A list in another style, or one that starts anew, at the depth of the open one."""
    same = len(lists) == part.level
    return same and (lists[-1][0] != part.style or (part.value == 1 and part.style not in BULLETS))


def _list_tag(part: Part) -> str:
    if part.style in BULLETS:
        return "<ul>"
    if part.style in ORDERED:
        return f'<ol type="{ORDERED[part.style]}" start="{part.value}">'
    return '<ol style="list-style-type: none">'


def _page(body: str, language: str) -> str:
    charset = "Shift_JIS" if language == "ja" else "utf-8"
    words = ("会社情報", "製品", "採用情報") if language == "ja" else ("About", "Products", "Careers")
    menu = "".join(f'<li><a href="/{index}">{word}</a></li>' for index, word in enumerate(words))
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="{charset}"><title>Site</title>'
        f"<style>p {{ margin: 0 }}</style></head><body><header><nav><ul>{menu}</ul></nav></header>"
        f'<div class="side"><ul>{menu}</ul></div><div class="main">{body}</div>'
        f"<script>var a = '<p>';</script><footer><ul>{menu}</ul><p>© Site</p></footer></body></html>"
    )


# --- Markdown ----------------------------------------------------------------------------------------------------


def to_markdown(policy: list[Part], language: str) -> bytes:
    """Headings with #, numbers and bullets as Markdown has them; other markers are words of their paragraphs."""
    out: list[str] = []
    bullets: list[int] = []  # levels of the open bullet lists
    for part in policy:
        bullets = [level for level in bullets if level < part.level] if part.style in BULLETS else []
        out.append("  " * len(bullets) + _markdown(part))
        if part.style in BULLETS:
            bullets.append(part.level)
    return "\n\n".join(out).encode()


def _markdown(part: Part) -> str:
    words = "".join(f"\\{char}" if char in "\\`*_<>[]#|" else char for char in part.text)
    if part.kind == "heading":
        return f"{'#' * min(6, part.level)} {words}"
    if part.style in BULLETS:
        return f"- {words[len(part.number) :].lstrip()}"
    return words


# --- DOCX --------------------------------------------------------------------------------------------------------


def to_docx(policy: list[Part], language: str) -> bytes:
    """Heading styles, and numbers that Word makes: a definition for each style of marker, a list for each series."""
    import docx

    document = docx.Document()
    document.sections[0].footer.paragraphs[0].text = "Site"
    numbering = _WordNumbering(document)
    for part in policy:
        own = numbering.list_of(part)
        style = f"Heading {min(9, part.level)}" if part.kind == "heading" else "Normal"
        paragraph = document.add_paragraph(part.body if own else part.text, style=style)
        if own:
            numbering.number(paragraph, own)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


class _WordNumbering:
    """Adds definitions and lists to numbering.xml."""

    def __init__(self, document: Any) -> None:
        self._root = document.part.numbering_part.element
        self._ids = itertools.count(100)
        self._abstract: dict[tuple[str, str], int] = {}
        self._open: dict[tuple[str, str], tuple[int, int]] = {}  # definition → its list, and the last number

    def list_of(self, part: Part) -> int | None:
        """The list that numbers this clause as the policy does; None where Word cannot."""
        format, text = WORD.get(part.style, ("", ""))
        if format == "bullet":
            text = part.number
        key = (format, text)
        if not format or _marker(format, text, part.value) != part.number:
            return None
        number, last = self._open.get(key, (0, -1))
        if not number or (format != "bullet" and part.value != last + 1):
            number = self._add(key, part.value)
        self._open[key] = (number, part.value)
        return number

    def _add(self, key: tuple[str, str], start: int) -> int:
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls

        format, text = key
        if key not in self._abstract:
            self._abstract[key] = next(self._ids)
            self._root.insert(
                0,
                parse_xml(
                    f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{self._abstract[key]}"><w:lvl w:ilvl="0">'
                    f'<w:start w:val="1"/><w:numFmt w:val="{format}"/><w:lvlText w:val="{text}"/>'
                    "</w:lvl></w:abstractNum>"
                ),
            )
        number = next(self._ids)
        self._root.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{self._abstract[key]}"/>'
                f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{max(0, start)}"/></w:lvlOverride></w:num>'
            )
        )
        return number

    def number(self, paragraph: Any, list_id: int) -> None:
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_numId().val = list_id
        properties.get_or_add_ilvl().val = 0


def _marker(format: str, text: str, value: int) -> str:
    """The marker that Word would show, worked out apart from the reader that is tested with it."""
    signs = {
        "decimal": str(value),
        "decimalEnclosedCircle": chr(ord("①") + value - 1) if 0 < value <= 20 else "",
        "lowerLetter": chr(ord("a") + value - 1) if 0 < value <= 26 else "",
        "aiueoFullWidth": "アイウエオカキクケコ"[value - 1 : value],
        "japaneseCounting": "一二三四五六七八九十"[value - 1 : value],
    }
    return text.replace("%1", signs.get(format, ""))


# --- PDF ---------------------------------------------------------------------------------------------------------


def to_pdf(policy: list[Part], language: str, columns: int = 1) -> bytes:
    """Pages with a header and a page number; lines broken as typesetters do, paragraphs not set apart in Japanese."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

    for font in ("HeiseiMin-W3", "HeiseiKakuGo-W5"):
        pdfmetrics.registerFont(UnicodeCIDFont(font))
    out, (width, height) = io.BytesIO(), A4
    frame_width = (width - 144 - 24 * (columns - 1)) / columns
    frames = [
        Frame(72 + (frame_width + 24) * index, 72, frame_width, height - 144, 0, 0, 0, 0) for index in range(columns)
    ]
    title = "Site　プライバシー資料" if language == "ja" else "Site - Privacy documents"

    def furniture(canvas: Any, document: Any) -> None:
        canvas.setFont("HeiseiMin-W3", 8)
        canvas.drawString(72, height - 40, title)
        canvas.drawCentredString(width / 2, 36, f"- {document.page} -")

    template = BaseDocTemplate(out, pagesize=A4, pageTemplates=[PageTemplate("all", frames, onPage=furniture)])
    template.build([Paragraph(_with_fonts(part.text, language), _paragraph_style(part, language)) for part in policy])
    return out.getvalue()


def _paragraph_style(part: Part, language: str) -> Any:
    from reportlab.lib.styles import ParagraphStyle

    heading, japanese = part.kind == "heading", language == "ja"
    size = max(11.5, 18 - 1.5 * part.level) if heading else 10
    font = ("HeiseiKakuGo-W5" if heading else "HeiseiMin-W3") if japanese else f"Times-{'Bold' if heading else 'Roman'}"
    return ParagraphStyle(
        "part",
        fontName=font,
        fontSize=size,
        leading=size * 1.5,
        spaceBefore=8 if heading else 0 if japanese else 4,
        leftIndent=12 * part.level if part.kind == "item" else 0,
        wordWrap="CJK" if japanese else None,
    )


def _with_fonts(text: str, language: str) -> str:
    """Japanese in an English text in a font that has it."""
    if language == "ja":
        return html.escape(text, quote=False)
    runs = [(wide, "".join(chars)) for wide, chars in itertools.groupby(text, lambda char: char > "\u2190")]
    return "".join(
        f'<font name="HeiseiMin-W3">{html.escape(run)}</font>' if wide else html.escape(run, quote=False)
        for wide, run in runs
    )


def to_windows(path: Path) -> bytes:
    """The text as Windows keeps it, with its line ends: Japanese in Shift_JIS, English in UTF-16."""
    encoding = "cp932" if path.suffixes[-2] == ".ja" else "utf-16"
    return path.read_text(encoding="utf-8").replace("\n", "\r\n").encode(encoding)


def convert(path: Path, format: str) -> bytes:
    """A policy's text file (NAME.ja.txt, NAME.en.txt) in another format: a key of FORMATS."""
    if format == "windows":
        return to_windows(path)
    policy, language = parts(path), path.suffixes[-2].removeprefix(".")
    match format:
        case "html":
            return to_html(policy, language)
        case "markdown":
            return to_markdown(policy, language)
        case "docx":
            return to_docx(policy, language)
    return to_pdf(policy, language, columns=2 if format == "columns" else 1)


def main(out: Path) -> None:
    """Write all policies of this folder in all formats to the folder `out`."""
    out.mkdir(parents=True, exist_ok=True)
    for path in sorted(CORPUS.glob("*.txt")):
        for format, ending in FORMATS.items():
            (out / f"{path.stem}{ending}").write_bytes(convert(path, format))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python corpus/make_formats.py OUT")
    main(Path(sys.argv[1]))
