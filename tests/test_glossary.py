"""The tables load, and what is wrong in one is named by file, line, value and remedy."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from normalizer.errors import GlossaryError
from normalizer.glossary import Glossary, glossary_folder
from normalizer.glossary import rows as module
from normalizer.senses import SenseResolver

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

CASES = Path(__file__).parent / "cases" / "glossary_errors.tsv"
SHIPPED = Glossary.load()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(glossary_folder(), tmp_path / "glossaries"))


def append(path: Path, line: str) -> int:
    """Add a line to a table; its number."""
    text = path.read_text(encoding="utf-8").rstrip("\n") + "\n"
    path.write_text(text + line + "\n", encoding="utf-8")
    return text.count("\n") + 1


def rows() -> list[ParameterSet]:
    lines = enumerate(CASES.read_text(encoding="utf-8").splitlines(), 1)
    return [pytest.param(*line.split("\t"), id=f"{CASES.name}:{n}") for n, line in lines if not line.startswith("#")]


@pytest.mark.parametrize(("table", "line", "message"), rows())
def test_a_wrong_line_is_named(folder: Path, table: str, line: str, message: str) -> None:
    number = append(folder / table, line)
    with pytest.raises(GlossaryError) as caught:
        Glossary.load(folder)
    assert message in str(caught.value)
    assert f"{table}:{number}: " in str(caught.value)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("ja,提供,Provision,第三者,1.5,claus", "unknown scope 'claus'; nearest: clause"),
        ("ja,提供,Provision,第三者,many,clause", "the weight 'many' is no number"),
        ("ja,提供,Provision,,1.5,clause", "a prior takes no cue, every other scope takes one"),
    ],
)
def test_a_wrong_sense_is_named(folder: Path, line: str, message: str) -> None:
    number = append(folder / "senses.csv", line)
    with pytest.raises(GlossaryError, match=rf"senses\.csv:{number}: {message}"):
        SenseResolver.load(folder)


def test_a_longer_term_of_an_unknown_form_is_named(folder: Path) -> None:
    number = append(folder / "sense_forms.csv", "ja,情報の提共,提共,")
    with pytest.raises(GlossaryError, match=rf"sense_forms\.csv:{number}: unknown form of senses.csv '提共'"):
        SenseResolver.load(folder)


def test_a_cycle_is_named(folder: Path) -> None:
    append(folder / "concepts.csv", "One,Two,operation,,,,,,,,,,\nTwo,One,operation,,,,,,,,,,")
    with pytest.raises(GlossaryError, match="cycle: One < Two < One"):
        Glossary.load(folder)


def test_a_wrong_encoding_is_named(folder: Path) -> None:
    path = folder / "terms.csv"
    path.write_bytes(path.read_bytes() + "Consent,ja,同意書,admitted,,,\n".encode("cp932"))
    with pytest.raises(GlossaryError, match=r"terms\.csv:\d+: E101 byte 0x93 is not UTF-8"):
        Glossary.load(folder)


def test_a_wrong_column_is_named(folder: Path) -> None:
    path = folder / "terms.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("language", "langage", 1), encoding="utf-8")
    with pytest.raises(GlossaryError, match=r"terms\.csv:1: E102 unknown column 'langage'; nearest: language"):
        Glossary.load(folder)


def test_a_missing_table_is_named(folder: Path) -> None:
    (folder / "patterns.csv").unlink()
    with pytest.raises(GlossaryError, match=r"patterns\.csv:1: E101 cannot be read"):
        Glossary.load(folder)


def test_problems_are_reported_together_up_to_twenty(folder: Path) -> None:
    append(folder / "terms.csv", "\n".join(f"Nothing{n},ja,無{n},admitted,,," for n in range(30)))
    with pytest.raises(GlossaryError) as caught:
        Glossary.load(folder)
    lines = str(caught.value).splitlines()
    assert len(lines) == 21
    assert lines[-1] == "… and 10 more"


def test_extra_terms_add_and_override(tmp_path: Path) -> None:
    extra = tmp_path / "own.csv"
    header = "concept,language,form,status,register,source,note\n"
    extra.write_text(
        header + "Customer,ja,ゲスト様,admitted,,own,\nMember,ja,利用者,preferred,,own,\n", encoding="utf-8"
    )
    own = Glossary.load(extra=[extra])
    assert [term.concept for term in own.lookup("ja", "ゲスト様")] == ["Customer"]
    assert [term.concept for term in own.lookup("ja", "利用者")] == ["Member"]
    assert own.version != SHIPPED.version
    extra.write_text(header + "Customer,ja,ゲスト様,admited,,own,\n", encoding="utf-8")
    with pytest.raises(GlossaryError, match=r"own\.csv:2: E108 unknown status 'admited'; nearest: admitted"):
        Glossary.load(extra=[extra])


def test_the_version_is_that_of_the_tables(folder: Path) -> None:
    assert Glossary.load(folder).version == SHIPPED.version
    append(folder / "terms.csv", "Consent,ja,ご賛同書,admitted,,,")
    assert Glossary.load(folder).version != SHIPPED.version


def test_lookup_knows_width_and_case() -> None:
    assert {term.concept for term in SHIPPED.lookup("en", "COOKIE")} == {
        term.concept for term in SHIPPED.lookup("en", "cookie")
    }
    assert SHIPPED.lookup("ja", "第三者")[0].entry == "ja:第三者"
    assert SHIPPED.lookup("ja", "存在しない語") == ()


def test_preferred_forms_come_first() -> None:
    assert SHIPPED.forms("DataSubject", "ja")[0].status == "preferred"


def test_hierarchy() -> None:
    ontology = SHIPPED.ontology
    assert ontology.ancestors("SensitivePersonalInformation")[:1] == ("PersonalInformation",)
    assert ontology.top("SensitivePersonalInformation") == "Information"
    assert ontology.top("Information") == "Information"
    assert "SensitivePersonalInformation" in ontology.children("PersonalInformation")
    assert "Nothing" not in ontology
    with pytest.raises(GlossaryError, match="unknown concept 'ThirdPartyProvison'; nearest: ThirdPartyProvision"):
        ontology["ThirdPartyProvison"]


def test_tables_beside_the_package_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site" / "normalizer"
    package.mkdir(parents=True)
    monkeypatch.setattr(module, "__file__", str(package / "glossary" / "rows.py"))
    with pytest.raises(GlossaryError, match="no glossary tables in"):
        glossary_folder()
    for place in (tmp_path / "site" / "glossaries", package / "glossaries"):
        place.mkdir()
        (place / "concepts.csv").touch()
        assert glossary_folder() == place
