"""The bytes of a page → its text: the declared charset as browsers map it, then the project's strict trial.

Labels: WHATWG Encoding Standard, https://encoding.spec.whatwg.org/#names-and-labels. Where it and Python differ:
shift_jis means Windows-31J (cp932), iso-8859-1 means windows-1252, and a page that says utf-16 in its own markup
cannot be that.
"""

from __future__ import annotations

import codecs
import re

from normalizer.errors import EncodingError
from normalizer.reading.encoding import decode

HEAD = 4096  # bytes in which a declaration is looked for; browsers take 1024, generators write long heads
DECLARED = re.compile(rb"""(?:charset|encoding)\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z0-9_:.\-]{2,40})""", re.IGNORECASE)
SHIFT_JIS = ("shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji", "ms932", "windows-31j", "csshiftjis", "cp932")
EUC_JP = ("euc-jp", "x-euc-jp", "euc_jp", "eucjp", "cseucpkdfmtjapanese")
LABELS = {
    **dict.fromkeys(SHIFT_JIS, ("cp932", "shift_jis_2004")),
    **dict.fromkeys(EUC_JP, ("euc_jp", "euc_jis_2004")),
    **dict.fromkeys(("iso-2022-jp", "csiso2022jp"), ("iso2022_jp", "iso2022_jp_ext")),
}
BROKEN = 200  # a page in a declared encoding may have one unreadable character in so many


def decode_page(data: bytes, name: str) -> tuple[str, str]:
    """The text and its encoding. `name` is what messages call the page.

    A declared Japanese encoding holds where the bytes fit it, but for bytes that are UTF-8, which nothing else is
    by accident. A page with a stray bad byte, as merged pages have, is read with U+FFFD in its place, and the
    encoding says so. Raises EncodingError.
    """
    declared = DECLARED.search(data[:HEAD])
    codes = LABELS.get(declared.group(1).decode("ascii").lower(), ()) if declared else ()
    if codes and not _is_utf8(data) and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        for code in codes:
            try:
                return data.decode(code), code
            except UnicodeError:
                continue
    try:
        return decode(data, name)
    except EncodingError:
        if mended := _mended(data, codes[0] if codes else "utf-8"):
            return mended
        raise


def _mended(data: bytes, code: str) -> tuple[str, str] | None:
    """Decoded with U+FFFD for what cannot be read, if that is little."""
    text = data.decode(code, "replace")
    lost = text.count("\ufffd")
    if lost * BROKEN > len(text) or text.count("\0") * BROKEN > len(text):
        return None
    return text, f"{code}, {lost} characters unreadable"


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeError:
        return False
    return not data.isascii()
