"""Partially paid: open invoices on which money, and not only credit, was received, due or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from duesdesk.reports.shape import Ask, Sheet, day, sheet
from duesdesk.store.database import Tx
from duesdesk.store.positions import book_sql


class PartialRow(NamedTuple):
    """An invoice. `member` and `name` are those of the payer, who owes the rest of it."""

    member: str
    name: str
    invoice: str
    total_minor: int
    paid_minor: int
    open_minor: int
    due_on: date | None


@dataclass(frozen=True, slots=True)
class PartialIn:
    """One currency: what is still open of these invoices, and of how many payers. The largest rest comes first."""

    currency: str
    partial_minor: int
    members: int
    invoices: int
    rows: tuple[PartialRow, ...]


@dataclass(frozen=True, slots=True)
class Partial:
    """Partially paid invoices at the end of `as_of`."""

    as_of: date
    currencies: tuple[PartialIn, ...]

    def sheets(self) -> tuple[Sheet, ...]:
        """A table per currency."""
        return tuple(sheet(one, one.rows, PartialRow) for one in self.currencies)


def read(tx: Tx, ask: Ask) -> Partial:
    """The report."""
    as_of = ask.as_of.isoformat()
    by_currency: dict[str, list[PartialRow]] = {}
    for currency, member, name, invoice, total, paid, rest, due_text in tx.each(
        f"""SELECT o.currency, p.number, p.name, i.number, i.total_minor, o.paid_minor, o.open_minor, o.due_on
            FROM ({book_sql(tx, as_of)}) o JOIN invoice i ON i.id = o.invoice_id JOIN member p ON p.id = o.payer_id
            WHERE o.paid_minor > 0""",
        as_of=as_of,
    ):
        by_currency.setdefault(currency, []).append(PartialRow(member, name, invoice, total, paid, rest, day(due_text)))
    found = []
    for currency in sorted(by_currency):
        rows = sorted(by_currency[currency], key=lambda row: (-row.open_minor, row.member, row.invoice))
        members = len({row.member for row in rows})
        found.append(PartialIn(currency, sum(row.open_minor for row in rows), members, len(rows), tuple(rows)))
    return Partial(ask.as_of, tuple(found))
