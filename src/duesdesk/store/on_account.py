"""Money of payers that lies on no invoice yet, and money written down that counts in some days only.

Every function takes payer ids as the JSON list that `among.listed` makes.
"""

from __future__ import annotations

from duesdesk.store import among, positions
from duesdesk.store.database import Tx


def credit(tx: Tx, payers: str, as_of: str) -> dict[tuple[int, str], int]:
    """What lies on account at the end of a day, by payer and currency."""
    if positions.is_projected(tx, as_of):
        held = f"SELECT * FROM ({positions.CREDIT_PROJECTED}) c WHERE payer_id IN ({among.ids(tx)})"
    else:
        # Of these payers alone: a condition outside the sum would have the whole ledger added up.
        held = f"""SELECT payer_id, currency, sum(amount_minor) FROM (
                       SELECT payer_id, currency, amount_minor FROM payment
                       WHERE payer_id IN ({among.ids(tx)}) AND received_on <= :as_of
                       UNION ALL
                       SELECT p.payer_id, p.currency, -a.amount_minor
                       FROM payment p JOIN allocation a ON a.payment_id = p.id
                       WHERE p.payer_id IN ({among.ids(tx)}) AND a.effective_on <= :as_of) moves
                   GROUP BY payer_id, currency HAVING sum(amount_minor) <> 0"""
    rows = tx.each(held, as_of=as_of, wanted=payers)
    return {(payer_id, currency): minor for payer_id, currency, minor in rows}


_COMING = """p.kind = 'receipt' AND p.received_on > :as_of AND p.received_on <= :until
             AND p.recorded_at >= :since AND p.recorded_at <= :now
             AND NOT EXISTS (SELECT 1 FROM payment b WHERE b.payer_id = p.payer_id AND b.reverses_id = p.id)"""


def coming(tx: Tx, payers: str, as_of: str, until: str, since: str, now: str) -> dict[tuple[int, str], int]:
    """Money written down from the instant `since` to `now` that counts after `as_of`, up to the day `until`."""
    if positions.is_projected(tx, as_of):
        return {}
    rows = tx.all(
        f"""SELECT p.payer_id, p.currency, sum(p.amount_minor) FROM payment p
            WHERE p.payer_id IN ({among.ids(tx)}) AND {_COMING} GROUP BY p.payer_id, p.currency""",
        wanted=payers,
        as_of=as_of,
        until=until,
        since=since,
        now=now,
    )
    return {(payer_id, currency): minor for payer_id, currency, minor in rows}


def coming_on(tx: Tx, payers: str, as_of: str, until: str, since: str, now: str) -> dict[int, int]:
    """What of that money is laid on each invoice, by its id; the same days."""
    if positions.is_projected(tx, as_of):
        return {}
    rows = tx.all(
        f"""SELECT a.invoice_id, sum(a.amount_minor) FROM payment p JOIN allocation a ON a.payment_id = p.id
            WHERE p.payer_id IN ({among.ids(tx)}) AND {_COMING} GROUP BY a.invoice_id""",
        wanted=payers,
        as_of=as_of,
        until=until,
        since=since,
        now=now,
    )
    return dict(rows)


def payers_with_money(tx: Tx, as_of: str, until: str, since: str, now: str) -> list[int]:
    """Payers with something on account, or coming."""
    held = f"SELECT payer_id FROM ({positions.credit_sql(tx, as_of)}) c WHERE credit_minor > 0"
    if not positions.is_projected(tx, as_of):
        held += f" UNION SELECT p.payer_id FROM payment p WHERE {_COMING}"
    rows = tx.all(held, as_of=as_of, until=until, since=since, now=now)
    return [payer_id for (payer_id,) in rows]
