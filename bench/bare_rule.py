"""The shipped rule over a whole book in bare SQL and one loop: the floor under a run.

It reads the same open items with their steps and holds, decides by differences of days, makes the same texts (or none)
and inserts the same rows into our tables, in one transaction: no packs, no household budget, no second look, no answer.
It knows only books on which the rule has never run.
"""

from __future__ import annotations

import hashlib
import sqlite3
from datetime import date, timedelta
from itertools import count, groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple, cast

from duesdesk.documents import notice_templates
from duesdesk.services import notice_values
from duesdesk.services.notice_values import Facts, House, ItemFact, PaymentFact
from duesdesk.services.template_texts import Found
from duesdesk.store import sqlite, steps

_AT = "2026-11-20T11:00:00.000000Z"
# (days after the due date, step, what it does, template, tone), the furthest first; the last two wait for a letter.
_LADDER = (
    (30, "formal-letter", "notice", "formal_letter", "firm"),
    (20, "call", "call", "", ""),
    (10, "reminder", "notice", "overdue", "neutral"),
    (3, "friendly", "notice", "overdue", "friendly"),
    (0, "due-day", "notice", "due_day", "friendly"),
)
_BEFORE = ("before-due", "notice", "before_due", "friendly")
_ISSUED = ("invoice", "notice", "invoice", "neutral")
_ITEMS = """
    SELECT o.payer_id, o.invoice_id, o.issued_on, o.due_on, o.open_minor, o.paid_minor, o.disputed, i.number,
           i.description, i.total_minor, m.number, m.name, m.email,
           (SELECT count(*) FROM step_item s WHERE s.invoice_id = o.invoice_id AND s.cancelled_at IS NULL),
           (SELECT count(*) FROM hold h WHERE h.payer_id = o.payer_id AND h.lifted_on IS NULL)
    FROM open_item o JOIN invoice i ON i.id = o.invoice_id JOIN member m ON m.id = o.payer_id
    ORDER BY o.payer_id, o.due_on, o.invoice_id"""
_PAID = """
    SELECT p.id, p.payer_id, p.reference, p.amount_minor, p.received_on, m.number, m.name, m.email
    FROM payment p JOIN member m ON m.id = p.payer_id
    WHERE p.kind = 'receipt' AND p.received_on > :since AND p.received_on <= :day"""


class Step(NamedTuple):
    """A step that an item has reached."""

    days: int
    id: str
    do: str
    template: str
    tone: str


