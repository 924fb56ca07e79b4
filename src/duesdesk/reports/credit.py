"""Credit on account: unallocated money of a payer, shown apart and never netted from what is owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from duesdesk.reports.shape import Ask, Sheet, sheet
from duesdesk.store.database import Tx
from duesdesk.store.positions import credit_sql


class CreditRow(NamedTuple):
    """A payer with money on account."""

    member: str
    name: str
    credit_minor: int


@dataclass(frozen=True, slots=True)
class CreditIn:
    """One currency; the largest comes first."""

    currency: str
    credit_minor: int
    members: int
    rows: tuple[CreditRow, ...]


@dataclass(frozen=True, slots=True)
class Credit:
    """Credit on account at the end of `as_of`."""

    as_of: date
    currencies: tuple[CreditIn, ...]

    def sheets(self) -> tuple[Sheet, ...]:
        """A table per currency."""
        return tuple(sheet(one, one.rows, CreditRow) for one in self.currencies)


def read(tx: Tx, ask: Ask) -> Credit:
    """The report."""
    as_of = ask.as_of.isoformat()
    by_currency: dict[str, list[CreditRow]] = {}
    for currency, *row in tx.each(
        f"""SELECT c.currency, p.number, p.name, c.credit_minor
            FROM ({credit_sql(tx, as_of)}) c JOIN member p ON p.id = c.payer_id
            ORDER BY c.credit_minor DESC, p.number""",
        as_of=as_of,
    ):
        by_currency.setdefault(currency, []).append(CreditRow(*row))
    found = [
        CreditIn(currency, sum(row.credit_minor for row in rows), len(rows), tuple(rows))
        for currency, rows in sorted(by_currency.items())
    ]
    return Credit(ask.as_of, tuple(found))
