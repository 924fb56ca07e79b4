"""Reading one member's file: rows of invoices, payments, bookings and household, in the order they are shown."""

from __future__ import annotations

from duesdesk.store.database import Row, Tx
from duesdesk.store.positions import void_sql

_DUE_MOVED = """
    (SELECT e.due_on FROM invoice_event e
     WHERE e.invoice_id = i.id AND e.kind = 'due_moved' AND e.effective_on <= :as_of
     ORDER BY e.effective_on DESC, e.id DESC LIMIT 1)"""
_WAS_MOVED = """
    EXISTS (SELECT 1 FROM invoice_event e
            WHERE e.invoice_id = i.id AND e.kind = 'due_moved' AND e.effective_on <= :as_of)"""
_DISPUTE = """
    (SELECT e.kind FROM invoice_event e WHERE e.invoice_id = i.id AND e.kind IN ('disputed', 'undisputed')
       AND e.effective_on <= :as_of ORDER BY e.effective_on DESC, e.id DESC LIMIT 1)"""
_INVOICE_COLUMNS = f"""
    i.id, i.number, i.description, i.kind, m.number, m.name, p.number, i.issued_on,
    CASE WHEN {_WAS_MOVED} THEN {_DUE_MOVED} ELSE i.due_on END AS due_on,
    i.currency, i.total_minor,
    coalesce((SELECT sum(a.amount_minor) FROM allocation a
              WHERE a.invoice_id = i.id AND a.effective_on <= :as_of), 0) AS paid_minor,
    coalesce((SELECT sum(c.amount_minor) FROM credit c
              WHERE c.invoice_id = i.id AND c.effective_on <= :as_of), 0) AS credited_minor,
    coalesce((SELECT sum(c.amount_minor) FROM credit c
              WHERE c.invoice_id = i.id AND c.kind = 'write_off' AND c.effective_on <= :as_of), 0) AS written_off_minor,
    {void_sql("i.id", "v.effective_on <= :as_of")} AS voided,
    i.draft AND NOT EXISTS (SELECT 1 FROM invoice_event e
                            WHERE e.invoice_id = i.id AND e.kind = 'issued' AND e.effective_on <= :as_of) AS draft,
    coalesce({_DISPUTE} = 'disputed', false) AS disputed"""
_INVOICES = f"""
    SELECT {_INVOICE_COLUMNS}
    FROM invoice i JOIN member m ON m.id = i.member_id JOIN member p ON p.id = i.payer_id
    WHERE (i.payer_id = :id OR i.member_id = :id) AND i.issued_on <= :as_of
    ORDER BY i.issued_on DESC, i.id DESC LIMIT :most"""
_INVOICE = f"""
    SELECT {_INVOICE_COLUMNS}, i.recorded_at, i.actor, i.desk
    FROM invoice i JOIN member m ON m.id = i.member_id JOIN member p ON p.id = i.payer_id WHERE i.number = :number"""

# Payments by a member, and those others made for them: by whoever pays for them now, or was billed for them once.
_PAYMENTS_OF = """
    y.payer_id IN (SELECT :id UNION SELECT payer_id FROM member WHERE id = :id
                   UNION SELECT payer_id FROM invoice WHERE member_id = :id)
    AND (y.payer_id = :id OR y.member_id = :id)"""
_PAYMENTS = f"""
    SELECT y.reference, y.received_on, y.method, y.kind, y.currency, y.amount_minor,
           coalesce((SELECT sum(a.amount_minor) FROM allocation a WHERE a.payment_id = y.id), 0),
           coalesce((SELECT sum(back.amount_minor) FROM payment back
                     WHERE back.payer_id = y.payer_id AND back.reverses_id = y.id), 0),
           (SELECT first.reference FROM payment first WHERE first.id = y.reverses_id),
           y.actor, y.desk, y.recorded_at, y.reason, m.name
    FROM payment y JOIN member m ON m.id = y.member_id
    WHERE {_PAYMENTS_OF} AND y.received_on <= :as_of
    ORDER BY y.received_on DESC, y.id DESC LIMIT :most"""

_BOOKINGS = """
    SELECT id, on_day, at_time, activity, status, checked_in_at, checked_in_by FROM booking WHERE member_id = :id
    ORDER BY on_day DESC, coalesce(at_time, '') DESC, id DESC LIMIT :most"""

_HOUSEHOLD = """
    SELECT m.number, m.name, m.status, CASE WHEN m.id = :id THEN 1 ELSE 0 END AS pays FROM member m
    WHERE (m.payer_id = :id OR m.id = :id) AND EXISTS (SELECT 1 FROM member c WHERE c.payer_id = :id)
    ORDER BY pays DESC, m.name_folded, m.id"""


def invoices(tx: Tx, member_id: int, as_of: str, most: int) -> list[Row]:
    """Invoices the member pays or is served by, the newest first; the columns of `invoice` without the last three."""
    return tx.all(_INVOICES, id=member_id, as_of=as_of, most=most)


