"""TMX and XLIFF: what is written is valid and whole, what is read is checked, a translator's work comes back."""

from __future__ import annotations

import io
import tracemalloc
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import CASES, CORPUS
from hypothesis import given
from hypothesis import strategies as st

from normalizer.errors import ExchangeError, LanguageError
from normalizer.export import tmx as tmx_export
from normalizer.export import xliff as xliff_export
from normalizer.memory import Memory, Unit
from normalizer.memory.back import Returned
from normalizer.memory.exchange import Report, export, units
from normalizer.memory.tmx import read as read_tmx
from normalizer.memory.xliff import read as read_xliff
from normalizer.records import Difference, LinkShape, Record, Side

etree: Any = pytest.importorskip("lxml.etree")

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from normalizer import Normalizer
    from normalizer.memory import Entry

SCHEMAS = CASES / "schemas"
XLIFF2 = "{urn:oasis:names:tc:xliff:document:2.0}"
ODD = "a\x0bb\ud800c\ufffe \u202eد\u200f & <b> ]]> \"q\" 'a'\r\nend\ttab　 "


def side(text: str, origin: Any = "source") -> Side:
    return Side(document="d.txt", clauses=(), text=text, origin=origin, mentions=(), facts=(), statement=None)


def record(number: int, ja: Side | None, en: Side | None, score: float = 0.99, policy: str = "p") -> Record:
    own = ja is not None and en is not None
    return Record(
        id=f"{policy}#{number:04d}",
        policy=policy,
        position=number,
        ja=ja,
        en=en,
        category="other",
        concepts=(),
        link=LinkShape(kind="1-1" if own else "1-0", score=score, origin="aligned" if own else "none", evidence={}),
        provenance={},
    )


@pytest.fixture(scope="module")
def shop(normalizer: Normalizer) -> tuple[Record, ...]:
    """The records of a policy of the corpus, some of them as if filled in."""
    found = list(normalizer.align(CORPUS / "01-aozora-shop.ja.txt", CORPUS / "01-aozora-shop.en.txt", "01-aozora-shop"))
    for place, origin in ((3, "argos"), (4, "memory")):
        made = found[place]
        assert made.en
        found[place] = made.model_copy(update={"en": made.en.model_copy(update={"origin": origin})})
    found[5] = found[5].model_copy(update={"en": None})
    found[6] = found[6].model_copy(update={"ja": None})
    return tuple(found)


def tmx(records: Iterable[Record]) -> bytes:
    out = io.BytesIO()
    tmx_export.write(records, out)
    return out.getvalue()


def xliff(records: Iterable[Record], version: Any = "2.1", source: Any = "ja") -> bytes:
    out = io.BytesIO()
    xliff_export.write(records, out, version=version, source=source)
    return out.getvalue()


WRITERS: dict[str, Callable[[Iterable[Record]], bytes]] = {
    "tmx": tmx,
    "xliff-2.1": xliff,
    "xliff-1.2": lambda records: xliff(records, "1.2"),
    "xliff-2.1-en": lambda records: xliff(records, "2.1", "en"),
    "xliff-1.2-en": lambda records: xliff(records, "1.2", "en"),
}


class _Local(etree.Resolver):  # type: ignore[misc]
    """xml.xsd from beside the schemas, wherever they say that it is."""

    def resolve(self, url: str, _public: str, context: Any) -> Any:
        return self.resolve_filename(str(SCHEMAS / Path(url).name), context)


def _schema(name: str) -> Any:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Local())
    return etree.XMLSchema(etree.parse(str(SCHEMAS / name), parser))


def check(name: str, data: bytes) -> Any:
    """The parsed file, which must be valid by the official DTD or schema."""
    tree = etree.fromstring(data, etree.XMLParser(huge_tree=True, resolve_entities=False))
    with (SCHEMAS / "tmx14.dtd").open("rb") as dtd:
        judge = (
            etree.DTD(dtd) if name == "tmx" else _schema(f"xliff-core-{'1.2-strict' if '1.2' in name else '2.0'}.xsd")
        )
    assert judge.validate(tree), judge.error_log
    if "2.1" in name:
        _check_21(tree)
    return tree


