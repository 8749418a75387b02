"""Which documents are one policy in two languages: a hundred invented pairs, hard cases, leftovers, the run."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest
from conftest import CORPUS
from invented import from_corpus, from_sections, hundred_policies, issuer

from normalizer.batch import Here, pair_by_content, plan
from normalizer.cli import main
from normalizer.pairing import Settings, pairs
from normalizer.pairing.candidates import candidates, concept_vectors
from normalizer.pairing.names import skeleton, skeleton_of_kana
from normalizer.pairing.profile import Profile, Section

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from invented import Invented

    from normalizer import Normalizer
    from normalizer.pairing import Pair

BASES = sorted({path.name.removesuffix(".ja.txt") for path in CORPUS.glob("*.ja.txt")})


def _pairs(ja: Sequence[str], en: Sequence[str], normalizer: Normalizer) -> tuple[Pair, ...]:
    left, right = ([normalizer.profile(normalizer.analyze(text)) for text in side] for side in (ja, en))
    return pairs(left, right, normalizer.embedder)


def _found(ja: Sequence[Invented], en: Sequence[Invented], normalizer: Normalizer) -> dict[str, str]:
    """Names of Japanese documents with those of their counterparts."""
    found = _pairs([made.ja for made in ja], [made.en for made in en], normalizer)
    return {ja[pair.ja].name: en[pair.en].name for pair in found}


def _same(*made: Invented) -> dict[str, str]:
    return {policy.name: policy.name for policy in made}


# --- by the hundred ----------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("seed", [7, 11])
def test_of_a_hundred_policies_95_are_found_and_none_is_wrong(seed: int, normalizer: Normalizer) -> None:
    policies = hundred_policies(seed)
    english = random.Random(seed).sample(policies, len(policies))
    found = _found(policies, english, normalizer)
    assert [pair for pair in found.items() if pair[0] != pair[1]] == []
    assert len(found) >= 95


@pytest.mark.slow
def test_documents_without_a_partner_stay_alone(normalizer: Normalizer) -> None:
    """A third of the policies is Japanese only, a third English only, and the rest is still found."""
    policies = hundred_policies(seed=7)
    ja, en = ([made for place, made in enumerate(policies) if place % 3 != left] for left in (0, 1))
    found = _found(ja, en, normalizer)
    assert [pair for pair in found.items() if pair[0] != pair[1]] == []
    assert len(found) >= 31


def test_invented_policies_are_the_same_each_time() -> None:
    assert hundred_policies(seed=3) == hundred_policies(seed=3)
    assert len({made.ja for made in hundred_policies(seed=3)}) == 100


# --- hard cases --------------------------------------------------------------------------------------------------


def test_two_policies_of_one_issuer_are_told_apart(normalizer: Normalizer) -> None:
    chance = random.Random(1)
    general = from_sections("general", "general", issuer(5), chance)
    recruit = from_sections("recruit", "recruit", issuer(5), chance)
    assert _found([general, recruit], [recruit, general], normalizer) == _same(general, recruit)


def test_another_policy_of_the_same_issuer_is_no_counterpart(normalizer: Normalizer) -> None:
    chance = random.Random(2)
    general = from_sections("general", "general", issuer(9), chance)
    recruit = from_sections("recruit", "recruit", issuer(9), chance)
    assert _found([general], [recruit], normalizer) == {}
    assert _found([recruit], [general], normalizer) == {}


def test_word_for_word_the_same_template_of_two_issuers(normalizer: Normalizer) -> None:
    """The contacts decide; with the wrong issuer's English alone there is no pair."""
    one, other = (from_corpus(f"of {n}", BASES[0], issuer(n), random.Random(4)) for n in (3, 8))
    assert _found([one, other], [other, one], normalizer) == _same(one, other)
    assert _found([one], [other], normalizer) == {}


def test_identical_documents_are_not_guessed_at(normalizer: Normalizer) -> None:
    generic = from_sections("generic", "general", None, random.Random(5))
    assert _pairs([generic.ja] * 2, [generic.en] * 2, normalizer) == ()
    assert _pairs([generic.ja] * 2, [generic.en], normalizer) == ()


def test_the_corpus_and_only_its_own_pairs(normalizer: Normalizer) -> None:
    ja, en = (
        [normalizer.profile(normalizer.analyze(CORPUS / f"{name}.{side}.txt")) for name in BASES]
        for side in ("ja", "en")
    )
    assert [(pair.ja, pair.en) for pair in pairs(ja, en, normalizer.embedder)] == [(n, n) for n in range(len(BASES))]
    strangers = [pairs([ja[i]], [en[j]], normalizer.embedder) for i in range(len(ja)) for j in range(len(en)) if i != j]
    assert not any(strangers)


def test_a_pair_has_its_reasons(normalizer: Normalizer) -> None:
    made = from_sections("one", "general", issuer(1), random.Random(6))
    (pair,) = _pairs([made.ja], [made.en], normalizer)
    evidence = dict(pair.evidence)
    assert 0.9 < pair.score <= 1
    assert min(evidence["contacts"], evidence["dates"], evidence["concepts"], evidence["outline"]) > 0


