"""What a payer owes and has, as of a day: three figures that every act answers with."""

from __future__ import annotations

from dataclasses import dataclass

from duesdesk.store.database import Tx
from duesdesk.store.positions import CREDIT_COMPUTED, CREDIT_PROJECTED, OPEN_COMPUTED, OPEN_PROJECTED


@dataclass(frozen=True, slots=True)
class Standing:
    """Minor units in one currency: overdue, open in all, and credit on account."""

    currency: str
    unpaid_minor: int
    open_minor: int
    credit_minor: int


def open_sql(tx: Tx, as_of: str) -> str:
    """Open items as of a day (parameter :as_of): the projection where it tells the truth for that day, else the ledger.

    Columns: invoice_id, payer_id, member_id, currency, issued_on, due_on, open_minor, paid_minor, disputed.
    """
    return OPEN_PROJECTED if _projected(tx, as_of) else OPEN_COMPUTED


def credit_sql(tx: Tx, as_of: str) -> str:
    """Credit on account as of a day (parameter :as_of). Columns: payer_id, currency, credit_minor."""
    return CREDIT_PROJECTED if _projected(tx, as_of) else CREDIT_COMPUTED


def _projected(tx: Tx, as_of: str) -> bool:
    moved_through = tx.value("SELECT moved_through FROM ledger_state WHERE id = 1")
    return bool(moved_through is None or as_of >= moved_through)


def of_payer(tx: Tx, payer_id: int, as_of: str) -> dict[str, Standing]:
    """Per currency, what the payer owes and has; a currency with nothing is missing."""
    figures: dict[str, list[int]] = {}
    rows = tx.all(
        f"""SELECT currency, sum(CASE WHEN due_on < :as_of THEN open_minor ELSE 0 END), sum(open_minor)
            FROM ({open_sql(tx, as_of)}) o WHERE payer_id = :payer_id GROUP BY currency""",
        as_of=as_of,
        payer_id=payer_id,
    )
    for currency, unpaid_minor, open_minor in rows:
        figures[currency] = [unpaid_minor, open_minor, 0]
    for currency, credit_minor in tx.all(
        f"SELECT currency, credit_minor FROM ({credit_sql(tx, as_of)}) c WHERE payer_id = :payer_id",
        as_of=as_of,
        payer_id=payer_id,
    ):
        figures.setdefault(currency, [0, 0, 0])[2] = credit_minor
    return {currency: Standing(currency, *values) for currency, values in sorted(figures.items())}


def in_currency(tx: Tx, payer_id: int, currency: str, as_of: str) -> Standing:
    """The payer's standing in one currency, zeros when there is nothing."""
    return of_payer(tx, payer_id, as_of).get(currency, Standing(currency, 0, 0, 0))
