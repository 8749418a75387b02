"""Invented policies in both languages, by the hundred, for the tests of pairing: the same seed, the same texts.

Some are policies of corpus/ with another issuer, other amounts and dates, and sections dropped or moved; some are put
together from the sections in cases/pairing/sections.tsv. The English side may lack lines that the Japanese one has.
"""

from __future__ import annotations

import json
import random
import re
from calendar import month_name
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conftest import CASES, CORPUS

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = CASES / "pairing"
MONTHS = list(month_name)[1:]
COUNTRIES = (("アメリカ合衆国", "the United States"), ("ドイツ", "Germany"), ("シンガポール", "Singapore"))
YEN = re.compile(r"\d[\d,]*(?=円)|\d[\d,]*(?= yen)")
DATE_JA, DATE_EN = (
    re.compile(r"(\d{4}|(?:平成|令和)\d+)年(\d+)月(\d+)日"),
    re.compile(rf"({'|'.join(MONTHS)}) (\d+), (\d{{4}})"),
)
PHONE = re.compile(r"\b0\d{1,3}-000-\d{3,4}\b")
POSTAL = re.compile(r"\b\d{3}-0000\b")
Lines = list[tuple[list[str], list[str]]]  # what stands for what, in the Japanese order


@dataclass(frozen=True, slots=True)
class Issuer:
    ja: str
    en: str
    stem: tuple[str, str, str]  # of its name in Japanese, in English, in its addresses
    phone: str
    postal: str

    @property
    def mail(self) -> str:
        return f"privacy@{self.stem[2]}.example"


@dataclass(frozen=True, slots=True)
class Invented:
    """A policy in two languages."""

    name: str
    ja: str
    en: str


