"""Notices on their way out: which are due, what they carry, how their state changes."""

from __future__ import annotations

from duesdesk.store.database import Row, Tx

# A letter in a print run that was not closed is in somebody's hands already.
_IN_PRINT = """EXISTS (SELECT 1 FROM print_run_item i JOIN print_run p ON p.id = i.print_run_id
                       WHERE i.notice_id = notice.id AND p.state = 'printed')"""
_DUE = f"state IN ('held', 'queued') AND send_after <= :at AND NOT (channel = 'letter' AND {_IN_PRINT})"


def due(tx: Tx, at: str) -> list[Row]:
    """(notice, channel) of what is past its cooling time, the longest waiting first."""
    return tx.all(f"SELECT id, channel FROM notice WHERE {_DUE} ORDER BY send_after, id", at=at)


def count_due(tx: Tx, at: str) -> int:
    """How many there are."""
    count: int = tx.value(f"SELECT count(*) FROM notice WHERE {_DUE}", at=at)
    return count


def claim(tx: Tx, notice_id: int, address: str) -> None:
    """One more try; it goes to the address as it is known now."""
    tx.run(
        "UPDATE notice SET attempts = attempts + 1, address = :address WHERE id = :id", id=notice_id, address=address
    )


def carried(tx: Tx, notice_id: int) -> Row | None:
    """(address, subject, body, message_id, created_at, language, name of the payer): what a channel hands over."""
    return tx.one(
        """SELECT n.address, n.subject, n.body, n.message_id, n.created_at, n.language, m.name
           FROM notice n JOIN member m ON m.id = n.payer_id WHERE n.id = :id""",
        id=notice_id,
    )


def address(tx: Tx, notice_id: int) -> str:
    """Where it went."""
    return str(tx.value("SELECT address FROM notice WHERE id = :id", id=notice_id) or "")


def change(tx: Tx, notice_id: int, state: str, detail: str, at: str) -> None:
    """Another state; the event beside it is written by who decides."""
    tx.run(
        "UPDATE notice SET state = :state, detail = :detail, changed_at = :at WHERE id = :id",
        state=state,
        detail=detail,
        at=at,
        id=notice_id,
    )


def postpone(tx: Tx, notice_id: int, send_after: str, attempts: int) -> None:
    """Not before `send_after`, with so many tries behind it."""
    tx.run(
        "UPDATE notice SET send_after = :at, attempts = :attempts WHERE id = :id",
        at=send_after,
        attempts=attempts,
        id=notice_id,
    )


def sending_since(tx: Tx, before: str) -> list[int]:
    """Notices that have been on their way since before an instant."""
    rows = tx.all("SELECT id FROM notice WHERE state = 'sending' AND changed_at < :before ORDER BY id", before=before)
    return [row[0] for row in rows]