def _check_21(tree: Any) -> None:
    """What the schema of 2.0 leaves to prose: unique ids, a state wherever a subState is, a target for other states."""
    for file in tree.iter(f"{XLIFF2}file"):
        ids = [unit.get("id") for unit in file.iter(f"{XLIFF2}unit")]
        assert len(ids) == len(set(ids))
    assert len({file.get("id") for file in tree.iter(f"{XLIFF2}file")}) == len(tree.findall(f"{XLIFF2}file"))
    for segment in tree.iter(f"{XLIFF2}segment"):
        assert segment.get("state")
        assert segment.get("state") == "initial" or segment.find(f"{XLIFF2}target") is not None
        assert ":" in segment.get("subState", ":")


# --- written -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WRITERS)
def test_valid_by_the_official_schema(shop: tuple[Record, ...], name: str) -> None:
    check(name, WRITERS[name](iter(shop)))


@pytest.mark.parametrize("name", WRITERS)
def test_an_empty_run_is_a_valid_file(name: str) -> None:
    check(name, WRITERS[name](()))


@pytest.mark.parametrize("name", WRITERS)
def test_the_same_records_make_the_same_bytes(shop: tuple[Record, ...], name: str) -> None:
    assert WRITERS[name](shop) == WRITERS[name](iter(shop))


@pytest.mark.parametrize("name", WRITERS)
@given(ja=st.text(min_size=1), en=st.text(min_size=1), policy=st.text(min_size=1))
def test_any_text_makes_a_valid_file(name: str, ja: str, en: str, policy: str) -> None:
    check(name, WRITERS[name]([record(1, side(ja), side(en), policy=policy), record(2, None, side(ja, "argos"))]))


def test_tmx_says_what_it_had_to_replace_and_keeps_the_rest(tmp_path: Path) -> None:
    data = tmx([record(1, side(ODD), side("plain"))])
    tree = check("tmx", data)
    assert tree.findtext(".//note") == "characters that XML does not have, here U+FFFD: U+000B U+D800 U+FFFE"
    (entry,) = _read(read_tmx, tmp_path, data)
    assert entry.variants[0].text == "a\ufffdb\ufffdc\ufffd" + ODD[6:]


def test_xliff_21_keeps_every_character(tmp_path: Path) -> None:
    (entry,) = _read(read_xliff, tmp_path, xliff([record(1, side(ODD), side("plain"))]))
    assert entry.variants[0].text == ODD


@pytest.mark.slow
def test_a_hundred_thousand_records_go_through_one_by_one() -> None:
    made = (record(n, side(f"第{n}条 ㈱<テスト>"), side(f"Article {n} & test")) for n in range(1, 100_001))
    counted = _Counting()
    tracemalloc.start()
    tmx_export.write(made, counted)
    xliff_export.write((record(n, side("あ"), None) for n in range(1, 20_001)), counted)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert counted.bytes > 20_000_000
    assert peak < 2_000_000


class _Counting(io.BytesIO):
    bytes = 0

    def write(self, data: Any) -> int:
        self.bytes += len(data)
        return len(data)


def test_what_nobody_has_read_is_no_final_translation(shop: tuple[Record, ...]) -> None:
    tree = check("xliff-2.1", xliff(shop))
    segments = [unit.find(f"{XLIFF2}segment") for unit in tree.iter(f"{XLIFF2}unit")]
    states = [(segment.get("state"), segment.get("subState")) for segment in segments[2:7]]
    assert states == [
        ("final", None),
        ("initial", "policy-normalizer:argos"),
        ("initial", "policy-normalizer:memory"),
        ("initial", None),
        ("initial", None),
    ]
    old = check("xliff-1.2", xliff(shop, "1.2"))
    targets = {unit.get("id"): unit.find("{*}target") for unit in old.iter("{*}trans-unit")}
    assert targets[shop[3].id].get("state-qualifier") == "leveraged-mt"
    assert targets[shop[4].id].get("state-qualifier") == "leveraged-tm"
    assert targets[shop[5].id] is None


