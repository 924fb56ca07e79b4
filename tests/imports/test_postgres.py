"""The same files give the same answers and the same figures on PostgreSQL as on SQLite."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from duesdesk.bootstrap import Desk, found_centre, open_desk
from duesdesk.clock import Clock
from duesdesk.services.workplace import Centre
from duesdesk.store.verify import verify
from tests.imports.bringing import bring, written

pytestmark = pytest.mark.postgres
CENTRE = Centre("Aurora Centre", "EUR", "ES", "Europe/Madrid", "en")
FILES: list[tuple[str, str, dict[str, Any]]] = [
    ("members", "number,name,email,card,payer,status\nM1,Ana Muñoz,ana@x.org,C1,,active\nK1,Kid,bad,C2,M1,\n", {}),
    ("members", "number,name,card\nM1,Ana Gil,C2\nK1,Kid,C1\n", {}),
    (
        "invoices",
        """number,member,issued_on,due_on,amount,disputed,status
        A1,K1,2026-01-01,2026-01-10,45.00,yes,
        A2,M1,2026-02-01,,45.00,no,
        A3,M1,2026-02-01,2026-02-10,5.00,no,draft""",
        {},
    ),
    (
        "invoices",
        """number,member,issued_on,due_on,amount
        A2,M1,2026-02-01,2026-02-20,45.00
        A9,M9,2026-02-01,,1.00""",
        {},
    ),
    ("invoices", "number,member,issued_on,due_on,amount\nA2,M1,2026-02-01,2026-02-20,45.00\n", {}),
    ("payments", "reference,member,received_on,amount\nP2,M1,2026-02-15,50.00\nP1,K1,2026-01-05,20.00\n", {}),
    ("payments", "reference,member,received_on,amount,allocations\nP3,M1,2026-02-16,9.00,A2=4.00\n", {}),
    ("payments", "reference,member,received_on,amount\nR1,M1,2026-02-20,-40.00\n", {"negative": "refund"}),
    (
        "payments",
        "reference,member,received_on,amount\nR1,M1,2026-02-20,-40.00\nP2,M1,2026-02-15,51.00\n",
        {"negative": "refund"},
    ),
    (
        "credits",
        "reference,invoice,on,amount,kind\nC1,A2,2026-02-21,5.00,waiver\nC2,A1,2026-02-21,99.00,\n",
        {"accept_valid": True},
    ),
    (
        "bookings",
        """reference,member,starts_at,activity,status,price
        B1,M1,2026-11-22T18:00,Yoga,booked,5.00
        ,K1,2026-11-22,,,""",
        {},
    ),
    (
        "receivables",
        """number,member,member_name,issued_on,due_on,amount,disputed,settled_on
        R1,X1,One,2026-01-01,2026-01-31,100.00,no,2026-02-10
        R2,X1,,2026-01-15,2026-02-14,50.00,yes,""",
        {},
    ),
    (
        "receivables",
        """number,member,member_name,issued_on,due_on,amount,disputed,settled_on
        R2,X1,,2026-01-15,2026-02-14,50.00,yes,2026-03-01""",
        {},
    ),
]
FIGURES = (
    "SELECT number, name, email, email_works, card, status, search FROM member ORDER BY number",
    "SELECT number, issued_on, due_on, total_minor, draft FROM invoice ORDER BY number",
    "SELECT reference, received_on, amount_minor, kind FROM payment ORDER BY reference",
    "SELECT amount_minor, effective_on FROM allocation ORDER BY effective_on, amount_minor",
    """SELECT i.number, o.due_on, o.open_minor, o.paid_minor, o.disputed
       FROM open_item o JOIN invoice i ON i.id = o.invoice_id ORDER BY i.number""",
    """SELECT m.number, open_minor, overdue_minor, partial_minor, credit_minor
       FROM payer_balance b JOIN member m ON m.id = b.payer_id ORDER BY m.number""",
    "SELECT on_day, at_time, activity, status, price_minor FROM booking ORDER BY id",
)


def told(desk: Desk, folder: Path) -> list[object]:
    answers: list[object] = []
    for kind, text, how in FILES:
        file = written(folder, text.replace("\n        ", "\n"))
        answers += [bring(desk, kind, file, **how).as_json() for _ in range(2)]
    with desk.place.database.read() as tx:
        for sql in FIGURES:
            # PostgreSQL has booleans where SQLite has 0 and 1.
            rows = [tuple(int(cell) if isinstance(cell, bool) else cell for cell in row) for row in tx.all(sql)]
            answers.append(rows)
        answers.append({name: found for name, found in verify(tx).items() if found})
    return answers


def test_the_same_files_give_the_same_answers_on_both_engines(postgres_url: str, store: Path, tmp_path: Path) -> None:
    found_centre(postgres_url, CENTRE, clock=Clock(date(2026, 1, 1)))
    answers = []
    for url in (postgres_url, str(store)):
        desk = open_desk(url, clock=Clock(date(2026, 11, 22)))
        answers.append(told(desk, tmp_path))
        desk.close()
    assert answers[0] == answers[1]
    assert answers[1][-1] == {}
