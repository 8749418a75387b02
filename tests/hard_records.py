"""Records that are hard to write: what XML forbids, marks of direction, half a surrogate, formulas, long texts."""

from __future__ import annotations

from normalizer.records import (
    ClauseReference,
    Difference,
    ExceptionShape,
    FactShape,
    LinkShape,
    MentionShape,
    Record,
    Side,
    Span,
    StatementShape,
)

FORBIDDEN = "NUL \x00, escape \x1b, noncharacter \uffff"
DIRECTION = "\u202eright to left\u202c and \u200fمرحبا\u200e"
HALF = "half \ud83d of a pair"
BREAKS = "first\r\nsecond\rthird\x0bfourth\x0cfifth"
ESCAPE = "not a letter: _x0041_"
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝１＋１", "－ item", '=HYPERLINK("http://x.example","y")')
HARD = (FORBIDDEN, DIRECTION, HALF, BREAKS, ESCAPE, *FORMULAS, "  spaced  ", "#N/A", "2024-01-01", "007", "𠮷野家")
DENIED = StatementShape(
    action="ThirdPartyProvision", actor="ControllerSelf", data="PersonalData", purpose=None, recipient="ThirdParty",
    polarity="denied", modality="does", exceptions=(ExceptionShape(start=0, end=1, concepts=("LegalBasisException",)),),
)  # fmt: skip


def side(text: str, language: str = "ja", statement: StatementShape | None = None) -> Side:
    """A side of one clause that says `text`."""
    return Side(
        document=f"invented.{language}.txt",
        clauses=(ClauseReference(id="c1", start=0, end=len(text), number="1.", heading="見出し"),),
        text=text,
        origin="source",
        mentions=(MentionShape(start=0, end=1, text=text[:1], concept="PersonalData", term="ja:x", score=0.5),),
        facts=(FactShape(kind="fee", start=0, end=1, text=text[:1], value="1100 JPY tax-included"),),
        statement=statement,
    )


def difference(severity: str = "high", text: str = "x") -> Difference:
    """A difference whose passage is `text`."""
    message = {"ja": f"数値が異なります：{text}", "en": f"A number differs: {text}"}
    values = {"code": "number_differs", "severity": severity, "message": message, "evidence": {"why": text}}
    return Difference.model_validate(values | {"ja": Span(start=0, end=1, text=text), "en": None})


def record(
    number: int, ja: Side | None, en: Side | None, differences: tuple[Difference, ...] = (), policy: str = "架空 & co"
) -> Record:
    """A record at a position of an invented policy."""
    kind = f"{int(ja is not None)}-{int(en is not None)}"
    return Record(
        id=f"{policy}#{number:04d}",
        policy=policy,
        position=number,
        ja=ja,
        en=en,
        category="third_party_provision",
        concepts=("ThirdPartyProvision", "PersonalData"),
        link=LinkShape(kind=kind, score=0.00005, origin="aligned" if ja and en else "none", evidence={"words": 1.5}),
        differences=differences,
        provenance={"normalizer": "0.1.0", "sources": {"ja": {"document": "invented.ja.txt"}}},
    )


def hard_records() -> list[Record]:
    """One record for each hard text, then one-sided ones, and one with differences and a denied statement."""
    texts = [record(n, side(text), side(text, "en"), (difference("low", text),)) for n, text in enumerate(HARD, 1)]
    alone = [record(90, side("片側だけ"), None), record(91, None, side("one side", "en"))]
    both = (difference("low"), difference("high"), difference("medium"))
    told = record(92, side("提供しません。", statement=DENIED), side("We do not provide.", "en", DENIED), both)
    return [*texts, *alone, told]
