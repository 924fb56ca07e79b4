"""How people pay: how many days after the due day, learnt day by day in the order in which it happened.

A payer's habit is the median of their last `RECENT` invoices, which one odd payment does not move. By it they belong to
one of a few groups, such as "up to a week late"; and what is expected of an invoice is what became of those that payers
of that group still had open so many days after (or before) their due day: of `seen` that were, `paid` were paid within
the days that are asked about. Invoices that are open still are among those seen: who never pays is not forgotten.
Who has paid fewer than `LEAST_KNOWN`, and what fewer than `LEAST_SEEN` were seen of, goes by the whole centre.
Disputed invoices are a group of their own, whoever pays: where too few were seen nobody knows when they are paid.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate

RECENT = 9
LEAST_KNOWN = 2
LEAST_SEEN = 3
# The last day of each group but the last: more than two weeks early ... more than a month late.
EDGES = (-14, -7, 0, 7, 14, 30)
CENTRE = len(EDGES) + 1
"""The group of payers whose own habit is not known: they go by the centre."""
DISPUTED = CENTRE + 1
_GROUPS = DISPUTED + 1
REMEMBERED_DAYS = 182
"""How long what was paid tells how people pay: their ways change."""
_BASE = 16
WHOLE = 10**9
"""Shares are parts of it."""
_EARLIEST, _LATEST = -200, 800
_SPAN = _LATEST - _EARLIEST + 2


def _place(days: int) -> int:
    """Where so many days after the due day are counted; what is earlier or later stands at the end."""
    return min(max(days, _EARLIEST - 1), _LATEST) - _EARLIEST + 1


class Habits:
    """What was learnt of every payer up to a day."""

    def __init__(self) -> None:
        # The last delays of each payer with the group each was counted for, the oldest first: delay * _BASE + group.
        self._recent: dict[int, list[int]] = {}
        self._groups: dict[int, int] = {}
        # What was learnt of payers before their habit was known, as (due day, delay).
        self._early: dict[int, list[tuple[int, int]]] = {}
        # How many were counted, by due day and then by group * _SPAN + place.
        self._by_due: dict[int, dict[int, int]] = {}
        self.paid = [[0] * _SPAN for _ in range(_GROUPS)]
        self.count = 0
        self._since = 0

    def learn(self, day: int, payer_id: int, delay_days: int, *, disputed: bool = False) -> None:
        """On a day, not before any other, a payer paid an invoice to the end so many days after its due day."""
        known = self._groups.get(payer_id, CENTRE)
        # Counted for the group the payer belonged to before: that is what was known when it was to be forecast.
        group = DISPUTED if disputed else known
        self._count(day - delay_days, group, delay_days, 1)
        if group == CENTRE:
            self._early.setdefault(payer_id, []).append((day - delay_days, delay_days))
        recent = self._recent.get(payer_id)
        if recent is None:
            self._recent[payer_id] = [delay_days * _BASE + group]
            return
        recent.append(delay_days * _BASE + group)
        if len(recent) > RECENT:
            del recent[0]
        if len(recent) >= LEAST_KNOWN:
            self._groups[payer_id] = group = bisect_left(EDGES, _median(recent))
            if known == CENTRE:
                self._know(payer_id, recent, group)

    def unlearn(self, paid_on: int, payer_id: int, delay_days: int) -> None:
        """What was learnt of a day is taken back: the money did, too."""
        recent, due = self._recent[payer_id], paid_on - delay_days
        seen = next((one for one in reversed(recent) if one // _BASE == delay_days), None)
        if seen is None:
            return
        recent.remove(seen)
        self._count(due, seen % _BASE, delay_days, -1)
        early = self._early.get(payer_id, [])
        if (due, delay_days) in early:
            early.remove((due, delay_days))
        if len(recent) < LEAST_KNOWN:
            self._groups.pop(payer_id, None)
        elif payer_id in self._groups:
            self._groups[payer_id] = bisect_left(EDGES, _median(recent))

    def _know(self, payer_id: int, recent: list[int], group: int) -> None:
        """The first ones have made the habit known: they are of its group."""
        for due, delay_days in self._early.pop(payer_id, ()):
            self._count(due, CENTRE, delay_days, -1)
            self._count(due, group, delay_days, 1)
        recent[:] = [one // _BASE * _BASE + group if one % _BASE == CENTRE else one for one in recent]

    def forget(self, before: int) -> None:
        """What was due before a day tells no longer how people pay. A payer keeps their own habit."""
        self._since = before
        for due in [due for due in self._by_due if due < before]:
            for where, count in self._by_due.pop(due).items():
                self.paid[where // _SPAN][where % _SPAN] -= count
                self.count -= count

    def group(self, payer_id: int) -> int:
        """The group of the payer; CENTRE when their habit is not known."""
        return self._groups.get(payer_id, CENTRE)

    def usual_days(self, payer_id: int) -> int | None:
        """The payer's habit in days after the due day; None when it is not known."""
        return _median(self._recent[payer_id]) if payer_id in self._groups else None

    def known(self, payer_id: int) -> int:
        """Of how many invoices the payer's habit is the median."""
        return len(self._recent.get(payer_id, ()))

    def _count(self, due: int, group: int, delay_days: int, by: int) -> None:
        if due < self._since:
            return
        place = _place(delay_days)
        self.paid[group][place] += by
        self.count += by
        counts = self._by_due.get(due)
        if counts is None:
            counts = self._by_due[due] = {}
        where = group * _SPAN + place
        counts[where] = counts.get(where, 0) + by


