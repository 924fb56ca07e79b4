"""Early signs: who may soon be a debtor, told by plain rules from what they did with money and visits alone.

Each sign names the rows it was read from. Who somebody is (age, name, sex, origin, health, where they live) is never
looked at, and no score is kept: the order is how many signs there are, then how much is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

SLOWER, LONGER, LATE = "slower", "longer", "usually_late"
BROKEN, RETURNED, VISITS = "broken_promise", "returned_debit", "fewer_visits"
SIGNS = (SLOWER, LONGER, LATE, BROKEN, RETURNED, VISITS)
"""In the order in which they are told."""

OVERDUE_DAYS = 30
"""With something longer overdue they are debtors already, and no longer an early case."""
LOOKED_AT = 9
LATEST = 3
LEAST_KNOWN = 3
SLOWER_DAYS = 7
LONGER_DAYS = 7
LATE_DAYS = 14
AGREED_DAYS = 90
VISIT_DAYS = 28
VISIT_WINDOWS = 3
LEAST_VISITS = 12


class Bill(NamedTuple):
    """An invoice of a payer: its due day, the day on which it was paid to the end (None: it is open), what is open."""

    invoice_id: int
    due: int
    settled: int | None
    open_minor: int
    disputed: bool = False


class Promise(NamedTuple):
    """A promise that was broken: for which day, how much, and what came of it."""

    due: int
    amount_minor: int
    paid_minor: int


class Returned(NamedTuple):
    """A direct debit that came back: the payment, the day it came back and its amount."""

    payment: str
    day: int
    amount_minor: int


class Visits(NamedTuple):
    """Visits of a household in the last `VISIT_DAYS`, in `VISIT_WINDOWS` times as many days before, and the last."""

    recent: int
    before: int
    last: int


class Facts(NamedTuple):
    """What is known of a payer in one currency: invoices in order of their due day, those that are not due yet last."""

    bills: tuple[Bill, ...]
    broken: tuple[Promise, ...] = ()
    returned: tuple[Returned, ...] = ()
    visits: Visits | None = None


class Sign(NamedTuple):
    """A sign: `days` how late, or `now` how many, and what was usual `before`; `bills` are behind it."""

    sign: str
    now: int
    before: int = 0
    bills: tuple[Bill, ...] = ()


def is_debtor(facts: Facts, as_of: int) -> bool:
    """Whether something has been overdue for longer than an early case is."""
    return any(bill.open_minor and as_of - bill.due > OVERDUE_DAYS for bill in facts.bills)


def signs_of(facts: Facts, as_of: int) -> list[Sign]:
    """The signs of one payer at the end of the day; none when there are none."""
    told = [bill for bill in facts.bills if bill.settled is not None or bill.due < as_of][-LOOKED_AT:]
    paid = [bill for bill in facts.bills if bill.settled is not None][-LOOKED_AT:]
    open_bills = tuple(bill for bill in facts.bills if bill.open_minor)
    usual = _median([_late(bill, as_of) for bill in paid]) if len(paid) >= LEAST_KNOWN else None
    found = [
        *_slower(told, as_of),
        *_longer(open_bills, usual, as_of),
        *_usually_late(paid, usual, has_open=bool(open_bills)),
    ]
    if facts.broken:
        found.append(Sign(BROKEN, len(facts.broken)))
    if facts.returned:
        found.append(Sign(RETURNED, len(facts.returned)))
    visits = facts.visits
    if visits and visits.before >= LEAST_VISITS and 2 * VISIT_WINDOWS * visits.recent <= visits.before:
        found.append(Sign(VISITS, visits.recent, visits.before // VISIT_WINDOWS))
    return found


def _slower(told: Sequence[Bill], as_of: int) -> list[Sign]:
    """The latest ones later than those before, and late: what is open counts as paid today, which it is at best."""
    if len(told) < 2 * LATEST:
        return []
    before = _median([_late(bill, as_of) for bill in told[:-LATEST]])
    now = _median([_late(bill, as_of) for bill in told[-LATEST:]])
    if now >= SLOWER_DAYS and now - before >= SLOWER_DAYS:
        return [Sign(SLOWER, now, before, tuple(told))]
    return []


def _longer(open_bills: Sequence[Bill], usual: int | None, as_of: int) -> list[Sign]:
    """Overdue for longer than they usually take, contested or not: what is disputed is told with its row."""
    if usual is None:
        return []
    least = max(0, usual) + LONGER_DAYS
    overdue = [bill for bill in open_bills if as_of - bill.due >= least]
    if not overdue:
        return []
    return [Sign(LONGER, as_of - min(bill.due for bill in overdue), usual, tuple(overdue))]


def _usually_late(paid: Sequence[Bill], usual: int | None, *, has_open: bool) -> list[Sign]:
    if usual is None or usual < LATE_DAYS or not has_open:
        return []
    return [Sign(LATE, usual, bills=tuple(paid))]


def _late(bill: Bill, as_of: int) -> int:
    """Days after the due day; below zero before it."""
    return (as_of if bill.settled is None else bill.settled) - bill.due


def _median(days: Sequence[int]) -> int:
    return sorted(days)[len(days) // 2]
