"""Notices that were true when they were written: what befell the debt or the money since keeps them from leaving."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk, found_centre, open_desk
from duesdesk.clock import Clock
from duesdesk.services.collection import triage
from duesdesk.services.collection.facts import Facts
from duesdesk.services.imports.service import Imports
from duesdesk.services.imports.views import ImportRequest
from duesdesk.services.mass_notices import Chosen
from duesdesk.services.notice_views import NoticeView
from duesdesk.services.payments import PayRequest
from tests.conftest import CENTRE, OpenDesk
from tests.services.booked import TODAY, ago, member, owe, pay

MONDAY = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


@pytest.fixture
def early(at: OpenDesk) -> Desk:
    """A desk in September that writes at every hour and without a waiting time; A is a member."""
    desk = at(date(2026, 9, 1))
    desk.settings.set("notices.hours", "always")
    desk.settings.set("notices.cooling_minutes", "0")
    member(desk, "A", "Ana", email="ana@example.org")
    return desk


def receipts(desk: Desk) -> list[NoticeView]:
    return sorted((one for one in desk.notices.all() if one.template == "payment_received"), key=lambda one: one.id)


def sent(desk: Desk) -> list[tuple[int, str, str]]:
    return [(one.notice, one.state, one.detail) for one in desk.outbox.send_due(now=MONDAY)]


def brought_in(desk: Desk, folder: Path, invoice: str) -> None:
    """50.00 from A by a file that lays 20.00 of it on an invoice: 30.00 stay on account."""
    file = folder / "payments.csv"
    file.write_text(f"reference,member,received_on,amount,allocations\nP1,A,2026-11-22,50.00,{invoice}=20.00\n")
    assert Imports(desk.place).run(ImportRequest("payments", file)).created == 1


def test_a_receipt_that_tells_of_a_debt_paid_since_is_written_anew(early: Desk, at: OpenDesk) -> None:
    owe(early, "A", 5000, ago(1))
    desk = at()
    pay(desk, "A", 2000)
    desk.runs.run()
    (first,) = receipts(desk)
    assert "€30.00" in first.body
    pay(desk, "A", 3000)
    assert (first.id, "cancelled", "figures changed") in sent(desk)
    assert sorted(one.step for one in desk.runs.run().taken) == ["receipt", "receipt"]
    assert all("€30.00" not in one.body for one in receipts(desk) if one.state == "queued" and one.id == first.id + 1)
    assert [state for _, state, _ in sent(desk)] == ["sent", "sent"]


def test_a_run_writes_a_receipt_anew_when_money_moved_since(early: Desk, at: OpenDesk) -> None:
    owe(early, "A", 5000, ago(1))
    desk = at()
    pay(desk, "A", 2000)
    desk.runs.run()
    pay(desk, "A", 3000)
    again = desk.runs.run()
    assert [(one.step, one.reason) for one in again.cancelled] == [("receipt", "lowered")]
    assert [one.step for one in again.taken] == ["receipt", "receipt"]
    assert desk.runs.run().cancelled == ()


@pytest.mark.parametrize("act", ["refund", "credit", "another day"])
def test_a_receipt_does_not_leave_after_a_refund_a_credit_or_money_that_came_to_count(
    early: Desk, at: OpenDesk, store: Path, act: str
) -> None:
    first = owe(early, "A", 5000, ago(1))
    owe(early, "A", 3000, ago(1))
    desk = at()
    if act == "another day":
        desk.payments.pay(PayRequest("A", 3000, "EUR", on=TODAY + timedelta(days=1)))
    payment = pay(desk, "A", 4500)
    desk.runs.run()
    (receipt,) = receipts(desk)
    if act == "refund":
        desk.payments.refund(payment, 4000)
    elif act == "credit":
        desk.credits.give(first, 100, kind="waiver", reason="x")
    monday = open_desk(str(store), clock=Clock(MONDAY))
    assert (receipt.id, "cancelled", "figures changed") in sent(monday)
    monday.close()


@pytest.mark.parametrize("kind", ["deceased", "minor", "insolvency"])
def test_nobody_is_thanked_who_could_not_read_it(early: Desk, at: OpenDesk, kind: str) -> None:
    owe(early, "A", 5000, ago(1))
    desk = at()
    pay(desk, "A", 2000)
    desk.runs.run()
    (receipt,) = receipts(desk)
    desk.holds.hold("A", kind=kind, reason="x")
    assert (receipt.id, "cancelled", kind) in sent(desk)
    run = desk.runs.run()
    assert "receipt" not in [one.step for one in run.taken]
    assert ("receipt", kind) in [(one.step, one.reason) for one in run.held]


def test_who_says_that_it_is_paid_and_pays_is_thanked(early: Desk, at: OpenDesk) -> None:
    owe(early, "A", 5000, ago(1))
    desk = at()
    desk.talks.log("A", outcome="says_paid")
    pay(desk, "A", 2000)
    assert [one.step for one in desk.runs.run().taken] == ["receipt"]
    assert [state for _, state, _ in sent(desk)] == ["sent"]


@pytest.mark.parametrize("kind", ["hardship", "vulnerable", "complaint", "excluded"])
def test_who_is_spared_is_thanked_all_the_same(early: Desk, at: OpenDesk, kind: str) -> None:
    owe(early, "A", 5000, ago(1))
    desk = at()
    pay(desk, "A", 2000)
    desk.runs.run()
    desk.holds.hold("A", kind=kind, reason="x")
    assert [state for _, state, _ in sent(desk)] == ["sent"]


def test_a_reminder_does_not_leave_when_the_money_lies_on_account_by_now(
    early: Desk, at: OpenDesk, tmp_path: Path
) -> None:
    owe(early, "A", 3000, ago(12))
    desk = at()
    later = owe(desk, "A", 2000, TODAY + timedelta(days=30))
    early.rules.use(ONLY_REMINDERS)
    desk.runs.run()
    (reminder,) = desk.notices.all()
    brought_in(desk, tmp_path, later)
    assert sent(desk) == [(reminder.id, "cancelled", "credit")]
    # The rule asks no more, either, and does once the money was laid elsewhere.
    assert [one.reason for one in desk.runs.run().held] == ["credit"]


def test_a_run_pulls_back_what_money_on_account_covers(early: Desk, at: OpenDesk, tmp_path: Path) -> None:
    owe(early, "A", 3000, ago(12))
    desk = at()
    later = owe(desk, "A", 2000, TODAY + timedelta(days=30))
    early.rules.use(ONLY_REMINDERS)
    desk.runs.run()
    brought_in(desk, tmp_path, later)
    run = desk.runs.run()
    assert [(one.step, one.reason) for one in run.cancelled] == [("reminder", "credit")]
    assert run.taken == ()


def test_a_notice_to_many_does_not_leave_when_the_money_lies_on_account_by_now(
    early: Desk, at: OpenDesk, tmp_path: Path
) -> None:
    owe(early, "A", 3000, ago(12))
    desk = at()
    later = owe(desk, "A", 2000, TODAY + timedelta(days=30))
    desk.mass_notices.write(desk.mass_notices.preview(Chosen(unpaid=True), "reminder_friendly"), "reminder_friendly")
    (notice,) = desk.notices.all()
    brought_in(desk, tmp_path, later)
    with desk.place.database.write() as tx:
        tx.run("UPDATE notice SET state = 'queued', send_after = created_at")
    assert sent(desk) == [(notice.id, "cancelled", "credit")]


def test_a_debit_that_is_coming_for_an_invoice_keeps_that_one_out_and_no_other(early: Desk, at: OpenDesk) -> None:
    first, second = owe(early, "A", 3000, ago(12)), owe(early, "A", 2000, ago(5))
    desk = at()
    desk.payments.pay(PayRequest("A", 2000, "EUR", invoices=(second,), on=TODAY + timedelta(days=3)))
    run = desk.runs.run()
    assert [(one.step, one.invoices, one.amount_minor) for one in run.taken] == [("reminder", (first,), 3000)]
    assert {(one.invoice, one.reason) for one in run.held} == {(second, "credit")}


def test_a_debit_that_is_coming_for_one_invoice_covers_no_other_one(early: Desk, at: OpenDesk) -> None:
    owe(early, "A", 1500, ago(12))
    second = owe(early, "A", 2000, ago(5))
    desk = at()
    desk.payments.pay(PayRequest("A", 2000, "EUR", invoices=(second,), on=TODAY + timedelta(days=3)))
    assert [one.amount_minor for one in desk.runs.run().taken] == [1500]


def test_a_reminder_that_tells_of_a_day_to_come_does_not_leave_after_it(early: Desk, store: Path) -> None:
    owe(early, "A", 1000, date(2026, 11, 14))
    coming = owe(early, "A", 2000, date(2026, 11, 29))
    tuesday = open_desk(str(store), clock=Clock(datetime(2026, 11, 24, 10, 0, tzinfo=UTC)))
    (taken,) = tuesday.runs.run().taken
    assert coming in taken.invoices
    next_week = open_desk(str(store), clock=Clock(datetime(2026, 12, 1, 10, 0, tzinfo=UTC)))
    assert [(one.state, one.detail) for one in next_week.outbox.send_due()] == [("cancelled", "late")]
    tuesday.close()
    next_week.close()


def test_a_run_pulls_back_a_reminder_that_tells_of_a_day_to_come_when_that_is_there(early: Desk, store: Path) -> None:
    owe(early, "A", 1000, date(2026, 11, 14))
    owe(early, "A", 2000, date(2026, 11, 29))
    tuesday = open_desk(str(store), clock=Clock(datetime(2026, 11, 24, 10, 0, tzinfo=UTC)))
    tuesday.runs.run()
    sunday = open_desk(str(store), clock=Clock(datetime(2026, 11, 29, 10, 0, tzinfo=UTC)))
    assert [(one.step, one.reason) for one in sunday.runs.run().cancelled] == [("reminder", "late")]
    tuesday.close()
    sunday.close()


def test_what_befell_the_money_since_is_seen_on_postgresql(postgres_url: str, tmp_path: Path) -> None:
    found_centre(postgres_url, CENTRE, clock=Clock(date(2026, 1, 1)))
    early = open_desk(postgres_url, clock=Clock(date(2026, 9, 1)))
    desk = open_desk(postgres_url, clock=Clock(datetime(2026, 11, 22, 10, 0, tzinfo=UTC)))
    try:
        early.settings.set("notices.hours", "always")
        early.settings.set("notices.cooling_minutes", "0")
        for number in "ABCD":
            member(early, number, f"Person {number}", email=f"{number.lower()}@example.org")
            owe(early, number, 3000, ago(12))
        coming = owe(early, "D", 1000, ago(5))
        pay(desk, "B", 500)
        pay(desk, "C", 500)
        desk.payments.pay(PayRequest("D", 1000, "EUR", invoices=(coming,), on=TODAY + timedelta(days=3)))
        taken = {(one.member, one.step): one.amount_minor for one in desk.runs.run().taken}
        assert taken["D", "reminder"] == 3000
        assert {("B", "receipt"), ("C", "receipt"), ("A", "reminder")} <= set(taken)
        brought_in(desk, tmp_path, owe(desk, "A", 2000, TODAY + timedelta(days=30)))
        pay(desk, "B", 100)
        desk.holds.hold("C", kind="deceased", reason="x")
        with desk.place.database.read() as tx:
            found = triage.stale(tx, Facts(tx, desk.place, TODAY).day)
        assert {one.why for one in found} == {"credit", "lowered", "hold"}
        assert {detail for _, state, detail in sent(desk) if state == "cancelled"} == {
            "credit",
            "figures changed",
            "deceased",
        }
    finally:
        early.close()
        desk.close()


ONLY_REMINDERS = """name = "reminders"
[[step]]
id = "reminder"
when = "due"
offset_days = 10
do = "notice"
template = "overdue"
"""
