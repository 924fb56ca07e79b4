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
    figures: dict[str, list[int]] = {}
    projected = positions.is_projected(tx, as_of)
    open_items = positions.OPEN_PROJECTED if projected else positions.OPEN_COMPUTED
    credit = positions.CREDIT_PROJECTED if projected else positions.CREDIT_COMPUTED
    rows = tx.all(
        f"""SELECT currency, sum(CASE WHEN due_on < :as_of THEN open_minor ELSE 0 END), sum(open_minor)
            FROM ({open_items}) o WHERE payer_id = :payer_id GROUP BY currency""",
        as_of=as_of,
        payer_id=payer_id,
    )
    for currency, unpaid_minor, open_minor in rows:
        figures[currency] = [unpaid_minor, open_minor, 0]
    for currency, credit_minor in tx.all(
        f"SELECT currency, credit_minor FROM ({credit}) c WHERE payer_id = :payer_id",
        as_of=as_of,
        payer_id=payer_id,
    ):
        figures.setdefault(currency, [0, 0, 0])[2] = credit_minor
    return {currency: Standing(currency, *values) for currency, values in sorted(figures.items())}


def in_currency(tx: Tx, payer_id: int, currency: str, as_of: str) -> Standing:
    """The payer's standing in one currency, zeros when there is nothing."""
    return of_payer(tx, payer_id, as_of).get(currency, Standing(currency, 0, 0, 0))
