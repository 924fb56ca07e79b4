"""Unpaid: who owes what is overdue, or all that is open. The unit of debt is the payer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from duesdesk.domain.ageing import days_overdue
from duesdesk.domain.errors import WrongUsage
from duesdesk.reports.shape import Ask, Rows, Sheet, by_currency, column_sum, day, sheet, sort_largest_first
from duesdesk.store import figures
from duesdesk.store.database import Row, Tx
from duesdesk.store.positions import DUE_DAY, book_sql

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
    rows: Rows[UnpaidRow]


@dataclass(frozen=True, slots=True)
class Unpaid:
    """Who owes what at the end of `as_of`; a currency in which nothing is open is missing."""

    as_of: date
    scope: str
    currencies: tuple[UnpaidIn, ...]

    def sheets(self) -> tuple[Sheet, ...]:
        """A table per currency."""
        return tuple(sheet(one, one.rows, UnpaidRow) for one in self.currencies)


_LATE = f"FILTER (WHERE {DUE_DAY} < :as_of)"
_APART = f"""coalesce(sum(open_minor) FILTER (WHERE disputed), 0) AS disputed,
             coalesce(sum(open_minor) FILTER (WHERE disputed AND {DUE_DAY} < :as_of), 0) AS late_disputed,
             coalesce(sum(open_minor) FILTER (WHERE {DUE_DAY} = :as_of), 0) AS due_today"""
_LATE_MINOR, _OPEN_MINOR, _ITEMS, _LATE_ITEMS, _OLDEST_DUE, _FIRST_APART = 2, 3, 4, 5, 6, 7
# Oldest of all is the oldest overdue one, when there is one. The kept sums have all but that, which the index of the
# payer's items begins with; the few items apart are read by themselves: those due today by their own index, and those
# contested among the invoices something was written down of.
_BY_SUMS = """
    SELECT p.number, p.name, b.overdue_minor, b.open_minor, b.open_count, b.overdue_count,
           (SELECT o.due_on FROM open_item o
            WHERE o.payer_id = b.payer_id AND o.currency = b.currency AND o.due_on IS NOT NULL
            ORDER BY o.due_on LIMIT 1), b.currency
    FROM payer_balance b JOIN member p ON p.id = b.payer_id WHERE b.open_count > 0"""
_APART_TODAY = f"""
    SELECT currency, {_APART} FROM (
        SELECT currency, due_on, open_minor, disputed FROM open_item WHERE due_on = :as_of
        UNION ALL
        SELECT currency, due_on, open_minor, disputed FROM open_item
        WHERE disputed AND {DUE_DAY} <> :as_of
          AND invoice_id IN (SELECT invoice_id FROM invoice_event WHERE kind = 'disputed')) o GROUP BY currency"""
_BY_ITEMS = f"""
    SELECT p.number, p.name, g.late_minor, g.open_minor, g.items, g.late_items, g.oldest_due,
           g.disputed, g.late_disputed, g.due_today, g.currency
    FROM (SELECT payer_id, currency, count(*) AS items, sum(open_minor) AS open_minor, min(due_on) AS oldest_due,
                 coalesce(sum(open_minor) {_LATE}, 0) AS late_minor, count(*) {_LATE} AS late_items, {_APART}
          FROM ({{book}}) o GROUP BY payer_id, currency) g
    JOIN member p ON p.id = g.payer_id"""
_NOTHING_APART = (0, 0, 0)


def read(tx: Tx, ask: Ask) -> Unpaid:
    """The report. Raises WrongUsage for an unknown scope."""
    if ask.scope not in SCOPES:
        raise WrongUsage("scope-unknown", scope=ask.scope, known=SCOPES)
    as_of = ask.as_of.isoformat()
    apart: dict[str, Row] | None = None
    if figures.basis(tx, as_of) == figures.SUMS:
        rows = tx.all(_BY_SUMS)
        apart = {row[0]: row[1:] for row in tx.each(_APART_TODAY, as_of=as_of)}
    else:
        rows = tx.all(_BY_ITEMS.format(book=book_sql(tx, as_of)), as_of=as_of)
    found = []
    for currency, payers in by_currency(rows):
        if apart is not None:
            sums = apart.get(currency, _NOTHING_APART)
        else:
            sums = tuple(column_sum(payers, _FIRST_APART + place) for place in range(len(_NOTHING_APART)))
        found.append(_in(currency, payers, sums, ask))
    return Unpaid(ask.as_of, ask.scope, tuple(found))


def _in(currency: str, payers: list[Row], apart: Row, ask: Ask) -> UnpaidIn:
    disputed, late_disputed, due_today = apart
    late = [row for row in payers if row[_LATE_MINOR]]
    unpaid, open_minor = column_sum(late, _LATE_MINOR), column_sum(payers, _OPEN_MINOR)
    return UnpaidIn(
        currency,
        unpaid,
        len(late),
        column_sum(late, _LATE_ITEMS),
        unpaid - late_disputed,
        open_minor,
        len(payers),
        column_sum(payers, _ITEMS),
        open_minor - disputed,
        due_today,
        _rows(payers, _OPEN_MINOR, _ITEMS, ask) if ask.scope == OPEN else _rows(late, _LATE_MINOR, _LATE_ITEMS, ask),
    )


def _rows(payers: list[Row], largest: int, items: int, ask: Ask) -> Rows[UnpaidRow]:
    sort_largest_first(payers, largest)

    def make(row: Row) -> UnpaidRow:
        oldest_due = day(row[_OLDEST_DUE])
        days = days_overdue(oldest_due, ask.as_of)
        return UnpaidRow(row[0], row[1], row[_LATE_MINOR], row[_OPEN_MINOR], row[items], oldest_due, days)

    return Rows(payers, make)
