"""CRM Daily: who comes on a day (or in a week, a month), who of them owes, and what to say to them."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from duesdesk.domain.arrivals import ALL, EXPECTED, Arrival, counts, owed_by
from duesdesk.domain.errors import BadInput
from duesdesk.services.timeline import When
from duesdesk.services.workplace import Workplace
from duesdesk.store import arrivals

DAILY, WEEKLY, MONTHLY = "daily", "weekly", "monthly"
MODES = (DAILY, WEEKLY, MONTHLY)
MINUTES_AHEAD = 45
# More than this nobody reads; beyond it only those who owe or cancelled are kept.
MOST_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class DaySum:
    """One day of a week or month: bookings, how many of them are in, cancelled or of debtors, and what those owe."""

    on_day: date
    booked: int
    came: int
    cancelled: int
    debtors: int
    owed: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class DailyPage:
    """All CRM Daily shows. `arrivals` are in order of time; figures are those of the end of `day`.

    `folded`: the sections all and expected are told by their days alone, as in every month, and in a week with too many
    bookings to read; `arrivals` may hold only those who owe or cancelled then.
    """

    mode: str
    day: date
    first: date
    last: date
    today: date
    counts: dict[str, int]
    arrivals: tuple[Arrival, ...]
    days: tuple[DaySum, ...]
    folded: bool = False

    def section(self, name: str) -> list[Arrival]:
        """The rows of one section, in order of time."""
        if self.folded and name in (ALL, EXPECTED):
            return []
        return [arrival for arrival in self.arrivals if arrival.in_section(name)]


@dataclass(frozen=True, slots=True)
class Countdown:
    """Who comes within the next minutes: people, those of them who owe, and what per currency.

    `next_time` is the next arrival of all when nobody comes that soon ('18:00'), None when nobody comes any more.
    """

    minutes: int
    people: int
    debtors: int
    owed: tuple[tuple[str, int], ...]
    next_time: str | None


def span(day: date, mode: str) -> tuple[date, date]:
    """First and last day of the week (from Monday) or month of `day`. Raises BadInput for an unknown mode."""
    if mode == DAILY:
        return day, day
    if mode == WEEKLY:
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=6)
    if mode == MONTHLY:
        return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
    raise BadInput("mode-unknown", mode=mode, known=", ".join(MODES))


def step(day: date, mode: str, by: int) -> date:
    """The day `by` days, weeks or months on; a month that is too short takes its last day."""
    if mode == DAILY:
        return day + timedelta(days=by)
    if mode == WEEKLY:
        return day + timedelta(weeks=by)
    months = day.year * 12 + day.month - 1 + by
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def countdown(rows: Iterable[Arrival], now: str, *, minutes: int = MINUTES_AHEAD) -> Countdown:
    """Who of these rows of today comes within `minutes` of `now` ('HH:MM', the wall clock of the centre)."""
    coming: list[Arrival] = []
    next_time: str | None = None
    for row in rows:
        left = minutes_until(row, now)
        if left is None or left < 0:
            continue
        if left <= minutes:
            coming.append(row)
        elif next_time is None:
            next_time = row.at_time
    people = {row.member for row in coming}
    debtors = {row.member for row in coming if row.is_debtor}
    return Countdown(minutes, len(people), len(debtors), tuple(sorted(owed_by(coming).items())), next_time)


def minutes_until(row: Arrival, now: str) -> int | None:
    """Minutes from `now` until somebody expected comes, below 0 when the time has passed; None for the others."""
    if row.at_time is None or not row.is_expected:
        return None
    return _minutes(row.at_time) - _minutes(now)


def _minutes(clock_time: str) -> int:
    return int(clock_time[:2]) * 60 + int(clock_time[3:5])


class Daily:
    """CRM Daily of one centre."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def now_time(self) -> str:
        """The wall clock of the centre, 'HH:MM'."""
        return self._place.clock.local(self._place.centre.timezone).strftime("%H:%M")

    def local_time(self, instant: str) -> str:
        """An instant of the store (UTC text) as the wall clock showed it, 'HH:MM'."""
        return self._when(self._place.today()).local(instant).strftime("%H:%M")

    def page(self, day: date | None = None, mode: str = DAILY) -> DailyPage:
        """The day, or the week or month around it, with figures at the end of `day` (None: today). Raises BadInput."""
        today = self._place.today()
        day = day or today
        first, last = span(day, mode)
        with self._place.database.read() as tx:
            rows = arrivals.read(
                tx, first.isoformat(), last.isoformat(), day.isoformat(), end_of_day=self._when(day).end
            )
        days = () if mode == DAILY else _sums(rows, first, last)
        found = counts(rows)
        too_many = len(rows) > MOST_ROWS and mode != DAILY
        if too_many:
            rows = [row for row in rows if row.debts or row.status == "cancelled"]
        return DailyPage(mode, day, first, last, today, found, tuple(rows), days, too_many or mode == MONTHLY)

    def _when(self, day: date) -> When:
        return When.until(day, self._place.centre.timezone)


def _sums(rows: list[Arrival], first: date, last: date) -> tuple[DaySum, ...]:
    by_day = {on_day: list(of_day) for on_day, of_day in groupby(rows, key=lambda row: row.on_day)}
    found = []
    for number in range((last - first).days + 1):
        on_day = first + timedelta(days=number)
        of_day = by_day.get(on_day.isoformat(), [])
        live = [row for row in of_day if row.status != "cancelled"]
        found.append(
            DaySum(
                on_day,
                len(live),
                sum(row.status == "attended" for row in live),
                len(of_day) - len(live),
                len({row.member for row in live if row.debts and row.is_debtor}),
                tuple(sorted(owed_by(live).items())),
            )
        )
    return tuple(found)
