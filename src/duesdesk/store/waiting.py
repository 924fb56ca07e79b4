"""Notices of the rule that wait to leave, and what befell them since they were written."""

from __future__ import annotations

from duesdesk.store import among, positions
from duesdesk.store.database import Row, Tx

_WAITS = "n.state IN ('held', 'queued') AND n.origin = 'step'"
_WAITS_OF_THESE = f"{among.beside('n.state')} IN ('held', 'queued') AND n.origin = 'step'"


def changed(tx: Tx, as_of: str) -> list[Row]:
    """(notice, payer, what) of those whose figures changed: an invoice is 'gone', 'disputed' or 'lowered'."""
    return tx.all(
        f"""SELECT n.id, n.payer_id,
                   CASE WHEN o.invoice_id IS NULL THEN 'gone' WHEN o.disputed THEN 'disputed' ELSE 'lowered' END
            FROM notice n JOIN notice_item t ON t.notice_id = n.id
            LEFT JOIN ({positions.book_sql(tx, as_of)}) o ON o.invoice_id = t.invoice_id
            WHERE {_WAITS} AND (o.invoice_id IS NULL OR o.open_minor <> t.open_minor OR o.disputed)
            ORDER BY n.id, o.invoice_id""",
        as_of=as_of,
    )


def on_hold(tx: Tx, as_of: str) -> list[Row]:
    """(notice, payer) of those that a hold stops, of the payer or of an invoice they name."""
    return tx.all(
        f"""SELECT DISTINCT n.id, n.payer_id FROM hold h JOIN notice n ON n.payer_id = h.payer_id
            WHERE {_WAITS} AND h.from_on <= :as_of AND (h.until_on IS NULL OR h.until_on >= :as_of)
              AND (h.lifted_on IS NULL OR h.lifted_on > :as_of)
              AND (h.invoice_id IS NULL OR EXISTS (
                  SELECT 1 FROM notice_item t WHERE t.notice_id = n.id AND t.invoice_id = h.invoice_id))
            ORDER BY n.id""",
        as_of=as_of,
    )


def with_promise(tx: Tx, as_of: str) -> list[Row]:
    """(notice, payer, currency) of those to payers with a promise for this day or a later one, kept already or not."""
    return tx.all(
        f"""SELECT DISTINCT n.id, n.payer_id, s.currency
            FROM notice n JOIN step_taken s ON s.notice_id = n.id
            JOIN promise p ON p.payer_id = n.payer_id AND p.currency = s.currency
            WHERE {_WAITS} AND p.due_on >= :as_of AND p.promised_on <= :as_of
              AND (p.cancelled_on IS NULL OR p.cancelled_on > :as_of)
            ORDER BY n.id""",
        as_of=as_of,
    )


def asked(tx: Tx, payers: str) -> list[Row]:
    """(notice, payer, currency, sum) of what those that wait to ask these payers ask for."""
    return tx.all(
        f"""SELECT n.id, n.payer_id, i.currency, sum(t.open_minor)
            FROM notice n JOIN notice_item t ON t.notice_id = n.id JOIN invoice i ON i.id = t.invoice_id
            WHERE n.payer_id IN ({among.ids(tx)}) AND {_WAITS_OF_THESE}
            GROUP BY n.id, n.payer_id, i.currency ORDER BY n.id""",
        wanted=payers,
    )


_WENT_BACK = """EXISTS (
    SELECT 1 FROM step_taken s JOIN step_item i ON i.step_taken_id = s.id JOIN payment p ON p.id = i.payment_id
    WHERE s.notice_id = n.id AND p.amount_minor + coalesce((
        SELECT sum(b.amount_minor) FROM payment b
        WHERE b.payer_id = p.payer_id AND b.reverses_id = p.id AND b.received_on <= :as_of), 0) <= 0)"""
# Money, credits and changed invoices of acts after the one that wrote it, and money that has come to count since.
_MOVED_ON = """(
    EXISTS (SELECT 1 FROM payment p WHERE p.payer_id = n.payer_id AND p.act_id > n.act_id)
    OR EXISTS (SELECT 1 FROM payment p JOIN allocation a ON a.payment_id = p.id
               WHERE p.payer_id = n.payer_id AND a.act_id > n.act_id)
    OR EXISTS (SELECT 1 FROM invoice i JOIN credit c ON c.invoice_id = i.id
               WHERE i.payer_id = n.payer_id AND c.act_id > n.act_id)
    OR EXISTS (SELECT 1 FROM invoice i JOIN invoice_event e ON e.invoice_id = i.id
               WHERE i.payer_id = n.payer_id AND e.act_id > n.act_id AND e.kind <> 'issued')
    OR EXISTS (SELECT 1 FROM step_taken s JOIN payment p ON p.payer_id = n.payer_id
               WHERE s.notice_id = n.id AND p.received_on > s.taken_on AND p.received_on <= :as_of))"""


