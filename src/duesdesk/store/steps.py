"""Steps of the rule as they are written: taken by the hundred, released when their notice is pulled back, taken again.

`step_taken` is never changed; whether a step still counts for an invoice stands in `step_item.cancelled_at`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from duesdesk.store import among, positions
from duesdesk.store.acts import ActRow
from duesdesk.store.database import Tx

_NOTICE = (
    "id, payer_id, channel, address, language, template, subject, body, body_hash, asks_for_money, origin, tone, state,"
    " send_after, attempts, message_id, detail, act_id, created_at, changed_at, actor, desk, idempotency_key"
)
_NOTICE_ITEM = "notice_id, invoice_id, open_minor"
_NOTICE_EVENT = "notice_id, state, detail, recorded_at, actor, desk"
_TASK = (
    "id, kind, payer_id, member_id, note, owner, due_on, state, done_by, outcome, act_id, recorded_at, actor, desk,"
    " idempotency_key"
)
_TAKEN = (
    "id, run_id, payer_id, currency, rule_version_id, rule_name, step_id, event, action, pack, amount_minor, notice_id,"
    " task_id, fee_invoice_id, taken_on, act_id, recorded_at"
)
_ITEM = (
    "step_taken_id, invoice_id, payment_id, promise_id, agreement_part_id, step_id, occurrence, counted_from,"
    " open_minor"
)

COLUMNS = {
    "notices": ("notice", _NOTICE),
    "notice_items": ("notice_item", _NOTICE_ITEM),
    "events": ("notice_event", _NOTICE_EVENT),
    "tasks": ("task", _TASK),
    "taken": ("step_taken", _TAKEN),
    "items": ("step_item", _ITEM),
}
"""Tables and columns in the order they are written."""

Rows = Sequence[tuple[object, ...]]


def _insert(table: str, columns: str) -> str:
    return f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * (columns.count(',') + 1))})"


def add(  # a table each
    tx: Tx, *, notices: Rows, notice_items: Rows, events: Rows, tasks: Rows, taken: Rows, items: Rows
) -> None:
    """Insert what was taken: rows in the order of the columns above. A unique key refuses a step an invoice has had."""
    given = (notices, notice_items, events, tasks, taken, items)
    for (table, columns), rows in zip(COLUMNS.values(), given, strict=True):
        if rows:
            tx.many_positional(_insert(table, columns), rows)  # lint-ok: sql because the names are those above


def release(tx: Tx, notice_ids: Collection[int], at: str) -> None:
    """The steps of these notices count no more for their invoices: they may be taken again."""
    tx.run(
        f"""UPDATE step_item SET cancelled_at = :at
            WHERE cancelled_at IS NULL AND step_taken_id IN (
                SELECT id FROM step_taken WHERE notice_id IN ({among.ids(tx)}))""",
        at=at,
        wanted=among.listed(notice_ids),
    )


_SAME = """live.step_id = s.step_id AND live.occurrence = s.occurrence AND live.cancelled_at IS NULL
           AND (live.invoice_id = s.invoice_id OR live.payment_id = s.payment_id OR live.promise_id = s.promise_id
                OR live.agreement_part_id = s.agreement_part_id)"""


def take_again(tx: Tx, notice_id: int) -> int | None:
    """The steps of a notice count again, and how many did not before; None, and nothing, when the rule has gone on."""
    if has_gone_on(tx, notice_id):
        return None
    return tx.run(
        """UPDATE step_item SET cancelled_at = NULL
           WHERE cancelled_at IS NOT NULL AND step_taken_id IN (SELECT id FROM step_taken WHERE notice_id = :id)""",
        id=notice_id,
    )


def has_gone_on(tx: Tx, notice_id: int) -> bool:
    """Whether a step of the notice was taken anew, or a later notice that stands speaks of one of its invoices."""
    anew = tx.value(
        f"""SELECT 1 FROM step_taken t JOIN step_item s ON s.step_taken_id = t.id JOIN step_item live ON {_SAME}
            WHERE t.notice_id = :id AND s.cancelled_at IS NOT NULL LIMIT 1""",
        id=notice_id,
    )
    later = tx.value(
        """SELECT 1 FROM step_taken t JOIN step_item s ON s.step_taken_id = t.id
           JOIN step_item live ON live.invoice_id = s.invoice_id AND live.cancelled_at IS NULL
           JOIN step_taken after ON after.id = live.step_taken_id AND after.id > t.id
           JOIN notice n ON n.id = after.notice_id AND n.id <> t.notice_id AND n.state <> 'cancelled'
           WHERE t.notice_id = :id LIMIT 1""",
        id=notice_id,
    )
    return anew is not None or later is not None


def close_settled(tx: Tx, why: str, act: ActRow, as_of: str, payer_id: int = 0) -> int:
    """Tasks of the rule about nothing that is open at the end of `as_of` are closed, of one payer or of all.

    Answers how many.
    """
    if payer_id and not tx.value("SELECT 1 FROM task WHERE payer_id = :id AND state = 'open' LIMIT 1", id=payer_id):
        return 0
    rows = tx.all(
        f"""WITH owed AS NOT MATERIALIZED ({positions.open_sql(tx, as_of)})
            SELECT k.id FROM task k JOIN step_taken t ON t.task_id = k.id
            WHERE k.state = 'open' AND (:payer = 0 OR k.payer_id = :payer)
              AND NOT EXISTS (SELECT 1 FROM step_item s JOIN owed o ON o.invoice_id = s.invoice_id
                              WHERE s.step_taken_id = t.id)
              AND (EXISTS (SELECT 1 FROM step_item s WHERE s.step_taken_id = t.id AND s.invoice_id IS NOT NULL)
                   OR NOT EXISTS (SELECT 1 FROM owed o WHERE o.payer_id = t.payer_id AND o.currency = t.currency))""",
        as_of=as_of,
        payer=payer_id,
    )
    if not rows:
        return 0
    listed = among.listed(row[0] for row in rows)
    tx.run(
        f"""UPDATE task SET state = 'cancelled', outcome = :why, done_at = :at, done_by = :actor
            WHERE id IN ({among.ids(tx)})""",
        why=why,
        at=act.recorded_at,
        actor=act.actor,
        wanted=listed,
    )
    tx.run(
        f"""UPDATE step_item SET cancelled_at = :at
            WHERE cancelled_at IS NULL AND step_taken_id IN (
                SELECT id FROM step_taken WHERE task_id IN ({among.ids(tx)}))""",
        at=act.recorded_at,
        wanted=listed,
    )
    return len(rows)


def reopen_tasks(tx: Tx, whys: Collection[str]) -> None:
    """What closed these tasks was undone: they are open again, unless their step was taken anew meanwhile."""
    rows = tx.all(
        f"""SELECT k.id FROM task k WHERE k.state = 'cancelled' AND k.outcome IN ({among.texts(tx)})
              AND NOT EXISTS (SELECT 1 FROM step_taken t JOIN step_item s ON s.step_taken_id = t.id
                              JOIN step_item live ON {_SAME} WHERE t.task_id = k.id AND s.cancelled_at IS NOT NULL)""",
        wanted=among.listed(whys),
    )
    if not rows:
        return
    listed = among.listed(row[0] for row in rows)
    tx.run(
        f"UPDATE task SET state = 'open', outcome = '', done_at = NULL, done_by = '' WHERE id IN ({among.ids(tx)})",
        wanted=listed,
    )
    tx.run(
        f"""UPDATE step_item SET cancelled_at = NULL WHERE step_taken_id IN (
                SELECT id FROM step_taken WHERE task_id IN ({among.ids(tx)}))""",
        wanted=listed,
    )