def test_order_of_the_documents_does_not_matter(normalizer: Normalizer) -> None:
    chance = random.Random(7)
    policies = [from_corpus(f"p{n}", BASES[n % 6], issuer(n), chance) for n in range(8)]
    shuffled = random.Random(8).sample(policies, len(policies))
    assert _found(policies, policies, normalizer) == _found(shuffled, policies[::-1], normalizer)


@pytest.mark.parametrize(("ja", "en"), [([], []), (["当社は、個人情報を取得します。"], []), ([], ["We collect data."])])
def test_an_empty_side_has_no_pairs(ja: list[str], en: list[str], normalizer: Normalizer) -> None:
    assert _pairs(ja, en, normalizer) == ()


# --- parts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kana", "word"),
    [
        ("ヒノデ", "Hinode"),
        ("ルミナス", "Luminous"),
        ("リープマインド", "LeapMind"),
        ("ヴェガ", "Vega"),
        ("チバ", "Chiba"),
    ],
)
def test_a_name_sounds_alike_in_both_scripts(kana: str, word: str) -> None:
    assert skeleton_of_kana(kana) == skeleton(word)


def test_candidates_grow_with_the_documents_not_with_their_square() -> None:
    def counted(size: int) -> int:
        chance = random.Random(size)
        side = [
            Profile(
                "ja",
                frozenset({f"email:{n}@a.example", "domain:a.example", f"date:2020-01-{n % 28 + 1:02}"}),
                tuple((f"C{number}", chance.randrange(1, 9)) for number in range(20)),
                (Section("", 9),),
                9,
            )
            for n in range(size)
        ]
        return len(candidates(side, side, concept_vectors(side, side, Settings()), Settings()))

    assert counted(800) < 5 * counted(200) < 800 * 800 / 4


# --- in a run ----------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two pairs without common names, one with, a file that stands alone, one in both languages, and one in French."""
    path = tmp_path / "in"
    path.mkdir()
    chance = random.Random(9)
    made = [from_corpus(f"p{n}", BASES[n], issuer(n), chance) for n in range(4)]
    mixed = from_sections("both", "general", issuer(30), chance)
    french = "Nous recueillons votre nom et votre adresse lorsque vous passez une commande sur notre site.\n"
    texts = {
        **{"a.txt": made[0].ja, "z.txt": made[0].en, "b_ja.txt": made[1].ja, "y.txt": made[1].en},
        **{"c.ja.txt": made[2].ja, "c.en.txt": made[2].en, "lone.txt": made[3].ja},
        **{"both.txt": f"{mixed.ja}\n{mixed.en}", "fr.txt": french},
    }
    for name, text in texts.items():
        (path / name).write_text(text, encoding="utf-8")
    return path


def test_pairs_by_name_come_first_and_the_rest_by_content(folder: Path, normalizer: Normalizer) -> None:
    read: list[int] = []
    with plan([folder]) as found:
        pair_by_content(found, Here(normalizer), normalizer.embedder, read.append)
        policies = list(found.policies())
    shapes = [(p.id, p.ja and p.ja.name, p.en and p.en.name, p.either and p.either.name, p.found) for p in policies]
    assert shapes == [
        ("a", "a.txt", "z.txt", None, "content"),
        ("b", "b_ja.txt", "y.txt", None, "content"),
        ("both", None, None, "both.txt", "name"),
        ("c", "c.ja.txt", "c.en.txt", None, "name"),
        ("fr", None, None, "fr.txt", "name"),
        ("lone", None, None, "lone.txt", "name"),
    ]
    assert read[-1] == 7  # all that have no partner by name


@pytest.mark.parametrize(("pair", "expected"), [("name", 2), pytest.param("auto", 4, marks=pytest.mark.slow)])
def test_run_says_how_each_pair_was_found(pair: str, expected: int, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main(["run", str(folder), "--out", str(out), "--pair", pair, "--quiet"]) == 1  # one is in French
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest["counts"]["pairs"] == len(manifest["pairs"]) == expected
    assert manifest["counts"]["failures"] == 1
    by_policy = {row["policy"]: row for row in manifest["pairs"]}
    assert by_policy["c"]["found"] == "name"
    assert by_policy["both"]["found"] == "mixed"
    if pair == "auto":
        assert by_policy["a"]["found"] == "content"
        assert by_policy["a"]["score"] > 0.9
        assert by_policy["a"]["evidence"]["contacts"] > 0
    documents = (out / "documents" / "part-00000.jsonl").read_text("utf-8").splitlines()
    assert sum(json.loads(line)["policy"] == "lone" for line in documents) == 1


def test_a_manifest_is_followed_and_named(tmp_path: Path, normalizer: Normalizer) -> None:
    made = from_corpus("p", BASES[0], issuer(2), random.Random(10))
    (tmp_path / "one.txt").write_text(made.ja, encoding="utf-8")
    (tmp_path / "two.txt").write_text(made.en, encoding="utf-8")
    (tmp_path / "manifest.csv").write_text("policy,ja,en\nshop,one.txt,two.txt\n", encoding="utf-8")
    with plan([tmp_path]) as found:
        pair_by_content(found, Here(normalizer), normalizer.embedder)
        assert [policy.found for policy in found.policies()] == ["manifest"]
