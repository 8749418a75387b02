"""The translation memory: look-ups, what is kept, many readers, killed writers, damaged files."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, cast

import pytest
from conftest import rows
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from normalizer.errors import GlossaryError, NormalizerError, StoreError
from normalizer.fill import THRESHOLD
from normalizer.memory import Memory, Unit
from normalizer.memory.keys import context, key
from normalizer.memory.learn import learned
from normalizer.memory.search import FUZZY, TURNED
from normalizer.memory.slots import slots
from normalizer.memory.turned import load, turned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from normalizer import Normalizer
    from normalizer.model import Language

JA = (
    "個人情報保護方針\n\n第1条（提供）\n当社は、個人データを第三者に提供しません。\n\n"
    "第2条（開示）\n開示の手数料は1,100円です。\n"
)
EN = (
    "Privacy Policy\n\nArticle 1 (Provision)\nWe do not provide personal data to third parties.\n\n"
    "Article 2 (Disclosure)\nThe fee for disclosure is 1,100 yen.\n"
)


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    with Memory.open(tmp_path / "m.memory", create=True) as made:
        yield made


def unit(language: str, source: str, target: str, **more: object) -> Unit:
    texts = (source, target) if language == "ja" else (target, source)
    return replace(Unit(*texts), **more)  # type: ignore[arg-type]


def fillers(count: int) -> list[Unit]:
    """Units that are like nothing else, and little like one another."""
    return [
        Unit(f"項目{n}の{chr(0x4E00 + n)}{chr(0x5E00 + n)}について", f"On entry w{n} of x{n * 7}") for n in range(count)
    ]


# --- look-up -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "source", "target", "asked", "percent", "wanted"), rows("memory/lookup.tsv", 6))
def test_lookup(
    memory: Memory, language: Language, source: str, target: str, asked: str, percent: str, wanted: str
) -> None:
    memory.add([*fillers(30), unit(language, source, target)])
    found = memory.lookup(asked, language)
    if percent == "-":
        assert not found
        return
    match = found[0]
    assert (match.percent, match.target, match.source) == (int(percent), wanted, source)
    assert bool(match.adjusted) == (match.target != target)


def test_what_was_changed_is_told(memory: Memory) -> None:
    memory.add([Unit("(2) 手数料は1,100円です。", "(2) The fee is 1,100 yen.")])
    number, marker = memory.lookup("(5) 手数料は900円です。", "ja")[0].adjusted
    assert (number.kind, number.source, number.target) == ("number", ("1,100", "900"), ("1,100", "900"))
    assert (marker.kind, marker.source, marker.target) == ("marker", ("(2)", "(5)"), ("(2)", "(5)"))


def test_a_name_is_translated_as_the_memory_knows_it(memory: Memory) -> None:
    sentence = Unit("株式会社あおぞら商店は、情報を取得します。", "Aozora Shoten Co., Ltd. acquires information.")
    names = [Unit("株式会社あおぞら商店", "Aozora Shoten Co., Ltd."), Unit("株式会社みどり書房", "Midori Shobo Inc.")]
    memory.add([sentence, *names])
    match = memory.lookup("株式会社みどり書房は、情報を取得します。", "ja")[0]
    assert (match.percent, match.target) == (99, "Midori Shobo Inc. acquires information.")
    assert match.adjusted[0].kind == "name"
    unknown = memory.lookup("株式会社あかつきは、情報を取得します。", "ja", threshold=50)
    assert unknown
    assert all(match.percent < 99 and "Aozora" in match.target for match in unknown)


def test_the_same_place_makes_101_per_cent(memory: Memory) -> None:
    around = context("前の条", "次の条", "ja")
    memory.add([Unit("同意", "consent"), Unit("同意", "agreement", context_ja=around)])
    assert [(m.percent, m.target) for m in memory.lookup("同意", "ja", context=around)] == [
        (101, "agreement"),
        (100, "consent"),
    ]
    assert {m.percent for m in memory.lookup("同意", "ja", context=context("x", "y", "ja"))} == {100}


def test_concepts_decide_between_texts_that_look_alike(memory: Memory) -> None:
    stored = Unit("当社は個人情報を適切に取扱います", "We handle it", concepts_ja=("PersonalInformation", "Handling"))
    memory.add([stored])
    asked = "当社は個人情報を適切に保管します"
    (plain,) = memory.lookup(asked, "ja", threshold=50)
    (shared,) = memory.lookup(asked, "ja", threshold=50, concepts=["PersonalInformation", "Handling"])
    (other,) = memory.lookup(asked, "ja", threshold=50, concepts=["Cookie"])
    assert other.percent < plain.percent < shared.percent


@pytest.mark.parametrize(("language", "one", "other", "wanted"), rows("memory/turned.tsv", 4))
def test_a_text_that_turns_another(language: Language, one: str, other: str, wanted: str) -> None:
    assert turned(one, other, language) == turned(other, one, language) == (wanted == "turned")


def test_what_turns_the_meaning_is_no_match(memory: Memory) -> None:
    memory.add(
        [Unit("当社は、本人の同意を得て、個人データを提供します。", "With consent of the person, we provide it.")]
    )
    assert memory.lookup("当社は、本人の同意を得ず、個人データを提供します。", "ja") == ()
    assert memory.lookup("Without consent of the person, we provide it.", "en") == ()
    (found,) = memory.lookup("当社は、本人の同意を得ず、個人データを提供します。", "ja", threshold=60)
    assert found.percent < FUZZY - TURNED < THRESHOLD


@given(st.text("同意なくせずに、提供しません有無効"), st.text("同意なくせずに、提供しません有無効"))
def test_no_text_turns_itself(one: str, other: str) -> None:
    assert not turned(one, one, "ja")
    turned(one, other, "ja")


@pytest.mark.parametrize(
    ("row", "message"),
    [("off,fr,actif,inactif,", "unknown language 'fr'"), ("on,ja,有効,停止,", "'有効' stands twice")],
)
def test_a_wrong_row_of_opposed_words_is_named(row: str, message: str, tmp_path: Path) -> None:
    table = tmp_path / "opposed_words.csv"
    table.write_text(f"name,language,one,other,note\noff,ja,有効,無効,\n{row}\n", encoding="utf-8")
    with pytest.raises(GlossaryError, match=message):
        load(tmp_path)


def test_best_first_and_no_more_than_asked_for(memory: Memory) -> None:
    memory.add(
        [Unit("同意", "weak", score=0.91), Unit("同意", "strong", score=0.99), Unit("同意", "weaker", score=0.9)]
    )
    assert [match.target for match in memory.lookup("同意", "ja", limit=2)] == ["strong", "weak"]


@pytest.mark.parametrize("text", ["", " \n", "...", "\ud800", "\x00\x0b", "a" * 100_000, "（" * 5_000, "1" * 50_000])
def test_any_text_may_be_asked_for(memory: Memory, text: str) -> None:
    memory.add(fillers(5))
    for language in ("ja", "en"):
        assert memory.lookup(text, language) == ()


@given(st.text(min_size=1).filter(lambda text: text.strip()), st.sampled_from(["ja", "en"]))
def test_what_was_added_is_found(text: str, language: str) -> None:
    with Memory(Path(":memory:"), create=True) as kept:
        kept.add([unit(language, text, "target")])
        found = kept.lookup(text, cast("Language", language))
        assert found
        assert found[0].percent >= 99


@given(st.text(), st.sampled_from(["ja", "en"]))
def test_slots_are_where_they_say(text: str, language: str) -> None:
    body = key(text, cast("Language", language)).body
    found = slots(body, cast("Language", language))
    assert all(body[slot.start : slot.end] == slot.text for slot in found)
    assert all(one.end <= two.start for one, two in pairwise(found))


def variants(count: int) -> list[Unit]:
    """Units that are like one another, some of them very much."""
    verbs = ("取得", "利用", "保管", "提供", "削除", "開示", "訂正")
    things = ("個人情報", "個人データ", "位置情報", "閲覧履歴", "購買履歴")
    made = []
    for n in range(count):
        verb, thing, end = verbs[n % 7], things[n % 5], "します" if n % 3 else "しません"
        made.append(Unit(f"当社は、{thing}を目的{n % 11}のために{verb}{end}。", f"We {verb} {thing} for {n}."))
    return made


def test_many_texts_at_once_find_what_each_finds_alone(memory: Memory) -> None:
    memory.add([*fillers(100), *variants(300)])
    texts = [unit.ja[:-3] for unit in (*variants(300), *fillers(50))] + ["", "当社は、個人情報を提供しません。", "..."]
    concepts = [("PersonalInformation",) if n % 2 else () for n in range(len(texts))]
    alone = [memory.lookup(text, "ja", 3, 60, named) for text, named in zip(texts, concepts, strict=True)]
    assert memory.lookups(texts, "ja", 3, 60, concepts) == alone
    assert sum(map(bool, alone)) > 300
    assert memory.lookups([], "ja") == []


def test_the_likest_unit_is_found_whatever_pieces_it_shares(memory: Memory) -> None:
    """Every look-up against a comparison with all units."""
    units = [*fillers(200), *variants(200)]
    memory.add(units)
    for asked in (
        "当社は、個人情報を目的3のためだけに取得します。",
        "項目7の丧帇についての規定",
        "当社は目的5のため利用します",
    ):
        every = {unit.ja: int(100 * Levenshtein.normalized_similarity(asked, unit.ja)) for unit in units}
        (match, *_) = memory.lookup(asked, "ja", threshold=50)
        assert match.percent == max(every.values()) == every[match.source]


# --- what is kept ------------------------------------------------------------------------------------------------


def test_a_pair_is_kept_once_and_with_its_best_score(memory: Memory) -> None:
    first = memory.add([Unit("同意", "consent", score=0.9)])
    again = memory.add([Unit("同意", "consent", score=0.95), Unit("同意", "consent", score=0.5)])
    assert (first.added, again.added, again.known) == (1, 0, 2)
    assert [stored.score for stored in memory.units()] == [0.95]


def test_a_translation_of_the_same_record_takes_the_place_of_the_earlier(memory: Memory) -> None:
    memory.add([Unit("同意", "consent", record="p#0001")])
    done = memory.add([Unit("同意", "agreement", record="p#0001")])
    assert (done.added, done.replaced, len(memory)) == (0, 1, 1)
    assert [match.target for match in memory.lookup("同意", "ja")] == ["agreement"]
    assert memory.lookup("consent", "en") == ()


def test_equal_ids_of_other_documents_are_other_units(memory: Memory) -> None:
    memory.add([Unit("同意", "consent", document="a.tmx", record="1")])
    done = memory.add([Unit("同意", "agreement", document="b.tmx", record="1")])
    assert (done.added, done.replaced, len(memory)) == (1, 0, 2)


def test_another_translation_is_kept_beside_and_told_of(memory: Memory) -> None:
    memory.add([Unit("同意", "consent")])
    done = memory.add([Unit("同意", "agreement")])
    assert [(rival.en, other) for rival, other in done.rivals] == [("agreement", "consent")]
    assert {match.target for match in memory.lookup("同意", "ja")} == {"consent", "agreement"}


def test_nothing_is_kept_of_an_import_that_breaks_off(memory: Memory) -> None:
    def broken() -> Iterator[Unit]:
        yield from fillers(6_000)  # more than are written together
        raise NormalizerError("line 7")

    memory.add([Unit("同意", "consent")])
    with pytest.raises(NormalizerError, match="line 7"):
        memory.add(broken())
    assert [stored.ja for stored in memory.units()] == ["同意"]


def test_learning_takes_what_is_aligned_with_confidence(normalizer: Normalizer, memory: Memory) -> None:
    records = normalizer.align(JA, EN, "shop")
    assert all(record.ja and record.en for record in records)
    low = records[0].model_copy(update={"link": records[0].link.model_copy(update={"score": 0.5})})
    memory.add(learned([low, *records[1:]], 0.9))
    kept = list(memory.units())
    assert [stored.record for stored in kept] == [record.id for record in records[1:] if record.link.score >= 0.9]
    assert {stored.origin for stored in kept} == {"source"}
    assert all(stored.document == "shop" and stored.score >= 0.9 for stored in kept)
    clause = next(stored for stored in kept if "第三者に提供しません" in stored.ja)
    assert {"PersonalData", "ThirdPartyProvision"} <= {*clause.concepts_ja} & {*clause.concepts_en}
    assert clause.category == "third_party_provision"
    place = context("第1条（提供）", "第2条（開示）", "ja")
    assert memory.lookup(clause.ja, "ja", context=place)[0].percent == 101


def test_what_was_filled_in_is_not_learned(normalizer: Normalizer) -> None:
    record = normalizer.align(JA, EN, "shop")[0]
    assert record.en
    filled = record.model_copy(update={"en": record.en.model_copy(update={"origin": "argos"})})
    assert list(learned([filled], 0.0)) == []


def test_the_same_units_make_the_same_answers(tmp_path: Path) -> None:
    units = [
        Unit(f"当社は情報{n}を第{n}条により取得します", f"We acquire information {n} under {n}") for n in range(200)
    ]
    answers = []
    for name in ("a", "b"):
        with Memory.open(tmp_path / name, create=True) as kept:
            kept.add(units)
            answers.append(kept.lookup("当社は情報を第3条により利用します", "ja", threshold=50))
    assert answers[0]
    assert answers[0] == answers[1]


# --- files, readers, writers -------------------------------------------------------------------------------------


def test_a_memory_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"no such translation memory.*memory import"):
        Memory.open(tmp_path / "none")
    with pytest.raises(StoreError, match="folder"):
        Memory.open(tmp_path / "no" / "folder", create=True)


@pytest.mark.parametrize(
    "data", [b"this is no database, whatever its name" * 100, b"SQLite format 3\x00" + b"\xff" * 5000]
)
def test_a_file_that_is_no_memory(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "m"
    path.write_bytes(data)
    for create in (False, True):
        with pytest.raises(StoreError, match=f"{path}: .*(damaged|no translation memory)"):
            Memory.open(path, create=create)
    assert path.read_bytes() == data


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE unit (x)")
    other.close()
    with pytest.raises(StoreError, match="no translation memory of this program"):
        Memory.open(path, create=True)


def test_a_memory_of_another_version(tmp_path: Path) -> None:
    path = tmp_path / "m"
    Memory.open(path, create=True).close()
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA user_version = 99")
    raw.close()
    with pytest.raises(StoreError, match="another version"):
        Memory.open(path)


def test_a_damaged_memory_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "m"
    with Memory.open(path, create=True) as kept:
        kept.add(fillers(2_000))
    data = bytearray(path.read_bytes())
    data[4096:] = os.urandom(len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(StoreError, match="damaged"), Memory.open(path) as broken:
        broken.lookup("項目7の万帇について", "ja")


def test_a_changed_byte_within_the_index_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "m"
    with Memory.open(path, create=True) as kept:
        kept.add(fillers(20))
    with sqlite3.connect(path) as raw:
        (places,) = raw.execute("SELECT places FROM block WHERE language = 'ja'").fetchone()
        raw.execute("UPDATE block SET places = ? WHERE language = 'ja'", (b"\xff" * len(places),))
    raw.close()
    with Memory.open(path) as broken:
        assert broken.lookup("項目7の万帇", "ja", threshold=99) == ()
        with pytest.raises(StoreError, match="not what was written; it is damaged"):
            broken.lookup("項目7の丧帇についての", "ja")


def test_units_added_one_by_one_are_found_and_kept_in_few_blocks() -> None:
    with Memory(Path(":memory:"), create=True) as memory:
        for stored in fillers(300):
            memory.add([stored])
        (blocks,) = memory._connection.execute("SELECT count(*) FROM block WHERE language = 'ja'").fetchone()
        assert blocks <= 3
        found = memory.lookups([f"{stored.ja}も" for stored in fillers(300)], "ja")
    assert [matches[0].source for matches in found] == [stored.ja for stored in fillers(300)]


def test_a_replaced_unit_is_not_like_anything_any_more(memory: Memory) -> None:
    memory.add([*fillers(20), Unit("同意の撤回について", "Withdrawal", document="p", record="1")])
    assert memory.lookup("同意の撤回についても", "ja")[0].target == "Withdrawal"
    memory.add([Unit("同意の撤回について", "Withdrawing", document="p", record="1")])
    assert [match.target for match in memory.lookup("同意の撤回についても", "ja")] == ["Withdrawing"]
    memory.add(fillers(600)[20:])  # which takes the block in
    assert [match.target for match in memory.lookup("同意の撤回についても", "ja")] == ["Withdrawing"]


def test_readers_see_the_last_whole_import_while_another_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "m"
    with Memory.open(path, create=True) as writer, Memory.open(path) as reader:
        writer.add([Unit("同意", "consent")])

        def units() -> Iterator[Unit]:
            yield from fillers(5_500)
            assert len(reader) == 1  # in the middle of the import
            assert reader.lookup("同意", "ja")[0].target == "consent"
            yield Unit("本人", "data subject")

        writer.add(units())
        assert len(reader) == 5_502
        assert reader.lookup("本人", "ja")[0].target == "data subject"


def test_a_reader_finds_what_another_has_added_since_it_last_looked(tmp_path: Path) -> None:
    path = tmp_path / "m"
    with Memory.open(path, create=True) as writer, Memory.open(path) as reader:
        writer.add(fillers(50))
        asked = "当社は、次の個人情報を取得します。"
        assert reader.lookup(asked, "ja") == ()
        writer.add([Unit("当社は、次の情報を取得します。", "We acquire the following.")])
        assert [match.percent for match in reader.lookup(asked, "ja")] == [88]


READ = """
import sys
from pathlib import Path
from normalizer.memory import Memory
with Memory.open(Path(sys.argv[1])) as memory:
    found = sum(bool(memory.lookup(f"項目{n}の{chr(0x4E00 + n)}{chr(0x5E00 + n)}について", "ja")) for n in range(200))