def invoice(tx: Tx, number: str, as_of: str) -> Row | None:
    """One invoice: its columns, then when, by whom and at which desk it was written."""
    return tx.one(_INVOICE, number=number, as_of=as_of)


def invoice_lines(tx: Tx, invoice_id: int) -> list[Row]:
    """(description, amount_minor) of an invoice, in order."""
    return tx.all(
        "SELECT description, amount_minor FROM invoice_line WHERE invoice_id = :id ORDER BY line", id=invoice_id
    )


def lines_of(tx: Tx, member_id: int) -> list[Row]:
    """(invoice, description, amount_minor) of all invoices for or of a member, in order."""
    return tx.all(
        """SELECT i.number, l.description, l.amount_minor FROM invoice i JOIN invoice_line l ON l.invoice_id = i.id
           WHERE i.payer_id = :id OR i.member_id = :id ORDER BY i.id, l.line""",
        id=member_id,
    )


def invoice_moves(tx: Tx, invoice_id: int) -> list[Row]:
    """(day, kind, reference, amount, method, due day, actor, reason) of all that befell an invoice, in order."""
    return tx.all(
        """SELECT day, kind, reference, amount_minor, method, due_on, actor, reason FROM (
               SELECT a.effective_on AS day, CASE WHEN a.amount_minor > 0 THEN 'paid' ELSE 'taken_back' END AS kind,
                      y.reference, a.amount_minor, y.method, CAST(NULL AS date) AS due_on, a.actor,
                      a.reason, a.act_id, a.id
               FROM allocation a JOIN payment y ON y.id = a.payment_id WHERE a.invoice_id = :id
               UNION ALL
               SELECT c.effective_on, c.kind, c.reference, c.amount_minor, '', CAST(NULL AS date), c.actor,
                      c.reason, c.act_id, c.id
               FROM credit c WHERE c.invoice_id = :id
               UNION ALL
               SELECT e.effective_on, e.kind, '', 0, '', e.due_on, e.actor, e.reason, e.act_id, e.id
               FROM invoice_event e WHERE e.invoice_id = :id) moves
           ORDER BY day, act_id, id""",
        id=invoice_id,
    )


def payments(tx: Tx, member_id: int, as_of: str, most: int) -> list[Row]:
    """Payments by or for the member, the newest first."""
    return tx.all(_PAYMENTS, id=member_id, as_of=as_of, most=most)


def laid(tx: Tx, member_id: int) -> list[Row]:
    """(payment, invoice, amount_minor) of what lies on invoices of all payments by or for the member."""
    return tx.all(
        f"""SELECT y.reference, i.number, sum(a.amount_minor)
           FROM payment y JOIN allocation a ON a.payment_id = y.id JOIN invoice i ON i.id = a.invoice_id
           WHERE {_PAYMENTS_OF}
           GROUP BY y.id, y.reference, i.id, i.number HAVING sum(a.amount_minor) <> 0 ORDER BY y.id, min(a.id)""",
        id=member_id,
    )


def payment_moves(tx: Tx, reference: str) -> list[Row]:
    """(day, kind, reference, amount, text, actor, reason): what a payment was laid on, and what went back of it."""
    return tx.all(
        """SELECT day, kind, reference, amount_minor, text, actor, reason FROM (
               SELECT a.effective_on AS day, CASE WHEN a.amount_minor > 0 THEN 'paid' ELSE 'taken_back' END AS kind,
                      i.number AS reference, a.amount_minor, i.description AS text, a.actor, a.reason, a.act_id, a.id
               FROM allocation a JOIN payment y ON y.id = a.payment_id JOIN invoice i ON i.id = a.invoice_id
               WHERE y.reference = :reference
               UNION ALL
               SELECT back.received_on, back.kind, back.reference, back.amount_minor, '', back.actor, back.reason,
                      back.act_id, back.id
               FROM payment y JOIN payment back ON back.reverses_id = y.id AND back.payer_id = y.payer_id
               WHERE y.reference = :reference) moves
           ORDER BY day, act_id, id""",
        reference=reference,
    )


def bookings(tx: Tx, member_id: int, most: int) -> list[Row]:
    """The member's bookings, the latest day first."""
    return tx.all(_BOOKINGS, id=member_id, most=most)


def household(tx: Tx, payer_id: int) -> list[Row]:
    """(number, name, status, pays) of a payer and the members they pay for; nothing when they pay for nobody else."""
    return tx.all(_HOUSEHOLD, id=payer_id)


def open_by_member(tx: Tx, payer_id: int) -> list[Row]:
    """(member number, currency, open_minor) of what is owed for each member of a household now."""
    return tx.all(
        """SELECT m.number, o.currency, sum(o.open_minor) FROM open_item o JOIN member m ON m.id = o.member_id
           WHERE o.payer_id = :id GROUP BY m.number, o.currency ORDER BY m.number, o.currency""",
        id=payer_id,
    )