def _median(recent: Sequence[int]) -> int:
    """The middle delay; of an even number the later of the two in the middle."""
    return sorted(recent)[len(recent) // 2] // _BASE


class Odds:
    """What became of invoices like one, at the end of a day: what `habits` knows, and what is open on it."""

    def __init__(self, habits: Habits, still_open: Iterable[tuple[int, int, int]]) -> None:
        """`still_open` are (group, days after the due day, how many) of what is open."""
        ages = [[0] * _SPAN for _ in range(_GROUPS)]
        for group, age_days, count in still_open:
            ages[group][_place(age_days)] += count
        whole_paid = [sum(column) for column in zip(*habits.paid, strict=True)]
        whole_ages = [sum(column) for column in zip(*ages, strict=True)]
        # By group: how many were paid up to each day, and how many are open and older than the day before each.
        habits_paid, habits_open = list(habits.paid), ages
        habits_paid[CENTRE], habits_open[CENTRE] = whole_paid, whole_ages
        self._paid = [list(accumulate(counts)) for counts in habits_paid]
        self._open = [list(accumulate(reversed(counts)))[::-1] for counts in habits_open]
        self._shares: dict[tuple[int, int], tuple[int, ...]] = {}
        self.knows = habits.count >= LEAST_SEEN

    def seen(self, group: int, after_days: int, until_days: int) -> tuple[int, int]:
        """(paid, seen): of the invoices still open `after_days` after their due day, those paid by `until_days`."""
        paid, opened = self._paid[group], self._open[group]
        first, last = _place(after_days), _place(until_days)
        # What is open and between the two days was seen for a part of them: half of it counts, as actuaries have it.
        between = opened[min(first + 1, last)] - opened[last]
        return paid[last] - paid[first], paid[-1] - paid[first] + opened[last] + between // 2

    def shares(self, group: int, age_days: int, bounds: Sequence[int]) -> tuple[int, ...]:
        """Of one open for `age_days` after its due day: which part is paid up to each of the days ahead in `bounds`.

        Parts of WHOLE that rise. The same bounds are asked for every invoice.
        """
        known = self._shares.get((group, age_days))
        if known is not None:
            return known
        up_to, done, left, after = [], 0, WHOLE, age_days
        for ahead in bounds:
            paid, seen = self.seen(group, after, age_days + ahead)
            if seen < LEAST_SEEN and group != DISPUTED:
                paid, seen = self.seen(CENTRE, after, age_days + ahead)
            # Of so old ones too few were seen: nobody knows.
            part = left * paid // seen if seen >= LEAST_SEEN else 0
            done, left, after = done + part, left - part, age_days + ahead
            up_to.append(done)
        self._shares[group, age_days] = tuple(up_to)
        return self._shares[group, age_days]
