"""A number and what it counts → as a sentence has them: 1 policy, 2 policies."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """The number with its noun; many: the plural where it is not that with an s.

    >>> counted(1, "record"), counted(1200, "policy", "policies")
    ('1 record', '1,200 policies')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"
