"""What invoices that are not issued yet usually bring: nobody can name them, but they are part of what will come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

LOOKED_AT = 13
_DAYS_A_WEEK = 7


class Came(NamedTuple):
    """Money of a day: of invoices issued on `issued`, or on account (None)."""

    day: int
    issued: int | None
    minor: int


class Arrivals:
    """The money of one currency by day."""

    def __init__(self, came: Sequence[Came]) -> None:
        self._days: dict[int, list[tuple[int | None, int]]] = {}
        for one in came:
            self._days.setdefault(one.day, []).append((one.issued, one.minor))

    def between(self, after: int, until: int) -> int:
        """All that came after one day and up to another."""
        return sum(minor for day in range(after + 1, until + 1) for _issued, minor in self._days.get(day, ()))

    def usual_new(self, as_of: int, bounds: Sequence[int], first: int) -> list[int]:
        """For each week ahead, what came on average in the last weeks of things not issued before they began.

        Looked at are the `LOOKED_AT` latest stretches of the same length that were over by `as_of` and did not begin
        before `first`, the first day there is anything of.
        """
        found, after = [], 0
        for until in bounds:
            begins = range(as_of - until, as_of - until - _DAYS_A_WEEK * LOOKED_AT, -_DAYS_A_WEEK)
            sums = [self._new_in(begin, after, until) for begin in begins if begin >= first]
            found.append(max(0, (2 * sum(sums) + len(sums)) // (2 * len(sums))) if sums else 0)
            after = until
        return found

    def _new_in(self, begin: int, after: int, until: int) -> int:
        return sum(
            minor
            for day in range(begin + after + 1, begin + until + 1)
            for issued, minor in self._days.get(day, ())
            if issued is None or issued > begin
        )
