"""What a screen reads costs what it shows: no statement walks a large table, nor a whole day for each person."""

from __future__ import annotations

import re
from collections.abc import Callable

from duesdesk.bootstrap import Desk
from duesdesk.services.mass_notices import Chosen
from duesdesk.services.notice_texts import NoticeRequest
from duesdesk.store import arrivals, outbox, waiting
from tests.services.booked import ago, book, member, owe

# Tables that grow with the years; `notice` is read by its state.
_LARGE = "member|invoice|invoice_line|invoice_event|payment|allocation|credit|booking|talk|act|audit_entry"


def plans(desk: Desk, reading: Callable[[], object], kinds: tuple[str, ...] = ("SELECT",)) -> list[tuple[str, str]]:
    """(statement, step of SQLite's plan) of everything that is read, or done of these `kinds`."""
    connection = desk.place.database.connection()
    told: list[str] = []
    connection.set_trace_callback(told.append)
    reading()
    connection.set_trace_callback(None)
    statements = [sql for sql in told if sql.lstrip().upper().startswith(kinds)]
    assert statements
    return [(sql, row[3]) for sql in statements for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]


def walks(steps: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The steps that read a large table from end to end."""
    found = []
    for sql, step in steps:
        scanned = re.match(r"SCAN (\w+)", step)
        if scanned is None:
            continue
        name = scanned[1]
        table = re.search(rf"(?:FROM|JOIN)\s+(\w+)\s+(?:AS\s+)?{name}\b", sql)
        if re.fullmatch(_LARGE, table[1] if table else name):
            found.append((step, sql))
    return found


def test_the_dashboard_opens_without_walking_through_a_large_table(desk: Desk) -> None:
    steps = plans(desk, lambda: desk.dashboard.first_page(100))
    assert walks(steps) == []


def test_the_figures_of_a_day_are_read_from_their_indexes_alone(desk: Desk) -> None:
    owe(desk, member(desk, "M00001", "Ana"), 3000, ago(20))
    desk.dashboard.roll()
    steps = plans(desk, desk.dashboard.summary)
    read = [step for _, step in steps if "ix_payment" in step or "ix_payer_balance" in step]
    assert len(read) >= 3
    assert [step for step in read if "USING COVERING INDEX" not in step] == []


def test_the_bookings_of_a_debtor_are_found_by_the_member(desk: Desk) -> None:
    steps = plans(desk, desk.dashboard.people)
    found = [step for _, step in steps if "ix_booking" in step]
    assert found
    assert [step for step in found if "member_id=?" not in step] == []


def test_notices_of_some_payers_are_found_by_the_payer_however_many_wait(desk: Desk) -> None:
    owe(desk, member(desk, "M00001", "Ana", email="ana@example.org"), 3000, ago(20))
    book(desk, "M00001", "09:00")

    def reading() -> None:
        desk.runs.run()
        desk.explains.of_all(["M00001"])
        desk.mass_notices.preview(Chosen(unpaid=True), "reminder_friendly")
        with desk.place.database.read() as tx:
            today = desk.today().isoformat()
            waiting.leaving(tx, "[1]")
            arrivals.known_of(tx, arrivals.debts_of(tx, [1], today), today, end_of_day=f"{today}T23:59:59")

    steps = [(sql, step) for sql, step in plans(desk, reading) if "json_each(" in sql and "payer_id IN" in sql]
    assert any("ix_notice_payer_id" in step for _, step in steps)
    assert [(step, sql) for sql, step in steps if "ix_notice_state" in step] == []


def test_pulling_back_looks_at_the_tasks_of_the_payer_however_many_are_open(desk: Desk) -> None:
    owe(desk, member(desk, "M00001", "Ana", email="ana@example.org"), 3000, ago(20))
    wanted = NoticeRequest("M00001", "reminder_friendly")
    notices = [int(desk.notices.write(wanted)["notice"]) for _ in range(2)]

    def acting() -> None:
        desk.notices.cancel_many(notices)
        desk.undo.undo()

    steps = plans(desk, acting, ("UPDATE TASK",))
    used = [step for sql, step in steps if "ix_task" in step]
    assert any("ix_task_payer_id" in step for step in used)
    assert [step for step in used if "ix_task_state" in step] == []


def test_a_batch_is_found_in_the_index_of_the_keys(desk: Desk) -> None:
    def reading() -> None:
        with desk.place.database.read() as tx:
            outbox.of_batch(tx, "many/2026/")

    assert [step for _, step in plans(desk, reading) if "SCAN" in step] == []
