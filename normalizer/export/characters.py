"""Text of a policy → text that a file of the format can carry, and that nothing takes for a formula."""

from __future__ import annotations

import re

LOST = "\ufffd"
_SURROGATE = re.compile("[\ud800-\udfff]")
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # by XML 1.0, section 2.2
_BREAK = re.compile("\r\n?|[\x0b\x0c]")  # a form feed of a PDF, a manual line break of Word: XML forbids both
# What spreadsheets take for the start of a formula (OWASP, CSV Injection); full-width forms count in Japanese editions.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def whole(text: str) -> str:
    """The text with U+FFFD for halves of surrogate pairs, which UTF-8 cannot carry."""
    return _SURROGATE.sub(LOST, text)


def writable(text: str) -> str:
    """The text with U+FFFD for what XML forbids, and LF for all breaks of lines and pages. Marks of direction stay."""
    return _FORBIDDEN.sub(LOST, _BREAK.sub("\n", text))


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would compute the text."""
    return text.startswith(_FORMULA)
