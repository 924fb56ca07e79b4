"""Where every invoice stands at the end of a day, computed from the ledger alone.

This is the truth that the projections repeat for today (`store.projections` rebuilds them from it) and the only
source for a past day. Nothing dated after `:as_of` is seen.
"""

from __future__ import annotations

# The day after every other: positions as of it are what the projections hold.
END_OF_TIME = "9999-12-31"

_LATEST_EVENT = """
    SELECT invoice_id, kind, due_on FROM (
        SELECT invoice_id, kind, due_on,
               row_number() OVER (PARTITION BY invoice_id ORDER BY effective_on DESC, id DESC) AS newest
        FROM invoice_event WHERE kind IN ({kinds}) AND effective_on <= :as_of) ranked
    WHERE newest = 1"""

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
      AND NOT EXISTS (SELECT 1 FROM invoice_event v
                      WHERE v.invoice_id = i.id AND v.kind = 'voided' AND v.effective_on <= :as_of)
      AND (NOT i.draft OR EXISTS (SELECT 1 FROM invoice_event s
                      WHERE s.invoice_id = i.id AND s.kind = 'issued' AND s.effective_on <= :as_of))"""

OPEN_COMPUTED = f"""
    SELECT invoice_id, payer_id, member_id, currency, issued_on, due_on,
           total_minor - paid_minor - credited_minor AS open_minor, paid_minor, disputed
    FROM ({COMPUTED}) computed
    WHERE total_minor - paid_minor - credited_minor > 0"""

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
