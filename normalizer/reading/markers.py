"""The number of a list item → the marker that a browser or a word processor shows for it: 3 → 3, c, iii, ウ, ハ, 三, ③.

Styles bear their CSS names (W3C, CSS Counter Styles Level 3, https://www.w3.org/TR/css-counter-styles-3/).
"""

from __future__ import annotations

import re

SERIES = {
    "lower-alpha": "abcdefghijklmnopqrstuvwxyz",
    "upper-alpha": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "katakana": "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヰヱヲン",
    "hiragana": "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわゐゑをん",
    "katakana-iroha": "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセス",
    "hiragana-iroha": "いろはにほへとちりぬるをわかよたれそつねならむうゐのおくやまけふこえてあさきゆめみしゑひもせす",
    "cjk-heavenly-stem": "甲乙丙丁戊己庚辛壬癸",
    "cjk-earthly-branch": "子丑寅卯辰巳午未申酉戌亥",
    "lower-greek": "αβγδεζηθικλμνξοπρστυφχψω",
}
# Those of fixed length; past their end, decimal.
FIXED = {
    "circled-decimal": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿",
    "parenthesized-decimal": "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
    "dotted-decimal": "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛",
}
ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
KANJI = "〇一二三四五六七八九"
FORMAL = str.maketrans("一二三十", "壱弐参拾")
WIDE_DIGITS = {ord("0") + digit: ord("０") + digit for digit in range(10)}

# A line that brings a marker of its own gets no second one.
OWN_MARKER = re.compile(
    r"[（(\[〔][0-9０-９a-zａ-ｚA-ZＡ-Ｚア-ンｱ-ﾝ一二三四五六七八九十]{1,3}[)）\]〕]"
    r"|[0-9０-９]{1,3}(?:[.．](?![0-9０-９])|[)）、]|(?:[.．\-－][0-9０-９]{1,2}){1,4}[.．]?(?=[\s　])|　)"
    r"|(?:[ivxIVX]{1,5}|[a-zA-Z])[.)](?=\s|[^\x00-\xff])|[ア-ン一二三四五六七八九十][、.．)） 　]"
    r"|[（(]?[①-⑳⑴-⒇⒈-⒛㉑-㉟㊱-㊿❶-❿・•‣◦▪●○■□◆◇▶▼※✓]|[-－–—*] |[－―—]"
    r"|第[0-9０-９一二三四五六七八九十]{1,4}[章節条項号]|(?:Article|Section|Clause|Chapter) \d"
)

# 第5条に, (2)の, Article 27 of: a line that begins so refers, and numbers nothing.
REFERENCE = re.compile(
    r"(?:第[0-9０-９一二三四五六七八九十]{1,4}[章節条項号]|[（(]\S{1,3}[)）]|[①-⑳])(?:[のにはをがと、。]|及び|および|又は|または|から|まで|第)"
    r"|(?:(?:Article|Section|Clause|Chapter) \d{1,3}(?:\(\w{1,3}\)){0,3}|\(\w{1,3}\))"
    r"[,.]? (?:of|and|or|to|above|below|shall|applies|is|are)\b"
)

# 9-10 本町 is an address, in a cell where it is the value of a name.
DASHED = re.compile(r"[0-9０-９]{1,4}[-－]")


def numeral(style: str, number: int) -> str:
    """`number` (from 1) in a CSS counter style; in decimal where the style is unknown or does not reach so far."""
    if number > 0:
        if style in SERIES:
            return _letters(SERIES[style], number)
        if style in FIXED and number <= len(FIXED[style]):
            return FIXED[style][number - 1]
    if style in ("lower-roman", "upper-roman") and 0 < number < 4000:
        return roman(number) if style == "lower-roman" else roman(number).upper()
    if style in ("cjk-ideographic", "japanese-informal", "japanese-formal") and 0 < number < 10_000:
        return kanji(number).translate(FORMAL) if style == "japanese-formal" else kanji(number)
    if style == "cjk-decimal":
        return "".join(KANJI[int(digit)] for digit in str(abs(number)))
    if style == "fullwidth-decimal":
        return str(number).translate(WIDE_DIGITS)
    return f"{number:02d}" if style == "decimal-leading-zero" else str(number)


def _letters(series: str, number: int) -> str:
    """a … z, aa, ab …"""
    out = ""
    while number > 0:
        number, digit = divmod(number - 1, len(series))
        out = series[digit] + out
    return out


def roman(number: int) -> str:
    """12 → xii"""
    out = ""
    for value, letters in ROMAN:
        count, number = divmod(number, value)
        out += letters * count
    return out


def kanji(number: int) -> str:
    """12 → 十二, below ten thousand."""
    out = ""
    for value, sign in ((1000, "千"), (100, "百"), (10, "十")):
        count, number = divmod(number, value)
        out += ("" if count == 1 else KANJI[count]) + sign if count else ""
    return out + (KANJI[number] if number else "")