def test_a_doubtful_alignment_is_a_question_to_the_translator() -> None:
    tree = check("xliff-2.1", xliff([record(1, side("同意"), side("consent"), score=0.4)]))
    assert tree.find(f".//{XLIFF2}segment").get("state") == "initial"
    assert "0.4" in tree.findtext(f".//{XLIFF2}note")


def grave(found: Record) -> Record:
    """The record with a difference of high severity."""
    words: Any = {"ja": "否定が失われています", "en": "The Japanese denies, the English does not."}
    lost = Difference(code="negation_lost", severity="high", message=words, ja=None, en=None, evidence={})
    return found.model_copy(update={"differences": (lost,)})


def test_sides_that_contradict_each_other_are_no_final_translation() -> None:
    turned = grave(record(1, side("提供しません"), side("We provide it.")))
    tree = check("xliff-2.1", xliff([turned]))
    assert tree.find(f".//{XLIFF2}segment").get("state") == "initial"
    assert "The Japanese denies" in "".join(tree.itertext())
    old = check("xliff-1.2", xliff([turned], "1.2"))
    assert old.find(".//{*}trans-unit").get("approved") == "no"
    assert old.find(".//{*}target").get("state") == "needs-review-translation"


@pytest.mark.parametrize("machine", [False, True])
def test_sides_that_contradict_each_other_come_back_only_when_touched(machine: bool, tmp_path: Path) -> None:
    path, report = tmp_path / "in.tmx", Report()
    path.write_bytes(tmx([grave(record(1, side("提供しません"), side("We provide it.")))]))
    assert len(list(units(path, report, machine=machine))) == machine
    assert dict(report.left) == ({} if machine else {"differs gravely, and not touched by a translator": 1})
    touched = path.read_text(encoding="utf-8").replace('xml:lang="en"', 'xml:lang="en" changeid="me"')
    path.write_text(touched, encoding="utf-8")
    assert [unit.en for unit in units(path, Report())] == ["We provide it."]


def test_another_version_or_language_is_refused() -> None:
    with pytest.raises(ValueError, match=r"2\.1 and 1\.2"):
        xliff([], "3.0")
    with pytest.raises(ValueError, match="'fr'"):
        xliff([], "2.1", "fr")


# --- read back by translate-toolkit ------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_translate_toolkit_reads_all_of_the_tmx(shop: tuple[Record, ...]) -> None:
    storage = pytest.importorskip("translate.storage.tmx")
    store = storage.tmxfile.parsestring(tmx(shop))
    read = []
    for unit in store.units:
        texts = {
            node.get("{http://www.w3.org/XML/1998/namespace}lang"): (
                node.findtext("{*}seg"),
                next(prop.text for prop in node.iter("{*}prop") if prop.get("type") == "x-origin"),
            )
            for node in unit.xmlelement.iter("{*}tuv")
        }
        read.append((unit.xmlelement.get("tuid"), texts))
    wanted = [(r.id, {name: (one.text, one.origin) for name, one in (("ja", r.ja), ("en", r.en)) if one}) for r in shop]
    assert read == wanted
    both = [unit for unit in store.units if len(list(unit.xmlelement.iter("{*}tuv"))) == 2]
    assert [(u.source, u.target) for u in both] == [(r.ja.text, r.en.text) for r in shop if r.ja and r.en]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("version", "module", "kind"), [("2.1", "xliff2", "Xliff2File"), ("1.2", "xliff", "Xliff1File")]
)
@pytest.mark.parametrize("source", ["ja", "en"])
def test_translate_toolkit_reads_all_of_the_xliff(
    shop: tuple[Record, ...], version: str, module: str, kind: str, source: str
) -> None:
    storage = pytest.importorskip(f"translate.storage.{module}")
    store = getattr(storage, kind).parsestring(xliff(shop, version, source))
    sides = [(r.ja, r.en) if source == "ja" else (r.en, r.ja) for r in shop]
    assert [unit.source or "" for unit in store.units] == [own.text if own else "" for own, _ in sides]
    assert [unit.target or "" for unit in store.units] == [other.text if other else "" for _, other in sides]
    named = "name" if version == "2.1" else "resname"
    elements = [unit.getunitelement() if version == "2.1" else unit.xmlelement for unit in store.units]
    assert [element.get(named) for element in elements] == [r.id for r in shop]
    assert [unit.getid() for unit in store.units] == (
        [f"u{r.position}" for r in shop] if version == "2.1" else [f"{r.policy}\x04{r.id}" for r in shop]
    )
    origins = [{e.text for e in element.iter() if _is_origin(e)} for element in elements]
    assert origins == [{one.origin for one in (r.ja, r.en) if one} for r in shop]


