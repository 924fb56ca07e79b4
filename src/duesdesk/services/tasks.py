"""Tasks: calls to make, words at the desk, proposals to decide; made by the rule, done by a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from duesdesk.clock import from_utc_text
from duesdesk.domain.errors import BadInput, NotFound, Refused
from duesdesk.domain.text import clean_text, has_card_number
from duesdesk.services import lookup, notice_states, notice_tasks
from duesdesk.services.acts import Done, Plain, Request, Within, perform
from duesdesk.services.talks import Said, Talks
from duesdesk.services.workplace import Workplace
from duesdesk.store import among, tasks
from duesdesk.store.database import Tx
from duesdesk.store.tasks import TaskRow

OPEN, DONE, CANCELLED = "open", "done", "cancelled"
STATES = (OPEN, DONE, CANCELLED)
NOTE_LENGTH = 500
AGAIN = ("no_answer", "call_back")
"""Outcomes of a talk after which the task is still to be done."""
_WORD = "notice"


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task. `kind` is call, desk, suspend, handover, unsure, failed, unreachable or other; `due_on` is its day.

    `step` is the step of the rule that made it, '' for none; `invoices` what it is about, and `open_minor` what is open
    of that now. `owner` '' is whoever is there. `outcome` tells how it ended.
    """

    id: int
    kind: str
    payer: str
    payer_name: str
    member: str
    member_name: str
    phone: str
    note: str
    owner: str
    due_on: date
    state: str
    step: str
    rule: str
    invoices: tuple[str, ...]
    open_minor: int
    currency: str
    made_at: datetime
    done_at: datetime | None
    done_by: str
    outcome: str


