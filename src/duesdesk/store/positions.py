"""Where every invoice stands at the end of a day, computed from the ledger alone.

This is the truth that the projections repeat for today (`store.projections` rebuilds them from it) and the only
source for a past day. Nothing dated after `:as_of` is seen.
"""

from __future__ import annotations

from duesdesk.store.database import Tx

# The day after every other: positions as of it are what the projections hold.
END_OF_TIME = "9999-12-31"


def as_compared(day: str) -> str:
    """A column of days as it is compared with a day, the end of time where it has none.

    Twice as fast as the bare column where no index is asked: SQLite holds a DATE to be a number, and would try to read
    both sides of every comparison as one.
    """
    return f"coalesce({day}, '{END_OF_TIME}')"


# An open item without a due day is never overdue.
DUE_DAY = as_compared("due_on")

_LATEST_EVENT = """
    SELECT invoice_id, kind, due_on FROM (
        SELECT invoice_id, kind, due_on,
               row_number() OVER (PARTITION BY invoice_id ORDER BY effective_on DESC, id DESC) AS newest
        FROM invoice_event WHERE kind IN ({kinds}) AND effective_on <= :as_of) ranked
    WHERE newest = 1"""

# Above zero when the events `v` leave an invoice void: each restoring takes one voiding back.
VOIDINGS = "coalesce(sum(CASE v.kind WHEN 'voided' THEN 1 WHEN 'restored' THEN -1 ELSE 0 END), 0)"


def void_sql(invoice_id: str, when: str = "true") -> str:
    """Whether the invoice is void by the events `v` for which `when` holds, as SQL; `invoice_id` is a column."""
    return f"(SELECT {VOIDINGS} FROM invoice_event v WHERE v.invoice_id = {invoice_id} AND {when}) > 0"


def reversed_sql(payment_id: str, when: str = "true") -> str:
    """Whether the receipt is reversed by the rows `b` for which `when` holds, as SQL; `payment_id` is a column."""
    return f"""(SELECT coalesce(sum(CASE b.kind WHEN 'reversal' THEN 1 WHEN 'reversal_undone' THEN -1 ELSE 0 END), 0)
                FROM payment b WHERE b.reverses_id = {payment_id} AND {when}) > 0"""


# One row per invoice issued by :as_of, neither draft nor void then.
COMPUTED = f"""
    SELECT i.id AS invoice_id, i.payer_id, i.member_id, i.currency, i.issued_on,
           CASE WHEN moved.invoice_id IS NULL THEN i.due_on ELSE moved.due_on END AS due_on,
           i.total_minor,
           coalesce((SELECT sum(a.amount_minor) FROM allocation a
                     WHERE a.invoice_id = i.id AND a.effective_on <= :as_of), 0) AS paid_minor,
           coalesce(c.credited_minor, 0) AS credited_minor,
           coalesce(dispute.kind = 'disputed', false) AS disputed
    FROM invoice i
    LEFT JOIN ({_LATEST_EVENT.format(kinds="'due_moved'")}) moved ON moved.invoice_id = i.id
    LEFT JOIN ({_LATEST_EVENT.format(kinds="'disputed', 'undisputed'")}) dispute ON dispute.invoice_id = i.id
    LEFT JOIN (SELECT invoice_id, sum(amount_minor) AS credited_minor FROM credit
               WHERE effective_on <= :as_of GROUP BY invoice_id) c ON c.invoice_id = i.id
    WHERE i.issued_on <= :as_of
      AND NOT {void_sql("i.id", "v.effective_on <= :as_of")}
      AND (NOT i.draft OR EXISTS (SELECT 1 FROM invoice_event s
                      WHERE s.invoice_id = i.id AND s.kind = 'issued' AND s.effective_on <= :as_of))"""

OPEN_COMPUTED = f"""
    SELECT invoice_id, payer_id, member_id, currency, issued_on, due_on,
           total_minor - paid_minor - credited_minor AS open_minor, paid_minor, disputed
    FROM ({COMPUTED}) computed
    WHERE total_minor - paid_minor - credited_minor > 0"""

