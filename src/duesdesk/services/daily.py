"""CRM Daily: who comes on a day (or in a week, a month), who of them owes, and what to say to them."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any, overload

from duesdesk.domain.arrivals import ALL, EXPECTED, NOTHING_KNOWN, About, Arrival, Booked, Debt, Owing
from duesdesk.domain.errors import BadInput
from duesdesk.services.timeline import When
from duesdesk.services.workplace import Workplace
from duesdesk.store import arrivals

DAILY, WEEKLY, MONTHLY = "daily", "weekly", "monthly"
MODES = (DAILY, WEEKLY, MONTHLY)
MINUTES_AHEAD = 45
# More than this nobody reads; beyond it only those who owe or cancelled are kept.
MOST_ROWS = 10_000
READ_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class DaySum:
    """One day of a week or month: bookings, how many of them are in, cancelled or of debtors, and what those owe."""

    on_day: date
    booked: int
    came: int
    cancelled: int
    debtors: int
    owed: tuple[tuple[str, int], ...]


Details = dict[int, tuple[tuple[Debt, ...], About]]
"""By payer id: what they owe in full, and what is known of it."""


class Arrivals(Sequence[Arrival]):
    """People who come, in order. What each of them owes is read for those that are looked at, some at a time.

    `booked` has them without it, all in memory; `owing` tells who owes.
    """

    def __init__(
        self, booked: list[Booked], owing: Owing, read: Callable[[set[int]], Details], details: Details
    ) -> None:
        self.booked = booked
        self.owing = owing
        self._read = read
        self._details = details

    def __len__(self) -> int:
        return len(self.booked)

    @overload
    def __getitem__(self, place: int) -> Arrival: ...
    @overload
    def __getitem__(self, place: slice) -> Arrivals: ...
    def __getitem__(self, place: int | slice) -> Arrival | Arrivals:
        if isinstance(place, slice):
            return self._with(self.booked[place])
        row = self.booked[place]
        if row.payer_id not in self._details:
            first = place % len(self.booked) // READ_AT_ONCE * READ_AT_ONCE
            payers = {near.payer_id for near in self.booked[first : first + READ_AT_ONCE]}
            self._details.update(self._read(payers.difference(self._details)))
        return Arrival(*row, *self._details[row.payer_id])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # as of every list

    def section(self, name: str, also: object = None) -> Arrivals:
        """Those who stand in one section, in the same order; `also` is a booking that is shown in any case."""
        found = self.owing.section(name, self.booked)
        if also is not None and not any(row.booking_id == also for row in found):
            kept = {row.booking_id for row in found} | {also}
            found = [row for row in self.booked if row.booking_id in kept]
        return self._with(found)

    def sorted(self, key: Callable[[Booked], Any]) -> Arrivals:
        """The same people in another order."""
        return self._with(sorted(self.booked, key=key))

    def _with(self, booked: list[Booked]) -> Arrivals:
        return Arrivals(booked, self.owing, self._read, self._details)


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
    arrivals: Arrivals
    days: tuple[DaySum, ...]
    folded: bool = False

    def section(self, name: str, also: object = None) -> Arrivals:
        """The rows of one section, in order of time; `also` is a booking that is shown in any case."""
        return self.arrivals[:0] if self.folded and name in (ALL, EXPECTED) else self.arrivals.section(name, also)


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


def countdown(rows: Arrivals, now: str, *, minutes: int = MINUTES_AHEAD) -> Countdown:
    """Who of these rows of today comes within `minutes` of `now` ('HH:MM', the wall clock of the centre)."""
    coming: list[Booked] = []
    next_time: str | None = None
    for row in rows.booked:
        left = minutes_until(row, now)
        if left is None or left < 0:
            continue
        if left > minutes:
            # They stand in order of time.
            next_time = row.at_time
            break
        coming.append(row)
    debtors = {row.member for row in coming if rows.owing.is_debtor(row.payer_id)}
    owed = tuple(sorted(rows.owing.sums(coming).items()))
    return Countdown(minutes, len({row.member for row in coming}), len(debtors), owed, next_time)


def minutes_until(row: Booked | Arrival, now: str) -> int | None:
    """Minutes from `now` until somebody expected comes, below 0 when the time has passed; None for the others."""
    if row.at_time is None or not row.is_expected:
        return None
    return _minutes(row.at_time) - _minutes(now)


def is_to_come(row: Booked | Arrival, now: str) -> bool:
    """Whether somebody is expected whose time has not passed: this minute is not over yet."""
    left = minutes_until(row, now)
    return left is not None and left >= 0


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
            booked = arrivals.booked(tx, first.isoformat(), last.isoformat())
            owing = arrivals.owing_of(tx, {row.payer_id for row in booked}, day.isoformat())
        days = () if mode == DAILY else _sums(booked, owing, first, last)
        found = owing.counts(booked)
        too_many = len(booked) > MOST_ROWS and mode != DAILY
        if too_many:
            booked = [row for row in booked if owing.is_listed(row.payer_id) or row.status == "cancelled"]
        rows = Arrivals(booked, owing, lambda payers: self._details(payers, day), {})
        return DailyPage(mode, day, first, last, today, found, rows, days, too_many or mode == MONTHLY)

    def _details(self, payers: set[int], day: date) -> Details:
        """What these payers owe at the end of `day`, and what is known of it."""
        as_of = day.isoformat()
        with self._place.database.read() as tx:
            debts = arrivals.debts_of(tx, payers, as_of)
            known = arrivals.known_of(tx, debts, as_of, end_of_day=self._when(day).end)
        return {payer_id: (debts.get(payer_id, ()), known.get(payer_id, NOTHING_KNOWN)) for payer_id in payers}

    def _when(self, day: date) -> When:
        return When.until(day, self._place.centre.timezone)


def _sums(rows: list[Booked], owing: Owing, first: date, last: date) -> tuple[DaySum, ...]:
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
                len({row.member for row in live if owing.is_debtor(row.payer_id)}),
                tuple(sorted(owing.sums(live).items())),
            )
        )
    return tuple(found)
