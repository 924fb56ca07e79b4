"""What ours writes, into our own tables, by bare SQL: no service, no checks but the tables' own, no answer, no hash."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import cast

from duesdesk.store import sqlite

_INSTANT = "2026-11-20T11:00:00.000000Z"
_HASH = "0" * 64
_STAMP = (_INSTANT, "owner", "desk 1", "")


class SameRows:
    """Payments into a copy of our store."""

    def __init__(self, path: Path) -> None:
        self._run = cast("sqlite3.Connection", sqlite.connect(path)).execute
        self._numbers = count(1)

    def pay(self, payer_id: int, amount_minor: int, day: str) -> None:
        """Take a payment, oldest due first; not more than is open."""
        run, key = self._run, uuid.uuid4().hex
        run("BEGIN IMMEDIATE")
        act_id = run(
            """INSERT INTO act (key, verb, content_hash, effective_on, recorded_at, actor, desk)
               VALUES (?, 'pay', ?, ?, ?, ?, ?)""",
            (key, _HASH, day, *_STAMP[:3]),
        ).lastrowid
        run("UPDATE number_series SET next_number = next_number + 1 WHERE name = 'payment'")
        payment_id = run(
            """INSERT INTO payment (reference, payer_id, member_id, received_on, currency, amount_minor, method, kind,
                                    act_id, recorded_at, actor, desk, reason, idempotency_key)
               VALUES (?, ?, ?, ?, 'EUR', ?, 'cash', 'receipt', ?, ?, ?, ?, ?, ?)""",
            (f"BENCH-{next(self._numbers)}", payer_id, payer_id, day, amount_minor, act_id, *_STAMP, f"{key}/1"),
        ).lastrowid
        self._settle(payer_id, amount_minor, day, (payment_id, act_id, key))
        run(
            """INSERT INTO audit_entry (act_id, verb, subject, reason, before, answer, detail_hash, rows_hash,
                                        previous_hash, hash, recorded_at, actor, desk)
               VALUES (?, 'pay', 'payment', '', '', ?, ?, ?, ?, ?, ?, ?, ?)""",
            (act_id, "{" + " " * 240 + "}", _HASH, _HASH, _HASH, _HASH, *_STAMP[:3]),
        )
        run("COMMIT")

    def _settle(self, payer_id: int, amount_minor: int, day: str, stamp: tuple[int | None, int | None, str]) -> None:
        run, (payment_id, act_id, key), left = self._run, stamp, amount_minor
        items = run(
            "SELECT invoice_id, open_minor, due_on FROM open_item WHERE payer_id = ? ORDER BY due_on", (payer_id,)
        )
        for number, (invoice_id, open_minor, due_on) in enumerate(items.fetchall(), 2):
            part = min(left, open_minor)
            if not part:
                break
            if part == open_minor:
                run("DELETE FROM open_item WHERE invoice_id = ?", (invoice_id,))
            else:
                run(
                    """UPDATE open_item SET open_minor = open_minor - ?, paid_minor = paid_minor + ?
                       WHERE invoice_id = ?""",
                    (part, part, invoice_id),
                )
            run(
                """INSERT INTO allocation (payment_id, invoice_id, amount_minor, effective_on, act_id, recorded_at,
                                           actor, desk, reason, idempotency_key)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                (payment_id, invoice_id, part, day, act_id, *_STAMP, f"{key}/{number}"),
            )
            run(
                "UPDATE due_day_total SET open_minor = open_minor - ? WHERE currency = 'EUR' AND due_on = ?",
                (part, due_on),
            )
            left -= part
        run(
            """UPDATE payer_balance SET open_minor = open_minor - ?, overdue_minor = max(0, overdue_minor - ?),
                                        partial_minor = max(0, partial_minor - ?)
               WHERE payer_id = ? AND currency = 'EUR'""",
            (amount_minor, amount_minor, amount_minor, payer_id),
        )


def issue(connection: sqlite3.Connection, invoices: Iterable[tuple[str, int, str, str, int, str]]) -> None:
    """Invoices (number, payer, issued, due, total, description), owed from now on; the sums of payers are not moved."""
    key = uuid.uuid4().hex
    act_id = connection.execute(
        """INSERT INTO act (key, verb, content_hash, effective_on, recorded_at, actor, desk)
           VALUES (?, 'import', ?, '2026-11-20', ?, ?, ?)""",
        (key, _HASH, *_STAMP[:3]),
    ).lastrowid
    connection.executemany(
        """INSERT INTO invoice (number, member_id, payer_id, issued_on, due_on, currency, total_minor, kind,
                                description, draft, act_id, recorded_at, actor, desk, reason, idempotency_key)
           VALUES (?, ?, ?, ?, ?, 'EUR', ?, 'dues', ?, 0, ?, ?, ?, ?, ?, ?)""",
        (
            (number, payer_id, payer_id, issued_on, due_on, minor, description, act_id, *_STAMP, f"{key}/{place:08d}")
            for place, (number, payer_id, issued_on, due_on, minor, description) in enumerate(invoices)
        ),
    )
    connection.execute(
        """INSERT INTO open_item (invoice_id, payer_id, member_id, currency, issued_on, due_on, open_minor, paid_minor,
                                  disputed)
           SELECT id, payer_id, member_id, currency, issued_on, due_on, total_minor, 0, 0 FROM invoice
           WHERE act_id = ?""",
        (act_id,),
    )