def untrue_receipts(tx: Tx, as_of: str, kinds: str, notice_id: int = 0) -> list[Row]:
    """(notice, payer, why) of waiting receipts, or of that one, that do not hold any more on a day.

    The money went back, whole ('returned'); a hold of one of these `kinds` (a JSON list) is on the payer (its kind);
    or what it tells of is not owed so any more ('moved').
    """
    which = "n.id = :id" if notice_id else "n.state IN ('held', 'queued') AND n.origin = 'receipt'"
    return tx.all(
        f"""SELECT id, payer_id, why FROM (
                SELECT n.id, n.payer_id, CASE WHEN {_WENT_BACK} THEN 'returned' ELSE coalesce((
                    SELECT min(h.kind) FROM hold h
                    WHERE h.payer_id = n.payer_id AND h.invoice_id IS NULL AND h.from_on <= :as_of
                      AND h.kind IN ({among.texts(tx, "kinds")})
                      AND (h.until_on IS NULL OR h.until_on >= :as_of)
                      AND (h.lifted_on IS NULL OR h.lifted_on > :as_of)),
                    CASE WHEN {_MOVED_ON} THEN 'moved' END) END AS why
                FROM notice n WHERE {which}) judged
            WHERE why IS NOT NULL ORDER BY id""",
        as_of=as_of,
        kinds=kinds,
        id=notice_id,
    )


def late(tx: Tx, as_of: str) -> list[Row]:
    """(notice, payer) of those that speak of a day to come that is there, also beside theirs, or of one that is over.

    What was written on the due day, for it, speaks of that day.
    """
    return tx.all(
        f"""SELECT DISTINCT n.id, n.payer_id FROM notice n JOIN step_taken s ON s.notice_id = n.id
            JOIN step_item i ON i.step_taken_id = s.id
            WHERE {_WAITS} AND i.invoice_id IS NOT NULL
              AND (s.taken_on < i.counted_from AND i.counted_from <= :as_of
                   OR s.event = 'due' AND i.step_id = s.step_id AND s.taken_on = i.counted_from
                      AND i.counted_from < :as_of)
            ORDER BY n.id""",
        as_of=as_of,
    )


def of_payers(tx: Tx, payers: str, without: str) -> list[Row]:
    """(payer, currency, notice) of those that wait to ask these payers for money."""
    return tx.all(
        f"""SELECT n.payer_id, s.currency, n.id FROM notice n JOIN step_taken s ON s.notice_id = n.id
            WHERE n.payer_id IN ({among.ids(tx)}) AND {_WAITS_OF_THESE}
              AND n.id NOT IN ({among.ids(tx, "without")})
            ORDER BY n.id""",
        wanted=payers,
        without=without,
    )


def leaving(tx: Tx, payers: str) -> list[Row]:
    """(notice, step, the instant it may leave) of those that wait to ask these payers, the earliest first."""
    return tx.all(
        f"""SELECT DISTINCT n.id, s.step_id, n.send_after FROM notice n JOIN step_taken s ON s.notice_id = n.id
            WHERE n.payer_id IN ({among.ids(tx)}) AND {_WAITS_OF_THESE}
            ORDER BY n.send_after, n.id""",
        wanted=payers,
    )


def invoices(tx: Tx, notices: str) -> list[Row]:
    """(notice, invoice number) of what notices speak of; `notices` is the JSON list of their ids."""
    return tx.all(
        f"""SELECT t.notice_id, i.number FROM notice_item t JOIN invoice i ON i.id = t.invoice_id
            WHERE t.notice_id IN ({among.ids(tx)}) ORDER BY t.notice_id, t.invoice_id""",
        wanted=notices,
    )


def steps(tx: Tx, notices: str) -> list[Row]:
    """(notice, payer's number, name, step) of notices of the rule."""
    return tx.all(
        f"""SELECT n.id, m.number, m.name, s.step_id
            FROM notice n JOIN member m ON m.id = n.payer_id JOIN step_taken s ON s.notice_id = n.id
            WHERE n.id IN ({among.ids(tx)}) ORDER BY n.id""",
        wanted=notices,
    )