def _is_origin(element: Any) -> bool:
    return "origin-" in (element.get("type") or element.get("context-type") or "")


# --- read --------------------------------------------------------------------------------------------------------


def _read(read: Callable[[Path], Iterator[Entry]], folder: Path, data: bytes | str) -> list[Entry]:
    path = folder / "file.xml"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return list(read(path))


def body(units: str, before: str = "", header: str = 'srclang="ja"') -> str:
    return f'<?xml version="1.0"?>{before}<tmx version="1.4"><header {header}/><body>{units}</body></tmx>'


def tu(ja: str, en: str, more: str = "", ja_name: str = "ja", en_name: str = "en", attributes: str = "") -> str:
    return (
        f'<tu {attributes}>{more}<tuv xml:lang="{ja_name}"><seg>{ja}</seg></tuv>'
        f'<tuv xml:lang="{en_name}"><seg>{en}</seg></tuv></tu>'
    )


def taken(path: Path, data: str | bytes, **options: Any) -> tuple[list[Unit], Report]:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    report = Report()
    return list(units(path, report, **options)), report


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (body(tu("&x;", "b"), '<!DOCTYPE tmx [<!ENTITY x "y">]>'), ":1: a document type declaration with content"),
        (body("", '<!DOCTYPE tmx [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]>'), "is refused"),
        (body(tu("&x;", "b"), '<!DOCTYPE tmx SYSTEM "tmx14.dtd">'), "entities other than"),
        (body(tu("&x;", "b")), "not well-formed XML: undefined entity"),
        (body(tu("a", "b"))[:-20], "is the file whole?"),
        ("<html><body>tmx</body></html>", "neither TMX nor XLIFF"),
        ("", "is empty"),
        ("no xml at all", "neither TMX nor XLIFF"),
        (body(tu("あ" * 200_001, "b")), "a segment of more than 200,000 characters"),
        (body("<x>" * 200), "more than 100 deep"),
        (body(f'<tu x="{"a" * 3_000_000}"/>'), "a tag or comment of more than"),
        ('<?xml version="1.0" encoding="Shift_JIS"?><tmx/>', "save the file as UTF-8"),
        ('<xliff version="3.0"/>', "XLIFF version '3.0'; 1.2, 2.0 and 2.1 are read"),
        (
            '<xliff version="2.0" srcLang="ja" trgLang="en"><file><unit><segment><source><cp hex="zz"/>',
            "names no character",
        ),
    ],
)
def test_bad_files_are_told_of_with_file_and_line(tmp_path: Path, data: str, message: str) -> None:
    path = tmp_path / "bad.tmx"
    with pytest.raises(ExchangeError) as caught:
        taken(path, data)
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(path))


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="No such file"):
        list(units(tmp_path / "none.tmx", Report()))


