"""Unpaid: who owes what is overdue, or all that is open. The unit of debt is the payer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from duesdesk.domain.ageing import days_overdue
from duesdesk.domain.errors import WrongUsage
from duesdesk.reports.shape import Ask, Sheet, day, sheet
from duesdesk.store.database import Row, Tx
from duesdesk.store.positions import all_kept, book_sql

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


# Oldest of all is the oldest overdue one, when there is one.
_SUMS = """payer_id, currency, count(*) AS items, sum(open_minor) AS open, min(due_on) AS oldest_due,
           sum(CASE WHEN due_on < :as_of THEN open_minor ELSE 0 END) AS unpaid,
           sum(CASE WHEN due_on < :as_of THEN 1 ELSE 0 END) AS late_items"""
_APART = """sum(CASE WHEN disputed THEN open_minor ELSE 0 END) AS disputed,
            sum(CASE WHEN disputed AND due_on < :as_of THEN open_minor ELSE 0 END) AS late_disputed,
            sum(CASE WHEN due_on = :as_of THEN open_minor ELSE 0 END) AS due_today"""
_NAMED = """p.number, p.name, g.unpaid, g.open, g.late_items, g.items, g.oldest_due"""
# What is kept for today is read in the order of its index, and the few items apart by themselves.
_KEPT = f"""SELECT g.currency, {_NAMED}, 0, 0, 0 FROM (
                SELECT {_SUMS} FROM open_item GROUP BY payer_id, currency) g JOIN member p ON p.id = g.payer_id"""
_KEPT_APART = f"SELECT currency, {_APART} FROM open_item WHERE disputed OR due_on = :as_of GROUP BY currency"


def read(tx: Tx, ask: Ask) -> Unpaid:
    """The report. Raises WrongUsage for an unknown scope."""
    if ask.scope not in SCOPES:
        raise WrongUsage("scope-unknown", scope=ask.scope, known=SCOPES)
    as_of = ask.as_of.isoformat()
    apart: dict[str, Row] = {}
    if all_kept(tx, as_of):
        rows = tx.all(_KEPT, as_of=as_of)
        apart = {row[0]: row[1:] for row in tx.all(_KEPT_APART, as_of=as_of)}
    else:
        rows = tx.all(
            f"""SELECT g.currency, {_NAMED}, g.disputed, g.late_disputed, g.due_today
                FROM (SELECT {_SUMS}, {_APART} FROM ({book_sql(tx, as_of)}) o GROUP BY payer_id, currency) g
                JOIN member p ON p.id = g.payer_id""",
            as_of=as_of,
        )
    by_currency: dict[str, list[Row]] = {}
    for row in rows:
        by_currency.setdefault(row[0], []).append(row[1:])
    nothing = (0, 0, 0)
    found = tuple(
        _in(currency, by_currency[currency], apart.get(currency, nothing), ask) for currency in sorted(by_currency)
    )
    return Unpaid(ask.as_of, ask.scope, found)


def _in(currency: str, payers: list[Row], apart: Row, ask: Ask) -> UnpaidIn:
    disputed, late_disputed, due_today = (sum(row[7 + n] for row in payers) + apart[n] for n in range(3))
    late = [row for row in payers if row[2]]
    if ask.scope == OPEN:
        listed = sorted(payers, key=lambda row: (-row[3], row[0]))
    else:
        listed = sorted(late, key=lambda row: (-row[2], row[0]))
    unpaid, open_minor = sum(row[2] for row in late), sum(row[3] for row in payers)
    return UnpaidIn(
        currency,
        unpaid,
        len(late),
        sum(row[4] for row in late),
        unpaid - late_disputed,
        open_minor,
        len(payers),
        sum(row[5] for row in payers),
        open_minor - disputed,
        due_today,
        tuple(_row(row, ask) for row in listed),
    )


def _row(row: Row, ask: Ask) -> UnpaidRow:
    oldest_due = day(row[6])
    items = row[5] if ask.scope == OPEN else row[4]
    return UnpaidRow(row[0], row[1], row[2], row[3], items, oldest_due, days_overdue(oldest_due, ask.as_of))
