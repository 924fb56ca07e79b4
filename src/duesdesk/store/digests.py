"""The daily word to the back office as it is kept, and what it tells."""

from __future__ import annotations

from duesdesk.store.database import Row, Tx


def last_day(tx: Tx, before: str) -> str | None:
    """The last day before `before` whose word left, or that had nothing to tell; None without one."""
    day: str | None = tx.value(
        "SELECT max(day) FROM digest WHERE day < :before AND state IN ('sent', 'cancelled')", before=before
    )
    return day


def first_untold(tx: Tx, before: str) -> str | None:
    """The first day before `before` whose word did not leave; None without one."""
    day: str | None = tx.value(
        "SELECT min(day) FROM digest WHERE day < :before AND state NOT IN ('sent', 'cancelled')", before=before
    )
    return day


def of_day(tx: Tx, day: str) -> Row | None:
    """(id, address, subject, body, state, message id, recorded at, detail) of the word of a day."""
    return tx.one(
        "SELECT id, address, subject, body, state, message_id, recorded_at, detail FROM digest WHERE day = :day",
        day=day,
    )


def add(
    tx: Tx, day: str, address: str, subject: str, body: str, *, state: str, message_id: str, recorded_at: str
) -> int:
    """Write the word of a day down; its unique day refuses a second one."""
    return tx.insert(
        """INSERT INTO digest (day, address, subject, body, state, message_id, detail, recorded_at)
           VALUES (:day, :address, :subject, :body, :state, :message_id, '', :recorded_at)""",
        day=day,
        address=address,
        subject=subject,
        body=body,
        state=state,
        message_id=message_id,
        recorded_at=recorded_at,
    )


def change(tx: Tx, digest_id: int, was: str, state: str, detail: str, at: str) -> bool:
    """From one state to another; False when somebody else was faster."""
    touched = tx.run(
        """UPDATE digest SET state = :state, detail = :detail, recorded_at = :at WHERE id = :id AND state = :was""",
        id=digest_id,
        was=was,
        state=state,
        detail=detail,
        at=at,
    )
    return touched == 1


def run_finished(tx: Tx, day: str) -> bool:
    """Whether the rule was run for the day, to its end."""
    return bool(tx.value("SELECT 1 FROM collection_run WHERE day = :day AND finished_at IS NOT NULL LIMIT 1", day=day))


def new_debtors(tx: Tx, since: str, day: str) -> list[Row]:
    """(number, name, currency, overdue, oldest due day) of payers overdue on `day` who were not on `since`."""
    return tx.all(
        """SELECT m.number, m.name, late.currency, late.open_minor, late.due_on FROM (
               SELECT payer_id, currency, sum(open_minor) AS open_minor, min(due_on) AS due_on
               FROM open_item WHERE due_on < :day GROUP BY payer_id, currency HAVING min(due_on) >= :since) late
           JOIN member m ON m.id = late.payer_id ORDER BY late.currency, late.open_minor DESC, m.number""",
        since=since,
        day=day,
    )


def overdue(tx: Tx, day: str) -> list[Row]:
    """(payer, number, name, currency, overdue) of who owes on `day`; contested debts and those on hold left out."""
    return tx.all(
        """SELECT m.id, m.number, m.name, o.currency, sum(o.open_minor)
           FROM open_item o JOIN member m ON m.id = o.payer_id
           WHERE o.due_on < :day AND NOT o.disputed
             AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.payer_id = o.payer_id AND h.from_on <= :day
                 AND (h.until_on IS NULL OR h.until_on >= :day) AND (h.lifted_on IS NULL OR h.lifted_on > :day)
                 AND (h.invoice_id IS NULL OR h.invoice_id = o.invoice_id))
           GROUP BY m.id, m.number, m.name, o.currency ORDER BY o.currency, sum(o.open_minor) DESC, m.number""",
        day=day,
    )


def not_delivered(tx: Tx, since: str, until: str) -> list[Row]:
    """(number, name, channel, state, why) of notices that failed, or may not have arrived, between two instants."""
    return tx.all(
        """SELECT m.number, m.name, n.channel, n.state, n.detail FROM notice n JOIN member m ON m.id = n.payer_id
           WHERE n.state IN ('failed', 'unsure') AND n.changed_at >= :since AND n.changed_at < :until
           ORDER BY n.state, n.changed_at, n.id""",
        since=since,
        until=until,
    )


def promises_ended(tx: Tx, since: str, day: str) -> list[Row]:
    """(payer, number, name) of payers with a promise for a day from `since` to the day before `day`."""
    return tx.all(
        """SELECT DISTINCT p.payer_id, m.number, m.name FROM promise p JOIN member m ON m.id = p.payer_id
           WHERE p.due_on >= :since AND p.due_on < :day AND (p.cancelled_on IS NULL OR p.cancelled_on > :day)
           ORDER BY m.number""",
        since=since,
        day=day,
    )
