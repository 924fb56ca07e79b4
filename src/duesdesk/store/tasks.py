"""Tasks as they are kept: what a person has to do, with an owner and a day."""

from __future__ import annotations

from typing import NamedTuple

from duesdesk.store import among
from duesdesk.store.database import Row, Tx


class TaskRow(NamedTuple):
    """A task; `step_id` is '' for one that no step of the rule made."""

    id: int
    kind: str
    payer_id: int
    payer: str
    payer_name: str
    member: str
    member_name: str
    phone: str | None
    note: str
    owner: str
    due_on: str
    state: str
    done_at: str | None
    done_by: str
    outcome: str
    recorded_at: str
    step_id: str
    rule_name: str
    currency: str
    step_taken_id: int | None


_SELECT = """
    SELECT k.id, k.kind, k.payer_id, p.number, p.name, m.number, m.name, coalesce(p.phone, m.phone), k.note, k.owner,
           k.due_on, k.state, k.done_at, k.done_by, k.outcome, k.recorded_at, coalesce(t.step_id, ''),
           coalesce(t.rule_name, ''), coalesce(t.currency, ''), t.id
    FROM task k JOIN member p ON p.id = k.payer_id JOIN member m ON m.id = k.member_id
    LEFT JOIN step_taken t ON t.task_id = k.id"""


def all_in(tx: Tx, state: str, *, payer_id: int = 0, most: int = 10_000) -> list[TaskRow]:
    """Tasks in a state ('' for all), the earliest day first; of one payer when one is named."""
    rows = tx.all(
        f"""{_SELECT} WHERE (:state = '' OR k.state = :state) AND (:payer = 0 OR k.payer_id = :payer)
            ORDER BY k.due_on, k.id LIMIT :most""",
        state=state,
        payer=payer_id,
        most=most,
    )
    return [TaskRow(*row) for row in rows]


def closed_last(tx: Tx, state: str, most: int) -> list[TaskRow]:
    """The tasks that came into a state last, the newest first."""
    rows = tx.all(
        f"{_SELECT} WHERE k.state = :state ORDER BY k.done_at DESC, k.id DESC LIMIT :most", state=state, most=most
    )
    return [TaskRow(*row) for row in rows]


def count(tx: Tx, state: str, until: str) -> int:
    """How many tasks in a state are for days up to `until`."""
    return int(
        tx.value("SELECT count(*) FROM task WHERE state = :state AND due_on <= :until", state=state, until=until)
    )


def one(tx: Tx, task_id: int) -> TaskRow | None:
    """One task."""
    row = tx.one(f"{_SELECT} WHERE k.id = :id", id=task_id)
    return TaskRow(*row) if row else None


def invoices(tx: Tx, steps_taken: str) -> list[Row]:
    """(step taken, invoice number, open now) of what steps were taken for; the JSON list of their ids."""
    return tx.all(
        f"""SELECT s.step_taken_id, i.number, coalesce(o.open_minor, 0)
            FROM step_item s JOIN invoice i ON i.id = s.invoice_id LEFT JOIN open_item o ON o.invoice_id = i.id
            WHERE s.step_taken_id IN ({among.ids(tx)}) ORDER BY s.step_taken_id, i.id""",
        wanted=steps_taken,
    )
