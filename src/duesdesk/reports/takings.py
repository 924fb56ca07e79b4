"""Takings: the money that came, by day and method. What went back counts on the day it went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from duesdesk.domain.errors import WrongUsage
from duesdesk.reports.shape import Ask, Sheet, sheet
from duesdesk.store.database import Tx


class TakingsRow(NamedTuple):
    """One method on one day: `payments` received, what went back, and `amount` as the difference."""

    on: date
    method: str
    payments: int
    received_minor: int
    returned_minor: int
    amount_minor: int


class MethodSum(NamedTuple):
    """One method over all days."""

    method: str
    payments: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class TakingsIn:
    """One currency, day by day."""

    currency: str
    payments: int
    received_minor: int
    returned_minor: int
    amount_minor: int
    methods: tuple[MethodSum, ...]
    rows: tuple[TakingsRow, ...]


@dataclass(frozen=True, slots=True)
class Takings:
    """The takings from `from_on` to `to_on`, both included."""

    as_of: date
    from_on: date
    to_on: date
    currencies: tuple[TakingsIn, ...]

    def sheets(self) -> tuple[Sheet, ...]:
        """A table per currency."""
        return tuple(sheet(one, one.rows, TakingsRow) for one in self.currencies)


def read(tx: Tx, ask: Ask) -> Takings:
    """The report; without a first day from the first of the month. Raises WrongUsage for days the wrong way round."""
    first, last = ask.first or ask.as_of.replace(day=1), ask.as_of
    if last < first:
        raise WrongUsage("days-wrong-way-round", first=first, last=last)
    by_currency: dict[str, list[TakingsRow]] = {}
    for currency, on_text, method, payments, received, amount in tx.each(
        """SELECT currency, received_on, method, sum(CASE WHEN kind = 'receipt' THEN 1 ELSE 0 END),
                  sum(CASE WHEN kind = 'receipt' THEN amount_minor ELSE 0 END), sum(amount_minor)
           FROM payment WHERE received_on BETWEEN :first AND :last
           GROUP BY currency, received_on, method ORDER BY currency, received_on, method""",
        first=first.isoformat(),
        last=last.isoformat(),
    ):
        row = TakingsRow(date.fromisoformat(on_text), method, payments, received, received - amount, amount)
        by_currency.setdefault(currency, []).append(row)
    return Takings(last, first, last, tuple(_in(currency, rows) for currency, rows in sorted(by_currency.items())))


def _in(currency: str, rows: list[TakingsRow]) -> TakingsIn:
    methods = [
        MethodSum(
            method,
            sum(row.payments for row in rows if row.method == method),
            sum(row.amount_minor for row in rows if row.method == method),
        )
        for method in sorted({row.method for row in rows})
    ]
    return TakingsIn(
        currency,
        sum(row.payments for row in rows),
        sum(row.received_minor for row in rows),
        sum(row.returned_minor for row in rows),
        sum(row.amount_minor for row in rows),
        tuple(methods),
        tuple(rows),
    )
