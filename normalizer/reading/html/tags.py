"""The elements of HTML by what they are to a reader; names as in the HTML standard."""

from __future__ import annotations


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


HEADINGS = _names("h1 h2 h3 h4 h5 h6")
LISTS = _names("ul ol menu dir")
BOLD = _names("b strong")
# Elements that say no more than "a line": what is directly in them is judged as lines of plain text are.
LINES = _names("body div section article main header footer aside nav center form fieldset pre address details dialog")
BLOCKS = (
    LINES
    | LISTS
    | HEADINGS
    | _names("p li dl dt dd blockquote table caption thead tbody tfoot tr td th summary hr figure figcaption")
    | _names("legend hgroup button")
)
SPACED = HEADINGS | LISTS | _names("p dl pre blockquote table hr tr figure dt summary")  # with a margin above
TEXTS = HEADINGS | _names("p li dd td pre blockquote")  # elements that hold words of the policy directly
REGIONS = _names("nav header footer aside")
NEVER_SHOWN = _names("head script style template noscript svg math iframe embed canvas audio video select") | _names(
    "datalist textarea input map area rt rp -comment"
)
# Elements that the parser closes by itself, so that a missing end tag makes nothing deeper, and those without content.
UNNESTED = _names(
    "p li dt dd tr td th thead tbody tfoot option optgroup colgroup caption rb rt rtc rp html head body"
) | _names("br hr img input meta link area base col embed source track wbr param")
# Elements that the parser opens anew in each block while they are not closed.
FORMATTING = _names("a b big code em font i nobr s small strike strong tt u")
