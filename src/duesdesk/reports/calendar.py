"""Calendar: what falls due, was promised and agreed on in a month, planned notices, and the closed days.

What falls due is what is still open of it at the end of the day; a promise is told whole, and whether it was kept. The
notices that the rule would write if nobody paid are handed in by who knows the rule, with the closed days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from duesdesk.clock import from_utc_text, zone
from duesdesk.domain import promises
from duesdesk.domain.month import first_of, last_of
from duesdesk.reports.shape import Ask, Sheet, sheet
from duesdesk.store import courses
from duesdesk.store.among import ids, listed
from duesdesk.store.arrivals import PROMISE_PAID
from duesdesk.store.database import Tx
from duesdesk.store.positions import open_sql

DUE, PROMISE, INSTALMENT, NOTICE, CLOSED = "due", "promise", "instalment", "notice", "closed"
KINDS = (DUE, PROMISE, INSTALMENT, NOTICE)
WAITS, BY_RULE, DISPUTED = "waits", "by_rule", "disputed"


class CalendarRow(NamedTuple):
    """What stands on a day: `kind` is due, promise, instalment or notice (in a table also closed).

    `reference` is the number of an invoice, or the step or template of a notice. `status` tells what became of a
    promise (open, kept, broken), that an invoice is disputed, or whether a notice waits already (waits) or would be
    written by the rule (by_rule).
    """

    on: date
    kind: str
    member: str
    name: str
    reference: str
    amount_minor: int | None
    status: str


class CalendarDay(NamedTuple):
    """The sums of a day; `closed` says why nobody is written to: out_of_hours or public_holiday, else nothing."""

    on: date
    closed: str
    falls_due_minor: int
    invoices: int
    promised_minor: int
    promises: int
    planned_minor: int
    instalments: int
    notices: int


class ClosedDay(NamedTuple):
    """A day on which nobody is written to, and why."""

    on: date
    closed: str


@dataclass(frozen=True, slots=True)
class CalendarIn:
    """One currency: the sums of the month, every day of it, and what stands on them."""

    currency: str
    falls_due_minor: int
    promised_minor: int
    planned_minor: int
    notices: int
    days: tuple[CalendarDay, ...]
    rows: tuple[CalendarRow, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The month that begins on `month`, as seen at the end of `as_of`.

    `ahead_until` is the day up to which the rule was played; None where it was not, and no notices are told.
    """

    as_of: date
    month: date
    ahead_until: date | None
    closed: tuple[ClosedDay, ...]
    currencies: tuple[CalendarIn, ...]

    def sheets(self) -> tuple[Sheet, ...]:
        """A table per currency, the closed days among the rows."""
        return tuple(sheet(one, _with_closed(one), CalendarRow) for one in self.currencies)


def read(tx: Tx, ask: Ask) -> Calendar:
    """The report."""
    month = first_of(ask.month or ask.as_of)
    last = last_of(month)
    found: dict[str, list[CalendarRow]] = {}
    for currency, row in (
        *_due(tx, ask, month, last),
        *_promised(tx, ask, month, last),
        *_planned(tx, ask, month, last),
        *_waiting(tx, ask, month, last),
    ):
        found.setdefault(currency, []).append(row)
    foreseen = ask.foreseen
    for one in foreseen.notices if foreseen is not None else ():
        row = CalendarRow(one.on, NOTICE, one.member, one.name, one.step, one.amount_minor, BY_RULE)
        found.setdefault(one.currency, []).append(row)
    closed = dict(foreseen.closed) if foreseen is not None else {}
    currencies = tuple(_in(currency, rows, month, last, closed) for currency, rows in sorted(found.items()))
    until = foreseen.until if foreseen is not None else None
    return Calendar(ask.as_of, month, until, tuple(ClosedDay(*one) for one in sorted(closed.items())), currencies)


def _due(tx: Tx, ask: Ask, first: date, last: date) -> list[tuple[str, CalendarRow]]:
    as_of = ask.as_of.isoformat()
    rows = tx.each(
        f"""SELECT o.currency, o.due_on, m.number, m.name, i.number, o.open_minor, o.disputed
            FROM ({open_sql(tx, as_of)}) o JOIN invoice i ON i.id = o.invoice_id JOIN member m ON m.id = o.payer_id
            WHERE o.due_on BETWEEN :first AND :last""",
        as_of=as_of,
        first=first.isoformat(),
        last=last.isoformat(),
    )
    return [
        (
            currency,
            CalendarRow(date.fromisoformat(due), DUE, member, name, invoice, minor, DISPUTED if disputed else ""),
        )
        for currency, due, member, name, invoice, minor, disputed in rows
    ]