class BareRun:
    """One run into a copy of our store. With `texts` the notices say what ours say; without they are empty."""

    def __init__(self, path: Path, day: date, *, texts: bool) -> None:
        self._connection = cast("sqlite3.Connection", sqlite.connect(path))
        self._day = day
        self._texts = texts
        self._house = House("Bench", "ES", {})
        self._ids = count(1)
        self._rows: dict[str, list[tuple[object, ...]]] = {
            name: [] for name in ("notices", "notice_items", "events", "tasks", "taken", "items")
        }

    def go(self) -> int:
        """Run it; the number of steps taken."""
        run = self._connection.execute
        run("BEGIN IMMEDIATE")
        run("INSERT INTO collection_run (id, day, started_at, taken, held, cancelled, actor, desk)"
            " VALUES (1, '2026-11-20', '2026-11-20T11:00:00.000000Z', 0, 0, 0, 'owner', 'desk 1')")  # fmt: skip
        self._act_id = run("SELECT max(id) FROM act").fetchone()[0]
        for payer_id, rows in groupby(run(_ITEMS).fetchall(), itemgetter(0)):
            self._payer(payer_id, list(rows))
        since = (self._day - timedelta(days=2)).isoformat()
        for row in run(_PAID, {"since": since, "day": self._day.isoformat()}).fetchall():
            self._thank(*row)
        for name, columns in steps.COLUMNS.items():
            rows = self._rows[name]
            if rows:
                table, names = columns
                marks = ", ".join("?" * len(rows[0]))
                self._connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
        run("COMMIT")
        return len(self._rows["taken"])

    def again(self) -> int:
        """Look at the same items once more; the number that would be taken."""
        rows = self._connection.execute(_ITEMS).fetchall()
        return sum(
            1
            for row in rows
            if not row[6] and not row[13] and not row[14] and self._reached(str(row[2]), str(row[3])) is not None
        )

    def close(self) -> None:
        """Give the store back."""
        self._connection.close()

    def _payer(self, payer_id: int, rows: list[tuple[object, ...]]) -> None:
        notices: list[tuple[Step, tuple[object, ...]]] = []
        calls: list[tuple[object, ...]] = []
        for row in rows:
            step = self._reached(str(row[2]), str(row[3])) if not row[6] and not row[13] and not row[14] else None
            if step is None:
                continue
            if step.do == "notice":
                notices.append((step, row))
            else:
                calls.append(row)
        if calls:
            taken_id = self._take(payer_id, "call", "call", sum(int(str(row[4])) for row in calls), None, True)
            self._rows["items"] += [(taken_id, row[1], None, None, None, "call", 1, row[3], row[4]) for row in calls]
        if not notices:
            return
        top = max(notices, key=lambda one: one[0].days)[0]
        own = {row[1]: step for step, row in notices}
        listed = [row for row in rows if row[1] in own or str(row[3]) < self._day.isoformat()]
        facts = Facts(str(rows[0][11]), str(rows[0][10]), tuple(_fact(row) for row in listed))
        notice_id = self._notice(payer_id, str(rows[0][12]), top, facts)
        taken_id = self._take(payer_id, top.id, "notice", 0, notice_id, False)
        self._rows["notice_items"] += [(notice_id, row[1], row[4]) for row in listed]
        self._rows["items"] += [
            (taken_id, row[1], None, None, None, own[row[1]].id, 1, row[3], row[4]) for row in listed if row[1] in own
        ]

    def _reached(self, issued_on: str, due_on: str) -> Step | None:
        late = (self._day - date.fromisoformat(due_on)).days
        for days, *rest in _LADDER:
            if late >= days:
                return Step(days, *rest)
        # Of a Friday: Saturday and the day five before a Monday are open days, too.
        if late == -5:
            return Step(-5, *_BEFORE)
        return Step((date.fromisoformat(issued_on) - date.fromisoformat(due_on)).days, *_ISSUED)

    def _notice(self, payer_id: int, email: str, step: Step, facts: Facts) -> int:
        identity = next(self._ids)
        subject = body = ""
        if self._texts:
            text = notice_templates.shipped(step.template, "en", tone=step.tone, country="ES") or ""
            found = Found(step.template, step.tone, "en", "whole", text, own=False)
            made = notice_values.text_of(found, facts, self._house, self._day, "email")
            subject, body = made.subject, made.body
        hashed = hashlib.sha256(f"{subject}\n\n{body}".encode()).hexdigest()
        origin = "receipt" if facts.payment else "step"
        self._rows["notices"].append(
            (identity, payer_id, "email", email, "en", step.template, subject, body, hashed, not facts.payment, origin,
             step.tone, "held", _AT, 0, f"<{identity}@bench>", "", self._act_id, _AT, _AT, "owner", "desk 1",
             f"bench/{identity}")
        )  # fmt: skip
        self._rows["events"].append((identity, "held", "", _AT, "owner", "desk 1"))
        return identity

    def _take(
        self, payer_id: int, step: str, do: str, amount: int, notice_id: int | None, is_task: bool, event: str = "due"
    ) -> int:
        identity, day = next(self._ids), self._day.isoformat()
        task_id = identity if is_task else None
        if is_task:
            self._rows["tasks"].append(
                (identity, do, payer_id, payer_id, "", "", day, "open", "", "", self._act_id, _AT, "owner", "desk 1",
                 f"bench/{identity}")
            )  # fmt: skip
        self._rows["taken"].append(
            (identity, 1, payer_id, "EUR", None, "standard", step, event, do, "es", amount, notice_id, task_id, None,
             day, self._act_id, _AT)
        )  # fmt: skip
        return identity

    def _thank(self, *row: object) -> None:
        identity, payer_id, reference, amount, on, number, name, email = row
        payment = PaymentFact(str(reference), "EUR", int(str(amount)), date.fromisoformat(str(on)))
        step = Step(0, "receipt", "notice", "payment_received", "friendly")
        facts = Facts(str(name), str(number), (), {}, payment)
        notice_id = self._notice(int(str(payer_id)), str(email), step, facts)
        taken_id = self._take(int(str(payer_id)), "receipt", "notice", 0, notice_id, False, "paid")
        self._rows["items"].append((taken_id, None, identity, None, None, "receipt", 1, on, 0))


def _fact(row: tuple[object, ...]) -> ItemFact:
    numbers = (int(str(row[9])), int(str(row[5])), int(str(row[4])))
    return ItemFact(str(row[7]), str(row[8]), "", "EUR", *numbers, date.fromisoformat(str(row[3])))
