"""Holds as they are kept: what stops every step for a payer or one invoice."""

from __future__ import annotations

from typing import NamedTuple

from duesdesk.store.database import Tx


class HoldRow(NamedTuple):
    """A hold. `until_on` is its last day, None until it is lifted."""

    id: int
    kind: str
    payer_id: int
    payer: str
    name: str
    invoice: str | None
    reason: str
    from_on: str
    until_on: str | None
    lifted_on: str | None
    lifted_by: str
    actor: str
    recorded_at: str


_SELECT = """
    SELECT h.id, h.kind, h.payer_id, m.number, m.name, i.number, h.reason, h.from_on, h.until_on, h.lifted_on,
           h.lifted_by, h.actor, h.recorded_at
    FROM hold h JOIN member m ON m.id = h.payer_id LEFT JOIN invoice i ON i.id = h.invoice_id"""
_STANDS = "h.lifted_on IS NULL AND (h.until_on IS NULL OR h.until_on >= :today)"


def standing(tx: Tx, today: str) -> list[HoldRow]:
    """All that hold today or will, by payer."""
    rows = tx.all(f"{_SELECT} WHERE {_STANDS} ORDER BY m.number, h.id", today=today)
    return [HoldRow(*row) for row in rows]


def standing_of(tx: Tx, payer_id: int, today: str) -> list[HoldRow]:
    """Those of one payer, invoices' among them."""
    rows = tx.all(f"{_SELECT} WHERE h.payer_id = :payer AND {_STANDS} ORDER BY h.id", payer=payer_id, today=today)
    return [HoldRow(*row) for row in rows]


def lift(tx: Tx, hold_id: int, today: str, actor: str) -> int:
    """It holds no more from `today` on; answers 0 when it was lifted already."""
    return tx.run(
        "UPDATE hold SET lifted_on = :today, lifted_by = :actor WHERE id = :id AND lifted_on IS NULL",
        today=today,
        actor=actor,
        id=hold_id,
    )


def put_back(tx: Tx, hold_id: int) -> None:
    """Lifting it was a slip."""
    tx.run("UPDATE hold SET lifted_on = NULL, lifted_by = '' WHERE id = :id", id=hold_id)
