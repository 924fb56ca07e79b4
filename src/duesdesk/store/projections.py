"""The projections rebuilt from the ledger: after a bulk import for the payers it touched, and whole by `verify`."""

from __future__ import annotations

from typing import NamedTuple

from duesdesk.store.database import Tx
from duesdesk.store.positions import DUE_DAY, END_OF_TIME, OPEN_COMPUTED

OPEN_COLUMNS = "invoice_id, payer_id, member_id, currency, issued_on, due_on, open_minor, paid_minor, disputed"
CREDIT_COLUMNS = "payment_id, payer_id, currency, received_on, rest_minor"
BALANCE_COLUMNS = (
    "payer_id, currency, open_minor, open_count, overdue_minor, overdue_count, partial_minor, partial_count,"
    " credit_minor"
)
DAY_COLUMNS = "currency, due_on, open_minor, open_count, partial_minor, partial_count"

# A payment's rest: what came, less what went back of it, less what lies on invoices. What went back is looked for among
# the same payer's payments, which have an index.
OPEN_CREDIT_COMPUTED = """
    SELECT payment_id, payer_id, currency, received_on, rest_minor FROM (
        SELECT p.id AS payment_id, p.payer_id, p.currency, p.received_on,
               p.amount_minor
               + coalesce((SELECT sum(b.amount_minor) FROM payment b
                           WHERE b.payer_id = p.payer_id AND b.reverses_id = p.id), 0)
               - coalesce((SELECT sum(a.amount_minor) FROM allocation a WHERE a.payment_id = p.id), 0) AS rest_minor
        FROM payment p WHERE p.kind = 'receipt') rests
    WHERE rest_minor <> 0"""

# Balances from the two item projections; `overdue` by the day the ledger is rolled to.
BALANCE_COMPUTED = f"""
    SELECT payer_id, currency, sum(open_minor) AS open_minor, sum(open_count) AS open_count,
           sum(overdue_minor) AS overdue_minor, sum(overdue_count) AS overdue_count,
           sum(partial_minor) AS partial_minor, sum(partial_count) AS partial_count, sum(credit_minor) AS credit_minor
    FROM (
        SELECT payer_id, currency, open_minor, 1 AS open_count,
               CASE WHEN {DUE_DAY} < (SELECT rolled_on FROM ledger_state) THEN open_minor ELSE 0 END AS overdue_minor,
               CASE WHEN {DUE_DAY} < (SELECT rolled_on FROM ledger_state) THEN 1 ELSE 0 END AS overdue_count,
               CASE WHEN paid_minor > 0 THEN open_minor ELSE 0 END AS partial_minor,
               CASE WHEN paid_minor > 0 THEN 1 ELSE 0 END AS partial_count, 0 AS credit_minor
        FROM open_item
        UNION ALL
        SELECT payer_id, currency, 0, 0, 0, 0, 0, 0, rest_minor FROM open_credit) parts
    GROUP BY payer_id, currency"""

DAY_COMPUTED = """
    SELECT currency, coalesce(due_on, '9999-12-31') AS due_on, sum(open_minor) AS open_minor, count(*) AS open_count,
           sum(CASE WHEN paid_minor > 0 THEN open_minor ELSE 0 END) AS partial_minor,
           sum(CASE WHEN paid_minor > 0 THEN 1 ELSE 0 END) AS partial_count
    FROM open_item GROUP BY currency, coalesce(due_on, '9999-12-31')"""


def rebuild(tx: Tx) -> None:
    """Empty every projection and fill it from the ledger."""
    tx.run("DELETE FROM open_item")
    tx.run("DELETE FROM open_credit")
    tx.run(f"INSERT INTO open_item ({OPEN_COLUMNS}) {OPEN_COMPUTED}", as_of=END_OF_TIME)
    tx.run(f"INSERT INTO open_credit ({CREDIT_COLUMNS}) {OPEN_CREDIT_COMPUTED}")
    rebuild_sums(tx)
    refresh_horizon(tx)


def rebuild_sums(tx: Tx) -> None:
    """Balances and day totals from the item projections."""
    tx.run("DELETE FROM payer_balance")
    tx.run(f"INSERT INTO payer_balance ({BALANCE_COLUMNS}) {BALANCE_COMPUTED}")
    tx.run("DELETE FROM due_day_total")
    tx.run(f"INSERT INTO due_day_total ({DAY_COLUMNS}) {DAY_COMPUTED}")


def refresh_horizon(tx: Tx) -> None:
    """How far the ledger reaches, read from its rows."""
    tx.run(
        """UPDATE ledger_state SET
             issued_through = coalesce((SELECT max(issued_on) FROM invoice), issued_through),
             moved_through = coalesce((SELECT max(day) FROM (
                 SELECT max(received_on) AS day FROM payment UNION ALL SELECT max(effective_on) FROM allocation
                 UNION ALL SELECT max(effective_on) FROM credit
                 UNION ALL SELECT max(effective_on) FROM invoice_event) days), moved_through)"""
    )


class Horizon(NamedTuple):
    """How far the ledger reaches: the last day on which an invoice was issued, and on which anything else happened."""

    issued_through: str
    moved_through: str


def roll(tx: Tx, today: str) -> Horizon:
    """Make the overdue columns of the balances stand for `today`: what became overdue since, or was not yet."""
    row = tx.one("SELECT rolled_on, issued_through, moved_through FROM ledger_state WHERE id = 1")
    if row is None:
        raise ValueError("a store has its state of the ledger")
    rolled_on, horizon = row[0], Horizon(row[1], row[2])
    if rolled_on == today:
        return horizon
    first, last, sign = (rolled_on, today, 1) if rolled_on < today else (today, rolled_on, -1)
    tx.run(
        """UPDATE payer_balance SET overdue_minor = overdue_minor + :sign * passed.minor,
                                    overdue_count = overdue_count + :sign * passed.items
           FROM (SELECT payer_id, currency, sum(open_minor) AS minor, count(*) AS items FROM open_item
                 WHERE due_on >= :first AND due_on < :last GROUP BY payer_id, currency) passed
           WHERE payer_balance.payer_id = passed.payer_id AND payer_balance.currency = passed.currency""",
        sign=sign,
        first=first,
        last=last,
    )
    tx.run("UPDATE ledger_state SET rolled_on = :today WHERE id = 1", today=today)
    return horizon
