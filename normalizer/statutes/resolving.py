"""Say what a provision meant at a date: law, article, paragraph, item, date → version, concept, status."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from normalizer.statutes.tables import Provision, Version

_Key = tuple[str, str, int | None, str | None]


class Meaning(NamedTuple):
    """What a provision meant."""

    version: str | None  # id of the version of the law that applied; None where no table covers law and date
    concept: str | None  # None where the provision is not tabulated, or did not exist
    status: str  # of the table line that says so: "verified", "memory", or "" without a concept


class Resolver:
    """The versions and provisions of all laws, looked up by date."""

    def __init__(self, versions: Iterable[Version], provisions: Iterable[Provision]) -> None:
        self._versions: dict[str, list[Version]] = {}
        for version in sorted(versions, key=lambda version: version.start):
            self._versions.setdefault(version.law, []).append(version)
        self._provisions: dict[_Key, Provision] = {
            (one.version, one.article, one.paragraph, one.item): one for one in provisions
        }

    def resolve(
        self, law: str, article: str | None, paragraph: int | None, item: str | None, date: datetime.date
    ) -> Meaning:
        """The meaning of the provision at `date`, else of its paragraph, else of its article.

        A paragraph beyond those that the article had at the date has no meaning: no concept is given.
        """
        version = self._version(law, article, date)
        if version is None or article is None:
            return Meaning(version, None, "")
        whole = self._provisions.get((version, article, None, None))
        count = whole.paragraphs if whole else None
        if count is not None and paragraph is not None and paragraph > count:
            return Meaning(version, None, "")
        for key in _narrow_to_wide(version, article, paragraph or (1 if count == 1 else None), item):
            found = self._provisions.get(key)
            if found is not None and found.concept is not None:
                return Meaning(version, found.concept, found.status)
        return Meaning(version, None, "")

    def _version(self, law: str, article: str | None, date: datetime.date) -> str | None:
        """The last version that was in force and numbers this article.

        A branch number such as 26-2 that a version lists by itself keeps its meaning in later versions: the numbers
        of the 2020 amendment as enacted are cited to this day, and no version in force has used them for other things.
        """
        in_force = [one for one in reversed(self._versions.get(law, ())) if one.start <= date]
        if article is not None and "-" in article and (listed := [one for one in in_force if article in one.single]):
            return listed[0].id
        return next((one.id for one in in_force if one.covers(article)), None)


def _narrow_to_wide(version: str, article: str, paragraph: int | None, item: str | None) -> list[_Key]:
    items = [item, item.split("-")[0]] if item else []
    return [
        *((version, article, paragraph, one) for one in items),
        (version, article, paragraph, None),
        (version, article, None, None),
    ]