def test_a_billion_laughs_are_refused_at_once(tmp_path: Path) -> None:
    rows = "".join(f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";" if n else "ha"}{"&l0;" * 10}">' for n in range(20))
    with pytest.raises(ExchangeError, match="refused"):
        taken(tmp_path / "a.tmx", body(tu("&l19;", "b"), f"<!DOCTYPE tmx [{rows}]>"))


def test_a_bare_doctype_as_cat_tools_write_it_is_passed_over(tmp_path: Path) -> None:
    found, _ = taken(tmp_path / "a.tmx", body(tu("同意", "consent"), '<!DOCTYPE tmx SYSTEM "tmx14.dtd">'))
    assert [(unit.ja, unit.en) for unit in found] == [("同意", "consent")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    found, _ = taken(tmp_path / "a.tmx", body(tu("同意", "consent", ja_name="JA-JP", en_name="en_US")).encode(encoding))
    assert [unit.ja for unit in found] == ["同意"]


def test_inline_codes_are_left_out_and_text_in_marks_is_kept(tmp_path: Path) -> None:
    ja = '<bpt i="1">&lt;b&gt;</bpt>同意<ept i="1">&lt;/b&gt;</ept>の<hi>取得</hi><ph>{<sub>x</sub>}</ph>'
    found, report = taken(tmp_path / "a.tmx", body(tu(ja, "consent")))
    assert found[0].ja == "同意の取得"
    assert report.codes == 1


def test_wrong_languages(tmp_path: Path) -> None:
    french = tu("données", "data", ja_name="fr")
    with pytest.raises(LanguageError, match=r":1: no unit has a Japanese and an English text.*en, fr"):
        taken(tmp_path / "a.tmx", body(french))
    with pytest.raises(LanguageError, match="what is marked as English has Japanese letters"):
        taken(tmp_path / "a.tmx", body(tu("We acquire it.", "取得します。")))
    found, report = taken(tmp_path / "a.tmx", body(french + tu("同意", "consent") + tu("x", "", "")))
    assert [unit.ja for unit in found] == ["同意"]
    assert report.left == {"not in Japanese and English": 1, "without translation": 1}


def test_what_a_machine_wrote_and_nobody_touched_is_left_aside(tmp_path: Path) -> None:
    def variant(origin: str, more: str = "") -> str:
        prop = f'<prop type="x-origin">{origin}</prop>'
        return (
            f'<tu><tuv xml:lang="ja"><seg>同意</seg></tuv><tuv xml:lang="en" {more}>{prop}<seg>consent</seg></tuv></tu>'
        )

    path = tmp_path / "a.tmx"
    assert taken(path, body(variant("argos")))[0] == []
    assert taken(path, body(variant("argos")), machine=True)[0][0].origin == "argos"
    edited = taken(path, body(variant("argos", 'changeid="kanda"')))[0][0]
    assert (edited.origin, edited.score) == ("", 1.0)


STATES = """<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.1" srcLang="ja" trgLang="en"><file id="f">
<unit id="1"><segment state="initial"><source>一</source><target>one</target></segment></unit>
<unit id="2"><segment state="translated"><source>二</source><target>two</target></segment></unit>
<unit id="3"><segment state="final"><source>三</source><target>three</target></segment></unit>
<unit id="4"><segment><source>四</source></segment></unit>
<unit id="5">
<mtc:matches xmlns:mtc="urn:oasis:names:tc:xliff:matches:2.0">
<mtc:match ref="#5"><source>誤</source><target>wrong</target></mtc:match></mtc:matches>
<segment state="reviewed"><source>五。</source><target>Five.</target></segment>
<ignorable><source> </source></ignorable>
<segment state="final"><source><pc id="1">六</pc>。<ph id="2"/></source>
<target><pc id="1">Six</pc>.<ph id="2"/></target></segment></unit></file></xliff>"""
OLD_STATES = """<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
<file source-language="en-US" target-language="ja-JP"><body>
<trans-unit id="1"><source>one</source><target state="needs-translation">一</target></trans-unit>
<trans-unit id="2"><source>two</source><target>二</target></trans-unit>
<trans-unit id="3" approved="yes"><source>three</source><seg-source>x</seg-source>
<target state="new"><mrk mtype="seg" mid="1">三</mrk></target>
<alt-trans><source>y</source><target>z</target></alt-trans></trans-unit></body></file></xliff>"""


@pytest.mark.parametrize(
    ("data", "state", "wanted"),
    [
        (STATES, "translated", [("二", "two"), ("三", "three"), ("五。 六。", "Five. Six.")]),
        (STATES, "reviewed", [("三", "three"), ("五。 六。", "Five. Six.")]),
        (STATES, "initial", [("一", "one"), ("二", "two"), ("三", "three"), ("五。 六。", "Five. Six.")]),
        (OLD_STATES, "translated", [("二", "two"), ("三", "three")]),
        (OLD_STATES, "final", [("三", "three")]),
    ],
)
def test_states_of_xliff(tmp_path: Path, data: str, state: str, wanted: list[tuple[str, str]]) -> None:
    found, _ = taken(tmp_path / "a.xlf", data, state=state)
    assert [(unit.ja, unit.en) for unit in found] == wanted


def test_a_memory_goes_out_as_tmx_and_comes_back_whole(tmp_path: Path) -> None:
    stored = [
        Unit(
            "同意",
            "consent",
            "shop",
            "shop#0001",
            "policy-normalizer",
            0.95,
            "source",
            "other",
            ("A", "B"),
            ("A",),
            7,
            9,
        ),
        Unit("第2条", "Article 2"),
    ]
    out = io.BytesIO()
    export(stored, out)
    check("tmx", out.getvalue())
    found, _ = taken(tmp_path / "m.tmx", out.getvalue())
    assert found[0] == stored[0]
    assert (found[1].ja, found[1].en, found[1].document) == ("第2条", "Article 2", "m.tmx")


@pytest.mark.slow
def test_a_long_file_is_read_piece_by_piece(tmp_path: Path) -> None:
    path = tmp_path / "long.tmx"
    with path.open("w", encoding="utf-8") as file:
        head, tail = body("|").split("|")
        file.write(head)
        file.writelines(tu(f"第{n}条", f"Article {n}" + " x" * 200) for n in range(20_000))
        file.write(tail)
    assert path.stat().st_size > 9_000_000
    tracemalloc.start()
    count = sum(1 for _ in units(path, Report()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 2_000_000


# --- back into records -------------------------------------------------------------------------------------------

BEFORE = (
    record(1, side("同意"), side("consent")),
    record(2, side("開示"), None),
    record(3, side("第三者提供"), side("third-person supply", "argos")),
    record(4, None, side("erasure")),
    record(5, side("訂正"), side("correction")),
)


def _back(given: list[Unit], overwrite: bool = False) -> tuple[list[Record], Returned]:
    returned = Returned(given, overwrite)
    return [returned.apply(one) for one in BEFORE], returned


def test_missing_and_filled_sides_get_the_translators_words() -> None:
    given = [
        Unit("同意", "consent", record="p#0001"),
        Unit("開示", "disclosure", record="p#0002"),
        Unit("第三者提供", "provision to third parties", record="p#0003"),
        Unit("消去", "erasure", record="p#0004"),
    ]
    after, returned = _back(given)
    assert after[0] is BEFORE[0]
    assert after[4] is BEFORE[4]
    filled = [(r.ja, r.en) for r in after[1:4]]
    assert [(ja.text, en.text) for ja, en in filled if ja and en] == [(u.ja, u.en) for u in given[1:]]
    assert [(ja.origin, en.origin) for ja, en in filled if ja and en] == [
        ("source", "memory"),
        ("source", "memory"),
        ("memory", "source"),
    ]
    assert {r.link.origin for r in after[1:4]} == {"memory"}
    assert (returned.filled, returned.same, returned.conflicts, returned.rest()) == (3, 1, [], [])


def test_what_the_organisation_published_is_not_overwritten_unasked() -> None:
    given = [Unit("訂正", "rectification", record="p#0005")]
    after, returned = _back(given)
    assert after[4] is BEFORE[4]
    (conflict,) = returned.conflicts
    assert (conflict.what, conflict.side) == ("published text differs", "en")
    assert (conflict.here, conflict.there) == ("correction", "rectification")
    after, returned = _back(given, overwrite=True)
    assert after[4].en
    assert (after[4].en.text, after[4].en.origin, returned.conflicts) == ("rectification", "memory", [])


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_source_that_changed_since_is_a_conflict(overwrite: bool) -> None:
    given = [Unit("開示等", "disclosure", record="p#0002"), Unit("旧", "old", record="p#0005")]
    after, returned = _back(given, overwrite)
    assert (after[1], after[4]) == (BEFORE[1], BEFORE[4])
    assert {(c.record, c.what) for c in returned.conflicts} == {
        ("p#0002", "source changed"),
        ("p#0005", "source changed"),
    }


def test_two_translations_and_unknown_records_are_conflicts() -> None:
    given = [
        Unit("開示", "disclosure", record="p#0002"),
        Unit("開示", "access", record="p#0002"),
        Unit("外", "elsewhere", record="q#0001"),
        Unit("無", "nameless"),
    ]
    after, returned = _back(given)
    assert after[1].en
    assert after[1].en.text == "disclosure"
    assert [(c.what, c.there) for c in returned.conflicts] == [("two translations", "access")]
    assert [(c.what, c.record) for c in returned.rest()] == [("no such record", "q#0001")]


@pytest.mark.parametrize("version", ["2.1", "1.2"])
def test_a_translators_round(tmp_path: Path, version: str) -> None:
    """Export, translate as a CAT tool would, import: memory and records have the new words, and only those."""
    text = xliff(BEFORE[:3], version).decode()
    if version == "2.1":
        text = text.replace(
            '<segment state="initial">\n<source>開示</source>\n',
            '<segment state="translated">\n<source>開示</source>\n<target>disclosure</target>',
        )
    else:
        text = text.replace(
            "<source>開示</source>\n", '<source>開示</source>\n<target state="translated">disclosure</target>'
        )
    found, report = taken(tmp_path / "done.xlf", text)
    assert [(unit.record, unit.en, unit.origin) for unit in found] == [
        ("p#0001", "consent", "source"),
        ("p#0002", "disclosure", ""),
    ]
    assert report.left == {"state initial": 1}
    returned = Returned(found)
    after = [returned.apply(one) for one in BEFORE[:3]]
    assert after[1].en
    assert (after[1].en.text, after[1].en.origin) == ("disclosure", "memory")
    assert after[2] is BEFORE[2]
    with Memory.open(tmp_path / "m", create=True) as kept:
        kept.add(found)
        assert kept.lookup("開示", "ja")[0].target == "disclosure"
        assert kept.lookup("第三者提供", "ja") == ()


def test_a_filled_text_that_was_changed_counts_as_touched(tmp_path: Path) -> None:
    data = tmx(BEFORE[2:3]).decode()
    filled = {"p#0003": "third-person supply"}
    assert taken(tmp_path / "a.tmx", data, filled=filled)[0] == []
    edited = data.replace("third-person supply", "provision to third parties")
    assert [unit.en for unit in taken(tmp_path / "a.tmx", edited, filled=filled)[0]] == ["provision to third parties"]


def test_units_are_read_as_they_come(tmp_path: Path) -> None:
    path = tmp_path / "cut.tmx"
    path.write_text(body(tu("同意", "consent") * 5_000)[:-30], encoding="utf-8")
    assert len(list(islice(units(path, Report()), 10))) == 10
