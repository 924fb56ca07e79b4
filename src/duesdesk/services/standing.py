"""What a payer owes and has, as of a day: three figures that every act answers with."""

from __future__ import annotations

from dataclasses import dataclass

from duesdesk.store import positions
from duesdesk.store.database import Tx


@dataclass(frozen=True, slots=True)
class Standing:
    """Minor units in one currency: overdue, open in all, and credit on account."""

    currency: str
    unpaid_minor: int
    open_minor: int
    credit_minor: int


def open_sql(tx: Tx, as_of: str) -> str:
    """Open items as of a day: see `store.positions.open_sql`, which decides between projection and ledger."""
    return positions.open_sql(tx, as_of)


def credit_sql(tx: Tx, as_of: str) -> str:
    """Credit on account as of a day: see `store.positions.credit_sql`."""
    return positions.credit_sql(tx, as_of)


def of_payer(tx: Tx, payer_id: int, as_of: str) -> dict[str, Standing]:
    """Per currency, what the payer owes and has; a currency with nothing is missing."""
    projected = positions.is_projected(tx, as_of)
    open_items = positions.OPEN_PROJECTED if projected else positions.OPEN_COMPUTED
    credit = positions.CREDIT_PROJECTED if projected else positions.CREDIT_COMPUTED
    rows = tx.all(
        f"""SELECT currency, sum(unpaid_minor), sum(open_minor), sum(credit_minor) FROM (
                SELECT currency, CASE WHEN due_on < :as_of THEN open_minor ELSE 0 END AS unpaid_minor, open_minor,
                       0 AS credit_minor
                FROM ({open_items}) o WHERE payer_id = :payer_id
                UNION ALL
                SELECT currency, 0, 0, credit_minor FROM ({credit}) c WHERE payer_id = :payer_id) figures
            GROUP BY currency ORDER BY currency""",
        as_of=as_of,
        payer_id=payer_id,
    )
    return {row[0]: Standing(*row) for row in rows}


def in_currency(tx: Tx, payer_id: int, currency: str, as_of: str) -> Standing:
    """The payer's standing in one currency, zeros when there is nothing."""
    return of_payer(tx, payer_id, as_of).get(currency, Standing(currency, 0, 0, 0))