# The same rows, for a question about the whole book. Most invoices were never voided, moved, contested or credited: of
# these only the money is looked up, and those it pays in full are left out before anything else; the few others go the
# long way. The limit keeps both engines from folding the two steps into one, which would add the money up at each use.
_TOUCHED = "SELECT invoice_id FROM invoice_event UNION ALL SELECT invoice_id FROM credit"
_UNTOUCHED = f"""
    SELECT invoice_id, payer_id, member_id, currency, issued_on, due_on, total_minor - paid_minor AS open_minor,
           paid_minor, false AS disputed
    FROM (SELECT i.id AS invoice_id, i.payer_id, i.member_id, i.currency, i.issued_on, i.due_on, i.total_minor,
                 coalesce((SELECT sum(a.amount_minor) FROM allocation a
                           WHERE a.invoice_id = i.id AND {as_compared("a.effective_on")} <= :as_of), 0) AS paid_minor
          FROM invoice i
          WHERE {as_compared("i.issued_on")} <= :as_of AND NOT i.draft AND i.id NOT IN ({_TOUCHED})
          LIMIT 9223372036854775807) paid
    WHERE total_minor > paid_minor"""
_OF_TOUCHED = f"SELECT * FROM ({OPEN_COMPUTED}) long_way WHERE invoice_id IN ({_TOUCHED})"

OPEN_PROJECTED = """
    SELECT invoice_id, payer_id, member_id, currency, issued_on, due_on, open_minor, paid_minor, disputed
    FROM open_item WHERE issued_on <= :as_of"""

# What lies on no invoice at the end of the day, per payer and currency.
CREDIT_COMPUTED = """
    SELECT payer_id, currency, sum(amount_minor) AS credit_minor FROM (
        SELECT payer_id, currency, amount_minor FROM payment WHERE received_on <= :as_of
        UNION ALL
        SELECT p.payer_id, p.currency, -a.amount_minor
        FROM allocation a JOIN payment p ON p.id = a.payment_id WHERE a.effective_on <= :as_of) moves
    GROUP BY payer_id, currency HAVING sum(amount_minor) <> 0"""

CREDIT_PROJECTED = "SELECT payer_id, currency, credit_minor FROM payer_balance WHERE credit_minor > 0"


def covered(tx: Tx, invoice_id: int) -> tuple[int, list[tuple[str, int]]]:
    """The total of an invoice, and by day what covered it more (above zero) or less: money and credits."""
    total: int = tx.value("SELECT total_minor FROM invoice WHERE id = :id", id=invoice_id)
    moves = tx.all(
        """SELECT effective_on, amount_minor FROM allocation WHERE invoice_id = :id
           UNION ALL SELECT effective_on, amount_minor FROM credit WHERE invoice_id = :id""",
        id=invoice_id,
    )
    return total, [(day, minor) for day, minor in moves]


def open_sql(tx: Tx, as_of: str) -> str:
    """Open items as of a day (parameter :as_of): the projection where it tells the truth for that day, else the ledger.

    Columns: invoice_id, payer_id, member_id, currency, issued_on, due_on, open_minor, paid_minor, disputed.
    """
    return OPEN_PROJECTED if is_projected(tx, as_of) else OPEN_COMPUTED


def book_sql(tx: Tx, as_of: str, columns: str = "*") -> str:
    """As `open_sql`, for reading the whole book; a condition on one payer would not make it quicker.

    `columns` are what is wanted of each item, as SQL: worked out once for each, however often it is used outside.
    """
    if is_projected(tx, as_of):
        return f"SELECT {columns} FROM ({OPEN_PROJECTED}) o"
    return computed_book_sql(columns)


def computed_book_sql(columns: str = "*") -> str:
    """As `book_sql`, from the ledger on any day."""
    return f"SELECT {columns} FROM ({_UNTOUCHED}) o UNION ALL SELECT {columns} FROM ({_OF_TOUCHED}) o"


def credit_sql(tx: Tx, as_of: str) -> str:
    """Credit on account as of a day (parameter :as_of). Columns: payer_id, currency, credit_minor."""
    return CREDIT_PROJECTED if is_projected(tx, as_of) else CREDIT_COMPUTED


def is_projected(tx: Tx, as_of: str) -> bool:
    """Whether the projections tell the truth for the end of the day `as_of`: nothing moved after it."""
    moved_through = tx.value("SELECT moved_through FROM ledger_state WHERE id = 1")
    return bool(moved_through is None or as_of >= moved_through)
