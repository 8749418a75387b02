"""The records of one policy → its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from normalizer.export.html import charts
from normalizer.export.html.render import render
from normalizer.export.html.view import DOUBTFUL, view
from normalizer.export.html.words import Words
from normalizer.glossary import glossary_folder
from normalizer.model import LANGUAGES
from normalizer.records import SEVERITIES, clause_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normalizer.export.html.view import Coverage, View
    from normalizer.glossary import Glossary
    from normalizer.model import Analysis
    from normalizer.records import Difference, Record


def page(
    records: Sequence[Record], ja: Analysis, en: Analysis, differences: Sequence[Difference], glossary: Glossary
) -> str:
    """One self-contained HTML page of a policy in both versions, to be written as UTF-8.

    records: of `Normalizer.align(ja, en)`, all of one policy. differences: they are numbered in this order; their
    spans count characters of the two documents' texts. glossary: names and definitions of the concepts.
    Raises GlossaryError where the words of the interface cannot be read.
    """
    clauses = {"ja": clause_lines(ja), "en": clause_lines(en)}
    return policy_page(view(records, clauses, differences, glossary, Words.load(glossary_folder())))


def policy_page(shown: View, home: str | None = None) -> str:
    """The page of a view. home: the address of the index that it belongs to."""
    order = {entry.number: SEVERITIES.index(entry.difference.severity) for entry in shown.entries}
    sources = shown.provenance.get("sources")
    return render(
        "page.html",
        shown.words,
        view=shown,
        home=home,
        sides=LANGUAGES,
        doubtful=DOUBTFUL,
        kinds=tuple(dict.fromkeys(covered.kind for covered in shown.coverage)),
        data={covered.id: _card(covered) for covered in shown.coverage},
        category_bars=charts.category_bars(shown),
        severity_bars=charts.severity_bars(shown),
        state_bars=charts.state_bars(shown),
        score_bars=charts.score_bars(shown),
        severity_of=lambda numbers: SEVERITIES[min(order[number] for number in numbers)],
        sources=tuple(sources.items()) if isinstance(sources, dict) else (),
        versions=tuple((name, value) for name, value in shown.provenance.items() if name != "sources"),
    )


def _card(covered: Coverage) -> dict[str, Any]:
    """What the card of a concept says."""
    return {
        "ja": [covered.label.ja, covered.definition.ja, covered.ja],
        "en": [covered.label.en, covered.definition.en, covered.en],
        "articles": ", ".join(covered.articles),
    }
