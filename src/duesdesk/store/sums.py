"""The sums of payers and of due days, moved by what happens to open items: gathered first, then one statement each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from duesdesk.store.database import Tx

NO_DUE_DATE = "9999-12-31"


class Item(NamedTuple):
    """An open invoice as the projection holds it."""

    invoice_id: int
    payer_id: int
    currency: str
    issued_on: str
    due_on: str | None
    open_minor: int
    paid_minor: int


class Sums:
    """What changes in the sums within one step of an act; `write` moves them. `today` decides what is overdue."""

    def __init__(self, today: str) -> None:
        self._today = today
        # (payer, currency): open, overdue and partial as amount and count each, then credit.
        self._payers: dict[tuple[int, str], list[int]] = {}
        # (currency, due day): open and partial as amount and count each.
        self._days: dict[tuple[str, str], list[int]] = {}

    def shift(self, before: Item | None, after: Item | None) -> None:
        """An item went from one state to another; None, or nothing open, is no item."""
        for item, sign in ((before, -1), (after, 1)):
            if item is None or item.open_minor == 0:
                continue
            late = int(item.due_on is not None and item.due_on < self._today)
            part = int(item.paid_minor > 0)
            amount = sign * item.open_minor
            payer = self._payers.setdefault((item.payer_id, item.currency), [0] * 7)
            day = self._days.setdefault((item.currency, item.due_on or NO_DUE_DATE), [0] * 4)
            _add(payer, (amount, sign, amount * late, sign * late, amount * part, sign * part, 0))
            _add(day, (amount, sign, amount * part, sign * part))

    def issue(self, invoices: Iterable[tuple[int, str, str | None, int]]) -> None:
        """New invoices by the thousand: payer, currency, due day, and the total, which is above zero."""
        payers, days = self._payers, self._days
        for payer_id, currency, due_on, total_minor in invoices:
            payer = payers.get((payer_id, currency)) or payers.setdefault((payer_id, currency), [0] * 7)
            payer[0] += total_minor
            payer[1] += 1
            if due_on is not None and due_on < self._today:
                payer[2] += total_minor
                payer[3] += 1
            key = currency, due_on or NO_DUE_DATE
            day = days.get(key) or days.setdefault(key, [0] * 4)
            day[0] += total_minor
            day[1] += 1

    def credit(self, payer_id: int, currency: str, amount_minor: int) -> None:
        """More money lies on the payer's account, or less when below zero."""
        self._payers.setdefault((payer_id, currency), [0] * 7)[6] += amount_minor

    def write(self, tx: Tx) -> None:
        """Move the sums. The CHECKs refuse what would fall below zero."""
        for (payer_id, currency), change in self._payers.items():
            if any(change):
                _move_payer(tx, payer_id, currency, change)
        for (currency, due_on), change in self._days.items():
            if any(change):
                _move_day(tx, currency, due_on, change)

    def raise_by(self, tx: Tx) -> None:
        """As `write`, of changes none of which is below zero: all in one statement for payers, and one for days."""
        tx.many_positional(
            """INSERT INTO payer_balance (payer_id, currency, open_minor, open_count, overdue_minor, overdue_count,
                                          partial_minor, partial_count, credit_minor)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
               ON CONFLICT (payer_id, currency) DO UPDATE SET
                   open_minor = payer_balance.open_minor + excluded.open_minor,
                   open_count = payer_balance.open_count + excluded.open_count,
                   overdue_minor = payer_balance.overdue_minor + excluded.overdue_minor,
                   overdue_count = payer_balance.overdue_count + excluded.overdue_count,
                   partial_minor = payer_balance.partial_minor + excluded.partial_minor,
                   partial_count = payer_balance.partial_count + excluded.partial_count,
                   credit_minor = payer_balance.credit_minor + excluded.credit_minor""",
            [(*payer, *change) for payer, change in self._payers.items()],
        )
        tx.many_positional(
            """INSERT INTO due_day_total (currency, due_on, open_minor, open_count, partial_minor, partial_count)
               VALUES (?, ?, ?, ?, ?, ?)
               ON CONFLICT (currency, due_on) DO UPDATE SET
                   open_minor = due_day_total.open_minor + excluded.open_minor,
                   open_count = due_day_total.open_count + excluded.open_count,
                   partial_minor = due_day_total.partial_minor + excluded.partial_minor,
                   partial_count = due_day_total.partial_count + excluded.partial_count""",
            [(*day, *change) for day, change in self._days.items()],
        )


def _add(sums: list[int], parts: tuple[int, ...]) -> None:
    for place, part in enumerate(parts):
        sums[place] += part


def _move_payer(tx: Tx, payer_id: int, currency: str, change: list[int]) -> None:
    names = ("open", "open_n", "overdue", "overdue_n", "partial", "partial_n", "credit")
    values = dict(zip(names, change, strict=True))
    # Not an upsert: the CHECKs look at the row that would be inserted, and a change below zero would not pass.
    touched = tx.run(
        """UPDATE payer_balance SET open_minor = open_minor + :open, open_count = open_count + :open_n,
               overdue_minor = overdue_minor + :overdue, overdue_count = overdue_count + :overdue_n,
               partial_minor = partial_minor + :partial, partial_count = partial_count + :partial_n,
               credit_minor = credit_minor + :credit
           WHERE payer_id = :payer_id AND currency = :currency""",
        payer_id=payer_id,
        currency=currency,
        **values,
    )
    if not touched:
        tx.run(
            """INSERT INTO payer_balance (payer_id, currency, open_minor, open_count, overdue_minor, overdue_count,
                                          partial_minor, partial_count, credit_minor)
               VALUES (:payer_id, :currency, :open, :open_n, :overdue, :overdue_n, :partial, :partial_n, :credit)""",
            payer_id=payer_id,
            currency=currency,
            **values,
        )


def _move_day(tx: Tx, currency: str, due_on: str, change: list[int]) -> None:
    values = dict(zip(("open", "open_n", "partial", "partial_n"), change, strict=True))
    touched = tx.run(
        """UPDATE due_day_total SET open_minor = open_minor + :open, open_count = open_count + :open_n,
               partial_minor = partial_minor + :partial, partial_count = partial_count + :partial_n
           WHERE currency = :currency AND due_on = :due_on""",
        currency=currency,
        due_on=due_on,
        **values,
    )
    if not touched:
        tx.run(
            """INSERT INTO due_day_total (currency, due_on, open_minor, open_count, partial_minor, partial_count)
               VALUES (:currency, :due_on, :open, :open_n, :partial, :partial_n)""",
            currency=currency,
            due_on=due_on,
            **values,
        )