def issuer(number: int) -> Issuer:
    """The issuer of that number; there are 160 different ones."""
    first, second = _stems("first"), _stems("second")
    one, two = first[number % len(first)], second[number // len(first) % len(second)]
    ja, en = one[0] + two[0], f"{one[1]} {two[1]}"
    stem = (ja, en, f"{one[1]}-{two[1]}".lower())
    return Issuer(
        f"{ja}株式会社" if number % 2 else f"株式会社{ja}",
        f"{en} {('Co., Ltd.', 'Inc.', 'K.K.')[number % 3]}",
        stem,
        f"045-000-{1000 + number}",
        f"{200 + number}-0000",
    )


def from_corpus(name: str, base: str, who: Issuer, chance: random.Random) -> Invented:
    """A policy of corpus/ as if `who` had issued it, with some sections dropped and some moved."""
    names = {row[0]: row[1:] for row in _table("names.tsv")}
    lines = _renamed(_linked(base), tuple(zip(names[base], who.stem, strict=True)))
    sections = _sections(lines)
    kept = [section for section in sections[1:] if chance.random() > 0.25]
    if chance.random() < 0.5 and len(kept) > 3:
        place = chance.randrange(len(kept) - 2)
        kept[place], kept[place + 1] = kept[place + 1], kept[place]
    text = _adapted([*sections[0], *(line for section in kept for line in section)], chance)
    return _redated(Invented(name, *text), who, chance)


def from_sections(name: str, kind: str, who: Issuer | None, chance: random.Random) -> Invented:
    """A policy of the sections of a kind ("general", "recruit"), with a contact if it has an issuer."""
    topics = defaultdict(list)
    for row in _table("sections.tsv"):
        topics[row[0], row[1]].append(row[2:])
    chosen = [chance.choice(rows) for (of, topic), rows in topics.items() if of == kind and _stays(topic, chance)]
    head, rest = chosen[:1], chosen[1:]
    if chance.random() < 0.5:
        chance.shuffle(rest)
    filling = _filling(who, chance)
    both = {"ja": filling, "en": filling | {"org": who.en if who else "the Company"}}
    sections = [*head, *rest, *(topics["contact", "contact"] if who else [])]
    lines: Lines = [(["プライバシーポリシー"], ["Privacy Policy"])]
    for number, (heading_ja, body_ja, heading_en, body_en) in enumerate(sections, 1):
        lines.append(([f"第{number}条（{heading_ja}）"], [f"Article {number} ({heading_en})"]))
        pairs = zip(body_ja.format(**both["ja"]).split("|"), body_en.format(**both["en"]).split("|"), strict=True)
        lines += [([ja], [en]) for ja, en in pairs]
    if who:
        year, month, day = _day(chance)
        lines.append(([f"制定 {year}年{month}月{day}日"], [f"Established {MONTHS[month - 1]} {day}, {year}"]))
    return Invented(name, *_adapted(lines, chance))


def hundred_policies(seed: int = 7) -> list[Invented]:
    """100 policies: 60 after corpus/, 24 of sections, of these 12 of recruiting by issuers of others, 16 without any
    contact."""
    chance = random.Random(seed)
    bases = sorted(row[0] for row in _table("names.tsv"))
    out = [from_corpus(f"corpus-{n}", bases[n % len(bases)], issuer(n), chance) for n in range(60)]
    out += [from_sections(f"sections-{n}", "general", issuer(60 + n), chance) for n in range(12)]
    out += [from_sections(f"recruit-{n}", "recruit", issuer(n * 6), chance) for n in range(12)]
    return out + [from_sections(f"generic-{n}", "general", None, chance) for n in range(16)]


def _table(name: str) -> list[list[str]]:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def _stems(part: str) -> list[tuple[str, str]]:
    return [(row[1], row[2]) for row in _table("stems.tsv") if row[0] == part]


def _linked(base: str) -> Lines:
    """The lines of a policy of corpus/ with what stands for them, English-only lines after the one before them."""
    ja, en = (_lines(CORPUS / f"{base}.{side}.txt") for side in ("ja", "en"))
    links = json.loads((CORPUS / f"{base}.gold.json").read_text(encoding="utf-8"))["links"]
    after = {j: link for link in links for j in link[1]}
    for j in range(len(en)):
        if not after[j][0] and j:
            after[j - 1][1].append(j)
            after[j] = after[j - 1]
    return [([ja[i] for i in left], [en[j] for j in right]) for left, right in sorted(links) if left]


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _renamed(lines: Lines, names: tuple[tuple[str, str], ...]) -> Lines:
    def new(line: str) -> str:
        for old, name in names:
            line = line.replace(old, name)
        return line

    return [([new(line) for line in ja], [new(line) for line in en]) for ja, en in lines]


def _sections(lines: Lines) -> list[Lines]:
    """Cut before each line that heads a section; what stands above the first, and the first, make the first part."""
    heads = re.compile(
        r"第.{1,3}条|[0-9０-９]+[.．] ?\S{1,20}$|[0-9]　|第[一二三四五六七]　?|【|(?!.*[。@：])\S{2,14}$"
    )
    out: list[Lines] = [[]]
    for line in lines:
        if heads.match(line[0][0]) and len(out[-1]) > 2:
            out.append([])
        out[-1].append(line)
    return out


def _adapted(lines: Lines, chance: random.Random) -> tuple[str, str]:
    """Both texts; every fourth English one lacks some lines."""
    share = 0.08 if chance.random() < 0.25 else 0.0
    ja = [line for left, _ in lines for line in left]
    en = [line for place, (_, right) in enumerate(lines) for line in right if place < 3 or chance.random() >= share]
    return "\n\n".join(ja) + "\n", "\n\n".join(en) + "\n"


def _redated(made: Invented, who: Issuer, chance: random.Random) -> Invented:
    """Another telephone number, other fees and dates: the same on both sides."""
    days: dict[tuple[int, int, int], tuple[int, int, int]] = defaultdict(lambda: _day(chance))
    fees: dict[str, str] = defaultdict(lambda: f"{chance.randrange(3, 40) * 100:,}")

    def shared(text: str) -> str:
        text = POSTAL.sub(who.postal, PHONE.sub(who.phone, text))
        return YEN.sub(lambda found: fees[found[0].replace(",", "")], text)

    def day_ja(found: re.Match[str]) -> str:
        era, start = found[1][:2], {"平成": 1988, "令和": 2018}.get(found[1][:2], 0)
        written = start + int(found[1].removeprefix(era) if start else found[1])
        year, month, day = days[written, int(found[2]), int(found[3])]
        return f"{year}年{month}月{day}日"

    def day_en(found: re.Match[str]) -> str:
        year, month, day = days[int(found[3]), MONTHS.index(found[1]) + 1, int(found[2])]
        return f"{MONTHS[month - 1]} {day}, {year}"

    return Invented(made.name, DATE_JA.sub(day_ja, shared(made.ja)), DATE_EN.sub(day_en, shared(made.en)))


def _filling(who: Issuer | None, chance: random.Random) -> dict[str, object]:
    country, fee = chance.choice(COUNTRIES), chance.randrange(3, 40) * 100
    contact = {"org": who.ja, "phone": who.phone, "mail": who.mail} if who else {"org": "当社"}
    return contact | {
        "country_ja": country[0],
        "country_en": country[1],
        "fee_ja": f"{fee:,}円",
        "fee_en": f"{fee:,} yen",
        "years": chance.randrange(2, 11),
        "months": chance.randrange(2, 7),
        "age": chance.randrange(13, 21),
        "days": chance.randrange(7, 61),
    }


def _day(chance: random.Random) -> tuple[int, int, int]:
    return chance.randrange(2015, 2025), chance.randrange(1, 13), chance.randrange(1, 29)


def _stays(topic: str, chance: random.Random) -> bool:
    return topic == "intro" or chance.random() > 0.35
