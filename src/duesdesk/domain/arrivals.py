"""Who comes on a day, what their payer owes, and in which section of CRM Daily they stand.

Rows are tuples and not dataclasses: a large centre has six thousand of them on one screen, and a tuple is made in a
third of the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


class Owes(NamedTuple):
    """What of a payer's debt decides where they stand, in one currency: overdue, and the rest of what is part paid."""

    payer_id: int
    currency: str
    unpaid_minor: int
    partial_minor: int


class Booked(NamedTuple):
    """A booking with who comes and who pays for them. `at_time` is 'HH:MM' or None, `checked_in_at` UTC ISO text.

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

    @property
    def is_expected(self) -> bool:
        """Booked and not in yet."""
        return self.status == "booked" and self.checked_in_at is None


class Arrival(NamedTuple):
    """All that is shown of a booking: the fields of `Booked`, and what the payer owes."""

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


class Owing:
    """Who of those who come owes, and where that puts them.

    `owed` tells of every payer who has something overdue or part paid, `promised` who of those who owe has promised
    or agreed upon something.
    """

    def __init__(self, owed: Sequence[Owes], promised: frozenset[int]) -> None:
        self.owed = owed
        self.promised = promised
        self._late = frozenset(owes.payer_id for owes in owed if owes.unpaid_minor)
        self._part = frozenset(owes.payer_id for owes in owed if owes.partial_minor)
        self._by_payer: dict[int, list[Owes]] = {}

    def is_debtor(self, payer_id: int) -> bool:
        """Whether the payer has something overdue, in any currency."""
        return payer_id in self._late

    def most_minor(self, payer_id: int) -> int:
        """What the payer has overdue in the currency in which it is most."""
        return max((owes.unpaid_minor for owes in self._of(payer_id)), default=0)

    def sums(self, rows: Iterable[Booked]) -> dict[str, int]:
        """What the payers of these people have overdue, per currency; a payer of several people counts once."""
        found: dict[str, int] = {}
        for payer_id in self._late.intersection(row.payer_id for row in rows):
            for owes in self._of(payer_id):
                if owes.unpaid_minor:
                    found[owes.currency] = found.get(owes.currency, 0) + owes.unpaid_minor
        return found

    def _of(self, payer_id: int) -> Sequence[Owes]:
        if not self._by_payer:
            for owes in self.owed:
                self._by_payer.setdefault(owes.payer_id, []).append(owes)
        return self._by_payer.get(payer_id, ())

    def section(self, name: str, rows: Sequence[Booked]) -> list[Booked]:
        """Those of these rows who stand in a section. Who cancelled does not come: in all and cancelled only."""
        if name == ALL:
            return list(rows)
        if name == CANCELLED:
            return [row for row in rows if row.status == "cancelled"]
        if name == EXPECTED:
            return [row for row in rows if row.is_expected]
        payers = self._payers(name)
        return [row for row in rows if row.payer_id in payers and row.status != "cancelled"]

    def counts(self, rows: Sequence[Booked]) -> dict[str, int]:
        """How many of these rows each section has."""
        coming = [row.payer_id for row in rows if row.status != "cancelled"]
        found = {
            section: sum(map(self._payers(section).__contains__, coming)) for section in (UNPAID, PARTIAL, PROMISES)
        }
        expected = sum(row.checked_in_at is None and row.status == "booked" for row in rows)
        return {ALL: len(rows), **found, EXPECTED: expected, CANCELLED: len(rows) - len(coming)}

    def _payers(self, section: str) -> frozenset[int]:
        return {UNPAID: self._late, PARTIAL: self._part, PROMISES: self.promised}[section]

    def is_listed(self, payer_id: int) -> bool:
        """Whether the payer has a place in a section of those who owe."""
        return payer_id in self._late or payer_id in self._part or payer_id in self.promised


def days_late(debts: Iterable[Debt], as_of: date) -> int:
    """Days since the oldest overdue day of any currency; 0 when nothing is overdue."""
    oldest = min((debt.oldest_due for debt in debts if debt.oldest_due is not None), default=None)
    return (as_of - date.fromisoformat(oldest)).days if oldest is not None else 0


def late_level(days: int) -> int:
    """How many signs stand beside a debt of so many days: 0 not late, 1 up to 30 days, 2 up to 60, 3 beyond."""
    if days <= 0:
        return 0
    return 1 + sum(days > edge for edge in LEVEL_EDGES)
