"""Policies of one file each → policies of two, as far as their content tells which belong together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from normalizer.pairing import pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from normalizer.batch.plan import Policy
    from normalizer.pairing import Pair, Profile
    from normalizer.pipeline import Normalizer


def pair_by_content(
    policies: Sequence[Policy], normalizer: Normalizer, progress: Callable[[Policy], None] = lambda policy: None
) -> tuple[Policy, ...]:
    """The policies, by name, those of them joined that are one in two languages; a pair is called as its Japanese file.

    Only policies of a single file take part, and of these no file that holds both languages. `progress` is called for
    each file read. A file that cannot be read stays alone, and the run will say why.
    """
    sides: dict[str, list[tuple[Policy, Profile]]] = {"ja": [], "en": []}
    for policy in policies:
        if len(policy.files) == 1 and (found := _profile(policy, normalizer)):
            sides[found.language].append((policy, found))
        progress(policy)
    ja, en = sides["ja"], sides["en"]
    found_pairs = pairs([its for _, its in ja], [its for _, its in en], normalizer.embedder)
    joined = {ja[pair.ja][0].id: _joined(ja[pair.ja][0], en[pair.en][0], pair) for pair in found_pairs}
    gone = {en[pair.en][0].id for pair in found_pairs}
    return tuple(joined.get(policy.id, policy) for policy in policies if policy.id not in gone)


def _profile(policy: Policy, normalizer: Normalizer) -> Profile | None:
    try:
        ja, en = normalizer.split(policy.files[0])
        analysis = None if ja and en else ja or en
        misnamed = analysis and (policy.en if analysis.language == "ja" else policy.ja)
        return normalizer.profile(analysis) if analysis and not misnamed else None
    except Exception:  # whatever it is, the run meets it again and reports it
        return None


def _joined(ja: Policy, en: Policy, pair: Pair) -> Policy:
    return replace(
        ja,
        ja=ja.files[0],
        en=en.files[0],
        either=None,
        found="content",
        score=round(pair.score, 4),
        evidence=pair.evidence,
    )
