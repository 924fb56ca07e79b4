"""Who comes on a day, or in the week or month around it, and what the payer of each of them owes at its end."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from duesdesk.domain.arrivals import SECTIONS, Booked, Debt
from duesdesk.domain.errors import WrongUsage
from duesdesk.reports.shape import Ask, Sheet, day, sheet
from duesdesk.store import arrivals
from duesdesk.store.database import Tx

DAILY, WEEKLY, MONTHLY = MODES = ("daily", "weekly", "monthly")


class DailyRow(NamedTuple):
    """A booking, once per currency in which the payer has something overdue (once in all when in none).

    `time` is 'HH:MM' on the wall clock of the centre, None for all day; `next` is the next step of the collection rule,
    None while no rule is in force.
    """

    on: date
    time: str | None
    member: str
    name: str
    activity: str
    status: str
    currency: str
    unpaid_minor: int
    oldest_due: date | None
    days: int
    checked_in: bool
    next: str | None


@dataclass(frozen=True, slots=True)
class Daily:
    """The rows of a section in order of time, with figures at the end of the day `on`."""

    on: date
    mode: str
    section: str
    rows: tuple[DailyRow, ...]

    def sheets(self) -> tuple[Sheet, ...]:
        """One table."""
        return (sheet(self, self.rows, DailyRow),)


def read(tx: Tx, ask: Ask) -> Daily:
    """The report. Raises WrongUsage for an unknown mode or section."""
    if ask.section not in SECTIONS:
        raise WrongUsage("section-unknown", section=ask.section, known=SECTIONS)
    first, last = _span(ask.as_of, ask.mode)
    as_of = ask.as_of.isoformat()
    booked = arrivals.booked(tx, first.isoformat(), last.isoformat())
    owing = arrivals.owing_of(tx, {row.payer_id for row in booked}, as_of)
    found = owing.section(ask.section, booked)
    debts = arrivals.debts_of(tx, {row.payer_id for row in found}, as_of)
    rows = [row for one in found for row in _rows(one, debts.get(one.payer_id, ()), ask)]
    return Daily(ask.as_of, ask.mode, ask.section, tuple(rows))


def _span(on: date, mode: str) -> tuple[date, date]:
    if mode == DAILY:
        return on, on
    if mode == WEEKLY:
        first = on - timedelta(days=on.weekday())
        return first, first + timedelta(days=6)
    if mode == MONTHLY:
        return on.replace(day=1), on.replace(day=calendar.monthrange(on.year, on.month)[1])
    raise WrongUsage("mode-unknown", mode=mode, known=MODES)


def _rows(one: Booked, debts: tuple[Debt, ...], ask: Ask) -> list[DailyRow]:
    owed = [debt for debt in debts if debt.unpaid_minor]
    return [_row(one, debt, ask) for debt in owed or debts[:1]] or [_row(one, None, ask)]


def _row(one: Booked, debt: Debt | None, ask: Ask) -> DailyRow:
    oldest_due = day(debt.oldest_due) if debt else None
    return DailyRow(
        date.fromisoformat(one.on_day),
        one.at_time,
        one.member,
        one.name,
        one.activity,
        one.status,
        debt.currency if debt else ask.home_currency,
        debt.unpaid_minor if debt else 0,
        oldest_due,
        (ask.as_of - oldest_due).days if oldest_due else 0,
        one.checked_in_at is not None,
        None,
    )
