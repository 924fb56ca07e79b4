"""What is taken back, moved or dated otherwise: the figures of every day stay true."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.reports import document
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.members import MemberDetails
from duesdesk.services.notice_texts import NoticeRequest
from duesdesk.services.payments import PayRequest, Shown
from duesdesk.store.verify import verify
from tests.conftest import OpenDesk
from tests.imports.bringing import bring, written

FIRST = date(2026, 1, 1)
MEMBER = "M00001"


def day(number: int) -> date:
    return FIRST + timedelta(days=number - 1)


@pytest.fixture
def charged(at: OpenDesk) -> Desk:
    """Ana was charged 100.00 on the first day, due on the fifth."""
    desk = at(FIRST)
    desk.members.add(MemberDetails("Ana"))
    desk.invoices.issue(IssueRequest(MEMBER, 10000, "EUR", day(5)))
    return desk


def holds(desk: Desk) -> bool:
    with desk.place.database.read() as tx:
        return not any(verify(tx).values())


def credit_on(desk: Desk, as_of: date) -> list[str]:
    return [one["credit"] for one in document(desk.reports.read("credit", as_of=as_of))["currencies"]]


def balances(desk: Desk, as_of: date) -> tuple[str, str, str]:
    (one,) = document(desk.reports.read("statement", as_of=as_of, member=MEMBER))["currencies"]
    return one["closing"], one["open"], one["credit"]


def test_a_payment_dated_ahead_that_is_taken_back_today_was_never_a_debt_of_the_desk(charged: Desk) -> None:
    charged.payments.pay(PayRequest(MEMBER, 12000, "EUR", on=day(20)))
    assert charged.undo.undo()["credit"] == "0.00"
    assert [credit_on(charged, day(number)) for number in (1, 19, 20, 21)] == [[], [], [], []]
    assert balances(charged, day(1)) == ("100.00", "100.00", "0.00")
    assert holds(charged)


def test_nothing_less_than_nothing_is_open_of_an_invoice_on_any_day(charged: Desk, at: OpenDesk) -> None:
    paid = at(day(10)).payments.pay(PayRequest(MEMBER, 10000, "EUR"))
    desk = at(day(20))
    desk.payments.reverse(paid["payment"], reason="bounced")
    desk.payments.pay(PayRequest(MEMBER, 10000, "EUR", on=day(12)))
    (found,) = document(desk.reports.read("invoices", as_of=day(15)))["currencies"]
    (row,) = found["rows"]
    assert (found["open"], row["open"], row["overdue"], row["days_overdue"]) == ("0.00", "0.00", False, 0)


def test_the_last_due_date_is_in_force_though_the_clock_went_back_between(charged: Desk, at: OpenDesk) -> None:
    at(day(20)).invoices.move_due("INV-00001", day(40))
    desk = at(day(15))
    desk.invoices.move_due("INV-00001", day(60))
    assert at(day(20)).payments.sheet(MEMBER).items[0].due_on == day(60)
    assert holds(desk)


def test_a_dispute_from_a_day_to_come_can_be_settled_today(charged: Desk, tmp_path: Path) -> None:
    rows = "number,member,issued_on,due_on,amount,disputed\nX1,M00001,2026-02-01,2026-02-10,10.00,yes\n"
    bring(charged, "invoices", written(tmp_path, rows))
    charged.invoices.dispute("X1", disputed=False)
    (row,) = document(charged.reports.read("invoices", as_of=date(2026, 2, 1)))["currencies"][0]["rows"][1:]
    assert row["disputed"] is False
    assert holds(charged)


def test_a_statement_tells_of_what_befell_an_invoice_not_before_the_invoice(charged: Desk) -> None:
    for amount in (5000, 3000):
        charged.invoices.issue(IssueRequest(MEMBER, amount, "EUR", day(50), issued_on=day(30)))
    charged.invoices.void("INV-00002", reason="twice")
    charged.credits.give("INV-00003", 1000, kind="waiver", reason="kind")
    assert balances(charged, day(29)) == ("100.00", "100.00", "0.00")
    assert balances(charged, day(30)) == ("120.00", "120.00", "0.00")


def test_a_credit_from_after_an_invoice_was_void_is_none(charged: Desk, at: OpenDesk, tmp_path: Path) -> None:
    rows = "reference,invoice,on,amount\nC1,INV-00001,2026-01-20,30.00\n"
    bring(charged, "credits", written(tmp_path, rows))
    desk = at(day(10))
    desk.invoices.void("INV-00001", reason="twice")
    assert [balances(desk, day(number))[0] for number in (9, 10, 20)] == ["100.00", "0.00", "0.00"]
    assert holds(desk)


def test_the_same_key_pays_once_though_the_debt_that_told_the_currency_is_gone(charged: Desk) -> None:
    charged.members.add(MemberDetails("Bea"))
    charged.invoices.issue(IssueRequest("M00002", 5000, "USD", day(5)))

    def paid_at_the_prompt() -> object:
        currency = charged.payments.currency_for("M00002", key="K")
        return charged.payments.pay(PayRequest("M00002", 5000, currency), key="K")

    assert paid_at_the_prompt() == paid_at_the_prompt()


def test_a_number_longer_than_any_series_does_not_stop_the_series(charged: Desk, tmp_path: Path) -> None:
    head = "number,member,issued_on,due_on,amount\n"
    rows = f"INV-00002,{MEMBER},2026-01-01,,1.00\nINV-{'9' * 30},{MEMBER},2026-01-01,,1.00\n"
    bring(charged, "invoices", written(tmp_path, head + rows))
    assert charged.invoices.issue(IssueRequest(MEMBER, 100, "EUR"))["invoice"] == "INV-00003"


def test_the_form_shows_what_the_payment_will_settle_also_what_is_issued_later(charged: Desk) -> None:
    charged.invoices.issue(IssueRequest(MEMBER, 3000, "EUR", day(40), issued_on=day(30)))
    charged.invoices.issue(IssueRequest(MEMBER, 1000, "EUR", day(50)))
    sheet = charged.payments.sheet(MEMBER)
    shown = Shown(tuple((item.number, item.open_minor) for item in sheet.items), sheet.act_id)
    assert (sheet.open_minor, sheet.suggested_minor) == (11000, 11000)
    answer = charged.payments.pay(PayRequest(MEMBER, 15000, "EUR", shown=shown))
    assert [part["invoice"] for part in answer["allocations"]] == ["INV-00001", "INV-00002", "INV-00003"]
    assert charged.payments.sheet(MEMBER).items == ()


@pytest.mark.parametrize("at_the_desk", [True, False])
def test_a_refund_takes_back_first_what_is_laid_from_the_latest_day(
    charged: Desk, tmp_path: Path, at_the_desk: bool
) -> None:
    charged.invoices.issue(IssueRequest(MEMBER, 10000, "EUR", day(4), issued_on=day(3)))
    paid = charged.payments.pay(PayRequest(MEMBER, 20000, "EUR"))["payment"]
    assert paid == "PAY-00001"
    if at_the_desk:
        charged.payments.refund(paid, 10000)
    else:
        rows = f"reference,member,received_on,amount\nR1,{MEMBER},2026-01-01,-100.00\n"
        assert bring(charged, "payments", written(tmp_path, rows), negative="refund").created == 1
    assert [(item.number, item.open_minor) for item in charged.payments.sheet(MEMBER).items] == [("INV-00002", 10000)]
    assert credit_on(charged, day(2)) == []
    assert balances(charged, day(3)) == ("100.00", "100.00", "0.00")
    assert balances(charged, day(2)) == ("0.00", "0.00", "0.00")


@pytest.mark.parametrize("status", ["booked", "no_show", "attended"])
def test_a_check_in_taken_back_leaves_the_booking_as_it_was(charged: Desk, tmp_path: Path, status: str) -> None:
    rows = f"member,date,time,activity,status\n{MEMBER},2026-01-01,18:00,Yoga,{status}\n"
    bring(charged, "bookings", written(tmp_path, rows))
    charged.bookings.check_in(MEMBER)
    charged.undo.undo()
    (arrival,) = charged.daily.page(FIRST).arrivals
    assert (arrival.status, arrival.checked_in_at) == (status, None)


def test_undo_passes_over_a_check_in_of_somebody_who_was_in_already(charged: Desk) -> None:
    charged.members.add(MemberDetails("Bea"))
    charged.bookings.check_in("M00002")
    charged.bookings.check_in(MEMBER)
    charged.bookings.check_in("M00002")
    last = charged.undo.last()
    assert last is not None
    assert last.answer["member"] == MEMBER
    assert charged.undo.undo(act_id=last.id)["undone"]["member"] == MEMBER
    assert charged.undo.undo()["undone"]["member"] == "M00002"


def test_a_change_of_a_member_is_undone_and_found_again(charged: Desk) -> None:
    before = charged.members.get(MEMBER)
    charged.members.edit(MEMBER, MemberDetails("Anna Berg", email="anna@example.org", card="778899", joined_on=day(1)))
    charged.undo.undo()
    assert charged.members.get(MEMBER) == before
    assert [hit.name for hit in charged.search.find("ana")] == ["Ana"]
    assert not charged.search.find("778899")


def test_a_reversal_that_was_a_slip_leaves_no_mark_on_the_takings(charged: Desk, at: OpenDesk) -> None:
    paid = charged.payments.pay(PayRequest(MEMBER, 4000, "EUR"))
    charged.payments.reverse(paid["payment"], reason="a slip")
    charged.undo.undo()
    desk = at(day(9))
    desk.payments.refund(paid["payment"], 1500)
    desk.undo.undo()
    for found, first, last in ((charged, day(1), day(1)), (desk, day(9), day(9)), (desk, day(1), day(9))):
        (takings,) = document(found.reports.read("takings", first=first, as_of=last))["currencies"]
        came = 0 if first == day(9) else 1
        assert (takings["payments"], takings["received"], takings["returned"]) == (came, f"{came * 40}.00", "0.00")
    assert [one.payment for one in charged.dashboard.taken()] == [paid["payment"]]
    assert balances(desk, day(9)) == ("60.00", "60.00", "0.00")
    assert holds(desk)


def test_a_notice_pulled_back_by_mistake_waits_again(charged: Desk) -> None:
    charged.members.edit(MEMBER, MemberDetails("Ana", email="ana@example.org"))
    notice = charged.notices.write(NoticeRequest(MEMBER, "reminder_friendly"))["notice"]
    charged.notices.cancel(notice)
    charged.undo.undo()
    assert charged.notices.get(notice).state == "held"
