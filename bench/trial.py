"""How far a forecast was from what came, beside two that know nothing of anybody's habit.

Every week of a stretch is forecast on the evening before it begins, four weeks ahead, from what was dated by then. One
says that everybody pays on the due day, and what is overdue at once (or not at all, which is told apart), the other
that each week brings what a week of the last month did. Money of invoices not issued by then is reckoned alike for all
but the last, since all of it came.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from duesdesk.bootstrap import Desk
from duesdesk.domain.forecast.arriving import Arrivals
from duesdesk.domain.forecast.expected import Outlook
from duesdesk.domain.forecast.opened import OpenBook
from duesdesk.reports.forecast import outlooks
from duesdesk.store import courses
from duesdesk.store.database import Tx

WEEKS = 4
_WEEK = 7
HABIT, DUE_DAY, DUE_ALONE, LAST_MONTH = WAYS = ("habit", "due day", "due day, overdue never", "last month")


@dataclass(frozen=True, slots=True)
class Judged:
    """In minor units: by how much a forecast missed on average, and what it said too much (or too little) in all."""

    week_error: float
    weeks_error: float
    bias: int
    weeks_bias: float


class Said(NamedTuple):
    """What was said of the four weeks after a day, and what came."""

    habit: list[int]
    due_day: list[int]
    due_alone: list[int]
    last_month: list[int]
    came: list[int]


def sundays(first: date, last: date) -> list[int]:
    """The evenings before each week from `first` whose four weeks are over by `last`."""
    day = first - timedelta(days=first.weekday() + 1)
    found = []
    while day + timedelta(days=_WEEK * WEEKS) <= last:
        found.append(day.toordinal())
        day += timedelta(days=_WEEK)
    return found


def said(desk: Desk, currency: str, first: date, last: date) -> list[Said]:
    """Every forecast from `first` on, beside what came up to `last`."""
    with desk.place.database.read() as tx:
        return list(_said(tx, currency, sundays(first, last), last))


def _said(tx: Tx, currency: str, days: list[int], last: date) -> Iterator[Said]:
    since = date.fromordinal(days[0])
    first = courses.money_since(since, WEEKS)
    book = courses.read(tx, last, since, first)
    arrivals = Arrivals(courses.came(tx, book, last, first)[currency])
    begin = courses.first_money(tx) or last
    bounds = tuple(range(_WEEK, _WEEK * WEEKS + 1, _WEEK))
    for outlook in outlooks(tx, book, days, WEEKS, WEEKS):
        day = outlook.as_of
        new = arrivals.usual_new(day, bounds, begin.toordinal())
        weeks = outlook.sums().get(currency, [{}] * (WEEKS + 1))
        month = arrivals.between(day - _WEEK * WEEKS, day)
        yield Said(
            [sum(weeks[place].values()) + new[place] for place in range(WEEKS)],
            [minor + new[place] for place, minor in enumerate(_by_due_day(outlook, currency, overdue=True))],
            [minor + new[place] for place, minor in enumerate(_by_due_day(outlook, currency, overdue=False))],
            [month // WEEKS] * WEEKS,
            [arrivals.between(day + bound - _WEEK, day + bound) for bound in bounds],
        )


def _by_due_day(outlook: Outlook, currency: str, *, overdue: bool) -> list[int]:
    book: OpenBook = outlook.book
    found = [0] * (WEEKS + 1)
    for (of, _group, due), (_count, minor) in book.cells.items():
        if of == currency and due is not None and (overdue or due > outlook.as_of):
            found[min(WEEKS, max(0, due - outlook.as_of - 1) // _WEEK)] += minor
    return found[:WEEKS]


def judge(all_said: list[Said]) -> dict[str, Judged]:
    """Each way of forecasting over all of them."""
    came = [one.came for one in all_said]
    return {name: _judged([one[place] for one in all_said], came) for place, name in enumerate(WAYS)}


def _judged(told: list[list[int]], came: list[list[int]]) -> Judged:
    week = [one[0] - real[0] for one, real in zip(told, came, strict=True)]
    weeks = [sum(one) - sum(real) for one, real in zip(told, came, strict=True)]
    return Judged(
        statistics.fmean(map(abs, week)), statistics.fmean(map(abs, weeks)), sum(week), statistics.fmean(weeks)
    )