class Tasks:
    """Tasks of one centre, acting as one person."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def all(
        self, state: str = OPEN, *, owner: str | None = None, until: date | None = None, newest: int = 0
    ) -> list[TaskView]:
        """Tasks in `state` ('' for all), the earliest first; those of `owner` or nobody, for days up to `until`.

        With `newest` only so many of those that were closed last.
        """
        with self._place.database.read() as tx:
            views = _views(tx, tasks.closed_last(tx, state, newest) if newest else tasks.all_in(tx, state))
        return [
            view
            for view in views
            if (owner is None or view.owner in ("", owner)) and (until is None or view.due_on <= until)
        ]

    def of(self, payer_id: int, state: str = OPEN) -> list[TaskView]:
        """Tasks about one payer."""
        with self._place.database.read() as tx:
            return _views(tx, tasks.all_in(tx, state, payer_id=payer_id))

    def about(self, member: str) -> list[TaskView]:
        """Open tasks about who pays for `member`. Raises NotFound."""
        with self._place.database.read() as tx:
            return _views(tx, tasks.all_in(tx, OPEN, payer_id=lookup.person(tx, member).payer_id))

    def due_count(self) -> int:
        """How many open tasks are for today or a day before."""
        with self._place.database.read() as tx:
            return tasks.count(tx, OPEN, self._place.today().isoformat())

    def get(self, task_id: int) -> TaskView:
        """One task. Raises NotFound."""
        with self._place.database.read() as tx:
            return _views(tx, [_row(tx, task_id)])[0]

    def done(self, task_id: int, *, outcome: str = "", key: str | None = None) -> Plain:
        """It is done. Answers `{"task", "state", "outcome"}`. Raises NotFound, Refused when it is closed already."""
        told = _cleaned(outcome)
        request = Request("task", {"task": task_id, "does": "done", "outcome": told}, key=key, reason=told)

        def work(within: Within) -> Done:
            row = _open_row(within.tx, task_id)
            said = _said(within, task_id)
            within.tx.run(
                """UPDATE task SET state = 'done', done_at = :at, done_by = :actor, outcome = :outcome
                   WHERE id = :id AND state = 'open'""",
                at=within.act.recorded_at,
                actor=within.act.actor,
                outcome=told,
                id=task_id,
            )
            answer = {"task": task_id, "does": "done", "member": row.member, "state": DONE, "outcome": told}
            return Done(f"task {task_id}", {**answer, **said})

        return perform(self._place, request, work)

    def spoken(self, task_id: int, said: Said, *, key: str | None = None) -> Plain:
        """They were spoken to: the talk is written down and the task closed, both or neither.

        Who could not be spoken to (no answer, call back) and is to be called on a day keeps the task, for that day.
        Answers `{"task", "state", "outcome", "talk", "withdrawn", "due_on"}`.
        Raises NotFound, BadInput, Refused when it is closed.
        """
        said = said.checked()
        again = said.next_on if said.outcome in AGAIN else None
        request = Request("task", {"task": task_id, "does": "spoken", **said.content()}, key=key)

        def work(within: Within) -> Done:
            row = _open_row(within.tx, task_id)
            # What was said is said, whatever came of it.
            word = _said(within, task_id) if again is None else {}
            talk = Talks(self._place).log_within(within, row.member, said).answer
            told = f"{said.outcome}: {said.note}" if said.note else said.outcome
            is_done = again is None
            within.tx.run(
                """UPDATE task SET state = :state, done_at = :at, done_by = :by, outcome = :told, due_on = :on
                   WHERE id = :id""",
                state=DONE if is_done else OPEN,
                at=within.act.recorded_at if is_done else None,
                by=within.act.actor if is_done else "",
                told=told if is_done else "",
                on=again.isoformat() if again else row.due_on,
                id=task_id,
            )
            answer = {
                "task": task_id,
                "does": "spoken",
                "member": row.member,
                "state": DONE if is_done else OPEN,
                "outcome": told,
                "talk": talk["talk"],
                "withdrawn": talk["withdrawn"],
                "due_on": again.isoformat() if again else row.due_on,
                "was": {"owner": row.owner, "due_on": row.due_on},
            }
            return Done(f"task {task_id}", {**answer, **word})

        return perform(self._place, request, work)

    def assign(
        self, task_id: int, owner: str | None = None, *, due_on: date | None = None, key: str | None = None
    ) -> Plain:
        """Give it to somebody of the staff ('' to nobody), or to another day; None leaves it as it is.

        Answers `{"task", "owner", "due_on"}`. Raises NotFound, BadInput for a day
        that is over, Refused when it is closed.
        """
        day = due_on.isoformat() if due_on else None
        request = Request("task", {"task": task_id, "does": "assign", "owner": owner, "due_on": day}, key=key)

        def work(within: Within) -> Done:
            row = _open_row(within.tx, task_id)
            if due_on is not None and due_on < self._place.today() and day != row.due_on:
                raise BadInput("day-has-passed", day=due_on)
            to = row.owner if owner is None else _staff(within.tx, owner, within.act.actor)
            within.tx.run(
                "UPDATE task SET owner = :owner, due_on = :due_on WHERE id = :id",
                owner=to,
                due_on=day or row.due_on,
                id=task_id,
            )
            was = {"owner": row.owner, "due_on": row.due_on}
            answer = {
                "task": task_id,
                "does": "assign",
                "member": row.member,
                "owner": to,
                "due_on": day or row.due_on,
                "was": was,
            }
            return Done(f"task {task_id}", answer)

        return perform(self._place, request, work)

    def take_back_within(self, within: Within, answer: Plain) -> Done:
        """Closing or giving it was a slip; undo calls it."""
        if answer["does"] == "spoken":
            Talks(self._place).cancel_within(within, answer["talk"])
        if _WORD in answer:
            notice_states.unsaid_within(within, answer[_WORD])
        if "was" in answer:
            within.tx.run(
                "UPDATE task SET owner = :owner, due_on = :due_on WHERE id = :id",
                id=answer["task"],
                **answer["was"],
            )
        if answer["does"] != "assign":
            within.tx.run(
                "UPDATE task SET state = 'open', done_at = NULL, done_by = '', outcome = '' WHERE id = :id",
                id=answer["task"],
            )
        return Done(f"task {answer['task']}", {"task": answer["task"], "state": OPEN})


def _said(within: Within, task_id: int) -> Plain:
    """A task that was a word to say: its notice counts as sent now, and not first when notices are sent next."""
    notice_id = notice_tasks.word_of(within.tx, task_id)
    if notice_id is None:
        return {}
    notice_states.said_within(within, notice_id)
    return {_WORD: notice_id}


def _staff(tx: Tx, name: str, actor: str) -> str:
    """The name as it is written; who acts works here. Raises NotFound for somebody who does not."""
    if name.lower() in ("", actor.lower()):
        return actor if name else ""
    found = tx.value("SELECT name FROM staff WHERE lower(name) = lower(:name) AND active", name=name)
    if found is None and tx.value("SELECT 1 FROM staff LIMIT 1"):
        raise NotFound("staff-unknown", name=name)
    return str(found or clean_text(name, max_length=60).strip())


def _cleaned(text: str) -> str:
    cleaned = clean_text(text, max_length=NOTE_LENGTH).strip()
    masked = has_card_number(cleaned)
    if masked:
        raise Refused("card-number-refused", masked=masked)
    return cleaned


def _row(tx: Tx, task_id: int) -> TaskRow:
    row = tasks.one(tx, task_id)
    if row is None:
        raise NotFound("task-unknown", task=task_id)
    return row


def _open_row(tx: Tx, task_id: int) -> TaskRow:
    row = _row(tx, task_id)
    if row.state != OPEN:
        raise Refused("task-done-already", task=task_id)
    return row


def _views(tx: Tx, rows: Sequence[TaskRow]) -> list[TaskView]:
    about: dict[int, list[tuple[str, int]]] = {}
    if rows:
        listed = among.listed(row.step_taken_id for row in rows if row.step_taken_id is not None)
        for taken_id, number, open_minor in tasks.invoices(tx, listed):
            about.setdefault(taken_id, []).append((number, open_minor))
    views = []
    for row in rows:
        items = about.get(row.step_taken_id or 0, [])
        views.append(
            TaskView(
                row.id,
                row.kind,
                row.payer,
                row.payer_name,
                row.member,
                row.member_name,
                row.phone or "",
                row.note,
                row.owner,
                date.fromisoformat(row.due_on),
                row.state,
                row.step_id,
                row.rule_name,
                tuple(number for number, _ in items),
                sum(open_minor for _, open_minor in items),
                row.currency,
                from_utc_text(row.recorded_at),
                from_utc_text(row.done_at) if row.done_at else None,
                row.done_by,
                row.outcome,
            )
        )
    return views