print(found)
"""
WRITE = """
import itertools, sys
from pathlib import Path
from normalizer.memory import Memory, Unit
with Memory.open(Path(sys.argv[1])) as memory:
    memory._connection.execute("PRAGMA cache_size = 20")  # so that unfinished pages go to the disk at once
    print("writing", flush=True)
    memory.add(Unit(f"新しい条{n}の文", f"new clause {n}") for n in itertools.count())
"""


def test_readers_in_other_processes(tmp_path: Path) -> None:
    path = tmp_path / "m"
    with Memory.open(path, create=True) as kept:
        kept.add(fillers(200))
        readers = [_started(READ, path) for _ in range(3)]
        kept.add([Unit("同意", "consent")])
        assert [reader.communicate(timeout=60)[0].strip() for reader in readers] == ["200"] * 3


TAKE_TURNS = """
import sys
from pathlib import Path
from normalizer.memory import Memory, Unit
with Memory.open(Path(sys.argv[1]), create=True) as memory:
    for n in range(20):
        memory.add([Unit(f"条{n}の{sys.argv[2]}", f"clause {n} {sys.argv[2]}")])
"""


def test_writers_in_other_processes_take_turns(tmp_path: Path) -> None:
    path = tmp_path / "m"
    writers = [_started(TAKE_TURNS, path, name) for name in ("甲", "乙", "丙")]
    for writer in writers:
        writer.communicate(timeout=60)
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    with Memory.open(path) as kept:
        assert len(kept) == 60
        assert kept.lookup("条7の乙", "ja")[0].percent == 100


def test_a_file_that_another_makes_while_it_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "m"
    others: list[Thread] = []

    class Overtaken(sqlite3.Connection):
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
            answer = super().execute(sql, *values)
            if sql == "PRAGMA application_id" and not others:
                others.append(Thread(target=lambda: Memory.open(path, create=True).close()))
                others[0].start()
                others[0].join(0.3)  # longer than it takes where nothing holds it back
            return answer

    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Overtaken))
    with Memory.open(path, create=True) as memory:
        others[0].join()
        memory.add([Unit("同意", "consent")])
        assert len(memory) == 1


def test_a_memory_of_another_thread_is_no_damaged_one(memory: Memory) -> None:
    with ThreadPoolExecutor(1) as pool, pytest.raises(StoreError, match="in the thread that uses it"):
        pool.submit(memory.lookup, "同意", "ja").result()


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGKILL")
def test_a_killed_writer_leaves_nothing_half_written(tmp_path: Path) -> None:
    path = tmp_path / "m"
    with Memory.open(path, create=True) as kept:
        kept.add(fillers(200))
    writer = _started(WRITE, path)
    assert writer.stdout
    assert writer.stdout.readline().strip() == "writing"
    journal = Path(f"{path}-wal")
    while not (journal.exists() and journal.stat().st_size > 500_000):  # the import is half on the disk
        assert writer.poll() is None
        time.sleep(0.01)
    os.kill(writer.pid, signal.SIGKILL)
    writer.communicate(timeout=60)
    with Memory.open(path) as kept:
        assert len(kept) == 200
        assert kept.lookup("新しい条5の文", "ja") == ()
        assert kept.add([Unit("同意", "consent")]).added == 1
    raw = sqlite3.connect(path)
    assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    raw.close()


def _started(script: str, path: Path, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", script, str(path), *more], stdout=subprocess.PIPE, text=True)
