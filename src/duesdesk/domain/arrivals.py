"""Who comes on a day, what their payer owes, and in which section of CRM Daily they stand.

Rows are tuples and not dataclasses: a large centre has six thousand of them on one screen, and a tuple is made in a
third of the time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

ALL, UNPAID, PARTIAL, PROMISES, EXPECTED, CANCELLED = "all", "unpaid", "partial", "promises", "expected", "cancelled"
SECTIONS = (ALL, UNPAID, PARTIAL, PROMISES, EXPECTED, CANCELLED)
LEVEL_EDGES = (30, 60)


class Debt(NamedTuple):
    """What a payer owes in one currency at the end of a day, in minor units; days are ISO text.

    `unpaid_minor` is overdue, in `unpaid_invoices` invoices, the oldest due on `oldest_due`. `partial_minor` is the
    rest of the open invoices on which `paid_minor` was received, due or not. `next_due` is the nearest day to come.
    """

    currency: str
    unpaid_minor: int
    open_minor: int
    unpaid_invoices: int
    oldest_due: str | None
    partial_minor: int
    paid_minor: int
    next_due: str | None
    disputed: bool


class Promised(NamedTuple):
    """The promise that counts: the nearest open one, else the last one when it was broken. Days are ISO text."""

    currency: str
    amount_minor: int
    due_on: str
    state: str


class About(NamedTuple):
    """What is known of a payer who owes: how often told since the oldest due day, a promise, and what was said last.

    `first_time` is True when nothing was ever paid late before; `says_paid` when the last talk ended with that.
    """

    told: int = 0
    promise: Promised | None = None
    says_paid: bool = False
    first_time: bool = False


NOTHING_KNOWN = About()


class Arrival(NamedTuple):
    """A booking with who comes and what their payer owes. `at_time` is 'HH:MM' or None, `checked_in_at` UTC ISO text.

    `payer` and `payer_name` are None for people who pay for themselves.
    """

    booking_id: int
    on_day: str
    at_time: str | None
    activity: str
    status: str
    checked_in_at: str | None
    member: str
    name: str
    payer_id: int
    payer: str | None
    payer_name: str | None
    debts: tuple[Debt, ...] = ()
    about: About = NOTHING_KNOWN

    @property
    def is_debtor(self) -> bool:
        """Whether the payer has something overdue, in any currency."""
        return any(debt.unpaid_minor for debt in self.debts)

    @property
    def is_expected(self) -> bool:
        """Booked and not in yet."""
        return self.status == "booked" and self.checked_in_at is None

    def in_section(self, section: str) -> bool:
        """Whether the row stands in `section`. Who cancelled does not come, and stands in all and cancelled only."""
        if section == ALL:
            return True
        if self.status == "cancelled":
            return section == CANCELLED
        match section:
            case "unpaid":
                return self.is_debtor
            case "partial":
                return any(debt.partial_minor for debt in self.debts)
            case "promises":
                return self.about.promise is not None
            case "expected":
                return self.is_expected
            case _:
                return False


def counts(arrivals: Iterable[Arrival]) -> dict[str, int]:
    """How many rows each section has."""
    found = dict.fromkeys(SECTIONS, 0)
    for arrival in arrivals:
        found[ALL] += 1
        status = arrival.status
        if status == "cancelled":
            found[CANCELLED] += 1
            continue
        if status == "booked" and arrival.checked_in_at is None:
            found[EXPECTED] += 1
        # Most people owe nothing; only the others can stand in these sections.
        if arrival.debts:
            for section in (UNPAID, PARTIAL, PROMISES):
                found[section] += arrival.in_section(section)
    return found


def owed_by(arrivals: Iterable[Arrival]) -> dict[str, int]:
    """What the payers of these people have overdue, per currency; a payer of several people counts once."""
    found: dict[str, int] = {}
    seen: set[int] = set()
    for arrival in arrivals:
        if arrival.debts and arrival.payer_id not in seen:
            seen.add(arrival.payer_id)
            for debt in arrival.debts:
                if debt.unpaid_minor:
                    found[debt.currency] = found.get(debt.currency, 0) + debt.unpaid_minor
    return found


def days_late(debts: Iterable[Debt], as_of: date) -> int:
    """Days since the oldest overdue day of any currency; 0 when nothing is overdue."""
    oldest = min((debt.oldest_due for debt in debts if debt.oldest_due is not None), default=None)
    return (as_of - date.fromisoformat(oldest)).days if oldest is not None else 0


def late_level(days: int) -> int:
    """How many signs stand beside a debt of so many days: 0 not late, 1 up to 30 days, 2 up to 60, 3 beyond."""
    if days <= 0:
        return 0
    return 1 + sum(days > edge for edge in LEVEL_EDGES)
