"""Notices on their way out: which are due, what they carry, how their state changes."""

from __future__ import annotations

from typing import NamedTuple

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


def held_up(tx: Tx) -> list[Row]:
    """(channel, how many, its last answer) of notices that wait because what sends them was out of order."""
    return tx.all(
        """SELECT channel, count(*), max(detail) FROM notice
           WHERE state = 'queued' AND attempts = 0 AND detail <> '' AND channel NOT IN ('letter', 'desk')
           GROUP BY channel ORDER BY channel"""
    )


class Mark(NamedTuple):
    """A place in a list of notices: the notice it lies behind, and when that one may leave."""

    id: int
    send_after: str


_FIRST_LEAVES_FIRST = ("held", "queued", "sending")


def counts(tx: Tx) -> dict[str, int]:
    """How many notices are in each state."""
    return dict(tx.all("SELECT state, count(*) FROM notice GROUP BY state"))


def page(tx: Tx, state: str, *, after: Mark | None, skip: int, most: int) -> list[Row]:
    """(notice, send_after) behind a mark, in the order of the list of `state`; '' is all of them, the newest first.

    Read from an index alone, however many there are.
    """
    condition, order = _order(state)
    where = condition if after is None else f"{condition} AND {_beyond(state)}"
    mark = after or Mark(0, "")
    return tx.all(
        f"SELECT id, send_after FROM notice WHERE {where} ORDER BY {order} LIMIT :most OFFSET :skip",
        **_named(state, mark),
        most=most,
        skip=skip,
    )


def place(tx: Tx, state: str, notice_id: int) -> int | None:
    """How many stand before a notice in the list of `state`; None when it is not in it."""
    row = tx.one("SELECT id, send_after, state FROM notice WHERE id = :id", id=notice_id)
    if row is None or state not in ("", row[2]):
        return None
    condition, _order_by = _order(state)
    mark = Mark(row[0], row[1])
    count: int = tx.value(
        f"SELECT count(*) FROM notice WHERE {condition} AND NOT {_beyond(state)} AND id <> :id", **_named(state, mark)
    )
    return count


def _order(state: str) -> tuple[str, str]:
    if not state:
        return "1 = 1", "id DESC"
    way = "" if state in _FIRST_LEAVES_FIRST else " DESC"
    return "state = :state", f"send_after{way}, id{way}"


def _beyond(state: str) -> str:
    if not state:
        return "(id < :id)"
    sign = ">" if state in _FIRST_LEAVES_FIRST else "<"
    return f"((send_after, id) {sign} (:after, :id))"


def _named(state: str, mark: Mark) -> dict[str, object]:
    return {"state": state, "id": mark.id, "after": mark.send_after} if state else {"id": mark.id}


def of_batch(tx: Tx, begins: str) -> list[int]:
    """The notices whose keys begin so, the first written first."""
    # SQLite compares byte by byte: it finds them in the index of the keys.
    near = "" if tx.postgres else "idempotency_key >= :begins AND idempotency_key < :ends AND"
    bound = {} if tx.postgres else {"ends": begins[:-1] + chr(ord(begins[-1]) + 1)}
    rows = tx.all(
        f"SELECT id FROM notice WHERE {near} substr(idempotency_key, 1, :cells) = :begins ORDER BY id",
        cells=len(begins),
        begins=begins,
        **bound,
    )
    return [row[0] for row in rows]
