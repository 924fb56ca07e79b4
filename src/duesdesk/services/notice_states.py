"""The states of a notice in the outbox: pulled back by hand, by a payment, or restored when that is undone."""

from __future__ import annotations

from collections.abc import Sequence

from duesdesk.domain.errors import NotFound, Refused
from duesdesk.services.acts import Done, Within
from duesdesk.store.database import Tx


def note_event(tx: Tx, notice_id: int, state: str, detail: str, at: str, actor: str, desk: str) -> None:
    """Append a change of state to the notice's history."""
    tx.run(
        """INSERT INTO notice_event (notice_id, state, detail, recorded_at, actor, desk)
           VALUES (:notice, :state, :detail, :at, :actor, :desk)""",
        notice=notice_id,
        state=state,
        detail=detail,
        at=at,
        actor=actor,
        desk=desk,
    )


def cancel_within(within: Within, notice_id: int, why: str) -> Done:
    """The work of pulling back; undo calls it too. Its answer says in `was` which state it left."""
    was = within.tx.value("SELECT state FROM notice WHERE id = :id", id=notice_id)
    touched = within.tx.run(
        """UPDATE notice SET state = 'cancelled', detail = :why, changed_at = :now
           WHERE id = :id AND state IN ('held', 'queued', 'failed', 'unsure')""",
        id=notice_id,
        why=why,
        now=within.act.recorded_at,
    )
    if touched != 1:
        if was is None:
            raise NotFound("notice-unknown", notice=notice_id)
        raise Refused("notice-has-left", notice=notice_id, state=was)
    note_event(within.tx, notice_id, "cancelled", why, within.act.recorded_at, within.act.actor, within.act.desk)
    return Done(f"notice {notice_id}", {"notice": notice_id, "state": "cancelled", "was": was})


def uncancel_within(within: Within, notice_id: int, was: str) -> Done:
    """Pulling back was a slip: the notice is again what it `was`; undo calls it.

    Whether it still holds is asked again before it leaves.
    """
    touched = within.tx.run(
        "UPDATE notice SET state = :was, detail = '', changed_at = :now WHERE id = :id AND state = 'cancelled'",
        was=was,
        now=within.act.recorded_at,
        id=notice_id,
    )
    if touched != 1:
        raise Refused("undo-not-the-last")
    note_event(within.tx, notice_id, was, "undone", within.act.recorded_at, within.act.actor, within.act.desk)
    return Done(f"notice {notice_id}", {"notice": notice_id, "state": was})


def withdraw_for(within: Within, payer_id: int, invoice_ids: Sequence[int]) -> int:
    """Money came for these invoices: queued notices that ask for them are pulled back. Answers how many.

    Runs in the payment's own transaction, so that nobody who paid is asked again.
    """
    if not invoice_ids:
        return 0
    waiting = within.tx.all(
        "SELECT id FROM notice WHERE payer_id = :payer AND state IN ('held', 'queued') AND asks_for_money",
        payer=payer_id,
    )
    count = 0
    for (notice_id,) in waiting:
        items = {
            row[0] for row in within.tx.all("SELECT invoice_id FROM notice_item WHERE notice_id = :id", id=notice_id)
        }
        if items & set(invoice_ids):
            cancel_within(within, notice_id, f"paid:{within.act.key}")
            count += 1
    return count


def restore_after(within: Within, act_key: str) -> None:
    """The payment was undone: what it had pulled back waits again, if its time has not passed."""
    for (notice_id,) in within.tx.all(
        "SELECT id FROM notice WHERE state = 'cancelled' AND detail = :why", why=f"paid:{act_key}"
    ):
        within.tx.run(
            "UPDATE notice SET state = 'queued', detail = '', changed_at = :now WHERE id = :id",
            now=within.act.recorded_at,
            id=notice_id,
        )
        note_event(
            within.tx, notice_id, "queued", "payment undone", within.act.recorded_at, within.act.actor, within.act.desk
        )
