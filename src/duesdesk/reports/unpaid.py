"""Unpaid: who owes what is overdue, or all that is open. The unit of debt is the payer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from duesdesk.domain.ageing import days_overdue
from duesdesk.domain.errors import WrongUsage
from duesdesk.reports.shape import Ask, Sheet, day, sheet
from duesdesk.store.database import Row, Tx
from duesdesk.store.positions import book_sql

OVERDUE, OPEN = "overdue", "open"
SCOPES = (OVERDUE, OPEN)


class UnpaidRow(NamedTuple):
    """A payer of the scope. `invoices`, `oldest_due` and `days` (never below 0) are those of the scope."""

    member: str
    name: str
    unpaid_minor: int
    open_minor: int
    invoices: int
    oldest_due: date | None
    days: int


@dataclass(frozen=True, slots=True)
class UnpaidIn:
    """One currency. The figures are the same in both scopes; only the rows follow the scope, the largest first."""

    currency: str
    unpaid_minor: int
    debtors: int
    unpaid_invoices: int
    unpaid_undisputed_minor: int
    open_minor: int
    open_members: int
    open_invoices: int
    open_undisputed_minor: int
    due_today_minor: int
    rows: tuple[UnpaidRow, ...]


@dataclass(frozen=True, slots=True)
class Unpaid:
    """Who owes what at the end of `as_of`; a currency in which nothing is open is missing."""

    as_of: date
    scope: str
    currencies: tuple[UnpaidIn, ...]

    def sheets(self) -> tuple[Sheet, ...]:
        """A table per currency."""
        return tuple(sheet(one, one.rows, UnpaidRow) for one in self.currencies)


def read(tx: Tx, ask: Ask) -> Unpaid:
    """The report. Raises WrongUsage for an unknown scope."""
    if ask.scope not in SCOPES:
        raise WrongUsage("scope-unknown", scope=ask.scope, known=SCOPES)
    as_of = ask.as_of.isoformat()
    # The oldest due day of all is that of the overdue ones, when there are any.
    rows = tx.all(
        f"""SELECT g.currency, p.number, p.name, g.unpaid, g.open, g.late_items, g.items, g.oldest_due,
                   g.unpaid_undisputed, g.open_undisputed, g.due_today
            FROM (SELECT payer_id, currency, count(*) AS items, sum(open_minor) AS open, min(due_on) AS oldest_due,
                         sum(CASE WHEN due_on < :as_of THEN open_minor ELSE 0 END) AS unpaid,
                         sum(CASE WHEN due_on < :as_of THEN 1 ELSE 0 END) AS late_items,
                         sum(CASE WHEN due_on < :as_of AND NOT disputed THEN open_minor ELSE 0 END)
                             AS unpaid_undisputed,
                         sum(CASE WHEN disputed THEN 0 ELSE open_minor END) AS open_undisputed,
                         sum(CASE WHEN due_on = :as_of THEN open_minor ELSE 0 END) AS due_today
                  FROM ({book_sql(tx, as_of)}) o GROUP BY payer_id, currency) g
            JOIN member p ON p.id = g.payer_id""",
        as_of=as_of,
    )
    by_currency: dict[str, list[Row]] = {}
    for row in rows:
        by_currency.setdefault(row[0], []).append(row[1:])
    found = tuple(_in(currency, by_currency[currency], ask) for currency in sorted(by_currency))
    return Unpaid(ask.as_of, ask.scope, found)


def _in(currency: str, payers: list[Row], ask: Ask) -> UnpaidIn:
    late = [row for row in payers if row[2]]
    if ask.scope == OPEN:
        listed = sorted(payers, key=lambda row: (-row[3], row[0]))
    else:
        listed = sorted(late, key=lambda row: (-row[2], row[0]))
    return UnpaidIn(
        currency,
        sum(row[2] for row in late),
        len(late),
        sum(row[4] for row in late),
        sum(row[7] for row in late),
        sum(row[3] for row in payers),
        len(payers),
        sum(row[5] for row in payers),
        sum(row[8] for row in payers),
        sum(row[9] for row in payers),
        tuple(_row(row, ask) for row in listed),
    )


def _row(row: Row, ask: Ask) -> UnpaidRow:
    oldest_due = day(row[6])
    items = row[5] if ask.scope == OPEN else row[4]
    return UnpaidRow(row[0], row[1], row[2], row[3], items, oldest_due, days_overdue(oldest_due, ask.as_of))