def _promised(tx: Tx, ask: Ask, first: date, last: date) -> list[tuple[str, CalendarRow]]:
    found = []
    for currency, due_on, member, name, minor, paid in tx.each(
        f"""SELECT p.currency, p.due_on, m.number, m.name, p.amount_minor, {PROMISE_PAID}
            FROM promise p JOIN member m ON m.id = p.payer_id
            WHERE p.due_on BETWEEN :first AND :last AND p.promised_on <= :as_of
              AND (p.cancelled_on IS NULL OR p.cancelled_on > :as_of)
            ORDER BY p.due_on, p.id""",
        as_of=ask.as_of.isoformat(),
        first=first.isoformat(),
        last=last.isoformat(),
    ):
        due = date.fromisoformat(due_on)
        state = promises.state(minor, due, paid, ask.as_of)
        found.append((currency, CalendarRow(due, PROMISE, member, name, "", minor, state)))
    return found


def _planned(tx: Tx, ask: Ask, first: date, last: date) -> list[tuple[str, CalendarRow]]:
    """The parts of plans and settlements, as the forecast reads them; what is for several invoices is one part."""
    sums: dict[tuple[int, str, int], int] = {}
    for one in courses.planned(tx, ask.as_of):
        if first.toordinal() <= one.due <= last.toordinal():
            part = one.payer_id, one.currency, one.due
            sums[part] = sums.get(part, 0) + one.amount_minor
    names = {
        row[0]: (row[1], row[2])
        for row in tx.each(
            f"SELECT id, number, name FROM member WHERE id IN ({ids(tx)})",
            wanted=listed(payer_id for payer_id, _currency, _due in sums),
        )
    }
    return [
        (currency, CalendarRow(date.fromordinal(due), INSTALMENT, *names[payer_id], "", minor, ""))
        for (payer_id, currency, due), minor in sums.items()
    ]


def _waiting(tx: Tx, ask: Ask, first: date, last: date) -> list[tuple[str, CalendarRow]]:
    """Notices that are written and wait to leave; what should have left already leaves with the next sending."""
    if ask.foreseen is None or ask.foreseen.until is None:
        return []
    there = zone(ask.timezone)
    found = []
    for send_after, member, name, template, currency, minor in tx.each(
        """SELECT n.send_after, m.number, m.name, n.template, i.currency, sum(t.open_minor)
           FROM notice n JOIN member m ON m.id = n.payer_id
           LEFT JOIN notice_item t ON t.notice_id = n.id LEFT JOIN invoice i ON i.id = t.invoice_id
           WHERE n.state IN ('held', 'queued')
           GROUP BY n.id, n.send_after, m.number, m.name, n.template, i.currency ORDER BY n.id"""
    ):
        on = max(from_utc_text(send_after).astimezone(there).date(), ask.as_of)
        if first <= on <= last:
            row = CalendarRow(on, NOTICE, member, name, template, int(minor) if currency else None, WAITS)
            found.append((currency or ask.home_currency, row))
    return found


def _in(currency: str, rows: list[CalendarRow], first: date, last: date, closed: dict[date, str]) -> CalendarIn:
    rows.sort(key=lambda row: (row.on, KINDS.index(row.kind), -(row.amount_minor or 0), row.member, row.reference))
    by_day: dict[date, list[CalendarRow]] = {}
    for row in rows:
        by_day.setdefault(row.on, []).append(row)
    days = []
    for n in range((last - first).days + 1):
        on = first + timedelta(days=n)
        days.append(_day(on, closed.get(on, ""), by_day.get(on, [])))
    return CalendarIn(
        currency,
        sum(day.falls_due_minor for day in days),
        sum(day.promised_minor for day in days),
        sum(day.planned_minor for day in days),
        sum(day.notices for day in days),
        tuple(days),
        tuple(rows),
    )


def _day(on: date, closed: str, rows: list[CalendarRow]) -> CalendarDay:
    def sums(kind: str) -> tuple[int, int]:
        of = [row.amount_minor or 0 for row in rows if row.kind == kind]
        return sum(of), len(of)

    return CalendarDay(on, closed, *sums(DUE), *sums(PROMISE), *sums(INSTALMENT), sums(NOTICE)[1])


def _with_closed(one: CalendarIn) -> tuple[CalendarRow, ...]:
    closed = [CalendarRow(day.on, CLOSED, "", "", "", None, day.closed) for day in one.days if day.closed]
    return tuple(sorted((*closed, *one.rows), key=lambda row: row.on))
