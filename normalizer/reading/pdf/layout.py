"""The types between a PDF's pages and its paragraphs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Character:
    """One character of a page. Lengths are points of 1/72 inch, y grows upward."""

    sign: str
    left: float
    right: float
    y: float  # of the base line
    size: float
    bold: bool
    hyphen: bool
    unmapped: bool  # its font does not say what it is


@dataclass(frozen=True, slots=True)
class Run:
    """Characters side by side on one base line."""

    text: str
    left: float
    right: float
    y: float  # of the base line
    size: float  # of the font
    bold: bool
    hyphen: bool = False  # the line breaks inside a word


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on a page."""

    number: int  # from 1
    width: float
    height: float
    runs: tuple[Run, ...]
    pictured: bool  # an image or drawing fills it
    unmapped: int = 0  # characters whose font does not say what they are


@dataclass(frozen=True, slots=True)
class Line:
    """A line of one column of a page, in reading order."""

    text: str
    left: float
    right: float
    y: float
    size: float
    bold: bool
    hyphen: bool
    page: int
    column: int  # 0 over the whole width, 1 left, 2 right
    cells: int  # pieces with wide gaps between them, as in the row of a table
    page_width: float
    page_height: float
