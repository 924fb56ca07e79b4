"""The figures of the Dashboard, per currency, at the end of a day.

Today's come from sums that every act keeps (payer balances, totals per due day), so they cost the number of debtors
and not of invoices. When those sums stand for another day the open items are read, and for a past day the ledger;
a property test holds all three equal.
"""

from __future__ import annotations

from collections.abc import Iterable

from duesdesk.store.database import Row, Tx
from duesdesk.store.positions import CREDIT_COMPUTED, OPEN_COMPUTED, OPEN_PROJECTED

SUMS, ITEMS, LEDGER = "sums", "items", "ledger"
NO_DUE_DATE, LONG_AGO = "9999-12-31", "0001-01-01"


def basis(tx: Tx, as_of: str) -> str:
    """What tells the truth for a day: the kept sums, the open items, or only the ledger."""
    row = tx.one("SELECT issued_through, moved_through, rolled_on FROM ledger_state WHERE id = 1")
    if row is None or as_of < row[1]:
        return LEDGER
    return SUMS if row[2] == as_of and row[0] <= as_of else ITEMS


def open_sql(base: str) -> str:
    """Open items on a basis (parameter :as_of); columns as in `store.positions`."""
    return OPEN_COMPUTED if base == LEDGER else OPEN_PROJECTED


def open_count(tx: Tx) -> int:
    """How many invoices are open: what reading the items costs."""
    count: int = tx.value("SELECT coalesce(sum(open_count), 0) FROM due_day_total")
    return count


def people(tx: Tx, base: str, as_of: str, currencies: Iterable[str]) -> dict[str, tuple[int, int]]:
    """By currency: how many payers have something overdue, and how many an open invoice on which money was received."""
    if base == SUMS:
        # Counted one by one from the indexes of those who owe: a third of the time of one grouped count.
        late, part = "overdue_minor > 0", "partial_minor > 0"
        return {
            currency: (
                tx.value(
                    f"SELECT count(*) FROM payer_balance WHERE currency = :currency AND {late}", currency=currency
                ),
                tx.value(
                    f"SELECT count(*) FROM payer_balance WHERE currency = :currency AND {part}", currency=currency
                ),
            )
            for currency in currencies
        }
    rows = tx.all(
        f"""SELECT currency, count(DISTINCT CASE WHEN due_on < :as_of THEN payer_id END),
                   count(DISTINCT CASE WHEN paid_minor > 0 THEN payer_id END)
            FROM ({open_sql(base)}) o GROUP BY currency""",
        as_of=as_of,
    )
    return {currency: (debtors, members) for currency, debtors, members in rows}


def due_days(tx: Tx, base: str, as_of: str, oldest: str) -> list[Row]:
    """(currency, due day, sum, invoices, sum of those on which money was received) of everything open.

    All days before `oldest` stand together on the first day there is, invoices never due on the last.
    """
    held = "due_day_total WHERE open_count > 0" if base == SUMS else f"({open_sql(base)}) o"
    day = f"coalesce(due_on, '{NO_DUE_DATE}')"
    counted = "open_count" if base == SUMS else "1"
    part = "partial_minor" if base == SUMS else "CASE WHEN paid_minor > 0 THEN open_minor ELSE 0 END"
    return tx.all(
        f"""SELECT currency, day, sum(open_minor), sum(items), sum(part_minor) FROM (
                SELECT currency, CASE WHEN {day} < :oldest THEN '{LONG_AGO}' ELSE {day} END AS day, open_minor,
                       {counted} AS items, {part} AS part_minor FROM {held}) days GROUP BY currency, day""",
        as_of=as_of,
        oldest=oldest,
    )


def credit(tx: Tx, base: str, as_of: str) -> list[Row]:
    """(currency, sum, payers) of credit on account."""
    if base == LEDGER:
        return tx.all(
            f"SELECT currency, sum(credit_minor), count(*) FROM ({CREDIT_COMPUTED}) c GROUP BY currency", as_of=as_of
        )
    return tx.all("SELECT currency, sum(rest_minor), count(DISTINCT payer_id) FROM open_credit GROUP BY currency")


def collected(tx: Tx, day: str) -> list[Row]:
    """(currency, method, sum, receipts, returns) of the money of a day, less what went back on it."""
    return tx.all(
        """SELECT currency, method, sum(amount_minor), sum(CASE WHEN kind = 'receipt' THEN 1 ELSE 0 END),
                  sum(CASE WHEN kind = 'receipt' THEN 0 ELSE 1 END)
           FROM payment WHERE received_on = :day GROUP BY currency, method""",
        day=day,
    )


def collected_days(tx: Tx, first: str, last: str) -> list[Row]:
    """(currency, day, sum) of the money of these days, less what went back on them."""
    return tx.all(
        """SELECT currency, received_on, sum(amount_minor) FROM payment WHERE received_on BETWEEN :first AND :last
           GROUP BY received_on, currency""",
        first=first,
        last=last,
    )


def reversed_on(tx: Tx, day: str) -> list[Row]:
    """(currency, count) of receipts of a day that were reversed on the same day: they never were."""
    return tx.all(
        """SELECT back.currency, sum(CASE back.kind WHEN 'reversal' THEN 1 ELSE -1 END)
           FROM payment back JOIN payment p ON p.id = back.reverses_id
           WHERE back.received_on = :day AND back.kind IN ('reversal', 'reversal_undone') AND p.received_on = :day
           GROUP BY back.currency""",
        day=day,
    )


def notice_states(tx: Tx) -> dict[str, int]:
    """How many notices are in each state that wants attention or time; sent and cancelled ones are not counted."""
    return dict(
        tx.all(
            """SELECT state, count(*) FROM notice WHERE state IN ('held', 'queued', 'sending', 'failed', 'unsure')
               GROUP BY state"""
        )
    )


def promise_payers(tx: Tx, as_of: str) -> list[int]:
    """Payers who promised something for a day up to `as_of` and did not take it back."""
    return [
        payer_id
        for (payer_id,) in tx.all(
            """SELECT DISTINCT payer_id FROM promise WHERE due_on <= :as_of AND promised_on <= :as_of
               AND (cancelled_on IS NULL OR cancelled_on > :as_of) ORDER BY payer_id""",
            as_of=as_of,
        )
    ]


def ageing_edges(tx: Tx) -> str | None:
    """The centre's own edges of ageing ('30,60,90'); None for the usual ones."""
    text: str | None = tx.value("SELECT value FROM setting WHERE key = 'ageing.edges'")
    return text
